/* Voting: the colours of targets from the patches that cover them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "patch-level.h"

typedef float Eight __attribute__ ((vector_size (32)));
typedef int32_t FourInts __attribute__ ((vector_size (16)));
typedef int32_t EightInts __attribute__ ((vector_size (32)));

typedef struct {
  LimnPatchLevel *level;
  float confidence[256]; /* by depth: 1.3^-depth (Wexler et al. 2007), colours far from the border being less certain */
} Voting;

/* For a row of target corners: their votes, and the number of corners up to each (at most a patch's side) in a row that have the same
 * shift. */
static void
prepare_votes_row (void *user, size_t piece, int worker)
{
  const Voting *v = user;
  LimnPatchLevel *level = v->level;
  const size_t w = level->width, width = level->region.width, row = (level->region.y + piece) * w + level->region.x;
  const uint8_t *corner = level->corner + row, *depth = level->depth + row + LIMN_PATCH / 2 * (w + 1);
  const LimnPlace *field = level->field + piece * width;
  const int32_t *cost = level->cost + piece * width;
  LimnPatchVote *vote = level->vote + piece * width;
  uint8_t run = 0;

  for (size_t x = 0; x < width; x++) {
    if (corner[x] == LIMN_CORNER_TARGET) {
      const float fit = 4096.0f / ((float) cost[x] + 4096.0f);
      vote[x] = (LimnPatchVote){ (uint32_t) field[x].y * (uint32_t) w + (uint32_t) field[x].x, v->confidence[depth[x]] * fit * fit };
      run = run == 0 || vote[x].source != vote[x - 1].source + 1 ? 1 : run < LIMN_PATCH ? run + 1 : LIMN_PATCH;
    } else
      run = 0;
    level->run[piece * width + x] = run;
  }
}

/* A row of target pixels; the corners that cover it are in rows y0 to y1. */
typedef struct {
  const LimnPatchLevel *level;
  size_t y, y0, y1;
} Row;

/* True if all patches covering x have the same shift. */
static inline bool
has_one_shift (const Row *row, size_t x)
{
  const LimnPatchLevel *level = row->level;
  const size_t width = level->region.width;

  if (row->y + 1 - row->y0 < LIMN_PATCH || row->y1 != row->y || x >= level->region.x + width)
    return false;
  size_t at = limn_patch_target (level, x, row->y0);
  for (size_t k = 0; k < LIMN_PATCH; k++, at += width)
    if (level->run[at] < LIMN_PATCH || (k > 0 && level->vote[at].source != level->vote[at - width].source + level->width))
      return false;
  return true;
}

#define FOUR(t) ((FourInts){ (t)[0], (t)[1], (t)[2], (t)[3] })
/* Values of two neighbouring pixels of a level, or of one of them and zeros. */
#define BOTH(t) ((EightInts){ (t)[0], (t)[1], (t)[2], (t)[3], (t)[4], (t)[5], (t)[6], (t)[7] })
#define FIRST(t) __builtin_shufflevector (FOUR (t), (FourInts){ 0 }, 0, 1, 2, 3, 4, 5, 6, 7)
#define SECOND(t) __builtin_shufflevector ((FourInts){ 0 }, FOUR (t), 0, 1, 2, 3, 4, 5, 6, 7)

/* Colours of target pixels x and x + 1, both fully covered by patches; each sum is made in the same order as in vote_one. */
static inline __attribute__ ((always_inline)) void
vote_two (const Row *row, size_t x, int16_t *to)
{
  const LimnPatchLevel *level = row->level;
  const size_t w = level->width;
  Eight sum = { 0 };
  float first = 0.0f, second = 0.0f;

  for (size_t j = row->y0; j <= row->y1; j++) {
    const LimnPatchVote *vote = level->vote + limn_patch_target (level, x + 1 - LIMN_PATCH, j);
    const int16_t *texel = level->texel + LIMN_PATCH_CHANNELS * ((row->y - j) * w + LIMN_PATCH - 1);
    const int16_t *from = texel + LIMN_PATCH_CHANNELS * (size_t) vote[0].source;

    sum += vote[0].weight * __builtin_convertvector(FIRST (from), Eight);
    first += vote[0].weight;
    for (size_t i = 1; i < LIMN_PATCH; i++) {
      from = texel + LIMN_PATCH_CHANNELS * (vote[i].source - i);
      sum += vote[i].weight * __builtin_convertvector(BOTH (from), Eight);
      first += vote[i].weight;
      second += vote[i].weight;
    }
    from = texel + LIMN_PATCH_CHANNELS * ((size_t) vote[LIMN_PATCH].source + 1 - LIMN_PATCH);
    sum += vote[LIMN_PATCH].weight * __builtin_convertvector(SECOND (from), Eight);
    second += vote[LIMN_PATCH].weight;
  }
  for (int c = 0; c < 2 * LIMN_PATCH_CHANNELS; c++)
    to[c] = (int16_t) (sum[c] / (c < LIMN_PATCH_CHANNELS ? first : second) + 0.5f);
}

/* Colours of target pixel x, covered by the corners x0 to x1 of each row. */
static inline __attribute__ ((always_inline)) void
vote_one (const Row *row, size_t x, size_t x0, size_t x1, int16_t *to)
{
  const LimnPatchLevel *level = row->level;
  Eight sum = { 0 };
  float total = 0.0f;

  for (size_t j = row->y0; j <= row->y1; j++) {
    const LimnPatchVote *vote = level->vote + limn_patch_target (level, x0, j);
    const int16_t *texel = level->texel + LIMN_PATCH_CHANNELS * ((row->y - j) * level->width + x - x0);

    for (size_t i = 0; i <= x1 - x0; i++) {
      const int16_t *from = texel + LIMN_PATCH_CHANNELS * (vote[i].source - i);
      sum += vote[i].weight * __builtin_convertvector(FIRST (from), Eight);
      total += vote[i].weight;
    }
  }
  for (int c = 0; c < LIMN_PATCH_CHANNELS; c++)
    to[c] = (int16_t) (sum[c] / total + 0.5f);
}
#undef FOUR
#undef BOTH
#undef FIRST
#undef SECOND

LIMN_WIDE static void
vote_row (void *user, size_t piece, int worker)
{
  const Voting *v = user;
  LimnPatchLevel *level = v->level;
  const size_t w = level->width, last_x = w - LIMN_PATCH, last_y = level->height - LIMN_PATCH, y = level->region.y + piece;
  const Row row = { level, y, y + 1 > LIMN_PATCH ? y + 1 - LIMN_PATCH : 0, y < last_y ? y : last_y };
  const size_t end = level->region.x + level->region.width + LIMN_PATCH - 1;
  const uint8_t *state = level->state + y * w;

  for (size_t x = level->region.x; x < end; x++) {
    int16_t *to = level->texel + LIMN_PATCH_CHANNELS * (y * w + x);

    if (state[x] != LIMN_PIXEL_TARGET)
      continue;
    if (has_one_shift (&row, x))
      memcpy (to, level->texel + LIMN_PATCH_CHANNELS * (size_t) level->vote[limn_patch_target (level, x, y)].source,
              LIMN_PATCH_CHANNELS * sizeof *to);
    else if (x + 1 >= LIMN_PATCH && x + 1 <= last_x && state[x + 1] == LIMN_PIXEL_TARGET && !has_one_shift (&row, x + 1))
      vote_two (&row, x++, to);
    else
      vote_one (&row, x, x + 1 > LIMN_PATCH ? x + 1 - LIMN_PATCH : 0, x < last_x ? x : last_x, to);
  }
}

LimnStatus
limn_patch_vote (LimnPatchLevel *level, LimnPool *pool, LimnError *error)
{
  Voting v = { .level = level };

  for (int i = 0; i < 256; i++)
    v.confidence[i] = i == 0 ? 1.0f : limn_max (v.confidence[i - 1] / 1.3f, 1e-6f);
  LIMN_TRY (limn_pool_try (pool, level->region.height, prepare_votes_row, &v, error));
  return limn_pool_try (pool, level->region.height + LIMN_PATCH - 1, vote_row, &v, error);
}
