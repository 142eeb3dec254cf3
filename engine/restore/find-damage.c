/* Damage at several scales, each half as large as the one before. SPDX-License-Identifier: GPL-3.0-or-later */
#include "find-damage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/area-average.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/resample.h"
#include "score.h"

enum {
  SCALES = 4,
  LEAST_SIDE = 24, /* of a picture that is looked at */
  BAND = 64,       /* rows that are read at once */
  BINS = 1024,
  KNOWN_AROUND = 5 /* pixels from what is transparent on that can be looked at */
};

static const float RANGE_SHARE = 0.005f;                   /* of the pixels that are beyond the picture's range on either end */
static const float SURE_SCORE = 0.9f, UNSURE_SCORE = 0.2f; /* mean of the two that damage must have at a sensitivity of 0 and of 1 */

/* The two highest scores, in 255ths, that parts have which a pixel belongs to: by scales and thresholds. One alone may be a chance. */
typedef struct {
  uint8_t first, second;
} Best;

typedef struct {
  const LimnDamageSearch *search;
  LimnImage luma; /* of the scale at hand */
  uint8_t *known; /* of that scale; NULL: all is */
  float black, white;
  int scale;
  uint8_t *found; /* [height * width] at scale 0 */
  Best *best;     /* [height * width] at scale 0 */
  size_t width, height;
} Finding;

/* -- Reading -- */

static LimnStatus
read_luma (Finding *f, LimnImage *alpha, LimnPool *pool, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (&f->luma, f->width, f->height, 1, error));
  LIMN_TRY (limn_image_alloc (alpha, f->width, f->height, 1, error));
  for (size_t y = 0; y < f->height; y += BAND) {
    const size_t rows = limn_size_min (BAND, f->height - y);
    LIMN_SCOPED_IMAGE band = { 0 };
    LIMN_TRY (limn_area_average_rows (&band, y, rows, f->search->photo, f->width, f->height, true, pool, error));
    for (size_t i = 0; i < rows * f->width; i++) {
      f->luma.data[y * f->width + i] = (limn_luma (band.data + 4 * i) + 1.0f) * 0.5f;
      alpha->data[y * f->width + i] = band.data[4 * i + 3];
    }
  }
  return LIMN_OK;
}

static void
find_range (Finding *f, const LimnImage *alpha)
{
  size_t bins[BINS] = { 0 }, sum = 0, below = 0;

  for (size_t i = 0; i < f->width * f->height; i++)
    if (alpha->data[i] > 0.5f) {
      bins[(size_t) (limn_min (limn_max (f->luma.data[i], 0.0f), 1.0f) * (BINS - 1) + 0.5f)]++;
      sum++;
    }
  f->black = f->white = -1.0f;
  for (size_t k = 0; k < BINS; k++) {
    below += bins[k];
    if (f->black < 0.0f && (float) below > RANGE_SHARE * (float) sum)
      f->black = (float) k / (BINS - 1);
    if (f->white < 0.0f && (float) below >= (1.0f - RANGE_SHARE) * (float) sum)
      f->white = (float) k / (BINS - 1);
  }
}

/* known of the scale at hand: what isn't near anything transparent. NULL where nothing is. */
static LimnStatus
find_known (Finding *f, const LimnImage *alpha, LimnPool *pool, LimnError *error)
{
  const size_t n = alpha->width * alpha->height;
  LIMN_SCOPED_IMAGE around = { 0 };
  bool whole = true;

  free (f->known);
  f->known = NULL;
  for (size_t i = 0; i < n && whole; i++)
    whole = alpha->data[i] >= 1.0f;
  if (whole)
    return LIMN_OK;
  f->known = limn_alloc (n, 1, 1, 1);
  if (f->known == NULL)
    return limn_fail_memory (error, n);
  LIMN_TRY (limn_box_mean (&around, alpha, KNOWN_AROUND, pool, error));
  for (size_t i = 0; i < n; i++)
    f->known[i] = around.data[i] > 0.999f;
  return LIMN_OK;
}

/* -- Scores -- */

/* Tells the pixels of scale 0 under pixel (x, y) of the scale at hand of a score. */
static void
add_score (const Finding *f, size_t x, size_t y, uint8_t score)
{
  const size_t right = x + 1 < f->luma.width ? (x + 1) << f->scale : f->width;
  const size_t bottom = y + 1 < f->luma.height ? (y + 1) << f->scale : f->height;

  for (size_t j = y << f->scale; j < bottom; j++)
    for (size_t i = x << f->scale; i < right; i++) {
      Best *best = &f->best[j * f->width + i];
      if (score > best->first)
        best->second = best->first, best->first = score;
      else if (score > best->second)
        best->second = score;
    }
}

static LimnStatus
take_parts (void *user, const LimnParts *parts, LimnError *error)
{
  const Finding *f = user;
  uint8_t *scores = calloc (parts->count + 1, 1);

  if (scores == NULL)
    return limn_fail_memory (error, parts->count);
  for (size_t k = 0; k < parts->count; k++)
    scores[k + 1] = (uint8_t) (limn_damage_score (&parts->parts[k]) * 255.0f + 0.5f);
  for (size_t y = 0; y < parts->height; y++)
    for (size_t x = 0; x < parts->width; x++) {
      const uint8_t score = scores[parts->label[y * parts->width + x]];
      if (score)
        add_score (f, x, y, score);
    }
  free (scores);
  return LIMN_OK;
}

static LimnStatus
look_at_scale (Finding *f, LimnPool *pool, LimnError *error)
{
  const LimnPartsInput input = { &f->luma, f->known, f->black, f->white, f->scale };

  return limn_parts_each (&input, take_parts, f, pool, error);
}

static LimnStatus
halve (LimnImage *image, LimnPool *pool, LimnError *error)
{
  LimnImage half;

  LIMN_TRY (limn_resample (&half, image, image->width / 2, image->height / 2, LIMN_FILTER_AREA, pool, error));
  limn_image_clear (image);
  *image = half;
  return LIMN_OK;
}

/* What scores high enough is found. */
static void
take_best (const Finding *f)
{
  const float least = 2.0f * 255.0f * (SURE_SCORE + (UNSURE_SCORE - SURE_SCORE) * f->search->sensitivity);

  for (size_t i = 0; i < f->width * f->height; i++)
    f->found[i] = (float) (f->best[i].first + f->best[i].second) > least;
}

static LimnStatus
find (Finding *f, LimnPool *pool, LimnError *error)
{
  LIMN_SCOPED_IMAGE alpha = { 0 }, finest = { 0 };

  LIMN_TRY (read_luma (f, &alpha, pool, error));
  LIMN_TRY (limn_image_copy (&finest, &f->luma, error));
  find_range (f, &alpha);
  for (f->scale = 0; f->scale < SCALES; f->scale++) {
    LIMN_TRY (find_known (f, &alpha, pool, error));
    LIMN_TRY (look_at_scale (f, pool, error));
    if (f->luma.width / 2 < LEAST_SIDE || f->luma.height / 2 < LEAST_SIDE)
      break;
    LIMN_TRY (halve (&f->luma, pool, error));
    LIMN_TRY (halve (&alpha, pool, error));
  }
  take_best (f);
  LIMN_TRY (limn_trim_damage (f->found, &finest, error));
  LIMN_TRY (limn_pool_check (pool, error));
  return limn_find_torn_corners (f->found, &finest, f->black, f->white, pool, error);
}

/* Writes what was found at scale 0, enlarged to the photo; never what is transparent. */
static void
write_mask (const Finding *f, uint8_t *mask)
{
  const LimnPixels *photo = f->search->photo;

  for (size_t y = 0; y < photo->height; y++) {
    const uint8_t *row = f->found + y * f->height / photo->height * f->width;
    for (size_t x = 0; x < photo->width; x++)
      mask[y * photo->width + x] = row[x * f->width / photo->width] ? 255 : 0;
  }
}

LimnStatus
limn_find_damage (uint8_t *mask, const LimnDamageSearch *search, LimnPool *pool, LimnError *error)
{
  const LimnPixels *photo = search->photo;
  const double pixels = (double) photo->width * (double) photo->height, shrink = fmin (1.0, sqrt ((double) search->most_pixels / pixels));
  Finding f = { .search = search,
                .width = (size_t) fmax (1.0, (double) photo->width * shrink),
                .height = (size_t) fmax (1.0, (double) photo->height * shrink) };
  LimnStatus status = LIMN_OK;

  memset (mask, 0, photo->width * photo->height);
  if (search->sensitivity <= 0.0f || f.width < LEAST_SIDE || f.height < LEAST_SIDE)
    return LIMN_OK;
  f.found = calloc (f.width * f.height, 1);
  f.best = calloc (f.width * f.height, sizeof *f.best);
  status = f.found && f.best ? find (&f, pool, error) : limn_fail_memory (error, f.width * f.height);
  if (status == LIMN_OK)
    write_mask (&f, mask);
  limn_image_clear (&f.luma);
  free (f.known);
  free (f.found);
  free (f.best);
  return status;
}
