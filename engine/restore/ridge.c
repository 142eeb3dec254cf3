/* Oriented ridge filters and a top-hat, in strips of rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ridge.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"

enum { MARGIN = LIMN_RIDGE_MARGIN, ROWS = 32, TAPS = 2 * LIMN_RIDGE_ALONG + 1, PLANES = 5 };

typedef struct {
  const LimnImage *luma;
  LimnRidge *out;
  float sign;
  float *scratch; /* [workers][PLANES][ROWS + 2 MARGIN][stride] */
  size_t stride;  /* width + 2 MARGIN */
} Job;

/* A strip's planes, each with MARGIN pixels on all sides. */
typedef struct {
  float *value, *line, *best, *way, *soft;
} Strip;

/* -- Geometry -- */

LimnRidgeOffset
limn_ridge_along (int k, int step)
{
  /* 1, 2 and 3 pixels along 0, 22.5, 45 and 67.5 degrees; the other four directions are these turned by 90 degrees */
  static const LimnRidgeOffset steps[4][LIMN_RIDGE_ALONG] = {
    { { 1, 0 }, { 2, 0 }, { 3, 0 } }, { { 1, 0 }, { 2, 1 }, { 3, 1 } }, { { 1, 1 }, { 2, 2 }, { 3, 3 } }, { { 0, 1 }, { 1, 2 }, { 1, 3 } }
  };
  LimnRidgeOffset at = { 0, 0 };

  if (step != 0)
    at = steps[k % 4][abs (step) - 1];
  if (k >= 4)
    at = (LimnRidgeOffset){ -at.y, at.x };
  return step < 0 ? (LimnRidgeOffset){ -at.x, -at.y } : at;
}

LimnRidgeOffset
limn_ridge_aside (int k)
{
  static const LimnRidgeOffset sides[4] = { { 0, 3 }, { -1, 3 }, { -2, 2 }, { -3, 1 } };
  const LimnRidgeOffset at = sides[k % 4];

  return k >= 4 ? (LimnRidgeOffset){ -at.y, at.x } : at;
}

LimnRidgeOffset
limn_ridge_ring (int place)
{
  static const LimnRidgeOffset ring[LIMN_RIDGE_RING] = { { 3, 0 },  { 2, 2 },   { 0, 3 },  { -2, 2 },
                                                         { -3, 0 }, { -2, -2 }, { 0, -3 }, { 2, -2 } };

  return ring[place];
}

/* -- Loops over a row -- */

/* Mean of the taps of a line. */
LIMN_WIDE static void
mean_of_line (float *restrict out, const float *const taps[TAPS], size_t n)
{
  const float *a = taps[0], *b = taps[1], *c = taps[2], *d = taps[3], *e = taps[4], *f = taps[5], *g = taps[6];

  for (size_t i = 0; i < n; i++)
    out[i] = (a[i] + b[i] + c[i] + d[i] + e[i] + f[i] + g[i]) * (1.0f / TAPS);
}

LIMN_WIDE static void
raise_by_ridge (float *restrict best, float *restrict way, const float *at, const float *left, const float *right, float k, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    const float most = limn_max (left[i], right[i]), response = at[i] - most;
    way[i] = response > best[i] ? k : way[i];
    best[i] = limn_max (response, best[i]);
  }
}

/* (1 2 1) / 4 along one axis. */
LIMN_WIDE static void
soften (float *restrict out, const float *before, const float *at, const float *after, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = 0.25f * (before[i] + after[i]) + 0.5f * at[i];
}

LIMN_WIDE static void
raise_by_spot (float *restrict best, float *restrict way, const float *sharp, const float *soft, const ptrdiff_t *ring, size_t n)
{
  const float *a = soft + ring[0], *b = soft + ring[1], *c = soft + ring[2], *d = soft + ring[3];
  const float *e = soft + ring[4], *f = soft + ring[5], *g = soft + ring[6], *h = soft + ring[7];

  for (size_t i = 0; i < n; i++) {
    const float p = limn_max (limn_max (a[i], b[i]), limn_max (c[i], d[i]));
    const float q = limn_max (limn_max (e[i], f[i]), limn_max (g[i], h[i]));
    const float response = 0.5f * (sharp[i] + soft[i]) - limn_max (p, q);
    way[i] = response > best[i] ? (float) LIMN_RIDGE_SPOT : way[i];
    best[i] = limn_max (response, best[i]);
  }
}

/* -- A strip -- */

static size_t
clamp (ptrdiff_t at, size_t size)
{
  return at < 0 ? 0 : (size_t) at < size ? (size_t) at : size - 1;
}

/* Rows [top - MARGIN, top + rows + MARGIN) of luma, its edges repeated. */
static void
read_strip (const Job *job, float *value, size_t top, size_t rows)
{
  const size_t width = job->luma->width;

  for (size_t j = 0; j < rows + 2 * MARGIN; j++) {
    const float *from = job->luma->data + clamp ((ptrdiff_t) (top + j) - MARGIN, job->luma->height) * width;
    float *to = value + j * job->stride;
    for (size_t x = 0; x < width; x++)
      to[MARGIN + x] = job->sign * from[x];
    for (size_t x = 0; x < MARGIN; x++) {
      to[x] = to[MARGIN];
      to[MARGIN + width + x] = to[MARGIN + width - 1];
    }
  }
}

static ptrdiff_t
offset_of (const Job *job, LimnRidgeOffset at)
{
  return at.y * (ptrdiff_t) job->stride + at.x;
}

static void
raise_by_direction (const Job *job, const Strip *strip, int k, size_t rows)
{
  const size_t reach = LIMN_RIDGE_ASIDE, inset = LIMN_RIDGE_ALONG, n = job->stride - 2 * inset;
  const ptrdiff_t side = offset_of (job, limn_ridge_aside (k));

  for (size_t j = 0; j < rows + 2 * reach; j++) {
    const size_t at = (inset + j) * job->stride + inset;
    const float *taps[TAPS];
    for (int t = 0; t < TAPS; t++)
      taps[t] = strip->value + (ptrdiff_t) at + offset_of (job, limn_ridge_along (k, t - LIMN_RIDGE_ALONG));
    mean_of_line (strip->line + at, taps, n);
  }
  for (size_t j = 0; j < rows; j++) {
    const size_t at = (MARGIN + j) * job->stride + MARGIN;
    const float *line = strip->line + at;
    raise_by_ridge (strip->best + at, strip->way + at, line, line + side, line - side, (float) k, job->luma->width);
  }
}

static void
raise_by_spots (const Job *job, const Strip *strip, size_t rows)
{
  const size_t stride = job->stride, n = stride - 2;
  ptrdiff_t ring[LIMN_RIDGE_RING];

  for (int k = 0; k < LIMN_RIDGE_RING; k++)
    ring[k] = offset_of (job, limn_ridge_ring (k));
  for (size_t j = 1; j + 1 < rows + 2 * MARGIN; j++) { /* line is free: it takes what is softened downwards */
    const float *at = strip->value + j * stride;
    soften (strip->line + j * stride, at - stride, at, at + stride, stride);
  }
  for (size_t j = 1; j + 1 < rows + 2 * MARGIN; j++) {
    const float *at = strip->line + j * stride + 1;
    soften (strip->soft + j * stride + 1, at - 1, at, at + 1, n);
  }
  for (size_t j = 0; j < rows; j++) {
    const size_t at = (MARGIN + j) * stride + MARGIN;
    raise_by_spot (strip->best + at, strip->way + at, strip->value + at, strip->soft + at, ring, job->luma->width);
  }
}

static void
run_strip (void *user, size_t piece, int worker)
{
  const Job *job = user;
  const size_t width = job->luma->width, top = piece * ROWS, rows = limn_size_min (ROWS, job->luma->height - top);
  const size_t plane = (ROWS + 2 * MARGIN) * job->stride;
  float *scratch = job->scratch + (size_t) worker * PLANES * plane;
  const Strip strip = { scratch, scratch + plane, scratch + 2 * plane, scratch + 3 * plane, scratch + 4 * plane };

  read_strip (job, strip.value, top, rows);
  memset (strip.best, 0, 2 * plane * sizeof *strip.best);
  for (int k = 0; k < LIMN_RIDGE_ANGLES; k++)
    raise_by_direction (job, &strip, k, rows);
  raise_by_spots (job, &strip, rows);
  for (size_t j = 0; j < rows; j++) {
    const size_t at = (MARGIN + j) * job->stride + MARGIN, to = (top + j) * width;
    memcpy (job->out->response.data + to, strip.best + at, width * sizeof (float));
    for (size_t x = 0; x < width; x++)
      job->out->direction[to + x] = (uint8_t) strip.way[at + x];
  }
}

LimnStatus
limn_ridge_new (LimnRidge *ridge, const LimnImage *luma, float sign, LimnPool *pool, LimnError *error)
{
  const size_t workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  Job job = { .luma = luma, .out = ridge, .sign = sign, .stride = luma->width + 2 * MARGIN };
  LimnStatus status;

  *ridge = (LimnRidge){ 0 };
  LIMN_TRY (limn_image_alloc (&ridge->response, luma->width, luma->height, 1, error));
  ridge->direction = limn_alloc (luma->width, luma->height, 1, 1);
  job.scratch = limn_alloc (workers * PLANES, ROWS + 2 * MARGIN, job.stride, sizeof *job.scratch);
  status = ridge->direction && job.scratch ? limn_pool_try (pool, (luma->height + ROWS - 1) / ROWS, run_strip, &job, error)
                                           : limn_fail_memory (error, luma->width * luma->height);
  free (job.scratch);
  if (status != LIMN_OK)
    limn_ridge_clear (ridge);
  return status;
}

void
limn_ridge_clear (LimnRidge *ridge)
{
  limn_image_clear (&ridge->response);
  free (ridge->direction);
  ridge->direction = NULL;
}
