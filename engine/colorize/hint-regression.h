/* Spreads the colours of dots to similar-looking places.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_HINT_REGRESSION_H
#define LIMN_HINT_REGRESSION_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Gives each pixel without a dot the mean chroma of the dots, weighted by similarity (Nadaraya-Watson regression) in luma (fine and
 * coarse), local luma variance, the chroma of prior and photo, position, and likeness. The regression's weight beside prior's trust is
 * MATCH_TRUST where the best dot is a perfect match and falls to 0 where none is similar.
 * photo: [h][w][4] in [-1, 1]; luma: its [h][w][1]; dots: [h][w][4] hints from limn_area_average, alpha in [0, 1]; dot_chroma, prior:
 * [h][w][2] and [h][w][3], whose last channel becomes the share that the dots have in it; trust: [h][w][1] > 0. likeness: [any size][at
 * most LIMN_LIKENESS], what else tells places of one colour by small distances (recogniser.h), or NULL. Changes prior and trust, except
 * under dots. */
LimnStatus limn_hint_regression (LimnImage *prior, LimnImage *trust, const LimnImage *photo, const LimnImage *luma, const LimnImage *dots,
                                 const LimnImage *dot_chroma, const LimnImage *likeness, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
