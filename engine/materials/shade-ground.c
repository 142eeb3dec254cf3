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
  return limn_lab_mix (lab, limn_haze (scene), 0.22f * far * far + 0.06f * far);
}

/* ---------------------------------------------------------------- mountains */

/* Sharp crests: 1 on them, falling to both sides. */
static float
crest (float x, float y, uint32_t seed)
{
  return 1 - fabsf (limn_noise_at (x, y, seed).value);
}

/* A place on a mountain side, moved so that crests aren't straight. */
typedef struct {
  float x, y;
} Slope;

static Slope
bend (float x, float y)
{
  return (Slope){ x + 15 * limn_noise_at (x / 85, y / 85, WARP).value, y + 15 * limn_noise_at (x / 85, y / 85, WARP + 1).value };
}

/* The large crests, which run down to the left and to the right; height in units. */
static float
large_height (Slope s)
{
  const float left = crest ((s.x + 0.55f * s.y) / 52, (s.y - 0.55f * s.x) / 190, RIDGES);
  const float right = crest ((s.x - 0.50f * s.y) / 58, (s.y + 0.50f * s.x) / 190, RIDGES + 1);

  return 34 * limn_max (left, right);
}

/* Finer ones, rougher where a crest is high (a multifractal). */
static float
fine_height (Slope s, int octaves)
{
  float height = 0, weight = 0.6f, amplitude = 11, scale = 1 / 27.0f;

  for (int o = 0; o < octaves; o++) {
    const float c = crest (s.x * scale, s.y * scale * 0.62f, SLOPES + (uint32_t) o);
    height += amplitude * weight * c * c;
    weight = limn_clamp (c * c * 1.3f, 0.2f, 1);
    amplitude *= 0.5f;
    scale *= 2.05f;
  }
  return height;
}

/* Light on the slope: its height against that a little towards the sun, and of the large crests farther towards it. */
static float
side_light (const LimnSpot *spot, Slope here, float large, float fine, int octaves)
{
  const float across = spot->view->scene->sunlight.towards[0] < 0 ? -1 : 1;
  const Slope near = { here.x + 1.6f * across, here.y - 0.9f }, far = { here.x + 7 * across, here.y - 3 };
  const float rise = large_height (far) - large;

  return limn_clamp (-0.26f * (fine_height (near, octaves) - fine + 0.23f * rise) - 0.12f * rise, -1.2f, 1.0f);
}

LimnLab
limn_shade_mountain (const LimnSpot *spot, size_t index, float *height)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *area = &scene->areas[index];
  const bool snow = area->look->light != LIMN_LIGHT_MOUNTAIN;
  const int octaves = limn_octaves_for (27, spot->view->pixel, 5);
  const Slope here = bend (spot->x, spot->y);
  const float large = large_height (here), fine = fine_height (here, octaves), light = side_light (spot, here, large, fine, octaves);
  LimnLab lab = snow ? limn_tone_at (spot, area) : limn_coloured_at (spot, index, NULL);

  *height = limn_clamp ((large + fine - 34) / 14, -1.5f, 1.5f) * (snow ? -1 : 1);
  lab[0] *= 1 + (light > 0 ? (snow ? 0.05f : 0.32f) : (snow ? 0.26f : 0.34f)) * light;
  lab[2] += light > 0 ? 4 * light : (snow ? 9 : 4) * light;
  lab[1] -= light < 0 && snow ? light : 0;
  if (snow)
    lab[0] = limn_min (lab[0] + 2, 98);
  const float down = limn_clamp (spot->y / limn_max (scene->horizon, 1), 0, 1.1f);
  return limn_lab_mix (lab, limn_haze (scene), (snow ? 0.04f : 0.06f) + 0.20f * down * down);
}
