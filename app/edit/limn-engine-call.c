/* Calls of the engine. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-engine-call.h"

#include <glib/gi18n.h>

#include "app/base/limn-app-error.h"
#include "app/picture/limn-picture-color.h"

static void
forward_progress (void *user, double fraction)
{
  LimnEngineCall *self = user;

  self->progress (fraction, self->user);
}

static void
forward_cancel (GCancellable *cancellable, gpointer user)
{
  atomic_store (&((LimnEngineCall *) user)->cancel, 1);
}

void
limn_engine_call_begin (LimnEngineCall *self, LimnProgress progress, gpointer user, GCancellable *cancellable)
{
  *self = (LimnEngineCall){ .cancellable = cancellable, .progress = progress, .user = user };
  self->control = (LimnControl){ .cancel = &self->cancel, .progress = progress ? forward_progress : NULL, .user = self };
  if (cancellable)
    self->handler = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel), self, NULL);
}

gboolean
limn_engine_call_end (LimnEngineCall *self, LimnStatus status, GError **error)
{
  if (self->cancellable)
    g_cancellable_disconnect (self->cancellable, self->handler);
  if (status != LIMN_OK)
    limn_set_engine_error (error, status, &self->error);
  return status == LIMN_OK;
}

void
limn_set_engine_error (GError **error, LimnStatus status, const LimnError *engine_error)
{
  static const LimnAppError codes[] = {
    [LIMN_CANCELLED] = LIMN_APP_ERROR_CANCELLED,
    [LIMN_BAD_INPUT] = LIMN_APP_ERROR_INPUT,
    [LIMN_BAD_MODEL] = LIMN_APP_ERROR_INPUT,
    [LIMN_NO_MEMORY] = LIMN_APP_ERROR_RESOURCES,
  };

  g_return_if_fail (status != LIMN_OK && status < G_N_ELEMENTS (codes));
  g_set_error_literal (error, LIMN_APP_ERROR, codes[status], status == LIMN_CANCELLED ? _("Cancelled.") : engine_error->text);
}

/* -- Views -- */

LimnRect
limn_picture_get_rect (LimnPicture *picture)
{
  return (LimnRect){ .width = (int) limn_picture_get_width (picture), .height = (int) limn_picture_get_height (picture) };
}

LimnPixels
limn_pixels_of (LimnPicture *picture, const LimnRect *part)
{
  int depth = limn_picture_get_depth (picture);
  gsize stride = limn_picture_get_stride (picture);

  return (LimnPixels){
    .data = limn_picture_get_data (picture) + (gsize) part->y * stride + (gsize) part->x * 4 * (gsize) depth / 8,
    .width = (gsize) part->width,
    .height = (gsize) part->height,
    .stride = stride,
    .depth = depth,
  };
}

LimnMask
limn_mask_of (const LimnPlane *plane, const LimnRect *part)
{
  const guint8 *data = g_bytes_get_data (plane->bytes, NULL);

  return (LimnMask){ .data = data + (gsize) part->y * plane->width + part->x,
                     .width = (gsize) part->width,
                     .height = (gsize) part->height,
                     .stride = plane->width };
}

/* -- Results -- */

static void
free_overlay_data (gpointer data)
{
  LimnOverlay overlay = { .pixels.data = data };

  limn_overlay_clear (&overlay);
}

/* The overlay's pixels, taken over, as a picture. */
static LimnPicture *
take_overlay (LimnOverlay *overlay, LimnPicture *like, gboolean own, GCancellable *cancellable, GError **error)
{
  const LimnPixels pixels = overlay->pixels;
  g_autoptr (LimnPicture) picture = NULL;

  g_return_val_if_fail (pixels.stride == pixels.width * 4 * (gsize) pixels.depth / 8, NULL);

  overlay->pixels.data = NULL;
  if (pixels.stride * pixels.height >= LIMN_OVERLAY_MAPPED)
    picture = limn_picture_new_mapped (pixels.width, pixels.height, pixels.depth, pixels.data, error);
  else
    picture = limn_picture_new_take (pixels.width, pixels.height, pixels.depth, pixels.data, pixels.data, free_overlay_data, error);
  if (!picture || !like)
    return g_steal_pointer (&picture);
  return own ? limn_picture_describe (picture, like, error) : limn_picture_convert (picture, like, cancellable, error);
}

LimnResult *
limn_engine_call_take_result (LimnEngineCall *self, LimnPicture *like, gboolean own, gboolean whole, GError **error)
{
  g_autoptr (LimnResult) result = g_new0 (LimnResult, 1);

  result->whole = whole;
  result->x = self->overlay.x;
  result->y = self->overlay.y;
  result->keep_alpha = self->overlay.keep_alpha;
  result->evaluations = self->stats.evaluations;
  result->tiles = self->stats.tiles;
  result->network_ms = self->stats.network_ms;
  result->picture = take_overlay (&self->overlay, like, own, self->cancellable, error);
  return result->picture ? g_steal_pointer (&result) : NULL;
}

void
limn_result_free (LimnResult *self)
{
  if (!self)
    return;
  g_clear_object (&self->picture);
  limn_found_clear (&self->found);
  g_free (self);
}

LimnPicture *
limn_result_apply (const LimnResult *self, LimnPicture *photo, GError **error)
{
  LimnPicture *picture;
  LimnOverlay overlay;
  LimnPixels below;
  LimnRect all;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->whole)
    return g_object_ref (self->picture);
  g_return_val_if_fail (LIMN_IS_PICTURE (photo), NULL);
  g_return_val_if_fail (limn_picture_get_depth (photo) == limn_picture_get_depth (self->picture), NULL);
  picture = limn_picture_dup (photo, TRUE, error);
  if (!picture)
    return NULL;
  all = limn_picture_get_rect (self->picture);
  overlay = (LimnOverlay){ .x = self->x, .y = self->y, .keep_alpha = self->keep_alpha, .pixels = limn_pixels_of (self->picture, &all) };
  all = limn_picture_get_rect (picture);
  below = limn_pixels_of (picture, &all);
  limn_overlay_apply (&overlay, &below);
  return picture;
}
