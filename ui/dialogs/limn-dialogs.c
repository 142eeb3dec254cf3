/* What dialogs have in common. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

void
limn_dialog_tell (GtkWindow *parent, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

AdwMessageDialog *
limn_dialog_new_question (GtkWindow *parent, const char *heading, const char *body, const char *answer, const char *label)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), answer, label, NULL);
  adw_message_dialog_set_response_appearance (dialog, answer, ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, answer);
  adw_message_dialog_set_close_response (dialog, "cancel");
  return dialog;
}

void
limn_dialog_answer_by_number (GtkSpinButton *spin)
{
  g_object_set (gtk_editable_get_delegate (GTK_EDITABLE (spin)), "activates-default", TRUE, NULL);
}

void
limn_dialog_suggest_name (GtkFileChooser *chooser, const char *title, const char *suffix, const char *path, gboolean copy)
{
  /* Translators: added to a file's name */
  const char *edited = _("-edited");
  const char *dot = strrchr (title, '.');
  g_autofree char *stem = dot && dot > title ? g_strndup (title, (gsize) (dot - title)) : g_strdup (title);
  g_autofree char *name = g_strconcat (stem, copy && !g_str_has_suffix (stem, edited) ? edited : "", ".", suffix, NULL);

  gtk_file_chooser_set_current_name (chooser, name);
  if (path) {
    g_autofree char *folder_path = g_path_get_dirname (path);
    g_autoptr (GFile) folder = g_file_new_for_path (folder_path);

    gtk_file_chooser_set_current_folder (chooser, folder, NULL);
  }
}
