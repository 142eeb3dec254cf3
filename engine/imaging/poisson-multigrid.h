/* The multigrid solver. Internal to poisson*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_POISSON_MULTIGRID_H
#define LIMN_POISSON_MULTIGRID_H

#include "poisson.h"

/* As limn_poisson_solve, without dividing the targets into islands. pool may be NULL. */
LimnStatus limn_poisson_solve_multigrid (LimnPoisson *poisson, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Sets e to 0 everywhere. */
LimnStatus limn_poisson_reset (LimnPoisson *poisson, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
