/* How worn a photo is, by what is found in a small copy of it. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "engine/base/pool.h"
#include "engine/imaging/connected-components.h"
#include "engine/imaging/image.h"
#include "find-damage.h"
#include "tone.h"

enum { MOST_PIXELS = 1200000, LEAST_SPOT = 4 /* pixels */ };

static const float SENSITIVITY = 0.1f; /* what is clean must not be called worn */

static LimnStatus
measure_range (LimnWear *wear, const LimnPixels *photo, LimnPool *pool, LimnError *error)
{
  LimnTone tone = { 0 };

  LIMN_TRY (limn_tone_new (&tone, photo, NULL, 1.0f, pool, error));
  *wear = (LimnWear){ .black = (double) tone.black, .white = (double) tone.white };
  limn_tone_clear (&tone);
  return LIMN_OK;
}

/* size: [h * w] zeros. */
static size_t
count_spots (const uint8_t *mask, uint32_t *group, uint32_t *size, size_t width, size_t height)
{
  size_t spots = 0;

  limn_connected_components (group, mask, width, height);
  for (size_t i = 0; i < width * height; i++)
    if (mask[i])
      size[group[i]]++;
  for (size_t i = 0; i < width * height; i++)
    spots += size[i] >= LEAST_SPOT;
  return spots;
}

static LimnStatus
measure_damage (LimnWear *wear, const LimnPixels *photo, LimnPool *pool, LimnError *error)
{
  const LimnDamageSearch search = { .photo = photo, .sensitivity = SENSITIVITY, .most_pixels = MOST_PIXELS };
  const size_t n = photo->width * photo->height;
  uint8_t *mask = limn_alloc (n, 1, 1, 1);
  uint32_t *group = limn_alloc (n, 1, 1, sizeof *group), *size = calloc (n, sizeof *size);
  LimnStatus status = mask && group && size ? limn_find_damage (mask, &search, pool, error) : limn_fail_memory (error, 9 * n);

  if (status == LIMN_OK)
    wear->spots = count_spots (mask, group, size, photo->width, photo->height);
  free (mask);
  free (group);
  free (size);
  return status;
}

LimnStatus
limn_measure_wear (LimnWear *wear, const LimnPixels *photo, double most_range, int threads, const LimnControl *control, LimnError *error)
{
  LimnPool *pool = NULL;

  LIMN_TRY (limn_check_pixels (photo, error));
  LIMN_TRY (limn_pool_new (&pool, threads, error));
  limn_pool_watch (pool, control ? control->cancel : NULL);
  LimnStatus status = measure_range (wear, photo, pool, error);
  if (status == LIMN_OK && wear->white - wear->black <= most_range)
    status = measure_damage (wear, photo, pool, error);
  limn_pool_free (pool);
  return status;
}
