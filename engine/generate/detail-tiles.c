/* A whole picture by detail: overlapping tiles, blended by weights that fall linearly over the overlap.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/imaging/resample.h"

/* In low pixels: a tile's largest side, the least overlap of two tiles, and the side to which smaller pictures are extended by
 * mirroring. */
enum { LARGEST = 144, OVERLAP = 8, SMALLEST = 16, ENLARGED = LIMN_DETAIL_SCALE };

static size_t
round_up (size_t n, size_t multiple)
{
  return (n + multiple - 1) / multiple * multiple;
}

/* Division of one side of size low pixels into as few overlapping tiles as possible, each tile long. The first starts at 0, the last
 * ends at the border. */
typedef struct {
  size_t size, tile, count;
} Division;

static Division
divide_side (size_t size, size_t multiple)
{
  size_t count = size <= LARGEST ? 1 : (size - OVERLAP + LARGEST - OVERLAP - 1) / (LARGEST - OVERLAP);
  size_t tile = (size + (count - 1) * OVERLAP + count - 1) / count;

  return (Division){ size, round_up (tile < SMALLEST ? SMALLEST : tile, multiple), count };
}

static size_t
tile_start (const Division *side, size_t i)
{
  return side->count > 1 ? i * (side->size - side->tile) / (side->count - 1) : 0;
}

/* Weight of enlarged pixel x of tile i: rises over the overlap with the previous tile, falls over that with the next. */
static float
tile_weight (const Division *side, size_t i, size_t x)
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

/* Index in [0, size), mirrored beyond the end. */
static size_t
mirrored (size_t position, size_t size)
{
  size_t p = position % (2 * size);

  return p < size ? p : 2 * size - 1 - p;
}

static LimnStatus
crop_mirrored (LimnImage *out, const LimnImage *in, size_t x, size_t y, size_t width, size_t height, LimnError *error)
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
  const LimnDetailInput *input;
  Division across, down;
  size_t top;        /* first row that sum and weights hold; they hold a tile's height, or the whole picture's if that is less */
  LimnImage sum;     /* of weighted tiles */
  LimnImage weights; /* their sum */
  float *columns;    /* [a tile's width]: horizontal weights of the current tile */
  LimnTakeRows take;
  void *user;
  LimnStats *stats;
  const LimnControl *control;
} Tiling;

static bool
is_wanted (const Tiling *t, size_t x, size_t y)
{
  size_t right, bottom;

  if (!t->input->wanted)
    return true;
  right = limn_size_min (ENLARGED * (x + t->across.tile), t->input->wanted->width);
  bottom = limn_size_min (ENLARGED * (y + t->down.tile), t->input->wanted->height);
  for (size_t v = ENLARGED * y; v < bottom; v++)
    for (size_t u = ENLARGED * x; u < right; u++)
      if (t->input->wanted->data[v * t->input->wanted->width + u] > 0)
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
  const size_t y0 = ENLARGED * tile_start (&t->down, j), height = ENLARGED * t->input->low->height;
  Adding adding = { .tiling = t, .tile = tile, .i = i, .j = j };

  for (size_t u = 0; u < tile->width; u++)
    t->columns[u] = tile_weight (&t->across, i, u);
  return limn_pool_try (t->engine->pool, limn_size_min (tile->height, height - y0), add_row, &adding, error);
}

static LimnStatus
run_tile (Tiling *t, size_t i, size_t j, LimnError *error)
{
  const LimnDetailInput *whole = t->input;
  const size_t x = tile_start (&t->across, i), y = tile_start (&t->down, j), width = t->across.tile, height = t->down.tile;
  const LimnControl silent = limn_without_progress (t->control);
  LIMN_SCOPED_IMAGE low = { 0 }, exact = { 0 }, known = { 0 }, out = { 0 };
  LimnDetailInput input = { .low = &low,
                            .level = whole->level,
                            .origin_x = whole->origin_x + (ptrdiff_t) x,
                            .origin_y = whole->origin_y + (ptrdiff_t) y,
                            .sampling = whole->sampling };

  LIMN_TRY (crop_mirrored (&low, whole->low, x, y, width, height, error));
  if (whole->known) {
    LIMN_TRY (crop_mirrored (&exact, whole->exact, ENLARGED * x, ENLARGED * y, ENLARGED * width, ENLARGED * height, error));
    LIMN_TRY (crop_mirrored (&known, whole->known, ENLARGED * x, ENLARGED * y, ENLARGED * width, ENLARGED * height, error));
    input.exact = &exact;
    input.known = &known;
  }
  LIMN_TRY (limn_detail_run (t->engine, &input, &out, t->stats, &silent, error));
  return add_tile (t, &out, i, j, error);
}

/* The bicubic anchor of rows [t->top, t->top + rows), without known pixels. */
static LimnStatus
anchor_rows (const Tiling *t, LimnImage *anchor, size_t rows, LimnError *error)
{
  const size_t width = t->sum.width;

  return limn_resample_rows (anchor, t->top, rows, t->input->low, 0, t->input->low->height, width, ENLARGED * t->input->low->height,
                             LIMN_FILTER_BICUBIC, t->engine->pool, error);
}

typedef struct {
  Tiling *tiling;
  const LimnImage *anchor;
} Finishing;

/* Divides by the weights; pixels in no tile get the anchor and the known pixels. */
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
        sum[3 * i + c] = t->input->known ? anchor[3 * i + c] + t->input->known->data[first + i] *
                                                                 (t->input->exact->data[3 * (first + i) + c] - anchor[3 * i + c])
                                         : anchor[3 * i + c];
}

/* Passes on the rows above end, which no later tile touches, and moves the window down. */
static LimnStatus
finish_rows (Tiling *t, size_t end, LimnError *error)
{
  const size_t width = t->sum.width, rows = end - t->top, height = ENLARGED * t->input->low->height;
  const size_t kept = t->sum.height - rows;
  const LimnImage view = { .width = width, .height = rows, .channels = 3, .data = t->sum.data };
  LIMN_SCOPED_IMAGE anchor = { 0 };
  Finishing finishing = { t, &anchor };

  if (t->input->wanted)
    LIMN_TRY (anchor_rows (t, &anchor, rows, error));
  LIMN_TRY (limn_pool_try (t->engine->pool, rows, finish_row, &finishing, error));
  LIMN_TRY (t->take (t->user, t->top, &view, error));
  if (end == height)
    return LIMN_OK;
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
      limn_report (t->control, (double) (j * t->across.count + i + 1) / (double) tiles);
    }
    LIMN_TRY (finish_rows (t, ENLARGED * (j + 1 < t->down.count ? tile_start (&t->down, j + 1) : t->input->low->height), error));
  }
  return LIMN_OK;
}

LimnStatus
limn_detail_rows (LimnEngine *engine, const LimnDetailInput *input, LimnTakeRows take, void *user, LimnStats *stats,
                  const LimnControl *control, LimnError *error)
{
  const size_t multiple = engine->detail ? (size_t) ENLARGED << (limn_model_config (engine->detail)->levels - 1) : ENLARGED;
  Tiling t = { .engine = engine,
               .input = input,
               .across = divide_side (input->low->width, multiple),
               .down = divide_side (input->low->height, multiple),
               .take = take,
               .user = user,
               .stats = stats,
               .control = control };
  size_t width, height;
  LimnStatus status;

  if (!limn_size_mul (ENLARGED, input->low->width, 1, &width) || !limn_size_mul (ENLARGED, input->low->height, 1, &height))
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
