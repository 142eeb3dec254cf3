/* Brings what regions are likely to be back to the paint's pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "guess.h"

#include <stdlib.h>

#include "engine/texture/label-distance.h"

/* A region that is less sure stays plain. */
static const float SURE = 0.6f;

/* Labels of the cells; those of no region (soft edges, specks) take that of the nearest region. */
static LimnStatus
label_cells (const LimnRegions *r, uint8_t *label, LimnPool *pool, LimnError *error)
{
  const size_t cells = r->width * r->height;
  uint8_t *seed = malloc (cells);
  uint32_t *nearest = limn_alloc (cells, 1, 1, sizeof *nearest);
  LimnStatus status = seed && nearest ? LIMN_OK : limn_fail_memory (error, 5 * cells);

  for (size_t i = 0; status == LIMN_OK && i < cells; i++)
    seed[i] = r->region[i] != LIMN_NO_REGION;
  if (status == LIMN_OK)
    status = limn_nearest_seed (nearest, NULL, seed, r->width, r->height, pool, error);
  for (size_t i = 0; status == LIMN_OK && i < cells; i++) {
    const uint32_t region = r->region[nearest[i]];
    label[i] = region != LIMN_NO_REGION && r->regions[region].sure >= SURE ? r->regions[region].label : LIMN_LABEL_PLAIN;
  }
  free (seed);
  free (nearest);
  return status;
}

typedef struct {
  const LimnRegions *regions;
  const uint8_t *label; /* of cells */
  const LimnPixels *paint;
  uint8_t *out;
} Spreading;

/* The label of that cell around (x, y) whose colour is nearest to the pixel's. */
static uint8_t
nearest_colour (const Spreading *s, size_t cx, size_t cy, size_t x, size_t y)
{
  const LimnRegions *r = s->regions;
  const uint8_t *row = (const uint8_t *) s->paint->data + y * s->paint->stride;
  uint8_t best = s->label[cy * r->width + cx];
  int least = INT32_MAX;

  for (size_t j = cy > 0 ? cy - 1 : 0; j <= cy + 1 && j < r->height; j++)
    for (size_t i = cx > 0 ? cx - 1 : 0; i <= cx + 1 && i < r->width; i++) {
      int sum = i == cx && j == cy ? -1 : 0;

      for (size_t c = 0; c < 3; c++) {
        const int v = s->paint->depth == 16 ? ((const uint16_t *) (const void *) row)[4 * x + c] >> 8 : row[4 * x + c];
        const int d = v - r->colours[3 * (j * r->width + i) + c];
        sum += d * d;
      }
      if (sum < least) {
        least = sum;
        best = s->label[j * r->width + i];
      }
    }
  return best;
}

static void
spread_row (void *user, size_t y, int worker)
{
  const Spreading *s = user;
  const LimnPixels *paint = s->paint;
  const LimnRegions *r = s->regions;

  for (size_t x = 0; x < paint->width; x++) {
    uint8_t *out = &s->out[y * paint->width + x];

    if (*out == LIMN_LABEL_PLAIN)
      *out = nearest_colour (s, x * r->width / paint->width, y * r->height / paint->height, x, y);
  }
}

/* What a person chose to be plain is not in out any more when it is spread. */
static void
keep_chosen_plain (uint8_t *out, const LimnPixels *paint, const LimnMask *chosen)
{
  for (size_t y = 0; chosen && y < paint->height; y++)
    for (size_t x = 0; x < paint->width; x++)
      if (chosen->data[y * chosen->stride + x] == LIMN_LABEL_PLAIN)
        out[y * paint->width + x] = LIMN_LABEL_PLAIN;
}

LimnStatus
limn_guess_labels (uint8_t *out, const LimnPixels *paint, const LimnMask *chosen, LimnPool *pool, LimnError *error)
{
  LimnRegions regions = { 0 };
  uint8_t *label = NULL;
  LimnStatus status = limn_regions_find (&regions, paint, chosen, error);

  if (status == LIMN_OK)
    status = limn_regions_classify (&regions, error);
  if (status == LIMN_OK) {
    label = malloc (regions.width * regions.height);
    status = label ? label_cells (&regions, label, pool, error) : limn_fail_memory (error, regions.width * regions.height);
  }
  if (status == LIMN_OK) {
    Spreading s = { &regions, label, paint, out };
    status = limn_pool_try (pool, paint->height, spread_row, &s, error);
    keep_chosen_plain (out, paint, chosen);
  }
  free (label);
  limn_regions_clear (&regions);
  return status;
}
