/* Measures a scene: how far each place is from the border of its area, and how deep it lies in what stands out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/resample.h"
#include "engine/texture/label-distance.h"
#include "scene.h"

/* Height of the cushions that relief makes of areas, and the sigma of their blur; units. */
static const float CUSHION = 40, CUSHION_BLUR = 4;

enum { SMOOTH = 3 }; /* cells: radius in which natural borders are smoothed; built ones: 1 */

/* ---------------------------------------------------------------- smooth borders */

/* The distance at cell j to the border of area a, > 0 inside it. */
static inline float
signed_distance (const LimnScene *scene, size_t j, uint8_t a)
{
  return scene->area[j] == a ? scene->distance[j] : -scene->distance[j];
}

static float
smoothed_distance (const LimnScene *scene, size_t x, size_t y, size_t radius)
{
  const size_t w = scene->grid_width, h = scene->grid_height, i = y * w + x;
  float sum = 0, total = 0;

  for (size_t v = y > radius ? y - radius : 0; v <= y + radius && v < h; v++)
    for (size_t u = x > radius ? x - radius : 0; u <= x + radius && u < w; u++) {
      const float dx = (float) u - (float) x, dy = (float) v - (float) y;
      const float weight = 1 / (1 + (dx * dx + dy * dy) * (4 / (float) (radius * radius + 1)));

      sum += weight * signed_distance (scene, v * w + u, scene->area[i]);
      total += weight;
    }
  return sum / total;
}

typedef struct {
  const LimnScene *scene;
  float *smooth;
} Smoothing;

static bool
is_fine (const LimnScene *scene, uint8_t area)
{
  const LimnLight light = limn_area_light (&scene->areas[area]);

  return limn_light_is_built (light) || light == LIMN_LIGHT_PLAIN;
}

static void
smooth_row (void *user, size_t y, int worker)
{
  const Smoothing *s = user;
  const LimnScene *scene = s->scene;

  for (size_t x = 0; x < scene->grid_width; x++) {
    const size_t i = y * scene->grid_width + x, radius = is_fine (scene, scene->area[i]) || is_fine (scene, scene->behind[i]) ? 1 : SMOOTH;

    s->smooth[i] = scene->distance[i];
    if (scene->distance[i] < 1.5f * (float) radius)
      s->smooth[i] = smoothed_distance (scene, x, y, radius);
  }
}

/* Borders of labels are stairs: distances to them are averaged, and places that come to lie behind the border change sides. */
static LimnStatus
smooth_borders (LimnScene *scene, LimnError *error)
{
  const size_t count = scene->grid_width * scene->grid_height;
  float *smooth = limn_alloc (count, 1, 1, sizeof *smooth);
  Smoothing s = { scene, smooth };
  LimnStatus status;

  if (!smooth)
    return limn_fail_memory (error, count * sizeof *smooth);
  status = limn_pool_try (scene->pool, scene->grid_height, smooth_row, &s, error);
  for (size_t i = 0; status == LIMN_OK && i < count; i++) {
    if (smooth[i] < 0) {
      const uint8_t area = scene->area[i];
      scene->area[i] = scene->behind[i];
      scene->behind[i] = area;
    }
    scene->distance[i] = limn_min (fabsf (smooth[i]) * scene->cell, LIMN_DISTANCE_MOST);
    if (scene->distance[i] >= LIMN_DISTANCE_MOST)
      scene->behind[i] = scene->area[i];
  }
  free (smooth);
  return status;
}

/* ---------------------------------------------------------------- half the grid */

static LimnStatus
new_half (const LimnScene *scene, LimnImage *plane, LimnError *error)
{
  return limn_image_new (plane, (scene->grid_width + 1) / 2, (scene->grid_height + 1) / 2, 1, error);
}

/* The cell of the grid under cell (x, y) of half of it. */
static inline size_t
full_index (const LimnScene *scene, size_t x, size_t y)
{
  return 2 * y * scene->grid_width + 2 * x;
}

/* Signed distances in half the grid, units: > 0 where inside is set. */
static LimnStatus
measure_depth (const LimnScene *scene, uint8_t *inside, LimnImage *depth, LimnError *error)
{
  const size_t count = ((scene->grid_width + 1) / 2) * ((scene->grid_height + 1) / 2);
  LimnImage rough = { 0 };
  uint8_t *other = malloc (count);
  LimnStatus status = other ? new_half (scene, &rough, error) : limn_fail_memory (error, count);

  if (status == LIMN_OK)
    status = limn_label_distance (rough.data, other, inside, rough.width, rough.height, scene->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < count; i++)
    rough.data[i] *= 2 * (inside[i] ? scene->cell : -scene->cell);
  if (status == LIMN_OK)
    status = limn_blur (depth, &rough, 1.0f, scene->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < count; i++)
    depth->data[i] = limn_clamp (depth->data[i], LIMN_DEPTH_LEAST, LIMN_DEPTH_MOST);
  limn_image_clear (&rough);
  free (other);
  return status;
}

/* area: whose depth, or the clouds' where it is the number of areas. */
static LimnStatus
measure_area (LimnScene *scene, size_t area, LimnImage *depth, LimnError *error)
{
  const size_t w = (scene->grid_width + 1) / 2, h = (scene->grid_height + 1) / 2;
  uint8_t *inside = malloc (w * h);
  bool any = false;
  LimnStatus status = LIMN_OK;

  if (!inside)
    return limn_fail_memory (error, w * h);
  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++) {
      const size_t i = full_index (scene, x, y);

      inside[y * w + x] = area < scene->count ? scene->area[i] == area : scene->cloud[i];
      any |= inside[y * w + x];
    }
  if (any && area < scene->count && limn_area_light (&scene->areas[area]) == LIMN_LIGHT_FIRS)
    status = limn_scene_find_lone (&scene->areas[area], inside, w, h, 2 * scene->cell, error);
  if (status == LIMN_OK && (any || area < scene->count))
    status = measure_depth (scene, inside, depth, error);
  free (inside);
  return status;
}

static LimnStatus
make_relief (LimnScene *scene, LimnError *error)
{
  LIMN_SCOPED_IMAGE height = { 0 };

  LIMN_TRY (new_half (scene, &height, error));
  for (size_t y = 0; y < height.height; y++)
    for (size_t x = 0; x < height.width; x++) {
      const float d = limn_min (scene->distance[full_index (scene, x, y)], CUSHION);
      height.data[y * height.width + x] = sqrtf (d * CUSHION);
    }
  return limn_blur (&scene->relief, &height, limn_max (CUSHION_BLUR / (2 * scene->cell), 0.5f), scene->pool, error);
}

LimnStatus
limn_scene_measure (LimnScene *scene, LimnError *error)
{
  LIMN_TRY (limn_label_distance (scene->distance, scene->behind, scene->area, scene->grid_width, scene->grid_height, scene->pool, error));
  LIMN_TRY (smooth_borders (scene, error));
  for (size_t k = 0; k < scene->count; k++)
    if (limn_stands_out (scene->areas[k].look))
      LIMN_TRY (measure_area (scene, k, &scene->areas[k].depth, error));
  LIMN_TRY (measure_area (scene, scene->count, &scene->cloud_depth, error));
  return make_relief (scene, error);
}
