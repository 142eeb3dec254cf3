/* Turns a group norm into a factor and an offset per channel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "norm.h"

#include <math.h>

void
limn_norm_affine (const float *const moments[2], const size_t channels[2], size_t groups, float eps, const float *weight, const float *bias,
                  const float *time, float *scale, float *shift)
{
  const size_t all = channels[0] + channels[1], size = all / groups;

  for (size_t g = 0; g < groups; g++) {
    double mean = 0.0, square = 0.0, factor;

    for (size_t c = g * size; c < (g + 1) * size; c++)
      mean += c < channels[0] ? moments[0][c] : moments[1][c - channels[0]];
    mean /= (double) size;
    for (size_t c = g * size; c < (g + 1) * size; c++) {
      const float *from = c < channels[0] ? moments[0] + c : moments[1] + (c - channels[0]);
      const size_t step = c < channels[0] ? channels[0] : channels[1];
      square += from[step] + (from[0] - mean) * (from[0] - mean);
    }
    factor = 1.0 / sqrt (square / (double) size + eps);
    for (size_t c = g * size; c < (g + 1) * size; c++) {
      const double by = time ? 1.0 + time[c] : 1.0, more = time ? time[all + c] : 0.0;
      scale[c] = (float) (factor * weight[c] * by);
      shift[c] = (float) ((bias[c] - mean * factor * weight[c]) * by + more);
    }
  }
}
