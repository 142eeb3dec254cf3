/* The dialog for expanding edges. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-extend.h"

#include <glib/gi18n.h>

typedef struct {
  LimnDocument *document;
  GtkSpinButton *spins[4]; /* left, top, right, bottom */
} Extend;

static void
extend_free (gpointer data, GClosure *closure)
{
  Extend *extend = data;

  g_object_unref (extend->document);
  g_free (extend);
}

static void
response (AdwMessageDialog *dialog, const char *id, Extend *extend)
{
  g_autoptr (GError) error = NULL;
  int room[4];

  if (!g_str_equal (id, "expand"))
    return;
  for (int i = 0; i < 4; i++)
    room[i] = gtk_spin_button_get_value_as_int (extend->spins[i]);
  if (!room[0] && !room[1] && !room[2] && !room[3])
    return;
  if (!limn_document_crop (extend->document, &(LimnRect) { -room[0], -room[1], limn_document_get_width (extend->document) + room[0] + room[2],
                                                           limn_document_get_height (extend->document) + room[1] + room[3] }, &error)) {
    GtkWidget *failure = adw_message_dialog_new (gtk_window_get_transient_for (GTK_WINDOW (dialog)), _ ("The Edges Can’t Be Expanded"),
                                                 error->message);

    adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (failure), "close", _ ("_Close"));
    gtk_window_present (GTK_WINDOW (failure));
  }
}

void
limn_extend_ask (GtkWindow *parent, LimnDocument *document)
{
  static const char *const labels[] = { N_ ("_Left"), N_ ("_Top"), N_ ("_Right"), N_ ("_Bottom") };
  GtkWidget *dialog = adw_message_dialog_new (parent, _ ("Expand Edges"), _ ("New room is selected; Fill continues the picture there."));
  GtkWidget *list = gtk_list_box_new ();
  Extend *extend = g_new0 (Extend, 1);

  extend->document = g_object_ref (document);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (int i = 0; i < 4; i++) {
    GtkWidget *row = adw_action_row_new (), *spin = gtk_spin_button_new_with_range (0, 10000, 16);

    extend->spins[i] = GTK_SPIN_BUTTON (spin);
    gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (labels[i]));
    adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
    gtk_list_box_append (GTK_LIST_BOX (list), row);
  }
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), list);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "expand", _ ("_Expand"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "expand", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "expand");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response), extend, extend_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
