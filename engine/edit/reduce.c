/* Area averages straight from 8- and 16-bit pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "reduce.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  LimnImage *out;
  const LimnPixels *pixels;
  size_t y, height; /* out is rows [y, y + out->height) of height */
  float *columns; /* [worker][source width][4]: colour times weight, and weight, summed over the rows of one output row */
  bool binary;
} Reduce;

static void
add_row (const Reduce *r, size_t y, float share, float *columns)
{
  const LimnPixels *p = r->pixels;
  const uint8_t *row = (const uint8_t *) p->data + y * p->stride;
  float top = p->depth == 16 ? 65535.f : 255.f;

  for (size_t x = 0; x < p->width; x++) {
    float rgba[4];
    for (size_t k = 0; k < 4; k++)
      rgba[k] = p->depth == 16 ? ((const uint16_t *) (const void *) row)[4 * x + k] : row[4 * x + k];
    float weight = r->binary ? (rgba[3] > top / 2 ? 1.f : 0.f) : rgba[3] / top;
    weight *= share;
    for (size_t k = 0; k < 3; k++)
      columns[4 * x + k] += weight * (rgba[k] * (2 / top) - 1);
    columns[4 * x + 3] += weight;
  }
}

static void
reduce_row (void *user, size_t piece, int worker)
{
  Reduce *r = user;
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
    double x0 = (double) ox * ratio_x, x1 = fmin (x0 + ratio_x, (double) p->width);
    float sum[4] = { 0 };
    for (size_t x = (size_t) x0; x < p->width && (double) x < x1; x++) {
      float share = (float) (fmin (x1, (double) x + 1) - fmax (x0, (double) x));
      for (size_t k = 0; k < 4; k++)
        sum[k] += share * columns[4 * x + k];
    }
    float *o = out->data + (piece * out->width + ox) * 4;
    for (size_t k = 0; k < 3; k++)
      o[k] = sum[3] > 0 ? sum[k] / sum[3] : 0;
    o[3] = (float) (sum[3] / (ratio_x * ratio_y));
  }
}

LimnStatus
limn_reduce_rows (LimnImage *out, size_t y, size_t rows, const LimnPixels *pixels, size_t width, size_t height, bool binary,
                  LimnPool *pool, LimnError *error)
{
  size_t workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  Reduce r = { .out = out, .pixels = pixels, .binary = binary, .y = y, .height = height };

  LIMN_TRY (limn_image_alloc (out, width, rows, 4, error));
  r.columns = limn_alloc (workers, pixels->width, 4, sizeof (float));
  if (!r.columns) {
    limn_image_clear (out);
    return limn_fail_memory (error, workers * pixels->width * 16);
  }
  LimnStatus status = limn_pool_try (pool, rows, reduce_row, &r, error);
  free (r.columns);
  if (status != LIMN_OK)
    limn_image_clear (out);
  return status;
}

LimnStatus
limn_reduce_pixels (LimnImage *out, const LimnPixels *pixels, size_t width, size_t height, bool binary, LimnPool *pool,
                    LimnError *error)
{
  return limn_reduce_rows (out, 0, height, pixels, width, height, binary, pool, error);
}
