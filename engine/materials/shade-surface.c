/* Lays surfaces: upright ones as they are, ground in perspective; and gives them the paint's colours.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "shade.h"

#include "engine/base/minmax.h"

/* Farthest distance along the ground, in multiples of the nearest. */
static const float FARTHEST = 24;
/* Share of the paint in the mean lightness, at least. */
static const float KEEP_LIGHT = 0.75f;
/* Lightness of the paint below which it is kept more. */
static const float DARK = 42;
/* From this enlargement of texels to pixels on, the surface is laid again, that much finer, so that it stays crisp. */
static const float ENLARGED = 1.5f, FINER = 3.7f, FINER_CONTRAST = 0.45f;

/* The plane z = far / (y - horizon) with its derivative; above where it would become too far it goes on as it is there. */
LimnGroundRow
limn_ground_row (const LimnView *view, const LimnArea *area, float y)
{
  const LimnScene *scene = view->scene;
  const float power = area->look->recede, far = scene->high - scene->horizon, below = limn_max (y - scene->horizon, far / FARTHEST);
  const float z = far / below, stretch = limn_power (z, power - 1);
  LimnGroundRow row = { .across = z, .along = -far / (power - 1) * stretch, .near = limn_clamp ((y - scene->horizon) / far, 0, 1) };

  row.step = z * stretch * view->pixel;
  if (y - scene->horizon < below)
    row.along += (y - scene->horizon - below) * z * stretch;
  row.level = limn_log2 (limn_max (0.75f * z * view->pixel * area->texels, 1e-3f));
  return row;
}

static inline LimnLab
four (float v)
{
  return (LimnLab){ v, v, v, v };
}

static inline LimnLab
lay (const LimnArea *area, float u, float v, float level)
{
  if (area->cell <= 0)
    return limn_surface_at (area->surface, u * area->texels, v * area->texels, level);
  return limn_surface_laid_at (area->surface, u * area->texels, v * area->texels, level, area->cell, area->label);
}

/* Three places down the pixel, as the ground is far more foreshortened along than across. */
static LimnLab
lay_ground (const LimnSpot *spot, const LimnArea *area, const LimnGroundRow *row)
{
  const float u = (spot->x - 0.5f * spot->view->scene->wide) * row->across, third = 0.33f * row->step;
  const LimnLab sum = lay (area, u, row->along - third, row->level) + lay (area, u, row->along, row->level) +
                      lay (area, u, row->along + third, row->level);

  return sum * four ((0.5f + 0.5f / sqrtf (limn_max (row->across, 1))) / 3);
}

/* How strongly texels of that size are laid again, finer. */
static float
finer_share (float texels_a_pixel)
{
  return FINER_CONTRAST * limn_clamp (1 / (texels_a_pixel * ENLARGED) - 1, 0, 1);
}

static LimnLab
lay_upright (const LimnSpot *spot, const LimnArea *area)
{
  const float texels = area->texels * spot->view->pixel, level = limn_log2 (limn_max (texels, 1e-3f)), finer = finer_share (texels);
  const LimnLab laid = lay (area, spot->x, spot->y, level);

  if (finer <= 0)
    return laid;
  return laid + lay (area, FINER * spot->x, FINER * spot->y, level + limn_log2 (FINER)) * four (finer);
}

LimnLab
limn_laid_at (const LimnSpot *spot, size_t index)
{
  const LimnArea *area = &spot->view->scene->areas[index];
  const LimnLook *look = area->look;

  if (!area->surface)
    return four (0);
  const LimnLab laid = look->recede > 0 ? lay_ground (spot, area, &spot->ground[index]) : lay_upright (spot, area);
  return laid * (LimnLab){ look->contrast, look->contrast * look->colourfulness, look->contrast * look->colourfulness, 0 };
}

LimnLab
limn_tone_at (const LimnSpot *spot, const LimnArea *area)
{
  const LimnLab paint = limn_lab_plane_at (&area->tone, LIMN_TONE_CELL, spot->x, spot->y);

  if (!area->surface)
    return paint;
  /* What is painted dark is meant to be: the surface's own colour would lighten it. */
  const float dark = 1 - limn_clamp (paint[0] / DARK, 0, 1), keep = limn_mix (area->look->keep, 1, dark);
  const float light = limn_mix (limn_max (area->look->keep, KEEP_LIGHT), 1, dark);
  const float *mean = area->surface->mean;
  return (LimnLab){ limn_mix (mean[0], paint[0], light), limn_mix (mean[1], paint[1], keep), limn_mix (mean[2], paint[2], keep), 0 };
}

LimnLab
limn_coloured_at (const LimnSpot *spot, size_t index, float *height)
{
  const LimnArea *area = &spot->view->scene->areas[index];
  const LimnLab tone = limn_tone_at (spot, area), laid = limn_laid_at (spot, index);

  if (height)
    *height = area->surface ? limn_clamp (laid[0] / (area->surface->spread * area->look->contrast), -1.5f, 1.5f) : 0;
  if (!area->surface)
    return tone;
  const float light = limn_clamp (tone[0] / limn_max (area->surface->mean[0], 20), 0.5f, 1.6f);
  return tone + laid * (LimnLab){ light, 1, 1, 0 };
}
