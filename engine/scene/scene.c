/* Makes scenes and reads their planes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "stands.h"

enum { MOST_CELLS = 1024 }; /* of the grid's longer side */

static void
set_sizes (LimnScene *scene, const LimnSceneInput *input)
{
  const size_t longer = input->width > input->height ? input->width : input->height;
  const size_t painted = input->labels->width > input->labels->height ? input->labels->width : input->labels->height;
  const size_t cells = limn_size_min (limn_size_min (longer, painted), MOST_CELLS);

  scene->wide = LIMN_UNITS * (float) input->width / (float) longer;
  scene->high = LIMN_UNITS * (float) input->height / (float) longer;
  scene->pixel = LIMN_UNITS / (float) longer;
  scene->cell = LIMN_UNITS / (float) cells;
  scene->grid_width = (size_t) limn_max (1, floorf (scene->wide / scene->cell + 0.5f));
  scene->grid_height = (size_t) limn_max (1, floorf (scene->high / scene->cell + 0.5f));
}

LimnStatus
limn_scene_new (LimnScene *scene, const LimnSceneInput *input, LimnError *error)
{
  *scene = (LimnScene){ .pool = input->pool, .keep_lines = input->options->keep_lines, .photo = input->photo };
  set_sizes (scene, input);
  LIMN_TRY (limn_scene_read_labels (scene, input, error));
  if (input->options->straighten)
    LIMN_TRY (limn_scene_straighten (scene, error));
  limn_scene_level_sea (scene);
  LIMN_TRY (limn_scene_measure (scene, error));
  LIMN_TRY (limn_scene_read_tones (scene, input, error));
  limn_scene_find_horizon (scene, input->options);
  limn_scene_find_light (scene, input->options);
  LIMN_TRY (limn_scene_place_stands (scene, error));
  LIMN_TRY (limn_scene_cast_shadows (scene, error));
  LIMN_TRY (limn_scene_find_shores (scene, error));
  return limn_scene_read_lines (scene, input, error);
}

void
limn_scene_clear (LimnScene *scene)
{
  LimnImage *const planes[] = { &scene->cloud_depth, &scene->relief, &scene->shadow, &scene->eaves,
                                &scene->shore,       &scene->line,   &scene->mirror };

  free (scene->area);
  free (scene->behind);
  free (scene->distance);
  free (scene->cloud);
  free (scene->sun);
  for (size_t i = 0; i < sizeof planes / sizeof *planes; i++)
    limn_image_clear (planes[i]);
  for (size_t i = 0; i < scene->count; i++) {
    limn_image_clear (&scene->areas[i].tone);
    limn_image_clear (&scene->areas[i].depth);
    limn_stands_free (scene->areas[i].stands);
  }
  memset (scene, 0, sizeof *scene);
}

/* The cells around a place: index of the upper left one, steps to its neighbours, and how far the place is from it. */
typedef struct {
  size_t at, right, down;
  float fx, fy;
} Cells;

static inline Cells
cells_at (const LimnImage *plane, float size, float x, float y)
{
  const float most_x = (float) (plane->width - 1), most_y = (float) (plane->height - 1);
  const float cx = limn_clamp (x / size - 0.5f, 0, most_x), cy = limn_clamp (y / size - 0.5f, 0, most_y);
  const size_t i = (size_t) cx, j = (size_t) cy;

  return (Cells){ .at = j * plane->width + i,
                  .right = i + 1 < plane->width,
                  .down = j + 1 < plane->height ? plane->width : 0,
                  .fx = cx - (float) i,
                  .fy = cy - (float) j };
}

float
limn_plane_at (const LimnImage *plane, float size, float x, float y)
{
  const Cells c = cells_at (plane, size, x, y);
  const float *p = plane->data + c.at;

  return limn_mix (limn_mix (p[0], p[c.right], c.fx), limn_mix (p[c.down], p[c.down + c.right], c.fx), c.fy);
}

LimnLab
limn_lab_plane_at (const LimnImage *plane, float size, float x, float y)
{
  const Cells c = cells_at (plane, size, x, y);
  const LimnLab *p = (const LimnLab *) plane->data + c.at;

  return limn_lab_mix (limn_lab_mix (p[0], p[c.right], c.fx), limn_lab_mix (p[c.down], p[c.down + c.right], c.fx), c.fy);
}

void
limn_plane_slope (const LimnImage *plane, float size, float x, float y, float step, float *dx, float *dy)
{
  *dx = (limn_plane_at (plane, size, x + step, y) - limn_plane_at (plane, size, x - step, y)) / (2 * step);
  *dy = (limn_plane_at (plane, size, x, y + step) - limn_plane_at (plane, size, x, y - step)) / (2 * step);
}
