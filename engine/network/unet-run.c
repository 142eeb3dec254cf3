/* One evaluation of the U-Net: the time embedding, then the steps of the plan.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "engine/base/control.h"
#include "engine/kernels/attention.h"
#include "engine/kernels/grid.h"
#include "engine/kernels/norm.h"
#include "unet-plan.h"

/* ---------------------------------------------------------------- time */

/* The positional embedding of Vaswani et al. 2017, as in diffusers' get_timestep_embedding. */
static void
embed_time (const LimnUnetConfig *config, float time, float *out)
{
  const size_t half = (size_t) config->block_channels[0] / 2;
  float *sines = config->flip_sin_to_cos ? out + half : out, *cosines = config->flip_sin_to_cos ? out : out + half;

  for (size_t i = 0; i < half; i++) {
    const float angle = time * (float) exp (-log (10000.0) * (double) i / ((double) half - config->freq_shift));
    sines[i] = sinf (angle);
    cosines[i] = cosf (angle);
  }
}

static void
silu (float *x, size_t count)
{
  for (size_t i = 0; i < count; i++)
    x[i] /= 1.0f + expf (-x[i]);
}

/* out = layer of in, both single rows. */
static void
dense (const LimnConv *layer, const float *in, float *out)
{
  limn_conv_run (layer, &(LimnConvArguments){ .width = 1, .height = 1, .in = { in }, .channels = { limn_conv_in (layer) }, .out = out },
                 NULL, NULL, 0);
}

typedef struct {
  const UnetResnet *resnets[4 * LIMN_MAX_LEVELS * UNET_MAX_LAYERS];
  size_t count;
  LimnUnetRun *run;
} TimeJob;

static void
add_block (TimeJob *job, const UnetBlock *block)
{
  for (int i = 0; i < block->layers; i++)
    job->resnets[job->count++] = &block->resnets[i];
  if (block->sampler_resnet)
    job->resnets[job->count++] = block->sampler_resnet;
}

static void
time_piece (void *user, size_t piece, int worker)
{
  const TimeJob *job = user;
  const UnetResnet *resnet = job->resnets[piece];

  dense (resnet->time, job->run->embedding[0], job->run->time_values + resnet->time_at);
}

/* The time values of every resnet; cached for the next run with the same time and class. */
static void
prepare_time (LimnUnetRun *run, LimnPool *pool, float time, int class_label)
{
  const LimnUnet *unet = run->unet;
  const size_t count = 4 * (size_t) unet->config.block_channels[0];
  float *a = run->embedding[0], *b = run->embedding[1];
  TimeJob job = { .run = run };

  if (run->time_known && memcmp (&run->time, &time, sizeof time) == 0 && run->class_label == class_label)
    return;
  embed_time (&unet->config, time, a);
  dense (unet->time_1, a, b);
  silu (b, count);
  dense (unet->time_2, b, a);
  if (unet->classes)
    for (size_t i = 0; i < count; i++)
      a[i] += unet->classes[(size_t) class_label * count + i];
  silu (a, count);
  for (int i = 0; i < unet->config.levels; i++) {
    add_block (&job, &unet->down[i]);
    add_block (&job, &unet->up[i]);
  }
  add_block (&job, &unet->mid);
  limn_pool_run (pool, job.count, time_piece, &job);
  run->time_known = true;
  run->time = time;
  run->class_label = class_label;
}

/* ---------------------------------------------------------------- steps */

/* The factors and offsets of the step's norm into run->scale and run->shift. */
static void
prepare_norm (LimnUnetRun *run, const UnetStep *step)
{
  const LimnUnetConfig *config = &run->unet->config;
  const float *moments[2] = { NULL, NULL };
  size_t channels[2] = { 0, 0 };

  for (int i = 0; i < 2 && step->in[i] != NO_GRID; i++) {
    moments[i] = run->moments + run->grids[step->in[i]].moments_at;
    channels[i] = run->grids[step->in[i]].channels;
  }
  limn_norm_affine (moments, channels, (size_t) config->norm_groups, config->norm_eps, step->norm->weight, step->norm->bias,
                    step->time && !step->time_bias ? run->time_values + step->time->time_at : NULL, run->scale, run->shift);
}

static void
run_conv (LimnUnetRun *run, const UnetStep *step, float *out, LimnPool *pool)
{
  const UnetGrid *a = &run->grids[step->in[0]], *b = step->in[1] != NO_GRID ? &run->grids[step->in[1]] : NULL;
  LimnConvArguments arguments = {
    .width = step->width,
    .height = step->height,
    .in = { a->data, b ? b->data : NULL },
    .channels = { a->channels, b ? b->channels : 0 },
    .enlarge = step->enlarge,
    .silu = step->silu,
    .scale = step->norm ? run->scale : NULL,
    .shift = step->norm ? run->shift : NULL,
    .bias = step->time_bias ? run->time_values + step->time->time_at : NULL,
    .residual = step->residual != NO_GRID ? run->grids[step->residual].data : NULL,
    .residual_scale = step->residual_scale,
    .out = out,
    .moments = step->measures ? run->moments + run->grids[step->out].moments_at : NULL,
    .parts = run->parts,
  };

  if (step->centered) {
    arguments.scale = run->unet->center;
    arguments.shift = run->unet->center + run->unet->config.in_channels;
  }
  limn_conv_run (step->conv, &arguments, pool, run->scratch, run->scratch_stride);
}

void
limn_unet_run_step (LimnUnetRun *run, const UnetStep *step, float *network_out, LimnPool *pool)
{
  const LimnKernels *kernels = run->unet->kernels;
  const UnetGrid *from = &run->grids[step->in[0]];
  float *out = step->out != NO_GRID ? run->grids[step->out].data : network_out;

  if (step->norm)
    prepare_norm (run, step);
  switch (step->kind) {
  case STEP_CONV: run_conv (run, step, out, pool); break;
  case STEP_RESIZE:
    limn_grid_resize (kernels, from->data, step->width, step->height, from->channels, step->norm ? run->scale : NULL,
                      step->norm ? run->shift : NULL, step->silu, step->half, out, run->scratch, run->scratch_stride, pool);
    break;
  case STEP_ATTENTION:
    limn_attention (kernels, from->data, step->width * step->height, from->channels / 3, step->heads, run->grids[step->in[1]].data,
                    run->scratch, run->scratch_stride, out, pool);
    break;
  }
}

/* The caller's feature maps, which must be those that the network is told. */
static LimnStatus
set_features (LimnUnetRun *run, const LimnFeatures *features, LimnError *error)
{
  if (!run->unet->see[0])
    return LIMN_OK;
  if (!features)
    return limn_fail (error, LIMN_BAD_INPUT, "This network wants to know what a recogniser sees.");
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    const LimnImage *map = &features->maps[i];
    UnetGrid *grid = &run->grids[FEATURE_GRID + i];

    if (map->width != grid->width || map->height != grid->height || map->channels != grid->channels)
      return limn_fail (error, LIMN_BAD_INPUT, "Feature map %d is %zu x %zu x %zu; the network needs %zu x %zu x %zu.", i, map->width,
                        map->height, map->channels, grid->width, grid->height, grid->channels);
    grid->data = map->data;
  }
  return LIMN_OK;
}

LimnStatus
limn_unet_forward (LimnUnetRun *run, LimnPool *pool, const float *in, float time, int class_label, const LimnFeatures *features, float *out,
                   const LimnControl *control, LimnError *error)
{
  const LimnUnet *unet = run->unet;
  LimnStatus status = LIMN_OK;

  if (limn_pool_threads (pool) > unet->threads)
    return limn_fail (error, LIMN_BAD_INPUT, "The network was prepared for %d threads; it can't run on %d.", unet->threads,
                      limn_pool_threads (pool));
  if (unet->config.num_classes > 0 && (class_label < 0 || class_label >= unet->config.num_classes))
    return limn_fail (error, LIMN_BAD_INPUT, "This network draws one of %d classes: choose a class from 0 to %d.", unet->config.num_classes,
                      unet->config.num_classes - 1);
  if (unet->config.num_classes == 0 && class_label >= 0)
    return limn_fail (error, LIMN_BAD_INPUT, "This network has no classes: leave the class out.");
  LIMN_TRY (set_features (run, features, error));
  prepare_time (run, pool, time, class_label);
  run->grids[INPUT_GRID].data = (float *) in;
  for (size_t i = 0; i < run->step_count && status == LIMN_OK; i++) {
    status = limn_check_cancelled (control, error);
    if (status == LIMN_OK)
      limn_unet_run_step (run, &run->steps[i], out, pool);
  }
  limn_pool_wait_stragglers (pool); /* they read in, the run's memory and the weights */
  return status;
}
