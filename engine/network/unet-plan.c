/* Plans the U-Net for one size: a list of steps on grids, then a place in the arena for each grid by its lifetime.
 * The order of the operations is that of diffusers' UNet2DModel.forward (github.com/huggingface/diffusers, unet_2d.py,
 * unet_2d_blocks.py, resnet.py).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "unet-plan.h"

#include <stdint.h>
#include <stdlib.h>

#include "engine/kernels/attention.h"

enum {
  MOST_GRIDS = LIMN_MAX_LEVELS * UNET_MAX_LAYERS * 2 * 10,
  MOST_STEPS = 2 * MOST_GRIDS,
  SIDE_LIMIT = 1 << 15,
  NO_SEE = -1,
};

/* ---------------------------------------------------------------- grids and steps */

static int
add_grid (LimnUnetRun *run, size_t width, size_t height, size_t channels)
{
  run->grids[run->grid_count] = (UnetGrid){ .width = width, .height = height, .channels = channels };
  run->lifetimes[run->grid_count] = (LimnLifetime){ .bytes = width * height * channels * sizeof (float), .first = SIZE_MAX };
  return (int) run->grid_count++;
}

static void
touch (LimnUnetRun *run, int grid)
{
  if (grid == NO_GRID)
    return;
  if (run->lifetimes[grid].first == SIZE_MAX)
    run->lifetimes[grid].first = run->step_count;
  run->lifetimes[grid].last = run->step_count;
}

static void
add_step (LimnUnetRun *run, UnetStep step)
{
  touch (run, step.in[0]);
  touch (run, step.in[1]);
  touch (run, step.residual);
  touch (run, step.out);
  if (step.out != NO_GRID)
    run->grids[step.out].made_by = run->step_count;
  run->steps[run->step_count++] = step;
}

/* Marks the convolution that made the grid to measure its moments too: everything that is normalised comes from one. */
static void
measure (LimnUnetRun *run, int grid)
{
  UnetGrid *g = &run->grids[grid];

  g->measured = true;
  run->steps[g->made_by].measures = true;
}

/* A convolution of a and b (NO_GRID: of a alone); step holds the other settings. Makes a new grid unless step has one. */
static int
convolve (LimnUnetRun *run, const LimnConv *conv, int a, int b, UnetStep step)
{
  const UnetGrid *from = &run->grids[a];

  if (step.norm) {
    measure (run, a);
    if (b != NO_GRID)
      measure (run, b);
  }
  step.kind = STEP_CONV;
  step.conv = conv;
  step.in[0] = a;
  step.in[1] = b;
  step.width = step.enlarge ? 2 * from->width : from->width;
  step.height = step.enlarge ? 2 * from->height : from->height;
  run->flop += limn_conv_flop (conv, step.width, step.height);
  if (step.half) { /* stride 2 */
    if (step.out == NO_GRID)
      step.out = add_grid (run, (step.width + 1) / 2, (step.height + 1) / 2, limn_conv_out (conv));
  } else if (step.out == NO_GRID) {
    step.out = add_grid (run, step.width, step.height, limn_conv_out (conv));
  }
  add_step (run, step);
  return step.out;
}

static int
resize (LimnUnetRun *run, int grid, const UnetNorm *norm, bool half)
{
  const UnetGrid g = run->grids[grid];
  int out;

  if (norm)
    measure (run, grid);
  out = half ? add_grid (run, g.width / 2, g.height / 2, g.channels) : add_grid (run, 2 * g.width, 2 * g.height, g.channels);
  add_step (run, (UnetStep){ .kind = STEP_RESIZE,
                             .in = { grid, NO_GRID },
                             .residual = NO_GRID,
                             .out = out,
                             .norm = norm,
                             .silu = norm != NULL,
                             .half = half,
                             .width = g.width,
                             .height = g.height });
  return out;
}

/* ---------------------------------------------------------------- blocks */

typedef enum { SAME, HALF, TWICE } Size;

/* A resnet on a and b concatenated (b NO_GRID: on a alone). */
static int
add_resnet (LimnUnetRun *run, const UnetResnet *resnet, int a, int b, Size size, float scale)
{
  const bool scale_shift = run->unet->config.scale_shift;
  UnetStep first = { .residual = NO_GRID, .out = NO_GRID, .norm = &resnet->norm1, .silu = true, .enlarge = size == TWICE };
  UnetStep second = { .out = NO_GRID, .norm = &resnet->norm2, .silu = true, .residual_scale = scale };
  int middle;

  if (!scale_shift) {
    first.time = resnet;
    first.time_bias = true;
  } else {
    second.time = resnet;
  }
  if (size == HALF) {
    const int pooled = resize (run, a, &resnet->norm1, true);
    first.norm = NULL;
    first.silu = false;
    middle = convolve (run, resnet->conv1, pooled, NO_GRID, first);
  } else {
    middle = convolve (run, resnet->conv1, a, b, first);
  }
  if (size != SAME)
    a = resize (run, a, NULL, size == HALF);
  if (resnet->shortcut) { /* its scale is in its weights; the second convolution adds to it in place */
    second.residual = convolve (run, resnet->shortcut, a, b, (UnetStep){ .residual = NO_GRID, .out = NO_GRID });
    second.out = second.residual;
    second.residual_scale = 1.0f;
  } else {
    second.residual = a;
  }
  return convolve (run, resnet->conv2, middle, NO_GRID, second);
}

static int
add_attention (LimnUnetRun *run, const UnetAttention *attention, int grid, float scale)
{
  const UnetGrid g = run->grids[grid];
  const size_t pixels = g.width * g.height;
  const int qkv = convolve (run, attention->qkv, grid, NO_GRID,
                            (UnetStep){ .residual = NO_GRID, .out = NO_GRID, .norm = attention->norm.weight ? &attention->norm : NULL });
  const int packed = add_grid (run, limn_attention_packed (run->unet->kernels, pixels, attention->channels, attention->heads), 1, 1);
  const int sum = add_grid (run, g.width, g.height, attention->channels);

  add_step (run, (UnetStep){ .kind = STEP_ATTENTION,
                             .in = { qkv, packed },
                             .residual = NO_GRID,
                             .out = sum,
                             .width = g.width,
                             .height = g.height,
                             .heads = attention->heads });
  run->flop += 4.0 * (double) pixels * (double) pixels * (double) attention->channels;
  return convolve (run, attention->out, sum, NO_GRID, (UnetStep){ .residual = grid, .out = NO_GRID, .residual_scale = scale });
}

/* Adds what the recogniser sees to a grid of a level, in place. */
static void
add_features (LimnUnetRun *run, int level, int grid)
{
  if (level < LIMN_FEATURE_MAPS && run->unet->see[level])
    convolve (run, run->unet->see[level], FEATURE_GRID + level, NO_GRID,
              (UnetStep){ .residual = grid, .out = grid, .residual_scale = 1.0f });
}

/* see: the level whose features are added after the resnet, NO_SEE: none. */
static int
add_layer (LimnUnetRun *run, const UnetBlock *block, int i, int a, int b, float scale, int see)
{
  const int out = add_resnet (run, &block->resnets[i], a, b, SAME, scale);

  if (see != NO_SEE)
    add_features (run, see, out);
  return block->attentions[i].channels > 0 ? add_attention (run, &block->attentions[i], out, scale) : out;
}

static void
add_all (LimnUnetRun *run)
{
  const LimnUnet *unet = run->unet;
  const LimnUnetConfig *config = &unet->config;
  const int last = config->levels - 1;
  const UnetStep plain = { .residual = NO_GRID, .out = NO_GRID };
  int skips[LIMN_MAX_LEVELS * UNET_MAX_LAYERS + 1], depth = 0, grid;
  UnetStep step = plain;

  add_grid (run, run->width, run->height, (size_t) config->in_channels);
  run->lifetimes[INPUT_GRID].bytes = 0; /* the caller's */
  step.centered = config->center_input;
  for (int i = 0; i < LIMN_FEATURE_MAPS && unet->see[i]; i++) {
    add_grid (run, run->width >> i, run->height >> i, limn_conv_in (unet->see[i]));
    run->lifetimes[FEATURE_GRID + i].bytes = 0; /* the caller's too */
  }
  grid = skips[depth++] = convolve (run, unet->conv_in, INPUT_GRID, NO_GRID, step);
  add_features (run, 0, grid);
  for (int i = 0; i <= last; i++) {
    const UnetBlock *block = &unet->down[i];

    for (int j = 0; j < block->layers; j++)
      grid = skips[depth++] = add_layer (run, block, j, grid, NO_GRID, 1.0f, j == 0 && i > 0 ? i : NO_SEE);
    step = plain;
    step.half = true;
    if (block->sampler)
      grid = skips[depth++] = convolve (run, block->sampler, grid, NO_GRID, step);
    else if (block->sampler_resnet)
      grid = skips[depth++] = add_resnet (run, block->sampler_resnet, grid, NO_GRID, HALF, 1.0f);
  }
  for (int j = 0; j < unet->mid.layers; j++)
    grid = add_layer (run, &unet->mid, j, grid, NO_GRID, 1.0f / config->mid_scale, NO_SEE);
  for (int i = 0; i <= last; i++) {
    const UnetBlock *block = &unet->up[i];

    for (int j = 0; j < block->layers; j++)
      grid = add_layer (run, block, j, grid, skips[--depth], 1.0f, NO_SEE);
    step = plain;
    step.enlarge = true;
    if (block->sampler)
      grid = convolve (run, block->sampler, grid, NO_GRID, step);
    else if (block->sampler_resnet)
      grid = add_resnet (run, block->sampler_resnet, grid, NO_GRID, TWICE, 1.0f);
  }
  step = plain;
  step.norm = &unet->norm_out;
  step.silu = true;
  convolve (run, unet->conv_out, grid, NO_GRID, step);
}

/* ---------------------------------------------------------------- memory */

static size_t
step_scratch (const LimnUnetRun *run, const UnetStep *step)
{
  const UnetGrid *from = &run->grids[step->in[0]];

  switch (step->kind) {
  case STEP_CONV: return limn_conv_scratch (step->conv, step->width, step->height);
  case STEP_RESIZE: return 2 * from->width * from->channels;
  case STEP_ATTENTION: return limn_attention_scratch (step->width * step->height);
  }
  return 0;
}

/* Reserves count floats from *at on; moves *at to the next cache line after them. */
static size_t
reserve (size_t *at, size_t count)
{
  const size_t place = *at;

  *at += (count + 15) / 16 * 16;
  return place;
}

static LimnStatus
take_memory (LimnUnetRun *run, LimnError *error)
{
  const LimnUnet *unet = run->unet;
  const size_t first = (size_t) unet->config.block_channels[0];
  size_t most = (size_t) unet->config.in_channels, parts = 0, at, grids, moments = 0, places[8];

  for (size_t i = 0; i < run->step_count; i++) {
    const UnetStep *step = &run->steps[i];
    const size_t floats = step_scratch (run, step), wanted = step->measures ? limn_conv_parts (step->conv, step->width, step->height) : 0;

    run->scratch_stride = floats > run->scratch_stride ? floats : run->scratch_stride;
    parts = wanted > parts ? wanted : parts;
    if (step->kind == STEP_CONV && limn_conv_in (step->conv) > most)
      most = limn_conv_in (step->conv);
  }
  run->scratch_stride = (run->scratch_stride + 15) / 16 * 16;
  for (size_t i = 0; i < run->grid_count; i++)
    if (run->grids[i].measured) {
      run->grids[i].moments_at = moments;
      moments += 2 * run->grids[i].channels;
    }
  grids = limn_arena_place (run->lifetimes, run->grid_count);
  if (grids == SIZE_MAX)
    return limn_fail (error, LIMN_NO_MEMORY, "A grid of %zu x %zu is too large for this network. Use a smaller picture.", run->width,
                      run->height);
  at = (grids + 63) / 64 * 16;
  places[0] = reserve (&at, run->scratch_stride * (size_t) unet->threads);
  places[1] = reserve (&at, moments);
  places[2] = reserve (&at, most);
  places[3] = reserve (&at, most);
  places[4] = reserve (&at, unet->time_values);
  places[5] = reserve (&at, 4 * first);
  places[6] = reserve (&at, 4 * first);
  places[7] = reserve (&at, parts);
  run->memory = limn_alloc (at, 1, 1, sizeof (float));
  if (!run->memory)
    return limn_fail_memory (error, at * sizeof (float));
  run->bytes = at * sizeof (float);
  run->scratch = run->memory + places[0];
  run->moments = run->memory + places[1];
  run->scale = run->memory + places[2];
  run->shift = run->memory + places[3];
  run->time_values = run->memory + places[4];
  run->embedding[0] = run->memory + places[5];
  run->embedding[1] = run->memory + places[6];
  run->parts = run->memory + places[7];
  for (size_t i = 0; i < run->grid_count; i++)
    run->grids[i].data = run->memory + run->lifetimes[i].offset / sizeof (float);
  return LIMN_OK;
}

LimnStatus
limn_unet_run_new (LimnUnetRun **out, const LimnUnet *unet, size_t width, size_t height, LimnError *error)
{
  const size_t step = (size_t) 1 << (unet->config.levels - 1);
  LimnUnetRun *run;
  LimnStatus status;

  *out = NULL;
  if (width == 0 || height == 0 || width % step != 0 || height % step != 0 || width > SIDE_LIMIT || height > SIDE_LIMIT)
    return limn_fail (error, LIMN_BAD_INPUT, "The network works on grids whose sides are multiples of %zu, up to %d, not on %zu x %zu.",
                      step, SIDE_LIMIT, width, height);
  run = calloc (1, sizeof *run);
  if (!run)
    return limn_fail_memory (error, sizeof *run);
  *run = (LimnUnetRun){ .unet = unet, .width = width, .height = height };
  run->grids = limn_alloc (MOST_GRIDS, 1, 1, sizeof *run->grids);
  run->lifetimes = limn_alloc (MOST_GRIDS, 1, 1, sizeof *run->lifetimes);
  run->steps = limn_alloc (MOST_STEPS, 1, 1, sizeof *run->steps);
  if (run->grids && run->lifetimes && run->steps) {
    add_all (run);
    run->steps[run->step_count - 1].out = NO_GRID; /* the last one writes the caller's output */
    run->lifetimes[run->grid_count - 1].bytes = 0;
    status = take_memory (run, error);
  } else {
    status = limn_fail_memory (error, MOST_STEPS * sizeof *run->steps);
  }
  if (status == LIMN_OK)
    *out = run;
  else
    limn_unet_run_free (run);
  return status;
}

void
limn_unet_run_free (LimnUnetRun *run)
{
  if (!run)
    return;
  free (run->grids);
  free (run->lifetimes);
  free (run->steps);
  free (run->memory);
  free (run);
}

size_t
limn_unet_run_bytes (const LimnUnetRun *run)
{
  return run->bytes;
}

double
limn_unet_run_gflop (const LimnUnetRun *run)
{
  return run->flop / 1e9;
}
