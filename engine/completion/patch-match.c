/* Patch completion over an image pyramid, from coarse to fine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "patch-match.h"

#include <math.h>
#include <stdlib.h>

#include "patch-level.h"
#include "shift-map.h"

enum {
  MOST_LEVELS = 16,
  COARSEST_DEPTH = 5,           /* levels are halved until the hole is no deeper than this ... */
  LEAST_SOURCES = 64,           /* ... or fewer source patches than this would remain */
  THIN_DEPTH = 16,              /* holes no deeper than this need one round a level */
  THIN_REACH = 96,              /* search radius on the coarsest level of a long thin hole */
  GUIDED_SIDE = 256,            /* levels up to this size use the guide; finer ones inherit its effect */
  MOST_SHIFTED = 2500,          /* largest number of target pixels of the level at which shifts are chosen */
  MOST_REFINED = 10000,         /* ... and of the finest level to which their map is refined */
  MOST_SHIFTED_PIXELS = 400000, /* ... and of all its pixels: above, as with long thin holes, only patches are used */
  SHIFTED_ROUNDS = 2,           /* rounds of search and vote that mend seams between shifted pieces */
  SHIFTED_REACH = 8,
  PIECED_REACH = 32,      /* search radius on the levels that follow them, so that other sources aren't chosen after all */
  MOST_TARGETS = 3000000, /* of a hole with more, the finest level is smaller than the picture, whose pixels are then copied in squares */
  SEARCHED_TARGETS = 1500000, /* levels with more only refine the inherited field in one pass */
};

/* Alternates rounds of search and vote. */
static LimnStatus
improve_level (LimnPatchLevel *level, const LimnPatchMatch *input, unsigned rounds, size_t reach, uint64_t seed, LimnError *error)
{
  LIMN_TRY (limn_patch_vote (level, input->pool, error));
  for (unsigned round = 0; round < rounds; round++) {
    LIMN_TRY (limn_patch_search (level, seed + round * 977, 2, reach, input->pool, error));
    LIMN_TRY (limn_patch_vote (level, input->pool, error));
  }
  return LIMN_OK;
}

/* Finds a level's field. coarse: NULL, or the next coarser level, which is cleared once its field is inherited. pieced: that goes back to
 * a map of shifts, whose choice of sources is kept. */
static LimnStatus
match_level (LimnPatchLevel *level, LimnPatchLevel *coarse, bool pieced, const LimnPatchMatch *input, uint64_t seed, LimnError *error)
{
  const size_t side = level->width > level->height ? level->width : level->height;
  const bool searched = level->targets <= SEARCHED_TARGETS;
  const bool many = level->targets > 60000, few = level->targets < 10000;
  const bool thin = level->deepest <= THIN_DEPTH;
  const unsigned rounds = few ? (coarse ? 6 : 10) : many && coarse ? (searched ? (thin ? 1 : 2) : 0) : 4;
  /* long thin holes are searched nearby only */
  const size_t far = level->deepest > COARSEST_DEPTH || few ? side : THIN_REACH;
  const size_t reach = pieced && few ? PIECED_REACH : few || coarse == NULL ? far : many ? 8 : 64;

  LIMN_TRY (limn_patch_level_begin (level, error));
  if (input->guide && side <= GUIDED_SIDE && level->guide == NULL)
    LIMN_TRY (limn_patch_level_guide (level, input, error));
  if (coarse) {
    LIMN_TRY (limn_patch_inherit (level, coarse, input->pool, error));
    limn_patch_level_clear (coarse);
  } else {
    LIMN_TRY (limn_patch_onion_init (level, seed, input->pool, error));
    LIMN_TRY (limn_patch_search (level, seed + 1, 4, reach, input->pool, error));
  }
  return improve_level (level, input, rounds, reach, seed, error);
}

typedef struct {
  const LimnPatchLevel *level;
  const LimnPatchMatch *input;
  size_t scale; /* pixels of input along the side of one of level's */
  LimnPlace *places;
  LimnImage *patch_error;
} Taking;

static void
place_row (void *user, size_t row, int worker)
{
  const Taking *t = user;
  const LimnPatchLevel *level = t->level;
  const LimnRegion *hole = &t->input->hole;
  const size_t w = level->width, h = level->height, half = LIMN_PATCH / 2, n = t->scale, y = hole->y + row, v = y / n;
  const size_t j = v < half ? 0 : v - half > h - LIMN_PATCH ? h - LIMN_PATCH : v - half;

  for (size_t x = hole->x; x < hole->x + hole->width; x++) {
    const size_t at = row * hole->width + x - hole->x, u = x / n;
    float patch_error = 0.0f;

    t->places[at] = (LimnPlace){ (int32_t) x, (int32_t) y };
    if (t->input->state[y * t->input->rgb->width + x] == LIMN_PIXEL_TARGET) {
      const size_t i = u < half ? 0 : u - half > w - LIMN_PATCH ? w - LIMN_PATCH : u - half;
      const size_t own = limn_patch_target (level, i, j);
      const LimnPlace from = level->field[own];
      t->places[at].x += (int32_t) n * (from.x - (int32_t) i);
      t->places[at].y += (int32_t) n * (from.y - (int32_t) j);
      /* scaled down, since patches of a coarser level meet a seam over a band n times as wide */
      patch_error = sqrtf ((float) level->cost[own] / (3.0f * LIMN_PATCH * LIMN_PATCH)) / (510.0f * (float) n);
    }
    if (t->patch_error)
      t->patch_error->data[at] = patch_error;
  }
}

/* Converts the finest field to places: each target pixel is copied from the patch centred on it. */
static LimnStatus
find_places (const LimnPatchLevel *level, size_t scale, const LimnPatchMatch *input, LimnPlace **out, LimnImage *patch_error,
             LimnError *error)
{
  const size_t w = input->hole.width, h = input->hole.height;
  Taking taking = { level, input, scale, limn_alloc (w, h, 1, sizeof (LimnPlace)), patch_error };
  LimnStatus status = taking.places ? LIMN_OK : limn_fail_memory (error, w * h * sizeof (LimnPlace));

  if (status == LIMN_OK && patch_error)
    status = limn_image_alloc (patch_error, w, h, 1, error);
  if (status == LIMN_OK)
    status = limn_pool_try (input->pool, h, place_row, &taking, error);
  if (status == LIMN_OK) {
    *out = taking.places;
    return LIMN_OK;
  }
  free (taking.places);
  if (patch_error)
    limn_image_clear (patch_error);
  return status;
}

/* Initialises by a shift map at levels[*first], refined to finer levels while these are small; *first becomes the finest of these and
 * gets its field. *found is false if no map exists. */
static LimnStatus
start_from_shifts (LimnPatchLevel *levels, size_t *first, const LimnPatchMatch *input, bool *found, LimnError *error)
{
  LimnPatchLevel *level = &levels[*first];
  LimnShiftMap map;
  LimnStatus status;

  if (input->guide)
    LIMN_TRY (limn_patch_level_guide (level, input, error));
  LIMN_TRY (limn_shift_map_new (&map, level, input->seed, found, input->pool, error));
  status = LIMN_OK;
  while (status == LIMN_OK && *found && *first > 0 && levels[*first - 1].holes <= MOST_REFINED) {
    level = &levels[--*first];
    if (input->guide)
      status = limn_patch_level_guide (level, input, error);
    if (status == LIMN_OK)
      status = limn_shift_map_refine (&map, level, found, input->pool, error);
  }
  if (status == LIMN_OK && *found)
    status = limn_patch_level_begin (level, error);
  if (status == LIMN_OK && *found)
    status = limn_patch_from_labels (level, map.label, map.shift, input->pool, error);
  limn_shift_map_clear (&map);
  return status;
}

/* The finest level: the input's size, or less if the hole is very large and enough source patches remain. */
static LimnStatus
make_finest (LimnPatchLevel *level, size_t *scale, const LimnPatchMatch *input, LimnError *error)
{
  const size_t count = input->rgb->width * input->rgb->height;
  size_t targets = 0;

  for (size_t i = 0; i < count; i++)
    targets += input->state[i] == LIMN_PIXEL_TARGET;
  for (*scale = 1; targets / (*scale * *scale) > MOST_TARGETS;)
    *scale *= 2;
  for (;; *scale /= 2) {
    const size_t least = LIMN_PATCH * *scale;
    if (*scale > 1 && (input->rgb->width < least || input->rgb->height < least))
      continue;
    LIMN_TRY (limn_patch_level_finest (level, input, *scale, error));
    if (*scale == 1 || level->sources >= LEAST_SOURCES)
      return LIMN_OK;
    limn_patch_level_clear (level);
  }
}

/* Makes levels, finest first, halved until the hole is shallow. */
static LimnStatus
make_levels (LimnPatchLevel *levels, size_t *count, size_t *scale, const LimnPatchMatch *input, LimnError *error)
{
  *count = 0;
  if (input->rgb->width < LIMN_PATCH || input->rgb->height < LIMN_PATCH)
    return LIMN_OK;
  LIMN_TRY (make_finest (&levels[0], scale, input, error));
  if (levels[0].sources == 0 || levels[0].targets == 0)
    return LIMN_OK;
  *count = 1;
  while (*count < MOST_LEVELS && levels[*count - 1].deepest > COARSEST_DEPTH) {
    const LimnPatchLevel *fine = &levels[*count - 1];
    LimnPatchLevel *coarse = &levels[*count];

    if (fine->width < 4 * LIMN_PATCH || fine->height < 4 * LIMN_PATCH)
      break;
    LIMN_TRY (limn_patch_level_shrink (coarse, fine, input->pool, error));
    if (coarse->sources < LEAST_SOURCES || coarse->targets == 0) {
      limn_patch_level_clear (coarse);
      break;
    }
    ++*count;
  }
  return LIMN_OK;
}

static LimnStatus
match_levels (LimnPatchLevel *levels, const LimnPatchMatch *input, LimnPlace **places, LimnImage *patch_error, LimnError *error)
{
  size_t count, scale = 1, first = 0;
  bool pieced = false;

  LIMN_TRY (make_levels (levels, &count, &scale, input, error));
  if (count == 0)
    return LIMN_OK;
  while (first + 1 < count && (levels[first].holes > MOST_SHIFTED || levels[first].width * levels[first].height > MOST_SHIFTED_PIXELS))
    first++;
  if (levels[first].width * levels[first].height <= MOST_SHIFTED_PIXELS)
    LIMN_TRY (start_from_shifts (levels, &first, input, &pieced, error));
  if (pieced) {
    for (; count > first + 1; count--)
      limn_patch_level_clear (&levels[count - 1]);
    LIMN_TRY (improve_level (&levels[first], input, SHIFTED_ROUNDS, SHIFTED_REACH, input->seed, error));
    count--;
  }
  for (size_t k = count; k-- > 0;) {
    LimnPatchLevel *coarse = &levels[k + 1];
    LIMN_TRY (match_level (&levels[k], coarse->field ? coarse : NULL, pieced, input, input->seed + 1000003 * k, error));
  }
  LIMN_TRY (limn_patch_search (&levels[0], input->seed + 7, 1, 0, input->pool, error));
  LIMN_TRY (limn_patch_regularize (&levels[0], 4, input->pool, error));
  limn_patch_level_end (&levels[0]);
  return find_places (&levels[0], scale, input, places, patch_error, error);
}

LimnStatus
limn_patch_match (const LimnPatchMatch *input, LimnPlace **places, LimnImage *patch_error, LimnError *error)
{
  LimnPatchLevel levels[MOST_LEVELS + 1] = { 0 }; /* the last one stays empty */
  LimnStatus status;

  *places = NULL;
  if (patch_error)
    *patch_error = (LimnImage){ 0 };
  status = match_levels (levels, input, places, patch_error, error);
  for (size_t k = 0; k < MOST_LEVELS; k++)
    limn_patch_level_clear (&levels[k]);
  return status;
}
