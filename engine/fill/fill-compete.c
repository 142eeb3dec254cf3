/* What was copied against what detail makes of the guide, region by region.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/imaging/max-flow.h"
#include "engine/imaging/minmax.h"
#include "engine/imaging/resample.h"
#include "fill-fit.h"
#include "fill-job.h"

enum {
  AROUND = 2,       /* blocks around those that detail may win, so that a seam finds its way */
  LEAST_BLOCKS = 2, /* fewer are not worth a network */
  COST_ONE = 1000,  /* what a cost of 1 is in the cut */
};

/* What lacks cost, a block. */
static const float COLOUR = 4.0f, AFAR = 0.5f, LINE = 1.5f, PAINT_EDGE = 0.4f, TEXTURE = 0.7f;
static const float MISFIT = 0.5f;                                /* patches that don't agree with what is around them ... */
static const float MISFIT_PLAIN = 0.16f, MISFIT_TEXTURED = 0.5f; /* ... this far, in plain and in textured surroundings */
/* What is copied is a photograph: something made has to be better by this, and by more where the user said nothing of what it should be. */
static const float MADE = 0.2f, MADE_UNTOLD = 0.5f;
static const float SEAM = 0.5f, SEAM_LENGTH = 0.10f; /* difference of the two pictures where they meet; each meeting */
static const float NEVER = 100.0f;
static const float NEAR_GAIN = 10.0f; /* a pixel is wholly beside a line that covers so much less of a block around it */

typedef struct {
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  LimnImage *copied, *misfit;
  LimnFillFit fit;
  size_t blocks;
  LimnFillLack *lacks;           /* scratch */
  float *copy, *make;            /* [blocks]: costs */
  float *differ;                 /* [blocks][2]: of the two pictures between a block and the next, and the one below */
  bool *open;                    /* [blocks]: detail may win */
  LimnRegion where;              /* in the context: what detail makes */
  LimnImage made;                /* [where][3]: what detail makes */
  LimnImage picture;             /* of limn_fill_lay_region: that among what was copied and the photo */
  LimnImage rgb;                 /* [hole][3]: made by detail in where, copied elsewhere */
  LimnImage labels, mean, share; /* [hole]: whether it is made and whether it is filled; their means; how much of made it takes */
  LimnImage near;                /* [hole]: how near lines are; no data without them */
  bool *wins;                    /* [blocks]: detail does */
} Contest;

static float
cost_of (const Contest *k, size_t block, const LimnFillLack *lack)
{
  const float edge = LINE + (PAINT_EDGE - LINE) * k->fit.painted[block];

  return COLOUR * lack->colour + AFAR * lack->afar + edge * lack->drawing;
}

static float
cost_of_copied (const Contest *k, size_t block, const LimnFillLack *lack)
{
  const float borne = MISFIT_PLAIN + (MISFIT_TEXTURED - MISFIT_PLAIN) * limn_fill_fit_textured (&k->fit, block);

  return cost_of (k, block, lack) + MISFIT * limn_min (limn_fill_fit_mean (&k->fit, k->misfit, block) / borne, 2.0f);
}

static float
cost_of_made (const Contest *k, size_t block, const LimnFillLack *lack)
{
  const float told = limn_max (k->fit.painted[block], k->fit.drawn[block]);

  return cost_of (k, block, lack) + TEXTURE * lack->texture + MADE_UNTOLD + (MADE - MADE_UNTOLD) * told;
}

static void
cost_row (void *user, size_t j, int worker)
{
  const Contest *k = user;

  for (size_t i = j * k->fit.columns; i < (j + 1) * k->fit.columns; i++)
    if (k->fit.share[i] > 0.0f)
      k->copy[i] = cost_of_copied (k, i, &k->lacks[i]);
}

static LimnStatus
measure_copied (Contest *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_measure (&k->fit, k->copied, k->lacks, error));
  LIMN_TRY (limn_pool_try (k->job->engine->pool, k->fit.rows, cost_row, k, error));
  limn_image_clear (k->misfit);
  return LIMN_OK;
}

/* Opens the blocks that detail may win, judged by what it at least lacks, and some around them; false where that is hopeless. */
static bool
find_open (Contest *k)
{
  const size_t columns = k->fit.columns, rows = k->fit.rows, side = k->fit.side;
  size_t hopeful = 0, x0 = columns, x1 = 0, y0 = rows, y1 = 0;

  for (size_t i = 0; i < k->blocks; i++) {
    /* it makes little texture of nothing */
    const LimnFillLack least = { .texture = 0.5f * limn_fill_fit_textured (&k->fit, i) };
    const size_t x = i % columns, y = i / columns;
    if (k->fit.share[i] <= 0.0f || k->copy[i] <= cost_of_made (k, i, &least))
      continue;
    hopeful++;
    for (size_t v = y > AROUND ? y - AROUND : 0; v <= y + AROUND && v < rows; v++)
      for (size_t u = x > AROUND ? x - AROUND : 0; u <= x + AROUND && u < columns; u++)
        if (k->fit.share[v * columns + u] > 0.0f) {
          k->open[v * columns + u] = true;
          x0 = u < x0 ? u : x0;
          x1 = u + 1 > x1 ? u + 1 : x1;
          y0 = v < y0 ? v : y0;
          y1 = v + 1 > y1 ? v + 1 : y1;
        }
  }
  if (hopeful < LEAST_BLOCKS)
    return false;
  const LimnRegion *all = &k->fit.region, lay = limn_fill_lay_region (k->job);
  const size_t left = all->x + x0 * side, top = all->y + y0 * side, right = all->x + x1 * side, bottom = all->y + y1 * side;
  k->where.x = left > lay.x ? left : lay.x;
  k->where.y = top > lay.y ? top : lay.y;
  k->where.width = (right < lay.x + lay.width ? right : lay.x + lay.width) - k->where.x;
  k->where.height = (bottom < lay.y + lay.height ? bottom : lay.y + lay.height) - k->where.y;
  return true;
}

static void
gather_row (void *user, size_t y, int worker)
{
  const Contest *k = user;
  const LimnFillJob *job = k->job;
  const LimnRegion lay = limn_fill_lay_region (job);
  const size_t hx = job->inner.x, hy = job->inner.y;

  for (size_t x = 0; x < lay.width; x++) {
    const size_t cx = lay.x + x, cy = lay.y + y, at = cy * job->rgb.width + cx;
    const bool inside = cx - k->where.x < k->where.width && cy - k->where.y < k->where.height;
    const float *from = inside                                ? k->made.data + 3 * ((cy - k->where.y) * k->made.width + cx - k->where.x)
                        : job->state[at] == LIMN_PIXEL_TARGET ? k->copied->data + 3 * ((cy - hy) * k->copied->width + cx - hx)
                                                              : job->rgb.data + 3 * at;
    memcpy (k->picture.data + 3 * (y * lay.width + x), from, 3 * sizeof *from);
  }
}

/* Copied pixels and the photo around them, and in where what detail makes. */
static LimnStatus
make (Contest *k, LimnStats *stats, LimnError *error)
{
  const LimnFillJob *job = k->job;
  const LimnRegion lay = limn_fill_lay_region (job);

  LIMN_TRY (limn_fill_cascade (&k->made, job, k->guide, &k->where, stats, error));
  LIMN_TRY (limn_image_alloc (&k->picture, lay.width, lay.height, 3, error));
  LIMN_TRY (limn_pool_try (job->engine->pool, lay.height, gather_row, k, error));
  limn_image_clear (&k->made);
  LIMN_TRY (limn_fill_lay (&k->rgb, job, &k->picture, true, error));
  return limn_fill_match (&k->rgb, job, &k->where, error);
}

static LimnStatus
measure_made (Contest *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_measure (&k->fit, &k->rgb, k->lacks, error));
  for (size_t i = 0; i < k->blocks; i++)
    if (k->fit.share[i] > 0.0f)
      k->make[i] = k->open[i] ? cost_of_made (k, i, &k->lacks[i]) : NEVER;
  return LIMN_OK;
}

/* Whether a block and the next, or the one below, are both filled, and one of them may be won. */
static bool
are_linked (const Contest *k, size_t i, size_t below)
{
  const size_t q = i + (below ? k->fit.columns : 1);

  if (below ? q >= k->blocks : (i + 1) % k->fit.columns == 0)
    return false;
  return k->fit.share[i] > 0.0f && k->fit.share[q] > 0.0f && (k->open[i] || k->open[q]);
}

/* Mean difference of the two pictures in two blocks (one beside or below the other). */
static float
difference (const Contest *k, size_t first, size_t second)
{
  const LimnFillFit *fit = &k->fit;
  const size_t side = fit->side, hx = k->job->inner.x, hy = k->job->inner.y;
  const size_t x0 = fit->region.x + first % fit->columns * side, y0 = fit->region.y + first / fit->columns * side;
  const size_t x1 = fit->region.x + (second % fit->columns + 1) * side, y1 = fit->region.y + (second / fit->columns + 1) * side;
  const size_t right = x1 < hx + k->rgb.width ? x1 : hx + k->rgb.width, bottom = y1 < hy + k->rgb.height ? y1 : hy + k->rgb.height;
  float sum = 0.0f, count = 0.0f;

  for (size_t y = y0 > hy ? y0 : hy; y < bottom; y++)
    for (size_t x = x0 > hx ? x0 : hx; x < right; x++) {
      const size_t at = 3 * ((y - hy) * k->rgb.width + x - hx);
      for (size_t c = 0; c < 3; c++)
        sum += fabsf (k->rgb.data[at + c] - k->copied->data[at + c]);
      count += 3.0f;
    }
  return count > 0.0f ? sum / count : 0.0f;
}

/* What the two pictures differ by between each block and the next, and the one below. */
static void
differ_row (void *user, size_t j, int worker)
{
  const Contest *k = user;

  for (size_t i = j * k->fit.columns; i < (j + 1) * k->fit.columns; i++)
    for (size_t below = 0; below < 2; below++)
      if (are_linked (k, i, below))
        k->differ[2 * i + below] = difference (k, i, i + (below ? k->fit.columns : 1));
}

/* Decides by a least cut; false when nothing is won. */
static LimnStatus
decide (Contest *k, bool *won, LimnError *error)
{
  LimnMaxFlow flow;

  LIMN_TRY (limn_pool_try (k->job->engine->pool, k->fit.rows, differ_row, k, error));
  LIMN_TRY (limn_max_flow_new (&flow, k->blocks, error));
  limn_max_flow_begin (&flow, k->blocks);
  for (size_t i = 0; i < k->blocks; i++) {
    if (k->fit.share[i] <= 0.0f)
      continue;
    /* cut off from the source = on the sink's side = made: costs what flows from the source */
    flow.terminal[i] = (int32_t) lroundf ((float) COST_ONE * k->fit.share[i] * (k->make[i] - k->copy[i]));
    for (size_t below = 0; below < 2; below++)
      if (are_linked (k, i, below)) {
        const int32_t cost = (int32_t) lroundf ((float) COST_ONE * (SEAM_LENGTH + SEAM * k->differ[2 * i + below]));
        limn_max_flow_link (&flow, (int32_t) i, (int32_t) (i + (below ? k->fit.columns : 1)), below ? 3 : 1, cost, cost);
      }
  }
  const LimnStatus status = limn_max_flow_cut (&flow, k->job->engine->pool, error);
  *won = false;
  for (size_t i = 0; status == LIMN_OK && i < k->blocks; i++) {
    k->wins[i] = k->open[i] && k->fit.share[i] > 0.0f && flow.tree[i] == LIMN_CUT_SINK;
    *won = *won || k->wins[i];
  }
  limn_max_flow_clear (&flow);
  return status;
}

/* Where the user drew, what is made goes no farther than that: beyond, the copy is a photograph. */
static LimnStatus
take_lines (Contest *k, LimnError *error)
{
  const LimnFillJob *job = k->job;
  LimnImage ink = { 0 };
  LimnStatus status = limn_image_from_mask (&ink, job->options->ink, (ptrdiff_t) job->hole.x, (ptrdiff_t) job->hole.y, job->hole.width,
                                            job->hole.height, error);

  if (status == LIMN_OK)
    status = limn_box_mean (&k->near, &ink, k->fit.side / 2, job->engine->pool, error);
  limn_image_clear (&ink);
  return status;
}

static void
label_row (void *user, size_t y, int worker)
{
  const Contest *k = user;
  const LimnFillJob *job = k->job;
  const size_t cy = job->inner.y + y, hx = job->inner.x;

  for (size_t x = 0; x < k->labels.width; x++) {
    const size_t cx = hx + x;
    const size_t block = (cy - k->fit.region.y) / k->fit.side * k->fit.columns + (cx - k->fit.region.x) / k->fit.side;
    const bool target = job->state[cy * job->rgb.width + cx] == LIMN_PIXEL_TARGET;

    k->labels.data[2 * (y * k->labels.width + x)] = target && k->wins[block] ? 1.0f : 0.0f;
    k->labels.data[2 * (y * k->labels.width + x) + 1] = target ? 1.0f : 0.0f;
  }
}

static void
share_row (void *user, size_t y, int worker)
{
  const Contest *k = user;

  for (size_t i = y * k->share.width; i < (y + 1) * k->share.width; i++) {
    float share = k->labels.data[2 * i + 1] > 0.0f ? limn_min (k->mean.data[2 * i] / k->mean.data[2 * i + 1], 1.0f) : 0.0f;
    if (k->fit.told)
      share *= limn_min (NEAR_GAIN * k->near.data[i], 1.0f);
    k->share.data[i] = share;
  }
}

/* Lays the winners together: the border between them fades over a block. */
static LimnStatus
join (Contest *k, LimnImage *out, LimnError *error)
{
  const LimnRegion *hole = &k->job->hole;
  LimnPool *pool = k->job->engine->pool;

  LIMN_TRY (limn_image_alloc (&k->labels, hole->width, hole->height, 2, error));
  LIMN_TRY (limn_pool_try (pool, hole->height, label_row, k, error));
  LIMN_TRY (limn_box_mean (&k->mean, &k->labels, k->fit.side / 2, pool, error));
  if (k->fit.told)
    LIMN_TRY (take_lines (k, error));
  LIMN_TRY (limn_image_alloc (&k->share, hole->width, hole->height, 1, error));
  LIMN_TRY (limn_pool_try (pool, hole->height, share_row, k, error));
  limn_image_clear (&k->labels);
  limn_image_clear (&k->mean);
  limn_image_clear (&k->near);
  return limn_fill_blend (out, k->job, k->guide, k->copied, &k->rgb, &k->share, error);
}

static LimnStatus
begin (Contest *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_new (&k->fit, k->job, k->guide, error));
  k->blocks = k->fit.columns * k->fit.rows;
  k->lacks = calloc (k->blocks, sizeof *k->lacks);
  k->copy = calloc (k->blocks, sizeof *k->copy);
  k->make = calloc (k->blocks, sizeof *k->make);
  k->differ = calloc (k->blocks, 2 * sizeof *k->differ);
  k->open = calloc (k->blocks, sizeof *k->open);
  k->wins = calloc (k->blocks, sizeof *k->wins);
  if (k->lacks == NULL || k->copy == NULL || k->make == NULL || k->differ == NULL || k->open == NULL || k->wins == NULL)
    return limn_fail_memory (error, k->blocks * (sizeof *k->lacks + 4 * sizeof *k->copy + 2 * sizeof *k->open));
  return LIMN_OK;
}

static LimnStatus
run (Contest *k, LimnImage *out, LimnStats *stats, LimnError *error)
{
  bool won = false;

  LIMN_TRY (begin (k, error));
  LIMN_TRY (measure_copied (k, error));
  if (!find_open (k))
    return LIMN_OK;
  LIMN_TRY (make (k, stats, error));
  LIMN_TRY (measure_made (k, error));
  LIMN_TRY (decide (k, &won, error));
  return won ? join (k, out, error) : LIMN_OK;
}

LimnStatus
limn_fill_compete (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnImage *misfit, LimnStats *stats,
                   LimnError *error)
{
  Contest k = { .job = job, .guide = guide, .copied = rgb, .misfit = misfit };
  LimnImage *const scratch[] = { &k.made, &k.picture, &k.rgb, &k.labels, &k.mean, &k.share, &k.near };
  LimnImage joined = { 0 };
  LimnStatus status = run (&k, &joined, stats, error);

  limn_fill_fit_clear (&k.fit);
  for (size_t i = 0; i < sizeof scratch / sizeof *scratch; i++)
    limn_image_clear (scratch[i]);
  free (k.lacks);
  free (k.copy);
  free (k.make);
  free (k.differ);
  free (k.open);
  free (k.wins);
  if (status == LIMN_OK && joined.data) {
    limn_image_clear (rgb);
    *rgb = joined;
    return LIMN_OK;
  }
  limn_image_clear (&joined);
  return status;
}
