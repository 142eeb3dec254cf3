/* Pictures of an autosave folder, and what a helper process says of a picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/autosave/limn-autosave-private.h"
#include "app/decode/limn-decode-message.h"
#include "fuzz.h"

#include <unistd.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const int fd = fuzz_file (data, size), pixels = limn_memfd_new ("0123456789abcdef", 16);
  g_autofree char *path = fuzz_path (fd);
  g_autoptr (GBytes) header = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL, why = NULL;
  g_autoptr (LimnPicture) kept = limn_autosave_read_picture (path, &error);
  g_autoptr (LimnPicture) answered = limn_picture_from_header (header, pixels, 16, "fuzz", &why);

  g_assert ((kept == NULL) == (error != NULL));
  g_assert ((answered == NULL) == (why != NULL));
  close (pixels);
  close (fd);
  return 0;
}
