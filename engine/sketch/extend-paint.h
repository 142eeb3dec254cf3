/* Extends paint over unpainted areas, up to the lines.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_EXTEND_PAINT_H
#define LIMN_EXTEND_PAINT_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Each unpainted pixel takes the colour of the paint with the shortest path to it, steps across lines being expensive (fast sweeping,
 * Zhao 2005); borders between different paints are smoothed. out: [h][w][3], in: the result if nothing is painted at all, else
 * overwritten; colour: [h][w][3]; alpha: [h][w][1], share that is painted; ink: [any][any][1] in [0, 1]. */
LimnStatus limn_extend_paint (LimnImage *out, const LimnImage *colour, const LimnImage *alpha, const LimnImage *ink, LimnPool *pool,
                              LimnError *error) LIMN_MUST_USE;

#endif
