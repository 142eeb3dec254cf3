/* Propagation of chroma by a weighted least-squares problem on the pixel grid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "propagate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "engine/imaging/resample.h"

enum { COARSEST = 48, ITERATIONS = 200, HALF = 4, LANES = 8 };

/* The half of the 8-neighbourhood that stores edges; the other half mirrors it. */
static const int edge_x[HALF] = { 1, -1, 0, 1 };
static const int edge_y[HALF] = { 0, 1, 1, 1 };

/* The linear system A = diag (trust) + graph Laplacian of weights[edge][pixel]. */
typedef struct {
  size_t width, height;
  float *weights[HALF];      /* to the neighbour (x + edge_x, y + edge_y); 0 where there is none */
  float *diagonal, *inverse; /* and one over it */
  size_t channels;
  const float *trust, *target; /* target: [pixel][channels] */
  float *solution;             /* [pixel][channels]: initial value, then result */
  float *scratch;              /* [channel][4][pixel] */
  const LimnPool *pool;        /* polled for cancelling */
} System;

static void
set_weights (System *s, const float *luma)
{
  size_t w = s->width, h = s->height;
  float *variance = s->scratch;

  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++) {
      float sum = 0, square = 0, n = 0;
      for (size_t v = y ? y - 1 : 0; v <= y + 1 && v < h; v++)
        for (size_t u = x ? x - 1 : 0; u <= x + 1 && u < w; u++) {
          float l = luma[v * w + u];
          sum += l, square += l * l, n += 1;
        }
      variance[y * w + x] = limn_max (square / n - sum * sum / (n * n), 0);
    }

  memcpy (s->diagonal, s->trust, w * h * sizeof (float));
  for (int e = 0; e < HALF; e++)
    for (size_t y = 0; y < h; y++)
      for (size_t x = 0; x < w; x++) {
        size_t i = y * w + x;
        ptrdiff_t u = (ptrdiff_t) x + edge_x[e], v = (ptrdiff_t) y + edge_y[e];
        s->weights[e][i] = 0;
        if (u < 0 || u >= (ptrdiff_t) w || v >= (ptrdiff_t) h)
          continue;
        size_t j = (size_t) v * w + (size_t) u;
        float d = luma[i] - luma[j], spread = 0.6f * 0.5f * (variance[i] + variance[j]) + 4e-5f;
        float weight = limn_max (expf (-d * d / spread), 1e-5f);
        s->weights[e][i] = weight;
        s->diagonal[i] += weight;
        s->diagonal[j] += weight;
      }
}

/* One pixel of A x near the ends of memory, where not every neighbour is there. */
static float
multiply_pixel (const System *s, const float *x, size_t i)
{
  const ptrdiff_t n = (ptrdiff_t) (s->width * s->height), at = (ptrdiff_t) i;
  float sum = s->diagonal[i] * x[i];

  for (int e = 0; e < HALF; e++) {
    const ptrdiff_t step = edge_y[e] * (ptrdiff_t) s->width + edge_x[e], to = at + step, from = at - step;

    if (to >= 0 && to < n)
      sum -= s->weights[e][at] * x[to];
    if (from >= 0 && from < n)
      sum -= s->weights[e][from] * x[from];
  }
  return sum;
}

/* out = A x. Weights across the border are 0. */
LIMN_WIDE static void
propagate_multiply (const System *s, const float *restrict x, float *restrict out)
{
  const size_t w = s->width, n = w * s->height, first = limn_size_min (w + 1, n), end = n > 2 * (w + 1) ? n - (w + 1) : first;
  const float *right = s->weights[0], *down_left = s->weights[1], *down = s->weights[2], *down_right = s->weights[3];

  for (size_t i = 0; i < first; i++)
    out[i] = multiply_pixel (s, x, i);
  for (size_t i = first; i < end; i++) {
    float sum = s->diagonal[i] * x[i];
    sum -= right[i] * x[i + 1];
    sum -= right[i - 1] * x[i - 1];
    sum -= down_left[i] * x[i + w - 1];
    sum -= down_left[i - w + 1] * x[i - w + 1];
    sum -= down[i] * x[i + w];
    sum -= down[i - w] * x[i - w];
    sum -= down_right[i] * x[i + w + 1];
    sum -= down_right[i - w - 1] * x[i - w - 1];
    out[i] = sum;
  }
  for (size_t i = end; i < n; i++)
    out[i] = multiply_pixel (s, x, i);
}

/* Summed in LANES parts, the same whatever the vectors' width. */
LIMN_WIDE static double
propagate_dot (const float *restrict a, const float *restrict b, size_t n)
{
  double lanes[LANES] = { 0 }, sum = 0;
  size_t i = 0;

  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++)
      lanes[k] += (double) a[i + (size_t) k] * b[i + (size_t) k];
  for (; i < n; i++)
    lanes[0] += (double) a[i] * b[i];
  for (int k = 0; k < LANES; k++)
    sum += lanes[k];
  return sum;
}

/* x += alpha p, r -= alpha q; then q = r / diagonal. */
LIMN_WIDE static void
propagate_step (float alpha, const float *restrict p, const float *restrict inverse, size_t n, float *restrict x, float *restrict r,
                float *restrict q)
{
  for (size_t i = 0; i < n; i++) {
    x[i] += alpha * p[i];
    r[i] -= alpha * q[i];
    q[i] = r[i] * inverse[i];
  }
}

LIMN_WIDE static void
propagate_turn (float beta, const float *restrict q, size_t n, float *restrict p)
{
  for (size_t i = 0; i < n; i++)
    p[i] = q[i] + beta * p[i];
}

/* Conjugate gradients with a Jacobi preconditioner on one channel. */
static void
solve_channel (void *user, size_t channel, int worker)
{
  System *s = user;
  const size_t n = s->width * s->height, channels = s->channels;
  float *x = s->scratch + channel * 4 * n, *r = x + n, *p = r + n, *q = p + n;

  for (size_t i = 0; i < n; i++)
    x[i] = s->solution[channels * i + channel];
  propagate_multiply (s, x, r);
  for (size_t i = 0; i < n; i++)
    r[i] = s->trust[i] * s->target[channels * i + channel] - r[i];
  for (size_t i = 0; i < n; i++)
    q[i] = r[i] * s->inverse[i];
  memcpy (p, q, n * sizeof (float));
  double rho = propagate_dot (r, q, n), first = rho;
  for (int k = 0; k < ITERATIONS && rho > 1e-8 * first && rho > 0 && limn_pool_check (s->pool, NULL) == LIMN_OK; k++) {
    propagate_multiply (s, p, q);
    double curve = propagate_dot (p, q, n);
    if (!(curve > 0))
      break;
    propagate_step ((float) (rho / curve), p, s->inverse, n, x, r, q);
    double next = propagate_dot (r, q, n);
    propagate_turn ((float) (next / rho), q, n, p);
    rho = next;
  }
  for (size_t i = 0; i < n; i++)
    s->solution[channels * i + channel] = x[i];
}

static LimnStatus
solve_level (LimnImage *solution, const LimnImage *luma, const LimnImage *chroma, const LimnImage *trust, LimnPool *pool, LimnError *error)
{
  const size_t n = luma->width * luma->height, planes = HALF + 2 + 4 * chroma->channels;
  float *memory = limn_alloc (n, planes, 1, sizeof (float));
  if (!memory)
    return limn_fail_memory (error, n * planes * sizeof (float));
  System s = { .width = luma->width,
               .height = luma->height,
               .channels = chroma->channels,
               .trust = trust->data,
               .target = chroma->data,
               .solution = solution->data,
               .pool = pool };
  for (int e = 0; e < HALF; e++)
    s.weights[e] = memory + (size_t) e * n;
  s.diagonal = memory + HALF * n;
  s.inverse = memory + (HALF + 1) * n;
  s.scratch = memory + (HALF + 2) * n;
  set_weights (&s, luma->data);
  for (size_t i = 0; i < n; i++)
    s.inverse[i] = 1.0f / s.diagonal[i];
  LimnStatus status = limn_pool_try (pool, s.channels, solve_channel, &s, error);
  free (memory);
  return status;
}

LimnStatus
limn_propagate (LimnImage *out, const LimnImage *luma, const LimnImage *chroma, const LimnImage *trust, LimnPool *pool, LimnError *error)
{
  size_t w = luma->width, h = luma->height;
  LimnImage small_luma = { 0 }, small_chroma = { 0 }, small_trust = { 0 }, coarse = { 0 };
  LimnStatus status = LIMN_OK;

  *out = (LimnImage){ 0 };
  if ((w > h ? w : h) <= COARSEST) {
    status = limn_image_copy (out, chroma, error);
  } else {
    size_t sw = (w + 1) / 2, sh = (h + 1) / 2;
    status = limn_resample (&small_luma, luma, sw, sh, LIMN_FILTER_AREA, pool, error);
    if (status == LIMN_OK)
      status = limn_resample_weighted (&small_chroma, &small_trust, chroma, trust, sw, sh, LIMN_FILTER_AREA, pool, error);
    if (status == LIMN_OK) {
      for (size_t i = 0; i < sw * sh; i++) /* a pixel stands for four */
        small_trust.data[i] *= 4;
      status = limn_propagate (&coarse, &small_luma, &small_chroma, &small_trust, pool, error);
    }
    if (status == LIMN_OK)
      status = limn_resample (out, &coarse, w, h, LIMN_FILTER_LINEAR, pool, error);
  }
  if (status == LIMN_OK)
    status = solve_level (out, luma, chroma, trust, pool, error);
  limn_image_clear (&small_luma);
  limn_image_clear (&small_chroma);
  limn_image_clear (&small_trust);
  limn_image_clear (&coarse);
  if (status != LIMN_OK)
    limn_image_clear (out);
  return status;
}
