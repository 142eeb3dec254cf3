/* Prices of sources, by how much they are background.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "source-prior.h"

#include <stdlib.h>
#include <string.h>

#include "engine/imaging/distance.h"

enum {
  RING = 6,      /* width of the ring around the hole, in the level's pixels */
  SAMPLES = 256, /* pixels of the ring that others are compared with */
  CHANNELS = LIMN_PATCH_CHANNELS,
  RADIUS = 3, /* of the mean colours that are compared, so that all of a texture is alike */
};

static const float FOREIGN = 300.0f, HEIGHT = 400.0f; /* most that a source costs for each */
static const float SHARPER = 300.0f;                  /* most that a source costs that is sharper than the hole's ring */
static const float SHARPNESS = 1.5f, DULL = 40.0f;    /* how much sharper costs nothing; texture that all rings are taken to have */
static const float ASIDE = 300.0f;                    /* most that a shift costs away from where the seed looks */
static const int32_t ALIKE = 3 * 80 * 80;             /* squared difference of colours (in [0, 1020]) that are alike */
static const float AT_HOME = 0.2f;                    /* share of the ring that is alike from which nothing is paid */
static const float LAYERED[] = { 0.1f, 0.5f };        /* share of variance between rows from which height counts, and counts fully */

typedef struct {
  const LimnPatchLevel *level;
  const int32_t *distance; /* squared, to the hole */
  int16_t *colour;         /* [height][width][4]: mean of the known pixels around each known one, and their texture */
  float *price;
  int16_t sample[SAMPLES][4]; /* of the ring */
  size_t samples;
  float sharpest; /* texture of the ring's sharper places */
} Pricing;

static void
blur_row (void *user, size_t y, int worker)
{
  const Pricing *p = user;
  const LimnPatchLevel *level = p->level;
  const size_t w = level->width, y0 = y > RADIUS ? y - RADIUS : 0, y1 = limn_size_min (y + RADIUS + 1, level->height);

  for (size_t x = 0; x < w; x++) {
    const size_t x0 = x > RADIUS ? x - RADIUS : 0, x1 = limn_size_min (x + RADIUS + 1, w);
    int sum[CHANNELS] = { 0 }, count = 0;

    for (size_t j = y0; limn_pixel_is_seen (level->state[y * w + x]) && j < y1; j++)
      for (size_t i = x0; i < x1; i++)
        if (limn_pixel_is_seen (level->state[j * w + i])) {
          count++;
          for (size_t c = 0; c < CHANNELS; c++)
            sum[c] += level->texel[CHANNELS * (j * w + i) + c];
        }
    for (size_t c = 0; count && c < CHANNELS; c++)
      p->colour[CHANNELS * (y * w + x) + c] = (int16_t) (sum[c] / count);
  }
}

static bool
is_ring (const Pricing *p, size_t at)
{
  return limn_pixel_is_seen (p->level->state[at]) && p->distance[at] <= RING * RING;
}

/* Evenly spaced pixels of the ring. */
static void
sample_ring (Pricing *p)
{
  const size_t n = p->level->width * p->level->height;
  size_t count = 0, passed = 0;

  for (size_t at = 0; at < n; at++)
    count += is_ring (p, at);
  for (size_t at = 0; at < n && p->samples < SAMPLES; at++)
    if (is_ring (p, at) && passed++ * SAMPLES / count >= p->samples)
      memcpy (p->sample[p->samples++], p->colour + CHANNELS * at, sizeof *p->sample);
}

static int
by_value (const void *a, const void *b)
{
  return *(const int16_t *) a - *(const int16_t *) b;
}

/* All but the sharpest tenth of the ring is less sharp. */
static void
measure_sharpest (Pricing *p)
{
  int16_t texture[SAMPLES];

  for (size_t k = 0; k < p->samples; k++)
    texture[k] = p->sample[k][3];
  qsort (texture, p->samples, sizeof *texture, by_value);
  p->sharpest = DULL + (p->samples ? (float) texture[p->samples * 9 / 10] : 0.0f);
}

/* A hole in what is out of focus isn't filled from what is in focus. */
static float
price_of_texture (const Pricing *p, int16_t texture)
{
  const float sharper = ((float) texture + DULL) / (SHARPNESS * p->sharpest) - 1.0f;

  return SHARPER * limn_max (0.0f, limn_min (1.0f, sharper));
}

static void
price_row (void *user, size_t y, int worker)
{
  const Pricing *p = user;
  const LimnPatchLevel *level = p->level;

  for (size_t at = y * level->width; at < (y + 1) * level->width; at++) {
    const int16_t *own = p->colour + CHANNELS * at;
    size_t alike = 0;

    p->price[at] = 0.0f;
    if (level->state[at] != LIMN_PIXEL_KNOWN || p->samples == 0)
      continue;
    for (size_t k = 0; k < p->samples; k++) {
      int32_t sum = 0;
      for (int c = 0; c < 3; c++)
        sum += (own[c] - p->sample[k][c]) * (own[c] - p->sample[k][c]);
      alike += sum < ALIKE;
    }
    /* falls steeply: what makes up a few hundredths of the ring belongs to it, but less than what is all around */
    const float home = limn_min ((float) alike / (AT_HOME * (float) p->samples), 1.0f);
    p->price[at] = FOREIGN * (1.0f - home) / (1.0f + 4.0f * home) + price_of_texture (p, own[3]);
  }
}

/* Share of the colours' variance that lies between rows, of the known pixels within reach of the hole. */
static float
share_of_rows (const Pricing *p, int reach)
{
  const LimnPatchLevel *level = p->level;
  double all[3] = { 0 }, squares = 0, between = 0;
  size_t count = 0;

  for (size_t y = 0; y < level->height; y++) {
    double row[3] = { 0 };
    size_t known = 0;
    for (size_t at = y * level->width; at < (y + 1) * level->width; at++) {
      if (!limn_pixel_is_seen (level->state[at]) || p->distance[at] > reach * reach)
        continue;
      known++;
      for (size_t c = 0; c < 3; c++) {
        const double value = level->texel[LIMN_PATCH_CHANNELS * at + c];
        row[c] += value;
        squares += value * value;
      }
    }
    for (int c = 0; known && c < 3; c++) {
      all[c] += row[c];
      between += row[c] * row[c] / (double) known;
    }
    count += known;
  }
  for (int c = 0; count && c < 3; c++) {
    squares -= all[c] * all[c] / (double) count;
    between -= all[c] * all[c] / (double) count;
  }
  return squares > 0 ? (float) (between / squares) : 0.0f;
}

/* Where seeds look, in turn: two anywhere (what limn-cli and the window begin with), then to one side and to the other. */
static void
set_direction (LimnSourcePrior *prior, uint64_t seed)
{
  static const float D = 0.70710678f; /* sin 45° */
  static const float DIRECTIONS[][2] = { { 0, 0 },  { 0, 0 }, { 1, 0 },   { -1, 0 }, { 0, 1 },
                                         { 0, -1 }, { D, D }, { -D, -D }, { -D, D }, { D, -D } };
  const float *to = DIRECTIONS[seed % (sizeof DIRECTIONS / sizeof *DIRECTIONS)];

  prior->to_x = to[0];
  prior->to_y = to[1];
  prior->aside = to[0] != 0 || to[1] != 0 ? ASIDE : 0;
}

LimnStatus
limn_source_prior_new (LimnSourcePrior *prior, const LimnPatchLevel *level, uint64_t seed, LimnPool *pool, LimnError *error)
{
  const LimnMask plane = { .data = level->state, .width = level->width, .height = level->height, .stride = level->width };
  const int reach = (int) (level->region.width > level->region.height ? level->region.width : level->region.height);
  int32_t *distance = limn_alloc (level->width, level->height, 1, sizeof *distance);
  Pricing p = { .level = level, .distance = distance, .colour = limn_alloc (level->width, level->height, CHANNELS, sizeof *p.colour) };
  LimnStatus status;

  *prior = (LimnSourcePrior){ .price = limn_alloc (level->width, level->height, 1, sizeof *prior->price) };
  set_direction (prior, seed);
  p.price = prior->price;
  status = distance && p.colour && p.price ? LIMN_OK : limn_fail_memory (error, level->width * level->height * 14);
  if (status == LIMN_OK)
    status = limn_squared_distances (distance, &plane, LIMN_PIXEL_TARGET, LIMN_DISTANCE_TO_SET, reach, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, level->height, blur_row, &p, error);
  if (status == LIMN_OK) {
    const float share = (share_of_rows (&p, reach) - LAYERED[0]) / (LAYERED[1] - LAYERED[0]);
    prior->height = HEIGHT * limn_max (0.0f, limn_min (1.0f, share));
    prior->distance = limn_max (0.5f * (float) level->region.height, 1.0f);
    sample_ring (&p);
    measure_sharpest (&p);
    status = limn_pool_try (pool, level->height, price_row, &p, error);
  }
  free (distance);
  free (p.colour);
  return status;
}

void
limn_source_prior_clear (LimnSourcePrior *prior)
{
  free (prior->price);
  *prior = (LimnSourcePrior){ 0 };
}
