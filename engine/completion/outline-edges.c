/* Edges that meet a hole: the colours' gradient around it, traced outwards from its maxima beside the hole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/distance.h"
#include "outline.h"

enum {
  WINDOW = 2,  /* radius of the derivative's filter, which must all be known */
  NEAR = 3,    /* edges are looked for from this distance of the hole ... */
  RING = 6,    /* ... to this one */
  LEAST = 14,  /* points of an edge */
  LAST = 3,    /* points of a trace that are dropped: it often ends where something else begins */
  FITTED = 40, /* most points from which direction and curvature are found */
  BESIDE = 20, /* ... and from which its sides' colours are read */
  APART = 3,   /* edges that begin nearer to each other are one */
};

static const float LEAST_GRADIENT = 14.0f;               /* texels a pixel, of a seed */
static const float GOES_ON = 0.45f;                      /* part of the seed's gradient that a trace needs */
static const float STEADY = 0.9f;                        /* cosine between directions of neighbouring points */
static const float INTO = 0.3f;                          /* least cosine between an edge and the way into the hole */
static const float SIDES[] = { 2.0f, 3.0f, 4.0f, 5.0f }; /* distances at which colours beside an edge are read */
static const float LEAST_CONTRAST = 100.0f;              /* texels */
static const float CLEAR = 1.2f;                         /* least squared contrast, as a multiple of both sides' variances */

typedef struct {
  const LimnPatchLevel *level;
  LimnRegion region; /* of the level: what is looked at */
  int32_t *distance; /* [level], squared, to the hole */
  float *gradient;   /* [level][3]: strength, and unit normal; 0 where unknown */
} Looking;

/* Derivatives of a texel's channels in both directions (binomial filters of five pixels). False where the window isn't all known. */
static bool
derive (const LimnPatchLevel *level, size_t x, size_t y, float dx[3], float dy[3])
{
  static const float SMOOTH[] = { 1, 4, 6, 4, 1 }, SLOPE[] = { -1, -2, 0, 2, 1 };

  if (x < WINDOW || y < WINDOW || x + WINDOW >= level->width || y + WINDOW >= level->height)
    return false;
  memset (dx, 0, 3 * sizeof *dx);
  memset (dy, 0, 3 * sizeof *dy);
  for (size_t j = 0; j <= 2 * WINDOW; j++)
    for (size_t i = 0; i <= 2 * WINDOW; i++) {
      const size_t at = (y + j - WINDOW) * level->width + x + i - WINDOW;
      if (!limn_pixel_is_seen (level->state[at]))
        return false;
      for (size_t c = 0; c < 3; c++) {
        const float texel = level->texel[LIMN_PATCH_CHANNELS * at + c];
        dx[c] += SMOOTH[j] * SLOPE[i] * texel / 128.0f;
        dy[c] += SMOOTH[i] * SLOPE[j] * texel / 128.0f;
      }
    }
  return true;
}

/* The gradient of a row, over all channels (Di Zenzo 1986): the direction in which colours change most, and how much. */
static void
derive_row (void *user, size_t row, int worker)
{
  const Looking *l = user;
  const size_t y = l->region.y + row;

  for (size_t x = l->region.x; x < l->region.x + l->region.width; x++) {
    float *to = l->gradient + 3 * (y * l->level->width + x), dx[3], dy[3], xx = 0, xy = 0, yy = 0;
    if (!derive (l->level, x, y, dx, dy))
      continue;
    for (int c = 0; c < 3; c++) {
      xx += dx[c] * dx[c];
      xy += dx[c] * dy[c];
      yy += dy[c] * dy[c];
    }
    const float half = 0.5f * (xx - yy), root = sqrtf (half * half + xy * xy), angle = 0.5f * atan2f (2.0f * xy, xx - yy);
    to[0] = sqrtf (limn_max (0.5f * (xx + yy) + root, 0.0f));
    to[1] = cosf (angle);
    to[2] = sinf (angle);
  }
}

/* Index of the pixel nearest to a point, or SIZE_MAX outside the region. */
static size_t
pixel_at (const Looking *l, LimnVector p)
{
  const ptrdiff_t x = (ptrdiff_t) floorf (p.x + 0.5f), y = (ptrdiff_t) floorf (p.y + 0.5f);
  const size_t i = (size_t) (x - (ptrdiff_t) l->region.x), j = (size_t) (y - (ptrdiff_t) l->region.y);

  return i < l->region.width && j < l->region.height ? (size_t) y * l->level->width + (size_t) x : SIZE_MAX;
}

/* Strength of the gradient at a point, bilinear; 0 where any of the four pixels is unknown. */
static float
strength_at (const Looking *l, LimnVector p)
{
  const float x0 = floorf (p.x), y0 = floorf (p.y), u = p.x - x0, v = p.y - y0;
  const size_t at = pixel_at (l, (LimnVector){ x0, y0 }), other = pixel_at (l, (LimnVector){ x0 + 1, y0 + 1 }), w = l->level->width;

  if (at == SIZE_MAX || other == SIZE_MAX)
    return 0.0f;
  const float *g = l->gradient;
  if (g[3 * at] <= 0 || g[3 * (at + 1)] <= 0 || g[3 * (at + w)] <= 0 || g[3 * other] <= 0)
    return 0.0f;
  return (1 - v) * ((1 - u) * g[3 * at] + u * g[3 * (at + 1)]) + v * ((1 - u) * g[3 * (at + w)] + u * g[3 * other]);
}

/* The edge's direction at a pixel, turned so that it agrees with another. */
static LimnVector
direction_at (const Looking *l, size_t at, LimnVector like)
{
  const LimnVector d = { -l->gradient[3 * at + 2], l->gradient[3 * at + 1] };

  return limn_vector_dot (d, like) < 0 ? (LimnVector){ -d.x, -d.y } : d;
}

/* The point of the greatest gradient within a pixel across the edge, by a parabola through three. */
static LimnVector
centred (const Looking *l, LimnVector p, LimnVector direction, float *strength)
{
  const LimnVector across = limn_vector_right_of (direction);
  float s[5];
  int best = 2;

  for (int k = 0; k < 5; k++)
    s[k] = strength_at (l, limn_vector_along (p, across, 0.75f * (float) (k - 2)));
  for (int k = 1; k < 4; k++)
    best = s[k] > s[best] ? k : best;
  const float bend = s[best - 1] - 2 * s[best] + s[best + 1], lean = 0.5f * (s[best - 1] - s[best + 1]);
  const float offset = bend < 0 ? limn_max (-0.5f, limn_min (0.5f, lean / bend)) : 0.0f;
  *strength = s[best];
  return limn_vector_along (p, across, 0.75f * ((float) (best - 2) + offset));
}

/* Traces an edge outwards from a point beside the hole. */
static void
trace (const Looking *l, LimnEdge *edge, LimnVector from, LimnVector outwards, float strength)
{
  LimnVector p = from, way = outwards;

  edge->points = 0;
  while (edge->points < LIMN_EDGE_POINTS) {
    const size_t at = pixel_at (l, p);
    float own;
    if (at == SIZE_MAX || l->gradient[3 * at] <= 0)
      return;
    const LimnVector turned = direction_at (l, at, way);
    if (limn_vector_dot (turned, way) < STEADY)
      return;
    p = centred (l, p, turned, &own);
    if (own < GOES_ON * strength)
      return;
    edge->point[edge->points++] = p;
    way = (LimnVector){ 0.5f * (way.x + turned.x), 0.5f * (way.y + turned.y) };
    const float length = sqrtf (limn_vector_dot (way, way));
    way = (LimnVector){ way.x / length, way.y / length };
    p = limn_vector_along (p, way, 1.0f);
  }
}

/* Direction and curvature at the first point: the parabola v = a + b u + c u^2 that is nearest to the first points, u along the edge. */
static void
fit (LimnEdge *edge)
{
  const size_t n = edge->points < FITTED ? edge->points : FITTED;
  const LimnVector chord = limn_vector_between (edge->point[n - 1], edge->point[0]);
  const float length = sqrtf (limn_vector_dot (chord, chord));
  const LimnVector axis = { chord.x / length, chord.y / length };
  double s[5] = { 0 }, t[3] = { 0 };

  for (size_t k = 0; k < n; k++) {
    const LimnVector d = limn_vector_between (edge->point[0], edge->point[k]);
    const double u = limn_vector_dot (d, axis), v = limn_vector_cross (axis, d);
    double power = 1;
    for (int i = 0; i < 5; i++, power *= u) {
      s[i] += power;
      if (i < 3)
        t[i] += power * v;
    }
  }
  const double det = s[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (s[1] * s[4] - s[3] * s[2]) + s[2] * (s[1] * s[3] - s[2] * s[2]);
  const double b = (s[0] * (t[1] * s[4] - s[3] * t[2]) - t[0] * (s[1] * s[4] - s[3] * s[2]) + s[2] * (s[1] * t[2] - t[1] * s[2])) / det;
  const double c = (s[0] * (s[2] * t[2] - t[1] * s[3]) - s[1] * (s[1] * t[2] - t[1] * s[2]) + t[0] * (s[1] * s[3] - s[2] * s[2])) / det;
  const float slope = (float) b, norm = 1.0f / sqrtf (1.0f + slope * slope);
  edge->into = (LimnVector){ norm * (axis.x - slope * axis.y), norm * (axis.y + slope * axis.x) };
  edge->curvature = 2.0f * (float) c * norm * norm * norm;
}

/* Mean colours beside the edge. False if they are unknown or vary about as much as they differ: a line within a texture. */
static bool
read_sides (const Looking *l, LimnEdge *edge)
{
  const LimnPatchLevel *level = l->level;
  const size_t n = edge->points < BESIDE ? edge->points : BESIDE;
  float variance = 0;

  for (int side = 0; side < 2; side++) {
    double sum[3] = { 0 }, squares = 0;
    size_t count = 0;
    for (size_t k = 0; k + 1 < n; k++) {
      const LimnVector step = limn_vector_between (edge->point[k + 1], edge->point[k]);
      const float length = sqrtf (limn_vector_dot (step, step));
      const LimnVector right = limn_vector_right_of ((LimnVector){ step.x / length, step.y / length });
      for (size_t i = 0; length > 0 && i < sizeof SIDES / sizeof *SIDES; i++) {
        const size_t at = pixel_at (l, limn_vector_along (edge->point[k], right, side ? SIDES[i] : -SIDES[i]));
        if (at == SIZE_MAX || !limn_pixel_is_seen (level->state[at]))
          continue;
        for (size_t c = 0; c < 3; c++) {
          const double texel = level->texel[LIMN_PATCH_CHANNELS * at + c];
          sum[c] += texel;
          squares += texel * texel;
        }
        count++;
      }
    }
    if (count < n)
      return false;
    for (int c = 0; c < 3; c++) {
      edge->colour[side][c] = (float) (sum[c] / (double) count);
      squares -= sum[c] * sum[c] / (double) count;
    }
    variance += (float) (squares / (double) count);
  }
  float contrast = 0;
  for (int c = 0; c < 3; c++)
    contrast += (edge->colour[0][c] - edge->colour[1][c]) * (edge->colour[0][c] - edge->colour[1][c]);
  edge->contrast = sqrtf (contrast);
  return edge->contrast >= LEAST_CONTRAST && contrast >= CLEAR * variance;
}

/* Traces an edge through the pixel if there is one beside the hole. */
static bool
edge_at (const Looking *l, size_t x, size_t y, LimnEdge *edge)
{
  const size_t w = l->level->width, at = y * w + x;
  const float *g = l->gradient + 3 * at;
  const LimnVector p = { (float) x, (float) y }, normal = { g[1], g[2] };

  if (g[0] < LEAST_GRADIENT || l->distance[at] < NEAR * NEAR || l->distance[at] > RING * RING)
    return false;
  if (strength_at (l, limn_vector_along (p, normal, 1.0f)) > g[0] || strength_at (l, limn_vector_along (p, normal, -1.0f)) >= g[0])
    return false;
  const LimnVector away = { (float) (l->distance[at + 1] - l->distance[at - 1]), (float) (l->distance[at + w] - l->distance[at - w]) };
  const LimnVector outwards = direction_at (l, at, away);
  if (limn_vector_dot (outwards, away) < INTO * sqrtf (limn_vector_dot (away, away)))
    return false;
  trace (l, edge, p, outwards, g[0]);
  if (edge->points < LEAST + LAST)
    return false;
  edge->points -= LAST;
  fit (edge);
  return read_sides (l, edge);
}

/* How well an edge is seen. */
static float
clarity (const LimnEdge *edge)
{
  return edge->contrast * sqrtf ((float) edge->points);
}

/* Keeps edges in order of clarity; of two that begin beside each other the clearer one. */
static void
keep_edge (LimnEdge *edges, size_t *count, const LimnEdge *edge)
{
  size_t to = 0;

  for (size_t k = 0; k < *count; k++) {
    const LimnVector d = limn_vector_between (edges[k].point[0], edge->point[0]);
    const bool same = limn_vector_dot (d, d) <= (RING + APART) * (RING + APART) && fabsf (limn_vector_cross (d, edges[k].into)) <= APART &&
                      limn_vector_dot (edges[k].into, edge->into) > 0.8f;
    if (same && clarity (&edges[k]) >= clarity (edge))
      return;
    if (!same)
      edges[to++] = edges[k];
  }
  *count = to;
  if (*count == LIMN_EDGES && clarity (&edges[LIMN_EDGES - 1]) >= clarity (edge))
    return;
  *count = *count < LIMN_EDGES ? *count + 1 : LIMN_EDGES;
  size_t k = *count - 1;
  for (; k > 0 && clarity (&edges[k - 1]) < clarity (edge); k--)
    edges[k] = edges[k - 1];
  edges[k] = *edge;
}

static LimnRegion
region_around (const LimnPatchLevel *level)
{
  const LimnRegion *hole = &level->region;
  const size_t by = LIMN_EDGE_POINTS + LIMN_PATCH;
  const size_t x0 = hole->x > by ? hole->x - by : 0, x1 = limn_size_min (hole->x + hole->width + by, level->width);
  const size_t y0 = hole->y > by ? hole->y - by : 0, y1 = limn_size_min (hole->y + hole->height + by, level->height);

  return (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
}

LimnStatus
limn_edges_find (LimnEdge *edges, size_t *count, const LimnPatchLevel *level, LimnPool *pool, LimnError *error)
{
  const LimnMask plane = { .data = level->state, .width = level->width, .height = level->height, .stride = level->width };
  Looking l = { .level = level, .region = region_around (level) };
  LimnStatus status = LIMN_OK;

  *count = 0;
  l.distance = limn_alloc (level->width, level->height, 1, sizeof *l.distance);
  l.gradient = calloc (level->width * level->height, 3 * sizeof *l.gradient);
  if (l.distance == NULL || l.gradient == NULL)
    status = limn_fail_memory (error, level->width * level->height * 16);
  if (status == LIMN_OK)
    status = limn_squared_distances (l.distance, &plane, LIMN_PIXEL_TARGET, LIMN_DISTANCE_TO_SET, RING + 1, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, l.region.height, derive_row, &l, error);
  for (size_t y = l.region.y; status == LIMN_OK && y < l.region.y + l.region.height; y++)
    for (size_t x = l.region.x; x < l.region.x + l.region.width; x++) {
      LimnEdge edge;
      if (edge_at (&l, x, y, &edge))
        keep_edge (edges, count, &edge);
    }
  free (l.distance);
  free (l.gradient);
  return status;
}
