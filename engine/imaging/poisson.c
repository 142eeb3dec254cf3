/* Storage of a Poisson problem, and its division into islands of targets that don't touch, which are solved one by one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "poisson.h"

#include <stdlib.h>
#include <string.h>

#include "connected-components.h"
#include "poisson-multigrid.h"

enum {
  CELL = 16,     /* side of the squares whose connected components are the islands */
  SMALL = 65536, /* pixels of an island that one thread solves alone */
  CHANNELS = LIMN_POISSON_CHANNELS,
};

/* Only the padding targets of rows of odd width are initialised. */
LimnStatus
limn_poisson_new (LimnPoisson *poisson, size_t width, size_t height, float screening, LimnError *error)
{
  *poisson = (LimnPoisson){ .width = width, .height = height, .row = CHANNELS * ((width + 1) / 2 + 2), .screening = screening };
  poisson->target = limn_alloc (poisson->row, height + 2, 2, 1);
  poisson->e = limn_alloc (poisson->row, height + 2, 2, sizeof (float));
  poisson->rhs = limn_alloc (poisson->row, height + 2, 2, sizeof (float));
  if (poisson->target == NULL || poisson->e == NULL || poisson->rhs == NULL) {
    limn_poisson_clear (poisson);
    return limn_fail_memory (error, 2 * width * height * CHANNELS * sizeof (float));
  }
  for (size_t y = 0; width % 2 == 1 && y < height; y++)
    limn_poisson_set_target (poisson, width, y, false);
  return LIMN_OK;
}

void
limn_poisson_keep_solution (LimnPoisson *poisson)
{
  free (poisson->target);
  free (poisson->rhs);
  poisson->target = NULL;
  poisson->rhs = NULL;
}

void
limn_poisson_clear (LimnPoisson *poisson)
{
  free (poisson->target);
  free (poisson->e);
  free (poisson->rhs);
  *poisson = (LimnPoisson){ 0 };
}

/* Islands of targets, found on a grid of cells; each is solved by itself. */
typedef struct {
  const LimnPoisson *grid;
  size_t columns, rows, count;
  uint8_t *filled;    /* [rows][columns]: 1 where there are targets */
  uint32_t *group;    /* [rows][columns]: component of each cell */
  uint32_t *first;    /* [count]: first cell of each island */
  LimnRegion *bounds; /* [rows][columns], at each island's first cell: its bounds, plus one pixel around it inside the picture */
  LimnStatus *status; /* [count] */
} Islands;

static void
fill_cells (void *user, size_t j, int worker)
{
  const Islands *is = user;
  const LimnPoisson *grid = is->grid;
  const size_t y1 = (j + 1) * CELL < grid->height ? (j + 1) * CELL : grid->height;

  for (size_t y = j * CELL; y < y1; y++)
    for (size_t x = 0; x < grid->width; x++)
      if (limn_poisson_is_target (grid, x, y))
        is->filled[j * is->columns + x / CELL] = 1;
}

/* Finds the islands' bounds; returns the sum of their areas. */
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
      *b = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
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
  const LimnPoisson *grid = is->grid;
  const LimnRegion *b = &is->bounds[is->first[k]];
  LimnPoisson own;

  LIMN_TRY (limn_poisson_new (&own, b->width, b->height, grid->screening, error));
  for (size_t y = 0; y < b->height; y++)
    for (size_t x = 0; x < b->width; x++) {
      const size_t cell = (b->y + y) / CELL * is->columns + (b->x + x) / CELL;
      limn_poisson_set_target (&own, x, y, limn_poisson_is_target (grid, b->x + x, b->y + y) && is->group[cell] == is->first[k]);
      memcpy (own.rhs + limn_poisson_index (&own, x, y), grid->rhs + limn_poisson_index (grid, b->x + x, b->y + y),
              CHANNELS * sizeof (float));
    }
  const LimnStatus status = limn_poisson_solve_multigrid (&own, pool, error);
  for (size_t y = 0; status == LIMN_OK && y < b->height; y++)
    for (size_t x = 0; x < b->width; x++)
      if (limn_poisson_is_target (&own, x, y))
        memcpy (grid->e + limn_poisson_index (grid, b->x + x, b->y + y), own.e + limn_poisson_index (&own, x, y),
                CHANNELS * sizeof (float));
  limn_poisson_clear (&own);
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

/* Finds the islands of a grid. count is 0 if solving them one by one is not worth it. */
static LimnStatus
find_islands (Islands *is, const LimnPoisson *grid, LimnPool *pool, LimnError *error)
{
  const size_t columns = (grid->width + CELL - 1) / CELL, rows = (grid->height + CELL - 1) / CELL;

  *is = (Islands){ .grid = grid, .columns = columns, .rows = rows };
  is->filled = calloc (columns * rows, 1);
  is->group = calloc (columns * rows, sizeof *is->group);
  is->first = calloc (columns * rows, sizeof *is->first);
  is->bounds = calloc (columns * rows, sizeof *is->bounds);
  if (is->filled == NULL || is->group == NULL || is->first == NULL || is->bounds == NULL)
    return limn_fail_memory (error, columns * rows * (1 + 2 * sizeof *is->group + sizeof *is->bounds));
  LIMN_TRY (limn_pool_try (pool, rows, fill_cells, is, error));
  limn_connected_components (is->group, is->filled, columns, rows);
  if (bound_groups (is) > grid->width * grid->height / 2)
    is->count = 0;
  return LIMN_OK;
}

LimnStatus
limn_poisson_solve (LimnPoisson *poisson, LimnPool *pool, LimnError *error)
{
  Islands islands;
  LimnStatus status = find_islands (&islands, poisson, pool, error);

  if (status == LIMN_OK && islands.count > 1) {
    status = limn_poisson_reset (poisson, pool, error);
    if (status == LIMN_OK)
      status = solve_islands (&islands, pool, error);
  } else if (status == LIMN_OK)
    status = limn_poisson_solve_multigrid (poisson, pool, error);
  free (islands.filled);
  free (islands.group);
  free (islands.first);
  free (islands.bounds);
  return status;
}
