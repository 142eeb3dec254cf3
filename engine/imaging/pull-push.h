/* Smooth extension of known pixels over unknown ones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PULL_PUSH_H
#define LIMN_PULL_PUSH_H

#include "image.h"

/* Pull-push (Gortler et al. 1996): a pyramid of weighted averages, then each level's gaps filled from the next coarser one; the same
 * arithmetic as in training. x: [h][w][c]; m: [h][w][1] in [0, 1], how well a pixel is known. out: allocated, x's size. */
LimnStatus limn_pull_push (LimnImage *out, const LimnImage *x, const LimnImage *m, LimnError *error) LIMN_MUST_USE;

#endif
