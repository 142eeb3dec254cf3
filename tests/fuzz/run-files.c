/* Runs a target over files, without libFuzzer: regressions, and seeds with damage of a plain kind. run-files FILE|FOLDER...
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <stdio.h>

/* As it is, cut at a hundred places, and with each of a hundred bytes changed. */
static void
run_file (const char *path)
{
  enum { PLACES = 100 };
  g_autofree guint8 *bytes = NULL;
  gsize size;

  if (!g_file_get_contents (path, (char **) &bytes, &size, NULL))
    g_error ("%s can't be read", path);
  LLVMFuzzerTestOneInput (bytes, size);
  for (gsize i = 0; i < PLACES; i++) {
    const gsize at = size * i / PLACES;
    g_autofree guint8 *cut = at > 0 ? g_memdup2 (bytes, at) : g_malloc (1); /* of its own, so that reading past its end is noticed */

    LLVMFuzzerTestOneInput (cut, at);
    if (at < size) {
      bytes[at] ^= 0xFF;
      LLVMFuzzerTestOneInput (bytes, size);
      bytes[at] ^= 0xFF;
    }
  }
}

static guint
run_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  if (!dir) {
    run_file (path);
    return 1;
  }
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    n += run_folder (inner);
  }
  return n;
}

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n += run_folder (argv[i]);
  printf ("%u files\n", n);
  return n > 0 ? 0 : 1;
}
