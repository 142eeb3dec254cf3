/* What is to be told of the document's file in a bar above the picture: that it is damaged, or that others have written to it, when saving
 * asks, too.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/base/limn-file.h"
#include "limn-window-private.h"
#include "ui/dialogs/limn-dialogs.h"

/* action: what the button does, NULL = there is none. */
static void
show_bar (LimnWindow *self, const char *text, const char *label, const char *action)
{
  gtk_label_set_text (self->bar_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->bar_button), action != NULL);
  if (action)
    gtk_button_set_label (self->bar_button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->bar_button), action);
  gtk_revealer_set_reveal_child (self->bar, TRUE);
}

void
limn_window_hide_bar (LimnWindow *self)
{
  gtk_revealer_set_reveal_child (self->bar, FALSE);
}

void
limn_window_tell_damage (LimnWindow *self)
{
  const LimnPictureLoss *loss = limn_picture_get_loss (limn_document_get_photo (self->document));
  const char *title = limn_document_get_title (self->document);
  g_autofree char *text = NULL;

  if (loss->width > 0) {
    text = g_strdup_printf (_("“%s” is damaged: a part of the picture is missing."), title);
    show_bar (self, text, _("_Fill the Missing Part"), "win.fill-missing");
  } else if (loss->coarse) {
    text = g_strdup_printf (_("“%s” is damaged: the picture isn’t as sharp as it was."), title);
    show_bar (self, text, NULL, NULL);
  }
}

/* -- Watching -- */

typedef struct {
  LimnDocument *document;
  char *path, *stamp;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_object (&look->document);
  g_free (look->path);
  g_free (look->stamp);
  g_free (look);
}

static void
look_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Look *look = task_data;

  look->stamp = limn_file_dup_stamp (look->path);
  g_task_return_boolean (task, TRUE);
}

/* Each state of the file is told once. */
static void
look_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnWindow) self = user;
  Look *look = g_task_get_task_data (G_TASK (result));
  g_autoptr (LimnDocument) document = g_steal_pointer (&look->document);
  const char *known = self->document ? limn_document_get_stamp (self->document) : NULL;
  g_autofree char *text = NULL;

  if (!known || document != self->document || self->saving || !look->stamp || g_str_equal (look->stamp, known) ||
      g_strcmp0 (look->stamp, self->told_stamp) == 0)
    return;
  g_free (self->told_stamp);
  self->told_stamp = g_strdup (look->stamp);
  text = g_strdup_printf (_("“%s” has changed on disk."), limn_document_get_title (self->document));
  show_bar (self, text, _("_Reload"), "win.reload");
}

static void
look_at_file (LimnWindow *self)
{
  g_autoptr (GTask) task = NULL;
  Look *look;

  if (self->saving || !limn_document_get_path (self->document) || !limn_document_get_stamp (self->document))
    return;
  look = g_new0 (Look, 1);
  look->document = g_object_ref (self->document);
  look->path = g_strdup (limn_document_get_path (self->document));
  task = g_task_new (NULL, NULL, look_done, g_object_ref (self));
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_thread);
}

void
limn_window_unwatch_file (LimnWindow *self)
{
  if (self->monitor) {
    g_signal_handlers_disconnect_by_data (self->monitor, self);
    g_file_monitor_cancel (self->monitor);
  }
  g_clear_object (&self->monitor);
  if (self->told_stamp) /* what the bar says isn't so any more */
    limn_window_hide_bar (self);
  g_clear_pointer (&self->told_stamp, g_free);
}

void
limn_window_watch_file (LimnWindow *self)
{
  const char *path = limn_document_get_path (self->document);
  g_autoptr (GFile) file = path ? g_file_new_for_path (path) : NULL;

  limn_window_unwatch_file (self);
  if (!file)
    return;
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL); /* where there is none, saving still asks */
  if (self->monitor)
    g_signal_connect_swapped (self->monitor, "changed", G_CALLBACK (look_at_file), self);
  look_at_file (self);
}

/* -- Asking -- */

static void
overwrite_response (AdwMessageDialog *dialog, const char *response, LimnWindow *self)
{
  const gboolean close = g_object_get_data (G_OBJECT (dialog), "close") != NULL;

  if (!self->document)
    return;
  if (g_str_equal (response, "overwrite"))
    limn_window_overwrite (self, close);
  else if (g_str_equal (response, "copy"))
    limn_window_ask_where (self, close);
  else if (g_str_equal (response, "reload"))
    limn_window_ask_reload (self);
}

void
limn_window_ask_overwrite (LimnWindow *self, gboolean close)
{
  g_autofree char *heading = g_strdup_printf (_("“%s” Has Changed on Disk"), limn_document_get_title (self->document));
  GtkWidget *dialog = adw_message_dialog_new (
    GTK_WINDOW (self), heading,
    _("Another window or program has written to it. Overwriting replaces that; reloading drops what was done here; a copy keeps both."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "reload", _("_Reload"), "overwrite",
                                    _("_Overwrite"), "copy", _("Save a _Copy…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "copy", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "overwrite", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "copy");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (dialog), "close", GINT_TO_POINTER (close));
  g_signal_connect_object (dialog, "response", G_CALLBACK (overwrite_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
reload_response (AdwMessageDialog *dialog, const char *response, LimnWindow *self)
{
  if (g_str_equal (response, "reload") && self->document)
    limn_window_reload (self);
}

void
limn_window_ask_reload (LimnWindow *self)
{
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;

  if (!limn_window_is_edited (self)) {
    limn_window_reload (self);
    return;
  }
  heading = g_strdup_printf (_("Reload “%s”?"), limn_document_get_title (self->document));
  dialog = limn_dialog_new_question (GTK_WINDOW (self), heading, _("Changes that aren’t saved will be lost."), "reload", _("_Reload"));
  adw_message_dialog_set_response_appearance (dialog, "reload", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (reload_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
