/* Places what stands in numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stands.h"

#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/texture/lattice-noise.h"

enum { PLACES = 301, ROWS_MOST = 24 };

/* Lattice of a kind, in sizes of what stands on it: how far rows are apart, and places in a row; what reaches above and below its foot. */
typedef struct {
  float rows, columns, above, below;
} Lattice;

static const Lattice crowns = { 0.62f, 0.92f, 1.15f, 1.15f }, firs = { 0.26f, 0.36f, 1.15f, 0.02f };

/* Where there is no room for one of full size, smaller ones are tried, by this factor. */
static const float SMALLER = 0.74f;

/* ---------------------------------------------------------------- rows in perspective */

/* Sizes grow with the distance below the horizon, for what stands far and near. */
static float
growth (const LimnScene *scene, LimnLight light)
{
  return light == LIMN_LIGHT_CROWN ? 0 : 1.1f / (scene->high - scene->horizon);
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

float
limn_stands_reach (const LimnScene *scene, const LimnArea *area, float y)
{
  const float size = area->look->border;

  return 1.25f * size * scale_at (scene, area->stands->rate, y + 1.2f * size);
}

int32_t
limn_stands_rows_at (const LimnScene *scene, const LimnArea *area, float y, int32_t *front)
{
  const LimnStands *s = area->stands;
  const float reach = limn_stands_reach (scene, area, y);
  const int32_t first = (int32_t) limn_floor (even_of (scene, s->rate, y - s->below * reach) / s->spacing - 0.7f);
  const int32_t last = (int32_t) limn_floor (even_of (scene, s->rate, y + s->above * reach) / s->spacing);

  *front = last < s->first + s->count ? last : s->first + s->count - 1;
  const int32_t back = first > s->first ? first : s->first, count = *front - back + 1;
  return count < ROWS_MOST ? count : ROWS_MOST;
}

/* ---------------------------------------------------------------- making the lattice */

/* Whether something may stand there: a fir where most of it is within its area, a heap of leaves not too near to the border. */
static bool
may_stand (const LimnScene *scene, const LimnArea *area, const LimnStand *it, bool fir)
{
  const float size = 2 * scene->cell;

  if (!fir)
    return limn_plane_at (&area->depth, size, it->x, it->y) > 0.42f * it->size;
  return limn_plane_at (&area->depth, size, it->x, it->y - 0.72f * it->size) > -0.06f * it->size &&
         limn_plane_at (&area->depth, size, it->x, it->y - 3) > -1;
}

static LimnStand
stand_at (const LimnScene *scene, const LimnArea *area, float scale, const LimnStandRow *row, int32_t column, int32_t number, bool fir)
{
  const LimnStands *s = area->stands;
  const uint32_t hash = limn_hash (column, number, PLACES + area->label);
  LimnStand it = { .x = ((float) column + (number & 1 ? 0.5f : 0) + 0.8f * limn_fraction (hash, 1)) * row->apart,
                   .y = place_of (scene, s->rate, ((float) number + 0.7f * limn_fraction (hash, 0)) * s->spacing),
                   .size = area->look->border * scale * (0.78f + 0.42f * limn_fraction (hash, 2)),
                   .tiers = 4.5f + 2 * limn_fraction (hash, 3),
                   .hash = limn_hash (number, column, hash) };

  for (int smaller = 0; smaller < 4 && !it.stands; smaller++) {
    it.size *= smaller > 0 ? SMALLER : 1;
    it.stands = may_stand (scene, area, &it, fir);
  }
  it.half = 0.23f * it.size * (0.85f + 0.3f * limn_fraction (it.hash, 2));
  return it;
}

/* Sets sizes of rows, and returns how many things they hold. */
static size_t
lay_out (const LimnScene *scene, const LimnArea *area, const Lattice *lattice)
{
  const LimnStands *s = area->stands;
  const float size = area->look->border;
  size_t count = 0;

  for (int32_t r = 0; r < s->count; r++) {
    LimnStandRow *row = &s->rows[r];

    row->apart = lattice->columns * size * scale_at (scene, s->rate, place_of (scene, s->rate, (float) (s->first + r) * s->spacing));
    row->first = -3;
    row->count = (int32_t) ceilf (scene->wide / row->apart) + 6;
    count += (size_t) row->count;
  }
  return count;
}

static LimnStatus
place (const LimnScene *scene, LimnArea *area, LimnError *error)
{
  const bool fir = area->look->light == LIMN_LIGHT_FIRS;
  const Lattice *lattice = fir ? &firs : &crowns;
  LimnStands *s = area->stands = calloc (1, sizeof *s);

  if (!s)
    return limn_fail_memory (error, sizeof *s);
  *s = (LimnStands){ .above = lattice->above,
                     .below = lattice->below,
                     .spacing = lattice->rows * area->look->border,
                     .rate = growth (scene, area->look->light) };
  s->first = (int32_t) limn_floor (even_of (scene, s->rate, -2 * area->look->border) / s->spacing);
  s->count = (int32_t) ceilf (even_of (scene, s->rate, scene->high + limn_stands_reach (scene, area, scene->high)) / s->spacing) -
             s->first + 1;
  s->rows = calloc ((size_t) s->count, sizeof *s->rows);
  const size_t count = s->rows ? lay_out (scene, area, lattice) : 0;
  s->items = limn_alloc (count, 1, 1, sizeof *s->items);
  if (!s->rows || !s->items)
    return limn_fail_memory (error, count * sizeof *s->items);
  LimnStand *item = s->items;
  for (int32_t r = 0; r < s->count; r++) {
    LimnStandRow *row = &s->rows[r];
    const float scale = row->apart / (lattice->columns * area->look->border);

    row->items = item;
    for (int32_t c = 0; c < row->count; c++)
      *item++ = stand_at (scene, area, scale, row, row->first + c, s->first + r, fir);
  }
  return LIMN_OK;
}

LimnStatus
limn_scene_place_stands (LimnScene *scene, LimnError *error)
{
  for (size_t k = 0; k < scene->count; k++)
    if (limn_stands_out (scene->areas[k].look))
      LIMN_TRY (place (scene, &scene->areas[k], error));
  return LIMN_OK;
}

void
limn_stands_free (LimnStands *stands)
{
  if (!stands)
    return;
  free (stands->rows);
  free (stands->items);
  free (stands);
}
