/* LIMN_WIDE marks a hot loop to be compiled again for wider vectors; the loader picks by the processor. On other machines: nothing.
 * Only for loops whose result does not depend on the vector's width (no reordered sums across it).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_VECTOR_H
#define LIMN_VECTOR_H

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#  define LIMN_WIDE __attribute__ ((target_clones ("avx2", "default")))
#else
#  define LIMN_WIDE
#endif

/* A pixel's channels, anywhere in memory that holds floats. */
typedef float LimnFour __attribute__ ((vector_size (16), aligned (4), may_alias));

#endif
