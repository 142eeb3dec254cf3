/* Zero-shot editing with an unconditional consistency model: Song, Dhariwal, Chen, Sutskever, "Consistency models" (2023),
 * algorithm 4. As in the paper, holes start at 0 and nothing is clamped before the end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "zero-shot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/imaging/area-average.h"
#include "engine/imaging/resample.h"
#include "engine/network/model.h"
#include "engine/network/noise.h"

static const float W[3] = { 0.2989f, 0.5870f, 0.1140f };

/* The paper's levels for strokes. */
static const double STROKES_FIRST = 5.38, STROKES_LAST = 2.24;

/* ---------------------------------------------------------------- what is known */

void
limn_knowledge_clear (LimnKnowledge *knowledge)
{
  limn_image_clear (&knowledge->y);
  limn_image_clear (&knowledge->known);
}

static void
impose_luma (const LimnImage *y, LimnImage *x)
{
  const float norm = W[0] * W[0] + W[1] * W[1] + W[2] * W[2];

  for (size_t i = 0; i < x->width * x->height; i++) {
    const float *from = y->data + 3 * i;
    float *to = x->data + 3 * i;
    float missing = W[0] * (from[0] - to[0]) + W[1] * (from[1] - to[1]) + W[2] * (from[2] - to[2]);

    for (size_t c = 0; c < 3; c++)
      to[c] += W[c] * missing / norm;
  }
}

static void
impose_means (const LimnImage *y, size_t side, LimnImage *x)
{
  for (size_t v = 0; v < x->height; v += side)
    for (size_t u = 0; u < x->width; u += side)
      for (size_t c = 0; c < 3; c++) {
        double sum = 0;

        for (size_t k = 0; k < side * side; k++) {
          size_t at = ((v + k / side) * x->width + u + k % side) * 3 + c;
          sum += (double) y->data[at] - (double) x->data[at];
        }
        for (size_t k = 0; k < side * side; k++)
          x->data[((v + k / side) * x->width + u + k % side) * 3 + c] += (float) (sum / (double) (side * side));
      }
}

void
limn_knowledge_impose (const LimnKnowledge *knowledge, LimnImage *x)
{
  switch (knowledge->task) {
  case LIMN_ZERO_SHOT_FILL:
    for (size_t i = 0; i < 3 * x->width * x->height; i++)
      if (knowledge->known.data[i / 3] > 0)
        x->data[i] = knowledge->y.data[i];
    break;
  case LIMN_ZERO_SHOT_COLORIZE: impose_luma (&knowledge->y, x); break;
  case LIMN_ZERO_SHOT_UPSCALE: impose_means (&knowledge->y, knowledge->side, x); break;
  case LIMN_ZERO_SHOT_STROKES:
  case LIMN_ZERO_SHOT_DENOISE:
  case LIMN_ZERO_SHOT_INTERPOLATE: break;
  }
}

void
limn_noise_levels (double *levels, int steps, double first, double last)
{
  double a = pow (first, 1.0 / 7), b = pow (last, 1.0 / 7);

  for (int i = 0; i < steps; i++)
    levels[i] = pow (a + (double) i / steps * (b - a), 7);
}

/* ---------------------------------------------------------------- preparing */

typedef struct {
  const LimnZeroShotOptions *options;
  LimnPool *pool;
  LimnModel *model;
  LimnKnowledge knowledge;
  size_t size;
  const LimnControl *control;
} Job;

/* The photo at size x size, alpha in the fourth channel. */
static LimnStatus
read_photo (const Job *job, const LimnPixels *photo, size_t size, LimnImage *out, LimnError *error)
{
  size_t width = photo->width < size ? photo->width : size, height = photo->height < size ? photo->height : size;
  LIMN_SCOPED_IMAGE reduced = { 0 };

  LIMN_TRY (limn_area_average (&reduced, photo, width, height, false, job->pool, error));
  return limn_resample (out, &reduced, size, size, LIMN_FILTER_BICUBIC, job->pool, error);
}

/* known is 1 where the mask is 0 and the photo opaque. */
static LimnStatus
read_mask (Job *job, const LimnMask *mask, const LimnImage *photo, LimnError *error)
{
  LIMN_SCOPED_IMAGE whole = { 0 }, small = { 0 };

  LIMN_TRY (limn_image_from_mask (&whole, mask, 0, 0, mask->width, mask->height, error));
  LIMN_TRY (limn_resample (&small, &whole, job->size, job->size, LIMN_FILTER_AREA, job->pool, error));
  LIMN_TRY (limn_image_new (&job->knowledge.known, job->size, job->size, 1, error));
  for (size_t i = 0; i < job->size * job->size; i++)
    job->knowledge.known.data[i] = small.data[i] < 0.02f && photo->data[4 * i + 3] > 0.98f;
  return LIMN_OK;
}

/* y: the known part of the photo as pixels (step 1): 0 in holes, gray along w, patch means. */
static LimnStatus
prepare (Job *job, const LimnPixels *photo, const LimnMask *mask, LimnError *error)
{
  LimnKnowledge *knowledge = &job->knowledge;
  size_t size = job->size, side = 1;
  LIMN_SCOPED_IMAGE small = { 0 };
  knowledge->task = job->options->task;
  LIMN_TRY (limn_image_new (&knowledge->y, size, size, 3, error));
  if (knowledge->task == LIMN_ZERO_SHOT_INTERPOLATE)
    return LIMN_OK;
  if (knowledge->task == LIMN_ZERO_SHOT_UPSCALE)
    side = knowledge->side = (size_t) job->options->scale;
  LIMN_TRY (read_photo (job, photo, size / side, &small, error));
  if (knowledge->task == LIMN_ZERO_SHOT_FILL)
    LIMN_TRY (read_mask (job, mask, &small, error));
  for (size_t i = 0; i < size * size; i++) {
    const float *from = small.data + (i / size / side * small.width + i % size / side) * 4;
    float *to = knowledge->y.data + 3 * i;
    bool missing = knowledge->task == LIMN_ZERO_SHOT_FILL && knowledge->known.data[i] <= 0;

    for (size_t c = 0; c < 3; c++)
      to[c] = missing ? 0 : limn_min (limn_max (from[c], -1), 1);
    if (knowledge->task == LIMN_ZERO_SHOT_COLORIZE) {
      float g = (W[0] * to[0] + W[1] * to[1] + W[2] * to[2]) / (W[0] * W[0] + W[1] * W[1] + W[2] * W[2]);
      for (size_t c = 0; c < 3; c++)
        to[c] = W[c] * g;
    }
  }
  return LIMN_OK;
}

static LimnStatus
check_options (const LimnPixels *photo, const LimnMask *mask, const LimnZeroShotOptions *options, LimnError *error)
{
  if (options->steps < 1 || options->steps > 1000)
    return limn_fail (error, LIMN_BAD_INPUT, "The number of steps goes from 1 to 1000, not %d.", options->steps);
  if (options->task == LIMN_ZERO_SHOT_INTERPOLATE)
    return LIMN_OK;
  LIMN_TRY (limn_check_pixels (photo, error));
  if (options->task == LIMN_ZERO_SHOT_FILL && (!mask || mask->width != photo->width || mask->height != photo->height))
    return limn_fail (error, LIMN_BAD_INPUT, "Filling needs a mask of the photo's size, %zu x %zu.", photo->width, photo->height);
  if (options->task == LIMN_ZERO_SHOT_DENOISE && !(options->sigma >= 0 && options->sigma <= 80))
    return limn_fail (error, LIMN_BAD_INPUT, "The noise level goes from 0 to 80.");
  return LIMN_OK;
}

static LimnStatus
check_model (Job *job, const char *path, LimnError *error)
{
  const LimnUnetConfig *config = limn_model_config (job->model);
  const LimnModelMeta *meta = limn_model_meta (job->model);
  int label = job->options->class_label, scale = job->options->scale;

  if (meta->parametrisation != LIMN_CONSISTENCY)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: this is limn's own \"%s\" network; zero-shot editing needs an unconditional checkpoint.",
                      path, meta->role);
  job->size = meta->size;
  if (job->size == 0)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: \"sample_size\" is missing in the config.", path);
  if (config->num_classes > 0 && (label < 0 || label >= config->num_classes))
    return limn_fail (error, LIMN_BAD_INPUT, "This checkpoint has classes: give one from 0 to %d.", config->num_classes - 1);
  if (config->num_classes == 0 && label >= 0)
    return limn_fail (error, LIMN_BAD_INPUT, "This checkpoint has no classes: leave the class out.");
  if (job->options->task == LIMN_ZERO_SHOT_UPSCALE && (scale < 2 || job->size % (size_t) scale != 0))
    return limn_fail (error, LIMN_BAD_INPUT, "The scale must be a divisor, from 2, of the checkpoint's size %zu.", job->size);
  return LIMN_OK;
}

/* ---------------------------------------------------------------- sampling */

/* x += sigma z, with z from the step's own stream. */
static void
add_noise (const Job *job, LimnImage *x, double sigma, int step)
{
  const LimnSampling *sampling = &job->options->sampling;
  size_t count = 3 * x->width * x->height;
  float part[384];

  for (size_t at = 0; at < count; at += 384) {
    size_t room = count - at < 384 ? count - at : 384;
    limn_noise_mix (part, room, sampling->seed, sampling->seed_b, sampling->mix, (uint32_t) step, at);
    for (size_t i = 0; i < room; i++)
      x->data[at + i] += (float) sigma * part[i];
  }
}

/* Falling noise levels for the task. */
static void
choose_levels (const Job *job, double *levels)
{
  const LimnModelMeta *meta = limn_model_meta (job->model);
  int steps = job->options->steps;
  double least = (double) meta->sigma_min, first = (double) meta->sigma_max;

  switch (job->options->task) {
  case LIMN_ZERO_SHOT_STROKES: /* from 5.38 down to 2.24, both evaluated */
    limn_noise_levels (levels, steps - 1, STROKES_FIRST, STROKES_LAST);
    levels[steps - 1] = steps > 1 ? STROKES_LAST : STROKES_FIRST;
    return;
  case LIMN_ZERO_SHOT_DENOISE: first = job->options->sigma > 0 ? (double) job->options->sigma : 0.5; break;
  case LIMN_ZERO_SHOT_FILL:
  case LIMN_ZERO_SHOT_COLORIZE:
  case LIMN_ZERO_SHOT_UPSCALE:
  case LIMN_ZERO_SHOT_INTERPOLATE: break;
  }
  limn_noise_levels (levels, steps, first, fmin (least, first));
}

static LimnStatus
run (const Job *job, const double *levels, LimnImage *x, LimnStats *stats, LimnError *error)
{
  double least = (double) limn_model_meta (job->model)->sigma_min;
  const LimnControl silent = limn_without_progress (job->control);

  LIMN_TRY (limn_image_copy (x, &job->knowledge.y, error));
  for (int i = 0; i < job->options->steps; i++) {
    double t = levels[i];

    if (i > 0)
      add_noise (job, x, sqrt (fmax (t * t - least * least, 0)), i);
    else if (job->options->task != LIMN_ZERO_SHOT_DENOISE) /* a noisy photo already has the noise */
      add_noise (job, x, t, 0);
    LIMN_TRY (
      limn_model_evaluate (job->model, job->pool, x, (float) t, NULL, NULL, job->options->class_label, NULL, x, stats, &silent, error));
    limn_knowledge_impose (&job->knowledge, x);
    limn_report (job->control, (double) (i + 1) / job->options->steps);
  }
  return LIMN_OK;
}

LimnStatus
limn_zero_shot (const char *checkpoint_folder, int threads, const LimnPixels *photo, const LimnMask *mask,
                const LimnZeroShotOptions *options, const LimnControl *control, LimnOverlay *overlay, LimnStats *stats, LimnError *error)
{
  Job job = { .options = options, .control = control };
  LimnImage x = { 0 };
  double *levels;
  LimnStatus status;

  memset (overlay, 0, sizeof *overlay);
  if (stats)
    memset (stats, 0, sizeof *stats);
  LIMN_TRY (check_options (photo, mask, options, error));
  levels = limn_alloc ((size_t) options->steps, 1, 1, sizeof *levels);
  if (!levels)
    return limn_fail_memory (error, (size_t) options->steps * sizeof *levels);
  status = limn_pool_new (&job.pool, threads, error);
  if (status == LIMN_OK) {
    limn_pool_watch (job.pool, control ? control->cancel : NULL);
    status = limn_model_open (&job.model, checkpoint_folder, NULL, job.pool, error);
  }
  if (status == LIMN_OK)
    status = check_model (&job, checkpoint_folder, error);
  if (status == LIMN_OK)
    status = prepare (&job, photo, mask, error);
  if (status == LIMN_OK) {
    choose_levels (&job, levels);
    status = run (&job, levels, &x, stats, error);
  }
  if (status == LIMN_OK)
    status = limn_overlay_from_image (overlay, &x, NULL, 0, 0, 8, error);
  limn_image_clear (&x);
  limn_knowledge_clear (&job.knowledge);
  limn_model_free (job.model);
  if (job.pool)
    limn_pool_free (job.pool);
  free (levels);
  return status;
}
