/* What was copied against what detail makes of the guide, region by region.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fill-fit.h"
#include "fill-job.h"
#include "kernels/resample.h"
#include "max-flow.h"

enum {
  AROUND = 2,        /* blocks around those that detail may win, so that a seam finds its way */
  LEAST_BLOCKS = 2,  /* fewer are not worth a network */
  COST_ONE = 1000,   /* what a cost of 1 is in the cut */
};

/* What lacks cost, a block. */
static const float COLOUR = 4.0f, AFAR = 0.5f, LINE = 1.5f, PAINT_EDGE = 0.4f, TEXTURE = 0.7f;
static const float MISFIT = 0.5f;        /* patches that don't agree with what is around them ... */
static const float MISFIT_PLAIN = 0.16f, MISFIT_TEXTURED = 0.5f; /* ... this far, in plain and in textured surroundings */
/* What is copied is a photograph: something made has to be better by this, and by more where the user said nothing of what it should be. */
static const float MADE = 0.2f, MADE_UNTOLD = 0.5f;
static const float SEAM = 0.5f, SEAM_LENGTH = 0.10f; /* difference of the two pictures where they meet; each meeting */
static const float NEVER = 100.0f;
static const float NEAR_GAIN = 10.0f;   /* a pixel is wholly beside a line that covers so much less of a block around it */

typedef struct {
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  const LimnImage *copied, *plain, *misfit;
  LimnFillFit fit;
  size_t blocks;
  LimnFillLack *lacks; /* scratch */
  float *copy, *made;  /* [blocks]: costs */
  bool *open;          /* [blocks]: detail may win */
  LimnRegion where;    /* in the context: what detail makes */
  LimnImage rgb;       /* [hole][3]: made by detail in where, copied elsewhere */
  bool *wins;          /* [blocks]: detail does */
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

  return cost_of (k, block, lack) + MISFIT * fminf (limn_fill_fit_mean (&k->fit, k->misfit, block) / borne, 2.0f);
}

static float
cost_of_made (const Contest *k, size_t block, const LimnFillLack *lack)
{
  const float told = fmaxf (k->fit.painted[block], k->fit.drawn[block]);

  return cost_of (k, block, lack) + TEXTURE * lack->texture + MADE_UNTOLD + (MADE - MADE_UNTOLD) * told;
}

static LimnStatus
measure_copied (Contest *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_measure (&k->fit, k->plain, k->lacks, error));
  for (size_t i = 0; i < k->blocks; i++)
    if (k->fit.share[i] > 0.0f)
      k->copy[i] = cost_of_copied (k, i, &k->lacks[i]);
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

/* Copied pixels and the photo around them, and in where what detail makes. */
static LimnStatus
make (Contest *k, LimnStats *stats, LimnError *error)
{
  const LimnFillJob *job = k->job;
  const LimnRegion lay = limn_fill_lay_region (job);
  const size_t hx = job->hole.x - job->context.x, hy = job->hole.y - job->context.y;
  LimnImage made = { 0 }, picture = { 0 };
  LimnStatus status = limn_fill_cascade (&made, job, k->guide, &k->where, stats, error);

  if (status == LIMN_OK)
    status = limn_image_alloc (&picture, lay.width, lay.height, 3, error);
  for (size_t y = 0; status == LIMN_OK && y < lay.height; y++)
    for (size_t x = 0; x < lay.width; x++) {
      const size_t cx = lay.x + x, cy = lay.y + y, at = cy * job->rgb.width + cx;
      const bool inside = cx - k->where.x < k->where.width && cy - k->where.y < k->where.height;
      const float *from = inside ? made.data + 3 * ((cy - k->where.y) * made.width + cx - k->where.x)
                          : job->state[at] == LIMN_PIXEL_TARGET ? k->copied->data + 3 * ((cy - hy) * k->copied->width + cx - hx)
                                                                : job->rgb.data + 3 * at;
      memcpy (picture.data + 3 * (y * lay.width + x), from, 3 * sizeof *from);
    }
  limn_image_clear (&made);
  if (status == LIMN_OK)
    status = limn_fill_lay (&k->rgb, job, &picture, true, error);
  limn_image_clear (&picture);
  return status == LIMN_OK ? limn_fill_match (&k->rgb, job, &k->where, error) : status;
}

static LimnStatus
measure_made (Contest *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_measure (&k->fit, &k->rgb, k->lacks, error));
  for (size_t i = 0; i < k->blocks; i++)
    if (k->fit.share[i] > 0.0f)
      k->made[i] = k->open[i] ? cost_of_made (k, i, &k->lacks[i]) : NEVER;
  return LIMN_OK;
}

/* Mean difference of the two pictures in two blocks (one beside or below the other). */
static float
difference (const Contest *k, size_t first, size_t second)
{
  const LimnFillFit *fit = &k->fit;
  const size_t side = fit->side, hx = k->job->hole.x - k->job->context.x, hy = k->job->hole.y - k->job->context.y;
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

/* Decides by a least cut; false when nothing is won. */
static LimnStatus
decide (Contest *k, bool *won, LimnError *error)
{
  LimnMaxFlow flow;

  LIMN_TRY (limn_max_flow_new (&flow, k->blocks, error));
  limn_max_flow_begin (&flow, k->blocks);
  for (size_t i = 0; i < k->blocks; i++) {
    const size_t x = i % k->fit.columns;

    if (k->fit.share[i] <= 0.0f)
      continue;
    /* cut off from the source = on the sink's side = made: costs what flows from the source */
    flow.terminal[i] = (int32_t) lroundf ((float) COST_ONE * k->fit.share[i] * (k->made[i] - k->copy[i]));
    for (int below = 0; below < 2; below++) {
      const size_t q = i + (below ? k->fit.columns : 1);
      if ((below ? q >= k->blocks : x + 1 == k->fit.columns) || k->fit.share[q] <= 0.0f || !(k->open[i] || k->open[q]))
        continue;
      const int32_t cost = (int32_t) lroundf ((float) COST_ONE * (SEAM_LENGTH + SEAM * difference (k, i, q)));
      limn_max_flow_link (&flow, (int32_t) i, (int32_t) q, below ? 3 : 1, cost, cost);
    }
  }
  limn_max_flow_cut (&flow);
  *won = false;
  for (size_t i = 0; i < k->blocks; i++) {
    k->wins[i] = k->open[i] && k->fit.share[i] > 0.0f && flow.tree[i] == LIMN_CUT_SINK;
    *won = *won || k->wins[i];
  }
  limn_max_flow_clear (&flow);
  return LIMN_OK;
}

/* Where the user painted or drew, what is made goes no farther than that: beyond, the paint's colours spread in it. */
static LimnStatus
hold_to_drawing (const Contest *k, LimnImage *share, LimnError *error)
{
  const LimnFillJob *job = k->job;
  LimnImage alpha = { 0 }, ink = { 0 }, near = { 0 };
  LimnStatus status = job->options->paint ? limn_fill_alpha (&alpha, job, error) : LIMN_OK;

  if (status == LIMN_OK && job->options->ink)
    status = limn_image_from_mask (&ink, job->options->ink, (ptrdiff_t) job->hole.x, (ptrdiff_t) job->hole.y, share->width, share->height,
                                   error);
  if (status == LIMN_OK && job->options->ink)
    status = limn_box_mean (&near, &ink, k->fit.side / 2, job->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < share->width * share->height; i++)
    share->data[i] *= fmaxf (alpha.data ? alpha.data[i] : 0.0f, near.data ? fminf (NEAR_GAIN * near.data[i], 1.0f) : 0.0f);
  limn_image_clear (&alpha);
  limn_image_clear (&ink);
  limn_image_clear (&near);
  return status;
}

/* Lays the winners together: the border between them fades over a block. */
static LimnStatus
join (Contest *k, LimnImage *out, LimnError *error)
{
  const LimnFillJob *job = k->job;
  const size_t hx = job->hole.x - job->context.x, hy = job->hole.y - job->context.y, radius = k->fit.side / 2;
  LimnImage labels = { 0 }, share = { 0 }, mean = { 0 };
  LimnStatus status = limn_image_new (&labels, job->hole.width, job->hole.height, 2, error);

  for (size_t y = 0; status == LIMN_OK && y < labels.height; y++)
    for (size_t x = 0; x < labels.width; x++) {
      const size_t cx = hx + x, cy = hy + y;
      const size_t block = (cy - k->fit.region.y) / k->fit.side * k->fit.columns + (cx - k->fit.region.x) / k->fit.side;
      if (job->state[cy * job->rgb.width + cx] != LIMN_PIXEL_TARGET)
        continue;
      labels.data[2 * (y * labels.width + x)] = k->wins[block] ? 1.0f : 0.0f;
      labels.data[2 * (y * labels.width + x) + 1] = 1.0f;
    }
  if (status == LIMN_OK)
    status = limn_box_mean (&mean, &labels, radius, job->engine->pool, error);
  if (status == LIMN_OK)
    status = limn_image_new (&share, labels.width, labels.height, 1, error);
  for (size_t i = 0; status == LIMN_OK && i < labels.width * labels.height; i++)
    if (labels.data[2 * i + 1] > 0.0f)
      share.data[i] = fminf (mean.data[2 * i] / mean.data[2 * i + 1], 1.0f);
  if (status == LIMN_OK && k->fit.told)
    status = hold_to_drawing (k, &share, error);
  if (status == LIMN_OK)
    status = limn_fill_blend (out, job, k->guide, k->copied, &k->rgb, &share, error);
  limn_image_clear (&labels);
  limn_image_clear (&mean);
  limn_image_clear (&share);
  return status;
}

static LimnStatus
begin (Contest *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_new (&k->fit, k->job, k->guide, error));
  k->blocks = k->fit.columns * k->fit.rows;
  k->lacks = calloc (k->blocks, sizeof *k->lacks);
  k->copy = calloc (k->blocks, sizeof *k->copy);
  k->made = calloc (k->blocks, sizeof *k->made);
  k->open = calloc (k->blocks, sizeof *k->open);
  k->wins = calloc (k->blocks, sizeof *k->wins);
  if (k->lacks == NULL || k->copy == NULL || k->made == NULL || k->open == NULL || k->wins == NULL)
    return limn_fail_memory (error, k->blocks * (sizeof *k->lacks + 2 * sizeof *k->copy + 2 * sizeof *k->open));
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
limn_fill_compete (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, const LimnImage *plain, const LimnImage *misfit,
                   LimnStats *stats, LimnError *error)
{
  Contest k = { .job = job, .guide = guide, .copied = rgb, .plain = plain, .misfit = misfit };
  LimnImage joined = { 0 };
  LimnStatus status = run (&k, &joined, stats, error);

  limn_fill_fit_clear (&k.fit);
  limn_image_clear (&k.rgb);
  free (k.lacks);
  free (k.copy);
  free (k.made);
  free (k.open);
  free (k.wins);
  if (status == LIMN_OK && joined.data) {
    limn_image_clear (rgb);
    *rgb = joined;
    return limn_fill_tint (rgb, job, guide, error);
  }
  limn_image_clear (&joined);
  return status;
}
