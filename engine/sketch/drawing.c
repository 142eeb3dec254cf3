/* Reads a drawing, extends its paint, and completes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "drawing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "background-mask.h"
#include "engine/base/minmax.h"
#include "engine/imaging/area-average.h"
#include "engine/imaging/pull-push.h"
#include "engine/imaging/resample.h"
#include "engine/imaging/row-window.h"
#include "extend-paint.h"

enum {
  EXTENDED = 128, /* longest side at which paint is extended */
  BAND = 128,     /* rows processed at a time */
  KEPT = 3 << 20, /* largest number of pixels of a completed drawing that is kept in memory */
};

/* How much a line darkens the completed drawing. */
static const float LINE_STRENGTH = 0.55f;
/* Share from which a base pixel counts as painted. */
static const float PAINTED = 0.3f;
/* From this freedom on, unpainted areas are left to the network. Below, they take the surrounding paint's colours or stay white
 * background: at a freedom of one half, paint extends over REACH of the longer side. */
static const float UNPAINTED = 0.95f, REACH = 0.05f;

static bool
is_blank (const LimnMask *ink)
{
  for (size_t y = 0; y < ink->height; y++) {
    const uint8_t *row = ink->data + y * ink->stride;

    if (row[0] != 0 || memcmp (row, row + 1, ink->width - 1) != 0)
      return false;
  }
  return true;
}

/* Lines at the drawing's own size, or at the result's if that is smaller. */
static LimnStatus
read_ink (LimnDrawing *s, const LimnMask *ink, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (&s->ink, s->own_width, s->own_height, 1, error));
  for (size_t y = 0, rows; y < s->own_height; y += rows) {
    LimnImage lines = { 0 }, reduced = { 0 };
    size_t first, end;

    rows = limn_size_min (BAND, s->own_height - y);
    limn_resample_reach (ink->height, s->own_height, LIMN_FILTER_AREA, y, rows, &first, &end);
    LimnStatus status = limn_image_from_mask (&lines, ink, 0, (ptrdiff_t) first, ink->width, end - first, error);
    if (status == LIMN_OK)
      status = limn_resample_rows (&reduced, y, rows, &lines, first, ink->height, s->own_width, s->own_height, LIMN_FILTER_AREA, s->pool,
                                   error);
    if (status == LIMN_OK)
      memcpy (s->ink.data + y * s->own_width, reduced.data, rows * s->own_width * sizeof (float));
    limn_image_clear (&lines);
    limn_image_clear (&reduced);
    if (status == LIMN_OK)
      status = limn_pool_check (s->pool, error);
    if (status != LIMN_OK)
      return status;
  }
  return LIMN_OK;
}

/* ---------------------------------------------------------------- unpainted areas */

static bool
all_painted (const LimnImage *alpha)
{
  for (size_t i = 0; i < alpha->width * alpha->height; i++)
    if (alpha->data[i] <= PAINTED)
      return false;
  return true;
}

static bool
leaves_blank_to_network (const LimnDrawing *s)
{
  return s->freedom >= UNPAINTED;
}

float
limn_paint_reach (float freedom)
{
  return freedom < UNPAINTED ? REACH * freedom / (1 - freedom / UNPAINTED) : INFINITY;
}

static LimnStatus
paint_background (const LimnDrawing *s, LimnImage *colour, LimnImage *alpha, LimnError *error)
{
  const float reach = limn_paint_reach (s->freedom) * limn_max ((float) alpha->width, (float) alpha->height);
  LIMN_SCOPED_IMAGE lines = { 0 };

  if (s->ink.data)
    LIMN_TRY (limn_resample (&lines, &s->ink, alpha->width, alpha->height, LIMN_FILTER_AREA, s->pool, error));
  return limn_paint_background (colour, alpha, &lines, reach, error);
}

/* At low resolution: paint extended over unpainted areas, and white where the background is. */
static LimnStatus
extend_low_paint (const LimnDrawing *s, LimnImage *out, LimnError *error)
{
  size_t width = limn_size_min (s->paint ? s->paint->width : s->ink.width, EXTENDED);
  size_t height = limn_size_min (s->paint ? s->paint->height : s->ink.height, EXTENDED);
  LIMN_SCOPED_IMAGE small = { 0 }, colour = { 0 }, alpha = { 0 };

  LIMN_TRY (limn_image_new (&colour, width, height, 3, error));
  LIMN_TRY (limn_image_new (&alpha, width, height, 1, error));
  if (s->paint)
    LIMN_TRY (limn_area_average (&small, s->paint, width, height, false, s->pool, error));
  for (size_t i = 0; small.data && i < width * height; i++) {
    memcpy (colour.data + 3 * i, small.data + 4 * i, 3 * sizeof (float));
    alpha.data[i] = small.data[4 * i + 3];
  }
  if (!leaves_blank_to_network (s))
    LIMN_TRY (paint_background (s, &colour, &alpha, error));
  LIMN_TRY (limn_pull_push (out, &colour, &alpha, error));
  if (s->ink.data && !all_painted (&alpha))
    LIMN_TRY (limn_extend_paint (out, &colour, &alpha, &s->ink, s->pool, error));
  return LIMN_OK;
}

LimnStatus
limn_drawing_new (LimnDrawing *drawing, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options, LimnPool *pool,
                  LimnError *error)
{
  const bool lines = ink && !is_blank (ink);

  *drawing = (LimnDrawing){ .pool = pool, .paint = paint, .freedom = options->freedom, .width = options->width, .height = options->height };
  drawing->own_width = limn_size_min (paint ? paint->width : lines ? ink->width : 1, options->width);
  drawing->own_height = limn_size_min (paint ? paint->height : lines ? ink->height : 1, options->height);
  if (lines)
    LIMN_TRY (read_ink (drawing, ink, error));
  if (!paint && (!lines || leaves_blank_to_network (drawing)))
    return LIMN_OK;
  return extend_low_paint (drawing, &drawing->extended, error);
}

void
limn_drawing_clear (LimnDrawing *drawing)
{
  limn_image_clear (&drawing->ink);
  limn_image_clear (&drawing->extended);
  limn_image_clear (&drawing->completed);
}

/* ---------------------------------------------------------------- the completed drawing, in rows */

typedef struct {
  const LimnDrawing *drawing;
  LimnImage *out;         /* rows from y on */
  const LimnImage *paint; /* the same rows; no data without paint */
  size_t y;
} Completing;

/* Composites paint over its extension and darkens it by the lines. */
static void
complete_row (void *user, size_t row, int worker)
{
  const Completing *k = user;
  const size_t width = k->out->width;
  const float *ink = k->drawing->ink.data ? k->drawing->ink.data + (k->y + row) * width : NULL;
  const float *paint = k->paint->data ? k->paint->data + 4 * row * width : NULL;
  float *out = k->out->data + 3 * row * width;

  for (size_t i = 0; paint && i < width; i++)
    for (size_t c = 0; c < 3; c++)
      out[3 * i + c] += paint[4 * i + 3] * (paint[4 * i + c] - out[3 * i + c]);
  for (size_t i = 0; ink && i < width; i++)
    for (size_t c = 0; c < 3; c++)
      out[3 * i + c] -= LINE_STRENGTH * ink[i] * (out[3 * i + c] + 1);
}

/* Rows of the completed drawing at its own size. */
static LimnStatus
complete_rows (const LimnDrawing *s, size_t y, size_t rows, LimnImage *out, LimnError *error)
{
  LIMN_SCOPED_IMAGE paint = { 0 };
  Completing k = { s, out, &paint, y };
  if (s->extended.data)
    LIMN_TRY (limn_resample_rows (out, y, rows, &s->extended, 0, s->extended.height, s->own_width, s->own_height, LIMN_FILTER_LINEAR,
                                  s->pool, error));
  else
    LIMN_TRY (limn_image_new (out, s->own_width, rows, 3, error));
  if (s->paint)
    LIMN_TRY (limn_area_average_rows (&paint, y, rows, s->paint, s->own_width, s->own_height, false, s->pool, error));
  return limn_pool_try (s->pool, rows, complete_row, &k, error);
}

/* Rows of the completed drawing at the result's size. */
static LimnStatus
full_rows (const LimnDrawing *s, size_t y, size_t rows, LimnImage *out, LimnError *error)
{
  LIMN_SCOPED_IMAGE own = { 0 };
  size_t first, end;

  if (s->completed.data) {
    LIMN_TRY (limn_image_alloc (out, s->width, rows, 3, error));
    memcpy (out->data, s->completed.data + 3 * y * s->width, 3 * rows * s->width * sizeof (float));
    return LIMN_OK;
  }
  if (s->own_width == s->width && s->own_height == s->height)
    return complete_rows (s, y, rows, out, error);
  limn_resample_reach (s->own_height, s->height, LIMN_FILTER_BICUBIC, y, rows, &first, &end);
  LIMN_TRY (complete_rows (s, first, end - first, &own, error));
  return limn_resample_rows (out, y, rows, &own, first, s->own_height, s->width, s->height, LIMN_FILTER_BICUBIC, s->pool, error);
}

LimnStatus
limn_drawing_rows (const LimnDrawing *s, size_t width, size_t height, size_t y, size_t rows, LimnImage *out, LimnError *error)
{
  const LimnFilter filter = width > s->width ? LIMN_FILTER_BICUBIC : LIMN_FILTER_AREA;
  LIMN_SCOPED_IMAGE full = { 0 };
  size_t first, end;

  if (width == s->width && height == s->height)
    return full_rows (s, y, rows, out, error);
  limn_resample_reach (s->height, height, filter, y, rows, &first, &end);
  LIMN_TRY (full_rows (s, first, end - first, &full, error));
  return limn_resample_rows (out, y, rows, &full, first, s->height, width, height, filter, s->pool, error);
}

/* Computes the rows of view after *done for which the window has all input rows. */
static LimnStatus
reduce_window (const LimnDrawing *s, const LimnRowWindow *window, LimnImage *view, size_t *done, LimnError *error)
{
  LimnImage part = { 0 };
  size_t rows = 0, first, end;

  for (; *done + rows < view->height; rows++) {
    limn_resample_reach (s->height, view->height, LIMN_FILTER_AREA, *done + rows, 1, &first, &end);
    if (end > limn_row_window_end (window))
      break;
  }
  if (rows == 0)
    return LIMN_OK;
  LIMN_TRY (limn_resample_rows (&part, *done, rows, &window->rows, window->top, s->height, view->width, view->height, LIMN_FILTER_AREA,
                                s->pool, error));
  memcpy (view->data + 3 * *done * view->width, part.data, 3 * rows * view->width * sizeof (float));
  limn_image_clear (&part);
  *done += rows;
  return LIMN_OK;
}

static LimnStatus
make_views (const LimnDrawing *s, LimnRowWindow *window, LimnImage *views, size_t *done, size_t count, LimnImage *kept, LimnError *error)
{
  while (limn_row_window_end (window) < s->height) {
    const size_t y = limn_row_window_end (window);
    size_t needed = s->height;
    LimnImage more = { 0 };
    LimnStatus status = full_rows (s, y, limn_size_min (BAND, s->height - y), &more, error);

    if (status == LIMN_OK)
      status = limn_row_window_add (window, &more, error);
    if (status == LIMN_OK && kept->data)
      memcpy (kept->data + 3 * y * s->width, more.data, 3 * more.height * s->width * sizeof (float));
    limn_image_clear (&more);
    for (size_t k = 0; status == LIMN_OK && k < count; k++) {
      size_t first, end;

      status = reduce_window (s, window, &views[k], &done[k], error);
      if (status != LIMN_OK || done[k] == views[k].height)
        continue;
      limn_resample_reach (s->height, views[k].height, LIMN_FILTER_AREA, done[k], 1, &first, &end);
      needed = limn_size_min (needed, first);
    }
    if (status != LIMN_OK)
      return status;
    limn_row_window_drop (window, needed);
  }
  return LIMN_OK;
}

LimnStatus
limn_drawing_views (LimnDrawing *drawing, LimnImage *views, size_t count, LimnError *error)
{
  LimnRowWindow window = { 0 };
  LimnImage kept = { 0 };
  size_t *done = limn_alloc (count, 1, 1, sizeof *done);
  LimnStatus status = done ? LIMN_OK : limn_fail_memory (error, count * sizeof *done);

  for (size_t k = 0; k < count; k++) {
    if (status == LIMN_OK)
      status = limn_image_alloc (&views[k], views[k].width, views[k].height, 3, error);
    if (done)
      done[k] = 0;
  }
  if (status == LIMN_OK && drawing->width * drawing->height <= KEPT)
    status = limn_image_alloc (&kept, drawing->width, drawing->height, 3, error);
  if (status == LIMN_OK)
    status = make_views (drawing, &window, views, done, count, &kept, error);
  if (status != LIMN_OK)
    limn_image_clear (&kept);
  drawing->completed = kept;
  limn_row_window_clear (&window);
  free (done);
  return status;
}

/* ---------------------------------------------------------------- base's planes */

/* Paint as base sees it: averaged where it is painted, its extension elsewhere. */
static LimnStatus
paint_planes (const LimnDrawing *s, LimnImage *planes, LimnError *error)
{
  LIMN_SCOPED_IMAGE reduced = { 0 }, paint = { 0 }, around = { 0 };

  if (s->paint)
    LIMN_TRY (limn_area_average (&reduced, s->paint, limn_size_min (s->paint->width, planes->width),
                                 limn_size_min (s->paint->height, planes->height), false, s->pool, error));
  if (s->paint)
    LIMN_TRY (limn_resample (&paint, &reduced, planes->width, planes->height, LIMN_FILTER_AREA, s->pool, error));
  if (s->extended.data && !leaves_blank_to_network (s))
    LIMN_TRY (limn_resample (&around, &s->extended, planes->width, planes->height, LIMN_FILTER_LINEAR, s->pool, error));
  for (size_t i = 0; i < planes->width * planes->height; i++) {
    const bool painted = paint.data && paint.data[4 * i + 3] > PAINTED;
    const float *from = painted ? paint.data + 4 * i : around.data ? around.data + 3 * i : NULL;

    if (from) {
      memcpy (planes->data + i * LIMN_BASE_PLANES, from, 3 * sizeof (float));
      planes->data[i * LIMN_BASE_PLANES + LIMN_PLANE_ROUGH] = 1;
    }
  }
  return LIMN_OK;
}

/* Lines as base sees them. Averaging would fade thin lines, so coverage is raised to what would remain if each of several samples per
 * pixel could hit the line. */
static LimnStatus
ink_planes (const LimnDrawing *s, LimnImage *planes, LimnError *error)
{
  float chances = limn_max ((float) s->ink.width / (float) planes->width / 2, 1);
  LimnImage ink = { 0 };

  LIMN_TRY (limn_resample (&ink, &s->ink, planes->width, planes->height, LIMN_FILTER_AREA, s->pool, error));
  for (size_t i = 0; i < planes->width * planes->height; i++) {
    planes->data[i * LIMN_BASE_PLANES + LIMN_PLANE_INK] = 1 - powf (1 - limn_min (ink.data[i], 1), chances);
    planes->data[i * LIMN_BASE_PLANES + LIMN_PLANE_INK_KNOWN] = 1;
  }
  limn_image_clear (&ink);
  return LIMN_OK;
}

LimnStatus
limn_drawing_planes (const LimnDrawing *s, size_t width, size_t height, LimnImage *planes, LimnError *error)
{
  LIMN_TRY (limn_image_new (planes, width, height, LIMN_BASE_PLANES, error));
  if (s->paint || s->extended.data)
    LIMN_TRY (paint_planes (s, planes, error));
  if (s->ink.data)
    LIMN_TRY (ink_planes (s, planes, error));
  return LIMN_OK;
}
