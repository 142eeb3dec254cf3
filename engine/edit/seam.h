/* Gradient-domain seams: a smooth correction that takes steps out of a picture put together from pieces.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SEAM_H
#define LIMN_SEAM_H

#include "image.h"
#include "pool.h"

/* Between pieces that belong together: hold lets corrections die away over some 70 pixels; a larger step is the edge of something,
 * not a seam. */
#define LIMN_SEAM_HOLD 0.0002f
#define LIMN_SEAM_LARGEST_STEP 0.16f

/* Solves, in every pixel p where target is not 0, with e = 0 elsewhere and the sum over p's neighbours q inside the picture,
 *   sum (e_p - e_q) + hold e_p = wanted_p
 * by multigrid V-cycles (red-black Gauss-Seidel; Briggs, Henson, McCormick, A Multigrid Tutorial, 2000): the screened Poisson
 * equation of gradient-domain blending (Perez, Gangnet, Blake 2003; Bhat et al. 2008).
 * wanted: [h][w][c]; target: [h][w]; hold > 0: how strongly e is held at 0; e: allocated like wanted. */
LimnStatus limn_seam_solve (LimnImage *e, const LimnImage *wanted, const uint8_t *target, float hold, LimnPool *pool,
                            LimnError *error) LIMN_MUST_USE;

#endif
