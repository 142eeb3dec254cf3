/* Gradient-domain seams: a smooth correction that takes steps out of a picture put together from pieces.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SEAM_H
#define LIMN_SEAM_H

#include "engine/base/error.h"
#include "engine/base/pool.h"

/* Between pieces that belong together: hold lets corrections die away over some 70 pixels; a larger step is the edge of something,
 * not a seam. */
#define LIMN_SEAM_HOLD 0.0002f
#define LIMN_SEAM_LARGEST_STEP 0.16f

enum { LIMN_SEAM_CHANNELS = 3 };

/* What is wanted of each pixel, and its correction e, which comes to solve, in every pixel p where target is not 0, with e = 0
 * elsewhere and the sum over p's neighbours q inside the picture,
 *   sum (e_p - e_q) + hold e_p = wanted_p
 * Each row has first its pixels where x + y is even, then the others, so that a step of one colour of this chessboard reads and writes
 * values one after another; limn_seam_at tells where a pixel's three values are in each array. */
typedef struct {
  size_t width, height;
  size_t row; /* values from the pixels of one colour in a row to the next: one pixel is left free on both sides */
  float hold; /* > 0: how strongly e is held at 0 */
  uint8_t *target;
  float *wanted, *e;
} LimnSeam;

static inline size_t
limn_seam_at (const LimnSeam *seam, size_t x, size_t y)
{
  return (2 * (y + 1) + ((x + y) & 1)) * seam->row + LIMN_SEAM_CHANNELS * (x / 2 + 1);
}

/* The caller sets target and wanted of all pixels before the solution. Cleared by limn_seam_clear, which may be called again. */
LimnStatus limn_seam_new (LimnSeam *seam, size_t width, size_t height, float hold, LimnError *error) LIMN_MUST_USE;
void limn_seam_clear (LimnSeam *seam);
/* Frees all but e. */
void limn_seam_end (LimnSeam *seam);

/* Whether a pixel is one of the targets, and the same for all three of its values. */
static inline bool
limn_seam_is_target (const LimnSeam *seam, size_t x, size_t y)
{
  return seam->target[limn_seam_at (seam, x, y)] != 0;
}

static inline void
limn_seam_set_target (LimnSeam *seam, size_t x, size_t y, bool target)
{
  uint8_t *at = seam->target + limn_seam_at (seam, x, y);

  at[0] = at[1] = at[2] = target;
}

/* Solves for e by multigrid V-cycles (red-black Gauss-Seidel; Briggs, Henson, McCormick, A Multigrid Tutorial, 2000): the screened
 * Poisson equation of gradient-domain blending (Perez, Gangnet, Blake 2003; Bhat et al. 2008). */
LimnStatus limn_seam_solve (LimnSeam *seam, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
