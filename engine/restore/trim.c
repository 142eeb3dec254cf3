/* Trims what was found to what really differs: at coarse scales parts are broader than the damage.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/imaging/connected-components.h"
#include "engine/imaging/pull-push.h"
#include "find-damage.h"

static const float LEAST = 0.03f; /* difference of damage to what goes on smoothly from around it ... */
static const float SHARE = 0.45f; /* ... and of the mean difference of all of it */

/* known: 0 where it is found or beside that, else 1. */
static void
mark_known (LimnImage *known, const uint8_t *found)
{
  const size_t w = known->width, h = known->height;

  for (size_t i = 0; i < w * h; i++)
    known->data[i] = 1.0f;
  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++) {
      if (!found[y * w + x])
        continue;
      for (size_t j = y > 0 ? y - 1 : y; j <= y + 1 && j < h; j++)
        for (size_t i = x > 0 ? x - 1 : x; i <= x + 1 && i < w; i++)
          known->data[j * w + i] = 0.0f;
    }
}

typedef struct {
  float sum;
  uint32_t count;
} Mean;

static void
trim (uint8_t *found, const LimnImage *luma, const LimnImage *expected, const uint32_t *group, Mean *means)
{
  const size_t n = luma->width * luma->height;

  for (size_t i = 0; i < n; i++)
    if (found[i]) {
      means[group[i]].sum += fabsf (luma->data[i] - expected->data[i]);
      means[group[i]].count++;
    }
  for (size_t i = 0; i < n; i++)
    if (found[i]) {
      const Mean *mean = &means[group[i]];
      found[i] = fabsf (luma->data[i] - expected->data[i]) > limn_max (LEAST, SHARE * mean->sum / (float) mean->count);
    }
}

LimnStatus
limn_trim_damage (uint8_t *found, const LimnImage *luma, LimnError *error)
{
  const size_t n = luma->width * luma->height;
  uint32_t *group = limn_alloc (n, 1, 1, sizeof *group);
  Mean *means = calloc (n, sizeof *means);
  LIMN_SCOPED_IMAGE known = { 0 }, expected = { 0 };
  LimnStatus status = group && means ? limn_image_alloc (&known, luma->width, luma->height, 1, error) : limn_fail_memory (error, n * 12);

  if (status == LIMN_OK) {
    mark_known (&known, found);
    status = limn_pull_push (&expected, luma, &known, error);
  }
  if (status == LIMN_OK) {
    limn_connected_components (group, found, luma->width, luma->height);
    trim (found, luma, &expected, group, means);
  }
  free (group);
  free (means);
  return status;
}
