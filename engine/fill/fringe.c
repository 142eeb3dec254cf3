/* Measures the fringe beside a mask, in squares of the photo.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "fringe.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/error.h"
#include "job.h"

enum {
  CELL = 32, /* side of the squares; each is measured together with those around it */
  WIDEST = LIMN_FILL_AUTOMATIC_REACH,
  FAR = WIDEST + 3, /* pixels from the mask that are looked at; the last two tell the surroundings' colour */
};

static const float LEAST_SHARE = 1.0f / 6.0f; /* of the masked colour, that is a fringe ... */
static const float LEAST_ERRORS = 3.0f;       /* ... if it is as many times its standard error */
static const float LEAST_CONTRAST = 0.01f;    /* squared difference (of colours in [-1, 1]) that can be seen */

/* Sums over the border pixels of a cell. */
typedef struct {
  float count, contrast[3];                /* the masked colour's difference to the surroundings */
  float change[WIDEST][3], square[WIDEST]; /* the same of the pixels at each distance from the mask, and their squared lengths */
} Sums;

typedef struct {
  uint8_t *out;
  const LimnPixels *photo;
  const LimnMask *mask;
  const LimnRegion *region;
  size_t columns, rows; /* of cells */
  Sums *sums;           /* [rows][columns] */
} Measuring;

static bool
is_masked (const Measuring *m, size_t x, size_t y)
{
  return m->mask->data[y * m->mask->stride + x] >= 128;
}

/* Colour of a pixel that has one. */
static bool
colour_at (const Measuring *m, size_t x, size_t y, float rgb[3])
{
  return limn_fill_pixel (m->photo, m->region->x + x, m->region->y + y, rgb) > 0.0f;
}

/* Looks from a masked pixel at the mask's border outwards, in steps of (dx, dy); the pixels there must all be unmasked. */
static void
look_outwards (const Measuring *m, Sums *sums, size_t x, size_t y, int dx, int dy)
{
  float inside[3], outside[FAR][3];
  const size_t inner_x = x - (size_t) (ptrdiff_t) dx, inner_y = y - (size_t) (ptrdiff_t) dy; /* may wrap to large values */
  const bool deep = inner_x < m->mask->width && inner_y < m->mask->height && is_masked (m, inner_x, inner_y);

  for (int k = 0; k < FAR; k++) {
    const size_t i = x + (size_t) (ptrdiff_t) ((k + 1) * dx), j = y + (size_t) (ptrdiff_t) ((k + 1) * dy);
    if (i >= m->mask->width || j >= m->mask->height || is_masked (m, i, j) || !colour_at (m, i, j, outside[k]))
      return;
  }
  if (!colour_at (m, deep ? inner_x : x, deep ? inner_y : y, inside))
    return;
  sums->count++;
  for (int c = 0; c < 3; c++) {
    const float ground = 0.5f * (outside[FAR - 1][c] + outside[FAR - 2][c]), contrast = inside[c] - ground;
    sums->contrast[c] += contrast;
    for (int k = 0; k < WIDEST; k++) {
      const float change = outside[k][c] - ground;
      sums->change[k][c] += change;
      sums->square[k] += change * change;
    }
  }
}

/* A row of cells. */
static void
measure_cells (void *user, size_t row, int worker)
{
  const Measuring *m = user;
  const size_t width = m->mask->width, height = m->mask->height;

  for (size_t y = row * CELL; y < (row + 1) * CELL && y < height; y++)
    for (size_t x = 0; x < width; x++) {
      Sums *sums = m->sums + row * m->columns + x / CELL;
      if (!is_masked (m, x, y))
        continue;
      if (x + 1 < width && !is_masked (m, x + 1, y))
        look_outwards (m, sums, x, y, 1, 0);
      if (x > 0 && !is_masked (m, x - 1, y))
        look_outwards (m, sums, x, y, -1, 0);
      if (y + 1 < height && !is_masked (m, x, y + 1))
        look_outwards (m, sums, x, y, 0, 1);
      if (y > 0 && !is_masked (m, x, y - 1))
        look_outwards (m, sums, x, y, 0, -1);
    }
}

static void
add_sums (Sums *all, const Sums *one)
{
  all->count += one->count;
  for (int c = 0; c < 3; c++)
    all->contrast[c] += one->contrast[c];
  for (int k = 0; k < WIDEST; k++) {
    all->square[k] += one->square[k];
    for (int c = 0; c < 3; c++)
      all->change[k][c] += one->change[k][c];
  }
}

/* Whether the mean change at a distance is a part of the mean contrast, and not chance. */
static bool
is_fringe (const Sums *sums, int distance, float contrast)
{
  float projection = 0.0f;

  for (int c = 0; c < 3; c++)
    projection += sums->change[distance][c] * sums->contrast[c] / (sums->count * sums->count);
  return projection > LEAST_SHARE * contrast && projection > LEAST_ERRORS * sqrtf (sums->square[distance] * contrast) / sums->count;
}

/* The fringe of a cell by its own sums and those of the cells around it. */
static uint8_t
width_at (const Measuring *m, size_t column, size_t row)
{
  Sums all = { 0 };
  float contrast = 0.0f;
  uint8_t width = 0;

  for (size_t j = row > 0 ? row - 1 : 0; j <= row + 1 && j < m->rows; j++)
    for (size_t i = column > 0 ? column - 1 : 0; i <= column + 1 && i < m->columns; i++)
      add_sums (&all, m->sums + j * m->columns + i);
  if (all.count == 0.0f)
    return 0;
  for (int c = 0; c < 3; c++)
    contrast += all.contrast[c] * all.contrast[c] / (all.count * all.count);
  while (width < WIDEST && contrast > LEAST_CONTRAST && is_fringe (&all, width, contrast))
    width++;
  return width;
}

static void
write_cells (void *user, size_t row, int worker)
{
  const Measuring *m = user;
  const size_t width = m->mask->width;

  for (size_t column = 0; column < m->columns; column++) {
    const uint8_t fringe = width_at (m, column, row);
    for (size_t y = row * CELL; y < (row + 1) * CELL && y < m->mask->height; y++)
      for (size_t x = column * CELL; x < (column + 1) * CELL && x < width; x++)
        m->out[y * width + x] = is_masked (m, x, y) ? fringe : 0;
  }
}

LimnStatus
limn_fill_fringe (uint8_t *out, const LimnPixels *photo, const LimnMask *mask, const LimnRegion *region, LimnPool *pool, LimnError *error)
{
  Measuring m = { .out = out,
                  .photo = photo,
                  .mask = mask,
                  .region = region,
                  .columns = (mask->width + CELL - 1) / CELL,
                  .rows = (mask->height + CELL - 1) / CELL };
  LimnStatus status;

  m.sums = calloc (m.columns * m.rows, sizeof *m.sums);
  if (m.sums == NULL)
    return limn_fail_memory (error, m.columns * m.rows * sizeof *m.sums);
  status = limn_pool_try (pool, m.rows, measure_cells, &m, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, m.rows, write_cells, &m, error);
  free (m.sums);
  return status;
}
