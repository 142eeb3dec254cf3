/* Softmax attention over the pixels of a grid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ATTENTION_H
#define LIMN_ATTENTION_H

#include "engine/base/pool.h"
#include "kernels.h"

/* Floats of the packed keys and values, shared by all workers, and of each worker's scratch. */
size_t limn_attention_packed (const LimnKernels *kernels, size_t pixels, size_t channels, size_t heads);
size_t limn_attention_scratch (size_t pixels);

/* out: [pixels][channels] = softmax (q k^T) v per head. qkv: [pixels][3][channels], queries already divided by the square root of
 * channels / heads; may not alias out. packed, scratch ([threads][stride]): of the sizes above.
 * With a pool, all of them must stay valid until limn_pool_wait_stragglers. */
void limn_attention (const LimnKernels *kernels, const float *qkv, size_t pixels, size_t channels, size_t heads, float *packed,
                     float *scratch, size_t stride, float *out, LimnPool *pool);

#endif
