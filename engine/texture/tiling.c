/* Reads surfaces: between texels and levels, and laid in hexagons.
 *
 * The hexagons with random offsets are Heitz and Neyret's (2018, "High-performance by-example noise using a histogram-preserving blending
 * operator"), on the triangular grid of Mikkelsen (2022, "Practical real-time hex-tiling"); differences to the mean are summed and divided
 * by the root of the sum of their squared weights, which keeps the variance (Deliot and Heitz 2019, "Procedural stochastic textures by
 * tiling and blending").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "lattice-noise.h"
#include "surface.h"

/* Weights below this one are not seen. */
static const float LEAST_WEIGHT = 0.02f;

static inline LimnLab
texel (const int8_t *at)
{
  return (LimnLab){ at[0], at[1], at[2], 0 };
}

static inline LimnLab
four (float v)
{
  return (LimnLab){ v, v, v, v };
}

static inline LimnLab
level_at (const LimnSurface *surface, float u, float v, size_t level)
{
  const size_t width = surface->width >> level, height = surface->height >> level;
  const float scale = 1 / (float) (1u << level), x = u * scale - 0.5f, y = v * scale - 0.5f, left = limn_floor (x), top = limn_floor (y);
  const LimnLab fx = four (x - left), fy = four (y - top);
  const size_t x0 = (size_t) (int32_t) left & (width - 1), x1 = (x0 + 1) & (width - 1);
  const size_t y0 = (size_t) (int32_t) top & (height - 1), y1 = (y0 + 1) & (height - 1);
  const int8_t *upper = surface->data[level] + 4 * y0 * width, *lower = surface->data[level] + 4 * y1 * width;
  const LimnLab a = texel (upper + 4 * x0), b = texel (upper + 4 * x1), c = texel (lower + 4 * x0), d = texel (lower + 4 * x1);
  const LimnLab above = a + (b - a) * fx, below = c + (d - c) * fx;

  return (above + (below - above) * fy) * four (1 / LIMN_SURFACE_SCALE);
}

LimnLab
limn_surface_at (const LimnSurface *surface, float u, float v, float level)
{
  const float top = (float) (surface->levels - 1), l = limn_clamp (level, 0, top), whole = limn_floor (l), f = l - whole;
  const LimnLab fine = level_at (surface, u, v, (size_t) whole);

  if (f < 0.05f)
    return fine;
  return fine + (level_at (surface, u, v, (size_t) whole + 1) - fine) * four (f);
}

/* Where hexagon (i, j), whose middle is (0, 0), begins in the surface: anywhere, but so that it doesn't reach over the surface's border,
 * which need not fit together. */
static inline float
offset (float side, float cell, float random)
{
  const float room = side - 1.2f * cell;

  return room > 0 ? 0.6f * cell + random * room : random * side;
}

LimnLab
limn_surface_laid_at (const LimnSurface *surface, float u, float v, float level, float cell, uint32_t seed)
{
  const float y = v / cell * 1.15470054f, x = u / cell - 0.5f * y, floor_x = limn_floor (x), floor_y = limn_floor (y);
  const float fx = x - floor_x, fy = y - floor_y;
  const bool upper = fx + fy > 1;
  const int32_t ix = (int32_t) floor_x, iy = (int32_t) floor_y;
  const int32_t i[3] = { ix + upper, ix + 1, ix }, j[3] = { iy + upper, iy, iy + 1 };
  float weight[3] = { upper ? fx + fy - 1 : 1 - fx - fy, upper ? 1 - fy : fx, upper ? 1 - fx : fy };
  float total = 0, squares = 0;
  LimnLab sum = four (0);

  for (int k = 0; k < 3; k++) {
    weight[k] *= weight[k];
    weight[k] *= weight[k] * weight[k];
    total += weight[k];
  }
  for (int k = 0; k < 3; k++) {
    const float share = weight[k] / total;
    const uint32_t hash = limn_hash (i[k], j[k], seed);
    const float middle_x = ((float) i[k] + 0.5f * (float) j[k]) * cell, middle_y = (float) j[k] * cell / 1.15470054f;

    if (share < LEAST_WEIGHT)
      continue;
    squares += share * share;
    sum += four (share) * limn_surface_at (surface, u - middle_x + offset ((float) surface->width, cell, (float) (hash & 0xffff) / 65535),
                                           v - middle_y + offset ((float) surface->height, cell, (float) (hash >> 16) / 65535), level);
  }
  return sum * four (1 / sqrtf (squares));
}
