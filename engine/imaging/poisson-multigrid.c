/* Multigrid V-cycles with red-black Gauss-Seidel smoothing, for limn_poisson_solve.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "poisson-multigrid.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"

enum {
  MOST_GRIDS = 16,
  CYCLES = 6,
  SMOOTHINGS = 2, /* before and after each coarser grid */
  COARSEST = 24,  /* smoothings on the coarsest grid */
  ROWS = 16,      /* rows a piece */
  CHANNELS = LIMN_POISSON_CHANNELS,
  LINES = 3, /* of a coarser grid that a thread has beside each other */
};

typedef struct {
  LimnPoisson *grid, *coarse;
  float *lines; /* [workers][LINES][line] */
  size_t line;  /* values of a row of the second grid, with one pixel more on both sides */
} Pass;

/* The row after the last one of a piece. */
static inline size_t
rows_end (const LimnPoisson *grid, size_t piece)
{
  return limn_size_min ((piece + 1) * ROWS, grid->height);
}

/* Calls work for the rows of a grid, ROWS of them a piece. */
static LimnStatus
run_rows (const LimnPoisson *grid, LimnWork work, Pass *pass, LimnPool *pool, LimnError *error)
{
  return limn_pool_try (pool, (grid->height + ROWS - 1) / ROWS, work, pass, error);
}

/* Where the first pixel of a colour is in row y; -1 and the grid's height are rows that are 0 everywhere. */
static inline size_t
row_at (const LimnPoisson *grid, ptrdiff_t y, unsigned colour)
{
  return (size_t) (2 * (y + 1) + (ptrdiff_t) colour) * grid->row + CHANNELS;
}

/* How many neighbours a pixel has. */
static inline float
count_neighbours (const LimnPoisson *grid, size_t x, size_t y)
{
  return (float) ((x > 0) + (x + 1 < grid->width) + (y > 0) + (y + 1 < grid->height));
}

/* The rows of e around the pixels of one colour of a row, and what they are multiplied by. */
typedef struct {
  const float *left, *right, *above, *below;
  size_t at, count; /* of the colour's first pixel in the grid's arrays; values */
  unsigned odd;     /* 1: x is odd */
  float weight;     /* neighbours, but of the row's first and last pixel, and screening */
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

/* The same for the pixel at the grid's edge in column x, if it is of that colour. */
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

/* Gauss-Seidel's step of the pixels of one colour of a row: those in whose places x + y is even, or odd. */
static void
smooth_row (const LimnPoisson *grid, size_t y, unsigned colour)
{
  const Around around = around_row (grid, y, colour);

  smooth_values (grid->e + around.at, grid->rhs + around.at, grid->target + around.at, &around);
  smooth_edge (grid, 0, y, &around);
  smooth_edge (grid, grid->width - 1, y, &around);
}

/* The first colour of all rows, and, a row behind while it is near, the second of those whose neighbours are in the same piece. */
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

/* The second colour of the rows at a piece's borders. */
static void
smooth_borders (void *user, size_t piece, int worker)
{
  const LimnPoisson *grid = ((const Pass *) user)->grid;
  const size_t y0 = piece * ROWS, y1 = rows_end (grid, piece);

  smooth_row (grid, y0, 1);
  if (y1 - 1 > y0)
    smooth_row (grid, y1 - 1, 1);
}

/* Adds to sum what the equations of the targets lack. */
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

/* The same for one pixel of any grid; sum: of its three values. */
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

/* Sums of the residuals of the four pixels of each pixel of the coarser grid's row y, in the order of rows and columns. */
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

/* The coarser grid's right side is the sum of the residuals of its four pixels: with pixels twice as large the same stencil
 * stands for four times as much. Its e begins at 0. */
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

/* A row of e, pixel after pixel, and its first and last pixel once more before and after it. */
static void
take_line (const LimnPoisson *grid, size_t y, float *line)
{
  const size_t w = grid->width;

  for (size_t x = 0; x < w; x++)
    memcpy (line + CHANNELS * (x + 1), grid->e + limn_poisson_index (grid, x, y), CHANNELS * sizeof *line);
  memcpy (line, line + CHANNELS, CHANNELS * sizeof *line);
  memcpy (line + CHANNELS * (w + 1), line + CHANNELS * w, CHANNELS * sizeof *line);
}

/* Adds to targets of one colour: own, the line of the coarser pixels that they lie in, and further, of those next to these; both are
 * interpolated with the pixels at besides. */
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

/* Adds the coarse correction, interpolated linearly between the middles of its pixels. */
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
      take_line (coarse, further, lines + further % LINES * p->line);
    if (y == y0)
      take_line (coarse, j, lines + j % LINES * p->line);
    else if (y & 1 && further != j)
      take_line (coarse, further, lines + further % LINES * p->line);
    for (unsigned odd = 0; odd < 2; odd++) {
      const size_t at = row_at (fine, (ptrdiff_t) y, (unsigned) (y + odd) & 1);
      add_lines (fine->e + at, fine->target + at, own_line + CHANNELS, further_line + CHANNELS, odd ? CHANNELS : -CHANNELS,
                 fine->row - 2 * CHANNELS);
    }
  }
}

static LimnStatus
smooth (Pass *pass, int times, LimnPool *pool, LimnError *error)
{
  for (int k = 0; k < times; k++) {
    LIMN_TRY (run_rows (pass->grid, smooth_rows, pass, pool, error));
    LIMN_TRY (run_rows (pass->grid, smooth_borders, pass, pool, error));
  }
  return LIMN_OK;
}

static LimnStatus
cycle (LimnPoisson *grids, size_t count, Pass *pass, LimnPool *pool, LimnError *error)
{
  for (size_t k = 0; k + 1 < count; k++) {
    pass->grid = &grids[k];
    pass->coarse = &grids[k + 1];
    LIMN_TRY (smooth (pass, SMOOTHINGS, pool, error));
    LIMN_TRY (run_rows (pass->coarse, restrict_rows, pass, pool, error));
  }
  pass->grid = &grids[count - 1];
  LIMN_TRY (smooth (pass, COARSEST, pool, error));
  for (size_t k = count - 1; k-- > 0;) {
    pass->grid = &grids[k];
    pass->coarse = &grids[k + 1];
    LIMN_TRY (run_rows (pass->grid, prolong_rows, pass, pool, error));
    LIMN_TRY (smooth (pass, SMOOTHINGS, pool, error));
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

/* Only what is wholly inside is a target of the coarser grid, so that the correction stays bound at its edge on every grid. */
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
    status = cycle (grids, count, &pass, pool, error);
  for (size_t k = 1; k < count; k++)
    limn_poisson_clear (&grids[k]);
  free (pass.lines);
  return status;
}
