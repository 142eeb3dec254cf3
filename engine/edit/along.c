/* Smoothing along the tangents of a structure tensor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "along.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/resample.h"

enum {
  ENLARGED = 4,
  STEPS = 3,  /* to either side */
  STEP = 2,   /* pixels of large */
};

static const float TENSOR_BLUR = 0.7f;  /* standard deviation, pixels of low */
static const float WEIGHT[STEPS + 1] = { 1.0f, 0.80073740f, 0.41111229f, 0.13533528f }; /* a Gaussian of 3 pixels */
static const float LEAST_CONTRAST = 0.00123f; /* slopes squared ([-1, 1] a pixel of low) below which there is no edge */
static const float LEAST_COHERENCE = 0.05f;

typedef float Four __attribute__ ((vector_size (16)));

typedef struct {
  const LimnImage *low, *plain, *tensor; /* tensor: [4 h][4 w][3], of plain's size */
  LimnImage *large, *slopes;
  float *extra; /* [4 h][4 w][4]: what large has more than plain */
  float gain;
} Along;

static float
luma_at (const LimnImage *low, ptrdiff_t x, ptrdiff_t y)
{
  const ptrdiff_t w = (ptrdiff_t) low->width, h = (ptrdiff_t) low->height;
  const ptrdiff_t u = x < 0 ? 0 : x < w ? x : w - 1, v = y < 0 ? 0 : y < h ? y : h - 1;
  const float *p = low->data + 3 * (v * w + u);

  return 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
}

/* Products of luma's slopes (Sobel) in a row of low. */
static void
slopes_row (void *user, size_t y, int worker)
{
  const Along *a = user;

  (void) worker;
  for (size_t x = 0; x < a->low->width; x++) {
    float v[3][3], *to = a->slopes->data + 3 * (y * a->low->width + x);
    for (int j = 0; j < 3; j++)
      for (int i = 0; i < 3; i++)
        v[j][i] = luma_at (a->low, (ptrdiff_t) x + i - 1, (ptrdiff_t) y + j - 1);
    const float gx = (v[0][2] - v[0][0] + 2.0f * (v[1][2] - v[1][0]) + v[2][2] - v[2][0]) / 8.0f;
    const float gy = (v[2][0] - v[0][0] + 2.0f * (v[2][1] - v[0][1]) + v[2][2] - v[0][2]) / 8.0f;
    to[0] = gx * gx;
    to[1] = gx * gy;
    to[2] = gy * gy;
  }
}

static void
extra_row (void *user, size_t y, int worker)
{
  const Along *a = user;
  const size_t w = a->plain->width;

  (void) worker;
  for (size_t x = 0; x < w; x++) {
    const size_t at = y * w + x;
    for (size_t c = 0; c < 3; c++)
      a->extra[4 * at + c] = a->large->data[3 * at + c] - a->plain->data[3 * at + c];
    a->extra[4 * at + 3] = 0.0f;
  }
}

/* extra at a place between pixels. */
static inline Four
sample (const Along *a, float x, float y)
{
  const size_t w = a->plain->width, h = a->plain->height;
  const float u = fminf (fmaxf (x, 0.0f), (float) (w - 1)), v = fminf (fmaxf (y, 0.0f), (float) (h - 1));
  const size_t i = (size_t) u, j = (size_t) v, right = i + 1 < w ? 4 : 0, below = j + 1 < h ? 4 * w : 0;
  const float fx = u - (float) i, fy = v - (float) j, *at = a->extra + 4 * (j * w + i);
  Four p, q, r, s;

  memcpy (&p, at, sizeof p);
  memcpy (&q, at + right, sizeof q);
  memcpy (&r, at + below, sizeof r);
  memcpy (&s, at + below + right, sizeof s);
  p += fx * (q - p);
  r += fx * (s - r);
  return p + fy * (r - p);
}

static void
smooth_row (void *user, size_t y, int worker)
{
  const Along *a = user;
  const size_t w = a->plain->width;

  (void) worker;
  for (size_t x = 0; x < w; x++) {
    const size_t at = y * w + x;
    const float *t = a->tensor->data + 3 * at, difference = t[0] - t[2];
    const float spread = sqrtf (difference * difference + 4.0f * t[1] * t[1]);
    const float coherence = spread / (t[0] + t[2] + LEAST_CONTRAST);
    Four detail;

    memcpy (&detail, a->extra + 4 * at, sizeof detail);
    if (coherence > LEAST_COHERENCE) {
      /* the tangent is at right angles to the direction whose double angle has cosine difference / spread */
      const float cosine = difference / spread;
      const float dx = -copysignf (sqrtf (fmaxf (0.5f - 0.5f * cosine, 0.0f)), t[1]) * STEP;
      const float dy = sqrtf (fmaxf (0.5f + 0.5f * cosine, 0.0f)) * STEP;
      Four sum = WEIGHT[0] * detail;
      float total = WEIGHT[0];
      for (int k = 1; k <= STEPS; k++) {
        const float px = (float) k * dx, py = (float) k * dy;
        sum += WEIGHT[k] * (sample (a, (float) x + px, (float) y + py) + sample (a, (float) x - px, (float) y - py));
        total += 2.0f * WEIGHT[k];
      }
      detail += fminf (coherence, 1.0f) * (sum / total - detail);
    }
    for (size_t c = 0; c < 3; c++)
      a->large->data[3 * at + c] = a->plain->data[3 * at + c] + a->gain * detail[c];
  }
}

static LimnStatus
make_tensor (Along *a, LimnImage *tensor, LimnPool *pool, LimnError *error)
{
  LimnImage slopes = { 0 }, smooth = { 0 };
  LimnStatus status = limn_image_alloc (&slopes, a->low->width, a->low->height, 3, error);

  if (status == LIMN_OK) {
    a->slopes = &slopes;
    status = limn_pool_try (pool, a->low->height, slopes_row, a, error);
  }
  if (status == LIMN_OK)
    status = limn_blur (&smooth, &slopes, TENSOR_BLUR, pool, error);
  if (status == LIMN_OK)
    status = limn_resample (tensor, &smooth, ENLARGED * a->low->width, ENLARGED * a->low->height, LIMN_FILTER_LINEAR, pool, error);
  limn_image_clear (&slopes);
  limn_image_clear (&smooth);
  return status;
}

LimnStatus
limn_along_edges (LimnImage *large, const LimnImage *low, float gain, LimnPool *pool, LimnError *error)
{
  LimnImage plain = { 0 }, tensor = { 0 };
  Along a = { .low = low, .large = large, .plain = &plain, .tensor = &tensor, .gain = gain };
  LimnStatus status = limn_resample (&plain, low, large->width, large->height, LIMN_FILTER_BICUBIC, pool, error);

  if (status == LIMN_OK)
    status = make_tensor (&a, &tensor, pool, error);
  if (status == LIMN_OK) {
    a.extra = limn_alloc (large->width, large->height, 4, sizeof (float));
    if (a.extra == NULL)
      status = limn_fail_memory (error, large->width * large->height * 4 * sizeof (float));
  }
  if (status == LIMN_OK)
    status = limn_pool_try (pool, large->height, extra_row, &a, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, large->height, smooth_row, &a, error);
  free (a.extra);
  limn_image_clear (&plain);
  limn_image_clear (&tensor);
  return status;
}
