/* The shifts that a hole may be filled with, found in the picture. Internal to shift-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SHIFT_LABELS_H
#define LIMN_SHIFT_LABELS_H

#include "patch-level.h"

enum { LIMN_MOST_SHIFTS = 200 };

/* shifts: [LIMN_MOST_SHIFTS] out, *count of them, all different: first those by which the picture around the hole repeats itself,
 * the commonest first (He, Sun 2012), then those that go best with single places of the hole's edge, then those to next door. */
LimnStatus limn_shift_labels (const LimnPatchLevel *level, uint64_t seed, LimnPlace *shifts, size_t *count, LimnPool *pool,
                              LimnError *error) LIMN_MUST_USE;

#endif
