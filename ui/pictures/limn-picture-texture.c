/* Pictures from and to textures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-texture.h"

#include <string.h>

/* In place. pixels: what gdk_texture_download gives: premultiplied, a 32-bit word of alpha, red, green, blue from its high byte down. */
static void
unpremultiply_row (guint8 *pixels, gsize width, gboolean *has_alpha)
{
  for (gsize x = 0; x < width; x++) {
    guint32 pixel;
    memcpy (&pixel, pixels + 4 * x, 4);
    const guint32 alpha = pixel >> 24;

    for (int c = 0; c < 3; c++) {
      const guint32 value = pixel >> (16 - 8 * c) & 255;

      pixels[4 * x + c] = (guint8) (alpha ? MIN (255, (value * 255 + alpha / 2) / alpha) : 0);
    }
    pixels[4 * x + 3] = (guint8) alpha;
    if (alpha != 255)
      *has_alpha = TRUE;
  }
}

LimnPicture *
limn_picture_new_from_texture (GdkTexture *texture, GError **error)
{
  gsize width, height, stride;
  gboolean has_alpha = FALSE;
  g_autoptr (LimnPicture) picture = NULL;

  g_return_val_if_fail (GDK_IS_TEXTURE (texture), NULL);

  width = (gsize) gdk_texture_get_width (texture);
  height = (gsize) gdk_texture_get_height (texture);
  picture = limn_picture_new (width, height, 8, error);
  if (!picture)
    return NULL;
  stride = limn_picture_get_stride (picture);
  gdk_texture_download (texture, limn_picture_get_data (picture), stride);
  for (gsize y = 0; y < height; y++)
    unpremultiply_row (limn_picture_get_data (picture) + y * stride, width, &has_alpha);
  limn_picture_set_has_alpha (picture, has_alpha);
  return g_steal_pointer (&picture);
}

GdkTexture *
limn_picture_to_texture (LimnPicture *picture)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize stride, height;

  g_return_val_if_fail (LIMN_IS_PICTURE (picture), NULL);
  g_return_val_if_fail (limn_picture_get_depth (picture) == 8, NULL);

  stride = limn_picture_get_stride (picture);
  height = limn_picture_get_height (picture);
  bytes = g_bytes_new_with_free_func (limn_picture_get_data (picture), stride * height, g_object_unref, g_object_ref (picture));
  return gdk_memory_texture_new ((int) limn_picture_get_width (picture), (int) height, GDK_MEMORY_R8G8B8A8, bytes, stride);
}
