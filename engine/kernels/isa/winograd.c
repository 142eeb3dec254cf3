/* The transforms of Winograd F(4x4,3x3), one vector of channels at a time: rows first, then columns.
 *
 * Components are ordered by the points 0, infinity, 1, -1, 2, -2 (Lavin and Gray 2016 have infinity last), so that the two components of
 * a pair of points, which share most of their arithmetic, are adjacent. Between rows and columns the values go through memory: 36
 * vectors don't fit in the registers, and loops that aren't unrolled keep the compiler from trying.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

#include <string.h>
#if defined(__AVX512F__) || defined(__F16C__)
#  include <immintrin.h>
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
  bits = (bits & 0x7fffu) << 13; /* rebias the exponent, which is 112 too small */
  bits = (Bits) ((Vector) bits * 0x1p112f);
  return (Vector) (bits | sign);
#endif
}

/* Rows 2 * pair and 2 * pair + 1 of G g: g at the points +-pair, over the product of their distances from the others. */
static inline __attribute__ ((always_inline)) void
spread (const size_t pair, const Vector g[3], Vector u[2])
{
  const float scale = pair == 1 ? -1.0f / 6.0f : 1.0f / 24.0f, point = (float) pair;

  if (pair == 0) {
    u[0] = 0.25f * g[0];
    u[1] = g[2];
  } else {
    const Vector even = scale * g[0] + scale * point * point * g[2];

    u[0] = even + scale * point * g[1];
    u[1] = even - scale * point * g[1];
  }
}

static inline __attribute__ ((always_inline)) void
weights (const size_t first, const size_t pairs, const void *packed, const bool half, const bool enlarged, size_t k, size_t pitch,
         size_t width, float *out, size_t component_stride)
{
  for (size_t p = 0; p < k; p++)
    for (size_t column = 0; column < width; column += LANES) {
      const size_t from = p * 9 * pitch + column, at = p * width + column;
      Vector rows[6][3], g[3], u[2];

#pragma GCC unroll 3
      for (size_t x = 0; x < 3; x++) {
#pragma GCC unroll 3
        for (size_t y = 0; y < 3; y++) {
          const size_t i = from + (y * 3 + x) * pitch;
          g[y] = half ? load_half ((const uint16_t *) packed + i) : load ((const float *) packed + i);
        }
#pragma GCC unroll 3
        for (size_t i = 0; i < pairs; i++) {
          spread (first + i, g, u);
          rows[2 * i][x] = u[0];
          rows[2 * i + 1][x] = u[1];
        }
      }
#pragma GCC unroll 6
      for (size_t i = 0; i < 2 * pairs; i++) {
        if (enlarged && 2 * first + i == 3)
          continue;
#pragma GCC unroll 3
        for (size_t j = 0; j < 3; j++) {
          spread (j, rows[i], u);
          store (out + (i * 6 + 2 * j) * component_stride + at, u[0]);
          if (!enlarged || j != 1)
            store (out + (i * 6 + 2 * j + 1) * component_stride + at, u[1]);
        }
      }
    }
}

static inline __attribute__ ((always_inline)) void
weights_of_pairs (const size_t first, const size_t pairs, const void *packed, bool half, bool enlarged, size_t k, size_t pitch,
                  size_t width, float *out, size_t component_stride)
{
  if (half && enlarged)
    weights (first, pairs, packed, true, true, k, pitch, width, out, component_stride);
  else if (half)
    weights (first, pairs, packed, true, false, k, pitch, width, out, component_stride);
  else
    weights (first, pairs, packed, false, enlarged, k, pitch, width, out, component_stride);
}

void
LIMN_K (limn_winograd_weights) (size_t first, size_t pairs, const void *packed, bool half, bool enlarged, size_t k, size_t pitch,
                                size_t width, float *out, size_t component_stride)
{
  if (pairs == 3)
    weights_of_pairs (0, 3, packed, half, enlarged, k, pitch, width, out, component_stride);
  else if (first == 0)
    weights_of_pairs (0, 1, packed, half, enlarged, k, pitch, width, out, component_stride);
  else if (first == 1)
    weights_of_pairs (1, 1, packed, half, enlarged, k, pitch, width, out, component_stride);
  else
    weights_of_pairs (2, 1, packed, half, enlarged, k, pitch, width, out, component_stride);
}

/* B^T d */
static inline __attribute__ ((always_inline)) void
forward (const Vector d[6], Vector t[6])
{
  const Vector a = d[4] - 4.0f * d[2], b = d[3] - 4.0f * d[1], c = d[4] - d[2], e = 2.0f * (d[3] - d[1]);

  t[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
  t[1] = 4.0f * d[1] - 5.0f * d[3] + d[5];
  t[2] = a + b;
  t[3] = a - b;
  t[4] = c + e;
  t[5] = c - e;
}

/* A^T m */
static inline __attribute__ ((always_inline)) void
backward (const Vector m[6], Vector y[4])
{
  const Vector a = m[2] + m[3], b = m[2] - m[3], c = m[4] + m[5], d = m[4] - m[5];

  y[0] = m[0] + a + c;
  y[1] = b + 2.0f * d;
  y[2] = a + 4.0f * c;
  y[3] = b + 8.0f * d + m[1];
}

void
LIMN_K (limn_winograd_in) (const float *in, size_t row_stride, size_t pixel_stride, size_t channels, float *out, size_t component_stride)
{
  for (size_t c = 0; c < channels; c += LANES) {
    Vector half[6][6], d[6], t[6];

#pragma GCC unroll 1
    for (size_t i = 0; i < 6; i++) {
#pragma GCC unroll 6
      for (size_t j = 0; j < 6; j++)
        d[j] = load (in + i * row_stride + j * pixel_stride + c);
      forward (d, half[i]);
    }
#pragma GCC unroll 1
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

/* The inverse transform of one vector of channels, of which there are wanted. */
static inline __attribute__ ((always_inline)) void
tile_out (const float *m, size_t component_stride, const size_t there, const size_t rows, const size_t columns, const float *bias,
          const float *residual, float residual_scale, float *out, size_t row_stride, size_t pixel_stride)
{
  Vector half[4][6], d[6], y[4];

#pragma GCC unroll 1
  for (size_t j = 0; j < 6; j++) {
#pragma GCC unroll 6
    for (size_t i = 0; i < 6; i++)
      d[i] = load (m + (i * 6 + j) * component_stride);
    backward (d, y);
#pragma GCC unroll 4
    for (size_t i = 0; i < 4; i++)
      half[i][j] = y[i];
  }
#pragma GCC unroll 1
  for (size_t i = 0; i < rows; i++) {
    backward (half[i], y);
#pragma GCC unroll 4
    for (size_t j = 0; j < columns; j++) {
      const size_t at = i * row_stride + j * pixel_stride;

      if (there == LANES) {
        Vector v = y[j] + load (bias);
        if (residual)
          v += residual_scale * load (residual + at);
        store (out + at, v);
      } else
        for (size_t l = 0; l < there; l++)
          out[at + l] = y[j][l] + bias[l] + (residual ? residual_scale * residual[at + l] : 0.0f);
    }
  }
}

void
LIMN_K (limn_winograd_out) (const float *m, size_t component_stride, size_t count, size_t rows, size_t columns, const float *bias,
                            const float *residual, float residual_scale, float *out, size_t row_stride, size_t pixel_stride)
{
  for (size_t c = 0; c < count; c += LANES) {
    const float *add = residual ? residual + c : NULL;

    if (rows == 4 && columns == 4 && count - c >= LANES)
      tile_out (m + c, component_stride, LANES, 4, 4, bias + c, add, residual_scale, out + c, row_stride, pixel_stride);
    else
      tile_out (m + c, component_stride, count - c < LANES ? count - c : LANES, rows, columns, bias + c, add, residual_scale, out + c,
                row_stride, pixel_stride);
  }
}
