/* The parameters of one kind of edit as rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-many-parameters.h"

#include <glib/gi18n.h>

#include "ui/widgets/limn-automatic.h"

struct _LimnManyParameters {
  GObject parent;
  LimnEdit *edit;
  GPtrArray *rows; /* of GtkWidget, the group's */
};

G_DEFINE_FINAL_TYPE (LimnManyParameters, limn_many_parameters, G_TYPE_OBJECT)

static guint changed_signal;

/* Of a control's parameter. */
static double *
value_of (LimnManyParameters *self, gpointer control)
{
  return &self->edit->set.values[GPOINTER_TO_INT (g_object_get_data (control, "index"))];
}

static void
set (LimnManyParameters *self, gpointer control, double value)
{
  if (*value_of (self, control) == value)
    return;
  *value_of (self, control) = value;
  g_signal_emit (self, changed_signal, 0);
}

/* -- Controls -- */

static void
switched (LimnManyParameters *self, GParamSpec *spec, GtkSwitch *control)
{
  set (self, control, gtk_switch_get_active (control));
}

static GtkWidget *
make_switch (LimnManyParameters *self, double value)
{
  GtkWidget *control = gtk_switch_new ();

  gtk_switch_set_active (GTK_SWITCH (control), value > 0);
  g_signal_connect_object (control, "notify::active", G_CALLBACK (switched), self, G_CONNECT_SWAPPED);
  return control;
}

static void
chosen (LimnManyParameters *self, GParamSpec *spec, GtkDropDown *control)
{
  const LimnParameter *parameter = g_object_get_data (G_OBJECT (control), "parameter");

  set (self, control, parameter->range.choices[gtk_drop_down_get_selected (control)]);
}

static GtkWidget *
make_choices (LimnManyParameters *self, const LimnParameter *parameter, double value)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  GtkWidget *control;
  guint selected = 0;

  for (guint i = 0; parameter->range.choices[i] != 0; i++) {
    g_autofree char *word = limn_parameter_format (parameter->short_label, (int) parameter->range.choices[i]);

    gtk_string_list_append (words, word);
    selected = parameter->range.choices[i] == value ? i : selected;
  }
  control = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (control), selected);
  g_object_set_data (G_OBJECT (control), "parameter", (gpointer) parameter);
  g_signal_connect_object (control, "notify::selected", G_CALLBACK (chosen), self, G_CONNECT_SWAPPED);
  return control;
}

static void
typed (LimnManyParameters *self, GtkSpinButton *control)
{
  set (self, control, gtk_spin_button_get_value (control));
}

static GtkWidget *
make_number (LimnManyParameters *self, const LimnRange *range, double value)
{
  GtkWidget *control = gtk_spin_button_new (gtk_adjustment_new (value, limn_range_get_least (range), range->max, 1, 10, 0), 1, 0);

  if (range->automatic)
    limn_spin_button_take_automatic (GTK_SPIN_BUTTON (control));
  gtk_spin_button_update (GTK_SPIN_BUTTON (control));
  gtk_editable_set_width_chars (GTK_EDITABLE (control), 4);
  g_signal_connect_object (control, "value-changed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
  return control;
}

/* "Auto" is pressed, or the slider tells the number. */
static void
slid (LimnManyParameters *self, gpointer changed, GtkWidget *scale)
{
  GtkToggleButton *automatic = g_object_get_data (G_OBJECT (scale), "automatic");

  if (automatic && changed == scale && gtk_toggle_button_get_active (automatic))
    gtk_toggle_button_set_active (automatic, FALSE);
  set (self, scale,
       automatic && gtk_toggle_button_get_active (automatic) ? LIMN_PARAMETER_AUTOMATIC : gtk_range_get_value (GTK_RANGE (scale)));
}

static void
scale_slid (GtkWidget *scale, LimnManyParameters *self)
{
  slid (self, scale, scale);
}

static void
automatic_toggled (GtkWidget *toggle, GtkWidget *scale)
{
  slid (g_object_get_data (G_OBJECT (scale), "parameters"), toggle, scale);
}

static GtkWidget *
make_automatic (GtkWidget *scale, gboolean active)
{
  GtkWidget *toggle = gtk_toggle_button_new_with_label (_("Auto"));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), active);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (toggle, _("As much as the picture asks for"));
  g_object_set_data (G_OBJECT (scale), "automatic", toggle);
  g_signal_connect (toggle, "toggled", G_CALLBACK (automatic_toggled), scale);
  return toggle;
}

/* -- Rows -- */

static GtkWidget *
new_word (const LimnParameter *parameter, int end)
{
  GtkWidget *word = gtk_label_new (g_dpgettext2 (NULL, parameter->name, parameter->slider[end]));

  gtk_widget_add_css_class (word, "caption");
  gtk_widget_add_css_class (word, "dim-label");
  return word;
}

static GtkWidget *
new_title (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  return label;
}

/* A slider between two words, below its title. */
static GtkWidget *
make_slider_row (LimnManyParameters *self, const LimnParameter *parameter, double value, GtkWidget **control)
{
  const LimnRange *range = &parameter->range;
  const double span = range->max - range->min;
  GtkWidget *row = adw_preferences_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3),
            *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, gtk_adjustment_new (value, range->min, range->max, span / 20, span / 5, 0));

  gtk_widget_set_hexpand (scale, TRUE);
  if (range->automatic)
    gtk_box_append (GTK_BOX (line), make_automatic (scale, value == LIMN_PARAMETER_AUTOMATIC));
  gtk_box_append (GTK_BOX (line), new_word (parameter, 0));
  gtk_box_append (GTK_BOX (line), scale);
  gtk_box_append (GTK_BOX (line), new_word (parameter, 1));
  gtk_box_append (GTK_BOX (box), new_title (_(parameter->label)));
  gtk_box_append (GTK_BOX (box), line);
  gtk_widget_add_css_class (box, "slider-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data (G_OBJECT (scale), "parameters", self);
  g_signal_connect_object (scale, "value-changed", G_CALLBACK (scale_slid), self, 0);
  *control = scale;
  return row;
}

static GtkWidget *
make_row (LimnManyParameters *self, const LimnParameter *parameter, double value, GtkWidget **control)
{
  const gboolean choices = parameter->range.choices != NULL; /* their label is a number's */
  GtkWidget *row = adw_action_row_new ();

  *control = choices                                  ? make_choices (self, parameter, value)
             : parameter->type == LIMN_PARAMETER_FLAG ? make_switch (self, value)
                                                      : make_number (self, &parameter->range, value);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), choices ? _(parameter->help) : _(parameter->label));
  if (!choices)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(parameter->help));
  gtk_widget_set_valign (*control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), *control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), *control);
  return row;
}

static double
preferred (const LimnEditKind *kind, const LimnParameter *parameter, GSettings *settings)
{
  g_autofree char *key = limn_edit_kind_dup_key (kind, parameter);

  return parameter->type == LIMN_PARAMETER_REAL  ? g_settings_get_double (settings, key)
         : parameter->type == LIMN_PARAMETER_INT ? g_settings_get_int (settings, key)
                                                 : g_settings_get_boolean (settings, key);
}

LimnManyParameters *
limn_many_parameters_new (LimnTask task, AdwPreferencesGroup *group, GSettings *settings)
{
  LimnManyParameters *self = g_object_new (LIMN_TYPE_MANY_PARAMETERS, NULL);
  const LimnEditKind *kind = limn_task_get_kind (task);

  self->edit = limn_edit_new (task);
  self->edit->set.steps = g_settings_get_int (settings, "steps");
  for (int i = 0; kind->parameters[i].label; i++) {
    const LimnParameter *parameter = &kind->parameters[i];
    const double value = self->edit->set.values[i] = preferred (kind, parameter, settings);
    GtkWidget *control,
      *row = parameter->slider[0] ? make_slider_row (self, parameter, value, &control) : make_row (self, parameter, value, &control);

    g_object_set_data (G_OBJECT (control), "index", GINT_TO_POINTER (i));
    gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    parameter->range.choices ? _(parameter->help) : _(parameter->label),
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(parameter->help), -1);
    adw_preferences_group_add (group, row);
    g_ptr_array_add (self->rows, row);
  }
  limn_many_parameters_show (self, FALSE);
  return self;
}

void
limn_many_parameters_show (LimnManyParameters *self, gboolean show)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_set_visible (self->rows->pdata[i], show);
}

const LimnEdit *
limn_many_parameters_get_edit (LimnManyParameters *self)
{
  return self->edit;
}

static void
limn_many_parameters_finalize (GObject *object)
{
  LimnManyParameters *self = LIMN_MANY_PARAMETERS (object);

  limn_edit_free (self->edit);
  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (limn_many_parameters_parent_class)->finalize (object);
}

static void
limn_many_parameters_class_init (LimnManyParametersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = limn_many_parameters_finalize;
  changed_signal = g_signal_new ("changed", LIMN_TYPE_MANY_PARAMETERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
limn_many_parameters_init (LimnManyParameters *self)
{
  self->rows = g_ptr_array_new ();
}
