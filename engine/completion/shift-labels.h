/* Candidate shifts for filling a hole, found in the picture. Internal to shift-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SHIFT_LABELS_H
#define LIMN_SHIFT_LABELS_H

#include "patch-level.h"

enum { LIMN_MOST_SHIFTS = 240 };

/* shifts: [LIMN_MOST_SHIFTS] out, *count of them, all different: first the offsets at which the picture around the hole repeats, most
 * frequent first (He, Sun 2012), then the best matches of single places at the hole's border, then shifts by about the hole's own size, and
 * level ones. */
LimnStatus limn_shift_labels (const LimnPatchLevel *level, uint64_t seed, LimnPlace *shifts, size_t *count, LimnPool *pool,
                              LimnError *error) LIMN_MUST_USE;

#endif
