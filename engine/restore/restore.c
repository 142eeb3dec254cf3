/* Restore: damage is found and filled, then grain is calmed and tones are evened, some rows at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "engine/generate/engine.h"
#include "engine/imaging/connected-components.h"
#include "engine/imaging/image.h"
#include "find-damage.h"
#include "grain.h"
#include "quick-fill.h"
#include "tone.h"

enum {
  MOST_PIXELS = 12500000,      /* that damage is looked for in; larger photos are looked at smaller */
  MOST_QUICK_PIXELS = 1200000, /* the same for a live preview */
  MOST_ROWS = 192,
  LEAST_ROWS = 16,
  BAND_PIXELS = 800000 /* of the bands that are worked on together */
};

static const float STRONGEST_GRAIN = 1.8f; /* factor on the grain's standard deviation at full strength */

typedef struct {
  LimnEngine *engine;
  const LimnPixels *photo;
  const LimnRestoreOptions *options;
  const LimnControl *control;
  uint8_t *mask;    /* [h * w]: what is to be filled */
  LimnOverlay fill; /* empty: nothing is */
  LimnTone tone;
  LimnGrain grain;
  LimnGrainWork **works; /* [threads]; NULL: grain stays */
  LimnOverlay *out;
  size_t rows;       /* of a band */
  atomic_int failed; /* memory ended in a band */
} Job;

/* -- Progress: finding, filling, the rest -- */

static const double FOUND = 0.35, FILLED = 0.75;

static void
report_fill (void *user, double fraction)
{
  const Job *job = user;

  limn_report (job->control, FOUND + (FILLED - FOUND) * fraction);
}

/* -- The mask -- */

static LimnStatus
check_inputs (const LimnPixels *photo, const LimnRestoreOptions *options, LimnError *error)
{
  const float strengths[] = { options->scratches, options->fading, options->grain };

  LIMN_TRY (limn_check_pixels (photo, error));
  for (size_t k = 0; k < 3; k++)
    if (!(strengths[k] >= 0.0f && strengths[k] <= 1.0f))
      return limn_fail (error, LIMN_BAD_INPUT, "Scratches, fading and grain must be from 0 to 1.");
  return options->marks ? limn_check_size (photo, options->marks->width, options->marks->height, "The mask of marks is", error) : LIMN_OK;
}

/* What people have marked themselves holds. */
static void
apply_marks (const Job *job)
{
  const LimnMask *marks = job->options->marks;
  const size_t width = job->photo->width;

  for (size_t y = 0; marks && y < job->photo->height; y++)
    for (size_t x = 0; x < width; x++) {
      const uint8_t mark = marks->data[y * marks->stride + x];
      if (mark >= LIMN_MARKS_SPARE)
        job->mask[y * width + x] = mark >= LIMN_MARKS_MEND ? 255 : 0;
    }
}

static LimnStatus
find_mask (Job *job, LimnError *error)
{
  const LimnDamageSearch search = { .photo = job->photo,
                                    .sensitivity = job->options->scratches,
                                    .most_pixels = job->options->sampling.quick ? MOST_QUICK_PIXELS : MOST_PIXELS };

  job->mask = limn_alloc (job->photo->width, job->photo->height, 1, 1);
  if (job->mask == NULL)
    return limn_fail_memory (error, job->photo->width * job->photo->height);
  LIMN_TRY (limn_find_damage (job->mask, &search, job->engine->pool, error));
  apply_marks (job);
  return LIMN_OK;
}

/* The whole photo can't be filled from nothing. */
static bool
is_any_masked (const Job *job)
{
  return memchr (job->mask, 255, job->photo->width * job->photo->height) != NULL;
}

static bool
is_large (const LimnPixels *photo)
{
  return photo->width * photo->height > MOST_QUICK_PIXELS;
}

static LimnStatus
fill_quickly (Job *job, LimnError *error)
{
  return limn_quick_fill (&job->fill, job->photo, job->mask, MOST_QUICK_PIXELS, job->engine->pool, error);
}

/* The fill takes the engine for itself. */
static LimnStatus
fill_mask (Job *job, LimnStats *stats, LimnError *error)
{
  const LimnControl control = { .cancel = limn_without_progress (job->control).cancel, .progress = report_fill, .user = job };
  const LimnFillOptions options = { .sampling = job->options->sampling, .grow = LIMN_AUTOMATIC, .feather = 0.0f };
  const LimnMask mask = { job->mask, job->photo->width, job->photo->height, job->photo->width };

  return limn_fill (job->engine, job->photo, &mask, &options, &control, &job->fill, stats, error);
}

/* mask becomes what the fill changes. */
static void
take_filled (const Job *job)
{
  const LimnPixels *fill = &job->fill.pixels;
  const size_t width = job->photo->width;

  memset (job->mask, 0, width * job->photo->height);
  for (size_t y = 0; y < fill->height; y++) {
    const uint8_t *row = (const uint8_t *) fill->data + y * fill->stride;
    for (size_t x = 0; x < fill->width; x++) {
      const bool changed = fill->depth == 16 ? ((const uint16_t *) (const void *) row)[4 * x + 3] != 0 : row[4 * x + 3] != 0;
      job->mask[(job->fill.y + y) * width + job->fill.x + x] = changed ? 255 : 0;
    }
  }
}

/* -- Tones and grain -- */

/* A row of the mended photo as levels, [width][3]; alpha: [width] of the photo, or NULL. */
static void
read_levels (const Job *job, size_t y, float *levels, float *alpha)
{
  const LimnOverlay *fill = &job->fill;
  const size_t width = job->photo->width, j = y - fill->y; /* negative ones wrap to large values */
  const float last = (float) (job->tone.levels - 1);

  limn_pixels_get_row (job->photo, 0, (ptrdiff_t) y, width, levels, alpha);
  for (size_t i = 0; i < 3 * width; i++)
    levels[i] = floorf ((levels[i] + 1.0f) * 0.5f * last + 0.5f);
  for (size_t i = 0; j < fill->pixels.height && i < fill->pixels.width; i++) {
    float rgb[3], share, *at = levels + 3 * (fill->x + i);
    if (!job->mask[y * width + fill->x + i])
      continue;
    limn_pixels_get_row (&fill->pixels, (ptrdiff_t) i, (ptrdiff_t) j, 1, rgb, &share);
    for (size_t c = 0; c < 3 && share > 0.0f; c++)
      at[c] = floorf (at[c] + share * ((rgb[c] + 1.0f) * 0.5f * last - at[c]) + 0.5f);
  }
}

/* Calms rows [y, y + rows) and puts them into calm, [rows][width][3] in levels. */
static LimnStatus
calm_rows (const Job *job, LimnGrainWork *work, size_t y, LimnImage *calm, LimnError *error)
{
  const size_t top = y > LIMN_GRAIN_MARGIN ? y - LIMN_GRAIN_MARGIN : 0, width = calm->width;
  const size_t bottom = limn_size_min (y + calm->height + LIMN_GRAIN_MARGIN, job->photo->height);
  const float scale = 2.0f / (float) (job->tone.levels - 1);
  LIMN_SCOPED_IMAGE rgb = { 0 };

  LIMN_TRY (limn_image_alloc (&rgb, width, bottom - top, 3, error));
  for (size_t j = 0; j < rgb.height; j++)
    read_levels (job, top + j, rgb.data + 3 * j * width, NULL);
  for (size_t i = 0; i < 3 * width * rgb.height; i++)
    rgb.data[i] = rgb.data[i] * scale - 1.0f;
  limn_grain_calm (work, &rgb, &job->grain, STRONGEST_GRAIN * job->options->grain);
  for (size_t i = 0; i < 3 * width * calm->height; i++)
    calm->data[i] = (rgb.data[3 * (y - top) * width + i] + 1.0f) / scale;
  return LIMN_OK;
}

/* Writes a row of levels through the curves; where the photo is transparent it stays. */
static void
write_levels (const Job *job, size_t y, const float *levels, const float *alpha)
{
  const LimnPixels *out = &job->out->pixels;
  uint8_t *row = (uint8_t *) out->data + y * out->stride;

  for (size_t x = 0; x < out->width; x++) {
    if (alpha[x] <= 0.0f)
      continue;
    for (size_t c = 0; c < 4; c++) {
      const float value = c < 3 ? limn_tone_at (&job->tone, (int) c, levels[3 * x + c]) + 0.5f : (float) (job->tone.levels - 1);
      if (out->depth == 16)
        ((uint16_t *) (void *) row)[4 * x + c] = (uint16_t) value;
      else
        row[4 * x + c] = (uint8_t) value;
    }
  }
}

static LimnStatus
finish_band (const Job *job, size_t band, int worker, LimnError *error)
{
  const size_t width = job->photo->width, y = band * job->rows, rows = limn_size_min (job->rows, job->photo->height - y);
  LIMN_SCOPED_IMAGE levels = { 0 }, row = { 0 };

  LIMN_TRY (limn_image_alloc (&row, width, 1, 4, error));
  LIMN_TRY (limn_image_alloc (&levels, width, rows, 3, error));
  if (job->works)
    LIMN_TRY (calm_rows (job, job->works[worker], y, &levels, error));
  for (size_t j = 0; j < rows; j++) {
    float *alpha = row.data + 3 * width;
    read_levels (job, y + j, row.data, alpha);
    write_levels (job, y + j, job->works ? levels.data + 3 * j * width : row.data, alpha);
  }
  return LIMN_OK;
}

static void
run_band (void *user, size_t band, int worker)
{
  Job *job = user;

  if (finish_band (job, band, worker, NULL) != LIMN_OK)
    atomic_store (&job->failed, 1);
}

static void
works_free (Job *job, size_t threads)
{
  for (size_t k = 0; job->works && k < threads; k++)
    limn_grain_work_free (job->works[k]);
  free (job->works);
  job->works = NULL;
}

static LimnStatus
works_new (Job *job, size_t threads, LimnError *error)
{
  job->works = calloc (threads, sizeof *job->works);
  if (job->works == NULL)
    return limn_fail_memory (error, threads * sizeof *job->works);
  for (size_t k = 0; k < threads; k++)
    LIMN_TRY (limn_grain_work_new (&job->works[k], (job->rows + 2 * LIMN_GRAIN_MARGIN) * job->photo->width, error));
  return LIMN_OK;
}

/* The whole photo, mended, calmed and evened. */
static LimnStatus
finish (Job *job, LimnError *error)
{
  const LimnPixels *photo = job->photo;
  const size_t threads = (size_t) limn_pool_threads (job->engine->pool);
  LimnStatus status = LIMN_OK;

  job->rows = limn_size_min (MOST_ROWS, BAND_PIXELS / photo->width + LEAST_ROWS);
  LIMN_TRY (limn_overlay_new (job->out, 0, 0, photo->width, photo->height, photo->depth, error));
  if (!limn_grain_is_clean (&job->grain))
    status = works_new (job, threads, error);
  if (status == LIMN_OK)
    status = limn_pool_try (job->engine->pool, (photo->height + job->rows - 1) / job->rows, run_band, job, error);
  if (status == LIMN_OK && atomic_load (&job->failed))
    status = limn_fail_memory (error, photo->width * (job->rows + 2 * LIMN_GRAIN_MARGIN) * 3 * sizeof (float));
  works_free (job, threads);
  job->out->keep_alpha = true;
  return status;
}

/* Measures tones and grain; a live preview of a large photo leaves its grain. */
static LimnStatus
measure (Job *job, LimnError *error)
{
  const LimnRestoreOptions *options = job->options;
  const bool leave = options->grain <= 0.0f || (options->sampling.quick && is_large (job->photo));

  LIMN_TRY (limn_tone_new (&job->tone, job->photo, job->mask, options->fading, job->engine->pool, error));
  return leave ? LIMN_OK : limn_grain_measure (&job->grain, job->photo, job->engine->pool, error);
}

/* -- What was found -- */

static LimnStatus
count_spots (const Job *job, size_t *spots, LimnError *error)
{
  const size_t w = job->photo->width, h = job->photo->height;
  uint32_t *group = limn_alloc (w, h, 1, sizeof *group);

  if (group == NULL)
    return limn_fail_memory (error, w * h * sizeof *group);
  limn_connected_components (group, job->mask, w, h);
  for (size_t i = 0; i < w * h; i++)
    *spots += job->mask[i] && group[i] == i;
  free (group);
  return LIMN_OK;
}

static LimnStatus
tell_found (const Job *job, LimnError *error)
{
  LimnRestoreFound *found = job->options->found;
  const size_t n = job->photo->width * job->photo->height;
  size_t damaged = 0;

  if (found == NULL)
    return LIMN_OK;
  for (size_t i = 0; i < n; i++)
    damaged += job->mask[i] != 0;
  found->damaged = (double) damaged / (double) n;
  found->spots = 0;
  found->grain = (double) limn_grain_level (&job->grain);
  found->black = (double) job->tone.black;
  found->white = (double) job->tone.white;
  if (found->mask)
    memcpy (found->mask, job->mask, n);
  return job->options->sampling.quick ? LIMN_OK : count_spots (job, &found->spots, error);
}

/* -- All of it -- */

/* What the fill takes the engine for comes between two halves. */
static LimnStatus
locked (Job *job, LimnStatus (*half) (Job *job, LimnError *error), LimnError *error)
{
  limn_engine_begin (job->engine, job->control);
  const LimnStatus status = half (job, error);
  limn_engine_end (job->engine);
  return status;
}

/* Nothing has changed but what was filled: that alone is the result. Nothing at all: a transparent pixel. */
static LimnStatus
give_fill (Job *job, LimnError *error)
{
  if (job->fill.pixels.data == NULL)
    return limn_overlay_new (job->out, 0, 0, 1, 1, job->photo->depth, error);
  *job->out = job->fill;
  job->out->keep_alpha = true;
  job->fill = (LimnOverlay){ 0 };
  return LIMN_OK;
}

static LimnStatus
second_half (Job *job, LimnError *error)
{
  LIMN_TRY (measure (job, error));
  LIMN_TRY (tell_found (job, error));
  return job->tone.plain && limn_grain_is_clean (&job->grain) ? give_fill (job, error) : finish (job, error);
}

static LimnStatus
restore (Job *job, LimnStats *stats, LimnError *error)
{
  LIMN_TRY (locked (job, find_mask, error));
  limn_report (job->control, FOUND);
  if (is_any_masked (job) && job->options->sampling.quick && is_large (job->photo)) {
    LIMN_TRY (locked (job, fill_quickly, error));
  } else if (is_any_masked (job)) {
    LIMN_TRY (fill_mask (job, stats, error));
    take_filled (job);
  }
  limn_report (job->control, FILLED);
  LIMN_TRY (locked (job, second_half, error));
  limn_report (job->control, 1.0);
  return LIMN_OK;
}

LimnStatus
limn_restore (LimnEngine *engine, const LimnPixels *photo, const LimnRestoreOptions *options, const LimnControl *control,
              LimnOverlay *overlay, LimnStats *stats, LimnError *error)
{
  Job job = { .engine = engine, .photo = photo, .options = options, .control = control, .out = overlay };
  LimnStats local = { 0 };
  LimnStatus status;

  *overlay = (LimnOverlay){ 0 };
  LIMN_TRY (check_inputs (photo, options, error));
  limn_report (control, 0.0);
  status = restore (&job, &local, error);
  free (job.mask);
  limn_overlay_clear (&job.fill);
  limn_tone_clear (&job.tone);
  if (status != LIMN_OK)
    limn_overlay_clear (overlay);
  else if (stats)
    *stats = local;
  return status;
}
