/* Applies chroma coefficients to the photo's pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "paint-chroma.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "engine/imaging/luma.h"

enum { ROWS = 16, BLOCK = 64 }; /* ROWS: per piece */

/* The last pass: applies coefficients, interpolated between their centres. */
typedef struct {
  const LimnPixels *photo;
  const LimnMask *mask;
  const LimnImage *coefficients;
  LimnPixels *out;
  float *rows;    /* [worker][coefficients width][coefficients channels] */
  size_t *column; /* [photo width]: left neighbour's column */
  float *weight;  /* [photo width]: weight of the right neighbour */
  float saturation;
} Paint;

static void
interpolate_at (double at, size_t cells, size_t *low, float *share)
{
  at = fmin (fmax (at, 0), (double) (cells - 1));
  *low = (size_t) at;
  if (*low + 1 >= cells && cells > 1)
    *low = cells - 2;
  *share = cells > 1 ? (float) (at - (double) *low) : 0;
}

/* Pixels of a row that are coloured together, as structure of arrays for full vectors. Values are levels in [0, top]. */
typedef struct {
  float luma[BLOCK], b[BLOCK], r[BLOCK]; /* b, r: chroma */
  int rgb[3][BLOCK];
} Block;

/* Largest factor at which chroma c fits the gamut at luma y. */
static inline __attribute__ ((always_inline)) float
gamut_factor (float y, float c, float top)
{
  return y + c > top ? (top - y) / c : y + c < 0 ? -y / c : 1;
}

/* Rounds v to a level. */
static inline __attribute__ ((always_inline)) int
level_of (float v, float top)
{
  return (int) (limn_min (limn_max (v, 0), top) + 0.5f);
}

/* Keeps luma and shrinks chroma to the gamut; green compensates the rounding of red and blue. */
LIMN_WIDE static void
colour_block (Block *p, size_t count, float top)
{
  for (size_t i = 0; i < count; i++) {
    const float y = p->luma[i], b = p->b[i], r = p->r[i], g = -(LIMN_LUMA_RED * r + LIMN_LUMA_BLUE * b) / LIMN_LUMA_GREEN;
    const float k = limn_min (limn_min (limn_min (1, gamut_factor (y, r, top)), gamut_factor (y, g, top)), gamut_factor (y, b, top));
    const int red = level_of (y + k * r, top), blue = level_of (y + k * b, top);

    p->rgb[0][i] = red;
    p->rgb[1][i] = level_of ((y - LIMN_LUMA_RED * (float) red - LIMN_LUMA_BLUE * (float) blue) / LIMN_LUMA_GREEN, top);
    p->rgb[2][i] = blue;
  }
}

/* Luma and chroma of pixels [x, x + count). in: the photo's row; row: the coefficients interpolated to this height. */
static inline __attribute__ ((always_inline)) void
read_block (Block *p, const Paint *paint, const void *in, const float *row, size_t x, size_t count, bool deep)
{
  const float top = deep ? 65535.f : 255.f, saturation = paint->saturation;
  const size_t channels = paint->coefficients->channels, next = paint->coefficients->width > 1 ? channels : 0;

  for (size_t i = 0; i < count; i++) {
    float level[3];
    for (size_t k = 0; k < 3; k++)
      level[k] = deep ? ((const uint16_t *) in)[4 * (x + i) + k] : ((const uint8_t *) in)[4 * (x + i) + k];
    const float luma = limn_luma (level);
    const float *c = row + channels * paint->column[x + i], *d = c + next, t = paint->weight[x + i], guide = luma * (2 / top) - 1;
    const float b = (c[0] + t * (d[0] - c[0])) * guide + c[1] + t * (d[1] - c[1]);
    const float r = (c[2] + t * (d[2] - c[2])) * guide + c[3] + t * (d[3] - c[3]);
    float scale = saturation;
    if (channels > 4) {
      const float share = (c[4] + t * (d[4] - c[4])) * guide + c[5] + t * (d[5] - c[5]);
      scale += (1 - saturation) * limn_min (limn_max (share, 0), 1);
    }
    p->luma[i] = luma;
    p->b[i] = b * scale * (top / 2);
    p->r[i] = r * scale * (top / 2);
  }
}

static void
paint_row (const Paint *p, size_t y, const float *row)
{
  const LimnPixels *photo = p->photo;
  const uint8_t *in = (const uint8_t *) photo->data + y * photo->stride;
  uint8_t *out = (uint8_t *) p->out->data + y * p->out->stride;
  const uint8_t *mask = p->mask ? p->mask->data + y * p->mask->stride : NULL;
  const bool deep = photo->depth == 16;
  Block block;

  for (size_t x = 0; x < photo->width; x += BLOCK) {
    const size_t count = photo->width - x < BLOCK ? photo->width - x : BLOCK;

    if (deep)
      read_block (&block, p, in, row, x, count, true);
    else
      read_block (&block, p, in, row, x, count, false);
    colour_block (&block, count, deep ? 65535.f : 255.f);
    for (size_t i = 0; i < count; i++) {
      const unsigned alpha = mask ? mask[x + i] : 255;
      uint16_t *wide = (uint16_t *) (void *) out + 4 * (x + i);
      uint8_t *o = out + 4 * (x + i);

      for (size_t k = 0; k < 3; k++)
        if (deep)
          wide[k] = (uint16_t) block.rgb[k][i];
        else
          o[k] = (uint8_t) block.rgb[k][i];
      if (deep)
        wide[3] = (uint16_t) (alpha * 257);
      else
        o[3] = (uint8_t) alpha;
    }
  }
}

static void
paint_rows (void *user, size_t piece, int worker)
{
  Paint *p = user;
  const LimnImage *c = p->coefficients;
  const size_t floats = c->width * c->channels;
  float *row = p->rows + (size_t) worker * floats;

  for (size_t y = piece * ROWS; y < (piece + 1) * ROWS && y < p->photo->height; y++) {
    size_t low;
    float share;
    interpolate_at (((double) y + 0.5) * (double) c->height / (double) p->photo->height - 0.5, c->height, &low, &share);
    const float *a = c->data + low * floats, *b = c->height > 1 ? a + floats : a;
    for (size_t i = 0; i < floats; i++)
      row[i] = a[i] + share * (b[i] - a[i]);
    paint_row (p, y, row);
  }
}

LimnStatus
limn_paint_chroma (LimnOverlay *overlay, const LimnPixels *photo, const LimnMask *mask, const LimnImage *coefficients, float saturation,
                   LimnPool *pool, LimnError *error)
{
  size_t w = photo->width, workers = (size_t) limn_pool_threads (pool);
  Paint p = { .photo = photo, .mask = mask, .coefficients = coefficients, .out = &overlay->pixels, .saturation = saturation };

  LIMN_TRY (limn_overlay_new (overlay, 0, 0, w, photo->height, photo->depth, error));
  overlay->keep_alpha = true;
  p.rows = limn_alloc (workers, coefficients->width, coefficients->channels, sizeof (float));
  p.column = limn_alloc (w, 1, 1, sizeof *p.column);
  p.weight = limn_alloc (w, 1, 1, sizeof *p.weight);
  LimnStatus status = LIMN_OK;
  if (!p.rows || !p.column || !p.weight) {
    status = limn_fail_memory (error, workers * coefficients->width * coefficients->channels * sizeof (float) +
                                        w * (sizeof *p.column + sizeof *p.weight));
  } else {
    for (size_t x = 0; x < w; x++)
      interpolate_at (((double) x + 0.5) * (double) coefficients->width / (double) w - 0.5, coefficients->width, &p.column[x],
                      &p.weight[x]);
    status = limn_pool_try (pool, (photo->height + ROWS - 1) / ROWS, paint_rows, &p, error);
  }
  if (status != LIMN_OK)
    limn_overlay_clear (overlay);
  free (p.rows);
  free (p.column);
  free (p.weight);
  return status;
}
