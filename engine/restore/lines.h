/* Long lines: creases and scratches that run on over whatever the photo shows, with their gaps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DAMAGE_LINES_H
#define LIMN_DAMAGE_LINES_H

#include "ridge.h"
#include "surroundings.h"

/* course: [h][w][1], how much the best line through a pixel stands out, in pieces of three pixels that do so fully; 0: there is none.
 * direction: [h * w], of that line. on: [h * w], 1 on a line's middle, else 0. All owned. */
typedef struct {
  LimnImage course;
  uint8_t *direction, *on;
} LimnLines;

/* luma: [h][w][1] in [0, 1]; around: of it; sign: 1 for lines that are lighter than both their sides, -1 for darker ones.
 * A line is a chain of pieces, each three pixels on and at most one aside. A piece counts from a loss to a gain of 1, by how far it stands
 * out of what is usual around; the best chain through each place is found by dynamic programming, forwards and backwards, and begins anew
 * where its sum would be negative, as Smith and Waterman (1981) align sequences. So a line goes on over gaps that are short beside it. */
LimnStatus limn_lines_new (LimnLines *lines, const LimnImage *luma, const LimnSurroundings *around, float sign, LimnPool *pool,
                           LimnError *error) LIMN_MUST_USE;
void limn_lines_clear (LimnLines *lines); /* may be called twice */

#endif
