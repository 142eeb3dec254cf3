/* Costs of a version of the hole, block by block: how badly it fits its surroundings and what the user drew. Internal to fill/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_FIT_H
#define LIMN_FILL_FIT_H

#include "job.h"

enum { LIMN_FIT_BANDS = 2 }; /* of luma: details finer than 3 x 3 pixels, and those finer than 7 x 7 */

/* The hole and a few blocks around it, divided into square blocks of side pixels. */
typedef struct {
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  LimnRegion region; /* in the context: all blocks; the last column and row may be narrower */
  size_t side, columns, rows;
  float *share;       /* [rows][columns]: share of its pixels that are to be filled */
  float *painted;     /* [rows][columns]: share of those that the user painted */
  float *drawn;       /* [rows][columns]: visibility of the drawing's edges, 0 = none */
  LimnImage wanted;   /* [rows][columns][3]: mean colours of the guide with paint and ink drawn over it */
  LimnImage expected; /* [rows][columns][LIMN_FIT_BANDS]: log2 of the surrounding photo's mean square in each band, smoothly extended */
  LimnImage drawing;  /* [region][1]: luma details of paint and ink that are finer than the guide */
} LimnFillFit;

/* Clear with limn_fill_fit_clear, also after an error. */
LimnStatus limn_fill_fit_new (LimnFillFit *fit, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error) LIMN_MUST_USE;
void limn_fill_fit_clear (LimnFillFit *fit);

/* A block's costs: each 0 for a perfect fit, about 1 for content that is out of place. */
typedef struct {
  float colour;  /* distance of its mean colour from the painted one, per channel ([-1, 1] scale), times the share painted */
  float drawing; /* share of the drawing's edges that are missing */
  float texture; /* octaves of texture that it lacks beside the surrounding photo */
} LimnFitCost;

/* costs: [rows][columns], written for blocks that have pixels to be filled. rgb: [hole][3]. */
LimnStatus limn_fill_fit_measure (const LimnFillFit *fit, const LimnImage *rgb, LimnFitCost *costs, LimnError *error) LIMN_MUST_USE;

/* How textured the photo around a block is: 0 = plain, 1 = strongly textured. */
float limn_fill_fit_textured (const LimnFillFit *fit, size_t block);
/* Mean of values, [hole][1], over a block's pixels that are to be filled. */
float limn_fill_fit_mean (const LimnFillFit *fit, const LimnImage *values, size_t block);

#endif
