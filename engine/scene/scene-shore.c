/* Finds for water about which row it mirrors what lies behind it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "scene.h"

/* How far a shore's line is averaged to both sides, units. */
static const float REACH = 16;

static LimnLight
light_at (const LimnScene *scene, size_t x, size_t y)
{
  return limn_area_light (&scene->areas[scene->area[2 * y * scene->grid_width + 2 * x]]);
}

/* Down each column: the row of cells where what stands above the water, or the sky, ends. The ground between it and the water lies too
 * flat to be mirrored. -1 on land. */
static bool
find_columns (const LimnScene *scene, LimnImage *shore)
{
  bool any = false;

  for (size_t x = 0; x < shore->width; x++) {
    float foot = 0;

    for (size_t y = 0; y < shore->height; y++) {
      const LimnLight light = light_at (scene, x, y);
      const bool water = light == LIMN_LIGHT_WATER;

      if (!water && light != LIMN_LIGHT_GROUND)
        foot = (float) (y + 1);
      shore->data[y * shore->width + x] = water ? foot : -1;
      any |= water;
    }
  }
  return any;
}

/* A mean along the row over water alone, times size. Sums are of whole numbers, so that they don't depend on what was added before. */
static void
average_row (const float *in, float *out, size_t width, size_t reach, float size)
{
  float sum = 0, count = 0;

  for (size_t x = 0; x < width + reach; x++) {
    if (x < width && in[x] >= 0) {
      sum += in[x];
      count++;
    }
    if (x > 2 * reach && in[x - 2 * reach - 1] >= 0) {
      sum -= in[x - 2 * reach - 1];
      count--;
    }
    if (x >= reach)
      out[x - reach] = count > 0 ? size * sum / count : -1;
  }
}

LimnStatus
limn_scene_find_shores (LimnScene *scene, LimnError *error)
{
  const size_t reach = (size_t) (REACH / (2 * scene->cell)) + 1;
  LIMN_SCOPED_IMAGE columns = { 0 };

  LIMN_TRY (limn_image_new (&columns, scene->relief.width, scene->relief.height, 1, error));
  if (!find_columns (scene, &columns))
    return LIMN_OK;
  LIMN_TRY (limn_image_new (&scene->shore, columns.width, columns.height, 1, error));
  for (size_t y = 0; y < columns.height; y++)
    average_row (columns.data + y * columns.width, scene->shore.data + y * columns.width, columns.width, reach, 2 * scene->cell);
  return LIMN_OK;
}
