/* Enlarging in strips.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "enlarge.h"

#include <string.h>

#include "engine/generate/detail-coherent.h"
#include "engine/imaging/resample.h"
#include "engine/imaging/row-window.h"

enum { BAND = 128 }; /* rows processed at a time */

static const float DETAIL_GAIN = 1.2f;

/* ---------------------------------------------------------------- output */

/* Passes rows on to the overlay or the image. */
typedef struct {
  const LimnEnlargement *to;
  LimnRowWindow made; /* rows still needed for the overlay, if it has another size */
  size_t put;         /* rows of the overlay that are written */
} Delivery;

typedef struct {
  LimnPixels *pixels;
  const LimnImage *rgb;
  size_t y;
} Writing;

static void
write_row (void *user, size_t row, int worker)
{
  const Writing *p = user;

  limn_pixels_put_row (p->pixels, p->y + row, p->rgb->data + 3 * row * p->rgb->width, NULL);
}

static LimnStatus
write_rows (const Delivery *d, size_t y, const LimnImage *rgb, LimnError *error)
{
  Writing p = { &d->to->overlay->pixels, rgb, y };

  return limn_pool_try (d->to->engine->pool, rgb->height, write_row, &p, error);
}

/* Takes rows [y, y + rgb->height), in order. */
static LimnStatus
deliver (Delivery *d, size_t y, const LimnImage *rgb, LimnError *error)
{
  const LimnEnlargement *to = d->to;
  size_t rows = 0, first, end;
  LIMN_SCOPED_IMAGE exact = { 0 };

  if (to->image) {
    memcpy (to->image->data + 3 * y * to->width, rgb->data, 3 * rgb->height * to->width * sizeof (float));
    return LIMN_OK;
  }
  const LimnPixels *pixels = &to->overlay->pixels;
  if (pixels->width == to->width && pixels->height == to->height)
    return write_rows (d, y, rgb, error);
  LIMN_TRY (limn_row_window_add (&d->made, rgb, error));
  for (; d->put + rows < pixels->height; rows++) {
    limn_resample_reach (to->height, pixels->height, LIMN_FILTER_BICUBIC, d->put + rows, 1, &first, &end);
    if (end > limn_row_window_end (&d->made))
      break;
  }
  if (rows == 0)
    return LIMN_OK;
  LIMN_TRY (limn_resample_rows (&exact, d->put, rows, &d->made.rows, d->made.top, to->height, pixels->width, pixels->height,
                                LIMN_FILTER_BICUBIC, to->engine->pool, error));
  LIMN_TRY (write_rows (d, d->put, &exact, error));
  limn_image_clear (&exact);
  d->put += rows;
  if (d->put < pixels->height) {
    limn_resample_reach (to->height, pixels->height, LIMN_FILTER_BICUBIC, d->put, 1, &first, &end);
    limn_row_window_drop (&d->made, first);
  }
  return LIMN_OK;
}

/* Rows of the completed drawing at the output's size. */
static LimnStatus
drawing_rows (const LimnEnlargement *to, size_t y, size_t rows, LimnImage *out, LimnError *error)
{
  if (!to->view)
    return limn_drawing_rows (to->drawing, to->width, to->height, y, rows, out, error);
  LIMN_TRY (limn_image_alloc (out, to->width, rows, 3, error));
  memcpy (out->data, to->view->data + 3 * y * to->width, 3 * rows * to->width * sizeof (float));
  return LIMN_OK;
}

/* ---------------------------------------------------------------- addition */

/* to += a - b; b may have no data. */
typedef struct {
  LimnImage *to;
  const LimnImage *a, *b;
} Sum;

static void
sum_row (void *user, size_t y, int worker)
{
  const Sum *s = user;
  const size_t count = 3 * s->to->width;
  const float *a = s->a->data + y * count, *b = s->b->data ? s->b->data + y * count : NULL;
  float *to = s->to->data + y * count;

  if (b)
    for (size_t i = 0; i < count; i++)
      to[i] += a[i] - b[i];
  else
    for (size_t i = 0; i < count; i++)
      to[i] += a[i];
}

static LimnStatus
add_difference (LimnImage *to, const LimnImage *a, const LimnImage *b, LimnPool *pool, LimnError *error)
{
  const LimnImage none = { 0 };
  Sum sum = { to, a, b ? b : &none };

  return limn_pool_try (pool, to->height, sum_row, &sum, error);
}

/* ---------------------------------------------------------------- by interpolation */

LimnStatus
limn_enlarge_plain (const LimnEnlargement *to, LimnImage *x, const LimnImage *view, LimnError *error)
{
  Delivery delivery = { .to = to };
  LimnPool *pool = to->engine->pool;
  LimnStatus status = LIMN_OK;

  for (size_t i = 0; i < 3 * x->width * x->height; i++)
    x->data[i] -= view->data[i];
  for (size_t y = 0, rows; status == LIMN_OK && y < to->height; y += rows) {
    LimnImage up = { 0 }, drawing = { 0 };

    rows = limn_size_min (BAND, to->height - y);
    status = limn_resample_rows (&up, y, rows, x, 0, x->height, to->width, to->height, LIMN_FILTER_BICUBIC, pool, error);
    if (status == LIMN_OK)
      status = drawing_rows (to, y, rows, &drawing, error);
    if (status == LIMN_OK)
      status = add_difference (&up, &drawing, NULL, pool, error);
    if (status == LIMN_OK)
      status = deliver (&delivery, y, &up, error);
    limn_image_clear (&up);
    limn_image_clear (&drawing);
  }
  limn_row_window_clear (&delivery.made);
  return status;
}

/* ---------------------------------------------------------------- by the detail network */

typedef struct {
  const LimnEnlargement *to;
  const LimnImage *x;
  LimnRowWindow drawing; /* at the output's size */
  LimnImage low;         /* the drawing at x's size, of which low_rows are computed */
  size_t low_rows;
  Delivery delivery;
} Detailing;

/* Computes rows of the drawing up to end. */
static LimnStatus
extend_drawing (Detailing *k, size_t end, LimnError *error)
{
  while (limn_row_window_end (&k->drawing) < end) {
    const size_t y = limn_row_window_end (&k->drawing);
    LimnImage more = { 0 };
    LimnStatus status = drawing_rows (k->to, y, limn_size_min (BAND, k->to->height - y), &more, error);

    if (status == LIMN_OK)
      status = limn_row_window_add (&k->drawing, &more, error);
    limn_image_clear (&more);
    if (status != LIMN_OK)
      return status;
  }
  return LIMN_OK;
}

/* Computes rows of the low-resolution drawing up to end. */
static LimnStatus
extend_low (Detailing *k, size_t end, LimnError *error)
{
  const size_t rows = end - k->low_rows, width = k->x->width, height = k->x->height;
  LimnImage more = { 0 };
  size_t first, reach;

  if (end <= k->low_rows)
    return LIMN_OK;
  limn_resample_reach (k->to->height, height, LIMN_FILTER_AREA, k->low_rows, rows, &first, &reach);
  LIMN_TRY (extend_drawing (k, reach, error));
  LIMN_TRY (limn_resample_rows (&more, k->low_rows, rows, &k->drawing.rows, k->drawing.top, k->to->height, width, height, LIMN_FILTER_AREA,
                                k->to->engine->pool, error));
  memcpy (k->low.data + 3 * k->low_rows * width, more.data, 3 * rows * width * sizeof (float));
  limn_image_clear (&more);
  k->low_rows = end;
  return LIMN_OK;
}

/* Adds to detail the drawing's edges that are finer than x: the difference between the drawing and its low-resolution copy upsampled. */
static LimnStatus
receive_detail (void *user, size_t y, const LimnImage *detail, LimnError *error)
{
  Detailing *k = user;
  const LimnEnlargement *to = k->to;
  LimnPool *pool = to->engine->pool;
  const size_t rows = detail->height;
  LIMN_SCOPED_IMAGE fine = { 0 }, up = { 0 };
  size_t first, end;

  limn_resample_reach (k->x->height, to->height, LIMN_FILTER_BICUBIC, y, rows, &first, &end);
  LIMN_TRY (extend_low (k, end, error));
  LIMN_TRY (extend_drawing (k, y + rows, error));
  const LimnImage drawing = {
    .width = to->width, .height = rows, .channels = 3, .data = k->drawing.rows.data + 3 * (y - k->drawing.top) * to->width
  };
  LIMN_TRY (limn_image_copy (&fine, detail, error));
  LIMN_TRY (limn_resample_rows (&up, y, rows, &k->low, 0, k->low.height, to->width, to->height, LIMN_FILTER_BICUBIC, pool, error));
  LIMN_TRY (add_difference (&fine, &drawing, &up, pool, error));
  LIMN_TRY (deliver (&k->delivery, y, &fine, error));
  limn_image_clear (&fine);
  limn_image_clear (&up);
  first = y + rows;
  if (k->low_rows < k->low.height)
    limn_resample_reach (to->height, k->low.height, LIMN_FILTER_AREA, k->low_rows, 1, &first, &end);
  limn_row_window_drop (&k->drawing, limn_size_min (first, y + rows));
  return LIMN_OK;
}

LimnStatus
limn_enlarge_detail (const LimnEnlargement *to, const LimnImage *x, LimnError *error)
{
  const LimnDetailInput input = { .low = x, .sampling = to->sampling };
  Detailing k = { .to = to, .x = x, .delivery = { .to = to } };
  LimnStatus status = limn_image_alloc (&k.low, x->width, x->height, 3, error);

  if (status == LIMN_OK)
    status = limn_detail_coherent (to->engine, &input, DETAIL_GAIN, receive_detail, &k, to->stats, to->control, error);
  limn_image_clear (&k.low);
  limn_row_window_clear (&k.drawing);
  limn_row_window_clear (&k.delivery.made);
  return status;
}
