/* The nearest-neighbour field: PatchMatch search (Barnes et al. 2009) and regularisation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"
#include "patch-cost.h"

typedef struct {
  LimnPatchLevel *level;
  uint64_t seed;
  unsigned pass;
  size_t reach, shift; /* shift: rows by which bands are offset, so that their borders differ from pass to pass */
  bool rescore;
} Sweep;

/* Total cost of taking the patch at source for corner target; may stop at limit. */
static inline __attribute__ ((always_inline)) int32_t
cost_of (const LimnPatchLevel *level, size_t target, size_t source, int32_t limit)
{
  const int32_t cost = limn_patch_guide_cost (level, target, source);

  if (cost >= limit)
    return cost;
  return cost + limn_patch_difference (level->texel + LIMN_PATCH_CHANNELS * target, level->texel + LIMN_PATCH_CHANNELS * source,
                                       LIMN_PATCH_CHANNELS * level->width, limit - cost);
}

/* The rows y0 <= y < y1 of one piece. */
typedef struct {
  size_t piece;
  int64_t y0, y1;
} Band;

static Band
find_band (const Sweep *s, size_t piece)
{
  const int64_t top = (int64_t) s->level->region.y, end = top + (int64_t) s->level->region.height;
  const int64_t first = top + (int64_t) (piece * LIMN_PATCH_BAND) - (int64_t) s->shift;

  return (Band){ piece, first < top ? top : first, first + LIMN_PATCH_BAND > end ? end : first + LIMN_PATCH_BAND };
}

/* Saves a band's first and last row of the field for the neighbouring bands. */
static void
save_band (void *user, size_t piece, int worker)
{
  const Sweep *s = user;
  const LimnPatchLevel *level = s->level;
  const Band band = find_band (s, piece);

  for (size_t last = 0; last < 2; last++) {
    const size_t from = (size_t) (last ? band.y1 - 1 : band.y0) - level->region.y, width = level->region.width;
    memcpy (level->before + (2 * piece + last) * width, level->field + from * width, width * sizeof *level->field);
  }
}

/* The field at target corner (x, y), whose row is in the band or next to it. */
static inline __attribute__ ((always_inline)) LimnPlace
field_at (const LimnPatchLevel *level, const Band *band, size_t x, int64_t y)
{
  if (y >= band->y0 && y < band->y1)
    return level->field[limn_patch_target (level, x, (size_t) y)];
  return level->before[(y < band->y0 ? 2 * band->piece - 1 : 2 * band->piece + 2) * level->region.width + x - level->region.x];
}

/* Runs band on all bands of the level. Bands see their neighbours' rows as they are now. */
static LimnStatus
run_sweep (Sweep *s, LimnWork band, LimnPool *pool, LimnError *error)
{
  const LimnPatchLevel *level = s->level;

  const size_t bands = (level->region.height + s->shift + LIMN_PATCH_BAND - 1) / LIMN_PATCH_BAND;

  LIMN_TRY (limn_pool_try (pool, bands, save_band, s, error));
  return limn_pool_try (pool, bands, band, s, error);
}

/* Processes target corner (x, y). step: 1, or -1 in passes from the last corner to the first. */
typedef void (*CornerWork) (const Sweep *s, const Band *band, size_t x, int64_t y, int step);

/* Calls work, a compile-time constant that is inlined, for the targets of a band. */
static inline __attribute__ ((always_inline)) void
sweep_targets (const Sweep *s, size_t piece, CornerWork work)
{
  const LimnPatchLevel *level = s->level;
  const int step = s->pass & 1 ? -1 : 1;
  const Band band = find_band (s, piece);

  for (int64_t row = 0; row < band.y1 - band.y0; row++) {
    const int64_t y = step > 0 ? band.y0 + row : band.y1 - 1 - row;
    for (size_t column = 0; column < level->region.width; column++) {
      const size_t x = level->region.x + (step > 0 ? column : level->region.width - 1 - column);
      if (level->corner[(size_t) y * level->width + x] == LIMN_CORNER_TARGET)
        work (s, &band, x, y, step);
    }
  }
}

/* Takes the patch at (x, y) for corner target if it is a source and costs less. */
static inline __attribute__ ((always_inline)) void
try_source (const LimnPatchLevel *level, size_t target, int64_t x, int64_t y, LimnPlace *best, int32_t *cost)
{
  if (!limn_patch_is_source (level, x, y))
    return;
  const int32_t c = cost_of (level, target, (size_t) y * level->width + (size_t) x, *cost);
  if (c < *cost) {
    *cost = c;
    *best = (LimnPlace){ (int32_t) x, (int32_t) y };
  }
}

/* Propagates the shifts of the previous neighbours, then tries random places around the best, in halving distances. */
static inline __attribute__ ((always_inline)) void
search_corner (const Sweep *s, const Band *band, size_t x, int64_t y, int step)
{
  const LimnPatchLevel *level = s->level;
  const size_t w = level->width, at = (size_t) y * w + x, own = limn_patch_target (level, x, (size_t) y);
  const int64_t beside = (int64_t) x - step, above = y - step;
  LimnPlace best = level->field[own];
  int32_t cost = s->rescore ? cost_of (level, at, (size_t) best.y * w + (size_t) best.x, INT32_MAX) : level->cost[own];
  unsigned turn = 0;

  if (cost == 0) {
    level->cost[own] = 0;
    return;
  }
  if (beside >= 0 && beside < (int64_t) w && level->corner[(size_t) y * w + (size_t) beside] == LIMN_CORNER_TARGET) {
    const LimnPlace from = level->field[limn_patch_target (level, (size_t) beside, (size_t) y)];
    if (from.x + step != best.x || from.y != best.y)
      try_source (level, at, from.x + step, from.y, &best, &cost);
  }
  if (above >= 0 && above < (int64_t) level->height && level->corner[(size_t) above * w + x] == LIMN_CORNER_TARGET) {
    const LimnPlace from = field_at (level, band, x, above);
    if (from.x != best.x || from.y + step != best.y)
      try_source (level, at, from.x, from.y + step, &best, &cost);
  }
  for (size_t reach = s->reach; reach >= 1; reach /= 2, turn++) {
    const uint64_t number = limn_patch_hash (s->seed, at, s->pass * 64u + turn);
    const int64_t span = 2 * (int64_t) reach + 1;
    const int64_t i = best.x - (int64_t) reach + (int64_t) (((number & 0xffffffffu) * (uint64_t) span) >> 32);
    const int64_t j = best.y - (int64_t) reach + (int64_t) (((number >> 32) * (uint64_t) span) >> 32);
    try_source (level, at, i, j, &best, &cost);
  }
  level->field[own] = best;
  level->cost[own] = cost;
}

LIMN_WIDE static void
search_band (void *user, size_t piece, int worker)
{
  sweep_targets (user, piece, search_corner);
}

LimnStatus
limn_patch_search (LimnPatchLevel *level, uint64_t seed, unsigned passes, size_t reach, LimnPool *pool, LimnError *error)
{
  for (unsigned pass = 0; pass < passes; pass++) {
    Sweep s = { .level = level,
                .seed = seed,
                .pass = pass,
                .reach = reach,
                .shift = pass * (LIMN_PATCH_BAND / 2) % LIMN_PATCH_BAND,
                .rescore = pass == 0 };

    LIMN_TRY (run_sweep (&s, search_band, pool, error));
  }
  return LIMN_OK;
}

/* Iterated conditional modes: the corner takes whichever of its own and its four neighbours' shifts has the least cost plus a penalty
 * for each neighbour with another shift. */
static inline __attribute__ ((always_inline)) void
regularize_corner (const Sweep *s, const Band *band, size_t x, int64_t y, int step)
{
  const LimnPatchLevel *level = s->level;
  const size_t w = level->width, at = (size_t) y * w + x, target = limn_patch_target (level, x, (size_t) y);
  LimnPlace near[5];
  int count = 0;

  for (int k = 0; k < 4; k++) {
    const int dx = (k == 1) - (k == 0), dy = (k == 3) - (k == 2);
    const int64_t i = (int64_t) x + dx, j = y + dy;
    if (i < 0 || j < 0 || i >= (int64_t) w || j >= (int64_t) level->height ||
        level->corner[(size_t) j * w + (size_t) i] != LIMN_CORNER_TARGET)
      continue;
    const LimnPlace from = field_at (level, band, (size_t) i, j);
    near[count++] = (LimnPlace){ from.x - dx, from.y - dy };
  }
  const LimnPlace own = level->field[target];
  bool inside = true;
  for (int k = 0; k < count; k++)
    inside &= near[k].x == own.x && near[k].y == own.y;
  if (inside)
    return;
  const int32_t lowest = level->cost[target];
  const int64_t price = lowest / 8 + 2048;
  LimnPlace best = own;
  int64_t least = INT64_MAX;
  for (int k = count; k >= 0; k--) {
    const LimnPlace tried = k == count ? own : near[k];
    bool seen = false;
    int others = 0;
    for (int n = 0; n < count; n++) {
      others += near[n].x != tried.x || near[n].y != tried.y;
      seen |= n > k && near[n].x == tried.x && near[n].y == tried.y;
    }
    if (seen || (k < count && tried.x == own.x && tried.y == own.y) || !limn_patch_is_source (level, tried.x, tried.y))
      continue;
    const int32_t c = cost_of (level, at, (size_t) tried.y * w + (size_t) tried.x, INT32_MAX);
    if (c + others * price < least) {
      least = c + others * price;
      best = tried;
    }
    if (c < level->cost[target])
      level->cost[target] = c;
  }
  level->field[target] = best;
}

LIMN_WIDE static void
regularize_band (void *user, size_t piece, int worker)
{
  sweep_targets (user, piece, regularize_corner);
}

LimnStatus
limn_patch_regularize (LimnPatchLevel *level, unsigned rounds, LimnPool *pool, LimnError *error)
{
  for (unsigned round = 0; round < rounds; round++) {
    Sweep s = { .level = level, .pass = round, .shift = round * (LIMN_PATCH_BAND / 2) % LIMN_PATCH_BAND };

    LIMN_TRY (run_sweep (&s, regularize_band, pool, error));
  }
  return LIMN_OK;
}
