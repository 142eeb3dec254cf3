/* Costs of a version of the hole: the colours, drawing and texture expected of each block against those that it has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/pull-push.h"
#include "engine/imaging/resample.h"

enum {
  SIDE = 8, /* pixels; doubled until there are at most MOST_BLOCKS */
  MOST_BLOCKS = 20000,
  AROUND = 4, /* blocks around the hole that are part of the region */
  BANDS = LIMN_FIT_BANDS,
  RADIUS_FINE = 1,
  RADIUS_COARSE = 3,
};

static const float FAINT = 1e-5f;     /* invisible variance, added before the logarithm */
static const float PLAIN = 0.0016f;   /* variance of the coarse band at which limn_fill_fit_textured is one half */
static const float SEEN_LINE = 0.05f; /* contrast of a line at which its weight is one half */
static const float OCTAVES = 2.0f;    /* octaves of missing texture that cost 1 */

static void
place_blocks (LimnFillFit *fit)
{
  const LimnFillJob *job = fit->job;
  const size_t hx = job->inner.x, hy = job->inner.y;

  fit->side = SIDE;
  while ((job->hole.width / fit->side + 1) * (job->hole.height / fit->side + 1) > MOST_BLOCKS)
    fit->side *= 2;
  const size_t left = limn_size_min (AROUND, hx / fit->side), above = limn_size_min (AROUND, hy / fit->side);
  const size_t x0 = hx - left * fit->side, y0 = hy - above * fit->side;
  const size_t x1 = limn_size_min (hx + job->hole.width + AROUND * fit->side, job->context.width);
  const size_t y1 = limn_size_min (hy + job->hole.height + AROUND * fit->side, job->context.height);
  fit->region = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  fit->columns = (fit->region.width + fit->side - 1) / fit->side;
  fit->rows = (fit->region.height + fit->side - 1) / fit->side;
}

typedef struct {
  const LimnFillFit *fit;
  const LimnImage *rgb;
  LimnImage *out;
} Luma;

static void
luma_row (void *user, size_t y, int worker)
{
  const Luma *l = user;
  const LimnFillFit *fit = l->fit;
  const LimnFillJob *job = fit->job;
  const size_t hx = job->inner.x, hy = job->inner.y, cy = fit->region.y + y;

  for (size_t x = 0; x < fit->region.width; x++) {
    const size_t cx = fit->region.x + x, at = cy * job->rgb.width + cx;
    const bool made = l->rgb && job->state[at] == LIMN_PIXEL_TARGET;
    l->out->data[y * l->out->width + x] = limn_luma (made ? l->rgb->data + 3 * ((cy - hy) * l->rgb->width + cx - hx)
                                                          : job->rgb.data + 3 * at);
  }
}

/* Luma over region: of the hole's targets from rgb ([hole][3]; NULL: undefined there), else the photo's. */
static LimnStatus
take_luma (const LimnFillFit *fit, const LimnImage *rgb, LimnImage *out, LimnError *error)
{
  Luma l = { fit, rgb, out };

  LIMN_TRY (limn_image_alloc (out, fit->region.width, fit->region.height, 1, error));
  return limn_pool_try (fit->job->engine->pool, out->height, luma_row, &l, error);
}

/* A block's pixels, in region coordinates. */
static LimnRegion
block_at (const LimnFillFit *fit, size_t block)
{
  const size_t x = block % fit->columns * fit->side, y = block / fit->columns * fit->side;

  return (LimnRegion){ x, y, limn_size_min (fit->side, fit->region.width - x), limn_size_min (fit->side, fit->region.height - y) };
}

static uint8_t
state_at (const LimnFillFit *fit, size_t x, size_t y)
{
  return fit->job->state[(fit->region.y + y) * fit->job->rgb.width + fit->region.x + x];
}

/* log2 of each band's mean square over those pixels of a block that are in the given state. */
static void
measure_bands (const LimnFillFit *fit, const LimnImage *y0, const LimnImage soft[BANDS], size_t block, uint8_t state, float out[BANDS])
{
  const LimnRegion b = block_at (fit, block);
  float sum[BANDS] = { 0 }, count = 0.0f;

  for (size_t y = b.y; y < b.y + b.height; y++)
    for (size_t x = b.x; x < b.x + b.width; x++) {
      const size_t at = y * y0->width + x;
      if (state_at (fit, x, y) != state)
        continue;
      const float fine = y0->data[at] - soft[0].data[at], coarse = soft[0].data[at] - soft[1].data[at];
      sum[0] += fine * fine;
      sum[1] += coarse * coarse;
      count += 1.0f;
    }
  for (size_t k = 0; k < BANDS; k++)
    out[k] = log2f (sum[k] / limn_max (count, 1.0f) + FAINT);
}

static LimnStatus
low_pass (LimnImage soft[BANDS], const LimnImage *picture, LimnPool *pool, LimnError *error)
{
  LimnStatus status = limn_box_mean (&soft[0], picture, RADIUS_FINE, pool, error);

  return status == LIMN_OK ? limn_box_mean (&soft[1], picture, RADIUS_COARSE, pool, error) : status;
}

/* True if all pixels of a block, and within the coarse filter's radius of it, are known. */
static bool
is_known (const LimnFillFit *fit, size_t block)
{
  const LimnRegion b = block_at (fit, block);
  const size_t r = RADIUS_COARSE, x0 = b.x > r ? b.x - r : 0, y0 = b.y > r ? b.y - r : 0;

  for (size_t y = y0; y < limn_size_min (b.y + b.height + r, fit->region.height); y++)
    for (size_t x = x0; x < limn_size_min (b.x + b.width + r, fit->region.width); x++)
      if (state_at (fit, x, y) != LIMN_PIXEL_KNOWN)
        return false;
  return true;
}

typedef struct {
  LimnFillFit *fit;
  LimnImage picture, soft[BANDS]; /* [region][1] */
  LimnImage seen, weight;         /* [rows][columns]: bands of the known blocks, and 1 where a block is known */
} Expecting;

static void
measure_known_row (void *user, size_t j, int worker)
{
  const Expecting *e = user;

  for (size_t i = j * e->fit->columns; i < (j + 1) * e->fit->columns; i++)
    if (is_known (e->fit, i)) {
      measure_bands (e->fit, &e->picture, e->soft, i, LIMN_PIXEL_KNOWN, e->seen.data + BANDS * i);
      e->weight.data[i] = 1.0f;
    }
}

/* The surrounding photo's texture, extended smoothly into the hole. */
static LimnStatus
find_expected (LimnFillFit *fit, LimnError *error)
{
  LimnPool *pool = fit->job->engine->pool;
  Expecting e = { .fit = fit };
  LimnStatus status = take_luma (fit, NULL, &e.picture, error);

  if (status == LIMN_OK)
    status = low_pass (e.soft, &e.picture, pool, error);
  if (status == LIMN_OK)
    status = limn_image_new (&e.seen, fit->columns, fit->rows, BANDS, error);
  if (status == LIMN_OK)
    status = limn_image_new (&e.weight, fit->columns, fit->rows, 1, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, fit->rows, measure_known_row, &e, error);
  if (status == LIMN_OK)
    status = limn_pull_push (&fit->expected, &e.seen, &e.weight, error);
  limn_image_clear (&e.picture);
  limn_image_clear (&e.seen);
  limn_image_clear (&e.weight);
  for (size_t k = 0; k < BANDS; k++)
    limn_image_clear (&e.soft[k]);
  return status;
}

/* Index of the guide's cell that contains pixel (x, y) of region. */
static size_t
cell_at (const LimnFillFit *fit, size_t x, size_t y)
{
  const LimnFillGuide *guide = fit->guide;
  const size_t i = (size_t) ((ptrdiff_t) (fit->region.x + x) - guide->x) / guide->cell;
  const size_t j = (size_t) ((ptrdiff_t) (fit->region.y + y) - guide->y) / guide->cell;

  return limn_size_min (j, guide->rgb.height - 1) * guide->rgb.width + limn_size_min (i, guide->rgb.width - 1);
}

/* How visible the drawing's edges are in a block, in [0, 1). */
static float
contrast_of (const LimnFillFit *fit, size_t block)
{
  const LimnRegion b = block_at (fit, block);
  float sum = 0.0f, count = 0.0f;

  for (size_t y = b.y; y < b.y + b.height; y++)
    for (size_t x = b.x; x < b.x + b.width; x++)
      if (state_at (fit, x, y) == LIMN_PIXEL_TARGET) {
        const float v = fit->drawing.data[y * fit->region.width + x];
        sum += v * v;
        count += 1.0f;
      }
  const float contrast = sqrtf (sum / limn_max (count, 1.0f));
  return contrast / (contrast + SEEN_LINE);
}

/* A block's mean wanted colours, share of pixels to be filled, and share of those that is painted. */
static void
count_block (LimnFillFit *fit, const LimnImage *drawn, size_t block)
{
  const LimnRegion b = block_at (fit, block);
  float sum[3] = { 0 }, painted = 0.0f, count = 0.0f;

  for (size_t y = b.y; y < b.y + b.height; y++)
    for (size_t x = b.x; x < b.x + b.width; x++) {
      if (state_at (fit, x, y) != LIMN_PIXEL_TARGET)
        continue;
      for (size_t c = 0; c < 3; c++)
        sum[c] += drawn->data[3 * (y * drawn->width + x) + c];
      if (fit->guide->painted.data)
        painted += limn_min (fit->guide->painted.data[cell_at (fit, x, y)], 1.0f);
      count += 1.0f;
    }
  fit->share[block] = count / (float) (b.width * b.height);
  fit->painted[block] = painted / limn_max (count, 1.0f);
  fit->drawn[block] = contrast_of (fit, block);
  for (size_t c = 0; c < 3; c++)
    fit->wanted.data[3 * block + c] = sum[c] / limn_max (count, 1.0f);
}

typedef struct {
  LimnFillFit *fit;
  LimnImage drawn; /* [region][3]: the guide with paint and ink drawn over it */
  LimnImage soft;  /* [region][1]: fit->drawing's luma, low-pass filtered at the guide's cell size */
} Drawn;

static void
drawn_luma_row (void *user, size_t y, int worker)
{
  const Drawn *d = user;

  for (size_t i = y * d->drawn.width; i < (y + 1) * d->drawn.width; i++)
    d->fit->drawing.data[i] = limn_luma (d->drawn.data + 3 * i);
}

static void
sharpen_row (void *user, size_t y, int worker)
{
  const Drawn *d = user;

  for (size_t i = y * d->drawn.width; i < (y + 1) * d->drawn.width; i++)
    d->fit->drawing.data[i] -= d->soft.data[i];
}

/* Luma details of paint and ink that are finer than the guide's cells. */
static LimnStatus
take_drawing (Drawn *d, LimnError *error)
{
  LimnFillFit *fit = d->fit;
  LimnPool *pool = fit->job->engine->pool;

  LIMN_TRY (limn_fill_draw (&d->drawn, fit->job, &fit->region, error));
  LIMN_TRY (limn_image_alloc (&fit->drawing, d->drawn.width, d->drawn.height, 1, error));
  LIMN_TRY (limn_pool_try (pool, d->drawn.height, drawn_luma_row, d, error));
  LIMN_TRY (limn_box_mean (&d->soft, &fit->drawing, fit->guide->cell, pool, error));
  LIMN_TRY (limn_pool_try (pool, d->drawn.height, sharpen_row, d, error));
  limn_image_clear (&d->soft);
  return LIMN_OK;
}

static void
count_row (void *user, size_t j, int worker)
{
  const Drawn *d = user;

  for (size_t i = j * d->fit->columns; i < (j + 1) * d->fit->columns; i++)
    count_block (d->fit, &d->drawn, i);
}

static LimnStatus
prepare_fit (LimnFillFit *fit, Drawn *d, LimnError *error)
{
  LimnPool *pool = fit->job->engine->pool;

  place_blocks (fit);
  const size_t count = fit->columns * fit->rows;
  fit->share = calloc (count, sizeof *fit->share);
  fit->painted = calloc (count, sizeof *fit->painted);
  fit->drawn = calloc (count, sizeof *fit->drawn);
  if (fit->share == NULL || fit->painted == NULL || fit->drawn == NULL)
    return limn_fail_memory (error, count * 3 * sizeof *fit->share);
  LIMN_TRY (limn_image_new (&fit->wanted, fit->columns, fit->rows, 3, error));
  LIMN_TRY (find_expected (fit, error));
  LIMN_TRY (limn_fill_enlarge (&d->drawn, fit->guide, &fit->region, pool, error));
  LIMN_TRY (take_drawing (d, error));
  return limn_pool_try (pool, fit->rows, count_row, d, error);
}

LimnStatus
limn_fill_fit_new (LimnFillFit *fit, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error)
{
  Drawn d = { .fit = fit };
  LimnStatus status;

  *fit = (LimnFillFit){ .job = job, .guide = guide };
  status = prepare_fit (fit, &d, error);
  limn_image_clear (&d.drawn);
  limn_image_clear (&d.soft);
  return status;
}

void
limn_fill_fit_clear (LimnFillFit *fit)
{
  free (fit->share);
  free (fit->painted);
  free (fit->drawn);
  fit->share = fit->painted = fit->drawn = NULL;
  limn_image_clear (&fit->wanted);
  limn_image_clear (&fit->expected);
  limn_image_clear (&fit->drawing);
}

typedef struct {
  const LimnFillFit *fit;
  const LimnImage *rgb;
  LimnImage picture, soft[BANDS], softest; /* luma over region, and low-pass filtered at three sizes; softest: at the guide's cell size */
  LimnFitCost *costs;
} Measure;

/* Share of the drawing's details that is missing in a block: 1 minus the regression of the picture's details on them. */
static float
missing_drawing (const Measure *m, size_t block)
{
  const LimnRegion b = block_at (m->fit, block);
  float same = 0.0f, drawn = 0.0f;

  for (size_t y = b.y; y < b.y + b.height; y++)
    for (size_t x = b.x; x < b.x + b.width; x++) {
      const size_t at = y * m->picture.width + x;
      if (state_at (m->fit, x, y) != LIMN_PIXEL_TARGET)
        continue;
      same += m->fit->drawing.data[at] * (m->picture.data[at] - m->softest.data[at]);
      drawn += m->fit->drawing.data[at] * m->fit->drawing.data[at];
    }
  return drawn > 0.0f ? limn_min (limn_max (1.0f - same / drawn, 0.0f), 1.0f) * m->fit->drawn[block] : 0.0f;
}

/* Distance of a block's mean colour from the wanted one, per channel. */
static float
colour_distance (const Measure *m, size_t block)
{
  const LimnFillFit *fit = m->fit;
  const LimnFillJob *job = fit->job;
  const LimnRegion b = block_at (fit, block);
  const size_t dx = job->inner.x, dy = job->inner.y;
  float sum[3] = { 0 }, count = 0.0f, distance = 0.0f;

  for (size_t y = b.y; y < b.y + b.height; y++)
    for (size_t x = b.x; x < b.x + b.width; x++) {
      if (state_at (fit, x, y) != LIMN_PIXEL_TARGET)
        continue;
      for (size_t c = 0; c < 3; c++)
        sum[c] += m->rgb->data[3 * ((fit->region.y + y - dy) * m->rgb->width + fit->region.x + x - dx) + c];
      count += 1.0f;
    }
  for (size_t c = 0; c < 3; c++)
    distance += fabsf (sum[c] / count - fit->wanted.data[3 * block + c]) / 3.0f;
  return distance;
}

static void
measure_row (void *user, size_t j, int worker)
{
  const Measure *m = user;
  const LimnFillFit *fit = m->fit;

  for (size_t i = j * fit->columns; i < (j + 1) * fit->columns; i++) {
    const float *expected = fit->expected.data + BANDS * i;
    float bands[BANDS], off = 0.0f;

    if (fit->share[i] <= 0.0f)
      continue;
    measure_bands (fit, &m->picture, m->soft, i, LIMN_PIXEL_TARGET, bands);
    for (size_t k = 0; k < BANDS; k++)
      off += limn_max (expected[k] - bands[k], 0.0f) / (2.0f * OCTAVES * BANDS); /* an octave of amplitude is two of variance */
    m->costs[i] = (LimnFitCost){
      .colour = fit->painted[i] * colour_distance (m, i),
      .drawing = missing_drawing (m, i),
      .texture = limn_min (off, 1.0f),
    };
  }
}

LimnStatus
limn_fill_fit_measure (const LimnFillFit *fit, const LimnImage *rgb, LimnFitCost *costs, LimnError *error)
{
  LimnPool *pool = fit->job->engine->pool;
  Measure m = { .fit = fit, .rgb = rgb, .costs = costs };
  LimnStatus status = take_luma (fit, rgb, &m.picture, error);

  if (status == LIMN_OK)
    status = low_pass (m.soft, &m.picture, pool, error);
  if (status == LIMN_OK)
    status = limn_box_mean (&m.softest, &m.picture, fit->guide->cell, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, fit->rows, measure_row, &m, error);
  limn_image_clear (&m.picture);
  limn_image_clear (&m.softest);
  for (size_t k = 0; k < BANDS; k++)
    limn_image_clear (&m.soft[k]);
  return status;
}

float
limn_fill_fit_textured (const LimnFillFit *fit, size_t block)
{
  const float variance = exp2f (fit->expected.data[BANDS * block + 1]);

  return variance / (variance + PLAIN);
}

float
limn_fill_fit_mean (const LimnFillFit *fit, const LimnImage *values, size_t block)
{
  const LimnFillJob *job = fit->job;
  const LimnRegion b = block_at (fit, block);
  const size_t dx = job->inner.x, dy = job->inner.y;
  float sum = 0.0f, count = 0.0f;

  for (size_t y = b.y; y < b.y + b.height; y++)
    for (size_t x = b.x; x < b.x + b.width; x++)
      if (state_at (fit, x, y) == LIMN_PIXEL_TARGET) {
        sum += values->data[(fit->region.y + y - dy) * values->width + fit->region.x + x - dx];
        count += 1.0f;
      }
  return sum / limn_max (count, 1.0f);
}
