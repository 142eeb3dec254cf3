/* A run of the recogniser: memory for every grid by when it lives, then step after step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "recogniser-internal.h"

#include <stdint.h>
#include <stdlib.h>

#include "engine/base/control.h"

enum { SIDE_LIMIT = 1 << 13 };

/* The block that a step belongs to; not of step 0, the stem. */
static const RecogniserBlock *
block_of (const LimnRecogniserRun *run, size_t step)
{
  return &run->recogniser->blocks[(step - 1) / 2];
}

static bool
is_middle (size_t step)
{
  return step % 2 == 1;
}

/* The step whose grid a block begins with. */
static size_t
input_step (size_t step)
{
  return is_middle (step) ? step - 1 : step - 2;
}

/* Sizes, work and lifetimes of all grids. */
static void
plan (LimnRecogniserRun *run)
{
  const LimnRecogniser *recogniser = run->recogniser;
  size_t channels = recogniser->stem_channels, scratch = limn_conv_scratch (recogniser->stem, run->width, run->height);

  run->steps = 1 + 2 * recogniser->count;
  run->grids[0] = (RecogniserGrid){ .width = run->width / 2, .height = run->height / 2 };
  run->flop = limn_conv_flop (recogniser->stem, run->width, run->height);
  for (size_t i = 0;; i++) {
    RecogniserGrid *grid = &run->grids[i];
    LimnLifetime *life = &run->lifetimes[i];
    const RecogniserBlock *next = i + 1 < run->steps ? block_of (run, i + 1) : NULL;
    const bool own = i == 0 || is_middle (i) || block_of (run, i)->map == NO_MAP; /* or the caller's */
    size_t floats;

    life->first = i;
    life->last = next && !is_middle (i) && next->residual ? i + 2 : i + 1;
    life->bytes = own ? grid->width * grid->height * channels * sizeof (float) : 0;
    if (!next)
      break;
    grid[1] = *grid;
    if (is_middle (i + 1)) {
      channels = limn_depthwise_channels (next->middle);
      grid[1].width = limn_depthwise_made (next->middle, grid->width);
      grid[1].height = limn_depthwise_made (next->middle, grid->height);
      floats = limn_depthwise_scratch (next->middle, grid->width, grid->height);
      run->flop += limn_depthwise_flop (next->middle, grid->width, grid->height);
    } else {
      channels = next->out;
      floats = limn_conv_scratch (next->project, grid->width, grid->height);
      run->flop += limn_conv_flop (next->project, grid->width, grid->height);
    }
    scratch = floats > scratch ? floats : scratch;
  }
  run->scratch_stride = (scratch + 15) / 16 * 16;
}

static LimnStatus
take_memory (LimnRecogniserRun *run, LimnError *error)
{
  const size_t grids = limn_arena_place (run->lifetimes, run->steps);
  size_t floats, scratch;

  if (grids == SIZE_MAX || !limn_size_mul (run->scratch_stride, (size_t) run->recogniser->threads, 1, &scratch) ||
      __builtin_add_overflow ((grids + 63) / 64 * 16, scratch, &floats))
    return limn_fail (error, LIMN_NO_MEMORY, "A picture of %zu x %zu is too large to be looked at. Use a smaller one.", run->width,
                      run->height);
  run->memory = limn_alloc (floats, 1, 1, sizeof (float));
  if (!run->memory)
    return limn_fail_memory (error, floats * sizeof (float));
  run->bytes = floats * sizeof (float);
  run->scratch = run->memory + (floats - scratch);
  for (size_t i = 0; i < run->steps; i++)
    run->grids[i].data = run->memory + run->lifetimes[i].offset / sizeof (float);
  return LIMN_OK;
}

LimnStatus
limn_recogniser_run_new (LimnRecogniserRun **out, const LimnRecogniser *recogniser, size_t width, size_t height, LimnError *error)
{
  const size_t multiple = LIMN_RECOGNISER_MULTIPLE;
  LimnRecogniserRun *run;
  LimnStatus status;

  *out = NULL;
  if (width == 0 || height == 0 || width % multiple != 0 || height % multiple != 0 || width > SIDE_LIMIT || height > SIDE_LIMIT)
    return limn_fail (error, LIMN_BAD_INPUT,
                      "The recogniser looks at pictures whose sides are multiples of %zu, up to %d, not at %zu x %zu.", multiple,
                      SIDE_LIMIT, width, height);
  run = calloc (1, sizeof *run);
  if (!run)
    return limn_fail_memory (error, sizeof *run);
  run->recogniser = recogniser;
  run->width = width;
  run->height = height;
  plan (run);
  status = take_memory (run, error);
  if (status == LIMN_OK)
    *out = run;
  else
    limn_recogniser_run_free (run);
  return status;
}

void
limn_recogniser_run_free (LimnRecogniserRun *run)
{
  if (!run)
    return;
  free (run->memory);
  free (run);
}

size_t
limn_recogniser_run_bytes (const LimnRecogniserRun *run)
{
  return run->bytes;
}

double
limn_recogniser_run_gflop (const LimnRecogniserRun *run)
{
  return run->flop / 1e9;
}

/* ---------------------------------------------------------------- running */

static void
run_stem (LimnRecogniserRun *run, LimnPool *pool)
{
  limn_conv_run (
    run->recogniser->stem,
    &(LimnConvArguments){
      .width = run->width, .height = run->height, .in = { run->picture }, .channels = { 3 }, .relu6 = true, .out = run->grids[0].data },
    pool, run->scratch, run->scratch_stride);
}

void
limn_recogniser_run_step (LimnRecogniserRun *run, size_t step, LimnPool *pool)
{
  const RecogniserGrid *to = &run->grids[step];

  if (step == 0) {
    run_stem (run, pool);
    return;
  }
  const RecogniserBlock *block = block_of (run, step);
  const RecogniserGrid *from = &run->grids[input_step (step)];
  if (is_middle (step)) {
    limn_depthwise_run (block->middle, from->width, from->height, from->data, to->data, pool, run->scratch, run->scratch_stride);
    return;
  }
  limn_conv_run (block->project,
                 &(LimnConvArguments){ .width = to->width,
                                       .height = to->height,
                                       .in = { run->grids[step - 1].data },
                                       .channels = { limn_conv_in (block->project) },
                                       .residual = block->residual ? from->data : NULL,
                                       .residual_scale = 1.0f,
                                       .out = to->data },
                 pool, run->scratch, run->scratch_stride);
}

LimnStatus
limn_recogniser_forward (LimnRecogniserRun *run, LimnPool *pool, const float *picture, float *const maps[LIMN_FEATURE_MAPS],
                         const LimnControl *control, LimnError *error)
{
  LimnStatus status = LIMN_OK;

  if (limn_pool_threads (pool) > run->recogniser->threads)
    return limn_fail (error, LIMN_BAD_INPUT, "The recogniser was prepared for %d threads; it can't run on %d.", run->recogniser->threads,
                      limn_pool_threads (pool));
  run->picture = picture;
  for (size_t i = 2; i < run->steps; i += 2)
    if (block_of (run, i)->map != NO_MAP)
      run->grids[i].data = maps[block_of (run, i)->map];
  for (size_t i = 0; i < run->steps && status == LIMN_OK; i++) {
    status = limn_check_cancelled (control, error);
    if (status == LIMN_OK)
      limn_recogniser_run_step (run, i, pool);
  }
  limn_pool_wait_stragglers (pool); /* nobody is left who reads picture or maps, or what the run or the recogniser own */
  return status;
}
