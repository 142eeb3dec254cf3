/* Moments of channels, and a group norm as factors and offsets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "norm.h"

#include <math.h>

enum {
  CHUNK = 128,          /* pixels a piece: short sums stay exact enough in f32 */
  FEW_FLOATS = 1 << 17, /* take less time than waking another thread would */
};

typedef struct {
  const LimnKernels *kernels;
  const float *in;
  size_t pixels, channels;
  float *parts; /* for each chunk [2][channels] */
} Job;

static void
chunk_moments (void *user, size_t piece, int worker)
{
  const Job *job = user;
  const size_t first = piece * CHUNK, count = job->pixels - first < CHUNK ? job->pixels - first : CHUNK;
  float *part = job->parts + piece * 2 * job->channels;

  job->kernels->moments (job->in + first * job->channels, count, job->channels, part, part + job->channels);
}

size_t
limn_moments_scratch (size_t pixels, size_t channels)
{
  return (pixels + CHUNK - 1) / CHUNK * 2 * channels;
}

/* The chunks' moments are joined in pairs of sums: Chan, Golub, LeVeque 1983, "Algorithms for computing the sample variance". */
void
limn_moments (const LimnKernels *kernels, const float *in, size_t pixels, size_t channels, float *moments, float *scratch,
              LimnPool *pool)
{
  Job job = { kernels, in, pixels, channels, scratch };
  const size_t chunks = (pixels + CHUNK - 1) / CHUNK;

  limn_pool_run (pixels * channels < FEW_FLOATS ? NULL : pool, chunks, chunk_moments, &job);
  for (size_t c = 0; c < channels; c++) {
    double sum = 0.0, square = 0.0, mean;

    for (size_t i = 0; i < chunks; i++) {
      const size_t count = pixels - i * CHUNK < CHUNK ? pixels - i * CHUNK : CHUNK;
      sum += (double) scratch[i * 2 * channels + c] * (double) count;
    }
    mean = sum / (double) pixels;
    for (size_t i = 0; i < chunks; i++) {
      const size_t count = pixels - i * CHUNK < CHUNK ? pixels - i * CHUNK : CHUNK;
      const double apart = scratch[i * 2 * channels + c] - mean;
      square += (double) scratch[(i * 2 + 1) * channels + c] + apart * apart * (double) count;
    }
    moments[c] = (float) mean;
    moments[channels + c] = (float) (square / (double) pixels);
  }
}

void
limn_norm_affine (const float *const moments[2], const size_t channels[2], size_t groups, float eps, const float *weight,
                  const float *bias, const float *time, float *scale, float *shift)
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
