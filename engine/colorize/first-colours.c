/* Lightness out of base's planes, the colours network, and its a and b back to RGB of the same luma.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "first-colours.h"

#include "engine/base/minmax.h"
#include "engine/generate/base.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/resample.h"
#include "engine/network/noise.h"
#include "engine/texture/lab.h"
#include "photo-planes.h"

enum { LEAN_STREAM = 7 };
enum { MULTIPLE = 8 }; /* of the sides of a picture: the recogniser's coarsest cells of four times as many pixels */

static const float LEAN = 0.5f;         /* how far seeds lean */
static const float TEMPERATURE = 0.38f; /* as Zhang, Isola and Efros found best to look at */

/* CIE lightness of gray, luma in [-1, 1]. */
static float
lightness_of (float luma)
{
  const float linear = limn_srgb_to_linear (limn_min (limn_max ((luma + 1) / 2, 0), 1));

  return limn_lab_of_linear (linear, linear, linear)[0];
}

static LimnStatus
cells_of_lightness (LimnImage *cells, const LimnImage *planes, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (cells, planes->width / 2, planes->height / 2, LIMN_COLOURS_CELLS, error));
  for (size_t y = 0; y < planes->height; y++)
    for (size_t x = 0; x < planes->width; x++)
      cells->data[(y / 2 * cells->width + x / 2) * LIMN_COLOURS_CELLS + y % 2 * 2 + x % 2] =
        lightness_of (planes->data[(y * planes->width + x) * LIMN_BASE_PLANES + LIMN_PLANE_LUMA]) / 50 - 1;
  return LIMN_OK;
}

typedef struct {
  const LimnImage *planes, *ab;
  LimnImage *rgb;
} Paint;

static void
paint_row (void *user, size_t y, int worker)
{
  const Paint *p = user;

  for (size_t x = 0; x < p->rgb->width; x++) {
    const size_t at = y * p->rgb->width + x;
    const float luma = p->planes->data[at * LIMN_BASE_PLANES + LIMN_PLANE_LUMA], *ab = p->ab->data + 2 * at;
    float *rgb = p->rgb->data + 3 * at;

    limn_lab_to_linear ((LimnLab){ lightness_of (luma), ab[0], ab[1], 0 }, rgb);
    for (size_t c = 0; c < 3; c++)
      rgb[c] = 2 * limn_linear_to_srgb (limn_min (limn_max (rgb[c], 0), 1)) - 1;
    const float shift = luma - limn_luma (rgb);
    for (size_t c = 0; c < 3; c++)
      rgb[c] = limn_min (limn_max (rgb[c] + shift, -1), 1);
  }
}

/* Adds what a seed leans to. */
static void
add_lean (float lean[LIMN_COLOURS_LEAN], uint64_t seed, float share)
{
  float noise[LIMN_COLOURS_LEAN];

  limn_noise (noise, LIMN_COLOURS_LEAN, seed, LEAN_STREAM, 0);
  for (int i = 0; i < LIMN_COLOURS_LEAN && seed != 0; i++)
    lean[i] += share * LEAN * noise[i];
}

/* What the network expects at its own size: CIE a and b, [h / 2][w / 2][2]. */
static LimnStatus
expected_ab (LimnEngine *engine, const LimnPixels *photo, const LimnSampling *sampling, LimnImage *ab, LimnStats *stats,
             const LimnControl *control, LimnError *error)
{
  LIMN_SCOPED_IMAGE planes = { 0 }, sharp = { 0 }, anchor = { 0 }, cells = { 0 };
  const LimnFeatures *features;
  float lean[LIMN_COLOURS_LEAN] = { 0 };
  size_t w, h;

  limn_photo_size (photo, limn_colours_size (engine->colours), MULTIPLE, &w, &h);
  LIMN_TRY (limn_luma_planes (engine, photo, w, h, &planes, error));
  LIMN_TRY (limn_scale_photo (engine, photo, LIMN_SHARP * w, LIMN_SHARP * h, &sharp, error));
  LIMN_TRY (limn_base_anchor (&anchor, &planes, error));
  LIMN_TRY (limn_sight_look (engine->sight, engine->pool, &planes, &anchor, &sharp, 0, &features, stats, control, error));
  LIMN_TRY (cells_of_lightness (&cells, &planes, error));
  add_lean (lean, sampling->seed, 1 - sampling->mix);
  add_lean (lean, sampling->seed_b, sampling->mix);
  return limn_colours_run (engine->colours, engine->pool, &cells, features, TEMPERATURE, lean, ab, control, error);
}

LimnStatus
limn_first_colours (LimnEngine *engine, const LimnPixels *photo, const LimnImage *planes, const LimnSampling *sampling, LimnImage *rgb,
                    LimnStats *stats, const LimnControl *control, LimnError *error)
{
  LIMN_SCOPED_IMAGE small = { 0 }, ab = { 0 };
  Paint paint = { planes, &ab, rgb };

  *rgb = (LimnImage){ 0 };
  LIMN_TRY (expected_ab (engine, photo, sampling, &small, stats, control, error));
  LIMN_TRY (limn_resample (&ab, &small, planes->width, planes->height, LIMN_FILTER_LINEAR, engine->pool, error));
  LIMN_TRY (limn_image_alloc (rgb, planes->width, planes->height, 3, error));
  return limn_pool_try (engine->pool, rgb->height, paint_row, &paint, error);
}
