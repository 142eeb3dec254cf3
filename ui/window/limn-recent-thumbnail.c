/* Thumbnails of files as desktops share them (freedesktop.org's Thumbnail Managing Standard). SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-recent-thumbnail.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define SIDE 128 /* of the standard's "normal" ones */

static char *
find_place (const char *uri)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_MD5, uri, -1), *name = g_strconcat (sum, ".png", NULL);

  return g_build_filename (g_get_user_cache_dir (), "thumbnails", "normal", name, NULL);
}

/* The one that is there, if it is of the file as it is now. */
static GdkPixbuf *
load_shared (const char *place, const char *mtime)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new_from_file (place, NULL);

  if (pixbuf && g_strcmp0 (gdk_pixbuf_get_option (pixbuf, "tEXt::Thumb::MTime"), mtime) != 0)
    g_clear_object (&pixbuf);
  return pixbuf;
}

/* Written beside and renamed, as the standard asks, so that nobody sees half of one; where that can't be, nobody needs it. */
static void
share (GdkPixbuf *pixbuf, const char *place, const char *uri, const char *mtime)
{
  g_autofree char *folder = g_path_get_dirname (place), *beside = g_strdup_printf ("%s.limn-%d", place, (int) getpid ());

  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      !gdk_pixbuf_save (pixbuf, beside, "png", NULL, "tEXt::Thumb::URI", uri, "tEXt::Thumb::MTime", mtime, NULL))
    return;
  if (g_chmod (beside, 0600) != 0 || g_rename (beside, place) != 0)
    g_unlink (beside);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *path = task_data;
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL), *place = uri ? find_place (uri) : NULL, *mtime = NULL;
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  GStatBuf info;

  if (place && g_stat (path, &info) == 0) {
    mtime = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) info.st_mtime);
    pixbuf = load_shared (place, mtime);
    if (!pixbuf) {
      g_autoptr (GdkPixbuf) made = gdk_pixbuf_new_from_file_at_scale (path, SIDE, SIDE, TRUE, NULL);

      pixbuf = made ? gdk_pixbuf_apply_embedded_orientation (made) : NULL;
      if (pixbuf)
        share (pixbuf, place, uri, mtime);
    }
  }
  g_task_return_pointer (task, pixbuf ? gdk_texture_new_for_pixbuf (pixbuf) : NULL, g_object_unref);
}

static void
load_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (GtkPicture) picture = user;
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);

  if (texture)
    gtk_picture_set_paintable (picture, GDK_PAINTABLE (texture));
}

void
limn_recent_thumbnail_show (GtkPicture *picture, const char *path)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, load_done, g_object_ref (picture));

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, load_thread);
}
