/* The guide at the photo's own size, as it is: soft.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fill-job.h"

/* Weights of four pixels around t in [0, 1) between the middle two (Catmull-Rom). */
static void
cubic (float t, float weight[4])
{
  weight[0] = ((-0.5f * t + 1.0f) * t - 0.5f) * t;
  weight[1] = (1.5f * t - 2.5f) * t * t + 1.0f;
  weight[2] = ((-1.5f * t + 2.0f) * t + 0.5f) * t;
  weight[3] = (0.5f * t - 0.5f) * t * t;
}

static size_t
clamped (ptrdiff_t i, size_t count)
{
  return i < 0 ? 0 : (size_t) i < count ? (size_t) i : count - 1;
}

typedef struct {
  const LimnFillGuide *guide;
  const LimnRegion *region;
  LimnImage *out;
} Enlarging;

static void
enlarge_row (void *user, size_t j, int worker)
{
  const Enlarging *e = user;
  const LimnFillGuide *guide = e->guide;
  const float scale = 1.0f / (float) guide->cell;
  const float v = ((float) ((ptrdiff_t) (e->region->y + j) - guide->y) + 0.5f) * scale - 0.5f;
  const ptrdiff_t row = (ptrdiff_t) floorf (v);
  float wy[4];

  (void) worker;
  cubic (v - (float) row, wy);
  for (size_t i = 0; i < e->region->width; i++) {
    const float u = ((float) ((ptrdiff_t) (e->region->x + i) - guide->x) + 0.5f) * scale - 0.5f;
    const ptrdiff_t column = (ptrdiff_t) floorf (u);
    float wx[4], sum[3] = { 0 };

    cubic (u - (float) column, wx);
    for (int b = 0; b < 4; b++)
      for (int a = 0; a < 4; a++) {
        const float *from = guide->rgb.data + 3 * (clamped (row - 1 + b, guide->rgb.height) * guide->rgb.width +
                                                   clamped (column - 1 + a, guide->rgb.width));
        for (int c = 0; c < 3; c++)
          sum[c] += wy[b] * wx[a] * from[c];
      }
    memcpy (e->out->data + 3 * (j * e->region->width + i), sum, sizeof sum);
  }
}

LimnStatus
limn_fill_enlarge (LimnImage *out, const LimnFillGuide *guide, const LimnRegion *region, LimnPool *pool, LimnError *error)
{
  Enlarging e = { guide, region, out };

  LimnStatus status;

  LIMN_TRY (limn_image_alloc (out, region->width, region->height, 3, error));
  status = limn_pool_try (pool, region->height, enlarge_row, &e, error);
  if (status != LIMN_OK)
    limn_image_clear (out);
  return status;
}
