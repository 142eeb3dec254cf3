/* Anchor, conditioning and sampling of one tile by detail.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "detail.h"

#include <string.h>

#include "engine/imaging/resample.h"

enum { ENLARGED = LIMN_DETAIL_SCALE };

/* Bicubic enlargement with the known pixels put in. */
static LimnStatus
detail_anchor (LimnImage *anchor, const LimnDetailInput *input, LimnPool *pool, LimnError *error)
{
  const LimnImage *low = input->low, *known = input->known;

  LIMN_TRY (limn_resample (anchor, low, ENLARGED * low->width, ENLARGED * low->height, LIMN_FILTER_BICUBIC, pool, error));
  for (size_t i = 0; known && i < anchor->width * anchor->height * 3; i++)
    anchor->data[i] += known->data[i / 3] * (input->exact->data[i] - anchor->data[i]);
  return LIMN_OK;
}

/* Per grid cell: known colours (zero where unknown), their mask, the low-resolution pixel, and its noise level. */
static LimnStatus
detail_condition (LimnImage *condition, const LimnDetailInput *input, LimnError *error)
{
  const LimnImage *low = input->low, *known = input->known;
  const size_t cells = ENLARGED * ENLARGED;

  LIMN_TRY (limn_image_new (condition, low->width, low->height, 4 * cells + 4, error));
  for (size_t y = 0; y < low->height; y++)
    for (size_t x = 0; x < low->width; x++) {
      float *cell = condition->data + (y * low->width + x) * condition->channels;

      for (size_t k = 0; known && k < cells; k++) {
        size_t at = (y * ENLARGED + k / ENLARGED) * known->width + x * ENLARGED + k % ENLARGED;
        for (size_t c = 0; c < 3; c++)
          cell[c * cells + k] = known->data[at] * input->exact->data[3 * at + c];
        cell[3 * cells + k] = known->data[at];
      }
      memcpy (cell + 4 * cells, low->data + (y * low->width + x) * 3, 3 * sizeof *cell);
      cell[4 * cells + 3] = 4 * input->level;
    }
  return LIMN_OK;
}

LimnStatus
limn_detail_run (LimnEngine *engine, const LimnDetailInput *input, LimnImage *rgb, LimnStats *stats, const LimnControl *control,
                 LimnError *error)
{
  LIMN_SCOPED_IMAGE anchor = { 0 }, condition = { 0 };

  *rgb = (LimnImage){ 0 };
  if (!engine->detail)
    return limn_fail (error, LIMN_BAD_MODEL, "This edit needs the detail network: choose a models folder that has detail.safetensors.");
  if (limn_model_meta (engine->detail)->space_to_depth != ENLARGED)
    return limn_fail (error, LIMN_BAD_MODEL, "The detail network enlarges %d times; only 4 can be used.",
                      limn_model_meta (engine->detail)->space_to_depth);
  LIMN_TRY (detail_anchor (&anchor, input, engine->pool, error));
  LIMN_TRY (detail_condition (&condition, input, error));
  const LimnSampleInput sample = { .anchor = &anchor,
                                   .condition = &condition,
                                   .exact = input->exact,
                                   .known = input->known,
                                   .sampling = input->sampling,
                                   .origin_x = ENLARGED * input->origin_x,
                                   .origin_y = ENLARGED * input->origin_y };
  LIMN_TRY (limn_model_sample (engine->detail, engine->pool, &sample, rgb, stats, control, error));
  if (stats)
    stats->tiles++;
  return LIMN_OK;
}
