/* The energy of GrabCut (Rother, Kolmogorov, Blake 2004) on the pixels that may change. SPDX-License-Identifier: GPL-3.0-or-later */
#include "cut-labels.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"

static const float BORDER = 30.0f;     /* cost of a border between two pixels of one colour, in nats */
static const float CLEAREST = 25.0f;   /* most that a colour says */
static const float RESOLUTION = 16.0f; /* units of the cut a nat */

LimnStatus
limn_cut_labels_begin (LimnCutLabels *cut, size_t pixels, LimnError *error)
{
  free (cut->number);
  cut->count = 0;
  cut->number = calloc (pixels, sizeof *cut->number);
  return cut->number ? LIMN_OK : limn_fail_memory (error, pixels * sizeof *cut->number);
}

LimnStatus
limn_cut_labels_add (LimnCutLabels *cut, size_t pixel, LimnError *error)
{
  if (cut->number[pixel] > 0)
    return LIMN_OK;
  if (cut->count == cut->room) {
    const size_t room = 2 * cut->room + 1024;
    int32_t *more = realloc (cut->node, room * sizeof *more);
    if (more == NULL)
      return limn_fail_memory (error, room * sizeof *more);
    cut->node = more;
    cut->room = room;
  }
  cut->node[cut->count++] = (int32_t) pixel;
  cut->number[pixel] = (int32_t) cut->count;
  return LIMN_OK;
}

void
limn_cut_labels_clear (LimnCutLabels *cut)
{
  limn_max_flow_clear (&cut->flow);
  free (cut->node);
  free (cut->cost);
  free (cut->number);
  *cut = (LimnCutLabels){ 0 };
}

static float
difference (const uint8_t *a, const uint8_t *b)
{
  const int r = a[0] - b[0], g = a[1] - b[1], c = a[2] - b[2];

  return (float) (r * r + g * g + c * c);
}

/* How sharply a difference of colours lowers the border's cost: half the inverse of the mean squared difference of neighbours. */
static float
sharpness (const LimnCutLabels *cut, const LimnSelectLevel *level)
{
  double sum = 0;
  size_t pairs = 0;

  for (size_t i = 0; i < cut->count; i++) {
    const size_t at = (size_t) cut->node[i];
    if (at % level->width + 1 < level->width) {
      sum += difference (level->rgb + 3 * at, level->rgb + 3 * (at + 1));
      pairs++;
    }
    if (at + level->width < level->width * level->height) {
      sum += difference (level->rgb + 3 * at, level->rgb + 3 * (at + level->width));
      pairs++;
    }
  }
  return (float) ((double) pairs / (2.0 * (sum + (double) pairs)));
}

typedef struct {
  LimnCutLabels *cut;
  const LimnSelectLevel *level;
} Weighing;

enum { AT_ONCE = 1024 };

static void
weigh_colours (void *user, size_t piece, int worker)
{
  const Weighing *w = user;
  LimnCutLabels *cut = w->cut;

  for (size_t i = piece * AT_ONCE; i < limn_size_min ((piece + 1) * AT_ONCE, cut->count); i++) {
    const size_t at = (size_t) cut->node[i];
    const uint8_t *rgb = w->level->rgb + 3 * at;
    const float cost = limn_color_mixture_cost (&cut->inside, rgb) - limn_color_mixture_cost (&cut->outside, rgb);
    cut->cost[i] = limn_max (-CLEAREST, limn_min (cost, CLEAREST)) + (cut->place ? cut->place[at] : 0.0f);
  }
}

static int32_t
units (float nats)
{
  return (int32_t) lrintf (nats * RESOLUTION);
}

static int32_t
border_cost (const LimnSelectLevel *level, size_t a, size_t b, float sharp)
{
  return units (BORDER * expf (-sharp * difference (level->rgb + 3 * a, level->rgb + 3 * b)));
}

/* Links node i to its neighbour in direction k at pixel to, or counts that one's label if it stays. */
static void
link_node (LimnCutLabels *cut, const LimnSelectLevel *level, size_t i, int k, size_t to, float sharp)
{
  const size_t at = (size_t) cut->node[i];

  if (cut->number[to] == 0) {
    const int32_t border = border_cost (level, at, to, sharp);
    cut->flow.terminal[i] += level->label[to] == LIMN_SELECT_INSIDE ? border : -border;
  } else if (k & 1) { /* each pair once */
    const int32_t border = border_cost (level, at, to, sharp);
    limn_max_flow_link (&cut->flow, (int32_t) i, cut->number[to] - 1, k, border, border);
  }
}

static void
make_graph (LimnCutLabels *cut, const LimnSelectLevel *level, float sharp)
{
  const size_t w = level->width, h = level->height;

  limn_max_flow_begin (&cut->flow, cut->count);
  for (size_t i = 0; i < cut->count; i++) {
    const size_t at = (size_t) cut->node[i], x = at % w, y = at / w;
    cut->flow.terminal[i] -= units (cut->cost[i]);
    if (x > 0)
      link_node (cut, level, i, 0, at - 1, sharp);
    if (x + 1 < w)
      link_node (cut, level, i, 1, at + 1, sharp);
    if (y > 0)
      link_node (cut, level, i, 2, at - w, sharp);
    if (y + 1 < h)
      link_node (cut, level, i, 3, at + w, sharp);
  }
}

LimnStatus
limn_cut_labels_run (LimnCutLabels *cut, LimnSelectLevel *level, LimnError *error)
{
  Weighing weighing = { cut, level };

  limn_max_flow_clear (&cut->flow);
  free (cut->cost);
  LIMN_TRY (limn_max_flow_new (&cut->flow, cut->count + 1, error));
  cut->cost = limn_alloc (cut->count + 1, 1, 1, sizeof *cut->cost);
  if (cut->cost == NULL)
    return limn_fail_memory (error, cut->count * sizeof *cut->cost);
  LIMN_TRY (limn_pool_try (cut->pool, (cut->count + AT_ONCE - 1) / AT_ONCE, weigh_colours, &weighing, error));
  make_graph (cut, level, sharpness (cut, level));
  LIMN_TRY (limn_max_flow_cut (&cut->flow, cut->pool, error));
  for (size_t i = 0; i < cut->count; i++)
    level->label[cut->node[i]] = cut->flow.tree[i] == LIMN_CUT_SOURCE ? LIMN_SELECT_INSIDE : LIMN_SELECT_OUTSIDE;
  return LIMN_OK;
}
