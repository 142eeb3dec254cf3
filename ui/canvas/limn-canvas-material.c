/* What an area of a sketch is of: told where the pointer rests, and asked for by all materials in a popover beside the place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-canvas-private.h"

#include <math.h>

#include "ui/materials/limn-material-chooser.h"
#include "ui/tools/limn-tool-draw.h"

/* Milliseconds without a movement. */
#define REST 700

static void
on_chosen (LimnCanvas *self, guint label)
{
  double x = self->asked_x, y = self->asked_y;
  gtk_popover_popdown (GTK_POPOVER (self->materials));
  if (self->session)
    limn_session_set_material_at (self->session, x, y, (guint8) label);
}

static gboolean
drop_popover (gpointer data)
{
  LimnCanvas *self = data;
  if (self->materials && !gtk_widget_get_visible (self->materials))
    g_clear_pointer (&self->materials, gtk_widget_unparent);
  return G_SOURCE_REMOVE;
}

/* It goes with its window, which would take the next press. */
static void
on_closed (LimnCanvas *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  g_idle_add_full (G_PRIORITY_DEFAULT, drop_popover, g_object_ref (self), g_object_unref);
}

static void
make_popover (LimnCanvas *self)
{
  GtkWidget *chooser = limn_material_chooser_new ();
  self->materials = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->materials), chooser);
  gtk_widget_set_parent (self->materials, GTK_WIDGET (self));
  g_signal_connect_swapped (chooser, "chosen", G_CALLBACK (on_chosen), self);
  g_signal_connect_swapped (self->materials, "closed", G_CALLBACK (on_closed), self);
}

void
limn_canvas_ask_material (LimnCanvas *self, double x, double y)
{
  guint8 label;
  gboolean guessed;
  double at_x, at_y, pane_x, pane_y;
  if (!self->session || !limn_session_get_material_at (self->session, x, y, &label, &guessed))
    return;
  if (!self->materials)
    make_popover (self);
  limn_canvas_pane_at (self, self->pointer_x, self->pointer_y, &pane_x, &pane_y);
  limn_canvas_from_document (self, x, y, &at_x, &at_y);
  self->asked_x = x;
  self->asked_y = y;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->materials),
                               &(GdkRectangle){ (int) lrint (pane_x + at_x), (int) lrint (pane_y + at_y), 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->materials));
  limn_material_chooser_begin (LIMN_MATERIAL_CHOOSER (gtk_popover_get_child (GTK_POPOVER (self->materials))), label,
                               limn_session_list_surfaces (self->session));
}

static gboolean
rest (gpointer data)
{
  LimnCanvas *self = data;
  self->rest_source = 0;
  self->rested = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

void
limn_canvas_note_pointer (LimnCanvas *self, gboolean comes)
{
  g_clear_handle_id (&self->rest_source, g_source_remove);
  if (self->rested)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->rested = FALSE;
  if (comes && self->session && limn_session_has_materials (self->session) && limn_session_get_tool (self->session) != LIMN_TOOL_SCENE)
    self->rest_source = g_timeout_add (REST, rest, self);
}

void
limn_canvas_snapshot_material (LimnCanvas *self, GtkSnapshot *snapshot)
{
  double x, y;
  if (!self->rested)
    return;
  limn_canvas_to_document (self, self->pointer_x, self->pointer_y, &x, &y);
  g_autofree char *words = limn_session_name_material_at (self->session, x, y);
  limn_view_from_document (&self->view, x, y, &x, &y);
  if (words)
    limn_tool_append_label (snapshot, words, x, y + LIMN_WORDS_BELOW);
}
