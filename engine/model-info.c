/* Metadata and speed of a single network file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/network/colours.h"
#include "engine/network/recogniser.h"
#include "engine/network/unet.h"

enum {
  PLAIN_SIDE = 64, /* side of the grid if the weights don't give their training size */
  SEE_SIDE = 256,  /* side of the picture that a recogniser gets for a base of 64 pixels */
};

/* A U-Net, a recogniser or a colours network. */
typedef struct {
  LimnPool *pool;
  LimnWeights *weights; /* of the U-Net */
  LimnUnet *unet;
  LimnUnetRun *run;
  LimnRecogniser *recogniser;
  LimnRecogniserRun *look;
  LimnColours *colours;
  size_t side; /* of the grid, or of the picture */
  float *in, *out;
  LimnFeatures features; /* zeros that the network takes, or the recogniser's output */
} Single;

static LimnStatus
open_unet (Single *self, const char *path, LimnError *error)
{
  const LimnModelMeta *meta;
  size_t step;

  LIMN_TRY (limn_weights_open (&self->weights, path, error));
  LIMN_TRY (limn_unet_new (&self->unet, self->weights, self->pool, error));
  meta = limn_weights_meta (self->weights);
  step = (size_t) 1 << (limn_weights_config (self->weights)->levels - 1);
  self->side = (meta->size ? meta->size : PLAIN_SIDE) / (size_t) meta->space_to_depth;
  self->side = (self->side + step - 1) / step * step;
  return limn_unet_run_new (&self->run, self->unet, self->side, self->side, error);
}

static LimnStatus
open_recogniser (Single *self, const char *path, LimnError *error)
{
  LIMN_TRY (limn_recogniser_open (&self->recogniser, path, self->pool, error));
  self->side = SEE_SIDE;
  return limn_recogniser_run_new (&self->look, self->recogniser, self->side, self->side, error);
}

static LimnStatus
open_colours (Single *self, const char *path, LimnError *error)
{
  LIMN_TRY (limn_colours_open (&self->colours, path, self->pool, error));
  self->side = limn_colours_size (self->colours) / 2;
  return LIMN_OK;
}

static LimnStatus
open_single (Single *self, const char *path, int threads, LimnError *error)
{
  bool recogniser, colours;

  LIMN_TRY (limn_pool_new (&self->pool, threads, error));
  LIMN_TRY (limn_weights_have_role (path, "see", &recogniser, error));
  LIMN_TRY (limn_weights_have_role (path, "colours", &colours, error));
  if (colours)
    return open_colours (self, path, error);
  return recogniser ? open_recogniser (self, path, error) : open_unet (self, path, error);
}

static void
close_single (Single *self)
{
  limn_unet_run_free (self->run);
  limn_unet_free (self->unet);
  limn_weights_free (self->weights);
  limn_recogniser_run_free (self->look);
  limn_recogniser_free (self->recogniser);
  limn_colours_free (self->colours);
  if (self->pool)
    limn_pool_free (self->pool);
  free (self->in);
  free (self->out);
  limn_features_clear (&self->features);
}

/* ---------------------------------------------------------------- what it is */

static void
describe_unet (const Single *self, LimnModelInfo *info)
{
  const LimnModelMeta *meta = limn_weights_meta (self->weights);

  strcpy (info->role, meta->role);
  strcpy (info->parametrisation, meta->parametrisation == LIMN_ANCHOR ? "limn-anchor" : "consistency");
  strcpy (info->version, meta->version);
  strcpy (info->see, meta->see);
  info->size = meta->size;
  info->space_to_depth = meta->space_to_depth;
  info->sigma_min = meta->sigma_min;
  info->sigma_max = meta->sigma_max;
  info->sigma_data = meta->sigma_data;
  info->pictures_seen = meta->pictures_seen;
  info->gflop = limn_unet_run_gflop (self->run);
  info->plan_bytes = limn_unet_run_bytes (self->run);
}

static void
describe_recogniser (const Single *self, LimnModelInfo *info)
{
  strcpy (info->role, "see");
  strcpy (info->see, limn_recogniser_name (self->recogniser));
  info->size = self->side;
  info->space_to_depth = 1;
  info->gflop = limn_recogniser_run_gflop (self->look);
  info->plan_bytes = limn_recogniser_run_bytes (self->look);
}

static void
describe_colours (const Single *self, LimnModelInfo *info)
{
  strcpy (info->role, "colours");
  strcpy (info->see, limn_colours_see (self->colours));
  info->size = 2 * self->side;
  info->space_to_depth = 2;
  info->gflop = limn_colours_gflop (self->colours, self->side, self->side);
}

static const LimnWeights *
weights_of (const Single *self)
{
  return self->recogniser ? limn_recogniser_weights (self->recogniser)
         : self->colours  ? limn_colours_weights (self->colours)
                          : self->weights;
}

LimnStatus
limn_model_info (const char *path, LimnModelInfo *info, LimnError *error)
{
  static const char *const dtypes[] = { [LIMN_F32] = "F32", [LIMN_F16] = "F16", [LIMN_BF16] = "BF16" };
  Single single = { 0 };
  LimnStatus status = open_single (&single, path, 1, error);

  memset (info, 0, sizeof *info);
  if (status == LIMN_OK) {
    const LimnWeights *weights = weights_of (&single);

    if (single.recogniser)
      describe_recogniser (&single, info);
    else if (single.colours)
      describe_colours (&single, info);
    else
      describe_unet (&single, info);
    strcpy (info->dtype, dtypes[limn_weights_dtype (weights)]);
    info->parameters = limn_weights_parameters (weights);
    info->tensors = limn_weights_tensors (weights);
    info->file_bytes = limn_weights_file_bytes (weights);
    info->hash = limn_weights_hash (weights);
  }
  close_single (&single);
  return status;
}

/* ---------------------------------------------------------------- how fast it is */

static size_t
channels_of_map (const Single *self, int map)
{
  return self->unet      ? limn_unet_features (self->unet, map)
         : self->colours ? limn_colours_features (self->colours, map)
                         : limn_recogniser_channels (self->recogniser, map);
}

/* Feature maps of a picture of width x height: zeros. */
static LimnStatus
make_maps (Single *self, size_t width, size_t height, LimnError *error)
{
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    LIMN_TRY (limn_image_new (&self->features.maps[i], width >> (3 + i), height >> (3 + i), channels_of_map (self, i), error));
  return LIMN_OK;
}

static LimnStatus
make_arrays (Single *self, LimnError *error)
{
  const LimnUnetConfig *config = self->unet ? limn_weights_config (self->weights) : NULL;
  const size_t cells = self->side * self->side, in = cells * (config          ? (size_t) config->in_channels
                                                              : self->colours ? LIMN_COLOURS_CELLS
                                                                              : 3);

  self->in = limn_alloc (in, 1, 1, sizeof (float));
  self->out = limn_alloc (cells, config ? (size_t) config->out_channels : 1, 1, sizeof (float));
  if (!self->in || !self->out)
    return limn_fail_memory (error, in * sizeof (float));
  memset (self->in, 0, in * sizeof (float));
  if (self->recogniser)
    return make_maps (self, self->side, self->side, error);
  if (self->colours)
    return make_maps (self, 8 * self->side, 8 * self->side, error);
  return limn_unet_features (self->unet, 0) > 0 ? make_maps (self, 8 * self->side, 8 * self->side, error) : LIMN_OK;
}

static LimnStatus
evaluate (Single *self, LimnError *error)
{
  float *maps[LIMN_FEATURE_MAPS];

  if (self->unet) {
    const int label = limn_weights_config (self->weights)->num_classes > 0 ? 0 : -1;
    return limn_unet_forward (self->run, self->pool, self->in, 230, label, &self->features, self->out, NULL, error);
  }
  if (self->colours) {
    const LimnImage lightness = { self->side, self->side, LIMN_COLOURS_CELLS, self->in };
    LIMN_SCOPED_IMAGE ab = { 0 };
    return limn_colours_run (self->colours, self->pool, &lightness, &self->features, 1, NULL, &ab, NULL, error);
  }
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    maps[i] = self->features.maps[i].data;
  return limn_recogniser_forward (self->look, self->pool, self->in, maps, NULL, error);
}

LimnStatus
limn_bench (const char *path, int threads, size_t count, double *times_ms, LimnError *error)
{
  Single single = { 0 };
  LimnStatus status = open_single (&single, path, threads, error);

  if (status == LIMN_OK)
    status = make_arrays (&single, error);
  for (size_t i = 0; status == LIMN_OK && i <= count; i++) { /* the first run warms up */
    const double start = limn_clock_ms ();

    status = evaluate (&single, error);
    if (i > 0)
      times_ms[i - 1] = limn_clock_ms () - start;
  }
  close_single (&single);
  return status;
}
