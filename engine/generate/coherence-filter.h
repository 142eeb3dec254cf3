/* Coherence filter: smooths generated detail along edges.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_COHERENCE_FILTER_H
#define LIMN_COHERENCE_FILTER_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Takes the difference between large and low's bicubic enlargement, smooths it along the edges of low (structure tensor of its luma; one
 * step of line integrals as in Weickert 1999's coherence-enhancing diffusion), and scales it by gain. Edges lose the jaggedness of
 * generated detail and stay as sharp across; where there is no edge, detail is kept.
 * large: [4 h][4 w][3], passed in rows; low: [h][w][3], both in [-1, 1]; low must stay valid until limn_coherence_filter_clear. */
typedef struct {
  const LimnImage *low;
  float gain;
  LimnImage tensor; /* low's structure tensor, blurred: [h][w][3] */
} LimnCoherenceFilter;

enum { LIMN_COHERENCE_REACH = 8 }; /* rows of large that are needed above and below */

LimnStatus
limn_coherence_filter_new (LimnCoherenceFilter *filter, const LimnImage *low, float gain, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_coherence_filter_clear (LimnCoherenceFilter *filter);
/* out: allocated: rows [y, y + rows) of the result. large holds rows from large_y on, LIMN_COHERENCE_REACH more than these on either
 * side as far as the picture goes. */
LimnStatus limn_coherence_filter_rows (const LimnCoherenceFilter *filter, LimnImage *out, size_t y, size_t rows, const LimnImage *large,
                                       size_t large_y, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
