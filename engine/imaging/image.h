/* Float images inside the engine: interleaved channels, row by row.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_IMAGE_H
#define LIMN_IMAGE_H

#include "engine/base/error.h"

/* data: [height][width][channels] f32, owned; colours in [-1, 1] unless a function says otherwise. */
typedef struct {
  size_t width, height, channels;
  float *data;
} LimnImage;

LimnStatus limn_image_new (LimnImage *image, size_t width, size_t height, size_t channels, LimnError *error) LIMN_MUST_USE; /* zeroed */
/* The same, uninitialised, for functions that write every value. */
LimnStatus limn_image_alloc (LimnImage *image, size_t width, size_t height, size_t channels, LimnError *error) LIMN_MUST_USE;
void limn_image_clear (LimnImage *image); /* frees, may be called twice */
/* Declares local images, which are freed when their scope is left by whatever way: LIMN_SCOPED_IMAGE small = { 0 }, large = { 0 }; */
#define LIMN_SCOPED_IMAGE __attribute__ ((cleanup (limn_image_clear))) LimnImage
LimnStatus limn_image_copy (LimnImage *out, const LimnImage *in, LimnError *error) LIMN_MUST_USE;

/* A rectangle of pixels as RGB in [-1, 1]; what is hidden under alpha 0 is read as 0, so that no result depends on it. Outside the picture it is mirrored.
 * alpha: NULL, or receives [height][width][1] in [0, 1]. */
LimnStatus limn_image_from_pixels (LimnImage *rgb, LimnImage *alpha, const LimnPixels *pixels, ptrdiff_t x, ptrdiff_t y, size_t width,
                                   size_t height, LimnError *error) LIMN_MUST_USE;
/* The same of a mask, in [0, 1], 0 outside it. */
LimnStatus limn_image_from_mask (LimnImage *out, const LimnMask *mask, ptrdiff_t x, ptrdiff_t y, size_t width, size_t height,
                                 LimnError *error) LIMN_MUST_USE;
/* LIMN_BAD_INPUT unless pixels can be read: neither NULL nor empty, of 8 or 16 bits, with rows that are long enough. */
LimnStatus limn_check_pixels (const LimnPixels *pixels, LimnError *error) LIMN_MUST_USE;
/* LIMN_BAD_INPUT unless width x height is the photo's size. what: begins the sentence, "The mask is". */
LimnStatus limn_check_size (const LimnPixels *photo, size_t width, size_t height, const char *what, LimnError *error) LIMN_MUST_USE;
/* One row of the same, from (x, y) on. rgb: [width][3], or NULL; alpha: [width], or NULL. The pixels must have passed limn_check_pixels. */
void limn_pixels_get_row (const LimnPixels *pixels, ptrdiff_t x, ptrdiff_t y, size_t width, float *rgb, float *alpha);
void limn_mask_get_row (const LimnMask *mask, ptrdiff_t x, ptrdiff_t y, size_t width, float *out);
/* An overlay at (x, y), transparent (zeroed); depth 8 or 16. */
LimnStatus
limn_overlay_new (LimnOverlay *overlay, size_t x, size_t y, size_t width, size_t height, int depth, LimnError *error) LIMN_MUST_USE;
/* Writes row y of pixels from colours, rounded to nearest, and alpha in [0, 1] (exactly 0 stays 0; NULL: opaque). */
void limn_pixels_put_row (LimnPixels *pixels, size_t y, const float *rgb, const float *alpha);
/* Allocates an overlay at (x, y) of rgb's size and depth 8 or 16: colours rounded to nearest, alpha from alpha ([h][w][1] in
 * [0, 1], exactly 0 stays 0) or opaque when NULL. */
LimnStatus limn_overlay_from_image (LimnOverlay *overlay, const LimnImage *rgb, const LimnImage *alpha, size_t x, size_t y, int depth,
                                    LimnError *error) LIMN_MUST_USE;

#endif
