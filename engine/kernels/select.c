/* Selects the instruction set at run time, and packs matrices for it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels.h"

#include <string.h>

#include "engine/base/cpu.h"

extern const LimnKernels limn_kernels_plain;
#ifdef __x86_64__
extern const LimnKernels limn_kernels_avx2, limn_kernels_avx512;
#endif

size_t
limn_kernels_all (const LimnKernels *kernels[3])
{
  size_t count = 0;

#ifdef __x86_64__
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512vl") &&
      __builtin_cpu_supports ("avx512bw"))
    kernels[count++] = &limn_kernels_avx512;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") && limn_cpu_has_f16c ())
    kernels[count++] = &limn_kernels_avx2;
#endif
  kernels[count++] = &limn_kernels_plain;
  return count;
}

const LimnKernels *
limn_kernels_best (void)
{
  const LimnKernels *kernels[3];

  limn_kernels_all (kernels);
  return kernels[0];
}

size_t
limn_panel_width (const LimnKernels *kernels, size_t n, size_t first)
{
  return n - first > kernels->lanes ? 2 * kernels->lanes : kernels->lanes;
}

size_t
limn_packed_size (const LimnKernels *kernels, size_t k, size_t n)
{
  return k * ((n + kernels->lanes - 1) / kernels->lanes * kernels->lanes);
}

void
limn_pack (const LimnKernels *kernels, const float *b, size_t k, size_t n, size_t row_stride, size_t column_stride, float *packed)
{
  for (size_t first = 0; first < n; first += 2 * kernels->lanes) {
    const size_t width = limn_panel_width (kernels, n, first);

    for (size_t i = 0; i < k; i++, packed += width) {
      const float *row = b + i * row_stride + first * column_stride;
      const size_t there = n - first < width ? n - first : width;

      if (column_stride == 1)
        memcpy (packed, row, there * sizeof *packed);
      else
        for (size_t j = 0; j < there; j++)
          packed[j] = row[j * column_stride];
      memset (packed + there, 0, (width - there) * sizeof *packed);
    }
  }
}
