/* 3x3 convolution by Winograd F(4x4,3x3) (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks").
 *
 * Weights are kept as compact as in the file, in binary16 where that is lossless, and are transformed in each run, for a panel of
 * columns and some channels at a time, so that the products find them in the core's caches. Reading pre-transformed weights, four times
 * as many and in f32, is slower for layers with many channels and no faster for others. With few tiles most of the time goes to the
 * transform, which is bound by stores: a third of the components is computed at a time, since stores are three times as fast while they
 * stay in the first-level cache. With more tiles, all components are computed in one pass over the weights; with many, a third at a time
 * again, for more channels, so that products spend less on reloading sums.
 *
 * A grid enlarged by repeating pixels has pairs of equal values in each tile, so that the components in row or column 3 of the
 * transformed tile, those of the point -1, are exactly 0: 11 of 36 products are skipped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "conv-internal.h"

#include <stdatomic.h>
#include <string.h>

enum {
  COMPONENTS = 36,
  PAIRS = 3, /* of rows of components */
  PAIR = COMPONENTS / PAIRS,
  FIRST_BYTES = 20 << 10,   /* of weights transformed together, for at most FEW_TILES tiles */
  SECOND_BYTES = 288 << 10, /* and for more */
  BLOCK_BYTES = 1536 << 10, /* of a block's transformed input */
  FEW_TILES = 8,
  SOME_TILES = 32,
  MOST_TILES = 64,
  FEW_BLOCKS = 4, /* with fewer blocks, panels are divided among threads too */
  LINE = 16,      /* floats of a cache line, as padding that keeps the components out of each other's cache sets */
};

/* ---------------------------------------------------------------- weights */

/* Converts value to binary16 in *half; false if that is not exact. */
static bool
narrow (float value, uint16_t *half)
{
  uint32_t bits, mantissa;
  int exponent;

  memcpy (&bits, &value, sizeof bits);
  mantissa = bits & 0x7fffffu;
  exponent = (int) (bits >> 23 & 255) - 127;
  *half = (uint16_t) (bits >> 16 & 0x8000u);
  if (exponent >= -14 && exponent <= 15) {
    *half |= (uint16_t) ((uint32_t) (exponent + 15) << 10 | mantissa >> 13);
    return (mantissa & 0x1fffu) == 0;
  }
  if (exponent >= -24 && exponent < -14) {
    const uint32_t whole = mantissa | 0x800000u;
    const int shift = -1 - exponent;
    *half |= (uint16_t) (whole >> shift);
    return (whole & ((1u << shift) - 1)) == 0;
  }
  return (bits & 0x7fffffffu) == 0;
}

bool
limn_winograd_fits_half (const float *weight, size_t count, float scale)
{
  uint16_t half;

  for (size_t i = 0; i < count; i++)
    if (!narrow (scale * weight[i], &half))
      return false;
  return true;
}

void
limn_winograd_pack (void *user, size_t panel, int worker)
{
  const LimnConvPack *pack = user;
  const LimnConv *conv = pack->conv;
  const size_t first = panel * 2 * conv->kernels->lanes, width = limn_panel_width (conv->kernels, conv->out, first);
  const size_t there = conv->out - first < width ? conv->out - first : width;
  float *floats = (float *) conv->packed + first * 9 * conv->in;
  uint16_t *halves = (uint16_t *) conv->packed + first * 9 * conv->in;

  for (size_t i = 0; i < 9 * conv->in; i++)
    for (size_t j = 0; j < width; j++) {
      const float value = j < there ? pack->scale * pack->weight[(first + j) * 9 * conv->in + i] : 0.0f;

      if (conv->half)
        narrow (value, halves + i * width + j);
      else
        floats[i * width + j] = value;
    }
}

/* ---------------------------------------------------------------- sizes */

static size_t
padded_in (const LimnConv *conv)
{
  return (conv->in + conv->kernels->lanes - 1) / conv->kernels->lanes * conv->kernels->lanes;
}

uint64_t
limn_winograd_stamp (const LimnConvJob *job)
{
  static atomic_uint_fast64_t stamps = 1;

  return atomic_fetch_add_explicit (&stamps, job->blocks, memory_order_relaxed);
}

void
limn_winograd_plan (LimnConvJob *job, const LimnConv *conv, size_t width, size_t height, bool alone)
{
  const size_t across = (width + 3) / 4, down = (height + 3) / 4;
  const size_t share = alone ? MOST_TILES : across * down * job->panels / FEW_BLOCKS; /* so that there are enough pieces for the threads */
  const size_t wanted = share > MOST_TILES ? MOST_TILES : share < SOME_TILES ? SOME_TILES : share;
  const size_t room = BLOCK_BYTES / (COMPONENTS * sizeof (float) * padded_in (conv)), tiles = room < across * down ? room : across * down;
  const size_t most = room > wanted ? wanted : room < 8 ? 8 : room, widest = limn_size_min (most, SOME_TILES);

  job->blocks_across = (across + widest - 1) / widest; /* the same for one thread as for many, as moments are measured by block */
  job->block_columns = (across + job->blocks_across - 1) / job->blocks_across;
  job->blocks_across = (across + job->block_columns - 1) / job->block_columns;
  job->block_rows = most / job->block_columns;
  job->blocks = (down + job->block_rows - 1) / job->block_rows;
  job->block_rows = (down + job->blocks - 1) / job->blocks;
  job->blocks = (down + job->block_rows - 1) / job->block_rows * job->blocks_across;
  if (!alone && job->blocks == 1 && job->panels % 2 == 1 && conv->out > conv->kernels->lanes)
    job->halves = ++job->panels / 2; /* the middle panel is split in two halves, for two threads */
  if (job->blocks < FEW_BLOCKS)
    job->groups = job->panels; /* one each */
  /* not by the block's tiles, which depend on alone: transforming one pair at a time may round differently from all pairs together */
  job->pairs = tiles <= FEW_TILES || tiles > SOME_TILES ? 1 : PAIRS;
  job->depth = (tiles <= FEW_TILES ? FIRST_BYTES : SECOND_BYTES) / (job->pairs * PAIR * 2 * conv->kernels->lanes * sizeof (float));
}

static size_t
strip_floats (const LimnConvJob *job)
{
  return (4 * job->block_rows + 2) * (4 * job->block_columns + 2) * padded_in (job->conv);
}

static size_t
input_component (const LimnConvJob *job)
{
  return job->block_rows * job->block_columns * padded_in (job->conv) + LINE;
}

static size_t
output_component (const LimnConvJob *job)
{
  return job->block_rows * job->block_columns * 2 * job->conv->kernels->lanes + LINE;
}

static size_t
weight_component (const LimnConvJob *job)
{
  return (job->conv->in < job->depth ? job->conv->in : job->depth) * 2 * job->conv->kernels->lanes + LINE;
}

size_t
limn_winograd_scratch (const LimnConvJob *job)
{
  return LINE + strip_floats (job) + COMPONENTS * (input_component (job) + output_component (job)) +
         job->pairs * PAIR * weight_component (job);
}

/* ---------------------------------------------------------------- running */

/* The tiles of a block: its first tile, and how many lie on the grid. */
typedef struct {
  size_t top, left, rows, columns;
} Block;

static Block
find_block (const LimnConvJob *job, size_t block)
{
  const size_t across = (job->arguments.width + 3) / 4, down = (job->arguments.height + 3) / 4;
  Block b = { .top = block / job->blocks_across * job->block_rows, .left = block % job->blocks_across * job->block_columns };

  b.rows = down - b.top < job->block_rows ? down - b.top : job->block_rows;
  b.columns = across - b.left < job->block_columns ? across - b.left : job->block_columns;
  return b;
}

/* Transforms the tiles of a block into in[36][tiles of the block][channels]. */
static void
transform_in (const LimnConvJob *job, const Block *b, float *strip, float *in)
{
  const LimnKernels *kernels = job->conv->kernels;
  const size_t channels = padded_in (job->conv), width = 4 * b->columns + 2, component = input_component (job);

  limn_conv_strip (job, (ptrdiff_t) (4 * b->top) - 1, (ptrdiff_t) (4 * b->left) - 1, 4 * b->rows + 2, width, channels, strip);
  for (size_t y = 0; y < b->rows; y++)
    for (size_t x = 0; x < b->columns; x++)
      kernels->winograd_in (strip + (y * 4 * width + x * 4) * channels, width * channels, channels, channels,
                            in + (y * b->columns + x) * channels, component);
}

/* The columns of a unit: count from first on, in a panel that starts at column panel and is pitch wide. */
typedef struct {
  size_t panel, pitch, first, count;
} Columns;

static Columns
find_columns (const LimnConvJob *job, size_t unit)
{
  const LimnConv *conv = job->conv;
  const size_t lanes = conv->kernels->lanes, panel = (job->halves > 0 && unit >= job->halves ? unit - 1 : unit) * 2 * lanes;
  const size_t pitch = limn_panel_width (conv->kernels, conv->out, panel);

  if (job->halves > 0 && unit + 1 == job->halves)
    return (Columns){ panel, pitch, panel, lanes };
  if (job->halves > 0 && unit == job->halves)
    return (Columns){ panel, pitch, panel + lanes, lanes };
  return (Columns){ panel, pitch, panel, pitch };
}

/* out[36][tiles][count] = in[36][tiles][channels] . the weights of the columns. */
static void
multiply (const LimnConvJob *job, size_t tiles, const Columns *columns, const float *in, float *out, float *weights)
{
  const LimnConv *conv = job->conv;
  const LimnKernels *kernels = conv->kernels;
  const size_t channels = padded_in (conv), in_component = input_component (job), out_component = output_component (job);
  const size_t component = weight_component (job), size = conv->half ? sizeof (uint16_t) : sizeof (float);
  const bool enlarged = job->arguments.enlarge;

  for (size_t from = 0; from < conv->in; from += job->depth) {
    const size_t depth = conv->in - from < job->depth ? conv->in - from : job->depth, bytes = depth * columns->pitch * 9 * size;
    const size_t at = (columns->panel * conv->in + from * columns->pitch) * 9 + columns->first - columns->panel;
    const char *packed = (const char *) conv->packed + at * size;

    for (size_t pair = 0; pair < PAIRS; pair += job->pairs) {
      const size_t first = pair * PAIR;

      kernels->winograd_weights (pair, job->pairs, packed, conv->half, enlarged, depth, columns->pitch, columns->count, weights, component);
      for (size_t e = first; e < first + job->pairs * PAIR; e++) {
        for (size_t i = bytes * e / COMPONENTS; i < bytes * (e + 1) / COMPONENTS; i += 64)
          __builtin_prefetch (packed + bytes + i, 0, 2);
        if (!enlarged || (e / 6 != 3 && e % 6 != 3))
          kernels->gemm (tiles, columns->count, depth, in + e * in_component + from, channels, weights + (e - first) * component,
                         out + e * out_component, columns->count, from > 0);
      }
    }
  }
}

/* The block's transformed input, unless this worker has it already from another group of the block. Each worker computes its own, as
 * reading what another core has just computed is slower. The scratch begins with a mark that names the block it holds. */
static void
start_block (const LimnConvJob *job, size_t block, const Block *b, float *scratch, float *strip, float *in, float *out)
{
  const uint64_t mark = (job->stamp + block) * UINT64_C (0x9E3779B97F4A7C15); /* odd, and no bit pattern that small floats have */
  uint64_t made;

  memcpy (&made, scratch, sizeof made);
  if (made != mark)
    transform_in (job, b, strip, in);
  memcpy (scratch, &mark, sizeof mark);
  for (size_t e = 0; job->arguments.enlarge && e < COMPONENTS; e++)
    if (e / 6 == 3 || e % 6 == 3)
      memset (out + e * output_component (job), 0, b->rows * b->columns * 2 * job->conv->kernels->lanes * sizeof *out);
}

/* Inverse transform of a block's tiles, one row of tiles at a time. */
static void
measure (const LimnConvJob *job, const Block *b, size_t first, size_t count)
{
  const size_t width = job->arguments.width, x = 4 * b->left;

  for (size_t y = 4 * b->top; y < limn_size_min (4 * (b->top + b->rows), job->arguments.height); y += 4)
    limn_conv_measure (job, y / 4 * job->blocks_across + b->left / job->block_columns, y * width + x,
                       limn_size_min (4, job->arguments.height - y), width, limn_size_min (4 * b->columns, width - x), first, count);
}

void
limn_winograd_piece (void *user, size_t piece, int worker, LimnClaims *claims)
{
  const LimnConvJob *job = user;
  const LimnConv *conv = job->conv;
  const LimnKernels *kernels = conv->kernels;
  const LimnConvArguments *a = &job->arguments;
  const size_t block = piece / job->groups, group = piece % job->groups;
  const size_t begin = group * job->panels_a_group, end = begin + job->panels_a_group, unit = block * job->panels;
  const size_t out_component = output_component (job);
  const Block b = find_block (job, block);
  const size_t tiles = b.rows * b.columns;
  float *scratch = job->scratch + (size_t) worker * job->scratch_stride, *strip = scratch + LINE, *out = strip + strip_floats (job);
  float *weights = out + COMPONENTS * out_component, *in = weights + job->pairs * PAIR * weight_component (job);

  bool started = false;

  for (size_t panel = begin; panel < end && panel < job->panels; panel++) {
    const Columns columns = find_columns (job, panel);
    const size_t first = columns.first, width = columns.count, rest = conv->out - first;

    if (!limn_claims_open (claims, unit + panel))
      continue;
    if (!started)
      start_block (job, block, &b, scratch, strip, in, out);
    started = true;
    multiply (job, tiles, &columns, in, out, weights);
    if (!limn_claims_take (claims, unit + panel))
      continue;
    for (size_t t = 0; t < tiles; t++) {
      const size_t y = 4 * (b.top + t / b.columns), x = 4 * (b.left + t % b.columns), at = (y * a->width + x) * conv->out + first;

      kernels->winograd_out (out + t * width, out_component, rest < width ? rest : width, a->height - y < 4 ? a->height - y : 4,
                             a->width - x < 4 ? a->width - x : 4, job->bias + first, a->residual ? a->residual + at : NULL,
                             a->residual_scale, a->out + at, a->width * conv->out, conv->out);
    }
    if (a->moments)
      measure (job, &b, first, rest < width ? rest : width);
    limn_claims_done (claims);
  }
}
