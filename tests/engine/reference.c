/* Plain references of the fast kernels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"

#include <math.h>

void
limn_ref_conv (const float *grid, size_t width, size_t height, size_t in, size_t out, size_t size, size_t stride, const float *weight,
               const float *bias, float *result)
{
  const ptrdiff_t pad = (ptrdiff_t) size / 2;

  for (size_t y = 0; y < height; y += stride)
    for (size_t x = 0; x < width; x += stride)
      for (size_t k = 0; k < out; k++) {
        double sum = bias ? bias[k] : 0.0;

        for (size_t i = 0; i < size; i++)
          for (size_t j = 0; j < size; j++) {
            const ptrdiff_t v = (ptrdiff_t) (y + i) - pad, u = (ptrdiff_t) (x + j) - pad;

            if (v < 0 || u < 0 || v >= (ptrdiff_t) height || u >= (ptrdiff_t) width)
              continue;
            for (size_t c = 0; c < in; c++)
              sum += (double) grid[((size_t) v * width + (size_t) u) * in + c] * weight[((k * in + c) * size + i) * size + j];
          }
        *result++ = (float) sum;
      }
}

void
limn_ref_norm (const float *grid, size_t pixels, size_t channels, size_t groups, float eps, const float *weight, const float *bias,
               const float *time, bool silu, float *result)
{
  const size_t size = channels / groups;

  for (size_t g = 0; g < groups; g++) {
    double mean = 0.0, square = 0.0;

    for (size_t i = 0; i < pixels; i++)
      for (size_t c = g * size; c < (g + 1) * size; c++)
        mean += grid[i * channels + c];
    mean /= (double) (pixels * size);
    for (size_t i = 0; i < pixels; i++)
      for (size_t c = g * size; c < (g + 1) * size; c++)
        square += (grid[i * channels + c] - mean) * (grid[i * channels + c] - mean);
    square /= (double) (pixels * size);
    for (size_t i = 0; i < pixels; i++)
      for (size_t c = g * size; c < (g + 1) * size; c++) {
        double x = (grid[i * channels + c] - mean) / sqrt (square + eps) * weight[c] + bias[c];

        if (time)
          x = x * (1.0 + time[c]) + time[channels + c];
        result[i * channels + c] = (float) (silu ? x / (1.0 + exp (-x)) : x);
      }
  }
}

void
limn_ref_attention (const float *qkv, size_t pixels, size_t channels, size_t heads, float *result)
{
  const size_t size = channels / heads;

  for (size_t h = 0; h < heads; h++)
    for (size_t i = 0; i < pixels; i++) {
      const float *q = qkv + i * 3 * channels + h * size;
      double top = -INFINITY, sum = 0.0;

      for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < pixels; j++) {
          const float *k = qkv + (j * 3 + 1) * channels + h * size;
          double score = 0.0;

          for (size_t c = 0; c < size; c++)
            score += (double) q[c] * k[c];
          score /= sqrt ((double) size);
          if (pass == 0) {
            top = fmax (top, score);
            continue;
          }
          sum += exp (score - top);
        }
      for (size_t c = 0; c < size; c++) {
        double value = 0.0;

        for (size_t j = 0; j < pixels; j++) {
          const float *k = qkv + (j * 3 + 1) * channels + h * size;
          double score = 0.0;

          for (size_t d = 0; d < size; d++)
            score += (double) q[d] * k[d];
          value += exp (score / sqrt ((double) size) - top) * k[channels + c];
        }
        result[i * channels + h * size + c] = (float) (value / sum);
      }
    }
}
