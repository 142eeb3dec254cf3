/* What stands in numbers and rises beyond its painted border: heaps of leaves, woods, firs. Each stands at a place of a jittered lattice; a
 * pixel looks at those few that can reach it, from the front to the back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shade.h"

#include "engine/base/minmax.h"
#include "engine/texture/lattice-noise.h"

enum { PLACES = 301, ROWS_MOST = 24 };

/* Lattice of a kind, in sizes of what stands on it: how far rows are apart, and places in a row; what reaches above and below its foot. */
typedef struct {
  float rows, columns, above, below;
} Lattice;

static const Lattice crowns = { 0.62f, 0.92f, 1.15f, 1.15f }, firs = { 0.26f, 0.36f, 1.15f, 0.02f };

typedef struct {
  float x, y, size;
  uint32_t hash;
} Standing;

/* ---------------------------------------------------------------- rows in perspective */

/* Sizes grow with the distance below the horizon, for what stands far and near: by this much down to the picture's lower border. */
static float
growth (const LimnScene *scene, LimnLight light)
{
  return light == LIMN_LIGHT_CROWN ? 0 : 2.2f / (scene->high - scene->horizon);
}

static float
scale_at (const LimnScene *scene, float rate, float y)
{
  return 1 + rate * limn_max (y - scene->horizon, 0);
}

/* Rows are even on this scale, whose derivative is 1 / scale_at. */
static float
even_of (const LimnScene *scene, float rate, float y)
{
  const float t = y - scene->horizon;

  return t <= 0 || rate <= 0 ? t : limn_log2 (1 + rate * t) / (1.44269504f * rate);
}

static float
place_of (const LimnScene *scene, float rate, float even)
{
  return scene->horizon + (even <= 0 || rate <= 0 ? even : (limn_exponential (rate * even) - 1) / rate);
}

/* ---------------------------------------------------------------- one that stands */

/* Light on a ball and on the whole that it is a part of. */
static float
crown_light (const LimnSpot *spot, const LimnArea *area, float nx, float ny)
{
  const LimnScene *scene = spot->view->scene;
  const float *towards = scene->sunlight.towards, nz = sqrtf (limn_max (1 - nx * nx - ny * ny, 0));
  const float depth = limn_plane_at (&area->depth, 2 * scene->cell, spot->x, spot->y), edge = limn_clamp (1 - depth / 60, 0, 1);
  float dx, dy;

  limn_plane_slope (&area->depth, 2 * scene->cell, spot->x, spot->y, 5, &dx, &dy);
  const float ball = nx * towards[0] + ny * towards[1] + nz * towards[2];
  const float whole = edge * limn_clamp (-dx * towards[0] - dy * towards[1], -1.2f, 1.2f) + (1 - edge) * towards[2] * 0.7f;

  return 0.55f * ball + 0.45f * whole;
}

/* A ball of leaves, ragged by its surface. */
static LimnOver
crown_at (const LimnSpot *spot, size_t index, const Standing *it)
{
  const LimnArea *area = &spot->view->scene->areas[index];
  const float nx = (spot->x - it->x) / it->size, ny = (spot->y - it->y) / (0.92f * it->size), r = sqrtf (nx * nx + ny * ny);
  LimnLab laid = { 0, 0, 0, 0 };
  float leaf = 0;

  if (r > 1.15f)
    return (LimnOver){ .cover = 0 };
  if (area->surface) {
    const float u = area->texels * (spot->x + 97 * limn_fraction (it->hash, 0)),
                v = area->texels * (spot->y + 89 * limn_fraction (it->hash, 1));
    laid = limn_surface_at (area->surface, u, v, limn_log2 (limn_max (area->texels * spot->view->pixel, 1e-3f)));
    leaf = limn_clamp (laid[0] / area->surface->spread, -1.5f, 1.5f);
  }
  const float soft = limn_max (0.7f, spot->view->pixel), light = crown_light (spot, area, limn_clamp (nx, -1, 1), limn_clamp (ny, -1, 1));
  const LimnLook *look = area->look;
  const LimnLab tone = limn_tone_at (spot, area);
  const float contrast = look->contrast * (0.5f + 0.55f * limn_max (light, 0));

  laid *= (LimnLab){ contrast, contrast * look->colourfulness, contrast * look->colourfulness, 0 };
  LimnLab lab = tone + laid * (LimnLab){ limn_clamp (tone[0] / 38, 0.5f, 1.6f), 1, 1, 0 };
  lab[0] *= 0.58f + 0.70f * limn_max (light, -0.3f);
  lab += (LimnLab){ 3 * light + 5 * (limn_fraction (it->hash, 2) - 0.5f), -1.5f * light,
                    6 * limn_max (light, 0) + 4 * (limn_fraction (it->hash, 3) - 0.5f), 0 };
  return (LimnOver){ lab, limn_clamp (((0.94f - r) * it->size + 0.16f * it->size * leaf) / soft, 0, 1) };
}

/* A cone of ragged tiers. size: its height; foot at (x, y). */
static LimnOver
fir_at (const LimnSpot *spot, size_t index, const Standing *it)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *area = &scene->areas[index];
  const float high = it->size, v = (spot->y - it->y + high) / high, half = 0.23f * high * (0.85f + 0.3f * limn_fraction (it->hash, 2));
  const float dx = spot->x - it->x, q = limn_fraction (it->hash, 3);

  if (v < -0.02f || v > 1 || fabsf (dx) > half + 1)
    return (LimnOver){ .cover = 0 };
  const float bend = 0.16f * fabsf (dx) / half; /* branches hang */
  const float tier = (v - bend) * (4.5f + 2 * q) + q, within = tier - floorf (tier);
  const float rag = limn_noise_at (spot->x * 9 / high + 31 * q, spot->y * 17 / high, PLACES + 7).value;
  const float wide = half * limn_power (limn_max (v, 0.001f), 0.88f) * (0.62f + 0.42f * within + 0.22f * rag) + 0.012f * high;
  const LimnLab tone = limn_tone_at (spot, area);
  const float side = dx * scene->sunlight.towards[0] / half,
              light = 0.9f * side + 0.55f * (within - 0.6f) + 0.6f * (q - 0.5f) - 0.45f * (v - 0.4f) + 0.3f * rag;
  LimnLab lab = tone;

  lab[0] *= 1 + 0.38f * limn_clamp (light, -1.4f, 1.2f);
  lab[2] += 3 * light;
  if (scene->winter) /* snow lies on the tiers */
    lab = limn_lab_mix (lab, (LimnLab){ 90, 0, -4, 0 },
                        0.75f * limn_step (0.25f, -0.15f, within - 0.45f + 0.3f * rag) * limn_step (0.03f, 0.2f, v));
  return (LimnOver){ lab, limn_clamp ((wide - fabsf (dx)) / limn_max (0.6f, spot->view->pixel), 0, 1) };
}

/* ---------------------------------------------------------------- all of them */

static bool
place_at (const LimnScene *scene, const LimnArea *area, const Lattice *lattice, float rate, int32_t column, int32_t row, Standing *out)
{
  const float size = area->look->border;
  const uint32_t hash = limn_hash (column, row, PLACES + area->label);
  const float even = ((float) row + 0.7f * limn_fraction (hash, 0)) * lattice->rows * size;
  const float y = place_of (scene, rate, even), scale = scale_at (scene, rate, place_of (scene, rate, (float) row * lattice->rows * size));
  const bool fir = lattice == &firs;

  *out = (Standing){ .x = ((float) column + (row & 1 ? 0.5f : 0) + 0.8f * limn_fraction (hash, 1)) * lattice->columns * size * scale,
                     .y = y,
                     .size = size * scale * (0.78f + 0.42f * limn_fraction (hash, 2)),
                     .hash = limn_hash (row, column, hash) };
  if (out->x < -2 * size * scale || out->x > scene->wide + 2 * size * scale)
    return false;
  if (fir)
    return limn_plane_at (&area->depth, 2 * scene->cell, out->x, y - 0.72f * out->size) > -0.06f * out->size &&
           limn_plane_at (&area->depth, 2 * scene->cell, out->x, y - 3) > -1;
  return limn_plane_at (&area->depth, 2 * scene->cell, out->x, y) > 0.42f * out->size;
}

/* Those of one row that reach the spot, over what is there already. */
static void
add_row (const LimnSpot *spot, size_t index, const Lattice *lattice, float rate, int32_t row, LimnOver *over)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *area = &scene->areas[index];
  const float apart = lattice->columns * area->look->border *
                      scale_at (scene, rate, place_of (scene, rate, (float) row * lattice->rows * area->look->border));
  const int32_t middle = (int32_t) floorf (spot->x / apart - (row & 1 ? 0.5f : 0) - 0.4f);
  const int32_t reach = lattice == &firs ? 1 : 2;

  for (int32_t column = middle - reach + 1; column <= middle + reach && over->cover < 0.99f; column++) {
    Standing it;

    if (!place_at (scene, area, lattice, rate, column, row, &it))
      continue;
    const LimnOver one = lattice == &firs ? fir_at (spot, index, &it) : crown_at (spot, index, &it);
    const float share = (1 - over->cover) * one.cover;
    over->lab += one.lab * (LimnLab){ share, share, share, 0 };
    over->cover += share;
  }
}

LimnOver
limn_standing_at (const LimnSpot *spot, size_t index)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *area = &scene->areas[index];
  const LimnLight light = limn_area_light (area);
  const Lattice *lattice = light == LIMN_LIGHT_FIRS ? &firs : &crowns;
  const float size = area->look->border, rate = growth (scene, light), scale = 1.25f * scale_at (scene, rate, spot->y + 1.2f * size);
  LimnOver over = { .cover = 0 };

  if (limn_plane_at (&area->depth, 2 * scene->cell, spot->x, spot->y) < -1.2f * size * scale)
    return over;
  const float spacing = lattice->rows * size;
  const int32_t first = (int32_t) floorf (even_of (scene, rate, spot->y - lattice->below * size * scale) / spacing - 0.7f);
  const int32_t last = (int32_t) floorf (even_of (scene, rate, spot->y + lattice->above * size * scale) / spacing);
  for (int32_t row = last, seen = 0; row >= first && seen < ROWS_MOST && over.cover < 0.99f; row--, seen++)
    add_row (spot, index, lattice, rate, row, &over);
  if (over.cover > 0) {
    const float k = 1 / over.cover;
    over.lab *= (LimnLab){ k, k, k, 0 };
  }
  if (light != LIMN_LIGHT_CROWN) /* far trees fade */
    over.lab = limn_lab_mix (over.lab, limn_haze (scene, spot->x),
                             light == LIMN_LIGHT_WOOD ? 0.24f - 0.2f * limn_step (0, 120, spot->y - scene->horizon) : 0.1f);
  return over;
}
