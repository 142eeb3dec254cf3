/* Thumbnails of files as desktops share them (freedesktop.org's Thumbnail Managing Standard). SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-file-thumbnail.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "app/base/limn-thread.h"
#include "app/decode/limn-picture-load.h"

#define SIDE 128 /* of the standard's "normal" ones */
#define THREADS 2
#define JOB "limn-thumbnail-job"

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

/* By GdkPixbuf, which reads a JPEG small at once, or where it can't by Limn's own decoders. */
static GdkPixbuf *
make (const char *path, GCancellable *cancellable)
{
  g_autoptr (GdkPixbuf) direct = gdk_pixbuf_new_from_file_at_scale (path, SIDE, SIDE, TRUE, NULL);
  g_autoptr (LimnPicture) picture = direct ? NULL : limn_picture_load (path, cancellable, NULL);
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  int width, height;
  double scale;

  if (direct)
    return gdk_pixbuf_apply_embedded_orientation (direct);
  if (!picture || limn_picture_get_depth (picture) != 8)
    return NULL;
  width = (int) limn_picture_get_width (picture);
  height = (int) limn_picture_get_height (picture);
  scale = MIN (1, (double) SIDE / MAX (width, height));
  pixbuf = gdk_pixbuf_new_from_data (limn_picture_get_data (picture), GDK_COLORSPACE_RGB, TRUE, 8, width, height,
                                     (int) limn_picture_get_stride (picture), NULL, NULL);
  return gdk_pixbuf_scale_simple (pixbuf, MAX (1, (int) (width * scale)), MAX (1, (int) (height * scale)), GDK_INTERP_BILINEAR);
}

static GdkPixbuf *
load (const char *path, GCancellable *cancellable)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL), *place = uri ? find_place (uri) : NULL, *mtime = NULL;
  GdkPixbuf *pixbuf;
  GStatBuf info;

  if (!place || g_stat (path, &info) != 0)
    return NULL;
  mtime = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) info.st_mtime);
  pixbuf = load_shared (place, mtime);
  if (!pixbuf && (pixbuf = make (path, cancellable)) != NULL)
    share (pixbuf, place, uri, mtime);
  return pixbuf;
}

/* -- The threads -- */

static void
work (gpointer data, gpointer user)
{
  g_autoptr (GTask) task = data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  limn_thread_set_background ();
  if (!g_cancellable_is_cancelled (cancellable))
    pixbuf = load (g_task_get_task_data (task), cancellable);
  g_task_return_pointer (task, pixbuf ? gdk_texture_new_for_pixbuf (pixbuf) : NULL, g_object_unref);
}

/* What was asked for last is what is seen now. */
static int
newest_first (gconstpointer a, gconstpointer b, gpointer user)
{
  return g_task_get_priority ((GTask *) a) - g_task_get_priority ((GTask *) b);
}

static void
push (GTask *task)
{
  static GThreadPool *pool; /* for as long as the program runs */
  static int n;

  if (!pool) {
    pool = g_thread_pool_new (work, NULL, THREADS, TRUE, NULL);
    g_thread_pool_set_sort_function (pool, newest_first, NULL);
  }
  g_task_set_priority (task, -++n);
  g_thread_pool_push (pool, task, NULL);
}

/* -- The widget -- */

static void
load_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (GtkPicture) picture = user;
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);

  if (texture)
    gtk_picture_set_paintable (picture, GDK_PAINTABLE (texture));
}

static void
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
}

GtkWidget *
limn_file_thumbnail_new (int side)
{
  GtkWidget *picture = gtk_picture_new (), *square = adw_clamp_new ();

  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_size_request (picture, side, side);
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (picture, "file-thumbnail");
  gtk_accessible_update_state (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_clamp_set_maximum_size (ADW_CLAMP (square), side);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (square), side);
  adw_clamp_set_child (ADW_CLAMP (square), picture);
  gtk_widget_set_valign (square, GTK_ALIGN_CENTER);
  return square;
}

void
limn_file_thumbnail_show (GtkWidget *thumbnail, const char *path)
{
  GtkWidget *picture = adw_clamp_get_child (ADW_CLAMP (thumbnail));
  GCancellable *cancellable = path ? g_cancellable_new () : NULL;

  g_object_set_data_full (G_OBJECT (picture), JOB, cancellable, cancel);
  gtk_picture_set_paintable (GTK_PICTURE (picture), NULL);
  if (path) {
    GTask *task = g_task_new (NULL, cancellable, load_done, g_object_ref (picture));

    g_task_set_task_data (task, g_strdup (path), g_free);
    push (task);
  }
}
