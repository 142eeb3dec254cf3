/* LIMN_WIDE compiles a hot function again for wider vectors; the loader chooses by the processor. Only for functions whose result does
 * not depend on the vector width (no sums across a vector). Each needs a name of its own in the engine, even if it is static: clang makes
 * its chooser visible to the linker under that name.
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
