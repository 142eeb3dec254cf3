/* Back-projection: makes an enlarged picture average back to its original.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_BACK_PROJECT_H
#define LIMN_BACK_PROJECT_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Changes large ([s h][s w][3]) in place, minimally and smoothly, so that the mean of every s x s block equals the pixel of small
 * ([h][w][3], in [-1, 1]), and rounds it to levels of depth (8 or 16): a rounded block's mean is within half a level of the pixel. */
LimnStatus
limn_back_project (LimnImage *large, const LimnImage *small, size_t s, int depth, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
