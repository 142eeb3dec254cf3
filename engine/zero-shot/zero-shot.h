/* The known part of a picture, and how a sample is projected back to it (Song et al. 2023, algorithm 4, step 3).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ZERO_SHOT_H
#define LIMN_ZERO_SHOT_H

#include "engine/imaging/image.h"

/* The paper's transforms A are orthogonal and a part of A y is known, so the step has closed forms:
 *   FILL      x = y where known is 1;
 *   COLORIZE  x += w (w.y - w.x) / |w|^2 in each pixel, w = (0.2989, 0.5870, 0.1140);
 *   UPSCALE   x += mean (y) - mean (x) in each patch of side x side pixels;
 *   in the other tasks nothing is known. */
typedef struct {
  LimnZeroShotTask task;
  LimnImage y;     /* [h][w][3] in [-1, 1] */
  LimnImage known; /* FILL: [h][w][1], 0 or 1 */
  size_t side;     /* UPSCALE: divides h and w */
} LimnKnowledge;

void limn_knowledge_clear (LimnKnowledge *knowledge);

/* Replaces the known part of x (of y's size, changed in place) by y's. */
void limn_knowledge_impose (const LimnKnowledge *knowledge, LimnImage *x);

/* Falling noise levels for steps evaluations: the first steps of steps + 1 levels from first to last, evenly spaced in their 7th root
 * (at last itself f (x, last) = x, which needs no evaluation). levels: [steps] out. */
void limn_noise_levels (double *levels, int steps, double first, double last);

#endif
