/* Area averages straight from 8- and 16-bit pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "area-average.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"

enum { AT_ONCE = 64 }; /* pixels converted to float at a time, in a loop that vectorises */

typedef struct {
  LimnImage *out;
  const LimnPixels *pixels;
  size_t y, height; /* out is rows [y, y + out->height) of height */
  float *columns;   /* [worker][source width][4]: weighted colour and weight, summed over the source rows of one output row */
  size_t *first;    /* [out width + 1]: where each output column's weights begin */
  float *shares;    /* weights of an output column's source pixels, from its leftmost on */
  bool binary;
} Average;

/* Converts a pixel's levels to RGB in [-1, 1] and 1; returns its weight. */
static inline __attribute__ ((always_inline)) float
weight_of (LimnFour *pixel, const float top, const bool binary)
{
  const LimnFour scale = { 2 / top, 2 / top, 2 / top, 1 / top }, offset = { -1, -1, -1, 0 };

  *pixel = *pixel * scale + offset;
  const float weight = binary ? ((*pixel)[3] > 0.5f ? 1.f : 0.f) : (*pixel)[3];
  (*pixel)[3] = 1;
  return weight;
}

/* Reads count pixels of a row, from x on, as floats. */
static inline __attribute__ ((always_inline)) void
read_pixels (const Average *r, size_t y, size_t x, size_t count, float *out)
{
  const uint8_t *row = (const uint8_t *) r->pixels->data + y * r->pixels->stride;

  if (r->pixels->depth == 16) {
    const uint16_t *from = (const uint16_t *) (const void *) row + 4 * x;
    for (size_t i = 0; i < 4 * count; i++)
      out[i] = from[i];
  } else {
    for (size_t i = 0; i < 4 * count; i++)
      out[i] = row[4 * x + i];
  }
}

/* Adds a source row, weighted by share, to columns. */
LIMN_WIDE static void
add_row (const Average *r, size_t y, float share, float *columns)
{
  const float top = r->pixels->depth == 16 ? 65535.f : 255.f;
  const bool binary = r->binary;
  float wide[4 * AT_ONCE];

  for (size_t x = 0; x < r->pixels->width; x += AT_ONCE) {
    const size_t count = limn_size_min (AT_ONCE, r->pixels->width - x);

    read_pixels (r, y, x, count, wide);
    for (size_t i = 0; i < count; i++) {
      LimnFour pixel;
      memcpy (&pixel, wide + 4 * i, sizeof pixel);
      const float weight = share * weight_of (&pixel, top, binary);
      *(LimnFour *) (columns + 4 * (x + i)) += weight * pixel;
    }
  }
}

/* A row of a picture that keeps its size. */
LIMN_WIDE static void
copy_row (void *user, size_t piece, int worker)
{
  const Average *r = user;
  const float top = r->pixels->depth == 16 ? 65535.f : 255.f;
  const bool binary = r->binary;
  float *out = r->out->data + piece * r->out->width * 4;

  read_pixels (r, r->y + piece, 0, r->out->width, out);
  for (size_t i = 0; i < r->out->width; i++) {
    LimnFour pixel = *(const LimnFour *) (out + 4 * i);
    const float weight = weight_of (&pixel, top, binary);

    pixel *= weight > 0 ? 1.f : 0.f;
    pixel[3] = weight;
    *(LimnFour *) (out + 4 * i) = pixel;
  }
}

static void
average_row (void *user, size_t piece, int worker)
{
  Average *r = user;
  const LimnPixels *p = r->pixels;
  LimnImage *out = r->out;
  float *columns = r->columns + (size_t) worker * p->width * 4;
  double ratio_y = (double) p->height / (double) r->height, ratio_x = (double) p->width / (double) out->width;

  memset (columns, 0, p->width * 4 * sizeof (float));
  double y0 = (double) (r->y + piece) * ratio_y, y1 = fmin (y0 + ratio_y, (double) p->height);
  for (size_t y = (size_t) y0; y < p->height && (double) y < y1; y++) {
    double share = fmin (y1, (double) y + 1) - fmax (y0, (double) y);
    if (share > 1e-9)
      add_row (r, y, (float) share, columns);
  }
  for (size_t ox = 0; ox < out->width; ox++) {
    const float *column = columns + 4 * (size_t) ((double) ox * ratio_x), *shares = r->shares + r->first[ox];
    const size_t count = r->first[ox + 1] - r->first[ox];
    LimnFour sum = { 0 }, *o = (LimnFour *) (out->data + (piece * out->width + ox) * 4);

    for (size_t k = 0; k < count; k++)
      sum += shares[k] * *(const LimnFour *) (column + 4 * k);
    if (sum[3] > 0)
      *o = sum / sum[3];
    else
      *o = (LimnFour){ 0 };
    (*o)[3] = (float) (sum[3] / (ratio_x * ratio_y));
  }
}

/* Finds the weights of the source pixels in each output column. */
static LimnStatus
find_shares (Average *r, size_t width, LimnError *error)
{
  const double all = (double) r->pixels->width, ratio = all / (double) width;
  size_t count = 0;

  r->first = limn_alloc (width + 1, 1, 1, sizeof *r->first);
  r->shares = limn_alloc (r->pixels->width + 2 * width, 1, 1, sizeof *r->shares); /* the pixels at a column's ends count for two columns */
  if (!r->first || !r->shares)
    return limn_fail_memory (error, (r->pixels->width + 4 * width) * sizeof *r->shares);
  for (size_t ox = 0; ox < width; ox++) {
    const double x0 = (double) ox * ratio, x1 = fmin (x0 + ratio, all);

    r->first[ox] = count;
    for (size_t x = (size_t) x0; x < r->pixels->width && (double) x < x1; x++)
      r->shares[count++] = (float) (fmin (x1, (double) x + 1) - fmax (x0, (double) x));
  }
  r->first[width] = count;
  return LIMN_OK;
}

LimnStatus
limn_area_average_rows (LimnImage *out, size_t y, size_t rows, const LimnPixels *pixels, size_t width, size_t height, bool binary,
                        LimnPool *pool, LimnError *error)
{
  size_t workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  Average r = { .out = out, .pixels = pixels, .binary = binary, .y = y, .height = height };

  const bool smaller = width < pixels->width || height < pixels->height;
  LimnStatus status = LIMN_OK;

  LIMN_TRY (limn_image_alloc (out, width, rows, 4, error));
  if (smaller) {
    r.columns = limn_alloc (workers, pixels->width, 4, sizeof (float));
    status = r.columns ? find_shares (&r, width, error) : limn_fail_memory (error, workers * pixels->width * 16);
  }
  if (status == LIMN_OK)
    status = limn_pool_try (pool, rows, smaller ? average_row : copy_row, &r, error);
  free (r.columns);
  free (r.first);
  free (r.shares);
  if (status != LIMN_OK)
    limn_image_clear (out);
  return status;
}

LimnStatus
limn_area_average (LimnImage *out, const LimnPixels *pixels, size_t width, size_t height, bool binary, LimnPool *pool, LimnError *error)
{
  return limn_area_average_rows (out, 0, height, pixels, width, height, binary, pool, error);
}
