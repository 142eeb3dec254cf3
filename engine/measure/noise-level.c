/* Noise from the flattest blocks; JPEG blocks from the steps on their grid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "noise-level.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/imaging/image.h"
#include "engine/imaging/luma.h"

enum {
  BLOCK = 16,
  GRID = 8,          /* of JPEG */
  LEAST_SIDE = 64,   /* of a picture that is measured */
  MOST_BLOCKS = 4096 /* that are read: a megapixel */
};

static const float CLIPPED = 0.98f;           /* luma beyond which noise is cut off */
static const float DECIDING_SHARE = 0.1f;     /* of the blocks, the flattest */
static const float FLATTEST_BIAS = 1.12f;     /* the flattest tenth of blocks of pure noise underestimates it by this factor */
static const float MASK_TO_SIGMA = 0.208888f; /* sqrt (pi / 2) / 6 */
static const float LUMA_NOISE = 0.67f;        /* of noise that is independent in the channels: the root of luma's squared weights */
static const float SQUARE_ROOT_OF_2 = 1.41421356f;
static const float NOTHING = 0.0005f; /* an eighth of an 8-bit level: a block without noise */

typedef struct {
  const LimnPixels *pixels;
  size_t columns, rows, stride; /* the blocks that are read: every stride-th */
  float *luma, *difference;     /* [rows][columns]: noise of luma, and of red minus green; negative: excluded */
  double *steps;                /* [rows][columns][GRID + 1]: sums of steps between columns by phase, and their number */
} Measuring;

/* A block's luma, and red minus green; false if any pixel is clipped or transparent. */
static bool
read_block (const LimnPixels *pixels, size_t left, size_t top, float luma[BLOCK][BLOCK], float difference[BLOCK][BLOCK])
{
  float rgb[3 * BLOCK], alpha[BLOCK];

  for (size_t y = 0; y < BLOCK; y++) {
    limn_pixels_get_row (pixels, (ptrdiff_t) left, (ptrdiff_t) (top + y), BLOCK, rgb, alpha);
    for (size_t x = 0; x < BLOCK; x++) {
      luma[y][x] = limn_luma (rgb + 3 * x);
      difference[y][x] = rgb[3 * x] - rgb[3 * x + 1];
      if (fabsf (luma[y][x]) > CLIPPED || alpha[x] < 1.0f)
        return false;
    }
  }
  return true;
}

static float
block_sigma (float value[BLOCK][BLOCK])
{
  double sum = 0;

  for (size_t y = 1; y + 1 < BLOCK; y++)
    for (size_t x = 1; x + 1 < BLOCK; x++) {
      const float *up = value[y - 1] + x, *at = value[y] + x, *down = value[y + 1] + x;
      sum += fabsf (up[-1] - 2 * up[0] + up[1] - 2 * (at[-1] - 2 * at[0] + at[1]) + down[-1] - 2 * down[0] + down[1]);
    }
  return MASK_TO_SIGMA * (float) (sum / ((BLOCK - 2) * (BLOCK - 2)));
}

/* Adds the steps between columns, by the phase of the right one on the whole picture's grid of eight. */
static void
add_steps (double *steps, size_t left, float luma[BLOCK][BLOCK])
{
  for (size_t y = 0; y < BLOCK; y++)
    for (size_t x = 1; x < BLOCK; x++)
      steps[(left + x) % GRID] += fabsf (luma[y][x] - luma[y][x - 1]);
  steps[GRID] += 1;
}

static void
measure_row (void *user, size_t row, int worker)
{
  const Measuring *m = user;

  for (size_t column = 0; column < m->columns; column++) {
    const size_t left = BLOCK * m->stride * column, top = BLOCK * m->stride * row, at = row * m->columns + column;
    float luma[BLOCK][BLOCK], difference[BLOCK][BLOCK];

    m->luma[at] = m->difference[at] = -1;
    if (!read_block (m->pixels, left, top, luma, difference))
      continue;
    m->luma[at] = block_sigma (luma);
    m->difference[at] = block_sigma (difference);
    add_steps (m->steps + (GRID + 1) * at, left, luma);
  }
}

static int
compare (const void *a, const void *b)
{
  const float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static bool
is_gray (const float *difference, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (difference[i] > 0)
      return false;
  return true;
}

/* Sorts sigma. */
static float
noise_of (float *sigma, size_t count)
{
  size_t skipped = 0, flat = 0;

  qsort (sigma, count, sizeof *sigma, compare);
  while (skipped < count && sigma[skipped] < 0)
    skipped++;
  while (skipped + flat < count && sigma[skipped + flat] < NOTHING)
    flat++;
  if (2 * flat >= count - skipped) /* none left, or flat graphics */
    return 0;
  skipped += flat;
  return FLATTEST_BIAS * sigma[skipped + (size_t) (DECIDING_SHARE * (float) (count - skipped))];
}

/* By how much the steps of one phase exceed the median phase's; the phase with the largest steps, if it is the only one. */
static float
blocks_of (const double *steps, size_t count)
{
  double sums[GRID + 1] = { 0 }, sorted[GRID];
  size_t most = 0;

  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k <= GRID; k++)
      sums[k] += steps[(GRID + 1) * i + k];
  if (sums[GRID] == 0)
    return 0;
  for (size_t k = 0; k < GRID; k++)
    sums[k] /= sums[GRID] * BLOCK * (k == 0 ? 1 : 2); /* half of phase 0's steps lie between blocks that are read */
  for (size_t k = 1; k < GRID; k++)
    most = sums[k] > sums[most] ? k : most;
  for (size_t k = 0; k < GRID; k++) { /* insertion */
    size_t at = k;
    for (; at > 0 && sorted[at - 1] > sums[k]; at--)
      sorted[at] = sorted[at - 1];
    sorted[at] = sums[k];
  }
  const double middle = (sorted[GRID / 2 - 1] + sorted[GRID / 2]) / 2, spread = sorted[GRID - 2] - sorted[0];

  return sorted[GRID - 1] - middle > 2 * spread ? (float) (sorted[GRID - 1] - middle) : 0;
}

LimnStatus
limn_measure_noise (LimnNoiseLevel *level, const LimnPixels *pixels, LimnPool *pool, LimnError *error)
{
  Measuring m = { .pixels = pixels, .stride = 1 };
  LimnStatus status = LIMN_OK;

  *level = (LimnNoiseLevel){ 0 };
  if (pixels->width < LEAST_SIDE || pixels->height < LEAST_SIDE)
    return LIMN_OK;
  do {
    m.columns = (pixels->width / BLOCK + m.stride - 1) / m.stride;
    m.rows = (pixels->height / BLOCK + m.stride - 1) / m.stride;
  } while (m.columns * m.rows > MOST_BLOCKS && m.stride++);
  const size_t count = m.rows * m.columns;
  m.luma = limn_alloc (2, count, 1, sizeof *m.luma);
  m.steps = limn_alloc (count, GRID + 1, 1, sizeof *m.steps);
  if (!m.luma || !m.steps)
    status = limn_fail_memory (error, count * (GRID + 1) * sizeof *m.steps);
  if (status == LIMN_OK) {
    m.difference = m.luma + count;
    memset (m.steps, 0, count * (GRID + 1) * sizeof *m.steps);
    status = limn_pool_try (pool, m.rows, measure_row, &m, error);
  }
  if (status == LIMN_OK) {
    const bool gray = is_gray (m.difference, count);
    const float luma = noise_of (m.luma, count), difference = noise_of (m.difference, count);

    level->blocks = blocks_of (m.steps, count);
    level->noise = gray ? luma : luma / LUMA_NOISE;
    level->grain = gray ? luma : fminf (level->noise, difference / SQUARE_ROOT_OF_2);
  }
  free (m.luma);
  free (m.steps);
  return status;
}
