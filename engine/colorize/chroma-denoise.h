/* Chroma denoising.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CHROMA_DENOISE_H
#define LIMN_CHROMA_DENOISE_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Replaces each chroma by the joint bilateral mean of its neighbourhood (guided by luma), scaled by |mean|^2 / (|mean|^2 + strictness
 * variance): Wiener shrinkage, with the neighbourhood's chroma variance taken as noise. Where neighbours agree, colours keep their
 * strength.
 * chroma: [h][w][2], changed in place; luma: [h][w][1] in [-1, 1]. */
LimnStatus limn_chroma_denoise (LimnImage *chroma, const LimnImage *luma, float strictness, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
