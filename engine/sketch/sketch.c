/* Sketch: a picture out of rough paint and lines. The network gives what is coarse (light, colour, texture), the drawing itself what
 * is finer than the network sees, so that edges stay where the person drew them; then detail, fourfold at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "drawing.h"
#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/generate/base.h"
#include "engine/imaging/resample.h"
#include "enlarge.h"

enum { MOST_LEVELS = 16 }; /* of detail */

/* The network's difference to the drawing is blurred by so many of its pixels: what is finer is the drawing's. */
static const float BLUR = 1.0f;
/* Freedom below which the result goes over to the drawing itself. */
static const float TIED = 0.25f;
/* How much of the work is done when base is. */
static const double BASE_SHARE = 0.3;

/* The pictures from coarse to fine: base's, one that a plain filter makes of it, each of the next four times as large as the last;
 * the drawing is seen at the size of each. */
typedef struct {
  LimnEngine *engine;
  const LimnSketchOptions *options;
  LimnDrawing drawing;
  LimnImage views[MOST_LEVELS + 2]; /* base's size, the plain one, and each further one but the last, which is made in rows */
  size_t levels;
  LimnStats *stats;
  const LimnControl *control;
  double done, share; /* of the work: before the present step, and in it */
} Sketch;

static void
report (void *user, double fraction)
{
  const Sketch *s = user;

  limn_report (s->control, s->done + s->share * fraction);
}

/* A side of about length pixels that base's grid allows. */
static size_t
grid_side (const Sketch *s, double length)
{
  size_t multiple = limn_base_multiple (s->engine), count = (size_t) (length / (double) multiple + 0.5);

  return multiple * (count > 0 ? count : 1);
}

/* How many times detail is needed, and the sizes of all that is made before the last step. */
static LimnStatus
plan (Sketch *s, LimnError *error)
{
  const double size = (double) limn_engine_base_size (s->engine);
  size_t w = s->options->width, h = s->options->height;
  const double aspect = sqrt ((double) w / (double) h);
  const bool plain = s->options->sampling.quick || !s->engine->detail;

  for (; !plain && fmax ((double) w, (double) h) > 2.5 * size; s->levels++) {
    w = (w + 3) / 4;
    h = (h + 3) / 4;
  }
  s->views[0].width = grid_side (s, size * aspect);
  s->views[0].height = grid_side (s, size / aspect);
  for (size_t i = 1; i <= s->levels; i++, w *= 4, h *= 4) {
    s->views[i].width = w;
    s->views[i].height = h;
  }
  return limn_drawing_views (&s->drawing, s->views, s->levels + 1, error);
}

/* Base's picture of the drawing; towards the drawing itself where freedom is small. */
static LimnStatus
run_base (const Sketch *s, LimnImage *rgb, LimnError *error)
{
  const LimnControl silent = limn_without_progress (s->control);
  const float freedom = s->options->freedom, keep = limn_max (1 - freedom / TIED, 0);
  const LimnImage *drawing = &s->views[0];
  const size_t count = 3 * drawing->width * drawing->height;
  LimnImage planes = { 0 }, smooth = { 0 };
  LimnStatus status = limn_drawing_planes (&s->drawing, drawing->width, drawing->height, &planes, error);

  if (status == LIMN_OK)
    status = limn_base_run (s->engine, &planes, NULL, NULL, 0.25f + 0.75f * freedom, &s->options->sampling, rgb, s->stats, &silent, error);
  for (size_t i = 0; status == LIMN_OK && i < count; i++)
    rgb->data[i] = (1 - keep) * (rgb->data[i] - drawing->data[i]);
  if (status == LIMN_OK)
    status = limn_blur (&smooth, rgb, BLUR, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < count; i++)
    rgb->data[i] = drawing->data[i] + smooth.data[i];
  limn_image_clear (&smooth);
  limn_image_clear (&planes);
  return status;
}

/* Step i makes x of the last one four times as large (the first, i = 0, is the plain one); the last step makes the overlay. */
static LimnStatus
enlarge (Sketch *s, size_t i, LimnImage *x, LimnOverlay *overlay, LimnError *error)
{
  const LimnControl control = { .cancel = limn_without_progress (s->control).cancel, .progress = report, .user = s };
  const bool last = i == s->levels;
  LimnImage *view = &s->views[i + 1], made = { 0 };
  LimnEnlargement to = { .engine = s->engine,
                         .drawing = &s->drawing,
                         .sampling = &s->options->sampling,
                         .stats = s->stats,
                         .control = &control,
                         .width = last ? i > 0 ? 4 * x->width : s->options->width : view->width,
                         .height = last ? i > 0 ? 4 * x->height : s->options->height : view->height };
  LimnStatus status = LIMN_OK;

  if (last) {
    to.overlay = overlay;
  } else {
    to.view = view;
    to.image = &made;
    status = limn_image_alloc (&made, view->width, view->height, 3, error);
  }
  if (status == LIMN_OK)
    status = i > 0 ? limn_enlarge_detail (&to, x, error) : limn_enlarge_plain (&to, x, &s->views[0], error);
  limn_image_clear (x);
  *x = made;
  return status;
}

static LimnStatus
render (Sketch *s, const LimnPixels *paint, const LimnMask *ink, LimnOverlay *overlay, LimnError *error)
{
  LimnImage x = { 0 };
  double steps = 0, step = 1;
  LimnStatus status = limn_drawing_new (&s->drawing, paint, ink, s->options, s->engine->pool, error);

  if (status == LIMN_OK)
    status = plan (s, error);
  if (status == LIMN_OK)
    status = run_base (s, &x, error);
  for (size_t i = 0; i < s->levels; i++)
    steps += pow (16, (double) i); /* each has 16 times as many pixels as the last */
  s->done = BASE_SHARE;
  report (s, 0);
  for (size_t i = 0; status == LIMN_OK && i <= s->levels; i++) {
    s->share = i > 0 ? (1 - BASE_SHARE) * step / steps : 0;
    status = enlarge (s, i, &x, overlay, error);
    s->done += s->share;
    step *= i > 0 ? 16 : 1;
  }
  limn_image_clear (&x);
  return status;
}

static LimnStatus
check (const LimnEngine *engine, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options, LimnError *error)
{
  if (!engine->base)
    return limn_fail (error, LIMN_BAD_MODEL, "A sketch needs the base network: choose a models folder that has base.safetensors.");
  if (options->width < 8 || options->height < 8 || options->width > 16384 || options->height > 16384)
    return limn_fail (error, LIMN_BAD_INPUT, "A sketch's picture can be 8 to 16384 pixels wide and high, not %zu x %zu.", options->width,
                      options->height);
  if (!(options->freedom >= 0 && options->freedom <= 1))
    return limn_fail (error, LIMN_BAD_INPUT, "Freedom goes from 0 (stays at the paint) to 1 (free).");
  if (paint && ink && (paint->width != ink->width || paint->height != ink->height))
    return limn_fail (error, LIMN_BAD_INPUT, "The paint is %zu x %zu pixels and the lines are %zu x %zu: make them the same size.",
                      paint->width, paint->height, ink->width, ink->height);
  if (ink && (ink->width == 0 || ink->height == 0))
    return limn_fail (error, LIMN_BAD_INPUT, "The picture of the lines is empty: open one that has pixels.");
  return paint ? limn_check_pixels (paint, error) : LIMN_OK;
}

LimnStatus
limn_sketch (LimnEngine *engine, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options, const LimnControl *control,
             LimnOverlay *overlay, LimnStats *stats, LimnError *error)
{
  Sketch s = { .engine = engine, .options = options, .stats = stats, .control = control };
  LimnStatus status;

  memset (overlay, 0, sizeof *overlay);
  if (stats)
    memset (stats, 0, sizeof *stats);
  LIMN_TRY (check (engine, paint, ink, options, error));
  limn_engine_begin (engine, control);
  status = limn_overlay_new (overlay, 0, 0, options->width, options->height, 8, error);
  if (status == LIMN_OK)
    status = render (&s, paint, ink, overlay, error);
  if (status == LIMN_OK) {
    s.done = 1;
    report (&s, 0);
  }
  limn_engine_end (engine);
  for (size_t i = 0; i < MOST_LEVELS + 2; i++)
    limn_image_clear (&s.views[i]);
  limn_drawing_clear (&s.drawing);
  if (status != LIMN_OK)
    limn_overlay_clear (overlay);
  return status;
}
