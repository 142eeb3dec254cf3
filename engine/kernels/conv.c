/* Convolutions: packing of weights, division into pieces by the shape alone, and the plain kinds (1x1, 3x3, 3x3 with stride 2).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "conv-internal.h"

#include <stdlib.h>
#include <string.h>

enum {
  FEW_PIECES = 4,    /* least number of pieces, for layers that are large enough */
  MANY_PIECES = 8,   /* the same for 1x1, whose pieces start at little cost */
  ROWS_A_PIECE = 48, /* pixels of a 1x1 piece: a multiple of every register block */
  STRIP_FLOATS = 1 << 16,
  MOST_WIDE = 32,   /* widest panel row of any instruction set, in floats */
  MADE_AT_ONCE = 4, /* rows of a product that no instruction set computes slowly */
  PAST = 7,
};

static size_t
kernel_area (const LimnConv *conv)
{
  return conv->kind == LIMN_CONV_1X1 ? 1 : 9;
}

/* ---------------------------------------------------------------- weights */

/* A panel of a plain convolution: [kernel area][in][width]. */
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
  *conv = (LimnConv){ .kernels = kernels, .kind = kind, .in = in, .out = out };
  conv->half = kind == LIMN_CONV_WINOGRAD && limn_winograd_fits_half (weight, 9 * in * out, scale);
  conv->packed = limn_alloc (kernel_area (conv), in, padded, conv->half ? sizeof (uint16_t) : sizeof (float));
  conv->bias = limn_alloc (padded, 1, 1, sizeof (float));
  if (!conv->packed || !conv->bias) {
    const size_t bytes = kernel_area (conv) * in * padded * sizeof (float);

    limn_conv_free (conv);
    return limn_fail_memory (error, bytes);
  }
  for (size_t i = 0; i < padded; i++)
    conv->bias[i] = bias && i < out ? scale * bias[i] : 0.0f;
  limn_pool_run (pool, panels (conv), kind == LIMN_CONV_WINOGRAD ? limn_winograd_pack : pack_plain, &(LimnConvPack){ conv, weight, scale });
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

/* ---------------------------------------------------------------- input */

/* Writes count pixels of one row from x on, concatenated and normalised, to out, stride floats apart. */
static void
gather_run (const LimnConvJob *job, size_t y, size_t x, size_t count, size_t stride, float *out)
{
  const LimnConvArguments *a = &job->arguments;
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
        job->conv->kernels->affine (row + (x + j) / 2 * channels, channels, 1, channels, scale, shift, a->silu, out + j * stride + first,
                                    stride);
  }
  if (stride > first)
    for (size_t j = 0; j < count; j++)
      memset (out + j * stride + first, 0, (stride - first) * sizeof *out);
}

void
limn_conv_strip (const LimnConvJob *job, ptrdiff_t top, ptrdiff_t left, size_t rows, size_t columns, size_t stride, float *strip)
{
  const ptrdiff_t width = (ptrdiff_t) job->arguments.width, height = (ptrdiff_t) job->arguments.height;
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

/* Writes a panel's output for count pixels: sum + bias + residual. */
static void
write_rows (const LimnConvJob *job, const float *sum, size_t width, size_t at, size_t count, size_t first)
{
  const LimnConvArguments *a = &job->arguments;
  const size_t pitch = job->conv->out, rest = pitch - first, place = at * pitch + first;

  job->conv->kernels->finish (sum, width, count, rest < width ? rest : width, job->bias + first, a->residual ? a->residual + place : NULL,
                              a->residual_scale, a->relu6, a->out + place, pitch);
}

/* A 1x1 convolution: pixels times the matrix, reading the inputs in place unless they are normalised or enlarged. */
static void
piece_1x1 (void *user, size_t piece, int worker, LimnClaims *claims)
{
  const LimnConvJob *job = user;
  const LimnConv *conv = job->conv;
  const LimnConvArguments *a = &job->arguments;
  const size_t pixels = a->width * a->height, block = piece / job->groups, at = block * job->block_rows;
  const size_t count = pixels - at < job->block_rows ? pixels - at : job->block_rows, wide = 2 * conv->kernels->lanes;
  const size_t begin = piece % job->groups * job->panels_a_group, end = begin + job->panels_a_group;
  const float *in[2] = { a->in[0] + at * a->channels[0], a->channels[1] > 0 ? a->in[1] + at * a->channels[1] : NULL };
  size_t channels[2] = { a->channels[0], a->channels[1] };
  float sum[ROWS_A_PIECE * MOST_WIDE];

  if (a->scale || a->enlarge) {
    float *rows = job->scratch + (size_t) worker * job->scratch_stride;

    for (size_t i = 0; i < count;) { /* one grid row at a time */
      const size_t y = (at + i) / a->width, x = (at + i) % a->width;
      const size_t run = a->width - x < count - i ? a->width - x : count - i;
      gather_run (job, y, x, run, conv->in, rows + i * conv->in);
      i += run;
    }
    in[0] = rows;
    channels[0] = conv->in;
    channels[1] = 0;
  }
  for (size_t panel = begin; panel < end && panel < job->panels; panel++) {
    const size_t first = panel * wide, width = limn_panel_width (conv->kernels, conv->out, first), unit = block * job->panels + panel;
    const float *packed = (const float *) conv->packed + first * conv->in;

    if (!limn_claims_open (claims, unit))
      continue;
    for (int i = 0; i < 2 && channels[i] > 0; packed += channels[i++] * width)
      conv->kernels->gemm (count, width, channels[i], in[i], channels[i], packed, sum, width, i > 0);
    if (!limn_claims_take (claims, unit))
      continue;
    write_rows (job, sum, width, at, count, first);
    if (a->moments)
      limn_conv_measure (job, block, at, 1, 0, count, first, limn_size_min (width, conv->out - first));
    limn_claims_done (claims);
  }
}

/* Layout of a 3x3 convolution's input strip. Rows that are stride apart follow each other in a plane, each as long as its outputs need,
 * padded to a whole number of outputs (one or two are unused). The inputs of consecutive outputs are then equally far apart across rows,
 * so that one matrix product computes all of them, its rows rounded up to a multiple of MADE_AT_ONCE, reading at most PAST pixels beyond
 * the strip. */
typedef struct {
  size_t stride, width, height; /* of the output */
  size_t pitch;                 /* outputs per row, including unused ones */
  size_t columns;               /* pixels per row */
} Strip;

static Strip
strip_of (const LimnConv *conv, size_t width, size_t height)
{
  const size_t stride = limn_conv_stride (conv), made = limn_conv_made (conv, width), pitch = made + 3 - stride;

  return (Strip){ stride, made, limn_conv_made (conv, height), pitch, stride * pitch };
}

static size_t
strip_floats (const Strip *strip, size_t rows, size_t in)
{
  return (strip->stride * (rows + 3 - strip->stride) * strip->columns + PAST) * in;
}

/* Outputs in so many rows, including unused ones. */
static size_t
outputs_made (const Strip *strip, size_t rows)
{
  return (rows * strip->pitch + MADE_AT_ONCE - 1) / MADE_AT_ONCE * MADE_AT_ONCE;
}

/* A 3x3 convolution: three products, one per row of the kernel; the input windows of neighbouring outputs overlap in the strip. */
static void
piece_3x3 (void *user, size_t piece, int worker, LimnClaims *claims)
{
  const LimnConvJob *job = user;
  const LimnConv *conv = job->conv;
  const LimnConvArguments *a = &job->arguments;
  const Strip s = strip_of (conv, a->width, a->height);
  const size_t block = piece / job->groups, top = block * job->block_rows, line = s.columns * conv->in;
  const size_t rows = s.height - top < job->block_rows ? s.height - top : job->block_rows, plane = (rows + 3 - s.stride) * line;
  const size_t begin = piece % job->groups * job->panels_a_group, end = begin + job->panels_a_group;
  float *strip = job->scratch + (size_t) worker * job->scratch_stride, *sum = strip + strip_floats (&s, job->block_rows, conv->in);

  for (size_t y = 0; y < (rows - 1) * s.stride + 3; y++)
    limn_conv_strip (job, (ptrdiff_t) (top * s.stride + y) - limn_conv_before (conv, a->height), -limn_conv_before (conv, a->width), 1,
                     s.columns, conv->in, strip + y % s.stride * plane + y / s.stride * line);
  for (size_t panel = begin; panel < end && panel < job->panels; panel++) {
    const size_t first = panel * 2 * conv->kernels->lanes, count = limn_panel_width (conv->kernels, conv->out, first);
    const float *packed = (const float *) conv->packed + first * 9 * conv->in;

    if (!limn_claims_open (claims, block * job->panels + panel))
      continue;
    for (size_t ky = 0; ky < 3; ky++)
      conv->kernels->gemm (outputs_made (&s, rows), count, 3 * conv->in, strip + ky % s.stride * plane + ky / s.stride * line,
                           s.stride * conv->in, packed + ky * 3 * conv->in * count, sum, count, ky > 0);
    if (!limn_claims_take (claims, block * job->panels + panel))
      continue;
    for (size_t y = 0; y < rows; y++)
      write_rows (job, sum + y * s.pitch * count, count, (top + y) * s.width, s.width, first);
    if (a->moments)
      limn_conv_measure (job, block, top * s.width, 1, 0, rows * s.width, first, limn_size_min (count, conv->out - first));
    limn_claims_done (claims);
  }
}

/* ---------------------------------------------------------------- pieces */

static void
plan (LimnConvJob *job, const LimnConv *conv, size_t width, size_t height, bool alone)
{
  *job = (LimnConvJob){ .conv = conv, .groups = 1, .blocks_across = 1, .panels = panels (conv) };
  if (conv->kind == LIMN_CONV_WINOGRAD) {
    limn_winograd_plan (job, conv, width, height, alone);
  } else if (conv->kind == LIMN_CONV_1X1) {
    job->block_rows = ROWS_A_PIECE;
    job->blocks = (width * height + ROWS_A_PIECE - 1) / ROWS_A_PIECE;
    if (job->blocks < MANY_PIECES)
      job->groups = limn_size_min ((MANY_PIECES + job->blocks - 1) / job->blocks, job->panels);
  } else {
    const Strip s = strip_of (conv, width, height);
    const size_t row = s.columns * conv->in * s.stride;

    job->block_rows = STRIP_FLOATS / row > 1 ? STRIP_FLOATS / row : 1;
    if (job->block_rows > (s.height + FEW_PIECES - 1) / FEW_PIECES)
      job->block_rows = (s.height + FEW_PIECES - 1) / FEW_PIECES;
    if (s.height <= 2 * FEW_PIECES) { /* few rows: divide the panels among threads instead */
      job->block_rows = s.height;
      job->groups = limn_size_min (FEW_PIECES, job->panels);
    }
    job->blocks = (s.height + job->block_rows - 1) / job->block_rows;
  }
  job->panels_a_group = (job->panels + job->groups - 1) / job->groups;
}

size_t
limn_conv_scratch (const LimnConv *conv, size_t width, size_t height)
{
  LimnConvJob job;

  plan (&job, conv, width, height, false);
  if (conv->kind == LIMN_CONV_WINOGRAD) {
    const size_t shared = limn_winograd_scratch (&job);

    plan (&job, conv, width, height, true);
    const size_t alone = limn_winograd_scratch (&job);
    return alone > shared ? alone : shared;
  }
  if (conv->kind == LIMN_CONV_1X1)
    return job.block_rows * conv->in;
  const Strip s = strip_of (conv, width, height);
  return strip_floats (&s, job.block_rows, conv->in) + outputs_made (&s, job.block_rows) * 2 * conv->kernels->lanes;
}

size_t
limn_conv_parts (const LimnConv *conv, size_t width, size_t height)
{
  LimnConvJob job;

  plan (&job, conv, width, height, false);
  return limn_conv_job_parts (&job, height);
}

double
limn_conv_flop (const LimnConv *conv, size_t width, size_t height)
{
  const double pixels = (double) limn_conv_made (conv, width) * (double) limn_conv_made (conv, height);

  return 2.0 * (conv->kind == LIMN_CONV_1X1 ? 1.0 : 9.0) * pixels * (double) conv->in * (double) conv->out;
}

void
limn_conv_run (const LimnConv *conv, const LimnConvArguments *arguments, LimnPool *pool, float *scratch, size_t stride)
{
  const LimnClaimedWork work = conv->kind == LIMN_CONV_1X1 ? piece_1x1 : conv->kind == LIMN_CONV_WINOGRAD ? limn_winograd_piece : piece_3x3;
  LimnConvJob job;

  plan (&job, conv, arguments->width, arguments->height, limn_pool_threads (pool) == 1);
  job.arguments = *arguments;
  job.bias = arguments->bias ? arguments->bias : conv->bias;
  job.scratch = scratch;
  job.scratch_stride = stride;
  if (conv->kind == LIMN_CONV_WINOGRAD)
    job.stamp = limn_winograd_stamp (&job);
  limn_pool_run_claimed (pool, job.blocks * job.groups, job.blocks * job.panels, work, &job, sizeof job);
  if (arguments->moments)
    limn_conv_join (&job);
}
