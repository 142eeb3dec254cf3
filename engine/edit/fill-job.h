/* One hole of a fill with its surroundings, and the steps that are done on it. Internal to fill*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_JOB_H
#define LIMN_FILL_JOB_H

#include "fill-area.h"
#include "image.h"
#include "networks.h"
#include "patch-match.h"

typedef struct {
  LimnEngine *engine;
  const LimnPixels *photo;
  const LimnFillArea *area;
  const LimnFillOptions *options;
  const LimnControl *control;
  LimnRegion hole;    /* in the photo */
  LimnRegion context; /* what is read of the photo: the hole and at least its own size around it, as far as the photo goes */
  size_t cell;        /* base sees squares of cell x cell pixels as one of its own */
  ptrdiff_t square_x, square_y; /* upper left of the square that base sees; it may reach over the photo's edges */
  LimnImage rgb;      /* [context][3] */
  uint8_t *state;     /* [context] LIMN_PIXEL_...: targets are the hole's pixels with any alpha */
} LimnFillJob;

/* Chooses the context, reads it. The job is cleared by limn_fill_job_clear, also after an error. */
LimnStatus limn_fill_job_begin (LimnFillJob *job, LimnError *error) LIMN_MUST_USE;
void limn_fill_job_clear (LimnFillJob *job);

/* The context in base's own pixels: the photo from afar, and in the hole what base imagines (or, without base, the colours around
 * it smoothly extended, and the user's paint).
 * Pixel (i, j) covers the context's pixels from (x + i cell, y + j cell) on; x, y <= 0. */
typedef struct {
  ptrdiff_t x, y;
  size_t cell;
  LimnImage rgb;     /* [height][width][3] */
  LimnImage follow;  /* [height][width][1]: how much patches should look like it: little where base imagined, much where painted */
  LimnImage painted; /* [height][width][1]: share of the pixel that the user painted; no data when there is no paint */
} LimnFillGuide;

LimnStatus limn_fill_guide_new (LimnFillGuide *guide, const LimnFillJob *job, LimnStats *stats, LimnError *error) LIMN_MUST_USE;
void limn_fill_guide_clear (LimnFillGuide *guide);

/* The hole's colours, [hole][3], allocated; what is not a target is the photo's. Seams inside the hole and to its surroundings
 * are corrected.
 * limn_fill_copy: the pixels at places. limn_fill_enlarge: the guide enlarged by a cubic filter. */
LimnStatus limn_fill_copy (LimnImage *out, const LimnFillJob *job, const LimnPlace *places, LimnError *error) LIMN_MUST_USE;
LimnStatus limn_fill_enlarge (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error) LIMN_MUST_USE;

/* Moves the hole's colours, [hole][3], towards the guide's where the user painted, as wholes: texture stays. */
LimnStatus limn_fill_tint (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error) LIMN_MUST_USE;

#endif
