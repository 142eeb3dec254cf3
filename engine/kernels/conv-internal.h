/* Shared by the kinds of convolution.
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
  float *bias; /* [out], padded with zeros to whole vectors */
};

static inline size_t
limn_conv_stride (const LimnConv *conv)
{
  return conv->kind == LIMN_CONV_3X3_HALF || conv->kind == LIMN_CONV_3X3_HALF_END ? 2 : 1;
}

/* Zeros padded before a side of a grid, for a 3x3 kind. */
static inline ptrdiff_t
limn_conv_before (const LimnConv *conv, size_t side)
{
  return conv->kind == LIMN_CONV_3X3_HALF_END && side % 2 == 0 ? 0 : 1;
}

/* Output side for a grid's side. */
static inline size_t
limn_conv_made (const LimnConv *conv, size_t side)
{
  return (side + limn_conv_stride (conv) - 1) / limn_conv_stride (conv);
}

/* A convolution being run. Pieces are blocks of the grid times groups of panels; a unit (pool.h) is the output of one panel on one
 * block. */
typedef struct {
  const LimnConv *conv;
  LimnConvArguments arguments;
  const float *bias;
  float *scratch;
  size_t scratch_stride;
  uint64_t stamp;                   /* number of this run's first block (Winograd); the others count on from it */
  size_t pairs, depth;              /* pairs of component rows, and channels, whose weights are transformed together (Winograd) */
  size_t block_rows, block_columns; /* in tiles (Winograd), output rows (3x3) or pixels (1x1, block_rows) */
  size_t blocks_across, blocks, groups, panels, panels_a_group;
  size_t halves; /* 0, or the number of the second of two halves of a panel, which panels counts as two (Winograd) */
} LimnConvJob;

/* Copies rows x columns pixels from (top, left) on (may lie outside: zeros) of the joined, normalised, enlarged input into
 * strip [rows][columns][stride]; channels past the input's are zeros. */
void limn_conv_strip (const LimnConvJob *job, ptrdiff_t top, ptrdiff_t left, size_t rows, size_t columns, size_t stride, float *strip);

/* Floats of arguments.parts for a grid of that height. */
size_t limn_conv_job_parts (const LimnConvJob *job, size_t height);
/* Computes the moments of one chunk: count channels from first on, of rows x pixels of out from pixel at on; rows are row pixels apart. */
void
limn_conv_measure (const LimnConvJob *job, size_t chunk, size_t at, size_t rows, size_t row, size_t pixels, size_t first, size_t count);
/* Combines all chunks' moments into arguments.moments. */
void limn_conv_join (const LimnConvJob *job);

/* alone: plan for one thread. The results are the same. */
void limn_winograd_plan (LimnConvJob *job, const LimnConv *conv, size_t width, size_t height, bool alone);
size_t limn_winograd_scratch (const LimnConvJob *job);
uint64_t limn_winograd_stamp (const LimnConvJob *job); /* for job->stamp: unique */
void limn_winograd_piece (void *user, size_t piece, int worker, LimnClaims *claims);
/* True if binary16 represents every scale * weight exactly. */
bool limn_winograd_fits_half (const float *weight, size_t count, float scale);
void limn_winograd_pack (void *user, size_t panel, int worker); /* user: LimnConvPack */

typedef struct {
  LimnConv *conv;
  const float *weight;
  float scale;
} LimnConvPack;

#endif
