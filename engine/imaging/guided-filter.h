/* The guided filter (He, Sun, Tang 2010): locally, the output is a linear function of a guide, so its edges are the guide's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_GUIDED_FILTER_H
#define LIMN_GUIDED_FILTER_H

#include "engine/base/pool.h"
#include "image.h"

/* Coefficients of input ~ a * guide + b in windows of (2 radius + 1)^2, averaged over the windows that contain a pixel. They are smooth,
 * so they may be upsampled and applied to a larger guide (the fast guided filter). guide: [h][w][1]; input: [h][w][c]; epsilon: variance
 * of the guide (in its own units squared) below which a window is treated as flat.
 * coefficients: allocated, [h][w][2 c]: a of channel 0, b of channel 0, a of channel 1, ... */
LimnStatus limn_guided_coefficients (LimnImage *coefficients, const LimnImage *guide, const LimnImage *input, size_t radius, float epsilon,
                                     LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Edge-preserving smoothing of an RGB picture guided by its own luma; image: [h][w][3], changed in place. */
LimnStatus limn_guided_smooth (LimnImage *image, size_t radius, float epsilon, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
