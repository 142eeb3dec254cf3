/* An exact Euclidean distance transform: columns first, then rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "distance.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/vector.h"

enum {
  STRIP = 64, /* columns that are scanned together */
  ROWS = 16,  /* rows that are finished together */
};

typedef struct {
  const LimnMask *plane;
  uint8_t least;
  bool outside; /* distances to what isn't in the set */
  int reach;
  int32_t *out;  /* first the squared vertical distance to the nearest pixel of the column, at most (reach + 1)^2; then the result */
  int32_t *best; /* [workers][width]: scratch */
} Transform;

/* Downward pass: 0 where the distance is measured to, else one more than above, at most far. above: NULL for the first row. */
LIMN_WIDE static void
scan_down (int32_t *restrict row, const int32_t *restrict above, const uint8_t *restrict plane, uint8_t least, bool outside, int32_t far,
           size_t count)
{
  for (size_t x = 0; x < count; x++) {
    const int32_t last = above ? above[x] : far;
    row[x] = (plane[x] >= least) != outside ? 0 : last < far ? last + 1 : far;
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
  const Transform *t = user;
  const LimnMask *plane = t->plane;
  const size_t width = plane->width, x0 = piece * STRIP, count = x0 + STRIP < width ? STRIP : width - x0;
  const int32_t far = t->reach + 1;
  int32_t below[STRIP];

  for (size_t y = 0; y < plane->height; y++) {
    int32_t *row = t->out + y * width + x0;
    scan_down (row, y > 0 ? row - width : NULL, plane->data + y * plane->stride + x0, t->least, t->outside, far, count);
  }
  for (size_t x = 0; x < count; x++)
    below[x] = far;
  for (size_t y = plane->height; y-- > 0;)
    scan_up (t->out + y * width + x0, below, count);
}

LIMN_WIDE static void
lower_distances (int32_t *restrict to, const int32_t *restrict from, int32_t add, size_t count)
{
  for (size_t i = 0; i < count; i++)
    to[i] = from[i] + add < to[i] ? from[i] + add : to[i];
}

/* True if all of a row is as far as can be. */
LIMN_WIDE static bool
is_far (const int32_t *row, int32_t far, size_t count)
{
  int32_t least = far;

  for (size_t i = 0; i < count; i++)
    least = row[i] < least ? row[i] : least;
  return least == far;
}

/* The squared distance is the minimum over d of the vertical one at x + d plus d^2. */
static void
finish_rows (void *user, size_t piece, int worker)
{
  const Transform *t = user;
  const size_t width = t->plane->width, height = t->plane->height, y1 = (piece + 1) * ROWS < height ? (piece + 1) * ROWS : height;
  int32_t *best = t->best + (size_t) worker * width;

  for (size_t y = piece * ROWS; y < y1; y++) {
    int32_t *row = t->out + y * width;

    if (is_far (row, (t->reach + 1) * (t->reach + 1), width))
      continue;
    memcpy (best, row, width * sizeof *best);
    for (int d = 1; d <= t->reach && (size_t) d < width; d++) {
      lower_distances (best, row + d, d * d, width - (size_t) d);
      lower_distances (best + d, row, d * d, width - (size_t) d);
    }
    memcpy (row, best, width * sizeof *best);
  }
}

LimnStatus
limn_squared_distances (int32_t *out, const LimnMask *plane, uint8_t least, LimnDistanceKind kind, int reach, LimnPool *pool,
                        LimnError *error)
{
  Transform t = { .plane = plane, .least = least, .outside = kind == LIMN_DISTANCE_TO_OUTSIDE, .reach = reach, .out = out };
  LimnStatus status;

  t.best = limn_alloc (plane->width, (size_t) limn_pool_threads (pool), 1, sizeof *t.best);
  if (t.best == NULL)
    return limn_fail_memory (error, plane->width * sizeof *t.best);
  status = limn_pool_try (pool, (plane->width + STRIP - 1) / STRIP, scan_columns, &t, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, (plane->height + ROWS - 1) / ROWS, finish_rows, &t, error);
  free (t.best);
  return status;
}
