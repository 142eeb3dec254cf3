/* Pictures from and to textures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-texture.h"

/* What gdk_texture_download gives: premultiplied, a 32-bit word of alpha, red, green, blue from its high byte down. */
static void
unpremultiply_row (const guint32 *in, guint8 *out, gsize width, gboolean *has_alpha)
{
  for (gsize x = 0; x < width; x++) {
    const guint32 pixel = in[x], alpha = pixel >> 24;

    for (int c = 0; c < 3; c++) {
      const guint32 value = pixel >> (16 - 8 * c) & 255;

      out[4 * x + c] = (guint8) (alpha ? MIN (255, (value * 255 + alpha / 2) / alpha) : 0);
    }
    out[4 * x + 3] = (guint8) alpha;
    if (alpha != 255)
      *has_alpha = TRUE;
  }
}

LimnPicture *
limn_picture_new_from_texture (GdkTexture *texture, GError **error)
{
  gsize width, height;
  gboolean has_alpha = FALSE;
  g_autofree guint8 *pixels = NULL;
  g_autoptr (LimnPicture) picture = NULL;

  g_return_val_if_fail (GDK_IS_TEXTURE (texture), NULL);

  width = (gsize) gdk_texture_get_width (texture);
  height = (gsize) gdk_texture_get_height (texture);
  picture = limn_picture_new (width, height, 8, error);
  if (!picture)
    return NULL;
  pixels = g_try_malloc (width * height * 4);
  if (!pixels) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, "There is not enough memory for this picture.");
    return NULL;
  }
  gdk_texture_download (texture, pixels, width * 4);
  for (gsize y = 0; y < height; y++)
    unpremultiply_row ((const guint32 *) (gpointer) (pixels + y * width * 4),
                       limn_picture_get_data (picture) + y * limn_picture_get_stride (picture), width, &has_alpha);
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
