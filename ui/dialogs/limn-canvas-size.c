/* The dialog for the canvas's size. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-canvas-size.h"

#include "app/document/limn-document-canvas.h"
#include <glib/gi18n.h>

#include "limn-dialogs.h"

typedef struct {
  LimnDocument *document;
  AdwMessageDialog *dialog;
  GtkSpinButton *spins[4]; /* left, top, right, bottom */
  GtkLabel *size;
} CanvasSize;

static void
canvas_size_free (gpointer data, GClosure *closure)
{
  CanvasSize *self = data;

  g_object_unref (self->document);
  g_free (self);
}

static LimnRect
get_area (CanvasSize *self)
{
  int room[4];

  for (int i = 0; i < 4; i++)
    room[i] = gtk_spin_button_get_value_as_int (self->spins[i]);
  return (LimnRect){ -room[0], -room[1], limn_document_get_width (self->document) + room[0] + room[2],
                     limn_document_get_height (self->document) + room[1] + room[3] };
}

static void
changed (CanvasSize *self)
{
  const LimnRect area = get_area (self);
  g_autofree char *text = g_strdup_printf ("\u2066%d × %d\u2069", MAX (area.width, 0), MAX (area.height, 0));

  gtk_label_set_text (self->size, text);
  adw_message_dialog_set_response_enabled (self->dialog, "apply", !limn_rect_is_empty (&area));
}

static void
response (AdwMessageDialog *dialog, const char *id, CanvasSize *self)
{
  g_autoptr (GError) error = NULL;
  const LimnRect area = get_area (self);

  if (!g_str_equal (id, "apply") || limn_document_crop (self->document, &area, &error))
    return;
  limn_dialog_tell (gtk_window_get_transient_for (GTK_WINDOW (dialog)), _("The Canvas Can’t Have This Size"), error->message);
}

static GtkWidget *
make_row (const char *title, GtkWidget *suffix)
{
  GtkWidget *row = adw_action_row_new ();

  gtk_widget_set_valign (suffix, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), suffix);
  return row;
}

void
limn_canvas_size_ask (GtkWindow *parent, LimnDocument *document)
{
  static const char *const labels[] = { N_("_Left"), N_("_Top"), N_("_Right"), N_("_Bottom") };
  const char *body = limn_document_is_sketch (document)
                       ? _("Pixels to add at each edge. Numbers below zero crop.")
                       : _("Pixels to add at each edge; Fill continues the picture there. Numbers below zero crop.");
  AdwMessageDialog *dialog = limn_dialog_new_question (parent, _("Canvas Size"), body, "apply", _("_Apply"));
  GtkWidget *list = gtk_list_box_new (), *size = gtk_label_new (NULL);
  CanvasSize *self = g_new0 (CanvasSize, 1);

  self->document = g_object_ref (document);
  self->dialog = dialog;
  self->size = GTK_LABEL (size);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (int i = 0; i < 4; i++) {
    int side = i % 2 ? limn_document_get_height (document) : limn_document_get_width (document);
    GtkWidget *spin = gtk_spin_button_new_with_range (1 - side, 10000, 16), *row = make_row (_(labels[i]), spin);

    self->spins[i] = GTK_SPIN_BUTTON (spin);
    gtk_spin_button_set_value (self->spins[i], 0);
    limn_dialog_answer_by_number (self->spins[i]);
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
    gtk_widget_set_focusable (row, FALSE); /* the number takes the keys */
    gtk_list_box_append (GTK_LIST_BOX (list), row);
    g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (changed), self);
  }
  gtk_widget_add_css_class (size, "numeric");
  gtk_list_box_append (GTK_LIST_BOX (list), make_row (_("New Size"), size));
  adw_message_dialog_set_extra_child (dialog, list);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response), self, canvas_size_free, 0);
  changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->spins[0]));
  gtk_window_present (GTK_WINDOW (dialog));
}
