/* Select: the outline of a thing. Colours are learned and the thing is cut out of a reduced picture (GrabCut: Rother, Kolmogorov, Blake
 * 2004); the cut is then repeated at each finer size, in a band along the border (Lombaert, Sun, Grady, Xu 2005).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cut-labels.h"
#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/imaging/connected-components.h"
#include "engine/imaging/distance.h"
#include "engine/imaging/image.h"
#include "select-level.h"

enum {
  MOST_LEVELS = 20,
  LEARNED = 24000, /* most pixels of the level at which colours are learned */
  ROUNDS = 4,      /* of learning and cutting */
  GIVEN = 3,       /* rounds in which pixels are given to their likeliest component */
  BAND = 3,        /* pixels to either side of the border that may change at finer levels */
  FRAME = 12,      /* without a loop, a part of the picture's sides along its border that is taken for surroundings at first */
  CRUMB = 25,      /* a piece is dropped, or a gap closed, that is smaller than such a part of the largest piece */
  FEW = 4,         /* if what is found of a loop is less than such a part of it, its middle is preferred */
  AT_ONCE = 8,     /* pixels that are looked at as one word */
  LEAST = 12,      /* what is found of a loop is at least such a part of it, or else the loop is */
};

/* In nats: what being inside costs at the picture's farthest from what was said to be inside, and what it gains from half-way to a loop's
 * middle on. */
static const float FAR = 6.0f, DEEP = 2.0f;

typedef struct {
  LimnSelectLevel levels[MOST_LEVELS]; /* the finest first */
  size_t count;
  bool loop; /* what may be inside was drawn around */
  LimnCutLabels cut;
  LimnPool *pool;
} Selecting;

/* -- At the coarsest level -- */

/* What colours are learned from at first: labels for what is told, UNTOLD for what must be found out. */
enum { UNTOLD = 2 };

static void
label_told (const Selecting *s, const LimnSelectLevel *level)
{
  const size_t w = level->width, h = level->height, frame_x = w / FRAME + 1, frame_y = h / FRAME + 1;

  for (size_t at = 0; at < w * h; at++) {
    const size_t x = at % w, y = at / w;
    const bool frame = x < frame_x || y < frame_y || x + frame_x >= w || y + frame_y >= h;
    const uint8_t hint = level->hint[at];
    const uint8_t maybe = s->loop ? LIMN_SELECT_INSIDE : frame ? LIMN_SELECT_OUTSIDE : UNTOLD;
    level->label[at] = hint == LIMN_HINT_INSIDE ? LIMN_SELECT_INSIDE : hint == LIMN_HINT_MAYBE ? maybe : LIMN_SELECT_OUTSIDE;
  }
}

static bool
has_label (const LimnSelectLevel *level, uint8_t label)
{
  return memchr (level->label, label, level->width * level->height) != NULL;
}

/* What a pixel's place adds to the cost of being inside: more, the farther it is from what was said to be inside; with a loop less, the
 * farther it is from the loop, for people draw around what they mean. */
static LimnStatus
price_places (const Selecting *s, const LimnSelectLevel *level, float *place, LimnError *error)
{
  const size_t n = level->width * level->height;
  const int reach = (int) (level->width > level->height ? level->width : level->height);
  const LimnMask told = { level->hint, level->width, level->height, level->width };
  int32_t *distance = limn_alloc (n, 1, 1, sizeof *distance), most = 1;

  if (distance == NULL)
    return limn_fail_memory (error, n * sizeof *distance);
  const LimnStatus status = s->loop
                              ? limn_squared_distances (distance, &told, LIMN_HINT_MAYBE, LIMN_DISTANCE_TO_OUTSIDE, reach, s->pool, error)
                              : limn_squared_distances (distance, &told, LIMN_HINT_INSIDE, LIMN_DISTANCE_TO_SET, reach, s->pool, error);
  for (size_t at = 0; status == LIMN_OK && at < n; at++)
    most = distance[at] > most ? distance[at] : most;
  for (size_t at = 0; status == LIMN_OK && at < n; at++) {
    const float part = (float) distance[at] / (s->loop ? (float) most : (float) reach * (float) reach);
    place[at] = s->loop ? -DEEP * limn_min (1.0f, 2.0f * sqrtf (part)) : FAR * part;
  }
  free (distance);
  return status;
}

/* Learns both mixtures from labels, and labels anew what may be either, ROUNDS times. part: scratch, a byte a pixel. */
static LimnStatus
learn_and_cut (Selecting *s, LimnSelectLevel *level, uint8_t *part, LimnError *error)
{
  const size_t n = level->width * level->height;

  label_told (s, level);
  for (int round = 0; round < ROUNDS; round++) {
    if (!has_label (level, LIMN_SELECT_INSIDE) || !has_label (level, LIMN_SELECT_OUTSIDE))
      return LIMN_OK;
    limn_color_mixture_learn (&s->cut.inside, level->rgb, level->label, LIMN_SELECT_INSIDE, n, GIVEN, part);
    limn_color_mixture_learn (&s->cut.outside, level->rgb, level->label, LIMN_SELECT_OUTSIDE, n, GIVEN, part);
    LIMN_TRY (limn_cut_labels_begin (&s->cut, n, error));
    for (size_t at = 0; at < n; at++)
      if (level->hint[at] == LIMN_HINT_MAYBE)
        LIMN_TRY (limn_cut_labels_add (&s->cut, at, error));
    LIMN_TRY (limn_cut_labels_run (&s->cut, level, error));
  }
  return LIMN_OK;
}

/* Whether less than 1 / part of what may be inside is. */
static bool
is_little (const LimnSelectLevel *level, size_t part)
{
  size_t inside = 0, maybe = 0;

  for (size_t at = 0; at < level->width * level->height; at++) {
    inside += level->label[at] == LIMN_SELECT_INSIDE;
    maybe += level->hint[at] == LIMN_HINT_MAYBE;
  }
  return inside * part < maybe;
}

/* By colours alone where there is a loop, and where they say little once more with a liking for its middle. */
static LimnStatus
learn_and_cut_within (Selecting *s, LimnSelectLevel *level, const float *place, uint8_t *part, LimnError *error)
{
  LimnStatus status = LIMN_OK;

  if (s->loop)
    status = learn_and_cut (s, level, part, error);
  s->cut.place = place;
  if (status == LIMN_OK && (!s->loop || is_little (level, FEW)))
    status = learn_and_cut (s, level, part, error);
  s->cut.place = NULL;
  return status;
}

/* Relabels the pieces of one label that are smaller than a CRUMB of the largest piece of things, where nothing was said of them; pieces
 * of the surroundings only if they lie within. group, size: scratch, [n]. */
static void
drop_crumbs (LimnSelectLevel *level, uint8_t own, uint8_t *filled, uint32_t *group, uint32_t *size, uint32_t largest)
{
  const size_t w = level->width, h = level->height, n = w * h;

  for (size_t at = 0; at < n; at++)
    filled[at] = level->label[at] == own;
  limn_connected_components (group, filled, w, h);
  memset (size, 0, n * sizeof *size);
  for (size_t at = 0; at < n; at++) {
    const size_t x = at % w, y = at / w;
    const bool border = x == 0 || y == 0 || x + 1 == w || y + 1 == h;
    const bool told = own == LIMN_SELECT_INSIDE ? level->hint[at] == LIMN_HINT_INSIDE : border || level->hint[at] != LIMN_HINT_MAYBE;
    if (filled[at] && size[group[at]] < n)
      size[group[at]] += told ? (uint32_t) n : 1;
  }
  for (size_t at = 0; at < n; at++)
    if (filled[at] && size[group[at]] < largest / CRUMB)
      level->label[at] = own == LIMN_SELECT_INSIDE ? LIMN_SELECT_OUTSIDE : LIMN_SELECT_INSIDE;
}

static uint32_t
largest_piece (const LimnSelectLevel *level, uint8_t *filled, uint32_t *group, uint32_t *size)
{
  const size_t n = level->width * level->height;
  uint32_t largest = 0;

  for (size_t at = 0; at < n; at++)
    filled[at] = level->label[at] == LIMN_SELECT_INSIDE;
  limn_connected_components (group, filled, level->width, level->height);
  memset (size, 0, n * sizeof *size);
  for (size_t at = 0; at < n; at++)
    if (filled[at] && ++size[group[at]] > largest)
      largest = size[group[at]];
  return largest;
}

/* Without crumbs and small gaps. Where too little of a loop is left, its contents are one thing with their surroundings: the loop is kept
 * as it was drawn, and *drawn tells so. */
static LimnStatus
tidy (const Selecting *s, LimnSelectLevel *level, bool *drawn, LimnError *error)
{
  const size_t n = level->width * level->height;
  uint8_t *filled = limn_alloc (n, 1, 1, 1);
  uint32_t *group = limn_alloc (n, 2, 1, sizeof *group);

  *drawn = false;
  if (filled && group) {
    const uint32_t largest = largest_piece (level, filled, group, group + n);
    drop_crumbs (level, LIMN_SELECT_INSIDE, filled, group, group + n, largest);
    drop_crumbs (level, LIMN_SELECT_OUTSIDE, filled, group, group + n, largest);
    *drawn = s->loop && is_little (level, LEAST);
  }
  const LimnStatus status = filled && group ? LIMN_OK : limn_fail_memory (error, n * 9);
  free (filled);
  free (group);
  return status;
}

static LimnStatus
find_coarsely (Selecting *s, bool *drawn, LimnError *error)
{
  LimnSelectLevel *level = &s->levels[s->count - 1];
  const size_t n = level->width * level->height;
  uint8_t *part = limn_alloc (n, 1, 1, 1);
  float *place = limn_alloc (n, 1, 1, sizeof *place);
  LimnStatus status = part && place ? LIMN_OK : limn_fail_memory (error, n * 5);

  if (status == LIMN_OK)
    status = price_places (s, level, place, error);
  if (status == LIMN_OK)
    status = learn_and_cut_within (s, level, place, part, error);
  if (status == LIMN_OK)
    status = tidy (s, level, drawn, error);
  free (part);
  free (place);
  return status;
}

/* -- At finer levels -- */

typedef struct {
  LimnSelectLevel *fine;
  const LimnSelectLevel *coarse;
} Enlarging;

static void
enlarge_row (void *user, size_t y, int worker)
{
  const Enlarging *e = user;
  const LimnSelectLevel *fine = e->fine;
  const uint8_t *from = e->coarse->label + y / 2 * e->coarse->width;

  for (size_t x = 0; x < fine->width; x++) {
    const uint8_t hint = fine->hint[y * fine->width + x];
    fine->label[y * fine->width + x] = hint == LIMN_HINT_MAYBE    ? from[x / 2]
                                       : hint == LIMN_HINT_INSIDE ? LIMN_SELECT_INSIDE
                                                                  : LIMN_SELECT_OUTSIDE;
  }
}

/* Whether pixels (x, y) to (x + AT_ONCE - 1, y) and all their neighbours have one label. */
static inline bool
is_plain (const LimnSelectLevel *level, size_t x, size_t y)
{
  const size_t w = level->width;
  const uint8_t *own = level->label + y * w + x;
  uint64_t same, seen, differs = 0;

  if (x == 0 || y == 0 || x + AT_ONCE >= w || y + 1 >= level->height)
    return false;
  memset (&same, own[0], sizeof same);
  for (const uint8_t *row = own - w; row <= own + w; row += w)
    for (int side = -1; side <= 1; side += 2) {
      memcpy (&seen, row + side, sizeof seen);
      differs |= seen ^ same;
    }
  return differs == 0;
}

static bool
is_border (const LimnSelectLevel *level, size_t x, size_t y)
{
  const size_t w = level->width, at = y * w + x;
  const uint8_t own = level->label[at];

  return (x > 0 && level->label[at - 1] != own) || (x + 1 < w && level->label[at + 1] != own) || (y > 0 && level->label[at - w] != own) ||
         (y + 1 < level->height && level->label[at + w] != own);
}

/* Adds the pixels within BAND of the border that may be either. */
static LimnStatus
add_band (LimnCutLabels *cut, const LimnSelectLevel *level, LimnError *error)
{
  const size_t w = level->width, n = w * level->height;
  size_t from = 0;

  for (size_t y = 0; y < level->height; y++)
    for (size_t x = 0; x < w; x++)
      if (is_plain (level, x, y))
        x += AT_ONCE - 1;
      else if (level->hint[y * w + x] == LIMN_HINT_MAYBE && is_border (level, x, y))
        LIMN_TRY (limn_cut_labels_add (cut, y * w + x, error));
  for (int step = 1; step < BAND; step++)
    for (const size_t end = cut->count; from < end; from++) {
      size_t near[4];
      limn_neighbours4 (near, (size_t) cut->node[from], w, n);
      for (int k = 0; k < 4; k++)
        if (level->hint[near[k]] == LIMN_HINT_MAYBE)
          LIMN_TRY (limn_cut_labels_add (cut, near[k], error));
    }
  return LIMN_OK;
}

static LimnStatus
refine (Selecting *s, size_t index, LimnError *error)
{
  LimnSelectLevel *level = &s->levels[index];
  Enlarging enlarging = { level, &s->levels[index + 1] };

  LIMN_TRY (limn_pool_try (s->pool, level->height, enlarge_row, &enlarging, error));
  if (s->cut.inside.count == 0 || s->cut.outside.count == 0)
    return LIMN_OK;
  LIMN_TRY (limn_cut_labels_begin (&s->cut, level->width * level->height, error));
  LIMN_TRY (add_band (&s->cut, level, error));
  return limn_cut_labels_run (&s->cut, level, error);
}

/* -- The mask -- */

typedef struct {
  const LimnSelectLevel *level;
  bool drawn;
  uint8_t *mask;
} Writing;

/* The share of a pixel and its neighbours that lies inside: a border one pixel soft. */
static void
write_row (void *user, size_t y, int worker)
{
  const Writing *writing = user;
  const LimnSelectLevel *level = writing->level;
  const size_t w = level->width, y0 = y > 0 ? y - 1 : y, y1 = limn_size_min (y + 1, level->height - 1);
  const uint8_t *rows[] = { level->label + y0 * w, level->label + y * w, level->label + y1 * w };

  for (size_t x = 0; x < w; x++) {
    const size_t x0 = x > 0 ? x - 1 : x, x1 = limn_size_min (x + 1, w - 1);
    int sum = 0;
    if (!writing->drawn && is_plain (level, x, y)) {
      memset (writing->mask + y * w + x, rows[1][x] == LIMN_SELECT_INSIDE ? 255 : 0, AT_ONCE);
      x += AT_ONCE - 1;
      continue;
    }
    for (int k = 0; k < 3; k++)
      sum += rows[k][x0] + 2 * rows[k][x] + rows[k][x1];
    sum += rows[1][x0] + 2 * rows[1][x] + rows[1][x1];
    writing->mask[y * w + x] = (uint8_t) ((sum * 255 + 8) / 16);
    if (writing->drawn)
      writing->mask[y * w + x] = level->hint[y * w + x] >= LIMN_HINT_MAYBE ? 255 : 0;
  }
}

static LimnStatus
make_levels (Selecting *s, const LimnPixels *photo, const LimnMask *hints, LimnError *error)
{
  LIMN_TRY (limn_select_level_new (&s->levels[0], photo, hints, !s->loop, s->pool, error));
  for (s->count = 1; s->levels[s->count - 1].width * s->levels[s->count - 1].height > LEARNED; s->count++)
    LIMN_TRY (limn_select_level_shrink (&s->levels[s->count], &s->levels[s->count - 1], s->pool, error));
  return LIMN_OK;
}

static LimnStatus
select_in (Selecting *s, const LimnPixels *photo, const LimnMask *hints, uint8_t *mask, LimnError *error)
{
  Writing writing = { .level = &s->levels[0], .mask = mask };

  LIMN_TRY (make_levels (s, photo, hints, error));
  LIMN_TRY (find_coarsely (s, &writing.drawn, error));
  for (size_t k = s->count - 1; !writing.drawn && k-- > 0;)
    LIMN_TRY (refine (s, k, error));
  return limn_pool_try (s->pool, s->levels[0].height, write_row, &writing, error);
}

static LimnStatus
check_inputs (const LimnPixels *photo, const LimnMask *hints, bool *loop, LimnError *error)
{
  bool inside = false;

  LIMN_TRY (limn_check_pixels (photo, error));
  LIMN_TRY (limn_check_size (photo, hints->width, hints->height, "The plane of hints is", error));
  *loop = false;
  for (size_t y = 0; y < hints->height; y++) {
    inside |= memchr (hints->data + y * hints->stride, LIMN_HINT_INSIDE, hints->width) != NULL;
    *loop |= memchr (hints->data + y * hints->stride, LIMN_HINT_MAYBE, hints->width) != NULL;
  }
  return inside || *loop ? LIMN_OK
                         : limn_fail (error, LIMN_BAD_INPUT, "Nothing is said to be inside: draw around the thing, or a stroke on it.");
}

LimnStatus
limn_select (const LimnPixels *photo, const LimnMask *hints, int threads, const LimnControl *control, uint8_t *mask, LimnError *error)
{
  Selecting s = { 0 };
  LimnStatus status;

  LIMN_TRY (check_inputs (photo, hints, &s.loop, error));
  LIMN_TRY (limn_pool_new (&s.pool, threads, error));
  limn_pool_watch (s.pool, control ? control->cancel : NULL);
  s.cut.pool = s.pool;
  status = select_in (&s, photo, hints, mask, error);
  limn_cut_labels_clear (&s.cut);
  for (size_t k = 0; k < MOST_LEVELS; k++)
    limn_select_level_clear (&s.levels[k]);
  limn_pool_free (s.pool);
  return status;
}
