/* The guide at the photo's own size, by detail: fourfold steps, the last of which ends at the photo's pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fill-job.h"
#include "kernels/resample.h"

enum {
  STEP = 4,
  MARGIN = 32, /* pixels of the photo around what is wanted that detail sees (more where its first pixels are large) */
};

typedef struct {
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  LimnRegion region; /* in the context, of whole cells of the first step; it may reach over the right and lower edge */
  LimnImage drawn;   /* [region][3]: the guide with the user's paint and lines as they are at the photo's size; no data without them */
  const LimnRegion *where;
} Cascade;

/* How many photo pixels one of the first step's low pixels is wide: a power of 4 near the guide's cell. */
static size_t
first_cell (size_t cell)
{
  size_t first = cell > 1 ? STEP : 1;

  while (cell > 2 * first && first > 1)
    first *= STEP;
  return first;
}

static size_t
cut (size_t a, size_t b)
{
  return a < b ? a : b;
}

bool
limn_fill_can_cascade (const LimnFillJob *job)
{
  return job->engine->detail && limn_model_meta (job->engine->detail)->space_to_depth == STEP;
}

/* A stretch of the photo from start (grown by margin) in whole cells that are counted from the photo's edge, from the context's start. */
static void
align (size_t start, size_t size, size_t context, size_t context_size, size_t margin, size_t cell, size_t *at, size_t *length)
{
  const size_t from = context + start > margin ? context + start - margin : 0;
  const size_t least = (context + cell - 1) / cell * cell; /* the first cell that begins inside the context */
  const size_t x0 = from / cell * cell > least ? from / cell * cell : least;
  const size_t x1 = cut (context + start + size + margin, context + context_size);

  *at = x0 - context;
  *length = (x1 - x0 + cell - 1) / cell * cell;
}

typedef struct {
  const Cascade *k;
  size_t cell;
  LimnImage mean, share;
} Seen;

static void
see_row (void *user, size_t j, int worker)
{
  const Seen *s = user;
  const LimnFillJob *job = s->k->job;
  const size_t w = job->rgb.width, h = job->rgb.height, y0 = s->k->region.y + j * s->cell, y1 = cut (y0 + s->cell, h);

  (void) worker;
  for (size_t i = 0; i < s->mean.width; i++) {
    const size_t x0 = s->k->region.x + i * s->cell, x1 = cut (x0 + s->cell, w), at = j * s->mean.width + i;
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
    s->share.data[at] = count > 0.0f ? known / count : 0.0f;
    for (size_t c = 0; c < 3 && known > 0.0f; c++)
      s->mean.data[3 * at + c] = sum[c] / known;
  }
}

/* The photo in cells: the mean of what is known of each, and how large a share that is. */
static LimnStatus
see (Seen *s, LimnError *error)
{
  LIMN_TRY (limn_image_new (&s->mean, s->k->region.width / s->cell, s->k->region.height / s->cell, 3, error));
  LIMN_TRY (limn_image_new (&s->share, s->mean.width, s->mean.height, 1, error));
  return limn_pool_try (s->k->job->engine->pool, s->mean.height, see_row, s, error);
}

/* Brings picture, in which a pixel is cell wide, nearer to the drawing: by what that shows at this size and not at made_at's, the size
 * that picture was made of; and no farther than to the drawing itself. */
static LimnStatus
add_drawing (const Cascade *k, LimnImage *picture, size_t cell, size_t made_at, LimnError *error)
{
  LimnPool *pool = k->job->engine->pool;
  LimnImage soft = { 0 }, fine = { 0 }, drawn = { 0 };
  LimnStatus status;

  LIMN_TRY (limn_box_mean (&soft, &k->drawn, made_at / 2, pool, error));
  for (size_t i = 0; i < soft.width * soft.height * 3; i++)
    soft.data[i] = k->drawn.data[i] - soft.data[i];
  status = limn_resample (&fine, &soft, picture->width, picture->height, LIMN_FILTER_AREA, pool, error);
  limn_image_clear (&soft);
  if (status == LIMN_OK)
    status = limn_resample (&drawn, &k->drawn, picture->width, picture->height, LIMN_FILTER_AREA, pool, error);
  for (size_t i = 0; status == LIMN_OK && i < picture->width * picture->height * 3; i++) {
    const float lacks = drawn.data[i] - picture->data[i], add = fine.data[i];
    if (lacks * add > 0.0f)
      picture->data[i] += fabsf (add) < fabsf (lacks) ? add : lacks;
  }
  limn_image_clear (&fine);
  limn_image_clear (&drawn);
  return status;
}

/* 1 where a pixel of a picture in cells has wanted pixels of the hole. */
static LimnStatus
mark_wanted (const Cascade *k, LimnImage *wanted, size_t cell, LimnError *error)
{
  const LimnFillJob *job = k->job;

  LIMN_TRY (limn_image_new (wanted, k->region.width / cell, k->region.height / cell, 1, error));
  for (size_t y = k->where->y; y < k->where->y + k->where->height; y++)
    for (size_t x = k->where->x; x < k->where->x + k->where->width; x++)
      if (job->state[y * job->rgb.width + x] == LIMN_PIXEL_TARGET)
        wanted->data[(y - k->region.y) / cell * wanted->width + (x - k->region.x) / cell] = 1.0f;
  return LIMN_OK;
}

/* One step: picture, in which a pixel is cell wide, becomes one of cell / 4. made_at: as add_drawing's. */
static LimnStatus
step (const Cascade *k, LimnImage *picture, size_t cell, size_t made_at, LimnStats *stats, LimnError *error)
{
  const LimnFillJob *job = k->job;
  Seen low = { .k = k, .cell = cell }, exact = { .k = k, .cell = cell / STEP };
  LimnImage wanted = { 0 }, larger = { 0 };
  LimnStatus status = see (&low, error);

  if (status == LIMN_OK && k->drawn.data)
    status = add_drawing (k, picture, cell, made_at, error);
  for (size_t i = 0; status == LIMN_OK && i < 3 * picture->width * picture->height; i++) {
    picture->data[i] += low.share.data[i / 3] * (low.mean.data[i] - picture->data[i]);
    picture->data[i] = fminf (fmaxf (picture->data[i], -1.0f), 1.0f);
  }
  if (status == LIMN_OK)
    status = see (&exact, error);
  for (size_t i = 0; status == LIMN_OK && i < exact.share.width * exact.share.height; i++)
    exact.share.data[i] = exact.share.data[i] >= 1.0f ? 1.0f : 0.0f;
  if (status == LIMN_OK)
    status = mark_wanted (k, &wanted, cell / STEP, error);
  if (status == LIMN_OK)
    status = limn_detail_picture (job->engine, picture, 0.0f, &exact.mean, &exact.share, &wanted,
                                  (ptrdiff_t) ((job->context.x + k->region.x) / cell), (ptrdiff_t) ((job->context.y + k->region.y) / cell),
                                  &job->options->sampling, &larger, stats, job->control, error);
  limn_image_clear (&low.mean);
  limn_image_clear (&low.share);
  limn_image_clear (&exact.mean);
  limn_image_clear (&exact.share);
  limn_image_clear (&wanted);
  if (status == LIMN_OK) {
    limn_image_clear (picture);
    *picture = larger;
  }
  return status;
}

static LimnStatus
run (Cascade *k, LimnImage *picture, LimnStats *stats, LimnError *error)
{
  const size_t first = first_cell (k->guide->cell);
  const bool drawn = first > 1 && (k->job->options->paint || k->job->options->ink);
  size_t made_at = k->guide->cell;
  LimnImage plain = { 0 };
  LimnStatus status;

  LIMN_TRY (limn_fill_enlarge (&plain, k->guide, &k->region, k->job->engine->pool, error));
  status = drawn ? limn_image_copy (&k->drawn, &plain, error) : LIMN_OK;
  if (status == LIMN_OK && drawn)
    status = limn_fill_draw (&k->drawn, k->job, &k->region, error);
  if (status == LIMN_OK)
    status = limn_resample (picture, &plain, plain.width / first, plain.height / first, LIMN_FILTER_AREA, k->job->engine->pool, error);
  limn_image_clear (&plain);
  for (size_t cell = first; status == LIMN_OK && cell > 1; cell /= STEP) {
    status = step (k, picture, cell, made_at, stats, error);
    made_at = cell;
  }
  if (status == LIMN_OK && drawn)
    status = add_drawing (k, picture, 1, made_at, error);
  return status;
}

LimnStatus
limn_fill_cascade (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, const LimnRegion *where, LimnStats *stats,
                   LimnError *error)
{
  const size_t first = first_cell (guide->cell), margin = 2 * first > MARGIN ? 2 * first : MARGIN;
  Cascade k = { .job = job, .guide = guide, .where = where };
  LimnImage picture = { 0 };
  LimnStatus status;

  *out = (LimnImage) { 0 };
  align (where->x, where->width, job->context.x, job->context.width, margin, first, &k.region.x, &k.region.width);
  align (where->y, where->height, job->context.y, job->context.height, margin, first, &k.region.y, &k.region.height);
  status = run (&k, &picture, stats, error);
  if (status == LIMN_OK)
    status = limn_image_new (out, where->width, where->height, 3, error);
  for (size_t y = 0; status == LIMN_OK && y < where->height; y++)
    memcpy (out->data + 3 * y * where->width,
            picture.data + 3 * ((where->y - k.region.y + y) * picture.width + where->x - k.region.x), 3 * where->width * sizeof (float));
  limn_image_clear (&picture);
  limn_image_clear (&k.drawn);
  return status;
}
