/* Minimum cut of a graph whose nodes have up to four neighbours.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_MAX_FLOW_H
#define LIMN_MAX_FLOW_H

#include "engine/base/error.h"
#include "engine/base/pool.h"

/* Nodes are numbered from 0; memory for most nodes is kept between cuts. */
typedef struct {
  int32_t most, count;
  int32_t *neighbour; /* [most][4]: a node, or -1; b is a's neighbour k where a is b's neighbour k ^ 1 */
  int32_t *capacity;  /* [most][4]: residual capacity to that neighbour */
  int32_t *terminal;  /* [most]: residual capacity from the source (> 0) or to the sink (< 0) */
  uint8_t *tree;      /* [most]: after a cut: LIMN_CUT_... */
  int8_t *parent;
  int32_t *stamp, *distance, *queue;
  bool *queued;
} LimnMaxFlow;

enum { LIMN_CUT_FREE, LIMN_CUT_SOURCE, LIMN_CUT_SINK };

LimnStatus limn_max_flow_new (LimnMaxFlow *flow, size_t most, LimnError *error) LIMN_MUST_USE;
void limn_max_flow_clear (LimnMaxFlow *flow);

/* Starts a graph of count nodes without links. */
void limn_max_flow_begin (LimnMaxFlow *flow, size_t count);
/* Links a to b, its neighbour in direction k (0 and 1, 2 and 3 are opposite), with capacities from a to b and back. */
static inline void
limn_max_flow_link (LimnMaxFlow *flow, int32_t a, int32_t b, int k, int32_t there, int32_t back)
{
  flow->neighbour[4 * a + k] = b;
  flow->neighbour[4 * b + (k ^ 1)] = a;
  flow->capacity[4 * a + k] = there;
  flow->capacity[4 * b + (k ^ 1)] = back;
}
/* Finds a minimum cut by augmenting paths in two search trees that are reused (Boykov, Kolmogorov 2004). Afterwards tree is
 * LIMN_CUT_SINK on the sink's side. pool: NULL, or polled for cancelling. */
LimnStatus limn_max_flow_cut (LimnMaxFlow *flow, const LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
