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

/* -- A batch's files -- */

void
limn_batch_names_clear (LimnBatchNames *self)
{
  g_free (self->folder);
  g_free (self->results);
  g_free (self->ending);
  g_free (self->masks);
}

char *
limn_batch_names_dup_result (const LimnBatchNames *self, const char *root, const char *path)
{
  g_autofree char *ending = self->ending ? g_strdup (self->ending) : limn_batch_dup_out_ending (path);
  g_autofree char *name = limn_batch_pattern_expand (self->results, path, ending, self->edit);
  g_autofree char *folder = g_path_get_dirname (path);
  const char *below = root && g_str_has_prefix (folder, root) ? folder + strlen (root) : "";

  return g_build_filename (self->folder, below, name, NULL);
}

char *
limn_batch_names_dup_mask (const LimnBatchNames *self, const char *path)
{
  g_autofree char *name = self->masks ? limn_batch_pattern_expand (self->masks, path, "png", "") : NULL;
  g_autofree char *folder = g_path_get_dirname (path);

  return name ? g_canonicalize_filename (name, folder) : NULL;
}

static gboolean
is_mask (const LimnBatchNames *self, const char *path)
{
  g_autofree char *name = self->masks ? limn_batch_pattern_expand (self->masks, "*", "png", "") : NULL;
  g_autofree char *glob = NULL;
  const char *rest = name;

  if (!name)
    return FALSE;
  while (g_str_has_prefix (rest, "./") || g_str_has_prefix (rest, "../"))
    rest = strchr (rest, '/') + 1;
  glob = g_path_is_absolute (name) ? g_canonicalize_filename (name, NULL) : g_strconcat ("*/", rest, NULL);
  return g_pattern_match_simple (glob, path);
}

static gboolean
is_below (const char *path, const char *folder)
{
  const gsize length = strlen (folder);

  return strncmp (path, folder, length) == 0 && path[length] == '/';
}

gboolean
limn_batch_names_is_photo (const LimnBatchNames *self, const char *root, const char *path)
{
  return !is_mask (self, path) && !(is_below (self->folder, root) && is_below (path, self->folder));
}
