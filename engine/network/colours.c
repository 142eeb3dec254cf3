/* The colours network's weights, and its evaluation: three grids, coarse to fine, each with what the recogniser sees there and two residual
 * blocks; then, at each place, the palette's likelihoods.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "colours.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/imaging/resample.h"
#include "engine/kernels/conv.h"
#include "weights-internal.h"

enum { SIZE_MULTIPLE = 8, MOST_SIZE = 1024, BLOCKS = 2, MOST_CHANNELS = 4096, MOST_COLOURS = 1024, NAME = 64 };

/* x + second (SiLU (first (x))). */
typedef struct {
  LimnConv *first, *second;
} Block;

struct LimnColours {
  LimnWeights *weights;
  char see[32];
  int threads;                       /* that a run may have */
  size_t size;                       /* shorter side of the pictures that it was trained on */
  size_t width, count;               /* channels of the two coarse grids (of the fine one half as many); colours */
  LimnConv *look[LIMN_FEATURE_MAPS]; /* of the recogniser's maps, fine to coarse */
  Block blocks[LIMN_FEATURE_MAPS][BLOCKS];
  LimnConv *lightness, *narrow, *out;
  float *palette;      /* [count][2] */
  float *ones, *zeros; /* [width]: a convolution's scale and shift before its SiLU */
};

/* ---------------------------------------------------------------- opening */

static bool
is_colours (const cJSON *limn)
{
  const char *role = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (limn, "role"));

  return role && strcmp (role, "colours") == 0;
}

static LimnStatus
read_config (LimnColours *self, const cJSON *config, const cJSON *limn, const char *where, LimnError *error)
{
  const char *see = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (limn, "see"));

  if (!is_colours (limn))
    return limn_fail (error, LIMN_BAD_MODEL, "%s: not a colours network: \"role\" in limn's metadata must be \"colours\".", where);
  if (!see || !*see || strlen (see) >= sizeof self->see)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"see\" in limn's metadata must name an image recogniser.", where);
  strcpy (self->see, see);
  if (!limn_json_integer (cJSON_GetObjectItemCaseSensitive (limn, "size"), SIZE_MULTIPLE, MOST_SIZE, &self->size) ||
      self->size % SIZE_MULTIPLE != 0)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"size\" in limn's metadata must be a multiple of %d, up to %d.", where, SIZE_MULTIPLE,
                      MOST_SIZE);
  if (!limn_json_integer (cJSON_GetObjectItemCaseSensitive (config, "width"), 2, MOST_CHANNELS, &self->width) || self->width % 2 != 0)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"width\" in the config must be an even number up to %d.", where, MOST_CHANNELS);
  if (!limn_json_integer (cJSON_GetObjectItemCaseSensitive (config, "colours"), 1, MOST_COLOURS, &self->count))
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"colours\" in the config must be a whole number up to %d.", where, MOST_COLOURS);
  return LIMN_OK;
}

/* LimnConfigRead; user: LimnColours. */
static LimnStatus
read_json (void *user, const cJSON *config, const cJSON *limn, const char *where, LimnError *error)
{
  return read_config (user, config, limn, where, error);
}

/* LimnConfigParse. */
static LimnStatus
parse (void *user, const char *config, const char *limn, const char *where, LimnError *error)
{
  return limn_config_read (read_json, user, config, limn, where, error);
}

/* The tensor of that name and shape, for the caller to free. */
static LimnStatus
read_tensor (const LimnColours *self, const char *name, int dims, const size_t *shape, float **out, LimnError *error)
{
  LimnTensorView view;

  *out = NULL;
  LIMN_TRY (limn_weights_get (self->weights, name, dims, shape, &view, error));
  *out = limn_alloc (view.count, 1, 1, sizeof (float));
  if (!*out)
    return limn_fail_memory (error, view.count * sizeof (float));
  return limn_tensor_read (&view, *out, error);
}

static LimnStatus
read_conv (const LimnColours *self, const char *name, size_t side, size_t in, size_t out, LimnPool *pool, LimnConv **conv, LimnError *error)
{
  float *weight = NULL, *bias = NULL;
  char full[NAME];
  LimnStatus status;

  snprintf (full, sizeof full, "%s.weight", name);
  status = read_tensor (self, full, 4, (size_t[4]){ out, in, side, side }, &weight, error);
  snprintf (full, sizeof full, "%s.bias", name);
  if (status == LIMN_OK)
    status = read_tensor (self, full, 1, (size_t[1]){ out }, &bias, error);
  if (status == LIMN_OK)
    status = limn_conv_new (conv, limn_kernels_best (), side == 1 ? LIMN_CONV_1X1 : LIMN_CONV_WINOGRAD, in, out, weight, bias, 1.0f, pool,
                            error);
  free (weight);
  free (bias);
  return status;
}

/* Channels of a grid, 0 the finest. */
static size_t
channels_at (const LimnColours *self, int level)
{
  return level == 0 ? self->width / 2 : self->width;
}

static LimnStatus
read_weights (LimnColours *self, LimnPool *pool, LimnError *error)
{
  for (int level = 0; level < LIMN_FEATURE_MAPS; level++) {
    const size_t channels = channels_at (self, level);
    char name[NAME];

    snprintf (name, sizeof name, "see.%d.weight", level);
    const size_t features = limn_weights_inputs (self->weights, name);
    snprintf (name, sizeof name, "see.%d", level);
    LIMN_TRY (read_conv (self, name, 1, features, channels, pool, &self->look[level], error));
    for (int i = 0; i < BLOCKS; i++) {
      snprintf (name, sizeof name, "blocks.%d.%d.first", level, i);
      LIMN_TRY (read_conv (self, name, 3, channels, channels, pool, &self->blocks[level][i].first, error));
      snprintf (name, sizeof name, "blocks.%d.%d.second", level, i);
      LIMN_TRY (read_conv (self, name, 3, channels, channels, pool, &self->blocks[level][i].second, error));
    }
  }
  LIMN_TRY (read_conv (self, "lightness", 3, LIMN_COLOURS_CELLS, channels_at (self, 0), pool, &self->lightness, error));
  LIMN_TRY (read_conv (self, "narrow", 1, channels_at (self, 1), channels_at (self, 0), pool, &self->narrow, error));
  LIMN_TRY (read_conv (self, "out", 1, channels_at (self, 0), self->count, pool, &self->out, error));
  self->ones = limn_alloc (self->width, 1, 1, sizeof (float));
  self->zeros = calloc (self->width, sizeof (float));
  if (!self->ones || !self->zeros)
    return limn_fail_memory (error, self->width * sizeof (float));
  for (size_t i = 0; i < self->width; i++)
    self->ones[i] = 1;
  return read_tensor (self, "palette", 2, (size_t[2]){ self->count, 2 }, &self->palette, error);
}

LimnStatus
limn_colours_open (LimnColours **colours, const char *path, LimnPool *pool, LimnError *error)
{
  LimnColours *self = calloc (1, sizeof *self);
  LimnStatus status;

  *colours = NULL;
  if (!self)
    return limn_fail_memory (error, sizeof *self);
  self->threads = limn_pool_threads (pool);
  status = limn_weights_open_as (&self->weights, path, parse, self, error);
  if (status == LIMN_OK)
    status = read_weights (self, pool, error);
  if (status == LIMN_OK)
    *colours = self;
  else
    limn_colours_free (self);
  return status;
}

void
limn_colours_free (LimnColours *self)
{
  if (!self)
    return;
  for (int level = 0; level < LIMN_FEATURE_MAPS; level++) {
    limn_conv_free (self->look[level]);
    for (int i = 0; i < BLOCKS; i++) {
      limn_conv_free (self->blocks[level][i].first);
      limn_conv_free (self->blocks[level][i].second);
    }
  }
  limn_conv_free (self->lightness);
  limn_conv_free (self->narrow);
  limn_conv_free (self->out);
  free (self->palette);
  free (self->ones);
  free (self->zeros);
  limn_weights_free (self->weights);
  free (self);
}

const char *
limn_colours_see (const LimnColours *self)
{
  return self->see;
}

size_t
limn_colours_size (const LimnColours *self)
{
  return self->size;
}

size_t
limn_colours_features (const LimnColours *self, int map)
{
  return limn_conv_in (self->look[map]);
}

const LimnWeights *
limn_colours_weights (const LimnColours *self)
{
  return self->weights;
}

/* ---------------------------------------------------------------- running */

typedef struct {
  const LimnColours *colours;
  LimnPool *pool;
  const LimnControl *control;
  LimnError *error;
} Run;

/* out (allocated here, unless it is residual) = residual + conv (in), with SiLU on in first if silu. */
static LimnStatus
convolve (const Run *run, const LimnConv *conv, const LimnImage *in, bool silu, const LimnImage *residual, LimnImage *out)
{
  const size_t stride = (limn_conv_scratch (conv, in->width, in->height) + 15) / 16 * 16;

  LIMN_TRY (limn_check_cancelled (run->control, run->error));
  if (out != residual)
    LIMN_TRY (limn_image_alloc (out, in->width, in->height, limn_conv_out (conv), run->error));
  float *scratch = limn_alloc (stride + 16, (size_t) run->colours->threads, 1, sizeof *scratch);
  if (!scratch)
    return limn_fail_memory (run->error, stride * (size_t) run->colours->threads * sizeof *scratch);
  limn_conv_run (conv,
                 &(LimnConvArguments){ .width = in->width,
                                       .height = in->height,
                                       .in = { in->data },
                                       .channels = { in->channels },
                                       .scale = silu ? run->colours->ones : NULL,
                                       .shift = silu ? run->colours->zeros : NULL,
                                       .silu = silu,
                                       .residual = residual ? residual->data : NULL,
                                       .residual_scale = 1,
                                       .out = out->data },
                 run->pool, scratch, stride);
  limn_pool_wait_stragglers (run->pool); /* nobody is left who uses scratch or in */
  free (scratch);
  return LIMN_OK;
}

static LimnStatus
run_blocks (const Run *run, int level, LimnImage *x)
{
  for (int i = 0; i < BLOCKS; i++) {
    const Block *block = &run->colours->blocks[level][i];
    LIMN_SCOPED_IMAGE middle = { 0 };

    LIMN_TRY (convolve (run, block->first, x, false, NULL, &middle));
    LIMN_TRY (convolve (run, block->second, &middle, true, x, x));
  }
  return LIMN_OK;
}

/* The finest grid. */
static LimnStatus
evaluate (const Run *run, const LimnImage *lightness, const LimnFeatures *features, LimnImage *fine)
{
  const LimnColours *self = run->colours;
  const LimnImage *maps = features->maps;
  LIMN_SCOPED_IMAGE coarse = { 0 }, middle = { 0 }, narrow = { 0 };

  LIMN_TRY (convolve (run, self->look[2], &maps[2], false, NULL, &coarse));
  LIMN_TRY (run_blocks (run, 2, &coarse));
  LIMN_TRY (limn_resample (&middle, &coarse, maps[1].width, maps[1].height, LIMN_FILTER_LINEAR, run->pool, run->error));
  LIMN_TRY (convolve (run, self->look[1], &maps[1], false, &middle, &middle));
  LIMN_TRY (run_blocks (run, 1, &middle));
  LIMN_TRY (convolve (run, self->narrow, &middle, false, NULL, &narrow));
  LIMN_TRY (limn_resample (fine, &narrow, maps[0].width, maps[0].height, LIMN_FILTER_LINEAR, run->pool, run->error));
  LIMN_TRY (convolve (run, self->look[0], &maps[0], false, fine, fine));
  LIMN_TRY (convolve (run, self->lightness, lightness, false, fine, fine));
  return run_blocks (run, 0, fine);
}

typedef struct {
  const LimnColours *colours;
  LimnImage *scores;
  float sharpness;   /* 1 / temperature */
  const float *bias; /* [count], added to scores */
  LimnImage *ab;
} Choice;

static void
choose_row (void *user, size_t y, int worker)
{
  const Choice *c = user;
  const size_t count = c->colours->count;

  for (size_t x = 0; x < c->ab->width; x++) {
    float *score = c->scores->data + (y * c->scores->width + x) * count;
    float best = -INFINITY, sum = 0, a = 0, b = 0;

    for (size_t k = 0; k < count; k++) {
      score[k] += c->bias[k];
      best = limn_max (best, score[k]);
    }
    for (size_t k = 0; k < count; k++) {
      const float share = expf ((score[k] - best) * c->sharpness);
      sum += share;
      a += share * c->colours->palette[2 * k];
      b += share * c->colours->palette[2 * k + 1];
    }
    c->ab->data[2 * (y * c->ab->width + x)] = a / sum;
    c->ab->data[2 * (y * c->ab->width + x) + 1] = b / sum;
  }
}

/* What lean adds to the scores: allocated, [count]. */
static float *
make_bias (const LimnColours *self, const float *lean)
{
  float *bias = calloc (self->count, sizeof *bias);

  for (size_t k = 0; bias && lean && k < self->count; k++) {
    const float a = self->palette[2 * k] / 50, b = self->palette[2 * k + 1] / 50;
    bias[k] = lean[0] * a + lean[1] * b + lean[2] * (a * a - b * b) + lean[3] * 2 * a * b;
  }
  return bias;
}

LimnStatus
limn_colours_run (const LimnColours *self, LimnPool *pool, const LimnImage *lightness, const LimnFeatures *features, float temperature,
                  const float lean[LIMN_COLOURS_LEAN], LimnImage *ab, const LimnControl *control, LimnError *error)
{
  const Run run = { self, pool, control, error };
  LIMN_SCOPED_IMAGE fine = { 0 }, scores = { 0 };
  Choice choice = { self, &scores, 1 / temperature, NULL, ab };

  *ab = (LimnImage){ 0 };
  if (limn_pool_threads (pool) > self->threads)
    return limn_fail (error, LIMN_BAD_INPUT, "The colours network was prepared for %d threads; it can't run on %d.", self->threads,
                      limn_pool_threads (pool));
  LIMN_TRY (evaluate (&run, lightness, features, &fine));
  LIMN_TRY (convolve (&run, self->out, &fine, false, NULL, &scores));
  LIMN_TRY (limn_image_alloc (ab, scores.width, scores.height, 2, error));
  float *bias = make_bias (self, lean);
  choice.bias = bias;
  LimnStatus status = bias ? limn_pool_try (pool, scores.height, choose_row, &choice, error)
                           : limn_fail_memory (error, self->count * sizeof *bias);
  free (bias);
  if (status != LIMN_OK)
    limn_image_clear (ab);
  return status;
}

double
limn_colours_gflop (const LimnColours *self, size_t width, size_t height)
{
  double flop = limn_conv_flop (self->lightness, width, height) + limn_conv_flop (self->out, width, height) +
                limn_conv_flop (self->narrow, width / 2, height / 2);

  for (int level = 0; level < LIMN_FEATURE_MAPS; level++) {
    const size_t w = width >> level, h = height >> level;

    flop += limn_conv_flop (self->look[level], w, h);
    for (int i = 0; i < BLOCKS; i++)
      flop += limn_conv_flop (self->blocks[level][i].first, w, h) + limn_conv_flop (self->blocks[level][i].second, w, h);
  }
  return flop / 1e9;
}
