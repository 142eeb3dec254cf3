/* What the kinds of convolution share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CONV_INTERNAL_H
#define LIMN_CONV_INTERNAL_H

#include <stdint.h>

#include "conv.h"

struct LimnConv {
  const LimnKernels *kernels;
  LimnConvKind kind;
  size_t in, out;
  /* 1x1: one packed matrix; 3x3: for each panel [9][in][width]; Winograd: for each panel [in][9][width], binary16 if half */
  void *packed;
  bool half;
  float *bias; /* [out] and zeros up to whole vectors */
};

static inline size_t
limn_conv_stride (const LimnConv *conv)
{
  return conv->kind == LIMN_CONV_3X3_HALF || conv->kind == LIMN_CONV_3X3_HALF_END ? 2 : 1;
}

/* Zeros before a side of a grid, of a 3x3 kind. */
static inline ptrdiff_t
limn_conv_before (const LimnConv *conv, size_t side)
{
  return conv->kind == LIMN_CONV_3X3_HALF_END && side % 2 == 0 ? 0 : 1;
}

/* A side of what is made of a grid's. */
static inline size_t
limn_conv_made (const LimnConv *conv, size_t side)
{
  return (side + limn_conv_stride (conv) - 1) / limn_conv_stride (conv);
}

/* A convolution being run: pieces are blocks of the grid times groups of panels; units (pool.h) are what one panel makes of a
 * block. */
typedef struct {
  const LimnConv *conv;
  LimnConvArguments arguments;
  const float *bias;
  float *scratch;
  size_t scratch_stride;
  uint64_t stamp;                   /* of this run's first block (Winograd); those that follow count on */
  size_t pairs, depth;              /* of rows of components, and channels, whose weights are transformed together (Winograd) */
  size_t block_rows, block_columns; /* in tiles (Winograd), output rows (3x3) or pixels (1x1, block_rows) */
  size_t blocks_across, blocks, groups, panels, panels_a_group;
  size_t halves; /* 0, or the second of two that together are one panel: panels counts both (Winograd) */
} LimnConvJob;

/* Copies rows x columns pixels from (top, left) on (may lie outside: zeros) of the joined, normalised, enlarged input into
 * strip [rows][columns][stride]; channels past the input's are zeros. */
void limn_conv_strip (const LimnConvJob *job, ptrdiff_t top, ptrdiff_t left, size_t rows, size_t columns, size_t stride, float *strip);

/* Floats of arguments.parts for a grid of that height. */
size_t limn_conv_job_parts (const LimnConvJob *job, size_t height);
/* A chunk's moments of count channels from first on: rows x pixels of out from pixel at on, its rows row pixels apart. */
void
limn_conv_measure (const LimnConvJob *job, size_t chunk, size_t at, size_t rows, size_t row, size_t pixels, size_t first, size_t count);
/* All chunks' moments to arguments.moments. */
void limn_conv_join (const LimnConvJob *job);

/* alone: for one thread. The results are the same bytes for either. */
void limn_winograd_plan (LimnConvJob *job, const LimnConv *conv, size_t width, size_t height, bool alone);
size_t limn_winograd_scratch (const LimnConvJob *job);
uint64_t limn_winograd_stamp (const LimnConvJob *job); /* for job->stamp: never the same twice */
void limn_winograd_piece (void *user, size_t piece, int worker, LimnClaims *claims);
/* True when binary16 holds all of scale * weight exactly. */
bool limn_winograd_fits_half (const float *weight, size_t count, float scale);
void limn_winograd_pack (void *user, size_t panel, int worker); /* user: LimnConvPack */

typedef struct {
  LimnConv *conv;
  const float *weight;
  float scale;
} LimnConvPack;

#endif
