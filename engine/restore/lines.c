/* Chains of pieces of lines, by dynamic programming over eight directions. SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"

enum {
  STEP = 3, /* pixels from a piece to the next */
  TAPS = 2 * STEP + 1,
  MARGIN = 8,
  SLOPES = 5,      /* of lines that are steeper than 45 degrees, or just as steep */
  STEEP_SLOPES = 3 /* of those that are steeper */
};

static const float USUAL = 1.5f, FLOOR = 0.015f; /* a response that counts fully: so many times what is usual, and that more */
static const float LOSS = 0.4f, DOUBT = 0.4f;    /* what a piece loses at most, and what is taken from each */
static const float LEAST = 14.0f;                /* course of a line */
static const float BEYOND = 3.0f;                /* course on either side of a gap */
static const float PLATEAU = 1.0f;               /* by how much a line's course is less beside its middle */

/* Lines from top to bottom; those from left to right are looked for in the picture turned over its diagonal. slope: pixels to the right for
 * STEP downwards; side: a place beside; direction: its number as ridges have it, in the picture and turned. */
static const struct {
  int slope, side_x, side_y, direction, turned;
} SLOPE[SLOPES] = { { 0, 3, 0, 4, 0 }, { 1, 3, -1, 3, 1 }, { -1, 3, 1, 5, 7 }, { 3, 2, -2, 2, 2 }, { -3, 2, 2, 6, 6 } };

/* Planes of one family, with MARGIN pixels on all sides. */
typedef struct {
  size_t width, height, stride;
  float *value, *evidence, *before; /* before: the best chain that ends at a place */
  float *best;                      /* the best chain through it, of all slopes */
  uint8_t *direction;
  float *rows; /* [TAPS + STEP + 2][stride]: means of lines, the best chains that begin, and a row of gains */
} Family;

typedef struct {
  const LimnImage *luma;
  const LimnSurroundings *around;
  float sign;
  LimnLines *lines;
  uint8_t *middle;    /* [h * w] */
  Family families[2]; /* upright, turned */
} Job;

/* -- Loops over a row -- */

LIMN_WIDE static void
mean_of_piece (float *restrict out, const float *const taps[TAPS], size_t n)
{
  const float *a = taps[0], *b = taps[1], *c = taps[2], *d = taps[3], *e = taps[4], *f = taps[5], *g = taps[6];

  for (size_t i = 0; i < n; i++)
    out[i] = (a[i] + b[i] + c[i] + d[i] + e[i] + f[i] + g[i]) * (1.0f / TAPS);
}

LIMN_WIDE static void
weigh_piece (float *restrict out, const float *at, const float *left, const float *right, const float *gain, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    const float response = at[i] - limn_max (left[i], right[i]);
    out[i] = limn_min (limn_max (response * gain[i], -LOSS), 1.0f) - DOUBT;
  }
}

/* next: the row that the chain comes from, where it goes straight on. */
LIMN_WIDE static void
chain_piece (float *restrict out, const float *evidence, const float *next, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = limn_max (limn_max (limn_max (next[i - 1], next[i]), next[i + 1]) + evidence[i], 0.0f);
}

LIMN_WIDE static void
raise_course (float *restrict best, uint8_t *restrict direction, const float *evidence, const float *before, const float *after,
              uint8_t name, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    const float through = before[i] + after[i] - evidence[i], less = limn_min (before[i], after[i]);
    const float course = less > (evidence[i] > 0.0f ? 0.0f : BEYOND) ? through : 0.0f;
    direction[i] = course > best[i] ? name : direction[i];
    best[i] = limn_max (course, best[i]);
  }
}

/* -- A family -- */

static size_t
clamp (ptrdiff_t at, size_t size)
{
  return at < 0 ? 0 : (size_t) at < size ? (size_t) at : size - 1;
}

/* luma, its edges repeated. */
static void
read_value (const Job *job, Family *f, bool turned)
{
  const size_t across = turned ? job->luma->width : 1, down = turned ? 1 : job->luma->width;

  for (size_t y = 0; y < f->height + 2 * MARGIN; y++) {
    const float *from = job->luma->data + clamp ((ptrdiff_t) y - MARGIN, f->height) * down;
    for (size_t x = 0; x < f->width + 2 * MARGIN; x++)
      f->value[y * f->stride + x] = job->sign * from[clamp ((ptrdiff_t) x - MARGIN, f->width) * across];
  }
}

static void
read_gains (const Job *job, const Family *f, bool turned, size_t y, float *gain)
{
  for (size_t x = 0; x < f->width; x++)
    gain[x] = 1.0f / (USUAL * limn_surroundings_texture (job->around, turned ? y : x, turned ? x : y) + FLOOR);
}

static float *
row_of (const Family *f, float *plane, size_t y)
{
  return plane + (y + MARGIN) * f->stride + MARGIN;
}

/* Row y, from -STEP on, of means along a slope, in a ring of TAPS rows. */
static float *
mean_row (const Family *f, ptrdiff_t y)
{
  return f->rows + (size_t) ((y + TAPS) % TAPS) * f->stride + MARGIN;
}

static void
make_mean (const Family *f, int slope, ptrdiff_t y)
{
  const size_t reach = STEP;
  const float *taps[TAPS];

  for (int t = 0; t < TAPS; t++) {
    const int down = t - STEP, aside = slope * down / STEP + (slope * down % STEP > 1) - (slope * down % STEP < -1);
    taps[t] = f->value + (y + MARGIN + down) * (ptrdiff_t) f->stride + MARGIN + aside - (ptrdiff_t) reach;
  }
  mean_of_piece (mean_row (f, y) - reach, taps, f->width + 2 * reach);
}

static void
find_evidence (const Job *job, const Family *f, bool turned, int k)
{
  const int side_x = SLOPE[k].side_x, side_y = SLOPE[k].side_y, ahead = abs (side_y);
  float *gain = f->rows + TAPS * f->stride;

  for (ptrdiff_t y = -ahead; y < ahead; y++)
    make_mean (f, SLOPE[k].slope, y);
  for (size_t y = 0; y < f->height; y++) {
    const ptrdiff_t at = (ptrdiff_t) y;
    make_mean (f, SLOPE[k].slope, at + ahead);
    read_gains (job, f, turned, y, gain);
    weigh_piece (row_of (f, f->evidence, y), mean_row (f, at), mean_row (f, at + side_y) + side_x, mean_row (f, at - side_y) - side_x, gain,
                 f->width);
  }
}

/* The rows above the first stay 0. */
static void
chain_forwards (const Family *f, int slope)
{
  for (size_t y = 0; y < f->height; y++) {
    const float *from = row_of (f, f->before, y) - STEP * (ptrdiff_t) f->stride - slope;
    chain_piece (row_of (f, f->before, y), row_of (f, f->evidence, y), from, f->width);
  }
}

/* Chains that begin are kept in a ring of STEP + 1 rows. */
static void
chain_backwards (const Family *f, int slope, uint8_t name)
{
  float *ring = f->rows + MARGIN;

  memset (f->rows, 0, (STEP + 1) * f->stride * sizeof *f->rows);
  for (size_t y = f->height; y-- > 0;) {
    float *after = ring + y % (STEP + 1) * f->stride;
    const float *next = ring + (y + STEP) % (STEP + 1) * f->stride;
    chain_piece (after, row_of (f, f->evidence, y), next + slope, f->width);
    raise_course (f->best + y * f->width, f->direction + y * f->width, row_of (f, f->evidence, y), row_of (f, f->before, y), after, name,
                  f->width);
  }
}

static void
run_family (void *user, size_t turned, int worker)
{
  const Job *job = user;
  Family *f = &((Job *) user)->families[turned];

  read_value (job, f, turned);
  for (int k = 0; k < (turned ? STEEP_SLOPES : SLOPES); k++) {
    find_evidence (job, f, turned, k);
    chain_forwards (f, SLOPE[k].slope);
    chain_backwards (f, SLOPE[k].slope, (uint8_t) (turned ? SLOPE[k].turned : SLOPE[k].direction));
  }
}

/* -- Lines -- */

static void
merge_row (void *user, size_t y, int worker)
{
  const Job *job = user;
  const Family *a = &job->families[0], *b = &job->families[1];

  for (size_t x = 0; x < a->width; x++) {
    const size_t at = y * a->width + x, turned = x * a->height + y;
    const bool flat = b->best[turned] > a->best[at];
    job->lines->course.data[at] = flat ? b->best[turned] : a->best[at];
    job->lines->direction[at] = flat ? b->direction[turned] : a->direction[at];
  }
}

/* A line's middle: beside it no course is longer by more than a little. */
static void
mark_row (void *user, size_t y, int worker)
{
  const Job *job = user;
  const LimnImage *course = &job->lines->course;

  for (size_t x = 0; x < course->width; x++) {
    const size_t at = y * course->width + x;
    const LimnRidgeOffset side = limn_ridge_aside (job->lines->direction[at]);
    const float here = course->data[at];
    float most = here;
    for (int k = -LIMN_RIDGE_ASIDE; k <= LIMN_RIDGE_ASIDE && here > LEAST; k++) {
      const size_t i = clamp ((ptrdiff_t) x + side.x * k / LIMN_RIDGE_ASIDE, course->width);
      const size_t j = clamp ((ptrdiff_t) y + side.y * k / LIMN_RIDGE_ASIDE, course->height);
      most = limn_max (most, course->data[j * course->width + i]);
    }
    job->middle[at] = here > LEAST && here > most - PLATEAU;
  }
}

/* What is on a line: its middle, and what lies a pixel before and behind that: chains pass over two of three pixels. */
static void
close_row (void *user, size_t y, int worker)
{
  const Job *job = user;
  const size_t w = job->luma->width, h = job->luma->height;

  for (size_t x = 0; x < w; x++) {
    const size_t at = y * w + x;
    const LimnRidgeOffset along = limn_ridge_along (job->lines->direction[at], 1);
    const size_t ahead = clamp ((ptrdiff_t) y + along.y, h) * w + clamp ((ptrdiff_t) x + along.x, w);
    const size_t behind = clamp ((ptrdiff_t) y - along.y, h) * w + clamp ((ptrdiff_t) x - along.x, w);
    job->lines->on[at] = job->middle[at] || job->middle[ahead] || job->middle[behind];
  }
}

static LimnStatus
family_alloc (Family *f, size_t width, size_t height, LimnError *error)
{
  *f = (Family){ .width = width, .height = height, .stride = width + 2 * MARGIN };
  const size_t plane = (height + 2 * MARGIN) * f->stride;
  f->value = limn_alloc (plane, 1, 1, sizeof *f->value);
  f->evidence = limn_alloc (plane, 1, 1, sizeof *f->evidence);
  f->before = calloc (plane, sizeof *f->before);
  f->best = calloc (width * height, sizeof *f->best);
  f->direction = calloc (width * height, 1);
  f->rows = calloc ((TAPS + 1) * f->stride, sizeof *f->rows);
  const bool there = f->value && f->evidence && f->before && f->best && f->direction && f->rows;
  return there ? LIMN_OK : limn_fail_memory (error, 4 * plane * sizeof *f->value);
}

static void
family_clear (Family *f)
{
  free (f->value);
  free (f->evidence);
  free (f->before);
  free (f->best);
  free (f->direction);
  free (f->rows);
}

static LimnStatus
find_lines (Job *job, LimnPool *pool, LimnError *error)
{
  const size_t w = job->luma->width, h = job->luma->height;

  LIMN_TRY (limn_image_alloc (&job->lines->course, w, h, 1, error));
  job->lines->direction = limn_alloc (w, h, 1, 1);
  job->lines->on = limn_alloc (w, h, 1, 1);
  job->middle = limn_alloc (w, h, 1, 1);
  if (job->lines->direction == NULL || job->lines->on == NULL || job->middle == NULL)
    return limn_fail_memory (error, w * h);
  LIMN_TRY (family_alloc (&job->families[0], w, h, error));
  LIMN_TRY (family_alloc (&job->families[1], h, w, error));
  LIMN_TRY (limn_pool_try (pool, 2, run_family, job, error));
  LIMN_TRY (limn_pool_try (pool, h, merge_row, job, error));
  LIMN_TRY (limn_pool_try (pool, h, mark_row, job, error));
  return limn_pool_try (pool, h, close_row, job, error);
}

LimnStatus
limn_lines_new (LimnLines *lines, const LimnImage *luma, const LimnSurroundings *around, float sign, LimnPool *pool, LimnError *error)
{
  Job job = { .luma = luma, .around = around, .sign = sign, .lines = lines };

  *lines = (LimnLines){ 0 };
  const LimnStatus status = find_lines (&job, pool, error);
  for (int k = 0; k < 2; k++)
    family_clear (&job.families[k]);
  free (job.middle);
  if (status != LIMN_OK)
    limn_lines_clear (lines);
  return status;
}

void
limn_lines_clear (LimnLines *lines)
{
  limn_image_clear (&lines->course);
  free (lines->direction);
  free (lines->on);
  lines->direction = lines->on = NULL;
}
