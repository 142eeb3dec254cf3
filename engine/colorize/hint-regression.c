/* Nadaraya-Watson kernel regression of the dots' chroma.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hint-regression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "engine/imaging/resample.h"
#include "engine/network/recogniser.h"

enum {
  PLAIN = 9, /* features besides likeness */
  MOST_FEATURES = PLAIN + LIMN_LIKENESS,
  CHANNELS = 3, /* of prior */
  ACROSS = 16,
  FINE = 80,
  COARSE = 24
}; /* ACROSS: cells along the longer side; FINE, COARSE: inverse box sizes as shares of it */

/* Kernel widths: standard deviations of the features. Position is relative to the longer side. All but OWN as learnt together with
 * likeness (training/train-likeness), whose own width is 1. */
static const float POSITION = 0.39f, LUMA_FINE = 0.15f, LUMA_COARSE = 0.3f, LOG_DEVIATION = 0.72f, PRIOR = 0.11f, OWN = 0.1f;
/* Ten times what was learnt, as is base's trust beside it (colorize.c): propagation, which learning knew nothing of, smooths more than it
 * should what it is held to less. */
static const float MATCH_TRUST = 6;

/* All dots within one cell of the picture. */
typedef struct {
  float features[MOST_FEATURES], chroma[2], weight;
} Sample;

typedef struct {
  size_t width, height, count, n_samples; /* count: of features */
  float *features;                        /* [count][height][width] */
  Sample *samples;
  float *sums; /* [worker][4][width]: sums of both chromas and weight, and the largest likeness */
  const LimnImage *dots;
  LimnImage *prior, *trust;
} Regression;

static size_t
box_radius (const Regression *self, size_t share)
{
  const size_t longer = self->width > self->height ? self->width : self->height;

  return longer / (2 * share) ? longer / (2 * share) : 1;
}

/* Box means of luma, fine and coarse, and the logarithm of the fine one's deviation. */
static LimnStatus
luma_features (Regression *self, const LimnImage *luma, LimnPool *pool, LimnError *error)
{
  const size_t n = self->width * self->height;
  LIMN_SCOPED_IMAGE square = { 0 }, fine = { 0 }, coarse = { 0 }, squares = { 0 };
  float *f = self->features + 2 * n;

  LIMN_TRY (limn_image_copy (&square, luma, error));
  for (size_t i = 0; i < n; i++)
    square.data[i] *= square.data[i];
  LIMN_TRY (limn_box_mean (&fine, luma, box_radius (self, FINE), pool, error));
  LIMN_TRY (limn_box_mean (&squares, &square, box_radius (self, FINE), pool, error));
  LIMN_TRY (limn_box_mean (&coarse, luma, box_radius (self, COARSE), pool, error));
  for (size_t i = 0; i < n; i++) {
    const float variance = limn_max (squares.data[i] - fine.data[i] * fine.data[i], 0);

    f[i] = fine.data[i] / LUMA_FINE;
    f[n + i] = coarse.data[i] / LUMA_COARSE;
    f[2 * n + i] = logf (sqrtf (variance) + 0.02f) / LOG_DEVIATION;
  }
  return LIMN_OK;
}

/* Position, and the chroma of prior and photo. */
static void
other_features (Regression *self, const LimnImage *photo, const LimnImage *luma)
{
  const size_t n = self->width * self->height, longer = self->width > self->height ? self->width : self->height;
  const float unit = 1 / (POSITION * (float) longer);
  float *f = self->features;

  for (size_t i = 0; i < n; i++) {
    f[i] = (float) (i % self->width) * unit;
    f[n + i] = (float) (i / self->width) * unit;
    for (size_t k = 0; k < 2; k++) {
      f[(5 + k) * n + i] = self->prior->data[CHANNELS * i + k] / PRIOR;
      f[(7 + k) * n + i] = (photo->data[4 * i + 2 * (1 - k)] - luma->data[i]) / OWN;
    }
  }
}

static LimnStatus
likeness_features (Regression *self, const LimnImage *likeness, LimnPool *pool, LimnError *error)
{
  const size_t n = self->width * self->height, channels = likeness->channels;
  LIMN_SCOPED_IMAGE enlarged = { 0 };
  float *f = self->features + PLAIN * n;

  LIMN_TRY (limn_resample (&enlarged, likeness, self->width, self->height, LIMN_FILTER_LINEAR, pool, error));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < channels; k++)
      f[k * n + i] = enlarged.data[i * channels + k];
  return LIMN_OK;
}

static void
add_pixel (const Regression *self, Sample *sample, size_t i, const float *chroma)
{
  const size_t n = self->width * self->height;
  const float alpha = self->dots->data[4 * i + 3];

  for (size_t k = 0; k < self->count; k++)
    sample->features[k] += alpha * self->features[k * n + i];
  for (size_t k = 0; k < 2; k++)
    sample->chroma[k] += alpha * chroma[k];
  sample->weight += alpha;
}

/* One sample for each cell that contains dots, so that the cost is bounded by the number of cells. */
static void
take_samples (Regression *self, const LimnImage *dot_chroma)
{
  const size_t longer = self->width > self->height ? self->width : self->height, cell = (longer + ACROSS - 1) / ACROSS;
  const size_t columns = (self->width + cell - 1) / cell;

  for (size_t i = 0; i < self->width * self->height; i++)
    if (self->dots->data[4 * i + 3] > 0)
      add_pixel (self, &self->samples[i / self->width / cell * columns + i % self->width / cell], i, dot_chroma->data + 2 * i);
  for (size_t c = 0; c < ACROSS * ACROSS; c++) {
    Sample s = self->samples[c];

    if (s.weight <= 0)
      continue;
    for (size_t k = 0; k < self->count; k++)
      s.features[k] /= s.weight;
    for (size_t k = 0; k < 2; k++)
      s.chroma[k] /= s.weight;
    self->samples[self->n_samples++] = s;
  }
}

/* Adds a sample to a row's sums. The weight (1 + d / 16)^-8 of the squared distance d is close to exp (-d / 2), faster, and has a longer
 * tail. */
LIMN_WIDE static void
add_sample (float *sums, const float *features, size_t count, size_t plane, size_t width, const Sample *sample)
{
  float *b = sums, *r = b + width, *total = r + width, *best = total + width;

  for (size_t x = 0; x < width; x++) {
    float d = 0;

    for (size_t k = 0; k < count; k++) {
      const float apart = features[k * plane + x] - sample->features[k];
      d += apart * apart;
    }
    const float root = 1 / (1 + d / 16), fourth = root * root * root * root, likeness = fourth * fourth, weight = likeness * sample->weight;
    b[x] += weight * sample->chroma[0];
    r[x] += weight * sample->chroma[1];
    total[x] += weight;
    best[x] = best[x] > likeness ? best[x] : likeness;
  }
}

static void
regress_row (void *user, size_t y, int worker)
{
  const Regression *self = user;
  const size_t w = self->width;
  float *sums = self->sums + (size_t) worker * 4 * w;

  memset (sums, 0, 4 * w * sizeof *sums);
  for (size_t s = 0; s < self->n_samples; s++)
    add_sample (sums, self->features + y * w, self->count, w * self->height, w, &self->samples[s]);
  for (size_t x = 0; x < w; x++) {
    const size_t i = y * w + x;
    const float known = self->trust->data[i], match = MATCH_TRUST * sums[3 * w + x];
    float *prior = self->prior->data + CHANNELS * i;

    if (self->dots->data[4 * i + 3] > 0 || !(sums[2 * w + x] > 0))
      continue;
    for (size_t k = 0; k < 2; k++)
      prior[k] = (known * prior[k] + match * sums[k * w + x] / sums[2 * w + x]) / (known + match);
    prior[2] = match / (known + match);
    self->trust->data[i] = known + match;
  }
}

LimnStatus
limn_hint_regression (LimnImage *prior, LimnImage *trust, const LimnImage *photo, const LimnImage *luma, const LimnImage *dots,
                      const LimnImage *dot_chroma, const LimnImage *likeness, LimnPool *pool, LimnError *error)
{
  const size_t w = luma->width, h = luma->height, workers = (size_t) limn_pool_threads (pool);
  const size_t count = PLAIN + (likeness ? likeness->channels : 0);
  Regression self = { .width = w, .height = h, .count = count, .dots = dots, .prior = prior, .trust = trust };
  LimnStatus status;

  self.features = limn_alloc (w, h, count, sizeof (float));
  self.sums = limn_alloc (workers, 4, w, sizeof (float));
  self.samples = calloc (ACROSS * ACROSS, sizeof *self.samples);
  if (!self.features || !self.sums || !self.samples) {
    status = limn_fail_memory (error, w * h * count * sizeof (float));
  } else {
    status = luma_features (&self, luma, pool, error);
    if (status == LIMN_OK && likeness)
      status = likeness_features (&self, likeness, pool, error);
    if (status == LIMN_OK) {
      other_features (&self, photo, luma);
      take_samples (&self, dot_chroma);
      status = limn_pool_try (pool, h, regress_row, &self, error);
    }
  }
  free (self.features);
  free (self.sums);
  free (self.samples);
  return status;
}
