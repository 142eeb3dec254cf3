/* Downscales the caller's pixels to a float image without a full-size float copy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_AREA_AVERAGE_H
#define LIMN_AREA_AVERAGE_H

#include "engine/base/pool.h"
#include "image.h"

/* Averages pixels over areas to width x height (each at most the picture's). out: allocated, [height][width][4]: RGB in [-1, 1],
 * weighted by alpha, and the mean weight in [0, 1]. binary: alpha above one half weighs 1, else 0. The colour is 0 where the weight is. */
LimnStatus limn_area_average (LimnImage *out, const LimnPixels *pixels, size_t width, size_t height, bool binary, LimnPool *pool,
                              LimnError *error) LIMN_MUST_USE;
/* Rows [y, y + rows) of the same. */
LimnStatus limn_area_average_rows (LimnImage *out, size_t y, size_t rows, const LimnPixels *pixels, size_t width, size_t height,
                                   bool binary, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
