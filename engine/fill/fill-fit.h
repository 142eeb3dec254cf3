/* How well a picture of the hole fits what is around it and what the user drew. Internal to fill*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_FIT_H
#define LIMN_FILL_FIT_H

#include "fill-job.h"

enum { LIMN_FIT_BANDS = 2 }; /* of luma: finer than 3 x 3 pixels, finer than 7 x 7 */

/* The hole and a few blocks around it, in square blocks of side pixels. */
typedef struct {
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  LimnRegion region; /* in the context: the pixels that blocks cover; the last column and row may be cut */
  size_t side, columns, rows;
  bool told;          /* something is painted or drawn in the hole */
  float *share;       /* [rows][columns]: of its pixels that are to be filled */
  float *painted;     /* [rows][columns]: of those, how much is painted */
  float *drawn;       /* [rows][columns]: how plainly it shows edges of paint, or lines: 0 = none */
  LimnImage wanted;   /* [rows][columns][3]: mean colours of the guide with paint and lines on it */
  LimnImage expected; /* [rows][columns][LIMN_FIT_BANDS]: log2 of the mean square that the photo around has, smoothly extended */
  LimnImage drawing;  /* [region][1]: luma of what paint and lines show that the guide doesn't; no data without them */
} LimnFillFit;

/* To be cleared by limn_fill_fit_clear, also after an error. */
LimnStatus limn_fill_fit_new (LimnFillFit *fit, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error) LIMN_MUST_USE;
void limn_fill_fit_clear (LimnFillFit *fit);

/* What a block of a picture lacks; each is 0 for a perfect fit, and about 1 for something that doesn't belong there. */
typedef struct {
  float colour;  /* mean colours are not those painted: the distance, a channel ([-1, 1] scale) */
  float afar;    /* the same of the guide where the user told nothing, beyond what the photo varies by */
  float drawing; /* edges of paint and lines that are not there */
  float texture; /* bands that the photo around has and the block has less of */
} LimnFillLack;

/* lacks: [rows][columns], of blocks that have pixels to be filled. rgb: [hole][3]. */
LimnStatus limn_fill_fit_measure (const LimnFillFit *fit, const LimnImage *rgb, LimnFillLack *lacks, LimnError *error) LIMN_MUST_USE;

/* How textured the photo around a block is: 0 = plain, 1 = very. */
float limn_fill_fit_textured (const LimnFillFit *fit, size_t block);
/* Mean of values, [hole][1], over a block's pixels that are to be filled. */
float limn_fill_fit_mean (const LimnFillFit *fit, const LimnImage *values, size_t block);

#endif
