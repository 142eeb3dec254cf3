/* Makes the area of a fill: the mask grown and feathered, by hand or by what its thickness and its fringe ask for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "area.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "engine/imaging/distance.h"
#include "fringe.h"

enum {
  LARGEST_REACH = 4096,
  LEVELS = LIMN_FILL_AUTOMATIC_REACH, /* of thickness; a mask of level k is grown and feathered by k pixels */
  ROWS = 16,                          /* rows that are worked on together */
};

/* A disc of this radius fits into a mask of level k. */
#define RADIUS_OF(level) (2 + 4 * (level))

typedef struct {
  const LimnPixels *photo;
  LimnMask mask;     /* its part in region */
  LimnRegion region; /* in the photo */
  LimnPool *pool;
  int32_t *distance; /* [region]: squared, scratch */
  uint8_t *plane;    /* [region]: scratch */
  uint16_t *alpha;   /* [region] */
  float beyond;      /* of the step at hand: how far from what the distances are measured to alpha is 1 ... */
  float feather;     /* ... and over how many pixels it falls to 0 from there */
} Growing;

/* True if any byte of a row isn't 0. */
LIMN_WIDE static bool
is_anything (const uint8_t *row, size_t count)
{
  uint8_t all = 0;

  for (size_t i = 0; i < count; i++)
    all |= row[i];
  return all != 0;
}

/* Bounds of all non-zero pixels; false if there are none. size: bytes a pixel; stride: bytes from row to row. */
static bool
find_bounds (const void *data, size_t width, size_t height, size_t stride, size_t size, LimnRegion *out)
{
  size_t x0 = width, x1 = 0, y0 = height, y1 = 0;

  for (size_t y = 0; y < height; y++) {
    const uint8_t *row = (const uint8_t *) data + y * stride;
    size_t first = 0, last = width * size;

    if (!is_anything (row, last))
      continue;
    while (row[first] == 0)
      first++;
    while (row[last - 1] == 0)
      last--;
    x0 = first / size < x0 ? first / size : x0;
    x1 = (last - 1) / size + 1 > x1 ? (last - 1) / size + 1 : x1;
    y0 = y < y0 ? y : y0;
    y1 = y + 1;
  }
  *out = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  return y1 > 0;
}

static LimnRegion
inflate_region (LimnRegion region, size_t by, size_t width, size_t height)
{
  const size_t x0 = region.x > by ? region.x - by : 0, y0 = region.y > by ? region.y - by : 0;
  const size_t x1 = region.x + region.width + by < width ? region.x + region.width + by : width;
  const size_t y1 = region.y + region.height + by < height ? region.y + region.height + by : height;

  return (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
}

static LimnStatus
run_rows (const Growing *g, LimnWork rows, LimnError *error)
{
  return limn_pool_try (g->pool, (g->region.height + ROWS - 1) / ROWS, rows, (void *) g, error);
}

static size_t
end_of_rows (const Growing *g, size_t piece)
{
  return (piece + 1) * ROWS < g->region.height ? (piece + 1) * ROWS : g->region.height;
}

/* -- Steps over rows -- */

static void
begin_rows (void *user, size_t piece, int worker)
{
  const Growing *g = user;
  const size_t width = g->region.width;

  for (size_t y = piece * ROWS; y < end_of_rows (g, piece); y++)
    for (size_t x = 0; x < width; x++)
      g->alpha[y * width + x] = (uint16_t) (g->mask.data[y * g->mask.stride + x] * 257u);
}

/* Raises alpha by the distances. */
static void
raise_rows (void *user, size_t piece, int worker)
{
  const Growing *g = user;
  const size_t width = g->region.width;
  const float reach = g->beyond + (g->feather > 0.0f ? g->feather + 1.0f : 0.0f);
  const int32_t far = (int32_t) (reach * reach);

  for (size_t i = piece * ROWS * width; i < end_of_rows (g, piece) * width; i++) {
    if (g->distance[i] > far)
      continue;
    const float beyond = sqrtf ((float) g->distance[i]) - g->beyond;
    const float t = beyond <= 0.0f ? 1.0f : g->feather > 0.0f ? 1.0f - beyond / (g->feather + 1.0f) : 0.0f;
    const uint16_t alpha = t > 0.0f ? (uint16_t) (t * t * (3.0f - 2.0f * t) * 65535.0f + 0.5f) : 0;
    g->alpha[i] = alpha > g->alpha[i] ? alpha : g->alpha[i];
  }
}

/* plane: how many levels of thickness a masked pixel has the depth for: the centres of the discs that fit. */
static void
level_rows (void *user, size_t piece, int worker)
{
  const Growing *g = user;
  const size_t width = g->region.width;

  for (size_t i = piece * ROWS * width; i < end_of_rows (g, piece) * width; i++) {
    uint8_t level = 0;
    while (level < LEVELS && g->distance[i] > RADIUS_OF (level + 1) * RADIUS_OF (level + 1))
      level++;
    g->plane[i] = level;
  }
}

static bool
is_transparent (const LimnPixels *photo, size_t x, size_t y)
{
  const uint8_t *row = (const uint8_t *) photo->data + y * photo->stride;

  return photo->depth == 16 ? ((const uint16_t *) (const void *) row)[4 * x + 3] == 0 : row[4 * x + 3] == 0;
}

/* A transparent pixel has no colour to mix with: it is replaced wholly or not at all. */
static void
finish_rows (void *user, size_t piece, int worker)
{
  const Growing *g = user;
  const size_t width = g->region.width;

  for (size_t y = piece * ROWS; y < end_of_rows (g, piece); y++)
    for (size_t x = 0; x < width; x++) {
      uint16_t *alpha = g->alpha + y * width + x;
      if (*alpha > 0 && *alpha < UINT16_MAX && is_transparent (g->photo, g->region.x + x, g->region.y + y))
        *alpha = *alpha > UINT16_MAX / 2 ? UINT16_MAX : 0;
    }
}

/* -- Growing -- */

/* Raises alpha to 1 within beyond pixels of the set, those of plane that are at least least, and over feather pixels from there on. */
static LimnStatus
raise_around (Growing *g, const LimnMask *plane, uint8_t least, float beyond, float feather, LimnError *error)
{
  const int reach = (int) ceilf (beyond + (feather > 0.0f ? feather + 1.0f : 0.0f));

  g->beyond = beyond;
  g->feather = feather;
  LIMN_TRY (limn_squared_distances (g->distance, plane, least, LIMN_DISTANCE_TO_SET, reach, g->pool, error));
  return run_rows (g, raise_rows, error);
}

static LimnMask
plane_of (const Growing *g)
{
  return (LimnMask){ .data = g->plane, .width = g->region.width, .height = g->region.height, .stride = g->region.width };
}

static uint8_t
highest_in (const Growing *g)
{
  uint8_t highest = 0;

  for (size_t i = 0; i < g->region.width * g->region.height; i++)
    highest = g->plane[i] > highest ? g->plane[i] : highest;
  return highest;
}

/* What a disc of a level's radius fits into is grown and feathered by that level. Less than 0: by the level, else by this much. */
static LimnStatus
grow_by_thickness (Growing *g, float grow, float feather, LimnError *error)
{
  const LimnMask plane = plane_of (g);

  LIMN_TRY (limn_squared_distances (g->distance, &g->mask, 128, LIMN_DISTANCE_TO_OUTSIDE, RADIUS_OF (LEVELS), g->pool, error));
  LIMN_TRY (run_rows (g, level_rows, error));
  for (uint8_t level = highest_in (g); level > 0; level--)
    LIMN_TRY (raise_around (g, &plane, level, (float) RADIUS_OF (level) + (grow < 0.0f ? (float) level : grow),
                            feather < 0.0f ? (float) level : feather, error));
  return LIMN_OK;
}

/* What shows on beyond the mask's edge, softened or blurred, is covered too. */
static LimnStatus
grow_by_fringe (Growing *g, float feather, LimnError *error)
{
  const LimnMask plane = plane_of (g);

  LIMN_TRY (limn_fill_fringe (g->plane, g->photo, &g->mask, &g->region, g->pool, error));
  for (uint8_t width = highest_in (g); width > 0; width--)
    LIMN_TRY (raise_around (g, &plane, width, (float) width, limn_max (feather, 0.0f), error));
  return LIMN_OK;
}

static LimnStatus
grow_mask (Growing *g, float grow, float feather, LimnError *error)
{
  LIMN_TRY (run_rows (g, begin_rows, error));
  LIMN_TRY (raise_around (g, &g->mask, 128, limn_max (grow, 0.0f), limn_max (feather, 0.0f), error));
  if (grow < 0.0f || feather < 0.0f)
    LIMN_TRY (grow_by_thickness (g, grow, feather, error));
  if (grow < 0.0f)
    LIMN_TRY (grow_by_fringe (g, feather, error));
  return run_rows (g, finish_rows, error);
}

/* Shrinks the region to the pixels whose alpha isn't 0. False if there are none. */
static bool
trim_region (LimnFillArea *area)
{
  const LimnRegion from = area->region;
  LimnRegion to;

  if (!find_bounds (area->alpha, from.width, from.height, from.width * sizeof *area->alpha, sizeof *area->alpha, &to))
    return false;
  area->region = (LimnRegion){ from.x + to.x, from.y + to.y, to.width, to.height };
  for (size_t y = 0; y < to.height; y++)
    memmove (area->alpha + y * to.width, area->alpha + (to.y + y) * from.width + to.x, to.width * sizeof *area->alpha);
  return true;
}

static bool
is_reach (float pixels)
{
  return pixels == LIMN_AUTOMATIC || (pixels >= 0.0f && pixels <= LARGEST_REACH);
}

static float
most_of (float pixels)
{
  return pixels < 0.0f ? LIMN_FILL_AUTOMATIC_REACH : pixels;
}

LimnStatus
limn_fill_area_new (LimnFillArea *area, const LimnPixels *photo, const LimnMask *mask, float grow, float feather, LimnPool *pool,
                    LimnError *error)
{
  Growing g = { .photo = photo, .pool = pool };
  LimnStatus status;

  *area = (LimnFillArea){ 0 };
  LIMN_TRY (limn_check_size (photo, mask->width, mask->height, "The mask is", error));
  if (!is_reach (grow) || !is_reach (feather))
    return limn_fail (error, LIMN_BAD_INPUT, "Grow and feather must be automatic or from 0 to %d pixels.", LARGEST_REACH);
  if (!find_bounds (mask->data, mask->width, mask->height, mask->stride, 1, &g.region))
    return limn_fail (error, LIMN_BAD_INPUT, "The mask is empty: paint over what should go.");
  g.region = inflate_region (g.region, (size_t) ceilf (most_of (grow) + most_of (feather)) + 1, photo->width, photo->height);
  g.mask = (LimnMask){ mask->data + g.region.y * mask->stride + g.region.x, g.region.width, g.region.height, mask->stride };

  g.distance = limn_alloc (g.region.width, g.region.height, 1, sizeof *g.distance);
  g.plane = limn_alloc (g.region.width, g.region.height, 1, 1);
  g.alpha = limn_alloc (g.region.width, g.region.height, 1, sizeof *g.alpha);
  status = g.distance && g.plane && g.alpha ? grow_mask (&g, grow, feather, error)
                                            : limn_fail_memory (error, g.region.width * g.region.height * (sizeof *g.distance + 3));
  free (g.distance);
  free (g.plane);
  *area = (LimnFillArea){ .region = g.region, .alpha = g.alpha };
  if (status == LIMN_OK && !trim_region (area))
    status = limn_fail (error, LIMN_BAD_INPUT, "The mask is empty: paint over what should go.");
  if (status != LIMN_OK)
    limn_fill_area_clear (area);
  return status;
}

void
limn_fill_area_clear (LimnFillArea *area)
{
  free (area->alpha);
  free (area->thin);
  *area = (LimnFillArea){ 0 };
}
