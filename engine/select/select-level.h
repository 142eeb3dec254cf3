/* The picture at halved sizes, with what was told and what was found. Internal to select/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SELECT_LEVEL_H
#define LIMN_SELECT_LEVEL_H

#include "engine/base/pool.h"

typedef struct {
  size_t width, height;
  uint8_t *rgb;   /* [height][width][3], sRGB */
  uint8_t *hint;  /* [height][width]: LIMN_HINT_... */
  uint8_t *label; /* [height][width]: LIMN_SELECT_INSIDE or _OUTSIDE */
} LimnSelectLevel;

enum { LIMN_SELECT_OUTSIDE, LIMN_SELECT_INSIDE };

/* The finest level. Pixels of which nothing is told are LIMN_HINT_MAYBE if open, and transparent ones outside. Labels aren't set.
 * Levels are cleared with limn_select_level_clear, also after an error. */
LimnStatus limn_select_level_new (LimnSelectLevel *level, const LimnPixels *photo, const LimnMask *hints, bool open, LimnPool *pool,
                                  LimnError *error) LIMN_MUST_USE;
/* Half as large (rounded up): colours averaged, and of four hints the strongest one. */
LimnStatus limn_select_level_shrink (LimnSelectLevel *coarse, const LimnSelectLevel *fine, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_select_level_clear (LimnSelectLevel *level);

#endif
