/* Completes a hole with what the picture shows elsewhere. First, at a coarse level, large pieces of the picture shifted so that
 * their seams show least (shift-map.h); then patches, from coarse to fine, that agree best with what is around them (Wexler,
 * Shechtman, Irani 2007; search after Barnes et al. 2009; texture as a feature of patches after Newson et al. 2014), which mend the
 * seams, and fill long thin holes alone. At the end pieces of the picture are copied at full sharpness.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PATCH_MATCH_H
#define LIMN_PATCH_MATCH_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* What a pixel is to the completion. */
enum {
  LIMN_PIXEL_KNOWN,  /* may be copied */
  LIMN_PIXEL_TARGET, /* to be found */
  LIMN_PIXEL_VOID,   /* neither: unknown, but not asked for; its colour is used as it is near a target's edge */
};

typedef struct {
  const LimnImage *rgb;          /* [h][w][3] in [-1, 1]; targets may hold anything */
  const uint8_t *state;          /* [h][w] of the above */
  LimnRegion hole;               /* all targets are in it */
  const LimnImage *guide;        /* NULL, or [gh][gw][3]: the colours, seen from afar, of the picture and of the wanted result */
  const LimnImage *guide_weight; /* [gh][gw][1] in [0, 1]: how much a target's guide counts */
  ptrdiff_t guide_x, guide_y;    /* <= 0: the guide's pixel (i, j) covers rgb's from (guide_x + i guide_cell, guide_y + j guide_cell) on */
  size_t guide_cell;
  uint64_t seed;
  LimnPool *pool; /* whose flag cancels */
} LimnPatchMatch;

/* Where a target pixel comes from. */
typedef struct {
  int32_t x, y;
} LimnPlace;

/* places: [hole], owned by the caller (free): for targets the pixel of rgb that is copied, for other pixels themselves.
 * patch_error: NULL, or receives [hole][1], allocated: for targets the root mean square difference (on the [-1, 1] scale) of the patch
 * from what is around it; 0 elsewhere.
 * *places is NULL with LIMN_OK where nothing can be copied: there is no whole patch (8 x 8 pixels) of known pixels.
 * The result depends on the input alone, never on the number of threads. */
LimnStatus limn_patch_match (const LimnPatchMatch *input, LimnPlace **places, LimnImage *patch_error, LimnError *error) LIMN_MUST_USE;

#endif
