/* The multigrid solver behind seams; what doesn't touch is solved apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "seam.h"

#include <stdlib.h>
#include <string.h>

#include "cell-groups.h"

enum {
  MOST_GRIDS = 16,
  CYCLES = 6,
  SMOOTHINGS = 2,  /* before and after each coarser grid */
  COARSEST = 24,   /* smoothings on the coarsest grid */
  ROWS = 16,       /* rows a piece */
  CELL = 16,       /* side of the squares in which groups of targets are told apart */
  SMALL = 65536,   /* pixels of a group that one thread solves alone */
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
} Pass;

/* The row after the last one of a piece. */
static inline size_t
rows_end (const Grid *grid, size_t piece)
{
  return limn_size_min ((piece + 1) * ROWS, grid->height);
}

/* Calls work for the rows of a grid, ROWS of them a piece. */
static LimnStatus
run_rows (const Grid *grid, LimnWork work, Pass *pass, LimnPool *pool, LimnError *error)
{
  return limn_pool_try (pool, (grid->height + ROWS - 1) / ROWS, work, pass, error);
}

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

/* Sum of e of the neighbours that a pixel at the grid's edge has, and their number. */
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

/* Sum of e around a pixel, and the number of its neighbours. */
static inline float
around (const Grid *grid, size_t x, size_t y, float sum[CHANNELS])
{
  const size_t row = grid->width * CHANNELS;
  const float *at = grid->e + y * row + x * CHANNELS;

  if (x == 0 || x + 1 >= grid->width || y == 0 || y + 1 >= grid->height)
    return neighbours (grid, x, y, sum);
  for (int c = 0; c < CHANNELS; c++)
    sum[c] = at[c - CHANNELS] + at[c + CHANNELS] + at[c - (ptrdiff_t) row] + at[(size_t) c + row];
  return 4.0f;
}

/* Gauss-Seidel's step of the pixels of one colour of a row: those in whose places x + y is even, or odd. */
static void
smooth_row (const Grid *grid, size_t y, unsigned colour)
{
  const size_t w = grid->width;
  const float inside = 1.0f / (4.0f + grid->hold);

  for (size_t x = (y + colour) & 1; x < w; x += 2) {
    const size_t at = y * w + x;
    float sum[CHANNELS];

    if (!grid->target[at])
      continue;
    const float count = around (grid, x, y, sum), scale = count == 4.0f ? inside : 1.0f / (count + grid->hold);
    for (size_t c = 0; c < CHANNELS; c++)
      grid->e[CHANNELS * at + c] = (grid->wanted[CHANNELS * at + c] + sum[c]) * scale;
  }
}

/* The first colour of all rows, and, a row behind while it is near, the second of those whose neighbours are in the same piece. */
static void
smooth_rows (void *user, size_t piece, int worker)
{
  const Grid *grid = ((const Pass *) user)->grid;
  const size_t y0 = piece * ROWS, y1 = rows_end (grid, piece);

  (void) worker;
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
  const Grid *grid = ((const Pass *) user)->grid;
  const size_t y0 = piece * ROWS, y1 = rows_end (grid, piece);

  (void) worker;
  smooth_row (grid, y0, 1);
  if (y1 - 1 > y0)
    smooth_row (grid, y1 - 1, 1);
}

/* Adds to sum what the equation of a target lacks. */
static inline void
add_residual (const Grid *grid, size_t x, size_t y, float sum[CHANNELS])
{
  const size_t at = y * grid->width + x;
  float near[CHANNELS];

  if (!grid->target[at])
    return;
  const float scale = around (grid, x, y, near) + grid->hold;
  for (size_t c = 0; c < CHANNELS; c++) {
    const size_t i = CHANNELS * at + c;
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
  const size_t y1 = rows_end (coarse, piece);

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
  const size_t y1 = rows_end (fine, piece);

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
  Pass p = { .grid = grid };

  for (int k = 0; k < times; k++) {
    LIMN_TRY (run_rows (grid, smooth_rows, &p, pool, error));
    LIMN_TRY (run_rows (grid, smooth_borders, &p, pool, error));
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
    LIMN_TRY (run_rows (coarse, restrict_rows, &p, pool, error));
  }
  LIMN_TRY (smooth (&grids[count - 1], COARSEST, pool, error));
  for (size_t k = count - 1; k-- > 0;) {
    Pass p = { .grid = &grids[k], .coarse = &grids[k + 1] };

    LIMN_TRY (run_rows (&grids[k], prolong_rows, &p, pool, error));
    LIMN_TRY (smooth (&grids[k], SMOOTHINGS, pool, error));
  }
  return LIMN_OK;
}

/* Rows of the first grid, whose target and wanted are the caller's. */
static void
clear_rows (void *user, size_t piece, int worker)
{
  const Grid *grid = ((const Pass *) user)->grid;
  const size_t y0 = piece * ROWS, y1 = rows_end (grid, piece);

  (void) worker;
  memset (grid->e + CHANNELS * y0 * grid->width, 0, CHANNELS * (y1 - y0) * grid->width * sizeof (float));
}

/* Only what is wholly inside is a target of the coarser grid, so that the correction stays bound at its edge on every grid. */
static void
shrink_rows (void *user, size_t piece, int worker)
{
  const Pass *p = user;
  const Grid *fine = p->grid, *coarse = p->coarse;
  const size_t y1 = rows_end (coarse, piece);

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

  LIMN_TRY (run_rows (&grids[0], clear_rows, &first, pool, error));
  while (*count < MOST_GRIDS && (grids[*count - 1].width > 4 || grids[*count - 1].height > 4)) {
    Pass p = { .grid = &grids[*count - 1], .coarse = &grids[*count] };

    LIMN_TRY (grid_new (p.coarse, (p.grid->width + 1) / 2, (p.grid->height + 1) / 2, 4.0f * p.grid->hold, error));
    (*count)++;
    LIMN_TRY (run_rows (p.coarse, shrink_rows, &p, pool, error));
  }
  return LIMN_OK;
}

/* Solves a grid; only its e is written. */
static LimnStatus
solve (const Grid *grid, LimnPool *pool, LimnError *error)
{
  Grid grids[MOST_GRIDS] = { *grid };
  size_t count = 1;
  LimnStatus status = make_grids (grids, &count, pool, error);

  for (int k = 0; status == LIMN_OK && k < CYCLES; k++)
    status = cycle (grids, count, pool, error);
  for (size_t k = 1; k < count; k++)
    grid_clear (&grids[k]);
  return status;
}

/* ---------------------------------------------------------------- targets that don't touch */

/* Groups of targets, by the cells that they lie in: each is solved by itself. */
typedef struct {
  const Grid *grid;
  size_t columns, rows, count;
  uint8_t *filled;     /* [rows][columns]: 1 where there are targets */
  uint32_t *group;     /* [rows][columns] */
  uint32_t *first;     /* [count]: of each group the first cell */
  LimnRegion *bounds;  /* [rows][columns], of the first cells: of the group, with one pixel around it where the picture has one */
  LimnStatus *status;  /* [count] */
} Islands;

static void
fill_cells (void *user, size_t j, int worker)
{
  const Islands *is = user;
  const Grid *grid = is->grid;
  const size_t y1 = (j + 1) * CELL < grid->height ? (j + 1) * CELL : grid->height;

  (void) worker;
  for (size_t y = j * CELL; y < y1; y++)
    for (size_t x = 0; x < grid->width; x++)
      if (grid->target[y * grid->width + x])
        is->filled[j * is->columns + x / CELL] = 1;
}

/* Bounds of the groups; returns the pixels that all have together. */
static size_t
bound_groups (Islands *is)
{
  const size_t cells = is->columns * is->rows;
  size_t area = 0;

  for (size_t i = 0; i < cells; i++) {
    const size_t x = i % is->columns * CELL, y = i / is->columns * CELL, x0 = x > 0 ? x - 1 : 0, y0 = y > 0 ? y - 1 : 0;
    const size_t x1 = limn_size_min (x + CELL + 1, is->grid->width), y1 = limn_size_min (y + CELL + 1, is->grid->height);
    LimnRegion *b = &is->bounds[is->group[i]];

    if (!is->filled[i])
      continue;
    if (is->group[i] == i) {
      *b = (LimnRegion) { x0, y0, x1 - x0, y1 - y0 };
      is->first[is->count++] = (uint32_t) i;
      continue;
    }
    const size_t right = b->x + b->width > x1 ? b->x + b->width : x1, bottom = b->y + b->height > y1 ? b->y + b->height : y1;
    b->x = limn_size_min (b->x, x0);
    b->width = right - b->x;
    b->height = bottom - b->y;
  }
  for (size_t k = 0; k < is->count; k++)
    area += is->bounds[is->first[k]].width * is->bounds[is->first[k]].height;
  return area;
}

static LimnStatus
solve_island (const Islands *is, size_t k, LimnPool *pool, LimnError *error)
{
  const Grid *grid = is->grid;
  const LimnRegion *b = &is->bounds[is->first[k]];
  Grid own;

  LIMN_TRY (grid_new (&own, b->width, b->height, grid->hold, error));
  for (size_t y = 0; y < b->height; y++)
    for (size_t x = 0; x < b->width; x++) {
      const size_t from = (b->y + y) * grid->width + b->x + x, cell = (b->y + y) / CELL * is->columns + (b->x + x) / CELL;
      own.target[y * b->width + x] = grid->target[from] && is->group[cell] == is->first[k];
      memcpy (own.wanted + CHANNELS * (y * b->width + x), grid->wanted + CHANNELS * from, CHANNELS * sizeof (float));
    }
  const LimnStatus status = solve (&own, pool, error);
  for (size_t y = 0; status == LIMN_OK && y < b->height; y++)
    for (size_t x = 0; x < b->width; x++)
      if (own.target[y * b->width + x])
        memcpy (grid->e + CHANNELS * ((b->y + y) * grid->width + b->x + x), own.e + CHANNELS * (y * b->width + x),
                CHANNELS * sizeof (float));
  grid_clear (&own);
  return status;
}

static bool
is_small (const LimnRegion *bounds)
{
  return bounds->width * bounds->height <= SMALL;
}

static void
solve_small (void *user, size_t k, int worker)
{
  const Islands *is = user;

  (void) worker;
  if (is_small (&is->bounds[is->first[k]]))
    is->status[k] = solve_island (is, k, NULL, NULL);
}

static LimnStatus
solve_islands (Islands *is, LimnPool *pool, LimnError *error)
{
  LimnStatus status = LIMN_OK;

  is->status = calloc (is->count, sizeof *is->status);
  if (is->status == NULL)
    return limn_fail_memory (error, is->count * sizeof *is->status);
  for (size_t k = 0; status == LIMN_OK && k < is->count; k++)
    if (!is_small (&is->bounds[is->first[k]]))
      status = solve_island (is, k, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, is->count, solve_small, is, error);
  for (size_t k = 0; status == LIMN_OK && k < is->count; k++)
    if (is->status[k] != LIMN_OK)
      status = limn_fail_memory (error, SMALL * CHANNELS * sizeof (float));
  free (is->status);
  return status;
}

/* Finds the islands of a grid, and whether they are worth it: islands->count is 0 where they aren't. */
static LimnStatus
find_islands (Islands *is, const Grid *grid, LimnPool *pool, LimnError *error)
{
  const size_t columns = (grid->width + CELL - 1) / CELL, rows = (grid->height + CELL - 1) / CELL;

  *is = (Islands) { .grid = grid, .columns = columns, .rows = rows };
  is->filled = calloc (columns * rows, 1);
  is->group = calloc (columns * rows, sizeof *is->group);
  is->first = calloc (columns * rows, sizeof *is->first);
  is->bounds = calloc (columns * rows, sizeof *is->bounds);
  if (is->filled == NULL || is->group == NULL || is->first == NULL || is->bounds == NULL)
    return limn_fail_memory (error, columns * rows * (1 + 2 * sizeof *is->group + sizeof *is->bounds));
  LIMN_TRY (limn_pool_try (pool, rows, fill_cells, is, error));
  limn_cell_groups (is->group, is->filled, columns, rows);
  if (bound_groups (is) > grid->width * grid->height / 2)
    is->count = 0;
  return LIMN_OK;
}

LimnStatus
limn_seam_solve (LimnImage *e, const LimnImage *wanted, const uint8_t *target, float hold, LimnPool *pool,
                 LimnError *error)
{
  Islands islands;
  LimnStatus status;

  LIMN_TRY (limn_image_alloc (e, wanted->width, wanted->height, CHANNELS, error));
  /* only e of the grid is ever written */
  const Grid grid = { wanted->width, wanted->height, (uint8_t *) target, e->data, wanted->data, hold };
  status = find_islands (&islands, &grid, pool, error);
  if (status == LIMN_OK && islands.count > 1) {
    Pass first = { .grid = (Grid *) &grid };
    status = run_rows (&grid, clear_rows, &first, pool, error);
    if (status == LIMN_OK)
      status = solve_islands (&islands, pool, error);
  } else if (status == LIMN_OK)
    status = solve (&grid, pool, error);
  free (islands.filled);
  free (islands.group);
  free (islands.first);
  free (islands.bounds);
  if (status != LIMN_OK)
    limn_image_clear (e);
  return status;
}
