/* The background of a drawing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_BACKGROUND_MASK_H
#define LIMN_BACKGROUND_MASK_H

#include "engine/imaging/image.h"

/* Paints the background white: areas enclosed by lines that contain no paint, and in areas with paint that reach the picture's border,
 * pixels farther than reach from paint. Areas with paint that lines enclose are left alone.
 * colour: [h][w][3] and alpha: [h][w][1], share that is painted; both are changed. ink: [h][w][1] in [0, 1]; no data without lines. */
LimnStatus limn_paint_background (LimnImage *colour, LimnImage *alpha, const LimnImage *ink, float reach, LimnError *error) LIMN_MUST_USE;

#endif
