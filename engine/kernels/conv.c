/* Convolutions: weights packed, work cut into pieces by shape alone, and the plain kinds (1x1, 3x3, 3x3 with stride 2).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "conv-internal.h"

#include <stdlib.h>
#include <string.h>

enum {
  FEW_PIECES = 4,     /* at least so many where a layer is large enough */
  ROWS_A_PIECE = 48,  /* pixels of a 1x1 piece: a multiple of every register block */
  STRIP_FLOATS = 1 << 16,
};

static size_t
kernel_area (const LimnConv *conv)
{
  return conv->kind == LIMN_CONV_1X1 ? 1 : 9;
}

/* ---------------------------------------------------------------- weights */

/* Panel of a plain convolution: [kernel area][in][width]. */
static void
pack_plain (void *user, size_t panel, int worker)
{
  const LimnConvPack *pack = user;
  const LimnConv *conv = pack->conv;
  const size_t first = panel * 2 * conv->kernels->lanes, area = kernel_area (conv);
  const size_t width = limn_panel_width (conv->kernels, conv->out, first);
  float *to = (float *) conv->packed + first * area * conv->in;

  for (size_t e = 0; e < area; e++)
    for (size_t c = 0; c < conv->in; c++)
      for (size_t j = 0; j < width; j++)
        *to++ = first + j < conv->out ? pack->scale * pack->weight[((first + j) * conv->in + c) * area + e] : 0.0f;
}

static size_t
panels (const LimnConv *conv)
{
  return (conv->out + 2 * conv->kernels->lanes - 1) / (2 * conv->kernels->lanes);
}

LimnStatus
limn_conv_new (LimnConv **out_conv, const LimnKernels *kernels, LimnConvKind kind, size_t in, size_t out, const float *weight,
               const float *bias, float scale, LimnPool *pool, LimnError *error)
{
  const size_t padded = (out + kernels->lanes - 1) / kernels->lanes * kernels->lanes;
  LimnConv *conv = calloc (1, sizeof *conv);

  *out_conv = NULL;
  if (!conv)
    return limn_fail_memory (error, sizeof *conv);
  *conv = (LimnConv) { .kernels = kernels, .kind = kind, .in = in, .out = out };
  conv->half = kind == LIMN_CONV_WINOGRAD && limn_winograd_fits_half (weight, 9 * in * out, scale);
  conv->packed = limn_alloc (kernel_area (conv), in, padded, conv->half ? sizeof (uint16_t) : sizeof (float));
  conv->bias = limn_alloc (padded, 1, 1, sizeof (float));
  if (!conv->packed || !conv->bias) {
    limn_conv_free (conv);
    return limn_fail_memory (error, kernel_area (conv) * in * padded * sizeof (float));
  }
  for (size_t i = 0; i < padded; i++)
    conv->bias[i] = bias && i < out ? scale * bias[i] : 0.0f;
  limn_pool_run (pool, panels (conv), kind == LIMN_CONV_WINOGRAD ? limn_winograd_pack : pack_plain,
                 &(LimnConvPack) { conv, weight, scale });
  *out_conv = conv;
  return LIMN_OK;
}

void
limn_conv_free (LimnConv *conv)
{
  if (!conv)
    return;
  free (conv->packed);
  free (conv->bias);
  free (conv);
}

LimnConvKind
limn_conv_kind (const LimnConv *conv)
{
  return conv->kind;
}

size_t
limn_conv_in (const LimnConv *conv)
{
  return conv->in;
}

size_t
limn_conv_out (const LimnConv *conv)
{
  return conv->out;
}

/* ---------------------------------------------------------------- the way in */

/* count pixels of one row from x on, joined and normalised, to out, stride floats apart. */
static void
gather_run (const LimnConvJob *job, size_t y, size_t x, size_t count, size_t stride, float *out)
{
  const LimnConvArguments *a = job->arguments;
  const size_t width = a->enlarge ? a->width / 2 : a->width;
  size_t first = 0;

  if (a->enlarge)
    y /= 2;
  for (int i = 0; i < 2 && a->channels[i] > 0; first += a->channels[i++]) {
    const size_t channels = a->channels[i];
    const float *row = a->in[i] + y * width * channels, *scale = a->scale ? a->scale + first : NULL;
    const float *shift = a->shift ? a->shift + first : NULL;

    if (!a->enlarge)
      job->conv->kernels->affine (row + x * channels, channels, count, channels, scale, shift, a->silu, out + first, stride);
    else
      for (size_t j = 0; j < count; j++)
        job->conv->kernels->affine (row + (x + j) / 2 * channels, channels, 1, channels, scale, shift, a->silu,
                                    out + j * stride + first, stride);
  }
  if (stride > first)
    for (size_t j = 0; j < count; j++)
      memset (out + j * stride + first, 0, (stride - first) * sizeof *out);
}

void
limn_conv_strip (const LimnConvJob *job, ptrdiff_t top, ptrdiff_t left, size_t rows, size_t columns, size_t stride, float *strip)
{
  const ptrdiff_t width = (ptrdiff_t) job->arguments->width, height = (ptrdiff_t) job->arguments->height;
  const ptrdiff_t right = left + (ptrdiff_t) columns;
  const ptrdiff_t from = left < 0 ? 0 : left, to = right > width ? width : right;

  for (size_t i = 0; i < rows; i++, strip += columns * stride) {
    const ptrdiff_t y = top + (ptrdiff_t) i;

    if (y < 0 || y >= height || from >= to) {
      memset (strip, 0, columns * stride * sizeof *strip);
      continue;
    }
    memset (strip, 0, (size_t) (from - left) * stride * sizeof *strip);
    gather_run (job, (size_t) y, (size_t) from, (size_t) (to - from), stride, strip + (size_t) (from - left) * stride);
    memset (strip + (size_t) (to - left) * stride, 0, (size_t) (right - to) * stride * sizeof *strip);
  }
}

/* ---------------------------------------------------------------- plain kinds */

/* out[count][columns] = bias + residual_scale * residual, ready for products to be added. */
static void
start_rows (const LimnConvJob *job, size_t at, size_t count, size_t first, size_t columns)
{
  const LimnConvArguments *a = job->arguments;
  const size_t pitch = job->conv->out;
  const float *bias = job->bias + first;

  for (size_t i = 0; i < count; i++) {
    float *out = a->out + (at + i) * pitch + first;
    const float *residual = a->residual ? a->residual + (at + i) * pitch + first : NULL;

    if (residual)
      for (size_t j = 0; j < columns; j++)
        out[j] = bias[j] + a->residual_scale * residual[j];
    else
      memcpy (out, bias, columns * sizeof *out);
  }
}

static size_t
columns_from (const LimnConv *conv, size_t first)
{
  return conv->out - first < 2 * conv->kernels->lanes ? conv->out - first : 2 * conv->kernels->lanes;
}

/* A 1x1 convolution: rows of pixels times the matrix. */
static void
piece_1x1 (void *user, size_t piece, int worker)
{
  const LimnConvJob *job = user;
  const LimnConv *conv = job->conv;
  const LimnConvArguments *a = job->arguments;
  const size_t pixels = a->width * a->height, at = piece * job->block_rows;
  const size_t count = pixels - at < job->block_rows ? pixels - at : job->block_rows;
  const bool direct = a->channels[1] == 0 && !a->scale && !a->enlarge;
  float *rows = job->scratch + (size_t) worker * job->scratch_stride;

  if (!direct)
    for (size_t i = 0; i < count;) { /* a grid's row at a time */
      const size_t y = (at + i) / a->width, x = (at + i) % a->width;
      const size_t run = a->width - x < count - i ? a->width - x : count - i;
      gather_run (job, y, x, run, conv->in, rows + i * conv->in);
      i += run;
    }
  for (size_t first = 0; first < conv->out; first += 2 * conv->kernels->lanes) {
    const size_t columns = columns_from (conv, first);
    start_rows (job, at, count, first, columns);
    conv->kernels->gemm (count, columns, conv->in, direct ? a->in[0] + at * conv->in : rows, conv->in,
                         (const float *) conv->packed + first * conv->in, a->out + at * conv->out + first, conv->out, true);
  }
}

/* A 3x3 convolution: the three rows above each other are three products whose rows overlap in the strip. */
static void
piece_3x3 (void *user, size_t piece, int worker)
{
  const LimnConvJob *job = user;
  const LimnConv *conv = job->conv;
  const LimnConvArguments *a = job->arguments;
  const size_t stride = conv->kind == LIMN_CONV_3X3_HALF ? 2 : 1, lanes = conv->kernels->lanes;
  const size_t width = (a->width + stride - 1) / stride, height = (a->height + stride - 1) / stride;
  const size_t top = piece / job->groups * job->block_rows, group = piece % job->groups;
  const size_t rows = height - top < job->block_rows ? height - top : job->block_rows;
  const size_t columns = (width - 1) * stride + 3;
  float *strip = job->scratch + (size_t) worker * job->scratch_stride;
  const size_t begin = group * job->panels_a_group * 2 * lanes, end = begin + job->panels_a_group * 2 * lanes;

  limn_conv_strip (job, (ptrdiff_t) (top * stride) - 1, -1, (rows - 1) * stride + 3, columns, conv->in, strip);
  for (size_t first = begin; first < end && first < conv->out; first += 2 * lanes) {
    const size_t count = columns_from (conv, first), panel = limn_panel_width (conv->kernels, conv->out, first);
    const float *packed = (const float *) conv->packed + first * 9 * conv->in;

    for (size_t y = 0; y < rows; y++) {
      float *out = a->out + (top + y) * width * conv->out + first;
      start_rows (job, (top + y) * width, width, first, count);
      for (size_t ky = 0; ky < 3; ky++)
        conv->kernels->gemm (width, count, 3 * conv->in, strip + (y * stride + ky) * columns * conv->in, stride * conv->in,
                             packed + ky * 3 * conv->in * panel, out, conv->out, true);
    }
  }
}

/* ---------------------------------------------------------------- pieces */

static void
plan (LimnConvJob *job, const LimnConv *conv, size_t width, size_t height)
{
  *job = (LimnConvJob) { .conv = conv, .groups = 1, .blocks_across = 1, .panels_a_group = panels (conv) };
  if (conv->kind == LIMN_CONV_WINOGRAD) {
    limn_winograd_plan (job, conv, width, height);
  } else if (conv->kind == LIMN_CONV_1X1) {
    job->block_rows = ROWS_A_PIECE;
    job->blocks = (width * height + ROWS_A_PIECE - 1) / ROWS_A_PIECE;
  } else {
    const size_t stride = conv->kind == LIMN_CONV_3X3_HALF ? 2 : 1, out_height = (height + stride - 1) / stride;
    const size_t row = (width + 2) * conv->in * stride;

    job->block_rows = STRIP_FLOATS / row > 1 ? STRIP_FLOATS / row : 1;
    if (job->block_rows > (out_height + FEW_PIECES - 1) / FEW_PIECES)
      job->block_rows = (out_height + FEW_PIECES - 1) / FEW_PIECES;
    if (out_height < 2 * FEW_PIECES) { /* few rows: share the weights out instead */
      job->block_rows = out_height;
      job->groups = job->panels_a_group < FEW_PIECES ? job->panels_a_group : FEW_PIECES;
    }
    job->blocks = (out_height + job->block_rows - 1) / job->block_rows;
  }
  job->panels_a_group = (job->panels_a_group + job->groups - 1) / job->groups;
}

size_t
limn_conv_scratch (const LimnConv *conv, size_t width, size_t height)
{
  LimnConvJob job;

  plan (&job, conv, width, height);
  if (conv->kind == LIMN_CONV_WINOGRAD)
    return limn_winograd_scratch (&job);
  if (conv->kind == LIMN_CONV_1X1)
    return job.block_rows * conv->in;
  const size_t stride = conv->kind == LIMN_CONV_3X3_HALF ? 2 : 1;
  return ((job.block_rows - 1) * stride + 3) * (width + 3) * conv->in;
}

size_t
limn_conv_shared (const LimnConv *conv, size_t width, size_t height)
{
  LimnConvJob job;

  plan (&job, conv, width, height);
  return conv->kind == LIMN_CONV_WINOGRAD ? limn_winograd_shared (&job) : 0;
}

double
limn_conv_flop (const LimnConv *conv, size_t width, size_t height)
{
  const size_t stride = conv->kind == LIMN_CONV_3X3_HALF ? 2 : 1;
  const double pixels = (double) ((width + stride - 1) / stride) * (double) ((height + stride - 1) / stride);

  return 2.0 * (conv->kind == LIMN_CONV_1X1 ? 1.0 : 9.0) * pixels * (double) conv->in * (double) conv->out;
}

void
limn_conv_run (const LimnConv *conv, const LimnConvArguments *arguments, LimnPool *pool, float *scratch, size_t stride, float *shared)
{
  const LimnWork work = conv->kind == LIMN_CONV_WINOGRAD ? limn_winograd_piece : conv->kind == LIMN_CONV_1X1 ? piece_1x1 : piece_3x3;
  LimnConvJob job;

  plan (&job, conv, arguments->width, arguments->height);
  job.arguments = arguments;
  job.bias = arguments->bias ? arguments->bias : conv->bias;
  job.scratch = scratch;
  job.scratch_stride = stride;
  job.shared = shared;
  if (conv->kind == LIMN_CONV_WINOGRAD && job.groups > 1)
    limn_pool_run (pool, job.blocks * job.block_rows, limn_winograd_share, &job);
  limn_pool_run (pool, job.blocks * job.groups, work, &job);
}
