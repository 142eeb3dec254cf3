/* Exact distance transforms: lower envelopes of parabolas, first down the columns and then along the rows (Felzenszwalb and Huttenlocher
 * 2012, "Distance transforms of sampled functions").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "label-distance.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/error.h"

#define NOWHERE 1e12f
#define FAR 1e6f

typedef struct {
  size_t width, height;
  const uint8_t *seed;
  float *column;     /* [height][width]: squared distance to the nearest seed of the column */
  uint32_t *row;     /* [height][width]: its row */
  uint32_t *nearest; /* out */
  float *squared;    /* out, or NULL */
  size_t *stack;     /* [threads][width]: parabolas of the envelope */
  float *from;       /* [threads][width + 1]: where each begins */
} Transform;

enum { COLUMNS = 64 }; /* of a piece of work */

/* Down a column the nearest seed is the last one above or the first one below. */
static void
search_columns (void *user, size_t piece, int worker)
{
  const Transform *t = user;
  const size_t w = t->width, first = piece * COLUMNS, end = limn_size_min (first + COLUMNS, w);

  for (size_t y = 0; y < t->height; y++)
    for (size_t x = first; x < end; x++) {
      const size_t i = y * w + x;

      if (t->seed[i]) {
        t->row[i] = (uint32_t) y;
        t->column[i] = 0;
      } else if (y > 0 && t->column[i - w] < NOWHERE) {
        const float d = (float) (y - t->row[i - w]);
        t->row[i] = t->row[i - w];
        t->column[i] = d * d;
      } else {
        t->row[i] = (uint32_t) y;
        t->column[i] = NOWHERE;
      }
    }
  for (size_t y = t->height - 1; y-- > 0;)
    for (size_t x = first; x < end; x++) {
      const size_t i = y * w + x;
      const float d = (float) t->row[i + w] - (float) y;

      if (t->column[i + w] < NOWHERE && d * d < t->column[i]) {
        t->row[i] = t->row[i + w];
        t->column[i] = d * d;
      }
    }
}

/* Where the parabola over b becomes lower than that over a < b. */
static float
crossing (const float *column, size_t a, size_t b)
{
  const float fa = (float) a, fb = (float) b;

  return 0.5f * ((column[b] - column[a]) / (fb - fa) + fa + fb);
}

static void
search_row (void *user, size_t y, int worker)
{
  const Transform *t = user;
  const size_t w = t->width;
  const float *column = t->column + y * w;
  size_t *stack = t->stack + (size_t) worker * w, count = 0, at = 0;
  float *from = t->from + (size_t) worker * (w + 1);

  for (size_t x = 0; x < w; x++) {
    if (column[x] >= NOWHERE)
      continue;
    while (count > 0 && crossing (column, stack[count - 1], x) <= from[count - 1])
      count--;
    from[count] = count > 0 ? crossing (column, stack[count - 1], x) : -FAR;
    stack[count++] = x;
  }
  for (size_t x = 0; x < w; x++) {
    if (count == 0) {
      t->nearest[y * w + x] = (uint32_t) (y * w + x);
      continue;
    }
    while (at + 1 < count && from[at + 1] < (float) x)
      at++;
    const float dx = (float) x - (float) stack[at];
    t->nearest[y * w + x] = t->row[y * w + stack[at]] * (uint32_t) w + (uint32_t) stack[at];
    if (t->squared)
      t->squared[y * w + x] = dx * dx + column[stack[at]];
  }
}

LimnStatus
limn_nearest_seed (uint32_t *nearest, float *squared, const uint8_t *seed, size_t width, size_t height, LimnPool *pool, LimnError *error)
{
  const size_t threads = (size_t) limn_pool_threads (pool);
  Transform t = { .width = width, .height = height, .seed = seed, .nearest = nearest, .squared = squared };
  LimnStatus status;

  t.column = limn_alloc (width, height, 1, sizeof *t.column);
  t.row = limn_alloc (width, height, 1, sizeof *t.row);
  t.stack = limn_alloc (threads, width, 1, sizeof *t.stack);
  t.from = limn_alloc (threads, width + 1, 1, sizeof *t.from);
  if (!t.column || !t.row || !t.stack || !t.from) {
    status = limn_fail_memory (error, width * height * 8);
  } else {
    status = limn_pool_try (pool, (width + COLUMNS - 1) / COLUMNS, search_columns, &t, error);
    if (status == LIMN_OK)
      status = limn_pool_try (pool, height, search_row, &t, error);
  }
  free (t.column);
  free (t.row);
  free (t.stack);
  free (t.from);
  return status;
}

/* A pixel of a border: one with a neighbour below, above or beside it that has another label. other receives that label. */
static void
find_borders (uint8_t *seed, uint8_t *other, const uint8_t *label, size_t w, size_t h)
{
  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++) {
      const size_t i = y * w + x;
      const size_t near[4] = { x > 0 ? i - 1 : i, x + 1 < w ? i + 1 : i, y > 0 ? i - w : i, y + 1 < h ? i + w : i };

      seed[i] = 0;
      other[i] = label[i];
      for (int k = 0; k < 4; k++)
        if (label[near[k]] != label[i]) {
          seed[i] = 1;
          other[i] = label[near[k]];
        }
    }
}

/* A pixel's nearest border pixel is one of its own area, half a pixel before the border, or by rounding one of the next, behind it. */
LimnStatus
limn_label_distance (float *distance, uint8_t *other, const uint8_t *label, size_t width, size_t height, LimnPool *pool, LimnError *error)
{
  const size_t count = width * height;
  uint8_t *seed = malloc (count), *behind = malloc (count);
  uint32_t *nearest = limn_alloc (count, 1, 1, sizeof *nearest);
  LimnStatus status = LIMN_OK;

  if (!seed || !behind || !nearest)
    status = limn_fail_memory (error, 6 * count);
  if (status == LIMN_OK) {
    find_borders (seed, behind, label, width, height);
    status = limn_nearest_seed (nearest, distance, seed, width, height, pool, error);
  }
  for (size_t i = 0; status == LIMN_OK && i < count; i++) {
    const size_t at = nearest[i];
    const bool own = label[at] == label[i];

    other[i] = own ? behind[at] : label[at];
    distance[i] = seed[at] ? sqrtf (distance[i]) + (own ? 0.5f : -0.5f) : FAR;
  }
  free (seed);
  free (behind);
  free (nearest);
  return status;
}
