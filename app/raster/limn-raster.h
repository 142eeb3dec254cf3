/* A plane that people paint on: one byte a pixel (mask, ink) or four (paint: RGBA, straight alpha), in tiles of 64 x 64 that are
 * shared until they change. A plane of 100 megapixels that was never painted on takes a few kilobytes; a copy of any plane takes
 * one pointer a tile. This is what makes undo, autosave and snapshots cheap.
 *
 * Concurrent reads are safe; writing needs exclusive access. A copy (limn_raster_copy) is another raster and may go to another
 * thread, although it shares tiles with this one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

#define LIMN_TILE_SIZE 64

/* A rectangle in pixels; empty when width or height is 0. */
typedef struct {
  int x, y, width, height;
} LimnRect;

gboolean limn_rect_is_empty (const LimnRect *self);
LimnRect limn_rect_union (const LimnRect *a, const LimnRect *b);     /* an empty one adds nothing */
LimnRect limn_rect_intersect (const LimnRect *a, const LimnRect *b); /* empty (all 0) where they don't meet */

/* One byte a pixel, 0..255, in one piece: refcounted (a GBytes of width * height), with its size. */
typedef struct {
  GBytes *bytes;
  gsize width, height;
} LimnPlane;

/* LimnTile: 64 x 64 x channels bytes, refcounted (atomically), immutable while more than one holds it. NULL stands for all zero. */
typedef struct _LimnTile LimnTile;
LimnTile *limn_tile_new (const guint8 *pixels, gsize size);
LimnTile *limn_tile_ref (LimnTile *self);
void limn_tile_unref (LimnTile *self);
const guint8 *limn_tile_get_pixels (LimnTile *self);

#define LIMN_TYPE_RASTER (limn_raster_get_type ())
G_DECLARE_FINAL_TYPE (LimnRaster, limn_raster, LIMN, RASTER, GObject)

/* An empty (all zero) plane. channels: 1 or 4; width, height: 1 to LIMN_PICTURE_MAX_SIDE. */
LimnRaster *limn_raster_new (gsize width, gsize height, int channels);
/* A copy that shares the tiles. Transfer full. */
LimnRaster *limn_raster_copy (LimnRaster *self);

int limn_raster_get_width (LimnRaster *self);
int limn_raster_get_height (LimnRaster *self);
int limn_raster_get_channels (LimnRaster *self);
LimnRect limn_raster_get_extents (LimnRaster *self); /* (0, 0, width, height) */
gboolean limn_raster_is_empty (LimnRaster *self);    /* every byte 0 */
LimnRect limn_raster_get_bounds (LimnRaster *self);  /* the smallest rectangle around what isn't 0 (in channel 0, or in alpha) */

/* Pixels of rect into out (rows of stride bytes); parts of rect outside the plane read as 0. */
void limn_raster_read (LimnRaster *self, const LimnRect *rect, guint8 *out, gsize stride);
/* Pixels into the plane; parts of rect outside the plane are dropped. */
void limn_raster_write (LimnRaster *self, const LimnRect *rect, const guint8 *pixels, gsize stride);
/* Every pixel of rect becomes the channels bytes at pixel. Whole tiles share one. */
void limn_raster_fill (LimnRaster *self, const LimnRect *rect, const guint8 *pixel);

/* Tiles by number: index = row * columns + column. peek: borrowed, NULL = all zero. set takes the caller's reference. */
guint limn_raster_get_n_tiles (LimnRaster *self);
guint limn_raster_get_columns (LimnRaster *self);
LimnTile *limn_raster_peek_tile (LimnRaster *self, guint index);
void limn_raster_set_tile (LimnRaster *self, guint index, LimnTile *tile);
LimnRect limn_raster_get_tile_rect (LimnRaster *self, guint index);
gsize limn_raster_get_tile_size (LimnRaster *self); /* bytes a tile */

/* The whole plane in one piece, for the engine: one channel; on as many threads as there are processors. The caller owns the reference
 * in bytes. FALSE and error when memory ends or cancellable is set (LIMN_APP_ERROR_CANCELLED). */
gboolean limn_raster_dup_plane (LimnRaster *self, LimnPlane *plane, GCancellable *cancellable, GError **error);
/* The same for four channels: an RGBA picture of the plane's size. */
LimnPicture *limn_raster_dup_picture (LimnRaster *self, GCancellable *cancellable, GError **error);

G_END_DECLS
