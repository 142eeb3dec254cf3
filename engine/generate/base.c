/* Anchor, conditioning and sampling of base.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base.h"

#include <math.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/pull-push.h"

size_t
limn_base_multiple (const LimnEngine *engine)
{
  if (!engine->base)
    return 1;
  return (size_t) limn_model_meta (engine->base)->space_to_depth << (limn_model_config (engine->base)->levels - 1);
}

LimnStatus
limn_base_anchor (LimnImage *anchor, const LimnImage *planes, LimnError *error)
{
  size_t count = planes->width * planes->height;
  LIMN_SCOPED_IMAGE colour = { 0 }, known = { 0 };

  *anchor = (LimnImage){ 0 };
  LIMN_TRY (limn_image_new (&colour, planes->width, planes->height, 3, error));
  LIMN_TRY (limn_image_new (&known, planes->width, planes->height, 1, error));
  for (size_t i = 0; i < count; i++) {
    const float *plane = planes->data + i * LIMN_BASE_PLANES;
    known.data[i] = limn_min (plane[LIMN_PLANE_EXACT] + plane[LIMN_PLANE_ROUGH], 1);
    memcpy (colour.data + 3 * i, plane, 3 * sizeof *plane);
  }
  LIMN_TRY (limn_pull_push (anchor, &colour, &known, error));
  for (size_t i = 0; i < count; i++) {
    const float *plane = planes->data + i * LIMN_BASE_PLANES;
    const bool gray = plane[LIMN_PLANE_LUMA_KNOWN] > 0;

    for (size_t c = 0; c < 3; c++) {
      float *value = &anchor->data[3 * i + c];
      *value = known.data[i] * plane[c] + (1 - known.data[i]) * (gray ? plane[LIMN_PLANE_LUMA] : *value);
    }
  }
  return LIMN_OK;
}

/* Colours and mask of the exact pixels. */
static LimnStatus
exact_pixels (LimnImage *exact, LimnImage *known, const LimnImage *planes, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (exact, planes->width, planes->height, 3, error));
  LIMN_TRY (limn_image_alloc (known, planes->width, planes->height, 1, error));
  for (size_t i = 0; i < planes->width * planes->height; i++) {
    memcpy (exact->data + 3 * i, planes->data + i * LIMN_BASE_PLANES, 3 * sizeof (float));
    known->data[i] = planes->data[i * LIMN_BASE_PLANES + LIMN_PLANE_EXACT];
  }
  return LIMN_OK;
}

bool
limn_base_sees (const LimnEngine *engine)
{
  return engine->sight != NULL;
}

LimnStatus
limn_base_run (LimnEngine *engine, const LimnBaseInput *input, LimnImage *rgb, LimnStats *stats, const LimnControl *control,
               LimnError *error)
{
  LIMN_SCOPED_IMAGE anchor = { 0 }, condition = { 0 }, exact = { 0 }, known = { 0 };
  LimnSampleInput sample = { .anchor = &anchor, .start = input->start, .condition = &condition, .sampling = input->sampling };

  *rgb = (LimnImage){ 0 };
  if (!engine->base)
    return limn_fail (error, LIMN_BAD_MODEL, "This edit needs the base network: choose a models folder that has base.safetensors.");
  const LimnModelMeta *meta = limn_model_meta (engine->base);
  const float sigma = limn_max (meta->sigma_max * powf (input->strength, 4), 4 * meta->sigma_min);
  sample.sigma = limn_min (sigma, meta->sigma_max);
  LIMN_TRY (limn_base_anchor (&anchor, input->planes, error));
  LIMN_TRY (limn_pixel_unshuffle (&condition, input->planes, (size_t) meta->space_to_depth, error));
  if (input->sampling->steps > 1) {
    LIMN_TRY (exact_pixels (&exact, &known, input->planes, error));
    sample.exact = &exact;
    sample.known = &known;
  }
  if (input->likeness)
    *input->likeness = (LimnImage){ 0 };
  if (limn_base_sees (engine)) {
    LIMN_TRY (limn_sight_look (engine->sight, engine->pool, input->planes, &anchor, input->sharp, input->near, &sample.features, stats,
                               control, error));
    if (input->likeness)
      LIMN_TRY (limn_sight_likeness (engine->sight, sample.features, input->likeness, engine->pool, error));
  }
  return limn_model_sample (engine->base, engine->pool, &sample, rgb, stats, control, error);
}
