/* Film grain and noise: measured in the picture's quietest places, and calmed everywhere by as much.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_GRAIN_H
#define LIMN_GRAIN_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

enum {
  LIMN_GRAIN_BANDS = 4,
  LIMN_GRAIN_PLANES = 3,  /* luma, blue less luma, red less luma */
  LIMN_GRAIN_MARGIN = 40, /* pixels around a part that calming it depends on */
};

/* Standard deviations of each band of each plane, of pixels in [-1, 1]; 0: clean. */
typedef struct {
  float sigma[LIMN_GRAIN_PLANES][LIMN_GRAIN_BANDS];
} LimnGrain;

/* Bands are differences of a picture and ever broader averages of it (the a trous wavelet transform with a cubic spline: Starck and Murtagh,
 * Astronomical Image and Data Analysis, 2006, chapter 2). Measured are blocks spread evenly over the picture, of which the quietest
 * seventh decides, so that texture isn't taken for grain. */
LimnStatus limn_grain_measure (LimnGrain *grain, const LimnPixels *photo, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

static inline bool
limn_grain_is_clean (const LimnGrain *grain)
{
  return grain->sigma[0][0] <= 0.0f && grain->sigma[0][1] <= 0.0f;
}

/* Standard deviation of luma's grain, all bands together, of pixels in [0, 1]. */
float limn_grain_level (const LimnGrain *grain);

/* One thread's working memory for parts of up to so many pixels, margins included. Free with limn_grain_work_free (NULL allowed). */
typedef struct LimnGrainWork LimnGrainWork;
LimnStatus limn_grain_work_new (LimnGrainWork **work, size_t pixels, LimnError *error) LIMN_MUST_USE;
void limn_grain_work_free (LimnGrainWork *work);

/* Calms rgb ([h][w][3]) in place; what is closer than the margin to its edges is only right at the picture's own. Each coefficient of a
 * band shrinks by how much of the energy around it is grain's (the local Wiener filter of Mihcak, Kozintsev, Ramchandran and Moulin, IEEE
 * Signal Processing Letters 6, 1999): lines and textures of faces stay. strength: factor on the grain that is believed, 0 to 2. */
void limn_grain_calm (LimnGrainWork *work, LimnImage *rgb, const LimnGrain *grain, float strength);

#endif
