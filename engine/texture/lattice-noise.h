/* Noise tied to places: a function of the plane that is the same in every rendering, whatever its size and part.
 * Gradient noise after Perlin (2002, "Improving noise"), with its derivatives; sums of octaves after Musgrave (Ebert et al., Texturing and
 * Modeling, 2003).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_LATTICE_NOISE_H
#define LIMN_LATTICE_NOISE_H

#include "exact-math.h"

/* A random number for a cell of the plane. */
static inline uint32_t
limn_hash (int32_t i, int32_t j, uint32_t seed)
{
  uint32_t h = (uint32_t) i * 374761393u + (uint32_t) j * 668265263u + seed * 974634777u;

  h = (h ^ (h >> 13)) * 1274126177u;
  h = (h ^ (h >> 16)) * 2246822519u;
  return h ^ (h >> 15);
}

/* Byte k of a random number as a fraction in [0, 1]. */
static inline float
limn_fraction (uint32_t hash, int k)
{
  return (float) (hash >> (8 * k) & 0xff) * (1 / 255.0f);
}

typedef struct {
  float value, dx, dy; /* value about in [-1, 1], and its slopes */
} LimnNoise;

static inline float
limn_lattice_dot (int32_t i, int32_t j, uint32_t seed, float x, float y, float *gx, float *gy)
{
  const uint32_t hash = limn_hash (i, j, seed);

  *gx = (float) (hash & 0xffff) * (2 / 65535.0f) - 1;
  *gy = (float) (hash >> 16) * (2 / 65535.0f) - 1;
  return *gx * x + *gy * y;
}

/* x, y: in lattice cells. */
static inline LimnNoise
limn_noise_at (float x, float y, uint32_t seed)
{
  const float floor_x = limn_floor (x), floor_y = limn_floor (y), fx = x - floor_x, fy = y - floor_y;
  const int32_t i = (int32_t) floor_x, j = (int32_t) floor_y;
  const float u = fx * fx * fx * (fx * (fx * 6 - 15) + 10), v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const float du = 30 * fx * fx * (fx * (fx - 2) + 1), dv = 30 * fy * fy * (fy * (fy - 2) + 1);
  float gx[4], gy[4];
  const float a = limn_lattice_dot (i, j, seed, fx, fy, &gx[0], &gy[0]);
  const float b = limn_lattice_dot (i + 1, j, seed, fx - 1, fy, &gx[1], &gy[1]);
  const float c = limn_lattice_dot (i, j + 1, seed, fx, fy - 1, &gx[2], &gy[2]);
  const float d = limn_lattice_dot (i + 1, j + 1, seed, fx - 1, fy - 1, &gx[3], &gy[3]);
  const float k = a - b - c + d;
  const float slope_x = gx[0] + u * (gx[1] - gx[0]) + v * (gx[2] - gx[0]) + u * v * (gx[0] - gx[1] - gx[2] + gx[3]);
  const float slope_y = gy[0] + u * (gy[1] - gy[0]) + v * (gy[2] - gy[0]) + u * v * (gy[0] - gy[1] - gy[2] + gy[3]);

  return (LimnNoise){ 1.6f * (a + u * (b - a) + v * (c - a) + u * v * k), 1.6f * (slope_x + du * (b - a + v * k)),
                      1.6f * (slope_y + dv * (c - a + u * k)) };
}

/* A sum of octaves, each half as wide and high as the one before; about unit variance. */
static inline float
limn_octaves_at (float x, float y, int octaves, uint32_t seed)
{
  float sum = 0, power = 0, amplitude = 1;

  for (int o = 0; o < octaves; o++) {
    sum += amplitude * limn_noise_at (x, y, seed + (uint32_t) o).value;
    power += amplitude * amplitude;
    amplitude *= 0.5f;
    x = 2 * x + 17.3f;
    y = 2 * y - 9.1f;
  }
  return 2.2f * sum / sqrtf (power);
}

/* How many octaves of noise of this scale (units) a pixel of that size (units) can show, at most and at least one. */
static inline int
limn_octaves_for (float scale, float pixel, int most)
{
  int octaves = 1;

  while (octaves < most && scale / (float) (1 << octaves) > 1.5f * pixel)
    octaves++;
  return octaves;
}

#endif
