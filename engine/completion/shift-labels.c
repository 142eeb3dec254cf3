/* Candidate shifts: the picture's own repetitions, found as peaks in the histogram of matched patches' offsets around the hole (He, Sun
 * 2012), and the best matches of patches at the hole's border.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shift-labels.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"
#include "patch-cost.h"

enum {
  COMMON = 96,           /* shifts from the histogram */
  EDGES = 96,            /* patches at the border that are matched */
  LEAST_SHIFT = 8,       /* shorter shifts would only match each patch with its own neighbourhood */
  FARTHEST = 128,        /* patches within this distance of the hole are matched */
  TRIES = 4,             /* random candidates per pass */
  LEVEL = 16,            /* level shifts to either side, up to one and a half of the hole's width */
  EDGE_BUDGET = 2500000, /* patch comparisons at the border */
};

typedef struct {
  const LimnPatchLevel *level;
  LimnRegion region;         /* corners that are matched */
  LimnPlace *field, *before; /* [region] */
  int32_t *cost;             /* [region] */
  uint64_t seed;
  unsigned pass;
  int32_t jump, least;
} Search;

static bool
is_far_enough (const Search *s, int64_t x, int64_t y, LimnPlace to)
{
  const int64_t dx = to.x - x, dy = to.y - y;

  return dx * dx + dy * dy >= (int64_t) s->least * s->least;
}

static inline __attribute__ ((always_inline)) void
try_candidate (const Search *s, int64_t x, int64_t y, LimnPlace to, LimnPlace *best, int32_t *cost)
{
  const LimnPatchLevel *level = s->level;

  if (!limn_patch_is_source (level, to.x, to.y) || !is_far_enough (s, x, y, to))
    return;
  const int32_t c = limn_patch_difference (level->texel + LIMN_PATCH_CHANNELS * ((size_t) y * level->width + (size_t) x),
                                           level->texel + LIMN_PATCH_CHANNELS * ((size_t) to.y * level->width + (size_t) to.x),
                                           LIMN_PATCH_CHANNELS * level->width, *cost);
  if (c < *cost) {
    *cost = c;
    *best = to;
  }
}

/* One pass over a row: candidates from neighbours at distance jump, shifted accordingly, and random ones. */
LIMN_WIDE static void
search_row (void *user, size_t j, int worker)
{
  const Search *s = user;
  const LimnPatchLevel *level = s->level;
  const size_t w = s->region.width;
  const int64_t y = (int64_t) (s->region.y + j);

  for (size_t i = 0; i < w; i++) {
    const size_t at = j * w + i;
    const int64_t x = (int64_t) (s->region.x + i);
    LimnPlace best = s->before[at];
    int32_t cost = s->cost[at];

    if (level->corner[(size_t) y * level->width + (size_t) x] != LIMN_CORNER_SOURCE)
      continue;
    for (int k = 0; s->pass > 0 && k < 4; k++) {
      const int32_t dx = s->jump * ((k == 1) - (k == 0)), dy = s->jump * ((k == 3) - (k == 2));
      const int64_t u = (int64_t) i + dx, v = (int64_t) j + dy;
      if (u < 0 || v < 0 || u >= (int64_t) w || v >= (int64_t) s->region.height)
        continue;
      const LimnPlace near = s->before[(size_t) v * w + (size_t) u];
      if (near.x >= 0)
        try_candidate (s, x, y, (LimnPlace){ near.x - dx, near.y - dy }, &best, &cost);
    }
    for (unsigned k = 0; k < TRIES; k++) {
      const uint64_t number = limn_patch_hash (s->seed, at, s->pass * 64u + k);
      LimnPlace to = { (int32_t) ((number & 0xffffffffu) * level->width >> 32), (int32_t) ((number >> 32) * level->height >> 32) };
      const int32_t reach = 2 << (2 * k);
      if (s->pass > 0 && k < 2 && best.x >= 0) {
        to.x = best.x - reach + (int32_t) ((number & 0xffffu) % (unsigned) (2 * reach + 1));
        to.y = best.y - reach + (int32_t) ((number >> 16 & 0xffffu) % (unsigned) (2 * reach + 1));
      }
      try_candidate (s, x, y, to, &best, &cost);
    }
    s->field[at] = best;
    s->cost[at] = cost;
  }
}

typedef struct {
  uint32_t count;
  int32_t x, y;
} Peak;

static int
by_count (const void *a, const void *b)
{
  const Peak *p = a, *q = b;

  if (p->count != q->count)
    return p->count < q->count ? 1 : -1;
  return p->y != q->y ? (p->y < q->y ? -1 : 1) : (p->x > q->x) - (p->x < q->x);
}

static void
add_shift (LimnPlace *shifts, size_t *count, LimnPlace shift)
{
  for (size_t k = 0; k < *count; k++)
    if (shifts[k].x == shift.x && shifts[k].y == shift.y)
      return;
  if (*count < LIMN_MOST_SHIFTS)
    shifts[(*count)++] = shift;
}

/* The highest peaks of the smoothed histogram of offsets, each a maximum within four pixels. */
static LimnStatus
find_peaks (const Search *s, LimnPlace *shifts, size_t *count, LimnError *error)
{
  const size_t w = 2 * s->level->width + 1, h = 2 * s->level->height + 1, cx = s->level->width, cy = s->level->height;
  uint32_t *raw = calloc (w * h, sizeof *raw), *smooth = calloc (w * h, sizeof *smooth);
  Peak *peaks = NULL;
  size_t found = 0, room = 0;
  LimnStatus status = LIMN_OK;

  if (raw == NULL || smooth == NULL)
    status = limn_fail_memory (error, 2 * w * h * sizeof *raw);
  for (size_t at = 0; status == LIMN_OK && at < s->region.width * s->region.height; at++)
    if (s->field[at].x >= 0)
      raw[((size_t) (s->field[at].y - (int64_t) (s->region.y + at / s->region.width)) + cy) * w +
          (size_t) (s->field[at].x - (int64_t) (s->region.x + at % s->region.width)) + cx]++;
  for (size_t y = 1; status == LIMN_OK && y + 1 < h; y++)
    for (size_t x = 1; x + 1 < w; x++)
      for (size_t j = y - 1; j <= y + 1; j++)
        for (size_t i = x - 1; i <= x + 1; i++)
          smooth[y * w + x] += raw[j * w + i] * (i == x && j == y ? 2u : 1u);
  for (size_t y = 4; status == LIMN_OK && y + 4 < h; y++)
    for (size_t x = 4; x + 4 < w; x++) {
      const uint32_t here = smooth[y * w + x];
      bool highest = here >= 6;
      for (size_t j = y - 4; highest && j <= y + 4; j++)
        for (size_t i = x - 4; highest && i <= x + 4; i++)
          highest = smooth[j * w + i] < here || (smooth[j * w + i] == here && j * w + i >= y * w + x);
      if (!highest)
        continue;
      if (found == room) {
        Peak *more = realloc (peaks, (room = 2 * room + 256) * sizeof *peaks);
        if (more == NULL) {
          status = limn_fail_memory (error, room * sizeof *peaks);
          break;
        }
        peaks = more;
      }
      peaks[found++] = (Peak){ here, (int32_t) (x - cx), (int32_t) (y - cy) };
    }
  if (status == LIMN_OK && found)
    qsort (peaks, found, sizeof *peaks, by_count);
  for (size_t k = 0; status == LIMN_OK && k < found && *count < COMMON; k++)
    add_shift (shifts, count, (LimnPlace){ peaks[k].x, peaks[k].y });
  free (raw);
  free (smooth);
  free (peaks);
  return status;
}

static LimnStatus
find_common (const LimnPatchLevel *level, uint64_t seed, LimnPlace *shifts, size_t *count, LimnPool *pool, LimnError *error)
{
  static const int32_t JUMPS[] = { 1, 8, 4, 2, 1, 3, 1 };
  const size_t near = level->deepest * 2 > 24 ? (level->deepest * 2 < FARTHEST ? level->deepest * 2 : FARTHEST) : 24;
  const LimnRegion *hole = &level->region;
  const size_t x0 = hole->x > near ? hole->x - near : 0, y0 = hole->y > near ? hole->y - near : 0;
  const size_t x1 = hole->x + hole->width + near < level->width ? hole->x + hole->width + near : level->width;
  const size_t y1 = hole->y + hole->height + near < level->height ? hole->y + hole->height + near : level->height;
  Search s = { .level = level, .seed = seed, .region = { x0, y0, x1 - x0, y1 - y0 } };
  const size_t n = s.region.width * s.region.height;
  LimnStatus status = LIMN_OK;

  s.least = (int32_t) (level->deepest / 2 > LEAST_SHIFT ? level->deepest / 2 : LEAST_SHIFT);
  s.field = limn_alloc (n, 2, 1, sizeof *s.field);
  s.cost = limn_alloc (n, 1, 1, sizeof *s.cost);
  if (s.field == NULL || s.cost == NULL)
    status = limn_fail_memory (error, n * (2 * sizeof *s.field + sizeof *s.cost));
  else {
    s.before = s.field + n;
    for (size_t i = 0; i < n; i++) {
      s.field[i] = (LimnPlace){ -1, -1 };
      s.cost[i] = INT32_MAX;
    }
    for (s.pass = 0; status == LIMN_OK && s.pass < sizeof JUMPS / sizeof *JUMPS; s.pass++) {
      s.jump = JUMPS[s.pass];
      memcpy (s.before, s.field, n * sizeof *s.field);
      status = limn_pool_try (pool, s.region.height, search_row, &s, error);
    }
    if (status == LIMN_OK)
      status = find_peaks (&s, shifts, count, error);
  }
  free (s.field);
  free (s.cost);
  return status;
}

typedef struct {
  const LimnPatchLevel *level;
  size_t corners[EDGES];
  LimnPlace found[EDGES];
  int64_t reach;
} Edge;

/* The shift that best matches the known part of one patch at the border. */
LIMN_WIDE static void
match_edge (void *user, size_t piece, int worker)
{
  Edge *e = user;
  const LimnPatchLevel *level = e->level;
  const size_t w = level->width, at = e->corners[piece];
  const int64_t x = (int64_t) (at % w), y = (int64_t) (at / w);
  LimnPartialPatch own;
  int64_t least = INT64_MAX;

  for (int i = 0; i < LIMN_PATCH * LIMN_PATCH * LIMN_PATCH_CHANNELS; i++) {
    const size_t pixel = at + (size_t) (i / (LIMN_PATCH * LIMN_PATCH_CHANNELS)) * w + (size_t) (i / LIMN_PATCH_CHANNELS % LIMN_PATCH);
    const bool known = limn_pixel_is_seen (level->state[pixel]);
    own.mask[i] = known ? -1 : 0;
    own.texel[i] = known ? level->texel[LIMN_PATCH_CHANNELS * pixel + (size_t) (i % LIMN_PATCH_CHANNELS)] : 0;
  }
  e->found[piece] = (LimnPlace){ 0, 0 };
  for (int64_t j = y - e->reach < 0 ? 0 : y - e->reach; j <= y + e->reach && j < (int64_t) level->height; j++)
    for (int64_t i = x - e->reach < 0 ? 0 : x - e->reach; i <= x + e->reach && i < (int64_t) w; i++) {
      const size_t source = (size_t) j * w + (size_t) i;

      if (level->corner[source] != LIMN_CORNER_SOURCE)
        continue;
      const int64_t cost = limn_patch_partial_difference (&own, level->texel + LIMN_PATCH_CHANNELS * source, LIMN_PATCH_CHANNELS * w, 0,
                                                          least);
      if (cost < least) {
        least = cost;
        e->found[piece] = (LimnPlace){ (int32_t) (i - x), (int32_t) (j - y) };
      }
    }
}

/* Matches evenly spaced patches centred on the hole's border, about half of which is known. */
static LimnStatus
find_at_border (const LimnPatchLevel *level, LimnPlace *shifts, size_t *count, LimnPool *pool, LimnError *error)
{
  const size_t w = level->width, middle = LIMN_PATCH / 2 * (w + 1);
  size_t edge = 0, taken = 0, passed = 0;
  Edge e = { .level = level, .reach = 8 };

  for (int round = 0; round < 2; round++)
    for (size_t y = level->region.y; y < level->region.y + level->region.height; y++)
      for (size_t x = level->region.x; x < level->region.x + level->region.width; x++) {
        if (level->corner[y * w + x] != LIMN_CORNER_TARGET || level->depth[y * w + x + middle] != 1)
          continue;
        if (round == 0)
          edge++;
        else if (passed++ * EDGES / edge >= taken && taken < EDGES)
          e.corners[taken++] = y * w + x;
      }
  while ((int64_t) taken * 4 * e.reach * e.reach < EDGE_BUDGET && (e.reach < (int64_t) w || e.reach < (int64_t) level->height))
    e.reach++;
  LIMN_TRY (limn_pool_try (pool, taken, match_edge, &e, error));
  for (size_t k = 0; k < taken; k++)
    if (e.found[k].x || e.found[k].y)
      add_shift (shifts, count, e.found[k]);
  return LIMN_OK;
}

/* Shifts by multiples of half the hole's size, horizontal or vertical as horizons and walls are: they fill it in large pieces. */
static void
add_adjacent (const LimnPatchLevel *level, LimnPlace *shifts, size_t *count)
{
  const int32_t w = ((int32_t) level->region.width - LIMN_PATCH + 2) / 2 + 1, h = ((int32_t) level->region.height - LIMN_PATCH + 2) / 2 + 1;

  for (int32_t j = -2; j <= 2; j++)
    for (int32_t i = -2; i <= 2; i++)
      if ((i == 0) != (j == 0))
        add_shift (shifts, count, (LimnPlace){ i * w, j * h });
}

/* Level shifts: ground, sea and sky lie in layers. */
static void
add_level (const LimnPatchLevel *level, LimnPlace *shifts, size_t *count)
{
  const int32_t width = (int32_t) level->region.width;

  for (int32_t k = 1; k <= LEVEL; k++) {
    const int32_t by = (3 * width * k + 2 * LEVEL - 1) / (2 * LEVEL);
    add_shift (shifts, count, (LimnPlace){ by, 0 });
    add_shift (shifts, count, (LimnPlace){ -by, 0 });
  }
}

LimnStatus
limn_shift_labels (const LimnPatchLevel *level, uint64_t seed, LimnPlace *shifts, size_t *count, LimnPool *pool, LimnError *error)
{
  *count = 0;
  LIMN_TRY (find_common (level, seed, shifts, count, pool, error));
  LIMN_TRY (find_at_border (level, shifts, count, pool, error));
  add_adjacent (level, shifts, count);
  add_level (level, shifts, count);
  return LIMN_OK;
}
