/* The recogniser's weights: its stages out of the file's config, every tensor checked against them, packed for this machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recogniser-internal.h"
#include "weights-internal.h"

enum { MAX_CHANNELS = 4096, NAME = 64 };

void
limn_features_clear (LimnFeatures *features)
{
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    limn_image_clear (&features->maps[i]);
}

/* ---------------------------------------------------------------- config */

/* A whole number of an object, within bounds; an error that names the key otherwise. */
static LimnStatus
read_number (const cJSON *object, const char *key, size_t low, size_t high, const char *where, size_t *out, LimnError *error)
{
  if (limn_json_integer (cJSON_GetObjectItemCaseSensitive (object, key), (double) low, (double) high, out))
    return LIMN_OK;
  return limn_fail (error, LIMN_BAD_MODEL, "%s: \"%s\" in the recogniser's config must be a whole number from %zu to %zu.", where, key, low,
                    high);
}

/* A stage: blocks alike but for the first, which alone has the stride and another number of channels before it. */
static LimnStatus
read_stage (LimnRecogniser *self, const cJSON *stage, const char *where, LimnError *error)
{
  RecogniserBlock block = { .map = NO_MAP };
  size_t repeats;

  LIMN_TRY (read_number (stage, "kernel", 3, 5, where, &block.kernel, error));
  LIMN_TRY (read_number (stage, "stride", 1, 2, where, &block.stride, error));
  LIMN_TRY (read_number (stage, "expand", 1, 16, where, &block.expand, error));
  LIMN_TRY (read_number (stage, "out", 1, MAX_CHANNELS, where, &block.out, error));
  LIMN_TRY (read_number (stage, "repeats", 1, RECOGNISER_MOST_BLOCKS, where, &repeats, error));
  if (block.kernel == 4)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"kernel\" in the recogniser's config must be 3 or 5.", where);
  if (self->count + repeats > RECOGNISER_MOST_BLOCKS)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: the recogniser has more than %d blocks.", where, RECOGNISER_MOST_BLOCKS);
  for (size_t i = 0; i < repeats; i++, block.stride = 1) {
    block.in = self->count > 0 ? self->blocks[self->count - 1].out : self->stem_channels;
    block.residual = block.stride == 1 && block.in == block.out;
    self->blocks[self->count++] = block;
  }
  return LIMN_OK;
}

/* The blocks whose results are the feature maps: those at 1/8, 1/16 and 1/32. Blocks after the last are not needed. */
static LimnStatus
read_taps (LimnRecogniser *self, const cJSON *taps, const char *where, LimnError *error)
{
  size_t scale = 2, from = 0, tap = 0;

  if (!cJSON_IsArray (taps) || cJSON_GetArraySize (taps) != LIMN_FEATURE_MAPS)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"taps\" in the recogniser's config must be a list of %d blocks.", where,
                      LIMN_FEATURE_MAPS);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    if (!limn_json_integer (cJSON_GetArrayItem (taps, i), (double) from, (double) self->count - 1, &tap))
      return limn_fail (error, LIMN_BAD_MODEL, "%s: \"taps\" in the recogniser's config must name blocks, each after the one before.",
                        where);
    for (; from <= tap; from++)
      scale *= self->blocks[from].stride;
    if (scale != (size_t) 8 << i)
      return limn_fail (error, LIMN_BAD_MODEL, "%s: tap %d of the recogniser must lie at 1/%d of the picture's size.", where, i, 8 << i);
    self->blocks[tap].map = i;
  }
  self->count = tap + 1;
  return LIMN_OK;
}

static bool
is_see (const cJSON *limn)
{
  const char *role = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (limn, "role"));

  return role && strcmp (role, "see") == 0;
}

static LimnStatus
read_config (LimnRecogniser *self, const cJSON *config, const cJSON *limn, const char *where, LimnError *error)
{
  const char *name = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (limn, "architecture"));
  const char *activation = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (config, "activation"));
  const cJSON *stages = cJSON_GetObjectItemCaseSensitive (config, "stages"), *stage;

  if (!is_see (limn))
    return limn_fail (error, LIMN_BAD_MODEL, "%s: not an image recogniser: \"role\" in limn's metadata must be \"see\".", where);
  if (!name || !*name || strlen (name) >= sizeof self->name)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"architecture\" in limn's metadata must name the recogniser.", where);
  strcpy (self->name, name);
  if (!activation || strcmp (activation, "relu6") != 0)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"activation\" in the recogniser's config must be \"relu6\".", where);
  LIMN_TRY (read_number (config, "stem", 1, MAX_CHANNELS, where, &self->stem_channels, error));
  if (!cJSON_IsArray (stages) || cJSON_GetArraySize (stages) < 1)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"stages\" in the recogniser's config must be a list.", where);
  cJSON_ArrayForEach (stage, stages) LIMN_TRY (read_stage (self, stage, where, error));
  return read_taps (self, cJSON_GetObjectItemCaseSensitive (config, "taps"), where, error);
}

/* LimnConfigRead; user: LimnRecogniser. */
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

/* ---------------------------------------------------------------- weights */

typedef struct {
  LimnRecogniser *recogniser;
  const LimnWeights *weights;
  LimnPool *pool;
  LimnError *error;
} Reader;

/* Weight and bias of a convolution, for the caller to free. */
typedef struct {
  float *weight, *bias;
} Layer;

static void
layer_clear (Layer *layer)
{
  free (layer->weight);
  free (layer->bias);
}

/* prefix.name's weight [out][in][side][side] and bias [out]. */
static LimnStatus
read_layer (const Reader *r, const char *prefix, const char *name, size_t out, size_t in, size_t side, Layer *layer)
{
  char full[NAME];
  LimnTensorView view;

  layer->weight = limn_alloc (out, in, side * side, sizeof (float));
  layer->bias = limn_alloc (out, 1, 1, sizeof (float));
  if (!layer->weight || !layer->bias)
    return limn_fail_memory (r->error, out * in * side * side * sizeof (float));
  snprintf (full, sizeof full, "%s%s.weight", prefix, name);
  LIMN_TRY (limn_weights_get (r->weights, full, 4, (size_t[4]){ out, in, side, side }, &view, r->error));
  LIMN_TRY (limn_tensor_read (&view, layer->weight, r->error));
  snprintf (full, sizeof full, "%s%s.bias", prefix, name);
  LIMN_TRY (limn_weights_get (r->weights, full, 1, (size_t[4]){ out }, &view, r->error));
  return limn_tensor_read (&view, layer->bias, r->error);
}

static LimnStatus
read_conv (const Reader *r, const char *prefix, const char *name, LimnConvKind kind, size_t in, size_t out, LimnConv **conv)
{
  Layer layer = { NULL, NULL };
  LimnStatus status = read_layer (r, prefix, name, out, in, kind == LIMN_CONV_1X1 ? 1 : 3, &layer);

  if (status == LIMN_OK)
    status = limn_conv_new (conv, r->recogniser->kernels, kind, in, out, layer.weight, layer.bias, 1.0f, r->pool, r->error);
  layer_clear (&layer);
  return status;
}

static LimnStatus
read_middle (const Reader *r, const char *prefix, RecogniserBlock *block)
{
  const size_t channels = block->expand * block->in;
  Layer expand = { NULL, NULL }, depthwise = { NULL, NULL };
  LimnStatus status = block->expand > 1 ? read_layer (r, prefix, "expand", channels, block->in, 1, &expand) : LIMN_OK;

  if (status == LIMN_OK)
    status = read_layer (r, prefix, "depthwise", channels, 1, block->kernel, &depthwise);
  if (status == LIMN_OK)
    status = limn_depthwise_new (&block->middle, r->recogniser->kernels,
                                 &(LimnDepthwiseWeights){ block->in, channels, block->kernel, block->stride, expand.weight, expand.bias,
                                                          depthwise.weight, depthwise.bias },
                                 r->error);
  layer_clear (&expand);
  layer_clear (&depthwise);
  return status;
}

static LimnStatus
read_weights (const Reader *r)
{
  LimnRecogniser *self = r->recogniser;

  LIMN_TRY (read_conv (r, "", "stem", LIMN_CONV_3X3_HALF_END, 3, self->stem_channels, &self->stem));
  for (size_t i = 0; i < self->count; i++) {
    RecogniserBlock *block = &self->blocks[i];
    char prefix[NAME / 2];

    snprintf (prefix, sizeof prefix, "blocks.%zu.", i);
    LIMN_TRY (read_middle (r, prefix, block));
    LIMN_TRY (read_conv (r, prefix, "project", LIMN_CONV_1X1, block->expand * block->in, block->out, &block->project));
  }
  return LIMN_OK;
}

/* ---------------------------------------------------------------- the recogniser */

LimnStatus
limn_recogniser_open (LimnRecogniser **recogniser, const char *path, LimnPool *pool, LimnError *error)
{
  LimnRecogniser *self = calloc (1, sizeof *self);
  LimnStatus status;

  *recogniser = NULL;
  if (!self)
    return limn_fail_memory (error, sizeof *self);
  self->kernels = limn_kernels_best ();
  self->threads = limn_pool_threads (pool);
  status = limn_weights_open_as (&self->weights, path, parse, self, error);
  if (status == LIMN_OK)
    status = read_weights (&(Reader){ self, self->weights, pool, error });
  if (status == LIMN_OK)
    status = limn_recogniser_read_likeness (self, error);
  if (status == LIMN_OK)
    *recogniser = self;
  else
    limn_recogniser_free (self);
  return status;
}

void
limn_recogniser_free (LimnRecogniser *self)
{
  if (!self)
    return;
  for (size_t i = 0; i < RECOGNISER_MOST_BLOCKS; i++) {
    limn_depthwise_free (self->blocks[i].middle);
    limn_conv_free (self->blocks[i].project);
  }
  limn_conv_free (self->stem);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    free (self->likeness[i]);
  limn_weights_free (self->weights);
  free (self);
}

const char *
limn_recogniser_name (const LimnRecogniser *self)
{
  return self->name;
}

const LimnWeights *
limn_recogniser_weights (const LimnRecogniser *self)
{
  return self->weights;
}

size_t
limn_recogniser_channels (const LimnRecogniser *self, int map)
{
  size_t channels = 0;

  for (size_t i = 0; i < self->count; i++)
    if (self->blocks[i].map == map)
      channels = self->blocks[i].out;
  return channels;
}
