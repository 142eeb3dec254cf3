/* Upscale: chunks enlarged 4x by detail (twice for 8x), resampled to the factor asked for, and back-projected onto the photo.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "back-project.h"
#include "engine/base/control.h"
#include "engine/generate/detail-coherent.h"
#include "engine/imaging/guided-filter.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/resample.h"
#include "engine/measure/noise-level.h"
#include "transparency.h"

/* The photo is enlarged in chunks: a core, which is kept, and a margin (in photo pixels) of context, which neighbours share. */
enum { CORE = 264, MARGIN = 8 };

static const float STRONGEST_LEVEL = 0.12f; /* strongest noise level that detail was trained on */
static const float LEAST_NOISE = 0.02f;     /* less is left alone: it is fine texture as likely as noise */

/* How a photo's noise and JPEG blocks are dealt with. Colours in [-1, 1]. */
typedef struct {
  float smoothing; /* epsilon of the guided filter over the photo before it is enlarged; 0: none */
  float level;     /* standard deviation of the noise that detail is told of and takes away by itself */
  float gain;      /* of what detail adds and the smoothing along edges has left; it is crisper above 1, and so is noise */
} Cleaning;

static const Cleaning NO_CLEANING = { .gain = 1.4f };
static const float NOISY_GAIN = 1.0f, BLOCKY_GAIN = 0.8f, LEAST_GAIN = 0.6f;

typedef struct {
  LimnEngine *engine;
  const LimnPixels *photo;
  const LimnUpscaleOptions *options;
  LimnRegion region;
  Cleaning cleaning;
  LimnStats *stats;
  const LimnControl *control;
  double done, share; /* progress: before the current chunk, and of it */
  double reported;
} Job;

/* What suits a photo of this noise and these blocks (LimnNoiseLevel's). */
static Cleaning
cleaning_for (float noise, float blocks)
{
  const float believed = noise < LEAST_NOISE ? 0 : noise, block_noise = 0.8f * blocks;
  const float level = sqrtf (believed * believed + block_noise * block_noise);

  if (level <= 0)
    return NO_CLEANING;
  return (Cleaning){ 2.5f * blocks * blocks, fminf (level, STRONGEST_LEVEL), block_noise > believed ? BLOCKY_GAIN : NOISY_GAIN };
}

/* The same at a strength of one's own, in [0, 1]: less than suits takes less of the noise away. More can't tell detail of more noise
 * than there is, since detail would draw what could have been under it: it smooths instead, and adds less. */
static Cleaning
cleaning_at (float strength, Cleaning suiting)
{
  const float own = suiting.level / STRONGEST_LEVEL, part = own > 0 ? fminf (strength / own, 1) : 1, more = fmaxf (strength - own, 0);
  const float smoothing = STRONGEST_LEVEL * STRONGEST_LEVEL * more * more, level = part * suiting.level, variance = level * level;

  return (Cleaning){ .smoothing = part * part * suiting.smoothing + smoothing,
                     .level = variance > 0 ? level * variance / (variance + smoothing) : 0, /* what the smoothing leaves */
                     .gain = fmaxf (NO_CLEANING.gain + part * (suiting.gain - NO_CLEANING.gain) - more, LEAST_GAIN) };
}

static void
report_chunk (void *user, double fraction)
{
  Job *job = user;

  job->reported = fmin (fmax (job->reported, job->done + job->share * fraction), 1);
  limn_report (job->control, job->reported);
}

static LimnStatus
keep_rows (void *user, size_t y, const LimnImage *rows, LimnError *error)
{
  LimnImage *out = user;

  memcpy (out->data + 3 * y * out->width, rows->data, 3 * rows->height * rows->width * sizeof (float));
  return LIMN_OK;
}

/* Enlarges low 4x. x, y: its place in the whole photo (or in the photo enlarged 4x). */
static LimnStatus
enlarge_four (Job *job, const LimnImage *low, ptrdiff_t x, ptrdiff_t y, float level, LimnImage *out, LimnError *error)
{
  const LimnControl control = { .cancel = limn_without_progress (job->control).cancel, .progress = report_chunk, .user = job };
  const LimnDetailInput input = { .low = low, .level = level, .origin_x = x, .origin_y = y, .sampling = &job->options->sampling };

  LIMN_TRY (limn_image_alloc (out, LIMN_DETAIL_SCALE * low->width, LIMN_DETAIL_SCALE * low->height, 3, error));
  return limn_detail_coherent (job->engine, &input, job->cleaning.gain, keep_rows, out, job->stats, &control, error);
}

/* Enlarges a chunk with its margin, at (x, y) of the photo, by the scale, before back-projection. */
static LimnStatus
enlarge_by_scale (Job *job, const LimnImage *rgb, ptrdiff_t x, ptrdiff_t y, LimnImage *out, LimnError *error)
{
  const size_t s = (size_t) job->options->scale, w = rgb->width * s, h = rgb->height * s;
  const double share = job->share;
  LimnPool *pool = job->engine->pool;
  LIMN_SCOPED_IMAGE clean = { 0 }, four = { 0 }, more = { 0 };

  LIMN_TRY (limn_image_copy (&clean, rgb, error));
  if (job->cleaning.smoothing > 0)
    LIMN_TRY (limn_guided_smooth (&clean, 3, job->cleaning.smoothing, pool, error));
  if (job->options->sampling.quick)
    return limn_resample (out, &clean, w, h, LIMN_FILTER_LANCZOS3, pool, error);
  if (s == 4)
    return enlarge_four (job, &clean, x, y, job->cleaning.level, out, error);
  if (s == 8)
    job->share = share / 17; /* the second pass has 16 times as many pixels */
  LIMN_TRY (enlarge_four (job, &clean, x, y, job->cleaning.level, &four, error));
  if (s < 8)
    return limn_resample (out, &four, w, h, LIMN_FILTER_AREA, pool, error);
  job->done += job->share;
  job->share = share - job->share;
  LIMN_TRY (enlarge_four (job, &four, 4 * x, 4 * y, 0, &more, error));
  limn_image_clear (&four);
  return limn_resample (out, &more, w, h, LIMN_FILTER_AREA, pool, error);
}

static bool
is_gray (const LimnImage *rgb)
{
  for (size_t i = 0; i < rgb->width * rgb->height; i++)
    if (rgb->data[3 * i] != rgb->data[3 * i + 1] || rgb->data[3 * i] != rgb->data[3 * i + 2])
      return false;
  return true;
}

/* Writes a chunk's core to the overlay. */
typedef struct {
  const LimnImage *rgb, *alpha;
  LimnPixels out; /* the core's part of the overlay */
  size_t margin;
} Writing;

static void
write_row (void *user, size_t y, int worker)
{
  Writing *s = user;
  const size_t at = (s->margin + y) * s->rgb->width + s->margin;

  limn_pixels_put_row (&s->out, y, s->rgb->data + 3 * at, s->alpha->data + at);
}

/* Enlarges one chunk whose core is at (x, y) of the photo, w x h. */
static LimnStatus
enlarge_chunk (Job *job, size_t x, size_t y, size_t w, size_t h, LimnOverlay *overlay, LimnError *error)
{
  const size_t s = (size_t) job->options->scale, cw = w + 2 * MARGIN, ch = h + 2 * MARGIN;
  const ptrdiff_t left = (ptrdiff_t) x - MARGIN, top = (ptrdiff_t) y - MARGIN;
  const int depth = job->photo->depth;
  LimnPool *pool = job->engine->pool;
  LIMN_SCOPED_IMAGE rgb = { 0 }, alpha = { 0 }, large = { 0 }, large_alpha = { 0 };

  LIMN_TRY (limn_image_from_pixels (&rgb, &alpha, job->photo, left, top, cw, ch, error));
  LIMN_TRY (limn_extend_colours (&rgb, &alpha, error));
  LIMN_TRY (enlarge_by_scale (job, &rgb, left, top, &large, error));
  if (is_gray (&rgb))
    for (size_t i = 0; i < large.width * large.height; i++) {
      float *p = large.data + 3 * i, luma = limn_luma (p);
      p[0] = p[1] = p[2] = luma;
    }
  if (job->options->faithful && job->cleaning.level <= 0 && job->cleaning.smoothing <= 0)
    LIMN_TRY (limn_back_project (&large, &rgb, s, depth, pool, error));
  LIMN_TRY (limn_enlarge_alpha (&large_alpha, &alpha, s, depth, pool, error));
  const LimnPixels *pixels = &overlay->pixels;
  uint8_t *core = (uint8_t *) pixels->data + (y - job->region.y) * s * pixels->stride + (x - job->region.x) * s * 4 * (size_t) depth / 8;
  Writing writing = { &large, &large_alpha, { core, w * s, h * s, pixels->stride, depth }, MARGIN * s };
  return limn_pool_try (pool, h * s, write_row, &writing, error);
}

static LimnStatus
check_inputs (const LimnEngine *engine, const LimnPixels *photo, const LimnUpscaleOptions *options, LimnRegion *region, LimnError *error)
{
  int s = options->scale;
  if (!engine->detail && !options->sampling.quick)
    return limn_fail (error, LIMN_BAD_MODEL, "Enlarging needs the detail network: choose a models folder that has detail.safetensors.");
  if (s != 2 && s != 3 && s != 4 && s != 8)
    return limn_fail (error, LIMN_BAD_INPUT, "A picture can be made 2, 3, 4 or 8 times as large, not %d.", s);
  if (!(options->denoise >= 0 && options->denoise <= 1) && options->denoise != LIMN_AUTOMATIC)
    return limn_fail (error, LIMN_BAD_INPUT, "The strength of noise removal goes from 0 to 1.");
  LIMN_TRY (limn_check_pixels (photo, error));
  *region = options->region ? *options->region : (LimnRegion){ 0, 0, photo->width, photo->height };
  if (!region->width || !region->height || region->x > photo->width || region->width > photo->width - region->x ||
      region->y > photo->height || region->height > photo->height - region->y)
    return limn_fail (error, LIMN_BAD_INPUT, "The part to enlarge lies outside the photo.");
  return LIMN_OK;
}

static LimnStatus
choose_cleaning (Job *job, LimnError *error)
{
  const float strength = job->options->denoise;
  LimnNoiseLevel measured;

  job->cleaning = NO_CLEANING;
  if (strength == 0)
    return LIMN_OK;
  LIMN_TRY (limn_measure_noise (&measured, job->photo, job->engine->pool, error));
  if (strength == LIMN_AUTOMATIC)
    job->cleaning = cleaning_for (measured.grain, measured.blocks);
  else
    job->cleaning = cleaning_at (strength, cleaning_for (measured.noise, measured.blocks));
  return LIMN_OK;
}

LimnStatus
limn_upscale (LimnEngine *engine, const LimnPixels *photo, const LimnUpscaleOptions *options, const LimnControl *control,
              LimnOverlay *overlay, LimnStats *stats, LimnError *error)
{
  LimnStats local = { 0 };
  Job job = { .engine = engine, .photo = photo, .options = options, .stats = &local, .control = control };
  LimnRegion *r = &job.region;

  *overlay = (LimnOverlay){ 0 };
  LIMN_TRY (check_inputs (engine, photo, options, r, error));
  size_t s = (size_t) options->scale, w, h;
  if (!limn_size_mul (r->width, s, 1, &w) || !limn_size_mul (r->height, s, 1, &h))
    return limn_fail_memory (error, SIZE_MAX);
  LIMN_TRY (limn_overlay_new (overlay, 0, 0, w, h, photo->depth, error));

  limn_engine_begin (engine, control);
  LimnStatus status = choose_cleaning (&job, error);
  /* chunks lie on a grid of the whole photo, so that a region gets the same result as in the whole */
  for (size_t y = r->y; y < r->y + r->height && status == LIMN_OK;) {
    size_t ye = y - y % CORE + CORE < r->y + r->height ? y - y % CORE + CORE : r->y + r->height;
    for (size_t x = r->x; x < r->x + r->width && status == LIMN_OK;) {
      size_t xe = x - x % CORE + CORE < r->x + r->width ? x - x % CORE + CORE : r->x + r->width;
      double all = (double) r->width * (double) r->height;

      job.done = ((double) (y - r->y) * (double) r->width + (double) (x - r->x) * (double) (ye - y)) / all;
      job.share = (double) (xe - x) * (double) (ye - y) / all;
      status = limn_check_cancelled (control, error);
      if (status == LIMN_OK)
        status = enlarge_chunk (&job, x, y, xe - x, ye - y, overlay, error);
      if (status == LIMN_OK)
        report_chunk (&job, 1);
      x = xe;
    }
    y = ye;
  }
  limn_engine_end (engine);
  if (status != LIMN_OK)
    limn_overlay_clear (overlay);
  else if (stats)
    *stats = local;
  return status;
}
