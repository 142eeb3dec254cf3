/* Colorize: chroma from base at its own small size, spread by propagation and guided filters to the photo's, luma kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chroma-denoise.h"
#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/generate/base.h"
#include "engine/imaging/area-average.h"
#include "engine/imaging/guided-filter.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/resample.h"
#include "first-colours.h"
#include "hint-regression.h"
#include "paint-chroma.h"
#include "photo-planes.h"
#include "propagate.h"

enum { SIDE_NUMERATOR = 3, SIDE_DENOMINATOR = 2 }; /* base's side as a multiple of its training size: places are better told apart */
enum { MIDDLE_SIDE = 320, MIDDLE_SIDE_QUICK = 192, FINE_SIDE = 1280 };

/* Weight of the network's chroma against smoothness in the propagation (per pixel at MIDDLE_SIDE): alone, and beside the user's dots,
 * which take precedence. */
static const float NETWORK_TRUST = 0.01f, NETWORK_TRUST_WITH_DOTS = 0.0015f, DOT_TRUST = 20.f;
static const float GUIDE_EPSILON = 0.002f;
static const float STRICTNESS = 0.03f; /* of chroma denoising: larger values remove more stains and more colour */
/* Restores the saturation that averaging removes: along edges, and, where base draws from pure noise, over what is equally likely. */
static const float VIVIDNESS = 1.5f, VIVIDNESS_OF_COLOURS = 1.2f;
/* Of base after the first colours: noise levels of 0.5, enough to give them the picture's edges, and of 8, to follow dots. */
static const float STRENGTH = 0.334f, STRENGTH_WITH_DOTS = 0.669f;

/* The photo's size scaled to fit into side, but never enlarged. */
static void
fit_size (const LimnPixels *photo, size_t side, size_t *width, size_t *height)
{
  size_t longest = photo->width > photo->height ? photo->width : photo->height;
  double k = longest > side ? (double) side / (double) longest : 1;
  *width = (size_t) fmax (1, round ((double) photo->width * k));
  *height = (size_t) fmax (1, round ((double) photo->height * k));
}

static LimnStatus
luma_image (LimnImage *luma, const LimnImage *rgba, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (luma, rgba->width, rgba->height, 1, error));
  for (size_t i = 0; i < rgba->width * rgba->height; i++)
    luma->data[i] = limn_luma (rgba->data + 4 * i);
  return LIMN_OK;
}

/* Marks dots, at least three cells wide, as exact pixels with the photo's luma. dots: [h][w][4] from limn_area_average. */
static void
mark_dots (LimnImage *planes, const LimnImage *dots)
{
  size_t w = planes->width, h = planes->height;

  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++) {
      float sum[3] = { 0 }, weight = 0, *p = planes->data + (y * w + x) * LIMN_BASE_PLANES;
      for (size_t v = y ? y - 1 : 0; v <= y + 1 && v < h; v++)
        for (size_t u = x ? x - 1 : 0; u <= x + 1 && u < w; u++) {
          const float *d = dots->data + (v * w + u) * 4;
          float share = d[3] * (u == x && v == y ? 100.f : 1.f);
          for (size_t k = 0; k < 3; k++)
            sum[k] += share * d[k];
          weight += share;
        }
      if (weight <= 0)
        continue;
      float rgb[3] = { sum[0] / weight, sum[1] / weight, sum[2] / weight }, shift = p[LIMN_PLANE_LUMA] - limn_luma (rgb);
      for (size_t k = 0; k < 3; k++)
        p[k] = limn_min (limn_max (rgb[k] + shift, -1), 1);
      p[LIMN_PLANE_EXACT] = 1;
    }
}

/* Chroma (B - Y, R - Y) of an RGB or RGBA image. */
static LimnStatus
chroma_image (LimnImage *chroma, const LimnImage *rgb, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (chroma, rgb->width, rgb->height, 2, error));
  for (size_t i = 0; i < rgb->width * rgb->height; i++) {
    float c[3];
    for (size_t k = 0; k < 3; k++)
      c[k] = limn_min (limn_max (rgb->data[i * rgb->channels + k], -1), 1);
    float y = limn_luma (c);
    chroma->data[2 * i] = c[2] - y;
    chroma->data[2 * i + 1] = c[0] - y;
  }
  return LIMN_OK;
}

static LimnStatus
luma_of_planes (LimnImage *luma, const LimnImage *planes, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (luma, planes->width, planes->height, 1, error));
  for (size_t i = 0; i < planes->width * planes->height; i++)
    luma->data[i] = planes->data[i * LIMN_BASE_PLANES + LIMN_PLANE_LUMA];
  return LIMN_OK;
}

/* base's planes: the photo's luma, and the user's dots as exact colours. planes: allocated, width x height. */
static LimnStatus
fill_planes (LimnEngine *engine, const LimnPixels *photo, const LimnPixels *hints, size_t width, size_t height, LimnImage *planes,
             LimnError *error)
{
  LIMN_SCOPED_IMAGE reduced = { 0 }, dots = { 0 };

  LIMN_TRY (limn_luma_planes (engine, photo, width, height, planes, error));
  if (!hints)
    return LIMN_OK;
  LIMN_TRY (limn_area_average (&reduced, hints, limn_size_min (width, photo->width), limn_size_min (height, photo->height), true,
                               engine->pool, error));
  LIMN_TRY (limn_resample (&dots, &reduced, width, height, LIMN_FILTER_AREA, engine->pool, error));
  mark_dots (planes, &dots);
  return LIMN_OK;
}

/* One evaluation of base: the photo's chroma at base's size, denoised, and how alike its places are (limn_base_run). It starts from what the
 * colours network expects, or from pure noise where there is none. */
static LimnStatus
network_chroma (LimnEngine *engine, const LimnPixels *photo, const LimnColorizeOptions *options, LimnImage *chroma, LimnImage *likeness,
                LimnStats *stats, const LimnControl *control, LimnError *error)
{
  const size_t side = limn_model_meta (engine->base)->size * SIDE_NUMERATOR / SIDE_DENOMINATOR;
  LIMN_SCOPED_IMAGE planes = { 0 }, sharp = { 0 }, start = { 0 }, rgb = { 0 }, luma = { 0 };
  LimnBaseInput input = { .planes = &planes, .sharp = &sharp, .strength = 1, .sampling = &options->sampling, .likeness = likeness };
  size_t w, h;

  limn_photo_size (photo, side, limn_base_multiple (engine), &w, &h);
  LIMN_TRY (fill_planes (engine, photo, options->hints, w, h, &planes, error));
  if (engine->colours) {
    LIMN_TRY (limn_first_colours (engine, photo, &planes, &options->sampling, &start, stats, control, error));
    input.start = &start;
    input.strength = options->hints ? STRENGTH_WITH_DOTS : STRENGTH;
  }
  if (limn_base_sees (engine))
    LIMN_TRY (limn_scale_photo (engine, photo, LIMN_SHARP * w, LIMN_SHARP * h, &sharp, error));
  LIMN_TRY (limn_base_run (engine, &input, &rgb, stats, control, error));
  LIMN_TRY (chroma_image (chroma, &rgb, error));
  LIMN_TRY (luma_of_planes (&luma, &planes, error));
  LIMN_TRY (limn_chroma_denoise (chroma, &luma, STRICTNESS, engine->pool, error));
  for (size_t i = 0; i < 2 * w * h; i++)
    chroma->data[i] *= engine->colours ? VIVIDNESS_OF_COLOURS : VIVIDNESS;
  return LIMN_OK;
}

static bool
has_dots (const LimnImage *dots)
{
  for (size_t i = 0; i < dots->width * dots->height; i++)
    if (dots->data[4 * i + 3] > 0)
      return true;
  return false;
}

/* prior with a third channel: the share that dots have in it, none. */
static LimnStatus
add_share (LimnImage *prior, LimnError *error)
{
  LimnImage with;

  LIMN_TRY (limn_image_new (&with, prior->width, prior->height, 3, error));
  for (size_t i = 0; i < prior->width * prior->height; i++)
    memcpy (with.data + 3 * i, prior->data + 2 * i, 2 * sizeof (float));
  limn_image_clear (prior);
  *prior = with;
  return LIMN_OK;
}

/* Makes the user's dots part of prior and trust, and spreads them to similar-looking places. small: the photo; luma: its luma; likeness:
 * limn_base_run's; prior: [h][w][2], then, if there are dots, [h][w][3]. */
static LimnStatus
add_dots (LimnEngine *engine, const LimnPixels *hints, const LimnImage *small, const LimnImage *luma, const LimnImage *likeness,
          LimnImage *prior, LimnImage *trust, LimnError *error)
{
  LIMN_SCOPED_IMAGE dots = { 0 }, chroma = { 0 };

  LIMN_TRY (limn_area_average (&dots, hints, luma->width, luma->height, true, engine->pool, error));
  if (!has_dots (&dots))
    return LIMN_OK;
  LIMN_TRY (chroma_image (&chroma, &dots, error));
  LIMN_TRY (add_share (prior, error));
  for (size_t i = 0; i < luma->width * luma->height; i++) {
    const float alpha = dots.data[4 * i + 3];

    trust->data[i] = alpha > 0 ? DOT_TRUST * alpha : NETWORK_TRUST_WITH_DOTS;
    if (alpha > 0) {
      memcpy (prior->data + 3 * i, chroma.data + 2 * i, 2 * sizeof (float));
      prior->data[3 * i + 2] = 1;
    }
  }
  return limn_hint_regression (prior, trust, small, luma, &dots, &chroma, likeness->width ? likeness : NULL, engine->pool, error);
}

/* Combines the network's chroma and the user's dots at a middle size, propagated along the photo's edges: [h][w][2], or with dots [h][w][3],
 * the last being the share that these have. */
static LimnStatus
middle_chroma (LimnEngine *engine, const LimnPixels *photo, const LimnColorizeOptions *options, const LimnImage *from_network,
               const LimnImage *likeness, LimnImage *luma, LimnImage *chroma, LimnError *error)
{
  LIMN_SCOPED_IMAGE small = { 0 }, prior = { 0 }, trust = { 0 };
  size_t w, h;

  fit_size (photo, options->sampling.quick ? MIDDLE_SIDE_QUICK : MIDDLE_SIDE, &w, &h);
  const size_t longer = w > h ? w : h;
  LIMN_TRY (limn_area_average (&small, photo, w, h, false, engine->pool, error));
  LIMN_TRY (luma_image (luma, &small, error));
  LIMN_TRY (limn_resample (&prior, from_network, w, h, LIMN_FILTER_BICUBIC, engine->pool, error));
  LIMN_TRY (limn_image_alloc (&trust, w, h, 1, error));
  for (size_t i = 0; i < w * h; i++)
    trust.data[i] = NETWORK_TRUST;
  if (options->hints)
    LIMN_TRY (add_dots (engine, options->hints, &small, luma, likeness, &prior, &trust, error));
  for (size_t i = 0; i < w * h; i++) /* a pixel stands for so many of MIDDLE_SIDE */
    trust.data[i] *= (float) (MIDDLE_SIDE * MIDDLE_SIDE) / (float) (longer * longer);
  return limn_propagate (chroma, luma, &prior, &trust, engine->pool, error);
}

/* Chroma (and the dots' share) as a local linear function of luma, to be applied to the photo's own pixels: coefficients as of
 * limn_guided_coefficients. For a large photo they are refined at an intermediate size, so that colours keep to edges that the middle size
 * doesn't resolve. */
static LimnStatus
chroma_coefficients (LimnEngine *engine, const LimnPixels *photo, bool quick, const LimnImage *luma, const LimnImage *chroma,
                     LimnImage *coefficients, LimnError *error)
{
  LIMN_SCOPED_IMAGE small = { 0 }, fine_luma = { 0 }, fine = { 0 }, fine_chroma = { 0 };
  const size_t channels = chroma->channels;
  size_t w, h;

  LIMN_TRY (limn_guided_coefficients (coefficients, luma, chroma, 2, GUIDE_EPSILON, engine->pool, error));
  fit_size (photo, FINE_SIDE, &w, &h);
  if (quick || w * h < 3 * luma->width * luma->height)
    return LIMN_OK;
  LIMN_TRY (limn_area_average (&small, photo, w, h, false, engine->pool, error));
  LIMN_TRY (luma_image (&fine_luma, &small, error));
  LIMN_TRY (limn_resample (&fine, coefficients, w, h, LIMN_FILTER_LINEAR, engine->pool, error));
  LIMN_TRY (limn_image_alloc (&fine_chroma, w, h, channels, error));
  for (size_t i = 0; i < w * h; i++)
    for (size_t k = 0; k < channels; k++)
      fine_chroma.data[channels * i + k] = fine.data[2 * (channels * i + k)] * fine_luma.data[i] + fine.data[2 * (channels * i + k) + 1];
  limn_image_clear (coefficients);
  return limn_guided_coefficients (coefficients, &fine_luma, &fine_chroma, 2, GUIDE_EPSILON, engine->pool, error);
}

struct LimnColors {
  LimnImage coefficients;
};

static LimnStatus
check_photo (LimnEngine *engine, const LimnPixels *photo, const LimnColorizeOptions *options, LimnError *error)
{
  if (!engine->base)
    return limn_fail (error, LIMN_BAD_MODEL, "Colorizing needs the base network: choose a models folder that has base.safetensors.");
  LIMN_TRY (limn_check_pixels (photo, error));
  if (!options->hints)
    return LIMN_OK;
  LIMN_TRY (limn_check_pixels (options->hints, error));
  return limn_check_size (photo, options->hints->width, options->hints->height, "The colour hints are", error);
}

static LimnStatus
check_paint (const LimnPixels *photo, const LimnMask *mask, float saturation, LimnError *error)
{
  if (mask)
    LIMN_TRY (limn_check_size (photo, mask->width, mask->height, "The mask is", error));
  if (!(saturation >= 0 && saturation <= 2))
    return limn_fail (error, LIMN_BAD_INPUT, "Saturation is a factor from 0 to 2.");
  return LIMN_OK;
}

static LimnStatus
find_colors (LimnEngine *engine, const LimnPixels *photo, const LimnColorizeOptions *options, const LimnControl *control,
             LimnImage *coefficients, LimnStats *stats, LimnError *error)
{
  LIMN_SCOPED_IMAGE small = { 0 }, likeness = { 0 }, luma = { 0 }, chroma = { 0 };
  const LimnControl silent = limn_without_progress (control);

  limn_report (control, 0);
  LIMN_TRY (network_chroma (engine, photo, options, &small, options->hints ? &likeness : NULL, stats, &silent, error));
  limn_report (control, 0.4);
  LIMN_TRY (middle_chroma (engine, photo, options, &small, &likeness, &luma, &chroma, error));
  limn_report (control, 0.6);
  LIMN_TRY (chroma_coefficients (engine, photo, options->sampling.quick, &luma, &chroma, coefficients, error));
  limn_report (control, 0.8);
  return LIMN_OK;
}

LimnStatus
limn_colors_new (LimnColors **colors, LimnEngine *engine, const LimnPixels *photo, const LimnColorizeOptions *options,
                 const LimnControl *control, LimnStats *stats, LimnError *error)
{
  LimnStats local = { 0 };

  *colors = NULL;
  LIMN_TRY (check_photo (engine, photo, options, error));
  LimnColors *self = calloc (1, sizeof *self);
  if (!self)
    return limn_fail_memory (error, sizeof *self);
  limn_engine_begin (engine, control);
  LimnStatus status = find_colors (engine, photo, options, control, &self->coefficients, &local, error);
  limn_engine_end (engine);
  if (status != LIMN_OK) {
    limn_colors_free (self);
    return status;
  }
  *colors = self;
  if (stats)
    *stats = local;
  return LIMN_OK;
}

void
limn_colors_free (LimnColors *colors)
{
  if (colors)
    limn_image_clear (&colors->coefficients);
  free (colors);
}

LimnStatus
limn_colors_paint (const LimnColors *colors, LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, float saturation,
                   const LimnControl *control, LimnOverlay *overlay, LimnError *error)
{
  *overlay = (LimnOverlay){ 0 };
  LIMN_TRY (check_paint (photo, mask, saturation, error));
  limn_engine_begin (engine, control);
  LimnStatus status = limn_paint_chroma (overlay, photo, mask, &colors->coefficients, saturation, engine->pool, error);
  limn_engine_end (engine);
  if (status == LIMN_OK)
    limn_report (control, 1);
  return status;
}
