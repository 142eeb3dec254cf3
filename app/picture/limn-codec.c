/* What the picture codecs share: rows to write, and which channels a file needs.
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
