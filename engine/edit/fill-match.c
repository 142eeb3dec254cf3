/* Sharpness and grain of a made hole after those of the photo around it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fill-job.h"
#include "kernels/resample.h"
#include "noise.h"

enum {
  RING = 32,         /* pixels around the hole that are looked at */
  BLOCK = 8,
  APART = 2,         /* pixels that a block stays away from the hole's edge */
  LEAST_BLOCKS = 6,  /* fewer tell nothing */
  CHANNELS = 3,      /* luma and two differences of colour */
  BANDS = 2,         /* finer than 3 x 3 pixels, finer than 7 x 7 */
  FINE_RADIUS = 1, COARSE_RADIUS = 3,
  NOISE_STREAM = 0x67726e, /* apart from the networks' */
};

static const float FLATTEST = 0.15f;      /* share of the blocks that show grain alone */
static const float MOST_GRAIN = 0.0004f;  /* variance; more is no grain */
static const float LEAST_GAIN = 0.7f, MOST_GAIN = 2.0f;
static const float STRUCTURE = 4.0f;      /* times the grain's variance that a block with structure has in the coarser band */
static const float FAINT = 2e-5f;         /* variance that can hardly be seen */
/* Variance that a band of white noise of variance 1 has when it is split again: the finer in the finer, the finer in the coarser and
 * the other way round, the coarser in the coarser. */
static const float FINE_FINE = 1.0084f, ACROSS = 0.0343f, COARSE_COARSE = 0.0311f;

/* Mean square of a block in each band. */
typedef struct {
  float energy[BANDS][CHANNELS];
} Block;

typedef struct {
  Block *block;
  size_t count;
} Blocks;

typedef struct {
  const LimnFillJob *job;
  const LimnRegion *where;
  LimnRegion region;        /* in the context */
  size_t x, y;              /* of the hole in region */
  LimnImage picture;        /* [region][CHANNELS] */
  LimnImage band[BANDS];
  LimnImage noise[BANDS];
  Blocks around, inside;
} Match;

static void
to_channels (float *to, const float *rgb)
{
  to[0] = 0.25f * (rgb[0] + 2.0f * rgb[1] + rgb[2]);
  to[1] = rgb[0] - rgb[1];
  to[2] = rgb[2] - rgb[1];
}

static void
add_channels (float *rgb, const float *add)
{
  const float green = add[0] - 0.25f * (add[1] + add[2]);

  rgb[0] = fminf (fmaxf (rgb[0] + green + add[1], -1.0f), 1.0f);
  rgb[1] = fminf (fmaxf (rgb[1] + green, -1.0f), 1.0f);
  rgb[2] = fminf (fmaxf (rgb[2] + green + add[2], -1.0f), 1.0f);
}

/* band[0] = in - soft, band[1] = soft - softer. */
static LimnStatus
split (LimnImage band[BANDS], const LimnImage *in, LimnPool *pool, LimnError *error)
{
  LimnImage soft = { 0 };
  LimnStatus status = limn_box_mean (&soft, in, FINE_RADIUS, pool, error);

  if (status == LIMN_OK)
    status = limn_box_mean (&band[1], in, COARSE_RADIUS, pool, error);
  if (status == LIMN_OK)
    status = limn_image_new (&band[0], in->width, in->height, in->channels, error);
  for (size_t i = 0; status == LIMN_OK && i < in->width * in->height * in->channels; i++) {
    band[0].data[i] = in->data[i] - soft.data[i];
    band[1].data[i] = soft.data[i] - band[1].data[i];
  }
  limn_image_clear (&soft);
  return status;
}

static LimnStatus
gather (Match *m, const LimnImage *rgb, LimnError *error)
{
  const LimnFillJob *job = m->job;
  const size_t hx = job->hole.x - job->context.x, hy = job->hole.y - job->context.y;
  const size_t x0 = hx > RING ? hx - RING : 0, y0 = hy > RING ? hy - RING : 0;
  const size_t x1 = hx + job->hole.width + RING < job->rgb.width ? hx + job->hole.width + RING : job->rgb.width;
  const size_t y1 = hy + job->hole.height + RING < job->rgb.height ? hy + job->hole.height + RING : job->rgb.height;

  m->region = (LimnRegion) { x0, y0, x1 - x0, y1 - y0 };
  m->x = hx - x0;
  m->y = hy - y0;
  LIMN_TRY (limn_image_new (&m->picture, m->region.width, m->region.height, CHANNELS, error));
  for (size_t y = 0; y < m->region.height; y++)
    for (size_t x = 0; x < m->region.width; x++) {
      const size_t at = (y0 + y) * job->rgb.width + x0 + x;
      const float *from = job->state[at] == LIMN_PIXEL_TARGET ? rgb->data + 3 * ((y - m->y) * rgb->width + x - m->x)
                                                              : job->rgb.data + 3 * at;
      to_channels (m->picture.data + CHANNELS * (y * m->region.width + x), from);
    }
  return split (m->band, &m->picture, job->engine->pool, error);
}

/* Whether all pixels of the block at (x, y) of region and near it are of one state. */
static bool
is_all (const Match *m, size_t x, size_t y, uint8_t state)
{
  const size_t w = m->job->rgb.width;

  for (size_t j = y - APART; j < y + BLOCK + APART; j++)
    for (size_t i = x - APART; i < x + BLOCK + APART; i++)
      if (m->job->state[(m->region.y + j) * w + m->region.x + i] != state)
        return false;
  return true;
}

static bool
is_where (const Match *m, size_t x, size_t y)
{
  return m->region.x + x - m->where->x < m->where->width && m->region.y + y - m->where->y < m->where->height;
}

static void
measure (Block *block, const Match *m, size_t x, size_t y)
{
  *block = (Block) { 0 };
  for (size_t b = 0; b < BANDS; b++)
    for (size_t j = y; j < y + BLOCK; j++)
      for (size_t i = x; i < x + BLOCK; i++)
        for (size_t c = 0; c < CHANNELS; c++) {
          const float v = m->band[b].data[CHANNELS * (j * m->region.width + i) + c];
          block->energy[b][c] += v * v / (BLOCK * BLOCK);
        }
}

static LimnStatus
find_blocks (Match *m, LimnError *error)
{
  const size_t most = (m->region.width / BLOCK + 1) * (m->region.height / BLOCK + 1);

  m->around.block = malloc (most * sizeof (Block));
  m->inside.block = malloc (most * sizeof (Block));
  if (m->around.block == NULL || m->inside.block == NULL)
    return limn_fail_memory (error, 2 * most * sizeof (Block));
  for (size_t y = APART; y + BLOCK + APART <= m->region.height; y += BLOCK)
    for (size_t x = APART; x + BLOCK + APART <= m->region.width; x += BLOCK)
      if (is_all (m, x, y, LIMN_PIXEL_KNOWN))
        measure (&m->around.block[m->around.count++], m, x, y);
      else if (is_where (m, x, y) && is_where (m, x + BLOCK - 1, y + BLOCK - 1) && is_all (m, x, y, LIMN_PIXEL_TARGET))
        measure (&m->inside.block[m->inside.count++], m, x, y);
  return LIMN_OK;
}

static int
by_value (const void *a, const void *b)
{
  const float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* The grain's variance in each band: what the flattest blocks have. values: scratch. */
static Block
grain_of (const Blocks *blocks, float *values)
{
  Block out;

  for (size_t b = 0; b < BANDS; b++)
    for (size_t c = 0; c < CHANNELS; c++) {
      for (size_t i = 0; i < blocks->count; i++)
        values[i] = blocks->block[i].energy[b][c];
      qsort (values, blocks->count, sizeof *values, by_value);
      out.energy[b][c] = fminf (values[(size_t) (FLATTEST * (float) (blocks->count - 1))], MOST_GRAIN);
    }
  return out;
}

/* Energy in the finer band as a share of that in the coarser, of luma where there is structure and without grain; 0 where none is. */
static float
sharpness_of (const Blocks *blocks, const Block *grain)
{
  double fine = 0.0, coarse = 0.0;

  for (size_t i = 0; i < blocks->count; i++) {
    const Block *block = &blocks->block[i];
    if (block->energy[1][0] < STRUCTURE * grain->energy[1][0] + FAINT)
      continue;
    fine += (double) fmaxf (block->energy[0][0] - grain->energy[0][0], 0.0f);
    coarse += (double) (block->energy[1][0] - grain->energy[1][0]);
  }
  return coarse > 0.0 ? (float) (fine / coarse) : 0.0f;
}

static LimnStatus
make_noise (Match *m, LimnError *error)
{
  const LimnRegion *hole = &m->job->hole;
  const LimnSampling *sampling = &m->job->options->sampling;
  LimnImage white = { 0 };
  LimnStatus status = limn_image_new (&white, hole->width, hole->height, CHANNELS, error);

  if (status == LIMN_OK) {
    limn_noise_mix (white.data, hole->width * hole->height * CHANNELS, sampling->seed, sampling->seed_b, sampling->mix, NOISE_STREAM,
                    ((uint64_t) hole->y << 32) + hole->x);
    status = split (m->noise, &white, m->job->engine->pool, error);
  }
  limn_image_clear (&white);
  return status;
}

/* Adds to the hole what it lacks. */
static LimnStatus
apply (Match *m, LimnImage *rgb, LimnError *error)
{
  const size_t most = m->around.count > m->inside.count ? m->around.count : m->inside.count;
  float *values = malloc (most * sizeof *values), gain = 1.0f, amount[BANDS][CHANNELS];
  bool grainy = false;

  if (values == NULL)
    return limn_fail_memory (error, most * sizeof *values);
  const Block around = grain_of (&m->around, values), inside = grain_of (&m->inside, values);
  free (values);
  const float wanted = sharpness_of (&m->around, &around), found = sharpness_of (&m->inside, &inside);
  if (wanted > 0.0f && found > 0.0f)
    gain = fminf (fmaxf (sqrtf (wanted / found), LEAST_GAIN), MOST_GAIN);
  for (size_t c = 0; c < CHANNELS; c++) {
    const float fine = fmaxf (around.energy[0][c] - gain * gain * inside.energy[0][c], 0.0f);
    const float coarse = fmaxf (around.energy[1][c] - inside.energy[1][c], 0.0f);
    /* how much of the coarser band: no more than the finer can bear, and so that both are met where that can be */
    const float both = (FINE_FINE * coarse - ACROSS * fine) / (FINE_FINE * COARSE_COARSE - ACROSS * ACROSS);
    const float much = fminf (fmaxf (both, 0.0f), fine / ACROSS);
    amount[0][c] = sqrtf (fmaxf (fine - ACROSS * much, 0.0f) / FINE_FINE);
    amount[1][c] = sqrtf (much);
    grainy = grainy || amount[0][c] > 0.0f || amount[1][c] > 0.0f;
  }
  if (grainy)
    LIMN_TRY (make_noise (m, error));
  for (size_t y = 0; y < rgb->height; y++)
    for (size_t x = 0; x < rgb->width; x++) {
      const size_t at = (y + m->y) * m->region.width + x + m->x, here = y * rgb->width + x;
      float add[CHANNELS];

      if (m->job->state[(m->region.y + m->y + y) * m->job->rgb.width + m->region.x + m->x + x] != LIMN_PIXEL_TARGET ||
          !is_where (m, x + m->x, y + m->y))
        continue;
      for (size_t c = 0; c < CHANNELS; c++) {
        add[c] = (gain - 1.0f) * m->band[0].data[CHANNELS * at + c];
        for (size_t b = 0; grainy && b < BANDS; b++)
          add[c] += amount[b][c] * m->noise[b].data[CHANNELS * here + c];
      }
      add_channels (rgb->data + 3 * here, add);
    }
  return LIMN_OK;
}

LimnStatus
limn_fill_match (LimnImage *rgb, const LimnFillJob *job, const LimnRegion *where, LimnError *error)
{
  Match m = { .job = job, .where = where };
  LimnStatus status = gather (&m, rgb, error);

  if (status == LIMN_OK)
    status = find_blocks (&m, error);
  if (status == LIMN_OK && m.around.count >= LEAST_BLOCKS && m.inside.count > 0)
    status = apply (&m, rgb, error);
  limn_image_clear (&m.picture);
  for (size_t b = 0; b < BANDS; b++) {
    limn_image_clear (&m.band[b]);
    limn_image_clear (&m.noise[b]);
  }
  free (m.around.block);
  free (m.inside.block);
  return status;
}
