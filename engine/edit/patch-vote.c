/* Colours of targets from the patches that cover them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "patch-level.h"
#include "minmax.h"
#include "vector.h"

typedef struct {
  LimnPatchLevel *level;
  float confidence[256]; /* by depth: what is far from the edge is less sure (Wexler et al.: 1.3^-depth) */
} Voting;

/* How many target corners up to this one, at most a patch's side, stand in a row with one shift. */
static void
run_row (void *user, size_t piece, int worker)
{
  const Voting *v = user;
  LimnPatchLevel *level = v->level;
  const size_t row = (level->region.y + piece) * level->width;
  uint8_t run = 0;

  (void) worker;
  for (size_t x = level->region.x; x < level->region.x + level->region.width; x++) {
    const LimnPlace here = level->field[row + x];
    if (level->corner[row + x] != LIMN_CORNER_TARGET)
      run = 0;
    else if (run > 0 && level->field[row + x - 1].x + 1 == here.x && level->field[row + x - 1].y == here.y)
      run = run < LIMN_PATCH ? run + 1 : LIMN_PATCH;
    else
      run = 1;
    level->run[row + x] = run;
  }
}

/* Whether all patches that cover (x, y) are of one piece; they are when as many rows end with full runs of one shift. */
static inline bool
is_inside (const LimnPatchLevel *level, size_t x, size_t y, size_t y0, size_t y1)
{
  const size_t w = level->width;

  if (y + 1 - y0 < LIMN_PATCH || y1 != y || x + LIMN_PATCH > w)
    return false;
  for (size_t j = y0; j <= y1; j++)
    if (level->run[j * w + x] < LIMN_PATCH ||
        (j > y0 && (level->field[j * w + x].x != level->field[(j - 1) * w + x].x ||
                    level->field[j * w + x].y != level->field[(j - 1) * w + x].y + 1)))
      return false;
  return true;
}

LIMN_WIDE static void
vote_row (void *user, size_t piece, int worker)
{
  const Voting *v = user;
  LimnPatchLevel *level = v->level;
  const size_t w = level->width, h = level->height, y = level->region.y + piece, half = LIMN_PATCH / 2;
  const size_t y0 = y + 1 > LIMN_PATCH ? y + 1 - LIMN_PATCH : 0, y1 = y < h - LIMN_PATCH ? y : h - LIMN_PATCH;
  const size_t end = level->region.x + level->region.width + LIMN_PATCH - 1;

  (void) worker;
  for (size_t x = level->region.x; x < end; x++) {
    const size_t x0 = x + 1 > LIMN_PATCH ? x + 1 - LIMN_PATCH : 0, x1 = x < w - LIMN_PATCH ? x : w - LIMN_PATCH;
    int16_t *to = level->texel + LIMN_TEXEL * (y * w + x);
    float sum[LIMN_TEXEL] = { 0 }, total = 0.0f;

    if (level->state[y * w + x] != LIMN_PIXEL_TARGET)
      continue;
    if (is_inside (level, x, y, y0, y1)) {
      const LimnPlace from = level->field[y * w + x];
      for (int c = 0; c < LIMN_TEXEL; c++)
        to[c] = level->texel[LIMN_TEXEL * ((size_t) from.y * w + (size_t) from.x) + (size_t) c];
      continue;
    }
    for (size_t j = y0; j <= y1; j++)
      for (size_t i = x0; i <= x1; i++) {
        const size_t corner = j * w + i;
        const LimnPlace from = level->field[corner];
        const int16_t *texel = level->texel + LIMN_TEXEL * (((size_t) from.y + y - j) * w + (size_t) from.x + x - i);
        const float fit = 4096.0f / ((float) level->cost[corner] + 4096.0f);
        const float weight = v->confidence[level->depth[corner + half * (w + 1)]] * fit * fit;
        for (int c = 0; c < LIMN_TEXEL; c++)
          sum[c] += weight * (float) texel[c];
        total += weight;
      }
    for (int c = 0; c < LIMN_TEXEL; c++)
      to[c] = (int16_t) (sum[c] / total + 0.5f);
  }
}

LimnStatus
limn_patch_vote (LimnPatchLevel *level, LimnPool *pool, LimnError *error)
{
  Voting v = { .level = level };

  for (int i = 0; i < 256; i++)
    v.confidence[i] = i == 0 ? 1.0f : limn_max (v.confidence[i - 1] / 1.3f, 1e-6f);
  LIMN_TRY (limn_pool_try (pool, level->region.height, run_row, &v, error));
  return limn_pool_try (pool, level->region.height + LIMN_PATCH - 1, vote_row, &v, error);
}
