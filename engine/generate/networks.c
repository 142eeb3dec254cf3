/* The two networks as the edits see them: conditioning in the trained channel order, anchors, tiles and their blending.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "networks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/imaging/minmax.h"
#include "engine/imaging/resample.h"

/* In low pixels: the largest side of a tile, the least overlap of two, and the side that smaller pictures are mirrored to. */
enum { LARGEST = 144, OVERLAP = 8, SMALLEST = 16, ENLARGED = 4 };

static size_t
round_up (size_t n, size_t multiple)
{
  return (n + multiple - 1) / multiple * multiple;
}

/* ---------------------------------------------------------------- base */

size_t
limn_base_multiple (const LimnEngine *engine)
{
  if (!engine->base)
    return 1;
  return (size_t) limn_model_meta (engine->base)->space_to_depth << (limn_model_config (engine->base)->levels - 1);
}

/* Colours and mask of the pixels that are the photo's own. */
static LimnStatus
exact_pixels (LimnImage *exact, LimnImage *known, const LimnImage *planes, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (exact, planes->width, planes->height, 3, error));
  LIMN_TRY (limn_image_alloc (known, planes->width, planes->height, 1, error));
  for (size_t i = 0; i < planes->width * planes->height; i++) {
    memcpy (exact->data + 3 * i, planes->data + i * LIMN_BASE_PLANES, 3 * sizeof (float));
    known->data[i] = planes->data[i * LIMN_BASE_PLANES + 3];
  }
  return LIMN_OK;
}

LimnStatus
limn_base_run (LimnEngine *engine, const LimnImage *planes, const LimnImage *start, float strength, const LimnSampling *sampling,
               LimnImage *rgb, LimnStats *stats, const LimnControl *control, LimnError *error)
{
  LimnImage anchor = { 0 }, condition = { 0 }, exact = { 0 }, known = { 0 };
  const LimnModelMeta *meta;
  LimnStatus status;

  memset (rgb, 0, sizeof *rgb);
  if (!engine->base)
    return limn_fail (error, LIMN_BAD_MODEL, "This edit needs the base network: choose a models folder that has base.safetensors.");
  meta = limn_model_meta (engine->base);
  status = limn_base_anchor (&anchor, planes, error);
  if (status == LIMN_OK)
    status = limn_pixel_unshuffle (&condition, planes, (size_t) meta->space_to_depth, error);
  if (status == LIMN_OK && sampling->steps > 1)
    status = exact_pixels (&exact, &known, planes, error);
  if (status == LIMN_OK) {
    float sigma = limn_max (meta->sigma_max * powf (strength, 4), 4 * meta->sigma_min);
    LimnSampleInput input = {
      .start = start, .anchor = &anchor, .condition = &condition, .sigma = limn_min (sigma, meta->sigma_max), .sampling = sampling
    };
    if (sampling->steps > 1) {
      input.exact = &exact;
      input.known = &known;
    }
    status = limn_model_sample (engine->base, engine->pool, &input, rgb, stats, control, error);
  }
  limn_image_clear (&anchor);
  limn_image_clear (&condition);
  limn_image_clear (&exact);
  limn_image_clear (&known);
  return status;
}

/* ---------------------------------------------------------------- one detail tile */

/* a = bicubic enlargement, known pixels put in. */
static LimnStatus
detail_anchor (LimnImage *anchor, const LimnImage *low, const LimnImage *exact, const LimnImage *known, LimnPool *pool, LimnError *error)
{
  LIMN_TRY (limn_resample (anchor, low, ENLARGED * low->width, ENLARGED * low->height, LIMN_FILTER_BICUBIC, pool, error));
  for (size_t i = 0; known && i < anchor->width * anchor->height * 3; i++)
    anchor->data[i] += known->data[i / 3] * (exact->data[i] - anchor->data[i]);
  return LIMN_OK;
}

/* Known colours (zero where unknown), their mask, the low resolution and its noise level, a grid cell each. */
static LimnStatus
detail_condition (LimnImage *condition, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known, LimnError *error)
{
  const size_t cells = ENLARGED * ENLARGED;

  LIMN_TRY (limn_image_new (condition, low->width, low->height, 4 * cells + 4, error));
  for (size_t y = 0; y < low->height; y++)
    for (size_t x = 0; x < low->width; x++) {
      float *cell = condition->data + (y * low->width + x) * condition->channels;

      for (size_t k = 0; known && k < cells; k++) {
        size_t at = (y * ENLARGED + k / ENLARGED) * known->width + x * ENLARGED + k % ENLARGED;
        for (size_t c = 0; c < 3; c++)
          cell[c * cells + k] = known->data[at] * exact->data[3 * at + c];
        cell[3 * cells + k] = known->data[at];
      }
      memcpy (cell + 4 * cells, low->data + (y * low->width + x) * 3, 3 * sizeof *cell);
      cell[4 * cells + 3] = 4 * level;
    }
  return LIMN_OK;
}

LimnStatus
limn_detail_run (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known, ptrdiff_t origin_x,
                 ptrdiff_t origin_y, const LimnSampling *sampling, LimnImage *rgb, LimnStats *stats, const LimnControl *control,
                 LimnError *error)
{
  LimnImage anchor = { 0 }, condition = { 0 };
  LimnStatus status;

  memset (rgb, 0, sizeof *rgb);
  if (!engine->detail)
    return limn_fail (error, LIMN_BAD_MODEL, "This edit needs the detail network: choose a models folder that has detail.safetensors.");
  if (limn_model_meta (engine->detail)->space_to_depth != ENLARGED)
    return limn_fail (error, LIMN_BAD_MODEL, "The detail network enlarges %d times; only 4 can be used.",
                      limn_model_meta (engine->detail)->space_to_depth);
  status = detail_anchor (&anchor, low, exact, known, engine->pool, error);
  if (status == LIMN_OK)
    status = detail_condition (&condition, low, level, exact, known, error);
  if (status == LIMN_OK) {
    LimnSampleInput input = { .anchor = &anchor,
                              .condition = &condition,
                              .exact = exact,
                              .known = known,
                              .sampling = sampling,
                              .origin_x = origin_x,
                              .origin_y = origin_y };
    status = limn_model_sample (engine->detail, engine->pool, &input, rgb, stats, control, error);
  }
  if (status == LIMN_OK && stats)
    stats->tiles++;
  limn_image_clear (&anchor);
  limn_image_clear (&condition);
  return status;
}

/* ---------------------------------------------------------------- a picture in tiles */

/* Tiles along one side of size low pixels: as few as may be, each tile long; the first begins at 0, the last ends at the border. */
typedef struct {
  size_t size, tile, count;
} Side;

static Side
divide (size_t size, size_t multiple)
{
  size_t count = size <= LARGEST ? 1 : (size - OVERLAP + LARGEST - OVERLAP - 1) / (LARGEST - OVERLAP);
  size_t tile = (size + (count - 1) * OVERLAP + count - 1) / count;

  return (Side){ size, round_up (tile < SMALLEST ? SMALLEST : tile, multiple), count };
}

static size_t
tile_start (const Side *side, size_t i)
{
  return side->count > 1 ? i * (side->size - side->tile) / (side->count - 1) : 0;
}

/* The weight of enlarged pixel x of tile i: rises over the overlap with the tile before, falls over that with the next. */
static float
tile_weight (const Side *side, size_t i, size_t x)
{
  size_t start = tile_start (side, i);
  float weight = 1;

  if (i > 0) {
    float overlap = (float) (ENLARGED * (tile_start (side, i - 1) + side->tile - start));
    weight = limn_min (weight, ((float) x + 0.5f) / overlap);
  }
  if (i + 1 < side->count) {
    float overlap = (float) (ENLARGED * (start + side->tile - tile_start (side, i + 1)));
    weight = limn_min (weight, ((float) (ENLARGED * side->tile - x) - 0.5f) / overlap);
  }
  return weight;
}

/* The index in [0, size) that position shows, mirrored past the end. */
static size_t
mirrored (size_t position, size_t size)
{
  size_t p = position % (2 * size);

  return p < size ? p : 2 * size - 1 - p;
}

static LimnStatus
crop (LimnImage *out, const LimnImage *in, size_t x, size_t y, size_t width, size_t height, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (out, width, height, in->channels, error));
  for (size_t v = 0; v < height; v++)
    for (size_t u = 0; u < width; u++)
      memcpy (out->data + (v * width + u) * in->channels,
              in->data + (mirrored (y + v, in->height) * in->width + mirrored (x + u, in->width)) * in->channels,
              in->channels * sizeof (float));
  return LIMN_OK;
}

typedef struct {
  LimnEngine *engine;
  const LimnImage *low, *exact, *known, *wanted;
  float level;
  ptrdiff_t origin_x, origin_y; /* low pixels */
  const LimnSampling *sampling;
  Side across, down;
  size_t top;        /* the first of the rows that sum and weights hold: as many as a tile has, where there are as many */
  LimnImage sum;     /* of weighted tiles */
  LimnImage weights; /* their sum */
  float *columns;    /* [a tile's width]: the weights of the present tile's */
  LimnTakeRows take;
  void *user;
  LimnStats *stats;
  const LimnControl *control;
} Tiling;

static bool
is_wanted (const Tiling *t, size_t x, size_t y)
{
  size_t right, bottom;

  if (!t->wanted)
    return true;
  right = limn_size_min (ENLARGED * (x + t->across.tile), t->wanted->width);
  bottom = limn_size_min (ENLARGED * (y + t->down.tile), t->wanted->height);
  for (size_t v = ENLARGED * y; v < bottom; v++)
    for (size_t u = ENLARGED * x; u < right; u++)
      if (t->wanted->data[v * t->wanted->width + u] > 0)
        return true;
  return false;
}

typedef struct {
  Tiling *tiling;
  const LimnImage *tile;
  size_t i, j;
} Adding;

static void
add_row (void *user, size_t v, int worker)
{
  const Adding *a = user;
  Tiling *t = a->tiling;
  const size_t width = t->sum.width, x0 = ENLARGED * tile_start (&t->across, a->i);
  const size_t count = limn_size_min (a->tile->width, width - x0), at = (ENLARGED * tile_start (&t->down, a->j) - t->top + v) * width + x0;
  const float row_weight = tile_weight (&t->down, a->j, v), *from = a->tile->data + v * a->tile->width * 3;
  float *sum = t->sum.data + 3 * at, *weights = t->weights.data + at;

  for (size_t u = 0; u < count; u++) {
    const float weight = row_weight * t->columns[u];

    for (size_t c = 0; c < 3; c++)
      sum[3 * u + c] += weight * from[3 * u + c];
    weights[u] += weight;
  }
}

static LimnStatus
add_tile (Tiling *t, const LimnImage *tile, size_t i, size_t j, LimnError *error)
{
  const size_t y0 = ENLARGED * tile_start (&t->down, j), height = ENLARGED * t->low->height;
  Adding adding = { .tiling = t, .tile = tile, .i = i, .j = j };

  for (size_t u = 0; u < tile->width; u++)
    t->columns[u] = tile_weight (&t->across, i, u);
  return limn_pool_try (t->engine->pool, limn_size_min (tile->height, height - y0), add_row, &adding, error);
}

static LimnStatus
run_tile (Tiling *t, size_t i, size_t j, LimnError *error)
{
  size_t x = tile_start (&t->across, i), y = tile_start (&t->down, j), width = t->across.tile, height = t->down.tile;
  LimnImage low = { 0 }, exact = { 0 }, known = { 0 }, out = { 0 };
  const LimnControl silent = { .cancel = t->control ? t->control->cancel : NULL };
  LimnStatus status;

  status = crop (&low, t->low, x, y, width, height, error);
  if (status == LIMN_OK && t->known)
    status = crop (&exact, t->exact, ENLARGED * x, ENLARGED * y, ENLARGED * width, ENLARGED * height, error);
  if (status == LIMN_OK && t->known)
    status = crop (&known, t->known, ENLARGED * x, ENLARGED * y, ENLARGED * width, ENLARGED * height, error);
  if (status == LIMN_OK)
    status = limn_detail_run (t->engine, &low, t->level, t->known ? &exact : NULL, t->known ? &known : NULL,
                              ENLARGED * (t->origin_x + (ptrdiff_t) x), ENLARGED * (t->origin_y + (ptrdiff_t) y), t->sampling, &out,
                              t->stats, &silent, error);
  if (status == LIMN_OK)
    status = add_tile (t, &out, i, j, error);
  limn_image_clear (&low);
  limn_image_clear (&exact);
  limn_image_clear (&known);
  limn_image_clear (&out);
  return status;
}

/* The anchor of rows [t->top, t->top + rows), without known pixels. */
static LimnStatus
anchor_rows (const Tiling *t, LimnImage *anchor, size_t rows, LimnError *error)
{
  const size_t width = t->sum.width;

  return limn_resample_rows (anchor, t->top, rows, t->low, 0, t->low->height, width, ENLARGED * t->low->height, LIMN_FILTER_BICUBIC,
                             t->engine->pool, error);
}

typedef struct {
  Tiling *tiling;
  const LimnImage *anchor;
} Finishing;

/* Divides by the weights; what no tile covers is the anchor, with the known pixels. */
static void
finish_row (void *user, size_t y, int worker)
{
  const Finishing *f = user;
  const Tiling *t = f->tiling;
  const size_t width = t->sum.width, first = (t->top + y) * width;
  const float *weights = f->tiling->weights.data + y * width, *anchor = f->anchor->data ? f->anchor->data + 3 * y * width : NULL;
  float *sum = f->tiling->sum.data + 3 * y * width;

  for (size_t i = 0; i < width; i++)
    for (size_t c = 0; c < 3; c++)
      if (weights[i] > 0)
        sum[3 * i + c] /= weights[i];
      else
        sum[3 * i + c] = t->known
                           ? anchor[3 * i + c] + t->known->data[first + i] * (t->exact->data[3 * (first + i) + c] - anchor[3 * i + c])
                           : anchor[3 * i + c];
}

/* Hands on the rows above end, which no later tile touches, and makes room for as many more. */
static LimnStatus
finish_rows (Tiling *t, size_t end, LimnError *error)
{
  const size_t width = t->sum.width, rows = end - t->top, height = ENLARGED * t->low->height;
  const size_t kept = t->sum.height - rows;
  const LimnImage view = { .width = width, .height = rows, .channels = 3, .data = t->sum.data };
  LimnImage anchor = { 0 };
  Finishing finishing = { t, &anchor };
  LimnStatus status = t->wanted ? anchor_rows (t, &anchor, rows, error) : LIMN_OK;

  if (status == LIMN_OK)
    status = limn_pool_try (t->engine->pool, rows, finish_row, &finishing, error);
  if (status == LIMN_OK)
    status = t->take (t->user, t->top, &view, error);
  limn_image_clear (&anchor);
  if (status != LIMN_OK || end == height)
    return status;
  memmove (t->sum.data, t->sum.data + 3 * rows * width, 3 * kept * width * sizeof (float));
  memmove (t->weights.data, t->weights.data + rows * width, kept * width * sizeof (float));
  memset (t->sum.data + 3 * kept * width, 0, 3 * rows * width * sizeof (float));
  memset (t->weights.data + kept * width, 0, rows * width * sizeof (float));
  t->top = end;
  return LIMN_OK;
}

static LimnStatus
run_tiles (Tiling *t, LimnError *error)
{
  const size_t tiles = t->across.count * t->down.count;

  for (size_t j = 0; j < t->down.count; j++) {
    for (size_t i = 0; i < t->across.count; i++) {
      if (is_wanted (t, tile_start (&t->across, i), tile_start (&t->down, j)))
        LIMN_TRY (run_tile (t, i, j, error));
      if (t->control && t->control->progress)
        t->control->progress (t->control->user, (double) (j * t->across.count + i + 1) / (double) tiles);
    }
    LIMN_TRY (finish_rows (t, ENLARGED * (j + 1 < t->down.count ? tile_start (&t->down, j + 1) : t->low->height), error));
  }
  return LIMN_OK;
}

LimnStatus
limn_detail_rows (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known,
                  const LimnImage *wanted, ptrdiff_t origin_x, ptrdiff_t origin_y, const LimnSampling *sampling, LimnTakeRows take,
                  void *user, LimnStats *stats, const LimnControl *control, LimnError *error)
{
  size_t multiple = engine->detail ? (size_t) ENLARGED << (limn_model_config (engine->detail)->levels - 1) : ENLARGED;
  Tiling t = { .engine = engine,
               .low = low,
               .exact = exact,
               .known = known,
               .wanted = wanted,
               .level = level,
               .origin_x = origin_x,
               .origin_y = origin_y,
               .sampling = sampling,
               .across = divide (low->width, multiple),
               .down = divide (low->height, multiple),
               .take = take,
               .user = user,
               .stats = stats,
               .control = control };
  size_t width, height;
  LimnStatus status;

  if (!limn_size_mul (ENLARGED, low->width, 1, &width) || !limn_size_mul (ENLARGED, low->height, 1, &height))
    return limn_fail_memory (error, SIZE_MAX);
  height = limn_size_min (height, ENLARGED * t.down.tile);
  t.columns = limn_alloc (ENLARGED, t.across.tile, 1, sizeof *t.columns);
  status = t.columns ? limn_image_new (&t.sum, width, height, 3, error) : limn_fail_memory (error, t.across.tile * 16);
  if (status == LIMN_OK)
    status = limn_image_new (&t.weights, width, height, 1, error);
  if (status == LIMN_OK)
    status = run_tiles (&t, error);
  limn_image_clear (&t.sum);
  limn_image_clear (&t.weights);
  free (t.columns);
  return status;
}
