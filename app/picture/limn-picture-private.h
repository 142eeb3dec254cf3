/* What a picture keeps for the other files of this room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-picture-color.h"

G_BEGIN_DECLS

/* Where the picture keeps its transform for the screen: atomic, NULL until it is made; freed with the picture. */
LimnScreenTransform **limn_picture_peek_screen_transform (LimnPicture *self);
void limn_screen_transform_free (LimnScreenTransform *self);

G_END_DECLS
