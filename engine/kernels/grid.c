/* Averages 2 x 2 pixels, or repeats each pixel four times.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "grid.h"

#include <string.h>

typedef struct {
  const LimnKernels *kernels;
  const float *in, *scale, *shift;
  size_t width, height, channels;
  bool silu;
  float *out, *scratch;
  size_t stride;
} Job;

static void
half_row (void *user, size_t y, int worker)
{
  const Job *job = user;
  const size_t row = job->width * job->channels, width = job->width / 2, channels = job->channels;
  float *pair = job->scratch + (size_t) worker * job->stride, *out = job->out + y * width * channels;

  job->kernels->affine (job->in + 2 * y * row, channels, 2 * job->width, channels, job->scale, job->shift, job->silu, pair, channels);
  for (size_t x = 0; x < width; x++) {
    const float *a = pair + 2 * x * channels, *b = a + row;

    for (size_t c = 0; c < channels; c++)
      out[x * channels + c] = 0.25f * ((a[c] + a[channels + c]) + (b[c] + b[channels + c]));
  }
}

static void
double_row (void *user, size_t y, int worker)
{
  const Job *job = user;
  const size_t row = job->width * job->channels, channels = job->channels;
  float *once = job->scratch + (size_t) worker * job->stride, *out = job->out + 4 * y * row;

  job->kernels->affine (job->in + y * row, channels, job->width, channels, job->scale, job->shift, job->silu, once, channels);
  for (size_t x = 0; x < job->width; x++) {
    memcpy (out + 2 * x * channels, once + x * channels, channels * sizeof *out);
    memcpy (out + (2 * x + 1) * channels, once + x * channels, channels * sizeof *out);
  }
  memcpy (out + 2 * row, out, 2 * row * sizeof *out);
}

void
limn_grid_resize (const LimnKernels *kernels, const float *in, size_t width, size_t height, size_t channels, const float *scale,
                  const float *shift, bool silu, bool half, float *out, float *scratch, size_t stride, LimnPool *pool)
{
  Job job = { kernels, in, scale, shift, width, height, channels, silu, out, scratch, stride };

  limn_pool_run (pool, half ? height / 2 : height, half ? half_row : double_row, &job);
}
