/* A fill for a live preview: what goes on smoothly from around the mask, on a small copy. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quick-fill.h"

#include <math.h>

#include "engine/imaging/area-average.h"
#include "engine/imaging/pull-push.h"

/* 1 where a pixel of the small copy lies on nothing that is masked or transparent. */
static LimnStatus
find_known (LimnImage *known, const LimnImage *small, const LimnPixels *photo, const uint8_t *mask, LimnError *error)
{
  const size_t w = small->width, h = small->height;

  LIMN_TRY (limn_image_alloc (known, w, h, 1, error));
  for (size_t i = 0; i < w * h; i++)
    known->data[i] = small->data[4 * i + 3] > 0.5f ? 1.0f : 0.0f;
  for (size_t y = 0; y < photo->height; y++)
    for (size_t x = 0; x < photo->width; x++)
      if (mask[y * photo->width + x])
        known->data[y * h / photo->height * w + x * w / photo->width] = 0.0f;
  return LIMN_OK;
}

LimnStatus
limn_quick_fill (LimnOverlay *fill, const LimnPixels *photo, const uint8_t *mask, size_t most_pixels, LimnPool *pool, LimnError *error)
{
  const double pixels = (double) photo->width * (double) photo->height, shrink = fmin (1.0, sqrt ((double) most_pixels / pixels));
  const size_t w = (size_t) fmax (1.0, (double) photo->width * shrink), h = (size_t) fmax (1.0, (double) photo->height * shrink);
  LIMN_SCOPED_IMAGE small = { 0 }, known = { 0 }, filled = { 0 };

  LIMN_TRY (limn_area_average (&small, photo, w, h, true, pool, error));
  LIMN_TRY (find_known (&known, &small, photo, mask, error));
  LIMN_TRY (limn_pull_push (&filled, &small, &known, error));
  LIMN_TRY (limn_overlay_new (fill, 0, 0, photo->width, photo->height, photo->depth, error));
  for (size_t y = 0; y < photo->height; y++)
    for (size_t x = 0; x < photo->width; x++) {
      LimnPixels pixel = { (uint8_t *) fill->pixels.data + y * fill->pixels.stride + 4 * x * (size_t) (photo->depth / 8), 1, 1,
                           4 * (size_t) (photo->depth / 8), photo->depth };
      if (mask[y * photo->width + x])
        limn_pixels_put_row (&pixel, 0, filled.data + 4 * (y * h / photo->height * w + x * w / photo->width), NULL);
    }
  return LIMN_OK;
}
