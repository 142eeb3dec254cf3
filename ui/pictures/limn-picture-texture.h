/* Pictures of the document's kind from and to what GTK shows. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

/* 8 bits a channel, sRGB. NULL and error when it is too large or memory ends. */
LimnPicture *limn_picture_new_from_texture (GdkTexture *texture, GError **error);
/* picture: 8 bits a channel, shown as sRGB; its pixels are shared, so they must not change any more. */
GdkTexture *limn_picture_to_texture (LimnPicture *picture);

G_END_DECLS
