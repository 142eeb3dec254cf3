/* Sketch: a picture out of rough paint and lines. The network gives what is coarse (light, colour, texture), the drawing itself what
 * is finer than the network sees, so that edges stay where the person drew them; then detail, fourfold at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "along.h"
#include "extend-paint.h"
#include "kernels/resample.h"
#include "networks.h"
#include "paper.h"
#include "reduce.h"

enum { EXTENDED = 128 }; /* the longest side at which paint is extended */

/* How much a line darkens the drawing that gives the fine edges. */
static const float LINE_STRENGTH = 0.55f;
/* A base pixel counts as painted from this share on. */
static const float PAINTED = 0.3f;
/* Freedom above which what is not painted is left to the network; below, it is taken as painted in the colours around, or stays
 * paper: how far paint reaches into open paper, as a share of the longer side, is REACH at a freedom of one half. */
static const float UNPAINTED = 0.95f, REACH = 0.05f;
/* The network's difference to the drawing is blurred by so many of its pixels: what is finer is the drawing's. */
static const float BLUR = 1.0f;
static const float DETAIL_GAIN = 1.2f;
/* Freedom below which the result goes over to the drawing itself. */
static const float TIED = 0.25f;

typedef struct {
  LimnEngine *engine;
  const LimnSketchOptions *options;
  const LimnPixels *paint;
  LimnImage ink;   /* lines in [0, 1], at the drawing's size, or at the result's where that is smaller; no data without lines */
  LimnImage extended; /* the paint extended over what is not painted, of little size; no data where nothing is known */
  LimnImage guide; /* [options->height][options->width][3]: paint smoothly extended, darkened by the lines */
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

static LimnStatus
read_ink (Sketch *s, const LimnMask *ink, LimnError *error)
{
  LimnImage lines = { 0 };
  LimnStatus status = limn_image_from_mask (&lines, ink, 0, 0, ink->width, ink->height, error);
  bool any = false;

  for (size_t i = 0; status == LIMN_OK && !any && i < lines.width * lines.height; i++)
    any = lines.data[i] > 0;
  if (status == LIMN_OK && any)
    status = limn_resample (&s->ink, &lines, least (lines.width, s->options->width), least (lines.height, s->options->height),
                            LIMN_FILTER_AREA, s->engine->pool, error);
  limn_image_clear (&lines);
  return status;
}

static bool
all_painted (const LimnImage *alpha)
{
  for (size_t i = 0; i < alpha->width * alpha->height; i++)
    if (alpha->data[i] <= PAINTED)
      return false;
  return true;
}

static bool
leaves_blank_to_network (const Sketch *s)
{
  return s->options->freedom >= UNPAINTED;
}

static LimnStatus
lay_paper (const Sketch *s, LimnImage *colour, LimnImage *alpha, LimnError *error)
{
  const float freedom = s->options->freedom, spread = freedom / (1 - freedom / UNPAINTED); /* 0 to infinity */
  const float reach = REACH * spread * (float) longer (alpha->width, alpha->height);
  LimnImage lines = { 0 };
  LimnStatus status = LIMN_OK;

  if (s->ink.data)
    status = limn_resample (&lines, &s->ink, alpha->width, alpha->height, LIMN_FILTER_AREA, s->engine->pool, error);
  if (status == LIMN_OK)
    status = limn_lay_paper (colour, alpha, &lines, reach, error);
  limn_image_clear (&lines);
  return status;
}

/* The paint extended over what is not painted, and paper where nothing is, of little size. */
static LimnStatus
extend_paint (const Sketch *s, LimnImage *out, LimnError *error)
{
  size_t width = least (s->paint ? s->paint->width : s->ink.width, EXTENDED);
  size_t height = least (s->paint ? s->paint->height : s->ink.height, EXTENDED);
  LimnImage small = { 0 }, colour = { 0 }, alpha = { 0 };
  LimnStatus status = limn_image_new (&colour, width, height, 3, error);

  if (status == LIMN_OK)
    status = limn_image_new (&alpha, width, height, 1, error);
  if (status == LIMN_OK && s->paint)
    status = limn_reduce_pixels (&small, s->paint, width, height, false, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && small.data && i < width * height; i++) {
    memcpy (colour.data + 3 * i, small.data + 4 * i, 3 * sizeof (float));
    alpha.data[i] = small.data[4 * i + 3];
  }
  if (status == LIMN_OK && !leaves_blank_to_network (s))
    status = lay_paper (s, &colour, &alpha, error);
  if (status == LIMN_OK)
    status = limn_pull_push (out, &colour, &alpha, error);
  if (status == LIMN_OK && s->ink.data && !all_painted (&alpha))
    status = limn_extend_paint (out, &colour, &alpha, &s->ink, s->engine->pool, error);
  limn_image_clear (&small);
  limn_image_clear (&colour);
  limn_image_clear (&alpha);
  return status;
}

/* The drawing as a plain program would complete it: paint over its extension (middle gray where nothing is known), at its own size. */
static LimnStatus
complete_paint (Sketch *s, size_t width, size_t height, LimnImage *out, LimnError *error)
{
  LimnImage paint = { 0 };
  LimnStatus status;

  if (!s->paint && (!s->ink.data || leaves_blank_to_network (s)))
    return limn_image_new (out, width, height, 3, error);
  status = extend_paint (s, &s->extended, error);
  if (status == LIMN_OK)
    status = limn_resample (out, &s->extended, width, height, LIMN_FILTER_LINEAR, s->engine->pool, error);
  if (status == LIMN_OK && s->paint)
    status = limn_reduce_pixels (&paint, s->paint, width, height, false, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && paint.data && i < width * height; i++)
    for (size_t c = 0; c < 3; c++)
      out->data[3 * i + c] += paint.data[4 * i + 3] * (paint.data[4 * i + c] - out->data[3 * i + c]);
  limn_image_clear (&paint);
  return status;
}

static LimnStatus
make_guide (Sketch *s, LimnError *error)
{
  size_t full_width = s->options->width, full_height = s->options->height;
  size_t width = least (s->paint ? s->paint->width : s->ink.data ? s->ink.width : 1, full_width);
  size_t height = least (s->paint ? s->paint->height : s->ink.data ? s->ink.height : 1, full_height);
  LimnImage small = { 0 };

  LIMN_TRY (complete_paint (s, width, height, &s->guide, error));
  for (size_t i = 0; s->ink.data && i < 3 * width * height; i++)
    s->guide.data[i] -= LINE_STRENGTH * s->ink.data[i / 3] * (s->guide.data[i] + 1);
  if (width != full_width || height != full_height) {
    LimnStatus status;
    small = s->guide;
    status = limn_resample (&s->guide, &small, full_width, full_height, LIMN_FILTER_BICUBIC, s->engine->pool, error);
    limn_image_clear (&small);
    return status;
  }
  return LIMN_OK;
}

/* The paint as base sees it, exact averages where it is shrunk, and what it extends to. */
static LimnStatus
paint_planes (const Sketch *s, LimnImage *planes, LimnError *error)
{
  LimnImage reduced = { 0 }, paint = { 0 }, around = { 0 };
  LimnStatus status = LIMN_OK;

  if (s->paint)
    status = limn_reduce_pixels (&reduced, s->paint, least (s->paint->width, planes->width), least (s->paint->height, planes->height),
                                 false, s->engine->pool, error);
  if (status == LIMN_OK && s->paint)
    status = limn_resample (&paint, &reduced, planes->width, planes->height, LIMN_FILTER_AREA, s->engine->pool, error);
  if (status == LIMN_OK && s->extended.data && !leaves_blank_to_network (s))
    status = limn_resample (&around, &s->extended, planes->width, planes->height, LIMN_FILTER_LINEAR, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < planes->width * planes->height; i++) {
    const bool painted = paint.data && paint.data[4 * i + 3] > PAINTED;
    const float *from = painted ? paint.data + 4 * i : around.data ? around.data + 3 * i : NULL;

    if (from) {
      memcpy (planes->data + i * LIMN_BASE_PLANES, from, 3 * sizeof (float));
      planes->data[i * LIMN_BASE_PLANES + 4] = 1;
    }
  }
  limn_image_clear (&around);
  limn_image_clear (&reduced);
  limn_image_clear (&paint);
  return status;
}

/* The lines as base sees them. A thin line would average away: as many chances to meet ink as the drawing is shrunk. */
static LimnStatus
ink_planes (const Sketch *s, LimnImage *planes, LimnError *error)
{
  float chances = fmaxf ((float) s->ink.width / (float) planes->width / 2, 1);
  LimnImage ink = { 0 };

  LIMN_TRY (limn_resample (&ink, &s->ink, planes->width, planes->height, LIMN_FILTER_AREA, s->engine->pool, error));
  for (size_t i = 0; i < planes->width * planes->height; i++) {
    planes->data[i * LIMN_BASE_PLANES + 7] = 1 - powf (1 - fminf (ink.data[i], 1), chances);
    planes->data[i * LIMN_BASE_PLANES + 8] = 1;
  }
  limn_image_clear (&ink);
  return LIMN_OK;
}

static LimnStatus
make_planes (const Sketch *s, size_t width, size_t height, LimnImage *planes, LimnError *error)
{
  LIMN_TRY (limn_image_new (planes, width, height, LIMN_BASE_PLANES, error));
  if (s->paint || s->extended.data)
    LIMN_TRY (paint_planes (s, planes, error));
  if (s->ink.data)
    LIMN_TRY (ink_planes (s, planes, error));
  return LIMN_OK;
}

/* ---------------------------------------------------------------- from coarse to fine */

/* Enlarges x in place to width x height, at most the result's, by a plain filter and with the drawing's finer edges: the difference
 * to the drawing is what is enlarged. */
static LimnStatus
enlarge_plain (const Sketch *s, LimnImage *x, size_t width, size_t height, LimnError *error)
{
  LimnImage guide = { 0 }, up = { 0 };
  LimnStatus status = limn_resample (&guide, &s->guide, x->width, x->height, LIMN_FILTER_AREA, s->engine->pool, error);

  for (size_t i = 0; status == LIMN_OK && i < 3 * x->width * x->height; i++)
    x->data[i] -= guide.data[i];
  if (status == LIMN_OK)
    status = limn_resample (&up, x, width, height, LIMN_FILTER_BICUBIC, s->engine->pool, error);
  limn_image_clear (&guide);
  if (status == LIMN_OK)
    status = limn_resample (&guide, &s->guide, width, height, LIMN_FILTER_AREA, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < 3 * width * height; i++)
    up.data[i] += guide.data[i];
  limn_image_clear (&guide);
  limn_image_clear (x);
  *x = up;
  return status;
}

/* Enlarges x in place by detail and adds what of the drawing is finer than x. */
static LimnStatus
enlarge_detail (const Sketch *s, LimnImage *x, LimnError *error)
{
  const LimnControl silent = { .cancel = s->control ? s->control->cancel : NULL };
  LimnImage fine = { 0 }, guide = { 0 }, low = { 0 }, up = { 0 };
  LimnPool *pool = s->engine->pool;
  LimnStatus status
    = limn_detail_picture (s->engine, x, 0, NULL, NULL, NULL, 0, 0, &s->options->sampling, &fine, s->stats, &silent, error);

  if (status == LIMN_OK)
    status = limn_along_edges (&fine, x, DETAIL_GAIN, pool, error);
  if (status == LIMN_OK)
    status = limn_resample (&guide, &s->guide, fine.width, fine.height,
                            fine.width > s->guide.width ? LIMN_FILTER_BICUBIC : LIMN_FILTER_AREA, pool, error);
  if (status == LIMN_OK)
    status = limn_resample (&low, &guide, x->width, x->height, LIMN_FILTER_AREA, pool, error);
  if (status == LIMN_OK)
    status = limn_resample (&up, &low, fine.width, fine.height, LIMN_FILTER_BICUBIC, pool, error);
  for (size_t i = 0; status == LIMN_OK && i < 3 * fine.width * fine.height; i++)
    fine.data[i] += guide.data[i] - up.data[i];
  limn_image_clear (&guide);
  limn_image_clear (&low);
  limn_image_clear (&up);
  limn_image_clear (x);
  *x = fine;
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
  LimnImage planes = { 0 }, drawing = { 0 }, smooth = { 0 };
  LimnStatus status = make_planes (s, width, height, &planes, error);

  if (status == LIMN_OK)
    status = limn_base_run (s->engine, &planes, NULL, 0.25f + 0.75f * freedom, &s->options->sampling, rgb, s->stats, &silent, error);
  if (status == LIMN_OK)
    status = limn_resample (&drawing, &s->guide, width, height, LIMN_FILTER_AREA, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < 3 * width * height; i++)
    rgb->data[i] = (1 - keep) * (rgb->data[i] - drawing.data[i]);
  if (status == LIMN_OK)
    status = limn_blur (&smooth, rgb, BLUR, s->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < 3 * width * height; i++)
    rgb->data[i] = drawing.data[i] + smooth.data[i];
  limn_image_clear (&smooth);
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
  Sketch s = { .engine = engine, .options = options, .paint = paint, .stats = stats, .control = control };
  LimnImage x = { 0 };
  LimnStatus status;

  memset (patch, 0, sizeof *patch);
  if (stats)
    memset (stats, 0, sizeof *stats);
  LIMN_TRY (check (engine, paint, ink, options, error));
  limn_engine_begin (engine, control);
  status = ink ? read_ink (&s, ink, error) : LIMN_OK;
  if (status == LIMN_OK)
    status = make_guide (&s, error);
  if (status == LIMN_OK)
    status = render (&s, &x, error);
  if (status == LIMN_OK)
    status = deliver (&s, &x, patch, error);
  if (status == LIMN_OK)
    report (&s, 1);
  limn_engine_end (engine);
  limn_image_clear (&x);
  limn_image_clear (&s.ink);
  limn_image_clear (&s.guide);
  limn_image_clear (&s.extended);
  return status;
}
