/* First fields and colours: from a coarser level, from shift labels, or from the hole's border inwards.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"
#include "patch-cost.h"

typedef struct {
  LimnPatchLevel *level;
  const LimnPatchLevel *coarse;
} Inheriting;

/* The source corner nearest to (x, y), searched in growing squares; there is at least one. away: NULL, or [height][width]: a lower bound
 * of the chessboard distance, to start from. */
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
    /* the coarse patch with the same centre */
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

/* Field of a row: each patch takes the shift of the labelled pixel nearest to its centre that leads to a source. */
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
  const LimnPlace *ring; /* the pixels of one depth */
  LimnPlace *found;      /* the pixel that each is copied from */
  size_t depth, reach;
  const uint16_t *away; /* see nearest_source */
  uint64_t seed;
} Onion;

/* Chessboard distances to the nearest source corner, in two scans. */
static LimnStatus
find_distances (const LimnPatchLevel *level, uint16_t *away, LimnPool *pool, LimnError *error)
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

/* Random first field of a row. */
static void
randomize_row (void *user, size_t piece, int worker)
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

/* Finds the source of one ring pixel: compares the part of its patch that is known or less deep with every source within reach. */
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
                                                          limn_patch_guide_cost (level, at, source), least);
      if (cost < least) {
        least = cost;
        best = (LimnPlace){ (int32_t) (i + px - x), (int32_t) (j + py - y) };
      }
    }
  p->found[piece] = best.x < 0 ? nearest_source (level, p->away, px, py) : best;
}

/* Fills the rings from the border inwards. ring: room for 2 count places, count the number of targets. */
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
  /* the reach at which there are about four million comparisons */
  while (count * 4 * reach * reach < 4000000 && (reach < w || reach < h))
    reach++;
  Onion p = { .level = level, .reach = reach, .away = away, .seed = seed };
  status = find_distances (level, away, pool, error);
  if (status == LIMN_OK)
    status = fill_rings (&p, ring, count, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, level->region.height, randomize_row, &p, error);
  free (ring);
  free (away);
  return status;
}
