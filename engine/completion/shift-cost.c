/* Features of pixels, and the data cost of a shift.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shift-cost.h"

#include <stdlib.h>

#include "engine/imaging/luma.h"

enum {
  AROUND_RADIUS = 3,
  EDGE_REACH = 2, /* depth of targets for which the known pixels around them are compared */
};

static const float SLOPE = 2.0f; /* weight of gradients against colours, as colours are adjusted later */
static const float AROUND = 1.0f;
static const float SHARP = 3.0f; /* weight of texture: sharp and blurred pieces shouldn't meet */
static const float BESIDE_UNKNOWN = 100.0f;
static const float EDGE = 0.6f, STEP = 3.0f; /* weight of a known pixel within reach; of one that is a direct neighbour */
static const float ANOTHER = 60.0f * 60.0f;  /* squared distance from the guide's colour at which a known pixel's weight is halved */
static const float GUIDE_WEIGHT = 1.0f / 128.0f / 256.0f; /* makes a fully weighted guide comparable to a seam's colour difference */

/* Gradient towards the next pixel if that is known, else from the previous one if that is, else 0. */
static float
gradient_at (const LimnPatchLevel *level, size_t at, size_t step, bool before, bool after)
{
  const bool to_next = after && limn_pixel_is_seen (level->state[at + step]);
  const bool to_last = before && limn_pixel_is_seen (level->state[at - step]);
  const int here = limn_luma_int (level->texel + LIMN_PATCH_CHANNELS * at);

  if (to_next)
    return SLOPE * (float) (limn_luma_int (level->texel + LIMN_PATCH_CHANNELS * (at + step)) - here);
  return to_last ? SLOPE * (float) (here - limn_luma_int (level->texel + LIMN_PATCH_CHANNELS * (at - step))) : 0.0f;
}

/* Mean luma of the known pixels around one, so that a seam inside a line or a flat region depends on what lies beside it. */
static float
mean_luma_around (const LimnPatchLevel *level, size_t x, size_t y)
{
  const size_t r = AROUND_RADIUS, y0 = y > r ? y - r : 0, y1 = y + r < level->height ? y + r : level->height - 1;
  const size_t x0 = x > r ? x - r : 0, x1 = x + r < level->width ? x + r : level->width - 1;
  int sum = 0, count = 0;

  for (size_t j = y0; j <= y1; j++)
    for (size_t i = x0; i <= x1; i++)
      if (limn_pixel_is_seen (level->state[j * level->width + i])) {
        sum += limn_luma_int (level->texel + LIMN_PATCH_CHANNELS * (j * level->width + i));
        count++;
      }
  return count ? (float) sum / (float) count : 0.0f;
}

static void
measure_row (void *user, size_t y, int worker)
{
  const LimnFeatureMap *features = user;
  const LimnPatchLevel *level = features->level;
  const size_t w = level->width;

  for (size_t x = 0; x < w; x++) {
    const size_t at = y * w + x;
    const int16_t *texel = level->texel + LIMN_PATCH_CHANNELS * at;
    int16_t *to = features->feature + LIMN_FEATURES * at;

    for (int c = 0; c < LIMN_PATCH_CHANNELS; c++)
      to[c] = texel[c];
    to[4] = (int16_t) gradient_at (level, at, 1, x > 0, x + 1 < w);
    to[5] = (int16_t) gradient_at (level, at, w, y > 0, y + 1 < level->height);
    to[3] = (int16_t) (SHARP * (float) texel[3]);
    to[6] = (int16_t) (AROUND * mean_luma_around (level, x, y));
    to[7] = 0;
  }
}

LimnStatus
limn_feature_map_new (LimnFeatureMap *features, const LimnPatchLevel *level, LimnPool *pool, LimnError *error)
{
  *features = (LimnFeatureMap){ .level = level };
  features->feature = limn_alloc (level->width, level->height, LIMN_FEATURES, sizeof *features->feature);
  if (features->feature == NULL)
    return limn_fail_memory (error, level->width * level->height * LIMN_FEATURES * sizeof *features->feature);
  return limn_pool_try (pool, level->height, measure_row, features, error);
}

void
limn_feature_map_clear (LimnFeatureMap *features)
{
  free (features->feature);
  features->feature = NULL;
}

/* Squared colour difference between known pixel (x, y) and the pixel that the shift maps it to. (The other features average over a
 * neighbourhood, which is incomplete this near to the hole.) */
static float
known_difference (const LimnFeatureMap *features, size_t x, size_t y, LimnPlace shift)
{
  const LimnPatchLevel *level = features->level;
  const int64_t u = (int64_t) x + shift.x, v = (int64_t) y + shift.y;
  int32_t sum = 0;

  if (!limn_shift_is_seen (level, u, v))
    return BESIDE_UNKNOWN;
  const int16_t *a = level->texel + LIMN_PATCH_CHANNELS * (y * level->width + x);
  const int16_t *b = level->texel + LIMN_PATCH_CHANNELS * ((size_t) v * level->width + (size_t) u);
  for (int c = 0; c < 3; c++)
    sum += (a[c] - b[c]) * (a[c] - b[c]);
  return (float) sum * (1.0f / 128.0f);
}

/* Weight of known pixel (x, y) for the target beside it: small where the guide asks for another colour. */
static float
known_weight (const LimnPatchLevel *level, const int16_t *guide, size_t x, size_t y)
{
  const int16_t *texel = level->texel + LIMN_PATCH_CHANNELS * (y * level->width + x);
  int32_t sum = 0;

  for (int c = 0; c < 3; c++)
    sum += (guide[c] - texel[c]) * (guide[c] - texel[c]);
  return ANOTHER / (ANOTHER + (float) sum);
}

float
limn_shift_data_cost (const LimnFeatureMap *features, size_t x, size_t y, LimnPlace shift)
{
  const LimnPatchLevel *level = features->level;
  const size_t w = level->width, at = y * w + x;
  float cost = 0.0f;

  const int16_t *guide = level->guide && level->guide[LIMN_PATCH_CHANNELS * at + 3] >= LIMN_GUIDE_STRONG
                           ? level->guide + LIMN_PATCH_CHANNELS * at
                           : NULL;

  if (level->depth[at] <= EDGE_REACH) {
    const size_t y0 = y > EDGE_REACH ? y - EDGE_REACH : 0, y1 = y + EDGE_REACH < level->height ? y + EDGE_REACH : level->height - 1;
    const size_t x0 = x > EDGE_REACH ? x - EDGE_REACH : 0, x1 = x + EDGE_REACH < w ? x + EDGE_REACH : w - 1;
    for (size_t j = y0; j <= y1; j++)
      for (size_t i = x0; i <= x1; i++)
        if (limn_pixel_is_seen (level->state[j * w + i]))
          cost += ((i == x && j + 1 >= y && j <= y + 1) || (j == y && i + 1 >= x && i <= x + 1) ? STEP : EDGE) *
                  known_difference (features, i, j, shift) * (guide ? known_weight (level, guide, i, j) : 1.0f);
  }
  if (level->guide && level->guide[LIMN_PATCH_CHANNELS * at + 3]) {
    const size_t source = (size_t) ((int64_t) y + shift.y) * w + (size_t) ((int64_t) x + shift.x);
    const int16_t *a = level->guide + LIMN_PATCH_CHANNELS * at, *b = level->guide + LIMN_PATCH_CHANNELS * source;
    int32_t sum = 0;
    for (int c = 0; c < 3; c++) {
      const int d = abs (a[c] - b[c]) - (guide ? LIMN_GUIDE_TOLERANCE : 0);
      sum += d > 0 ? d * d : 0;
    }
    cost += GUIDE_WEIGHT * (float) a[3] * (float) sum;
  }
  return cost;
}
