/* Box mean by running sums, in time independent of the radius: along the rows, then down bands of columns. The sums are double,
 * so that a wide picture's last pixel is as exact as its first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "resample.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"

enum { ROWS_A_PIECE = 16, COLUMNS_A_PIECE = 128, MAX_CHANNELS = 16 };

typedef struct {
  const LimnImage *in;
  LimnImage *out;
  size_t radius;
  float *kept; /* [workers][kept_rows][COLUMNS_A_PIECE] */
} Job;

static size_t
kept_rows (const Job *job)
{
  return limn_size_min (job->radius + 1, job->out->height);
}

static void
mean_across (void *user, size_t piece, int worker)
{
  const Job *job = user;
  const size_t width = job->in->width, channels = job->in->channels, radius = job->radius;
  size_t end = (piece + 1) * ROWS_A_PIECE;

  if (end > job->in->height)
    end = job->in->height;
  for (size_t y = piece * ROWS_A_PIECE; y < end; y++) {
    const float *in = job->in->data + y * width * channels;
    float *out = job->out->data + y * width * channels;
    double sum[MAX_CHANNELS] = { 0 };
    size_t low = 0, high = 0; /* the sum holds [low, high) */
    for (size_t x = 0; x < width; x++) {
      size_t want = x + radius + 1 < width ? x + radius + 1 : width;
      for (; high < want; high++)
        for (size_t c = 0; c < channels; c++)
          sum[c] += (double) in[high * channels + c];
      if (x > radius) {
        for (size_t c = 0; c < channels; c++)
          sum[c] -= (double) in[low * channels + c];
        low++;
      }
      const double scale = 1.0 / (double) (high - low);
      for (size_t c = 0; c < channels; c++)
        out[x * channels + c] = (float) (sum[c] * scale);
    }
  }
}

LIMN_WIDE static void
add_to_columns (double *restrict sum, const float *restrict row, double sign, size_t count)
{
  for (size_t i = 0; i < count; i++)
    sum[i] += sign * (double) row[i];
}

/* In place: rows that the running sum still has to subtract are saved first. */
static void
mean_down (void *user, size_t piece, int worker)
{
  const Job *job = user;
  const size_t height = job->out->height, stride = job->out->width * job->out->channels, radius = job->radius;
  const size_t start = piece * COLUMNS_A_PIECE, count = stride - start < COLUMNS_A_PIECE ? stride - start : COLUMNS_A_PIECE;
  float *kept = job->kept + (size_t) worker * kept_rows (job) * COLUMNS_A_PIECE;
  double sum[COLUMNS_A_PIECE] = { 0 };
  size_t low = 0, high = 0;

  for (size_t y = 0; y < height; y++) {
    size_t want = y + radius + 1 < height ? y + radius + 1 : height;
    for (; high < want; high++)
      add_to_columns (sum, job->out->data + high * stride + start, 1.0, count);
    if (y > radius)
      add_to_columns (sum, kept + low++ % kept_rows (job) * COLUMNS_A_PIECE, -1.0, count);
    const double scale = 1.0 / (double) (high - low);
    float *out = job->out->data + y * stride + start;
    memcpy (kept + y % kept_rows (job) * COLUMNS_A_PIECE, out, count * sizeof *out);
    for (size_t i = 0; i < count; i++)
      out[i] = (float) (sum[i] * scale);
  }
}

LimnStatus
limn_box_mean (LimnImage *out, const LimnImage *in, size_t radius, LimnPool *pool, LimnError *error)
{
  const size_t workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  Job job = { .in = in, .out = out, .radius = limn_size_min (radius, in->width + in->height) }; /* a larger radius would cover no more */
  LimnStatus status;

  *out = (LimnImage){ 0 };
  if (in->channels > MAX_CHANNELS)
    return limn_fail (error, LIMN_BAD_INPUT, "A box mean of %zu planes is too many: %d at most.", in->channels, MAX_CHANNELS);
  LIMN_TRY (limn_image_alloc (out, in->width, in->height, in->channels, error));
  job.kept = limn_alloc (workers, kept_rows (&job), COLUMNS_A_PIECE, sizeof *job.kept);
  status = job.kept ? LIMN_OK : limn_fail_memory (error, workers * kept_rows (&job) * COLUMNS_A_PIECE * sizeof *job.kept);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, (in->height + ROWS_A_PIECE - 1) / ROWS_A_PIECE, mean_across, &job, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, (in->width * in->channels + COLUMNS_A_PIECE - 1) / COLUMNS_A_PIECE, mean_down, &job, error);
  if (status != LIMN_OK)
    limn_image_clear (out);
  free (job.kept);
  return status;
}
