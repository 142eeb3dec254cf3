/* One hole of a fill with its surroundings, and the steps that fill it. Internal to fill/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_JOB_H
#define LIMN_FILL_JOB_H

#include "area.h"
#include "engine/base/minmax.h"
#include "engine/completion/patch-match.h"
#include "engine/generate/engine.h"
#include "engine/imaging/image.h"
#include "frame.h"

typedef struct {
  LimnEngine *engine;
  const LimnPixels *photo;
  const LimnFillArea *area;
  const LimnFillOptions *options;
  const LimnControl *control;
  const LimnOverlay *completed; /* of the area's region: its thin parts are done, and are known to the hole */
  LimnFrame frame;              /* which is as if it weren't there */
  LimnRegion taken;             /* bounds, in the photo, of what the user wants to be copied from; empty: not told */
  LimnRegion hole;              /* in the photo */
  LimnRegion context;           /* in the photo: what is read, the hole and at least its own size around it as far as the photo goes */
  LimnRegion inner;             /* the hole in the context */
  size_t cell;                  /* photo pixels along the side of one of base's pixels */
  ptrdiff_t square_x, square_y; /* upper left corner, in the photo, of the square that base sees; may be outside the photo */
  LimnImage rgb;                /* [context][3] */
  uint8_t *kept;                /* NULL, or [context]: 1 where nothing is to be copied from: the user told so, or outlines were drawn */
  uint8_t *state;               /* [context] LIMN_PIXEL_...: the targets are the hole's pixels with alpha > 0 that aren't thin */
} LimnFillJob;

/* Completes the thin parts of the area, writes them into overlay (of the area's region), and takes those out of area->thin around which
 * nothing is known. */
LimnStatus
limn_fill_thin (LimnFillArea *area, const LimnPixels *photo, LimnOverlay *overlay, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Writes a colour in [-1, 1] into pixel (x, y) of an overlay. */
static inline void
limn_fill_write (const LimnOverlay *overlay, size_t x, size_t y, const float rgb[3], uint16_t alpha)
{
  const LimnPixels *pixels = &overlay->pixels;
  uint8_t *row = (uint8_t *) pixels->data + y * pixels->stride;

  for (size_t c = 0; c < 3; c++) {
    const float value = limn_min (limn_max ((rgb[c] + 1.0f) * 0.5f, 0.0f), 1.0f);
    if (pixels->depth == 16)
      ((uint16_t *) (void *) row)[4 * x + c] = (uint16_t) (value * 65535.0f + 0.5f);
    else
      row[4 * x + c] = (uint8_t) (value * 255.0f + 0.5f);
  }
  if (pixels->depth == 16)
    ((uint16_t *) (void *) row)[4 * x + 3] = alpha;
  else
    row[4 * x + 3] = (uint8_t) ((alpha + 128u) / 257u);
}

/* Bounds of what sources (or NULL) wants to be copied from; empty if nothing is told. */
LimnRegion limn_fill_taken (const LimnMask *sources);

/* Chooses and reads the context. Clear with limn_fill_job_clear, also after an error. */
LimnStatus limn_fill_job_begin (LimnFillJob *job, LimnError *error) LIMN_MUST_USE;
void limn_fill_job_clear (LimnFillJob *job);

/* Draws the outlines that go on through the hole, from what their edges look like outside; the pixels become known. Nothing is drawn in a
 * quick preview, or where the user painted, drew or told sources. */
LimnStatus limn_fill_outlines (LimnFillJob *job, LimnError *error) LIMN_MUST_USE;

/* The context at base's resolution: the photo averaged over cells, and in the hole the user's paint and base's picture (or, without
 * base, a smooth extension of the surrounding colours).
 * Pixel (i, j) covers the context's pixels from (x + i cell, y + j cell) on; x, y <= 0. */
typedef struct {
  ptrdiff_t x, y;
  size_t cell;
  LimnImage rgb;     /* [height][width][3] */
  LimnImage weight;  /* [height][width][1]: how much patches should match it: 0 where known, little where base imagined, 1 where painted */
  LimnImage painted; /* [height][width][1]: share of a cell that the user painted; no data without paint */
  bool drawn;        /* the user drew lines in the hole */
} LimnFillGuide;

LimnStatus limn_fill_guide_new (LimnFillGuide *guide, const LimnFillJob *job, LimnStats *stats, LimnError *error) LIMN_MUST_USE;
void limn_fill_guide_clear (LimnFillGuide *guide);

/* The guide with its known cells low-pass filtered, so that paint matches a surface's average colour, not single details. out: allocated. */
LimnStatus limn_fill_guide_smoothed (LimnImage *out, const LimnFillGuide *guide, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* The guide's part in region (of the context; may extend beyond its right and lower edge) at the photo's size, by bicubic interpolation.
 * out: allocated, [region][3]. */
LimnStatus
limn_fill_enlarge (LimnImage *out, const LimnFillGuide *guide, const LimnRegion *region, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Alpha (in [0, 1]) and colours (in [-1, 1]; 0 where alpha is 0) of a pixel. */
static inline float
limn_fill_pixel (const LimnPixels *pixels, size_t x, size_t y, float rgb[3])
{
  const uint8_t *row = (const uint8_t *) pixels->data + y * pixels->stride;

  if (pixels->depth == 16) {
    const uint16_t *at = (const uint16_t *) (const void *) row + 4 * x;
    for (int c = 0; c < 3; c++)
      rgb[c] = at[3] ? (float) at[c] * (2.0f / 65535.0f) - 1.0f : 0.0f;
    return (float) at[3] / 65535.0f;
  }
  for (int c = 0; c < 3; c++)
    rgb[c] = row[4 * x + 3] ? (float) row[4 * x + (size_t) c] * (2.0f / 255.0f) - 1.0f : 0.0f;
  return (float) row[4 * x + 3] / 255.0f;
}

/* Draws the user's paint and ink over rgb, [region][3] (of the context). */
LimnStatus limn_fill_draw (LimnImage *rgb, const LimnFillJob *job, const LimnRegion *region, LimnError *error) LIMN_MUST_USE;

/* The guide's part in where (of the context) at the photo's size, by the detail network: fourfold steps until a pixel is one of the
 * photo's (none if the guide is that large already). Each step is given the known pixels at its size, and paint and ink at their own
 * resolution. out: allocated, [where][3]; known pixels are not put back.
 * Only if limn_fill_can_cascade. */
bool limn_fill_can_cascade (const LimnFillJob *job);
LimnStatus limn_fill_cascade (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, const LimnRegion *where, LimnStats *stats,
                              LimnError *error) LIMN_MUST_USE;

/* Matches the sharpness and grain of generated pixels, those of rgb = [hole][3] in where (of the context), to the surrounding photo's. */
LimnStatus limn_fill_match (LimnImage *rgb, const LimnFillJob *job, const LimnRegion *where, LimnError *error) LIMN_MUST_USE;

/* The hole's colours, [hole][3], allocated, with seams inside it and to its surroundings corrected; pixels that aren't targets are the
 * photo's.
 * limn_fill_copy: pixels copied from places, [hole]. limn_fill_composite: picture, [limn_fill_composite_region] (in the context: the
 * hole and a pixel around it), which is freed early; if painted, colours are held (strong screening) and steps at the border count as
 * edges, not seams. */
LimnStatus limn_fill_copy (LimnImage *out, const LimnFillJob *job, const LimnPlace *places, LimnError *error) LIMN_MUST_USE;
LimnRegion limn_fill_composite_region (const LimnFillJob *job);
LimnStatus limn_fill_composite (LimnImage *out, const LimnFillJob *job, LimnImage *picture, bool painted, LimnError *error) LIMN_MUST_USE;

/* Blends two versions of the hole, [hole][3], in the gradient domain. share: [hole][1], weight of b; painted cells keep their colours.
 * out: allocated. */
LimnStatus limn_fill_blend (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, const LimnImage *a, const LimnImage *b,
                            const LimnImage *share, LimnError *error) LIMN_MUST_USE;

/* Replaces copied pixels, rgb = [hole][3], by what detail generates from the guide in the blocks where that costs less (fit.h), seams
 * between the two included: a graph cut. patch_error: of limn_patch_match; freed early. Detail is evaluated only around blocks where a
 * lower bound of its cost is below the copy's. */
LimnStatus limn_fill_select_sources (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnImage *patch_error,
                                     LimnStats *stats, LimnError *error) LIMN_MUST_USE;

/* limn_fill, whose inputs are checked already, with options->surface. */
LimnStatus limn_fill_with_surface (LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, const LimnFillOptions *options,
                                   const LimnControl *control, LimnOverlay *overlay, LimnStats *stats, LimnError *error) LIMN_MUST_USE;

/* Recolours copied pixels, rgb = [hole][3], to the user's paint: the mean colours become the paint's, the texture stays. Where the
 * copied texture's hue differs too much, the paint is kept smooth, with the surrounding photo's grain. At the hole's border, paint of
 * about the photo's colour starts from the photo's. */
LimnStatus limn_fill_paint (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error) LIMN_MUST_USE;

#endif
