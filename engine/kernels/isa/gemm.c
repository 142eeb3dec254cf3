/* Product of a matrix and a packed panel: a block of ROWS rows and one or two vectors of columns stays in registers over all of k.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "isa.h"

#include <string.h>

/* The sums are named variables, not an array: GCC would store an array to memory before and after the loop over k. */
#define ROWS_1(X) X (0)
#define ROWS_2(X) ROWS_1 (X) X (1)
#define ROWS_4(X) ROWS_2 (X) X (2) X (3)
#define ROWS_6(X) ROWS_4 (X) X (4) X (5)
#define ROWS_8(X) ROWS_6 (X) X (6) X (7)
#define ROWS_12(X) ROWS_8 (X) X (8) X (9) X (10) X (11)

#define DECLARE(i) Vector left##i = { 0 }, right##i = { 0 };
#define LOAD(i) left##i = load (out + i * ldo), right##i = wide ? load (out + i * ldo + LANES) : right##i;
#define STEP(i) left##i += a[i * lda + p] * first, right##i += a[i * lda + p] * second;
#define STORE(i)                  \
  store (out + i * ldo, left##i); \
  if (wide)                       \
    store (out + i * ldo + LANES, right##i);

enum {
  LINE = 16, /* floats of a cache line */
  NEAR = 64, /* panels of at most so many rows are still in cache, longer ones come from memory */
};

/* wide (two vectors of columns, or one) is a compile-time constant at each call. With the longest vectors, products would wait for their
 * operands, so these are prefetched: the next rows, which lie apart, and LINE floats of ahead for each p. */
#define BLOCK(rows)                                                                                                                        \
  static inline __attribute__ ((always_inline, unused)) void block_##rows (const bool wide, size_t k, const float *restrict a, size_t lda, \
                                                                           const float *restrict b, float *restrict out, size_t ldo,       \
                                                                           bool accumulate, const float *ahead)                            \
  {                                                                                                                                        \
    ROWS_##rows (DECLARE) if (accumulate)                                                                                                  \
    {                                                                                                                                      \
      ROWS_##rows (LOAD)                                                                                                                   \
    }                                                                                                                                      \
    for (size_t p = 0; p < k; p++) {                                                                                                       \
      const Vector first = load (b), second = wide ? load (b + LANES) : (Vector){ 0 };                                                     \
                                                                                                                                           \
      if (LANES == 16 && rows == ROWS) {                                                                                                   \
        __builtin_prefetch (a + (rows + p % LINE) * lda + p / LINE * LINE);                                                                \
        __builtin_prefetch (ahead + p * LINE, 0, 2);                                                                                       \
      }                                                                                                                                    \
      ROWS_##rows (STEP) b += wide ? 2 * LANES : LANES;                                                                                    \
    }                                                                                                                                      \
    ROWS_##rows (STORE)                                                                                                                    \
  }

BLOCK (1)
BLOCK (2)
BLOCK (4)
BLOCK (6)
BLOCK (8)
BLOCK (12)

static inline __attribute__ ((always_inline)) void
panel (const bool wide, size_t m, size_t k, const float *a, size_t lda, const float *b, float *out, size_t ldo, bool accumulate)
{
  const float *next = b + k * (wide ? 2 * LANES : LANES); /* the next panel, prefetched half by each of the first two blocks */

  /* with one vector of columns, 12 + 4 rows are slower than 8 + 8: four sums don't keep the adders busy */
  for (int i = k > NEAR ? 0 : 2; m >= ROWS && (wide || ROWS <= 8 || m != ROWS + 4); m -= ROWS, a += ROWS * lda, out += ROWS * ldo, i++)
    LIMN_JOIN (block, LIMN_ROWS) (wide, k, a, lda, b, out, ldo, accumulate, i < 2 ? next + i * k * LINE : b);
#if LIMN_ROWS > 8
  for (; m >= 8; m -= 8, a += 8 * lda, out += 8 * ldo)
    block_8 (wide, k, a, lda, b, out, ldo, accumulate, b);
#endif
  for (; m >= 4; m -= 4, a += 4 * lda, out += 4 * ldo)
    block_4 (wide, k, a, lda, b, out, ldo, accumulate, b);
  for (; m >= 2; m -= 2, a += 2 * lda, out += 2 * ldo)
    block_2 (wide, k, a, lda, b, out, ldo, accumulate, b);
  if (m > 0)
    block_1 (wide, k, a, lda, b, out, ldo, accumulate, b);
}

void
LIMN_K (limn_gemm) (size_t m, size_t columns, size_t k, const float *a, size_t lda, const float *b, float *out, size_t ldo, bool accumulate)
{
  float whole[LIMN_ROWS * 2 * LIMN_LANES];
  const size_t width = columns > LANES ? 2 * LANES : LANES;

  if (columns == 2 * LANES)
    panel (true, m, k, a, lda, b, out, ldo, accumulate);
  else if (columns == LANES)
    panel (false, m, k, a, lda, b, out, ldo, accumulate);
  else
    for (size_t i = 0; i < m; i += ROWS) { /* a panel with missing columns: via a full-width buffer */
      const size_t rows = m - i < ROWS ? m - i : ROWS;
      memset (whole, 0, sizeof whole);
      if (accumulate)
        for (size_t r = 0; r < rows; r++)
          memcpy (whole + r * width, out + (i + r) * ldo, columns * sizeof *out);
      if (width == LANES)
        panel (false, rows, k, a + i * lda, lda, b, whole, width, accumulate);
      else
        panel (true, rows, k, a + i * lda, lda, b, whole, width, accumulate);
      for (size_t r = 0; r < rows; r++)
        memcpy (out + (i + r) * ldo, whole + r * width, columns * sizeof *out);
    }
}
