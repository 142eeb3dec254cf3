/* How much lighter or darker than what lies on both sides of it a thin thing is, at one scale.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_RIDGE_H
#define LIMN_RIDGE_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

enum {
  LIMN_RIDGE_ANGLES = 8,               /* directions, 22.5 degrees apart */
  LIMN_RIDGE_SPOT = LIMN_RIDGE_ANGLES, /* in place of a direction: unlike all that is around it */
  LIMN_RIDGE_ALONG = 3,                /* a piece of a line reaches so far both ways */
  LIMN_RIDGE_ASIDE = 3,                /* its sides lie so far from its middle */
  LIMN_RIDGE_RING = 8,                 /* places around a spot */
  LIMN_RIDGE_MARGIN = LIMN_RIDGE_ALONG + LIMN_RIDGE_ASIDE
};

/* A place beside a pixel. */
typedef struct {
  int x, y;
} LimnRidgeOffset;

/* Along direction k, one pixel after the other from -LIMN_RIDGE_ALONG on; its side; the places around a spot. */
LimnRidgeOffset limn_ridge_along (int k, int step);
LimnRidgeOffset limn_ridge_aside (int k);
LimnRidgeOffset limn_ridge_ring (int place);

/* response: [h][w][1], direction: [h * w], both owned. */
typedef struct {
  LimnImage response;
  uint8_t *direction;
} LimnRidge;

/* luma: [h][w][1] in [0, 1]. response is the larger one of
 *  - over directions, the difference of a piece of a line of seven pixels to the more alike one of its two sides, three pixels away
 *    (what differs from both sides by as much is a ridge, and an edge isn't);
 *  - the difference to the most alike of eight places around (a top-hat): what lies on a disc of about five pixels;
 * at least 0. sign: 1 for what is lighter, -1 for what is darker. direction: of the largest. Edges are repeated outwards. */
LimnStatus limn_ridge_new (LimnRidge *ridge, const LimnImage *luma, float sign, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_ridge_clear (LimnRidge *ridge); /* may be called twice */

#endif
