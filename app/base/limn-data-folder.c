/* Where the files are that belong to the program. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-data-folder.h"

/* The source's folder resources/name: programs lie in folders of a build folder in it. */
static char *
find_in_source (const char *name, const char *file)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *above = program ? g_path_get_dirname (program) : NULL;

  for (int i = 0; above && i < 3; i++) {
    g_autofree char *parent = g_path_get_dirname (above);
    g_autofree char *folder = g_build_filename (parent, "resources", name, NULL), *path = g_build_filename (folder, file, NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&folder);
    g_free (above);
    above = g_steal_pointer (&parent);
  }
  return NULL;
}

char *
limn_data_folder (const char *variable, const char *name, const char *file)
{
  const char *own = g_getenv (variable);
  char *folder;

  if (own && *own)
    return g_strdup (own);
  folder = find_in_source (name, file);
  return folder ? folder : g_build_filename (LIMN_PKGDATADIR, name, NULL);
}
