/* Another canvas for a document: cropped, extended, turned or mirrored.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-geometry.h"
#include "limn-document.h"

G_BEGIN_DECLS

/* These transform photo, layers with their recipes, planes and dots on another thread, queued as the operations of limn-document-mask.h. */

/* area (pixels of the present canvas) becomes the canvas; it may reach beyond it. What lies outside of it is cropped, also of layers. New
 * area is transparent and selected (outpainting), on a sketch white. FALSE and error when that is too large or leaves nothing. */
gboolean limn_document_crop (LimnDocument *self, const LimnRect *area, GError **error);
/* What that would be called, of a canvas: "Crop", "Expand" or both, translated. */
const char *limn_document_name_crop (const LimnRect *canvas, const LimnRect *area);
/* A quarter or half a turn, or mirrored. */
void limn_document_orient (LimnDocument *self, LimnOrient orient);

G_END_DECLS
