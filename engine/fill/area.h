/* Where a fill writes: the mask grown and feathered, and split into holes that are far from each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_AREA_H
#define LIMN_FILL_AREA_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* alpha: [region.height][region.width], owned: how much of the fill is taken, 65535 = all. It is 0 everywhere outside region, and
 * region is the smallest rectangle of which that is true. */
typedef struct {
  LimnRegion region;
  uint16_t *alpha;
} LimnFillArea;

/* A pixel is replaced where the mask is at least 128 or the nearest such pixel is at most grow pixels away (between centres,
 * exact); over the next feather pixels alpha falls smoothly (3 t^2 - 2 t^3) to 0. A mask that is soft itself stays so.
 * photo tells which pixels are transparent: they take a fill wholly or not at all, as there is nothing below to mix it with.
 * LIMN_BAD_INPUT for a mask of another size than the photo's, an empty one, and for grow or feather outside [0, 4096]. */
LimnStatus limn_fill_area_new (LimnFillArea *area, const LimnPixels *photo, const LimnMask *mask, float grow, float feather, LimnPool *pool,
                               LimnError *error) LIMN_MUST_USE;
void limn_fill_area_clear (LimnFillArea *area);

/* alpha at a pixel of the photo, 0 outside the region. */
static inline uint16_t
limn_fill_area_at (const LimnFillArea *area, size_t x, size_t y)
{
  const size_t i = x - area->region.x, j = y - area->region.y; /* wraps to something large on the left and above */

  return i < area->region.width && j < area->region.height ? area->alpha[j * area->region.width + i] : 0;
}

/* The holes to be filled one by one, as disjoint rectangles in photo coordinates, in reading order of their tops: parts that are
 * closer to each other than a quarter of their size (or 32 pixels) are one hole. holes: [*count], owned by the caller (free). */
LimnStatus
limn_fill_area_split (const LimnFillArea *area, LimnRegion **holes, size_t *count, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
