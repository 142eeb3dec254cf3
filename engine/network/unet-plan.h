/* A planned run of the U-Net: its steps in order, and their memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_UNET_PLAN_H
#define LIMN_UNET_PLAN_H

#include "arena.h"
#include "unet-internal.h"

/* A grid between steps: its place in the arena, and of its moments, if a norm needs them. */
typedef struct {
  size_t width, height, channels;
  float *data;                /* NULL until planned; those of the network's input and of the feature maps are set by each run */
  size_t made_by, moments_at; /* the step that wrote it last */
  bool measured;
} UnetGrid;

typedef enum {
  STEP_CONV,
  STEP_RESIZE,    /* in[0] half or twice as large */
  STEP_ATTENTION, /* in[0] = qkv, in[1] = memory for packed keys and values */
} UnetStepKind;

enum { NO_GRID = -1, INPUT_GRID = 0, FEATURE_GRID = 1 }; /* FEATURE_GRID: first of LIMN_FEATURE_MAPS, if the network takes features */

typedef struct {
  UnetStepKind kind;
  int in[2], residual, out; /* grids; out NO_GRID: the network's output */
  const LimnConv *conv;
  const UnetNorm *norm;                                    /* applied to in, with SiLU if silu; NULL: none */
  bool silu, enlarge, half, time_bias, centered, measures; /* measures: also computes the moments of out */
  const UnetResnet *time; /* its time values scale and shift the norm, or (time_bias) are the bias; NULL: none */
  float residual_scale;
  size_t width, height; /* of the grid as the step sees it: enlarged, if the convolution enlarges */
  size_t heads;
} UnetStep;

struct LimnUnetRun {
  const LimnUnet *unet;
  size_t width, height, bytes;
  double flop;
  UnetGrid *grids;
  LimnLifetime *lifetimes; /* of the grids, by step */
  UnetStep *steps;
  size_t grid_count, step_count;
  float *memory;            /* one block, which holds everything below */
  float *moments, *scratch; /* scratch: [threads][scratch_stride] */
  float *parts;             /* of a convolution's moments */
  float *scale, *shift;     /* of the norm being applied */
  float *time_values;       /* of all resnets, for time and class_label */
  float *embedding[2];      /* on the way to them */
  size_t scratch_stride;
  bool time_known;
  float time;
  int class_label;
};

/* One step of a run whose input and time limn_unet_forward has set once; network_out: the network's output. */
void limn_unet_run_step (LimnUnetRun *run, const UnetStep *step, float *network_out, LimnPool *pool);

#endif
