/* What the picture codecs share: rows to write, which channels a file needs, and XMP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-codec.h"

#include <string.h>

void
limn_codec_row_8 (LimnPicture *picture, gsize y, guint8 *out)
{
  gsize width = limn_picture_get_width (picture);
  const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
  const guint16 *wide = (const guint16 *) (gconstpointer) row;

  if (limn_picture_get_depth (picture) == 8) {
    memcpy (out, row, width * 4);
    return;
  }
  for (gsize i = 0; i < width * 4; i++)
    out[i] = (guint8) ((wide[i] * 255u + 32767u) / 65535u);
}

void
limn_codec_channels (LimnPicture *picture, gboolean *gray, gboolean *alpha)
{
  gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  gboolean has_profile = limn_picture_get_profile (picture) != NULL;

  *gray = limn_picture_get_source (picture)->gray && has_profile == (limn_picture_get_gray_profile (picture) != NULL);
  *alpha = limn_picture_get_has_alpha (picture);
  for (gsize y = 0; y < height && (*gray || !*alpha); y++) {
    const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
    const guint16 *wide = (const guint16 *) (gconstpointer) row;
    guint differ = 0, opaque;

    if (limn_picture_get_depth (picture) == 8) {
      opaque = 0xFF;
      for (gsize x = 0; x < width; x++, row += 4) {
        differ |= (guint) (row[0] ^ row[1]) | (guint) (row[1] ^ row[2]);
        opaque &= row[3];
      }
      *alpha = *alpha || opaque != 0xFF;
    } else {
      opaque = 0xFFFF;
      for (gsize x = 0; x < width; x++, wide += 4) {
        differ |= (guint) (wide[0] ^ wide[1]) | (guint) (wide[1] ^ wide[2]);
        opaque &= wide[3];
      }
      *alpha = *alpha || opaque != 0xFFFF;
    }
    *gray = *gray && differ == 0;
  }
}

char *
limn_codec_from_latin (const guint8 *text, gsize size)
{
  GString *out = g_string_sized_new (size);

  for (gsize i = 0; i < size && text[i] != 0; i++)
    g_string_append_unichar (out, text[i]);
  return g_string_free (out, FALSE);
}

void
limn_codec_set_loss (LimnPicture *picture, gsize rows, gboolean coarse)
{
  const gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  const gsize stride = limn_picture_get_stride (picture);

  if (rows < height) {
    memset (limn_picture_get_data (picture) + rows * stride, 0, (height - rows) * stride);
    *limn_picture_get_loss (picture) = (LimnPictureLoss){ 0, rows, width, height - rows, FALSE };
  }
  limn_picture_get_loss (picture)->coarse = coarse;
}

/* Sets the value of an attribute or element `tiff:Orientation` to 1. */
static void
upright_xmp (char *text)
{
  static const char *const ahead[] = { "tiff:Orientation=\"", "tiff:Orientation='", "<tiff:Orientation>" };

  for (guint i = 0; i < G_N_ELEMENTS (ahead); i++) {
    char *at = text;

    while ((at = strstr (at, ahead[i])) != NULL) {
      at += strlen (ahead[i]);
      if (*at >= '1' && *at <= '8')
        *at = '1';
    }
  }
}

void
limn_codec_take_xmp (LimnPicture *picture, const char *data, gsize size)
{
  g_autofree char *text = g_strndup (data, size);

  if (text[0] == 0 || !g_utf8_validate (text, -1, NULL) || strstr (text, "xmpGImg:image"))
    return;
  upright_xmp (text);
  g_hash_table_insert (limn_picture_get_texts (picture), g_strdup (LIMN_TEXT_XMP), g_steal_pointer (&text));
}
