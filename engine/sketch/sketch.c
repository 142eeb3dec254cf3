/* Sketch: renders rough paint and lines. Base generates the coarse content (light, colour, texture); edges finer than it resolves come
 * from the drawing itself, so that they stay where they were drawn. Detail then enlarges, fourfold at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drawing.h"
#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/generate/base.h"
#include "engine/guess/effective-labels.h"
#include "engine/imaging/resample.h"
#include "engine/materials/memory.h"
#include "enlarge.h"

enum { MOST_LEVELS = 16 }; /* enlargements by detail */

/* Blur, in base's pixels, of its difference to the drawing: finer structure is the drawing's. */
static const float BLUR = 1.0f;
/* A quick picture of what differs so little from one that the recogniser looked at (mean of absolute differences, of 2) does with what it
 * saw there: about a stroke across the sketch. */
static const float NEAR = 0.01f;
/* Freedom below which the result approaches the drawing itself. */
static const float TIED = 0.25f;
/* Progress when base is done. */
static const double BASE_SHARE = 0.3;

/* The pictures from coarse to fine: base's, one interpolated from it, and each further one four times as large; with the drawing at the
 * size of each. */
typedef struct {
  LimnEngine *engine;
  const LimnSketchOptions *options;
  LimnDrawing drawing;
  LimnImage views[MOST_LEVELS +
                  2]; /* the drawing at base's size, the interpolated one's, and each further one's but the last, which is made in strips */
  size_t levels;
  LimnStats *stats;
  const LimnControl *control;
  double done, share; /* progress: before the current step, and of it */
} Sketch;

static void
report_step (void *user, double fraction)
{
  const Sketch *s = user;

  limn_report (s->control, s->done + s->share * fraction);
}

/* The side nearest to length that base's grid allows. */
static size_t
grid_side (const Sketch *s, double length)
{
  size_t multiple = limn_base_multiple (s->engine), count = (size_t) (length / (double) multiple + 0.5);

  return multiple * (count > 0 ? count : 1);
}

/* Plans the number of enlargements and the sizes of all pictures before the last. */
static LimnStatus
plan_steps (Sketch *s, LimnError *error)
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

/* Base's picture of the drawing; at low freedom, mixed with the drawing itself. */
static LimnStatus
run_base (const Sketch *s, LimnImage *rgb, LimnError *error)
{
  const LimnControl silent = limn_without_progress (s->control);
  const float freedom = s->options->freedom, keep = limn_max (1 - freedom / TIED, 0);
  const LimnImage *drawing = &s->views[0];
  const size_t count = 3 * drawing->width * drawing->height;
  LIMN_SCOPED_IMAGE planes = { 0 }, smooth = { 0 };
  const LimnBaseInput input = {
    .planes = &planes, .near = s->options->sampling.quick ? NEAR : 0, .strength = 0.25f + 0.75f * freedom, .sampling = &s->options->sampling
  };

  LIMN_TRY (limn_drawing_planes (&s->drawing, drawing->width, drawing->height, &planes, error));
  LIMN_TRY (limn_base_run (s->engine, &input, rgb, s->stats, &silent, error));
  for (size_t i = 0; i < count; i++)
    rgb->data[i] = (1 - keep) * (rgb->data[i] - drawing->data[i]);
  LIMN_TRY (limn_blur (&smooth, rgb, BLUR, s->engine->pool, error));
  for (size_t i = 0; i < count; i++)
    rgb->data[i] = drawing->data[i] + smooth.data[i];
  return LIMN_OK;
}

/* Step i enlarges x: by interpolation if i is 0, else 4x by detail. The last step writes the overlay. */
static LimnStatus
run_step (Sketch *s, size_t i, LimnImage *x, LimnOverlay *overlay, LimnError *error)
{
  const LimnControl control = { .cancel = limn_without_progress (s->control).cancel, .progress = report_step, .user = s };
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
render_sketch (Sketch *s, const LimnPixels *paint, const LimnMask *ink, LimnOverlay *overlay, LimnError *error)
{
  LIMN_SCOPED_IMAGE x = { 0 };
  double steps = 0, step = 1;
  LIMN_TRY (limn_drawing_new (&s->drawing, paint, ink, s->options, s->engine->pool, error));

  LIMN_TRY (plan_steps (s, error));
  LIMN_TRY (run_base (s, &x, error));
  for (size_t i = 0; i < s->levels; i++)
    steps += pow (16, (double) i); /* each has 16 times the previous one's pixels */
  s->done = BASE_SHARE;
  report_step (s, 0);
  for (size_t i = 0; i <= s->levels; i++) {
    s->share = i > 0 ? (1 - BASE_SHARE) * step / steps : 0;
    LIMN_TRY (run_step (s, i, &x, overlay, error));
    s->done += s->share;
    step *= i > 0 ? 16 : 1;
  }
  return LIMN_OK;
}

static LimnStatus
check_base (const LimnEngine *engine, LimnError *error)
{
  if (engine->base)
    return LIMN_OK;
  return limn_fail (error, LIMN_BAD_MODEL, "A sketch needs the base network: choose a models folder that has base.safetensors.");
}

/* ---------------------------------------------------------------- materials */

static LimnStatus
check_materials (const LimnPixels *paint, const LimnSketchMaterials *materials, LimnError *error)
{
  const LimnMask *labels = materials->labels;

  if (labels && (labels->width == 0 || labels->height == 0))
    return limn_fail (error, LIMN_BAD_INPUT, "The picture of the materials is empty: open one that has pixels.");
  if (paint && labels && (paint->width != labels->width || paint->height != labels->height))
    return limn_fail (error, LIMN_BAD_INPUT, "The paint is %zu x %zu pixels and the materials are %zu x %zu: make them the same size.",
                      paint->width, paint->height, labels->width, labels->height);
  if (!paint && !labels)
    return limn_fail (error, LIMN_BAD_INPUT, "There is neither paint nor a picture of materials: give one of them.");
  if (!(materials->horizon <= 1) || !(materials->previous_horizon <= 1))
    return limn_fail (error, LIMN_BAD_INPUT, "The horizon is a fraction of the height, 0 (top) to 1, or automatic.");
  if (!(materials->sun_x <= 2) || !(fabsf (materials->sun_y) <= 1))
    return limn_fail (error, LIMN_BAD_INPUT, "The sun's place is from -1 to 2 of the width and from -1 to 1 of the height.");
  return LIMN_OK;
}

static void
tell_found (const LimnScene *scene, LimnSketchFound *found)
{
  found->horizon = scene->horizon / scene->high;
  found->sun_x = scene->sunlight.x / scene->wide;
  found->sun_y = scene->sunlight.y / scene->high;
}

/* How far unpainted places take the label beside them, in units: as far as paint is extended into them. */
static float
reach_of (float freedom)
{
  return LIMN_UNITS * limn_min (limn_paint_reach (freedom), 2);
}

static bool
has_material (const LimnMask *labels)
{
  for (size_t i = 0; i < labels->width * labels->height; i++)
    if (labels->data[i] != LIMN_LABEL_NONE && labels->data[i] != LIMN_LABEL_PLAIN)
      return true;
  return false;
}

/* The network's picture alone. */
static LimnStatus
render_plain (Sketch *s, const LimnPixels *paint, const LimnMask *ink, LimnOverlay *overlay, LimnError *error)
{
  LimnSketchFound *found = s->options->found;

  if (found)
    found->horizon = found->sun_x = found->sun_y = LIMN_AUTOMATIC;
  LIMN_TRY (check_base (s->engine, error));
  return render_sketch (s, paint, ink, overlay, error);
}

/* The network's picture, where anything is left to it, then what has a material over it. labels: those in effect. */
static LimnStatus
render_scene (Sketch *s, const LimnPixels *paint, const LimnMask *ink, const LimnMask *labels, LimnOverlay *overlay, LimnError *error)
{
  const LimnSketchMaterials *materials = s->options->materials;
  const LimnSceneInput input = { .pool = s->engine->pool,
                                 .paint = paint,
                                 .labels = labels,
                                 .ink = ink,
                                 .options = materials,
                                 .width = s->options->width,
                                 .height = s->options->height,
                                 .reach = reach_of (s->options->freedom) };
  LimnScene scene = { 0 };
  LimnStatus status = limn_scene_new (&scene, &input, error);

  if (status == LIMN_OK && scene.plain)
    status = check_base (s->engine, error);
  if (status == LIMN_OK && scene.plain)
    status = render_sketch (s, paint, ink, overlay, error);
  if (status == LIMN_OK && s->options->found)
    tell_found (&scene, s->options->found);
  if (status == LIMN_OK)
    status = limn_scene_render_again (&scene, materials->memory, &overlay->pixels, error);
  limn_scene_clear (&scene);
  return status;
}

/* labels: room for those in effect. */
static LimnStatus
render_labels (Sketch *s, const LimnPixels *paint, const LimnMask *ink, uint8_t *labels, size_t width, size_t height, LimnOverlay *overlay,
               LimnError *error)
{
  const LimnSketchMaterials *materials = s->options->materials;
  const LimnMask effective = { labels, width, height, width };

  LIMN_TRY (limn_effective_labels (labels, width, height, paint, materials->labels, materials->guess, s->engine->pool, error));
  return has_material (&effective) ? render_scene (s, paint, ink, &effective, overlay, error)
                                   : render_plain (s, paint, ink, overlay, error);
}

static LimnStatus
render_materials (Sketch *s, const LimnPixels *paint, const LimnMask *ink, LimnOverlay *overlay, LimnError *error)
{
  const LimnMask *labels = s->options->materials->labels;
  const size_t width = paint ? paint->width : labels->width, height = paint ? paint->height : labels->height;
  uint8_t *room = s->options->found ? s->options->found->labels : NULL, *own = room ? NULL : malloc (width * height);
  LimnStatus status;

  if (!room && !own)
    return limn_fail_memory (error, width * height);
  status = render_labels (s, paint, ink, room ? room : own, width, height, overlay, error);
  free (own);
  return status;
}

LimnStatus
limn_guess_materials (LimnEngine *engine, const LimnPixels *paint, const LimnMask *labels, const LimnControl *control, uint8_t *out,
                      LimnError *error)
{
  const LimnSketchMaterials materials = { .labels = labels };
  LimnStatus status;

  LIMN_TRY (limn_check_pixels (paint, error));
  LIMN_TRY (check_materials (paint, &materials, error));
  limn_engine_begin (engine, control);
  status = limn_effective_labels (out, paint->width, paint->height, paint, labels, true, engine->pool, error);
  limn_engine_end (engine);
  return status;
}

static LimnStatus
check_inputs (const LimnEngine *engine, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options, LimnError *error)
{
  if (!options->materials)
    LIMN_TRY (check_base (engine, error));
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
  if (paint)
    LIMN_TRY (limn_check_pixels (paint, error));
  return options->materials ? check_materials (paint, options->materials, error) : LIMN_OK;
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
  LIMN_TRY (check_inputs (engine, paint, ink, options, error));
  limn_engine_begin (engine, control);
  status = limn_overlay_new (overlay, 0, 0, options->width, options->height, 8, error);
  if (status == LIMN_OK)
    status = options->materials ? render_materials (&s, paint, ink, overlay, error) : render_sketch (&s, paint, ink, overlay, error);
  if (status == LIMN_OK) {
    s.done = 1;
    report_step (&s, 0);
  }
  limn_engine_end (engine);
  for (size_t i = 0; i < MOST_LEVELS + 2; i++)
    limn_image_clear (&s.views[i]);
  limn_drawing_clear (&s.drawing);
  if (status != LIMN_OK)
    limn_overlay_clear (overlay);
  return status;
}
