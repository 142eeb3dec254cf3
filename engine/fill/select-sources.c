/* Chooses for each block of a hole between the copied pixels and those that the detail network generates from the guide: a minimum graph
 * cut over the blocks' costs and the seams between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/max-flow.h"
#include "engine/imaging/resample.h"
#include "fit.h"
#include "job.h"

enum {
  AROUND = 2,       /* blocks around each candidate that become candidates too, to give the cut room for its seam */
  LEAST_BLOCKS = 2, /* with fewer candidates the network is not evaluated */
  COST_ONE = 1000,  /* the graph's integer capacity for a cost of 1 */
};

/* Weights of a block's LimnFitCost. */
static const float COLOUR = 4.0f, LINE = 1.5f, PAINT_EDGE = 0.4f, TEXTURE = 0.7f;
static const float PATCH_ERROR = 0.5f; /* weight of the copied patches' mean error ... */
static const float ERROR_PLAIN = 0.16f,
                   ERROR_TEXTURED = 0.5f; /* ... as a multiple of what is tolerated in plain and in textured surroundings */
/* Added to the generated version's cost, since copied pixels are photographic: beside strokes of the user, and away from them. */
static const float GENERATED = 0.2f, GENERATED_UNGUIDED = 0.5f;
static const float SEAM = 0.5f, SEAM_LENGTH = 0.10f; /* weight of the versions' difference along the seam; cost of each block of it */
static const float NEVER = 100.0f;
static const float NEAR_GAIN = 10.0f; /* of the lines' mean over a block, to the share of generated pixels beside them */

typedef struct {
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  LimnImage *copied, *patch_error;
  LimnFillFit fit;
  size_t blocks;
  LimnFitCost *fit_costs;              /* [blocks]: scratch */
  float *copied_cost, *generated_cost; /* [blocks] */
  float *differ;     /* [blocks][2]: mean difference of the versions between a block and the one to its right, and the one below */
  bool *candidate;   /* [blocks]: the generated version could be cheaper */
  LimnRegion where;  /* in the context: bounds of the candidates */
  LimnImage detail;  /* [where][3]: the network's output */
  LimnImage picture; /* [limn_fill_composite_region][3]: detail in where, copied pixels and the photo around it */
  LimnImage rgb;     /* [hole][3]: the generated version, seams corrected; copied outside where */
  LimnImage labels, mean, share; /* [hole]: generated, filled (0 or 1); their box means; weight of the generated version */
  LimnImage near;                /* [hole]: box mean of the lines */
  bool *generated;               /* [blocks]: the label after the cut: generated, or else copied */
} Selection;

static float
fit_cost_of (const Selection *k, size_t block, const LimnFitCost *fit)
{
  const float edge = LINE + (PAINT_EDGE - LINE) * k->fit.painted[block];

  return COLOUR * fit->colour + edge * fit->drawing;
}

static float
copied_cost_of (const Selection *k, size_t block, const LimnFitCost *fit)
{
  const float borne = ERROR_PLAIN + (ERROR_TEXTURED - ERROR_PLAIN) * limn_fill_fit_textured (&k->fit, block);

  return fit_cost_of (k, block, fit) + PATCH_ERROR * limn_min (limn_fill_fit_mean (&k->fit, k->patch_error, block) / borne, 2.0f);
}

static float
generated_cost_of (const Selection *k, size_t block, const LimnFitCost *fit)
{
  const float guided = limn_max (k->fit.painted[block], k->fit.drawn[block]);

  return fit_cost_of (k, block, fit) + TEXTURE * fit->texture + GENERATED_UNGUIDED + (GENERATED - GENERATED_UNGUIDED) * guided;
}

static void
cost_row (void *user, size_t j, int worker)
{
  const Selection *k = user;

  for (size_t i = j * k->fit.columns; i < (j + 1) * k->fit.columns; i++)
    if (k->fit.share[i] > 0.0f)
      k->copied_cost[i] = copied_cost_of (k, i, &k->fit_costs[i]);
}

static LimnStatus
measure_copied (Selection *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_measure (&k->fit, k->copied, k->fit_costs, error));
  LIMN_TRY (limn_pool_try (k->job->engine->pool, k->fit.rows, cost_row, k, error));
  limn_image_clear (k->patch_error);
  return LIMN_OK;
}

/* Marks blocks where the generated version could be cheaper, using a lower bound of its cost, and those around them; false if there are
 * too few. */
static bool
find_candidates (Selection *k)
{
  const size_t columns = k->fit.columns, rows = k->fit.rows, side = k->fit.side;
  size_t hopeful = 0, x0 = columns, x1 = 0, y0 = rows, y1 = 0;

  for (size_t i = 0; i < k->blocks; i++) {
    /* the network is assumed to lack half of the surroundings' texture */
    const LimnFitCost least = { .texture = 0.5f * limn_fill_fit_textured (&k->fit, i) };
    const size_t x = i % columns, y = i / columns;
    if (k->fit.share[i] <= 0.0f || k->copied_cost[i] <= generated_cost_of (k, i, &least))
      continue;
    hopeful++;
    for (size_t v = y > AROUND ? y - AROUND : 0; v <= y + AROUND && v < rows; v++)
      for (size_t u = x > AROUND ? x - AROUND : 0; u <= x + AROUND && u < columns; u++)
        if (k->fit.share[v * columns + u] > 0.0f) {
          k->candidate[v * columns + u] = true;
          x0 = u < x0 ? u : x0;
          x1 = u + 1 > x1 ? u + 1 : x1;
          y0 = v < y0 ? v : y0;
          y1 = v + 1 > y1 ? v + 1 : y1;
        }
  }
  if (hopeful < LEAST_BLOCKS)
    return false;
  const LimnRegion *all = &k->fit.region, around = limn_fill_composite_region (k->job);
  const size_t left = all->x + x0 * side, top = all->y + y0 * side, right = all->x + x1 * side, bottom = all->y + y1 * side;
  k->where.x = left > around.x ? left : around.x;
  k->where.y = top > around.y ? top : around.y;
  k->where.width = (right < around.x + around.width ? right : around.x + around.width) - k->where.x;
  k->where.height = (bottom < around.y + around.height ? bottom : around.y + around.height) - k->where.y;
  return true;
}

static void
gather_row (void *user, size_t y, int worker)
{
  const Selection *k = user;
  const LimnFillJob *job = k->job;
  const LimnRegion around = limn_fill_composite_region (job);
  const size_t hx = job->inner.x, hy = job->inner.y;

  for (size_t x = 0; x < around.width; x++) {
    const size_t cx = around.x + x, cy = around.y + y, at = cy * job->rgb.width + cx;
    const bool inside = cx - k->where.x < k->where.width && cy - k->where.y < k->where.height;
    const float *from = inside                                ? k->detail.data + 3 * ((cy - k->where.y) * k->detail.width + cx - k->where.x)
                        : job->state[at] == LIMN_PIXEL_TARGET ? k->copied->data + 3 * ((cy - hy) * k->copied->width + cx - hx)
                                                              : job->rgb.data + 3 * at;
    memcpy (k->picture.data + 3 * (y * around.width + x), from, 3 * sizeof *from);
  }
}

/* Evaluates detail in where and composites its output among the copied pixels and the photo. */
static LimnStatus
generate (Selection *k, LimnStats *stats, LimnError *error)
{
  const LimnFillJob *job = k->job;
  const LimnRegion around = limn_fill_composite_region (job);

  LIMN_TRY (limn_fill_cascade (&k->detail, job, k->guide, &k->where, stats, error));
  LIMN_TRY (limn_image_alloc (&k->picture, around.width, around.height, 3, error));
  LIMN_TRY (limn_pool_try (job->engine->pool, around.height, gather_row, k, error));
  limn_image_clear (&k->detail);
  LIMN_TRY (limn_fill_composite (&k->rgb, job, &k->picture, true, error));
  return limn_fill_match (&k->rgb, job, &k->where, error);
}

static LimnStatus
measure_generated (Selection *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_measure (&k->fit, &k->rgb, k->fit_costs, error));
  for (size_t i = 0; i < k->blocks; i++)
    if (k->fit.share[i] > 0.0f)
      k->generated_cost[i] = k->candidate[i] ? generated_cost_of (k, i, &k->fit_costs[i]) : NEVER;
  return LIMN_OK;
}

/* Whether a block and the one to its right, or below, are both filled, and one of them is a candidate. */
static bool
are_linked (const Selection *k, size_t i, size_t below)
{
  const size_t q = i + (below ? k->fit.columns : 1);

  if (below ? q >= k->blocks : (i + 1) % k->fit.columns == 0)
    return false;
  return k->fit.share[i] > 0.0f && k->fit.share[q] > 0.0f && (k->candidate[i] || k->candidate[q]);
}

/* Mean absolute difference of the two versions over two blocks, second to the right of or below first. */
static float
mean_difference (const Selection *k, size_t first, size_t second)
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

static void
differ_row (void *user, size_t j, int worker)
{
  const Selection *k = user;

  for (size_t i = j * k->fit.columns; i < (j + 1) * k->fit.columns; i++)
    for (size_t below = 0; below < 2; below++)
      if (are_linked (k, i, below))
        k->differ[2 * i + below] = mean_difference (k, i, i + (below ? k->fit.columns : 1));
}

/* Labels the blocks by a minimum cut; *any is false if none is generated. */
static LimnStatus
cut_graph (Selection *k, bool *any, LimnError *error)
{
  LimnMaxFlow flow;

  LIMN_TRY (limn_pool_try (k->job->engine->pool, k->fit.rows, differ_row, k, error));
  LIMN_TRY (limn_max_flow_new (&flow, k->blocks, error));
  limn_max_flow_begin (&flow, k->blocks);
  for (size_t i = 0; i < k->blocks; i++) {
    if (k->fit.share[i] <= 0.0f)
      continue;
    /* the sink's side is generated */
    flow.terminal[i] = (int32_t) lroundf ((float) COST_ONE * k->fit.share[i] * (k->generated_cost[i] - k->copied_cost[i]));
    for (size_t below = 0; below < 2; below++)
      if (are_linked (k, i, below)) {
        const int32_t cost = (int32_t) lroundf ((float) COST_ONE * (SEAM_LENGTH + SEAM * k->differ[2 * i + below]));
        limn_max_flow_link (&flow, (int32_t) i, (int32_t) (i + (below ? k->fit.columns : 1)), below ? 3 : 1, cost, cost);
      }
  }
  const LimnStatus status = limn_max_flow_cut (&flow, k->job->engine->pool, error);
  *any = false;
  for (size_t i = 0; status == LIMN_OK && i < k->blocks; i++) {
    k->generated[i] = k->candidate[i] && k->fit.share[i] > 0.0f && flow.tree[i] == LIMN_CUT_SINK;
    *any = *any || k->generated[i];
  }
  limn_max_flow_clear (&flow);
  return status;
}

/* How near lines are: where the user drew, the generated version is confined to their surroundings. */
static LimnStatus
find_near_lines (Selection *k, LimnError *error)
{
  const LimnFillJob *job = k->job;
  LIMN_SCOPED_IMAGE ink = { 0 };

  LIMN_TRY (limn_image_from_mask (&ink, job->options->ink, (ptrdiff_t) job->hole.x, (ptrdiff_t) job->hole.y, job->hole.width,
                                  job->hole.height, error));
  return limn_box_mean (&k->near, &ink, k->fit.side / 2, job->engine->pool, error);
}

static void
label_row (void *user, size_t y, int worker)
{
  const Selection *k = user;
  const LimnFillJob *job = k->job;
  const size_t cy = job->inner.y + y, hx = job->inner.x;

  for (size_t x = 0; x < k->labels.width; x++) {
    const size_t cx = hx + x;
    const size_t block = (cy - k->fit.region.y) / k->fit.side * k->fit.columns + (cx - k->fit.region.x) / k->fit.side;
    const bool target = job->state[cy * job->rgb.width + cx] == LIMN_PIXEL_TARGET;

    k->labels.data[2 * (y * k->labels.width + x)] = target && k->generated[block] ? 1.0f : 0.0f;
    k->labels.data[2 * (y * k->labels.width + x) + 1] = target ? 1.0f : 0.0f;
  }
}

static void
share_row (void *user, size_t y, int worker)
{
  const Selection *k = user;

  for (size_t i = y * k->share.width; i < (y + 1) * k->share.width; i++) {
    const float share = k->labels.data[2 * i + 1] > 0.0f ? limn_min (k->mean.data[2 * i] / k->mean.data[2 * i + 1], 1.0f) : 0.0f;
    k->share.data[i] = share * limn_min (NEAR_GAIN * k->near.data[i], 1.0f);
  }
}

/* Blends the two versions by their labels; borders fade over a block. */
static LimnStatus
composite (Selection *k, LimnImage *out, LimnError *error)
{
  const LimnRegion *hole = &k->job->hole;
  LimnPool *pool = k->job->engine->pool;

  LIMN_TRY (limn_image_alloc (&k->labels, hole->width, hole->height, 2, error));
  LIMN_TRY (limn_pool_try (pool, hole->height, label_row, k, error));
  LIMN_TRY (limn_box_mean (&k->mean, &k->labels, k->fit.side / 2, pool, error));
  LIMN_TRY (find_near_lines (k, error));
  LIMN_TRY (limn_image_alloc (&k->share, hole->width, hole->height, 1, error));
  LIMN_TRY (limn_pool_try (pool, hole->height, share_row, k, error));
  limn_image_clear (&k->labels);
  limn_image_clear (&k->mean);
  limn_image_clear (&k->near);
  return limn_fill_blend (out, k->job, k->guide, k->copied, &k->rgb, &k->share, error);
}

static LimnStatus
allocate (Selection *k, LimnError *error)
{
  LIMN_TRY (limn_fill_fit_new (&k->fit, k->job, k->guide, error));
  k->blocks = k->fit.columns * k->fit.rows;
  k->fit_costs = calloc (k->blocks, sizeof *k->fit_costs);
  k->copied_cost = calloc (k->blocks, sizeof *k->copied_cost);
  k->generated_cost = calloc (k->blocks, sizeof *k->generated_cost);
  k->differ = calloc (k->blocks, 2 * sizeof *k->differ);
  k->candidate = calloc (k->blocks, sizeof *k->candidate);
  k->generated = calloc (k->blocks, sizeof *k->generated);
  if (k->fit_costs == NULL || k->copied_cost == NULL || k->generated_cost == NULL || k->differ == NULL || k->candidate == NULL ||
      k->generated == NULL)
    return limn_fail_memory (error, k->blocks * (sizeof *k->fit_costs + 4 * sizeof *k->copied_cost + 2 * sizeof *k->candidate));
  return LIMN_OK;
}

static LimnStatus
select_sources (Selection *k, LimnImage *out, LimnStats *stats, LimnError *error)
{
  bool any = false;

  LIMN_TRY (allocate (k, error));
  LIMN_TRY (measure_copied (k, error));
  if (!find_candidates (k))
    return LIMN_OK;
  LIMN_TRY (generate (k, stats, error));
  LIMN_TRY (measure_generated (k, error));
  LIMN_TRY (cut_graph (k, &any, error));
  return any ? composite (k, out, error) : LIMN_OK;
}

LimnStatus
limn_fill_select_sources (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnImage *patch_error, LimnStats *stats,
                          LimnError *error)
{
  Selection k = { .job = job, .guide = guide, .copied = rgb, .patch_error = patch_error };
  LimnImage *const scratch[] = { &k.detail, &k.picture, &k.rgb, &k.labels, &k.mean, &k.share, &k.near };
  LimnImage composited = { 0 };
  LimnStatus status = select_sources (&k, &composited, stats, error);

  limn_fill_fit_clear (&k.fit);
  for (size_t i = 0; i < sizeof scratch / sizeof *scratch; i++)
    limn_image_clear (scratch[i]);
  free (k.fit_costs);
  free (k.copied_cost);
  free (k.generated_cost);
  free (k.differ);
  free (k.candidate);
  free (k.generated);
  if (status == LIMN_OK && composited.data) {
    limn_image_clear (rgb);
    *rgb = composited;
    return LIMN_OK;
  }
  limn_image_clear (&composited);
  return status;
}
