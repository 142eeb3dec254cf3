/* A joint bilateral filter of chroma's mean and variance, and Wiener shrinkage.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "chroma-denoise.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"

enum { REACH = 2, LANES = 8 }; /* REACH: radius in standard deviations */

static const float SPREAD = 0.1f;       /* spatial standard deviation, as a share of the shorter side */
static const float LUMA_SPREAD = 0.12f; /* standard deviation in luma */

/* Weighted sums over a neighbourhood, in LANES parts: the same whatever the vectors' width. */
typedef struct {
  float weight[LANES], chroma[2][LANES], squares[LANES];
} Sums;

typedef struct {
  const LimnImage *luma;
  const float *chroma[2]; /* planes of luma's size */
  LimnImage *out;
  ptrdiff_t radius;
  float *in_space; /* [2 radius + 1]: spatial weights along one axis */
  float strictness;
} Denoising;

/* Adds a pixel to one of the parts. share: its spatial weight. The weight by luma is exp (-t), t = d^2 / (2 s^2), as (1 - t / 16)^16. */
static inline void
add_pixel (Sums *sums, int part, float luma, float here, float share, float a, float b)
{
  const float d = luma - here;
  float k = limn_max (1.0f - d * d * (1.0f / (32.0f * LUMA_SPREAD * LUMA_SPREAD)), 0.0f);

  k *= k, k *= k, k *= k, k *= k;
  k *= share;
  sums->weight[part] += k;
  sums->chroma[0][part] += k * a;
  sums->chroma[1][part] += k * b;
  sums->squares[part] += k * (a * a + b * b);
}

/* n pixels of a row. space: their weights along it; share: the row's. */
LIMN_WIDE static void
denoise_span (const float *restrict luma, const float *restrict a, const float *restrict b, const float *restrict space, float here,
              float share, size_t n, Sums *restrict sums)
{
  size_t i = 0;

  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) {
      const size_t at = i + (size_t) k;
      add_pixel (sums, k, luma[at], here, space[at] * share, a[at], b[at]);
    }
  for (; i < n; i++)
    add_pixel (sums, 0, luma[i], here, space[i] * share, a[i], b[i]);
}

static float
total (const float parts[LANES])
{
  float sum = 0.0f;

  for (int k = 0; k < LANES; k++)
    sum += parts[k];
  return sum;
}

static void
denoise_row (void *user, size_t y, int worker)
{
  const Denoising *c = user;
  const ptrdiff_t w = (ptrdiff_t) c->luma->width, h = (ptrdiff_t) c->luma->height, v = (ptrdiff_t) y, r = c->radius;
  const ptrdiff_t top = v < r ? 0 : v - r, bottom = v + r < h ? v + r + 1 : h;

  for (ptrdiff_t u = 0; u < w; u++) {
    const float here = c->luma->data[v * w + u];
    const ptrdiff_t left = u < r ? 0 : u - r, right = u + r < w ? u + r + 1 : w;
    Sums sums = { 0 };

    for (ptrdiff_t j = top; j < bottom; j++) {
      const ptrdiff_t at = j * w + left;
      denoise_span (c->luma->data + at, c->chroma[0] + at, c->chroma[1] + at, c->in_space + left - u + r, here, c->in_space[j - v + r],
                    (size_t) (right - left), &sums);
    }
    const float weight = total (sums.weight), mean[2] = { total (sums.chroma[0]) / weight, total (sums.chroma[1]) / weight };
    const float length = mean[0] * mean[0] + mean[1] * mean[1];
    const float variance = limn_max (total (sums.squares) / weight - length, 0.0f);
    const float keep = length / (length + c->strictness * variance + 1e-6f);
    c->out->data[2 * (v * w + u)] = keep * mean[0];
    c->out->data[2 * (v * w + u) + 1] = keep * mean[1];
  }
}

LimnStatus
limn_chroma_denoise (LimnImage *chroma, const LimnImage *luma, float strictness, LimnPool *pool, LimnError *error)
{
  const float sigma = limn_max (SPREAD * (float) (luma->width < luma->height ? luma->width : luma->height), 0.5f);
  const size_t radius = (size_t) (REACH * sigma + 1.0f), n = luma->width * luma->height, size = 2 * radius + 1 + 2 * n;
  float *memory = limn_alloc (size, 1, 1, sizeof (float)), *planes = memory + 2 * radius + 1;
  Denoising c = {
    .luma = luma, .chroma = { planes, planes + n }, .radius = (ptrdiff_t) radius, .in_space = memory, .strictness = strictness
  };
  LimnImage out;
  LimnStatus status;

  if (memory == NULL)
    return limn_fail_memory (error, size * sizeof (float));
  for (size_t i = 0; i <= 2 * radius; i++) {
    const float d = (float) i - (float) radius;
    c.in_space[i] = expf (-0.5f * d * d / (sigma * sigma));
  }
  for (size_t i = 0; i < n; i++) {
    planes[i] = chroma->data[2 * i];
    planes[n + i] = chroma->data[2 * i + 1];
  }
  status = limn_image_alloc (&out, luma->width, luma->height, 2, error);
  if (status == LIMN_OK) {
    c.out = &out;
    status = limn_pool_try (pool, luma->height, denoise_row, &c, error);
    limn_image_clear (status == LIMN_OK ? chroma : &out);
    if (status == LIMN_OK)
      *chroma = out;
  }
  free (memory);
  return status;
}
