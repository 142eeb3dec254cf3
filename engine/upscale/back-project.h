/* Faithful enlargement: what was enlarged must average back to what it was made from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_BACK_PROJECT_H
#define LIMN_BACK_PROJECT_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Changes large ([s h][s w][3]) in place, as little and as smoothly as it can, so that the mean of every s x s block equals the
 * pixel of small ([h][w][3], in [-1, 1]), and rounds it to levels of depth (8 or 16): the mean of the rounded block is within half
 * a level of the pixel, unless rounding fails it by the block's size. */
LimnStatus
limn_back_project (LimnImage *large, const LimnImage *small, size_t s, int depth, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
