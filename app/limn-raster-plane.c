/* A raster in one piece, as an edit wants it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-raster-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* What is painted into out, which is all zero: the rest of a large plane stays memory that was never touched. */
static void
gather (LimnRaster *self, guint8 *out, gsize stride)
{
  gsize channels = (gsize) self->channels;
  for (guint i = 0; i < self->columns * self->rows; i++) {
    if (!self->tiles[i])
      continue;
    LimnRect rect = limn_raster_get_tile_rect (self, i);
    const guint8 *from = limn_tile_get_pixels (self->tiles[i]);
    guint8 *to = out + (gsize) rect.y * stride + (gsize) rect.x * channels;
    for (int y = 0; y < rect.height; y++, to += stride, from += LIMN_TILE_SIZE * channels)
      memcpy (to, from, (gsize) rect.width * channels);
  }
}

gboolean
limn_raster_dup_plane (LimnRaster *self, LimnPlane *plane, GError **error)
{
  g_return_val_if_fail (self->channels == 1, FALSE);
  *plane = (LimnPlane){ .width = (gsize) self->width, .height = (gsize) self->height };
  if (limn_raster_is_empty (self))
    return TRUE;
  GBytes *flat = g_atomic_pointer_get (&self->flat);
  if (!flat) {
    gsize size = plane->width * plane->height; /* sides are at most LIMN_PICTURE_MAX_SIDE */
    guint8 *pixels = g_try_malloc0 (size);
    if (!pixels) {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("Not enough memory for a mask of this size. Close other pictures."));
      return FALSE;
    }
    gather (self, pixels, plane->width);
    flat = g_bytes_new_take (pixels, size);
    if (!g_atomic_pointer_compare_and_exchange (&self->flat, NULL, flat)) { /* another thread that reads it was first */
      g_bytes_unref (flat);
      flat = g_atomic_pointer_get (&self->flat);
    }
  }
  plane->bytes = g_bytes_ref (flat);
  return TRUE;
}

LimnPicture *
limn_raster_dup_picture (LimnRaster *self, GError **error)
{
  g_return_val_if_fail (self->channels == 4, NULL);
  if (limn_raster_is_empty (self))
    return NULL;
  LimnPicture *picture = limn_picture_new ((gsize) self->width, (gsize) self->height, 8, error);
  if (!picture)
    return NULL;
  gather (self, limn_picture_get_data (picture), limn_picture_get_stride (picture));
  limn_picture_set_has_alpha (picture, TRUE);
  return picture;
}
