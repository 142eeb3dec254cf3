/* Puts together what is seen at one place: the two areas beside the nearest border, what stands before them, shadows, lines, light.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose.h"

#include "engine/base/minmax.h"
#include "engine/texture/lattice-noise.h"

enum { BORDERS = 7 }; /* seed */

/* ---------------------------------------------------------------- where */

typedef struct {
  uint8_t area, behind;
  float depth; /* > 0: into area, units */
} Place;

static Place
place_in_cell (const LimnScene *scene, size_t i)
{
  return (Place){ scene->area[i], scene->behind[i], scene->distance[i] };
}

/* Between the grid's cells the distance to the nearest cell's border is interpolated, so that borders are smooth in large pictures. */
static Place
find_place (const LimnScene *scene, float x, float y, bool exact)
{
  const size_t w = scene->grid_width, h = scene->grid_height;
  const size_t nx = limn_size_min ((size_t) limn_max (x / scene->cell, 0), w - 1),
               ny = limn_size_min ((size_t) limn_max (y / scene->cell, 0), h - 1);
  Place place = place_in_cell (scene, ny * w + nx);

  if (exact || place.depth > 3 * scene->cell)
    return place;
  const float cx = limn_clamp (x / scene->cell - 0.5f, 0, (float) (w - 1)), cy = limn_clamp (y / scene->cell - 0.5f, 0, (float) (h - 1));
  const size_t i = (size_t) cx, j = (size_t) cy, right = i + 1 < w ? i + 1 : i, down = j + 1 < h ? j + 1 : j;
  const float fx = cx - (float) i, fy = cy - (float) j;
  const size_t near[4] = { j * w + i, j * w + right, down * w + i, down * w + right };
  const float weight[4] = { (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy };
  float depth = 0;

  for (int k = 0; k < 4; k++)
    depth += weight[k] * (scene->area[near[k]] == place.area ? scene->distance[near[k]] : -scene->distance[near[k]]);
  if (depth < 0) {
    const uint8_t area = place.area;
    place.area = place.behind;
    place.behind = area;
  }
  place.depth = fabsf (depth);
  return place;
}

/* ---------------------------------------------------------------- borders */

static bool
is_crisp (const LimnArea *area)
{
  const LimnLight light = limn_area_light (area);

  return limn_light_is_built (light) || light == LIMN_LIGHT_PLAIN;
}

/* By how much an area's border is moved outwards at a place, units. against: what it borders on. */
static float
border_shift (const LimnSpot *spot, const LimnArea *area, const LimnArea *against, const LimnGroundRow *row, float height)
{
  const LimnLook *look = area->look;

  if (!look || look->border <= 0 || limn_stands_out (look) || look->light == LIMN_LIGHT_CLOUD)
    return 0;
  const float size = (look->recede > 0 ? limn_clamp (row->near, 0.15f, 1) : 1) * look->border * (is_crisp (against) ? 0.5f : 1);
  const int octaves = limn_octaves_for (look->grain, spot->view->pixel, 3);

  return size * (0.45f * height + 0.6f * limn_octaves_at (spot->x / look->grain, spot->y / look->grain, octaves, BORDERS + area->label));
}

static float
most_shift (const LimnArea *area)
{
  return area->look && !limn_stands_out (area->look) ? 1.6f * area->look->border : 0;
}

/* How much of a place in an area that stands out is its dark ground: none towards what lies behind it, where single tops are seen. */
static float
ground_of_standing (const LimnScene *scene, const LimnArea *area, const LimnArea *behind, const LimnSpot *spot)
{
  const float depth = limn_plane_at (&area->depth, 2 * scene->cell, spot->x, spot->y), size = area->look->border;
  const LimnLight light = limn_area_light (behind);

  if (area->look->light == LIMN_LIGHT_CROWN)
    return limn_step (0.4f * size, size, depth);
  if (limn_light_is_sky (light) || light == LIMN_LIGHT_MOUNTAIN || light == LIMN_LIGHT_WOOD || light == LIMN_LIGHT_FIRS)
    return limn_step (0.7f * size, 1.2f * size, depth);
  return limn_step (-1, 1, depth);
}

typedef struct {
  Place place;
  LimnShade shade[2]; /* of the area, and of what lies behind it */
  float share;        /* of the area */
} Border;

/* The share of the area at a place: the logistic function of the difference of the two areas' claims on it. */
static void
weigh (const LimnSpot *spot, Border *b)
{
  const LimnScene *scene = spot->view->scene;
  const LimnArea *area = &scene->areas[b->place.area], *behind = &scene->areas[b->place.behind];
  const float soft = limn_max (0.5f * ((area->look ? area->look->softness : 0.6f) + (behind->look ? behind->look->softness : 0.6f)),
                               0.6f * spot->view->pixel);
  const float reach = most_shift (area) + most_shift (behind) + 5 * soft;

  b->share = 1;
  if (b->place.area == b->place.behind)
    return;
  if (limn_stands_out (behind->look))
    return;
  if (limn_stands_out (area->look)) {
    b->share = ground_of_standing (scene, area, behind, spot);
  } else if (2 * b->place.depth < reach) {
    b->shade[1] = limn_shade_area (spot, b->place.behind, 0);
    const float claim = 2 * b->place.depth + border_shift (spot, area, behind, &spot->ground[b->place.area], b->shade[0].height) -
                        border_shift (spot, behind, area, &spot->ground[b->place.behind], b->shade[1].height);
    b->share = 1 / (1 + limn_exponential (limn_clamp (-claim / soft, -30, 30)));
    return;
  }
  if (b->share < 1)
    b->shade[1] = limn_shade_area (spot, b->place.behind, 0);
}

/* ---------------------------------------------------------------- what stands before */

/* Whether the kind that stands out may cover an area beside its own: woods only what lies farther. */
static bool
may_cover (LimnLight kind, LimnLight area)
{
  if (kind == LIMN_LIGHT_CROWN)
    return area != LIMN_LIGHT_PLAIN && area != LIMN_LIGHT_GLASS;
  if (area == LIMN_LIGHT_WOOD || area == LIMN_LIGHT_FIRS)
    return true;
  return limn_light_is_sky (area) || area == LIMN_LIGHT_MOUNTAIN;
}

static LimnOver
standing_at (const LimnSpot *spot, uint8_t area)
{
  static const LimnLight order[] = { LIMN_LIGHT_WOOD, LIMN_LIGHT_FIRS, LIMN_LIGHT_CROWN }; /* from the back */
  const LimnScene *scene = spot->view->scene;
  LimnOver all = { .cover = 0 };

  for (int o = 0; o < 3; o++)
    for (size_t k = 0; k < scene->count; k++) {
      const LimnLight light = limn_area_light (&scene->areas[k]);

      if (light != order[o] || (k != area && !may_cover (light, limn_area_light (&scene->areas[area]))))
        continue;
      const LimnOver over = limn_standing_at (spot, k);
      if (over.cover <= 0)
        continue;
      all.lab = limn_lab_mix (all.lab, over.lab, over.cover / (over.cover + all.cover * (1 - over.cover)));
      all.cover += over.cover * (1 - all.cover);
    }
  return all;
}

/* ---------------------------------------------------------------- shadows and lines */

static float
contact_shade (const LimnScene *scene, const Border *b)
{
  const LimnLight area = limn_area_light (&scene->areas[b->place.area]), behind = limn_area_light (&scene->areas[b->place.behind]);
  const float depth = b->place.depth;

  if (!limn_light_is_built (area))
    return 1;
  if (limn_light_is_built (behind))
    return 1 - 0.24f * limn_exponential (-depth / 2.2f);
  return behind == LIMN_LIGHT_GROUND ? 1 - 0.22f * limn_exponential (-depth / 5) : 1;
}

/* The crown's shade on its trunk. */
static float
crown_shade (const LimnSpot *spot)
{
  const LimnScene *scene = spot->view->scene;
  float shade = 0;

  for (size_t k = 0; k < scene->count; k++)
    if (limn_area_light (&scene->areas[k]) == LIMN_LIGHT_CROWN)
      shade = limn_max (shade, limn_step (-9, 8, limn_plane_at (&scene->areas[k].depth, 2 * scene->cell, spot->x, spot->y - 16)));
  return 1 - 0.55f * shade;
}

static float
shade_factor (const LimnSpot *spot, uint8_t index)
{
  const LimnScene *scene = spot->view->scene;
  const LimnLight light = limn_area_light (&scene->areas[index]);

  if (light == LIMN_LIGHT_GROUND && !(spot->y < scene->horizon))
    return 1 - 0.55f * limn_min (limn_plane_at (&scene->shadow, 2 * scene->cell, spot->x, spot->y), 1.1f);
  return light == LIMN_LIGHT_TRUNK ? crown_shade (spot) : 1;
}

/* How deep a fold a line is: less where it only follows a border, which is there already, and in what is flat, as water and sky. */
static float
fold_depth (const LimnScene *scene, Place place, float sky)
{
  const bool water = limn_area_light (&scene->areas[place.area]) == LIMN_LIGHT_WATER;
  const float border = place.area != place.behind ? limn_mix (0.35f, 1, limn_step (2, 8, place.depth)) : 1;

  return border * (water ? 0.4f : 1) * (1 - 0.7f * sky);
}

/* A pencil line within a material is a fold: dark in its middle, lit on the side away from the sun. Where lines are kept it is drawn. */
static LimnLab
add_lines (const LimnSpot *spot, LimnLab lab, Place place, float sky)
{
  const LimnScene *scene = spot->view->scene;
  float dx, dy;

  if (!scene->line.data)
    return lab;
  const float line = limn_plane_at (&scene->line, scene->cell, spot->x, spot->y);
  if (scene->keep_lines)
    return limn_lab_mix (lab, (LimnLab){ 14, 0, 2, 0 }, limn_clamp (1.3f * line, 0, 0.88f));
  if (line <= 0.002f)
    return lab;
  limn_plane_slope (&scene->line, scene->cell, spot->x, spot->y, limn_max (1, scene->cell), &dx, &dy);
  const float depth = fold_depth (scene, place, sky);
  lab[0] *= 1 - 0.42f * depth * line +
            0.55f * depth * limn_clamp (dx * scene->sunlight.towards[0] + dy * scene->sunlight.towards[1], -0.5f, 0.5f);
  return lab;
}

/* ---------------------------------------------------------------- all */

static bool
is_sky (const LimnScene *scene, uint8_t area)
{
  return limn_area_light (&scene->areas[area]) == LIMN_LIGHT_SKY;
}

bool
limn_is_plain (const LimnSpot *spot)
{
  const LimnScene *scene = spot->view->scene;
  const Place place = find_place (scene, spot->x, spot->y, true);

  return !scene->areas[place.area].look && place.depth > 16;
}

/* The two areas beside the nearest border, in their shares, with shadows and clouds. */
static LimnSeen
see_areas (const LimnSpot *spot, Place place, LimnLab plain)
{
  const LimnScene *scene = spot->view->scene;
  Border b = { .place = place };
  LimnSeen seen = { .lab = { 0, 0, 0, 0 } };

  b.shade[0] = limn_shade_area (spot, place.area, place.depth);
  weigh (spot, &b);
  b.shade[0].lab[0] *= contact_shade (scene, &b);
  const uint8_t at[2] = { place.area, place.behind };
  const float share[2] = { b.share, 1 - b.share };
  for (int k = 0; k < 2; k++) {
    if (share[k] <= 0)
      continue;
    const bool own = scene->areas[at[k]].look != NULL;
    LimnLab lab = own ? b.shade[k].lab : plain;

    if (own)
      lab[0] *= shade_factor (spot, at[k]);
    seen.plain += own ? 0 : share[k];
    seen.sky += is_sky (scene, at[k]) ? share[k] : 0;
    seen.lab += lab * (LimnLab){ share[k], share[k], share[k], 0 };
  }
  const LimnOver clouds = seen.sky > 0 ? limn_clouds_at (spot) : (LimnOver){ .cover = 0 };
  seen.lab = limn_lab_mix (seen.lab, clouds.lab, clouds.cover * seen.sky);
  return seen;
}

LimnSeen
limn_see (const LimnSpot *spot, LimnLab plain)
{
  const LimnScene *scene = spot->view->scene;
  const Place place = find_place (scene, spot->x, spot->y, spot->view->pixel > 0.9f * scene->cell);
  const LimnOver standing = standing_at (spot, place.area);
  LimnSeen seen = { .lab = standing.lab };

  if (standing.cover < 0.995f) {
    seen = see_areas (spot, place, plain);
    seen.lab = limn_lab_mix (seen.lab, standing.lab, standing.cover);
    seen.sky *= 1 - standing.cover;
    seen.plain *= 1 - standing.cover;
  }
  if (seen.plain < 1)
    seen.lab = add_lines (spot, seen.lab, place, seen.sky);
  const bool water = limn_area_light (&scene->areas[place.area]) == LIMN_LIGHT_WATER; /* which mirrors a lit scene */
  const float lit = water ? 0 : 1 - seen.sky - seen.plain;
  seen.lab[0] *= 1 + lit * scene->sunlight.glow[0];
  seen.lab += (LimnLab){ 0, lit * scene->sunlight.glow[1], lit * scene->sunlight.glow[2], 0 };
  return seen;
}
