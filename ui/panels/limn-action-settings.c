/* The rest of the settings. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-action-pill.h"

#include <glib/gi18n.h>

#include "ui/widgets/limn-automatic.h"

struct _LimnActionSettings {
  LimnPanel parent_instance;
  GtkWidget *rows; /* with "tasks", a bit for each that has it, and perhaps "unless", a property that switches it off */
};

G_DEFINE_FINAL_TYPE (LimnActionSettings, limn_action_settings, LIMN_TYPE_PANEL)

/* Shows what belongs to the task. */
static void
show_task (LimnActionSettings *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  int task = session ? 1 << limn_session_get_task (session) : 0;
  for (GtkWidget *row = gtk_widget_get_first_child (self->rows); row; row = gtk_widget_get_next_sibling (row))
    gtk_widget_set_visible (row, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "tasks")) & task);
}

static void
show_unless (LimnActionSettings *self)
{
  LimnSession *session = limn_panel_get_session (LIMN_PANEL (self));
  for (GtkWidget *row = gtk_widget_get_first_child (self->rows); session && row; row = gtk_widget_get_next_sibling (row)) {
    const char *unless = g_object_get_data (G_OBJECT (row), "unless");
    double value;
    if (!unless)
      continue;
    g_object_get (session, unless, &value, NULL);
    gtk_widget_set_sensitive (row, value <= 0);
  }
}

static void
limn_action_settings_session_changed (LimnPanel *panel)
{
  show_task (LIMN_ACTION_SETTINGS (panel));
  show_unless (LIMN_ACTION_SETTINGS (panel));
}

static void
limn_action_settings_class_init (LimnActionSettingsClass *klass)
{
  LIMN_PANEL_CLASS (klass)->session_changed = limn_action_settings_session_changed;
}

static GtkWidget *
add_row (LimnActionSettings *self, int tasks, const char *title, const char *explanation, GtkWidget *control)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (words), label);
  if (explanation) {
    GtkWidget *small = gtk_label_new (explanation);
    gtk_label_set_xalign (GTK_LABEL (small), 0);
    gtk_label_set_wrap (GTK_LABEL (small), TRUE);
    gtk_label_set_max_width_chars (GTK_LABEL (small), 26);
    gtk_widget_add_css_class (small, "caption");
    gtk_widget_add_css_class (small, "dim-label");
    gtk_box_append (GTK_BOX (words), small);
    gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, explanation, -1);
  }
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), control);
  gtk_box_append (GTK_BOX (self->rows), row);
  g_object_set_data (G_OBJECT (row), "tasks", GINT_TO_POINTER (tasks));
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static GtkWidget *
add_number (LimnActionSettings *self, int tasks, const char *title, const char *explanation, const char *property, const LimnRange *range)
{
  const double least = limn_range_get_least (range);
  GtkAdjustment *adjustment = gtk_adjustment_new (least, least, range->max, 1, 10, 0);
  GtkWidget *spin = gtk_spin_button_new (adjustment, 1, 0);
  if (range->automatic)
    limn_spin_button_take_automatic (GTK_SPIN_BUTTON (spin));
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 4); /* of one width, one below the other */
  limn_panel_bind (LIMN_PANEL (self), property, adjustment, "value");
  return add_row (self, tasks, title, explanation, spin);
}

static GtkWidget *
add_switch (LimnActionSettings *self, int tasks, const char *title, const char *explanation, const char *property)
{
  GtkWidget *toggle = gtk_switch_new ();
  limn_panel_bind (LIMN_PANEL (self), property, toggle, "active");
  return add_row (self, tasks, title, explanation, toggle);
}

static void
add_button (LimnActionSettings *self, int tasks, const char *title, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (title);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  g_object_set_data (G_OBJECT (button), "tasks", GINT_TO_POINTER (tasks));
  gtk_box_append (GTK_BOX (self->rows), button);
}

/* What has neither slider nor choices in the pill. */
static void
add_parameters (LimnActionSettings *self, LimnTask task)
{
  const LimnEditKind *kind = limn_task_get_kind (task);
  for (const LimnParameter *parameter = kind->parameters; parameter->label; parameter++) {
    const char *label = _(parameter->label), *help = _(parameter->help);
    g_autofree char *key = limn_edit_kind_dup_key (kind, parameter);
    GtkWidget *row;
    if (parameter->slider[0] || parameter->range.choices)
      continue;
    if (parameter->type == LIMN_PARAMETER_FLAG)
      row = add_switch (self, 1 << task, label, help, key);
    else
      row = add_number (self, 1 << task, label, help, key, &parameter->range);
    if (parameter->unless) {
      char *unless = g_strdup_printf ("%s-%s", kind->nick, parameter->unless);
      g_autofree char *notify = g_strconcat ("notify::", unless, NULL);
      g_object_set_data_full (G_OBJECT (row), "unless", unless, g_free);
      limn_panel_watch (LIMN_PANEL (self), notify, G_CALLBACK (show_unless));
    }
  }
}

static void
limn_action_settings_init (LimnActionSettings *self)
{
  static const LimnRange seeds = LIMN_RANGE (1, 999999);
  int varied = 0, dotted = 0, drawn = 0; /* tasks */
  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class (self->rows, "action-settings");
  adw_bin_set_child (ADW_BIN (self), self->rows);
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    const LimnEditKind *kind = limn_task_get_kind (task);
    add_parameters (self, task);
    varied |= kind->enlarges ? 0 : 1 << task;
    dotted |= kind->takes & LIMN_TAKES_DOTS ? 1 << task : 0;
    drawn |= kind->takes & LIMN_TAKES_DRAWING ? 1 << task : 0;
  }
  add_number (self, varied, _("Variation"), _("Each number is another picture"), "seed", &seeds);
  add_switch (self, varied, _("Live Preview"), NULL, "live");
  add_button (self, dotted, _("Remove All Colors"), "win.clear-dots");
  add_button (self, drawn, _("Clear Sketch"), "win.clear-sketch");
  limn_panel_watch (LIMN_PANEL (self), "notify::task", G_CALLBACK (show_task));
}

GtkWidget *
limn_action_settings_new (void)
{
  return g_object_new (LIMN_TYPE_ACTION_SETTINGS, NULL);
}
