/* Resampling of float pictures with anti-aliasing: separable, half-pixel centres, filters widened by the scale when shrinking.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_RESAMPLE_H
#define LIMN_RESAMPLE_H

#include "engine/base/pool.h"
#include "image.h"

typedef enum {
  LIMN_FILTER_AREA, /* box: exact average when shrinking by a whole factor; nearest when enlarging */
  LIMN_FILTER_LINEAR,
  LIMN_FILTER_BICUBIC, /* Keys, a = -0.75, as torch's interpolate without antialias when enlarging; -0.5 when shrinking */
  LIMN_FILTER_LANCZOS3,
} LimnFilter;

/* out: allocated to width x height x in->channels. Edges clamp. pool may be NULL. */
LimnStatus limn_resample (LimnImage *out, const LimnImage *in, size_t width, size_t height, LimnFilter filter, LimnPool *pool,
                          LimnError *error) LIMN_MUST_USE;

/* Rows [y, y + rows) of what limn_resample makes, width x height, from a picture of in_height rows of which in holds those from in_y on,
 * at least all that limn_resample_reach names. For pictures that are never in memory as a whole. */
LimnStatus limn_resample_rows (LimnImage *out, size_t y, size_t rows, const LimnImage *in, size_t in_y, size_t in_height, size_t width,
                               size_t height, LimnFilter filter, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* The input rows [*first, *end) of in_height that output rows [y, y + rows) of height depend on; both grow with y. */
void limn_resample_reach (size_t in_height, size_t height, LimnFilter filter, size_t y, size_t rows, size_t *first, size_t *end);

/* As limn_resample, each pixel weighted by weight ([h][w][1], >= 0), so that pixels of weight 0 don't bleed. out_weight (may be NULL)
 * receives the resampled weight. out is 0 where the weight is. */
LimnStatus limn_resample_weighted (LimnImage *out, LimnImage *out_weight, const LimnImage *in, const LimnImage *weight, size_t width,
                                   size_t height, LimnFilter filter, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Gaussian blur, sigma in pixels (> 0), edges mirrored. out may not alias in. */
LimnStatus limn_blur (LimnImage *out, const LimnImage *in, float sigma, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Box mean of (2 radius + 1)^2 pixels, truncated at the edges, in time independent of radius. */
LimnStatus limn_box_mean (LimnImage *out, const LimnImage *in, size_t radius, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
