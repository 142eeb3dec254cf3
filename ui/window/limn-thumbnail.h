/* A small view of the document in the header; dragging it takes the picture that is shown to another application.
 * Property "session" (LimnSession or NULL, rw). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/limn-session.h"

G_BEGIN_DECLS

#define LIMN_TYPE_THUMBNAIL (limn_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (LimnThumbnail, limn_thumbnail, LIMN, THUMBNAIL, GtkWidget)

void limn_thumbnail_set_session (LimnThumbnail *self, LimnSession *session);

G_END_DECLS
