/* Group normalisation in two parts: the moments of a tensor's channels (LimnConvArguments.moments), computed once however many norms
 * read it, and each channel's factor and offset derived from them, which the tensor's reader applies (LimnKernels.affine).
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
