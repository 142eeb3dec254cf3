/* What a mask (a raster of one channel, 255 = selected) can do besides being painted: shapes, similar area, grow, shrink, feather.
 * Each returns the rectangle that changed. LimnDocument wraps these with undo; call them directly only on a raster of your own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-raster.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_MASK_REPLACE,
  LIMN_MASK_ADD,
  LIMN_MASK_SUBTRACT,
  LIMN_MASK_INTERSECT,
} LimnMaskMode;

typedef struct {
  double x, y;
} LimnPoint;

/* Shapes are antialiased and may reach outside the plane. The polygon closes itself and fills by the non-zero rule, so that a lasso
 * which crosses itself has no holes. */
LimnRect limn_mask_polygon (LimnRaster *mask, const LimnPoint *points, gsize n_points, LimnMaskMode mode);
LimnRect limn_mask_rectangle (LimnRaster *mask, double x, double y, double width, double height, LimnMaskMode mode);
LimnRect limn_mask_ellipse (LimnRaster *mask, double x, double y, double width, double height, LimnMaskMode mode); /* inside the box */

LimnRect limn_mask_all (LimnRaster *mask);
LimnRect limn_mask_clear (LimnRaster *mask);

/* These run on all processors and may take long on a large picture; they can run on any thread. cancellable: NULL, or what ends them early;
 * the mask is undefined then. */

/* Rows [y, y + height) of the picture a mask is of: RGBA, width * 4 bytes each, into out. On any thread, on several at once. */
typedef void (*LimnMaskRows) (int y, int height, guint8 *out, gpointer user);
/* What looks like the pixel at (x, y) of the picture that rows reads. tolerance: 0 to 255, the largest difference in any channel.
 * contiguous: only what is connected to (x, y) over sides. Takes a byte a pixel; changes nothing where there is no memory for that. */
LimnRect limn_mask_similar (LimnRaster *mask, LimnMaskRows rows, gpointer user, int x, int y, int tolerance, gboolean contiguous,
                            LimnMaskMode mode, GCancellable *cancellable);
/* Of an area without soft edges, keeps the part around (x, y) up to gaps of at most gap pixels: where it is narrower than that between two
 * broad parts, they meet in the middle of the gap. Corners and bays stay. Takes some bytes a pixel; changes nothing where there is no memory
 * for that, or no gap. */
void limn_mask_close_gaps (LimnRaster *mask, int x, int y, double gap, GCancellable *cancellable);
LimnRect limn_mask_invert (LimnRaster *mask, GCancellable *cancellable);
/* Moves the edge outwards by radius pixels (a disc; Felzenszwalb and Huttenlocher's exact distance transform), soft edges kept. */
LimnRect limn_mask_grow (LimnRaster *mask, double radius, GCancellable *cancellable);
/* The same inwards; the picture's own border does not count as an edge. */
LimnRect limn_mask_shrink (LimnRaster *mask, double radius, GCancellable *cancellable);
/* A Gaussian blur of the given sigma in pixels (three box filters); the border is continued outwards. */
LimnRect limn_mask_feather (LimnRaster *mask, double sigma, GCancellable *cancellable);

G_END_DECLS
