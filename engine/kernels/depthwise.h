/* The middle of an inverted residual (Sandler et al. 2018, "MobileNetV2"): more channels by a 1x1 convolution, then a convolution of
 * each channel by itself, ReLU6 after both. What lies between the two is never whole in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DEPTHWISE_H
#define LIMN_DEPTHWISE_H

#include "engine/base/error.h"
#include "engine/base/pool.h"
#include "kernels.h"

typedef struct LimnDepthwise LimnDepthwise;

/* weight: [channels][size][size], size 3 or 5; bias: [channels]; stride 1 or 2.
 * expand: [channels][in] and expand_bias: [channels], the 1x1 convolution; both NULL: there is none, and in is channels.
 * All are only read here. */
typedef struct {
  size_t in, channels, size, stride;
  const float *expand, *expand_bias, *weight, *bias;
} LimnDepthwiseWeights;

LimnStatus limn_depthwise_new (LimnDepthwise **depthwise, const LimnKernels *kernels, const LimnDepthwiseWeights *weights, LimnError *error)
  LIMN_MUST_USE;
void limn_depthwise_free (LimnDepthwise *depthwise);
size_t limn_depthwise_channels (const LimnDepthwise *depthwise);
/* A side of what is made of a grid's: side / stride, rounded up. */
size_t limn_depthwise_made (const LimnDepthwise *depthwise, size_t side);

/* Scratch floats that each worker needs at that size. */
size_t limn_depthwise_scratch (const LimnDepthwise *depthwise, size_t width, size_t height);
/* Multiplications and additions of both convolutions, each counted. */
double limn_depthwise_flop (const LimnDepthwise *depthwise, size_t width, size_t height);

/* in: [height][width][in]; out: [made height][made width][channels], may not alias in. Zeros around what is between the two, as
 * TensorFlow's "same": as many as a whole number of steps needs, half of them, rounded down, before.
 * scratch: [threads of pool][stride], stride >= limn_depthwise_scratch. Same bytes for any number of threads.
 * With a pool, all that the arguments point to stays in place until limn_pool_wait_stragglers. */
void limn_depthwise_run (const LimnDepthwise *depthwise, size_t width, size_t height, const float *in, float *out, LimnPool *pool,
                         float *scratch, size_t stride);

#endif
