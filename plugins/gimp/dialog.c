/* A row for each option, made of GIMP's own widgets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialog.h"

#include <glib/gi18n.h>
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#define WIDTH 200 /* of a slider */

/* -- Rows -- */

static void
take_scale (GtkWidget *combo, double *value)
{
  int chosen;

  if (gimp_int_combo_box_get_active (GIMP_INT_COMBO_BOX (combo), &chosen))
    *value = chosen;
}

static void
add_scale (GtkTable *table, int row, const Option *option, double *value)
{
  GtkWidget *combo = gimp_int_combo_box_new ("2 ×", 2, "3 ×", 3, "4 ×", 4, "8 ×", 8, NULL);

  gimp_int_combo_box_connect (GIMP_INT_COMBO_BOX (combo), (int) *value, G_CALLBACK (take_scale), value);
  gimp_table_attach_aligned (table, 0, row, _(option->label), 0, 0.5, combo, 2, FALSE);
}

static GtkObject *
add_strength (GtkTable *table, int row, const Option *option, double *value)
{
  GtkObject *slider = gimp_scale_entry_new (table, 0, row, _(option->label), WIDTH, 5, MAX (*value, 0), 0, option->most, 0.01, 0.1, 2,
                                            TRUE, 0, 0, _(option->help), NULL);

  g_signal_connect (slider, "value-changed", G_CALLBACK (gimp_double_adjustment_update), value);
  return slider;
}

static void
take_automatic (GtkToggleButton *button, double *value)
{
  GtkObject *slider = g_object_get_data (G_OBJECT (button), "slider");
  const gboolean automatic = gtk_toggle_button_get_active (button);

  gimp_scale_entry_set_sensitive (slider, !automatic);
  *value = automatic ? AUTOMATIC : gtk_adjustment_get_value (GTK_ADJUSTMENT (slider));
}

static void
add_strength_or_automatic (GtkTable *table, int row, const Option *option, double *value)
{
  const gboolean automatic = *value == AUTOMATIC;
  GtkObject *slider = add_strength (table, row, option, value);
  GtkWidget *button = gtk_check_button_new_with_label (_("Automatic"));

  g_object_set_data (G_OBJECT (button), "slider", slider);
  g_signal_connect (button, "toggled", G_CALLBACK (take_automatic), value);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), automatic);
  gtk_table_attach_defaults (table, button, 1, 3, row + 1, row + 2);
}

static void
take_seed (GtkAdjustment *adjustment, double *value)
{
  *value = gtk_adjustment_get_value (adjustment);
}

static void
add_seed (GtkTable *table, int row, const Option *option, double *value)
{
  GtkObject *adjustment = gtk_adjustment_new (*value, 0, option->most, 1, 10, 0);
  GtkWidget *spin = gtk_spin_button_new (GTK_ADJUSTMENT (adjustment), 1, 0);

  g_signal_connect (adjustment, "value-changed", G_CALLBACK (take_seed), value);
  gimp_help_set_help_data (spin, _(option->help), NULL);
  gimp_table_attach_aligned (table, 0, row, _(option->label), 0, 0.5, spin, 2, TRUE);
}

static void
add_option (GtkTable *table, int row, const Option *option, double *value)
{
  switch (option->kind) {
  case OPTION_SEED: add_seed (table, row, option, value); break;
  case OPTION_SCALE: add_scale (table, row, option, value); break;
  case OPTION_STRENGTH: add_strength (table, row, option, value); break;
  case OPTION_STRENGTH_OR_AUTOMATIC: add_strength_or_automatic (table, row, option, value); break;
  }
}

/* -- The dialog -- */

static GtkWidget *
make_table (const Edit *edit, double *values)
{
  GtkWidget *table = gtk_table_new (2 * MOST_OPTIONS, 3, FALSE); /* an option has at most two rows */

  gtk_table_set_row_spacings (GTK_TABLE (table), 6);
  gtk_table_set_col_spacings (GTK_TABLE (table), 6);
  gtk_container_set_border_width (GTK_CONTAINER (table), 12);
  for (int i = 0; edit->options[i].name; i++)
    add_option (GTK_TABLE (table), 2 * i, &edit->options[i], &values[i]);
  return table;
}

gboolean
dialog_run (const Edit *edit, double *values)
{
  GtkWidget *dialog, *content;
  gboolean wanted;

  gimp_ui_init ("limn", FALSE);
  dialog = gimp_dialog_new (_(edit->title), edit->procedure, NULL, 0, NULL, NULL, _("_Cancel"), GTK_RESPONSE_CANCEL, _("_OK"),
                            GTK_RESPONSE_OK, NULL);
  content = gtk_dialog_get_content_area (GTK_DIALOG (dialog));
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  gimp_window_set_transient (GTK_WINDOW (dialog));
  gtk_box_pack_start (GTK_BOX (content), gimp_hint_box_new (_(edit->blurb)), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (content), make_table (edit, values), FALSE, FALSE, 0);
  gtk_widget_show_all (content);
  wanted = gimp_dialog_run (GIMP_DIALOG (dialog)) == GTK_RESPONSE_OK;
  gtk_widget_destroy (dialog);
  return wanted;
}
