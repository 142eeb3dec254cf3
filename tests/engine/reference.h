/* The networks' operations as their definitions say, in double precision and without haste: what the fast ones are tested by.
 * All grids are [height][width][channels], f32.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_REFERENCE_H
#define LIMN_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

/* weight: [out][in][size][size], padded by size / 2 with zeros; bias NULL: none. result: ((height - 1) / stride + 1) rows. */
void limn_ref_conv (const float *grid, size_t width, size_t height, size_t in, size_t out, size_t size, size_t stride, const float *weight,
                    const float *bias, float *result);
/* Group norm, then x * (1 + time[c]) + time[channels + c] (time NULL: left out), then SiLU if silu. */
void limn_ref_norm (const float *grid, size_t pixels, size_t channels, size_t groups, float eps, const float *weight, const float *bias,
                    const float *time, bool silu, float *result);
/* qkv: [pixels][3][channels], plain queries: softmax (q k^T / sqrt (channels / heads)) v. */
void limn_ref_attention (const float *qkv, size_t pixels, size_t channels, size_t heads, float *result);

#endif
