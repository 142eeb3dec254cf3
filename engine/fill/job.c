/* Chooses and reads the surroundings from which a hole is filled.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"

#include <stdlib.h>

enum {
  LEAST_MARGIN = 48,      /* least pixels of context around a hole */
  SIDE_WITHOUT_BASE = 64, /* assumed side of base's picture when there is no base */
};

/* Start of an interval of the given length centred on [start, start + size) and shifted into [0, whole); centred on [0, whole) if
 * longer. */
static ptrdiff_t
place_stretch (size_t start, size_t size, size_t length, size_t whole)
{
  const ptrdiff_t middle = (ptrdiff_t) start + (ptrdiff_t) size / 2 - (ptrdiff_t) length / 2;

  if (length >= whole)
    return -(ptrdiff_t) ((length - whole) / 2);
  if (middle < 0)
    return 0;
  return middle > (ptrdiff_t) (whole - length) ? (ptrdiff_t) (whole - length) : middle;
}

static size_t
size_max (size_t a, size_t b)
{
  return a > b ? a : b;
}

static void
choose_context (LimnFillJob *job)
{
  const size_t width = job->photo->width, height = job->photo->height, hole = size_max (job->hole.width, job->hole.height);
  const size_t base = limn_engine_base_size (job->engine), side = base ? base : SIDE_WITHOUT_BASE;
  const size_t wanted = size_max (hole, limn_size_min (2 * hole, size_max (width, height))), margin = size_max (hole, LEAST_MARGIN);

  job->cell = size_max (1, (wanted + side - 1) / side);
  job->square_x = place_stretch (job->hole.x, job->hole.width, job->cell * side, width);
  job->square_y = place_stretch (job->hole.y, job->hole.height, job->cell * side, height);

  const size_t from_x = (size_t) (job->square_x > 0 ? job->square_x : 0), from_y = (size_t) (job->square_y > 0 ? job->square_y : 0);
  const size_t x0 = limn_size_min (from_x, job->hole.x > margin ? job->hole.x - margin : 0);
  const size_t y0 = limn_size_min (from_y, job->hole.y > margin ? job->hole.y - margin : 0);
  const size_t x1 = limn_size_min (width, size_max (from_x + job->cell * side, job->hole.x + job->hole.width + margin));
  const size_t y1 = limn_size_min (height, size_max (from_y + job->cell * side, job->hole.y + job->hole.height + margin));
  job->context = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  job->inner = (LimnRegion){ job->hole.x - x0, job->hole.y - y0, job->hole.width, job->hole.height };
}

/* A frame is as the world beyond the photo: the context ends at it. No hole reaches into it. */
static void
leave_frame_out (LimnFillJob *job)
{
  const size_t *bar = job->frame.breadth;
  const LimnRegion before = job->context;
  const size_t x0 = size_max (before.x, bar[LIMN_FRAME_LEFT]), y0 = size_max (before.y, bar[LIMN_FRAME_TOP]);
  const size_t x1 = limn_size_min (before.x + before.width, job->photo->width - bar[LIMN_FRAME_RIGHT]);
  const size_t y1 = limn_size_min (before.y + before.height, job->photo->height - bar[LIMN_FRAME_BOTTOM]);

  job->context = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  job->inner.x -= x0 - before.x;
  job->inner.y -= y0 - before.y;
}

LimnRegion
limn_fill_taken (const LimnMask *sources)
{
  size_t x0 = SIZE_MAX, y0 = SIZE_MAX, x1 = 0, y1 = 0;

  for (size_t y = 0; sources && y < sources->height; y++)
    for (size_t x = 0; x < sources->width; x++)
      if (sources->data[y * sources->stride + x] >= LIMN_SOURCES_TAKE) {
        x0 = limn_size_min (x0, x);
        y0 = limn_size_min (y0, y);
        x1 = size_max (x1, x + 1);
        y1 = y + 1;
      }
  return y1 > 0 ? (LimnRegion){ x0, y0, x1 - x0, y1 - y0 } : (LimnRegion){ 0 };
}

/* Grows the context to where the user wants texture to be copied from. */
static void
include_taken (LimnFillJob *job)
{
  const LimnRegion taken = job->taken, before = job->context;

  if (taken.width == 0)
    return;
  const size_t x0 = limn_size_min (before.x, taken.x), x1 = size_max (before.x + before.width, taken.x + taken.width);
  const size_t y0 = limn_size_min (before.y, taken.y), y1 = size_max (before.y + before.height, taken.y + taken.height);
  job->context = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  job->inner.x += before.x - x0;
  job->inner.y += before.y - y0;
}

/* Finds what isn't to be copied, if the user told. */
static LimnStatus
read_kept (LimnFillJob *job, LimnError *error)
{
  const LimnMask *sources = job->options->sources;
  const LimnRegion *context = &job->context;

  if (sources == NULL)
    return LIMN_OK;
  job->kept = limn_alloc (context->width, context->height, 1, 1);
  if (job->kept == NULL)
    return limn_fail_memory (error, context->width * context->height);
  for (size_t y = 0; y < context->height; y++)
    for (size_t x = 0; x < context->width; x++) {
      const uint8_t told = sources->data[(context->y + y) * sources->stride + context->x + x];
      job->kept[y * context->width + x] = told < LIMN_SOURCES_TAKE && (told >= LIMN_SOURCES_LEAVE || job->taken.width > 0);
    }
  return LIMN_OK;
}

typedef struct {
  LimnFillJob *job;
  float *alpha; /* [workers][context width] */
} Reading;

/* State of pixel (px, py) of the photo, with index i of the area's alpha > 0; a thin part's colour is read from what was completed. */
static uint8_t
read_replaced (const LimnFillJob *job, size_t px, size_t py, size_t i, float *rgb)
{
  const LimnRegion *hole = &job->hole, *filled = &job->area->region;

  if (!limn_fill_area_is_hole (job->area, i)) {
    limn_fill_pixel (&job->completed->pixels, px - filled->x, py - filled->y, rgb);
    return LIMN_PIXEL_KNOWN;
  }
  return px - hole->x < hole->width && py - hole->y < hole->height ? LIMN_PIXEL_TARGET : LIMN_PIXEL_VOID;
}

/* Colours and states of a row of the context. */
static void
read_row (void *user, size_t y, int worker)
{
  const Reading *r = user;
  LimnFillJob *job = r->job;
  const LimnFillArea *area = job->area;
  const LimnRegion *context = &job->context, *filled = &area->region;
  const size_t py = context->y + y, end = limn_size_min (context->x + context->width, filled->x + filled->width);
  float *alpha = r->alpha + (size_t) worker * context->width, *rgb = job->rgb.data + 3 * y * context->width;
  uint8_t *state = job->state + y * context->width;

  limn_pixels_get_row (job->photo, (ptrdiff_t) context->x, (ptrdiff_t) py, context->width, rgb, alpha);
  for (size_t x = 0; x < context->width; x++)
    state[x] = alpha[x] > 0.0f ? LIMN_PIXEL_KNOWN : LIMN_PIXEL_VOID;
  if (py - filled->y >= filled->height)
    return;
  for (size_t px = size_max (context->x, filled->x); px < end; px++) {
    const size_t i = (py - filled->y) * filled->width + px - filled->x, x = px - context->x;
    if (area->alpha[i])
      state[x] = read_replaced (job, px, py, i, rgb + 3 * x);
  }
}

LimnStatus
limn_fill_job_begin (LimnFillJob *job, LimnError *error)
{
  const LimnRegion *context = &job->context;
  LimnPool *pool = job->engine->pool;
  Reading r = { .job = job };
  LimnStatus status;

  choose_context (job);
  leave_frame_out (job);
  include_taken (job);
  LIMN_TRY (read_kept (job, error));
  job->state = limn_alloc (context->width, context->height, 1, 1);
  if (job->state == NULL)
    return limn_fail_memory (error, context->width * context->height);
  LIMN_TRY (limn_image_alloc (&job->rgb, context->width, context->height, 3, error));
  r.alpha = limn_alloc (context->width, (size_t) limn_pool_threads (pool), 1, sizeof *r.alpha);
  status = r.alpha ? limn_pool_try (pool, context->height, read_row, &r, error) : limn_fail_memory (error, context->width * sizeof (float));
  free (r.alpha);
  return status;
}

void
limn_fill_job_clear (LimnFillJob *job)
{
  limn_image_clear (&job->rgb);
  free (job->state);
  free (job->kept);
  job->state = job->kept = NULL;
}
