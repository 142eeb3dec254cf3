/* What looks alike has the same colour: dots that speak for more than their own surroundings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_HINT_REGRESSION_H
#define LIMN_HINT_REGRESSION_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* Gives each pixel without a dot the mean chroma of the dots, weighted by how alike their places look: in luma (fine and coarse), in
 * its local variance, in the chroma that prior and photo have there, and in position (Nadaraya-Watson regression). Where a dot lies on
 * something very alike this counts as much as MATCH_TRUST, where none does not at all, and prior is what it was.
 * photo: [h][w][4] in [-1, 1]; luma: its [h][w][1]; dots: [h][w][4] as limn_area_average makes hints, alpha in [0, 1]; dot_chroma,
 * prior: [h][w][2]; trust: [h][w][1] > 0. prior and trust are changed, but not on the dots themselves. */
LimnStatus limn_hint_regression (LimnImage *prior, LimnImage *trust, const LimnImage *photo, const LimnImage *luma, const LimnImage *dots,
                                 const LimnImage *dot_chroma, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
