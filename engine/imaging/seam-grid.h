/* Seams of targets that touch. Internal to seam*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SEAM_GRID_H
#define LIMN_SEAM_GRID_H

#include "seam.h"

/* As limn_seam_solve, without looking for targets that are apart. pool may be NULL. */
LimnStatus limn_seam_solve_grid (LimnSeam *seam, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Sets e to 0 everywhere. */
LimnStatus limn_seam_begin (LimnSeam *seam, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
