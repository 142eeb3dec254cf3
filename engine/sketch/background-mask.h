/* Where a drawing is left blank.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_BACKGROUND_MASK_H
#define LIMN_BACKGROUND_MASK_H

#include "engine/imaging/image.h"

/* Makes white paint of what is to stay paper: an area between lines that holds no paint, and, where an area with paint reaches the
 * picture's border, all that is farther than reach pixels from paint. Areas that lines close around paint are left to the paint.
 * colour: [h][w][3] and alpha: [h][w][1], the share that is painted; both are changed. ink: [h][w][1] in [0, 1]; no data without
 * lines. */
LimnStatus limn_paint_background (LimnImage *colour, LimnImage *alpha, const LimnImage *ink, float reach, LimnError *error) LIMN_MUST_USE;

#endif
