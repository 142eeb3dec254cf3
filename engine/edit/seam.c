/* The multigrid solver behind seams.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "seam.h"

#include <stdlib.h>
#include <string.h>

enum {
  MOST_GRIDS = 16,
  CYCLES = 6,
  SMOOTHINGS = 2,  /* before and after each coarser grid */
  COARSEST = 24,   /* smoothings on the coarsest grid */
  ROWS = 16,       /* rows a piece */
  CHANNELS = 3,
};

typedef struct {
  size_t width, height;
  uint8_t *target;
  float *e, *wanted; /* [height][width][3] */
  float hold;
} Grid;

typedef struct {
  Grid *grid, *coarse;
  int colour;
} Pass;

static void
grid_clear (Grid *grid)
{
  free (grid->target);
  free (grid->e);
  free (grid->wanted);
  *grid = (Grid) { 0 };
}

/* What they hold is written later. */
static LimnStatus
grid_new (Grid *grid, size_t width, size_t height, float hold, LimnError *error)
{
  *grid = (Grid) { .width = width, .height = height, .hold = hold };
  grid->target = limn_alloc (width, height, 1, 1);
  grid->e = limn_alloc (width, height, CHANNELS, sizeof (float));
  grid->wanted = limn_alloc (width, height, CHANNELS, sizeof (float));
  if (grid->target == NULL || grid->e == NULL || grid->wanted == NULL) {
    grid_clear (grid);
    return limn_fail_memory (error, 2 * width * height * CHANNELS * sizeof (float));
  }
  return LIMN_OK;
}

/* Sum of the neighbours' e and their number. */
static inline float
neighbours (const Grid *grid, size_t x, size_t y, float sum[CHANNELS])
{
  const size_t row = grid->width * CHANNELS;
  const float *at = grid->e + y * row + x * CHANNELS;
  float count = 0.0f;

  for (int c = 0; c < CHANNELS; c++)
    sum[c] = 0.0f;
#define ADD(condition, offset)         \
  if (condition) {                     \
    const float *near = at + (offset); \
    for (int c = 0; c < CHANNELS; c++) \
      sum[c] += near[c];               \
    count += 1.0f;                     \
  }
  ADD (x > 0, -(ptrdiff_t) CHANNELS)
  ADD (x + 1 < grid->width, (ptrdiff_t) CHANNELS)
  ADD (y > 0, -(ptrdiff_t) row)
  ADD (y + 1 < grid->height, (ptrdiff_t) row)
#undef ADD
  return count;
}

static void
smooth_rows (void *user, size_t piece, int worker)
{
  const Pass *p = user;
  const Grid *grid = p->grid;
  const size_t y1 = (piece + 1) * ROWS < grid->height ? (piece + 1) * ROWS : grid->height;

  (void) worker;
  for (size_t y = piece * ROWS; y < y1; y++)
    for (size_t x = (y + (size_t) p->colour) & 1; x < grid->width; x += 2) {
      const size_t at = y * grid->width + x;
      float sum[CHANNELS];

      if (!grid->target[at])
        continue;
      const float scale = 1.0f / (neighbours (grid, x, y, sum) + grid->hold);
      for (int c = 0; c < CHANNELS; c++)
        grid->e[CHANNELS * at + (size_t) c] = (grid->wanted[CHANNELS * at + (size_t) c] + sum[c]) * scale;
    }
}

/* Adds to sum what the equation of a target lacks. */
static inline void
add_residual (const Grid *grid, size_t x, size_t y, float sum[CHANNELS])
{
  const size_t at = y * grid->width + x;
  float near[CHANNELS];

  if (!grid->target[at])
    return;
  const float scale = neighbours (grid, x, y, near) + grid->hold;
  for (int c = 0; c < CHANNELS; c++) {
    const size_t i = CHANNELS * at + (size_t) c;
    sum[c] += grid->wanted[i] - (scale * grid->e[i] - near[c]);
  }
}

/* The coarser grid's right side is the sum of the residuals of its four pixels: with pixels twice as large the same stencil
 * stands for four times as much. Its e begins at 0. */
static void
restrict_rows (void *user, size_t piece, int worker)
{
  const Pass *p = user;
  const Grid *fine = p->grid, *coarse = p->coarse;
  const size_t y1 = (piece + 1) * ROWS < coarse->height ? (piece + 1) * ROWS : coarse->height;

  (void) worker;
  for (size_t y = piece * ROWS; y < y1; y++)
    for (size_t x = 0; x < coarse->width; x++) {
      float sum[CHANNELS] = { 0 };

      for (size_t j = 2 * y; j < 2 * y + 2 && j < fine->height; j++)
        for (size_t i = 2 * x; i < 2 * x + 2 && i < fine->width; i++)
          add_residual (fine, i, j, sum);
      memcpy (coarse->wanted + CHANNELS * (y * coarse->width + x), sum, sizeof sum);
      memset (coarse->e + CHANNELS * (y * coarse->width + x), 0, sizeof sum);
    }
}

/* Adds the coarse correction, interpolated linearly between the middles of its pixels. */
static void
prolong_rows (void *user, size_t piece, int worker)
{
  const Pass *p = user;
  const Grid *fine = p->grid, *coarse = p->coarse;
  const size_t y1 = (piece + 1) * ROWS < fine->height ? (piece + 1) * ROWS : fine->height;

  (void) worker;
  for (size_t y = piece * ROWS; y < y1; y++) {
    const size_t j = y / 2, further_j = y & 1 ? (j + 1 < coarse->height ? j + 1 : j) : (j > 0 ? j - 1 : j);
    for (size_t x = 0; x < fine->width; x++) {
      const size_t at = y * fine->width + x;
      const size_t i = x / 2, further_i = x & 1 ? (i + 1 < coarse->width ? i + 1 : i) : (i > 0 ? i - 1 : i);

      if (!fine->target[at])
        continue;
      for (size_t c = 0; c < CHANNELS; c++) {
        const float *e = coarse->e + c;
        fine->e[CHANNELS * at + c] += 0.5625f * e[CHANNELS * (j * coarse->width + i)] +
                                      0.1875f * (e[CHANNELS * (j * coarse->width + further_i)] +
                                                 e[CHANNELS * (further_j * coarse->width + i)]) +
                                      0.0625f * e[CHANNELS * (further_j * coarse->width + further_i)];
      }
    }
  }
}

static LimnStatus
smooth (Grid *grid, int times, LimnPool *pool, LimnError *error)
{
  for (int k = 0; k < 2 * times; k++) {
    Pass p = { .grid = grid, .colour = k & 1 };
    LIMN_TRY (limn_pool_try (pool, (grid->height + ROWS - 1) / ROWS, smooth_rows, &p, error));
  }
  return LIMN_OK;
}

static LimnStatus
cycle (Grid *grids, size_t count, LimnPool *pool, LimnError *error)
{
  for (size_t k = 0; k + 1 < count; k++) {
    Grid *coarse = &grids[k + 1];
    Pass p = { .grid = &grids[k], .coarse = coarse };

    LIMN_TRY (smooth (&grids[k], SMOOTHINGS, pool, error));
    LIMN_TRY (limn_pool_try (pool, (coarse->height + ROWS - 1) / ROWS, restrict_rows, &p, error));
  }
  LIMN_TRY (smooth (&grids[count - 1], COARSEST, pool, error));
  for (size_t k = count - 1; k-- > 0;) {
    Pass p = { .grid = &grids[k], .coarse = &grids[k + 1] };

    LIMN_TRY (limn_pool_try (pool, (grids[k].height + ROWS - 1) / ROWS, prolong_rows, &p, error));
    LIMN_TRY (smooth (&grids[k], SMOOTHINGS, pool, error));
  }
  return LIMN_OK;
}

/* Rows of the first grid, whose target and wanted are the caller's. */
static void
clear_rows (void *user, size_t piece, int worker)
{
  const Grid *grid = ((const Pass *) user)->grid;
  const size_t y0 = piece * ROWS, y1 = y0 + ROWS < grid->height ? y0 + ROWS : grid->height;

  (void) worker;
  memset (grid->e + CHANNELS * y0 * grid->width, 0, CHANNELS * (y1 - y0) * grid->width * sizeof (float));
}

/* Only what is wholly inside is a target of the coarser grid, so that the correction stays bound at its edge on every grid. */
static void
shrink_rows (void *user, size_t piece, int worker)
{
  const Pass *p = user;
  const Grid *fine = p->grid, *coarse = p->coarse;
  const size_t y1 = (piece + 1) * ROWS < coarse->height ? (piece + 1) * ROWS : coarse->height;

  (void) worker;
  for (size_t y = piece * ROWS; y < y1; y++)
    for (size_t x = 0; x < coarse->width; x++) {
      bool inside = true;
      for (size_t j = 2 * y; j < 2 * y + 2 && j < fine->height; j++)
        for (size_t i = 2 * x; i < 2 * x + 2 && i < fine->width; i++)
          inside = inside && fine->target[j * fine->width + i];
      coarse->target[y * coarse->width + x] = inside;
    }
}

static LimnStatus
make_grids (Grid *grids, size_t *count, LimnPool *pool, LimnError *error)
{
  Pass first = { .grid = &grids[0] };

  LIMN_TRY (limn_pool_try (pool, (grids[0].height + ROWS - 1) / ROWS, clear_rows, &first, error));
  while (*count < MOST_GRIDS && (grids[*count - 1].width > 4 || grids[*count - 1].height > 4)) {
    Pass p = { .grid = &grids[*count - 1], .coarse = &grids[*count] };

    LIMN_TRY (grid_new (p.coarse, (p.grid->width + 1) / 2, (p.grid->height + 1) / 2, 4.0f * p.grid->hold, error));
    (*count)++;
    LIMN_TRY (limn_pool_try (pool, (p.coarse->height + ROWS - 1) / ROWS, shrink_rows, &p, error));
  }
  return LIMN_OK;
}

LimnStatus
limn_seam_solve (LimnImage *e, const LimnImage *wanted, const uint8_t *target, float hold, LimnPool *pool,
                 LimnError *error)
{
  Grid grids[MOST_GRIDS] = { 0 };
  size_t count = 1;
  LimnStatus status;

  LIMN_TRY (limn_image_alloc (e, wanted->width, wanted->height, CHANNELS, error));
  /* only e of the first grid is ever written */
  grids[0] = (Grid) { wanted->width, wanted->height, (uint8_t *) target, e->data, wanted->data, hold };
  status = make_grids (grids, &count, pool, error);
  for (int k = 0; status == LIMN_OK && k < CYCLES; k++)
    status = cycle (grids, count, pool, error);
  for (size_t k = 1; k < count; k++)
    grid_clear (&grids[k]);
  if (status != LIMN_OK)
    limn_image_clear (e);
  return status;
}
