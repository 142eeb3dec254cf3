/* Converts pictures to surfaces.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "surface.h"

#include <stdlib.h>
#include <string.h>

#include "engine/imaging/image.h"
#include "engine/imaging/resample.h"

enum { LEAST_SIDE = 16, MOST_SIDE = 1024, SMALL = 64, STEPS = 1024 };

/* Sigma of the blur that is taken for the photo's light, as a share of the surface's width. */
static const float LIGHT = 0.12f;

static size_t
power_of_two (size_t side)
{
  size_t power = LEAST_SIDE;

  while (power < MOST_SIDE && 3 * power <= 2 * side)
    power *= 2;
  return power;
}

/* The conversion of many pixels: its curves as tables, linear between their steps. */
typedef struct {
  float linear[STEPS + 2]; /* light of sRGB in [0, 1] */
  float root[STEPS + 2];   /* the curve of Lab over the root of [0, 1.1], which is steep at 0 as the curve is */
} Curves;

static inline float
read_curve (const float *curve, float at)
{
  const float scaled = limn_clamp (at, 0, 1) * STEPS, whole = limn_floor (scaled);

  return limn_mix (curve[(size_t) whole], curve[(size_t) whole + 1], scaled - whole);
}

static void
to_lab (LimnImage *image)
{
  const float most = 1.1f;
  Curves curves;

  for (size_t i = 0; i < STEPS + 2; i++) {
    curves.linear[i] = limn_srgb_to_linear ((float) i / STEPS);
    curves.root[i] = limn_lab_curve (most * (float) i / STEPS * (float) i / STEPS);
  }
  for (size_t i = 0; i < image->width * image->height; i++) {
    float *p = image->data + 3 * i, white[3];

    const float r = read_curve (curves.linear, 0.5f * p[0] + 0.5f), g = read_curve (curves.linear, 0.5f * p[1] + 0.5f);
    const float b = read_curve (curves.linear, 0.5f * p[2] + 0.5f);
    limn_linear_to_white (r, g, b, white);
    const float x = read_curve (curves.root, sqrtf (white[0] / most)), y = read_curve (curves.root, sqrtf (white[1] / most));
    const float z = read_curve (curves.root, sqrtf (white[2] / most));
    p[0] = 116 * y - 16;
    p[1] = 500 * (x - y);
    p[2] = 200 * (y - z);
  }
}

/* Subtracts what is broader than LIGHT, found in a small copy. */
static LimnStatus
subtract_light (LimnImage *lab, LimnError *error)
{
  const size_t width = limn_size_min (lab->width, SMALL), height = limn_size_min (lab->height, lab->height * width / lab->width + 1);
  LIMN_SCOPED_IMAGE small = { 0 }, smooth = { 0 }, light = { 0 };

  LIMN_TRY (limn_resample (&small, lab, width, height, LIMN_FILTER_AREA, NULL, error));
  LIMN_TRY (limn_blur (&smooth, &small, LIGHT * (float) width, NULL, error));
  LIMN_TRY (limn_resample (&light, &smooth, lab->width, lab->height, LIMN_FILTER_LINEAR, NULL, error));
  for (size_t i = 0; i < 3 * lab->width * lab->height; i++)
    lab->data[i] -= light.data[i];
  return LIMN_OK;
}

static int8_t
to_byte (float difference)
{
  return (int8_t) limn_floor (limn_clamp (LIMN_SURFACE_SCALE * difference, -127, 127) + 0.5f);
}

static LimnStatus
allocate (LimnSurface *surface, LimnError *error)
{
  size_t bytes = 0, offset = 0;

  for (size_t w = surface->width, h = surface->height; surface->levels < LIMN_SURFACE_LEVELS && w >= 4 && h >= 4; w /= 2, h /= 2) {
    bytes += 4 * w * h;
    surface->levels++;
  }
  surface->data[0] = calloc (bytes, 1);
  if (!surface->data[0])
    return limn_fail_memory (error, bytes);
  for (size_t l = 0; l < surface->levels; l++) {
    surface->data[l] = surface->data[0] + offset;
    offset += 4 * (surface->width >> l) * (surface->height >> l);
  }
  return LIMN_OK;
}

/* Level l of the pyramid from lab, differences at that level's size, which is then halved. */
static LimnStatus
write_levels (LimnSurface *surface, LimnImage *lab, LimnError *error)
{
  for (size_t l = 0; l < surface->levels; l++) {
    const size_t count = lab->width * lab->height;
    LimnImage half = { 0 };
    double squares = 0;

    for (size_t i = 0; i < count; i++) {
      for (size_t c = 0; c < 3; c++)
        surface->data[l][4 * i + c] = to_byte (lab->data[3 * i + c]);
      squares += (double) lab->data[3 * i] * (double) lab->data[3 * i];
    }
    if (l == 1)
      surface->spread = (float) sqrt (squares / (double) count) + 1e-3f;
    if (l + 1 == surface->levels)
      break;
    LIMN_TRY (limn_resample (&half, lab, lab->width / 2, lab->height / 2, LIMN_FILTER_AREA, NULL, error));
    limn_image_clear (lab);
    *lab = half;
  }
  return LIMN_OK;
}

/* FNV-1a over the second level, four bytes at a time, and the mean. */
static uint32_t
fingerprint_of (const LimnSurface *surface)
{
  const size_t words = surface->width / 2 * (surface->height / 2);
  uint32_t hash = 2166136261u, word;

  for (size_t i = 0; i < words; i++) {
    memcpy (&word, surface->data[1] + 4 * i, sizeof word);
    hash = (hash ^ word) * 16777619u;
  }
  for (size_t c = 0; c < 3; c++) {
    memcpy (&word, &surface->mean[c], sizeof word);
    hash = (hash ^ word) * 16777619u;
  }
  return hash;
}

LimnStatus
limn_surface_of_pixels (LimnSurface *surface, const LimnPixels *pixels, LimnError *error)
{
  LIMN_SCOPED_IMAGE rgb = { 0 }, lab = { 0 };
  double sum[3] = { 0 };

  memset (surface, 0, sizeof *surface);
  LIMN_TRY (limn_check_pixels (pixels, error));
  if (pixels->width < 16 || pixels->height < 16 || pixels->width > 4096 || pixels->height > 4096)
    return limn_fail (error, LIMN_BAD_INPUT, "A surface is 16 to 4096 pixels wide and high, not %zu x %zu: choose another part.",
                      pixels->width, pixels->height);
  surface->width = power_of_two (pixels->width);
  surface->height = power_of_two (pixels->height);
  LIMN_TRY (limn_image_from_pixels (&rgb, NULL, pixels, 0, 0, pixels->width, pixels->height, error));
  LIMN_TRY (limn_resample (&lab, &rgb, surface->width, surface->height, LIMN_FILTER_BICUBIC, NULL, error));
  to_lab (&lab);
  for (size_t i = 0; i < 3 * lab.width * lab.height; i++)
    sum[i % 3] += lab.data[i];
  for (size_t c = 0; c < 3; c++)
    surface->mean[c] = (float) (sum[c] / (double) (lab.width * lab.height));
  LIMN_TRY (subtract_light (&lab, error));
  LIMN_TRY (allocate (surface, error));
  LIMN_TRY (write_levels (surface, &lab, error));
  surface->fingerprint = fingerprint_of (surface);
  return LIMN_OK;
}

void
limn_surface_clear (LimnSurface *surface)
{
  free (surface->data[0]);
  memset (surface, 0, sizeof *surface);
}
