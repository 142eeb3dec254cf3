/* Things: rocks, trunks, walls, roofs, windows; and the choice of what an area is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shade.h"

#include <string.h>

#include "engine/base/minmax.h"
#include "engine/texture/lattice-noise.h"

enum { BOULDERS = 31, SHEEN = 88 }; /* seeds */

/* How much a relief faces the light; slopes in units a unit. */
static float
facing (const LimnScene *scene, float dx, float dy)
{
  const float *towards = scene->sunlight.towards;

  return -dx * towards[0] - dy * towards[1];
}

static float
relief_light (const LimnSpot *spot, float step)
{
  float dx, dy;

  limn_plane_slope (&spot->view->scene->relief, 2 * spot->view->scene->cell, spot->x, spot->y, step, &dx, &dy);
  return facing (spot->view->scene, dx, dy);
}

static LimnLab
shade_rock (const LimnSpot *spot, size_t index, float *height)
{
  LimnLab lab = limn_coloured_at (spot, index, height);
  const int octaves = limn_octaves_for (46, spot->view->pixel, 3);
  const float here = limn_octaves_at (spot->x / 46, spot->y / 46, octaves, BOULDERS);
  const float right = limn_octaves_at ((spot->x + 2) / 46, spot->y / 46, octaves, BOULDERS);
  const float below = limn_octaves_at (spot->x / 46, (spot->y + 2) / 46, octaves, BOULDERS);
  const float light = limn_clamp (0.75f * relief_light (spot, 4) + 3 * facing (spot->view->scene, right - here, below - here), -1.2f, 1.1f);

  lab[0] *= 1 + 0.36f * light;
  lab[2] += 3 * light;
  return lab;
}

static LimnLab
shade_trunk (const LimnSpot *spot, size_t index, float depth, float *height)
{
  LimnLab lab = limn_coloured_at (spot, index, height);

  lab[0] *= 0.80f + 0.14f * limn_min (depth, 14) / 14 + 0.20f * limn_clamp (relief_light (spot, 3), -1.5f, 1.5f);
  return lab;
}

static LimnLab
shade_soft (const LimnSpot *spot, size_t index, float *height)
{
  LimnLab lab = limn_coloured_at (spot, index, height);

  lab[0] *= 1 + 0.22f * limn_clamp (relief_light (spot, 4), -1.2f, 1.2f);
  return lab;
}

/* Built things: darker under eaves; roofs lighter towards the sky. */
static LimnLab
shade_built (const LimnSpot *spot, size_t index, float *height)
{
  const LimnScene *scene = spot->view->scene;
  LimnLab lab = limn_coloured_at (spot, index, height);

  if (scene->areas[index].look->light == LIMN_LIGHT_ROOF)
    lab[0] *= 1 + 0.07f * limn_clamp (relief_light (spot, 6), -1, 1);
  else if (scene->eaves.data)
    lab[0] *= 1 - 0.45f * limn_plane_at (&scene->eaves, 2 * scene->cell, spot->x, spot->y);
  return lab;
}

/* A pane mirrors a sky, darker, with a sheen across, and lies in the shade of its frame above. A lit one glows. */
static LimnLab
shade_glass (const LimnSpot *spot, const LimnArea *area, float depth)
{
  const LimnScene *scene = spot->view->scene;
  LimnLab lab = limn_lab_plane_at (&area->tone, LIMN_TONE_CELL, spot->x, spot->y);
  const bool lit = lab[2] > 18 && lab[0] > 50;
  const float sheen = limn_clamp (
    limn_noise_at (spot->x / 60, spot->y / 60, SHEEN).value + 0.6f * limn_sine ((spot->x * 0.8f + spot->y) / 165), -1, 1);
  const float frame = limn_exponential (-limn_max (depth, 0) / 2.5f);

  lab[3] = 0;
  if (lit)
    return lab * (LimnLab){ 1 - 0.18f * frame, 1, 1, 0 } + (LimnLab){ 5 + 2 * sheen, 0, 4, 0 };
  lab *= (LimnLab){ 0.62f, 0.7f, 0.7f, 0 };
  lab[0] += 8 * sheen + 5;
  lab[0] *= 1 - 0.35f * frame;
  if (scene->eaves.data)
    lab[0] *= 1 - 0.3f * limn_plane_at (&scene->eaves, 2 * scene->cell, spot->x, spot->y);
  return lab;
}

/* Snow lies on the ground and on mountains: what is above the horizon is a slope, if there are mountains. */
static LimnLab
shade_ground_or_slope (const LimnSpot *spot, size_t index, float *height)
{
  const LimnScene *scene = spot->view->scene;

  if (scene->mountains && spot->y < scene->horizon - 12 && strcmp (scene->areas[index].look->is.id, "snow") == 0)
    return limn_shade_mountain (spot, index, height);
  return limn_shade_ground (spot, index, height);
}

/* The dark between stems, behind crowns. */
static LimnLab
shade_undergrowth (const LimnSpot *spot, const LimnArea *area)
{
  return limn_tone_at (spot, area) * (LimnLab){ 0.55f, 0.7f, 0.7f, 0 };
}

LimnShade
limn_shade_area (const LimnSpot *spot, size_t index, float depth)
{
  const LimnArea *area = &spot->view->scene->areas[index];
  LimnShade shade = { .height = 0 };

  switch (limn_area_light (area)) {
  case LIMN_LIGHT_PLAIN:
  case LIMN_LIGHT_CLOUD:
  case LIMN_LIGHT_SUN: shade.lab = limn_lab_plane_at (&area->tone, LIMN_TONE_CELL, spot->x, spot->y); break;
  case LIMN_LIGHT_SKY: shade.lab = limn_shade_sky (spot, area); break;
  case LIMN_LIGHT_GROUND: shade.lab = shade_ground_or_slope (spot, index, &shade.height); break;
  case LIMN_LIGHT_MOUNTAIN: shade.lab = limn_shade_mountain (spot, index, &shade.height); break;
  case LIMN_LIGHT_WATER: shade.lab = limn_shade_water (spot, area, depth); break;
  case LIMN_LIGHT_CROWN:
  case LIMN_LIGHT_WOOD:
  case LIMN_LIGHT_FIRS: shade.lab = shade_undergrowth (spot, area); break;
  case LIMN_LIGHT_ROCK: shade.lab = shade_rock (spot, index, &shade.height); break;
  case LIMN_LIGHT_TRUNK: shade.lab = shade_trunk (spot, index, depth, &shade.height); break;
  case LIMN_LIGHT_SOFT: shade.lab = shade_soft (spot, index, &shade.height); break;
  case LIMN_LIGHT_WALL:
  case LIMN_LIGHT_ROOF: shade.lab = shade_built (spot, index, &shade.height); break;
  case LIMN_LIGHT_GLASS: shade.lab = shade_glass (spot, area, depth); break;
  }
  return shade;
}
