/* Names of a batch's files. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-batch-names.h"

#include "app/base/limn-app-error.h"
#include "app/picture/limn-picture-file.h"

#include <glib/gi18n.h>
#include <string.h>

static const char *const words[] = { "name", "ext", "edit" };

/* -- Patterns -- */

/* Which of words stands in braces at text, and how long that is; -1 if none does. */
static int
word_at (const char *text, gsize *length)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    const gsize n = strlen (words[i]);

    if (text[0] == '{' && strncmp (text + 1, words[i], n) == 0 && text[1 + n] == '}') {
      *length = n + 2;
      return (int) i;
    }
  }
  return -1;
}

gboolean
limn_batch_pattern_check (const char *pattern, GError **error)
{
  gboolean named = FALSE;

  for (const char *p = strchr (pattern, '{'); p; p = strchr (p + 1, '{')) {
    gsize length;
    const int word = word_at (p, &length);

    named = named || word == 0;
    if (word < 0) {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("“%s” has braces around something else than {name}, {ext} or {edit}."),
                   pattern);
      return FALSE;
    }
  }
  if (!named)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("“%s” names all files alike: {name} must be in it."), pattern);
  return named;
}

char *
limn_batch_pattern_expand (const char *pattern, const char *path, const char *ext, const char *edit)
{
  g_autofree char *name = g_path_get_basename (path);
  GString *out = g_string_new (NULL);
  char *dot = strrchr (name, '.');

  if (dot && dot != name)
    *dot = 0;
  const char *const values[] = { name, ext, edit };
  for (const char *p = pattern; *p;) {
    gsize length = 1;
    const int word = word_at (p, &length);

    if (word >= 0)
      g_string_append (out, values[word]);
    else
      g_string_append_c (out, *p);
    p += length;
  }
  return g_string_free (out, FALSE);
}

/* -- Endings -- */

char *
limn_batch_dup_out_ending (const char *path)
{
  g_autofree char *ending = limn_format_dup_ending (path);
  LimnFormat format;

  return limn_format_from_path (path, &format, NULL) ? g_steal_pointer (&ending) : g_strdup ("png");
}

gboolean
limn_batch_is_picture (const char *path)
{
  g_autofree char *ending = limn_format_dup_ending (path);

  return g_str_equal (ending, "ora") || limn_format_reads (path);
}

/* -- Folders -- */

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
limn_batch_list_folder (const char *folder, const char *except, gboolean recursive, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free), names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) why = NULL;
  GDir *dir = g_dir_open (folder, 0, &why);
  const char *name;

  if (!dir) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("%s can't be read: %s"), folder, why->message);
    return NULL;
  }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_dir_close (dir);
  g_ptr_array_sort (names, compare);
  for (guint i = 0; i < names->len; i++) {
    const char *path = names->pdata[i];

    if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
      if (limn_batch_is_picture (path))
        g_ptr_array_add (found, g_strdup (path));
    } else if (recursive && !g_str_equal (path, except) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK)) {
      g_autoptr (GPtrArray) inside = limn_batch_list_folder (path, except, TRUE, error);

      if (!inside)
        return NULL;
      g_ptr_array_extend_and_steal (found, g_steal_pointer (&inside));
    }
  }
  return g_steal_pointer (&found);
}
