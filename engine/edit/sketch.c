/* Sketch: a picture out of rough paint and lines. The network gives what is coarse (light, colour, texture), the drawing itself what
 * is finer than the network sees, so that edges stay where the person drew them; then detail, fourfold at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "kernels/resample.h"
#include "networks.h"
#include "reduce.h"

/* How much a line darkens the drawing that gives the fine edges. */
static const float LINE_STRENGTH = 0.55f;
/* A base pixel counts as painted from this share on. */
static const float PAINTED = 0.3f;
/* Freedom below which the result goes over to the drawing itself. */
static const float TIED = 0.25f;

typedef struct {
  LimnEngine *engine;
  const LimnSketchOptions *options;
  bool painted, inked;
  LimnImage colour, alpha, ink; /* the drawing: RGB, how much of it is painted, lines in [0, 1] */
  LimnImage guide;              /* [options->height][options->width][3]: paint smoothly extended, darkened by the lines */
  LimnStats *stats;
  const LimnControl *control;
} Sketch;

static size_t
least (size_t a, size_t b)
{
  return a < b ? a : b;
}

static size_t
longer (size_t a, size_t b)
{
  return a > b ? a : b;
}

static void
report (const Sketch *s, double fraction)
{
  if (s->control && s->control->progress)
    s->control->progress (s->control->user, fraction);
}

/* ---------------------------------------------------------------- the drawing */

/* Paint and lines at their own size, or the result's where that is smaller. */
static LimnStatus
read_drawing (Sketch *s, const LimnPixels *paint, const LimnMask *ink, LimnError *error)
{
  LimnPool *pool = s->engine->pool;
  size_t width = least (s->options->width, paint ? paint->width : ink ? ink->width : 1);
  size_t height = least (s->options->height, paint ? paint->height : ink ? ink->height : 1);
  LimnImage reduced = { 0 }, lines = { 0 };
  LimnStatus status = limn_image_new (&s->colour, width, height, 3, error);

  if (status == LIMN_OK)
    status = limn_image_new (&s->alpha, width, height, 1, error);
  if (status == LIMN_OK && paint)
    status = limn_reduce_pixels (&reduced, paint, width, height, false, pool, error);
  for (size_t i = 0; status == LIMN_OK && paint && i < width * height; i++) {
    memcpy (s->colour.data + 3 * i, reduced.data + 4 * i, 3 * sizeof (float));
    s->alpha.data[i] = reduced.data[4 * i + 3];
    s->painted = s->painted || s->alpha.data[i] > 0;
  }
  if (status == LIMN_OK && ink)
    status = limn_image_from_mask (&lines, ink, 0, 0, ink->width, ink->height, error);
  if (status == LIMN_OK && ink)
    status = limn_resample (&s->ink, &lines, width, height, LIMN_FILTER_AREA, pool, error);
  else if (status == LIMN_OK)
    status = limn_image_new (&s->ink, width, height, 1, error);
  for (size_t i = 0; status == LIMN_OK && i < width * height; i++)
    s->inked = s->inked || s->ink.data[i] > 0;
  limn_image_clear (&reduced);
  limn_image_clear (&lines);
  return status;
}

/* The drawing as a plain program would complete it, at the result's size. */
static LimnStatus
make_guide (Sketch *s, LimnError *error)
{
  LimnImage full = { 0 };
  LimnStatus status = limn_pull_push (&full, &s->colour, &s->alpha, error);

  for (size_t i = 0; status == LIMN_OK && i < 3 * full.width * full.height; i++) {
    float a = s->alpha.data[i / 3], v = a * s->colour.data[i] + (1 - a) * full.data[i];
    full.data[i] = v - LINE_STRENGTH * s->ink.data[i / 3] * (v + 1);
  }
  if (status == LIMN_OK)
    status = limn_resample (&s->guide, &full, s->options->width, s->options->height, LIMN_FILTER_BICUBIC, s->engine->pool, error);
  limn_image_clear (&full);
  return status;
}

/* The drawing as base's conditioning, width x height. */
static LimnStatus
make_planes (const Sketch *s, size_t width, size_t height, LimnImage *planes, LimnError *error)
{
  LimnPool *pool = s->engine->pool;
  LimnImage colour = { 0 }, alpha = { 0 }, ink = { 0 };
  float shrunk = (float) s->ink.width / (float) width;
  LimnStatus status = limn_resample_weighted (&colour, &alpha, &s->colour, &s->alpha, width, height, LIMN_FILTER_AREA, pool, error);

  if (status == LIMN_OK)
    status = limn_resample (&ink, &s->ink, width, height, LIMN_FILTER_AREA, pool, error);
  if (status == LIMN_OK)
    status = limn_image_new (planes, width, height, LIMN_BASE_PLANES, error);
  for (size_t i = 0; status == LIMN_OK && i < width * height; i++) {
    float *plane = planes->data + i * LIMN_BASE_PLANES;

    if (alpha.data[i] > PAINTED) {
      for (size_t c = 0; c < 3; c++)
        plane[c] = colour.data[3 * i + c];
      plane[4] = 1;
    }
    if (s->inked) { /* a thin line would average away: as many chances to meet ink as it was shrunk */
      plane[7] = 1 - powf (1 - fminf (ink.data[i], 1), fmaxf (shrunk / 2, 1));
      plane[8] = 1;
    }
  }
  limn_image_clear (&colour);
  limn_image_clear (&alpha);
  limn_image_clear (&ink);
  return status;
}

/* ---------------------------------------------------------------- from coarse to fine */

/* x += weight * what of fine is finer than coarse x coarse_width x coarse_height shows. x and fine: of one size. */
static LimnStatus
add_finer (const Sketch *s, LimnImage *x, const LimnImage *fine, size_t coarse_width, size_t coarse_height, LimnError *error)
{
  LimnImage low = { 0 }, up = { 0 };
  LimnStatus status = limn_resample (&low, fine, coarse_width, coarse_height, LIMN_FILTER_AREA, s->engine->pool, error);

  if (status == LIMN_OK)
    status = limn_resample (&up, &low, x->width, x->height, LIMN_FILTER_BICUBIC, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < 3 * x->width * x->height; i++)
    x->data[i] += fine->data[i] - up.data[i];
  limn_image_clear (&low);
  limn_image_clear (&up);
  return status;
}

/* Enlarges x in place to width x height by a plain filter and adds the drawing's finer edges. */
static LimnStatus
enlarge_plain (const Sketch *s, LimnImage *x, size_t width, size_t height, LimnError *error)
{
  LimnImage up = { 0 }, guide = { 0 };
  size_t coarse_width = x->width, coarse_height = x->height;
  LimnStatus status = limn_resample (&up, x, width, height, LIMN_FILTER_BICUBIC, s->engine->pool, error);

  if (status == LIMN_OK)
    status = limn_resample (&guide, &s->guide, width, height, LIMN_FILTER_AREA, s->engine->pool, error);
  if (status == LIMN_OK && width > coarse_width && height > coarse_height)
    status = add_finer (s, &up, &guide, coarse_width, coarse_height, error);
  limn_image_clear (&guide);
  if (status == LIMN_OK) {
    limn_image_clear (x);
    *x = up;
  } else {
    limn_image_clear (&up);
  }
  return status;
}

/* Enlarges x in place by detail and adds the drawing's finer edges. */
static LimnStatus
enlarge_detail (const Sketch *s, LimnImage *x, LimnError *error)
{
  const LimnControl silent = { .cancel = s->control ? s->control->cancel : NULL };
  LimnImage fine = { 0 }, guide = { 0 };
  LimnStatus status = limn_detail_picture (s->engine, x, 0, NULL, NULL, NULL, 0, 0, &s->options->sampling, &fine, s->stats, &silent, error);

  if (status == LIMN_OK)
    status = limn_resample (&guide, &s->guide, fine.width, fine.height,
                            fine.width > s->guide.width ? LIMN_FILTER_BICUBIC : LIMN_FILTER_AREA, s->engine->pool, error);
  if (status == LIMN_OK)
    status = add_finer (s, &fine, &guide, x->width, x->height, error);
  limn_image_clear (&guide);
  if (status == LIMN_OK) {
    limn_image_clear (x);
    *x = fine;
  } else {
    limn_image_clear (&fine);
  }
  return status;
}

/* A side of about length pixels that base's grid allows. */
static size_t
grid_side (const Sketch *s, double length)
{
  size_t multiple = limn_base_multiple (s->engine), count = (size_t) (length / (double) multiple + 0.5);

  return multiple * (count > 0 ? count : 1);
}

/* Base's picture of the drawing; towards the drawing itself where freedom is small. */
static LimnStatus
run_base (const Sketch *s, size_t width, size_t height, LimnImage *rgb, LimnError *error)
{
  const LimnControl silent = { .cancel = s->control ? s->control->cancel : NULL };
  float freedom = s->options->freedom, keep = fmaxf (1 - freedom / TIED, 0);
  LimnImage planes = { 0 }, drawing = { 0 };
  LimnStatus status = make_planes (s, width, height, &planes, error);

  if (status == LIMN_OK)
    status = limn_base_run (s->engine, &planes, NULL, 0.25f + 0.75f * freedom, &s->options->sampling, rgb, s->stats, &silent, error);
  if (status == LIMN_OK)
    status = limn_resample (&drawing, &s->guide, width, height, LIMN_FILTER_AREA, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < 3 * width * height; i++)
    rgb->data[i] += keep * (drawing.data[i] - rgb->data[i]);
  limn_image_clear (&planes);
  limn_image_clear (&drawing);
  return status;
}

static LimnStatus
render (const Sketch *s, LimnImage *x, LimnError *error)
{
  size_t width = s->options->width, height = s->options->height;
  double size = (double) limn_engine_base_size (s->engine), aspect = sqrt ((double) width / (double) height);
  size_t levels = 0, w = width, h = height;

  LIMN_TRY (run_base (s, grid_side (s, size * aspect), grid_side (s, size / aspect), x, error));
  report (s, 0.3);
  if (s->options->sampling.quick || !s->engine->detail)
    return enlarge_plain (s, x, width, height, error);
  for (; (double) longer (w, h) > 2.5 * size; levels++) {
    w = (w + 3) / 4;
    h = (h + 3) / 4;
  }
  LIMN_TRY (enlarge_plain (s, x, w, h, error));
  for (size_t i = 0; i < levels; i++) {
    LIMN_TRY (enlarge_detail (s, x, error));
    report (s, 0.3 + 0.7 * (double) (i + 1) / (double) levels);
  }
  return LIMN_OK;
}

/* Cuts x to the result's size (detail's fourfold sizes are up to some pixels larger) and makes the patch. */
static LimnStatus
deliver (const Sketch *s, LimnImage *x, LimnPatch *patch, LimnError *error)
{
  LimnImage exact = { 0 };
  LimnStatus status;

  if (x->width == s->options->width && x->height == s->options->height)
    return limn_patch_from_image (patch, x, NULL, 0, 0, 8, error);
  status = limn_resample (&exact, x, s->options->width, s->options->height, LIMN_FILTER_BICUBIC, s->engine->pool, error);
  if (status == LIMN_OK)
    status = limn_patch_from_image (patch, &exact, NULL, 0, 0, 8, error);
  limn_image_clear (&exact);
  return status;
}

static LimnStatus
check (const LimnEngine *engine, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options, LimnError *error)
{
  if (!engine->base)
    return limn_fail (error, LIMN_BAD_MODEL, "A sketch needs the base network: choose a models folder that has base.safetensors.");
  if (options->width < 8 || options->height < 8 || options->width > 16384 || options->height > 16384)
    return limn_fail (error, LIMN_BAD_INPUT, "A sketch's picture can be 8 to 16384 pixels wide and high, not %zux%zu.", options->width,
                      options->height);
  if (!(options->freedom >= 0 && options->freedom <= 1))
    return limn_fail (error, LIMN_BAD_INPUT, "Freedom goes from 0 (stays at the paint) to 1 (free).");
  if (paint && ink && (paint->width != ink->width || paint->height != ink->height))
    return limn_fail (error, LIMN_BAD_INPUT, "The paint is %zux%zu and the lines are %zux%zu: give both in one size.", paint->width,
                      paint->height, ink->width, ink->height);
  if ((paint && (paint->width == 0 || paint->height == 0)) || (ink && (ink->width == 0 || ink->height == 0)))
    return limn_fail (error, LIMN_BAD_INPUT, "The sketch has no pixels.");
  return LIMN_OK;
}

LimnStatus
limn_sketch (LimnEngine *engine, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options,
             const LimnControl *control, LimnPatch *patch, LimnStats *stats, LimnError *error)
{
  Sketch s = { .engine = engine, .options = options, .stats = stats, .control = control };
  LimnImage x = { 0 };
  LimnStatus status;

  memset (patch, 0, sizeof *patch);
  if (stats)
    memset (stats, 0, sizeof *stats);
  LIMN_TRY (check (engine, paint, ink, options, error));
  pthread_mutex_lock (engine->lock);
  status = read_drawing (&s, paint, ink, error);
  if (status == LIMN_OK)
    status = make_guide (&s, error);
  if (status == LIMN_OK)
    status = render (&s, &x, error);
  if (status == LIMN_OK)
    status = deliver (&s, &x, patch, error);
  if (status == LIMN_OK)
    report (&s, 1);
  pthread_mutex_unlock (engine->lock);
  limn_image_clear (&x);
  limn_image_clear (&s.colour);
  limn_image_clear (&s.alpha);
  limn_image_clear (&s.ink);
  limn_image_clear (&s.guide);
  return status;
}
