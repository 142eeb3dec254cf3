/* Distances in a plane of labels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_LABEL_DISTANCE_H
#define LIMN_LABEL_DISTANCE_H

#include "engine/base/pool.h"

/* How far each pixel's middle is from the border of its area (0.5 beside it), and which label lies behind that border. label, other:
 * [height][width]; distance: [height][width], pixels. Where a plane has one label, distance is 1e6 and other that label. */
LimnStatus limn_label_distance (float *distance, uint8_t *other, const uint8_t *label, size_t width, size_t height, LimnPool *pool,
                                LimnError *error) LIMN_MUST_USE;

/* For each pixel the index of the nearest one that is a seed (not 0); its own index where there is none at all. nearest: [height][width];
 * squared: NULL, or receives the squared distance. */
LimnStatus limn_nearest_seed (uint32_t *nearest, float *squared, const uint8_t *seed, size_t width, size_t height, LimnPool *pool,
                              LimnError *error) LIMN_MUST_USE;

#endif
