/* Expansion and depthwise convolution in one: a piece is some rows of the result and one panel of channels, whose expanded rows it
 * makes in its worker's scratch, zeros around them, and convolves there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "depthwise.h"

#include <stdlib.h>
#include <string.h>

enum {
  PIXELS_AT_ONCE = 48,    /* expanded by one product: a multiple of every register block */
  STRIP_FLOATS = 1 << 15, /* of expanded rows, where one row of the result does not need more: what a second-level cache holds */
  MOST_WIDE = 32,         /* floats of a panel's row, by the widest instruction set */
};

struct LimnDepthwise {
  const LimnKernels *kernels;
  size_t in, channels, size, stride;
  float *expand, *expand_bias; /* expand: packed (kernels.h), NULL: none */
  float *weight, *bias;        /* weight: for each panel [size][size][width]; biases with zeros up to whole vectors */
};

/* ---------------------------------------------------------------- weights */

static float *
pad_vector (const float *from, size_t count, size_t padded)
{
  float *out = limn_alloc (padded, 1, 1, sizeof *out);

  if (!out)
    return NULL;
  memcpy (out, from, count * sizeof *out);
  memset (out + count, 0, (padded - count) * sizeof *out);
  return out;
}

LimnStatus
limn_depthwise_new (LimnDepthwise **out, const LimnKernels *kernels, const LimnDepthwiseWeights *w, LimnError *error)
{
  const size_t area = w->size * w->size, padded = (w->channels + kernels->lanes - 1) / kernels->lanes * kernels->lanes;
  LimnDepthwise *self = calloc (1, sizeof *self);

  *out = NULL;
  if (!self)
    return limn_fail_memory (error, sizeof *self);
  *self = (LimnDepthwise){ .kernels = kernels, .in = w->in, .channels = w->channels, .size = w->size, .stride = w->stride };
  self->weight = limn_alloc (area, padded, 1, sizeof (float));
  self->bias = pad_vector (w->bias, w->channels, padded);
  if (w->expand) {
    self->expand = limn_alloc (w->in, padded, 1, sizeof (float));
    self->expand_bias = pad_vector (w->expand_bias, w->channels, padded);
  }
  if (!self->weight || !self->bias || (w->expand && (!self->expand || !self->expand_bias))) {
    limn_depthwise_free (self);
    return limn_fail_memory (error, (area + w->in) * padded * sizeof (float));
  }
  limn_pack (kernels, w->weight, area, w->channels, 1, area, self->weight);
  if (w->expand)
    limn_pack (kernels, w->expand, w->in, w->channels, 1, w->in, self->expand);
  *out = self;
  return LIMN_OK;
}

void
limn_depthwise_free (LimnDepthwise *self)
{
  if (!self)
    return;
  free (self->expand);
  free (self->expand_bias);
  free (self->weight);
  free (self->bias);
  free (self);
}

size_t
limn_depthwise_channels (const LimnDepthwise *self)
{
  return self->channels;
}

size_t
limn_depthwise_made (const LimnDepthwise *self, size_t side)
{
  return (side + self->stride - 1) / self->stride;
}

double
limn_depthwise_flop (const LimnDepthwise *self, size_t width, size_t height)
{
  const double made = (double) limn_depthwise_made (self, width) * (double) limn_depthwise_made (self, height);
  const double expand = self->expand ? (double) self->in * (double) width * (double) height : 0.0;

  return 2.0 * (double) self->channels * (expand + (double) (self->size * self->size) * made);
}

/* ---------------------------------------------------------------- pieces */

/* Expanded rows: [height][width][a panel's width], of a grid's from (-before_x, top * stride - before_y) on. */
typedef struct {
  const LimnDepthwise *self;
  size_t width, height;           /* of the grid */
  size_t made_width, made_height; /* of the result */
  ptrdiff_t before_x, before_y;   /* zeros before the grid */
  size_t columns, rows;           /* pixels of an expanded row; rows of the result that a piece makes */
  size_t bands, panels;           /* pieces: bands times panels */
  const float *in;
  float *out, *scratch;
  size_t scratch_stride;
} Job;

/* All zeros beside a side: what made steps need that is not there. */
static size_t
padding (const LimnDepthwise *self, size_t side)
{
  return (limn_depthwise_made (self, side) - 1) * self->stride + self->size - side;
}

/* Expanded rows that so many rows of the result are made of. */
static size_t
rows_needed (const LimnDepthwise *self, size_t made)
{
  return (made - 1) * self->stride + self->size;
}

static Job
plan (const LimnDepthwise *self, size_t width, size_t height)
{
  const size_t wide = 2 * self->kernels->lanes;
  Job job = {
    .self = self,
    .width = width,
    .height = height,
    .made_width = limn_depthwise_made (self, width),
    .made_height = limn_depthwise_made (self, height),
    .before_x = (ptrdiff_t) (padding (self, width) / 2),
    .before_y = (ptrdiff_t) (padding (self, height) / 2),
    .columns = width + padding (self, width),
    .panels = (self->channels + wide - 1) / wide,
  };

  for (job.rows = job.made_height; job.rows > 1 && rows_needed (self, job.rows) * job.columns * wide > STRIP_FLOATS;)
    job.rows = (job.rows + 1) / 2;
  job.bands = (job.made_height + job.rows - 1) / job.rows;
  return job;
}

size_t
limn_depthwise_scratch (const LimnDepthwise *self, size_t width, size_t height)
{
  const Job job = plan (self, width, height);

  return rows_needed (self, job.rows) * job.columns * 2 * self->kernels->lanes;
}

/* Expands pixels [first, first + count) of the grid, or copies a panel's channels of them, into the strip whose first row is the
 * grid's row top (may be before it). */
static void
expand_pixels (const Job *job, size_t panel, size_t width, ptrdiff_t top, size_t first, size_t count, float *strip)
{
  const LimnDepthwise *self = job->self;
  const LimnKernels *kernels = self->kernels;
  const size_t from = panel * 2 * kernels->lanes, channels = limn_size_min (width, self->channels - from);
  float sum[PIXELS_AT_ONCE * MOST_WIDE];

  if (self->expand)
    kernels->gemm (count, width, self->in, job->in + first * self->in, self->in, self->expand + from * self->in, sum, width, false);
  for (size_t i = 0; i < count;) { /* a grid's row at a time */
    const size_t y = (first + i) / job->width, x = (first + i) % job->width, run = limn_size_min (job->width - x, count - i);
    float *to = strip + ((size_t) ((ptrdiff_t) y - top) * job->columns + (size_t) job->before_x + x) * width;

    if (self->expand)
      kernels->finish (sum + i * width, width, run, width, self->expand_bias + from, NULL, 0.0f, true, to, width);
    else
      kernels->affine (job->in + (first + i) * self->in + from, self->in, run, channels, NULL, NULL, false, to, width);
    i += run;
  }
}

/* The strip that made rows of the result from the given on are made of. */
static void
fill_strip (const Job *job, size_t panel, size_t width, size_t made_top, size_t made, float *strip)
{
  const LimnDepthwise *self = job->self;
  const ptrdiff_t top = (ptrdiff_t) (made_top * self->stride) - job->before_y, height = (ptrdiff_t) job->height;
  const size_t rows = rows_needed (self, made), pitch = job->columns * width;
  const size_t begin = top > 0 ? (size_t) top : 0, left = (size_t) job->before_x;
  const size_t end = top + (ptrdiff_t) rows < height ? (size_t) (top + (ptrdiff_t) rows) : job->height;

  for (size_t i = 0; i < rows; i++) {
    const ptrdiff_t y = top + (ptrdiff_t) i;
    const bool inside = y >= 0 && y < height;
    float *row = strip + i * pitch;

    if (!inside || width > self->channels - panel * 2 * self->kernels->lanes) {
      memset (row, 0, pitch * sizeof *row);
      continue;
    }
    memset (row, 0, left * width * sizeof *row);
    memset (row + (left + job->width) * width, 0, (job->columns - left - job->width) * width * sizeof *row);
  }
  for (size_t first = begin * job->width; first < end * job->width; first += PIXELS_AT_ONCE)
    expand_pixels (job, panel, width, top, first, limn_size_min (PIXELS_AT_ONCE, end * job->width - first), strip);
}

static void
run_piece (void *user, size_t piece, int worker, LimnClaims *claims)
{
  const Job *job = user;
  const LimnDepthwise *self = job->self;
  const size_t panel = piece % job->panels, top = piece / job->panels * job->rows, from = panel * 2 * self->kernels->lanes;
  const size_t made = limn_size_min (job->rows, job->made_height - top), width = limn_panel_width (self->kernels, self->channels, from);
  float *strip = job->scratch + (size_t) worker * job->scratch_stride;

  if (!limn_claims_open (claims, piece))
    return;
  fill_strip (job, panel, width, top, made, strip);
  if (!limn_claims_take (claims, piece))
    return;
  for (size_t y = 0; y < made; y++)
    self->kernels->depthwise (strip + y * self->stride * job->columns * width, job->columns * width, job->made_width, self->size,
                              self->stride, self->weight + from * self->size * self->size, self->bias + from, width,
                              limn_size_min (width, self->channels - from), job->out + (top + y) * job->made_width * self->channels + from,
                              self->channels);
  limn_claims_done (claims);
}

void
limn_depthwise_run (const LimnDepthwise *self, size_t width, size_t height, const float *in, float *out, LimnPool *pool, float *scratch,
                    size_t stride)
{
  Job job = plan (self, width, height);

  job.in = in;
  job.out = out;
  job.scratch = scratch;
  job.scratch_stride = stride;
  limn_pool_run_claimed (pool, job.bands * job.panels, job.bands * job.panels, run_piece, &job, sizeof job);
}
