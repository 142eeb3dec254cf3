/* A large picture as a small float one, without a float copy of the large one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_AREA_AVERAGE_H
#define LIMN_AREA_AVERAGE_H

#include "engine/base/pool.h"
#include "image.h"

/* Area average of all of pixels to width x height (each at most the picture's). out: allocated, [height][width][4]: RGB in [-1, 1]
 * averaged over what counts, and the share in [0, 1] that counts. What counts: every pixel by its alpha, or with binary only those
 * whose alpha is over one half. Where nothing counts the colour is 0. */
LimnStatus limn_area_average (LimnImage *out, const LimnPixels *pixels, size_t width, size_t height, bool binary, LimnPool *pool,
                              LimnError *error) LIMN_MUST_USE;
/* Rows [y, y + rows) of it. */
LimnStatus limn_area_average_rows (LimnImage *out, size_t y, size_t rows, const LimnPixels *pixels, size_t width, size_t height,
                                   bool binary, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
