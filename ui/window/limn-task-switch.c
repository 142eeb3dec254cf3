/* The task switch. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-task-switch.h"

#include <glib/gi18n.h>

#include "app/edit/limn-edit-kind.h"

struct _LimnTaskSwitch {
  GtkWidget parent;
  LimnTaskSwitchStyle style;
  GtkWidget *buttons[LIMN_N_TASKS], *boxes[LIMN_N_TASKS], *labels[LIMN_N_TASKS];
};

G_DEFINE_FINAL_TYPE (LimnTaskSwitch, limn_task_switch, GTK_TYPE_WIDGET)

enum { PROP_STYLE = 1 };

void
limn_task_switch_set_style (LimnTaskSwitch *self, LimnTaskSwitchStyle style)
{
  g_return_if_fail (LIMN_IS_TASK_SWITCH (self));

  self->style = style;
  /* In the header each word gets the room it needs. */
  gtk_box_layout_set_homogeneous (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), style != LIMN_TASK_SWITCH_FULL);
  for (LimnTask i = 0; i < LIMN_N_TASKS; i++) {
    g_autofree char *tooltip = g_strdup_printf ("%s (%u)", _(limn_task_get_kind (i)->label), i + 1);

    gtk_widget_set_visible (self->labels[i], style != LIMN_TASK_SWITCH_ICONS);
    gtk_label_set_ellipsize (GTK_LABEL (self->labels[i]), style == LIMN_TASK_SWITCH_BAR ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    gtk_orientable_set_orientation (GTK_ORIENTABLE (self->boxes[i]),
                                    style == LIMN_TASK_SWITCH_BAR ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
    gtk_box_set_spacing (GTK_BOX (self->boxes[i]), style == LIMN_TASK_SWITCH_BAR ? 3 : 6);
    gtk_widget_set_tooltip_text (self->buttons[i], tooltip);
  }
  if (style == LIMN_TASK_SWITCH_BAR)
    gtk_widget_add_css_class (GTK_WIDGET (self), "bar");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "bar");
}

static void
limn_task_switch_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, LIMN_TASK_SWITCH (object)->style);
}

static void
limn_task_switch_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  limn_task_switch_set_style (LIMN_TASK_SWITCH (object), g_value_get_int (value));
}

static void
limn_task_switch_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (limn_task_switch_parent_class)->dispose (object);
}

static void
limn_task_switch_class_init (LimnTaskSwitchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = limn_task_switch_dispose;
  object_class->get_property = limn_task_switch_get_property;
  object_class->set_property = limn_task_switch_set_property;
  g_object_class_install_property (object_class, PROP_STYLE,
                                   g_param_spec_int ("style", NULL, NULL, LIMN_TASK_SWITCH_FULL, LIMN_TASK_SWITCH_BAR,
                                                     LIMN_TASK_SWITCH_FULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "taskswitch");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
limn_task_switch_init (LimnTaskSwitch *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 3);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Task"), -1);
  for (LimnTask i = 0; i < LIMN_N_TASKS; i++) {
    const LimnEditKind *kind = limn_task_get_kind (i);
    g_autofree char *icon = g_strdup_printf ("limn-%s-symbolic", kind->nick);

    self->buttons[i] = gtk_toggle_button_new ();
    self->boxes[i] = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
    self->labels[i] = gtk_label_new (_(kind->label));
    gtk_widget_set_halign (self->boxes[i], GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (self->boxes[i]), gtk_image_new_from_icon_name (icon));
    gtk_box_append (GTK_BOX (self->boxes[i]), self->labels[i]);
    gtk_button_set_child (GTK_BUTTON (self->buttons[i]), self->boxes[i]);
    gtk_widget_set_hexpand (self->buttons[i], TRUE);
    gtk_widget_add_css_class (self->buttons[i], "flat");
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->buttons[i]), "win.task");
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->buttons[i]), "s", kind->nick);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, _(kind->label), -1);
    gtk_widget_set_parent (self->buttons[i], GTK_WIDGET (self));
  }
  limn_task_switch_set_style (self, LIMN_TASK_SWITCH_FULL);
}
