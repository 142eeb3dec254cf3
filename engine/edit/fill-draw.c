/* The user's paint and lines over the guide, at the photo's own size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "fill-job.h"
#include "kernels/resample.h"

enum { EDGE_RADIUS = 1 }; /* a photo has no harder edges than this */

static const float INK_DEPTH = 0.8f; /* how much darker a line's middle is than what is around it */

LimnStatus
limn_fill_draw (LimnImage *rgb, const LimnFillJob *job, const LimnRegion *region, LimnError *error)
{
  const LimnFillOptions *options = job->options;
  const ptrdiff_t x = (ptrdiff_t) (job->context.x + region->x), y = (ptrdiff_t) (job->context.y + region->y);
  LimnImage paint = { 0 }, alpha = { 0 }, ink = { 0 };
  LimnStatus status = LIMN_OK;

  if (options->paint)
    status = limn_image_from_pixels (&paint, &alpha, options->paint, x, y, region->width, region->height, error);
  if (status == LIMN_OK && options->ink)
    status = limn_image_from_mask (&ink, options->ink, x, y, region->width, region->height, error);
  for (size_t i = 0; status == LIMN_OK && i < region->width * region->height; i++)
    for (size_t c = 0; c < 3; c++) {
      float *to = &rgb->data[3 * i + c];
      if (paint.data)
        *to += alpha.data[i] * (paint.data[3 * i + c] - *to);
      if (ink.data)
        *to -= INK_DEPTH * ink.data[i];
    }
  limn_image_clear (&paint);
  limn_image_clear (&alpha);
  limn_image_clear (&ink);
  return status;
}

LimnStatus
limn_fill_alpha (LimnImage *alpha, const LimnFillJob *job, LimnError *error)
{
  const LimnRegion *hole = &job->hole;
  LimnImage paint = { 0 }, hard = { 0 };
  LimnStatus status;

  LIMN_TRY (limn_image_from_pixels (&paint, &hard, job->options->paint, (ptrdiff_t) hole->x, (ptrdiff_t) hole->y, hole->width,
                                    hole->height, error));
  limn_image_clear (&paint);
  status = limn_box_mean (alpha, &hard, EDGE_RADIUS, job->engine->pool, error);
  limn_image_clear (&hard);
  return status;
}
