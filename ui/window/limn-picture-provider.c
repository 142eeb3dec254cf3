/* Copying and dragging a picture out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-provider.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "app/picture/limn-picture-file.h"

struct _LimnPictureProvider {
  GdkContentProvider parent;
  LimnSession *session;   /* of a drag, or NULL */
  LimnSnapshot *snapshot; /* NULL until somebody takes what is dragged */
  char *name;
};

G_DEFINE_FINAL_TYPE (LimnPictureProvider, limn_picture_provider, GDK_TYPE_CONTENT_PROVIDER)

#define PNG "image/png"
#define URIS "text/uri-list"

typedef struct {
  LimnPictureProvider *provider; /* borrowed: the task that GTK waits for keeps it */
  const char *mime_type;         /* interned */
  GOutputStream *stream;
  int io_priority;
  GBytes *bytes;
} Write;

static void
write_free (gpointer data)
{
  Write *write = data;

  g_clear_object (&write->stream);
  g_clear_pointer (&write->bytes, g_bytes_unref);
  g_free (write);
}

/* The picture as NAME.png in a folder of its own in the cache, so that the file that arrives is called as the document. */
static char *
write_file (LimnPictureProvider *self, LimnPicture *picture, const LimnSaveOptions *options, GCancellable *cancellable, GError **error)
{
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "limn", "drag", NULL);
  g_autofree char *template = g_build_filename (cache, "XXXXXX", NULL);
  g_autofree char *stem = g_strdup (self->name), *file = NULL, *path = NULL;
  char *dot = strrchr (stem, '.');

  if (dot && dot > stem)
    *dot = '\0';
  g_strdelimit (stem, "/", '-');
  if (g_mkdir_with_parents (cache, 0700) != 0 || !g_mkdtemp_full (template, 0700)) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("The folder “%s” can’t be made: %s."), cache, g_strerror (errno));
    return NULL;
  }
  file = g_strconcat (stem, ".png", NULL);
  path = g_build_filename (template, file, NULL);
  if (!limn_picture_save (picture, path, options, cancellable, error))
    return NULL;
  return g_filename_to_uri (path, NULL, error);
}

static void
encode (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Write *write = task_data;
  LimnPictureProvider *self = write->provider;
  LimnSaveOptions options;
  GError *error = NULL;
  g_autoptr (LimnPicture) picture = limn_snapshot_flatten (self->snapshot, G_MAXUINT, &error);

  if (picture) {
    limn_save_options_init (&options, picture, LIMN_FORMAT_PNG);
    if (write->mime_type == g_intern_static_string (URIS)) {
      g_autofree char *uri = write_file (self, picture, &options, cancellable, &error);
      char *line = uri ? g_strconcat (uri, "\r\n", NULL) : NULL;

      write->bytes = line ? g_bytes_new_take (line, strlen (line)) : NULL;
    } else {
      write->bytes = limn_picture_encode (picture, &options, &error);
    }
  }
  if (write->bytes)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (GTask) task = user;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The stream belongs to the main thread. */
static void
encoded (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (GTask) task = user;
  Write *write = g_task_get_task_data (G_TASK (result));
  g_autoptr (GOutputStream) stream = g_steal_pointer (&write->stream);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (task, error);
    return;
  }
  g_task_set_task_data (task, g_bytes_ref (write->bytes), (GDestroyNotify) g_bytes_unref);
  g_output_stream_write_all_async (stream, g_bytes_get_data (write->bytes, NULL), g_bytes_get_size (write->bytes), write->io_priority,
                                   g_task_get_cancellable (task), written, g_object_ref (task));
}

static void
session_kept (gboolean kept, gboolean committed, gpointer user)
{
  g_autoptr (GTask) encoding = user;
  LimnPictureProvider *self = ((Write *) g_task_get_task_data (encoding))->provider;

  if (!kept) {
    g_task_return_new_error (encoding, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("The edit was cancelled."));
    return;
  }
  g_clear_pointer (&self->snapshot, limn_snapshot_unref);
  self->snapshot = limn_document_dup_snapshot (limn_session_get_document (self->session));
  g_task_run_in_thread (encoding, encode);
}

static void
limn_picture_provider_write_async (GdkContentProvider *provider, const char *mime_type, GOutputStream *stream, int io_priority,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user)
{
  LimnPictureProvider *self = LIMN_PICTURE_PROVIDER (provider);
  GTask *task = g_task_new (provider, cancellable, callback, user);
  g_autoptr (GTask) encoding = g_task_new (NULL, cancellable, encoded, task);
  Write *write = g_new0 (Write, 1);

  write->provider = self;
  write->mime_type = g_intern_string (mime_type);
  write->stream = g_object_ref (stream);
  write->io_priority = io_priority;
  g_task_set_task_data (encoding, write, write_free);
  if (self->session)
    limn_session_keep (self->session, session_kept, g_steal_pointer (&encoding));
  else
    g_task_run_in_thread (encoding, encode);
}

static gboolean
limn_picture_provider_write_finish (GdkContentProvider *provider, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static GdkContentFormats *
limn_picture_provider_ref_formats (GdkContentProvider *provider)
{
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();

  if (LIMN_PICTURE_PROVIDER (provider)->session)
    gdk_content_formats_builder_add_mime_type (builder, URIS);
  gdk_content_formats_builder_add_mime_type (builder, PNG);
  return gdk_content_formats_builder_free_to_formats (builder);
}

static void
limn_picture_provider_finalize (GObject *object)
{
  LimnPictureProvider *self = LIMN_PICTURE_PROVIDER (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->snapshot, limn_snapshot_unref);
  g_free (self->name);
  G_OBJECT_CLASS (limn_picture_provider_parent_class)->finalize (object);
}

static void
limn_picture_provider_class_init (LimnPictureProviderClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = limn_picture_provider_finalize;
  provider_class->ref_formats = limn_picture_provider_ref_formats;
  provider_class->write_mime_type_async = limn_picture_provider_write_async;
  provider_class->write_mime_type_finish = limn_picture_provider_write_finish;
}

static void
limn_picture_provider_init (LimnPictureProvider *self)
{
}

/* A folder of one drag and the file in it. */
static void
remove_drag (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
}

static void
clean (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "limn", "drag", NULL);
  g_autoptr (GDir) dir = g_dir_open (cache, 0, NULL);
  const gint64 yesterday = g_get_real_time () / G_USEC_PER_SEC - 24 * 60 * 60;
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *folder = g_build_filename (cache, name, NULL);
    GStatBuf status;

    /* What was dragged a moment ago, from another window, may still be copied. */
    if (g_stat (folder, &status) == 0 && status.st_mtime < yesterday)
      remove_drag (folder);
  }
  g_task_return_boolean (task, TRUE);
}

void
limn_picture_provider_clean (void)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_run_in_thread (task, clean);
}

GdkContentProvider *
limn_picture_provider_new (LimnSnapshot *snapshot, const char *name)
{
  LimnPictureProvider *self = g_object_new (LIMN_TYPE_PICTURE_PROVIDER, NULL);

  self->snapshot = limn_snapshot_ref (snapshot);
  self->name = g_strdup (name);
  return GDK_CONTENT_PROVIDER (self);
}

GdkContentProvider *
limn_picture_provider_new_for_session (LimnSession *session)
{
  LimnPictureProvider *self = g_object_new (LIMN_TYPE_PICTURE_PROVIDER, NULL);

  self->session = g_object_ref (session);
  self->name = g_strdup (limn_document_get_title (limn_session_get_document (session)));
  return GDK_CONTENT_PROVIDER (self);
}
