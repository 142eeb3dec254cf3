/* A level's memory, halving its size, and the guide at its size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "patch-level.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"

LimnStatus
limn_patch_level_new (LimnPatchLevel *level, size_t width, size_t height, LimnError *error)
{
  *level = (LimnPatchLevel){ .width = width, .height = height };
  level->texel = limn_alloc (width, height, LIMN_PATCH_CHANNELS, sizeof *level->texel);
  level->state = limn_alloc (width, height, 1, 1);
  level->corner = limn_alloc (width, height, 1, 1);
  level->depth = limn_alloc (width, height, 1, 1);
  if (level->texel == NULL || level->state == NULL || level->corner == NULL || level->depth == NULL) {
    limn_patch_level_clear (level);
    return limn_fail_memory (error, width * height * (LIMN_PATCH_CHANNELS * sizeof *level->texel + 3));
  }
  return LIMN_OK;
}

void
limn_patch_level_end (LimnPatchLevel *level)
{
  free (level->texel);
  free (level->guide);
  free (level->state);
  free (level->corner);
  free (level->depth);
  free (level->before);
  free (level->run);
  free (level->vote);
  level->texel = level->guide = NULL;
  level->state = level->corner = level->depth = level->run = NULL;
  level->before = NULL;
  level->vote = NULL;
}

void
limn_patch_level_clear (LimnPatchLevel *level)
{
  limn_patch_level_end (level);
  free (level->field);
  free (level->cost);
  *level = (LimnPatchLevel){ 0 };
}

LimnStatus
limn_patch_level_begin (LimnPatchLevel *level, LimnError *error)
{
  const size_t w = level->region.width, h = level->region.height;

  level->field = limn_alloc (w, h, 1, sizeof *level->field);
  level->before = limn_alloc (w, h / LIMN_PATCH_BAND + 2, 2, sizeof *level->before);
  level->cost = limn_alloc (w, h, 1, sizeof *level->cost);
  level->run = limn_alloc (w, h, 1, 1);
  level->vote = limn_alloc (w, h, 1, sizeof *level->vote);
  if (level->field == NULL || level->before == NULL || level->cost == NULL || level->run == NULL || level->vote == NULL)
    return limn_fail_memory (error, w * h * (sizeof *level->field + sizeof *level->cost + sizeof *level->vote + 1));
  return LIMN_OK;
}

typedef struct {
  LimnPatchLevel *level;
  const LimnPatchLevel *fine;
  const LimnPatchMatch *input;
} LevelJob;

/* One pixel of the coarser level: the mean of the known pixels if at least half of the four are known, else a target if any is. */
static void
shrink_pixel (LimnPatchLevel *level, const LimnPatchLevel *fine, size_t x, size_t y)
{
  int all[LIMN_PATCH_CHANNELS] = { 0 }, known[LIMN_PATCH_CHANNELS] = { 0 }, count = 0, known_count = 0, kept = 0, targets = 0;
  int16_t *to = level->texel + LIMN_PATCH_CHANNELS * (y * level->width + x);

  for (size_t j = 2 * y; j < 2 * y + 2 && j < fine->height; j++)
    for (size_t i = 2 * x; i < 2 * x + 2 && i < fine->width; i++) {
      const int16_t *from = fine->texel + LIMN_PATCH_CHANNELS * (j * fine->width + i);
      const uint8_t state = fine->state[j * fine->width + i];
      for (int c = 0; c < LIMN_PATCH_CHANNELS; c++) {
        all[c] += from[c];
        known[c] += limn_pixel_is_seen (state) ? from[c] : 0;
      }
      count++;
      known_count += limn_pixel_is_seen (state);
      kept += state == LIMN_PIXEL_KEPT;
      targets += state == LIMN_PIXEL_TARGET;
    }
  const bool is_known = 2 * known_count >= count;
  for (int c = 0; c < LIMN_PATCH_CHANNELS; c++)
    to[c] = (int16_t) (is_known ? (known[c] + known_count / 2) / known_count : (all[c] + count / 2) / count);
  level->state[y * level->width + x] = is_known  ? (kept ? LIMN_PIXEL_KEPT : LIMN_PIXEL_KNOWN)
                                       : targets ? LIMN_PIXEL_TARGET
                                                 : LIMN_PIXEL_VOID;
}

/* A row of the coarser level, with a fast path for four pixels of one state, by far the most common case. */
LIMN_WIDE static void
shrink_row (void *user, size_t y, int worker)
{
  const LevelJob *f = user;
  LimnPatchLevel *level = f->level;
  const LimnPatchLevel *fine = f->fine;
  const size_t w = level->width, whole = 2 * y + 1 < fine->height ? fine->width / 2 : 0;

  for (size_t x = 0; x < whole; x++) {
    const size_t above = 2 * y * fine->width + 2 * x, below = above + fine->width;
    const uint8_t state = fine->state[above];

    if (fine->state[above + 1] == state && fine->state[below] == state && fine->state[below + 1] == state) {
      const int16_t *a = fine->texel + LIMN_PATCH_CHANNELS * above, *b = fine->texel + LIMN_PATCH_CHANNELS * below;
      int16_t *to = level->texel + LIMN_PATCH_CHANNELS * (y * w + x);
      for (size_t c = 0; c < LIMN_PATCH_CHANNELS; c++)
        to[c] = (int16_t) ((a[c] + a[c + LIMN_PATCH_CHANNELS] + b[c] + b[c + LIMN_PATCH_CHANNELS] + 2) >> 2);
      level->state[y * w + x] = state;
    } else
      shrink_pixel (level, fine, x, y);
  }
  for (size_t x = whole; x < w; x++)
    shrink_pixel (level, fine, x, y);
}

LimnStatus
limn_patch_level_shrink (LimnPatchLevel *level, const LimnPatchLevel *fine, LimnPool *pool, LimnError *error)
{
  LevelJob f = { .level = level, .fine = fine };

  LIMN_TRY (limn_patch_level_new (level, (fine->width + 1) / 2, (fine->height + 1) / 2, error));
  LIMN_TRY (limn_pool_try (pool, level->height, shrink_row, &f, error));
  return limn_patch_level_measure (level, pool, error);
}

/* A row of the guide at the level's size, bilinear. */
static void
guide_row (void *user, size_t y, int worker)
{
  const LevelJob *f = user;
  const LimnPatchMatch *input = f->input;
  const LimnPatchLevel *level = f->level;
  const LimnImage *guide = input->guide;
  const float cell = (float) input->guide_cell;
  const float scale_x = (float) input->rgb->width / (float) level->width, scale_y = (float) input->rgb->height / (float) level->height;
  const float v = limn_max ((((float) y + 0.5f) * scale_y - (float) input->guide_y) / cell - 0.5f, 0.0f);
  const size_t j = (size_t) v < guide->height - 1 ? (size_t) v : guide->height - 1, below = j + 1 < guide->height ? j + 1 : j;
  const float fy = limn_min (v - (float) j, 1.0f);

  for (size_t x = 0; x < level->width; x++) {
    const float u = limn_max ((((float) x + 0.5f) * scale_x - (float) input->guide_x) / cell - 0.5f, 0.0f);
    const size_t i = (size_t) u < guide->width - 1 ? (size_t) u : guide->width - 1, right = i + 1 < guide->width ? i + 1 : i;
    const float fx = limn_min (u - (float) i, 1.0f);
    const size_t at[4] = { j * guide->width + i, j * guide->width + right, below * guide->width + i, below * guide->width + right };
    const float weight[4] = { (1.0f - fx) * (1.0f - fy), fx * (1.0f - fy), (1.0f - fx) * fy, fx * fy };
    int16_t *to = level->guide + LIMN_PATCH_CHANNELS * (y * level->width + x);
    float guide_weight = 0.0f;

    for (size_t c = 0; c < 3; c++) {
      float sum = 0.0f;
      for (int k = 0; k < 4; k++)
        sum += weight[k] * guide->data[3 * at[k] + c];
      to[c] = limn_texel_of (sum);
    }
    for (int k = 0; k < 4; k++)
      guide_weight += weight[k] * input->guide_weight->data[at[k]];
    to[3] = (int16_t) (256.0f * limn_min (limn_max (guide_weight, 0.0f), 1.0f) + 0.5f);
  }
}

LimnStatus
limn_patch_level_guide (LimnPatchLevel *level, const LimnPatchMatch *input, LimnError *error)
{
  LevelJob f = { .level = level, .input = input };

  level->guide = limn_alloc (level->width, level->height, LIMN_PATCH_CHANNELS, sizeof *level->guide);
  if (level->guide == NULL)
    return limn_fail_memory (error, level->width * level->height * LIMN_PATCH_CHANNELS * sizeof *level->guide);
  return limn_pool_try (input->pool, level->height, guide_row, &f, error);
}
