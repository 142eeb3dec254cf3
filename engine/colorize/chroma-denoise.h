/* Chroma without stains.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CHROMA_DENOISE_H
#define LIMN_CHROMA_DENOISE_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Replaces each chroma by the mean of those around it whose luma is alike, shortened where these disagree: by
 * |mean|^2 / (|mean|^2 + strictness variance), which is the Wiener filter of a colour that is buried in differences of its own
 * neighbourhood. Where a region's colours agree they stay as strong as they are.
 * chroma: [h][w][2], changed in place; luma: [h][w][1] in [-1, 1]. */
LimnStatus limn_chroma_denoise (LimnImage *chroma, const LimnImage *luma, float strictness, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
