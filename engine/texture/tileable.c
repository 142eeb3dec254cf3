/* Makes a part of a photo fit to itself: cut where what comes next looks as the beginning did, so that rows of bricks stay rows, and sewn
 * along the line where both differ least (Efros and Freeman 2001, "Image quilting for texture synthesis and transfer").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/imaging/image.h"
#include "engine/imaging/resample.h"
#include "surface.h"

enum { LEAST_SIDE = 16, MOST_SIDE = 1024, LEAST_BAND = 4, SMALL = 32, SOFT = 2 };

/* Sigma of the blur that is taken for the photo's light, as a share of the width. */
static const float LIGHT = 0.25f;
/* How much better a period half as long must fit. */
static const float LONGER = 0.5f;

/* What is broader than LIGHT is brought to the mean, so that both ends have the same light. */
static LimnStatus
even_light (LimnImage *rgb, LimnError *error)
{
  const size_t width = limn_size_min (rgb->width, SMALL), height = limn_size_min (rgb->height, SMALL);
  LIMN_SCOPED_IMAGE small = { 0 }, smooth = { 0 }, light = { 0 };
  double sum[3] = { 0 };

  LIMN_TRY (limn_resample (&small, rgb, width, height, LIMN_FILTER_AREA, NULL, error));
  LIMN_TRY (limn_blur (&smooth, &small, LIGHT * (float) width, NULL, error));
  LIMN_TRY (limn_resample (&light, &smooth, rgb->width, rgb->height, LIMN_FILTER_LINEAR, NULL, error));
  for (size_t i = 0; i < 3 * width * height; i++)
    sum[i % 3] += smooth.data[i];
  for (size_t i = 0; i < 3 * rgb->width * rgb->height; i++)
    rgb->data[i] += (float) (sum[i % 3] / (double) (width * height)) - light.data[i];
  return LIMN_OK;
}

/* How far two pixels are apart, squared. */
static inline float
difference (const LimnImage *image, size_t x0, size_t y0, size_t x1, size_t y1)
{
  const float *a = image->data + 3 * (y0 * image->width + x0), *b = image->data + 3 * (y1 * image->width + x1);
  const float red = a[0] - b[0], green = a[1] - b[1], blue = a[2] - b[2];

  return red * red + green * green + blue * blue;
}

/* Columns that lie over each other where the two ends are sewn. */
static size_t
band_of (size_t side)
{
  return side / 8 > LEAST_BAND ? side / 8 : LEAST_BAND;
}

/* The width, at least half of all, after which what comes next is most like the beginning. */
static size_t
find_period (const LimnImage *image)
{
  const size_t band = band_of (image->width), longest = image->width - band;
  size_t best = longest;
  float least = INFINITY;

  for (size_t period = longest; period >= image->width / 2; period--) {
    float sum = 0;

    for (size_t y = 0; y < image->height; y++)
      for (size_t i = 0; i < band; i++)
        sum += difference (image, i, y, period + i, y);
    sum *= 1 + LONGER * (float) (longest - period) / (float) longest;
    if (sum < least) {
      least = sum;
      best = period;
    }
  }
  return best;
}

/* The cheapest way down the band: for each row the column from which on the beginning is seen, before it what follows the end. It starts
 * and ends in the same column, so that it goes on where rows repeat. cost: [height][band], summed in place. */
static void
find_cut (float *cost, size_t band, size_t height, size_t *cut)
{
  size_t start = band / 2;

  for (size_t i = 1; i + 1 < band; i++)
    if (cost[i] + cost[(height - 1) * band + i] < cost[start] + cost[(height - 1) * band + start])
      start = i;
  for (size_t i = 0; i < band; i++)
    cost[i] = i == start ? cost[i] : INFINITY;
  for (size_t y = 1; y < height; y++)
    for (size_t i = 0; i < band; i++) {
      const float *above = cost + (y - 1) * band + i;
      float least = above[0];

      if (i > 0)
        least = limn_min (least, above[-1]);
      if (i + 1 < band)
        least = limn_min (least, above[1]);
      cost[y * band + i] += least;
    }
  cut[height - 1] = start;
  for (size_t y = height - 1; y > 0; y--) {
    const float *above = cost + (y - 1) * band;
    const size_t from = cut[y];

    cut[y - 1] = from;
    if (from > 0 && above[from - 1] < above[cut[y - 1]])
      cut[y - 1] = from - 1;
    if (from + 1 < band && above[from + 1] < above[cut[y - 1]])
      cut[y - 1] = from + 1;
  }
}

/* image, cut to a width at which it repeats without a seam. */
static LimnStatus
close_across (LimnImage *out, const LimnImage *image, LimnError *error)
{
  const size_t band = band_of (image->width), period = find_period (image);
  float *cost = limn_alloc (band, image->height, 1, sizeof *cost);
  size_t *cut = limn_alloc (image->height, 1, 1, sizeof *cut);
  LimnStatus status = cost && cut ? limn_image_alloc (out, period, image->height, 3, error)
                                  : limn_fail_memory (error, band * image->height * sizeof *cost);

  for (size_t y = 0; status == LIMN_OK && y < image->height; y++)
    for (size_t i = 0; i < band; i++)
      cost[y * band + i] = difference (image, i, y, period + i, y);
  if (status == LIMN_OK)
    find_cut (cost, band, image->height, cut);
  for (size_t y = 0; status == LIMN_OK && y < image->height; y++)
    for (size_t x = 0; x < period; x++) {
      const float *here = image->data + 3 * (y * image->width + x), *next = here + 3 * period;
      const float share = x < band ? limn_clamp (0.5f + ((float) x - (float) cut[y]) / (2 * SOFT), 0, 1) : 1;

      for (size_t c = 0; c < 3; c++)
        out->data[3 * (y * period + x) + c] = share < 1 ? next[c] + share * (here[c] - next[c]) : here[c];
    }
  free (cost);
  free (cut);
  return status;
}

static LimnStatus
transpose (LimnImage *out, const LimnImage *in, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (out, in->height, in->width, 3, error));
  for (size_t y = 0; y < in->height; y++)
    for (size_t x = 0; x < in->width; x++)
      for (size_t c = 0; c < 3; c++)
        out->data[3 * (x * in->height + y) + c] = in->data[3 * (y * in->width + x) + c];
  return LIMN_OK;
}

LimnStatus
limn_make_tileable (const LimnPixels *pixels, LimnOverlay *tile, LimnError *error)
{
  LIMN_SCOPED_IMAGE rgb = { 0 }, across = { 0 }, turned = { 0 }, down = { 0 }, all = { 0 };

  *tile = (LimnOverlay){ 0 };
  LIMN_TRY (limn_check_pixels (pixels, error));
  if (pixels->width < LEAST_SIDE || pixels->height < LEAST_SIDE || pixels->width > MOST_SIDE || pixels->height > MOST_SIDE)
    return limn_fail (error, LIMN_BAD_INPUT, "A surface is %d to %d pixels wide and high, not %zu x %zu: choose another part.", LEAST_SIDE,
                      MOST_SIDE, pixels->width, pixels->height);
  LIMN_TRY (limn_image_from_pixels (&rgb, NULL, pixels, 0, 0, pixels->width, pixels->height, error));
  LIMN_TRY (even_light (&rgb, error));
  LIMN_TRY (close_across (&across, &rgb, error));
  LIMN_TRY (transpose (&turned, &across, error));
  LIMN_TRY (close_across (&down, &turned, error));
  LIMN_TRY (transpose (&all, &down, error));
  return limn_overlay_from_image (tile, &all, NULL, 0, 0, 8, error);
}
