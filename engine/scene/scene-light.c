/* Finds a scene's horizon and its light.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "scene.h"

/* By how much of the height an automatic horizon may be off before it moves. */
static const float STEADY = 0.08f;
/* Where it lies without sky, and within which it lies always; fractions of the height. */
static const float WITHOUT_SKY = 0.33f, HIGHEST = 0.06f, LOWEST = 0.62f;
/* Lightness below which a sky is a night's, and chroma from which on it is a low sun's. */
static const float NIGHT = 34, WARM = 12;

/* The row at which the sky ends in a column: below its last place, or -1 without. */
static int
sky_ends (const LimnScene *scene, size_t x)
{
  for (size_t y = scene->grid_height; y-- > 0;)
    if (limn_area_light (&scene->areas[scene->area[y * scene->grid_width + x]]) == LIMN_LIGHT_SKY)
      return (int) y + 1;
  return -1;
}

static int
compare_ints (const void *a, const void *b)
{
  return *(const int *) a - *(const int *) b;
}

/* The row of the sea's level border, in units, or -1. */
static float
sea_horizon (const LimnScene *scene)
{
  const size_t w = scene->grid_width;
  size_t sum = 0, columns = 0;

  for (size_t x = 0; x < w; x++)
    for (size_t y = 1; y < scene->grid_height; y++) {
      const LimnLook *look = scene->areas[scene->area[y * w + x]].look;
      if (look && strcmp (look->is.id, "sea") == 0 && limn_area_light (&scene->areas[scene->area[(y - 1) * w + x]]) == LIMN_LIGHT_SKY) {
        sum += y;
        columns++;
        break;
      }
    }
  return columns * 20 > w ? (float) sum / (float) columns * scene->cell : -1;
}

/* A little above where the sky ends in the middle of all columns. */
static float
automatic_horizon (const LimnScene *scene)
{
  const float sea = sea_horizon (scene);
  int *ends = malloc (scene->grid_width * sizeof *ends);
  float horizon = WITHOUT_SKY * scene->high;
  size_t count = 0;

  for (size_t x = 0; ends && x < scene->grid_width; x++) {
    const int end = sky_ends (scene, x);
    if (end >= 0)
      ends[count++] = end;
  }
  if (count * 4 > scene->grid_width) {
    qsort (ends, count, sizeof *ends, compare_ints);
    horizon = (float) ends[count / 2] * scene->cell - 6;
  }
  free (ends);
  return sea >= 0 ? sea : limn_clamp (horizon, HIGHEST * scene->high, LOWEST * scene->high);
}

void
limn_scene_find_horizon (LimnScene *scene, const LimnSketchMaterials *options)
{
  const float previous = options->previous_horizon * scene->high;

  scene->horizon = options->horizon >= 0 ? options->horizon * scene->high : automatic_horizon (scene);
  if (options->horizon < 0 && options->previous_horizon >= 0 && fabsf (previous - scene->horizon) < STEADY * scene->high)
    scene->horizon = previous;
  scene->horizon = limn_clamp (scene->horizon, 0, 0.95f * scene->high);
}

/* ---------------------------------------------------------------- light */

static void
find_painted_sun (LimnScene *scene)
{
  double x = 0, y = 0;
  size_t count = 0;

  for (size_t i = 0; i < scene->grid_width * scene->grid_height; i++)
    if (scene->sun[i]) {
      x += (double) (i % scene->grid_width) + 0.5;
      y += (double) (i / scene->grid_width) + 0.5;
      count++;
    }
  if (count == 0)
    return;
  scene->sunlight.x = (float) (x / (double) count) * scene->cell;
  scene->sunlight.y = (float) (y / (double) count) * scene->cell;
  scene->sunlight.radius = limn_clamp (sqrtf ((float) count / 3.14159265f) * scene->cell, 4, 60);
}

static bool
is_low (const LimnScene *scene)
{
  const LimnArea *sky = &scene->areas[scene->sky];

  return scene->sky < scene->count && (strcmp (sky->look->is.id, "sunset") == 0 || (sky->mean[1] > WARM && sky->mean[2] > 0));
}

void
limn_scene_find_light (LimnScene *scene, const LimnSketchMaterials *options)
{
  LimnSunlight *sun = &scene->sunlight;
  const bool sky = scene->sky < scene->count;

  sun->x = 0.2f * scene->wide;
  sun->y = 0.1f * scene->high;
  find_painted_sun (scene);
  if (options->sun_x > LIMN_AUTOMATIC) {
    sun->x = options->sun_x * scene->wide;
    sun->y = options->sun_y * scene->high;
  }
  sun->low = is_low (scene);
  sun->night = sky && scene->areas[scene->sky].mean[0] < NIGHT;
  sun->glow = (LimnLab){ 0, 0, 0, 0 };
  if (sun->low) {
    const LimnLab mean = scene->areas[scene->sky].mean;
    sun->glow = (LimnLab){ -0.15f, 0.22f * mean[1], 0.10f * mean[2], 0 };
  }
  if (sun->night)
    sun->glow = (LimnLab){ -0.12f, 0.5f, -4, 0 };
  const float across = limn_clamp (2.2f * (sun->x / scene->wide - 0.5f), -0.9f, 0.9f);
  const float side = fabsf (across) < 0.35f ? (across < 0 ? -0.35f : 0.35f) : across;
  const float up = sun->low ? -0.45f : -0.75f, front = 0.55f, length = sqrtf (side * side + up * up + front * front);
  sun->towards[0] = side / length;
  sun->towards[1] = up / length;
  sun->towards[2] = front / length;
}
