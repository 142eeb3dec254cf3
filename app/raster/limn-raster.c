/* Planes in tiles of 64 x 64 that are shared until they change.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-raster-private.h"

#include "app/base/limn-block.h"

#include <string.h>

struct _LimnTile {
  gatomicrefcount refs;
  gsize size;
  guint8 pixels[];
};

G_DEFINE_FINAL_TYPE (LimnRaster, limn_raster, G_TYPE_OBJECT)

gboolean
limn_rect_is_empty (const LimnRect *self)
{
  return self->width <= 0 || self->height <= 0;
}

LimnRect
limn_rect_union (const LimnRect *a, const LimnRect *b)
{
  if (limn_rect_is_empty (a))
    return limn_rect_is_empty (b) ? (LimnRect){ 0 } : *b;
  if (limn_rect_is_empty (b))
    return *a;
  int x = MIN (a->x, b->x), y = MIN (a->y, b->y);
  return (LimnRect){ x, y, MAX (a->x + a->width, b->x + b->width) - x, MAX (a->y + a->height, b->y + b->height) - y };
}

LimnRect
limn_rect_intersect (const LimnRect *a, const LimnRect *b)
{
  int x = MAX (a->x, b->x), y = MAX (a->y, b->y);
  LimnRect r = { x, y, MIN (a->x + a->width, b->x + b->width) - x, MIN (a->y + a->height, b->y + b->height) - y };
  return limn_rect_is_empty (a) || limn_rect_is_empty (b) || limn_rect_is_empty (&r) ? (LimnRect){ 0 } : r;
}

LimnTile *
limn_tile_new (const guint8 *pixels, gsize size)
{
  LimnTile *self = g_malloc (sizeof (LimnTile) + size);
  g_atomic_ref_count_init (&self->refs);
  self->size = size;
  if (pixels)
    memcpy (self->pixels, pixels, size);
  else
    memset (self->pixels, 0, size);
  return self;
}

LimnTile *
limn_tile_ref (LimnTile *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
limn_tile_unref (LimnTile *self)
{
  if (g_atomic_ref_count_dec (&self->refs))
    g_free (self);
}

const guint8 *
limn_tile_get_pixels (LimnTile *self)
{
  return self->pixels;
}

static void
limn_raster_finalize (GObject *object)
{
  LimnRaster *self = LIMN_RASTER (object);
  for (guint i = 0; i < self->columns * self->rows; i++)
    g_clear_pointer (&self->tiles[i], limn_tile_unref);
  g_free (self->tiles);
  G_OBJECT_CLASS (limn_raster_parent_class)->finalize (object);
}

static void
limn_raster_class_init (LimnRasterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = limn_raster_finalize;
}

static void
limn_raster_init (LimnRaster *self)
{
}

LimnRaster *
limn_raster_new (gsize width, gsize height, int channels)
{
  g_return_val_if_fail (width > 0 && width <= LIMN_PICTURE_MAX_SIDE && height > 0 && height <= LIMN_PICTURE_MAX_SIDE, NULL);
  g_return_val_if_fail (channels == 1 || channels == 4, NULL);
  LimnRaster *self = g_object_new (LIMN_TYPE_RASTER, NULL);
  self->width = (int) width;
  self->height = (int) height;
  self->channels = channels;
  self->columns = (guint) (width + LIMN_TILE_SIZE - 1) / LIMN_TILE_SIZE;
  self->rows = (guint) (height + LIMN_TILE_SIZE - 1) / LIMN_TILE_SIZE;
  self->tiles = g_new0 (LimnTile *, (gsize) self->columns * self->rows);
  return self;
}

LimnRaster *
limn_raster_copy (LimnRaster *self)
{
  LimnRaster *copy = limn_raster_new ((gsize) self->width, (gsize) self->height, self->channels);
  for (guint i = 0; i < self->columns * self->rows; i++)
    if (self->tiles[i])
      copy->tiles[i] = limn_tile_ref (self->tiles[i]);
  return copy;
}

int
limn_raster_get_width (LimnRaster *self)
{
  return self->width;
}

int
limn_raster_get_height (LimnRaster *self)
{
  return self->height;
}

int
limn_raster_get_channels (LimnRaster *self)
{
  return self->channels;
}

LimnRect
limn_raster_get_extents (LimnRaster *self)
{
  return (LimnRect){ 0, 0, self->width, self->height };
}

guint
limn_raster_get_n_tiles (LimnRaster *self)
{
  return self->columns * self->rows;
}

guint
limn_raster_get_columns (LimnRaster *self)
{
  return self->columns;
}

gsize
limn_raster_get_tile_size (LimnRaster *self)
{
  return (gsize) LIMN_TILE_SIZE * LIMN_TILE_SIZE * self->channels;
}

LimnRect
limn_raster_get_tile_rect (LimnRaster *self, guint index)
{
  LimnRect tile = { (int) (index % self->columns) * LIMN_TILE_SIZE, (int) (index / self->columns) * LIMN_TILE_SIZE, LIMN_TILE_SIZE,
                    LIMN_TILE_SIZE };
  LimnRect extents = limn_raster_get_extents (self);
  return limn_rect_intersect (&tile, &extents);
}

LimnTile *
limn_raster_peek_tile (LimnRaster *self, guint index)
{
  g_return_val_if_fail (index < limn_raster_get_n_tiles (self), NULL);
  return self->tiles[index];
}

void
limn_raster_set_tile (LimnRaster *self, guint index, LimnTile *tile)
{
  g_return_if_fail (index < limn_raster_get_n_tiles (self));
  g_clear_pointer (&self->tiles[index], limn_tile_unref);
  self->tiles[index] = tile;
}

guint8 *
limn_raster_own_tile (LimnRaster *self, guint index)
{
  LimnTile *old = self->tiles[index];
  if (!old)
    self->tiles[index] = limn_tile_new (NULL, limn_raster_get_tile_size (self));
  else if (!g_atomic_ref_count_compare (&old->refs, 1)) {
    self->tiles[index] = limn_tile_new (old->pixels, old->size);
    limn_tile_unref (old);
  }
  return self->tiles[index]->pixels;
}

gboolean
limn_raster_is_empty (LimnRaster *self)
{
  for (guint i = 0; i < self->columns * self->rows; i++)
    if (self->tiles[i] && !limn_block_is_zero (self->tiles[i]->pixels, self->tiles[i]->size))
      return FALSE;
  return TRUE;
}

LimnRect
limn_raster_get_bounds (LimnRaster *self)
{
  int left = self->width, top = self->height, right = -1, bottom = -1;
  for (guint i = 0; i < self->columns * self->rows; i++) {
    if (!self->tiles[i])
      continue;
    LimnRect rect = limn_raster_get_tile_rect (self, i);
    if (rect.x >= left && rect.y >= top && rect.x + rect.width - 1 <= right && rect.y + rect.height - 1 <= bottom)
      continue;
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++)
        if (self->tiles[i]->pixels[(y * LIMN_TILE_SIZE + x) * self->channels + self->channels - 1]) {
          left = MIN (left, rect.x + x);
          right = MAX (right, rect.x + x);
          top = MIN (top, rect.y + y);
          bottom = MAX (bottom, rect.y + y);
        }
  }
  return right < 0 ? (LimnRect){ 0 } : (LimnRect){ left, top, right - left + 1, bottom - top + 1 };
}

/* Calls for the tiles that rect (inside the plane) meets: [first, last] columns and rows. */
static void
tile_span (const LimnRect *rect, guint *c0, guint *c1, guint *r0, guint *r1)
{
  *c0 = (guint) rect->x / LIMN_TILE_SIZE;
  *c1 = (guint) (rect->x + rect->width - 1) / LIMN_TILE_SIZE;
  *r0 = (guint) rect->y / LIMN_TILE_SIZE;
  *r1 = (guint) (rect->y + rect->height - 1) / LIMN_TILE_SIZE;
}

void
limn_raster_read (LimnRaster *self, const LimnRect *rect, guint8 *out, gsize stride)
{
  gsize ch = (gsize) self->channels;
  LimnRect extents = limn_raster_get_extents (self), inside = limn_rect_intersect (rect, &extents);
  for (int y = 0; y < rect->height; y++)
    memset (out + (gsize) y * stride, 0, (gsize) MAX (rect->width, 0) * ch);
  if (limn_rect_is_empty (&inside))
    return;
  guint c0, c1, r0, r1;
  tile_span (&inside, &c0, &c1, &r0, &r1);
  for (guint r = r0; r <= r1; r++)
    for (guint c = c0; c <= c1; c++) {
      guint index = r * self->columns + c;
      if (!self->tiles[index])
        continue;
      LimnRect tile = limn_raster_get_tile_rect (self, index), part = limn_rect_intersect (&tile, &inside);
      for (int y = part.y; y < part.y + part.height; y++)
        memcpy (out + (gsize) (y - rect->y) * stride + (gsize) (part.x - rect->x) * ch,
                self->tiles[index]->pixels + ((gsize) (y - tile.y) * LIMN_TILE_SIZE + (gsize) (part.x - tile.x)) * ch,
                (gsize) part.width * ch);
    }
}

void
limn_raster_write (LimnRaster *self, const LimnRect *rect, const guint8 *pixels, gsize stride)
{
  gsize ch = (gsize) self->channels;
  LimnRect extents = limn_raster_get_extents (self), inside = limn_rect_intersect (rect, &extents);
  if (limn_rect_is_empty (&inside))
    return;
  guint c0, c1, r0, r1;
  tile_span (&inside, &c0, &c1, &r0, &r1);
  for (guint r = r0; r <= r1; r++)
    for (guint c = c0; c <= c1; c++) {
      guint index = r * self->columns + c;
      LimnRect tile = limn_raster_get_tile_rect (self, index), part = limn_rect_intersect (&tile, &inside);
      guint8 *to = limn_raster_own_tile (self, index);
      for (int y = part.y; y < part.y + part.height; y++)
        memcpy (to + ((gsize) (y - tile.y) * LIMN_TILE_SIZE + (gsize) (part.x - tile.x)) * ch,
                pixels + (gsize) (y - rect->y) * stride + (gsize) (part.x - rect->x) * ch, (gsize) part.width * ch);
      if (limn_block_is_zero (to, self->tiles[index]->size))
        g_clear_pointer (&self->tiles[index], limn_tile_unref);
    }
}

void
limn_raster_fill (LimnRaster *self, const LimnRect *rect, const guint8 *pixel)
{
  gsize ch = (gsize) self->channels;
  LimnRect extents = limn_raster_get_extents (self), inside = limn_rect_intersect (rect, &extents);
  if (limn_rect_is_empty (&inside))
    return;
  LimnTile *whole = NULL;
  if (!limn_block_is_zero (pixel, ch)) {
    whole = limn_tile_new (NULL, limn_raster_get_tile_size (self));
    for (gsize i = 0; i < whole->size; i++)
      whole->pixels[i] = pixel[i % ch];
  }
  guint c0, c1, r0, r1;
  tile_span (&inside, &c0, &c1, &r0, &r1);
  for (guint r = r0; r <= r1; r++)
    for (guint c = c0; c <= c1; c++) {
      guint index = r * self->columns + c;
      LimnRect tile = limn_raster_get_tile_rect (self, index), part = limn_rect_intersect (&tile, &inside);
      gboolean covered = part.width == tile.width && part.height == tile.height;
      if (covered && (!whole || (part.width == LIMN_TILE_SIZE && part.height == LIMN_TILE_SIZE))) {
        /* what of a tile lies outside the plane stays 0, so tiles at the edges don't share */
        limn_raster_set_tile (self, index, whole ? limn_tile_ref (whole) : NULL);
        continue;
      }
      guint8 *to = limn_raster_own_tile (self, index);
      for (int y = part.y; y < part.y + part.height; y++)
        for (int x = part.x; x < part.x + part.width; x++)
          memcpy (to + ((gsize) (y - tile.y) * LIMN_TILE_SIZE + (gsize) (x - tile.x)) * ch, pixel, ch);
    }
  g_clear_pointer (&whole, limn_tile_unref);
}
