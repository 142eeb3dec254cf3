/* Which sources a hole is rather filled from, whatever their seams: background, not things, and at the height where it was. Internal to
 * shift-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SOURCE_PRIOR_H
#define LIMN_SOURCE_PRIOR_H

#include <math.h>

#include "engine/base/minmax.h"
#include "patch-level.h"

typedef struct {
  float *price;     /* [height][width] of the level: cost of a target pixel that is copied from there; 0 for what is like the hole's ring */
  float height;     /* cost of a target pixel that is copied from far above or below ... */
  float distance;   /* ... as it is from this many pixels on, and less before */
  float to_x, to_y; /* direction that the seed rather looks in; its length is 1, or 0 if there is none */
  float aside;      /* cost of a target pixel that is copied from the opposite one, half of it from a right angle */
} LimnSourcePrior;

/* A known pixel costs little if much of the ring around the hole has the mean colour that is around the pixel, else up to a seam's cost.
 * So does one that is sharper than the ring. Height counts as far as it tells colours: by the share of their variance that lies between the rows of what surrounds the hole.
 * Of ten seeds, the first two look anywhere and the others each in a direction of their own: their pictures are copied from elsewhere.
 * Clear with limn_source_prior_clear, also after an error. */
LimnStatus
limn_source_prior_new (LimnSourcePrior *prior, const LimnPatchLevel *level, uint64_t seed, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_source_prior_clear (LimnSourcePrior *prior);

/* What a shift costs a seed that looks elsewhere. */
static inline float
limn_source_prior_aside (const LimnSourcePrior *prior, LimnPlace shift)
{
  const float x = (float) shift.x, y = (float) shift.y, length = sqrtf (x * x + y * y);

  return length > 0 ? 0.5f * prior->aside * (1.0f - (x * prior->to_x + y * prior->to_y) / length) : 0.0f;
}

/* Cost of target pixel (x, y) by its shift to a known pixel. Where the user painted, the paint decides: 0. */
static inline float
limn_source_prior_cost (const LimnSourcePrior *prior, const LimnPatchLevel *level, size_t x, size_t y, LimnPlace shift)
{
  const size_t at = y * level->width + x, source = (size_t) ((int64_t) at + (int64_t) shift.y * (int64_t) level->width + shift.x);

  if (prior->price == NULL || (level->guide && level->guide[LIMN_PATCH_CHANNELS * at + 3] >= LIMN_GUIDE_STRONG))
    return 0.0f;
  return prior->price[source] + limn_source_prior_aside (prior, shift) +
         prior->height * limn_min (1.0f, fabsf ((float) shift.y) / prior->distance);
}

#endif
