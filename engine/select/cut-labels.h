/* Labels of a level by a minimum cut. Internal to select/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CUT_LABELS_H
#define LIMN_CUT_LABELS_H

#include "color-mixture.h"
#include "engine/imaging/max-flow.h"
#include "select-level.h"

/* What a cut weighs, and the pixels of a level that it may change. */
typedef struct {
  LimnColorMixture inside, outside;
  const float *place; /* NULL, or [height][width] of the level: added to the cost of being inside */
  int32_t *node;      /* [room]: pixel of each node */
  size_t count, room;
  int32_t *number; /* [height][width] of the level: 1 + node of a pixel, 0 elsewhere; only pages near nodes are ever touched */
  float *cost;     /* of each node: inside, less outside */
  LimnMaxFlow flow;
  LimnPool *pool;
} LimnCutLabels;

/* Begins a cut of a level of that many pixels, without any that may change; colours and pool stay. */
LimnStatus limn_cut_labels_begin (LimnCutLabels *cut, size_t pixels, LimnError *error) LIMN_MUST_USE;
/* Adds a pixel that may change, once. */
LimnStatus limn_cut_labels_add (LimnCutLabels *cut, size_t pixel, LimnError *error) LIMN_MUST_USE;
void limn_cut_labels_clear (LimnCutLabels *cut);

/* Labels the pixels that were added anew, at the least sum of their colours' costs and of a border that keeps to edges (Boykov, Jolly
 * 2001); all others keep theirs. */
LimnStatus limn_cut_labels_run (LimnCutLabels *cut, LimnSelectLevel *level, LimnError *error) LIMN_MUST_USE;

#endif
