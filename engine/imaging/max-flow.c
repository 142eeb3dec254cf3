/* Boykov and Kolmogorov's algorithm: search trees grow from source and sink until they meet; nodes cut off by a saturated path are
 * adopted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "max-flow.h"

#include <stdlib.h>
#include <string.h>

enum {
  NONE = -1,
  TERMINAL = 4,
  ORPHAN = 5,
  POLL_PATHS = 256, /* augmentations between two polls for cancelling */
};

typedef struct {
  LimnMaxFlow *f;
  int32_t first, active; /* ring of active nodes */
  int32_t *orphans;
  int32_t orphan_count, time;
} Search;

LimnStatus
limn_max_flow_new (LimnMaxFlow *flow, size_t most, LimnError *error)
{
  *flow = (LimnMaxFlow){ .most = (int32_t) most };
  flow->neighbour = limn_alloc (most, 4, 1, sizeof (int32_t));
  flow->capacity = limn_alloc (most, 4, 1, sizeof (int32_t));
  flow->terminal = limn_alloc (most, 1, 1, sizeof (int32_t));
  flow->tree = limn_alloc (most, 1, 1, 1);
  flow->parent = limn_alloc (most, 1, 1, 1);
  flow->stamp = limn_alloc (most, 1, 1, sizeof (int32_t));
  flow->distance = limn_alloc (most, 1, 1, sizeof (int32_t));
  flow->queue = limn_alloc (most, 2, 1, sizeof (int32_t));
  flow->queued = limn_alloc (most, 1, 1, sizeof (bool));
  if (flow->neighbour && flow->capacity && flow->terminal && flow->tree && flow->parent && flow->stamp && flow->distance && flow->queue &&
      flow->queued)
    return LIMN_OK;
  limn_max_flow_clear (flow);
  return limn_fail_memory (error, most * 60);
}

void
limn_max_flow_clear (LimnMaxFlow *flow)
{
  free (flow->neighbour);
  free (flow->capacity);
  free (flow->terminal);
  free (flow->tree);
  free (flow->parent);
  free (flow->stamp);
  free (flow->distance);
  free (flow->queue);
  free (flow->queued);
  *flow = (LimnMaxFlow){ 0 };
}

void
limn_max_flow_begin (LimnMaxFlow *flow, size_t count)
{
  flow->count = (int32_t) count;
  memset (flow->neighbour, -1, 4 * count * sizeof (int32_t));
  memset (flow->capacity, 0, 4 * count * sizeof (int32_t));
  memset (flow->terminal, 0, count * sizeof (int32_t));
}

static void
activate (Search *s, int32_t node)
{
  LimnMaxFlow *f = s->f;

  if (f->queued[node])
    return;
  f->queued[node] = true;
  f->queue[(s->first + s->active++) % f->count] = node;
}

/* Residual capacity along the link between a node and its neighbour k in the direction of flow of the node's tree. */
static int32_t *
link_of (const LimnMaxFlow *f, int32_t node, int k)
{
  return f->tree[node] == LIMN_CUT_SOURCE ? &f->capacity[4 * node + k] : &f->capacity[4 * f->neighbour[4 * node + k] + (k ^ 1)];
}

/* Residual capacity from the parent's side to the node. */
static int32_t *
supply_of (const LimnMaxFlow *f, int32_t node, int k)
{
  return f->tree[node] == LIMN_CUT_SOURCE ? &f->capacity[4 * f->neighbour[4 * node + k] + (k ^ 1)] : &f->capacity[4 * node + k];
}

static void
start (Search *s)
{
  LimnMaxFlow *f = s->f;

  for (int32_t i = 0; i < f->count; i++) {
    f->queued[i] = false;
    f->stamp[i] = 0;
    f->distance[i] = 1;
    f->tree[i] = f->terminal[i] > 0 ? LIMN_CUT_SOURCE : f->terminal[i] < 0 ? LIMN_CUT_SINK : LIMN_CUT_FREE;
    f->parent[i] = f->terminal[i] ? TERMINAL : NONE;
    if (f->terminal[i])
      activate (s, i);
  }
}

/* Grows the trees until they meet at a link; returns it as *from (a source node) and direction. False if they can't meet. */
static bool
grow (Search *s, int32_t *from, int *direction)
{
  LimnMaxFlow *f = s->f;

  while (s->active > 0) {
    const int32_t node = f->queue[s->first];

    for (int k = 0; f->tree[node] != LIMN_CUT_FREE && k < 4; k++) {
      const int32_t other = f->neighbour[4 * node + k];
      if (other < 0 || *link_of (f, node, k) <= 0)
        continue;
      if (f->tree[other] == LIMN_CUT_FREE) {
        f->tree[other] = f->tree[node];
        f->parent[other] = (int8_t) (k ^ 1);
        f->stamp[other] = f->stamp[node];
        f->distance[other] = f->distance[node] + 1;
        activate (s, other);
      } else if (f->tree[other] != f->tree[node]) {
        *from = f->tree[node] == LIMN_CUT_SOURCE ? node : other;
        *direction = f->tree[node] == LIMN_CUT_SOURCE ? k : k ^ 1;
        return true;
      } else if (f->stamp[other] <= f->stamp[node] && f->distance[other] > f->distance[node]) {
        f->parent[other] = (int8_t) (k ^ 1);
        f->stamp[other] = f->stamp[node];
        f->distance[other] = f->distance[node] + 1;
      }
    }
    f->queued[node] = false;
    s->first = (s->first + 1) % f->count;
    s->active--;
  }
  return false;
}

static void
make_orphan (Search *s, int32_t node)
{
  s->f->parent[node] = ORPHAN;
  s->orphans[s->orphan_count++] = node;
}

static int32_t
narrowest (const LimnMaxFlow *f, int32_t node, int32_t most)
{
  for (; f->parent[node] != TERMINAL; node = f->neighbour[4 * node + f->parent[node]]) {
    const int32_t flow = *supply_of (f, node, f->parent[node]);
    most = flow < most ? flow : most;
  }
  const int32_t end = abs (f->terminal[node]);
  return end < most ? end : most;
}

/* Subtracts flow from the path between a node and its tree's root. */
static void
push_to_root (Search *s, int32_t node, int32_t flow)
{
  LimnMaxFlow *f = s->f;

  while (f->parent[node] != TERMINAL) {
    const int k = f->parent[node];
    const int32_t above = f->neighbour[4 * node + k];
    int32_t *supply = supply_of (f, node, k);

    *supply -= flow;
    *link_of (f, node, k) += flow;
    if (*supply == 0)
      make_orphan (s, node);
    node = above;
  }
  f->terminal[node] += f->terminal[node] > 0 ? -flow : flow;
  if (f->terminal[node] == 0)
    make_orphan (s, node);
}

static void
augment (Search *s, int32_t from, int k)
{
  LimnMaxFlow *f = s->f;
  const int32_t to = f->neighbour[4 * from + k];
  int32_t flow = f->capacity[4 * from + k];

  flow = narrowest (f, from, flow);
  flow = narrowest (f, to, flow);
  f->capacity[4 * from + k] -= flow;
  f->capacity[4 * to + (k ^ 1)] += flow;
  push_to_root (s, from, flow);
  push_to_root (s, to, flow);
}

/* Distance to the root, or -1 if the path ends at an orphan. Marks the nodes on the path with the current time stamp. */
static int32_t
way_to_root (Search *s, int32_t node)
{
  LimnMaxFlow *f = s->f;
  int32_t steps = 0, i = node;

  while (true) {
    if (f->stamp[i] == s->time) {
      steps += f->distance[i];
      break;
    }
    steps++;
    if (f->parent[i] == TERMINAL) {
      f->stamp[i] = s->time;
      f->distance[i] = 1;
      break;
    }
    if (f->parent[i] == ORPHAN || f->parent[i] == NONE)
      return -1;
    i = f->neighbour[4 * i + f->parent[i]];
  }
  int32_t left = steps;
  for (i = node; f->stamp[i] != s->time; i = f->neighbour[4 * i + f->parent[i]]) {
    f->stamp[i] = s->time;
    f->distance[i] = left--;
  }
  return steps;
}

static void
adopt (Search *s, int32_t node)
{
  LimnMaxFlow *f = s->f;
  int best = NONE;
  int32_t least = INT32_MAX;

  for (int k = 0; k < 4; k++) {
    const int32_t other = f->neighbour[4 * node + k];
    if (other < 0 || f->tree[other] != f->tree[node] || *supply_of (f, node, k) <= 0)
      continue;
    const int32_t steps = way_to_root (s, other);
    if (steps >= 0 && steps < least) {
      least = steps;
      best = k;
    }
  }
  f->parent[node] = (int8_t) best;
  if (best != NONE) {
    f->stamp[node] = s->time;
    f->distance[node] = least + 1;
    return;
  }
  for (int k = 0; k < 4; k++) {
    const int32_t other = f->neighbour[4 * node + k];
    if (other < 0 || f->tree[other] != f->tree[node])
      continue;
    if (*supply_of (f, node, k) > 0)
      activate (s, other);
    if (f->parent[other] == (k ^ 1))
      make_orphan (s, other);
  }
  f->tree[node] = LIMN_CUT_FREE;
}

LimnStatus
limn_max_flow_cut (LimnMaxFlow *flow, const LimnPool *pool, LimnError *error)
{
  Search s = { .f = flow, .orphans = flow->queue + flow->most };
  int32_t from;
  int direction;

  if (flow->count == 0)
    return LIMN_OK;
  start (&s);
  while (grow (&s, &from, &direction)) {
    if (++s.time % POLL_PATHS == 0)
      LIMN_TRY (limn_pool_check (pool, error));
    augment (&s, from, direction);
    while (s.orphan_count > 0) {
      const int32_t node = s.orphans[--s.orphan_count];
      adopt (&s, node);
    }
  }
  return LIMN_OK;
}
