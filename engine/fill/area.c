/* Grows and feathers a fill's mask by an exact Euclidean distance transform (columns first, then rows), and splits it into holes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "area.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "engine/imaging/connected-components.h"

enum {
  STRIP = 64, /* columns that are scanned together */
  CELL = 32,  /* side of the squares whose connected components are the holes */
  LARGEST_REACH = 4096,
};

typedef struct {
  const LimnPixels *photo;
  const LimnMask *mask;
  LimnRegion region;
  float grow, feather;
  int reach;     /* distances are clamped to one more than this */
  int32_t *rows; /* [height][width]: squared vertical distance to the nearest masked pixel of the column, at most (reach + 1)^2 */
  int32_t *best; /* [workers][width]: scratch */
  uint16_t *alpha;
} Growing;

/* True if any byte of a row isn't 0. */
LIMN_WIDE static bool
is_anything (const uint8_t *row, size_t count)
{
  uint8_t all = 0;

  for (size_t i = 0; i < count; i++)
    all |= row[i];
  return all != 0;
}

/* Bounds of all non-zero pixels; false if there are none. size: bytes a pixel; stride: bytes from row to row. */
static bool
find_bounds (const void *data, size_t width, size_t height, size_t stride, size_t size, LimnRegion *out)
{
  size_t x0 = width, x1 = 0, y0 = height, y1 = 0;

  for (size_t y = 0; y < height; y++) {
    const uint8_t *row = (const uint8_t *) data + y * stride;
    size_t first = 0, last = width * size;

    if (!is_anything (row, last))
      continue;
    while (row[first] == 0)
      first++;
    while (row[last - 1] == 0)
      last--;
    x0 = first / size < x0 ? first / size : x0;
    x1 = (last - 1) / size + 1 > x1 ? (last - 1) / size + 1 : x1;
    y0 = y < y0 ? y : y0;
    y1 = y + 1;
  }
  *out = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  return y1 > 0;
}

static LimnRegion
inflate_region (LimnRegion region, size_t by, size_t width, size_t height)
{
  const size_t x0 = region.x > by ? region.x - by : 0, y0 = region.y > by ? region.y - by : 0;
  const size_t x1 = region.x + region.width + by < width ? region.x + region.width + by : width;
  const size_t y1 = region.y + region.height + by < height ? region.y + region.height + by : height;

  return (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
}

/* Downward pass: 0 where masked, else one more than above, at most far. above: NULL for the first row. */
LIMN_WIDE static void
scan_down (int32_t *restrict row, const int32_t *restrict above, const uint8_t *restrict mask, int32_t far, size_t count)
{
  for (size_t x = 0; x < count; x++) {
    const int32_t last = above ? above[x] : far;
    row[x] = mask[x] >= 128 ? 0 : last < far ? last + 1 : far;
  }
}

/* Upward pass: takes the smaller of the row's distance and one more than below's, keeps it in below, and squares it in the row. */
LIMN_WIDE static void
scan_up (int32_t *restrict row, int32_t *restrict below, size_t count)
{
  for (size_t x = 0; x < count; x++) {
    below[x] = row[x] < below[x] + 1 ? row[x] : below[x] + 1;
    row[x] = below[x] * below[x];
  }
}

/* Vertical distances of one strip of columns. */
static void
scan_columns (void *user, size_t piece, int worker)
{
  const Growing *g = user;
  const size_t width = g->region.width, x0 = piece * STRIP, count = x0 + STRIP < width ? STRIP : width - x0;
  const int32_t far = g->reach + 1;
  int32_t below[STRIP];

  for (size_t y = 0; y < g->region.height; y++) {
    int32_t *row = g->rows + y * width + x0;
    scan_down (row, y > 0 ? row - width : NULL, g->mask->data + (g->region.y + y) * g->mask->stride + g->region.x + x0, far, count);
  }
  for (size_t x = 0; x < count; x++)
    below[x] = far;
  for (size_t y = g->region.height; y-- > 0;)
    scan_up (g->rows + y * width + x0, below, count);
}

LIMN_WIDE static void
lower_distances (int32_t *restrict to, const int32_t *restrict from, int32_t add, size_t count)
{
  for (size_t i = 0; i < count; i++)
    to[i] = from[i] + add < to[i] ? from[i] + add : to[i];
}

static bool
is_transparent (const LimnPixels *photo, size_t x, size_t y)
{
  const uint8_t *row = (const uint8_t *) photo->data + y * photo->stride;

  return photo->depth == 16 ? ((const uint16_t *) (const void *) row)[4 * x + 3] == 0 : row[4 * x + 3] == 0;
}

/* Alpha of 16 rows. The squared distance is the minimum over dx of the vertical one at x + dx plus dx^2. */
static void
feather_rows (void *user, size_t piece, int worker)
{
  const Growing *g = user;
  const size_t width = g->region.width, y1 = (piece + 1) * 16 < g->region.height ? (piece + 1) * 16 : g->region.height;
  int32_t *best = g->best + (size_t) worker * width;
  const int32_t far = (g->reach + 1) * (g->reach + 1);

  for (size_t y = piece * 16; y < y1; y++) {
    const int32_t *row = g->rows + y * width;

    memcpy (best, row, width * sizeof *best);
    for (int d = 1; d <= g->reach && (size_t) d < width; d++) {
      lower_distances (best, row + d, d * d, width - (size_t) d);
      lower_distances (best + d, row, d * d, width - (size_t) d);
    }
    for (size_t x = 0; x < width; x++) {
      float alpha = (float) g->mask->data[(g->region.y + y) * g->mask->stride + g->region.x + x] / 255.0f;

      if (best[x] < far) {
        const float beyond = sqrtf ((float) best[x]) - g->grow;
        const float t = beyond <= 0.0f ? 1.0f : g->feather > 0.0f ? 1.0f - beyond / (g->feather + 1.0f) : 0.0f;
        if (t > 0.0f)
          alpha = limn_max (alpha, t * t * (3.0f - 2.0f * t));
      }
      if (alpha > 0.0f && is_transparent (g->photo, g->region.x + x, g->region.y + y))
        alpha = alpha >= 0.5f ? 1.0f : 0.0f;
      g->alpha[y * width + x] = (uint16_t) (alpha * 65535.0f + 0.5f);
    }
  }
}

/* Shrinks the region to the pixels whose alpha isn't 0. False if there are none. */
static bool
trim_region (LimnFillArea *area)
{
  const LimnRegion from = area->region;
  LimnRegion to;

  if (!find_bounds (area->alpha, from.width, from.height, from.width * sizeof *area->alpha, sizeof *area->alpha, &to))
    return false;
  area->region = (LimnRegion){ from.x + to.x, from.y + to.y, to.width, to.height };
  for (size_t y = 0; y < to.height; y++)
    memmove (area->alpha + y * to.width, area->alpha + (to.y + y) * from.width + to.x, to.width * sizeof *area->alpha);
  return true;
}

LimnStatus
limn_fill_area_new (LimnFillArea *area, const LimnPixels *photo, const LimnMask *mask, float grow, float feather, LimnPool *pool,
                    LimnError *error)
{
  Growing g = { .photo = photo, .mask = mask, .grow = grow, .feather = feather };

  *area = (LimnFillArea){ 0 };
  LIMN_TRY (limn_check_size (photo, mask->width, mask->height, "The mask is", error));
  if (!(grow >= 0.0f && grow <= LARGEST_REACH) || !(feather >= 0.0f && feather <= LARGEST_REACH))
    return limn_fail (error, LIMN_BAD_INPUT, "Grow and feather must be from 0 to %d pixels.", LARGEST_REACH);
  if (!find_bounds (mask->data, mask->width, mask->height, mask->stride, 1, &g.region))
    return limn_fail (error, LIMN_BAD_INPUT, "The mask is empty: paint over what should go.");
  g.reach = (int) ceilf (grow + (feather > 0.0f ? feather + 1.0f : 0.0f));
  g.region = inflate_region (g.region, (size_t) g.reach, photo->width, photo->height);

  g.rows = limn_alloc (g.region.width, g.region.height, 1, sizeof *g.rows);
  g.best = limn_alloc (g.region.width, (size_t) limn_pool_threads (pool), 1, sizeof *g.best);
  g.alpha = limn_alloc (g.region.width, g.region.height, 1, sizeof *g.alpha);
  if (g.rows == NULL || g.best == NULL || g.alpha == NULL) {
    free (g.rows);
    free (g.best);
    free (g.alpha);
    return limn_fail_memory (error, g.region.width * g.region.height * (sizeof *g.rows + sizeof *g.alpha));
  }
  LimnStatus status = limn_pool_try (pool, (g.region.width + STRIP - 1) / STRIP, scan_columns, &g, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, (g.region.height + 15) / 16, feather_rows, &g, error);
  free (g.rows);
  free (g.best);
  if (status != LIMN_OK) {
    free (g.alpha);
    return status;
  }
  *area = (LimnFillArea){ g.region, g.alpha };
  if (!trim_region (area)) {
    limn_fill_area_clear (area);
    return limn_fail (error, LIMN_BAD_INPUT, "The mask is empty: paint over what should go.");
  }
  return LIMN_OK;
}

void
limn_fill_area_clear (LimnFillArea *area)
{
  free (area->alpha);
  *area = (LimnFillArea){ 0 };
}

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
  LimnRegion *cells; /* bounds of the alpha in each cell */
  uint8_t *filled;   /* 1 where a cell has any alpha */
} Bounding;

static void
bound_row (void *user, size_t j, int worker)
{
  const Bounding *b = user;
  const size_t width = b->area->region.width, height = b->area->region.height, columns = (width + CELL - 1) / CELL;

  for (size_t y = j * CELL; y < (j + 1) * CELL && y < height; y++)
    for (size_t x = 0; x < width; x++)
      if (b->area->alpha[y * width + x]) {
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
