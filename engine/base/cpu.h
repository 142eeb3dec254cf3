/* Processor features that __builtin_cpu_supports doesn't know.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CPU_H
#define LIMN_CPU_H

#ifdef __x86_64__
#  include <cpuid.h>
#  include <stdbool.h>

/* Half-precision conversions, which use AVX registers. Clang 14's __builtin_cpu_supports lacks "f16c". */
static inline bool
limn_cpu_has_f16c (void)
{
  unsigned eax, ebx, ecx, edx;

  return __builtin_cpu_supports ("avx") && __get_cpuid (1, &eax, &ebx, &ecx, &edx) && (ecx & bit_F16C) != 0;
}
#endif

#endif
