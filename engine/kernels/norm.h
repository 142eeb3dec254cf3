/* Group normalisation, cut in two: what a tensor's channels measure (once a tensor, however many norms read it), and the factor
 * and offset of each channel that follow from it, which the reader of the tensor applies on its way (LimnKernels.affine).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_NORM_H
#define LIMN_NORM_H

#include "../pool.h"
#include "kernels.h"

/* Floats of scratch that limn_moments needs. */
size_t limn_moments_scratch (size_t pixels, size_t channels);
/* in: [pixels][channels]. moments: [2][channels] = mean, and mean of the squared distance to it. Same for any threads. */
void limn_moments (const LimnKernels *kernels, const float *in, size_t pixels, size_t channels, float *moments, float *scratch,
                   LimnPool *pool);

/* y = group_norm (x) * (1 + time[c]) + time[channels + c] as scale[c] * x + shift[c]; time NULL: plain.
 * moments: those of one or two tensors whose channels follow each other and add up to a multiple of groups. */
void limn_norm_affine (const float *const moments[2], const size_t channels[2], size_t groups, float eps, const float *weight,
                       const float *bias, const float *time, float *scale, float *shift);

#endif
