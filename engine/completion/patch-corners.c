/* Classifies a level's patches into sources, targets and neither, and measures how deep the hole is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"
#include "patch-level.h"

enum {
  ROWS = 32,      /* rows of corners a piece */
  POLL_ROWS = 64, /* rows between two polls for cancelling */
  MOST_DEPTH = 255,
};

/* Counts of some rows. */
typedef struct {
  size_t targets, sources, holes;
  size_t x0, y0, x1, y1; /* bounds of the target pixels */
} Count;

typedef struct {
  LimnPatchLevel *level;
  uint8_t *sums; /* [workers][2][width]: targets, and pixels that aren't known, in the 8 rows of a patch, by column */
  Count *counts; /* [pieces] */
} Measuring;

/* Adds a row of states to the sums, times by (1, or 255 = -1 to subtract). */
LIMN_WIDE static void
add_states (uint8_t *restrict target, uint8_t *restrict missing, const uint8_t *restrict state, size_t width, uint8_t by)
{
  for (size_t x = 0; x < width; x++) {
    target[x] = (uint8_t) (target[x] + (state[x] == LIMN_PIXEL_TARGET ? by : 0));
    missing[x] = (uint8_t) (missing[x] + (state[x] != LIMN_PIXEL_KNOWN ? by : 0));
  }
}

/* Classifies a row of corners from the column sums. */
LIMN_WIDE static void
classify (uint8_t *restrict corner, const uint8_t *restrict target, const uint8_t *restrict missing, size_t count)
{
  for (size_t x = 0; x < count; x++) {
    uint8_t targets = 0, missings = 0;

    for (int k = 0; k < LIMN_PATCH; k++) {
      targets |= target[x + (size_t) k];
      missings |= missing[x + (size_t) k];
    }
    corner[x] = targets ? LIMN_CORNER_TARGET : missings ? 0 : LIMN_CORNER_SOURCE;
  }
}

/* Number of a row's bytes that equal value. */
LIMN_WIDE static size_t
count_row (const uint8_t *row, size_t width, uint8_t value)
{
  uint32_t count = 0;

  for (size_t x = 0; x < width; x++)
    count += row[x] == value;
  return count;
}

/* Counts a row's target pixels and extends the bounds by them. */
static void
count_holes (Count *count, const LimnPatchLevel *level, size_t y)
{
  const uint8_t *row = level->state + y * level->width, *first = memchr (row, LIMN_PIXEL_TARGET, level->width);
  size_t x0, x1 = level->width;

  if (first == NULL)
    return;
  x0 = (size_t) (first - row);
  while (row[x1 - 1] != LIMN_PIXEL_TARGET)
    x1--;
  if (count->holes == 0)
    *count = (Count){ count->targets, count->sources, 0, x0, y, x1, y + 1 };
  count->holes += count_row (first, x1 - x0, LIMN_PIXEL_TARGET);
  count->x0 = x0 < count->x0 ? x0 : count->x0;
  count->x1 = x1 > count->x1 ? x1 : count->x1;
  count->y1 = y + 1;
}

/* Classifies some rows of corners, counts the target pixels of these rows, and zeroes their depths. */
static void
measure_rows (void *user, size_t piece, int worker)
{
  const Measuring *m = user;
  LimnPatchLevel *level = m->level;
  const size_t w = level->width, h = level->height, y0 = piece * ROWS, y1 = limn_size_min (y0 + ROWS, h);
  uint8_t *target = m->sums + 2 * (size_t) worker * w, *missing = target + w;
  Count *count = &m->counts[piece];

  memset (target, 0, 2 * w);
  memset (level->depth + y0 * w, 0, (y1 - y0) * w);
  for (size_t y = y0; y < y0 + LIMN_PATCH - 1 && y < h; y++)
    add_states (target, missing, level->state + y * w, w, 1);
  for (size_t y = y0; y < y1; y++) {
    uint8_t *corner = level->corner + y * w;

    count_holes (count, level, y);
    if (y + LIMN_PATCH > h) {
      memset (corner, 0, w);
      continue;
    }
    add_states (target, missing, level->state + (y + LIMN_PATCH - 1) * w, w, 1);
    classify (corner, target, missing, w + 1 - LIMN_PATCH);
    memset (corner + w + 1 - LIMN_PATCH, 0, LIMN_PATCH - 1);
    add_states (target, missing, level->state + y * w, w, 255);
    count->targets += count_row (corner, w, LIMN_CORNER_TARGET);
    count->sources += count_row (corner, w, LIMN_CORNER_SOURCE);
  }
}

/* lowest[x], for x0 <= x < x1: minimum of row at x - 1, x and x + 1. */
LIMN_WIDE static void
find_lowest (uint8_t *restrict lowest, const uint8_t *restrict row, size_t width, size_t x0, size_t x1)
{
  const size_t first = x0 > 0 ? x0 : 1, end = x1 < width ? x1 : width - 1;

  for (size_t x = first; x < end; x++) {
    const uint8_t beside = row[x - 1] < row[x + 1] ? row[x - 1] : row[x + 1];
    lowest[x] = row[x] < beside ? row[x] : beside;
  }
  if (x0 == 0)
    lowest[0] = row[0] < row[1] ? row[0] : row[1];
  if (x1 == width)
    lowest[width - 1] = row[width - 1] < row[width - 2] ? row[width - 1] : row[width - 2];
}

/* Chessboard distances in two scans of the targets' bounds; outside they are 0 already. lowest: [width], scratch. */
static LimnStatus
find_depths (LimnPatchLevel *level, const Count *bounds, uint8_t *lowest, LimnPool *pool, LimnError *error)
{
  const size_t w = level->width, h = level->height, x0 = bounds->x0, x1 = bounds->x1;

  level->deepest = 0;
  for (size_t y = bounds->y0; y < bounds->y1; y++) {
    uint8_t *row = level->depth + y * w;
    unsigned last = x0 > 0 ? 0 : MOST_DEPTH - 1;

    if (y % POLL_ROWS == 0)
      LIMN_TRY (limn_pool_check (pool, error));
    if (y > 0)
      find_lowest (lowest, row - w, w, x0, x1);
    else
      memset (lowest, MOST_DEPTH - 1, w);
    for (size_t x = x0; x < x1; x++) {
      const unsigned beside = lowest[x] < last ? lowest[x] : last;
      last = level->state[y * w + x] == LIMN_PIXEL_TARGET ? (beside < MOST_DEPTH - 1 ? beside : MOST_DEPTH - 1) + 1 : 0;
      row[x] = (uint8_t) last;
    }
  }
  for (size_t y = bounds->y1; y-- > bounds->y0;) {
    uint8_t *row = level->depth + y * w;
    unsigned last = x1 < w ? 0 : MOST_DEPTH;

    if (y % POLL_ROWS == 0)
      LIMN_TRY (limn_pool_check (pool, error));
    if (y + 1 < h)
      find_lowest (lowest, row + w, w, x0, x1);
    else
      memset (lowest, MOST_DEPTH, w);
    for (size_t x = x1; x-- > x0;) {
      const unsigned beside = (lowest[x] < last ? lowest[x] : last) + 1u;
      last = row[x] < beside ? row[x] : beside;
      row[x] = (uint8_t) last;
      level->deepest = last > level->deepest ? last : level->deepest;
    }
  }
  return LIMN_OK;
}

/* Adds up the counts of all pieces and finds the level's region. sum: receives the totals, and the bounds of all target pixels. */
static void
add_counts (LimnPatchLevel *level, const Count *counts, size_t pieces, Count *sum)
{
  *sum = (Count){ 0 };
  for (size_t k = 0; k < pieces; k++) {
    const Count *c = &counts[k];
    Count own = *c;

    if (sum->holes > 0) {
      own.x0 = c->holes > 0 ? limn_size_min (sum->x0, c->x0) : sum->x0;
      own.y0 = sum->y0;
      own.x1 = c->holes > 0 && c->x1 > sum->x1 ? c->x1 : sum->x1;
      own.y1 = c->holes > 0 ? c->y1 : sum->y1;
    }
    own.targets += sum->targets;
    own.sources += sum->sources;
    own.holes += sum->holes;
    *sum = own;
  }
  level->targets = sum->targets;
  level->sources = sum->sources;
  level->holes = sum->holes;
  level->region = (LimnRegion){ 0 };
  if (sum->targets > 0) {
    const size_t x0 = sum->x0 > LIMN_PATCH - 1 ? sum->x0 - (LIMN_PATCH - 1) : 0,
                 y0 = sum->y0 > LIMN_PATCH - 1 ? sum->y0 - (LIMN_PATCH - 1) : 0;
    const size_t x1 = limn_size_min (sum->x1, level->width + 1 - LIMN_PATCH), y1 = limn_size_min (sum->y1, level->height + 1 - LIMN_PATCH);
    level->region = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  }
}

LimnStatus
limn_patch_level_measure (LimnPatchLevel *level, LimnPool *pool, LimnError *error)
{
  const size_t w = level->width, pieces = (level->height + ROWS - 1) / ROWS;
  const size_t workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  Measuring m = { level, limn_alloc (w, 2, workers, 1), calloc (pieces, sizeof *m.counts) };
  Count sum;
  LimnStatus status;

  if (m.sums == NULL || m.counts == NULL)
    status = limn_fail_memory (error, 2 * w * workers + pieces * sizeof *m.counts);
  else
    status = limn_pool_try (pool, pieces, measure_rows, &m, error);
  if (status == LIMN_OK) {
    add_counts (level, m.counts, pieces, &sum);
    status = find_depths (level, &sum, m.sums, pool, error);
  }
  free (m.sums);
  free (m.counts);
  return status;
}
