/* Norm and SiLU, moments, softmax: one vector of channels at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

#include <string.h>

/* The first count lanes, and fill in the others; all lanes if count >= LANES. */
static inline __attribute__ ((always_inline)) Vector
load_part (const float *p, size_t count, Vector fill)
{
  if (count >= LANES)
    return load (p);
  memcpy (&fill, p, count * sizeof *p);
  return fill;
}

/* 2^t for -125 <= t <= 125: 2^n 2^f with integer n, the second factor by a minimax polynomial of degree 5 on [-1/2, 1/2] with relative
 * error 8e-8 (by Lawson's iteration), 2e-7 with rounding. */
static inline __attribute__ ((always_inline)) Vector
power_of_2 (Vector t)
{
#if defined(__AVX512F__)
  const Vector n = _mm512_roundscale_ps (t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC), f = t - n;
#else
  const Vector within = larger (t, all_lanes (-125.0f));
  const Vector rounded = within + 12582912.0f; /* 1.5 * 2^23: adding it rounds to an integer, which is then in the low bits */
  const Vector f = within - (rounded - 12582912.0f);
#endif
  Vector p = 1.3276472e-3f * f + 9.6755410e-3f;

  p = p * f + 5.5507131e-2f;
  p = p * f + 2.4022120e-1f;
  p = p * f + 6.9314694e-1f;
  p = p * f + 1.0000001f;
#if defined(__AVX512F__)
  return _mm512_scalef_ps (p, n);
#else
  return p * (Vector) (((Whole) rounded << 23) + 0x3f800000);
#endif
}

/* x / (1 + exp (-x)). */
static inline __attribute__ ((always_inline)) Vector
silu (Vector x)
{
  const Vector d = 1.0f + power_of_2 (smaller (x * -1.44269504f, all_lanes (125.0f)));
#if defined(__AVX512F__) /* division is slow: a 14-bit estimate and one Newton step */
  const Vector r = _mm512_rcp14_ps (d);

  return x * (r * (2.0f - d * r));
#else
  return x / d;
#endif
}

static void
silu_row (const float *from, size_t channels, const float *scale, const float *shift, float *to)
{
  const size_t even = channels / LANES * LANES, rest = channels - even;

  for (size_t c = 0; c < even; c += LANES)
    store (to + c, silu (load (from + c) * load (scale + c) + load (shift + c)));
  if (rest > 0)
    store_part (to + even, rest,
                silu (load_part (from + even, rest, (Vector){ 0 }) * load_part (scale + even, rest, (Vector){ 0 }) +
                      load_part (shift + even, rest, (Vector){ 0 })));
}

void
LIMN_K (limn_affine) (const float *in, size_t in_stride, size_t pixels, size_t channels, const float *restrict scale,
                      const float *restrict shift, bool silu, float *out, size_t out_stride)
{
  for (size_t i = 0; i < pixels; i++, in += in_stride, out += out_stride) {
    const float *restrict from = in;
    float *restrict to = out;

    if (!scale)
      memcpy (to, from, channels * sizeof *to);
    else if (!silu)
      for (size_t c = 0; c < channels; c++)
        to[c] = from[c] * scale[c] + shift[c];
    else
      silu_row (from, channels, scale, shift, to);
  }
}

static void
relu6_row (const float *sum, const float *bias, size_t columns, float *out)
{
  const size_t even = columns / LANES * LANES, rest = columns - even;

  for (size_t j = 0; j < even; j += LANES)
    store (out + j, relu6 (load (sum + j) + load (bias + j)));
  if (rest > 0)
    store_part (out + even, rest, relu6 (load_part (sum + even, rest, (Vector){ 0 }) + load_part (bias + even, rest, (Vector){ 0 })));
}

void
LIMN_K (limn_finish) (const float *restrict sum, size_t sum_stride, size_t pixels, size_t columns, const float *restrict bias,
                      const float *residual, float residual_scale, bool clamp, float *out, size_t stride)
{
  for (size_t i = 0; i < pixels; i++, sum += sum_stride, out += stride) {
    if (clamp)
      relu6_row (sum, bias, columns, out);
    else if (!residual)
      for (size_t j = 0; j < columns; j++)
        out[j] = sum[j] + bias[j];
    else
      for (size_t j = 0; j < columns; j++)
        out[j] = sum[j] + bias[j] + residual_scale * residual[i * stride + j];
  }
}

enum { PHASES = 4 }; /* pixels of a row that are added in parallel: enough independent sums to keep the adders busy */

typedef struct {
  size_t rows, row_stride, pixels, pixel_stride;
} Area;

/* Adds to sums each pixel's value, or (squared) its squared distance from middle. */
static inline __attribute__ ((always_inline)) void
add_row (const size_t vectors, const bool squared, const float *in, const Area *area, const Vector *middle, Vector sums[2][PHASES])
{
  size_t i = 0;

  for (; i + PHASES <= area->pixels; i += PHASES)
#pragma GCC unroll 4
    for (size_t p = 0; p < PHASES; p++)
#pragma GCC unroll 2
      for (size_t v = 0; v < vectors; v++) {
        const Vector d = load (in + (i + p) * area->pixel_stride + v * LANES) - middle[v];
        sums[v][p] += squared ? d * d : d;
      }
  for (; i < area->pixels; i++)
#pragma GCC unroll 2
    for (size_t v = 0; v < vectors; v++) {
      const Vector d = load (in + i * area->pixel_stride + v * LANES) - middle[v];
      sums[v][0] += squared ? d * d : d;
    }
}

/* The moments of one or two vectors of channels. */
static inline __attribute__ ((always_inline)) void
moments_of (const size_t vectors, const float *in, const Area *area, float *mean, float *square)
{
  Vector sums[2][PHASES] = { { { 0 } } }, apart[2][PHASES] = { { { 0 } } }, middle[2] = { { 0 } };

  for (size_t y = 0; y < area->rows; y++)
    add_row (vectors, false, in + y * area->row_stride, area, middle, sums);
#pragma GCC unroll 2
  for (size_t v = 0; v < vectors; v++)
    middle[v] = ((sums[v][0] + sums[v][1]) + (sums[v][2] + sums[v][3])) * (1.0f / (float) (area->rows * area->pixels));
  for (size_t y = 0; y < area->rows; y++)
    add_row (vectors, true, in + y * area->row_stride, area, middle, apart);
#pragma GCC unroll 2
  for (size_t v = 0; v < vectors; v++) {
    store (mean + v * LANES, middle[v]);
    store (square + v * LANES, (apart[v][0] + apart[v][1]) + (apart[v][2] + apart[v][3]));
  }
}

void
LIMN_K (limn_moments) (const float *in, size_t rows, size_t row_stride, size_t pixels, size_t pixel_stride, size_t channels, float *mean,
                       float *square)
{
  const Area area = { rows, row_stride, pixels, pixel_stride };
  size_t c = 0;

  for (; c + 2 * LANES <= channels; c += 2 * LANES)
    moments_of (2, in + c, &area, mean + c, square + c);
  for (; c + LANES <= channels; c += LANES)
    moments_of (1, in + c, &area, mean + c, square + c);
  for (; c < channels; c++) {
    mean[c] = square[c] = 0.0f;
    for (size_t i = 0; i < rows * pixels; i++)
      mean[c] += in[i / pixels * row_stride + i % pixels * pixel_stride + c] / (float) (rows * pixels);
    for (size_t i = 0; i < rows * pixels; i++) {
      const float d = in[i / pixels * row_stride + i % pixels * pixel_stride + c] - mean[c];
      square[c] += d * d;
    }
  }
}

void
LIMN_K (limn_softmax) (float *rows, size_t count, size_t n, size_t stride)
{
  for (size_t r = 0; r < count; r++, rows += stride) {
    const Vector nothing = all_lanes (-1e30f);
    Vector high = nothing, total = { 0 };
    float top = rows[0], sum = 0.0f;

    for (size_t i = 0; i < n; i += LANES)
      high = larger (high, load_part (rows + i, n - i, nothing));
    for (size_t l = 0; l < LANES; l++)
      top = high[l] > top ? high[l] : top;
    for (size_t i = 0; i < n; i += LANES) {
      const Vector e = power_of_2 ((load_part (rows + i, n - i, nothing) - top) * 1.44269504f);

      store_part (rows + i, n - i, e);
      total += e;
    }
    for (size_t l = 0; l < LANES; l++)
      sum += total[l];
    for (size_t i = 0; i < n; i++)
      rows[i] *= 1.0f / sum;
  }
}
