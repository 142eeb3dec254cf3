/* The engine's life, and what can be said of a model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/generate/engine.h"

static LimnStatus
open_engine (LimnEngine *self, const LimnEngineOptions *options, LimnError *error)
{
  LIMN_TRY (limn_pool_new (&self->pool, options->threads, error));
  if (options->base_path)
    LIMN_TRY (limn_model_open (&self->base, options->base_path, "base", self->pool, error));
  if (options->detail_path)
    LIMN_TRY (limn_model_open (&self->detail, options->detail_path, "detail", self->pool, error));
  return LIMN_OK;
}

LimnStatus
limn_engine_new (LimnEngine **engine, const LimnEngineOptions *options, LimnError *error)
{
  LimnEngine *self = calloc (1, sizeof *self);
  LimnStatus status;

  *engine = NULL;
  if (!self)
    return limn_fail_memory (error, sizeof *self);
  pthread_mutex_init (&self->lock, NULL);
  status = open_engine (self, options, error);
  if (status == LIMN_OK)
    *engine = self;
  else
    limn_engine_free (self);
  return status;
}

void
limn_engine_free (LimnEngine *engine)
{
  if (!engine)
    return;
  limn_model_free (engine->base);
  limn_model_free (engine->detail);
  if (engine->pool)
    limn_pool_free (engine->pool);
  pthread_mutex_destroy (&engine->lock);
  free (engine);
}

size_t
limn_engine_base_size (const LimnEngine *engine)
{
  return engine->base ? limn_model_meta (engine->base)->size : 0;
}

void
limn_engine_begin (LimnEngine *engine, const LimnControl *control)
{
  pthread_mutex_lock (&engine->lock);
  limn_pool_watch (engine->pool, control ? control->cancel : NULL);
}

void
limn_engine_end (LimnEngine *engine)
{
  limn_pool_watch (engine->pool, NULL);
  pthread_mutex_unlock (&engine->lock);
}

/* ---------------------------------------------------------------- one model by itself */

typedef struct {
  LimnPool *pool;
  LimnWeights *weights;
  LimnUnet *unet;
  LimnUnetRun *run;
  size_t side; /* of the grid */
} Single;

static LimnStatus
open_single (Single *self, const char *path, int threads, LimnError *error)
{
  const LimnModelMeta *meta;
  size_t step;

  LIMN_TRY (limn_pool_new (&self->pool, threads, error));
  LIMN_TRY (limn_weights_open (&self->weights, path, error));
  LIMN_TRY (limn_unet_new (&self->unet, self->weights, self->pool, error));
  meta = limn_weights_meta (self->weights);
  step = (size_t) 1 << (limn_weights_config (self->weights)->levels - 1);
  self->side = (meta->size ? meta->size : 64) / (size_t) meta->space_to_depth;
  self->side = (self->side + step - 1) / step * step;
  return limn_unet_run_new (&self->run, self->unet, self->side, self->side, error);
}

static void
close_single (Single *self)
{
  if (self->run)
    limn_unet_run_free (self->run);
  if (self->unet)
    limn_unet_free (self->unet);
  limn_weights_free (self->weights);
  if (self->pool)
    limn_pool_free (self->pool);
}

static void
describe (const Single *self, LimnModelInfo *info)
{
  static const char *const dtypes[] = { [LIMN_F32] = "F32", [LIMN_F16] = "F16", [LIMN_BF16] = "BF16" };
  const LimnModelMeta *meta = limn_weights_meta (self->weights);

  strcpy (info->role, meta->role);
  strcpy (info->parametrisation, meta->parametrisation == LIMN_ANCHOR ? "limn-anchor" : "consistency");
  strcpy (info->dtype, dtypes[limn_weights_dtype (self->weights)]);
  strcpy (info->version, meta->version);
  info->parameters = limn_weights_parameters (self->weights);
  info->tensors = limn_weights_tensors (self->weights);
  info->file_bytes = limn_weights_file_bytes (self->weights);
  info->size = meta->size;
  info->space_to_depth = meta->space_to_depth;
  info->sigma_min = meta->sigma_min;
  info->sigma_max = meta->sigma_max;
  info->sigma_data = meta->sigma_data;
  info->pictures_seen = meta->pictures_seen;
  info->gflop = limn_unet_run_gflop (self->run);
  info->plan_bytes = limn_unet_run_bytes (self->run);
  info->hash = limn_weights_hash (self->weights);
}

LimnStatus
limn_model_info (const char *path, LimnModelInfo *info, LimnError *error)
{
  Single single = { 0 };
  LimnStatus status = open_single (&single, path, 1, error);

  memset (info, 0, sizeof *info);
  if (status == LIMN_OK)
    describe (&single, info);
  close_single (&single);
  return status;
}

static LimnStatus
time_forward (Single *self, size_t count, double *times_ms, LimnError *error)
{
  const LimnUnetConfig *config = limn_weights_config (self->weights);
  size_t cells = self->side * self->side, in_count = cells * (size_t) config->in_channels;
  float *in = limn_alloc (in_count, 1, 1, sizeof *in), *out = limn_alloc (cells, (size_t) config->out_channels, 1, sizeof *out);
  LimnStatus status = in && out ? LIMN_OK : limn_fail_memory (error, in_count * sizeof *in);

  if (status == LIMN_OK)
    memset (in, 0, in_count * sizeof *in);
  for (size_t i = 0; status == LIMN_OK && i <= count; i++) { /* the first warms up */
    double start = limn_clock_ms ();
    status = limn_unet_forward (self->run, self->pool, in, 230, config->num_classes > 0 ? 0 : -1, out, NULL, error);
    if (i > 0)
      times_ms[i - 1] = limn_clock_ms () - start;
  }
  free (in);
  free (out);
  return status;
}

LimnStatus
limn_bench (const char *path, int threads, size_t count, double *times_ms, LimnError *error)
{
  Single single = { 0 };
  LimnStatus status = open_single (&single, path, threads, error);

  if (status == LIMN_OK)
    status = time_forward (&single, count, times_ms, error);
  close_single (&single);
  return status;
}
