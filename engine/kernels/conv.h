/* 3x3 and 1x1 convolutions on channels-last grids, with packed weights. The operations before one (norm, SiLU, enlarging, concatenation
 * of two tensors) and after it (bias, residual) are fused into it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CONV_H
#define LIMN_CONV_H

#include "engine/base/error.h"
#include "engine/base/pool.h"
#include "kernels.h"

typedef struct LimnConv LimnConv;

typedef enum {
  LIMN_CONV_1X1,
  LIMN_CONV_3X3,          /* padded by 1, plain arithmetic */
  LIMN_CONV_3X3_HALF,     /* stride 2, padded by 1: out = (in + 1) / 2 each way */
  LIMN_CONV_3X3_HALF_END, /* the same as TensorFlow pads it ("same"): of an even side by 1 at the end alone */
  LIMN_CONV_WINOGRAD,     /* 3x3 padded by 1, by F(4x4,3x3): a quarter of the multiplications, relative error near 1e-5 */
} LimnConvKind;

/* Packs weight [out][in][3][3] (1x1: [out][in]) and bias [out] (NULL: none), each times scale. They may be freed afterwards. */
LimnStatus limn_conv_new (LimnConv **conv, const LimnKernels *kernels, LimnConvKind kind, size_t in, size_t out, const float *weight,
                          const float *bias, float scale, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_conv_free (LimnConv *conv);
LimnConvKind limn_conv_kind (const LimnConv *conv);
size_t limn_conv_in (const LimnConv *conv);
size_t limn_conv_out (const LimnConv *conv);

/* in: one or two grids [height][width][channels[i]], concatenated; channels add up to the weights'.
 * enlarge: the grids are [height / 2][width / 2] and are enlarged to height x width (even) by repeating pixels.
 * scale, shift: [channels] or NULL (then no silu either), silu: as LimnKernels.affine, applied before padding.
 * bias: [out], instead of that of limn_conv_new; NULL = that one.
 * residual: like out, NULL = none, may be out itself: residual_scale * residual is added.
 * relu6: clamps out to [0, 6]; not with a residual, and not for LIMN_CONV_WINOGRAD.
 * out: [height][width][out] (stride 2: half); may not alias in.
 * moments: NULL, or receives [2][out]: each channel's mean and variance; parts: scratch of limn_conv_parts floats for them. */
typedef struct {
  size_t width, height;
  const float *in[2];
  size_t channels[2];
  bool enlarge, silu, relu6;
  const float *scale, *shift, *bias, *residual;
  float residual_scale;
  float *out, *moments, *parts;
} LimnConvArguments;

/* Scratch floats that each worker needs for that size. */
size_t limn_conv_scratch (const LimnConv *conv, size_t width, size_t height);
/* Floats of parts for that size. */
size_t limn_conv_parts (const LimnConv *conv, size_t width, size_t height);
/* Multiplications plus additions of the plain convolution. */
double limn_conv_flop (const LimnConv *conv, size_t width, size_t height);
/* scratch: [threads of pool][stride], stride >= limn_conv_scratch. The result does not depend on the number of threads.
 * With a pool, all that the arguments point to must stay valid until limn_pool_wait_stragglers. */
void limn_conv_run (const LimnConv *conv, const LimnConvArguments *arguments, LimnPool *pool, float *scratch, size_t stride);

#endif
