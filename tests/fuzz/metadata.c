/* EXIF blocks, IPTC resources, texts of PNG chunks and colour profiles, each from the same bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture/codecs/limn-codec.h"
#include "app/picture/codecs/limn-exif.h"
#include "app/picture/codecs/limn-iptc.h"
#include "app/picture/codecs/limn-png-text.h"
#include "app/picture/limn-picture-color.h"
#include "fuzz.h"

static void
use_profile (GBytes *bytes)
{
  g_autoptr (LimnPicture) picture = limn_picture_new (4, 4, 8, NULL), srgb = NULL;

  limn_picture_apply_profile (picture, bytes);
  srgb = limn_picture_to_srgb (picture, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const types[] = { "tEXt", "zTXt", "iTXt" };
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size), exif = NULL, sized = NULL, back = NULL;
  g_autofree char *iptc = limn_iptc_from_photoshop (data, size), *copy = g_strndup ((const char *) data, size);
  g_autoptr (LimnPicture) picture = limn_picture_new (1, 1, 8, NULL);
  int orientation;

  exif = limn_exif_sanitise (data, size, &orientation);
  g_assert (orientation >= 1 && orientation <= 8);
  if (exif) {
    sized = limn_exif_for_size (exif, 30, 20);
    limn_exif_resolution (sized);
  }
  if (iptc)
    back = limn_iptc_to_photoshop (iptc);
  g_clear_pointer (&back, g_bytes_unref);
  back = limn_iptc_to_photoshop (copy);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autofree char *key = NULL, *text = NULL;
    gsize left = 1 << 16;

    limn_png_text_read ((const guint8 *) types[i], data, size, &left, &key, &text);
    g_assert (left <= 1 << 16);
  }
  limn_codec_take_xmp (picture, (const char *) data, size);
  use_profile (bytes);
  return 0;
}
