/* Moving pixels and positions from one canvas to another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-geometry.h"

#include "app/base/limn-parallel.h"
#include "app/picture/limn-orientation.h"
#include "limn-mask-tile.h"

#include <string.h>

void
limn_geometry_get_size (const LimnGeometry *self, int *width, int *height)
{
  gboolean swap = limn_orientation_get (self->orient).swap;
  *width = swap ? self->area.height : self->area.width;
  *height = swap ? self->area.width : self->area.height;
}

void
limn_geometry_map_point (const LimnGeometry *self, double *x, double *y)
{
  LimnOrientation turn = limn_orientation_get (self->orient);
  double a = *x - self->area.x, b = *y - self->area.y;
  a = turn.flip_x ? self->area.width - a : a;
  b = turn.flip_y ? self->area.height - b : b;
  *x = turn.swap ? b : a;
  *y = turn.swap ? a : b;
}

LimnRect
limn_geometry_map_rect (const LimnGeometry *self, const LimnRect *rect)
{
  double x0 = rect->x, y0 = rect->y, x1 = rect->x + rect->width, y1 = rect->y + rect->height;
  limn_geometry_map_point (self, &x0, &y0);
  limn_geometry_map_point (self, &x1, &y1);
  return (LimnRect){ (int) MIN (x0, x1), (int) MIN (y0, y1), (int) ABS (x1 - x0), (int) ABS (y1 - y0) };
}

/* The other way. */
static LimnRect
unmap_rect (const LimnGeometry *self, const LimnRect *rect)
{
  LimnOrientation turn = limn_orientation_get (self->orient);
  LimnRect from = turn.swap ? (LimnRect){ rect->y, rect->x, rect->height, rect->width } : *rect;
  if (turn.flip_x)
    from.x = self->area.width - from.x - from.width;
  if (turn.flip_y)
    from.y = self->area.height - from.y - from.height;
  from.x += self->area.x;
  from.y += self->area.y;
  return from;
}

/* -- Planes -- */

typedef struct {
  const LimnGeometry *geometry;
  LimnRaster *from, *to;
} Map;

/* Whether any tile that rect meets holds something. */
static gboolean
meets_tiles (LimnRaster *raster, const LimnRect *rect)
{
  LimnRect extents = limn_raster_get_extents (raster), inside = limn_rect_intersect (rect, &extents);
  if (limn_rect_is_empty (&inside))
    return FALSE;
  for (int r = inside.y / LIMN_TILE_SIZE; r <= (inside.y + inside.height - 1) / LIMN_TILE_SIZE; r++)
    for (int c = inside.x / LIMN_TILE_SIZE; c <= (inside.x + inside.width - 1) / LIMN_TILE_SIZE; c++)
      if (raster->tiles[(guint) r * raster->columns + (guint) c])
        return TRUE;
  return FALSE;
}

/* Copies a rectangle's pixels (rows of from_stride bytes) to out, turned. */
static void
turn_pixels (LimnOrientation turn, const guint8 *from, const LimnRect *was, gsize channels, guint8 *out, gsize stride)
{
  gsize from_stride = (gsize) was->width * channels;
  gssize right = (gssize) channels, down = (gssize) from_stride;
  int width = turn.swap ? was->height : was->width, height = turn.swap ? was->width : was->height;
  if (turn.flip_x) {
    from += (gsize) (was->width - 1) * channels;
    right = -right;
  }
  if (turn.flip_y) {
    from += (gsize) (was->height - 1) * from_stride;
    down = -down;
  }
  if (turn.swap) {
    gssize keep = right;
    right = down;
    down = keep;
  }
  for (int y = 0; y < height; y++) {
    const guint8 *in = from + y * down;
    guint8 *to = out + (gsize) y * stride;
    if (channels == 1)
      for (int x = 0; x < width; x++, in += right)
        to[x] = *in;
    else
      for (int x = 0; x < width; x++, in += right, to += 4)
        memcpy (to, in, 4);
  }
}

static void
map_row (gsize row, gpointer data)
{
  const Map *self = data;
  LimnRaster *to = self->to;
  gsize channels = (gsize) to->channels;
  LimnOrientation turn = limn_orientation_get (self->geometry->orient);
  guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4], turned[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  for (guint i = (guint) row * to->columns; i < ((guint) row + 1) * to->columns; i++) {
    LimnRect rect = limn_raster_get_tile_rect (to, i), was = unmap_rect (self->geometry, &rect);
    if (!meets_tiles (self->from, &was))
      continue;
    limn_raster_read (self->from, &was, pixels, (gsize) was.width * channels);
    if (channels == 1) {
      turn_pixels (turn, pixels, &was, 1, turned, (gsize) rect.width);
      limn_mask_set_tile (to, i, turned, (gsize) rect.width);
      continue;
    }
    gsize size = limn_raster_get_tile_size (to), stride = LIMN_TILE_SIZE * channels;
    memset (turned, 0, size); /* what of a tile lies outside the plane */
    turn_pixels (turn, pixels, &was, channels, turned, stride);
    if (turned[0] != 0 || memcmp (turned, turned + 1, size - 1) != 0)
      to->tiles[i] = limn_tile_new (turned, size);
  }
}

LimnRaster *
limn_geometry_map_raster (const LimnGeometry *self, LimnRaster *raster)
{
  int width, height;
  limn_geometry_get_size (self, &width, &height);
  LimnRaster *to = limn_raster_new ((gsize) width, (gsize) height, raster->channels);
  Map map = { self, raster, to };
  limn_parallel_for (to->rows, map_row, &map);
  return to;
}

/* -- Pictures -- */

typedef struct {
  LimnPicture *from, *to;
  LimnRect rect; /* in from */
} Crop;

enum { BAND = 64 };

static void
crop_band (gsize band, gpointer data)
{
  const Crop *self = data;
  gsize pixel = 4 * (gsize) limn_picture_get_depth (self->from) / 8;
  LimnRect all = { 0, 0, (int) limn_picture_get_width (self->from), (int) limn_picture_get_height (self->from) };
  LimnRect rows = { self->rect.x, self->rect.y + (int) band * BAND, self->rect.width, MIN (BAND, self->rect.height - (int) band * BAND) };
  LimnRect inside = limn_rect_intersect (&rows, &all);
  for (int y = inside.y; y < inside.y + inside.height; y++)
    memcpy (limn_picture_get_data (self->to) + (gsize) (y - self->rect.y) * limn_picture_get_stride (self->to) +
              (gsize) (inside.x - self->rect.x) * pixel,
            limn_picture_get_data (self->from) + (gsize) y * limn_picture_get_stride (self->from) + (gsize) inside.x * pixel,
            (gsize) inside.width * pixel);
}

LimnPicture *
limn_picture_crop (LimnPicture *self, const LimnRect *rect, GError **error)
{
  LimnRect all = { 0, 0, (int) limn_picture_get_width (self), (int) limn_picture_get_height (self) };
  LimnRect inside = limn_rect_intersect (rect, &all);
  g_return_val_if_fail (!limn_rect_is_empty (rect), NULL);
  if (memcmp (rect, &all, sizeof all) == 0)
    return g_object_ref (self);
  LimnPicture *other = limn_picture_new ((gsize) rect->width, (gsize) rect->height, limn_picture_get_depth (self), error);
  if (!other)
    return NULL;
  limn_picture_copy_metadata (other, self);
  if (memcmp (&inside, rect, sizeof inside) != 0)
    limn_picture_set_has_alpha (other, TRUE);
  Crop crop = { self, other, *rect };
  limn_parallel_for (((gsize) rect->height + BAND - 1) / BAND, crop_band, &crop);
  return other;
}
