/* A photo at the size of a network, and base's planes of its luma.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PHOTO_PLANES_H
#define LIMN_PHOTO_PLANES_H

#include "engine/generate/engine.h"
#include "engine/generate/planes.h"

/* A size for a photo, in multiples of multiple: shorter for its shorter side, the longer one in proportion, at most twice as long. */
void limn_photo_size (const LimnPixels *photo, size_t shorter, size_t multiple, size_t *width, size_t *height);

/* The photo resampled to width x height: averaged down, or interpolated up. out: allocated, [height][width][4] as of limn_area_average. */
LimnStatus
limn_scale_photo (LimnEngine *engine, const LimnPixels *photo, size_t width, size_t height, LimnImage *out, LimnError *error) LIMN_MUST_USE;

/* base's planes of a photo whose luma alone is known. planes: allocated, [height][width][LIMN_BASE_PLANES]. */
LimnStatus limn_luma_planes (LimnEngine *engine, const LimnPixels *photo, size_t width, size_t height, LimnImage *planes, LimnError *error)
  LIMN_MUST_USE;

#endif
