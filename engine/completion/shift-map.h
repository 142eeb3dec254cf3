/* A hole as a patchwork of shifted pieces of the picture. Internal to patch-*.c and shift-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SHIFT_MAP_H
#define LIMN_SHIFT_MAP_H

#include "patch-level.h"

/* Each target pixel of a level takes one of a few shifts, so that pieces are large and seams between them and to the hole's edge
 * show least (shift maps, Pritch et al. 2009; shifts by their statistics, He and Sun 2012; expansion moves, Boykov et al. 2001). */
typedef struct {
  size_t width, height;
  int16_t *label; /* [height][width]: of targets the index of their shift, -1 elsewhere */
  LimnPlace *shift;
  size_t count;
} LimnShiftMap;

/* map of the level, from shifts that the picture itself offers. *found is false where some target fits none of them. */
LimnStatus limn_shift_map_new (LimnShiftMap *map, const LimnPatchLevel *level, uint64_t seed, bool *found, LimnPool *pool, LimnError *error)
  LIMN_MUST_USE;
/* Carries the map on to the next finer level: each piece is moved by up to a few pixels to where it fits best, and seams are laid anew
 * near where they were. */
LimnStatus
limn_shift_map_refine (LimnShiftMap *map, const LimnPatchLevel *level, bool *found, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_shift_map_clear (LimnShiftMap *map);

#endif
