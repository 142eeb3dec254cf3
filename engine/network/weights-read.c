/* Reads weights as floats: widens F16 and BF16, refuses NaN and infinity.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <endian.h>
#include <string.h>

#include "engine/base/cpu.h"
#include "weights.h"

#if defined(__x86_64__) && defined(__GNUC__)
#  include <immintrin.h>
#  define HAVE_F16C 1
#endif

static uint16_t
load16 (const uint8_t *bytes)
{
  uint16_t bits;

  memcpy (&bits, bytes, sizeof bits);
  return le16toh (bits);
}

/* IEEE 754 binary16 to binary32: rebias the exponent; a subnormal half is a multiple of 2^-24. */
static float
half_to_float (uint16_t half)
{
  uint32_t sign = (uint32_t) (half & 0x8000) << 16, exponent = half >> 10 & 31, mantissa = half & 1023, bits;
  float out;

  if (exponent == 0) {
    out = (float) mantissa * 0x1p-24f;
    return sign ? -out : out;
  }
  bits = sign | (exponent == 31 ? 255 : exponent + 112) << 23 | mantissa << 13;
  memcpy (&out, &bits, sizeof out);
  return out;
}

static void
widen_half (const uint8_t *in, float *out, size_t count)
{
  for (size_t i = 0; i < count; i++)
    out[i] = half_to_float (load16 (in + 2 * i));
}

#ifdef HAVE_F16C
__attribute__ ((target ("avx,f16c"))) static void
widen_half_f16c (const uint8_t *in, float *out, size_t count)
{
  size_t i = 0;

  for (; i + 8 <= count; i += 8)
    _mm256_storeu_ps (out + i, _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *) (const void *) (in + 2 * i))));
  widen_half (in + 2 * i, out + i, count - i);
}
#endif

static void
widen_brain (const uint8_t *in, float *out, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t) load16 (in + 2 * i) << 16;
    memcpy (out + i, &bits, sizeof bits);
  }
}

static void
copy_float (const uint8_t *in, float *out, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy (&bits, in + 4 * i, sizeof bits);
    bits = le32toh (bits);
    memcpy (out + i, &bits, sizeof bits);
  }
}

static bool
all_finite (const float *values, size_t count)
{
  uint32_t bad = 0;

  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy (&bits, values + i, sizeof bits);
    bad |= (bits & 0x7f800000u) == 0x7f800000u;
  }
  return bad == 0;
}

LimnStatus
limn_tensor_read (const LimnTensorView *view, float *out, LimnError *error)
{
  switch (view->dtype) {
  case LIMN_F32: copy_float (view->data, out, view->count); break;
  case LIMN_F16:
#ifdef HAVE_F16C
    if (limn_cpu_has_f16c ()) {
      widen_half_f16c (view->data, out, view->count);
      break;
    }
#endif
    widen_half (view->data, out, view->count);
    break;
  case LIMN_BF16: widen_brain (view->data, out, view->count); break;
  }
  if (!all_finite (out, view->count))
    return limn_fail (error, LIMN_BAD_MODEL, "The weights' tensor %s has values that are not numbers; fetch the file again.", view->name);
  return LIMN_OK;
}
