/* Splits a fill's area: its thin parts, and the holes that are far from each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "engine/imaging/connected-components.h"
#include "engine/imaging/distance.h"

enum {
  CELL = 32,       /* side of the squares whose connected components are the holes */
  THIN_RADIUS = 6, /* where no disc of this radius fits, the area is thin ... */
  NEAR = 12,       /* ... but not within this distance of the centres of such discs: a thick part's corners belong to it */
};

/* -- Thin parts -- */

typedef struct {
  const LimnFillArea *area;
  int32_t *distance;
  uint8_t *plane;
} Thinning;

static void
mark_row (void *user, size_t y, int worker)
{
  const Thinning *t = user;
  const size_t width = t->area->region.width;

  for (size_t i = y * width; i < (y + 1) * width; i++)
    t->plane[i] = t->area->alpha[i] > 0;
}

/* plane: 1 where a disc of THIN_RADIUS fits. */
static void
core_row (void *user, size_t y, int worker)
{
  const Thinning *t = user;
  const size_t width = t->area->region.width;

  for (size_t i = y * width; i < (y + 1) * width; i++)
    t->plane[i] = t->distance[i] > THIN_RADIUS * THIN_RADIUS;
}

static void
thin_row (void *user, size_t y, int worker)
{
  const Thinning *t = user;
  const size_t width = t->area->region.width;

  for (size_t i = y * width; i < (y + 1) * width; i++)
    t->plane[i] = t->area->alpha[i] && t->distance[i] > NEAR * NEAR;
}

LimnStatus
limn_fill_area_find_thin (LimnFillArea *area, LimnPool *pool, LimnError *error)
{
  const size_t width = area->region.width, height = area->region.height;
  Thinning t = { area, limn_alloc (width, height, 1, sizeof *t.distance), limn_alloc (width, height, 1, 1) };
  const LimnMask plane = { .data = t.plane, .width = width, .height = height, .stride = width };
  LimnStatus status = t.distance && t.plane ? LIMN_OK : limn_fail_memory (error, width * height * (sizeof *t.distance + 1));

  if (status == LIMN_OK)
    status = limn_pool_try (pool, height, mark_row, &t, error);
  if (status == LIMN_OK)
    status = limn_squared_distances (t.distance, &plane, 1, LIMN_DISTANCE_TO_OUTSIDE, THIN_RADIUS, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, height, core_row, &t, error);
  if (status == LIMN_OK)
    status = limn_squared_distances (t.distance, &plane, 1, LIMN_DISTANCE_TO_SET, NEAR, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, height, thin_row, &t, error);
  free (t.distance);
  if (status == LIMN_OK)
    area->thin = t.plane;
  else
    free (t.plane);
  return status;
}

/* -- Holes -- */

static void
unite (LimnRegion *a, const LimnRegion *b)
{
  const size_t x1 = a->x + a->width > b->x + b->width ? a->x + a->width : b->x + b->width;
  const size_t y1 = a->y + a->height > b->y + b->height ? a->y + a->height : b->y + b->height;

  a->x = b->x < a->x ? b->x : a->x;
  a->y = b->y < a->y ? b->y : a->y;
  a->width = x1 - a->x;
  a->height = y1 - a->y;
}

static size_t
gap_of (const LimnRegion *hole)
{
  const size_t side = hole->width > hole->height ? hole->width : hole->height;

  return side / 4 > CELL ? side / 4 : CELL;
}

/* True if the gap between a and b is less than a quarter of a's longer side, or less than a cell. */
static bool
is_near (const LimnRegion *a, const LimnRegion *b)
{
  const size_t gap = gap_of (a);

  return b->x < a->x + a->width + gap && a->x < b->x + b->width + gap && b->y < a->y + a->height + gap && a->y < b->y + b->height + gap;
}

static int
by_top (const void *a, const void *b)
{
  const LimnRegion *p = a, *q = b;

  return p->y != q->y ? (p->y > q->y) - (p->y < q->y) : (p->x > q->x) - (p->x < q->x);
}

/* Merges rectangles that are near each other until none are; leaves them sorted by by_top. Sorted by y, only those within the widest gap
 * have to be compared. */
static size_t
join_near (LimnRegion *holes, size_t count)
{
  for (bool joined = true; joined;) {
    size_t widest = 0, left = 0;

    joined = false;
    qsort (holes, count, sizeof *holes, by_top);
    for (size_t i = 0; i < count; i++)
      widest = gap_of (&holes[i]) > widest ? gap_of (&holes[i]) : widest;
    for (size_t i = 0; i < count; i++) {
      if (holes[i].width == 0)
        continue;
      for (size_t j = i + 1; j < count && holes[j].y < holes[i].y + holes[i].height + widest; j++)
        if (holes[j].width && (is_near (&holes[i], &holes[j]) || is_near (&holes[j], &holes[i]))) {
          unite (&holes[i], &holes[j]);
          widest = gap_of (&holes[i]) > widest ? gap_of (&holes[i]) : widest;
          holes[j].width = 0;
          joined = true;
        }
    }
    for (size_t i = 0; i < count; i++)
      if (holes[i].width)
        holes[left++] = holes[i];
    count = left;
  }
  return count;
}

/* Bounds, in the photo, of each connected component of cells. Returns the number of components. */
static size_t
group_cells (const LimnFillArea *area, const LimnRegion *cells, const uint32_t *group, LimnRegion *holes, size_t count)
{
  size_t groups = 0;

  for (size_t i = 0; i < count; i++) /* a component's label is the index of its first cell */
    if (cells[i].width && group[i] == i)
      holes[i] = cells[i];
    else if (cells[i].width)
      unite (&holes[group[i]], &cells[i]);
  for (size_t i = 0; i < count; i++)
    if (cells[i].width && group[i] == i) {
      holes[groups] = holes[i];
      holes[groups].x += area->region.x;
      holes[groups].y += area->region.y;
      groups++;
    }
  return groups;
}

typedef struct {
  const LimnFillArea *area;
  LimnRegion *cells; /* bounds of the holes' pixels in each cell */
  uint8_t *filled;   /* 1 where a cell has any of it */
} Bounding;

static void
bound_row (void *user, size_t j, int worker)
{
  const Bounding *b = user;
  const size_t width = b->area->region.width, height = b->area->region.height, columns = (width + CELL - 1) / CELL;

  for (size_t y = j * CELL; y < (j + 1) * CELL && y < height; y++)
    for (size_t x = 0; x < width; x++)
      if (limn_fill_area_is_hole (b->area, y * width + x)) {
        LimnRegion *cell = &b->cells[j * columns + x / CELL];
        const LimnRegion pixel = { x, y, 1, 1 };
        b->filled[j * columns + x / CELL] = 1;
        if (cell->width == 0)
          *cell = pixel;
        else
          unite (cell, &pixel);
      }
}

LimnStatus
limn_fill_area_split (const LimnFillArea *area, LimnRegion **out, size_t *out_count, LimnPool *pool, LimnError *error)
{
  const size_t width = area->region.width, height = area->region.height;
  const size_t columns = (width + CELL - 1) / CELL, rows = (height + CELL - 1) / CELL;
  LimnRegion *cells = calloc (columns * rows, sizeof *cells), *holes = calloc (columns * rows, sizeof *holes);
  uint32_t *group = calloc (columns * rows, sizeof *group);
  uint8_t *filled = calloc (columns * rows, 1);
  Bounding bounding = { area, cells, filled };
  LimnStatus status = LIMN_OK;

  *out = NULL;
  *out_count = 0;
  if (cells == NULL || holes == NULL || group == NULL || filled == NULL)
    status = limn_fail_memory (error, columns * rows * (2 * sizeof *cells + sizeof *group + 1));
  if (status == LIMN_OK)
    status = limn_pool_try (pool, rows, bound_row, &bounding, error);
  if (status == LIMN_OK) {
    limn_connected_components (group, filled, columns, rows);
    *out_count = join_near (holes, group_cells (area, cells, group, holes, columns * rows));
    *out = holes;
  } else
    free (holes);
  free (cells);
  free (group);
  free (filled);
  return status;
}
