/* A raster in one piece, as the engine wants it, and back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-raster-private.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-mapping.h"
#include "app/base/limn-parallel.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  LimnRaster *raster;
  guint8 *out; /* all zero: untouched pages of a large plane take no memory */
  gsize stride;
  GCancellable *cancellable;
} Gather;

static void
gather_row (gsize row, gpointer data)
{
  const Gather *self = data;
  LimnRaster *raster = self->raster;
  gsize channels = (gsize) raster->channels;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (guint i = (guint) row * raster->columns; i < ((guint) row + 1) * raster->columns; i++) {
    if (!raster->tiles[i])
      continue;
    LimnRect rect = limn_raster_get_tile_rect (raster, i);
    const guint8 *from = limn_tile_get_pixels (raster->tiles[i]);
    guint8 *to = self->out + (gsize) rect.y * self->stride + (gsize) rect.x * channels;
    for (int y = 0; y < rect.height; y++, to += self->stride, from += LIMN_TILE_SIZE * channels)
      memcpy (to, from, (gsize) rect.width * channels);
  }
}

/* FALSE and error when it was cancelled. */
static gboolean
copy_tiles (LimnRaster *self, guint8 *out, gsize stride, GCancellable *cancellable, GError **error)
{
  Gather all = { self, out, stride, cancellable };
  limn_parallel_for (self->rows, gather_row, &all);
  return !limn_set_error_if_cancelled (cancellable, error);
}

gboolean
limn_raster_dup_plane (LimnRaster *self, LimnPlane *plane, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self->channels == 1, FALSE);
  *plane = (LimnPlane){ .width = (gsize) self->width, .height = (gsize) self->height };
  gsize size = plane->width * plane->height; /* sides are at most LIMN_PICTURE_MAX_SIDE */
  guint8 *pixels;
  g_autoptr (GBytes) bytes = limn_bytes_new_zero (size, &pixels);
  if (!bytes) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("Not enough memory for a mask of this size. Close other pictures."));
    return FALSE;
  }
  if (!copy_tiles (self, pixels, plane->width, cancellable, error))
    return FALSE;
  plane->bytes = g_steal_pointer (&bytes);
  return TRUE;
}

LimnPicture *
limn_raster_dup_picture (LimnRaster *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self->channels == 4, NULL);
  g_autoptr (LimnPicture) picture = limn_picture_new ((gsize) self->width, (gsize) self->height, 8, error);
  if (!picture || !copy_tiles (self, limn_picture_get_data (picture), limn_picture_get_stride (picture), cancellable, error))
    return NULL;
  limn_picture_set_has_alpha (picture, TRUE);
  return g_steal_pointer (&picture);
}
