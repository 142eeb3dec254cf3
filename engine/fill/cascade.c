/* The guide at the photo's own size: the detail network in fourfold steps, the last of which ends at the photo's pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/generate/detail.h"
#include "engine/imaging/resample.h"
#include "job.h"

enum {
  STEP = 4,
  MARGIN = 32, /* photo pixels around the wanted region that the network sees; more where the first step's pixels are larger */
  ROWS = 256,  /* photo rows that are drawn at a time */
};

typedef struct {
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  LimnRegion region; /* in the context, whole cells of the first step; may extend beyond the right and lower edge */
  bool drawn;        /* there is paint or ink, finer than the first step's pixels */
  const LimnRegion *where;
} Cascade;

/* Photo pixels per low pixel of the first step: a power of 4 near the guide's cell. */
static size_t
first_cell (size_t cell)
{
  size_t first = cell > 1 ? STEP : 1;

  while (cell > 2 * first && first > 1)
    first *= STEP;
  return first;
}

bool
limn_fill_can_cascade (const LimnFillJob *job)
{
  return job->engine->detail && limn_model_meta (job->engine->detail)->space_to_depth == STEP;
}

/* Along one axis: extends [start, start + size) of the context by margin and aligns it to cells that are counted from the photo's edge,
 * within the context. context: where the context starts in the photo. */
static void
align_region (size_t start, size_t size, size_t context, size_t context_size, size_t margin, size_t cell, size_t *at, size_t *length)
{
  const size_t from = context + start > margin ? context + start - margin : 0;
  const size_t least = (context + cell - 1) / cell * cell; /* first cell that begins inside the context */
  const size_t x0 = from / cell * cell > least ? from / cell * cell : least;
  const size_t x1 = limn_size_min (context + start + size + margin, context + context_size);

  *at = x0 - context;
  *length = (x1 - x0 + cell - 1) / cell * cell;
}

typedef struct {
  const Cascade *k;
  size_t cell;
  bool whole; /* count only cells of which all pixels are known */
  LimnImage mean, share;
} KnownCells;

static void
average_known_row (void *user, size_t j, int worker)
{
  const KnownCells *s = user;
  const LimnFillJob *job = s->k->job;
  const size_t w = job->rgb.width, h = job->rgb.height, y0 = s->k->region.y + j * s->cell, y1 = limn_size_min (y0 + s->cell, h);

  for (size_t i = 0; i < s->mean.width; i++) {
    const size_t x0 = s->k->region.x + i * s->cell, x1 = limn_size_min (x0 + s->cell, w), at = j * s->mean.width + i;
    float sum[3] = { 0 }, known = 0.0f, count = 0.0f;

    for (size_t y = y0; y < y1; y++)
      for (size_t x = x0; x < x1; x++) {
        count += 1.0f;
        if (job->state[y * w + x] != LIMN_PIXEL_KNOWN)
          continue;
        known += 1.0f;
        for (size_t c = 0; c < 3; c++)
          sum[c] += job->rgb.data[3 * (y * w + x) + c];
      }
    s->share.data[at] = count <= 0.0f || (s->whole && known < count) ? 0.0f : known / count;
    for (size_t c = 0; c < 3; c++)
      s->mean.data[3 * at + c] = known > 0.0f ? sum[c] / known : 0.0f;
  }
}

/* The photo in cells: mean of each cell's known pixels, and their share of the cell. */
static LimnStatus
average_known (KnownCells *s, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (&s->mean, s->k->region.width / s->cell, s->k->region.height / s->cell, 3, error));
  LIMN_TRY (limn_image_alloc (&s->share, s->mean.width, s->mean.height, 1, error));
  return limn_pool_try (s->k->job->engine->pool, s->mean.height, average_known_row, s, error);
}

/* A picture with cell x cell photo pixels per pixel, which may be the part from (x, y) on, and some rows of the drawing at that size. */
typedef struct {
  LimnImage *picture;
  size_t x, y, cell;
  size_t top;            /* first of the rows, in whole-picture coordinates */
  LimnImage fine, drawn; /* the drawing, and its details that are finer than made_at (see add_drawing) */
} Adding;

static void
add_row (void *user, size_t j, int worker)
{
  const Adding *a = user;
  const size_t from = 3 * (j * a->fine.width + a->x), to = 3 * (a->top + j - a->y) * a->picture->width;

  for (size_t i = 0; i < 3 * a->picture->width; i++) {
    float *at = &a->picture->data[to + i];
    const float lacks = a->drawn.data[from + i] - *at, add = a->fine.data[from + i];

    if (lacks * add > 0.0f)
      *at += fabsf (add) < fabsf (lacks) ? add : lacks;
  }
}

typedef struct {
  const LimnImage *from;
  LimnImage *soft;
} Sharpening;

static void
sharpen_row (void *user, size_t j, int worker)
{
  const Sharpening *s = user;
  const size_t count = 3 * s->soft->width;

  for (size_t i = 0; i < count; i++)
    s->soft->data[j * count + i] = s->from->data[j * count + i] - s->soft->data[j * count + i];
}

/* Rows of region: the enlarged guide with the user's paint and ink at the photo's resolution. */
static LimnStatus
draw_rows (const Cascade *k, LimnImage *out, size_t y, size_t rows, LimnError *error)
{
  const LimnRegion part = { k->region.x, k->region.y + y, k->region.width, rows };

  LIMN_TRY (limn_fill_enlarge (out, k->guide, &part, k->job->engine->pool, error));
  return limn_fill_draw (out, k->job, &part, error);
}

/* Fills a's images for rows [top, top + rows). */
static LimnStatus
prepare_rows (const Cascade *k, Adding *a, size_t rows, size_t made_at, LimnError *error)
{
  LimnPool *pool = k->job->engine->pool;
  const size_t height = k->region.height, width = k->region.width / a->cell, reach = made_at / 2;
  size_t first, end;
  LimnImage drawn = { 0 }, soft = { 0 };

  limn_resample_reach (height, height / a->cell, LIMN_FILTER_AREA, a->top, rows, &first, &end);
  const size_t above = first > reach ? first - reach : 0, below = limn_size_min (end + reach, height);
  LimnStatus status = draw_rows (k, &drawn, above, below - above, error);
  if (status == LIMN_OK)
    status = limn_resample_rows (&a->drawn, a->top, rows, &drawn, above, height, width, height / a->cell, LIMN_FILTER_AREA, pool, error);
  if (status == LIMN_OK)
    status = limn_box_mean (&soft, &drawn, reach, pool, error);
  if (status == LIMN_OK) {
    Sharpening sharpening = { &drawn, &soft };
    status = limn_pool_try (pool, soft.height, sharpen_row, &sharpening, error);
  }
  if (status == LIMN_OK)
    status = limn_resample_rows (&a->fine, a->top, rows, &soft, above, height, width, height / a->cell, LIMN_FILTER_AREA, pool, error);
  limn_image_clear (&drawn);
  limn_image_clear (&soft);
  return status;
}

/* Adds to picture the drawing's details at scales between cell (its own pixel size) and made_at (the pixel size it was made from),
 * without overshooting the drawing. picture may be the part from (x, y) on. */
static LimnStatus
add_drawing (const Cascade *k, LimnImage *picture, size_t x, size_t y, size_t cell, size_t made_at, LimnError *error)
{
  const size_t end = y + picture->height, most = ROWS > cell ? ROWS / cell : 1;
  Adding a = { .picture = picture, .x = x, .y = y, .cell = cell };
  LimnStatus status = LIMN_OK;

  for (a.top = y; status == LIMN_OK && a.top < end; a.top += most) {
    const size_t rows = limn_size_min (most, end - a.top);
    status = prepare_rows (k, &a, rows, made_at, error);
    if (status == LIMN_OK)
      status = limn_pool_try (k->job->engine->pool, rows, add_row, &a, error);
    limn_image_clear (&a.fine);
    limn_image_clear (&a.drawn);
  }
  return status;
}

typedef struct {
  const Cascade *k;
  LimnImage *wanted;
  size_t cell;
} Marking;

static void
mark_row (void *user, size_t j, int worker)
{
  const Marking *m = user;
  const LimnFillJob *job = m->k->job;
  const LimnRegion *where = m->k->where, *region = &m->k->region;
  const size_t top = region->y + j * m->cell, y1 = limn_size_min (top + m->cell, where->y + where->height);
  float *to = m->wanted->data + j * m->wanted->width;

  memset (to, 0, m->wanted->width * sizeof *to);
  for (size_t y = top > where->y ? top : where->y; y < y1; y++)
    for (size_t x = where->x; x < where->x + where->width; x++)
      if (job->state[y * job->rgb.width + x] == LIMN_PIXEL_TARGET)
        to[(x - region->x) / m->cell] = 1.0f;
}

/* 1 where a cell contains pixels of the hole that are wanted. */
static LimnStatus
mark_wanted (const Cascade *k, LimnImage *wanted, size_t cell, LimnError *error)
{
  Marking m = { k, wanted, cell };

  LIMN_TRY (limn_image_alloc (wanted, k->region.width / cell, k->region.height / cell, 1, error));
  return limn_pool_try (k->job->engine->pool, wanted->height, mark_row, &m, error);
}

/* Composites the known pixels' means over picture, by their share of the cell. */
typedef struct {
  LimnImage *picture;
  const KnownCells *known;
} Compositing;

static void
composite_known_row (void *user, size_t y, int worker)
{
  const Compositing *p = user;
  const size_t count = 3 * p->picture->width;

  for (size_t i = y * count; i < (y + 1) * count; i++) {
    float *at = &p->picture->data[i];
    *at += p->known->share.data[i / 3] * (p->known->mean.data[i] - *at);
    *at = limn_min (limn_max (*at, -1.0f), 1.0f);
  }
}

/* Receives a step's output, or, of the last step, the wanted part of it. */
typedef struct {
  LimnImage *out;
  size_t x, y;
} Receiving;

static LimnStatus
receive_rows (void *user, size_t y, const LimnImage *rows, LimnError *error)
{
  const Receiving *t = user;

  for (size_t j = y > t->y ? y : t->y; j < y + rows->height && j < t->y + t->out->height; j++)
    memcpy (t->out->data + 3 * (j - t->y) * t->out->width, rows->data + 3 * ((j - y) * rows->width + t->x),
            3 * t->out->width * sizeof (float));
  return LIMN_OK;
}

/* Evaluates the network for one step. */
static LimnStatus
run_network (const Cascade *k, LimnImage *picture, size_t cell, Receiving *receiving, LimnStats *stats, LimnError *error)
{
  const LimnFillJob *job = k->job;
  KnownCells exact = { .k = k, .cell = cell / STEP, .whole = true };
  LimnImage wanted = { 0 };
  const LimnDetailInput input = { .low = picture,
                                  .exact = &exact.mean,
                                  .known = &exact.share,
                                  .wanted = &wanted,
                                  .origin_x = (ptrdiff_t) ((job->context.x + k->region.x) / cell),
                                  .origin_y = (ptrdiff_t) ((job->context.y + k->region.y) / cell),
                                  .sampling = &job->options->sampling };
  LimnStatus status = average_known (&exact, error);

  if (status == LIMN_OK)
    status = mark_wanted (k, &wanted, cell / STEP, error);
  if (status == LIMN_OK)
    status = limn_detail_rows (job->engine, &input, receive_rows, receiving, stats, job->control, error);
  limn_image_clear (&exact.mean);
  limn_image_clear (&exact.share);
  limn_image_clear (&wanted);
  return status;
}

/* One step: replaces picture, whose pixels are cell wide, by one with pixels of cell / 4; after the last step it covers only where. */
static LimnStatus
run_step (const Cascade *k, LimnImage *picture, size_t cell, size_t made_at, LimnStats *stats, LimnError *error)
{
  const bool last = cell == STEP;
  KnownCells low = { .k = k, .cell = cell };
  Compositing compositing = { picture, &low };
  LimnImage larger = { 0 };
  Receiving receiving = { &larger, last ? k->where->x - k->region.x : 0, last ? k->where->y - k->region.y : 0 };
  LimnStatus status = k->drawn ? add_drawing (k, picture, 0, 0, cell, made_at, error) : LIMN_OK;

  if (status == LIMN_OK)
    status = average_known (&low, error);
  if (status == LIMN_OK)
    status = limn_pool_try (k->job->engine->pool, picture->height, composite_known_row, &compositing, error);
  limn_image_clear (&low.mean);
  limn_image_clear (&low.share);
  if (status == LIMN_OK)
    status = limn_image_alloc (&larger, last ? k->where->width : STEP * picture->width, last ? k->where->height : STEP * picture->height, 3,
                               error);
  if (status == LIMN_OK)
    status = run_network (k, picture, cell, &receiving, stats, error);
  limn_image_clear (picture);
  *picture = larger;
  return status;
}

/* The guide, resampled to the first step's cells. */
static LimnStatus
resample_guide (const Cascade *k, LimnImage *picture, size_t cell, LimnError *error)
{
  LimnPool *pool = k->job->engine->pool;
  const size_t width = k->region.width / cell, height = k->region.height / cell, most = ROWS > cell ? ROWS / cell : 1;
  LimnStatus status = LIMN_OK;

  LIMN_TRY (limn_image_alloc (picture, width, height, 3, error));
  for (size_t y = 0; status == LIMN_OK && y < height; y += most) {
    const size_t rows = limn_size_min (most, height - y);
    size_t first, end;
    LimnImage plain = { 0 }, part = { 0 };

    limn_resample_reach (k->region.height, height, LIMN_FILTER_AREA, y, rows, &first, &end);
    const LimnRegion from = { k->region.x, k->region.y + first, k->region.width, end - first };
    status = limn_fill_enlarge (&plain, k->guide, &from, pool, error);
    if (status == LIMN_OK)
      status = limn_resample_rows (&part, y, rows, &plain, first, k->region.height, width, height, LIMN_FILTER_AREA, pool, error);
    if (status == LIMN_OK)
      memcpy (picture->data + 3 * y * width, part.data, 3 * rows * width * sizeof (float));
    limn_image_clear (&plain);
    limn_image_clear (&part);
  }
  return status;
}

static LimnStatus
run_cascade (const Cascade *k, LimnImage *picture, size_t first, LimnStats *stats, LimnError *error)
{
  size_t made_at = k->guide->cell;

  LIMN_TRY (resample_guide (k, picture, first, error));
  for (size_t cell = first; cell > 1; cell /= STEP) {
    LIMN_TRY (run_step (k, picture, cell, made_at, stats, error));
    made_at = cell;
  }
  return k->drawn ? add_drawing (k, picture, k->where->x - k->region.x, k->where->y - k->region.y, 1, made_at, error) : LIMN_OK;
}

LimnStatus
limn_fill_cascade (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, const LimnRegion *where, LimnStats *stats,
                   LimnError *error)
{
  const size_t first = first_cell (guide->cell), margin = 2 * first > MARGIN ? 2 * first : MARGIN;
  Cascade k = { .job = job, .guide = guide, .where = where, .drawn = job->options->paint || job->options->ink };
  LimnStatus status;

  *out = (LimnImage){ 0 };
  if (first == 1)
    return limn_fill_enlarge (out, guide, where, job->engine->pool, error);
  align_region (where->x, where->width, job->context.x, job->context.width, margin, first, &k.region.x, &k.region.width);
  align_region (where->y, where->height, job->context.y, job->context.height, margin, first, &k.region.y, &k.region.height);
  status = run_cascade (&k, out, first, stats, error);
  if (status != LIMN_OK)
    limn_image_clear (out);
  return status;
}
