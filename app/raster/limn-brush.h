/* The brush: strokes with round, antialiased dabs on any plane. A mask's brush, the eraser, paint, pencil and colour dots are all
 * this one.
 *
 * A stroke keeps its own coverage, in which dabs do not pile up (the strongest wins), and composites the colour through it over what the
 * plane held when the stroke began. So a stroke of 50 % stays 50 % wherever it crosses itself, and points may come in any density.
 * Points are joined by quadratic curves through the midpoints between them; distances to a curve's pieces are exact (a capsule with
 * two radii), so there are no dots along a fast stroke.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-raster.h"

G_BEGIN_DECLS

typedef struct {
  double size;             /* diameter in pixels at full pressure, 0.5 to 5000 */
  double hardness;         /* 0 = soft from the middle on, 1 = a sharp, antialiased edge */
  double opacity;          /* 0 to 1 at full pressure */
  double pressure_size;    /* 0 = pressure doesn't change the size, 1 = without pressure the size is 0 */
  double pressure_opacity; /* the same for the opacity */
  gboolean erase;          /* erases: to 0 on a mask, to transparent on paint */
  guint8 rgba[4];          /* colour on four channels (alpha is used too); ignored on one channel, where painting goes to 255 */
  gboolean labels;         /* the plane's values are labels: they become label where half is covered, or a quarter where they are 0 */
  guint8 label;
} LimnBrush;

/* What every front end starts from: 40 pixels, hardness 0.8, opacity 1, pressure changes the size half-way, opaque black. */
void limn_brush_init (LimnBrush *self);

typedef struct _LimnStroke LimnStroke;

/* Begins a stroke on raster, which it changes as points come (a reference is kept). limit: NULL, or a one-channel raster of the same
 * size; where it is 0 the stroke leaves no trace. Free with limn_stroke_free. */
LimnStroke *limn_stroke_new (LimnRaster *raster, const LimnBrush *brush, LimnRaster *limit);
/* Adds a point in pixels (pixel centres at .5), pressure 0 to 1 (1 for a mouse). Returns what changed. */
LimnRect limn_stroke_add (LimnStroke *self, double x, double y, double pressure);
/* Draws the last half piece; no more points after this. Returns what changed. */
LimnRect limn_stroke_finish (LimnStroke *self);
/* Restores the raster as it was. Returns what changed. */
LimnRect limn_stroke_revert (LimnStroke *self);
void limn_stroke_free (LimnStroke *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnStroke, limn_stroke_free)

G_END_DECLS
