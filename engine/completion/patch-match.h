/* Exemplar-based completion: fills a hole by copying from the rest of the picture. At a coarse level large shifted pieces with least
 * visible seams are found (shift-map.h). Then patches are matched from coarse to fine (Wexler, Shechtman, Irani 2007; search after
 * Barnes et al. 2009; texture channel after Newson et al. 2014), which mends the seams, or does all the work in long thin holes. The
 * result names the pixels to copy, so it keeps the picture's sharpness.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PATCH_MATCH_H
#define LIMN_PATCH_MATCH_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* State of a pixel. */
enum {
  LIMN_PIXEL_KNOWN,  /* may be copied */
  LIMN_PIXEL_KEPT,   /* known, but not to be copied */
  LIMN_PIXEL_TARGET, /* to be found */
  LIMN_PIXEL_VOID,   /* unknown but not to be found; its colour is used near a target's border */
};

typedef struct {
  const LimnImage *rgb;          /* [h][w][3] in [-1, 1]; undefined at targets */
  const uint8_t *state;          /* [h][w] of the above */
  const uint8_t *kept;           /* NULL, or [h][w]: not 0 where known pixels are LIMN_PIXEL_KEPT */
  LimnRegion hole;               /* all targets are in it */
  const LimnImage *guide;        /* NULL, or [gh][gw][3]: low-resolution colours of the picture and of the wanted result */
  const LimnImage *guide_weight; /* [gh][gw][1] in [0, 1]: weight of the guide at targets */
  ptrdiff_t guide_x, guide_y;    /* <= 0: the guide's pixel (i, j) covers rgb from (guide_x + i guide_cell, guide_y + j guide_cell) on */
  size_t guide_cell;
  uint64_t seed;
  LimnPool *pool; /* polled for cancelling */
} LimnPatchMatch;

/* Whether a pixel of this state has a colour. */
static inline bool
limn_pixel_is_seen (uint8_t state)
{
  return state <= LIMN_PIXEL_KEPT;
}

/* A pixel that is copied. */
typedef struct {
  int32_t x, y;
} LimnPlace;

/* places: [hole], owned by the caller (free): for targets the pixel of rgb to copy, for other pixels themselves.
 * patch_error: NULL, or receives [hole][1], allocated: for targets the root mean square difference (on the [-1, 1] scale) between the
 * matched patch and what it covers; 0 elsewhere.
 * *places is NULL with LIMN_OK if there is nothing to copy, not one fully known patch (8 x 8 pixels).
 * The result does not depend on the number of threads. */
LimnStatus limn_patch_match (const LimnPatchMatch *input, LimnPlace **places, LimnImage *patch_error, LimnError *error) LIMN_MUST_USE;

#endif
