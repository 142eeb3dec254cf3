/* The transforms of Winograd F(4x4,3x3), a vector of channels at a time: rows first, then columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

#include <string.h>
#if defined(__AVX512F__) || defined(__F16C__)
#include <immintrin.h>
#endif

/* LANES half-precision floats (IEEE binary16, finite). */
static inline __attribute__ ((always_inline)) Vector
load_half (const uint16_t *p)
{
#if defined(__AVX512F__)
  return (Vector) _mm512_cvtph_ps (_mm256_loadu_si256 ((const __m256i *) p));
#elif defined(__F16C__)
  return (Vector) _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *) p));
#else
  typedef uint32_t Bits __attribute__ ((vector_size (4 * LIMN_LANES)));
  Bits bits, sign;

  for (int l = 0; l < LANES; l++)
    bits[l] = p[l];
  sign = (bits & 0x8000u) << 16;
  bits = (bits & 0x7fffu) << 13; /* the exponent is 112 too small, as those of binary16 begin later */
  bits = (Bits) ((Vector) bits * 0x1p112f);
  return (Vector) (bits | sign);
#endif
}

/* G g */
static inline __attribute__ ((always_inline)) void
spread (const Vector g[3], Vector u[6])
{
  const Vector sum = g[0] + g[2], far = g[0] + 4.0f * g[2];

  u[0] = g[0] * 0.25f;
  u[1] = (sum + g[1]) * (-1.0f / 6.0f);
  u[2] = (sum - g[1]) * (-1.0f / 6.0f);
  u[3] = (far + 2.0f * g[1]) * (1.0f / 24.0f);
  u[4] = (far - 2.0f * g[1]) * (1.0f / 24.0f);
  u[5] = g[2];
}

static inline __attribute__ ((always_inline)) void
weights (const void *packed, const bool half, const bool enlarged, size_t k, size_t width, float *out, size_t component_stride)
{
  for (size_t at = 0; at < k * width; at += LANES) {
    const size_t from = at / width * 9 * width + at % width;
    Vector halves[6][3], u[6];

#pragma GCC unroll 3
    for (size_t x = 0; x < 3; x++) {
      Vector g[3];
#pragma GCC unroll 3
      for (size_t y = 0; y < 3; y++)
        g[y] = half ? load_half ((const uint16_t *) packed + from + (y * 3 + x) * width) : load ((const float *) packed + from + (y * 3 + x) * width);
      spread (g, u);
#pragma GCC unroll 6
      for (size_t i = 0; i < 6; i++)
        halves[i][x] = u[i];
    }
#pragma GCC unroll 6
    for (size_t i = 0; i < 6; i++) {
      if (enlarged && i == 2)
        continue;
      spread (halves[i], u);
#pragma GCC unroll 6
      for (size_t j = 0; j < 6; j++)
        if (!enlarged || j != 2)
          store (out + (i * 6 + j) * component_stride + at, u[j]);
    }
  }
}

void
LIMN_K (limn_winograd_weights) (const void *packed, bool half, bool enlarged, size_t k, size_t width, float *out,
                                size_t component_stride)
{
  if (half && enlarged)
    weights (packed, true, true, k, width, out, component_stride);
  else if (half)
    weights (packed, true, false, k, width, out, component_stride);
  else
    weights (packed, false, enlarged, k, width, out, component_stride);
}

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
