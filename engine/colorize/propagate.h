/* Edge-aware propagation of chroma.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PROPAGATE_H
#define LIMN_PROPAGATE_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Finds the chroma c that minimises
 *   sum_i trust_i (c_i - chroma_i)^2 + sum_ij w_ij (c_i - c_j)^2,   w_ij = exp (-(Y_i - Y_j)^2 / (0.6 v_ij))
 * over 8-neighbours, v_ij the mean of the two pixels' 3x3 luma variance: colorization by optimisation (Levin, Lischinski, Weiss
 * 2004; 0.6 keeps more to edges than the paper's 2), with a prior chroma whose weight is trust instead of hard scribbles only.
 * Solved by conjugate gradients from coarse to fine, in a fixed order.
 * luma: [h][w][1] in [-1, 1]; chroma: [h][w][c], more channels are spread alike; trust: [h][w][1] >= 0, not 0 everywhere; out:
 * allocated, [h][w][c]. */
LimnStatus limn_propagate (LimnImage *out, const LimnImage *luma, const LimnImage *chroma, const LimnImage *trust, LimnPool *pool,
                           LimnError *error) LIMN_MUST_USE;

#endif
