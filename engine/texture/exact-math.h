/* Powers and logarithms that are the same on every machine: the C library's differ between processors in the last bit. For files that are
 * compiled without fused multiply-add (meson.build).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_EXACT_MATH_H
#define LIMN_EXACT_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* The largest whole number that is not above x, |x| < 2^31. The C library's is a call where a processor may lack the instruction. */
static inline float
limn_floor (float x)
{
  const float whole = (float) (int32_t) x;

  return whole > x ? whole - 1 : whole;
}

/* 2^x for x in [-126, 127], relative error below 3e-6: the series of exp on [-1/2, 1/2]. */
static inline float
limn_exp2 (float x)
{
  const float clamped = x < -126 ? -126 : x > 127 ? 127 : x, whole = limn_floor (clamped + 0.5f), f = clamped - whole;
  const float series = 1 + f * (0.69314718f + f * (0.24022651f + f * (0.05550411f + f * (0.00961813f + f * 0.00133336f))));
  const uint32_t bits = (uint32_t) ((int32_t) whole + 127) << 23;
  float power;

  memcpy (&power, &bits, sizeof power);
  return power * series;
}

/* The logarithm to base 2 of x > 0, absolute error below 1e-6: log m = 2 artanh ((m - 1) / (m + 1)). */
static inline float
limn_log2 (float x)
{
  uint32_t bits;
  float m;

  memcpy (&bits, &x, sizeof bits);
  int exponent = (int) (bits >> 23) - 127;
  bits = (bits & 0x7fffff) | 0x3f800000;
  memcpy (&m, &bits, sizeof m);
  if (m > 1.41421356f) {
    m *= 0.5f;
    exponent++;
  }
  const float t = (m - 1) / (m + 1), t2 = t * t;
  return (float) exponent + 2.88539008f * t * (1 + t2 * (0.33333333f + t2 * (0.2f + t2 * 0.14285714f)));
}

/* x^p for x > 0; 0 for others. */
static inline float
limn_power (float x, float p)
{
  return x > 0 ? limn_exp2 (p * limn_log2 (x)) : 0;
}

static inline float
limn_exponential (float x)
{
  return limn_exp2 (1.44269504f * x);
}

static inline float
limn_clamp (float x, float low, float high)
{
  return x < low ? low : x > high ? high : x;
}

static inline float
limn_mix (float a, float b, float t)
{
  return a + (b - a) * t;
}

/* 0 below low, 1 above high, smooth between. */
static inline float
limn_step (float low, float high, float x)
{
  const float t = limn_clamp ((x - low) / (high - low), 0, 1);

  return t * t * (3 - 2 * t);
}

/* Sine of 2 pi turns, error below 0.002 (a parabola and its square). */
static inline float
limn_sine (float turns)
{
  const float x = turns - limn_floor (turns + 0.5f), s = x * (8 - 16 * fabsf (x));

  return s * (0.775f + 0.225f * fabsf (s));
}

#endif
