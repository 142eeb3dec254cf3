/* Ground and mountains.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shade.h"

#include "engine/base/minmax.h"
#include "engine/texture/lattice-noise.h"

enum { PATCHES = 91, RIDGES = 51, WARP = 71, SLOPES = 61 }; /* seeds */

/* ---------------------------------------------------------------- ground */

/* Broad patches that lie on the ground: lightness, and towards yellow. */
static LimnLab
patches_at (const LimnSpot *spot, const LimnGroundRow *row, float light)
{
  const float z = limn_min (row->across, 9), u = (spot->x - 0.5f * spot->view->scene->wide) * z * 0.5f;
  const float n = limn_octaves_at (u / 60, row->along / 75, 3, PATCHES) * limn_clamp (1.4f - z / 9, 0.15f, 1);

  return (LimnLab){ 0.045f * light * n, 1.2f * n, 2.0f * n, 0 };
}

LimnLab
limn_shade_ground (const LimnSpot *spot, size_t index, float *height)
{
  const LimnScene *scene = spot->view->scene;
  const LimnGroundRow *row = &spot->ground[index];
  LimnLab lab = limn_coloured_at (spot, index, height);

  lab += patches_at (spot, row, lab[0]) *
         (scene->areas[index].look->is.group == LIMN_GROUP_BUILT ? (LimnLab){ 0 } : (LimnLab){ 1, 1, 1, 0 });
  const float far = limn_clamp ((row->across - 2) / 12, 0, 1);
  return limn_lab_mix (lab, limn_haze (scene, spot->x), 0.22f * far * far + 0.06f * far);
}

/* ---------------------------------------------------------------- mountains */

/* Sharp crests: 1 on them, falling to both sides. */
static float
crest (float x, float y, uint32_t seed)
{
  return 1 - fabsf (limn_noise_at (x, y, seed).value);
}

/* Height of a mountain side, units: crests that run down to the left and to the right, with finer ones where it is high. */
static float
side_height (float x, float y, int octaves)
{
  const float wx = x + 15 * limn_noise_at (x / 85, y / 85, WARP).value, wy = y + 15 * limn_noise_at (x / 85, y / 85, WARP + 1).value;
  const float left = crest ((wx + 0.55f * wy) / 52, (wy - 0.55f * wx) / 190, RIDGES);
  const float right = crest ((wx - 0.50f * wy) / 58, (wy + 0.50f * wx) / 190, RIDGES + 1);
  float height = 34 * limn_max (left, right), weight = 0.6f, amplitude = 11, scale = 1 / 27.0f;

  for (int o = 0; o < octaves; o++) {
    const float c = crest (wx * scale, wy * scale * 0.62f, SLOPES + (uint32_t) o);
    height += amplitude * weight * c * c;
    weight = limn_clamp (c * c * 1.3f, 0.2f, 1);
    amplitude *= 0.5f;
    scale *= 2.05f;
  }
  return height;
}

/* Light on the slope: its height against that a little towards the sun, over two distances. */
static float
side_light (const LimnSpot *spot, float height, int octaves)
{
  const float *towards = spot->view->scene->sunlight.towards;
  const float across = towards[0] < 0 ? -1 : 1;
  const float near = side_height (spot->x + 1.6f * across, spot->y - 0.9f, octaves) - height;
  const float wide = side_height (spot->x + 7 * across, spot->y - 3, 1) - side_height (spot->x, spot->y, 1);

  return limn_clamp (-0.26f * near - 0.085f * wide, -1.2f, 1.0f);
}

LimnLab
limn_shade_mountain (const LimnSpot *spot, size_t index, float *height)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *area = &scene->areas[index];
  const bool snow = area->look->light != LIMN_LIGHT_MOUNTAIN;
  const int octaves = limn_octaves_for (27, spot->view->pixel, 5);
  const float h = side_height (spot->x, spot->y, octaves), light = side_light (spot, h, octaves);
  LimnLab lab = snow ? limn_tone_at (spot, area) : limn_coloured_at (spot, index, NULL);

  *height = limn_clamp ((h - 34) / 14, -1.5f, 1.5f) * (snow ? -1 : 1);
  lab[0] *= 1 + (light > 0 ? (snow ? 0.05f : 0.32f) : (snow ? 0.26f : 0.40f)) * light;
  lab[2] += light > 0 ? 4 * light : (snow ? 9 : 4) * light;
  lab[1] -= light < 0 && snow ? light : 0;
  if (snow)
    lab[0] = limn_min (lab[0] + 2, 98);
  const float down = limn_clamp (spot->y / limn_max (scene->horizon, 1), 0, 1.1f);
  return limn_lab_mix (lab, limn_haze (scene, spot->x), (snow ? 0.05f : 0.10f) + 0.38f * down * down);
}
