/* The consistency function f(x, t) on top of the U-Net, in both parametrisations, and sampling in one or two steps.
 * Song, Dhariwal, Chen, Sutskever, "Consistency models" (2023), section 3 and appendix C; the anchored form is described in
 * docs/networks.md.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "noise.h"

enum { KEPT_RUNS = 3, NOISE_PLANE = 1 << 24 };

typedef struct {
  LimnUnetRun *run;
  size_t width, height;
  uint64_t used;
} KeptRun;

struct LimnModel {
  LimnWeights *weights;
  LimnUnet *unet;
  KeptRun runs[KEPT_RUNS];
  uint64_t clock;
};

/* ---------------------------------------------------------------- opening */

static LimnStatus
check_channels (const LimnWeights *weights, const char *path, LimnError *error)
{
  const LimnUnetConfig *config = limn_weights_config (weights);
  const LimnModelMeta *meta = limn_weights_meta (weights);
  int p = meta->space_to_depth, in = 3, cells = p * p;

  if (strcmp (meta->role, "base") == 0)
    in = 12 * cells;
  else if (strcmp (meta->role, "detail") == 0)
    in = 7 * cells + 4;
  if (config->in_channels != in || config->out_channels != 3 * cells)
    return limn_fail (error, LIMN_BAD_MODEL, "%s: a network of this kind has in_channels %d and out_channels %d, not %d and %d.", path, in,
                      3 * cells, config->in_channels, config->out_channels);
  return LIMN_OK;
}

LimnStatus
limn_model_open (LimnModel **model, const char *path, const char *role, LimnPool *pool, LimnError *error)
{
  LimnModel *self = calloc (1, sizeof *self);
  LimnStatus status;

  *model = NULL;
  if (!self)
    return limn_fail_memory (error, sizeof *self);
  status = limn_weights_open (&self->weights, path, error);
  if (status == LIMN_OK && role && strcmp (limn_weights_meta (self->weights)->role, role) != 0)
    status = limn_fail (error, LIMN_BAD_MODEL, "%s: this is a \"%s\" network where \"%s\" is needed.", path,
                        limn_weights_meta (self->weights)->role, role);
  if (status == LIMN_OK)
    status = check_channels (self->weights, path, error);
  if (status == LIMN_OK)
    status = limn_unet_new (&self->unet, self->weights, pool, error);
  if (status == LIMN_OK)
    *model = self;
  else
    limn_model_free (self);
  return status;
}

void
limn_model_free (LimnModel *model)
{
  if (!model)
    return;
  for (int i = 0; i < KEPT_RUNS; i++)
    if (model->runs[i].run)
      limn_unet_run_free (model->runs[i].run);
  if (model->unet)
    limn_unet_free (model->unet);
  limn_weights_free (model->weights);
  free (model);
}

const LimnModelMeta *
limn_model_meta (const LimnModel *model)
{
  return limn_weights_meta (model->weights);
}

const LimnUnetConfig *
limn_model_config (const LimnModel *model)
{
  return limn_weights_config (model->weights);
}

size_t
limn_model_features (const LimnModel *model, int map)
{
  return limn_unet_features (model->unet, map);
}

/* The plan for a grid size: a cached one, or a new one in place of the least recently used. */
static LimnStatus
find_run (LimnModel *model, size_t width, size_t height, LimnUnetRun **run, LimnError *error)
{
  KeptRun *place = &model->runs[0];

  for (int i = 0; i < KEPT_RUNS; i++) {
    KeptRun *kept = &model->runs[i];
    if (kept->run && kept->width == width && kept->height == height) {
      kept->used = ++model->clock;
      *run = kept->run;
      return LIMN_OK;
    }
    if (kept->used < place->used)
      place = kept;
  }
  if (place->run)
    limn_unet_run_free (place->run);
  memset (place, 0, sizeof *place);
  LIMN_TRY (limn_unet_run_new (&place->run, model->unet, width, height, error));
  place->width = width;
  place->height = height;
  place->used = ++model->clock;
  *run = place->run;
  return LIMN_OK;
}

/* ---------------------------------------------------------------- pixel (un)shuffle */

LimnStatus
limn_pixel_unshuffle (LimnImage *out, const LimnImage *in, size_t p, LimnError *error)
{
  size_t channels = in->channels;

  if (p == 0 || in->width % p != 0 || in->height % p != 0)
    return limn_fail (error, LIMN_BAD_INPUT, "A picture of %zu x %zu can't be cut into cells of %zu.", in->width, in->height, p);
  LIMN_TRY (limn_image_alloc (out, in->width / p, in->height / p, channels * p * p, error));
  for (size_t y = 0; y < in->height; y++)
    for (size_t x = 0; x < in->width; x++)
      for (size_t c = 0; c < channels; c++)
        out->data[((y / p) * out->width + x / p) * out->channels + c * p * p + y % p * p + x % p] =
          in->data[(y * in->width + x) * channels + c];
  return LIMN_OK;
}

/* ---------------------------------------------------------------- f(x, t) */

typedef struct {
  float in, skip, out, time;
} Scales;

static Scales
scales_at (const LimnModelMeta *meta, float t)
{
  double sd = meta->sigma_data, s2 = (double) t * t + sd * sd, s = sqrt (s2), past = t - (double) meta->sigma_min;
  double level = log (fmax (t, meta->sigma_min)) / 4;

  if (meta->parametrisation == LIMN_ANCHOR)
    return (Scales){ (float) (1 / s), (float) (sd * sd / s2), (float) (t * sd / s), (float) (250 * level) };
  return (Scales){ (float) (1 / s), (float) (sd * sd / (past * past + sd * sd)), (float) (sd * past / s), (float) (1000 * level) };
}

/* What the pieces of an evaluation share. */
typedef struct {
  const LimnImage *x, *anchor, *condition;
  LimnImage *y;
  size_t p, channels;
  Scales s;
  float *in, *out; /* grids */
} Evaluation;

/* One grid row of the network's input: the scaled difference to the anchor, unshuffled, then the conditioning. */
static void
gather_row (void *user, size_t y, int worker)
{
  const Evaluation *e = user;
  size_t p = e->p, width = e->x->width / p, own = 3 * p * p;

  for (size_t i = 0; i < width; i++) {
    float *cell = e->in + (y * width + i) * e->channels;

    for (size_t dy = 0; dy < p; dy++)
      for (size_t dx = 0; dx < p; dx++) {
        size_t at = ((y * p + dy) * e->x->width + i * p + dx) * 3;
        for (size_t c = 0; c < 3; c++)
          cell[c * p * p + dy * p + dx] = e->s.in * (e->x->data[at + c] - (e->anchor ? e->anchor->data[at + c] : 0));
      }
    if (e->condition)
      memcpy (cell + own, e->condition->data + (y * width + i) * e->condition->channels, e->condition->channels * sizeof *cell);
  }
}

/* The picture rows of one grid row of the network's output. */
static void
scatter_row (void *user, size_t row, int worker)
{
  const Evaluation *e = user;
  size_t p = e->p, width = e->x->width / p;

  for (size_t y = row * p; y < (row + 1) * p; y++)
    for (size_t i = 0; i < width; i++) {
      const float *cell = e->out + (row * width + i) * 3 * p * p + y % p * p;

      for (size_t dx = 0; dx < p; dx++)
        for (size_t c = 0; c < 3; c++) {
          size_t at = (y * e->x->width + i * p + dx) * 3 + c;
          float a = e->anchor ? e->anchor->data[at] : 0;
          e->y->data[at] = a + e->s.skip * (e->x->data[at] - a) + e->s.out * cell[c * p * p + dx];
        }
    }
}

LimnStatus
limn_model_evaluate (LimnModel *model, LimnPool *pool, const LimnImage *x, float t, const LimnImage *anchor, const LimnImage *condition,
                     int class_label, const LimnFeatures *features, LimnImage *y, LimnStats *stats, const LimnControl *control,
                     LimnError *error)
{
  const LimnUnetConfig *config = limn_model_config (model);
  const LimnModelMeta *meta = limn_model_meta (model);
  size_t p = (size_t) meta->space_to_depth, width = x->width / p, height = x->height / p;
  size_t step = (size_t) 1 << (config->levels - 1), in_channels = (size_t) config->in_channels;
  Evaluation e = { x, anchor, condition, y, p, in_channels, scales_at (meta, t), NULL, NULL };
  double start = limn_clock_ms ();
  LimnUnetRun *run;
  LimnStatus status;

  if (width == 0 || height == 0 || x->width % (p * step) != 0 || x->height % (p * step) != 0)
    return limn_fail (error, LIMN_BAD_INPUT, "The network works on multiples of %zu pixels, not on %zu x %zu.", p * step, x->width,
                      x->height);
  if (in_channels != 3 * p * p + (condition ? condition->channels : 0))
    return limn_fail (error, LIMN_BAD_MODEL, "The network has %zu input channels, the edit gives %zu.", in_channels,
                      3 * p * p + (condition ? condition->channels : 0));
  LIMN_TRY (limn_check_cancelled (control, error));
  LIMN_TRY (find_run (model, width, height, &run, error));
  e.in = limn_alloc (width, height, in_channels, sizeof *e.in);
  e.out = limn_alloc (width, height, 3 * p * p, sizeof *e.out);
  if (e.in && e.out) {
    limn_pool_run (pool, height, gather_row, &e);
    status = limn_unet_forward (run, pool, e.in, e.s.time, class_label, features, e.out, control, error);
  } else {
    status = limn_fail_memory (error, width * height * (in_channels + 3 * p * p) * sizeof *e.in);
  }
  if (status == LIMN_OK) {
    limn_pool_run (pool, height, scatter_row, &e);
    if (stats) {
      stats->evaluations++;
      stats->network_ms += limn_clock_ms () - start;
    }
  }
  free (e.in);
  free (e.out);
  return status;
}

/* ---------------------------------------------------------------- sampling */

typedef struct {
  LimnImage *x;
  const LimnSampleInput *input;
  float sigma;
  uint32_t stream;
} Noise;

/* A row of x += sigma z; z comes from the noise plane that overlapping tiles share. */
static void
noise_row (void *user, size_t y, int worker)
{
  const Noise *noise = user;
  const LimnSampleInput *input = noise->input;
  const LimnSampling *sampling = input->sampling;
  size_t count = 3 * noise->x->width;
  uint64_t first = 3 * ((uint64_t) (input->origin_y + (ptrdiff_t) y + NOISE_PLANE / 2) * NOISE_PLANE +
                        (uint64_t) (input->origin_x + NOISE_PLANE / 2));
  float *row = noise->x->data + y * count, part[384];

  for (size_t at = 0; at < count; at += 384) {
    size_t room = count - at < 384 ? count - at : 384;
    limn_noise_mix (part, room, sampling->seed, sampling->seed_b, sampling->mix, noise->stream, first + at);
    for (size_t i = 0; i < room; i++)
      row[at + i] += noise->sigma * part[i];
  }
}

/* x = f(x + sigma z, sigma), in place. */
static LimnStatus
run_step (LimnModel *model, LimnPool *pool, const LimnSampleInput *input, float sigma, uint32_t stream, LimnImage *x, LimnStats *stats,
          const LimnControl *control, LimnError *error)
{
  Noise noise = { x, input, sigma, stream };

  LIMN_TRY (limn_pool_try (pool, x->height, noise_row, &noise, error));
  return limn_model_evaluate (model, pool, x, sigma, input->anchor, input->condition, -1, input->features, x, stats, control, error);
}

LimnStatus
limn_model_sample (LimnModel *model, LimnPool *pool, const LimnSampleInput *input, LimnImage *y, LimnStats *stats,
                   const LimnControl *control, LimnError *error)
{
  const LimnModelMeta *meta = limn_model_meta (model);
  float sigma = input->sigma > 0 ? input->sigma : meta->sigma_max;
  float second = limn_min (strcmp (meta->role, "detail") == 0 ? 0.15f : 0.5f, sigma);
  LimnStatus status = limn_image_copy (y, input->start ? input->start : input->anchor, error);

  if (status == LIMN_OK)
    status = run_step (model, pool, input, sigma, 0, y, stats, control, error);
  if (status == LIMN_OK && input->sampling->steps > 1) {
    if (input->known && input->exact)
      for (size_t i = 0; i < y->width * y->height * 3; i++)
        y->data[i] += input->known->data[i / 3] * (input->exact->data[i] - y->data[i]);
    status = run_step (model, pool, input, second, 1, y, stats, control, error);
  }
  if (status != LIMN_OK)
    limn_image_clear (y);
  return status;
}
