/* Reads pencil lines into the scene.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/minmax.h"
#include "engine/imaging/resample.h"
#include "scene.h"

/* Sigma of the softening, units. */
static const float SOFT = 1.2f;

static bool
read_cells (const LimnScene *scene, const LimnMask *ink, LimnImage *line)
{
  bool any = false;

  for (size_t y = 0; y < ink->height; y++)
    for (size_t x = 0; x < ink->width; x++) {
      const uint8_t v = ink->data[y * ink->stride + x];
      float *cell = &line->data[y * line->height / ink->height * line->width + x * line->width / ink->width];

      *cell = limn_max (*cell, (float) v / 255);
      any |= v > 0;
    }
  return any;
}

LimnStatus
limn_scene_read_lines (LimnScene *scene, const LimnSceneInput *input, LimnError *error)
{
  LIMN_SCOPED_IMAGE line = { 0 };

  if (!input->ink)
    return LIMN_OK;
  LIMN_TRY (limn_image_new (&line, scene->grid_width, scene->grid_height, 1, error));
  if (!read_cells (scene, input->ink, &line))
    return LIMN_OK;
  return limn_blur (&scene->line, &line, limn_max (SOFT / scene->cell, 0.5f), scene->pool, error);
}
