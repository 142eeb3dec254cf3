/* Finding what is damaged in a photo. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FIND_DAMAGE_H
#define LIMN_FIND_DAMAGE_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

typedef struct {
  const LimnPixels *photo;
  float sensitivity;  /* 0 (nothing) to 1 (what is only perhaps damage, too) */
  size_t most_pixels; /* looked at; a larger photo is looked at smaller */
} LimnDamageSearch;

/* mask: [height][width] of the photo, out: 255 where it is damaged, else 0. Damage is thin and unlike both its sides (scratches, hairs,
 * creases), small and unlike all around (dust, flakes, stains), or a corner of the scanner's black or white that cuts into the photo.
 * Needs some 20 bytes a pixel that is looked at. */
LimnStatus limn_find_damage (uint8_t *mask, const LimnDamageSearch *search, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Takes from found ([h * w], not 0: damage) what hardly differs from what goes on smoothly from around it (trim.c). */
LimnStatus limn_trim_damage (uint8_t *found, const LimnImage *luma, LimnError *error) LIMN_MUST_USE;

/* Torn corners (corners.c). luma: [h][w][1] in [0, 1]; black, white: its range; found: [h * w], set to 1 where a corner is missing. */
LimnStatus
limn_find_torn_corners (uint8_t *found, const LimnImage *luma, float black, float white, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
