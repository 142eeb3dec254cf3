/* The transforms of Winograd F(4x4,3x3), a vector of channels at a time: rows first, then columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

#include <string.h>

/* B^T d */
static inline __attribute__ ((always_inline)) void
forward (const Vector d[6], Vector t[6])
{
  const Vector a = d[4] - 4.0f * d[2], b = d[3] - 4.0f * d[1], c = d[4] - d[2], e = 2.0f * (d[3] - d[1]);

  t[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
  t[1] = a + b;
  t[2] = a - b;
  t[3] = c + e;
  t[4] = c - e;
  t[5] = 4.0f * d[1] - 5.0f * d[3] + d[5];
}

/* A^T m */
static inline __attribute__ ((always_inline)) void
backward (const Vector m[6], Vector y[4])
{
  const Vector a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4];

  y[0] = m[0] + a + c;
  y[1] = b + 2.0f * d;
  y[2] = a + 4.0f * c;
  y[3] = b + 8.0f * d + m[5];
}

void
LIMN_K (limn_winograd_in) (const float *in, size_t row_stride, size_t pixel_stride, size_t channels, float *out,
                           size_t component_stride)
{
  for (size_t c = 0; c < channels; c += LANES) {
    Vector half[6][6], d[6], t[6];

#pragma GCC unroll 6
    for (size_t i = 0; i < 6; i++) {
#pragma GCC unroll 6
      for (size_t j = 0; j < 6; j++)
        d[j] = load (in + i * row_stride + j * pixel_stride + c);
      forward (d, half[i]);
    }
#pragma GCC unroll 6
    for (size_t j = 0; j < 6; j++) {
#pragma GCC unroll 6
      for (size_t i = 0; i < 6; i++)
        d[i] = half[i][j];
      forward (d, t);
#pragma GCC unroll 6
      for (size_t i = 0; i < 6; i++)
        store (out + (i * 6 + j) * component_stride + c, t[i]);
    }
  }
}

void
LIMN_K (limn_winograd_out) (const float *m, size_t component_stride, size_t count, size_t rows, size_t columns, const float *bias,
                            const float *residual, float residual_scale, float *out, size_t row_stride, size_t pixel_stride)
{
  for (size_t c = 0; c < count; c += LANES) {
    const size_t there = count - c < LANES ? count - c : LANES;
    Vector half[4][6], d[6], y[4][4], add = { 0 };

#pragma GCC unroll 6
    for (size_t j = 0; j < 6; j++) {
      Vector column[4];
#pragma GCC unroll 6
      for (size_t i = 0; i < 6; i++)
        d[i] = load (m + (i * 6 + j) * component_stride + c);
      backward (d, column);
#pragma GCC unroll 4
      for (size_t i = 0; i < 4; i++)
        half[i][j] = column[i];
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < 4; i++)
      backward (half[i], y[i]);
    if (there == LANES) {
      add = load (bias + c);
      for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
          const size_t at = i * row_stride + j * pixel_stride + c;
          Vector v = y[i][j] + add;
          if (residual)
            v += residual_scale * load (residual + at);
          store (out + at, v);
        }
    } else {
      for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
          for (size_t l = 0; l < there; l++) {
            const size_t at = i * row_stride + j * pixel_stride + c + l;
            out[at] = y[i][j][l] + bias[c + l] + (residual ? residual_scale * residual[at] : 0.0f);
          }
    }
  }
}
