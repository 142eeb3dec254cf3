/* A fill for a live preview. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_QUICK_FILL_H
#define LIMN_QUICK_FILL_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

/* fill: an overlay of the photo's size, opaque where mask ([height][width]) isn't 0, transparent elsewhere. most_pixels: of the small copy
 * that it is made on. */
LimnStatus limn_quick_fill (LimnOverlay *fill, const LimnPixels *photo, const uint8_t *mask, size_t most_pixels, LimnPool *pool,
                            LimnError *error) LIMN_MUST_USE;

#endif
