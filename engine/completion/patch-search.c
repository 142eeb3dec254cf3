/* The search for patches: spreading of good matches, random tries, and the settling of the field into large pieces.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"
#include "patch-cost.h"

typedef struct {
  LimnPatchLevel *level;
  uint64_t seed;
  unsigned pass;
  size_t reach, shift; /* shift: rows by which the bands are moved, so that their borders are elsewhere each time */
  bool rescore;
} Sweep;

/* How far the patch at source is from what the guide, where there is one, asks for in the middle of the patch at target. */
static inline __attribute__ ((always_inline)) int32_t
guide_cost (const LimnPatchLevel *level, size_t target, size_t source)
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

/* What it costs to take the patch at source for the corner target. */
static inline __attribute__ ((always_inline)) int32_t
cost_of (const LimnPatchLevel *level, size_t target, size_t source, int32_t limit)
{
  const int32_t cost = guide_cost (level, target, source);

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

/* What the bands beside this one see of it: its first row and its last. */
static void
keep_band (void *user, size_t piece, int worker)
{
  const Sweep *s = user;
  const LimnPatchLevel *level = s->level;
  const Band band = find_band (s, piece);

  for (size_t last = 0; last < 2; last++) {
    const size_t from = (size_t) (last ? band.y1 - 1 : band.y0) - level->region.y, width = level->region.width;
    memcpy (level->before + (2 * piece + last) * width, level->field + from * width, width * sizeof *level->field);
  }
}

/* The field at target corner (x, y), whose row is in the band or beside it. */
static inline __attribute__ ((always_inline)) LimnPlace
field_at (const LimnPatchLevel *level, const Band *band, size_t x, int64_t y)
{
  if (y >= band->y0 && y < band->y1)
    return level->field[limn_patch_target (level, x, (size_t) y)];
  return level->before[(y < band->y0 ? 2 * band->piece - 1 : 2 * band->piece + 2) * level->region.width + x - level->region.x];
}

/* Calls band for every band of the level, from the field as it is now. */
static LimnStatus
run_sweep (Sweep *s, LimnWork band, LimnPool *pool, LimnError *error)
{
  const LimnPatchLevel *level = s->level;

  const size_t bands = (level->region.height + s->shift + LIMN_PATCH_BAND - 1) / LIMN_PATCH_BAND;

  LIMN_TRY (limn_pool_try (pool, bands, keep_band, s, error));
  return limn_pool_try (pool, bands, band, s, error);
}

/* Changes the corner (x, y), which is a target; step: 1, or -1 in passes from the last corner to the first. */
typedef void (*CornerWork) (const Sweep *s, const Band *band, size_t x, int64_t y, int step);

/* Calls work, a constant that is made part of this, for the targets of a band. */
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

/* Takes the patch at (x, y) for the corner target where it is a source and costs less. */
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

/* Tries what the corners before this one took, then random places around the best. */
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

/* A corner takes the shift of a neighbour where that makes the field of larger pieces and costs little (iterated conditional modes of
 * cost plus a price for each of the four neighbours with another shift). */
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

typedef struct {
  LimnPatchLevel *level;
  const LimnPatchLevel *coarse;
} Inheriting;

/* The source corner nearest to (x, y), searched in growing squares; there is one. away: NULL, or [height][width]: none is nearer than so
 * many of a king's moves. */
static LimnPlace
nearest_source (const LimnPatchLevel *level, const uint16_t *away, int64_t x, int64_t y)
{
  const int64_t last_x = (int64_t) level->width - LIMN_PATCH, last_y = (int64_t) level->height - LIMN_PATCH;

  x = x < 0 ? 0 : x > last_x ? last_x : x;
  y = y < 0 ? 0 : y > last_y ? last_y : y;
  for (int64_t r = away ? away[(size_t) y * level->width + (size_t) x] : 0;; r++)
    for (int64_t j = y - r; j <= y + r; j++)
      for (int64_t i = x - r; i <= x + r; i += j == y - r || j == y + r || r == 0 ? 1 : 2 * r)
        if (limn_patch_is_source (level, i, j))
          return (LimnPlace){ (int32_t) i, (int32_t) j };
}

static void
inherit_row (void *user, size_t piece, int worker)
{
  const Inheriting *in = user;
  LimnPatchLevel *level = in->level;
  const LimnPatchLevel *coarse = in->coarse;
  const size_t y = level->region.y + piece;

  for (size_t x = level->region.x; x < level->region.x + level->region.width; x++) {
    const size_t own = limn_patch_target (level, x, y);
    LimnPlace place = { (int32_t) x, (int32_t) y };

    if (level->corner[y * level->width + x] != LIMN_CORNER_TARGET)
      continue;
    /* the coarse patch with the same middle */
    int64_t i = (int64_t) (x / 2) - LIMN_PATCH / 4, j = (int64_t) (y / 2) - LIMN_PATCH / 4;
    const int64_t last_x = (int64_t) coarse->width - LIMN_PATCH, last_y = (int64_t) coarse->height - LIMN_PATCH;
    i = i < 0 ? 0 : i > last_x ? last_x : i;
    j = j < 0 ? 0 : j > last_y ? last_y : j;
    if (coarse->corner[(size_t) j * coarse->width + (size_t) i] == LIMN_CORNER_TARGET) {
      const LimnPlace from = coarse->field[limn_patch_target (coarse, (size_t) i, (size_t) j)];
      place = (LimnPlace){ (int32_t) (2 * (from.x - i)) + (int32_t) x, (int32_t) (2 * (from.y - j)) + (int32_t) y };
    }
    level->field[own] = limn_patch_is_source (level, place.x, place.y) ? place : nearest_source (level, NULL, place.x, place.y);
    level->cost[own] = 0;
  }
}

LimnStatus
limn_patch_inherit (LimnPatchLevel *level, const LimnPatchLevel *coarse, LimnPool *pool, LimnError *error)
{
  Inheriting in = { level, coarse };

  return limn_pool_try (pool, level->region.height, inherit_row, &in, error);
}

typedef struct {
  LimnPatchLevel *level;
  const int16_t *label;
  const LimnPlace *shift;
} Taking;

/* A row of patches, each shifted as its middle is, or as the target pixel of it that is nearest to the middle. */
static void
take_row (void *user, size_t piece, int worker)
{
  const Taking *t = user;
  LimnPatchLevel *level = t->level;
  const size_t w = level->width, y = level->region.y + piece;

  for (size_t x = level->region.x; x < level->region.x + level->region.width; x++) {
    const size_t at = y * w + x, own = limn_patch_target (level, x, y);
    LimnPlace place = { (int32_t) x, (int32_t) y };
    int least = INT32_MAX;

    if (level->corner[at] != LIMN_CORNER_TARGET)
      continue;
    for (int j = 0; j < LIMN_PATCH; j++)
      for (int i = 0; i < LIMN_PATCH; i++) {
        const int16_t label = t->label[at + (size_t) j * w + (size_t) i];
        const int far = abs (2 * i - LIMN_PATCH + 1) + abs (2 * j - LIMN_PATCH + 1);
        if (label < 0 || far >= least)
          continue;
        const LimnPlace tried = { (int32_t) x + t->shift[label].x, (int32_t) y + t->shift[label].y };
        if (limn_patch_is_source (level, tried.x, tried.y)) {
          least = far;
          place = tried;
        }
      }
    level->field[own] = least < INT32_MAX ? place : nearest_source (level, NULL, place.x, place.y);
    level->cost[own] = 0;
  }
}

LimnStatus
limn_patch_from_labels (LimnPatchLevel *level, const int16_t *label, const LimnPlace *shift, LimnPool *pool, LimnError *error)
{
  Taking t = { level, label, shift };

  return limn_pool_try (pool, level->region.height, take_row, &t, error);
}

typedef struct {
  LimnPatchLevel *level;
  const LimnPlace *ring; /* pixels of one depth */
  LimnPlace *found;      /* the pixels they are taken from */
  size_t depth, reach;
  const uint16_t *away; /* as nearest_source's */
  uint64_t seed;
} Onion;

/* Distances to the nearest source corner by king's moves, in two scans. */
static LimnStatus
find_away (const LimnPatchLevel *level, uint16_t *away, LimnPool *pool, LimnError *error)
{
  const size_t w = level->width, h = level->height;

  for (size_t y = 0; y < h; y++) {
    LIMN_TRY (limn_pool_check (pool, error));
    for (size_t x = 0; x < w; x++) {
      unsigned d = UINT16_MAX - 1;
      for (size_t k = y > 0 && x > 0 ? x - 1 : x; y > 0 && k <= x + 1 && k < w; k++)
        d = away[(y - 1) * w + k] < d ? away[(y - 1) * w + k] : d;
      if (x > 0 && away[y * w + x - 1] < d)
        d = away[y * w + x - 1];
      away[y * w + x] = level->corner[y * w + x] == LIMN_CORNER_SOURCE ? 0 : (uint16_t) (d + (d < UINT16_MAX - 1));
    }
  }
  for (size_t y = h; y-- > 0;) {
    LIMN_TRY (limn_pool_check (pool, error));
    for (size_t x = w; x-- > 0;) {
      unsigned d = away[y * w + x];
      for (size_t k = x > 0 ? x - 1 : x; y + 1 < h && k <= x + 1 && k < w; k++)
        d = away[(y + 1) * w + k] + 1u < d ? away[(y + 1) * w + k] + 1u : d;
      if (x + 1 < w && away[y * w + x + 1] + 1u < d)
        d = away[y * w + x + 1] + 1u;
      away[y * w + x] = (uint16_t) d;
    }
  }
  return LIMN_OK;
}

/* A first field of a row: sources anywhere. */
static void
scatter_row (void *user, size_t piece, int worker)
{
  const Onion *p = user;
  LimnPatchLevel *level = p->level;
  const size_t w = level->width, h = level->height, y = level->region.y + piece;

  for (size_t x = level->region.x; x < level->region.x + level->region.width; x++)
    if (level->corner[y * w + x] == LIMN_CORNER_TARGET) {
      const uint64_t number = limn_patch_hash (p->seed, y * w + x, 1u << 20);
      level->field[limn_patch_target (level, x, y)] = nearest_source (level, p->away, (int64_t) ((number & 0xffffffffu) * w >> 32),
                                                                      (int64_t) ((number >> 32) * h >> 32));
    }
}

/* One pixel of the ring. The part of its patch that is known or of a smaller depth is compared with every source in reach. */
LIMN_WIDE static void
fill_ring_pixel (void *user, size_t piece, int worker)
{
  const Onion *p = user;
  const LimnPatchLevel *level = p->level;
  const size_t w = level->width;
  const int64_t px = p->ring[piece].x, py = p->ring[piece].y, half = LIMN_PATCH / 2;
  const int64_t last_x = (int64_t) w - LIMN_PATCH, last_y = (int64_t) level->height - LIMN_PATCH, reach = (int64_t) p->reach;
  const int64_t x = px - half < 0 ? 0 : px - half > last_x ? last_x : px - half;
  const int64_t y = py - half < 0 ? 0 : py - half > last_y ? last_y : py - half;
  const size_t at = (size_t) y * w + (size_t) x;
  LimnPartialPatch own;
  LimnPlace best = { -1, -1 };
  int64_t least = INT64_MAX;

  for (int i = 0; i < LIMN_PATCH * LIMN_PATCH * LIMN_PATCH_CHANNELS; i++) {
    const size_t pixel = at + (size_t) (i / (LIMN_PATCH * LIMN_PATCH_CHANNELS)) * w + (size_t) (i / LIMN_PATCH_CHANNELS % LIMN_PATCH);
    const bool known = level->state[pixel] != LIMN_PIXEL_VOID && level->depth[pixel] < p->depth;
    own.mask[i] = known ? -1 : 0;
    own.texel[i] = known ? level->texel[LIMN_PATCH_CHANNELS * pixel + (size_t) (i % LIMN_PATCH_CHANNELS)] : 0;
  }
  for (int64_t j = y - reach < 0 ? 0 : y - reach; j <= y + reach && j <= last_y; j++)
    for (int64_t i = x - reach < 0 ? 0 : x - reach; i <= x + reach && i <= last_x; i++) {
      const size_t source = (size_t) j * w + (size_t) i;

      if (level->corner[source] != LIMN_CORNER_SOURCE)
        continue;
      const int64_t cost = limn_patch_partial_difference (&own, level->texel + LIMN_PATCH_CHANNELS * source, LIMN_PATCH_CHANNELS * w,
                                                          guide_cost (level, at, source), least);
      if (cost < least) {
        least = cost;
        best = (LimnPlace){ (int32_t) (i + px - x), (int32_t) (j + py - y) };
      }
    }
  p->found[piece] = best.x < 0 ? nearest_source (level, p->away, px, py) : best;
}

/* Colours from the edge inwards. ring: room for twice as many places as there are targets (count). */
static LimnStatus
fill_rings (Onion *p, LimnPlace *ring, size_t count, LimnPool *pool, LimnError *error)
{
  LimnPatchLevel *level = p->level;
  const size_t w = level->width, h = level->height;
  LimnPlace *found = ring + count;

  p->ring = ring;
  p->found = found;
  for (p->depth = 1; p->depth <= level->deepest; p->depth++) {
    size_t of_depth = 0;

    for (size_t y = 0; y < h; y++)
      for (size_t x = 0; x < w; x++)
        if (level->depth[y * w + x] == p->depth)
          ring[of_depth++] = (LimnPlace){ (int32_t) x, (int32_t) y };
    LIMN_TRY (limn_pool_try (pool, of_depth, fill_ring_pixel, p, error));
    for (size_t k = 0; k < of_depth; k++)
      memcpy (level->texel + LIMN_PATCH_CHANNELS * ((size_t) ring[k].y * w + (size_t) ring[k].x),
              level->texel + LIMN_PATCH_CHANNELS * ((size_t) found[k].y * w + (size_t) found[k].x),
              LIMN_PATCH_CHANNELS * sizeof *level->texel);
  }
  return LIMN_OK;
}

LimnStatus
limn_patch_onion_init (LimnPatchLevel *level, uint64_t seed, LimnPool *pool, LimnError *error)
{
  const size_t w = level->width, h = level->height;
  size_t count = 0, reach = 12;
  uint16_t *away = limn_alloc (w, h, 1, sizeof *away);
  LimnPlace *ring;
  LimnStatus status;

  for (size_t i = 0; i < w * h; i++)
    count += level->state[i] == LIMN_PIXEL_TARGET;
  ring = limn_alloc (count + 1, 2, 1, sizeof *ring);
  if (ring == NULL || away == NULL) {
    free (ring);
    free (away);
    return limn_fail_memory (error, 2 * count * sizeof *ring + w * h * sizeof *away);
  }
  /* as far as some four million comparisons allow */
  while (count * 4 * reach * reach < 4000000 && (reach < w || reach < h))
    reach++;
  Onion p = { .level = level, .reach = reach, .away = away, .seed = seed };
  status = find_away (level, away, pool, error);
  if (status == LIMN_OK)
    status = fill_rings (&p, ring, count, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, level->region.height, scatter_row, &p, error);
  free (ring);
  free (away);
  return status;
}
