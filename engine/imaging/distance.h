/* Exact Euclidean distance transform.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DISTANCE_H
#define LIMN_DISTANCE_H

#include "engine/base/pool.h"

typedef enum {
  LIMN_DISTANCE_TO_SET,     /* of every pixel to the nearest one of the set */
  LIMN_DISTANCE_TO_OUTSIDE, /* of every pixel to the nearest one that is not in the set; what lies beyond the plane doesn't count */
} LimnDistanceKind;

/* out: [height][width] of plane: the squared distance between the centres of pixels, clamped to (reach + 1)^2. The set: the pixels of plane
 * that are at least least (>= 1). Work grows with width * height * reach. reach: at most 2^14. */
LimnStatus limn_squared_distances (int32_t *out, const LimnMask *plane, uint8_t least, LimnDistanceKind kind, int reach, LimnPool *pool,
                                   LimnError *error) LIMN_MUST_USE;

#endif
