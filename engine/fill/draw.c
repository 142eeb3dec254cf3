/* Draws the user's paint and ink over a picture at the photo's resolution.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "job.h"

static const float INK_DEPTH = 0.8f; /* darkening by a full line */

typedef struct {
  const LimnFillJob *job;
  LimnImage *out;
  ptrdiff_t x, y; /* place of out in the photo */
  float *rows;    /* [workers][3 + 1 + 1][width]: paint, its alpha, ink */
} Drawing;

static void
draw_row (void *user, size_t y, int worker)
{
  const Drawing *d = user;
  const LimnFillOptions *options = d->job->options;
  const size_t width = d->out->width;
  float *paint = d->rows + 5 * width * (size_t) worker, *alpha = paint + 3 * width, *ink = alpha + width;
  float *to = d->out->data + 3 * y * width;

  if (options->paint)
    limn_pixels_get_row (options->paint, d->x, d->y + (ptrdiff_t) y, width, paint, alpha);
  if (options->ink)
    limn_mask_get_row (options->ink, d->x, d->y + (ptrdiff_t) y, width, ink);
  for (size_t i = 0; i < 3 * width; i++) {
    if (options->paint)
      to[i] += alpha[i / 3] * (paint[i] - to[i]);
    if (options->ink)
      to[i] -= INK_DEPTH * ink[i / 3];
  }
}

LimnStatus
limn_fill_draw (LimnImage *rgb, const LimnFillJob *job, const LimnRegion *region, LimnError *error)
{
  LimnPool *pool = job->engine->pool;
  Drawing d = { .job = job, .out = rgb, .x = (ptrdiff_t) (job->context.x + region->x), .y = (ptrdiff_t) (job->context.y + region->y) };
  LimnStatus status;

  d.rows = limn_alloc (5, rgb->width, (size_t) limn_pool_threads (pool), sizeof *d.rows);
  if (d.rows == NULL)
    return limn_fail_memory (error, 5 * rgb->width * sizeof *d.rows);
  status = limn_pool_try (pool, rgb->height, draw_row, &d, error);
  free (d.rows);
  return status;
}
