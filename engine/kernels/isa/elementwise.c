/* Norm and SiLU, moments, softmax: plain loops over channels that the compiler turns into vectors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

#include <stdint.h>
#include <string.h>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

/* exp by 2^n and a polynomial on [-ln 2 / 2, ln 2 / 2], as in Cephes' expf (netlib.org/cephes); relative error near 1e-7. */
static inline __attribute__ ((always_inline)) float
exponential (float x)
{
  const float magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number, in the low bits */
  float t, n, f, p, scale;
  int32_t bits;

  x = x < -87.0f ? -87.0f : x;
  x = x > 87.0f ? 87.0f : x;
  t = x * 1.44269504f + magic;
  memcpy (&bits, &t, sizeof bits);
  n = t - magic;
  f = x - n * 0.693359375f + n * 2.12194440e-4f;
  p = ((((1.9875691500e-4f * f + 1.3981999507e-3f) * f + 8.3334519073e-3f) * f + 4.1665795894e-2f) * f + 1.6666665459e-1f) * f
      + 5.0000001201e-1f;
  p = p * f * f + f + 1.0f;
  bits = (int32_t) (((uint32_t) bits << 23) + 0x3f800000u);
  memcpy (&scale, &bits, sizeof scale);
  return p * scale;
}

#if defined(__AVX512F__)
/* x / (1 + exp (-x)) of x = from * scale + shift. exp (-x) = 2^n 2^f, n whole, the second factor by the polynomial of Cephes' exp2f on
 * [-1/2, 1/2]; the quotient by an estimate of 14 bits and a step of Newton's. */
static void
silu_row (const float *from, size_t channels, const float *scale, const float *shift, float *to)
{
  for (size_t c = 0; c < channels; c += LANES) {
    const __mmask16 there = channels - c < LANES ? (__mmask16) ((1u << (channels - c)) - 1) : 0xffff;
    const __m512 x = _mm512_fmadd_ps (_mm512_maskz_loadu_ps (there, from + c), _mm512_maskz_loadu_ps (there, scale + c),
                                      _mm512_maskz_loadu_ps (there, shift + c));
    const __m512 t = _mm512_min_ps (_mm512_mul_ps (x, _mm512_set1_ps (-1.44269504f)), _mm512_set1_ps (125.0f));
    const __m512 n = _mm512_roundscale_ps (t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC), f = _mm512_sub_ps (t, n);
    __m512 p = _mm512_fmadd_ps (_mm512_set1_ps (1.535336188319500e-4f), f, _mm512_set1_ps (1.339887440266574e-3f)), d, r;

    p = _mm512_fmadd_ps (p, f, _mm512_set1_ps (9.618437357674640e-3f));
    p = _mm512_fmadd_ps (p, f, _mm512_set1_ps (5.550332471162809e-2f));
    p = _mm512_fmadd_ps (p, f, _mm512_set1_ps (2.402264791363012e-1f));
    p = _mm512_fmadd_ps (p, f, _mm512_set1_ps (6.931472028550421e-1f));
    p = _mm512_fmadd_ps (p, f, _mm512_set1_ps (1.0f));
    d = _mm512_add_ps (_mm512_scalef_ps (p, n), _mm512_set1_ps (1.0f));
    r = _mm512_rcp14_ps (d);
    r = _mm512_mul_ps (r, _mm512_fnmadd_ps (d, r, _mm512_set1_ps (2.0f)));
    _mm512_mask_storeu_ps (to + c, there, _mm512_mul_ps (x, r));
  }
}
#else
static void
silu_row (const float *restrict from, size_t channels, const float *restrict scale, const float *restrict shift, float *restrict to)
{
  for (size_t c = 0; c < channels; c++) {
    const float x = from[c] * scale[c] + shift[c];
    to[c] = x / (1.0f + exponential (-x));
  }
}
#endif

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

void
LIMN_K (limn_finish) (const float *restrict sum, size_t sum_stride, size_t pixels, size_t columns, const float *restrict bias,
                      const float *residual, float residual_scale, float *out, size_t stride)
{
  for (size_t i = 0; i < pixels; i++, sum += sum_stride, out += stride) {
    if (!residual)
      for (size_t j = 0; j < columns; j++)
        out[j] = sum[j] + bias[j];
    else
      for (size_t j = 0; j < columns; j++)
        out[j] = sum[j] + bias[j] + residual_scale * residual[i * stride + j];
  }
}

void
LIMN_K (limn_moments) (const float *restrict in, size_t pixels, size_t channels, float *restrict mean, float *restrict square)
{
  const float share = 1.0f / (float) pixels;

  for (size_t c = 0; c < channels; c++)
    mean[c] = square[c] = 0.0f;
  for (size_t i = 0; i < pixels; i++)
    for (size_t c = 0; c < channels; c++)
      mean[c] += in[i * channels + c];
  for (size_t c = 0; c < channels; c++)
    mean[c] *= share;
  for (size_t i = 0; i < pixels; i++)
    for (size_t c = 0; c < channels; c++) {
      const float d = in[i * channels + c] - mean[c];
      square[c] += d * d;
    }
}

void
LIMN_K (limn_softmax) (float *rows, size_t count, size_t n, size_t stride)
{
  const size_t even = n / LANES * LANES;

  for (size_t r = 0; r < count; r++, rows += stride) {
    float part[LIMN_LANES], top = rows[0], sum = 0.0f;

    for (size_t l = 0; l < LANES; l++)
      part[l] = rows[0];
    for (size_t i = 0; i < even; i += LANES)
      for (size_t l = 0; l < LANES; l++)
        part[l] = rows[i + l] > part[l] ? rows[i + l] : part[l];
    for (size_t i = even; i < n; i++)
      top = rows[i] > top ? rows[i] : top;
    for (size_t l = 0; l < LANES; l++)
      top = part[l] > top ? part[l] : top;

    for (size_t i = 0; i < n; i++)
      rows[i] = exponential (rows[i] - top);
    memset (part, 0, sizeof part);
    for (size_t i = 0; i < even; i += LANES)
      for (size_t l = 0; l < LANES; l++)
        part[l] += rows[i + l];
    for (size_t i = even; i < n; i++)
      sum += rows[i];
    for (size_t l = 0; l < LANES; l++)
      sum += part[l];
    sum = 1.0f / sum;
    for (size_t i = 0; i < n; i++)
      rows[i] *= sum;
  }
}
