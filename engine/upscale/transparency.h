/* What enlarging does about transparency: what is hidden under alpha 0 never shows, and alpha averages back as colours do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_TRANSPARENCY_H
#define LIMN_TRANSPARENCY_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Gives pixels of rgb ([h][w][3]) whose alpha ([h][w][1]) is 0 smooth colours from the others around, so that a filter that mixes pixels
 * mixes nothing else in. Changes nothing where all or none are transparent. */
LimnStatus limn_extend_colours (LimnImage *rgb, const LimnImage *alpha, LimnError *error) LIMN_MUST_USE;

/* out: allocated, alpha ([h][w][1] in [0, 1]) s times as wide and high, in levels of depth (8 or 16); the mean of every s x s block is
 * alpha's pixel, within rounding. */
LimnStatus limn_enlarge_alpha (LimnImage *out, const LimnImage *alpha, size_t s, int depth, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
