/* Moments of a convolution's output: each unit measures what it has just written, while that is in the core's caches. A chunk is a row
 * of a block's tiles, or a block of the plain kinds; chunks depend on the shape alone, so that sums don't depend on threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "conv-internal.h"

enum { AT_ONCE = 64 };

static size_t
count_chunks (const LimnConvJob *job, size_t height)
{
  return job->conv->kind == LIMN_CONV_WINOGRAD ? (height + 3) / 4 * job->blocks_across : job->blocks;
}

/* Number of pixels in a chunk. */
static size_t
count_pixels (const LimnConvJob *job, size_t chunk)
{
  const size_t width = limn_conv_made (job->conv, job->arguments.width), height = limn_conv_made (job->conv, job->arguments.height);
  const size_t all = job->conv->kind == LIMN_CONV_1X1 ? job->block_rows : job->block_rows * width;

  if (job->conv->kind == LIMN_CONV_WINOGRAD) {
    const size_t y = chunk / job->blocks_across * 4, columns = 4 * job->block_columns, x = chunk % job->blocks_across * columns;
    return limn_size_min (4, height - y) * limn_size_min (columns, width - x);
  }
  return limn_size_min (all, width * height - chunk * all);
}

size_t
limn_conv_job_parts (const LimnConvJob *job, size_t height)
{
  return count_chunks (job, height) * 2 * job->conv->out;
}

void
limn_conv_measure (const LimnConvJob *job, size_t chunk, size_t at, size_t rows, size_t row, size_t pixels, size_t first, size_t count)
{
  const size_t channels = job->conv->out;
  float *mean = job->arguments.parts + chunk * 2 * channels + first;

  job->conv->kernels->moments (job->arguments.out + at * channels + first, rows, row * channels, pixels, channels, count, mean,
                               mean + channels);
}

/* Moments of up to AT_ONCE channels from first on, by pairwise sums (Chan, Golub, LeVeque 1983, "Algorithms for computing the sample
 * variance"). */
static void
join_channels (const LimnConvJob *job, size_t chunks, size_t pixels, size_t first)
{
  const size_t channels = job->conv->out, count = limn_size_min (channels - first, AT_ONCE);
  double sum[AT_ONCE] = { 0 }, square[AT_ONCE] = { 0 };
  float *moments = job->arguments.moments + first;

  for (size_t i = 0; i < chunks; i++) {
    const float *mean = job->arguments.parts + i * 2 * channels + first;
    const double share = (double) count_pixels (job, i) / (double) pixels;

    for (size_t c = 0; c < count; c++)
      sum[c] += mean[c] * share;
  }
  for (size_t i = 0; i < chunks; i++) {
    const float *mean = job->arguments.parts + i * 2 * channels + first, *apart = mean + channels;
    const double of = (double) count_pixels (job, i);

    for (size_t c = 0; c < count; c++)
      square[c] += apart[c] + (mean[c] - sum[c]) * (mean[c] - sum[c]) * of;
  }
  for (size_t c = 0; c < count; c++) {
    moments[c] = (float) sum[c];
    moments[channels + c] = (float) (square[c] / (double) pixels);
  }
}

void
limn_conv_join (const LimnConvJob *job)
{
  const size_t chunks = count_chunks (job, job->arguments.height);
  size_t pixels = 0;

  for (size_t i = 0; i < chunks; i++)
    pixels += count_pixels (job, i);
  for (size_t c = 0; c < job->conv->out; c += AT_ONCE)
    join_channels (job, chunks, pixels, c);
}
