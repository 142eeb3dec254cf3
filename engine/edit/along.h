/* Detail that follows edges.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ALONG_H
#define LIMN_ALONG_H

#include "image.h"
#include "pool.h"

/* What large has more than low's bicubic enlargement is smoothed along the edges that low shows (structure tensor of its luma;
 * line integrals as Weickert 1999's coherence enhancement, in one step) and multiplied by gain: edges lose the jags that imagined
 * detail gives them, and stay as crisp across; where there is no edge the detail stays as it is.
 * large: [4 h][4 w][3], changed in place; low: [h][w][3], both in [-1, 1]. */
LimnStatus limn_along_edges (LimnImage *large, const LimnImage *low, float gain, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
