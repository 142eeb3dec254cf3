/* How textured the known pixels of a level are: the mean slope of luma around each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "patch-level.h"
#include "vector.h"

enum {
  RADIUS = 2,                /* half the window in which texture is measured at full size */
  WINDOW = 2 * RADIUS + 1,
  WEIGHT = 4,                /* texture counts in a patch's difference by the square of it */
  MOST = 4000,               /* keeps the sum of 64 squares within 32 bits */
  ROWS = 64,                 /* rows a piece */
};

/* What a thread needs: rows of [width], the first four with RADIUS more on both sides. */
typedef struct {
  uint16_t *sums, *counts;   /* of slopes within the window's rows, and how many they are; 0 on both sides */
  uint16_t *texture;
  int16_t *luma, *below;     /* of a row, and of the next */
  uint16_t *slope[WINDOW], *number[WINDOW]; /* of the window's rows */
} Scratch;

enum { SCRATCH_ROWS = 5 + 2 * WINDOW };

typedef struct {
  LimnPatchLevel *level;
  size_t scale;
  uint16_t *memory; /* [workers][SCRATCH_ROWS][width + 2 RADIUS] */
} Texturing;

static Scratch
scratch_of (const Texturing *t, int worker)
{
  const size_t length = t->level->width + 2 * RADIUS;
  uint16_t *memory = t->memory + (size_t) worker * SCRATCH_ROWS * length;
  Scratch s = { .sums = memory + RADIUS, .counts = memory + length + RADIUS, .texture = memory + 2 * length,
                .luma = (int16_t *) memory + 3 * length, .below = (int16_t *) memory + 4 * length };

  for (size_t k = 0; k < WINDOW; k++) {
    s.slope[k] = memory + (5 + 2 * k) * length;
    s.number[k] = memory + (6 + 2 * k) * length;
  }
  memset (memory, 0, SCRATCH_ROWS * length * sizeof *memory);
  return s;
}

LIMN_WIDE static void
take_luma (int16_t *restrict to, const int16_t *restrict texel, size_t width)
{
  for (size_t x = 0; x < width; x++)
    to[x] = (int16_t) ((77 * texel[LIMN_TEXEL * x] + 150 * texel[LIMN_TEXEL * x + 1] + 29 * texel[LIMN_TEXEL * x + 2]) >> 8);
}

/* How much known pixels of row y differ from the known pixels below them and to their right, and how many of these there are: takes
 * the row that leaves the window out of the sums, and adds this one. below: NULL in the last row. */
LIMN_WIDE static void
enter_row (const Scratch *s, size_t slot, const uint8_t *restrict state, const uint8_t *restrict below, size_t width)
{
  uint16_t *restrict sums = s->sums, *restrict counts = s->counts, *restrict slope = s->slope[slot], *restrict number = s->number[slot];
  const int16_t *restrict luma = s->luma, *restrict luma_below = s->below;

  for (size_t x = 0; x < width; x++) {
    sums[x] = (uint16_t) (sums[x] - slope[x]);
    counts[x] = (uint16_t) (counts[x] - number[x]);
    slope[x] = number[x] = 0;
  }
  for (size_t x = 0; x + 1 < width; x++) {
    const bool both = (state[x] == LIMN_PIXEL_KNOWN) & (state[x + 1] == LIMN_PIXEL_KNOWN);
    slope[x] = (uint16_t) (both ? abs (luma[x + 1] - luma[x]) : 0);
    number[x] = both;
  }
  for (size_t x = 0; below && x < width; x++) {
    const bool both = (state[x] == LIMN_PIXEL_KNOWN) & (below[x] == LIMN_PIXEL_KNOWN);
    slope[x] = (uint16_t) (slope[x] + (both ? abs (luma_below[x] - luma[x]) : 0));
    number[x] = (uint16_t) (number[x] + both);
  }
  for (size_t x = 0; x < width; x++) {
    sums[x] = (uint16_t) (sums[x] + slope[x]);
    counts[x] = (uint16_t) (counts[x] + number[x]);
  }
}

/* Nothing takes the place of the row that leaves the window. */
static void
leave_row (const Scratch *s, size_t slot, size_t width)
{
  for (size_t x = 0; x < width; x++) {
    s->sums[x] = (uint16_t) (s->sums[x] - s->slope[slot][x]);
    s->counts[x] = (uint16_t) (s->counts[x] - s->number[slot][x]);
    s->slope[slot][x] = s->number[slot][x] = 0;
  }
}

/* Means of the window around each pixel of a row. Quotients of whole numbers below 2^24 are never rounded up to a whole one. */
LIMN_WIDE static void
find_means (const Scratch *s, size_t scale, size_t width)
{
  const uint16_t *sums = s->sums - RADIUS, *counts = s->counts - RADIUS;
  uint16_t *restrict texture = s->texture;

  for (size_t x = 0; x < width; x++) {
    int sum = 0, count = 0;
    for (size_t k = 0; k < WINDOW; k++) {
      sum += sums[x + k];
      count += counts[x + k];
    }
    const int mean = (int) ((float) (2 * WEIGHT * sum) / (float) ((count ? count : 1) * (int) scale));
    texture[x] = (uint16_t) (mean < MOST ? mean : MOST);
  }
}

static void
texture_rows (void *user, size_t piece, int worker)
{
  const Texturing *t = user;
  LimnPatchLevel *level = t->level;
  const size_t w = level->width, h = level->height, y0 = piece * ROWS, y1 = limn_size_min (y0 + ROWS, h);
  Scratch s = scratch_of (t, worker);

  for (size_t y = y0 > RADIUS ? y0 - RADIUS : 0, first = y; y < y1 + RADIUS; y++) { /* y enters the window, whose middle is y - RADIUS */
    const uint8_t *state = level->state + y * w;

    if (y < h) {
      int16_t *next = s.luma;
      if (y == first)
        take_luma (s.luma, level->texel + LIMN_TEXEL * y * w, w);
      else {
        s.luma = s.below;
        s.below = next;
      }
      if (y + 1 < h)
        take_luma (s.below, level->texel + LIMN_TEXEL * (y + 1) * w, w);
      enter_row (&s, y % WINDOW, state, y + 1 < h ? state + w : NULL, w);
    } else
      leave_row (&s, y % WINDOW, w);
    if (y < y0 + RADIUS)
      continue;
    const size_t row = (y - RADIUS) * w;
    find_means (&s, t->scale, w);
    for (size_t x = 0; x < w; x++)
      level->texel[LIMN_TEXEL * (row + x) + 3] = level->state[row + x] == LIMN_PIXEL_KNOWN ? (int16_t) s.texture[x] : 0;
  }
}

LimnStatus
limn_patch_level_texture (LimnPatchLevel *level, size_t scale, LimnPool *pool, LimnError *error)
{
  const size_t length = level->width + 2 * RADIUS, workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  Texturing t = { level, scale, limn_alloc (length, SCRATCH_ROWS, workers, sizeof *t.memory) };
  LimnStatus status;

  if (t.memory == NULL)
    return limn_fail_memory (error, length * SCRATCH_ROWS * workers * sizeof *t.memory);
  status = limn_pool_try (pool, (level->height + ROWS - 1) / ROWS, texture_rows, &t, error);
  free (t.memory);
  return status;
}
