/* Which pictures a batch is over. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-batch-find.h"

#include "app/base/limn-app-error.h"
#include "limn-batch-names.h"

#include <glib/gi18n.h>
#include <string.h>

static void
free_file (gpointer data)
{
  LimnBatchFile *file = data;

  g_free (file->root);
  g_free (file->path);
  g_free (file);
}

static void
add_file (GPtrArray *files, const char *root, const char *path)
{
  LimnBatchFile *file = g_new (LimnBatchFile, 1);

  *file = (LimnBatchFile){ g_strdup (root), g_strdup (path) };
  g_ptr_array_add (files, file);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The paths of what is in the folder, in the order of their names; NULL and error where it can't be read. */
static GPtrArray *
list (const char *folder, GError **error)
{
  g_autoptr (GError) why = NULL;
  GDir *dir = g_dir_open (folder, 0, &why);
  GPtrArray *paths;
  const char *name;

  if (!dir) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s can't be read: %s"), folder, why->message);
    return NULL;
  }
  paths = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_dir_close (dir);
  g_ptr_array_sort (paths, compare);
  return paths;
}

/* Links could lead around in a circle. */
static gboolean
is_own_folder (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

static gboolean
add_folder (GPtrArray *files, const char *root, const char *folder, gboolean recursive, GError **error)
{
  g_autoptr (GPtrArray) paths = list (folder, error);

  if (!paths)
    return FALSE;
  for (guint i = 0; i < paths->len; i++) {
    const char *path = paths->pdata[i];

    if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
      if (limn_batch_is_picture (path))
        add_file (files, root, path);
    } else if (recursive && is_own_folder (path) && !add_folder (files, root, path, TRUE, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

GPtrArray *
limn_batch_find (const char *path, gboolean recursive, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (free_file);

  if (g_file_test (absolute, G_FILE_TEST_IS_DIR)) {
    if (!add_folder (files, absolute, absolute, recursive, error))
      return NULL;
  } else if (g_file_test (absolute, G_FILE_TEST_EXISTS)) {
    add_file (files, NULL, absolute);
  } else {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no file %s."), path);
    return NULL;
  }
  return g_steal_pointer (&files);
}

static void
add_folders (GPtrArray *folders, const char *folder)
{
  g_autoptr (GPtrArray) paths = list (folder, NULL);

  for (guint i = 0; paths && i < paths->len; i++)
    if (is_own_folder (paths->pdata[i])) {
      g_ptr_array_add (folders, g_strdup (paths->pdata[i]));
      add_folders (folders, paths->pdata[i]);
    }
}

GPtrArray *
limn_batch_find_folders (const char *folder, gboolean recursive)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (folders, g_canonicalize_filename (folder, NULL));
  if (recursive)
    add_folders (folders, folders->pdata[0]);
  return folders;
}
