/* Halves or doubles a grid's width and height, with a norm applied on the way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_GRID_H
#define LIMN_GRID_H

#include "engine/base/pool.h"
#include "kernels.h"

/* in: [height][width][channels]; scale, shift, silu: as LimnKernels.affine.
 * half: out is [height / 2][width / 2], the mean of four; else it is [2 height][2 width], each pixel four times.
 * scratch: [threads][stride], stride >= 2 * width * channels. out may not alias in. */
void limn_grid_resize (const LimnKernels *kernels, const float *in, size_t width, size_t height, size_t channels, const float *scale,
                       const float *shift, bool silu, bool half, float *out, float *scratch, size_t stride, LimnPool *pool);

#endif
