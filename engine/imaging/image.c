/* Float images: allocation, and conversion from and to the caller's 8 and 16 bit pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"

LimnStatus
limn_image_alloc (LimnImage *image, size_t width, size_t height, size_t channels, LimnError *error)
{
  size_t count;

  *image = (LimnImage){ 0 };
  if (width == 0 || height == 0 || channels == 0)
    return limn_fail (error, LIMN_BAD_INPUT, "A picture of %zu x %zu pixels can't be used: it has no pixels.", width, height);
  if (!limn_size_mul (width, height, channels, &count))
    return limn_fail_memory (error, SIZE_MAX);
  image->data = limn_alloc (width, height, channels, sizeof (float));
  if (image->data == NULL)
    return limn_fail_memory (error, count > SIZE_MAX / sizeof (float) ? SIZE_MAX : count * sizeof (float));
  image->width = width;
  image->height = height;
  image->channels = channels;
  return LIMN_OK;
}

LimnStatus
limn_image_new (LimnImage *image, size_t width, size_t height, size_t channels, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (image, width, height, channels, error));
  memset (image->data, 0, width * height * channels * sizeof (float));
  return LIMN_OK;
}

void
limn_image_clear (LimnImage *image)
{
  free (image->data);
  *image = (LimnImage){ 0 };
}

LimnStatus
limn_image_copy (LimnImage *out, const LimnImage *in, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (out, in->width, in->height, in->channels, error));
  memcpy (out->data, in->data, in->width * in->height * in->channels * sizeof (float));
  return LIMN_OK;
}

/* Index in [0, size) of a position, mirrored at both ends with the border pixel doubled (-1 is 0). */
static size_t
mirrored (ptrdiff_t position, size_t size)
{
  ptrdiff_t period = 2 * (ptrdiff_t) size;
  ptrdiff_t p = position % period;

  if (p < 0)
    p += period;
  return (size_t) (p < (ptrdiff_t) size ? p : period - 1 - p);
}

LimnStatus
limn_check_pixels (const LimnPixels *pixels, LimnError *error)
{
  if (pixels == NULL || pixels->data == NULL || pixels->width == 0 || pixels->height == 0)
    return limn_fail (error, LIMN_BAD_INPUT, "The picture is empty: open one that has pixels.");
  if (pixels->depth != 8 && pixels->depth != 16)
    return limn_fail (error, LIMN_BAD_INPUT, "The picture has %d bits a channel: convert it to 8 or 16.", pixels->depth);
  if (pixels->stride / 4 / (size_t) (pixels->depth / 8) < pixels->width)
    return limn_fail (error, LIMN_BAD_INPUT, "The picture's rows are shorter than its width: open the picture again.");
  return LIMN_OK;
}

LimnStatus
limn_check_size (const LimnPixels *photo, size_t width, size_t height, const char *what, LimnError *error)
{
  if (width == photo->width && height == photo->height)
    return LIMN_OK;
  return limn_fail (error, LIMN_BAD_INPUT, "%s %zu x %zu pixels and the photo is %zu x %zu: make them the same size.", what, width, height,
                    photo->width, photo->height);
}

/* Stores one pixel; v: its channels in [0, 1 / scale]. */
#define PUT_PIXEL(v)                                                           \
  do {                                                                         \
    for (size_t c = 0; rgb && c < 3; c++)                                      \
      rgb[3 * i + c] = (v)[3] ? 2.0f * ((float) (v)[c] * scale) - 1.0f : 0.0f; \
    if (alpha)                                                                 \
      alpha[i] = (float) (v)[3] * scale;                                       \
  } while (0)

void
limn_pixels_get_row (const LimnPixels *pixels, ptrdiff_t x, ptrdiff_t y, size_t width, float *rgb, float *alpha)
{
  const bool inside = x >= 0 && (size_t) x + width <= pixels->width;
  const uint8_t *row = (const uint8_t *) pixels->data + mirrored (y, pixels->height) * pixels->stride;
  const uint16_t *wide = (const uint16_t *) (const void *) row;

  if (pixels->depth == 8) {
    const float scale = 1.0f / 255.0f;
    for (size_t i = 0; i < width; i++)
      PUT_PIXEL (row + 4 * (inside ? (size_t) x + i : mirrored (x + (ptrdiff_t) i, pixels->width)));
  } else {
    const float scale = 1.0f / 65535.0f;
    for (size_t i = 0; i < width; i++)
      PUT_PIXEL (wide + 4 * (inside ? (size_t) x + i : mirrored (x + (ptrdiff_t) i, pixels->width)));
  }
}
#undef PUT_PIXEL

LimnStatus
limn_image_from_pixels (LimnImage *rgb, LimnImage *alpha, const LimnPixels *pixels, ptrdiff_t x, ptrdiff_t y, size_t width, size_t height,
                        LimnError *error)
{
  LimnStatus status;

  *rgb = (LimnImage){ 0 };
  if (alpha)
    *alpha = (LimnImage){ 0 };
  LIMN_TRY (limn_check_pixels (pixels, error));
  LIMN_TRY (limn_image_alloc (rgb, width, height, 3, error));
  if (alpha && (status = limn_image_alloc (alpha, width, height, 1, error)) != LIMN_OK) {
    limn_image_clear (rgb);
    return status;
  }
  for (size_t j = 0; j < height; j++)
    limn_pixels_get_row (pixels, x, y + (ptrdiff_t) j, width, rgb->data + 3 * j * width, alpha ? alpha->data + j * width : NULL);
  return LIMN_OK;
}

void
limn_mask_get_row (const LimnMask *mask, ptrdiff_t x, ptrdiff_t y, size_t width, float *out)
{
  const bool inside = y >= 0 && y < (ptrdiff_t) mask->height;
  const uint8_t *row = inside ? mask->data + (size_t) y * mask->stride : NULL;

  for (size_t i = 0; i < width; i++) {
    const ptrdiff_t from = x + (ptrdiff_t) i;
    out[i] = inside && from >= 0 && from < (ptrdiff_t) mask->width ? (float) row[from] / 255.0f : 0.0f;
  }
}

LimnStatus
limn_image_from_mask (LimnImage *out, const LimnMask *mask, ptrdiff_t x, ptrdiff_t y, size_t width, size_t height, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (out, width, height, 1, error));
  for (size_t j = 0; j < height; j++)
    limn_mask_get_row (mask, x, y + (ptrdiff_t) j, width, out->data + j * width);
  return LIMN_OK;
}

/* (in + offset) * scale, in [0, 1], to integers in [0, max], rounded to nearest; NaN becomes 0. */
LIMN_WIDE static void
quantise (const float *in, size_t count, float offset, float scale, float max, uint16_t *out)
{
  for (size_t i = 0; i < count; i++)
    out[i] = (uint16_t) (int) (limn_min (limn_max ((in[i] + offset) * scale, 0.0f), 1.0f) * max + 0.5f);
}

/* Writes count pixels of integer rgb and alpha into row y, from pixel at on. */
static void
join_pixels (LimnPixels *pixels, size_t y, size_t at, size_t count, const uint16_t *rgb, const uint16_t *alpha)
{
  uint8_t *row = (uint8_t *) pixels->data + y * pixels->stride;

  if (pixels->depth == 16)
    for (size_t i = 0; i < count; i++) {
      uint16_t *to = (uint16_t *) (void *) row + 4 * (at + i);
      memcpy (to, rgb + 3 * i, 3 * sizeof *to);
      to[3] = alpha[i];
    }
  else
    for (size_t i = 0; i < count; i++) {
      const uint16_t *from = rgb + 3 * i;
      const uint8_t to[4] = { (uint8_t) from[0], (uint8_t) from[1], (uint8_t) from[2], (uint8_t) alpha[i] };
      memcpy (row + 4 * (at + i), to, sizeof to);
    }
}

void
limn_pixels_put_row (LimnPixels *pixels, size_t y, const float *rgb, const float *alpha)
{
  enum { AT_ONCE = 128 };
  const float max = pixels->depth == 16 ? 65535.0f : 255.0f;
  uint16_t colours[3 * AT_ONCE], opaque[AT_ONCE];

  for (size_t i = 0; i < AT_ONCE; i++)
    opaque[i] = (uint16_t) max;
  for (size_t i = 0; i < pixels->width; i += AT_ONCE) {
    const size_t count = limn_size_min (AT_ONCE, pixels->width - i);

    quantise (rgb + 3 * i, 3 * count, 1.0f, 0.5f, max, colours);
    if (alpha)
      quantise (alpha + i, count, 0.0f, 1.0f, max, opaque);
    join_pixels (pixels, y, i, count, colours, opaque);
  }
}

LimnStatus
limn_overlay_from_image (LimnOverlay *overlay, const LimnImage *rgb, const LimnImage *alpha, size_t x, size_t y, int depth,
                         LimnError *error)
{
  LIMN_TRY (limn_overlay_new (overlay, x, y, rgb->width, rgb->height, depth, error));
  for (size_t j = 0; j < rgb->height; j++)
    limn_pixels_put_row (&overlay->pixels, j, rgb->data + 3 * j * rgb->width, alpha ? alpha->data + j * rgb->width : NULL);
  return LIMN_OK;
}
