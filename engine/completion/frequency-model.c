/* A sum of waves, found one by one: each is the one that explains most of what is left of the known pixels, weighted by their distance
 * from the window's middle. All is done on the weighted residual's spectrum, from which a wave is subtracted by shifting the spectrum of
 * the weights.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "frequency-model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"

enum {
  SIDE = LIMN_FREQUENCY_SIDE,
  HALF = SIDE / 2 + 1, /* columns of the spectrum of real values that are kept: the others are their conjugates */
  ROW = 24,            /* and the length of a row of it in memory */
  MOST_WAVES = 100,
};

static const float DECAY = 0.7f; /* factor on a pixel's weight for each pixel of distance from the middle */
static const float STEP = 0.5f;  /* share of a wave's amplitude that is taken at a time, for waves aren't orthogonal under weights */
static const float ENOUGH = 2.0f / 255.0f; /* weighted root mean square of a residual that isn't worth another wave */

typedef struct {
  int u, v;
  bool real; /* it has no conjugate: its frequencies are 0 or the highest */
  float re[3], im[3];
} Wave;

struct LimnFrequencyModel {
  float cosine[SIDE], sine[SIDE], weight[SIDE][SIDE]; /* weight: of known pixels */
  float preference[SIDE][ROW];                        /* of frequencies; 0 beyond HALF */
  float plane[4][SIDE][SIDE];                         /* weights, and weighted residuals of the channels; then their spectra, in pairs */
  float mask_re[SIDE][2 * SIDE], mask_im[SIDE][2 * SIDE]; /* spectrum of the weights, each row twice */
  float re[3][SIDE][ROW], im[3][SIDE][ROW];               /* spectra of the residuals */
  float power[SIDE][ROW];
  float mean[3], total; /* weighted means of the channels, and the sum of weights */
  double energy;        /* weighted sum of the squared residuals */
  int count;
  Wave wave[MOST_WAVES];
};

LimnStatus
limn_frequency_model_new (LimnFrequencyModel **out, LimnError *error)
{
  LimnFrequencyModel *self = calloc (1, sizeof *self);

  *out = self;
  if (self == NULL)
    return limn_fail_memory (error, sizeof *self);
  for (int i = 0; i < SIDE; i++) {
    self->cosine[i] = (float) cos (2.0 * M_PI * i / SIDE);
    self->sine[i] = (float) sin (2.0 * M_PI * i / SIDE);
  }
  for (int v = 0; v < SIDE; v++)
    for (int u = 0; u < SIDE; u++) {
      const double frequency = hypot (u, v <= SIDE / 2 ? v : SIDE - v);
      const float preference = limn_max (1.0f - (float) (M_SQRT2 / SIDE * frequency), 0.02f);
      self->weight[v][u] = powf (DECAY, hypotf ((float) (u - SIDE / 2), (float) (v - SIDE / 2)));
      if (u < HALF)
        self->preference[v][u] = preference * preference;
    }
  return LIMN_OK;
}

void
limn_frequency_model_free (LimnFrequencyModel *self)
{
  free (self);
}

/* -- Spectra -- */

/* One level of butterflies: rows i and i + half of each group of 2 half, on all columns. */
LIMN_WIDE static void
combine_rows (const LimnFrequencyModel *self, float re[SIDE][SIDE], float im[SIDE][SIDE], int half)
{
  for (int group = 0; group < SIDE; group += 2 * half)
    for (int k = 0; k < half; k++) {
      const float c = self->cosine[k * (SIDE / 2 / half)], s = -self->sine[k * (SIDE / 2 / half)];
      float *restrict a_re = re[group + k], *restrict a_im = im[group + k];
      float *restrict b_re = re[group + k + half], *restrict b_im = im[group + k + half];
      for (int x = 0; x < SIDE; x++) {
        const float turned_re = b_re[x] * c - b_im[x] * s, turned_im = b_re[x] * s + b_im[x] * c;
        b_re[x] = a_re[x] - turned_re;
        b_im[x] = a_im[x] - turned_im;
        a_re[x] += turned_re;
        a_im[x] += turned_im;
      }
    }
}

static void
transpose (float plane[SIDE][SIDE])
{
  for (int y = 0; y < SIDE; y++)
    for (int x = y + 1; x < SIDE; x++) {
      const float kept = plane[y][x];
      plane[y][x] = plane[x][y];
      plane[x][y] = kept;
    }
}

static int
reverse_bits (int i)
{
  int reversed = 0;

  for (int bit = 1; bit < SIDE; bit *= 2, i /= 2)
    reversed = 2 * reversed + (i & 1);
  return reversed;
}

/* Fourier transform of complex values, in place. */
static void
transform (const LimnFrequencyModel *self, float re[SIDE][SIDE], float im[SIDE][SIDE])
{
  for (int pass = 0; pass < 2; pass++) {
    for (int y = 0; y < SIDE; y++) {
      const int other = reverse_bits (y);
      float kept[SIDE];
      if (other <= y)
        continue;
      memcpy (kept, re[y], sizeof kept);
      memcpy (re[y], re[other], sizeof kept);
      memcpy (re[other], kept, sizeof kept);
      memcpy (kept, im[y], sizeof kept);
      memcpy (im[y], im[other], sizeof kept);
      memcpy (im[other], kept, sizeof kept);
    }
    for (int half = 1; half < SIDE; half *= 2)
      combine_rows (self, re, im, half);
    transpose (re);
    transpose (im);
  }
}

/* Parts the transform of a + i b, two real planes, into those of a and b, at frequency (u, v). */
static void
part_pair (const float re[SIDE][SIDE], const float im[SIDE][SIDE], int u, int v, float a[2], float b[2])
{
  const int over = (SIDE - v) % SIDE, across = (SIDE - u) % SIDE;

  a[0] = 0.5f * (re[v][u] + re[over][across]);
  a[1] = 0.5f * (im[v][u] - im[over][across]);
  b[0] = 0.5f * (im[v][u] + im[over][across]);
  b[1] = -0.5f * (re[v][u] - re[over][across]);
}

/* Weights, means, residuals and their spectra. False if nothing is known. */
static bool
begin (LimnFrequencyModel *self, const float *rgb, const uint8_t *known)
{
  const float *weights = (const float *) self->weight;
  float *plane[4], sum[3] = { 0 };

  for (int k = 0; k < 4; k++)
    plane[k] = (float *) self->plane[k];
  self->total = 0.0f;
  self->energy = 0.0;
  self->count = 0;
  for (int i = 0; i < SIDE * SIDE; i++) {
    const float weight = known[i] ? weights[i] : 0.0f;
    plane[0][i] = weight;
    self->total += weight;
    for (int c = 0; weight > 0.0f && c < 3; c++)
      sum[c] += weight * rgb[3 * i + c];
  }
  if (self->total <= 0.0f)
    return false;
  for (int c = 0; c < 3; c++) {
    self->mean[c] = sum[c] / self->total;
    for (int i = 0; i < SIDE * SIDE; i++) {
      const float weight = plane[0][i], residual = weight > 0.0f ? rgb[3 * i + c] - self->mean[c] : 0.0f;
      plane[1 + c][i] = weight * residual;
      self->energy += (double) (weight * residual * residual);
    }
  }
  transform (self, self->plane[0], self->plane[1]);
  transform (self, self->plane[2], self->plane[3]);
  for (int v = 0; v < SIDE; v++)
    for (int u = 0; u < SIDE; u++) {
      float part[4][2];
      part_pair (self->plane[0], self->plane[1], u, v, part[0], part[1]);
      part_pair (self->plane[2], self->plane[3], u, v, part[2], part[3]);
      self->mask_re[v][u] = self->mask_re[v][u + SIDE] = part[0][0];
      self->mask_im[v][u] = self->mask_im[v][u + SIDE] = part[0][1];
      for (int c = 0; u < HALF && c < 3; c++) {
        self->re[c][v][u] = part[1 + c][0];
        self->im[c][v][u] = part[1 + c][1];
      }
    }
  return true;
}

/* -- Waves -- */

/* The first of the strongest frequencies, as an index. Floats that aren't negative compare as their bits do, which is faster. */
LIMN_WIDE static int
find_strongest (LimnFrequencyModel *self)
{
  float *restrict power = (float *) self->power;
  const float *preference = (const float *) self->preference;
  int32_t bits[SIDE * ROW], most = 0;
  int i = 0;

  memset (power, 0, sizeof self->power);
  for (int c = 0; c < 3; c++) {
    const float *re = (const float *) self->re[c], *im = (const float *) self->im[c];
    for (int k = 0; k < SIDE * ROW; k++)
      power[k] += (re[k] * re[k] + im[k] * im[k]) * preference[k];
  }
  memcpy (bits, power, sizeof bits);
  for (int k = 0; k < SIDE * ROW; k++)
    most = bits[k] > most ? bits[k] : most;
  while (bits[i] != most)
    i++;
  return i;
}

/* Subtracts an amplitude times the spectrum of the weights around the wave's frequency, and its conjugate around the conjugate's. */
LIMN_WIDE static void
subtract_wave (LimnFrequencyModel *self, const Wave *wave, int c)
{
  const float re = wave->re[c], im = wave->im[c], both = wave->real ? 0.0f : 1.0f;

  for (int v = 0; v < SIDE; v++) {
    const int here = (v - wave->v + SIDE) % SIDE, there = (v + wave->v) % SIDE;
    const float *a_re = self->mask_re[here] + SIDE - wave->u, *a_im = self->mask_im[here] + SIDE - wave->u;
    const float *b_re = self->mask_re[there] + wave->u, *b_im = self->mask_im[there] + wave->u;
    float *restrict to_re = self->re[c][v], *restrict to_im = self->im[c][v];
    for (int u = 0; u < ROW; u++) { /* whole vectors: what lies beyond HALF is never preferred */
      to_re[u] -= re * a_re[u] - im * a_im[u] + both * (re * b_re[u] + im * b_im[u]);
      to_im[u] -= re * a_im[u] + im * a_re[u] + both * (re * b_im[u] - im * b_re[u]);
    }
  }
}

/* By how much the energy falls with the wave: what it explains, less what its two halves explain twice. */
static float
energy_of (const LimnFrequencyModel *self, const Wave *wave, int c)
{
  const float re = wave->re[c], im = wave->im[c], size = re * re + im * im;
  const float explained = re * self->re[c][wave->v][wave->u] + im * self->im[c][wave->v][wave->u];
  const int u = (2 * SIDE - 2 * wave->u) % SIDE, v = (2 * SIDE - 2 * wave->v) % SIDE;

  if (wave->real)
    return 2.0f * explained - size * self->total;
  return 4.0f * explained - 2.0f * size * self->total -
         2.0f * ((re * re - im * im) * self->mask_re[v][u] - 2.0f * re * im * self->mask_im[v][u]);
}

static Wave
find_wave (LimnFrequencyModel *self)
{
  const int strongest = find_strongest (self), u = strongest % ROW, v = strongest / ROW;
  Wave wave = { .u = u, .v = v, .real = u % (SIDE / 2) == 0 && v % (SIDE / 2) == 0 };
  for (int c = 0; c < 3; c++) {
    wave.re[c] = STEP * self->re[c][v][u] / self->total;
    wave.im[c] = wave.real ? 0.0f : STEP * self->im[c][v][u] / self->total;
  }
  return wave;
}

bool
limn_frequency_model_fit (LimnFrequencyModel *self, const float *rgb, const uint8_t *known)
{
  if (!begin (self, rgb, known))
    return false;
  while (self->count < MOST_WAVES && self->energy > (double) (3.0f * ENOUGH * ENOUGH * self->total)) {
    const Wave wave = find_wave (self);
    for (int c = 0; c < 3; c++) {
      self->energy -= (double) energy_of (self, &wave, c);
      subtract_wave (self, &wave, c);
    }
    self->wave[self->count++] = wave;
  }
  return true;
}

void
limn_frequency_model_evaluate (const LimnFrequencyModel *self, size_t x, size_t y, float rgb[3])
{
  memcpy (rgb, self->mean, sizeof self->mean);
  for (int k = 0; k < self->count; k++) {
    const Wave *wave = &self->wave[k];
    const size_t phase = ((size_t) wave->u * x + (size_t) wave->v * y) % SIDE;
    const float both = wave->real ? 1.0f : 2.0f;
    for (int c = 0; c < 3; c++)
      rgb[c] += both * (wave->re[c] * self->cosine[phase] - wave->im[c] * self->sine[phase]);
  }
  for (int c = 0; c < 3; c++)
    rgb[c] = limn_min (limn_max (rgb[c], -1.0f), 1.0f);
}
