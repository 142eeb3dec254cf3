/* Running an edit: its way through colour spaces and the engine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-edit-private.h"

#include "app/picture/limn-picture-color.h"

#include <math.h>
#include <string.h>

typedef struct {
  const LimnEdit *edit;
  LimnEngineHandle *handle; /* of engine */
  LimnEngine *engine;
  LimnControl control;
  atomic_int cancel;
  GCancellable *cancellable; /* which sets cancel, or NULL */
  LimnProgress progress;
  gpointer user;
  LimnOverlay overlay;
  LimnStats stats;
  LimnError error;
} Run;

/* A rectangle of the photo. */
typedef struct {
  gsize x, y, width, height;
} Part;

static void
forward_progress (void *user, double fraction)
{
  Run *run = user;

  run->progress (fraction, run->user);
}

static void
forward_cancel (GCancellable *cancellable, gpointer user)
{
  atomic_store (&((Run *) user)->cancel, 1);
}

static LimnSampling
sampling_of (const LimnEdit *edit)
{
  return (LimnSampling){ .seed = edit->seed, .steps = edit->steps, .quick = edit->quick, .seed_b = edit->seed_b, .mix = (float) edit->mix };
}

static Part
whole (LimnPicture *photo)
{
  return (Part){ .width = limn_picture_get_width (photo), .height = limn_picture_get_height (photo) };
}

/* part with margin on every side, cut at the photo's borders. */
static Part
widened (Part part, gsize margin, LimnPicture *photo)
{
  Part all = whole (photo);
  gsize right = MIN (part.x + part.width + margin, all.width), bottom = MIN (part.y + part.height + margin, all.height);
  gsize left = part.x > margin ? part.x - margin : 0, top = part.y > margin ? part.y - margin : 0;

  return (Part){ left, top, right - left, bottom - top };
}

/* The rectangle around what is not 0 in mask; of no size where there is nothing. */
static Part
bounds_of (const LimnPlane *mask)
{
  const guint8 *data = g_bytes_get_data (mask->bytes, NULL);
  gsize left = mask->width, right = 0, top = mask->height, bottom = 0;

  for (gsize y = 0; y < mask->height; y++) {
    const guint8 *row = data + y * mask->width;
    gsize first = 0, last = mask->width;

    if (row[0] == 0 && memcmp (row, row + 1, mask->width - 1) == 0)
      continue;
    while (row[first] == 0)
      first++;
    while (row[last - 1] == 0)
      last--;
    left = MIN (left, first);
    right = MAX (right, last);
    top = MIN (top, y);
    bottom = y + 1;
  }
  return right > left ? (Part){ left, top, right - left, bottom - top } : (Part){ 0 };
}

/* The part of photo in sRGB. A photo that is sRGB as a whole is not copied: *part then grows to all of it. */
static LimnPicture *
srgb_part (LimnPicture *photo, Part *part, GCancellable *cancellable, GError **error)
{
  LimnPicture *srgb = limn_picture_part_to_srgb (photo, part->x, part->y, part->width, part->height, cancellable, error);

  if (srgb == photo)
    *part = whole (photo);
  return srgb;
}

/* All of a picture of paint in sRGB. */
static LimnPicture *
srgb_paint (LimnPicture *paint, GCancellable *cancellable, GError **error)
{
  Part part = whole (paint);

  return srgb_part (paint, &part, cancellable, error);
}

/* Pixels in which a drawing goes over into the photo. */
static const float DRAWN_FEATHER = 2;

/* What is drawn into a photo is a fill that the drawing guides: it takes the photo's light, texture and grain, and the rest stays. */
static gboolean
draws_into_photo (const LimnEdit *edit)
{
  return edit->task == LIMN_TASK_SKETCH && edit->mask.bytes;
}

/* What fill reads around a hole: its square of context is twice the hole's size and may be shifted by as much at a border; the
 * patches that it copies come from a little farther away. */
static gsize
fill_margin (const LimnEdit *edit, Part hole)
{
  return 2 * MAX (hole.width, hole.height) + 4 * (gsize) ceil (edit->grow + edit->feather) + 256;
}

/* What an edit over a photo gives to the engine: views of the same part of everything, in sRGB. */
typedef struct {
  LimnPicture *photo, *paint;
  Part part;
  LimnPixels photo_view, paint_view;
  LimnMask mask_view, lines_view;
} Views;

static void
clear_views (Views *self)
{
  g_clear_object (&self->photo);
  g_clear_object (&self->paint);
}

static gboolean
prepare_views (Views *self, const LimnEdit *edit, GCancellable *cancellable, GError **error)
{
  Part part = whole (edit->photo);

  if (edit->task == LIMN_TASK_FILL || draws_into_photo (edit)) {
    part = bounds_of (&edit->mask);
    part = widened (part, fill_margin (edit, part), edit->photo);
  } else if (edit->task == LIMN_TASK_UPSCALE && edit->has_region) {
    part = widened ((Part){ edit->region_x, edit->region_y, edit->region_width, edit->region_height }, 64, edit->photo);
  }
  self->photo = srgb_part (edit->photo, &part, cancellable, error);
  if (!self->photo)
    return FALSE;
  self->part = part;
  self->photo_view = limn_pixels_of (self->photo, 0, 0, part.width, part.height);
  if (edit->paint) {
    self->paint = srgb_paint (edit->paint, cancellable, error);
    if (!self->paint)
      return FALSE;
    self->paint_view = limn_pixels_of (self->paint, part.x, part.y, part.width, part.height);
  }
  if (edit->mask.bytes)
    self->mask_view = limn_mask_of (&edit->mask, part.x, part.y, part.width, part.height);
  if (edit->lines.bytes)
    self->lines_view = limn_mask_of (&edit->lines, part.x, part.y, part.width, part.height);
  return TRUE;
}

static LimnStatus
colorize (Run *run, const LimnPixels *photo, const LimnPixels *hints, const LimnMask *mask)
{
  const LimnEdit *edit = run->edit;
  LimnColorizeOptions options = { .sampling = sampling_of (edit), .hints = hints };
  LimnColors *colors = edit->keeps ? limn_kept_colors_take (edit, run->handle) : NULL;
  LimnStatus status = LIMN_OK;

  if (!colors)
    status = limn_colors_new (&colors, run->engine, photo, &options, &run->control, &run->stats, &run->error);
  if (status == LIMN_OK) {
    status = limn_colors_paint (colors, run->engine, photo, mask, (float) edit->saturation, &run->control, &run->overlay, &run->error);
    if (edit->keeps)
      limn_kept_colors_give (edit, run->handle, g_steal_pointer (&colors));
  }
  limn_colors_free (colors);
  return status;
}

static LimnStatus
evaluate (Run *run, const Views *views)
{
  const LimnEdit *edit = run->edit;
  const LimnPixels *paint = edit->paint ? &views->paint_view : NULL;
  const LimnMask *mask = edit->mask.bytes ? &views->mask_view : NULL, *lines = edit->lines.bytes ? &views->lines_view : NULL;
  LimnStatus status;

  if (edit->task == LIMN_TASK_FILL || draws_into_photo (edit)) {
    gboolean drawn = draws_into_photo (edit);
    LimnFillOptions options = { .sampling = sampling_of (edit),
                                .grow = drawn ? 0 : (float) edit->grow,
                                .feather = drawn ? DRAWN_FEATHER : (float) edit->feather,
                                .paint = paint,
                                .ink = lines };

    status = limn_fill (run->engine, &views->photo_view, mask, &options, &run->control, &run->overlay, &run->stats, &run->error);
    run->overlay.x += views->part.x;
    run->overlay.y += views->part.y;
  } else if (edit->task == LIMN_TASK_COLORIZE) {
    status = colorize (run, &views->photo_view, paint, mask);
  } else if (edit->task == LIMN_TASK_UPSCALE) {
    LimnRegion region = { edit->region_x - views->part.x, edit->region_y - views->part.y, edit->region_width, edit->region_height };
    LimnUpscaleOptions options = { .sampling = sampling_of (edit),
                                   .scale = edit->scale,
                                   .denoise = (float) edit->denoise,
                                   .faithful = edit->faithful,
                                   .region = edit->has_region ? &region : NULL };

    status = limn_upscale (run->engine, &views->photo_view, &options, &run->control, &run->overlay, &run->stats, &run->error);
  } else {
    LimnZeroShotOptions options = { .task = (LimnZeroShotTask) edit->zero_shot_task,
                                    .sampling = sampling_of (edit),
                                    .steps = edit->steps,
                                    .scale = edit->scale,
                                    .class_label = edit->class_label,
                                    .sigma = (float) edit->sigma };

    status = limn_zero_shot (edit->checkpoint, edit->threads, &views->photo_view, mask, &options, &run->control, &run->overlay, &run->stats,
                             &run->error);
  }
  return status;
}

static gboolean
run_over_photo (Run *run, LimnStatus *status, GError **error)
{
  Views views = { 0 };
  gboolean ready = prepare_views (&views, run->edit, run->cancellable, error);

  if (ready)
    *status = evaluate (run, &views);
  clear_views (&views);
  return ready;
}

static gboolean
run_sketch (Run *run, LimnStatus *status, GError **error)
{
  const LimnEdit *edit = run->edit;
  LimnSketchOptions options = {
    .sampling = sampling_of (edit), .width = edit->width, .height = edit->height, .freedom = (float) edit->freedom
  };
  g_autoptr (LimnPicture) paint = NULL;
  LimnPixels paint_view;
  LimnMask lines_view;

  if (edit->paint) {
    paint = srgb_paint (edit->paint, run->cancellable, error);
    if (!paint)
      return FALSE;
    paint_view = limn_pixels_of (paint, 0, 0, limn_picture_get_width (paint), limn_picture_get_height (paint));
  }
  if (edit->lines.bytes)
    lines_view = limn_mask_of (&edit->lines, 0, 0, edit->lines.width, edit->lines.height);
  *status = limn_sketch (run->engine, paint ? &paint_view : NULL, edit->lines.bytes ? &lines_view : NULL, &options, &run->control,
                         &run->overlay, &run->stats, &run->error);
  return TRUE;
}

/* Interpolation between two noises: the one zero-shot task without a photo. */
static LimnStatus
run_interpolation (Run *run)
{
  const LimnEdit *edit = run->edit;
  LimnZeroShotOptions options = {
    .task = LIMN_ZERO_SHOT_INTERPOLATE, .sampling = sampling_of (edit), .steps = edit->steps, .class_label = edit->class_label
  };

  return limn_zero_shot (edit->checkpoint, edit->threads, NULL, NULL, &options, &run->control, &run->overlay, &run->stats, &run->error);
}

static LimnResult *
make_result (Run *run, GError **error)
{
  g_autoptr (LimnResult) result = g_new0 (LimnResult, 1);
  LimnTask task = run->edit->task;
  gboolean into_photo = draws_into_photo (run->edit);
  LimnPicture *like = (task == LIMN_TASK_SKETCH && !into_photo) || task == LIMN_TASK_ZERO_SHOT ? NULL : run->edit->photo;

  result->whole = task != LIMN_TASK_FILL && task != LIMN_TASK_COLORIZE && !into_photo;
  result->x = run->overlay.x;
  result->y = run->overlay.y;
  result->keep_alpha = run->overlay.keep_alpha;
  result->evaluations = run->stats.evaluations;
  result->tiles = run->stats.tiles;
  result->network_ms = run->stats.network_ms;
  result->picture = limn_picture_take_overlay (&run->overlay, like, run->cancellable, error);
  return result->picture ? g_steal_pointer (&result) : NULL;
}

LimnResult *
limn_edit_run (const LimnEdit *self, LimnEngineHandle *engine, LimnProgress progress, gpointer user, GCancellable *cancellable,
               GError **error)
{
  Run run = { .edit = self, .handle = engine, .cancellable = cancellable, .progress = progress, .user = user };
  gint64 start = g_get_monotonic_time ();
  LimnStatus status = LIMN_OK;
  LimnResult *result;
  gulong handler = 0;
  gboolean ran;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (engine != NULL || self->task == LIMN_TASK_ZERO_SHOT, NULL);
  g_return_val_if_fail (limn_edit_is_prepared (self), NULL);

  if (!limn_edit_check (self, error))
    return NULL;
  if (engine)
    run.engine = limn_engine_handle_borrow (engine);
  run.control = (LimnControl){ .cancel = &run.cancel, .progress = progress ? forward_progress : NULL, .user = &run };
  if (cancellable)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel), &run, NULL);

  if (self->task == LIMN_TASK_SKETCH && !draws_into_photo (self)) {
    ran = run_sketch (&run, &status, error);
  } else if (self->task == LIMN_TASK_ZERO_SHOT && self->zero_shot_task == LIMN_ZERO_SHOT_INTERPOLATE) {
    status = run_interpolation (&run);
    ran = TRUE;
  } else {
    ran = run_over_photo (&run, &status, error);
  }
  if (cancellable)
    g_cancellable_disconnect (cancellable, handler);
  if (!ran)
    return NULL;
  if (status != LIMN_OK) {
    limn_set_engine_error (error, status, &run.error);
    return NULL;
  }
  result = make_result (&run, error);
  if (result)
    result->total_ms = (double) (g_get_monotonic_time () - start) / 1000;
  return result;
}
