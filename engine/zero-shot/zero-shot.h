/* What zero-shot editing knows of a picture, and how a sample is brought back to it (Song et al. 2023, algorithm 4, step 3).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ZERO_SHOT_H
#define LIMN_ZERO_SHOT_H

#include "engine/imaging/image.h"

/* The transforms A of the paper are orthogonal and know a part of A y, so the step has closed forms:
 *   FILL      x = y where known is 1;
 *   COLORIZE  x += w (w.y - w.x) / |w|^2 in each pixel, w = (0.2989, 0.5870, 0.1140);
 *   UPSCALE   x += mean (y) - mean (x) in each patch of side x side pixels;
 *   the other tasks know nothing. */
typedef struct {
  LimnZeroShotTask task;
  LimnImage y;     /* [h][w][3] in [-1, 1] */
  LimnImage known; /* FILL: [h][w][1], 0 or 1 */
  size_t side;     /* UPSCALE: divides h and w */
} LimnKnowledge;

void limn_knowledge_clear (LimnKnowledge *knowledge);

/* x (of y's size, changed in place): its known part replaced by y's. */
void limn_knowledge_impose (const LimnKnowledge *knowledge, LimnImage *x);

/* The noise levels of steps evaluations, falling: the first steps of steps + 1 levels between first and last that are evenly spaced in
 * their 7th root (last itself, where f (x, last) = x, needs no evaluation). levels: [steps] out. */
void limn_noise_levels (double *levels, int steps, double first, double last);

#endif
