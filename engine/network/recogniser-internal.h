/* What the parts of the recogniser share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_RECOGNISER_INTERNAL_H
#define LIMN_RECOGNISER_INTERNAL_H

#include "arena.h"
#include "engine/kernels/conv.h"
#include "engine/kernels/depthwise.h"
#include "recogniser.h"
#include "weights.h"

enum { RECOGNISER_MOST_BLOCKS = 64, NO_MAP = -1 };

/* An inverted residual. */
typedef struct {
  size_t kernel, stride, expand, in, out; /* expand: channels in the middle as a multiple of in; 1: no expansion */
  bool residual;                          /* in is added to out */
  int map;                                /* the feature map that its result is, NO_MAP: none */
  LimnDepthwise *middle;                  /* expansion and depthwise convolution */
  LimnConv *project;
} RecogniserBlock;

struct LimnRecogniser {
  const LimnKernels *kernels;
  LimnWeights *weights;
  char name[32];
  int threads; /* that a run has scratch for */
  size_t stem_channels, count;
  LimnConv *stem;
  float *likeness[LIMN_FEATURE_MAPS]; /* [LIMN_LIKENESS][channels]; NULL: its file has none */
  RecogniserBlock blocks[RECOGNISER_MOST_BLOCKS];
};

/* A run's steps: the stem, then two a block: its middle and its projection. Each makes the grid of its number. */
enum { RECOGNISER_MOST_STEPS = 1 + 2 * RECOGNISER_MOST_BLOCKS };
typedef struct {
  size_t width, height;
  float *data; /* of a feature map set by each run */
} RecogniserGrid;

struct LimnRecogniserRun {
  const LimnRecogniser *recogniser;
  size_t width, height, bytes, steps, scratch_stride;
  double flop;
  RecogniserGrid grids[RECOGNISER_MOST_STEPS];
  LimnLifetime lifetimes[RECOGNISER_MOST_STEPS];
  const float *picture;
  float *memory, *scratch; /* scratch: [threads][scratch_stride], within memory */
};

/* Reads likeness, where the weights have it. */
LimnStatus limn_recogniser_read_likeness (LimnRecogniser *recogniser, LimnError *error) LIMN_MUST_USE;

/* One step of a run whose picture and maps limn_recogniser_forward has set once. */
void limn_recogniser_run_step (LimnRecogniserRun *run, size_t step, LimnPool *pool);

#endif
