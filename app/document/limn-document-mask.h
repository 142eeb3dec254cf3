/* The mask of a document, and other operations on whole planes. One undo step each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-mask.h"
#include "limn-document.h"

G_BEGIN_DECLS

void limn_document_select_polygon (LimnDocument *self, const LimnPoint *points, gsize n_points, LimnMaskMode mode);
void limn_document_select_rectangle (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode);
void limn_document_select_ellipse (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode);
/* mask: of the document's size, one channel; takes the selection's place. */
void limn_document_select_raster (LimnDocument *self, LimnRaster *mask);
void limn_document_select_all (LimnDocument *self);
void limn_document_select_none (LimnDocument *self); /* and clears the guides, which mean nothing without a mask */

/* -- Operations that may take longer than a frame: queued here, run on another thread; one undo step each when applied -- */

/* They run in the order in which they were queued. Waiting ones of the same kind (grow and grow) are joined; what is painted meanwhile is
 * composited over their result; replacing the whole selection cancels those that change it. limn_document_undo cancels the last one in
 * the queue before it undoes any step. */

/* tolerance: 0 to 255, on what is seen. */
void limn_document_select_similar (LimnDocument *self, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode);
/* What hints tell, as limn_select_outline, on what lies under the live preview; laid into base, a mask of before, instead of the present one.
 * name: of the undo step. */
void
limn_document_select_object (LimnDocument *self, LimnRaster *hints, gboolean loop, LimnRaster *base, LimnMaskMode mode, const char *name);
void limn_document_invert_mask (LimnDocument *self);
void limn_document_grow_mask (LimnDocument *self, double pixels); /* negative: shrinks */
void limn_document_feather_mask (LimnDocument *self, double sigma);
/* Fills the area of like colours of the paint plane around (x, y) with rgba (the sketch's bucket). material: its label. */
void limn_document_flood_paint (LimnDocument *self, int x, int y, int tolerance, const guint8 *rgba, guint8 material);
/* Says that such an area is of another material; the colours stay. Nothing where nothing is painted at (x, y). */
void limn_document_set_material (LimnDocument *self, int x, int y, int tolerance, guint8 material);

G_END_DECLS
