/* What stands in numbers and rises beyond its painted border: heaps of leaves, woods, firs. A pixel looks at those few that can reach it,
 * from the front to the back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/minmax.h"
#include "engine/scene/stands.h"
#include "engine/texture/lattice-noise.h"
#include "shade.h"

enum { PLACES = 301 }; /* seed */

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
crown_at (const LimnSpot *spot, size_t index, const LimnStand *it)
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

/* A cone of ragged tiers of branches that hang. size: its height; foot at (x, y). */
static LimnOver
fir_at (const LimnSpot *spot, size_t index, const LimnStand *it)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *area = &scene->areas[index];
  const float high = it->size, v = (spot->y - it->y + high) / high, dx = spot->x - it->x, q = limn_fraction (it->hash, 3);

  if (v < -0.02f || v > 1 || fabsf (dx) > it->half + 1)
    return (LimnOver){ .cover = 0 };
  const float grain = high / it->tiers; /* scale of a tier, units */
  const float rag = limn_noise_at (spot->x * 1.9f / grain + 31 * q, spot->y * 3.2f / grain, PLACES + 7).value;
  const float tier = v * it->tiers - 0.8f * fabsf (dx) / it->half + q + 0.35f * rag, within = tier - limn_floor (tier);
  const float wide = it->half * limn_power (limn_max (v, 0.001f), 0.88f) * (0.62f + 0.42f * within + 0.22f * rag) + 0.012f * high;
  const float cover = limn_clamp ((wide - fabsf (dx)) / limn_max (0.6f, spot->view->pixel), 0, 1);
  if (cover <= 0)
    return (LimnOver){ .cover = 0 };
  const float side = dx * scene->sunlight.towards[0] / it->half;
  const float light = 0.9f * side + 0.55f * (within - 0.6f) + 0.6f * (q - 0.5f) - 0.45f * (v - 0.4f) + 0.4f * rag;
  const float needles = area->surface ? limn_laid_at (spot, index)[0] : 0;
  LimnLab lab = limn_tone_at (spot, area);

  lab[0] = lab[0] * (1 + 0.38f * limn_clamp (light, -1.4f, 1.2f)) + needles * limn_clamp (lab[0] / 38, 0.3f, 1.2f);
  lab[2] += 3 * light;
  if (scene->winter) { /* snow lies on the tiers */
    const float snow = 0.8f * limn_step (0.52f, 0.12f, within + 0.35f * rag) * limn_step (0.02f, 0.12f, v);
    lab = limn_lab_mix (lab, (LimnLab){ 88 + 8 * limn_max (side, -0.8f), 0, -4, 0 }, snow);
  }
  return (LimnOver){ lab, cover };
}

/* ---------------------------------------------------------------- all of them */

static void
lay_over (LimnOver *over, LimnOver one)
{
  const float share = (1 - over->cover) * one.cover;

  over->lab += one.lab * (LimnLab){ share, share, share, 0 };
  over->cover += share;
}

/* Trees that stand alone. */
static void
add_lone (const LimnSpot *spot, size_t index, LimnOver *over)
{
  const LimnArea *area = &spot->view->scene->areas[index];

  for (size_t i = 0; i < area->lone_count; i++) {
    const LimnLone *lone = &area->lone[i];

    if (fabsf (spot->x - lone->x) > lone->half || spot->y > lone->foot || spot->y < lone->foot - lone->high)
      continue;
    lay_over (over, fir_at (spot, index,
                            &(LimnStand){ .x = lone->x,
                                          .y = lone->foot,
                                          .size = lone->high,
                                          .half = lone->half,
                                          .tiers = limn_clamp (lone->high / 13, 4, 13),
                                          .hash = limn_hash ((int32_t) lone->x, (int32_t) lone->foot, PLACES) }));
  }
}

/* Those of one row that reach the spot, over what is there already. */
static void
add_row (const LimnSpot *spot, size_t index, const LimnStandRow *row, float shift, int32_t reach, bool fir, LimnOver *over)
{
  const int32_t middle = (int32_t) limn_floor (spot->x / row->apart - shift - 0.4f) - row->first;

  for (int32_t column = middle - reach + 1; column <= middle + reach && over->cover < 0.99f; column++)
    if (column >= 0 && column < row->count && row->items[column].stands)
      lay_over (over, fir ? fir_at (spot, index, &row->items[column]) : crown_at (spot, index, &row->items[column]));
}

/* Those of the lattice, from the front row to the back. */
static void
add_rows (const LimnSpot *spot, size_t index, LimnOver *over)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *area = &scene->areas[index];
  const bool fir = area->look->light == LIMN_LIGHT_FIRS;
  int32_t front, rows;

  if (limn_plane_at (&area->depth, 2 * scene->cell, spot->x, spot->y) < -limn_stands_reach (scene, area, spot->y))
    return;
  rows = limn_stands_rows_at (scene, area, spot->y, &front);
  for (int32_t number = front; number > front - rows && over->cover < 0.99f; number--)
    add_row (spot, index, &area->stands->rows[number - area->stands->first], number & 1 ? 0.5f : 0, fir ? 1 : 2, fir, over);
}

LimnOver
limn_standing_at (const LimnSpot *spot, size_t index)
{
  const LimnScene *scene = spot->view->scene;
  const LimnLight light = limn_area_light (&scene->areas[index]);
  LimnOver over = { .cover = 0 };

  add_lone (spot, index, &over);
  if (over.cover < 0.99f)
    add_rows (spot, index, &over);
  if (over.cover <= 0)
    return over;
  const float k = 1 / over.cover, below = limn_step (0, 120, spot->y - scene->horizon);
  over.lab *= (LimnLab){ k, k, k, 0 };
  if (light != LIMN_LIGHT_CROWN) /* far trees fade */
    over.lab = limn_lab_mix (over.lab, limn_haze (scene), light == LIMN_LIGHT_WOOD ? 0.22f - 0.18f * below : 0.10f - 0.08f * below);
  return over;
}
