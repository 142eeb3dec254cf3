/* A hole as a patchwork of shifted pieces of the picture. Internal to patch-*.c and shift-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SHIFT_MAP_H
#define LIMN_SHIFT_MAP_H

#include "patch-level.h"

/* A label, and so a shift, for each target pixel of a level, such that pieces are large and their seams least visible (shift maps,
 * Pritch et al. 2009; statistics of shifts, He and Sun 2012; expansion moves, Boykov et al. 2001). */
typedef struct {
  size_t width, height;
  int16_t *label; /* [height][width]: index of a target's shift, -1 elsewhere */
  LimnPlace *shift;
  size_t count;
} LimnShiftMap;

/* Finds a map for the level. *found is false if some target has no valid shift. */
LimnStatus limn_shift_map_new (LimnShiftMap *map, const LimnPatchLevel *level, uint64_t seed, bool *found, LimnPool *pool, LimnError *error)
  LIMN_MUST_USE;
/* Refines the map to the next finer level: regions move by up to a few pixels to where they fit best, and seams are re-optimised near
 * where they were. */
LimnStatus
limn_shift_map_refine (LimnShiftMap *map, const LimnPatchLevel *level, bool *found, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_shift_map_clear (LimnShiftMap *map);

#endif
