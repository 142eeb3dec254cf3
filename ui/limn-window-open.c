/* Ways into a window: files read on a thread of their own. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "limn-ora.h"
#include "limn-picture-file.h"
#include "limn-window-private.h"

/* A snapshot (an OpenRaster file) or a picture. */
typedef struct {
  LimnSnapshot *snapshot;
  LimnPicture *picture;
} Loaded;

static void
loaded_free (gpointer data)
{
  Loaded *loaded = data;

  g_clear_pointer (&loaded->snapshot, limn_snapshot_unref);
  g_clear_object (&loaded->picture);
  g_free (loaded);
}

static void
load (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *path = task_data;
  Loaded *loaded = g_new0 (Loaded, 1);
  GError *error = NULL;

  if (limn_ora_sniff (path))
    loaded->snapshot = limn_ora_load (path, cancellable, &error);
  else
    loaded->picture = limn_picture_load (path, cancellable, &error);
  if (error) {
    loaded_free (loaded);
    g_task_return_error (task, error);
  } else {
    g_task_return_pointer (task, loaded, loaded_free);
  }
}

static void
load_done (GObject *source, GAsyncResult *result, gpointer user)
{
  LimnWindow *self = LIMN_WINDOW (source);
  const char *path = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnDocument) document = NULL;
  Loaded *loaded = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->loading == g_task_get_cancellable (G_TASK (result)))
    g_clear_object (&self->loading);
  if (!loaded) {
    if (!g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      limn_window_error (self, _ ("The File Can’t Be Opened"), error->message);
    return;
  }
  document = loaded->snapshot ? limn_document_new_from_snapshot (loaded->snapshot) : limn_document_new (loaded->picture, path);
  loaded_free (loaded);
  limn_window_set_document (self, document);
}

void
limn_window_open (LimnWindow *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LIMN_IS_WINDOW (self));

  if (!path) {
    limn_window_error (self, _ ("The File Can’t Be Opened"), _ ("Limn opens files of this computer only. Copy the file to a folder first."));
    return;
  }
  if (self->document || self->loading) {
    LimnWindow *other = limn_window_new (LIMN_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));

    gtk_window_present (GTK_WINDOW (other));
    limn_window_open (other, file);
    return;
  }
  self->loading = g_cancellable_new ();
  task = g_task_new (self, self->loading, load_done, NULL);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_set_task_data (task, g_steal_pointer (&path), g_free);
  g_task_run_in_thread (task, load);
}

static void
dialog_response (GtkNativeDialog *dialog, int response, LimnWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

    limn_window_open (self, file);
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
limn_window_open_dialog (LimnWindow *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_ ("Open"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (dialog_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
