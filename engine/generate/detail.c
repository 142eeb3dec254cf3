/* Anchor, conditioning and sampling of one tile by detail.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "detail.h"

#include <string.h>

#include "engine/imaging/resample.h"

enum { ENLARGED = LIMN_DETAIL_SCALE };

/* Bicubic enlargement with the known pixels put in. */
static LimnStatus
detail_anchor (LimnImage *anchor, const LimnImage *low, const LimnImage *exact, const LimnImage *known, LimnPool *pool, LimnError *error)
{
  LIMN_TRY (limn_resample (anchor, low, ENLARGED * low->width, ENLARGED * low->height, LIMN_FILTER_BICUBIC, pool, error));
  for (size_t i = 0; known && i < anchor->width * anchor->height * 3; i++)
    anchor->data[i] += known->data[i / 3] * (exact->data[i] - anchor->data[i]);
  return LIMN_OK;
}

/* Per grid cell: known colours (zero where unknown), their mask, the low-resolution pixel, and its noise level. */
static LimnStatus
detail_condition (LimnImage *condition, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known, LimnError *error)
{
  const size_t cells = ENLARGED * ENLARGED;

  LIMN_TRY (limn_image_new (condition, low->width, low->height, 4 * cells + 4, error));
  for (size_t y = 0; y < low->height; y++)
    for (size_t x = 0; x < low->width; x++) {
      float *cell = condition->data + (y * low->width + x) * condition->channels;

      for (size_t k = 0; known && k < cells; k++) {
        size_t at = (y * ENLARGED + k / ENLARGED) * known->width + x * ENLARGED + k % ENLARGED;
        for (size_t c = 0; c < 3; c++)
          cell[c * cells + k] = known->data[at] * exact->data[3 * at + c];
        cell[3 * cells + k] = known->data[at];
      }
      memcpy (cell + 4 * cells, low->data + (y * low->width + x) * 3, 3 * sizeof *cell);
      cell[4 * cells + 3] = 4 * level;
    }
  return LIMN_OK;
}

LimnStatus
limn_detail_run (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known, ptrdiff_t origin_x,
                 ptrdiff_t origin_y, const LimnSampling *sampling, LimnImage *rgb, LimnStats *stats, const LimnControl *control,
                 LimnError *error)
{
  LimnImage anchor = { 0 }, condition = { 0 };
  LimnStatus status;

  memset (rgb, 0, sizeof *rgb);
  if (!engine->detail)
    return limn_fail (error, LIMN_BAD_MODEL, "This edit needs the detail network: choose a models folder that has detail.safetensors.");
  if (limn_model_meta (engine->detail)->space_to_depth != ENLARGED)
    return limn_fail (error, LIMN_BAD_MODEL, "The detail network enlarges %d times; only 4 can be used.",
                      limn_model_meta (engine->detail)->space_to_depth);
  status = detail_anchor (&anchor, low, exact, known, engine->pool, error);
  if (status == LIMN_OK)
    status = detail_condition (&condition, low, level, exact, known, error);
  if (status == LIMN_OK) {
    LimnSampleInput input = { .anchor = &anchor,
                              .condition = &condition,
                              .exact = exact,
                              .known = known,
                              .sampling = sampling,
                              .origin_x = origin_x,
                              .origin_y = origin_y };
    status = limn_model_sample (engine->detail, engine->pool, &input, rgb, stats, control, error);
  }
  if (status == LIMN_OK && stats)
    stats->tiles++;
  limn_image_clear (&anchor);
  limn_image_clear (&condition);
  return status;
}
