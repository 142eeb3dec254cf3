/* PNG, JPEG and WebP files, decoded whole and in part, and written again with what was kept of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture/limn-picture-file.h"
#include "fuzz.h"

enum { MOST_PIXELS = 1 << 18 }; /* to be written again: that takes long */

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);

  for (gboolean partial = FALSE; partial <= TRUE; partial++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (LimnPicture) picture = limn_picture_decode (bytes, "fuzz", partial, NULL, &error);

    g_assert ((picture == NULL) == (error != NULL));
    if (picture && !partial && limn_picture_get_width (picture) * limn_picture_get_height (picture) <= MOST_PIXELS)
      for (int format = LIMN_FORMAT_PNG; format <= LIMN_FORMAT_WEBP; format++) {
        const LimnSaveOptions options = { format, 80, FALSE };
        g_autoptr (GError) why = NULL;
        g_autoptr (GBytes) written = limn_picture_encode (picture, &options, &why);

        g_assert ((written == NULL) == (why != NULL));
      }
  }
  return 0;
}
