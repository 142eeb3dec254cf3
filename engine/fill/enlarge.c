/* The guide at the photo's own size, by bicubic interpolation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"
#include "job.h"

/* Catmull-Rom weights of the four pixels around t in [0, 1) between the middle two. */
static void
catmull_rom (float t, float weight[4])
{
  weight[0] = ((-0.5f * t + 1.0f) * t - 0.5f) * t;
  weight[1] = (1.5f * t - 2.5f) * t * t + 1.0f;
  weight[2] = ((-1.5f * t + 2.0f) * t + 0.5f) * t;
  weight[3] = (0.5f * t - 0.5f) * t * t;
}

static size_t
clamp_index (ptrdiff_t i, size_t count)
{
  return i < 0 ? 0 : (size_t) i < count ? (size_t) i : count - 1;
}

/* An output column: the four columns of the guide that it interpolates, and their weights. */
typedef struct {
  size_t from[4];
  float weight[4];
} Column;

typedef struct {
  const LimnFillGuide *guide;
  const LimnRegion *region;
  LimnImage *out;
  Column *columns; /* [region.width] */
  LimnFour *rows;  /* [workers][4][guide's width]: four rows of the guide as vectors */
} Enlarging;

static void
place_columns (const Enlarging *e)
{
  const LimnFillGuide *guide = e->guide;
  const float scale = 1.0f / (float) guide->cell;

  for (size_t i = 0; i < e->region->width; i++) {
    const float u = ((float) ((ptrdiff_t) (e->region->x + i) - guide->x) + 0.5f) * scale - 0.5f;
    const ptrdiff_t column = (ptrdiff_t) floorf (u);

    catmull_rom (u - (float) column, e->columns[i].weight);
    for (int a = 0; a < 4; a++)
      e->columns[i].from[a] = clamp_index (column - 1 + a, guide->rgb.width);
  }
}

static void
enlarge_row (void *user, size_t j, int worker)
{
  const Enlarging *e = user;
  const LimnFillGuide *guide = e->guide;
  const size_t w = guide->rgb.width;
  const float scale = 1.0f / (float) guide->cell;
  const float v = ((float) ((ptrdiff_t) (e->region->y + j) - guide->y) + 0.5f) * scale - 0.5f;
  const ptrdiff_t row = (ptrdiff_t) floorf (v);
  LimnFour *rows = e->rows + 4 * (size_t) worker * w;
  float wy[4];

  catmull_rom (v - (float) row, wy);
  for (int b = 0; b < 4; b++) {
    const float *from = guide->rgb.data + 3 * clamp_index (row - 1 + b, guide->rgb.height) * w;
    for (size_t i = 0; i < w; i++)
      rows[(size_t) b * w + i] = (LimnFour){ from[3 * i], from[3 * i + 1], from[3 * i + 2], 0.0f };
  }
  for (size_t i = 0; i < e->region->width; i++) {
    const Column *column = &e->columns[i];
    LimnFour sum = { 0 };

    for (size_t b = 0; b < 4; b++)
      for (int a = 0; a < 4; a++)
        sum += wy[b] * column->weight[a] * rows[b * w + column->from[a]];
    memcpy (e->out->data + 3 * (j * e->region->width + i), &sum, 3 * sizeof (float));
  }
}

LimnStatus
limn_fill_enlarge (LimnImage *out, const LimnFillGuide *guide, const LimnRegion *region, LimnPool *pool, LimnError *error)
{
  const size_t workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  Enlarging e = { guide, region, out, limn_alloc (region->width, 1, 1, sizeof (Column)),
                  limn_alloc (guide->rgb.width, 4, workers, sizeof (LimnFour)) };
  LimnStatus status = e.columns && e.rows ? limn_image_alloc (out, region->width, region->height, 3, error)
                                          : limn_fail_memory (error, region->width * sizeof (Column));

  if (status == LIMN_OK) {
    place_columns (&e);
    status = limn_pool_try (pool, region->height, enlarge_row, &e, error);
    if (status != LIMN_OK)
      limn_image_clear (out);
  }
  free (e.columns);
  free (e.rows);
  return status;
}
