/* The dialog for a new sketch. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-new-sketch.h"

#include <glib/gi18n.h>

#include "limn-dialogs.h"

/* Multiples of 128, which is what the base network sees; the sketch is rendered at this size. */
static const struct {
  const char *label;
  int width, height;
} shapes[] = {
  { N_("Square"), 512, 512 },
  { N_("Landscape"), 768, 512 },
  { N_("Portrait"), 512, 768 },
  { N_("Large"), 1024, 1024 },
};

typedef struct {
  LimnNewSketchChosen chosen;
  GObject *user;
  GtkWidget *buttons[G_N_ELEMENTS (shapes)];
} Ask;

static void
ask_free (gpointer data, GClosure *closure)
{
  Ask *ask = data;

  g_object_unref (ask->user);
  g_free (ask);
}

static void
response (AdwMessageDialog *dialog, const char *id, Ask *ask)
{
  if (!g_str_equal (id, "create"))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (ask->buttons[i]))) {
      ask->chosen ((gsize) shapes[i].width, (gsize) shapes[i].height, ask->user);
      return;
    }
  }
}

static void
create (GtkWidget *grid)
{
  GtkWidget *dialog = GTK_WIDGET (gtk_widget_get_root (grid));

  g_object_ref (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "create");
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_object_unref (dialog);
}

/* Enter on a shape creates a sketch of it, and doesn't only choose it (which Space does). */
static gboolean
key_pressed (GtkEventControllerKey *controller, guint keyval, guint code, GdkModifierType modifiers, GtkWidget *grid)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (grid));

  if ((keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter) || !GTK_IS_TOGGLE_BUTTON (focus))
    return GDK_EVENT_PROPAGATE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (focus), TRUE);
  create (grid);
  return GDK_EVENT_STOP;
}

static void
pressed (GtkGestureClick *gesture, int n_press, double x, double y, GtkWidget *grid)
{
  if (n_press == 2)
    create (grid);
}

static GtkWidget *
new_tile (guint index)
{
  GtkWidget *button = gtk_toggle_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *sheet = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *well = gtk_center_box_new ();
  g_autofree char *size = g_strdup_printf ("\u2066%d × %d\u2069", shapes[index].width, shapes[index].height);
  GtkWidget *label = gtk_label_new (_(shapes[index].label)), *size_label = gtk_label_new (size);

  gtk_widget_set_size_request (sheet, shapes[index].width / 20 + (shapes[index].width <= 768 ? 12 : 0),
                               shapes[index].height / 20 + (shapes[index].width <= 768 ? 12 : 0));
  gtk_widget_set_valign (sheet, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (sheet, "sheet");
  gtk_widget_set_size_request (well, 56, 56);
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (well), sheet);
  gtk_widget_add_css_class (size_label, "caption");
  gtk_widget_add_css_class (size_label, "dim-label");
  gtk_widget_add_css_class (size_label, "numeric");
  gtk_box_append (GTK_BOX (box), well);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), size_label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "shape-tile");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _(shapes[index].label),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, size, -1);
  return button;
}

void
limn_new_sketch_ask (GtkWindow *parent, LimnNewSketchChosen chosen, GObject *user)
{
  AdwMessageDialog *dialog = limn_dialog_new_question (
    parent, _("New Sketch"), _("Draw with paint and pencil; the picture appears as you go."), "create", _("Cr_eate"));
  GtkWidget *grid = gtk_grid_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  Ask *ask = g_new0 (Ask, 1);

  ask->chosen = chosen;
  ask->user = g_object_ref (user);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    ask->buttons[i] = new_tile (i);
    if (i > 0)
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (ask->buttons[i]), GTK_TOGGLE_BUTTON (ask->buttons[0]));
    GtkGesture *click = gtk_gesture_click_new ();

    gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
    g_signal_connect (click, "pressed", G_CALLBACK (pressed), grid);
    gtk_widget_add_controller (ask->buttons[i], GTK_EVENT_CONTROLLER (click));
    gtk_widget_set_hexpand (ask->buttons[i], TRUE);
    gtk_grid_attach (GTK_GRID (grid), ask->buttons[i], (int) i % 2, (int) i / 2, 1, 1);
  }
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed), grid);
  gtk_widget_add_controller (grid, keys);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (ask->buttons[0]), TRUE);
  adw_message_dialog_set_extra_child (dialog, grid);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response), ask, ask_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
