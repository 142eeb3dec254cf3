/* The dialog after a crash. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-recovery.h"

#include <glib/gi18n.h>

#include "limn-window-private.h"

typedef struct {
  LimnWindow *window;
  GPtrArray *recoveries; /* of LimnRecovery */
} Offer;

static void
offer_free (gpointer data, GClosure *closure)
{
  Offer *offer = data;

  g_object_unref (offer->window);
  g_ptr_array_unref (offer->recoveries);
  g_free (offer);
}

static void
recover_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  LimnSnapshot *snapshot = limn_autosave_recover (task_data, &error);

  if (snapshot)
    g_task_return_pointer (task, snapshot, (GDestroyNotify) limn_snapshot_unref);
  else
    g_task_return_error (task, error);
}

static void
discard_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  limn_autosave_discard (task_data);
  g_task_return_boolean (task, TRUE);
}

/* recovery: kept alive by owner, an array. user: ready's. */
static void
run (GPtrArray *owner, LimnRecovery *recovery, GTaskThreadFunc func, GAsyncReadyCallback ready, gpointer user)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, ready, user);

  g_object_set_data_full (G_OBJECT (task), "owner", g_ptr_array_ref (owner), (GDestroyNotify) g_ptr_array_unref);
  g_task_set_task_data (task, recovery, NULL);
  g_task_run_in_thread (task, func);
}

static void
recovered (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnWindow) owned = user;
  LimnWindow *window = owned;
  LimnRecovery *recovery = g_task_get_task_data (G_TASK (result));
  GPtrArray *owner = g_object_get_data (G_OBJECT (result), "owner");
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnSnapshot) snapshot = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (LimnDocument) document = NULL;

  if (!snapshot) {
    g_autofree char *text = g_strdup_printf (_("“%s” can’t be recovered: %s"), recovery->name, error->message);

    limn_window_message (window, text, FALSE);
    return;
  }
  document = limn_document_new_from_snapshot (snapshot);
  if (limn_window_get_session (window)) {
    window = limn_window_new (LIMN_APPLICATION (gtk_window_get_application (GTK_WINDOW (window))));
    gtk_window_present (GTK_WINDOW (window));
  }
  limn_window_set_document (window, document);
  /* What was left goes only once the document's own autosave has it. */
  if (limn_autosave_flush (window->autosave, NULL))
    run (owner, recovery, discard_thread, NULL, NULL);
}

static void
response (AdwMessageDialog *dialog, const char *id, Offer *offer)
{
  const gboolean recover = g_str_equal (id, "recover");

  if (!recover && !g_str_equal (id, "discard"))
    return;
  for (guint i = 0; i < offer->recoveries->len; i++)
    run (offer->recoveries, offer->recoveries->pdata[i], recover ? recover_thread : discard_thread, recover ? recovered : NULL,
         recover ? g_object_ref (offer->window) : NULL);
}

static GtkWidget *
new_list (GPtrArray *recoveries)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < recoveries->len; i++) {
    const LimnRecovery *recovery = recoveries->pdata[i];
    GtkWidget *row = adw_action_row_new ();
    g_autoptr (GDateTime) local = g_date_time_to_local (recovery->time);
    g_autofree char *time = g_date_time_format (local, "%c"), *name = g_markup_escape_text (recovery->name, -1);

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), time);
    gtk_list_box_append (GTK_LIST_BOX (list), row);
  }
  return list;
}

gboolean
limn_recovery_offer (LimnWindow *window)
{
  g_autoptr (GPtrArray) recoveries = limn_autosave_list (NULL);
  GtkWidget *dialog;
  Offer *offer;

  if (!recoveries->len)
    return FALSE;
  dialog = adw_message_dialog_new (GTK_WINDOW (window), _("Recover Your Work?"), _("Limn ended unexpectedly. This was not saved yet:"));
  offer = g_new0 (Offer, 1);
  offer->window = g_object_ref (window);
  offer->recoveries = g_ptr_array_ref (recoveries);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), new_list (recoveries));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "later", _("_Later"), "discard", _("_Discard"), "recover",
                                    _("_Recover"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "recover", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "recover");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "later");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response), offer, offer_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}
