/* Planes at halved sizes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-plane-mips.h"

#include "limn-mips.h"

#include <string.h>

#define TILE LIMN_TILE_SIZE
G_STATIC_ASSERT (TILE >> (LIMN_MIPS_LEVELS - 1) >= 1);

/* A raster tile at one level: (64 >> level) squared pixels. */
typedef struct {
  LimnTile *of, *against; /* what it was made from; references */
  guint8 *pixels;         /* NULL: all 0 */
} Cell;

struct _LimnPlaneMips {
  LimnRaster *raster, *baseline;
  guint8 label; /* not 0: the only one that shows */
  guint n_cells;
  Cell *cells[LIMN_MIPS_LEVELS]; /* of the raster's tiles, made when a level is asked for */
};

LimnPlaneMips *
limn_plane_mips_new (void)
{
  return g_new0 (LimnPlaneMips, 1);
}

LimnPlaneMips *
limn_plane_mips_new_of_label (guint8 label)
{
  LimnPlaneMips *self = limn_plane_mips_new ();
  self->label = label;
  return self;
}

static void
drop_cells (LimnPlaneMips *self)
{
  for (int level = 0; level < LIMN_MIPS_LEVELS; level++) {
    for (guint i = 0; i < self->n_cells && self->cells[level]; i++) {
      Cell *cell = &self->cells[level][i];
      g_clear_pointer (&cell->of, limn_tile_unref);
      g_clear_pointer (&cell->against, limn_tile_unref);
      g_clear_pointer (&cell->pixels, g_free);
    }
    g_clear_pointer (&self->cells[level], g_free);
  }
}

void
limn_plane_mips_free (LimnPlaneMips *self)
{
  drop_cells (self);
  g_clear_object (&self->raster);
  g_clear_object (&self->baseline);
  g_free (self);
}

void
limn_plane_mips_set (LimnPlaneMips *self, LimnRaster *raster, LimnRaster *baseline)
{
  if (raster != self->raster) {
    drop_cells (self);
    self->n_cells = raster ? limn_raster_get_n_tiles (raster) : 0;
    g_set_object (&self->raster, raster);
  }
  g_set_object (&self->baseline, baseline);
}

/* Pixels of a tile at full size: bytes, or words premultiplied; only what differs from against, where that is a plane to compare with. */
static void
convert (const guint8 *from, const guint8 *against, gboolean compare, int channels, guint8 *out)
{
  guint32 *words = (guint32 *) (gpointer) out;
  static const guint8 none[4];
  for (int i = 0; i < TILE * TILE; i++) {
    const guint8 *p = from + (gsize) i * (gsize) channels, *q = against ? against + (gsize) i * (gsize) channels : none;
    gboolean shown = !compare || memcmp (p, q, (gsize) channels) != 0;
    if (channels == 1) {
      out[i] = shown ? p[0] : 0;
    } else {
      guint32 a = shown ? p[3] : 0;
      words[i] = a << 24 | (p[0] * a + 127) / 255 << 16 | (p[1] * a + 127) / 255 << 8 | (p[2] * a + 127) / 255;
    }
  }
}

static void
convert_label (const guint8 *from, guint8 label, guint8 *out)
{
  for (int i = 0; i < TILE * TILE; i++)
    out[i] = from[i] == label ? 255 : 0;
}

/* Averages; rect: the tile's place in the plane, of which edge tiles have less than 64 columns or rows. */
static void
reduce (const guint8 *full, int channels, int level, const LimnRect *rect, guint8 *out)
{
  int factor = 1 << level, size = TILE >> level;
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++) {
      int w = MIN (factor, rect->width - x * factor), h = MIN (factor, rect->height - y * factor);
      guint32 sums[4] = { 0 }, area = (guint32) (MAX (w, 0) * MAX (h, 0));
      for (int j = 0; j < h; j++) {
        const guint8 *p = full + (gsize) ((y * factor + j) * TILE + x * factor) * (gsize) channels;
        for (int i = 0; i < w; i++, p += channels)
          for (int k = 0; k < channels; k++)
            sums[k] += p[k];
      }
      for (int k = 0; k < channels; k++)
        out[(y * size + x) * channels + k] = (guint8) (area ? (sums[k] + area / 2) / area : 0);
    }
}

/* A neighbour to the left or above that was made of the very same tiles: what is filled at one stroke is one tile many times. */
static const Cell *
find_same (LimnPlaneMips *self, int level, guint index, LimnTile *of, LimnTile *against)
{
  guint columns = limn_raster_get_columns (self->raster);
  const Cell *left = index % columns ? &self->cells[level][index - 1] : NULL;
  const Cell *above = index >= columns ? &self->cells[level][index - columns] : NULL;
  if (left && left->pixels && left->of == of && left->against == against)
    return left;
  return above && above->pixels && above->of == of && above->against == against ? above : NULL;
}

/* The tile's pixels at level, NULL where all are 0. */
static const guint8 *
get_cell (LimnPlaneMips *self, int level, guint index)
{
  LimnTile *of = limn_raster_peek_tile (self->raster, index);
  LimnTile *against = self->baseline ? limn_raster_peek_tile (self->baseline, index) : NULL;
  int channels = limn_raster_get_channels (self->raster);
  if (!of || (self->baseline && of == against))
    return NULL;
  if (level == 0 && channels == 1 && !self->baseline && !self->label)
    return limn_tile_get_pixels (of);
  if (!self->cells[level])
    self->cells[level] = g_new0 (Cell, self->n_cells);
  Cell *cell = &self->cells[level][index];
  if (cell->pixels && cell->of == of && cell->against == against)
    return cell->pixels;
  guint8 full[TILE * TILE * 4];
  LimnRect rect = limn_raster_get_tile_rect (self->raster, index);
  int size = TILE >> level;
  gsize bytes = (gsize) size * (gsize) size * (gsize) channels;
  g_clear_pointer (&cell->of, limn_tile_unref);
  g_clear_pointer (&cell->against, limn_tile_unref);
  cell->of = limn_tile_ref (of);
  cell->against = against ? limn_tile_ref (against) : NULL;
  if (!cell->pixels)
    cell->pixels = g_malloc (bytes);
  const Cell *same = rect.width == TILE && rect.height == TILE ? find_same (self, level, index, of, against) : NULL;
  if (same)
    return memcpy (cell->pixels, same->pixels, bytes);
  guint8 *whole = level ? full : cell->pixels;
  if (self->label)
    convert_label (limn_tile_get_pixels (of), self->label, whole);
  else
    convert (limn_tile_get_pixels (of), against ? limn_tile_get_pixels (against) : NULL, self->baseline != NULL, channels, whole);
  if (level)
    reduce (full, channels, level, &rect, cell->pixels);
  return cell->pixels;
}

gboolean
limn_plane_mips_read (LimnPlaneMips *self, int level, const LimnRect *rect, gpointer out, gsize stride)
{
  if (!self->raster)
    return FALSE;
  int size = TILE >> level, channels = limn_raster_get_channels (self->raster);
  int columns = (int) limn_raster_get_columns (self->raster), rows = (int) self->n_cells / columns;
  LimnRect all = { 0, 0, columns * size, rows * size }, inside = limn_rect_intersect (rect, &all);
  gboolean any = FALSE;
  if (limn_rect_is_empty (&inside))
    return FALSE;
  for (int row = inside.y / size; row <= (inside.y + inside.height - 1) / size; row++)
    for (int column = inside.x / size; column <= (inside.x + inside.width - 1) / size; column++) {
      const guint8 *cell = get_cell (self, level, (guint) (row * columns + column));
      if (!cell)
        continue;
      if (!any) {
        for (int y = 0; y < rect->height; y++)
          memset ((guint8 *) out + (gsize) y * stride * (gsize) channels, 0, (gsize) (rect->width * channels));
        any = TRUE;
      }
      LimnRect part = { column * size, row * size, size, size };
      part = limn_rect_intersect (&part, rect);
      for (int y = part.y; y < part.y + part.height; y++)
        memcpy ((guint8 *) out + ((gsize) (y - rect->y) * stride + (gsize) (part.x - rect->x)) * (gsize) channels,
                cell + (gsize) (((y - row * size) * size + part.x - column * size) * channels), (gsize) (part.width * channels));
    }
  return any;
}
