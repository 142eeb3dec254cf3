/* Differences of patches. Internal to patch-*.c and shift-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PATCH_COST_H
#define LIMN_PATCH_COST_H

#include <stdlib.h>

#include "patch-level.h"

/* A hash of its arguments (the finaliser of SplitMix64, Steele et al. 2014), used as a stateless random number. */
static inline uint64_t
limn_patch_hash (uint64_t seed, uint64_t a, uint64_t b)
{
  uint64_t z = seed + 0x9e3779b97f4a7c15u * (a + 1) + 0xd1b54a32d192ed03u * (b + 1);

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* Sum of squared differences of two patches. May stop early once it reaches limit, which is checked after each half: more checks cost
 * more in mispredicted branches. */
static inline __attribute__ ((always_inline)) int32_t
limn_patch_difference (const int16_t *a, const int16_t *b, size_t stride, int32_t limit)
{
  enum { ROW = LIMN_PATCH * LIMN_PATCH_CHANNELS, ROWS = LIMN_PATCH / 2 };
  int32_t sum = 0;

  for (int step = 0; step < LIMN_PATCH / ROWS; step++, a += ROWS * stride, b += ROWS * stride) {
    int16_t d[ROWS * ROW];
    int32_t part = 0;

    for (size_t row = 0; row < ROWS; row++)
      for (size_t i = 0; i < ROW; i++)
        d[ROW * row + i] = (int16_t) (a[row * stride + i] - b[row * stride + i]);
    for (size_t i = 0; i < ROWS * ROW; i++)
      part += d[i] * d[i];
    sum += part;
    if (sum >= limit)
      break;
  }
  return sum;
}

/* A patch with a mask: where the mask is -1 the texel counts, where it is 0 texel is 0 too. */
typedef struct {
  int16_t texel[LIMN_PATCH * LIMN_PATCH * LIMN_PATCH_CHANNELS], mask[LIMN_PATCH * LIMN_PATCH * LIMN_PATCH_CHANNELS];
} LimnPartialPatch;

/* As limn_patch_difference over the masked part only, added to sum. b: a patch in an array of that stride. */
static inline __attribute__ ((always_inline)) int64_t
limn_patch_partial_difference (const LimnPartialPatch *self, const int16_t *b, size_t stride, int64_t sum, int64_t limit)
{
  const int16_t *a = self->texel, *m = self->mask;

  for (int row = 0; row < LIMN_PATCH && sum < limit;
       row++, b += stride, a += LIMN_PATCH * LIMN_PATCH_CHANNELS, m += LIMN_PATCH * LIMN_PATCH_CHANNELS) {
    int32_t part = 0;
    for (int i = 0; i < LIMN_PATCH * LIMN_PATCH_CHANNELS; i++) {
      const int16_t d = (int16_t) (a[i] - (b[i] & m[i]));
      part += d * d;
    }
    sum += part;
  }
  return sum;
}

/* Cost of taking the patch at source at target by the guide, compared at the patches' centres; 0 without a guide. */
static inline __attribute__ ((always_inline)) int32_t
limn_patch_guide_cost (const LimnPatchLevel *level, size_t target, size_t source)
{
  int32_t cost = 0;

  if (!level->guide)
    return 0;
  const size_t middle = LIMN_PATCH / 2 * (level->width + 1);
  const int16_t *a = level->guide + LIMN_PATCH_CHANNELS * (target + middle), *b = level->guide + LIMN_PATCH_CHANNELS * (source + middle);
  if (a[3] >= LIMN_GUIDE_STRONG) {
    for (int c = 0; c < 3; c++) {
      const int d = abs (a[c] - b[c]) - LIMN_GUIDE_TOLERANCE;
      cost += d > 0 ? d * d : 0;
    }
    return cost / 4 * a[3];
  }
  for (int c = 0; c < 3; c++)
    cost += (a[c] - b[c]) * (a[c] - b[c]);
  return cost / 4 * a[3];
}

static inline bool
limn_patch_is_source (const LimnPatchLevel *level, int64_t x, int64_t y)
{
  return x >= 0 && y >= 0 && x < (int64_t) level->width && y < (int64_t) level->height &&
         level->corner[(size_t) y * level->width + (size_t) x] == LIMN_CORNER_SOURCE;
}

#endif
