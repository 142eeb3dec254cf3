/* The last pass of colorize: new chroma for the photo's own luma.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PAINT_CHROMA_H
#define LIMN_PAINT_CHROMA_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* The photo in new colours, as an overlay of its size (allocated) that keeps the photo's alpha. coefficients: chroma (B - Y, R - Y) as a
 * linear function of luma, [h][w][4] as of limn_guided_coefficients, of any size: interpolated; or [h][w][6], also the share (0 to 1) of it
 * that saturation leaves as it is: the user's own colours. mask: its values become alpha; NULL =
 * everywhere. saturation: factor on the chroma. Luma is kept within rounding; chroma is shrunk to the gamut. */
LimnStatus limn_paint_chroma (LimnOverlay *overlay, const LimnPixels *photo, const LimnMask *mask, const LimnImage *coefficients,
                              float saturation, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
