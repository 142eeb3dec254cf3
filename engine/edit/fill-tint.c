/* What was painted into a hole keeps its colour, also where the photo has nothing of that colour to copy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fill-job.h"

typedef struct {
  LimnImage *rgb; /* [hole][3] */
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  LimnImage alpha; /* [hole][1]: of the paint */
  LimnImage tint;  /* of guide's size, [4]: what is added, and 1 where that is known */
  size_t x, y;    /* of the hole in the context */
} Tint;

/* A row of the guide's cells: how far the mean of a cell's filled pixels that are painted is from what was painted. */
static void
measure_row (void *user, size_t j, int worker)
{
  const Tint *t = user;
  const LimnFillGuide *guide = t->guide;
  const ptrdiff_t cell = (ptrdiff_t) guide->cell, w = (ptrdiff_t) t->rgb->width, h = (ptrdiff_t) t->rgb->height;
  const ptrdiff_t top = guide->y + (ptrdiff_t) j * cell - (ptrdiff_t) t->y;

  (void) worker;
  for (size_t i = 0; i < guide->rgb.width; i++) {
    const size_t at = j * guide->rgb.width + i;
    const ptrdiff_t left = guide->x + (ptrdiff_t) i * cell - (ptrdiff_t) t->x;
    float sum[3] = { 0 }, count = 0.0f;

    if (guide->painted.data[at] < 0.5f)
      continue;
    for (ptrdiff_t y = top < 0 ? 0 : top; y < top + cell && y < h; y++)
      for (ptrdiff_t x = left < 0 ? 0 : left; x < left + cell && x < w; x++)
        if (t->job->state[(t->y + (size_t) y) * t->job->rgb.width + t->x + (size_t) x] == LIMN_PIXEL_TARGET) {
          const float alpha = t->alpha.data[y * w + x];
          for (ptrdiff_t c = 0; c < 3; c++)
            sum[c] += alpha * t->rgb->data[3 * (y * w + x) + c];
          count += alpha;
        }
    for (size_t c = 0; c < 3 && count > 0.0f; c++)
      t->tint.data[4 * at + c] = guide->rgb.data[3 * at + c] - sum[c] / count;
    t->tint.data[4 * at + 3] = count > 0.0f ? 1.0f : 0.0f;
  }
}

/* Adds a row's tint, linear between the middles of cells, as much as a pixel is painted. */
static void
add_row (void *user, size_t y, int worker)
{
  const Tint *t = user;
  const LimnFillGuide *guide = t->guide;
  const size_t gw = guide->rgb.width, gh = guide->rgb.height;
  const float scale = 1.0f / (float) guide->cell;
  const float v = fmaxf (((float) ((ptrdiff_t) (t->y + y) - guide->y) + 0.5f) * scale - 0.5f, 0.0f);
  const size_t j = (size_t) v < gh - 1 ? (size_t) v : gh - 1, below = j + 1 < gh ? j + 1 : j;
  const float fy = fminf (v - (float) j, 1.0f);

  (void) worker;
  for (size_t x = 0; x < t->rgb->width; x++) {
    const float u = fmaxf (((float) ((ptrdiff_t) (t->x + x) - guide->x) + 0.5f) * scale - 0.5f, 0.0f);
    const size_t i = (size_t) u < gw - 1 ? (size_t) u : gw - 1, right = i + 1 < gw ? i + 1 : i;
    const float fx = fminf (u - (float) i, 1.0f);
    const size_t corner[4] = { j * gw + i, j * gw + right, below * gw + i, below * gw + right };
    const float weight[4] = { (1.0f - fx) * (1.0f - fy), fx * (1.0f - fy), (1.0f - fx) * fy, fx * fy };
    float *to = t->rgb->data + 3 * (y * t->rgb->width + x), sum[4] = { 0 };

    if (t->job->state[(t->y + y) * t->job->rgb.width + t->x + x] != LIMN_PIXEL_TARGET)
      continue;
    for (int k = 0; k < 4; k++)
      for (size_t c = 0; c < 4; c++)
        sum[c] += weight[k] * t->tint.data[4 * corner[k] + 3] * t->tint.data[4 * corner[k] + c];
    for (size_t c = 0; c < 3 && sum[3] > 0.0f; c++)
      to[c] = fminf (fmaxf (to[c] + t->alpha.data[y * t->rgb->width + x] * sum[c] / sum[3], -1.0f), 1.0f);
  }
}

LimnStatus
limn_fill_tint (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error)
{
  Tint t = { .rgb = rgb, .job = job, .guide = guide, .x = job->hole.x - job->context.x, .y = job->hole.y - job->context.y };

  if (guide->painted.data == NULL)
    return LIMN_OK;
  LIMN_TRY (limn_fill_alpha (&t.alpha, job, error));
  LimnStatus status = limn_image_new (&t.tint, guide->rgb.width, guide->rgb.height, 4, error);
  if (status == LIMN_OK)
    status = limn_pool_try (job->engine->pool, guide->rgb.height, measure_row, &t, error);
  if (status == LIMN_OK)
    status = limn_pool_try (job->engine->pool, rgb->height, add_row, &t, error);
  limn_image_clear (&t.alpha);
  limn_image_clear (&t.tint);
  return status;
}
