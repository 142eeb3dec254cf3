/* Multigrid V-cycles with red-black Gauss-Seidel smoothing, for limn_poisson_solve.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "poisson-multigrid.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"

enum {
  MOST_GRIDS = 16,
  CYCLES = 6,
  SMOOTHINGS = 2, /* before and after each coarser grid's correction */
  COARSEST = 24,  /* on the coarsest grid */
  ROWS = 16,      /* rows per piece */
  CHANNELS = LIMN_POISSON_CHANNELS,
  LINES = 3, /* rows of the coarser grid that a thread keeps side by side */
};

typedef struct {
  LimnPoisson *grid, *coarse;
  float *lines; /* [workers][LINES][line] */
  size_t line;  /* values in a row of the second grid, with one pixel of padding on both sides */
} Pass;

/* The row after the last one of a piece. */
static inline size_t
rows_end (const LimnPoisson *grid, size_t piece)
{
  return limn_size_min ((piece + 1) * ROWS, grid->height);
}

/* Calls work for the grid's rows, ROWS of them per piece. */
static LimnStatus
run_rows (const LimnPoisson *grid, LimnWork work, Pass *pass, LimnPool *pool, LimnError *error)
{
  return limn_pool_try (pool, (grid->height + ROWS - 1) / ROWS, work, pass, error);
}

/* Array index of the first pixel of a colour in row y; rows -1 and height are zero padding. */
static inline size_t
row_at (const LimnPoisson *grid, ptrdiff_t y, unsigned colour)
{
  return (size_t) (2 * (y + 1) + (ptrdiff_t) colour) * grid->row + CHANNELS;
}

/* Number of a pixel's neighbours inside the grid. */
static inline float
count_neighbours (const LimnPoisson *grid, size_t x, size_t y)
{
  return (float) ((x > 0) + (x + 1 < grid->width) + (y > 0) + (y + 1 < grid->height));
}

/* The neighbouring values of the pixels of one colour in a row, and their equation's diagonal. */
typedef struct {
  const float *left, *right, *above, *below;
  size_t at, count; /* array index of the colour's first pixel; number of values */
  unsigned odd;     /* 1 if the colour's pixels have odd x */
  float weight;     /* diagonal of the equation, except for the row's first and last pixel */
} Around;

static Around
around_row (const LimnPoisson *grid, size_t y, unsigned colour)
{
  const unsigned odd = (unsigned) (y + colour) & 1;
  const float *beside = grid->e + row_at (grid, (ptrdiff_t) y, 1 - colour);

  return (Around){
    .left = odd ? beside : beside - CHANNELS,
    .right = odd ? beside + CHANNELS : beside,
    .above = grid->e + row_at (grid, (ptrdiff_t) y - 1, 1 - colour),
    .below = grid->e + row_at (grid, (ptrdiff_t) y + 1, 1 - colour),
    .at = row_at (grid, (ptrdiff_t) y, colour),
    .count = grid->row - 2 * CHANNELS,
    .odd = odd,
    .weight = (float) (2 + (y > 0) + (y + 1 < grid->height)) + grid->screening,
  };
}

LIMN_WIDE static void
smooth_values (float *restrict e, const float *restrict rhs, const uint8_t *restrict target, const Around *around)
{
  const float *restrict left = around->left, *restrict right = around->right;
  const float *restrict above = around->above, *restrict below = around->below;
  const float scale = 1.0f / around->weight;

  for (size_t i = 0; i < around->count; i++) {
    const float value = (rhs[i] + (left[i] + right[i] + above[i] + below[i])) * scale;
    e[i] = target[i] ? value : 0.0f;
  }
}

/* The same for the border pixel in column x, if it has that colour. */
static void
smooth_edge (const LimnPoisson *grid, size_t x, size_t y, const Around *around)
{
  const float scale = 1.0f / (count_neighbours (grid, x, y) + grid->screening);

  if ((x & 1) != around->odd)
    return;
  for (size_t i = x / 2 * CHANNELS; i < (x / 2 + 1) * CHANNELS; i++)
    if (grid->target[around->at + i])
      grid->e[around->at + i] = (grid->rhs[around->at + i] + (around->left[i] + around->right[i] + around->above[i] + around->below[i])) *
                                scale;
}

/* A Gauss-Seidel half-step on one row: the pixels with even x + y (colour 0) or odd x + y (colour 1). */
static void
smooth_row (const LimnPoisson *grid, size_t y, unsigned colour)
{
  const Around around = around_row (grid, y, colour);

  smooth_values (grid->e + around.at, grid->rhs + around.at, grid->target + around.at, &around);
  smooth_edge (grid, 0, y, &around);
  smooth_edge (grid, grid->width - 1, y, &around);
}

/* Smooths the piece's first colour, and, one row behind while in cache, the second in rows whose neighbours belong to the piece too. */
static void
smooth_rows (void *user, size_t piece, int worker)
{
  const LimnPoisson *grid = ((const Pass *) user)->grid;
  const size_t y0 = piece * ROWS, y1 = rows_end (grid, piece);

  for (size_t y = y0; y < y1; y++) {
    smooth_row (grid, y, 0);
    if (y > y0 + 1)
      smooth_row (grid, y - 1, 1);
  }
}

/* Smooths the second colour in the rows at the piece's borders. */
static void
smooth_borders (void *user, size_t piece, int worker)
{
  const LimnPoisson *grid = ((const Pass *) user)->grid;
  const size_t y0 = piece * ROWS, y1 = rows_end (grid, piece);

  smooth_row (grid, y0, 1);
  if (y1 - 1 > y0)
    smooth_row (grid, y1 - 1, 1);
}

/* Adds the targets' residuals to sum. */
LIMN_WIDE static void
add_residuals (float *restrict sum, const float *restrict e, const float *restrict rhs, const uint8_t *restrict target,
               const Around *around)
{
  const float *restrict left = around->left, *restrict right = around->right;
  const float *restrict above = around->above, *restrict below = around->below;
  const float weight = around->weight;

  for (size_t i = 0; i < around->count; i++) {
    const float lacks = rhs[i] - (weight * e[i] - (left[i] + right[i] + above[i] + below[i]));
    sum[i] += target[i] ? lacks : 0.0f;
  }
}

/* The same for one pixel of any colour. sum: three values. */
static void
add_residual (const LimnPoisson *grid, size_t x, size_t y, float *sum)
{
  const Around around = around_row (grid, y, (unsigned) (x + y) & 1);
  const float weight = count_neighbours (grid, x, y) + grid->screening;
  const size_t first = x / 2 * CHANNELS;

  for (size_t c = 0; c < CHANNELS; c++) {
    const size_t i = first + c, at = around.at + i;
    if (grid->target[at])
      sum[c] += grid->rhs[at] - (weight * grid->e[at] - (around.left[i] + around.right[i] + around.above[i] + around.below[i]));
  }
}

/* Sums of the residuals of the four fine pixels of each pixel in the coarse grid's row y, added in raster order. */
static void
sum_residuals (const LimnPoisson *fine, const LimnPoisson *coarse, size_t y, float *sums)
{
  const size_t edges[] = { 0, coarse->width - 1 };

  memset (sums, 0, CHANNELS * coarse->width * sizeof *sums);
  for (size_t j = 2 * y; j < 2 * y + 2 && j < fine->height; j++)
    for (unsigned odd = 0; odd < 2; odd++) {
      const Around around = around_row (fine, j, (unsigned) (j + odd) & 1);
      add_residuals (sums, fine->e + around.at, fine->rhs + around.at, fine->target + around.at, &around);
    }
  for (size_t k = 0; k < 2; k++) {
    float *sum = sums + CHANNELS * edges[k];
    memset (sum, 0, CHANNELS * sizeof *sum);
    for (size_t j = 2 * y; j < 2 * y + 2 && j < fine->height; j++)
      for (size_t i = 2 * edges[k]; i < 2 * edges[k] + 2 && i < fine->width; i++)
        add_residual (fine, i, j, sum);
  }
}

/* Restriction: the coarse right-hand side is the sum of the four fine residuals, since the same stencil on pixels twice as large stands
 * for four times as much. The coarse solution starts at 0. */
static void
restrict_rows (void *user, size_t piece, int worker)
{
  const Pass *p = user;
  const LimnPoisson *coarse = p->coarse;
  const size_t y1 = rows_end (coarse, piece);
  float *sums = p->lines + (size_t) worker * LINES * p->line;

  for (size_t y = piece * ROWS; y < y1; y++) {
    sum_residuals (p->grid, coarse, y, sums);
    for (size_t x = 0; x < coarse->width; x++)
      memcpy (coarse->rhs + limn_poisson_index (coarse, x, y), sums + CHANNELS * x, CHANNELS * sizeof *sums);
    memset (coarse->e + 2 * (y + 1) * coarse->row, 0, 2 * coarse->row * sizeof *coarse->e);
  }
}

/* Copies a row of e in raster order, and repeats its first and last pixel on either side. */
static void
copy_line (const LimnPoisson *grid, size_t y, float *line)
{
  const size_t w = grid->width;

  for (size_t x = 0; x < w; x++)
    memcpy (line + CHANNELS * (x + 1), grid->e + limn_poisson_index (grid, x, y), CHANNELS * sizeof *line);
  memcpy (line, line + CHANNELS, CHANNELS * sizeof *line);
  memcpy (line + CHANNELS * (w + 1), line + CHANNELS * w, CHANNELS * sizeof *line);
}

/* Adds the interpolated coarse correction to targets of one colour: own and further are the two nearest coarse lines, weighted 3:1, as
 * are the pixels at 0 and at beside. */
LIMN_WIDE static void
add_lines (float *restrict e, const uint8_t *restrict target, const float *restrict own, const float *restrict further, ptrdiff_t beside,
           size_t count)
{
  const float *own_beside = own + beside, *further_beside = further + beside;

  for (size_t i = 0; i < count; i++) {
    const float value = e[i] + (0.5625f * own[i] + 0.1875f * (own_beside[i] + further[i]) + 0.0625f * further_beside[i]);
    e[i] = target[i] ? value : 0.0f;
  }
}

/* Prolongation: adds the coarse correction, interpolated bilinearly. */
static void
prolong_rows (void *user, size_t piece, int worker)
{
  const Pass *p = user;
  const LimnPoisson *fine = p->grid, *coarse = p->coarse;
  const size_t y0 = piece * ROWS, y1 = rows_end (fine, piece), last = coarse->height - 1;
  float *lines = p->lines + (size_t) worker * LINES * p->line;

  for (size_t y = y0; y < y1; y++) {
    const size_t j = y / 2, further = y & 1 ? limn_size_min (j + 1, last) : j > 0 ? j - 1 : j;
    const float *own_line = lines + j % LINES * p->line, *further_line = lines + further % LINES * p->line;

    if (y == y0)
      copy_line (coarse, further, lines + further % LINES * p->line);
    if (y == y0)
      copy_line (coarse, j, lines + j % LINES * p->line);
    else if (y & 1 && further != j)
      copy_line (coarse, further, lines + further % LINES * p->line);
    for (unsigned odd = 0; odd < 2; odd++) {
      const size_t at = row_at (fine, (ptrdiff_t) y, (unsigned) (y + odd) & 1);
      add_lines (fine->e + at, fine->target + at, own_line + CHANNELS, further_line + CHANNELS, odd ? CHANNELS : -CHANNELS,
                 fine->row - 2 * CHANNELS);
    }
  }
}

static LimnStatus
smooth_grid (Pass *pass, int times, LimnPool *pool, LimnError *error)
{
  for (int k = 0; k < times; k++) {
    LIMN_TRY (run_rows (pass->grid, smooth_rows, pass, pool, error));
    LIMN_TRY (run_rows (pass->grid, smooth_borders, pass, pool, error));
  }
  return LIMN_OK;
}

static LimnStatus
run_v_cycle (LimnPoisson *grids, size_t count, Pass *pass, LimnPool *pool, LimnError *error)
{
  for (size_t k = 0; k + 1 < count; k++) {
    pass->grid = &grids[k];
    pass->coarse = &grids[k + 1];
    LIMN_TRY (smooth_grid (pass, SMOOTHINGS, pool, error));
    LIMN_TRY (run_rows (pass->coarse, restrict_rows, pass, pool, error));
  }
  pass->grid = &grids[count - 1];
  LIMN_TRY (smooth_grid (pass, COARSEST, pool, error));
  for (size_t k = count - 1; k-- > 0;) {
    pass->grid = &grids[k];
    pass->coarse = &grids[k + 1];
    LIMN_TRY (run_rows (pass->grid, prolong_rows, pass, pool, error));
    LIMN_TRY (smooth_grid (pass, SMOOTHINGS, pool, error));
  }
  return LIMN_OK;
}

static void
clear_rows (void *user, size_t piece, int worker)
{
  const LimnPoisson *grid = ((const Pass *) user)->grid;
  const size_t y0 = piece * ROWS, y1 = rows_end (grid, piece);

  memset (grid->e + 2 * (y0 + 1) * grid->row, 0, 2 * (y1 - y0) * grid->row * sizeof *grid->e);
}

LimnStatus
limn_poisson_reset (LimnPoisson *poisson, LimnPool *pool, LimnError *error)
{
  Pass pass = { .grid = poisson };

  memset (poisson->e, 0, 2 * poisson->row * sizeof *poisson->e);
  memset (poisson->e + 2 * (poisson->height + 1) * poisson->row, 0, 2 * poisson->row * sizeof *poisson->e);
  return run_rows (poisson, clear_rows, &pass, pool, error);
}

/* A coarse pixel is a target only if all its fine pixels are, so that the correction stays 0 at the border on every grid. */
static void
shrink_rows (void *user, size_t piece, int worker)
{
  const Pass *p = user;
  const LimnPoisson *fine = p->grid;
  const size_t y1 = rows_end (p->coarse, piece);

  for (size_t y = piece * ROWS; y < y1; y++)
    for (size_t x = 0; x < p->coarse->width; x++) {
      bool inside = true;
      for (size_t j = 2 * y; j < 2 * y + 2 && j < fine->height; j++)
        for (size_t i = 2 * x; i < 2 * x + 2 && i < fine->width; i++)
          inside = inside && limn_poisson_is_target (fine, i, j);
      limn_poisson_set_target (p->coarse, x, y, inside);
    }
}

static LimnStatus
make_grids (LimnPoisson *grids, size_t *count, Pass *pass, LimnPool *pool, LimnError *error)
{
  LIMN_TRY (limn_poisson_reset (&grids[0], pool, error));
  while (*count < MOST_GRIDS && (grids[*count - 1].width > 4 || grids[*count - 1].height > 4)) {
    pass->grid = &grids[*count - 1];
    pass->coarse = &grids[*count];
    LIMN_TRY (
      limn_poisson_new (pass->coarse, (pass->grid->width + 1) / 2, (pass->grid->height + 1) / 2, 4.0f * pass->grid->screening, error));
    (*count)++;
    LIMN_TRY (limn_poisson_reset (pass->coarse, pool, error));
    LIMN_TRY (run_rows (pass->coarse, shrink_rows, pass, pool, error));
  }
  return LIMN_OK;
}

LimnStatus
limn_poisson_solve_multigrid (LimnPoisson *poisson, LimnPool *pool, LimnError *error)
{
  const size_t workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  LimnPoisson grids[MOST_GRIDS] = { *poisson };
  size_t count = 1;
  Pass pass = { .line = CHANNELS * ((poisson->width + 1) / 2 + 2) };
  LimnStatus status;

  pass.lines = limn_alloc (pass.line, LINES, workers, sizeof *pass.lines);
  if (pass.lines == NULL)
    return limn_fail_memory (error, pass.line * LINES * workers * sizeof *pass.lines);
  status = make_grids (grids, &count, &pass, pool, error);
  for (int k = 0; status == LIMN_OK && k < CYCLES; k++)
    status = run_v_cycle (grids, count, &pass, pool, error);
  for (size_t k = 1; k < count; k++)
    limn_poisson_clear (&grids[k]);
  free (pass.lines);
  return status;
}
