/* Shift maps by graph cuts: alpha expansion over candidate shifts (Boykov, Veksler, Zabih 2001).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shift-map.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/connected-components.h"
#include "engine/imaging/max-flow.h"
#include "shift-cost.h"
#include "shift-labels.h"
#include "source-prior.h"

enum {
  NUDGES = 4, /* pixels by which a piece may move at each finer level */
  SWEEPS = 3, /* after the first, only labels in use are expanded */
  BAND = 3,   /* at finer levels, labels change only within this many pixels of a seam */
};

static const float NO_SOURCE = 1e7f; /* data cost of a shift to an unknown pixel */

typedef struct {
  LimnShiftMap *map;
  LimnFeatureMap features;
  LimnSourcePrior prior; /* of the first level; those that follow keep its choice */
  const LimnPatchLevel *level;
  const LimnPool *pool; /* polled for cancelling */
  LimnMaxFlow flow;
  int32_t *number; /* [height][width]: node of each pixel that may change, -1 elsewhere */
  int32_t *node;   /* pixel of each node */
  float *own;      /* data cost of each node's present shift */
  size_t targets;
} Labelling;

void
limn_shift_map_clear (LimnShiftMap *map)
{
  free (map->label);
  free (map->shift);
  *map = (LimnShiftMap){ 0 };
}

static bool
is_valid (const LimnPatchLevel *level, size_t x, size_t y, LimnPlace shift)
{
  const int64_t u = (int64_t) x + shift.x, v = (int64_t) y + shift.y;

  return limn_shift_is_seen (level, u, v) && level->state[(size_t) v * level->width + (size_t) u] == LIMN_PIXEL_KNOWN;
}

static float
data_cost (const Labelling *l, size_t x, size_t y, LimnPlace shift)
{
  if (!is_valid (l->level, x, y, shift))
    return NO_SOURCE;
  return limn_shift_data_cost (&l->features, x, y, shift) + limn_source_prior_cost (&l->prior, l->level, x, y, shift);
}

/* Cost of a seam between pixels (x, y) and (u, v). */
static inline float
seam_cost (const Labelling *l, size_t x, size_t y, size_t u, size_t v, LimnPlace a, LimnPlace b)
{
  if (a.x == b.x && a.y == b.y)
    return 0.0f;
  return limn_shift_seam_cost (&l->features, x, y, a, b) + limn_shift_seam_cost (&l->features, u, v, a, b);
}

static void
labelling_clear (Labelling *l)
{
  limn_feature_map_clear (&l->features);
  limn_source_prior_clear (&l->prior);
  limn_max_flow_clear (&l->flow);
  free (l->number);
  free (l->node);
  free (l->own);
}

static LimnStatus
labelling_new (Labelling *l, LimnShiftMap *map, const LimnPatchLevel *level, LimnPool *pool, LimnError *error)
{
  const size_t n = level->width * level->height;

  *l = (Labelling){ .map = map, .level = level, .pool = pool };
  for (size_t i = 0; i < n; i++)
    l->targets += level->state[i] == LIMN_PIXEL_TARGET;
  LIMN_TRY (limn_feature_map_new (&l->features, level, pool, error));
  LIMN_TRY (limn_max_flow_new (&l->flow, l->targets + 1, error));
  l->number = limn_alloc (n, 1, 1, sizeof *l->number);
  l->node = limn_alloc (l->targets + 1, 1, 1, sizeof *l->node);
  l->own = limn_alloc (l->targets + 1, 1, 1, sizeof *l->own);
  if (l->number == NULL || l->node == NULL || l->own == NULL)
    return limn_fail_memory (error, n * sizeof *l->number);
  memset (l->number, -1, n * sizeof *l->number);
  return LIMN_OK;
}

static int32_t
rounded (float cost)
{
  return (int32_t) (cost + 0.5f);
}

/* Expansion move: each of count nodes keeps its label or takes this one, at the least total cost. Adds the number that took it to
 * changed. */
static LimnStatus
expand_label (Labelling *l, int16_t label, size_t count, size_t *changed, LimnError *error)
{
  static const int DX[] = { -1, 1, 0, 0 }, DY[] = { 0, 0, -1, 1 };
  const size_t w = l->level->width, h = l->level->height;
  LimnShiftMap *map = l->map;
  const LimnPlace alpha = map->shift[label];
  LimnMaxFlow *flow = &l->flow;

  limn_max_flow_begin (flow, count);
  for (size_t i = 0; i < count; i++) {
    const size_t p = (size_t) l->node[i], x = p % w, y = p / w;
    const LimnPlace a = map->shift[map->label[p]];
    float keep = data_cost (l, x, y, a), take = data_cost (l, x, y, alpha);

    for (int k = 0; k < 4; k++) {
      const size_t u = x + (size_t) (ptrdiff_t) DX[k], v = y + (size_t) (ptrdiff_t) DY[k], q = v * w + u;
      if (u >= w || v >= h || map->label[q] < 0)
        continue;
      const LimnPlace b = map->shift[map->label[q]];
      if (l->number[q] < 0) {
        keep += seam_cost (l, x, y, u, v, a, b);
        take += seam_cost (l, x, y, u, v, alpha, b);
      } else if (k & 1) { /* each pair of nodes once */
        const float both = seam_cost (l, x, y, u, v, a, b), second = seam_cost (l, x, y, u, v, a, alpha);
        const float first = seam_cost (l, x, y, u, v, alpha, b);
        take += first - both;
        flow->terminal[l->number[q]] -= rounded (first);
        limn_max_flow_link (flow, (int32_t) i, l->number[q], k, rounded (limn_max (first + second - both, 0.0f)), 0);
      }
    }
    flow->terminal[i] += rounded (take) - rounded (keep);
  }
  LIMN_TRY (limn_max_flow_cut (flow, l->pool, error));
  for (size_t i = 0; i < count; i++)
    if (flow->tree[i] == LIMN_CUT_SINK) {
      map->label[l->node[i]] = label;
      ++*changed;
    }
  return LIMN_OK;
}

/* Adds a pixel to the nodes of label's move if it can take that label; returns the new count. */
static size_t
add_node (Labelling *l, size_t at, int16_t label, size_t count)
{
  const size_t w = l->level->width;

  if (l->map->label[at] < 0 || l->map->label[at] == label || l->number[at] >= 0 ||
      !is_valid (l->level, at % w, at / w, l->map->shift[label]))
    return count;
  l->number[at] = (int32_t) count;
  l->node[count] = (int32_t) at;
  return count + 1;
}

static void
forget_nodes (Labelling *l, size_t count)
{
  for (size_t i = 0; i < count; i++)
    l->number[l->node[i]] = -1;
}

static bool
all_fit (const Labelling *l)
{
  const size_t w = l->level->width;

  for (size_t at = 0; at < w * l->level->height; at++)
    if (l->map->label[at] >= 0 && !is_valid (l->level, at % w, at / w, l->map->shift[l->map->label[at]]))
      return false;
  return true;
}

/* Initial labels: the least data cost of each target. */
static LimnStatus
label_first (Labelling *l, LimnError *error)
{
  const size_t n = l->level->width * l->level->height;

  for (size_t at = 0; at < n; at++) {
    float least = INFINITY;
    if (at % l->level->width == 0)
      LIMN_TRY (limn_pool_check (l->pool, error));
    l->map->label[at] = -1;
    if (l->level->state[at] != LIMN_PIXEL_TARGET)
      continue;
    for (size_t k = 0; k < l->map->count; k++) {
      const float cost = data_cost (l, at % l->level->width, at / l->level->width, l->map->shift[k]);
      if (cost < least) {
        least = cost;
        l->map->label[at] = (int16_t) k;
      }
    }
  }
  return LIMN_OK;
}

static LimnStatus
label_level (Labelling *l, bool *found, LimnError *error)
{
  const size_t n = l->level->width * l->level->height;

  LIMN_TRY (label_first (l, error));
  for (int sweep = 0; sweep < SWEEPS; sweep++) {
    bool used[LIMN_MOST_SHIFTS] = { false };
    size_t changed = 0;
    for (size_t at = 0; at < n; at++)
      if (l->map->label[at] >= 0)
        used[l->map->label[at]] = true;
    for (size_t k = 0; k < l->map->count; k++) {
      size_t count = 0;
      if (sweep > 0 && !used[k])
        continue;
      for (size_t at = 0; at < n; at++)
        count = add_node (l, at, (int16_t) k, count);
      LIMN_TRY (expand_label (l, (int16_t) k, count, &changed, error));
      forget_nodes (l, count);
      LIMN_TRY (limn_pool_check (l->pool, error));
    }
    if (changed == 0)
      break;
  }
  *found = all_fit (l);
  return LIMN_OK;
}

LimnStatus
limn_shift_map_new (LimnShiftMap *map, const LimnPatchLevel *level, uint64_t seed, bool *found, LimnPool *pool, LimnError *error)
{
  Labelling l = { 0 };
  LimnStatus status = LIMN_OK;

  *found = false;
  *map = (LimnShiftMap){ .width = level->width, .height = level->height };
  map->label = limn_alloc (level->width, level->height, 1, sizeof *map->label);
  map->shift = limn_alloc (LIMN_MOST_SHIFTS, 1, 1, sizeof *map->shift);
  if (map->label == NULL || map->shift == NULL)
    status = limn_fail_memory (error, level->width * level->height * sizeof *map->label);
  if (status == LIMN_OK)
    status = limn_shift_labels (level, seed, map->shift, &map->count, pool, error);
  if (status == LIMN_OK && map->count > 0) {
    status = labelling_new (&l, map, level, pool, error);
    if (status == LIMN_OK)
      status = limn_source_prior_new (&l.prior, level, seed, pool, error);
    if (status == LIMN_OK)
      status = label_level (&l, found, error);
    labelling_clear (&l);
  }
  if (status != LIMN_OK || !*found)
    limn_shift_map_clear (map);
  return status;
}

/* ---------------------------------------------------------------- refinement */

/* Gives each connected region of one shift a label of its own, in reading order. stack: [height * width], scratch. */
static LimnStatus
split_pieces (LimnShiftMap *map, int32_t *stack, LimnError *error)
{
  const size_t w = map->width, n = w * map->height;
  int16_t *piece = limn_alloc (n, 1, 1, sizeof *piece);
  LimnPlace *shift = NULL;
  size_t count = 0, room = 0;

  if (piece == NULL)
    return limn_fail_memory (error, n * sizeof *piece);
  memset (piece, -1, n * sizeof *piece);
  for (size_t start = 0; start < n; start++) {
    size_t depth = 0;
    if (map->label[start] < 0 || piece[start] >= 0)
      continue;
    if (count == room) {
      LimnPlace *more = realloc (shift, (room = 2 * room + 64) * sizeof *shift);
      if (more == NULL) {
        free (shift);
        free (piece);
        return limn_fail_memory (error, room * sizeof *shift);
      }
      shift = more;
    }
    shift[count] = map->shift[map->label[start]];
    stack[depth++] = (int32_t) start;
    piece[start] = (int16_t) count;
    while (depth > 0) {
      const size_t at = (size_t) stack[--depth];
      size_t near[4];
      limn_neighbours4 (near, at, w, n);
      for (int k = 0; k < 4; k++)
        if (map->label[near[k]] == map->label[start] && piece[near[k]] < 0) {
          piece[near[k]] = (int16_t) count;
          stack[depth++] = (int32_t) near[k];
        }
    }
    if (count + 1 < INT16_MAX)
      count++;
  }
  free (map->label);
  free (map->shift);
  map->label = piece;
  map->shift = shift;
  map->count = count;
  return LIMN_OK;
}

/* Doubles the map's size; targets without a coarse label take the nearest one by flooding. queue: [height * width], scratch. */
static LimnStatus
enlarge_labels (LimnShiftMap *map, const LimnPatchLevel *level, int32_t *queue, LimnError *error)
{
  const size_t w = level->width, h = level->height, n = w * h;
  int16_t *label = limn_alloc (w, h, 1, sizeof *label);
  size_t head = 0, tail = 0;

  if (label == NULL)
    return limn_fail_memory (error, n * sizeof *label);
  for (size_t k = 0; k < map->count; k++)
    map->shift[k] = (LimnPlace){ 2 * map->shift[k].x, 2 * map->shift[k].y };
  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++) {
      const int16_t own = map->label[y / 2 * map->width + x / 2];
      const size_t at = y * w + x;
      label[at] = -1;
      if (level->state[at] == LIMN_PIXEL_TARGET && own >= 0 && is_valid (level, x, y, map->shift[own])) {
        label[at] = own;
        queue[tail++] = (int32_t) at;
      }
    }
  while (head < tail) {
    const size_t at = (size_t) queue[head++];
    size_t near[4];
    limn_neighbours4 (near, at, w, n);
    for (int k = 0; k < 4; k++)
      if (level->state[near[k]] == LIMN_PIXEL_TARGET && label[near[k]] < 0) {
        label[near[k]] = label[at];
        queue[tail++] = (int32_t) near[k];
      }
  }
  free (map->label);
  map->label = label;
  map->width = w;
  map->height = h;
  return LIMN_OK;
}

/* Moves each region's shift by up to one pixel a round to where its border fits best. */
static LimnStatus
nudge_shifts (Labelling *l, LimnError *error)
{
  static const int DX[] = { -1, 1, 0, 0 }, DY[] = { 0, 0, -1, 1 };
  const size_t w = l->level->width, h = l->level->height;
  LimnShiftMap *map = l->map;
  float *costs = limn_alloc (map->count, 9, 1, sizeof *costs);
  LimnStatus status = LIMN_OK;

  if (costs == NULL)
    return limn_fail_memory (error, map->count * 9 * sizeof *costs);
  for (int round = 0; status == LIMN_OK && round < NUDGES; round++) {
    memset (costs, 0, map->count * 9 * sizeof *costs);
    for (size_t p = 0; status == LIMN_OK && p < w * h; p++) {
      const size_t x = p % w, y = p / w;
      bool edge = false;
      if (x == 0)
        status = limn_pool_check (l->pool, error);
      if (map->label[p] < 0)
        continue;
      for (int k = 0; k < 4; k++) {
        const size_t u = x + (size_t) (ptrdiff_t) DX[k], v = y + (size_t) (ptrdiff_t) DY[k];
        edge |= u < w && v < h && map->label[v * w + u] != map->label[p];
      }
      if (!edge)
        continue;
      const LimnPlace a = map->shift[map->label[p]];
      for (int d = 0; d < 9; d++) {
        const LimnPlace moved = { a.x + d % 3 - 1, a.y + d / 3 - 1 };
        float cost = data_cost (l, x, y, moved);
        for (int k = 0; k < 4; k++) {
          const size_t u = x + (size_t) (ptrdiff_t) DX[k], v = y + (size_t) (ptrdiff_t) DY[k], q = v * w + u;
          if (u < w && v < h && map->label[q] >= 0 && map->label[q] != map->label[p])
            cost += 0.5f * seam_cost (l, x, y, u, v, moved, map->shift[map->label[q]]);
        }
        costs[9 * map->label[p] + d] += cost;
      }
    }
    for (size_t k = 0; k < map->count; k++) {
      int best = 4;
      for (int d = 0; d < 9; d++)
        if (costs[9 * k + (size_t) d] < costs[9 * k + (size_t) best])
          best = d;
      map->shift[k].x += best % 3 - 1;
      map->shift[k].y += best / 3 - 1;
    }
  }
  free (costs);
  return status;
}

/* Expands each region's label over the pixels within BAND of it. border: lists of pixels next to each region; starts: where each list
 * begins. */
static LimnStatus
optimize_borders (Labelling *l, const int32_t *border, const size_t *starts, LimnError *error)
{
  const size_t w = l->level->width, n = w * l->level->height;

  for (size_t k = 0; k < l->map->count; k++) {
    size_t count = 0, from = 0, changed = 0;
    for (size_t i = starts[k]; i < starts[k + 1]; i++)
      count = add_node (l, (size_t) border[i], (int16_t) k, count);
    for (int step = 1; step < BAND; step++) {
      const size_t end = count;
      for (; from < end; from++) {
        const size_t at = (size_t) l->node[from];
        size_t near[4];
        limn_neighbours4 (near, at, w, n);
        for (int d = 0; d < 4; d++)
          count = add_node (l, near[d], (int16_t) k, count);
      }
    }
    if (count > 0)
      LIMN_TRY (expand_label (l, (int16_t) k, count, &changed, error));
    forget_nodes (l, count);
    LIMN_TRY (limn_pool_check (l->pool, error));
  }
  return LIMN_OK;
}

/* Re-optimises the seams: collects for each region the neighbouring pixels of others, and expands its label there. */
static LimnStatus
optimize_seams (Labelling *l, LimnError *error)
{
  const size_t w = l->level->width, n = w * l->level->height;
  LimnShiftMap *map = l->map;
  size_t *starts = calloc (map->count + 2, sizeof *starts);
  int32_t *border = NULL;
  LimnStatus status;

  if (starts == NULL)
    return limn_fail_memory (error, (map->count + 2) * sizeof *starts);
  for (int pass = 0; pass < 2; pass++) {
    for (size_t at = 0; at < n; at++) {
      size_t near[4];
      limn_neighbours4 (near, at, w, n);
      for (int k = 0; map->label[at] >= 0 && k < 4; k++) {
        const int16_t other = map->label[near[k]];
        if (other < 0 || other == map->label[at])
          continue;
        if (pass == 0)
          starts[other + 2]++;
        else
          border[starts[other + 1]++] = (int32_t) at;
      }
    }
    if (pass == 1)
      break;
    for (size_t k = 2; k <= map->count + 1; k++)
      starts[k] += starts[k - 1];
    border = limn_alloc (starts[map->count + 1] + 1, 1, 1, sizeof *border);
    if (border == NULL) {
      free (starts);
      return limn_fail_memory (error, n * sizeof *border);
    }
  }
  status = optimize_borders (l, border, starts, error);
  free (border);
  free (starts);
  return status;
}

LimnStatus
limn_shift_map_refine (LimnShiftMap *map, const LimnPatchLevel *level, bool *found, LimnPool *pool, LimnError *error)
{
  int32_t *pixels = limn_alloc (level->width, level->height, 1, sizeof *pixels);
  Labelling l = { 0 };
  LimnStatus status;

  *found = false;
  if (pixels == NULL)
    return limn_fail_memory (error, level->width * level->height * sizeof *pixels);
  status = split_pieces (map, pixels, error);
  if (status == LIMN_OK)
    status = enlarge_labels (map, level, pixels, error);
  free (pixels);
  if (status == LIMN_OK)
    status = labelling_new (&l, map, level, pool, error);
  if (status == LIMN_OK)
    status = nudge_shifts (&l, error);
  if (status == LIMN_OK)
    status = optimize_seams (&l, error);
  if (status == LIMN_OK)
    *found = all_fit (&l);
  labelling_clear (&l);
  return status;
}
