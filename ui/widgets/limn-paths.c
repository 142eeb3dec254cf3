/* Paths beside the program, or installed. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-paths.h"

#include <gio/gio.h>

/* tail below a folder above the program's, when it exists: programs lie in ui/ or tests/ui/ of a build folder that lies in the source's. */
static char *
beside_program (const char *tail)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname (program) : NULL;

  for (int i = 0; folder && i < 3; i++) {
    g_autofree char *parent = g_path_get_dirname (folder);
    g_autofree char *path = g_build_filename (parent, tail, NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
    g_free (folder);
    folder = g_steal_pointer (&parent);
  }
  return NULL;
}

char *
limn_path_build_schemas (void)
{
  g_autofree char *file = beside_program ("data/gschemas.compiled");

  return file ? g_path_get_dirname (file) : NULL;
}

char *
limn_path_catalogues (void)
{
  g_autofree char *file = beside_program ("po/de/LC_MESSAGES/limn.mo");
  g_autofree char *folder = file ? g_path_get_dirname (file) : NULL, *language = folder ? g_path_get_dirname (folder) : NULL;

  return language ? g_path_get_dirname (language) : g_strdup (LIMN_LOCALEDIR);
}

char *
limn_path_sample (const char *name)
{
  g_autofree char *tail = g_build_filename ("resources", "samples", name, NULL);
  char *path = beside_program (tail);

  return path ? path : g_build_filename (LIMN_PKGDATADIR, "samples", name, NULL);
}
