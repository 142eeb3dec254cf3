/* A label, and an entry that takes its place. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-name-label.h"

#include <glib/gi18n.h>

struct _LimnNameLabel {
  AdwBin parent_instance;
  GtkStack *stack;
  GtkLabel *label;
  GtkEditable *entry;
  guint edit_source;
  GSignalGroup *window;      /* while it is edited */
  GtkEventController *press; /* the same; the window's */
};

G_DEFINE_FINAL_TYPE (LimnNameLabel, limn_name_label, ADW_TYPE_BIN)

enum { EDITED, N_SIGNALS };
static guint signals[N_SIGNALS];

static gboolean
has_focus (LimnNameLabel *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  return focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->entry));
}

static void
watch_no_more (LimnNameLabel *self)
{
  g_clear_handle_id (&self->edit_source, g_source_remove);
  g_signal_group_set_target (self->window, NULL);
  if (self->press)
    gtk_widget_remove_controller (gtk_event_controller_get_widget (self->press), self->press);
  self->press = NULL;
}

static void
stop (LimnNameLabel *self, gboolean keep)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  gboolean had_focus = has_focus (self);
  watch_no_more (self);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->label));
  if (had_focus)
    gtk_widget_grab_focus (gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_LIST_BOX_ROW));
  if (keep && *name && !g_str_equal (name, gtk_label_get_text (self->label)))
    g_signal_emit (self, signals[EDITED], 0, name);
}

/* Not when the window as a whole loses it. */
static void
on_focus (LimnNameLabel *self)
{
  if (!has_focus (self))
    stop (self, TRUE);
}

/* Most of what is pressed doesn't take the focus. */
static void
on_press (GtkGestureClick *press, int n, double x, double y, LimnNameLabel *self)
{
  GtkWidget *window = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (press));
  GtkWidget *at = gtk_widget_pick (window, x, y, GTK_PICK_DEFAULT);
  if (!at || !gtk_widget_is_ancestor (at, GTK_WIDGET (self->entry)))
    stop (self, TRUE);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, LimnNameLabel *self)
{
  if (key != GDK_KEY_Escape)
    return FALSE;
  stop (self, FALSE);
  return TRUE;
}

static gboolean
edit_now (gpointer user)
{
  LimnNameLabel *self = user;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  self->edit_source = 0;
  gtk_editable_set_text (self->entry, gtk_label_get_text (self->label));
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->entry));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry)); /* selects all */
  g_signal_group_set_target (self->window, root);
  self->press = GTK_EVENT_CONTROLLER (gtk_gesture_click_new ());
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (self->press), 0);
  gtk_event_controller_set_propagation_phase (self->press, GTK_PHASE_CAPTURE);
  g_signal_connect (self->press, "pressed", G_CALLBACK (on_press), self);
  gtk_widget_add_controller (GTK_WIDGET (root), self->press);
  return G_SOURCE_REMOVE;
}

void
limn_name_label_edit (LimnNameLabel *self)
{
  g_return_if_fail (LIMN_IS_NAME_LABEL (self));
  if (!self->edit_source && !self->press) /* after a menu that goes has given back the focus, and before what is typed next */
    self->edit_source = g_idle_add_full (G_PRIORITY_HIGH, edit_now, self, NULL);
}

void
limn_name_label_end (LimnNameLabel *self)
{
  g_return_if_fail (LIMN_IS_NAME_LABEL (self));
  if (self->press)
    stop (self, TRUE);
}

void
limn_name_label_set_text (LimnNameLabel *self, const char *text)
{
  g_return_if_fail (LIMN_IS_NAME_LABEL (self));
  gtk_label_set_text (self->label, text);
}

static void
limn_name_label_unroot (GtkWidget *widget)
{
  watch_no_more (LIMN_NAME_LABEL (widget));
  GTK_WIDGET_CLASS (limn_name_label_parent_class)->unroot (widget);
}

static void
limn_name_label_dispose (GObject *object)
{
  g_clear_object (&LIMN_NAME_LABEL (object)->window);
  G_OBJECT_CLASS (limn_name_label_parent_class)->dispose (object);
}

static void
limn_name_label_class_init (LimnNameLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_name_label_dispose;
  GTK_WIDGET_CLASS (klass)->unroot = limn_name_label_unroot;
  signals[EDITED] = g_signal_new ("edited", LIMN_TYPE_NAME_LABEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
limn_name_label_init (LimnNameLabel *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  self->entry = GTK_EDITABLE (gtk_entry_new ());
  gtk_editable_set_width_chars (self->entry, 4);
  gtk_widget_set_valign (GTK_WIDGET (self->entry), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name"), -1);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (limn_name_label_end), self);
  self->window = g_signal_group_new (GTK_TYPE_WINDOW);
  g_signal_group_connect_swapped (self->window, "notify::focus-widget", G_CALLBACK (on_focus), self);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_child (self->stack, GTK_WIDGET (self->label));
  gtk_stack_add_child (self->stack, GTK_WIDGET (self->entry));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

GtkWidget *
limn_name_label_new (void)
{
  return g_object_new (LIMN_TYPE_NAME_LABEL, NULL);
}
