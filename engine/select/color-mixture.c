/* Learning and evaluating mixtures of Gaussians. SPDX-License-Identifier: GPL-3.0-or-later */
#include "color-mixture.h"

#include <math.h>
#include <string.h>

#include "engine/base/minmax.h"

enum { POWER_STEPS = 24, NOBODY = 255 };

static const double NOISE = 6.0;             /* variance of a level, added to each channel's: no component is a point */
static const double LEAST_SPREAD = 4 * 12.0; /* a component with less variance along its longest axis isn't split */

/* Sums over a component's pixels. */
typedef struct {
  double n, sum[3], square[6];
} Moments;

static void
add_pixel (Moments *m, const uint8_t *p)
{
  const double r = p[0], g = p[1], b = p[2];

  m->n++;
  m->sum[0] += r;
  m->sum[1] += g;
  m->sum[2] += b;
  m->square[0] += r * r;
  m->square[1] += r * g;
  m->square[2] += r * b;
  m->square[3] += g * g;
  m->square[4] += g * b;
  m->square[5] += b * b;
}

static void
measure (const Moments *m, double mean[3], double covariance[6])
{
  static const int ROW[] = { 0, 0, 0, 1, 1, 2 }, COLUMN[] = { 0, 1, 2, 1, 2, 2 };

  for (int c = 0; c < 3; c++)
    mean[c] = m->sum[c] / m->n;
  for (int k = 0; k < 6; k++)
    covariance[k] = m->square[k] / m->n - mean[ROW[k]] * mean[COLUMN[k]] + (ROW[k] == COLUMN[k] ? NOISE : 0.0);
}

/* The longest axis of a covariance, by power iteration; returns the variance along it. */
static double
find_axis (const double c[6], double axis[3])
{
  double length = 0;

  axis[0] = 0.6;
  axis[1] = 0.7;
  axis[2] = 0.4;
  for (int step = 0; step < POWER_STEPS; step++) {
    const double x = c[0] * axis[0] + c[1] * axis[1] + c[2] * axis[2], y = c[1] * axis[0] + c[3] * axis[1] + c[4] * axis[2];
    const double z = c[2] * axis[0] + c[4] * axis[1] + c[5] * axis[2];
    length = sqrt (x * x + y * y + z * z);
    axis[0] = x / length;
    axis[1] = y / length;
    axis[2] = z / length;
  }
  return length;
}

static void
sum_parts (Moments *moments, const uint8_t *rgb, const uint8_t *part, size_t count)
{
  memset (moments, 0, LIMN_MIXTURE_MOST * sizeof *moments);
  for (size_t i = 0; i < count; i++)
    if (part[i] != NOBODY)
      add_pixel (&moments[part[i]], rgb + 3 * i);
}

/* Splits the component whose spread matters most at its mean; false if none is broad. */
static bool
split_part (const Moments *moments, size_t parts, const uint8_t *rgb, uint8_t *part, size_t count)
{
  double most = 0, mean[3] = { 0 }, axis[3] = { 0 };
  uint8_t chosen = NOBODY;

  for (size_t k = 0; k < parts; k++) {
    double m[3], covariance[6], a[3];
    if (moments[k].n < 2)
      continue;
    measure (&moments[k], m, covariance);
    const double spread = find_axis (covariance, a);
    if (spread < LEAST_SPREAD || spread * moments[k].n <= most)
      continue;
    most = spread * moments[k].n;
    chosen = (uint8_t) k;
    memcpy (mean, m, sizeof mean);
    memcpy (axis, a, sizeof axis);
  }
  for (size_t i = 0; chosen != NOBODY && i < count; i++)
    if (part[i] == chosen &&
        (rgb[3 * i] - mean[0]) * axis[0] + (rgb[3 * i + 1] - mean[1]) * axis[1] + (rgb[3 * i + 2] - mean[2]) * axis[2] > 0)
      part[i] = (uint8_t) parts;
  return chosen != NOBODY;
}

/* Turns moments into Gaussians, without those that have no pixels. */
static void
set_mixture (LimnColorMixture *mixture, const Moments *moments, size_t parts)
{
  double all = 0;

  mixture->count = 0;
  for (size_t k = 0; k < parts; k++)
    all += moments[k].n;
  for (size_t k = 0; k < parts; k++) {
    double mean[3], c[6];
    if (moments[k].n < 1)
      continue;
    measure (&moments[k], mean, c);
    const double a = c[3] * c[5] - c[4] * c[4], b = c[2] * c[4] - c[1] * c[5], d = c[1] * c[4] - c[2] * c[3];
    const double determinant = c[0] * a + c[1] * b + c[2] * d;
    const double inverse[6] = { a, b, d, c[0] * c[5] - c[2] * c[2], c[1] * c[2] - c[0] * c[4], c[0] * c[3] - c[1] * c[1] };
    for (int i = 0; i < 6; i++)
      mixture->part[mixture->count].inverse[i] = (float) (inverse[i] / determinant);
    for (int i = 0; i < 3; i++)
      mixture->part[mixture->count].mean[i] = (float) mean[i];
    mixture->part[mixture->count++].constant = (float) (0.5 * log (determinant) - log (moments[k].n / all));
  }
}

/* The likeliest component of a colour and its cost. */
static inline float
find_part (const LimnColorMixture *mixture, const uint8_t *rgb, uint8_t *best)
{
  float least = INFINITY;

  for (size_t k = 0; k < mixture->count; k++) {
    const float *m = mixture->part[k].mean, *v = mixture->part[k].inverse;
    const float x = rgb[0] - m[0], y = rgb[1] - m[1], z = rgb[2] - m[2];
    const float cost = mixture->part[k].constant +
                       0.5f * (x * (v[0] * x + 2 * (v[1] * y + v[2] * z)) + y * (v[3] * y + 2 * v[4] * z) + v[5] * z * z);
    if (cost < least) {
      least = cost;
      *best = (uint8_t) k;
    }
  }
  return least;
}

void
limn_color_mixture_learn (LimnColorMixture *mixture, const uint8_t *rgb, const uint8_t *label, uint8_t own, size_t count, int rounds,
                          uint8_t *part)
{
  Moments moments[LIMN_MIXTURE_MOST];
  size_t parts = 1;

  for (size_t i = 0; i < count; i++)
    part[i] = label[i] == own ? 0 : NOBODY;
  sum_parts (moments, rgb, part, count);
  while (parts < LIMN_MIXTURE_MOST && split_part (moments, parts, rgb, part, count)) {
    parts++;
    sum_parts (moments, rgb, part, count);
  }
  set_mixture (mixture, moments, parts);
  for (int round = 0; round < rounds; round++) {
    for (size_t i = 0; i < count; i++)
      if (part[i] != NOBODY)
        find_part (mixture, rgb + 3 * i, &part[i]);
    sum_parts (moments, rgb, part, count);
    set_mixture (mixture, moments, LIMN_MIXTURE_MOST);
  }
}

float
limn_color_mixture_cost (const LimnColorMixture *mixture, const uint8_t *rgb)
{
  uint8_t part;

  return find_part (mixture, rgb, &part);
}
