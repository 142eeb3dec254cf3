/* One hole of a fill with its surroundings, and the steps that are done on it. Internal to fill*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_JOB_H
#define LIMN_FILL_JOB_H

#include "area.h"
#include "engine/completion/patch-match.h"
#include "engine/generate/engine.h"
#include "engine/imaging/image.h"

typedef struct {
  LimnEngine *engine;
  const LimnPixels *photo;
  const LimnFillArea *area;
  const LimnFillOptions *options;
  const LimnControl *control;
  LimnRegion hole;              /* in the photo */
  LimnRegion context;           /* what is read of the photo: the hole and at least its own size around it, as far as the photo goes */
  LimnRegion inner;             /* the hole in the context */
  size_t cell;                  /* base sees squares of cell x cell pixels as one of its own */
  ptrdiff_t square_x, square_y; /* upper left of the square that base sees; it may reach over the photo's edges */
  LimnImage rgb;                /* [context][3] */
  uint8_t *state;               /* [context] LIMN_PIXEL_...: targets are the hole's pixels with any alpha */
} LimnFillJob;

/* Chooses the context, reads it. The job is cleared by limn_fill_job_clear, also after an error. */
LimnStatus limn_fill_job_begin (LimnFillJob *job, LimnError *error) LIMN_MUST_USE;
void limn_fill_job_clear (LimnFillJob *job);

/* The context in base's own pixels: the photo from afar, and in the hole the user's paint and what base imagines (or, without base,
 * the colours around it smoothly extended).
 * Pixel (i, j) covers the context's pixels from (x + i cell, y + j cell) on; x, y <= 0. */
typedef struct {
  ptrdiff_t x, y;
  size_t cell;
  LimnImage rgb;     /* [height][width][3] */
  LimnImage weight;  /* [height][width][1]: how much patches should match it: 0 where known, little where base imagined, 1 where painted */
  LimnImage painted; /* [height][width][1]: share of the pixel that the user painted; no data when there is no paint */
  bool drawn;        /* the user drew lines in the hole */
} LimnFillGuide;

LimnStatus limn_fill_guide_new (LimnFillGuide *guide, const LimnFillJob *job, LimnStats *stats, LimnError *error) LIMN_MUST_USE;
void limn_fill_guide_clear (LimnFillGuide *guide);

/* The guide with its known cells low-pass filtered, so that paint matches a surface's average colour, not single details. out: allocated. */
LimnStatus limn_fill_guide_smoothed (LimnImage *out, const LimnFillGuide *guide, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* The guide's part in region (of the context, over whose right and lower edges it may reach) at the photo's own size, by a cubic
 * filter: soft. out: allocated, [region][3]. */
LimnStatus
limn_fill_enlarge (LimnImage *out, const LimnFillGuide *guide, const LimnRegion *region, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* The alpha (in [0, 1]) and colours (in [-1, 1]) of a pixel. */
static inline float
limn_fill_pixel (const LimnPixels *pixels, size_t x, size_t y, float rgb[3])
{
  const uint8_t *row = (const uint8_t *) pixels->data + y * pixels->stride;

  if (pixels->depth == 16) {
    const uint16_t *at = (const uint16_t *) (const void *) row + 4 * x;
    for (int c = 0; c < 3; c++)
      rgb[c] = (float) at[c] * (2.0f / 65535.0f) - 1.0f;
    return (float) at[3] / 65535.0f;
  }
  for (int c = 0; c < 3; c++)
    rgb[c] = (float) row[4 * x + (size_t) c] * (2.0f / 255.0f) - 1.0f;
  return (float) row[4 * x + 3] / 255.0f;
}

/* Lays the user's paint and lines over rgb, [region][3] (of the context). */
LimnStatus limn_fill_draw (LimnImage *rgb, const LimnFillJob *job, const LimnRegion *region, LimnError *error) LIMN_MUST_USE;

/* The guide's part in where (in the context) at the photo's own size, by detail, which is given what is known of the photo at each
 * size: it enlarges 4 times again and again until one of its pixels is one of the photo's (not at all where the guide is that large
 * already). Paint and lines count at the size that they have. out: allocated, [where][3]; known pixels are not put back.
 * Only where limn_fill_can_cascade. */
bool limn_fill_can_cascade (const LimnFillJob *job);
LimnStatus limn_fill_cascade (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, const LimnRegion *where, LimnStats *stats,
                              LimnError *error) LIMN_MUST_USE;

/* Gives what was made in where (in the context) of the hole, rgb = [hole][3], the sharpness and the grain of the photo around it. */
LimnStatus limn_fill_match (LimnImage *rgb, const LimnFillJob *job, const LimnRegion *where, LimnError *error) LIMN_MUST_USE;

/* The hole's colours, [hole][3], allocated; what is not a target is the photo's. Seams inside the hole and to its surroundings
 * are corrected.
 * limn_fill_copy: the pixels at places, [hole]. limn_fill_composite: picture, which is of limn_fill_composite_region (in the context: the
 * hole and a pixel around it), and which is freed early; with paint its own colours are held, and only what is a seam rather than an edge is
 * corrected. */
LimnStatus limn_fill_copy (LimnImage *out, const LimnFillJob *job, const LimnPlace *places, LimnError *error) LIMN_MUST_USE;
LimnRegion limn_fill_composite_region (const LimnFillJob *job);
LimnStatus limn_fill_composite (LimnImage *out, const LimnFillJob *job, LimnImage *picture, bool painted, LimnError *error) LIMN_MUST_USE;

/* Two pictures of the hole, [hole][3], in one: share ([hole][1]) tells how much of b each pixel takes. Where they meet, each goes on
 * with the slopes of its own; paint keeps its colours. out: allocated. */
LimnStatus limn_fill_blend (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, const LimnImage *a, const LimnImage *b,
                            const LimnImage *share, LimnError *error) LIMN_MUST_USE;

/* Replaces copied pixels, rgb = [hole][3], by what detail generates from the guide in the blocks where that costs less (fit.h), seams
 * between the two included: a graph cut. patch_error: of limn_patch_match; freed early. Detail is evaluated only around blocks where a
 * lower bound of its cost is below the copy's. */
LimnStatus limn_fill_select_sources (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnImage *patch_error,
                                     LimnStats *stats, LimnError *error) LIMN_MUST_USE;

/* Gives what was copied, rgb = [hole][3], the colours that the user painted: as wholes, so that the surface of what was copied stays
 * and the paint's edges are there. Where what was copied is of quite another colour its surface would be foreign too; there the paint
 * stays smooth, with the grain of the photo around. At the hole's edge paint of about the photo's colour begins with that. */
LimnStatus limn_fill_paint (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error) LIMN_MUST_USE;

#endif
