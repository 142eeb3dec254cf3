/* Running an edit: what it is made with is put together and checked, brought to sRGB, and given to the kind's function.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-edit-private.h"

#include <math.h>
#include <string.h>

#include "app/base/limn-app-error.h"
#include "app/picture/limn-picture-color.h"

LimnSampling
limn_edit_run_get_sampling (const LimnEditRun *self)
{
  const LimnEditSettings *set = &self->edit->set;

  return (LimnSampling){
    .seed = set->seed, .steps = set->steps, .quick = self->flags & LIMN_RUN_QUICK, .seed_b = set->seed_b, .mix = (float) set->mix
  };
}

/* -- Parts of the photo -- */

/* The rectangle around what is not 0 in mask; empty where there is nothing. */
static LimnRect
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
  return right > left ? (LimnRect){ (int) left, (int) top, (int) (right - left), (int) (bottom - top) } : (LimnRect){ 0 };
}

LimnRect
limn_edit_run_widen (const LimnEditRun *self, LimnRect rect, int margin)
{
  LimnRect all = limn_picture_get_rect (self->photo);

  rect = (LimnRect){ rect.x - margin, rect.y - margin, rect.width + 2 * margin, rect.height + 2 * margin };
  return limn_rect_intersect (&rect, &all);
}

/* A fill's square of context is twice the hole's size and may be shifted by as much at a border; the patches that it copies come from a
 * little farther away. */
LimnRect
limn_edit_run_get_hole_area (const LimnEditRun *self, double reach)
{
  LimnRect hole = bounds_of (&self->mask);
  LimnRect area = limn_edit_run_widen (self, hole, 2 * MAX (hole.width, hole.height) + 4 * (int) ceil (reach) + 256);
  LimnRect sources = self->sources.bytes ? bounds_of (&self->sources) : (LimnRect){ 0 };

  return limn_rect_union (&area, &sources);
}

/* -- Putting together -- */

static gboolean
take_picture (LimnSource *from, LimnPicture **picture, GCancellable *cancellable, GError **error)
{
  *picture = from ? limn_source_dup_picture (from, cancellable, error) : NULL;
  return !from || *picture;
}

static gboolean
take_plane (LimnSource *from, LimnPlane *plane, GCancellable *cancellable, GError **error)
{
  return !from || limn_source_dup_plane (from, plane, cancellable, error);
}

static gboolean
gather (LimnEditRun *self, GCancellable *cancellable, GError **error)
{
  const LimnEditInputs *from = &self->edit->from;

  return take_picture (from->photo, &self->photo, cancellable, error) && take_plane (from->mask, &self->mask, cancellable, error) &&
         take_picture (from->paint, &self->paint, cancellable, error) &&
         take_plane (from->materials, &self->materials, cancellable, error) && take_plane (from->lines, &self->lines, cancellable, error) &&
         take_plane (from->sources, &self->sources, cancellable, error) && take_plane (from->marks, &self->marks, cancellable, error);
}

static void
clear (LimnEditRun *self)
{
  g_clear_object (&self->photo);
  g_clear_object (&self->paint);
  g_clear_pointer (&self->mask.bytes, g_bytes_unref);
  g_clear_pointer (&self->materials.bytes, g_bytes_unref);
  g_clear_pointer (&self->lines.bytes, g_bytes_unref);
  g_clear_pointer (&self->sources.bytes, g_bytes_unref);
  g_clear_pointer (&self->marks.bytes, g_bytes_unref);
  limn_found_clear (&self->found);
  g_clear_error (&self->failure);
  g_clear_object (&self->views.photo);
  g_clear_object (&self->views.paint);
}

/* -- Checks -- */

gboolean
limn_edit_usage (GError **error, const char *sentence)
{
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, sentence);
  return FALSE;
}

static gboolean
check_value (const char *name, const LimnRange *range, double value, GError **error)
{
  g_autofree char *allowed = NULL;

  if (limn_range_contains (range, value))
    return TRUE;
  allowed = limn_range_to_string (range);
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "“%s” must be %s, not %g.", name, allowed, value);
  return FALSE;
}

static gboolean
check_settings (const LimnEdit *edit, GError **error)
{
  static const LimnRange steps = LIMN_RANGE_STEPS, mix = LIMN_RANGE_MIX;
  const LimnParameter *parameters = limn_edit_get_kind (edit)->parameters;

  for (int i = 0; parameters[i].name; i++)
    if (!check_value (parameters[i].name, &parameters[i].range, edit->set.values[i], error))
      return FALSE;
  return check_value ("steps", &steps, edit->set.steps, error) && check_value ("mix", &mix, edit->set.mix, error);
}

/* Whether what has this size lies exactly over the photo, or the paint where there is no photo. */
static gboolean
check_size (const LimnEditRun *self, const char *name, gsize width, gsize height, GError **error)
{
  LimnPicture *over = self->photo ? self->photo : self->paint;

  if (!over || (width == limn_picture_get_width (over) && height == limn_picture_get_height (over)))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, "%s is %zu x %zu pixels, but %s is %zu x %zu: both must have the same size.",
               name, width, height, self->photo ? "the photo" : "the paint", limn_picture_get_width (over), limn_picture_get_height (over));
  return FALSE;
}

static gboolean
check (const LimnEditRun *self, GError **error)
{
  const LimnEditKind *kind = limn_edit_get_kind (self->edit);

  if (!self->photo && (self->mask.bytes || !(kind->takes & LIMN_TAKES_DRAWING)))
    return limn_edit_usage (error, "There is no photo to edit.");
  if (!self->mask.bytes && kind->needs & LIMN_TAKES_MASK)
    return limn_edit_usage (error, "There is no mask that says what to edit.");
  return (!self->mask.bytes || check_size (self, "The mask", self->mask.width, self->mask.height, error)) &&
         (!self->materials.bytes || check_size (self, "The picture of materials", self->materials.width, self->materials.height, error)) &&
         (!self->marks.bytes || check_size (self, "The mask of marks", self->marks.width, self->marks.height, error)) &&
         (!self->sources.bytes || check_size (self, "The mask of sources", self->sources.width, self->sources.height, error)) &&
         (!self->lines.bytes || check_size (self, "The line art", self->lines.width, self->lines.height, error)) &&
         (!self->paint ||
          check_size (self, "The painted picture", limn_picture_get_width (self->paint), limn_picture_get_height (self->paint), error)) &&
         (!kind->check || kind->check (self, error));
}

/* -- For the engine -- */

/* The part of picture in sRGB. A picture that is sRGB as a whole is not copied: *part then grows to all of it. */
static LimnPicture *
to_srgb (LimnPicture *picture, LimnRect *part, GCancellable *cancellable, GError **error)
{
  LimnPicture *srgb = limn_picture_part_to_srgb (picture, (gsize) part->x, (gsize) part->y, (gsize) part->width, (gsize) part->height,
                                                 cancellable, error);

  if (srgb == picture)
    *part = limn_picture_get_rect (picture);
  return srgb;
}

static LimnPicture *
view_photo (LimnEditRun *self, GCancellable *cancellable, GError **error)
{
  self->own = !limn_edit_get_kind (self->edit)->invents_colors && limn_picture_is_near_srgb (self->photo);
  if (!self->own)
    return to_srgb (self->photo, &self->part, cancellable, error);
  self->part = limn_picture_get_rect (self->photo);
  return g_object_ref (self->photo);
}

/* What is painted, in the colour space of the photo that it is painted into. */
static LimnPicture *
view_paint (LimnEditRun *self, GCancellable *cancellable, GError **error)
{
  LimnRect all = limn_picture_get_rect (self->paint);

  return self->own ? limn_picture_convert (self->paint, self->photo, cancellable, error) : to_srgb (self->paint, &all, cancellable, error);
}

static gboolean
make_views (LimnEditRun *self, GCancellable *cancellable, GError **error)
{
  const LimnEditKind *kind = limn_edit_get_kind (self->edit);
  LimnPicture *like = self->photo ? self->photo : self->paint;
  LimnRect all;

  self->part = like ? limn_picture_get_rect (like) : (LimnRect){ 0, 0, (int) self->lines.width, (int) self->lines.height };
  if (self->photo) {
    if (kind->area)
      self->part = kind->area (self);
    self->views.photo = view_photo (self, cancellable, error);
    if (!self->views.photo)
      return FALSE;
    all = limn_picture_get_rect (self->views.photo);
    self->views.photo_pixels = limn_pixels_of (self->views.photo, &all);
    self->photo_view = &self->views.photo_pixels;
  }
  if (self->paint) {
    self->views.paint = view_paint (self, cancellable, error);
    if (!self->views.paint)
      return FALSE;
    self->views.paint_pixels = limn_pixels_of (self->views.paint, &self->part);
    self->paint_view = &self->views.paint_pixels;
  }
  if (self->mask.bytes) {
    self->views.mask = limn_mask_of (&self->mask, &self->part);
    self->mask_view = &self->views.mask;
  }
  if (self->materials.bytes) {
    self->views.materials = limn_mask_of (&self->materials, &self->part);
    self->materials_view = &self->views.materials;
  }
  if (self->marks.bytes) {
    self->views.marks = limn_mask_of (&self->marks, &self->part);
    self->marks_view = &self->views.marks;
  }
  if (self->sources.bytes) {
    self->views.sources = limn_mask_of (&self->sources, &self->part);
    self->sources_view = &self->views.sources;
  }
  if (self->lines.bytes) {
    self->views.lines = limn_mask_of (&self->lines, &self->part);
    self->lines_view = &self->views.lines;
  }
  return TRUE;
}

static LimnResult *
run (LimnEditRun *self, LimnProgress progress, gpointer user, GCancellable *cancellable, GError **error)
{
  if (!check_settings (self->edit, error) || !gather (self, cancellable, error) || !check (self, error) ||
      !make_views (self, cancellable, error))
    return NULL;
  limn_engine_call_begin (&self->call, progress, user, cancellable);
  limn_edit_get_kind (self->edit)->run (self);
  if (!limn_engine_call_end (&self->call, self->failure ? LIMN_OK : self->status, error))
    return NULL;
  if (self->failure) {
    g_propagate_error (error, g_steal_pointer (&self->failure));
    return NULL;
  }
  if (!self->whole) {
    self->call.overlay.x += (gsize) self->part.x;
    self->call.overlay.y += (gsize) self->part.y;
  }
  LimnResult *result = limn_engine_call_take_result (&self->call, self->photo, self->own, self->whole, error);
  if (result) {
    result->found = self->found;
    self->found = (LimnFound){ 0 };
  }
  return result;
}

LimnResult *
limn_edit_run (const LimnEdit *self, LimnRunFlags flags, LimnEngineHandle *engine, LimnProgress progress, gpointer user,
               GCancellable *cancellable, GError **error)
{
  LimnEditRun all = { .edit = self, .flags = flags, .handle = engine };
  gint64 start = g_get_monotonic_time ();
  LimnResult *result;

  g_return_val_if_fail (self != NULL && LIMN_IS_ENGINE_HANDLE (engine), NULL);

  all.engine = limn_engine_handle_borrow (engine);
  result = run (&all, progress, user, cancellable, error);
  clear (&all);
  if (result)
    result->total_ms = (double) (g_get_monotonic_time () - start) / 1000;
  return result;
}
