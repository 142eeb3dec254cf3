/* The mask of a document, and other operations on a whole plane. One undo step each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-mask.h"
#include "limn-document.h"

G_BEGIN_DECLS

void limn_document_select_polygon (LimnDocument *self, const LimnPoint *points, gsize n_points, LimnMaskMode mode);
void limn_document_select_rectangle (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode);
void limn_document_select_ellipse (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode);
void limn_document_select_all (LimnDocument *self);
void limn_document_select_none (LimnDocument *self); /* and clears the guides, which say nothing without a mask */

/* -- What may take longer than a frame: begun here, done on another thread; one undo step each once it is there -- */

/* They are done in the order they are asked for. Those that wait and are of one kind (grow and grow) become one; what is painted
 * meanwhile ends up over what comes of them; what replaces the selection as a whole ends those that change it. limn_document_undo takes
 * back the last one that is under way before any step. */

/* tolerance: 0 to 255, on what is seen. */
void limn_document_select_similar (LimnDocument *self, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode);
void limn_document_invert_mask (LimnDocument *self);
void limn_document_grow_mask (LimnDocument *self, double pixels); /* negative: shrinks */
void limn_document_feather_mask (LimnDocument *self, double sigma);
/* Fills the area of like colours of the paint plane around (x, y) with rgba (the sketch's bucket). */
void limn_document_flood_paint (LimnDocument *self, int x, int y, int tolerance, const guint8 *rgba);

G_END_DECLS
