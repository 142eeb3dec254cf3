/* Counter-based Gaussian noise: a value depends on (seed, stream, index) alone, so it is the same on every machine and for any number of
 * threads. Philox4x32-10 (Salmon et al. 2011) and Box-Muller, with polynomials for log and sincos instead of libm's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_NOISE_H
#define LIMN_NOISE_H

#include <stddef.h>
#include <stdint.h>

/* out[i] = N(0, 1) at index first + i of stream. */
void limn_noise (float *out, size_t count, uint64_t seed, uint32_t stream, uint64_t first);

/* Spherical interpolation between the noises of seed_a and seed_b by mix in [0, 1]. Independent Gaussian noises are nearly orthogonal; a
 * right angle is assumed, so that a value depends on its index alone. mix 0 gives limn_noise (seed_a), mix 1 that of seed_b. */
void limn_noise_mix (float *out, size_t count, uint64_t seed_a, uint64_t seed_b, float mix, uint32_t stream, uint64_t first);

#endif
