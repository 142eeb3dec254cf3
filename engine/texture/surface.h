/* A surface: what is laid over an area, as differences to its mean colour, without the broad light of the photo that it is from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SURFACE_H
#define LIMN_SURFACE_H

#include "engine/base/error.h"
#include "lab.h"

enum { LIMN_SURFACE_LEVELS = 12 };

/* Fractions of a lightness step in a byte of a surface. */
#define LIMN_SURFACE_SCALE 2.0f

/* A pyramid, each level half as wide and high. */
typedef struct {
  size_t width, height, levels;      /* of level 0: powers of two */
  int8_t *data[LIMN_SURFACE_LEVELS]; /* [h][w][4]: differences in lightness, a and b, times LIMN_SURFACE_SCALE, and 0; data[0] is owned */
  float mean[3];                     /* Lab */
  float spread;                      /* standard deviation of the lightness at level 1 */
  uint32_t fingerprint;              /* of all of it: other surfaces have another one */
} LimnSurface;

/* Converts a picture. Its sides become the nearest powers of two from 16 to 1024. Clear with limn_surface_clear, also after an error. */
LimnStatus limn_surface_of_pixels (LimnSurface *surface, const LimnPixels *pixels, LimnError *error) LIMN_MUST_USE;
void limn_surface_clear (LimnSurface *surface);

/* The surface at texel (u, v) of level 0, between texels and levels (level >= 0), repeated without end: differences in Lab. */
LimnLab limn_surface_at (const LimnSurface *surface, float u, float v, float level);

/* The surface laid in hexagons of side cell (texels), each from another place of it, so that nothing is seen to repeat; where hexagons
 * meet they are blended so that contrast stays. */
LimnLab limn_surface_laid_at (const LimnSurface *surface, float u, float v, float level, float cell, uint32_t seed);

#endif
