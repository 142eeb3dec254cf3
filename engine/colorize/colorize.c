/* Colorize: chroma from base at its own small size, spread by propagation and guided filters to the photo's, luma kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chroma-denoise.h"
#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "engine/generate/base.h"
#include "engine/imaging/area-average.h"
#include "engine/imaging/guided-filter.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/resample.h"
#include "hint-regression.h"
#include "propagate.h"

enum { MIDDLE_SIDE = 320, MIDDLE_SIDE_QUICK = 192, FINE_SIDE = 1280, ROWS = 16, BLOCK = 64 };

/* Weight of the network's chroma against smoothness in the propagation (per pixel at MIDDLE_SIDE): alone, and beside the user's dots,
 * which take precedence. */
static const float NETWORK_TRUST = 0.01f, NETWORK_TRUST_WITH_DOTS = 0.0005f, DOT_TRUST = 20.f;
static const float GUIDE_EPSILON = 0.002f;
static const float STRICTNESS = 0.03f; /* of chroma denoising: larger values remove more stains and more colour */
static const float VIVIDNESS = 1.17f;  /* restores the saturation that averaging along edges removes */

/* The photo's size scaled to fit into side, but never enlarged. */
static void
fit_size (const LimnPixels *photo, size_t side, size_t *width, size_t *height)
{
  size_t longest = photo->width > photo->height ? photo->width : photo->height;
  double k = longest > side ? (double) side / (double) longest : 1;
  *width = (size_t) fmax (1, round ((double) photo->width * k));
  *height = (size_t) fmax (1, round ((double) photo->height * k));
}

/* The size at which base is evaluated: its own side for the photo's shorter one, the longer in proportion, at most twice as long. */
static void
base_size (LimnEngine *engine, const LimnPixels *photo, size_t *width, size_t *height)
{
  const LimnModelMeta *meta = limn_model_meta (engine->base);
  size_t grid = (size_t) meta->space_to_depth << (limn_model_config (engine->base)->levels - 1);
  double ratio = (double) photo->width / (double) photo->height, longer = fmin (2, ratio >= 1 ? ratio : 1 / ratio);
  size_t across = meta->size, along = (size_t) round ((double) meta->size * longer / (double) grid) * grid;
  *width = ratio >= 1 ? along : across;
  *height = ratio >= 1 ? across : along;
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

/* The photo resampled to width x height: averaged down, or interpolated up. out: allocated, [height][width][4] as of limn_area_average. */
static LimnStatus
scale_photo (LimnEngine *engine, const LimnPixels *photo, size_t width, size_t height, LimnImage *out, LimnError *error)
{
  LimnImage small = { 0 };
  LimnStatus status = limn_area_average (&small, photo, limn_size_min (width, photo->width), limn_size_min (height, photo->height), false,
                                         engine->pool, error);

  if (status == LIMN_OK)
    status = limn_resample (out, &small, width, height, LIMN_FILTER_BICUBIC, engine->pool, error);
  limn_image_clear (&small);
  return status;
}

/* One evaluation of base: the photo's chroma at base's size, denoised. */
static LimnStatus
network_chroma (LimnEngine *engine, const LimnPixels *photo, const LimnColorizeOptions *options, LimnImage *chroma, LimnStats *stats,
                const LimnControl *control, LimnError *error)
{
  LimnImage scaled = { 0 }, sharp = { 0 }, dots = { 0 }, planes = { 0 }, rgb = { 0 }, luma = { 0 };
  size_t w, h, rw, rh;

  base_size (engine, photo, &w, &h);
  rw = w < photo->width ? w : photo->width;
  rh = h < photo->height ? h : photo->height;
  LimnStatus status = scale_photo (engine, photo, w, h, &scaled, error);
  if (status == LIMN_OK && limn_base_sees (engine))
    status = scale_photo (engine, photo, LIMN_SHARP * w, LIMN_SHARP * h, &sharp, error);
  if (status == LIMN_OK)
    status = limn_image_new (&planes, w, h, LIMN_BASE_PLANES, error);
  for (size_t i = 0; status == LIMN_OK && i < w * h; i++) {
    planes.data[i * LIMN_BASE_PLANES + LIMN_PLANE_LUMA] = limn_min (limn_max (limn_luma (scaled.data + 4 * i), -1), 1);
    planes.data[i * LIMN_BASE_PLANES + LIMN_PLANE_LUMA_KNOWN] = 1;
  }
  if (status == LIMN_OK && options->hints) {
    LimnImage reduced = { 0 };
    status = limn_area_average (&reduced, options->hints, rw, rh, true, engine->pool, error);
    if (status == LIMN_OK)
      status = limn_resample (&dots, &reduced, w, h, LIMN_FILTER_AREA, engine->pool, error);
    if (status == LIMN_OK)
      mark_dots (&planes, &dots);
    limn_image_clear (&reduced);
  }
  if (status == LIMN_OK)
    status = limn_base_run (engine, &planes, sharp.data ? &sharp : NULL, NULL, 1, &options->sampling, &rgb, stats, control, error);
  if (status == LIMN_OK)
    status = chroma_image (chroma, &rgb, error);
  if (status == LIMN_OK)
    status = luma_of_planes (&luma, &planes, error);
  if (status == LIMN_OK)
    status = limn_chroma_denoise (chroma, &luma, STRICTNESS, engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < 2 * w * h; i++)
    chroma->data[i] *= VIVIDNESS;
  limn_image_clear (&luma);
  limn_image_clear (&scaled);
  limn_image_clear (&sharp);
  limn_image_clear (&dots);
  limn_image_clear (&planes);
  limn_image_clear (&rgb);
  return status;
}

/* Combines the network's chroma and the user's dots at a middle size, propagated along the photo's edges. */
static LimnStatus
middle_chroma (LimnEngine *engine, const LimnPixels *photo, const LimnColorizeOptions *options, const LimnImage *from_network,
               LimnImage *luma, LimnImage *chroma, LimnError *error)
{
  LimnImage small = { 0 }, dots = { 0 }, dot_chroma = { 0 }, prior = { 0 }, trust = { 0 };
  size_t w, h;

  fit_size (photo, options->sampling.quick ? MIDDLE_SIDE_QUICK : MIDDLE_SIDE, &w, &h);
  LimnStatus status = limn_area_average (&small, photo, w, h, false, engine->pool, error);
  if (status == LIMN_OK)
    status = luma_image (luma, &small, error);
  if (status == LIMN_OK)
    status = limn_resample (&prior, from_network, w, h, LIMN_FILTER_BICUBIC, engine->pool, error);
  if (status == LIMN_OK)
    status = limn_image_alloc (&trust, w, h, 1, error);
  if (status == LIMN_OK && options->hints) {
    status = limn_area_average (&dots, options->hints, w, h, true, engine->pool, error);
    if (status == LIMN_OK)
      status = chroma_image (&dot_chroma, &dots, error);
  }
  if (status == LIMN_OK) {
    bool any = false;
    for (size_t i = 0; dots.data && i < w * h && !any; i++)
      any = dots.data[4 * i + 3] > 0;
    for (size_t i = 0; i < w * h; i++) {
      trust.data[i] = any ? NETWORK_TRUST_WITH_DOTS : NETWORK_TRUST;
      if (any && dots.data[4 * i + 3] > 0) {
        trust.data[i] = DOT_TRUST * dots.data[4 * i + 3];
        memcpy (prior.data + 2 * i, dot_chroma.data + 2 * i, 2 * sizeof (float));
      }
    }
    if (any)
      status = limn_hint_regression (&prior, &trust, &small, luma, &dots, &dot_chroma, engine->pool, error);
  }
  if (status == LIMN_OK)
    status = limn_propagate (chroma, luma, &prior, &trust, engine->pool, error);
  limn_image_clear (&small);
  limn_image_clear (&dots);
  limn_image_clear (&dot_chroma);
  limn_image_clear (&prior);
  limn_image_clear (&trust);
  return status;
}

/* Chroma as a local linear function of luma, to be applied to the photo's own pixels: coefficients as of limn_guided_coefficients. For a
 * large photo they are refined at an intermediate size, so that colours keep to edges that the middle size doesn't resolve. */
static LimnStatus
chroma_coefficients (LimnEngine *engine, const LimnPixels *photo, bool quick, const LimnImage *luma, const LimnImage *chroma,
                     LimnImage *coefficients, LimnError *error)
{
  LimnImage small = { 0 }, fine_luma = { 0 }, fine = { 0 }, fine_chroma = { 0 };
  size_t w, h;

  LIMN_TRY (limn_guided_coefficients (coefficients, luma, chroma, 2, GUIDE_EPSILON, engine->pool, error));
  fit_size (photo, FINE_SIDE, &w, &h);
  if (quick || w * h < 3 * luma->width * luma->height)
    return LIMN_OK;
  LimnStatus status = limn_area_average (&small, photo, w, h, false, engine->pool, error);
  if (status == LIMN_OK)
    status = luma_image (&fine_luma, &small, error);
  if (status == LIMN_OK)
    status = limn_resample (&fine, coefficients, w, h, LIMN_FILTER_LINEAR, engine->pool, error);
  if (status == LIMN_OK)
    status = limn_image_alloc (&fine_chroma, w, h, 2, error);
  if (status == LIMN_OK) {
    for (size_t i = 0; i < w * h; i++)
      for (size_t k = 0; k < 2; k++)
        fine_chroma.data[2 * i + k] = fine.data[4 * i + 2 * k] * fine_luma.data[i] + fine.data[4 * i + 2 * k + 1];
    limn_image_clear (coefficients);
    status = limn_guided_coefficients (coefficients, &fine_luma, &fine_chroma, 2, GUIDE_EPSILON, engine->pool, error);
  }
  limn_image_clear (&small);
  limn_image_clear (&fine_luma);
  limn_image_clear (&fine);
  limn_image_clear (&fine_chroma);
  return status;
}

/* The last pass: applies coefficients, interpolated between their centres. */
typedef struct {
  const LimnPixels *photo;
  const LimnMask *mask;
  const LimnImage *coefficients;
  LimnPixels *out;
  float *rows;    /* [worker][coefficients width][4] */
  size_t *column; /* [photo width]: left neighbour's column */
  float *weight;  /* [photo width]: weight of the right neighbour */
  float saturation;
} Paint;

static void
interpolate_at (double at, size_t cells, size_t *low, float *share)
{
  at = fmin (fmax (at, 0), (double) (cells - 1));
  *low = (size_t) at;
  if (*low + 1 >= cells && cells > 1)
    *low = cells - 2;
  *share = cells > 1 ? (float) (at - (double) *low) : 0;
}

/* Pixels of a row that are coloured together, as structure of arrays for full vectors. Values are levels in [0, top]. */
typedef struct {
  float luma[BLOCK], b[BLOCK], r[BLOCK]; /* b, r: chroma */
  int rgb[3][BLOCK];
} Block;

/* Largest factor at which chroma c fits the gamut at luma y. */
static inline __attribute__ ((always_inline)) float
gamut_factor (float y, float c, float top)
{
  return y + c > top ? (top - y) / c : y + c < 0 ? -y / c : 1;
}

/* Rounds v to a level. */
static inline __attribute__ ((always_inline)) int
level_of (float v, float top)
{
  return (int) (limn_min (limn_max (v, 0), top) + 0.5f);
}

/* Keeps luma and shrinks chroma to the gamut; green compensates the rounding of red and blue. */
LIMN_WIDE static void
colour_block (Block *p, size_t count, float top)
{
  for (size_t i = 0; i < count; i++) {
    const float y = p->luma[i], b = p->b[i], r = p->r[i], g = -(LIMN_LUMA_RED * r + LIMN_LUMA_BLUE * b) / LIMN_LUMA_GREEN;
    const float k = limn_min (limn_min (limn_min (1, gamut_factor (y, r, top)), gamut_factor (y, g, top)), gamut_factor (y, b, top));
    const int red = level_of (y + k * r, top), blue = level_of (y + k * b, top);

    p->rgb[0][i] = red;
    p->rgb[1][i] = level_of ((y - LIMN_LUMA_RED * (float) red - LIMN_LUMA_BLUE * (float) blue) / LIMN_LUMA_GREEN, top);
    p->rgb[2][i] = blue;
  }
}

/* Luma and chroma of pixels [x, x + count). in: the photo's row; row: the coefficients interpolated to this height. */
static inline __attribute__ ((always_inline)) void
read_block (Block *p, const Paint *paint, const void *in, const float *row, size_t x, size_t count, bool deep)
{
  const float top = deep ? 65535.f : 255.f, scale = paint->saturation * top / 2;
  const size_t next = paint->coefficients->width > 1 ? 4 : 0;

  for (size_t i = 0; i < count; i++) {
    float level[3];
    for (size_t k = 0; k < 3; k++)
      level[k] = deep ? ((const uint16_t *) in)[4 * (x + i) + k] : ((const uint8_t *) in)[4 * (x + i) + k];
    const float luma = limn_luma (level);
    const float *c = row + 4 * paint->column[x + i], *d = c + next, t = paint->weight[x + i], guide = luma * (2 / top) - 1;
    const float b = (c[0] + t * (d[0] - c[0])) * guide + c[1] + t * (d[1] - c[1]);
    const float r = (c[2] + t * (d[2] - c[2])) * guide + c[3] + t * (d[3] - c[3]);
    p->luma[i] = luma;
    p->b[i] = b * scale;
    p->r[i] = r * scale;
  }
}

static void
paint_row (const Paint *p, size_t y, const float *row)
{
  const LimnPixels *photo = p->photo;
  const uint8_t *in = (const uint8_t *) photo->data + y * photo->stride;
  uint8_t *out = (uint8_t *) p->out->data + y * p->out->stride;
  const uint8_t *mask = p->mask ? p->mask->data + y * p->mask->stride : NULL;
  const bool deep = photo->depth == 16;
  Block block;

  for (size_t x = 0; x < photo->width; x += BLOCK) {
    const size_t count = photo->width - x < BLOCK ? photo->width - x : BLOCK;

    if (deep)
      read_block (&block, p, in, row, x, count, true);
    else
      read_block (&block, p, in, row, x, count, false);
    colour_block (&block, count, deep ? 65535.f : 255.f);
    for (size_t i = 0; i < count; i++) {
      const unsigned alpha = mask ? mask[x + i] : 255;
      uint16_t *wide = (uint16_t *) (void *) out + 4 * (x + i);
      uint8_t *o = out + 4 * (x + i);

      for (size_t k = 0; k < 3; k++)
        if (deep)
          wide[k] = (uint16_t) block.rgb[k][i];
        else
          o[k] = (uint8_t) block.rgb[k][i];
      if (deep)
        wide[3] = (uint16_t) (alpha * 257);
      else
        o[3] = (uint8_t) alpha;
    }
  }
}

static void
paint_rows (void *user, size_t piece, int worker)
{
  Paint *p = user;
  const LimnImage *c = p->coefficients;
  float *row = p->rows + (size_t) worker * c->width * 4;

  for (size_t y = piece * ROWS; y < (piece + 1) * ROWS && y < p->photo->height; y++) {
    size_t low;
    float share;
    interpolate_at (((double) y + 0.5) * (double) c->height / (double) p->photo->height - 0.5, c->height, &low, &share);
    const float *a = c->data + low * c->width * 4, *b = c->height > 1 ? a + c->width * 4 : a;
    for (size_t i = 0; i < c->width * 4; i++)
      row[i] = a[i] + share * (b[i] - a[i]);
    paint_row (p, y, row);
  }
}

static LimnStatus
paint_overlay (LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, const LimnImage *coefficients, float saturation,
               LimnOverlay *overlay, LimnError *error)
{
  size_t w = photo->width, workers = (size_t) limn_pool_threads (engine->pool);
  Paint p = { .photo = photo, .mask = mask, .coefficients = coefficients, .out = &overlay->pixels, .saturation = saturation };

  LIMN_TRY (limn_overlay_new (overlay, 0, 0, w, photo->height, photo->depth, error));
  overlay->keep_alpha = true;
  p.rows = limn_alloc (workers, coefficients->width, 4, sizeof (float));
  p.column = limn_alloc (w, 1, 1, sizeof *p.column);
  p.weight = limn_alloc (w, 1, 1, sizeof *p.weight);
  LimnStatus status = LIMN_OK;
  if (!p.rows || !p.column || !p.weight) {
    status = limn_fail_memory (error, workers * coefficients->width * 16 + w * (sizeof *p.column + sizeof *p.weight));
  } else {
    for (size_t x = 0; x < w; x++)
      interpolate_at (((double) x + 0.5) * (double) coefficients->width / (double) w - 0.5, coefficients->width, &p.column[x],
                      &p.weight[x]);
    status = limn_pool_try (engine->pool, (photo->height + ROWS - 1) / ROWS, paint_rows, &p, error);
  }
  if (status != LIMN_OK)
    limn_overlay_clear (overlay);
  free (p.rows);
  free (p.column);
  free (p.weight);
  return status;
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
  LimnImage small = { 0 }, luma = { 0 }, chroma = { 0 };
  const LimnControl silent = limn_without_progress (control);

  limn_engine_begin (engine, control);
  limn_report (control, 0);
  LimnStatus status = network_chroma (engine, photo, options, &small, stats, &silent, error);
  limn_report (control, 0.4);
  if (status == LIMN_OK)
    status = middle_chroma (engine, photo, options, &small, &luma, &chroma, error);
  limn_report (control, 0.6);
  if (status == LIMN_OK)
    status = chroma_coefficients (engine, photo, options->sampling.quick, &luma, &chroma, coefficients, error);
  limn_report (control, 0.8);
  limn_engine_end (engine);
  limn_image_clear (&small);
  limn_image_clear (&luma);
  limn_image_clear (&chroma);
  return status;
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
  LimnStatus status = find_colors (engine, photo, options, control, &self->coefficients, &local, error);
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
  LimnStatus status = paint_overlay (engine, photo, mask, &colors->coefficients, saturation, overlay, error);
  limn_engine_end (engine);
  if (status == LIMN_OK)
    limn_report (control, 1);
  return status;
}
