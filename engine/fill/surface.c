/* Filling with a surface that isn't in the photo: it is laid below the photo, behind a gap of unknown pixels, as the one place that is
 * copied from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/image.h"
#include "job.h"

/* Unknown rows between photo and surface; how often the surface is laid along each axis, so that copies go on over its border. */
enum { GAP = 32, TIMES = 2 };

/* The inputs of a fill, all as large as the photo with the surface below. data is owned. */
typedef struct {
  LimnPixels photo, paint;
  LimnMask mask, ink, sources;
  size_t top; /* where the surface begins */
} Extended;

static void
clear (Extended *e)
{
  free (e->photo.data);
  free (e->paint.data);
  free ((void *) e->mask.data);
  free ((void *) e->ink.data);
  free ((void *) e->sources.data);
}

static LimnStatus
extend_pixels (LimnPixels *out, const LimnPixels *in, size_t width, size_t height, LimnError *error)
{
  const size_t pixel = 4 * (size_t) in->depth / 8;

  *out = (LimnPixels){ calloc (height, width * pixel), width, height, width * pixel, in->depth };
  if (!out->data)
    return limn_fail_memory (error, height * width * pixel);
  for (size_t y = 0; y < in->height; y++)
    memcpy ((uint8_t *) out->data + y * out->stride, (const uint8_t *) in->data + y * in->stride, in->width * pixel);
  return LIMN_OK;
}

/* in: NULL, or what is copied to the upper left corner. */
static LimnStatus
extend_mask (LimnMask *out, const LimnMask *in, size_t width, size_t height, LimnError *error)
{
  uint8_t *data = calloc (height, width);

  if (!data)
    return limn_fail_memory (error, height * width);
  for (size_t y = 0; in && y < in->height; y++)
    memcpy (data + y * width, in->data + y * in->stride, in->width);
  *out = (LimnMask){ data, width, height, width };
  return LIMN_OK;
}

static void
lay_surface (Extended *e, const LimnPixels *surface)
{
  uint8_t *sources = (uint8_t *) e->sources.data;

  for (size_t y = 0; y < TIMES * surface->height; y++) {
    const uint8_t *row = (const uint8_t *) surface->data + y % surface->height * surface->stride;
    uint8_t *out = (uint8_t *) e->photo.data + (e->top + y) * e->photo.stride;

    memset (sources + (e->top + y) * e->sources.stride, LIMN_SOURCES_TAKE, TIMES * surface->width);
    for (size_t x = 0; x < TIMES * surface->width; x++)
      for (size_t c = 0; c < 4; c++) {
        const uint8_t value = c == 3 ? 255 : row[x % surface->width * 4 + c];

        if (e->photo.depth == 16)
          ((uint16_t *) (void *) out)[4 * x + c] = (uint16_t) (value * 257);
        else
          out[4 * x + c] = value;
      }
  }
}

static LimnStatus
extend (Extended *e, const LimnPixels *photo, const LimnMask *mask, const LimnFillOptions *options, LimnError *error)
{
  const LimnPixels *surface = options->surface;
  const size_t width = photo->width > TIMES * surface->width ? photo->width : TIMES * surface->width;
  const size_t height = photo->height + GAP + TIMES * surface->height;

  e->top = photo->height + GAP;
  LIMN_TRY (extend_pixels (&e->photo, photo, width, height, error));
  LIMN_TRY (extend_mask (&e->mask, mask, width, height, error));
  LIMN_TRY (extend_mask (&e->sources, NULL, width, height, error));
  if (options->paint)
    LIMN_TRY (extend_pixels (&e->paint, options->paint, width, height, error));
  if (options->ink)
    LIMN_TRY (extend_mask (&e->ink, options->ink, width, height, error));
  lay_surface (e, surface);
  return LIMN_OK;
}

LimnStatus
limn_fill_with_surface (LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, const LimnFillOptions *options,
                        const LimnControl *control, LimnOverlay *overlay, LimnStats *stats, LimnError *error)
{
  LimnFillOptions inner = *options;
  Extended e = { .top = 0 };
  LimnStatus status;

  LIMN_TRY (limn_check_pixels (options->surface, error));
  if (options->surface->depth != 8)
    return limn_fail (error, LIMN_BAD_INPUT, "A surface to fill with has 8 bits, not %d.", options->surface->depth);
  status = extend (&e, photo, mask, options, error);
  inner.surface = NULL;
  inner.sources = &e.sources;
  inner.paint = options->paint ? &e.paint : NULL;
  inner.ink = options->ink ? &e.ink : NULL;
  if (status == LIMN_OK)
    status = limn_fill (engine, &e.photo, &e.mask, &inner, control, overlay, stats, error);
  clear (&e);
  return status;
}
