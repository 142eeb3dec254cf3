/* Shadows of a scene: of standing things on the ground, of crowns beneath them, of roofs on walls.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/imaging/connected-components.h"
#include "engine/imaging/resample.h"
#include "scene.h"

/* Units. */
static const float SHIFT_X = 9, SHIFT_Y = 5, BLUR = 3, CONTACT = 4, EAVES = 15, FOOT = 14;
/* Smallest crown that throws a shadow of its own, square units. */
static const float LEAST_CROWN = 400;

static bool
is_standing (const LimnArea *area)
{
  switch (limn_area_light (area)) {
  case LIMN_LIGHT_CROWN:
  case LIMN_LIGHT_ROCK:
  case LIMN_LIGHT_TRUNK:
  case LIMN_LIGHT_WALL:
  case LIMN_LIGHT_ROOF: return true;
  default: return false;
  }
}

static const LimnArea *
area_at (const LimnScene *scene, size_t x, size_t y)
{
  return &scene->areas[scene->area[2 * y * scene->grid_width + 2 * x]];
}

/* The foot of what stands: only that part throws a shadow on the ground beside it, the rest on what lies farther back. */
static bool
is_foot (const LimnScene *scene, size_t x, size_t y)
{
  const size_t below = y + (size_t) (FOOT / (2 * scene->cell)) + 1;

  return is_standing (area_at (scene, x, y)) && below < scene->relief.height && !is_standing (area_at (scene, x, below));
}

static bool
is_roof (const LimnScene *scene, size_t x, size_t y)
{
  return limn_area_light (area_at (scene, x, y)) == LIMN_LIGHT_ROOF;
}

/* 1 where wanted is true, in half the grid, moved by (dx, dy) units. */
static LimnStatus
moved (const LimnScene *scene, bool (*wanted) (const LimnScene *, size_t, size_t), float dx, float dy, LimnImage *out, LimnError *error)
{
  const float size = 2 * scene->cell;

  LIMN_TRY (limn_image_new (out, scene->relief.width, scene->relief.height, 1, error));
  for (size_t y = 0; y < out->height; y++)
    for (size_t x = 0; x < out->width; x++) {
      const float from_x = (float) x - dx / size, from_y = (float) y - dy / size;

      if (from_x < 0 || from_y < 0 || from_x >= (float) out->width || from_y >= (float) out->height)
        continue;
      out->data[y * out->width + x] = wanted (scene, (size_t) from_x, (size_t) from_y);
    }
  return LIMN_OK;
}

static LimnStatus
blurred (const LimnScene *scene, LimnImage *plane, float sigma, LimnError *error)
{
  LimnImage smooth = { 0 };

  LIMN_TRY (limn_blur (&smooth, plane, limn_max (sigma / (2 * scene->cell), 0.4f), scene->pool, error));
  limn_image_clear (plane);
  *plane = smooth;
  return LIMN_OK;
}

static void
keep_larger (LimnImage *out, const LimnImage *in, float factor)
{
  for (size_t i = 0; i < out->width * out->height; i++)
    out->data[i] = limn_max (out->data[i], factor * in->data[i]);
}

/* ---------------------------------------------------------------- crowns */

typedef struct {
  size_t count, left, right, top, bottom; /* cells of half the grid */
} Extent;

static bool
is_trunk (const LimnArea *area)
{
  return limn_area_light (area) == LIMN_LIGHT_TRUNK;
}

/* The lowest row of the bark under a crown's middle part; 0 without a trunk. */
static size_t
foot_of (const LimnScene *scene, const Extent *crown)
{
  const size_t quarter = (crown->right - crown->left) / 4;
  size_t foot = 0;

  for (size_t x = crown->left + quarter; x + quarter <= crown->right; x++)
    for (size_t y = crown->top; y < scene->relief.height; y++)
      if (is_trunk (&scene->areas[scene->area[2 * y * scene->grid_width + 2 * x]]) && y > foot)
        foot = y;
  return foot;
}

/* An ellipse on the ground below a crown with a trunk, away from the sun. */
static void
add_crown_shadow (const LimnScene *scene, const Extent *crown, LimnImage *out)
{
  const float wide = (float) (crown->right - crown->left + 1), half = 0.48f * wide, flat = 0.10f * wide;
  const float middle = 0.5f * (float) (crown->left + crown->right) - 0.25f * wide * scene->sunlight.towards[0];
  const float foot = (float) foot_of (scene, crown) + 1;

  if (foot <= 1 || wide > 3.0f * (float) (crown->bottom - crown->top + 1))
    return;
  for (size_t y = (size_t) limn_max (foot - flat, 0); y < out->height && (float) y <= foot + flat; y++)
    for (size_t x = (size_t) limn_max (middle - half, 0); x < out->width && (float) x <= middle + half; x++) {
      const float u = ((float) x - middle) / half, v = ((float) y - foot) / flat;
      if (u * u + v * v <= 1)
        out->data[y * out->width + x] = 1;
    }
}

static LimnStatus
add_crowns (const LimnScene *scene, size_t area, LimnImage *out, LimnError *error)
{
  const size_t w = out->width, count = w * out->height;
  uint8_t *filled = malloc (count);
  uint32_t *group = limn_alloc (count, 1, 1, sizeof *group);
  Extent *extents = calloc (count, sizeof *extents);
  const float square = 4 * scene->cell * scene->cell;
  LimnStatus status = LIMN_OK;

  if (!filled || !group || !extents) {
    status = limn_fail_memory (error, count * (5 + sizeof *extents));
  } else {
    for (size_t i = 0; i < count; i++)
      filled[i] = scene->area[2 * (i / w) * scene->grid_width + 2 * (i % w)] == area;
    limn_connected_components (group, filled, w, out->height);
    for (size_t i = 0; i < count; i++) {
      Extent *e = &extents[group[i]];
      const size_t x = i % w, y = i / w;

      if (!filled[i])
        continue;
      e->left = e->count > 0 ? limn_size_min (e->left, x) : x;
      e->right = e->count > 0 && e->right > x ? e->right : x;
      e->top = e->count > 0 ? e->top : y;
      e->bottom = y;
      e->count++;
    }
    for (size_t i = 0; i < count; i++)
      if ((float) extents[i].count * square > LEAST_CROWN)
        add_crown_shadow (scene, &extents[i], out);
  }
  free (filled);
  free (group);
  free (extents);
  return status;
}

/* ---------------------------------------------------------------- roofs */

static LimnStatus
cast_eaves (LimnScene *scene, LimnError *error)
{
  bool any = false;

  for (size_t k = 0; k < scene->count; k++)
    any |= limn_area_light (&scene->areas[k]) == LIMN_LIGHT_ROOF;
  if (!any)
    return LIMN_OK;
  LIMN_TRY (moved (scene, is_roof, -4 * scene->sunlight.towards[0], EAVES, &scene->eaves, error));
  return blurred (scene, &scene->eaves, BLUR, error);
}

LimnStatus
limn_scene_cast_shadows (LimnScene *scene, LimnError *error)
{
  const float away = scene->sunlight.towards[0] < 0 ? 1 : -1;
  LIMN_SCOPED_IMAGE near = { 0 }, crowns = { 0 };

  LIMN_TRY (moved (scene, is_foot, away * SHIFT_X, SHIFT_Y, &scene->shadow, error));
  LIMN_TRY (blurred (scene, &scene->shadow, BLUR, error));
  LIMN_TRY (moved (scene, is_foot, 0, 0, &near, error));
  LIMN_TRY (blurred (scene, &near, CONTACT, error));
  LIMN_TRY (limn_image_new (&crowns, near.width, near.height, 1, error));
  for (size_t k = 0; k < scene->count; k++)
    if (limn_area_light (&scene->areas[k]) == LIMN_LIGHT_CROWN)
      LIMN_TRY (add_crowns (scene, k, &crowns, error));
  LIMN_TRY (blurred (scene, &crowns, 2 * BLUR, error));
  for (size_t i = 0; i < scene->shadow.width * scene->shadow.height; i++)
    scene->shadow.data[i] *= 0.75f;
  keep_larger (&scene->shadow, &near, 0.75f);
  keep_larger (&scene->shadow, &crowns, 1);
  return cast_eaves (scene, error);
}
