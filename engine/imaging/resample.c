/* Separable resampling and blurring with a table of taps per axis. Each output row first sums the input rows it needs (long, contiguous
 * loops), then its columns, without an intermediate image; when enlarging vertically, the columns of the few input rows come first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"

/* For each of count outputs: taps inputs from first[i] on, with weights[i * taps ...] that sum to 1. */
typedef struct {
  size_t count, taps;
  size_t *first;
  float *weights;
} Taps;

static void
taps_clear (Taps *taps)
{
  free (taps->first);
  free (taps->weights);
  *taps = (Taps){ 0 };
}

static LimnStatus
taps_new (Taps *taps, size_t count, size_t width, LimnError *error)
{
  *taps = (Taps){ .count = count, .taps = width };
  taps->first = limn_alloc (count, 1, 1, sizeof (size_t));
  taps->weights = limn_alloc (count, width, 1, sizeof (float));
  if (taps->first == NULL || taps->weights == NULL) {
    taps_clear (taps);
    return limn_fail_memory (error, count * (sizeof (size_t) + width * sizeof (float)));
  }
  memset (taps->weights, 0, count * width * sizeof (float));
  return LIMN_OK;
}

static double
sinc (double x)
{
  return fabs (x) < 1e-9 ? 1.0 : sin (M_PI * x) / (M_PI * x);
}

/* Keys, "Cubic convolution interpolation for digital image processing", 1981. */
static double
keys (double x, double a)
{
  x = fabs (x);
  if (x < 1.0)
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
  return x < 2.0 ? ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a : 0.0;
}

static double
filter_radius (LimnFilter filter)
{
  switch (filter) {
  case LIMN_FILTER_AREA: return 0.5;
  case LIMN_FILTER_LINEAR: return 1.0;
  case LIMN_FILTER_BICUBIC: return 2.0;
  case LIMN_FILTER_LANCZOS3: break;
  }
  return 3.0;
}

static double
filter_value (LimnFilter filter, double x, bool shrinking)
{
  switch (filter) {
  case LIMN_FILTER_AREA: return fabs (x) < 0.5 ? 1.0 : 0.0;
  case LIMN_FILTER_LINEAR: return fmax (0.0, 1.0 - fabs (x));
  case LIMN_FILTER_BICUBIC: return keys (x, shrinking ? -0.5 : -0.75);
  case LIMN_FILTER_LANCZOS3: break;
  }
  return fabs (x) < 3.0 ? sinc (x) * sinc (x / 3.0) : 0.0;
}

/* The geometry of sampling along an axis. */
typedef struct {
  double scale, wide, radius;
  double shift; /* from the filter's start to the edge of the first pixel that counts: by its area, or by its centre */
  size_t width; /* taps */
} Span;

static Span
span_of (size_t in, size_t out, LimnFilter filter)
{
  const double scale = (double) in / (double) out, wide = scale > 1.0 ? scale : 1.0, radius = filter_radius (filter) * wide;
  const bool area = filter == LIMN_FILTER_AREA;
  const size_t width = (size_t) ceil (2.0 * radius) + (area ? 1 : 0);

  return (Span){ scale, wide, radius, area ? 0.0 : 0.5, width < in ? width : in };
}

/* Index of output i's first tap. */
static ptrdiff_t
first_tap (const Span *span, size_t in, size_t i)
{
  const ptrdiff_t low = (ptrdiff_t) floor (((double) i + 0.5) * span->scale - span->radius + span->shift);
  const ptrdiff_t last = (ptrdiff_t) (in - span->width);

  return low < 0 ? 0 : low < last ? low : last;
}

/* Taps for count outputs from start on; taps outside go to the border sample. */
static LimnStatus
taps_for_filter (Taps *taps, size_t in, size_t out, size_t start, size_t count, LimnFilter filter, LimnError *error)
{
  const Span span = span_of (in, out, filter);
  const double scale = span.scale, wide = span.wide, radius = span.radius;
  const bool shrinking = scale > 1.0;
  const size_t width = span.width;

  LIMN_TRY (taps_new (taps, count, width, error));
  for (size_t i = 0; i < count; i++) {
    const double centre = ((double) (start + i) + 0.5) * scale; /* in pixel edges: sample j covers [j, j + 1) */
    ptrdiff_t low = (ptrdiff_t) floor (centre - radius), high = (ptrdiff_t) ceil (centre + radius);
    const ptrdiff_t first = first_tap (&span, in, start + i);
    float *weights = taps->weights + i * width;
    double sum = 0.0;

    taps->first[i] = (size_t) first;
    if (filter == LIMN_FILTER_AREA && !shrinking) {
      ptrdiff_t nearest = (ptrdiff_t) centre;
      weights[(nearest < (ptrdiff_t) in ? nearest : (ptrdiff_t) in - 1) - first] = 1.0f;
      continue;
    }
    for (ptrdiff_t j = low; j < high; j++) {
      double value;
      if (filter == LIMN_FILTER_AREA)
        value = fmax (0.0, fmin ((double) j + 1.0, centre + radius) - fmax ((double) j, centre - radius));
      else
        value = filter_value (filter, ((double) j + 0.5 - centre) / wide, shrinking);
      ptrdiff_t at = j < 0 ? 0 : j >= (ptrdiff_t) in ? (ptrdiff_t) in - 1 : j;
      at -= first;
      if (at < 0 || at >= (ptrdiff_t) width)
        continue; /* zero weight at the filter's very end */
      weights[at] += (float) value;
      sum += value;
    }
    for (size_t k = 0; k < width; k++)
      weights[k] = (float) (weights[k] / sum);
  }
  return LIMN_OK;
}

/* Taps of a Gaussian on size samples, mirrored at the ends. */
static LimnStatus
taps_for_blur (Taps *taps, size_t size, float sigma, LimnError *error)
{
  const ptrdiff_t radius = (ptrdiff_t) ceilf (3.0f * sigma), n = (ptrdiff_t) size;
  size_t width = 2 * (size_t) radius + 1;

  if (width > size)
    width = size;
  LIMN_TRY (taps_new (taps, size, width, error));
  for (ptrdiff_t i = 0; i < n; i++) {
    float *weights = taps->weights + i * (ptrdiff_t) width;
    ptrdiff_t first = i - radius < 0 ? 0 : i - radius;
    double sum = 0.0;

    if (first > n - (ptrdiff_t) width)
      first = n - (ptrdiff_t) width;
    taps->first[i] = (size_t) first;
    for (ptrdiff_t k = -radius; k <= radius; k++) {
      ptrdiff_t at = (i + k) % (2 * n);
      if (at < 0)
        at += 2 * n;
      if (at >= n)
        at = 2 * n - 1 - at;
      double value = exp (-0.5 * (double) (k * k) / ((double) sigma * sigma));
      weights[at - first] += (float) value;
      sum += value;
    }
    for (size_t k = 0; k < width; k++)
      weights[k] = (float) (weights[k] / sum);
  }
  return LIMN_OK;
}

/* sum[i] += weight * row[i] */
static inline void
add_row (float *restrict sum, const float *restrict row, float weight, size_t count)
{
  for (size_t i = 0; i < count; i++)
    sum[i] += weight * row[i];
}

LIMN_WIDE static void
sum_rows (float *restrict sum, const float *in, size_t count, size_t taps, const float *weights)
{
  size_t k = 0;

  memset (sum, 0, count * sizeof *sum);
  for (; k + 4 <= taps; k += 4) {
    const float *a = in + k * count, *b = a + count, *c = b + count, *d = c + count;
    const float wa = weights[k], wb = weights[k + 1], wc = weights[k + 2], wd = weights[k + 3];
    for (size_t i = 0; i < count; i++)
      sum[i] += (wa * a[i] + wb * b[i]) + (wc * c[i] + wd * d[i]);
  }
  for (; k < taps; k++)
    if (weights[k] != 0.0f)
      add_row (sum, in + k * count, weights[k], count);
}

static inline void
sum_columns (float *restrict out, const float *restrict in, const Taps *taps, size_t channels)
{
  for (size_t i = 0; i < taps->count; i++) {
    const float *weights = taps->weights + i * taps->taps, *from = in + taps->first[i] * channels;
    float sum[4] = { 0 };
    for (size_t k = 0; k < taps->taps; k++)
      for (size_t c = 0; c < channels; c++)
        sum[c] += weights[k] * from[k * channels + c];
    for (size_t c = 0; c < channels; c++)
      out[i * channels + c] = sum[c];
  }
}

/* Three channels as four; the fourth is the next pixel's first and ignored. in has FOUR_MORE floats behind its last pixel. */
static void
sum_columns_3 (float *restrict out, const float *restrict in, const Taps *taps)
{
  for (size_t i = 0; i < taps->count; i++) {
    const float *weights = taps->weights + i * taps->taps, *from = in + taps->first[i] * 3;
    LimnFour sum = { 0 }, pixel;
    for (size_t k = 0; k < taps->taps; k++) {
      memcpy (&pixel, from + 3 * k, sizeof pixel);
      sum += weights[k] * pixel;
    }
    memcpy (out + 3 * i, &sum, 3 * sizeof (float));
  }
}

static void
sum_columns_any (float *restrict out, const float *restrict in, const Taps *taps, size_t channels)
{
  for (size_t i = 0; i < taps->count; i++) {
    const float *weights = taps->weights + i * taps->taps, *from = in + taps->first[i] * channels;
    for (size_t c = 0; c < channels; c++) {
      float sum = 0.0f;
      for (size_t k = 0; k < taps->taps; k++)
        sum += weights[k] * from[k * channels + c];
      out[i * channels + c] = sum;
    }
  }
}

enum { ROWS_A_PIECE = 16, FOUR_MORE = 4 };

typedef struct {
  const LimnImage *in;
  LimnImage *out;
  const Taps *across, *down;
  size_t top;     /* first row of in that is needed */
  float *scratch; /* [workers]: one row of in and FOUR_MORE zeros */
} Job;

static void
sum_across (float *restrict out, const float *restrict in, const Taps *across, size_t channels)
{
  switch (channels) {
  case 1: sum_columns (out, in, across, 1); break;
  case 2: sum_columns (out, in, across, 2); break;
  case 3: sum_columns_3 (out, in, across); break;
  case 4: sum_columns (out, in, across, 4); break;
  default: sum_columns_any (out, in, across, channels);
  }
}

/* Vertical, then horizontal. */
static void
whole_rows (void *user, size_t piece, int worker)
{
  const Job *job = user;
  const size_t channels = job->in->channels, count = job->in->width * channels;
  float *sum = job->scratch + (size_t) worker * (count + FOUR_MORE);
  size_t end = (piece + 1) * ROWS_A_PIECE;

  if (end > job->out->height)
    end = job->out->height;
  for (size_t y = piece * ROWS_A_PIECE; y < end; y++) {
    sum_rows (sum, job->in->data + job->down->first[y] * count, count, job->down->taps, job->down->weights + y * job->down->taps);
    sum_across (job->out->data + y * job->out->width * channels, sum, job->across, channels);
  }
}

/* Horizontal only. */
static void
row_across (void *user, size_t y, int worker)
{
  const Job *job = user;
  const size_t channels = job->in->channels, count = job->in->width * channels;
  float *row = job->scratch + (size_t) worker * (count + FOUR_MORE);

  memcpy (row, job->in->data + (job->top + y) * count, count * sizeof *row);
  sum_across (job->out->data + y * job->out->width * channels, row, job->across, channels);
}

/* Vertical only. */
static void
row_down (void *user, size_t y, int worker)
{
  const Job *job = user;
  const size_t count = job->in->width * job->in->channels;

  sum_rows (job->out->data + y * count, job->in->data + (job->down->first[y] - job->top) * count, count, job->down->taps,
            job->down->weights + y * job->down->taps);
}

/* Horizontal first, of the rows that are needed. */
static LimnStatus
run_enlarging (Job *job, LimnPool *pool, LimnError *error)
{
  Job first = *job;
  LIMN_SCOPED_IMAGE wide = { 0 };
  size_t end = 0;

  job->top = SIZE_MAX;
  for (size_t y = 0; y < job->out->height; y++) {
    const size_t from = job->down->first[y];

    job->top = limn_size_min (job->top, from);
    end = from + job->down->taps > end ? from + job->down->taps : end;
  }
  LIMN_TRY (limn_image_alloc (&wide, job->out->width, end - job->top, job->in->channels, error));
  first.out = &wide;
  first.top = job->top;
  LIMN_TRY (limn_pool_try (pool, wide.height, row_across, &first, error));
  job->in = &wide;
  return limn_pool_try (pool, job->out->height, row_down, job, error);
}

/* enlarging: the whole picture has more rows afterwards, whether or not these are all of them. */
static LimnStatus
separable (LimnImage *out, const LimnImage *in, const Taps *across, const Taps *down, bool enlarging, LimnPool *pool, LimnError *error)
{
  const size_t workers = pool ? (size_t) limn_pool_threads (pool) : 1, row = in->width * in->channels + FOUR_MORE;
  Job job = { .in = in, .out = out, .across = across, .down = down, .scratch = limn_alloc (workers, row, 1, sizeof (float)) };
  LimnStatus status;

  if (job.scratch == NULL)
    return limn_fail_memory (error, workers * row * sizeof (float));
  for (size_t i = 0; i < workers; i++)
    memset (job.scratch + (i + 1) * row - FOUR_MORE, 0, FOUR_MORE * sizeof (float));
  status = limn_image_alloc (out, across->count, down->count, in->channels, error);
  if (status == LIMN_OK)
    status = enlarging ? run_enlarging (&job, pool, error)
                       : limn_pool_try (pool, (out->height + ROWS_A_PIECE - 1) / ROWS_A_PIECE, whole_rows, &job, error);
  if (status != LIMN_OK)
    limn_image_clear (out);
  free (job.scratch);
  return status;
}

LimnStatus
limn_resample (LimnImage *out, const LimnImage *in, size_t width, size_t height, LimnFilter filter, LimnPool *pool, LimnError *error)
{
  *out = (LimnImage){ 0 };
  if (width == 0 || height == 0)
    return limn_fail (error, LIMN_BAD_INPUT, "A picture can't be resized to %zu x %zu pixels: choose at least 1 x 1.", width, height);
  if (width == in->width && height == in->height)
    return limn_image_copy (out, in, error);
  return limn_resample_rows (out, 0, height, in, 0, in->height, width, height, filter, pool, error);
}

LimnStatus
limn_resample_rows (LimnImage *out, size_t y, size_t rows, const LimnImage *in, size_t in_y, size_t in_height, size_t width, size_t height,
                    LimnFilter filter, LimnPool *pool, LimnError *error)
{
  Taps across = { 0 }, down = { 0 };
  LimnStatus status;

  *out = (LimnImage){ 0 };
  if (width == in->width && height == in_height) {
    LIMN_TRY (limn_image_alloc (out, width, rows, in->channels, error));
    memcpy (out->data, in->data + (y - in_y) * width * in->channels, rows * width * in->channels * sizeof (float));
    return LIMN_OK;
  }
  status = taps_for_filter (&across, in->width, width, 0, width, filter, error);
  if (status == LIMN_OK)
    status = taps_for_filter (&down, in_height, height, y, rows, filter, error);
  for (size_t i = 0; status == LIMN_OK && i < rows; i++)
    down.first[i] -= in_y;
  if (status == LIMN_OK)
    status = separable (out, in, &across, &down, height > in_height, pool, error);
  taps_clear (&across);
  taps_clear (&down);
  return status;
}

void
limn_resample_reach (size_t in_height, size_t height, LimnFilter filter, size_t y, size_t rows, size_t *first, size_t *end)
{
  const Span span = span_of (in_height, height, filter);

  *first = (size_t) first_tap (&span, in_height, y);
  *end = (size_t) first_tap (&span, in_height, y + rows - 1) + span.width;
}

LimnStatus
limn_resample_weighted (LimnImage *out, LimnImage *out_weight, const LimnImage *in, const LimnImage *weight, size_t width, size_t height,
                        LimnFilter filter, LimnPool *pool, LimnError *error)
{
  const size_t channels = in->channels, pixels = in->width * in->height;
  LimnImage joined = { 0 }, resampled = { 0 };
  LimnStatus status;

  *out = (LimnImage){ 0 };
  if (out_weight)
    *out_weight = (LimnImage){ 0 };
  LIMN_TRY (limn_image_alloc (&joined, in->width, in->height, channels + 1, error));
  for (size_t i = 0; i < pixels; i++) {
    float *to = joined.data + i * (channels + 1);
    for (size_t c = 0; c < channels; c++)
      to[c] = in->data[i * channels + c] * weight->data[i];
    to[channels] = weight->data[i];
  }
  status = limn_resample (&resampled, &joined, width, height, filter, pool, error);
  limn_image_clear (&joined);
  if (status == LIMN_OK)
    status = limn_image_new (out, width, height, channels, error);
  if (status == LIMN_OK && out_weight)
    status = limn_image_new (out_weight, width, height, 1, error);
  if (status != LIMN_OK) {
    limn_image_clear (&resampled);
    limn_image_clear (out);
    return status;
  }
  for (size_t i = 0; i < width * height; i++) {
    const float *from = resampled.data + i * (channels + 1);
    const float w = from[channels];
    if (out_weight)
      out_weight->data[i] = w > 0.0f ? w : 0.0f;
    if (w > 1e-5f)
      for (size_t c = 0; c < channels; c++)
        out->data[i * channels + c] = from[c] / w;
  }
  limn_image_clear (&resampled);
  return LIMN_OK;
}

LimnStatus
limn_blur (LimnImage *out, const LimnImage *in, float sigma, LimnPool *pool, LimnError *error)
{
  Taps across = { 0 }, down = { 0 };
  LimnStatus status;

  *out = (LimnImage){ 0 };
  status = taps_for_blur (&across, in->width, sigma, error);
  if (status == LIMN_OK)
    status = taps_for_blur (&down, in->height, sigma, error);
  if (status == LIMN_OK)
    status = separable (out, in, &across, &down, false, pool, error);
  taps_clear (&across);
  taps_clear (&down);
  return status;
}
