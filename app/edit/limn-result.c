/* What an edit gave: pixels to be laid over the photo, or a picture of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture/limn-picture-color.h"
#include "limn-edit-private.h"

void
limn_result_free (LimnResult *self)
{
  if (!self)
    return;
  g_clear_object (&self->picture);
  g_free (self);
}

LimnPixels
limn_pixels_of (LimnPicture *picture, gsize x, gsize y, gsize width, gsize height)
{
  int depth = limn_picture_get_depth (picture);
  gsize stride = limn_picture_get_stride (picture);

  return (LimnPixels){
    .data = limn_picture_get_data (picture) + y * stride + x * 4 * (gsize) depth / 8,
    .width = width,
    .height = height,
    .stride = stride,
    .depth = depth,
  };
}

LimnMask
limn_mask_of (const LimnPlane *plane, gsize x, gsize y, gsize width, gsize height)
{
  const guint8 *data = g_bytes_get_data (plane->bytes, NULL);

  return (LimnMask){ .data = data + y * plane->width + x, .width = width, .height = height, .stride = plane->width };
}

static void
free_overlay_data (gpointer data)
{
  LimnOverlay overlay = { .pixels.data = data };

  limn_overlay_clear (&overlay);
}

LimnPicture *
limn_picture_take_overlay (LimnOverlay *overlay, LimnPicture *like, GCancellable *cancellable, GError **error)
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
  return limn_picture_from_srgb (like, picture, cancellable, error);
}

LimnPicture *
limn_result_apply (const LimnResult *self, LimnPicture *photo, GError **error)
{
  LimnPicture *picture;
  LimnOverlay overlay;
  LimnPixels below;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->whole)
    return g_object_ref (self->picture);
  g_return_val_if_fail (LIMN_IS_PICTURE (photo), NULL);
  g_return_val_if_fail (limn_picture_get_depth (photo) == limn_picture_get_depth (self->picture), NULL);
  picture = limn_picture_dup (photo, TRUE, error);
  if (!picture)
    return NULL;
  overlay = (LimnOverlay){ .x = self->x, .y = self->y, .keep_alpha = self->keep_alpha };
  overlay.pixels = limn_pixels_of (self->picture, 0, 0, limn_picture_get_width (self->picture), limn_picture_get_height (self->picture));
  below = limn_pixels_of (picture, 0, 0, limn_picture_get_width (picture), limn_picture_get_height (picture));
  limn_overlay_apply (&overlay, &below);
  return picture;
}
