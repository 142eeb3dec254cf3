/* Depthwise convolution: one vector of channels at a time, several neighbouring outputs in registers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

enum {
  MOST_SIZE = 5,
  MANY = 8, /* outputs at once: sums enough to keep the adders busy, and few enough for 16 registers with a row of weights */
};

/* outputs neighbouring ones of a row. outputs, size and stride are constants where this is called, so that all loops but that over
 * rows disappear and sums and weights are registers. Pixels are width floats apart. */
static inline __attribute__ ((always_inline)) void
block (const size_t outputs, const size_t size, const size_t stride, const float *in, size_t row_stride, size_t width, const float *weight,
       const float *bias, float *out, size_t out_stride, size_t count)
{
  Vector sums[MANY], weights[MOST_SIZE];

#pragma GCC unroll 8
  for (size_t i = 0; i < outputs; i++)
    sums[i] = load (bias);
  for (size_t ky = 0; ky < size; ky++, in += row_stride, weight += size * width) {
#pragma GCC unroll 8
    for (size_t kx = 0; kx < size; kx++)
      weights[kx] = load (weight + kx * width);
#pragma GCC unroll 32
    for (size_t j = 0; j < (outputs - 1) * stride + size; j++) {
      const Vector v = load (in + j * width);

#pragma GCC unroll 8
      for (size_t kx = 0; kx < size; kx++)
        if (kx <= j && (j - kx) % stride == 0 && (j - kx) / stride < outputs)
          sums[(j - kx) / stride] += v * weights[kx];
    }
  }
#pragma GCC unroll 8
  for (size_t i = 0; i < outputs; i++)
    store_part (out + i * out_stride, count, relu6 (sums[i]));
}

static inline __attribute__ ((always_inline)) void
row (const size_t size, const size_t stride, const float *in, size_t row_stride, size_t pixels, size_t width, const float *weight,
     const float *bias, float *out, size_t out_stride, size_t count)
{
  size_t i = 0;

  for (; i + MANY <= pixels; i += MANY)
    block (MANY, size, stride, in + i * stride * width, row_stride, width, weight, bias, out + i * out_stride, out_stride, count);
  for (; i < pixels; i++)
    block (1, size, stride, in + i * stride * width, row_stride, width, weight, bias, out + i * out_stride, out_stride, count);
}

void
LIMN_K (limn_depthwise) (const float *in, size_t row_stride, size_t pixels, size_t size, size_t stride, const float *weight,
                         const float *bias, size_t width, size_t channels, float *out, size_t out_stride)
{
  for (size_t c = 0; c < channels; c += LANES) {
    const size_t count = channels - c;

    if (size == 3 && stride == 1)
      row (3, 1, in + c, row_stride, pixels, width, weight + c, bias + c, out + c, out_stride, count);
    else if (size == 3)
      row (3, 2, in + c, row_stride, pixels, width, weight + c, bias + c, out + c, out_stride, count);
    else if (stride == 1)
      row (5, 1, in + c, row_stride, pixels, width, weight + c, bias + c, out + c, out_stride, count);
    else
      row (5, 2, in + c, row_stride, pixels, width, weight + c, bias + c, out + c, out_stride, count);
  }
}
