/* A joint bilateral filter of chroma's mean and variance, and Wiener shrinkage.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "chroma-denoise.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"

enum { REACH = 2, LEVELS = 256 }; /* REACH: radius in standard deviations */

static const float SPREAD = 0.1f;       /* spatial standard deviation, as a share of the shorter side */
static const float LUMA_SPREAD = 0.12f; /* standard deviation in luma */

typedef struct {
  const LimnImage *chroma, *luma;
  LimnImage *out;
  ptrdiff_t radius;
  float *in_space;           /* [radius + 1]: spatial weights along one axis */
  float in_luma[LEVELS + 1]; /* weights by luma difference */
  float strictness;
} Denoising;

static void
denoise_row (void *user, size_t y, int worker)
{
  const Denoising *c = user;
  const ptrdiff_t w = (ptrdiff_t) c->luma->width, h = (ptrdiff_t) c->luma->height, v = (ptrdiff_t) y;

  for (ptrdiff_t u = 0; u < w; u++) {
    const float here = c->luma->data[v * w + u];
    float weight = 0.0f, sum[2] = { 0 }, squares = 0.0f;

    for (ptrdiff_t j = v - c->radius < 0 ? 0 : v - c->radius; j <= v + c->radius && j < h; j++)
      for (ptrdiff_t i = u - c->radius < 0 ? 0 : u - c->radius; i <= u + c->radius && i < w; i++) {
        const float *p = c->chroma->data + 2 * (j * w + i);
        const float d = limn_min (fabsf (c->luma->data[j * w + i] - here) * (LEVELS / 2), LEVELS);
        const float k = c->in_space[labs (i - u)] * c->in_space[labs (j - v)] * c->in_luma[(int) d];
        weight += k;
        sum[0] += k * p[0];
        sum[1] += k * p[1];
        squares += k * (p[0] * p[0] + p[1] * p[1]);
      }
    const float mean[2] = { sum[0] / weight, sum[1] / weight }, length = mean[0] * mean[0] + mean[1] * mean[1];
    const float variance = limn_max (squares / weight - length, 0.0f);
    const float keep = length / (length + c->strictness * variance + 1e-6f);
    c->out->data[2 * (v * w + u)] = keep * mean[0];
    c->out->data[2 * (v * w + u) + 1] = keep * mean[1];
  }
}

LimnStatus
limn_chroma_denoise (LimnImage *chroma, const LimnImage *luma, float strictness, LimnPool *pool, LimnError *error)
{
  const float sigma = limn_max (SPREAD * (float) (luma->width < luma->height ? luma->width : luma->height), 0.5f);
  Denoising c = { .chroma = chroma, .luma = luma, .radius = (ptrdiff_t) (REACH * sigma + 1.0f), .strictness = strictness };
  LimnImage out;
  LimnStatus status;

  c.in_space = limn_alloc ((size_t) c.radius + 1, 1, 1, sizeof (float));
  if (c.in_space == NULL)
    return limn_fail_memory (error, ((size_t) c.radius + 1) * sizeof (float));
  for (ptrdiff_t i = 0; i <= c.radius; i++)
    c.in_space[i] = expf (-0.5f * (float) (i * i) / (sigma * sigma));
  for (int i = 0; i <= LEVELS; i++) {
    const float d = (float) i / (LEVELS / 2) / LUMA_SPREAD;
    c.in_luma[i] = expf (-0.5f * d * d);
  }
  status = limn_image_alloc (&out, luma->width, luma->height, 2, error);
  if (status == LIMN_OK) {
    c.out = &out;
    status = limn_pool_try (pool, luma->height, denoise_row, &c, error);
    limn_image_clear (status == LIMN_OK ? chroma : &out);
    if (status == LIMN_OK)
      *chroma = out;
  }
  free (c.in_space);
  return status;
}
