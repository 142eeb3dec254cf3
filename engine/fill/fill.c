/* Fill: each hole gets base's low-resolution picture as a guide, then patches copied from the photo that match it; around lines,
 * detail's output where that fits better; under paint, copied texture in the paint's colours. What is thin is completed before.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/control.h"
#include "engine/base/minmax.h"
#include "job.h"

static LimnStatus
check_inputs (const LimnPixels *photo, const LimnMask *mask, const LimnFillOptions *options, LimnError *error)
{
  const LimnPixels *paint = options->paint;
  const LimnMask *ink = options->ink;

  LIMN_TRY (limn_check_pixels (photo, error));
  if (mask == NULL || mask->data == NULL)
    return limn_fail (error, LIMN_BAD_INPUT, "There is no mask: paint over what should go.");
  LIMN_TRY (limn_check_size (photo, mask->width, mask->height, "The mask is", error));
  if (paint) {
    LIMN_TRY (limn_check_pixels (paint, error));
    LIMN_TRY (limn_check_size (photo, paint->width, paint->height, "The paint is", error));
  }
  if (options->sources)
    LIMN_TRY (limn_check_size (photo, options->sources->width, options->sources->height, "The mask of sources is", error));
  return ink ? limn_check_size (photo, ink->width, ink->height, "The lines are", error) : LIMN_OK;
}

/* A hole with nothing to copy: the guide, enlarged by the detail network, or, in a quick preview or without that network, by
 * interpolation. */
static LimnStatus
render_hole (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, LimnStats *stats, LimnError *error)
{
  const bool full = !job->options->sampling.quick && limn_fill_can_cascade (job);
  const LimnRegion where = limn_fill_composite_region (job);
  LIMN_SCOPED_IMAGE picture = { 0 };

  LIMN_TRY (full ? limn_fill_cascade (&picture, job, guide, &where, stats, error)
                 : limn_fill_enlarge (&picture, guide, &where, job->engine->pool, error));
  LIMN_TRY (limn_fill_composite (out, job, &picture, full && guide->painted.data, error));
  if (full)
    LIMN_TRY (limn_fill_match (out, job, &where, error));
  return LIMN_OK;
}

/* A hole copied from places, recoloured to the paint, and around lines replaced by generated texture where that costs less. patch_error:
 * no data unless sources are to be selected. Both are freed early. */
static LimnStatus
copy_hole (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, LimnPlace **places, LimnImage *patch_error, LimnStats *stats,
           LimnError *error)
{
  LimnStatus status = limn_fill_copy (out, job, *places, error);

  free (*places);
  *places = NULL;
  if (status != LIMN_OK)
    return status;
  LIMN_TRY (limn_fill_paint (out, job, guide, error));
  return patch_error->data ? limn_fill_select_sources (out, job, guide, patch_error, stats, error) : LIMN_OK;
}

/* Colours of one hole, [hole][3]. */
static LimnStatus
fill_hole (LimnImage *out, LimnFillJob *job, LimnStats *stats, LimnError *error)
{
  LimnFillGuide guide = { 0 };
  LimnPlace *places = NULL;
  LimnImage patch_error = { 0 }, smoothed = { 0 };
  LimnStatus status;

  LIMN_TRY (limn_fill_job_begin (job, error));
  LIMN_TRY (limn_fill_outlines (job, error));
  LIMN_TRY (limn_fill_guide_new (&guide, job, stats, error));
  status = guide.painted.data ? limn_fill_guide_smoothed (&smoothed, &guide, job->engine->pool, error) : LIMN_OK;
  if (status == LIMN_OK && !job->options->sampling.quick) {
    const LimnPatchMatch match = {
      .rgb = &job->rgb,
      .state = job->state,
      .kept = job->kept,
      .hole = job->inner,
      .guide = smoothed.data ? &smoothed : &guide.rgb,
      .guide_weight = &guide.weight,
      .guide_x = guide.x,
      .guide_y = guide.y,
      .guide_cell = guide.cell,
      .seed = job->options->sampling.seed,
      .pool = job->engine->pool,
    };
    const bool selects = guide.drawn && limn_fill_can_cascade (job);
    status = limn_patch_match (&match, &places, selects ? &patch_error : NULL, error);
    if (status == LIMN_OK && places == NULL && job->options->sources)
      status = limn_fail (error, LIMN_BAD_INPUT, "Too little is left to fill the hole from: let more of the photo be copied.");
  }
  limn_image_clear (&smoothed);
  if (status == LIMN_OK)
    status = places ? copy_hole (out, job, &guide, &places, &patch_error, stats, error) : render_hole (out, job, &guide, stats, error);
  free (places);
  limn_image_clear (&patch_error);
  limn_fill_guide_clear (&guide);
  return status;
}

typedef struct {
  LimnOverlay *overlay;
  const LimnFillArea *area;
  const LimnRegion *hole;
  const LimnImage *rgb;
} Writing;

/* Writes a row of a hole's colours into the overlay. */
static void
write_row (void *user, size_t y, int worker)
{
  const Writing *l = user;
  const LimnRegion *hole = l->hole, *region = &l->area->region;
  const size_t j = hole->y + y - region->y;

  for (size_t x = 0; x < hole->width; x++) {
    const size_t i = hole->x + x - region->x, at = j * region->width + i;
    if (limn_fill_area_is_hole (l->area, at))
      limn_fill_write (l->overlay, i, j, l->rgb->data + 3 * (y * hole->width + x), l->area->alpha[at]);
  }
}

static LimnStatus
fill_holes (LimnEngine *engine, const LimnPixels *photo, const LimnFillArea *area, const LimnFrame *frame, const LimnFillOptions *options,
            const LimnControl *control, LimnOverlay *overlay, LimnStats *stats, LimnError *error)
{
  const LimnControl silent = limn_without_progress (control);
  const LimnRegion taken = limn_fill_taken (options->sources);
  LimnRegion *holes;
  size_t count;
  LimnStatus status = LIMN_OK;

  LIMN_TRY (limn_fill_area_split (area, &holes, &count, engine->pool, error));
  for (size_t k = 0; status == LIMN_OK && k < count; k++) {
    LimnFillJob job = { .engine = engine,
                        .photo = photo,
                        .area = area,
                        .options = options,
                        .control = &silent,
                        .completed = overlay,
                        .frame = *frame,
                        .taken = taken,
                        .hole = holes[k] };
    LimnImage rgb = { 0 };

    status = limn_check_cancelled (control, error);
    if (status == LIMN_OK)
      status = fill_hole (&rgb, &job, stats, error);
    limn_fill_job_clear (&job);
    if (status == LIMN_OK) {
      Writing writing = { overlay, area, &holes[k], &rgb };
      status = limn_pool_try (engine->pool, holes[k].height, write_row, &writing, error);
    }
    limn_image_clear (&rgb);
    if (status == LIMN_OK)
      limn_report (control, (double) (k + 1) / (double) count);
  }
  free (holes);
  return status;
}

/* The thin parts and the frame, then the holes. Where the user guides or tells sources, nothing is thin, and nothing a frame. */
static LimnStatus
fill_area (LimnEngine *engine, const LimnPixels *photo, LimnFillArea *area, const LimnFillOptions *options, const LimnControl *control,
           LimnOverlay *overlay, LimnStats *stats, LimnError *error)
{
  const LimnRegion *region = &area->region;
  const bool told = options->paint || options->ink || options->sources;
  LimnFrame frame = { .width = photo->width, .height = photo->height };
  LimnStatus status = LIMN_OK;

  LIMN_TRY (limn_overlay_new (overlay, region->x, region->y, region->width, region->height, photo->depth, error));
  if (!told)
    status = limn_fill_area_find_thin (area, engine->pool, error);
  if (status == LIMN_OK && area->thin)
    status = limn_fill_thin (area, photo, overlay, engine->pool, error);
  if (status == LIMN_OK && !told) {
    frame = limn_frame_find (photo, area);
    status = limn_frame_continue (&frame, area, overlay, error);
  }
  if (status == LIMN_OK)
    status = fill_holes (engine, photo, area, &frame, options, control, overlay, stats, error);
  if (status != LIMN_OK)
    limn_overlay_clear (overlay);
  return status;
}

LimnStatus
limn_fill (LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, const LimnFillOptions *options, const LimnControl *control,
           LimnOverlay *overlay, LimnStats *stats, LimnError *error)
{
  LimnFillArea area;
  LimnStats local = { 0 };
  LimnStatus status;

  *overlay = (LimnOverlay){ 0 };
  LIMN_TRY (check_inputs (photo, mask, options, error));
  if (options->surface)
    return limn_fill_with_surface (engine, photo, mask, options, control, overlay, stats, error);
  limn_engine_begin (engine, control);
  limn_report (control, 0.0);
  status = limn_fill_area_new (&area, photo, mask, options->grow, options->feather, engine->pool, error);
  if (status == LIMN_OK)
    status = fill_area (engine, photo, &area, options, control, overlay, &local, error);
  limn_engine_end (engine);
  limn_fill_area_clear (&area);
  if (status == LIMN_OK && stats)
    *stats = local;
  return status;
}
