/* Reads the label plane into the scene's grid. Clouds and the sun lie over something: their places get what is beside them, and are noted
 * apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/texture/label-distance.h"
#include "scene.h"

enum { UNKNOWN = 255 }; /* no area */

/* Hexagons of a surface of one's own where the material that it is like repeats its surface, units. */
static const float OWN_CELL = 80;

static LimnArea *
add_area (LimnScene *scene, uint8_t label, const LimnSketchMaterials *options)
{
  const LimnNamedSurface *own = limn_surfaces_find_own (options->own, label);
  LimnArea *area = &scene->areas[scene->count++];

  area->label = label;
  area->look = limn_look_of_label (own ? own->like : label);
  if (own)
    area->surface = &own->surface;
  else if (area->look && area->look->is.surface)
    area->surface = limn_surfaces_find (options->surfaces, area->look->is.surface);
  if (area->surface)
    area->fingerprint = area->surface->fingerprint;
  if (area->surface && area->look->span > 0)
    area->texels = (float) area->surface->width / area->look->span;
  if (area->look) /* one's own need not fit together at its borders */
    area->cell = area->texels * (own && area->look->cell <= 0 ? OWN_CELL : area->look->cell);
  return area;
}

/* The label that a value of the plane stands for: what has no material is plain. */
static uint8_t
known_label (uint8_t label, const LimnSurfaces *own)
{
  if (limn_look_of_label (label) || limn_surfaces_find_own (own, label))
    return label;
  return LIMN_LABEL_PLAIN;
}

/* Labels of the picture at the middles of the grid's cells. */
static void
read_cells (LimnScene *scene, const LimnMask *labels)
{
  for (size_t y = 0; y < scene->grid_height; y++) {
    const uint8_t *row = labels->data + (2 * y + 1) * labels->height / (2 * scene->grid_height) * labels->stride;

    for (size_t x = 0; x < scene->grid_width; x++)
      scene->area[y * scene->grid_width + x] = row[(2 * x + 1) * labels->width / (2 * scene->grid_width)];
  }
}

/* Labels of cells become areas, in the order of labels, so that the same areas are in the same order wherever they lie. blank: receives
 * which cells have none. */
static void
find_areas (LimnScene *scene, const LimnSketchMaterials *options, uint8_t *blank)
{
  const size_t count = scene->grid_width * scene->grid_height;
  uint8_t meaning[256], index[256];
  bool used[256] = { false };

  for (int l = 0; l < 256; l++)
    meaning[l] = known_label ((uint8_t) l, options->own);
  for (size_t i = 0; i < count; i++)
    used[meaning[scene->area[i]]] = true;
  for (int l = 0; l < 256; l++) {
    const bool room = scene->count < LIMN_AREAS_MOST - 1 || l == LIMN_LABEL_PLAIN; /* the last one is kept for it */

    if (used[l] && !room)
      used[LIMN_LABEL_PLAIN] = true;
    index[l] = used[l] && room ? (uint8_t) scene->count : UNKNOWN;
    if (used[l] && room)
      add_area (scene, (uint8_t) l, options);
  }
  for (size_t i = 0; i < count; i++) {
    const uint8_t at = index[meaning[scene->area[i]]];

    blank[i] = scene->area[i] == LIMN_LABEL_NONE;
    scene->area[i] = at != UNKNOWN ? at : index[LIMN_LABEL_PLAIN];
  }
}

/* Gaps between strokes take the nearest label. blank: cells without one. */
static LimnStatus
close_gaps (LimnScene *scene, const uint8_t *blank, float reach, LimnError *error)
{
  const size_t count = scene->grid_width * scene->grid_height;
  uint8_t *seed = malloc (count);
  uint32_t *nearest = limn_alloc (count, 1, 1, sizeof *nearest);
  float *squared = limn_alloc (count, 1, 1, sizeof *squared);
  LimnStatus status = seed && nearest && squared ? LIMN_OK : limn_fail_memory (error, 9 * count);

  for (size_t i = 0; status == LIMN_OK && i < count; i++)
    seed[i] = !blank[i];
  if (status == LIMN_OK && memchr (blank, 1, count) && memchr (seed, 1, count)) {
    status = limn_nearest_seed (nearest, squared, seed, scene->grid_width, scene->grid_height, scene->pool, error);
    for (size_t i = 0; status == LIMN_OK && i < count; i++)
      if (blank[i] && squared[i] * scene->cell * scene->cell < reach * reach)
        scene->area[i] = scene->area[nearest[i]];
  }
  free (seed);
  free (nearest);
  free (squared);
  return status;
}

/* What lies under clouds and sun: the nearest area that can be behind them, sky first; other areas if there is none. */
static LimnStatus
dissolve (LimnScene *scene, const uint8_t *over, LimnError *error)
{
  const size_t count = scene->grid_width * scene->grid_height;
  uint8_t *seed = malloc (count);
  uint32_t *nearest = limn_alloc (count, 1, 1, sizeof *nearest);
  bool found = false, any = false;
  LimnStatus status = seed && nearest ? LIMN_OK : limn_fail_memory (error, 5 * count);

  for (size_t i = 0; status == LIMN_OK && i < count; i++) {
    any |= over[i] != 0;
    seed[i] = !over[i] && limn_area_light (&scene->areas[scene->area[i]]) == LIMN_LIGHT_SKY;
    found |= seed[i];
  }
  for (size_t i = 0; status == LIMN_OK && !found && i < count; i++)
    seed[i] = !over[i];
  if (status == LIMN_OK && any)
    status = limn_nearest_seed (nearest, NULL, seed, scene->grid_width, scene->grid_height, scene->pool, error);
  for (size_t i = 0; status == LIMN_OK && any && i < count; i++)
    if (over[i])
      seed[i] = scene->area[nearest[i]];
  for (size_t i = 0; status == LIMN_OK && any && i < count; i++)
    if (over[i])
      scene->area[i] = seed[i];
  free (seed);
  free (nearest);
  return status;
}

static void
note_what_lies_over (LimnScene *scene, uint8_t *over)
{
  for (size_t i = 0; i < scene->grid_width * scene->grid_height; i++) {
    const LimnLight light = limn_area_light (&scene->areas[scene->area[i]]);

    scene->cloud[i] = light == LIMN_LIGHT_CLOUD;
    scene->sun[i] = light == LIMN_LIGHT_SUN;
    over[i] = scene->cloud[i] || scene->sun[i];
  }
}

/* Whether an area comes down to that fraction of the height. */
static bool
is_below (const LimnScene *scene, size_t area, float fraction)
{
  for (size_t i = (size_t) (fraction * (float) scene->grid_height) * scene->grid_width; i < scene->grid_width * scene->grid_height; i++)
    if (scene->area[i] == area)
      return true;
  return false;
}

static void
survey (LimnScene *scene)
{
  size_t places[LIMN_AREAS_MOST] = { 0 };

  for (size_t i = 0; i < scene->grid_width * scene->grid_height; i++)
    places[scene->area[i]]++;
  scene->sky = (uint8_t) scene->count;
  for (size_t k = 0; k < scene->count; k++)
    if (limn_area_light (&scene->areas[k]) == LIMN_LIGHT_SKY && (scene->sky == scene->count || places[k] > places[scene->sky]))
      scene->sky = (uint8_t) k;
  for (size_t k = 0; k < scene->count; k++) {
    const LimnLook *look = scene->areas[k].look;

    scene->plain |= !look && places[k] > 0;
    scene->mountains |= look && places[k] > 0 && look->light == LIMN_LIGHT_MOUNTAIN;
    scene->winter |= look && strcmp (look->is.id, "snow") == 0 && is_below (scene, k, 0.75f);
  }
}

LimnStatus
limn_scene_read_labels (LimnScene *scene, const LimnSceneInput *input, LimnError *error)
{
  const size_t count = scene->grid_width * scene->grid_height;
  uint8_t *over = malloc (count);
  LimnStatus status = LIMN_OK;

  scene->area = malloc (count);
  scene->behind = malloc (count);
  scene->cloud = malloc (count);
  scene->sun = malloc (count);
  scene->distance = limn_alloc (count, 1, 1, sizeof *scene->distance);
  if (!over || !scene->area || !scene->behind || !scene->cloud || !scene->sun || !scene->distance) {
    status = limn_fail_memory (error, 9 * count);
  } else {
    read_cells (scene, input->labels);
    find_areas (scene, input->options, over);
    status = close_gaps (scene, over, input->reach, error);
    note_what_lies_over (scene, over);
    if (status == LIMN_OK)
      status = dissolve (scene, over, error);
    survey (scene);
  }
  free (over);
  return status;
}

/* ---------------------------------------------------------------- the sea's horizon */

/* Rows by which the sea's far border may be off. */
static const float MOST_TILT = 14;

static bool
is_sea_below_sky (const LimnScene *scene, size_t x, size_t y)
{
  const size_t w = scene->grid_width;
  const LimnLook *look = scene->areas[scene->area[y * w + x]].look;

  return y > 0 && look && strcmp (look->is.id, "sea") == 0 &&
         limn_area_light (&scene->areas[scene->area[(y - 1) * w + x]]) == LIMN_LIGHT_SKY;
}

void
limn_scene_level_sea (LimnScene *scene)
{
  const size_t w = scene->grid_width, h = scene->grid_height;
  const size_t reach = (size_t) (MOST_TILT / scene->cell);
  size_t sum = 0, columns = 0;

  for (size_t x = 0; x < w; x++)
    for (size_t y = 1; y < h; y++)
      if (is_sea_below_sky (scene, x, y)) {
        sum += y;
        columns++;
        break;
      }
  if (columns * 20 < w)
    return;
  const size_t level = (sum + columns / 2) / columns;
  for (size_t x = 0; x < w; x++)
    for (size_t y = level > reach ? level - reach : 1; y <= level + reach && y < h; y++)
      if (is_sea_below_sky (scene, x, y)) {
        uint8_t *column = scene->area + x;
        const uint8_t sea = column[y * w], sky = column[(y - 1) * w];

        for (size_t j = y; j < level; j++)
          if (column[j * w] == sea)
            column[j * w] = sky;
        for (size_t j = level; j < y; j++)
          if (column[j * w] == sky)
            column[j * w] = sea;
        break;
      }
}
