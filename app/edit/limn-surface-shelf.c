/* Surfaces that are kept for other pictures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-surface-shelf.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"
#include "limn-material.h"

#define LIKE "limn-like"
#define SUFFIX ".png"

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "limn", "surfaces", NULL);
}

/* A name may hold anything that a file's can't. */
static char *
get_path (const char *name)
{
  g_autofree char *folder = get_folder (), *escaped = g_uri_escape_string (name, " ", TRUE), *file = g_strconcat (escaped, SUFFIX, NULL);
  return g_build_filename (folder, file, NULL);
}

gboolean
limn_surface_shelf_keep (const LimnOwnSurface *surface, GError **error)
{
  g_autofree char *folder = get_folder (), *path = get_path (surface->name);
  g_autoptr (LimnPicture) picture = limn_picture_dup (surface->picture, TRUE, error);
  const LimnSaveOptions options = { .format = LIMN_FORMAT_PNG };
  LimnMaterialInfo like;
  if (!picture)
    return FALSE;
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES, _("The folder “%s” can’t be made: %s."), folder, g_strerror (errno));
    return FALSE;
  }
  if (limn_material_find (surface->like, &like))
    g_hash_table_insert (limn_picture_get_texts (picture), g_strdup (LIKE), g_strdup (like.id));
  return limn_picture_save (picture, path, &options, NULL, error);
}

static gboolean
find_like (LimnPicture *picture, guint8 *label)
{
  const char *id = g_hash_table_lookup (limn_picture_get_texts (picture), LIKE);
  for (guint i = 0; id && i < limn_material_get_count (); i++)
    if (g_str_equal (limn_material_get (i).id, id)) {
      *label = limn_material_get (i).label;
      return TRUE;
    }
  return FALSE;
}

static gboolean
has_name (const LimnSurfaceList *list, const char *name)
{
  for (guint i = 0; i < limn_surface_list_get_count (list); i++)
    if (g_str_equal (limn_surface_list_get (list, i)->name, name))
      return TRUE;
  return FALSE;
}

/* Adds the file to *list, which is replaced, where it is a surface that isn't in it. */
static void
add_file (LimnSurfaceList **list, const char *folder, const char *file)
{
  g_autofree char *path = g_build_filename (folder, file, NULL), *stem = g_strndup (file, strlen (file) - strlen (SUFFIX));
  g_autofree char *name = g_uri_unescape_string (stem, NULL);
  LimnOwnSurface surface = { .label = limn_surface_list_get_free_label (*list), .name = name };
  if (!name || surface.label == 0 || has_name (*list, name))
    return;
  g_autoptr (LimnPicture) picture = limn_picture_load (path, NULL, NULL);
  if (!picture || !limn_surface_is_usable (picture) || !find_like (picture, &surface.like))
    return;
  surface.picture = picture;
  LimnSurfaceList *with = limn_surface_list_with (*list, &surface);
  limn_surface_list_unref (*list);
  *list = with;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

LimnSurfaceList *
limn_surface_shelf_list (const LimnSurfaceList *base)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  LimnSurfaceList *list = limn_surface_list_without (base, 0);
  for (const char *file; dir && (file = g_dir_read_name (dir));)
    if (g_str_has_suffix (file, SUFFIX))
      g_ptr_array_add (files, g_strdup (file));
  g_ptr_array_sort (files, compare);
  for (guint i = 0; i < files->len; i++)
    add_file (&list, folder, files->pdata[i]);
  return list;
}
