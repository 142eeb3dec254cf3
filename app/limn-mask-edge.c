/* A mask's edge: outwards, inwards, softer. All work in bands of rows read from a copy that shares its tiles, so that memory stays
 * small whatever the picture's size. The bands share the processors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"
#include "limn-mask.h"
#include "limn-raster-private.h"

#include <math.h>
#include <string.h>

/* Rows [y0, y1) of a band, with what lies margin above and below them, all columns of box. */
typedef struct {
  LimnRect box;  /* what is read; inside the plane */
  int y0, y1;    /* what is written */
  guint8 *pixels; /* box.width * box.height; results are put here */
} Band;

typedef void (*BandWork) (Band *band, gpointer user);

static LimnRect
grown (const LimnRect *bounds, int by, LimnRaster *mask)
{
  LimnRect r = { bounds->x - by, bounds->y - by, bounds->width + 2 * by, bounds->height + 2 * by };
  LimnRect extents = limn_raster_get_extents (mask);
  return limn_rect_intersect (&r, &extents);
}

typedef struct {
  LimnRaster *mask, *source;
  LimnRect box;
  int margin, step;
  BandWork work;
  gpointer user;
  GMutex mutex; /* guards mask, of which bands share tiles */
} Bands;

static void
work_in_band (gsize index, gpointer data)
{
  Bands *self = data;
  int y = self->box.y + (int) index * self->step;
  Band band = { .y0 = y, .y1 = MIN (y + self->step, self->box.y + self->box.height) };
  int top = MAX (0, y - self->margin), bottom = MIN (self->mask->height, band.y1 + self->margin);
  gsize stride = (gsize) self->box.width;
  g_autofree guint8 *pixels = g_malloc (stride * (gsize) (bottom - top));
  band.box = (LimnRect){ self->box.x, top, self->box.width, bottom - top };
  band.pixels = pixels;
  limn_raster_read (self->source, &band.box, pixels, stride);
  self->work (&band, self->user);
  LimnRect out = { self->box.x, band.y0, self->box.width, band.y1 - band.y0 };
  g_mutex_lock (&self->mutex);
  limn_raster_write (self->mask, &out, pixels + (gsize) (band.y0 - top) * stride, stride);
  g_mutex_unlock (&self->mutex);
}

static LimnRect
work_in_bands (LimnRaster *mask, int margin, BandWork work, gpointer user)
{
  LimnRect bounds = limn_raster_get_bounds (mask);
  if (limn_rect_is_empty (&bounds))
    return bounds;
  g_autoptr (LimnRaster) source = limn_raster_copy (mask);
  Bands self = { mask, source, grown (&bounds, margin, mask), margin, MAX (4 * LIMN_TILE_SIZE, 2 * margin), work, user, { 0 } };
  g_mutex_init (&self.mutex);
  limn_codec_parallel ((gsize) (self.box.height + self.step - 1) / (gsize) self.step, work_in_band, &self);
  g_mutex_clear (&self.mutex);
  return self.box;
}

/* -- Grow and shrink -- */

typedef struct {
  double radius;
  gboolean invert;
} Move;

/* Squared distances along a row from the columns' distances, by the lower envelope of parabolas (Felzenszwalb and Huttenlocher,
 * "Distance Transforms of Sampled Functions", Theory of Computing 8, 2012, algorithm 1). Columns with column[x] >= far have none.
 * at, from: room for width and width + 1. */
static void
distances_along (const guint16 *column, int width, guint16 far, float *out, int *at, double *from)
{
  int n = 0;
  for (int x = 0; x < width; x++) {
    if (column[x] >= far)
      continue;
    double f = (double) column[x] * column[x], start = -G_MAXDOUBLE;
    while (n > 0) {
      int v = at[n - 1];
      double g = (double) column[v] * column[v];
      start = ((f + (double) x * x) - (g + (double) v * v)) / (2.0 * (x - v));
      if (start > from[n - 1])
        break;
      n--;
      start = -G_MAXDOUBLE;
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
  for (int x = 0, k = 0; x < width; x++) {
    while (k + 1 < n && from[k + 1] < x)
      k++;
    float dx = (float) (x - at[k]), dy = column[at[k]], d = sqrtf (dx * dx + dy * dy);
    out[x] = MIN (d, limit);
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

/* The level sets of the mask each grow by radius; the result is put together from where the grown sets' edges lie. Between the edges
 * of two sets the value goes over evenly, within one pixel at least, which antialiases a hard edge and keeps a soft one. */
static void
move_band (Band *band, gpointer user)
{
  const Move *move = user;
  int width = band->box.width, height = band->box.height;
  gsize n = (gsize) width * (gsize) height;
  guint8 *pixels = band->pixels;
  if (move->invert)
    for (gsize i = 0; i < n; i++)
      pixels[i] ^= 255;
  int levels = is_soft (pixels, width, height) ? 16 : 4;
  float reach = (float) move->radius + 1;
  guint16 far = (guint16) ceilf (reach + 2);
  int first = band->y0 - band->box.y, rows = band->y1 - band->y0;
  gsize out_n = (gsize) width * (gsize) rows;
  g_autofree guint16 *column = g_new (guint16, n);
  g_autofree float *inner = g_new (float, out_n), *sum = g_new0 (float, out_n), *row = g_new (float, (gsize) width);
  g_autofree int *at = g_new (int, (gsize) width);
  g_autofree double *from = g_new (double, (gsize) width + 1);

  /* from the highest level outwards: inner is the distance to the set inside this one */
  for (int k = levels; k >= 1; k--) {
    int level = (2 * k - 1) * 255 / (2 * levels);
    distances_down (pixels, width, height, level, far, column);
    for (int y = 0; y < rows; y++) {
      distances_along (column + (gsize) (first + y) * (gsize) width, width, far, row, at, from);
      float *in = inner + (gsize) y * (gsize) width, *s = sum + (gsize) y * (gsize) width;
      for (int x = 0; x < width; x++) {
        float over = k == levels ? 1 : MAX (1, in[x] - row[x]);
        s[x] += CLAMP ((reach - row[x]) / over, 0, 1);
        in[x] = row[x];
      }
    }
  }
  guint8 *out = pixels + (gsize) first * (gsize) width;
  for (gsize i = 0; i < out_n; i++) {
    out[i] = (guint8) (sum[i] * 255 / (float) levels + 0.5f);
    if (move->invert)
      out[i] ^= 255;
  }
}

static LimnRect
move_edge (LimnRaster *mask, double radius, gboolean invert)
{
  if (!(radius > 0))
    return (LimnRect){ 0 };
  Move move = { MIN (radius, 2000), invert };
  return work_in_bands (mask, (int) ceil (move.radius) + 2, move_band, &move);
}

LimnRect
limn_mask_grow (LimnRaster *mask, double radius)
{
  return move_edge (mask, radius, FALSE);
}

LimnRect
limn_mask_shrink (LimnRaster *mask, double radius)
{
  return move_edge (mask, radius, TRUE);
}

/* -- Feather -- */

/* One box filter of radius r along n values, step apart, for lanes values side by side; the ends are continued. in may not be out. */
static void
box (const guint16 *in, guint16 *out, int n, gsize step, int lanes, gsize lane_step, int r, guint32 *sum)
{
  guint32 size = 2 * (guint32) r + 1;
  for (int i = 0; i < lanes; i++) {
    const guint16 *p = in + (gsize) i * lane_step;
    sum[i] = (guint32) (r + 1) * p[0];
    for (int k = 1; k <= r; k++)
      sum[i] += p[(gsize) MIN (k, n - 1) * step];
  }
  for (int k = 0; k < n; k++) {
    gsize add = (gsize) MIN (k + r + 1, n - 1) * step, drop = (gsize) MAX (k - r, 0) * step, to = (gsize) k * step;
    for (int i = 0; i < lanes; i++) {
      gsize lane = (gsize) i * lane_step;
      out[to + lane] = (guint16) ((sum[i] + size / 2) / size);
      sum[i] += in[add + lane];
      sum[i] -= in[drop + lane];
    }
  }
}

static void
feather_band (Band *band, gpointer user)
{
  const int *radii = user;
  int width = band->box.width, height = band->box.height;
  gsize n = (gsize) width * (gsize) height;
  g_autofree guint16 *a = g_new (guint16, n), *b = g_new (guint16, n);
  g_autofree guint32 *sum = g_new (guint32, (gsize) width);
  for (gsize i = 0; i < n; i++)
    a[i] = (guint16) (band->pixels[i] * 257);
  for (int pass = 0; pass < 3; pass++) {
    for (int y = 0; y < height; y++) {
      gsize row = (gsize) y * (gsize) width;
      box (a + row, b + row, width, 1, 1, 0, radii[pass], sum);
    }
    box (b, a, height, (gsize) width, width, 1, radii[pass], sum);
  }
  for (gsize i = 0; i < n; i++)
    band->pixels[i] = (guint8) ((a[i] + 128u) / 257u);
}

LimnRect
limn_mask_feather (LimnRaster *mask, double sigma)
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
  return work_in_bands (mask, margin, feather_band, radii);
}
