/* The fringe beside a mask: what was painted over often shows on for some pixels, blurred by the lens or softened when it was drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_FRINGE_H
#define LIMN_FILL_FRINGE_H

#include "engine/base/pool.h"

/* out: [region]: for masked pixels (at least 128) the width in pixels, 0 to LIMN_FILL_AUTOMATIC_REACH, of the fringe beside the mask
 * thereabouts; 0 elsewhere. mask: the part of the mask in region (of the photo).
 * Across the mask's border, the share of the masked colour is measured at each distance, against the colours farther out, in the mean over
 * squares of the photo; the fringe ends where it falls below a sixth. What hardly differs from its surroundings has none. */
LimnStatus limn_fill_fringe (uint8_t *out, const LimnPixels *photo, const LimnMask *mask, const LimnRegion *region, LimnPool *pool,
                             LimnError *error) LIMN_MUST_USE;

#endif
