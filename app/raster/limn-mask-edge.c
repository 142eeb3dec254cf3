/* A mask's edge: outwards, inwards, softer. Works in blocks of tiles read, with what lies around them, from a copy that shares its
 * tiles. Blocks run on all processors; those without an edge nearby are skipped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-parallel.h"
#include "limn-mask-tile.h"

#include <math.h>
#include <string.h>

#define BLOCK 256 /* at least; in pixels, whole tiles */

typedef struct {
  LimnRect box;   /* what is read; inside the plane */
  LimnRect out;   /* what is written; inside box */
  guint8 *pixels; /* box.width * box.height; results are put where out is */
} Block;

typedef void (*BlockWork) (Block *block, gpointer user);

typedef struct {
  LimnRaster *mask, *source;
  guint8 *judged; /* LimnMaskTile, by tile */
  int margin, size, across;
  BlockWork work;
  gpointer user;
  GCancellable *cancellable;
} Blocks;

static void
judge_row (gsize row, gpointer user)
{
  Blocks *self = user;
  guint columns = limn_raster_get_columns (self->source);
  for (guint i = (guint) row * columns; i < ((guint) row + 1) * columns; i++)
    self->judged[i] = (guint8) limn_mask_judge_tile (self->source, i);
}

/* All of box is the same. */
static gboolean
is_even (const Blocks *self, const LimnRect *box)
{
  int columns = (int) limn_raster_get_columns (self->source);
  guint8 first = self->judged[box->y / LIMN_TILE_SIZE * columns + box->x / LIMN_TILE_SIZE];
  if (first == LIMN_MASK_TILE_MIXED)
    return FALSE;
  for (int row = box->y / LIMN_TILE_SIZE; row <= (box->y + box->height - 1) / LIMN_TILE_SIZE; row++)
    for (int column = box->x / LIMN_TILE_SIZE; column <= (box->x + box->width - 1) / LIMN_TILE_SIZE; column++)
      if (self->judged[row * columns + column] != first)
        return FALSE;
  return TRUE;
}

static void
work_in_block (gsize index, gpointer data)
{
  Blocks *self = data;
  LimnRect extents = limn_raster_get_extents (self->source);
  Block block = { .out = { (int) index % self->across * self->size, (int) index / self->across * self->size, self->size, self->size } };
  block.box = (LimnRect){ block.out.x - self->margin, block.out.y - self->margin, self->size + 2 * self->margin,
                          self->size + 2 * self->margin };
  block.out = limn_rect_intersect (&block.out, &extents);
  block.box = limn_rect_intersect (&block.box, &extents);
  if (g_cancellable_is_cancelled (self->cancellable) || is_even (self, &block.box))
    return;
  gsize stride = (gsize) block.box.width;
  g_autofree guint8 *pixels = g_malloc (stride * (gsize) block.box.height);
  block.pixels = pixels;
  limn_raster_read (self->source, &block.box, pixels, stride);
  self->work (&block, self->user);
  for (int y = block.out.y; y < block.out.y + block.out.height; y += LIMN_TILE_SIZE)
    for (int x = block.out.x; x < block.out.x + block.out.width; x += LIMN_TILE_SIZE)
      limn_mask_set_tile (self->mask, (guint) (y / LIMN_TILE_SIZE) * limn_raster_get_columns (self->mask) + (guint) (x / LIMN_TILE_SIZE),
                          pixels + (gsize) (y - block.box.y) * stride + (gsize) (x - block.box.x), stride);
}

static LimnRect
work_in_blocks (LimnRaster *mask, int margin, BlockWork work, gpointer user, GCancellable *cancellable)
{
  LimnRect bounds = limn_raster_get_bounds (mask), extents = limn_raster_get_extents (mask);
  if (limn_rect_is_empty (&bounds))
    return bounds;
  g_autoptr (LimnRaster) source = limn_raster_copy (mask);
  guint columns = limn_raster_get_columns (mask), n_tiles = limn_raster_get_n_tiles (mask);
  g_autofree guint8 *judged = g_malloc (n_tiles);
  int size = (MAX (BLOCK, 2 * margin) + LIMN_TILE_SIZE - 1) / LIMN_TILE_SIZE * LIMN_TILE_SIZE;
  int across = (extents.width + size - 1) / size, down = (extents.height + size - 1) / size;
  Blocks self = { mask, source, judged, margin, size, across, work, user, cancellable };
  limn_parallel_for (n_tiles / columns, judge_row, &self);
  limn_parallel_for ((gsize) across * (gsize) down, work_in_block, &self);
  bounds = (LimnRect){ bounds.x - margin, bounds.y - margin, bounds.width + 2 * margin, bounds.height + 2 * margin };
  return limn_rect_intersect (&bounds, &extents);
}

/* -- Grow and shrink -- */

typedef struct {
  double radius;
  gboolean invert;
} Move;

/* Distances along a row from the columns' distances, by the lower envelope of parabolas (Felzenszwalb and Huttenlocher, "Distance
 * Transforms of Sampled Functions", Theory of Computing 8, 2012, algorithm 1). Columns with column[x] >= far have none. at, from: room
 * for width. */
static void
distances_along (const guint16 *column, int width, guint16 far, float *out, int *at, float *from)
{
  int n = 0;
  for (int x = 0; x < width; x++) {
    if (column[x] >= far)
      continue;
    float f = (float) column[x] * column[x], start = -G_MAXFLOAT;
    while (n > 0) {
      int v = at[n - 1];
      float g = (float) column[v] * column[v];
      start = ((f - g) / (float) (x - v) + (float) (x + v)) * 0.5f;
      if (start > from[n - 1])
        break;
      n--;
      start = -G_MAXFLOAT;
    }
    at[n] = x;
    from[n++] = start;
  }
  float limit = far;
  if (n == 0) {
    for (int x = 0; x < width; x++)
      out[x] = limit;
    return;
  }
  for (int k = 0, x = 0; k < n; k++) {
    int end = k + 1 < n ? MIN (width, (int) ceilf (from[k + 1])) : width;
    float down = column[at[k]], squared = down * down;
    for (; x < end; x++) {
      float dx = (float) (x - at[k]), d = sqrtf (dx * dx + squared);
      out[x] = MIN (d, limit);
    }
  }
}

/* Rows up or down to the next pixel of level or more, at most far. */
static void
distances_down (const guint8 *pixels, int width, int height, int level, guint16 far, guint16 *out)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      gsize i = (gsize) y * (gsize) width + (gsize) x;
      guint16 above = y ? out[i - (gsize) width] : far;
      out[i] = pixels[i] >= level ? 0 : above < far ? above + 1 : far;
    }
  for (int y = height - 2; y >= 0; y--)
    for (int x = 0; x < width; x++) {
      gsize i = (gsize) y * (gsize) width + (gsize) x;
      guint16 below = out[i + (gsize) width];
      if (below < out[i])
        out[i] = below + 1 < out[i] ? below + 1 : out[i];
    }
}

/* Between black and white lie more than the two pixels of an antialiased edge. */
static gboolean
is_soft (const guint8 *pixels, int width, int height)
{
  for (int y = 1; y + 1 < height; y++)
    for (int x = 1; x + 1 < width; x++) {
      const guint8 *p = pixels + (gsize) y * (gsize) width + (gsize) x;
      gboolean hard = FALSE;
      for (int dy = -1; dy <= 1 && !hard; dy++)
        for (int dx = -1; dx <= 1 && !hard; dx++)
          hard = p[dy * width + dx] == 0 || p[dy * width + dx] == 255;
      if (!hard)
        return TRUE;
    }
  return FALSE;
}

/* The level sets of the mask each grow by radius; the result is interpolated between the edges of the grown sets. Between the edges
 * of two sets the value goes over evenly, within one pixel at least, which antialiases a hard edge and keeps a soft one. */
static void
move_block (Block *block, gpointer user)
{
  const Move *move = user;
  int width = block->box.width, height = block->box.height;
  gsize n = (gsize) width * (gsize) height;
  guint8 *pixels = block->pixels;
  if (move->invert)
    for (gsize i = 0; i < n; i++)
      pixels[i] ^= 255;
  int levels = is_soft (pixels, width, height) ? 16 : 4;
  float reach = (float) move->radius + 1;
  guint16 far = (guint16) ceilf (reach + 2);
  int first = block->out.y - block->box.y, rows = block->out.height;
  gsize left = (gsize) (block->out.x - block->box.x), out_width = (gsize) block->out.width;
  g_autofree guint16 *column = g_new (guint16, n);
  g_autofree float *inner = g_new (float, out_width *(gsize) rows), *sum = g_new0 (float, out_width *(gsize) rows);
  g_autofree float *row = g_new (float, (gsize) width), *from = g_new (float, (gsize) width);
  g_autofree int *at = g_new (int, (gsize) width);

  /* from the highest level outwards: inner is the distance to the set inside this one */
  for (int k = levels; k >= 1; k--) {
    int level = (2 * k - 1) * 255 / (2 * levels);
    distances_down (pixels, width, height, level, far, column);
    for (int y = 0; y < rows; y++) {
      distances_along (column + (gsize) (first + y) * (gsize) width, width, far, row, at, from);
      float *in = inner + (gsize) y * out_width, *s = sum + (gsize) y * out_width;
      const float *now = row + left;
      for (gsize x = 0; x < out_width; x++) {
        float over = k == levels ? 1 : MAX (1, in[x] - now[x]);
        s[x] += CLAMP ((reach - now[x]) / over, 0, 1);
        in[x] = now[x];
      }
    }
  }
  guint8 flip = move->invert ? 255 : 0;
  for (int y = 0; y < rows; y++) {
    guint8 *out = pixels + (gsize) (first + y) * (gsize) width + left;
    const float *s = sum + (gsize) y * out_width;
    for (gsize x = 0; x < out_width; x++)
      out[x] = (guint8) (s[x] * 255 / (float) levels + 0.5f) ^ flip;
  }
}

static LimnRect
move_edge (LimnRaster *mask, double radius, gboolean invert, GCancellable *cancellable)
{
  if (!(radius > 0))
    return (LimnRect){ 0 };
  Move move = { MIN (radius, 2000), invert };
  return work_in_blocks (mask, (int) ceil (move.radius) + 2, move_block, &move, cancellable);
}

LimnRect
limn_mask_grow (LimnRaster *mask, double radius, GCancellable *cancellable)
{
  return move_edge (mask, radius, FALSE, cancellable);
}

LimnRect
limn_mask_shrink (LimnRaster *mask, double radius, GCancellable *cancellable)
{
  return move_edge (mask, radius, TRUE, cancellable);
}

/* -- Feather -- */

/* One box filter of radius r along the n values of a row; the ends are continued. in may not be out. */
static void
box_along (const guint16 *in, guint16 *out, int n, int r)
{
  float share = 1 / (2 * (float) r + 1);
  guint32 sum = (guint32) (r + 1) * in[0];
  for (int k = 1; k <= r; k++)
    sum += in[MIN (k, n - 1)];
  for (int k = 0; k < n; k++) {
    out[k] = (guint16) ((float) sum * share + 0.5f);
    sum += in[MIN (k + r + 1, n - 1)];
    sum -= in[MAX (k - r, 0)];
  }
}

/* The same down n rows of width values. sum: room for width. */
static void
box_down (const guint16 *in, guint16 *out, int n, int width, int r, guint32 *sum)
{
  float share = 1 / (2 * (float) r + 1);
  for (int i = 0; i < width; i++)
    sum[i] = (guint32) (r + 1) * in[i];
  for (int k = 1; k <= r; k++)
    for (int i = 0; i < width; i++)
      sum[i] += in[(gsize) MIN (k, n - 1) * (gsize) width + (gsize) i];
  for (int k = 0; k < n; k++) {
    const guint16 *add = in + (gsize) MIN (k + r + 1, n - 1) * (gsize) width, *drop = in + (gsize) MAX (k - r, 0) * (gsize) width;
    guint16 *to = out + (gsize) k * (gsize) width;
    for (int i = 0; i < width; i++) {
      to[i] = (guint16) (gint32) ((float) (gint32) sum[i] * share + 0.5f); /* signed: at most 3000 * 65535 */
      sum[i] += (guint32) add[i] - drop[i];
    }
  }
}

static void
feather_block (Block *block, gpointer user)
{
  const int *radii = user;
  int width = block->box.width, height = block->box.height;
  gsize n = (gsize) width * (gsize) height;
  g_autofree guint16 *a = g_new (guint16, n), *b = g_new (guint16, n);
  g_autofree guint32 *sum = g_new (guint32, (gsize) width);
  for (gsize i = 0; i < n; i++)
    a[i] = (guint16) (block->pixels[i] * 257);
  for (int pass = 0; pass < 3; pass++) {
    for (int y = 0; y < height; y++)
      box_along (a + (gsize) y * (gsize) width, b + (gsize) y * (gsize) width, width, radii[pass]);
    box_down (b, a, height, width, radii[pass], sum);
  }
  for (gsize i = 0; i < n; i++)
    block->pixels[i] = (guint8) ((a[i] + 128u) / 257u);
}

LimnRect
limn_mask_feather (LimnRaster *mask, double sigma, GCancellable *cancellable)
{
  if (!(sigma > 0))
    return (LimnRect){ 0 };
  /* Three boxes with the variance of the Gaussian: (w^2 - 1) / 12 each, m of them the next smaller odd width (Kovesi, "Fast Almost-
   * Gaussian Filtering", DICTA 2010). */
  sigma = MIN (sigma, 1000);
  int w = (int) sqrt (12 * sigma * sigma / 3 + 1), radii[3], margin = 1;
  w -= 1 - w % 2;
  double m = (12 * sigma * sigma - 3.0 * w * w - 12.0 * w - 9) / (-4.0 * w - 4);
  for (int i = 0; i < 3; i++) {
    radii[i] = ((i < (int) lrint (m) ? w : w + 2) - 1) / 2;
    margin += radii[i];
  }
  return work_in_blocks (mask, margin, feather_block, radii, cancellable);
}
