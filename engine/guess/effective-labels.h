/* The labels in effect: what was chosen, and what is guessed where nothing was.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_EFFECTIVE_LABELS_H
#define LIMN_EFFECTIVE_LABELS_H

#include "engine/base/pool.h"

/* out: [height][width] of the size. paint, labels: of that size; either may be NULL. guess: see LimnSketchMaterials. */
LimnStatus limn_effective_labels (uint8_t *out, size_t width, size_t height, const LimnPixels *paint, const LimnMask *labels, bool guess,
                                  LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
