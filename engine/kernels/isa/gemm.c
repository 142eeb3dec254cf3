/* Matrix product by a packed panel: a block of ROWS rows and one or two vectors of columns stays in registers over all of k.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

#include <string.h>

/* rows and vectors are constants where this is called, so that every loop unrolls into registers. */
static inline __attribute__ ((always_inline)) void
block (const size_t rows, const size_t vectors, size_t k, const float *restrict a, size_t lda, const float *restrict b,
       float *restrict out, size_t ldo, bool accumulate)
{
  Vector sum[LIMN_ROWS][2];

#pragma GCC unroll 16
  for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 2
    for (size_t j = 0; j < vectors; j++)
      sum[i][j] = accumulate ? load (out + i * ldo + j * LANES) : (Vector) { 0 };
  for (size_t p = 0; p < k; p++) {
    Vector right[2];
#pragma GCC unroll 2
    for (size_t j = 0; j < vectors; j++)
      right[j] = load (b + (p * vectors + j) * LANES);
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 2
      for (size_t j = 0; j < vectors; j++)
        sum[i][j] += a[i * lda + p] * right[j];
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 2
    for (size_t j = 0; j < vectors; j++)
      store (out + i * ldo + j * LANES, sum[i][j]);
}

static inline __attribute__ ((always_inline)) void
panel (const size_t vectors, size_t m, size_t k, const float *a, size_t lda, const float *b, float *out, size_t ldo, bool accumulate)
{
  for (; m >= ROWS; m -= ROWS, a += ROWS * lda, out += ROWS * ldo)
    block (ROWS, vectors, k, a, lda, b, out, ldo, accumulate);
#if LIMN_ROWS > 8
  for (; m >= 8; m -= 8, a += 8 * lda, out += 8 * ldo)
    block (8, vectors, k, a, lda, b, out, ldo, accumulate);
#endif
  for (; m >= 4; m -= 4, a += 4 * lda, out += 4 * ldo)
    block (4, vectors, k, a, lda, b, out, ldo, accumulate);
  for (; m >= 2; m -= 2, a += 2 * lda, out += 2 * ldo)
    block (2, vectors, k, a, lda, b, out, ldo, accumulate);
  if (m > 0)
    block (1, vectors, k, a, lda, b, out, ldo, accumulate);
}

void
LIMN_K (limn_gemm) (size_t m, size_t columns, size_t k, const float *a, size_t lda, const float *b, float *out, size_t ldo,
                    bool accumulate)
{
  float whole[LIMN_ROWS * 2 * LIMN_LANES];
  const size_t width = columns > LANES ? 2 * LANES : LANES;

  if (columns == 2 * LANES)
    panel (2, m, k, a, lda, b, out, ldo, accumulate);
  else if (columns == LANES)
    panel (1, m, k, a, lda, b, out, ldo, accumulate);
  else
    for (size_t i = 0; i < m; i += ROWS) { /* a panel with columns that aren't there: by way of a whole one */
      const size_t rows = m - i < ROWS ? m - i : ROWS;
      memset (whole, 0, sizeof whole);
      if (accumulate)
        for (size_t r = 0; r < rows; r++)
          memcpy (whole + r * width, out + (i + r) * ldo, columns * sizeof *out);
      if (width == LANES)
        panel (1, rows, k, a + i * lda, lda, b, whole, width, accumulate);
      else
        panel (2, rows, k, a + i * lda, lda, b, whole, width, accumulate);
      for (size_t r = 0; r < rows; r++)
        memcpy (out + (i + r) * ldo, whole + r * width, columns * sizeof *out);
    }
}
