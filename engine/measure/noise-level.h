/* How noisy a picture is, measured from the picture itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_NOISE_LEVEL_H
#define LIMN_NOISE_LEVEL_H

#include "engine/base/pool.h"
#include "engine/limn-engine.h"

/* Both on the scale of pixels in [-1, 1]. */
typedef struct {
  float noise;  /* standard deviation per channel in the flattest parts, by luma; 0 for flat graphics */
  float grain;  /* the part of it that channels don't share, which can't be fine texture; of a gray picture: noise */
  float blocks; /* mean step at the borders of JPEG's 8 x 8 blocks beyond that of other columns; 0 if there are none */
} LimnNoiseLevel;

/* Measures pixels (any size; what is smaller than 64 x 64 counts as clean). Noise: the response to the mask of Immerkaer, "Fast noise
 * variance estimation", 1996, in blocks of 16 x 16, of which the flattest tenth decides, so that texture isn't taken for noise.
 * Blocks that are clipped or transparent don't count, nor do blocks without any noise unless most are so (flat graphics). Of a large
 * picture an even sample of about a megapixel is read. The same result for any number of threads. */
LimnStatus limn_measure_noise (LimnNoiseLevel *level, const LimnPixels *pixels, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
