/* Draws the outlines that go on through a hole, before anything else is filled. Along an arc from edge to edge runs a narrow strip; its
 * pixels are those beside either edge outside the hole, mirrored at the hole's border and faded into each other (structure before texture:
 * Sun, Yuan, Jia, Shum 2005).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/completion/outline.h"
#include "job.h"

enum {
  SEEN_SIDE = 128, /* outlines are looked for where the hole is at most so large; larger ones in a reduced picture */
  LEAST_SIDE = 24, /* smaller holes are left to patches */
  HALF_WIDTH = 4,  /* of a strip, in pixels of that picture */
};

static const float FADE[] = { 0.25f, 0.75f }; /* parts of an outline between which one edge's look fades into the other's */

/* The nearest point of an outline. */
typedef struct {
  float distance; /* in the context's pixels; infinite where no outline is near */
  float along;    /* how far from the outline's begin */
  bool right;     /* of the outline */
} Near;

typedef struct {
  LimnFillJob *job;
  const LimnOutline *outline;
  float scale; /* pixels of the context between an edge's points */
  Near *near;  /* [hole] */
} Drawing;

/* -- Where -- */

/* Notes the pixels near a piece of the outline. from: how far its first point is from the outline's begin. */
static void
note_piece (const Drawing *d, LimnVector p, LimnVector q, float from)
{
  const LimnRegion *inner = &d->job->inner;
  const float reach = HALF_WIDTH * d->scale, x0 = limn_min (p.x, q.x) - reach, x1 = limn_max (p.x, q.x) + reach;
  const float y0 = limn_min (p.y, q.y) - reach, y1 = limn_max (p.y, q.y) + reach;
  const LimnVector step = limn_vector_between (p, q);
  const float squared = limn_vector_dot (step, step);

  for (size_t y = 0; y < inner->height; y++)
    for (size_t x = 0; (float) (inner->y + y) >= y0 && (float) (inner->y + y) <= y1 && x < inner->width; x++) {
      const LimnVector to = limn_vector_between (p, (LimnVector){ (float) (inner->x + x), (float) (inner->y + y) });
      Near *near = &d->near[y * inner->width + x];
      if (to.x + p.x < x0 || to.x + p.x > x1)
        continue;
      const float t = limn_max (0.0f, limn_min (1.0f, limn_vector_dot (to, step) / limn_max (squared, 1e-6f)));
      const LimnVector off = limn_vector_along (to, step, -t);
      const float distance = sqrtf (limn_vector_dot (off, off));
      if (distance <= reach && distance < near->distance)
        *near = (Near){ distance, from + t * sqrtf (squared), limn_vector_cross (step, to) > 0 };
    }
}

static void
note_outline (const Drawing *d)
{
  const LimnVector *point = d->outline->point;
  float from = 0;

  for (size_t k = 0; k < d->job->inner.width * d->job->inner.height; k++)
    d->near[k].distance = INFINITY;
  for (int k = 0; k + 1 < LIMN_OUTLINE_POINTS; k++) {
    const LimnVector step = limn_vector_between (point[k], point[k + 1]);
    note_piece (d, point[k], point[k + 1], from);
    from += sqrtf (limn_vector_dot (step, step));
  }
}

/* -- What -- */

/* The photo's colour at a point, bilinear; false unless all of it is known. */
static bool
read_colour (const LimnFillJob *job, LimnVector p, float rgb[3])
{
  const float x0 = floorf (p.x), y0 = floorf (p.y), u = p.x - x0, v = p.y - y0;
  const size_t w = job->context.width, x = (size_t) (ptrdiff_t) x0, y = (size_t) (ptrdiff_t) y0, at = y * w + x;

  if (x0 < 0 || y0 < 0 || x + 1 >= w || y + 1 >= job->context.height)
    return false;
  const size_t four[] = { at, at + 1, at + w, at + w + 1 };
  const float share[] = { (1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v };
  rgb[0] = rgb[1] = rgb[2] = 0;
  for (int k = 0; k < 4; k++) {
    if (job->state[four[k]] != LIMN_PIXEL_KNOWN || (job->kept && job->kept[four[k]]))
      return false;
    for (size_t c = 0; c < 3; c++)
      rgb[c] += share[k] * job->rgb.data[3 * four[k] + c];
  }
  return true;
}

/* What an edge looks like so far outside the hole, and beside it: to the right, as one walks into the hole. Beyond its traced points it is
 * mirrored again. */
static bool
read_edge (const Drawing *d, const LimnEdge *edge, float outside, float beside, float rgb[3])
{
  const float last = (float) (edge->points - 1), turns = fmodf (outside / d->scale, 2 * last);
  const float place = limn_min (turns > last ? 2 * last - turns : turns, last - 0.001f);
  const size_t k = (size_t) place;
  const size_t from = k > 2 ? k - 2 : 0, to = limn_size_min (k + 3, edge->points - 1);
  const LimnVector inwards = limn_vector_between (edge->point[to], edge->point[from]);
  const LimnVector centre = limn_vector_along (edge->point[k], limn_vector_between (edge->point[k], edge->point[k + 1]), place - (float) k);

  return read_colour (d->job,
                      limn_vector_along (centre, limn_vector_right_of (inwards), beside / sqrtf (limn_vector_dot (inwards, inwards))), rgb);
}

/* Draws a pixel of the hole; false if neither edge can be read. */
static bool
draw_pixel (const Drawing *d, const Near *near, float rgb[3])
{
  const float beside = near->right ? near->distance : -near->distance, length = d->outline->length;
  const float t = limn_max (0.0f, limn_min (1.0f, (near->along / length - FADE[0]) / (FADE[1] - FADE[0])));
  float begin[3], end[3];
  const bool begins = read_edge (d, &d->outline->edge[0], near->along, beside, begin);
  const bool ends = read_edge (d, &d->outline->edge[1], length - near->along, -beside, end);
  const float share = begins && ends ? t * t * (3 - 2 * t) : ends ? 1.0f : 0.0f;

  for (int c = 0; c < 3; c++)
    rgb[c] = (begins ? (1 - share) * begin[c] : 0.0f) + (ends ? share * end[c] : 0.0f);
  return begins || ends;
}

static void
draw_row (void *user, size_t y, int worker)
{
  const Drawing *d = user;
  LimnFillJob *job = d->job;
  const LimnRegion *inner = &job->inner;

  for (size_t x = 0; x < inner->width; x++) {
    const Near *near = &d->near[y * inner->width + x];
    const size_t at = (inner->y + y) * job->context.width + inner->x + x;
    float rgb[3];
    if (job->state[at] != LIMN_PIXEL_TARGET || isinf (near->distance) || !draw_pixel (d, near, rgb))
      continue;
    for (size_t c = 0; c < 3; c++)
      job->rgb.data[3 * at + c] = rgb[c];
    job->kept[at] = 1;
  }
}

/* What was drawn of all outlines is known from now on. */
static void
know_drawn (LimnFillJob *job)
{
  const LimnRegion *inner = &job->inner;

  for (size_t y = inner->y; y < inner->y + inner->height; y++)
    for (size_t x = inner->x; x < inner->x + inner->width; x++)
      if (job->kept[y * job->context.width + x] && job->state[y * job->context.width + x] == LIMN_PIXEL_TARGET)
        job->state[y * job->context.width + x] = LIMN_PIXEL_KNOWN;
}

static LimnStatus
draw_outlines (LimnFillJob *job, const LimnOutlines *outlines, float scale, LimnError *error)
{
  const size_t count = job->context.width * job->context.height;
  Drawing d = { .job = job, .scale = scale, .near = limn_alloc (job->inner.width, job->inner.height, 1, sizeof *d.near) };
  LimnStatus status = LIMN_OK;

  if (job->kept == NULL)
    job->kept = calloc (count, 1);
  if (d.near == NULL || job->kept == NULL)
    status = limn_fail_memory (error, count + job->inner.width * job->inner.height * sizeof *d.near);
  for (size_t k = 0; status == LIMN_OK && k < outlines->count; k++) {
    d.outline = &outlines->outline[k];
    note_outline (&d);
    status = limn_pool_try (job->engine->pool, job->inner.height, draw_row, &d, error);
  }
  if (status == LIMN_OK)
    know_drawn (job);
  free (d.near);
  return status;
}

LimnStatus
limn_fill_outlines (LimnFillJob *job, LimnError *error)
{
  const LimnPatchMatch input = { .rgb = &job->rgb, .state = job->state, .kept = job->kept, .hole = job->inner, .pool = job->engine->pool };
  const size_t side = job->hole.width > job->hole.height ? job->hole.width : job->hole.height, scale = (side + SEEN_SIDE - 1) / SEEN_SIDE;
  LimnOutlines outlines = { 0 };
  LimnPatchLevel level = { 0 };
  LimnStatus status = LIMN_OK;

  if (job->options->sampling.quick || job->options->paint || job->options->ink || job->options->sources || side < LEAST_SIDE ||
      job->context.width < LIMN_PATCH * scale || job->context.height < LIMN_PATCH * scale)
    return LIMN_OK;
  status = limn_patch_level_finest (&level, &input, scale, error);
  if (status == LIMN_OK && level.targets > 0)
    status = limn_outlines_find (&outlines, &level, job->engine->pool, error);
  if (status == LIMN_OK && outlines.count > 0) {
    limn_outlines_scale (&outlines, (float) scale);
    status = draw_outlines (job, &outlines, (float) scale, error);
  }
  limn_outlines_clear (&outlines);
  limn_patch_level_clear (&level);
  return status;
}
