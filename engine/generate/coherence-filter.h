/* Detail that follows edges.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_COHERENCE_FILTER_H
#define LIMN_COHERENCE_FILTER_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* What large has more than low's bicubic enlargement is smoothed along the edges that low shows (structure tensor of its luma;
 * line integrals as Weickert 1999's coherence enhancement, in one step) and multiplied by gain: edges lose the jags that imagined
 * detail gives them, and stay as crisp across; where there is no edge the detail stays as it is.
 * large: [4 h][4 w][3], which is never whole; low: [h][w][3], both in [-1, 1]; low must stay as it is until limn_coherence_filter_clear. */
typedef struct {
  const LimnImage *low;
  float gain;
  LimnImage tensor; /* low's structure tensor, smooth: [h][w][3] */
} LimnCoherenceFilter;

enum { LIMN_COHERENCE_REACH = 8 }; /* rows of large that are looked at above and below */

LimnStatus
limn_coherence_filter_new (LimnCoherenceFilter *filter, const LimnImage *low, float gain, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_coherence_filter_clear (LimnCoherenceFilter *filter);
/* out: allocated: rows [y, y + rows) of the result. large has the rows from large_y on, LIMN_COHERENCE_REACH more than these on either side
 * where there are as many. */
LimnStatus limn_coherence_filter_rows (const LimnCoherenceFilter *filter, LimnImage *out, size_t y, size_t rows, const LimnImage *large,
                                       size_t large_y, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
