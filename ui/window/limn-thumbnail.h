/* A small view of the document in the header; dragging it takes the picture to another application.
 * Property "document" (LimnDocument or NULL, rw). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/document/limn-document.h"

G_BEGIN_DECLS

#define LIMN_TYPE_THUMBNAIL (limn_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (LimnThumbnail, limn_thumbnail, LIMN, THUMBNAIL, GtkWidget)

void limn_thumbnail_set_document (LimnThumbnail *self, LimnDocument *document);

G_END_DECLS
