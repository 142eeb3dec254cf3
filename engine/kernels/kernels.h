/* The inner loops of the networks, compiled once per instruction set and chosen by the processor at run time. All arrays are f32,
 * row-major; vectors may be unaligned; the loops neither allocate nor start threads.
 * A packed matrix [k][n] is stored in panels of 2 * lanes columns, one after another, each [k][width], where width is 2 * lanes, or
 * lanes for a last panel that needs no more; columns past n are zeros (limn_panel_width, limn_pack).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_KERNELS_H
#define LIMN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  const char *name; /* "avx512", "avx2" or "plain" */
  size_t lanes;     /* floats in a vector: 16, 8 or 4 */

  /* out[m][columns] = a[m][k] . b (+ out where accumulate); rows lda and ldo floats apart. b: one packed panel [k][width];
   * 1 <= columns <= width. out may not alias a or b. */
  void (*gemm) (size_t m, size_t columns, size_t k, const float *a, size_t lda, const float *b, float *out, size_t ldo, bool accumulate);

  /* out[i][c] = f(in[i][c] * scale[c] + shift[c]), f = SiLU, x / (1 + exp (-x)), or the identity; scale and shift NULL: a copy.
   * Pixels are in_stride and out_stride floats apart. */
  void (*affine) (const float *in, size_t in_stride, size_t pixels, size_t channels, const float *scale, const float *shift, bool silu,
                  float *out, size_t out_stride);

  /* out[i][j] = sum[i][j] + bias[j] + residual_scale * residual[i][j] for columns j; rows of sum are sum_stride floats apart, those
   * of residual (NULL: none; may be out) and out stride. With relu6 there is no residual, and out lies between 0 and 6. */
  void (*finish) (const float *sum, size_t sum_stride, size_t pixels, size_t columns, const float *bias, const float *residual,
                  float residual_scale, bool relu6, float *out, size_t stride);

  /* A row of a depthwise convolution of size x size (3 or 5), stride 1 or 2, then ReLU6: for c < channels (at most width), out[i][c] =
   * bias[c] + the sum over ky and kx of in[ky * row_stride + (i * stride + kx) * width + c] * weight[ky][kx][c], between 0 and 6.
   * width: lanes or 2 * lanes, that of in's pixels and of weight [size][size][width] and bias. out's pixels are out_stride apart. */
  void (*depthwise) (const float *in, size_t row_stride, size_t pixels, size_t size, size_t stride, const float *weight, const float *bias,
                     size_t width, size_t channels, float *out, size_t out_stride);

  /* Over rows of pixels: mean[c], and square[c] = sum of (in[y][x][c] - mean[c])^2. Strides in floats. */
  void (*moments) (const float *in, size_t rows, size_t row_stride, size_t pixels, size_t pixel_stride, size_t channels, float *mean,
                   float *square);

  /* rows[i][0..n) becomes its softmax; rows are stride floats apart. */
  void (*softmax) (float *rows, size_t count, size_t n, size_t stride);

  /* Winograd F(4x4,3x3), Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", points 0, infinity, 1, -1, 2, -2.
   * The weights of width columns of a panel, packed[k][9][pitch] (binary16 if half, else f32), to the pairs of rows from 2 * first on
   * (pairs 1, or 3: all) of their 6 x 6 components, out[12 * pairs][k][width], components component_stride floats apart. width: lanes
   * or 2 * lanes. enlarged: the components in row or column 3 are left out. */
  void (*winograd_weights) (size_t first, size_t pairs, const void *packed, bool half, bool enlarged, size_t k, size_t pitch, size_t width,
                            float *out, size_t component_stride);
  /* One tile in[6][6][channels] to out[36][channels]; channels a multiple of lanes. */
  void (*winograd_in) (const float *in, size_t row_stride, size_t pixel_stride, size_t channels, float *out, size_t component_stride);

  /* Inverse transform of m[36][width] to rows x columns pixels (at most 4 x 4) of count channels (at most width, one panel):
   * out = result + bias + residual_scale * residual. residual has out's strides, may be NULL or out itself. bias: [count]. */
  void (*winograd_out) (const float *m, size_t component_stride, size_t count, size_t rows, size_t columns, const float *bias,
                        const float *residual, float residual_scale, float *out, size_t row_stride, size_t pixel_stride);
} LimnKernels;

/* The best set for this processor. */
const LimnKernels *limn_kernels_best (void);
/* All sets that this processor can run, best first; returns their number. */
size_t limn_kernels_all (const LimnKernels *kernels[3]);

/* Columns of the panel that starts at column first of n: 2 * lanes or lanes. */
size_t limn_panel_width (const LimnKernels *kernels, size_t n, size_t first);
/* Floats of a packed [k][n]. */
size_t limn_packed_size (const LimnKernels *kernels, size_t k, size_t n);
/* Packs b[i][j] at b[i * row_stride + j * column_stride] into packed. */
void limn_pack (const LimnKernels *kernels, const float *b, size_t k, size_t n, size_t row_stride, size_t column_stride, float *packed);

#endif
