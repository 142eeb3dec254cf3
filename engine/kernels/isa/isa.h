/* Shared by the files of this folder, each of which is compiled once per instruction set, with LIMN_ISA (its name, appended to every
 * function's name), LIMN_LANES (floats in a vector) and LIMN_ROWS (rows of a register block) defined by the build.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ISA_H
#define LIMN_ISA_H

#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#  include <immintrin.h>
#endif

#include "engine/kernels/kernels.h"

#define LIMN_JOIN_(a, b) a##_##b
#define LIMN_JOIN(a, b) LIMN_JOIN_ (a, b)
#define LIMN_K(name) LIMN_JOIN (name, LIMN_ISA)

enum { LANES = LIMN_LANES, ROWS = LIMN_ROWS };

typedef float Vector __attribute__ ((vector_size (4 * LIMN_LANES)));
typedef float VectorAnywhere __attribute__ ((vector_size (4 * LIMN_LANES), aligned (4), may_alias));

static inline Vector
load (const float *p)
{
  return *(const VectorAnywhere *) p;
}

static inline void
store (float *p, Vector v)
{
  *(VectorAnywhere *) p = v;
}

typedef int32_t Whole __attribute__ ((vector_size (4 * LIMN_LANES)));

#if defined(__AVX512F__)
#  define X86(name) _mm512_##name##_ps
#elif defined(__AVX__)
#  define X86(name) _mm256_##name##_ps
#elif defined(__SSE__)
#  define X86(name) _mm_##name##_ps
#endif

static inline __attribute__ ((always_inline)) Vector
smaller (Vector a, Vector b)
{
#ifdef X86
  return (Vector) X86 (min) (a, b);
#else
  const Whole first = a < b;
  return (Vector) (((Whole) a & first) | ((Whole) b & ~first));
#endif
}

static inline __attribute__ ((always_inline)) Vector
larger (Vector a, Vector b)
{
#ifdef X86
  return (Vector) X86 (max) (a, b);
#else
  const Whole first = a > b;
  return (Vector) (((Whole) a & first) | ((Whole) b & ~first));
#endif
}

static inline Vector
all_lanes (float value)
{
  return (Vector){ 0 } + value;
}

/* The first count lanes; all of them with count >= LANES. */
static inline __attribute__ ((always_inline)) void
store_part (float *p, size_t count, Vector v)
{
  if (count >= LANES)
    store (p, v);
  else
    memcpy (p, &v, count * sizeof *p);
}

/* Between 0 and 6. */
static inline __attribute__ ((always_inline)) Vector
relu6 (Vector v)
{
  return smaller (larger (v, all_lanes (0.0f)), all_lanes (6.0f));
}

void LIMN_K (limn_gemm) (size_t m, size_t columns, size_t k, const float *a, size_t lda, const float *b, float *out, size_t ldo,
                         bool accumulate);
void LIMN_K (limn_affine) (const float *in, size_t in_stride, size_t pixels, size_t channels, const float *scale, const float *shift,
                           bool silu, float *out, size_t out_stride);
void LIMN_K (limn_finish) (const float *sum, size_t sum_stride, size_t pixels, size_t columns, const float *bias, const float *residual,
                           float residual_scale, bool clamp, float *out, size_t stride);
void LIMN_K (limn_depthwise) (const float *in, size_t row_stride, size_t pixels, size_t size, size_t stride, const float *weight,
                              const float *bias, size_t width, size_t channels, float *out, size_t out_stride);
void LIMN_K (limn_moments) (const float *in, size_t rows, size_t row_stride, size_t pixels, size_t pixel_stride, size_t channels,
                            float *mean, float *square);
void LIMN_K (limn_softmax) (float *rows, size_t count, size_t n, size_t stride);
void LIMN_K (limn_winograd_weights) (size_t first, size_t pairs, const void *packed, bool half, bool enlarged, size_t k, size_t pitch,
                                     size_t width, float *out, size_t component_stride);
void
  LIMN_K (limn_winograd_in) (const float *in, size_t row_stride, size_t pixel_stride, size_t channels, float *out, size_t component_stride);
void LIMN_K (limn_winograd_out) (const float *m, size_t component_stride, size_t count, size_t rows, size_t columns, const float *bias,
                                 const float *residual, float residual_scale, float *out, size_t row_stride, size_t pixel_stride);
extern const LimnKernels LIMN_K (limn_kernels);

#endif
