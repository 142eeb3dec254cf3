/* Fading and colour casts: a curve for each channel that brings back the whole range.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_TONE_H
#define LIMN_TONE_H

#include "engine/base/pool.h"
#include "engine/limn-engine.h"

/* levels: 256 or 65536. table: [3][levels], owned: what each level of red, green and blue becomes. plain: all stay. black, white: of luma, as they
 * were, in [0, 1]. */
typedef struct {
  size_t levels;
  uint16_t *table;
  bool plain;
  float black, white;
} LimnTone;

/* Measures photo, but for what damage ([height][width], NULL: nothing) marks from 1 on, and makes the curves. Black and white are the
 * 0.5th and 99.5th percentile of each channel; where the paper's border is seen around the picture, white is the paper. Of a picture in
 * one tint the channels' medians are brought together too; in a coloured one they may differ. strength: 0 (no change) to 1. */
LimnStatus limn_tone_new (LimnTone *tone, const LimnPixels *photo, const uint8_t *damage, float strength, LimnPool *pool, LimnError *error)
  LIMN_MUST_USE;
void limn_tone_clear (LimnTone *tone); /* may be called twice */

/* A channel's value in levels, between levels too. */
static inline float
limn_tone_at (const LimnTone *tone, int channel, float value)
{
  const uint16_t *table = tone->table + (size_t) channel * tone->levels;
  const float last = (float) (tone->levels - 1), at = value < 0.0f ? 0.0f : value > last ? last : value;
  const size_t low = (size_t) at, high = low + 1 < tone->levels ? low + 1 : low;

  return (float) table[low] + (at - (float) low) * ((float) table[high] - (float) table[low]);
}

#endif
