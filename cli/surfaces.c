/* Surfaces from one's own photos, --surface: to lay materials with, and to fill with. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-material.h"
#include "app/formats/limn-input.h"
#include "cli.h"

#include <string.h>

static gboolean usage (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
usage (GError **error, const char *format, ...)
{
  va_list values;

  va_start (values, format);
  if (error)
    *error = g_error_new_valist (LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, format, values);
  va_end (values);
  return FALSE;
}

/* PICTURE or PICTURE:X,Y,W,H. */
static LimnPicture *
load (CliRun *run, const char *text, GError **error)
{
  g_autoptr (GRegex) regex = g_regex_new ("^(.+):(\\d{1,6}),(\\d{1,6}),(\\d{1,6}),(\\d{1,6})$", G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  const gboolean cut = g_regex_match (regex, text, 0, &match);
  g_autofree char *path = cut ? g_match_info_fetch (match, 1) : g_strdup (text);
  g_autoptr (LimnPicture) picture = limn_input_load (path, run->cancellable, error);
  int part[4] = { 0 };

  if (!picture)
    return NULL;
  const int width = (int) limn_picture_get_width (picture), height = (int) limn_picture_get_height (picture);
  part[2] = width;
  part[3] = height;
  for (int i = 0; cut && i < 4; i++) {
    g_autofree char *number = g_match_info_fetch (match, i + 1 + 1);
    part[i] = (int) g_ascii_strtoll (number, NULL, 10);
  }
  if (part[0] + part[2] > width || part[1] + part[3] > height) {
    usage (error, "The part %s reaches out of the picture, which is %d x %d pixels.", text + strlen (path) + 1, width, height);
    return NULL;
  }
  return limn_surface_take (picture, &(LimnRect){ part[0], part[1], part[2], part[3] }, run->cancellable, error);
}

static gboolean
find_material (const char *id, LimnMaterialInfo *info, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < limn_material_get_count (); i++) {
    *info = limn_material_get (i);
    if (info->textured && g_str_equal (info->id, id))
      return TRUE;
    if (info->textured)
      g_string_append_printf (all, "%s%s", all->len > 0 ? ", " : "", info->id);
  }
  return usage (error, "--surface takes one of these materials: %s; not %s.", all->str, id);
}

static gboolean
add (CliRun *run, LimnEdit *edit, guint8 label, guint8 like, const char *name, const char *text, GError **error)
{
  g_autoptr (LimnPicture) picture = load (run, text, error);
  LimnSurfaceList *before = edit->from.surfaces;

  if (!picture)
    return FALSE;
  edit->from.surfaces = limn_surface_list_with (before, &(LimnOwnSurface){ label, like, name, picture });
  limn_surface_list_unref (before);
  return TRUE;
}

/* MATERIAL=PICTURE: laid in place of the material's own. */
static gboolean
add_material (CliRun *run, LimnEdit *edit, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *id = equals ? g_strndup (text, (gsize) (equals - text)) : NULL;
  LimnMaterialInfo info;

  if (!equals || equals == text || !equals[1])
    return usage (error, "--surface must be MATERIAL=PICTURE or MATERIAL=PICTURE:X,Y,W,H, as meadow=field.jpg; not %s.", text);
  return find_material (id, &info, error) && add (run, edit, info.label, info.label, id, equals + 1, error);
}

gboolean
cli_load_surfaces (CliRun *run, LimnEdit *edit, GError **error)
{
  const gboolean drawn = limn_edit_get_kind (edit)->takes & LIMN_TAKES_DRAWING;
  const GPtrArray *texts = run->arguments.surfaces;

  if (!drawn && texts->len > 1)
    return usage (error, "A hole is filled with one --surface, not with %u.", texts->len);
  for (guint i = 0; i < texts->len; i++) {
    const char *text = texts->pdata[i];

    if (drawn ? !add_material (run, edit, text, error) : !add (run, edit, LIMN_OWN_FIRST, limn_material_get (0).label, text, text, error))
      return FALSE;
  }
  if (!drawn && texts->len > 0)
    limn_edit_set (edit, "surface", LIMN_OWN_FIRST);
  return TRUE;
}
