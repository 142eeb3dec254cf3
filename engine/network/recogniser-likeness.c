/* How alike places of a picture are: the recogniser's features by learnt matrices.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "engine/imaging/resample.h"
#include "recogniser-internal.h"

LimnStatus
limn_recogniser_read_likeness (LimnRecogniser *self, LimnError *error)
{
  if (!limn_weights_has (self->weights, "likeness.0.weight"))
    return LIMN_OK;
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    const size_t shape[] = { LIMN_LIKENESS, limn_recogniser_channels (self, i), 1, 1 };
    char name[32];
    LimnTensorView view;

    snprintf (name, sizeof name, "likeness.%d.weight", i);
    LIMN_TRY (limn_weights_get (self->weights, name, 4, shape, &view, error));
    self->likeness[i] = limn_alloc (shape[0], shape[1], 1, sizeof (float));
    if (!self->likeness[i])
      return limn_fail_memory (error, shape[0] * shape[1] * sizeof (float));
    LIMN_TRY (limn_tensor_read (&view, self->likeness[i], error));
  }
  return LIMN_OK;
}

bool
limn_recogniser_has_likeness (const LimnRecogniser *self)
{
  return self->likeness[0] != NULL;
}

typedef struct {
  const LimnImage *map;
  const float *matrix; /* [LIMN_LIKENESS][channels] */
  LimnImage *out;
} Product;

static void
multiply_row (void *user, size_t y, int worker)
{
  const Product *p = user;
  const size_t channels = p->map->channels;

  for (size_t x = 0; x < p->map->width; x++) {
    const float *in = p->map->data + (y * p->map->width + x) * channels;
    float *out = p->out->data + (y * p->map->width + x) * LIMN_LIKENESS;

    for (size_t k = 0; k < LIMN_LIKENESS; k++) {
      const float *row = p->matrix + k * channels;
      float sum = 0;
      for (size_t c = 0; c < channels; c++)
        sum += row[c] * in[c];
      out[k] = sum;
    }
  }
}

LimnStatus
limn_recogniser_likeness (const LimnRecogniser *self, const LimnFeatures *features, LimnImage *likeness, LimnPool *pool, LimnError *error)
{
  const size_t width = features->maps[0].width, height = features->maps[0].height;

  *likeness = (LimnImage){ 0 };
  LIMN_TRY (limn_image_new (likeness, width, height, LIMN_LIKENESS, error));
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    const LimnImage *map = &features->maps[i];
    LIMN_SCOPED_IMAGE product = { 0 }, enlarged = { 0 };
    Product p = { map, self->likeness[i], &product };

    LIMN_TRY (limn_image_alloc (&product, map->width, map->height, LIMN_LIKENESS, error));
    LIMN_TRY (limn_pool_try (pool, map->height, multiply_row, &p, error));
    LIMN_TRY (limn_resample (&enlarged, &product, width, height, LIMN_FILTER_LINEAR, pool, error));
    for (size_t at = 0; at < width * height * LIMN_LIKENESS; at++)
      likeness->data[at] += enlarged.data[at];
  }
  return LIMN_OK;
}
