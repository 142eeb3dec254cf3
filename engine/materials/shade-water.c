/* Water: mirrors what lies behind its far shore, with ripples in perspective.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shade.h"

#include <string.h>

#include "engine/base/minmax.h"
#include "engine/texture/lattice-noise.h"

enum { WAVES = 55, WIND = 57, FOAM = 66 }; /* seeds */

/* Height of the waves at scale s (1 = those before the eye). */
static float
waves_of (const LimnSpot *spot, float near, float scale)
{
  const float u = (spot->x - 0.5f * spot->view->scene->wide) / (44 * near * scale), v = 17 / (near * scale);

  return limn_octaves_at (u, v, 2, WAVES + (uint32_t) (limn_log2 (scale) + 0.5f));
}

/* Waves as they are seen: at each distance those that are a few units high, so that they neither flicker nor flatten out. */
static float
waves_at (const LimnSpot *spot, float near)
{
  const float high = 17 * near * near, wanted = limn_max (2.4f, 2 * spot->view->pixel);
  const float octave = limn_max (limn_log2 (wanted / high), 0), whole = limn_floor (octave), f = octave - whole;
  const float fine = waves_of (spot, near, limn_exp2 (whole));

  return f < 0.02f ? fine : limn_mix (fine, waves_of (spot, near, limn_exp2 (whole + 1)), f);
}

static float
shore_at (const LimnSpot *spot)
{
  const LimnScene *scene = spot->view->scene;
  const LimnImage *shore = &scene->shore;
  const size_t x = limn_size_min ((size_t) (spot->x / (2 * scene->cell)), shore->width - 1);
  const size_t y = limn_size_min ((size_t) (spot->y / (2 * scene->cell)), shore->height - 1);
  const float found = shore->data[y * shore->width + x];

  return found >= 0 ? found : spot->y;
}

static LimnLab
mirrored_at (const LimnSpot *spot, float shore, float wave, float strength)
{
  const LimnScene *scene = spot->view->scene;
  const float size = scene->wide / (float) scene->mirror.width, below = limn_max (spot->y - shore, 0);
  const float shift = strength * wave * 9 * limn_clamp (below / 30, 0.08f, 1);
  const float y = limn_min (2 * shore - spot->y - 2 + shift, shore - 2);

  return limn_lab_plane_at (&scene->mirror, size, spot->x + 1.5f * wave * strength, fabsf (y));
}

/* A low sun's path on the water, broken by waves. */
static LimnLab
add_glitter (const LimnSpot *spot, LimnLab lab, float near, float wave)
{
  const LimnSunlight *sun = &spot->view->scene->sunlight;
  const float off = (spot->x - sun->x) / (12 + 66 * near);
  const float glint = limn_exponential (-off * off) * limn_clamp (0.25f + 0.9f * wave, 0, 2.2f) * (sun->night ? 0.6f : 1);

  if (sun->radius <= 0 || !(sun->low || sun->night))
    return lab;
  return lab + (LimnLab){ 24 * glint, sun->night ? 0 : 5 * glint, sun->night ? -3 * glint : 16 * glint, 0 };
}

/* Two lines of foam where the sea runs onto sand. */
static LimnLab
add_foam (const LimnSpot *spot, LimnLab lab, float depth, float shore)
{
  const float run = limn_octaves_at (spot->x / 42, spot->y / 24, 3, FOAM);
  const float first = limn_clamp (1 - fabsf (depth - 5 - 3.5f * run) / 3.2f, 0, 1);
  const float second = 0.55f * limn_clamp (1 - fabsf (depth - 20 - 6 * run) / 2.2f, 0, 1);
  const float holes = limn_clamp (0.6f + 0.6f * limn_octaves_at (spot->x / 6, spot->y / 4, 3, FOAM + 5), 0, 1);
  const float foam = (first + second) * holes * limn_step (12, 40, spot->y - shore);

  return limn_lab_mix (lab, (LimnLab){ 94, 0, 2, 0 }, limn_clamp (0.85f * foam, 0, 0.9f));
}

static bool
is_beside_sand (const LimnSpot *spot)
{
  const LimnScene *scene = spot->view->scene;
  const size_t x = limn_size_min ((size_t) (spot->x / scene->cell), scene->grid_width - 1);
  const size_t y = limn_size_min ((size_t) (spot->y / scene->cell), scene->grid_height - 1);

  return limn_area_light (&scene->areas[scene->behind[y * scene->grid_width + x]]) == LIMN_LIGHT_GROUND;
}

LimnLab
limn_shade_water (const LimnSpot *spot, const LimnArea *area, float depth)
{
  const LimnScene *scene = spot->view->scene;
  const bool sea = strcmp (area->look->is.id, "sea") == 0;
  LimnLab own = limn_lab_plane_at (&area->tone, LIMN_TONE_CELL, spot->x, spot->y);

  own[3] = 0;
  if (spot->view->dry || !scene->mirror.data || !scene->shore.data)
    return own;
  const float near = limn_clamp ((spot->y - scene->horizon) / (scene->high - scene->horizon), 0.02f, 1), strength = sea ? 1.8f : 1;
  const float wave = waves_at (spot, near), shore = shore_at (spot);
  const float wind = limn_step (0.05f, 0.25f, near) * limn_octaves_at ((spot->x - 0.5f * scene->wide) / (260 * near), 6 / near, 2, WIND);
  const float mirror = limn_clamp (0.74f - 0.95f * (spot->y - shore) / (scene->high - scene->horizon), 0.25f, 0.74f) -
                       (sea ? 0.10f : 0.02f) - 0.06f * limn_clamp (wind, -1, 1);
  LimnLab lab = limn_lab_mix (own, mirrored_at (spot, shore, wave, strength), mirror);

  const float seen = limn_step (0.02f, 0.10f, near);
  lab[0] += -2 + seen * (sea ? 3.4f : 1.7f) * wave * limn_clamp (2.2f * near + 0.25f, 0.3f, 1.3f) - 1.5f * limn_clamp (wind, -1, 1);
  lab = add_glitter (spot, lab, near, wave);
  if (sea && is_beside_sand (spot))
    return add_foam (spot, lab, depth, shore);
  lab[0] *= 1 - 0.30f * limn_exponential (-limn_max (depth, 0) / 4); /* the bank's shade */
  return lab;
}
