/* The area that a fill changes: the mask grown and feathered, and split into thin parts and holes that are far from each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_AREA_H
#define LIMN_FILL_AREA_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* alpha: [region.height][region.width], owned: share of the fill in the result, 65535 = all. region is the bounding box of alpha > 0.
 * thin: NULL, or [region], owned: 1 where the area is thin (limn_fill_area_find_thin), or on a frame (frame.h). */
typedef struct {
  LimnRegion region;
  uint16_t *alpha;
  uint8_t *thin;
} LimnFillArea;

/* A pixel is replaced where the mask is at least 128 or such a pixel's centre is at most grow pixels away (exact Euclidean distance);
 * over the next feather pixels alpha falls as 3 t^2 - 2 t^3 to 0. The mask's own intermediate values are kept.
 * Transparent pixels of photo are replaced wholly or not at all, as they have no colour to mix with.
 *
 * LIMN_AUTOMATIC for either: where a disc of radius 6, 10, 14 or 18 pixels fits into the mask, these are 1, 2, 3 or 4 pixels, and
 * where the mask is thinner 0. Automatic growth also covers the fringe that is measured beside the mask (fringe.h).
 *
 * LIMN_BAD_INPUT if mask and photo differ in size, the mask is empty, or grow or feather is neither automatic nor in [0, 4096]. */
LimnStatus limn_fill_area_new (LimnFillArea *area, const LimnPixels *photo, const LimnMask *mask, float grow, float feather, LimnPool *pool,
                               LimnError *error) LIMN_MUST_USE;
void limn_fill_area_clear (LimnFillArea *area);

/* alpha at a pixel of the photo, 0 outside the region. */
static inline uint16_t
limn_fill_area_at (const LimnFillArea *area, size_t x, size_t y)
{
  const size_t i = x - area->region.x, j = y - area->region.y; /* negative differences wrap to large values */

  return i < area->region.width && j < area->region.height ? area->alpha[j * area->region.width + i] : 0;
}

/* Whether index i of alpha belongs to a hole: it is replaced, and not thin. */
static inline bool
limn_fill_area_is_hole (const LimnFillArea *area, size_t i)
{
  return area->alpha[i] && !(area->thin && area->thin[i]);
}

/* Finds where the area is thin: no disc of 13 pixels' diameter fits, and no such disc is near. */
LimnStatus limn_fill_area_find_thin (LimnFillArea *area, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* The holes to be filled one by one: disjoint rectangles in photo coordinates, ordered by their tops. Parts that are closer to each
 * other than a quarter of their size (or 32 pixels) form one hole. Thin parts are in none. holes: [*count], owned by the caller (free);
 * *count may be 0. */
LimnStatus
limn_fill_area_split (const LimnFillArea *area, LimnRegion **holes, size_t *count, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
