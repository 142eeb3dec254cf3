/* Paint carried over what is not painted, as far as no line stops it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_EXTEND_PAINT_H
#define LIMN_EXTEND_PAINT_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Each pixel that is not painted takes the colour of the paint from which the way is shortest, a way across a line being long
 * (fast sweeping, Zhao 2005); borders between different paint are softened. out: [h][w][3], in: what it is where nothing is painted
 * at all, else overwritten; colour: [h][w][3]; alpha: [h][w][1], share that is painted; ink: [any][any][1] in [0, 1]. */
LimnStatus limn_extend_paint (LimnImage *out, const LimnImage *colour, const LimnImage *alpha, const LimnImage *ink, LimnPool *pool,
                              LimnError *error) LIMN_MUST_USE;

#endif
