/* Sky, clouds, sun, moon and stars.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shade.h"

#include "engine/base/minmax.h"
#include "engine/texture/lattice-noise.h"

enum { STREAKS = 3, WISPS = 11, CLOUDS = 21, STARS = 31, HAZE = 41 }; /* seeds */

/* Units. */
static const float STAR_CELL = 15, CLOUD_REACH = 30, CLOUD_LIT = 9;

/* A star in a third of the cells, fainter towards the horizon. */
static float
star_at (const LimnSpot *spot)
{
  const float cx = limn_floor (spot->x / STAR_CELL), cy = limn_floor (spot->y / STAR_CELL);
  const uint32_t hash = limn_hash ((int32_t) cx, (int32_t) cy, STARS);
  const float dx = spot->x - STAR_CELL * (cx + 0.1f + 0.8f * limn_fraction (hash, 0));
  const float dy = spot->y - STAR_CELL * (cy + 0.1f + 0.8f * limn_fraction (hash, 1));
  const float bright = limn_clamp (3 * limn_fraction (hash, 2) - 2, 0, 1),
              size = limn_max (0.35f + 0.5f * bright, 0.6f * spot->view->pixel);

  return bright * limn_exponential (-(dx * dx + dy * dy) / (size * size));
}

/* Long clouds that a low sun lights from below. */
static LimnLab
add_streaks (const LimnSpot *spot, LimnLab lab, float down)
{
  const int octaves = limn_octaves_for (14, spot->view->pixel, 5);
  const float warp = 6 * limn_octaves_at (spot->x / 240, spot->y / 70, 2, STREAKS + 7);
  const float n = limn_octaves_at (spot->x / 170, (spot->y + warp) / 15, octaves, STREAKS);
  const float body = limn_clamp (n - 0.15f, 0, 1.6f) * limn_clamp (1.15f - 0.75f * down, 0, 1);
  const float rim = limn_clamp (n + 0.1f, 0, 1) * limn_clamp (0.5f - n, 0, 1) * 5 * limn_clamp (down * 1.4f, 0.15f, 1);

  return lab + (LimnLab){ -10 * body + 5 * rim, 3 * body + 2 * rim, -8 * body + 7 * rim, 0 };
}

LimnLab
limn_shade_sky (const LimnSpot *spot, const LimnArea *area)
{
  const LimnScene *scene = spot->view->scene;
  const float down = limn_clamp (spot->y / limn_max (scene->horizon, 1), 0, 1);
  LimnLab lab = limn_lab_plane_at (&area->tone, LIMN_TONE_CELL, spot->x, spot->y);

  lab[3] = 0;
  if (scene->sunlight.night) {
    lab += limn_lab_mix ((LimnLab){ -5, 1, -4, 0 }, (LimnLab){ 6, 0, 2, 0 }, down * down);
    lab[0] = limn_max (lab[0], 3) + 70 * star_at (spot) * limn_clamp (1.1f - down, 0, 1);
    return lab;
  }
  if (scene->sunlight.low) {
    const float rise = down * down;
    lab += (LimnLab){ -4 + 9 * rise, 2 * rise, -3 + 9 * rise, 0 };
    return add_streaks (spot, lab, down);
  }
  lab += limn_lab_mix ((LimnLab){ -11, 2, -10, 0 }, (LimnLab){ 8, -1, 10, 0 }, limn_power (down, 0.8f));
  const float wisps = limn_octaves_at (spot->x / 170, spot->y / 62 + 0.3f * limn_noise_at (spot->x / 90, spot->y / 90, WISPS + 9).value,
                                       limn_octaves_for (60, spot->view->pixel, 6), WISPS);
  const float thin = limn_clamp (wisps - 0.35f, 0, 2) * (1 - 0.4f * down);
  lab += (LimnLab){ 3.5f * thin, 0, 3.0f * thin, 0 };
  lab[0] = limn_min (lab[0], 94);
  return lab;
}

LimnLab
limn_haze (const LimnScene *scene)
{
  const LimnLab mean = scene->sky < scene->count ? scene->areas[scene->sky].mean : (LimnLab){ 80, -1, -10, 0 };

  return mean * (LimnLab){ 1, 1, 0.8f, 0 } + (LimnLab){ scene->sunlight.night ? 0 : 5, 0, 0, 0 };
}

/* ---------------------------------------------------------------- clouds */

/* How thick clouds are at a place: the painted cloud's cushion with heaps on it. */
static float
thickness_at (const LimnSpot *spot, float x, float y, int octaves)
{
  const float depth = limn_plane_at (&spot->view->scene->cloud_depth, 2 * spot->view->scene->cell, x, y);
  float heap = 0, amplitude = 1, scale = 1 / 44.0f;

  for (int o = 0; o < octaves; o++) {
    const float n = limn_noise_at (x * scale, y * scale * 1.15f, CLOUDS + (uint32_t) o).value;
    heap += amplitude * (0.55f - 1.5f * fabsf (n)); /* billows: round above, creased between */
    amplitude *= 0.55f;
    scale *= 2.1f;
  }
  return limn_min (depth, 46) + 13 * heap;
}

LimnOver
limn_clouds_at (const LimnSpot *spot)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *clouds = NULL;
  LimnOver over = { .cover = 0 };

  if (!scene->cloud_depth.data || limn_plane_at (&scene->cloud_depth, 2 * scene->cell, spot->x, spot->y) < -CLOUD_REACH)
    return over;
  for (size_t k = 0; k < scene->count; k++)
    if (limn_area_light (&scene->areas[k]) == LIMN_LIGHT_CLOUD)
      clouds = &scene->areas[k];
  const int octaves = limn_octaves_for (44, spot->view->pixel, 6);
  const float thick = thickness_at (spot, spot->x, spot->y, octaves);
  over.cover = limn_step (-4, 13, thick);
  if (over.cover <= 0)
    return over;
  const float *towards = scene->sunlight.towards;
  const float lit = thick -
                    thickness_at (spot, spot->x + CLOUD_LIT * towards[0], spot->y + CLOUD_LIT * towards[1], octaves > 4 ? 4 : octaves);
  const float above = limn_plane_at (&scene->cloud_depth, 2 * scene->cell, spot->x, spot->y - 14);
  const float below = limn_plane_at (&scene->cloud_depth, 2 * scene->cell, spot->x, spot->y + 14);
  const float belly = limn_clamp ((above - below) / 28, 0, 1) * limn_step (0, 26, thick);
  LimnLab paint = limn_lab_plane_at (&clouds->tone, LIMN_TONE_CELL, spot->x, spot->y);

  paint[3] = 0;
  const float body = limn_step (2, 24, thick); /* thin edges let the sky's light through */
  over.lab = paint + (LimnLab){ body * (1.3f * limn_clamp (lit * 0.5f, -4, 2) - 10 * belly), 0, -2 - body * (0.5f + 2 * belly), 0 };
  if (scene->sunlight.low) {
    const float glow = limn_clamp (0.5f + 0.06f * lit, 0, 1);
    over.lab = limn_lab_mix (over.lab, limn_haze (scene), 0.45f) + (LimnLab){ 8 * glow - 6, 6 * glow, 10 * glow, 0 };
  }
  over.lab[0] = limn_min (over.lab[0], 99);
  return over;
}

/* ---------------------------------------------------------------- sun and moon */

/* A painted disc becomes light: the disc itself, glare around it, and a veil over the sky. */
void
limn_add_glare (const LimnSpot *spot, float sky, float *rgb)
{
  static const float warm[3] = { 1.0f, 0.80f, 0.52f }, white[3] = { 1.0f, 0.95f, 0.82f }, pale[3] = { 0.92f, 0.94f, 1.0f };
  const LimnSunlight *sun = &spot->view->scene->sunlight;
  const float *colour = sun->night ? pale : sun->low ? warm : white;
  const float dx = spot->x - sun->x, dy = spot->y - sun->y, far = sqrtf (dx * dx + dy * dy), r = sun->radius;

  if (r <= 0)
    return;
  const float edge = limn_max (sun->night ? 0.8f : 0.22f * r, spot->view->pixel), body = sun->night ? 0.8f * r : 0.62f * r;
  const float disc = 1 - limn_step (body - edge, body + edge, far);
  const float craters = sun->night ? 0.16f * limn_clamp (limn_octaves_at (spot->x / (0.5f * r), spot->y / (0.5f * r), 3, HAZE), 0, 1) : 0;
  const float near = sun->night ? 0.22f : 0.85f, veil = sun->night ? 0.10f : sun->low ? 0.34f : 0.26f;
  const float glare = near * limn_exponential (-limn_max (far - body, 0) / (0.75f * r)) +
                      veil * limn_exponential (-far / (sun->low ? 6.5f * r : 4.5f * r));
  const float share = limn_clamp (limn_max (disc * (1 - craters), glare) * sky + 0.25f * glare * (1 - sky), 0, 1);

  for (int c = 0; c < 3; c++)
    rgb[c] += share * (colour[c] - rgb[c]) * (rgb[c] < colour[c] ? 1 : 0.2f);
}
