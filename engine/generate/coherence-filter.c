/* Smoothing along the tangents of a structure tensor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "coherence-filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/resample.h"

enum {
  ENLARGED = 4,
  STEPS = 3, /* samples to either side */
  STEP = 2,  /* distance of samples, pixels of large */
};

static const float TENSOR_BLUR = 0.7f;                                                  /* standard deviation, in pixels of low */
static const float WEIGHT[STEPS + 1] = { 1.0f, 0.80073740f, 0.41111229f, 0.13533528f }; /* Gaussian, standard deviation 3 pixels */
static const float LEAST_CONTRAST =
  0.00123f; /* sum of squared gradients ([-1, 1] per pixel of low) at which a gradient field counts half */
static const float LEAST_COHERENCE = 0.05f;
static const float LEAST_STRUCTURE = 1.5e-5f; /* slopes squared (half a level of 8 bits a pixel) at which half of the detail is believed */

/* Some rows of large: out from row y on; plain, large and extra from row top on. */
typedef struct {
  const LimnImage *low, *plain, *large, *tensor; /* tensor: the rows of out */
  LimnImage *out, *slopes;
  LimnImage extra; /* [rows][4 w][4]: large minus plain */
  size_t y, top, large_y, height;
  float gain;
} Smoothing;

static float
clamped_luma (const LimnImage *low, ptrdiff_t x, ptrdiff_t y)
{
  const ptrdiff_t w = (ptrdiff_t) low->width, h = (ptrdiff_t) low->height;
  const ptrdiff_t u = x < 0 ? 0 : x < w ? x : w - 1, v = y < 0 ? 0 : y < h ? y : h - 1;
  const float *p = low->data + 3 * (v * w + u);

  return limn_luma (p);
}

/* Products of luma's gradients (Sobel) in a row of low. */
static void
slopes_row (void *user, size_t y, int worker)
{
  const Smoothing *a = user;

  for (size_t x = 0; x < a->low->width; x++) {
    float v[3][3], *to = a->slopes->data + 3 * (y * a->low->width + x);
    for (int j = 0; j < 3; j++)
      for (int i = 0; i < 3; i++)
        v[j][i] = clamped_luma (a->low, (ptrdiff_t) x + i - 1, (ptrdiff_t) y + j - 1);
    const float gx = (v[0][2] - v[0][0] + 2.0f * (v[1][2] - v[1][0]) + v[2][2] - v[2][0]) / 8.0f;
    const float gy = (v[2][0] - v[0][0] + 2.0f * (v[2][1] - v[0][1]) + v[2][2] - v[0][2]) / 8.0f;
    to[0] = gx * gx;
    to[1] = gx * gy;
    to[2] = gy * gy;
  }
}

static void
extra_row (void *user, size_t row, int worker)
{
  const Smoothing *a = user;
  const size_t w = a->plain->width;
  const float *large = a->large->data + 3 * w * (a->top + row - a->large_y), *plain = a->plain->data + 3 * w * row;
  float *extra = a->extra.data + 4 * w * row;

  for (size_t x = 0; x < w; x++) {
    for (size_t c = 0; c < 3; c++)
      extra[4 * x + c] = large[3 * x + c] - plain[3 * x + c];
    extra[4 * x + 3] = 0.0f;
  }
}

/* Bilinear sample of extra. */
static inline LimnFour
sample_extra (const Smoothing *a, float x, float y)
{
  const size_t w = a->plain->width, h = a->height;
  const float u = limn_min (limn_max (x, 0.0f), (float) (w - 1)), v = limn_min (limn_max (y, 0.0f), (float) (h - 1));
  const int i = (int) u, j = (int) v; /* int converts faster than size_t; no picture is so large */
  const size_t right = (size_t) i + 1 < w ? 4 : 0, below = (size_t) j + 1 < h ? 4 * w : 0;
  const float fx = u - (float) i, fy = v - (float) j, *at = a->extra.data + 4 * (((size_t) j - a->top) * w + (size_t) i);
  LimnFour p, q, r, s;

  memcpy (&p, at, sizeof p);
  memcpy (&q, at + right, sizeof q);
  memcpy (&r, at + below, sizeof r);
  memcpy (&s, at + below + right, sizeof s);
  p += fx * (q - p);
  r += fx * (s - r);
  return p + fy * (r - p);
}

static void
smooth_row (void *user, size_t row, int worker)
{
  const Smoothing *a = user;
  const size_t w = a->plain->width, y = a->y + row;
  const float *plain = a->plain->data + 3 * w * (y - a->top), *extra = a->extra.data + 4 * w * (y - a->top);
  float *out = a->out->data + 3 * w * row;

  for (size_t x = 0; x < w; x++) {
    const float *t = a->tensor->data + 3 * (row * w + x), difference = t[0] - t[2];
    const float spread = sqrtf (difference * difference + 4.0f * t[1] * t[1]);
    const float coherence = spread / (t[0] + t[2] + LEAST_CONTRAST);
    LimnFour detail;

    memcpy (&detail, extra + 4 * x, sizeof detail);
    if (coherence > LEAST_COHERENCE) {
      /* the tangent is perpendicular to the tensor's main direction, whose double angle has the cosine difference / spread */
      const float cosine = difference / spread;
      const float dx = -copysignf (sqrtf (limn_max (0.5f - 0.5f * cosine, 0.0f)), t[1]) * STEP;
      const float dy = sqrtf (limn_max (0.5f + 0.5f * cosine, 0.0f)) * STEP;
      LimnFour sum = WEIGHT[0] * detail;
      float total = WEIGHT[0];
      for (int k = 1; k <= STEPS; k++) {
        const float px = (float) k * dx, py = (float) k * dy;
        sum += WEIGHT[k] * (sample_extra (a, (float) x + px, (float) y + py) + sample_extra (a, (float) x - px, (float) y - py));
        total += 2.0f * WEIGHT[k];
      }
      detail += limn_min (coherence, 1.0f) * (sum / total - detail);
    }
    /* where the photo has no structure at all, what an evaluation adds is the noise that it began from */
    const float gain = a->gain * (t[0] + t[2]) / (t[0] + t[2] + LEAST_STRUCTURE);
    for (size_t c = 0; c < 3; c++)
      out[3 * x + c] = plain[3 * x + c] + gain * detail[c];
  }
}

LimnStatus
limn_coherence_filter_new (LimnCoherenceFilter *filter, const LimnImage *low, float gain, LimnPool *pool, LimnError *error)
{
  LIMN_SCOPED_IMAGE slopes = { 0 };
  Smoothing a = { .low = low, .slopes = &slopes };

  *filter = (LimnCoherenceFilter){ .low = low, .gain = gain };
  LIMN_TRY (limn_image_alloc (&slopes, low->width, low->height, 3, error));
  LIMN_TRY (limn_pool_try (pool, low->height, slopes_row, &a, error));
  return limn_blur (&filter->tensor, &slopes, TENSOR_BLUR, pool, error);
}

void
limn_coherence_filter_clear (LimnCoherenceFilter *filter)
{
  limn_image_clear (&filter->tensor);
}

LimnStatus
limn_coherence_filter_rows (const LimnCoherenceFilter *filter, LimnImage *out, size_t y, size_t rows, const LimnImage *large,
                            size_t large_y, LimnPool *pool, LimnError *error)
{
  const LimnImage *low = filter->low;
  const size_t width = ENLARGED * low->width, height = ENLARGED * low->height;
  const size_t top = y > LIMN_COHERENCE_REACH ? y - LIMN_COHERENCE_REACH : 0;
  const size_t end = y + rows + LIMN_COHERENCE_REACH < height ? y + rows + LIMN_COHERENCE_REACH : height;
  LimnImage plain = { 0 }, tensor = { 0 };
  Smoothing a = { .low = low,
                  .large = large,
                  .plain = &plain,
                  .tensor = &tensor,
                  .out = out,
                  .y = y,
                  .top = top,
                  .large_y = large_y,
                  .height = height,
                  .gain = filter->gain };

  *out = (LimnImage){ 0 };
  LimnStatus status = limn_resample_rows (&plain, top, end - top, low, 0, low->height, width, height, LIMN_FILTER_BICUBIC, pool, error);
  if (status == LIMN_OK)
    status = limn_resample_rows (&tensor, y, rows, &filter->tensor, 0, low->height, width, height, LIMN_FILTER_LINEAR, pool, error);
  if (status == LIMN_OK)
    status = limn_image_alloc (&a.extra, width, end - top, 4, error);
  if (status == LIMN_OK)
    status = limn_image_alloc (out, width, rows, 3, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, end - top, extra_row, &a, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, rows, smooth_row, &a, error);
  limn_image_clear (&a.extra);
  limn_image_clear (&plain);
  limn_image_clear (&tensor);
  if (status != LIMN_OK)
    limn_image_clear (out);
  return status;
}
