/* Creates, locks and frees an engine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/generate/engine.h"

/* The colours network must have been trained with the recogniser that base was. */
static LimnStatus
check_colours (const LimnEngine *self, LimnError *error)
{
  const char *see = limn_model_meta (self->base)->see;
  bool same = strcmp (see, limn_colours_see (self->colours)) == 0;

  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    same = same && limn_colours_features (self->colours, i) == limn_model_features (self->base, i);
  return same ? LIMN_OK
              : limn_fail (error, LIMN_BAD_MODEL, "colours.safetensors was trained with the recogniser \"%s\", base with \"%s\".",
                           limn_colours_see (self->colours), see);
}

static LimnStatus
open_engine (LimnEngine *self, const LimnEngineOptions *options, LimnError *error)
{
  LIMN_TRY (limn_pool_new (&self->pool, options->threads, error));
  if (options->base_path)
    LIMN_TRY (limn_model_open (&self->base, options->base_path, "base", self->pool, error));
  if (options->detail_path)
    LIMN_TRY (limn_model_open (&self->detail, options->detail_path, "detail", self->pool, error));
  if (self->base && *limn_model_meta (self->base)->see)
    LIMN_TRY (limn_sight_new (&self->sight, options->see_path, self->base, self->pool, error));
  if (self->sight && options->colours_path) {
    LIMN_TRY (limn_colours_open (&self->colours, options->colours_path, self->pool, error));
    LIMN_TRY (check_colours (self, error));
  }
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
  limn_sight_free (engine->sight);
  limn_colours_free (engine->colours);
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
