/* One edit: its inputs and settings, their defaults and checks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-edit-private.h"

#include <glib/gi18n.h>

LimnEdit *
limn_edit_new (LimnTask task)
{
  LimnEdit *self = g_new0 (LimnEdit, 1);

  self->task = task;
  self->steps = 1;
  self->grow = 4;
  self->feather = 4;
  self->saturation = 1;
  self->freedom = 0.5;
  self->width = 512;
  self->height = 512;
  self->scale = task == LIMN_TASK_ZERO_SHOT ? 8 : 4;
  self->faithful = TRUE;
  self->sigma = 0.5;
  self->class_label = -1;
  return self;
}

#define SOURCES(edit)                                                                 \
  {                                                                                   \
    &(edit)->from.photo, &(edit)->from.mask, &(edit)->from.paint, &(edit)->from.lines \
  }

LimnEdit *
limn_edit_copy (const LimnEdit *self)
{
  LimnEdit *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  if (copy->photo)
    g_object_ref (copy->photo);
  if (copy->paint)
    g_object_ref (copy->paint);
  if (copy->mask.bytes)
    g_bytes_ref (copy->mask.bytes);
  if (copy->lines.bytes)
    g_bytes_ref (copy->lines.bytes);
  LimnSource **sources[] = SOURCES (copy);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (*sources[i])
      limn_source_ref (*sources[i]);
  copy->checkpoint = g_strdup (self->checkpoint);
  return copy;
}

void
limn_edit_free (LimnEdit *self)
{
  if (!self)
    return;
  g_clear_object (&self->photo);
  g_clear_object (&self->paint);
  g_clear_pointer (&self->mask.bytes, g_bytes_unref);
  g_clear_pointer (&self->lines.bytes, g_bytes_unref);
  LimnSource **sources[] = SOURCES (self);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_clear_pointer (sources[i], limn_source_unref);
  g_free (self->checkpoint);
  g_free (self);
}

/* ---------------------------------------------------------------- sources */

static gboolean
prepare_picture (LimnSource *from, LimnPicture **picture, GCancellable *cancellable, GError **error)
{
  if (from && !*picture)
    *picture = limn_source_dup_picture (from, cancellable, error);
  return !from || *picture;
}

static gboolean
prepare_plane (LimnSource *from, LimnPlane *plane, GCancellable *cancellable, GError **error)
{
  return !from || plane->bytes || limn_source_dup_plane (from, plane, cancellable, error);
}

gboolean
limn_edit_prepare (LimnEdit *self, GCancellable *cancellable, GError **error)
{
  return prepare_picture (self->from.photo, &self->photo, cancellable, error) &&
         prepare_plane (self->from.mask, &self->mask, cancellable, error) &&
         prepare_picture (self->from.paint, &self->paint, cancellable, error) &&
         prepare_plane (self->from.lines, &self->lines, cancellable, error);
}

gboolean
limn_edit_is_prepared (const LimnEdit *self)
{
  return (!self->from.photo || self->photo) && (!self->from.mask || self->mask.bytes) && (!self->from.paint || self->paint) &&
         (!self->from.lines || self->lines.bytes);
}

void
limn_edit_keep_recipe (LimnEdit *self)
{
  g_clear_object (&self->photo);
  g_clear_pointer (&self->from.photo, limn_source_unref);
  if (self->from.mask)
    g_clear_pointer (&self->mask.bytes, g_bytes_unref);
  if (self->from.paint)
    g_clear_object (&self->paint);
  if (self->from.lines)
    g_clear_pointer (&self->lines.bytes, g_bytes_unref);
}

/* ---------------------------------------------------------------- checks */

static gboolean
usage (GError **error, const char *sentence)
{
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, sentence);
  return FALSE;
}

/* Whether a plane or picture of this size lies exactly over one of width x height. */
static gboolean
same_size (const char *name, const char *over, gsize own_width, gsize own_height, gsize width, gsize height, GError **error)
{
  if (own_width == width && own_height == height)
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
               "%s is %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT " pixels, but %s is %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT
               ": both must have the same size.",
               name, own_width, own_height, over, width, height);
  return FALSE;
}

static gboolean
check_plane (const char *name, const LimnPlane *plane, LimnPicture *photo, GError **error)
{
  if (!plane->bytes)
    return TRUE;
  g_return_val_if_fail (g_bytes_get_size (plane->bytes) == plane->width * plane->height, FALSE);
  return same_size (name, "the photo", plane->width, plane->height, limn_picture_get_width (photo), limn_picture_get_height (photo), error);
}

static gboolean
check_over_photo (const LimnEdit *self, GError **error)
{
  if (!self->photo)
    return usage (error, "There is no photo to edit.");
  if (!check_plane ("The mask", &self->mask, self->photo, error) || !check_plane ("The line art", &self->lines, self->photo, error))
    return FALSE;
  return !self->paint ||
         same_size ("The painted picture", "the photo", limn_picture_get_width (self->paint), limn_picture_get_height (self->paint),
                    limn_picture_get_width (self->photo), limn_picture_get_height (self->photo), error);
}

static gboolean
check_region (const LimnEdit *self, GError **error)
{
  gsize width = limn_picture_get_width (self->photo), height = limn_picture_get_height (self->photo);

  if (!self->has_region)
    return TRUE;
  if (self->region_width == 0 || self->region_height == 0 || self->region_x >= width || self->region_y >= height ||
      self->region_width > width - self->region_x || self->region_height > height - self->region_y)
    return usage (error, "The part to enlarge does not lie inside the photo.");
  return TRUE;
}

static gboolean
check_scale (const LimnEdit *self, GError **error)
{
  gsize width = self->has_region ? self->region_width : limn_picture_get_width (self->photo);
  gsize height = self->has_region ? self->region_height : limn_picture_get_height (self->photo);
  gsize scale = (gsize) self->scale;

  if (self->scale != 2 && self->scale != 3 && self->scale != 4 && self->scale != 8)
    return usage (error, "The scale must be 2, 3, 4 or 8.");
  if (width * scale <= LIMN_PICTURE_MAX_SIDE && height * scale <= LIMN_PICTURE_MAX_SIDE &&
      width * scale * height * scale <= LIMN_PICTURE_MAX_PIXELS)
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT,
               _("The enlarged picture would be %zu x %zu pixels; at most %d megapixels are possible. "
                  "Use a smaller scale or a part of the photo."),
               width * scale, height * scale, LIMN_PICTURE_MAX_PIXELS / 1000000);
  return FALSE;
}

gboolean
limn_edit_check (const LimnEdit *self, GError **error)
{
  int most_steps = self->task == LIMN_TASK_ZERO_SHOT ? 1000 : 2;

  if (self->steps < 1 || self->steps > most_steps)
    return usage (error, most_steps == 2 ? "The number of steps must be 1 or 2." : "The number of steps must be 1 to 1000.");
  if (!(self->mix >= 0 && self->mix <= 1) || !(self->freedom >= 0 && self->freedom <= 1) || !(self->denoise >= 0 && self->denoise <= 1))
    return usage (error, "Mix, freedom and denoise must lie between 0 and 1.");
  if (!(self->saturation >= 0 && self->saturation <= 2))
    return usage (error, "The saturation must lie between 0 and 2.");
  if (!(self->grow >= 0 && self->grow <= 1000) || !(self->feather >= 0 && self->feather <= 1000))
    return usage (error, "Grow and feather must lie between 0 and 1000 pixels.");
  switch (self->task) {
  case LIMN_TASK_FILL:
    if (!self->mask.bytes)
      return usage (error, "There is no mask that says what to fill.");
    return check_over_photo (self, error);
  case LIMN_TASK_COLORIZE: return check_over_photo (self, error);
  case LIMN_TASK_UPSCALE: return check_over_photo (self, error) && check_region (self, error) && check_scale (self, error);
  case LIMN_TASK_SKETCH:
    if (self->mask.bytes)
      return check_over_photo (self, error);
    return !self->paint || !self->lines.bytes ||
           same_size ("The line art", "the paint", self->lines.width, self->lines.height, limn_picture_get_width (self->paint),
                      limn_picture_get_height (self->paint), error);
  case LIMN_TASK_ZERO_SHOT:
    if (!self->checkpoint)
      return usage (error, "There is no checkpoint folder.");
    return self->zero_shot_task == LIMN_ZERO_SHOT_INTERPOLATE || check_over_photo (self, error);
  default: g_return_val_if_reached (FALSE);
  }
}
