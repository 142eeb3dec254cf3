/* Where pixels and positions go when the canvas changes: a part of it (or more than all of it) becomes the new one, or it is turned or
 * mirrored. Pixels are moved, not resampled. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-raster.h"

G_BEGIN_DECLS

/* How the old canvas must be turned to become the new one, by the numbers of EXIF's orientation (2.32, tag 274). */
typedef enum {
  LIMN_ORIENT_NONE = 1,
  LIMN_ORIENT_FLIP_HORIZONTAL = 2, /* left and right change places */
  LIMN_ORIENT_HALF_TURN = 3,
  LIMN_ORIENT_FLIP_VERTICAL = 4,
  LIMN_ORIENT_TURN_RIGHT = 6, /* a quarter, clockwise */
  LIMN_ORIENT_TURN_LEFT = 8,
} LimnOrient;

/* area: the part of the old canvas that becomes the new one; it may reach beyond it. orient: how that lies in the new one. */
typedef struct {
  LimnRect area;
  LimnOrient orient;
} LimnGeometry;

/* Of the new canvas. */
void limn_geometry_get_size (const LimnGeometry *self, int *width, int *height);
/* From the old canvas to the new one. */
LimnRect limn_geometry_map_rect (const LimnGeometry *self, const LimnRect *rect);
void limn_geometry_map_point (const LimnGeometry *self, double *x, double *y);

/* A plane of the old canvas as one of the new one; what lay outside is 0. Transfer full. */
LimnRaster *limn_geometry_map_raster (const LimnGeometry *self, LimnRaster *raster);

/* rect of picture as a picture of rect's size, with its metadata; rect may reach beyond it: there the pixels are transparent. A
 * reference to picture where rect is all of it. NULL and error when it is too large. */
LimnPicture *limn_picture_crop (LimnPicture *self, const LimnRect *rect, GError **error);

G_END_DECLS
