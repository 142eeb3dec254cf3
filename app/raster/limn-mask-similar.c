/* Similar areas: which pixels are alike is found out in strips that share the processors; what is connected is then filled a run of a
 * row at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-parallel.h"
#include "limn-mask-tile.h"

#include <string.h>

enum { ALIKE = 1, FOUND = 255 }; /* what found holds a pixel; 0: unlike */

typedef struct {
  LimnRaster *mask;
  LimnMaskRows rows;
  gpointer user;
  guint8 like[4], lowest[4], highest[4];
  gboolean like_none; /* transparent pixels are alike whatever their colour */
  guint8 value;       /* what found holds for a similar pixel */
  guint8 *found;
  gsize width, height;
  LimnMaskMode mode;
  GCancellable *cancellable;
} Similar;

/* Pixels without colour are compared by their alpha alone. */
static void
compare_row (const Similar *self, const guint8 *pixels, guint8 *out)
{
  guint8 no_alpha = self->like_none ? self->value : 0;
  for (gsize x = 0; x < self->width; x++) {
    const guint8 *p = pixels + 4 * x;
    guint8 inside = (guint8) ((p[0] >= self->lowest[0]) & (p[0] <= self->highest[0]) & (p[1] >= self->lowest[1]) &
                              (p[1] <= self->highest[1]) & (p[2] >= self->lowest[2]) & (p[2] <= self->highest[2]) &
                              (p[3] >= self->lowest[3]) & (p[3] <= self->highest[3]));
    guint8 value = (guint8) (-inside & self->value);
    out[x] = p[3] == 0 ? no_alpha : value;
  }
}

static void
compare_strip (gsize index, gpointer user)
{
  Similar *self = user;
  gsize y0 = index * LIMN_TILE_SIZE, y1 = MIN (y0 + LIMN_TILE_SIZE, self->height);
  g_autofree guint8 *pixels = NULL;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  pixels = g_malloc (self->width * 4 * (y1 - y0));
  self->rows ((int) y0, (int) (y1 - y0), pixels, self->user);
  for (gsize y = y0; y < y1; y++)
    compare_row (self, pixels + (y - y0) * self->width * 4, self->found + y * self->width);
}

typedef struct {
  int x, y;
} Seed;

/* How many bytes from p on are ALIKE, at most n. */
static gsize
count_alike (const guint8 *p, gsize n)
{
  gsize i = 0;
  for (guint64 word; i + 8 <= n; i += 8) {
    memcpy (&word, p + i, 8);
    if (word != 0x0101010101010101u * ALIKE)
      break;
  }
  while (i < n && p[i] == ALIKE)
    i++;
  return i;
}

/* Adds a seed for each run that begins in columns [a, b] of row y. */
static void
add_seeds (const Similar *self, int y, int a, int b, GArray *seeds)
{
  const guint8 *row = self->found + (gsize) y * self->width, *end = row + b + 1;
  for (const guint8 *p = row + a; p < end && (p = memchr (p, ALIKE, (gsize) (end - p)));) {
    Seed seed = { (int) (p - row), y };
    g_array_append_val (seeds, seed);
    p += count_alike (p, (gsize) (end - p));
  }
}

static void
flood_fill (Similar *self, int x, int y)
{
  g_autoptr (GArray) seeds = g_array_new (FALSE, FALSE, sizeof (Seed));
  Seed seed = { x, y };
  g_array_append_val (seeds, seed);
  for (guint n = 0; seeds->len && (++n % 4096 || !g_cancellable_is_cancelled (self->cancellable));) {
    seed = g_array_index (seeds, Seed, seeds->len - 1);
    g_array_set_size (seeds, seeds->len - 1);
    guint8 *row = self->found + (gsize) seed.y * self->width;
    if (row[seed.x] != ALIKE)
      continue;
    int a = seed.x, b = seed.x + (int) count_alike (row + seed.x, self->width - (gsize) seed.x) - 1;
    while (a > 0 && row[a - 1] == ALIKE)
      a--;
    memset (row + a, FOUND, (gsize) (b - a + 1));
    if (seed.y > 0)
      add_seeds (self, seed.y - 1, a, b, seeds);
    if (seed.y + 1 < (int) self->height)
      add_seeds (self, seed.y + 1, a, b, seeds);
  }
}

static void
lay_strip (gsize index, gpointer user)
{
  Similar *self = user;
  guint columns = limn_raster_get_columns (self->mask);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (guint column = 0; column < columns; column++) {
    guint tile = (guint) index * columns + column;
    LimnRect rect = limn_raster_get_tile_rect (self->mask, tile);
    guint8 *from = self->found + (gsize) rect.y * self->width + (gsize) rect.x;
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++) {
        guint8 *p = from + (gsize) y * self->width + x;
        *p = *p == FOUND ? 255 : 0;
      }
    if (self->mode == LIMN_MASK_REPLACE)
      limn_mask_set_tile (self->mask, tile, from, self->width);
    else
      limn_mask_combine_tile (self->mask, tile, &rect, from, self->width, self->mode);
  }
}

LimnRect
limn_mask_similar (LimnRaster *mask, LimnMaskRows rows, gpointer user, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode,
                   GCancellable *cancellable)
{
  LimnRect box = limn_raster_get_extents (mask);
  if (x < 0 || y < 0 || x >= box.width || y >= box.height)
    return (LimnRect){ 0 };
  Similar self = { .mask = mask,
                   .rows = rows,
                   .user = user,
                   .value = contiguous ? ALIKE : FOUND,
                   .width = (gsize) box.width,
                   .height = (gsize) box.height,
                   .mode = mode,
                   .cancellable = cancellable };
  g_autofree guint8 *found = g_try_malloc (self.width * self.height); /* sides are at most LIMN_PICTURE_MAX_SIDE */
  g_autofree guint8 *row = g_malloc (self.width * 4);
  gsize strips = (self.height + LIMN_TILE_SIZE - 1) / LIMN_TILE_SIZE;
  if (!found)
    return (LimnRect){ 0 };
  self.found = found;
  rows (y, 1, row, user);
  memcpy (self.like, row + 4 * (gsize) x, 4);
  for (int k = 0; k < 4; k++) {
    gboolean any = k < 3 && self.like[3] == 0; /* no colour to compare */
    self.lowest[k] = any ? 0 : (guint8) MAX (self.like[k] - tolerance, 0);
    self.highest[k] = any ? 255 : (guint8) MIN (self.like[k] + tolerance, 255);
  }
  self.like_none = self.like[3] <= tolerance;
  limn_parallel_for (strips, compare_strip, &self);
  if (contiguous && !g_cancellable_is_cancelled (cancellable))
    flood_fill (&self, x, y);
  limn_parallel_for (strips, lay_strip, &self);
  return box;
}
