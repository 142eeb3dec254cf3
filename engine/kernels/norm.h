/* Group normalisation, cut in two: what a tensor's channels measure (LimnConvArguments.moments, once a tensor, however many norms
 * read it), and the factor and offset of each channel that follow from it, which the reader of the tensor applies on its way
 * (LimnKernels.affine).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_NORM_H
#define LIMN_NORM_H

#include "kernels.h"

/* y = group_norm (x) * (1 + time[c]) + time[channels + c] as scale[c] * x + shift[c]; time NULL: plain.
 * moments: [2][channels[i]] = mean, and mean of the squared distance to it, of one or two tensors whose channels follow each other
 * and add up to a multiple of groups. */
void limn_norm_affine (const float *const moments[2], const size_t channels[2], size_t groups, float eps, const float *weight,
                       const float *bias, const float *time, float *scale, float *shift);

#endif
