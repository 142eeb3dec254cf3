/* Ways out of a window: saving on a thread, copying, closing. docs/window.md tells what Save does with which file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/base/limn-app-error.h"
#include "app/base/limn-file.h"
#include "app/document/limn-document-strokes.h"
#include "app/formats/limn-ora.h"
#include "app/picture/limn-picture-file.h"
#include "limn-picture-provider.h"
#include "limn-recent-list.h"
#include "limn-window-private.h"
#include "ui/dialogs/limn-dialogs.h"

typedef struct {
  LimnWindow *window; /* borrowed: save_done lets go of it */
  char *path;
  char *expected; /* the stamp that the file must have, NULL = any */
  char *stamp;    /* that it has now */
  gboolean ora;
  LimnFormat format;
  LimnSnapshot *snapshot;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_free (save->path);
  g_free (save->expected);
  g_free (save->stamp);
  g_clear_pointer (&save->snapshot, limn_snapshot_unref);
  g_free (save);
}

static gboolean
is_ora (const char *path)
{
  const gsize length = strlen (path);

  return length > 4 && g_ascii_strcasecmp (path + length - 4, ".ora") == 0;
}

/* FALSE where another one wrote to the file since. One that is gone can be written again. */
static gboolean
is_as_expected (const Save *save, GError **error)
{
  g_autofree char *now = save->expected ? limn_file_dup_stamp (save->path) : NULL;

  if (!now || g_str_equal (now, save->expected))
    return TRUE;
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CHANGED, "");
  return FALSE;
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Save *save = task_data;
  GError *error = NULL;
  gboolean done = FALSE;

  if (!is_as_expected (save, &error)) {
    g_task_return_error (task, error);
    return;
  }
  if (save->ora) {
    done = limn_ora_save (save->snapshot, save->path, cancellable, &error);
  } else {
    g_autoptr (LimnPicture) picture = limn_snapshot_flatten (save->snapshot, G_MAXUINT, &error);
    LimnSaveOptions options;

    if (picture) {
      limn_save_options_init (&options, picture, save->format);
      done = limn_picture_save (picture, save->path, &options, cancellable, &error);
    }
  }
  save->stamp = done ? limn_file_dup_stamp (save->path) : NULL;
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
failed_response (AdwMessageDialog *dialog, const char *response, LimnWindow *self)
{
  if (g_str_equal (response, "elsewhere"))
    limn_window_save_as (self);
}

static void
tell_failure (LimnWindow *self, const char *path, const char *message)
{
  g_autofree char *name = g_filename_display_basename (path), *heading = g_strdup_printf (_("“%s” Wasn’t Saved"), name);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, message);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"), "elsewhere", _("Save _Elsewhere…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "elsewhere", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "elsewhere");
  g_signal_connect_object (dialog, "response", G_CALLBACK (failed_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
set_saving (LimnWindow *self, gboolean saving)
{
  self->saving = saving;
  limn_window_update_title (self);
  limn_window_update_actions (self);
}

static void
save_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  Save *save = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  const gboolean saved = g_task_propagate_boolean (G_TASK (result), &error);

  if (!saved && !error) /* it was cancelled */
    return;
  if (self->document && saved) {
    limn_document_set_saved (self->document, save->snapshot, save->path);
    limn_document_set_stamp (self->document, save->stamp);
  }
  set_saving (self, FALSE);
  if (!self->document)
    return;
  if (g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CHANGED)) {
    limn_window_ask_overwrite (self, self->close_when_saved);
    return;
  }
  limn_window_watch_file (self); /* perhaps another one; and what happened meanwhile wasn't looked at */
  if (!saved) {
    self->close_when_saved = FALSE;
    tell_failure (self, save->path, error->message);
    return;
  }
  limn_recent_add (save->path);
  if (self->close_when_saved)
    gtk_window_close (GTK_WINDOW (self));
}

/* What is shown is in the document now, unless the person has cancelled it. */
static void
save_kept (gboolean kept, gboolean committed, gpointer user)
{
  g_autoptr (GTask) task = user;
  Save *save = g_task_get_task_data (task);
  LimnWindow *self = save->window;

  if (!kept || !self->document) {
    self->close_when_saved = FALSE;
    set_saving (self, FALSE);
    g_task_return_boolean (task, FALSE);
    return;
  }
  save->snapshot = limn_document_dup_snapshot (self->document);
  g_task_run_in_thread (task, save_thread);
}

/* Whether the document can be a picture of this format. */
static gboolean
fits (LimnWindow *self, LimnFormat format, GError **error)
{
  return limn_format_check (format, (gsize) limn_document_get_width (self->document), (gsize) limn_document_get_height (self->document),
                            error);
}

/* force: whatever another one wrote there since it was opened. */
static void
save_to (LimnWindow *self, const char *path, gboolean close, gboolean force)
{
  g_autoptr (GError) error = NULL;
  LimnFormat format = LIMN_FORMAT_PNG;
  Save *save;
  GTask *task;

  if (self->saving)
    return;
  if (!is_ora (path) && !(limn_format_from_path (path, &format, &error) && fits (self, format, &error))) {
    tell_failure (self, path, error->message);
    return;
  }
  save = g_new0 (Save, 1);
  save->window = self;
  save->path = g_strdup (path);
  if (!force && g_strcmp0 (path, limn_document_get_path (self->document)) == 0)
    save->expected = g_strdup (limn_document_get_stamp (self->document));
  save->ora = is_ora (path);
  save->format = format;
  task = g_task_new (NULL, NULL, save_done, g_object_ref (self));
  g_task_set_task_data (task, save, save_free);
  self->close_when_saved = close;
  set_saving (self, TRUE);
  limn_session_keep (self->session, save_kept, task);
}

/* -- Where to -- */

/* A picture's format was chosen: Export offers it too. */
static void
remember_format (LimnWindow *self, const char *path)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  LimnFormat format;

  if (!is_ora (path) && limn_format_from_path (path, &format, NULL))
    g_settings_set_string (limn_application_get_settings (LIMN_APPLICATION (application)), "last-export-format",
                           limn_format_get_info (format)->nick);
}

/* A name without an ending gets that of the chosen kind of file. */
static void
save_named (LimnWindow *self, const char *path, const char *suffix, gboolean close)
{
  g_autofree char *named = g_strconcat (path, ".", suffix, NULL);

  /* The dialog asked about the name as it was typed only. */
  if (g_file_test (named, G_FILE_TEST_EXISTS)) {
    tell_failure (self, named, _("There is a file of this name already. Choose it in the dialog to replace it."));
    return;
  }
  self->replace_agreed = TRUE;
  remember_format (self, named);
  save_to (self, named, close, FALSE);
}

static void
save_as_response (GtkNativeDialog *dialog, int response, LimnWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT && self->document) {
    GtkFileFilter *filter = gtk_file_chooser_get_filter (GTK_FILE_CHOOSER (dialog));
    const char *suffix = filter ? g_object_get_data (G_OBJECT (filter), "suffix") : "ora";
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    g_autofree char *path = file ? g_file_get_path (file) : NULL;
    g_autofree char *name = path ? g_path_get_basename (path) : NULL;
    const gboolean close = g_object_get_data (G_OBJECT (dialog), "close") != NULL;

    if (path && !strchr (name + 1, '.')) {
      save_named (self, path, suffix, close);
    } else if (path) {
      self->replace_agreed = TRUE;
      remember_format (self, path);
      save_to (self, path, close, FALSE);
    } else {
      limn_dialog_tell (GTK_WINDOW (self), _("This Folder Can’t Be Used"), _("Limn saves to folders of this computer only."));
    }
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/* What a file can be: a document, or a picture of one of the formats, which come after it. */
enum { KIND_DOCUMENT, KIND_PICTURE };

static const char *const document_endings[] = { "ora", NULL };

static const char *const *
endings_of (guint kind)
{
  return kind == KIND_DOCUMENT ? document_endings : limn_format_get_info ((LimnFormat) (kind - KIND_PICTURE))->endings;
}

/* Whether the document can be saved as one. */
static gboolean
has_kind (LimnWindow *self, guint kind)
{
  const LimnFormat format = (LimnFormat) (kind - KIND_PICTURE);

  return kind == KIND_DOCUMENT || (limn_format_get_info (format) && fits (self, format, NULL));
}

/* Which of them the document's own file is; JPEG, where that is a picture which can't be written; a document, where it has none. */
static guint
own_kind (LimnWindow *self)
{
  const char *path = limn_document_get_path (self->document);
  LimnFormat format;

  if (!path || is_ora (path))
    return KIND_DOCUMENT;
  if (!limn_format_from_path (path, &format, NULL) || !fits (self, format, NULL))
    format = LIMN_FORMAT_JPEG;
  return KIND_PICTURE + format;
}

static void
add_filter (GtkFileChooser *chooser, guint kind)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  const LimnFormatInfo *info = kind == KIND_DOCUMENT ? NULL : limn_format_get_info ((LimnFormat) (kind - KIND_PICTURE));

  gtk_file_filter_set_name (filter, info ? _(info->label) : _("Limn Document, with Layers (.ora)"));
  for (const char *const *ending = endings_of (kind); *ending; ending++)
    gtk_file_filter_add_suffix (filter, *ending);
  g_object_set_data (G_OBJECT (filter), "suffix", (gpointer) endings_of (kind)[0]);
  gtk_file_chooser_add_filter (chooser, filter);
}

/* The kind of the document's own file comes first; a picture's name is that of a copy. */
void
limn_window_ask_where (LimnWindow *self, gboolean close)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Save As"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"),
                                                              NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  const guint own = own_kind (self);

  add_filter (chooser, own);
  for (guint i = 0; i < KIND_PICTURE + LIMN_N_FORMATS; i++)
    if (i != own && has_kind (self, i))
      add_filter (chooser, i);
  limn_dialog_suggest_name (chooser, limn_document_get_title (self->document), endings_of (own)[0], limn_document_get_path (self->document),
                            own > 0);
  g_object_set_data (G_OBJECT (dialog), "close", GINT_TO_POINTER (close));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_as_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
limn_window_save_as (LimnWindow *self)
{
  if (self->document && !self->saving)
    limn_window_ask_where (self, FALSE);
}

static void
replace_response (AdwMessageDialog *dialog, const char *response, LimnWindow *self)
{
  const gboolean close = g_object_get_data (G_OBJECT (dialog), "close") != NULL;

  if (!self->document)
    return;
  if (g_str_equal (response, "replace")) {
    self->replace_agreed = TRUE;
    save_to (self, limn_document_get_path (self->document), close, FALSE);
  } else if (g_str_equal (response, "copy")) {
    limn_window_ask_where (self, close);
  }
}

/* Before a photo's own file gets other pixels for the first time. */
static void
ask_replace (LimnWindow *self, gboolean close)
{
  g_autofree char *heading = g_strdup_printf (_("Replace “%s”?"), limn_document_get_title (self->document));
  const char *text = limn_picture_is_damaged (limn_document_get_photo (self->document))
                       ? _("The file is damaged, and another program may still get more out of it. A copy leaves it as it is.")
                       : _("The file gets the picture as it looks now. A copy keeps the original; as a Limn document it keeps "
                            "results that can still be changed, too.");
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, text);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "copy", _("Save a _Copy…"), "replace",
                                    _("_Replace"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "copy", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "replace", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "copy");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (dialog), "close", GINT_TO_POINTER (close));
  g_signal_connect_object (dialog, "response", G_CALLBACK (replace_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save (LimnWindow *self, gboolean close)
{
  const char *path = limn_document_get_path (self->document);
  LimnFormat format;

  /* of a file with several pictures the others would be lost */
  if (!path || (!is_ora (path) && !limn_format_from_path (path, &format, NULL)) ||
      limn_picture_get_source (limn_document_get_photo (self->document))->pages > 1)
    limn_window_ask_where (self, close);
  else if (is_ora (path) || self->replace_agreed || !fits (self, format, NULL)) /* that is told by save_to */
    save_to (self, path, close, FALSE);
  else
    ask_replace (self, close);
}

void
limn_window_overwrite (LimnWindow *self, gboolean close)
{
  self->replace_agreed = TRUE;
  save_to (self, limn_document_get_path (self->document), close, TRUE);
}

void
limn_window_save (LimnWindow *self)
{
  if (self->document && !self->saving)
    save (self, FALSE);
}

static void
copy_kept (gboolean kept, gboolean committed, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  g_autoptr (LimnSnapshot) snapshot = NULL;
  g_autoptr (GdkContentProvider) provider = NULL;

  if (!kept || !self->document)
    return;
  snapshot = limn_document_dup_snapshot (self->document);
  provider = limn_picture_provider_new (snapshot, limn_document_get_title (self->document));
  if (gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), provider))
    limn_window_message (self, committed ? _("The picture was copied, with what was applied to it") : _("The picture was copied."),
                         committed);
}

void
limn_window_copy (LimnWindow *self)
{
  if (self->document)
    limn_session_keep (self->session, copy_kept, g_object_ref (self));
}

/* -- Closing -- */

static gboolean
close_now (gpointer user)
{
  gtk_window_close (GTK_WINDOW (user));
  return G_SOURCE_REMOVE;
}

static void
close_response (AdwMessageDialog *dialog, const char *response, LimnWindow *self)
{
  if (g_str_equal (response, "discard")) {
    self->closing = TRUE;
    /* Once the dialog is gone: it must not outlive its parent. */
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_now, g_object_ref (self), g_object_unref);
  } else if (g_str_equal (response, "save") && self->document) {
    save (self, TRUE);
  }
}

static void
stop_response (AdwMessageDialog *dialog, const char *response, LimnWindow *self)
{
  if (!g_str_equal (response, "stop"))
    return;
  self->closing = !limn_window_is_edited (self); /* it may be finished by now: then it can be saved */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_now, g_object_ref (self), g_object_unref);
}

/* What was begun and would be lost, on a picture that is saved otherwise. */
static void
ask_stop (LimnWindow *self)
{
  g_autofree char *heading = g_strdup_printf (_("Stop Working on “%s”?"), limn_document_get_title (self->document));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
    adw_message_dialog_new (GTK_WINDOW (self), heading, _("Limn isn’t finished with it; the result will be lost.")));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Keep Working"), "stop", _("_Stop and Close"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (stop_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_done (LimnDocument *document, GParamSpec *pspec, LimnWindow *self)
{
  if (limn_document_is_working (document))
    return;
  g_signal_handlers_disconnect_by_func (document, on_done, self);
  self->close_when_done = FALSE;
  if (document == self->document)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_now, g_object_ref (self), g_object_unref);
}

/* What was asked for a moment ago belongs to what is closed or saved: TRUE = the window closes when it is there. */
static gboolean
wait_until_done (LimnWindow *self)
{
  limn_document_end_stroke (self->document);
  if (!limn_document_is_working (self->document))
    return FALSE;
  if (!self->close_when_done)
    g_signal_connect_object (self->document, "notify::working", G_CALLBACK (on_done), self, 0);
  self->close_when_done = TRUE;
  return TRUE;
}

gboolean
limn_window_ask_close (LimnWindow *self)
{
  g_autofree char *heading = NULL;
  GtkWidget *dialog;
  gboolean busy;

  if (self->saving) {
    self->close_when_saved = TRUE;
    return TRUE;
  }
  if (!self->document || self->closing)
    return FALSE;
  if (wait_until_done (self))
    return TRUE;
  if (!limn_window_is_edited (self)) {
    g_object_get (self->session, "busy", &busy, NULL);
    if (busy)
      ask_stop (self);
    return busy;
  }
  heading = g_strdup_printf (_("Save Changes to “%s”?"), limn_document_get_title (self->document));
  dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, _("Changes that aren’t saved will be lost."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "discard", _("_Discard"), "save", _("_Save"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (close_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}
