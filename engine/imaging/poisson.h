/* The screened Poisson equation: a smooth correction that removes the steps at seams of a composited picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_POISSON_H
#define LIMN_POISSON_H

#include "engine/base/error.h"
#include "engine/base/pool.h"

/* For seams between pieces of one scene: with this screening corrections decay over some 70 pixels; a larger step than this is taken to be
 * an edge of the scene, not a seam. */
#define LIMN_SEAM_SCREENING 0.0002f
#define LIMN_SEAM_LARGEST_STEP 0.16f

enum { LIMN_POISSON_CHANNELS = 3 };

/* The solution e satisfies, at every pixel p where target is not 0, with e = 0 elsewhere and the sum over p's neighbours q inside the
 * picture,
 *   sum (e_p - e_q) + screening e_p = rhs_p
 * Red-black order: each row stores first its pixels with even x + y, then the odd ones, so that a half-step reads and writes contiguous
 * values; limn_poisson_index gives the place of a pixel's three values in each array. */
typedef struct {
  size_t width, height;
  size_t row;      /* array values of one colour in a row, one pixel of padding on both sides included */
  float screening; /* > 0: pulls e towards 0 */
  uint8_t *target;
  float *rhs, *e;
} LimnPoisson;

static inline size_t
limn_poisson_index (const LimnPoisson *poisson, size_t x, size_t y)
{
  return (2 * (y + 1) + ((x + y) & 1)) * poisson->row + LIMN_POISSON_CHANNELS * (x / 2 + 1);
}

/* The caller sets target and rhs of all pixels before solving. Cleared by limn_poisson_clear, which may be called again. */
LimnStatus limn_poisson_new (LimnPoisson *poisson, size_t width, size_t height, float screening, LimnError *error) LIMN_MUST_USE;
void limn_poisson_clear (LimnPoisson *poisson);
/* Frees everything but e. */
void limn_poisson_keep_solution (LimnPoisson *poisson);

/* Whether a pixel is a target; its three values share the flag. */
static inline bool
limn_poisson_is_target (const LimnPoisson *poisson, size_t x, size_t y)
{
  return poisson->target[limn_poisson_index (poisson, x, y)] != 0;
}

static inline void
limn_poisson_set_target (LimnPoisson *poisson, size_t x, size_t y, bool target)
{
  uint8_t *at = poisson->target + limn_poisson_index (poisson, x, y);

  at[0] = at[1] = at[2] = target;
}

/* Solves for e by multigrid V-cycles (red-black Gauss-Seidel; Briggs, Henson, McCormick, A Multigrid Tutorial, 2000): the screened
 * Poisson equation of gradient-domain blending (Perez, Gangnet, Blake 2003; Bhat et al. 2008). */
LimnStatus limn_poisson_solve (LimnPoisson *poisson, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
