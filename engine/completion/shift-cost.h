/* Costs of a shift map: features of pixels, the data cost of a shift, and the seam cost between two. Internal to shift-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SHIFT_COST_H
#define LIMN_SHIFT_COST_H

#include <math.h>

#include "patch-level.h"

enum { LIMN_FEATURES = 8 };

/* Features of a level's pixels: colours, texture, luma gradients, local mean luma. */
typedef struct {
  const LimnPatchLevel *level;
  int16_t *feature; /* [height][width][8] */
} LimnFeatureMap;

LimnStatus limn_feature_map_new (LimnFeatureMap *features, const LimnPatchLevel *level, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_feature_map_clear (LimnFeatureMap *features);

static const float LIMN_SHIFT_UNKNOWN = 4000.0f; /* cost of a comparison with an unknown pixel */

static inline bool
limn_shift_is_seen (const LimnPatchLevel *level, int64_t x, int64_t y)
{
  return x >= 0 && y >= 0 && x < (int64_t) level->width && y < (int64_t) level->height &&
         limn_pixel_is_seen (level->state[(size_t) y * level->width + (size_t) x]);
}

/* Squared feature distance of two pixels. */
static inline float
limn_feature_distance (const LimnFeatureMap *features, size_t a, size_t b)
{
  const int16_t *p = features->feature + LIMN_FEATURES * a, *q = features->feature + LIMN_FEATURES * b;
  int32_t sum = 0;

  for (int k = 0; k < LIMN_FEATURES; k++) {
    const int16_t d = (int16_t) (p[k] - q[k]);
    sum += d * d;
  }
  return (float) sum * (1.0f / 128.0f);
}

/* Visibility, at pixel (x, y), of a seam between shifts a and b. */
static inline float
limn_shift_seam_cost (const LimnFeatureMap *features, size_t x, size_t y, LimnPlace a, LimnPlace b)
{
  const int64_t ax = (int64_t) x + a.x, ay = (int64_t) y + a.y, bx = (int64_t) x + b.x, by = (int64_t) y + b.y;

  if (!limn_shift_is_seen (features->level, ax, ay) || !limn_shift_is_seen (features->level, bx, by))
    return LIMN_SHIFT_UNKNOWN;
  return limn_feature_distance (features, (size_t) ay * features->level->width + (size_t) ax,
                                (size_t) by * features->level->width + (size_t) bx);
}

/* Data cost of a shift at target (x, y): mismatch with the known pixels around it, and with the guide. */
float limn_shift_data_cost (const LimnFeatureMap *features, size_t x, size_t y, LimnPlace shift);

#endif
