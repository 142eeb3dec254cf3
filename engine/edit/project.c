/* Back-projection (Irani, Peleg 1991): the difference at low resolution is enlarged and added, first smoothly, then block by block.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "project.h"

#include <math.h>

#include "kernels/resample.h"
#include "minmax.h"

enum { SMOOTH_ROUNDS = 3, CLAMP_ROUNDS = 64 };

typedef struct {
  LimnImage *large;
  const LimnImage *small, *smooth;
  LimnImage *difference;
  size_t s;
  float top;
} Project;

static void
measure_row (void *user, size_t y, int worker)
{
  (void) worker;
  Project *p = user;
  size_t w = p->small->width, s = p->s, stride = p->large->width * 3;

  for (size_t x = 0; x < w; x++)
    for (size_t k = 0; k < 3; k++) {
      float sum = 0;
      for (size_t v = 0; v < s; v++)
        for (size_t u = 0; u < s; u++)
          sum += p->large->data[(y * s + v) * stride + (x * s + u) * 3 + k];
      p->difference->data[(y * w + x) * 3 + k] = p->small->data[(y * w + x) * 3 + k] - sum / (float) (s * s);
    }
}

static void
add_row (void *user, size_t y, int worker)
{
  (void) worker;
  Project *p = user;
  size_t n = p->large->width * 3;
  for (size_t i = y * n; i < (y + 1) * n; i++)
    p->large->data[i] += p->smooth->data[i];
}

/* One channel of one block, in levels: shifted to the wanted mean inside [0, top] (what one clamped pixel can't take the others
 * share, which ends after a round or two but for the blackest and whitest blocks), then rounded with the error carried on. */
static void
settle (float *block, size_t stride, size_t s, float want, float top)
{
  float count = (float) (s * s);

  for (int round = 0; round < CLAMP_ROUNDS; round++) {
    float sum = 0;
    for (size_t v = 0; v < s; v++)
      for (size_t u = 0; u < s; u++)
        sum += block[v * stride + 3 * u];
    float missing = want * count - sum, free_ones = 0;
    for (size_t v = 0; v < s; v++)
      for (size_t u = 0; u < s; u++) {
        float value = block[v * stride + 3 * u];
        free_ones += missing > 0 ? value < top : value > 0;
      }
    if (free_ones < 1 || fabsf (missing) < 0.02f)
      break;
    for (size_t v = 0; v < s; v++)
      for (size_t u = 0; u < s; u++) {
        float *value = &block[v * stride + 3 * u];
        if (missing > 0 ? *value < top : *value > 0)
          *value = *value + missing / free_ones;
        *value = limn_min (limn_max (*value, 0), top);
      }
  }
  float carried = 0;
  for (size_t v = 0; v < s; v++)
    for (size_t u = 0; u < s; u++) {
      float *value = &block[v * stride + 3 * u], wanted = *value + carried;
      float level = limn_min ((float) (int) limn_max (wanted + 0.5f, 0), top);
      carried = wanted - level;
      *value = level;
    }
}

static void
settle_row (void *user, size_t y, int worker)
{
  (void) worker;
  Project *p = user;
  size_t w = p->small->width, s = p->s, stride = p->large->width * 3;
  float half = p->top / 2;

  for (size_t v = 0; v < s; v++)
    for (size_t i = 0; i < stride; i++) {
      float *value = &p->large->data[(y * s + v) * stride + i];
      *value = limn_min (limn_max ((*value + 1) * half, 0), p->top);
    }
  for (size_t x = 0; x < w; x++)
    for (size_t k = 0; k < 3; k++)
      settle (p->large->data + y * s * stride + x * s * 3 + k, stride, s, (p->small->data[(y * w + x) * 3 + k] + 1) * half, p->top);
  for (size_t v = 0; v < s; v++)
    for (size_t i = 0; i < stride; i++)
      p->large->data[(y * s + v) * stride + i] = p->large->data[(y * s + v) * stride + i] / half - 1;
}

LimnStatus
limn_project (LimnImage *large, const LimnImage *small, size_t s, int depth, LimnPool *pool, LimnError *error)
{
  LimnImage difference = { 0 }, smooth = { 0 };
  Project p = { .large = large, .small = small, .smooth = &smooth, .difference = &difference, .s = s,
                .top = depth == 16 ? 65535.f : 255.f };

  LIMN_TRY (limn_image_alloc (&difference, small->width, small->height, 3, error));
  LimnStatus status = LIMN_OK;
  for (int round = 0; round < SMOOTH_ROUNDS && status == LIMN_OK; round++) {
    status = limn_pool_try (pool, small->height, measure_row, &p, error);
    if (status == LIMN_OK)
      status = limn_resample (&smooth, &difference, large->width, large->height, LIMN_FILTER_BICUBIC, pool, error);
    if (status == LIMN_OK)
      status = limn_pool_try (pool, large->height, add_row, &p, error);
    limn_image_clear (&smooth);
  }
  if (status == LIMN_OK)
    status = limn_pool_try (pool, small->height, settle_row, &p, error);
  limn_image_clear (&difference);
  return status;
}
