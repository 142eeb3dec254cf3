/* A stroke in progress on one plane or several at once (an eraser for paint and lines), which becomes one undo step. Knows no document.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-brush.h"
#include "limn-content.h"

G_BEGIN_DECLS

typedef guint LimnStrokePlanes;
#define LIMN_STROKE_PLANE(plane) (1u << (plane))

/* planes, and the materials of the paint where that is among them: they are painted and erased in one. */
static inline LimnStrokePlanes
limn_stroke_planes_complete (LimnStrokePlanes planes)
{
  return planes & LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT) ? planes | LIMN_STROKE_PLANE (LIMN_DOCUMENT_MATERIALS) : planes;
}

/* All that belongs to a hole: the mask, what guides its fill, and where that copies from. */
#define LIMN_STROKE_PLANES_HOLE                                                                                                       \
  (LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE_LINES) | \
   LIMN_STROKE_PLANE (LIMN_DOCUMENT_SOURCES))

/* Begin with { 0 }. */
typedef struct {
  LimnStroke *strokes[LIMN_DOCUMENT_N_PLANES]; /* NULL: none on this plane */
  LimnRaster *before[LIMN_DOCUMENT_N_PLANES];
  char *name;
} LimnStrokeSet;

gboolean limn_stroke_set_is_active (const LimnStrokeSet *self);
/* name: of the undo step. limit_to_mask: paint only where the mask is set. The brush's label is for planes of labels. */
void limn_stroke_set_begin (LimnStrokeSet *self, LimnContent *content, LimnStrokePlanes planes, const LimnBrush *brush,
                            gboolean limit_to_mask, const char *name);
/* To (x, y) in pixels; pressure: 0 to 1. */
void limn_stroke_set_extend (LimnStrokeSet *self, LimnContent *content, double x, double y, double pressure);
/* Transfer full: the undo step. */
LimnHistoryStep *limn_stroke_set_end (LimnStrokeSet *self, LimnContent *content);
/* Restores what was there before. */
void limn_stroke_set_cancel (LimnStrokeSet *self, LimnContent *content);
void limn_stroke_set_clear (LimnStrokeSet *self);

G_END_DECLS
