/* The keyboard alone: arrow keys move a cursor over the picture, Space then puts the tool down and lifts it. With the space bar held, the
 * pointer pans. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-canvas-private.h"

#include <math.h>

/* View units a key moves the cursor by; with Control five times as far, with Shift one pixel of the document. */
#define STEP 12.0
#define CROSS 9.0f

static void
keyboard_point (LimnCanvas *self, LimnToolPoint *point)
{
  *point = (LimnToolPoint){ .x = self->keyboard_x, .y = self->keyboard_y, .pressure = 1, .zoom = self->view.zoom };
}

/* Where the pointer is if it is over the picture, else the middle of what is seen. */
static void
begin_keyboard (LimnCanvas *self)
{
  double x = self->pointer_x, y = self->pointer_y;
  if (self->keyboard)
    return;
  if (!self->pointer_inside)
    limn_view_get_middle (&self->view, &x, &y);
  limn_canvas_to_document (self, x, y, &self->keyboard_x, &self->keyboard_y);
  self->keyboard_x = CLAMP (floor (self->keyboard_x), 0, limn_document_get_width (self->document) - 1) + 0.5;
  self->keyboard_y = CLAMP (floor (self->keyboard_y), 0, limn_document_get_height (self->document) - 1) + 0.5;
  self->keyboard = TRUE;
}

void
limn_canvas_end_keyboard (LimnCanvas *self)
{
  if (!self->keyboard)
    return;
  if (self->keyboard_down && self->tool) {
    LimnToolPoint point;
    keyboard_point (self, &point);
    limn_tool_release (self->tool, &point);
  }
  self->keyboard = self->keyboard_down = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  limn_canvas_update_accessible (self);
}

/* The view follows the cursor. */
static void
show_cursor (LimnCanvas *self)
{
  LimnView *view = &self->view;
  double x, y, margin = 40;
  limn_view_from_document (view, self->keyboard_x, self->keyboard_y, &x, &y);
  double left = view->left + margin, right = view->width - view->right - margin, top = view->top + margin;
  double bottom = view->height - view->bottom - margin;
  double dx = x < left ? left - x : x > right ? right - x : 0, dy = y < top ? top - y : y > bottom ? bottom - y : 0;
  if (dx != 0 || dy != 0) {
    limn_view_pan (view, dx, dy);
    limn_canvas_view_changed (self);
  }
}

static void
move_cursor (LimnCanvas *self, int dx, int dy, GdkModifierType state)
{
  LimnToolPoint point;
  begin_keyboard (self);
  double step = state & GDK_SHIFT_MASK ? 1 : MAX (1, round (STEP * (state & GDK_CONTROL_MASK ? 5 : 1) / self->view.zoom));
  self->keyboard_x = CLAMP (self->keyboard_x + dx * step, 0.5, limn_document_get_width (self->document) - 0.5);
  self->keyboard_y = CLAMP (self->keyboard_y + dy * step, 0.5, limn_document_get_height (self->document) - 0.5);
  show_cursor (self);
  keyboard_point (self, &point);
  if (self->keyboard_down)
    limn_tool_drag (self->tool, &point);
  else
    limn_tool_hover (self->tool, &point);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  limn_canvas_update_accessible (self);
}

static void
toggle_down (LimnCanvas *self)
{
  LimnToolPoint point;
  keyboard_point (self, &point);
  if (self->keyboard_down)
    limn_tool_release (self->tool, &point);
  else
    limn_tool_press (self->tool, &point, 1);
  self->keyboard_down = !self->keyboard_down;
  self->bottom_inset_held = TRUE;
  if (self->keyboard_down && limn_session_get_tool (self->session) == LIMN_TOOL_LASSO) { /* corners instead of a line */
    limn_tool_release (self->tool, &point);
    self->keyboard_down = FALSE;
  }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  limn_canvas_update_accessible (self);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, LimnCanvas *self)
{
  GdkModifierType held = state & gtk_accelerator_get_default_mod_mask ();
  if (!self->document || !self->tool)
    return FALSE;
  if (limn_tool_key (self->tool, keyval, held))
    return TRUE;
  if (held & GDK_ALT_MASK) {
    double position;
    if (!limn_canvas_get_divider (self, &position) || (keyval != GDK_KEY_Left && keyval != GDK_KEY_Right))
      return FALSE;
    g_object_get (self->session, "compare-position", &position, NULL);
    g_object_set (self->session, "compare-position", CLAMP (position + (keyval == GDK_KEY_Left ? -0.02 : 0.02), 0, 1), NULL);
    return TRUE;
  }
  switch (keyval) {
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left: move_cursor (self, -1, 0, held); return TRUE;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right: move_cursor (self, 1, 0, held); return TRUE;
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up: move_cursor (self, 0, -1, held); return TRUE;
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down: move_cursor (self, 0, 1, held); return TRUE;
  case GDK_KEY_space:
    if (held)
      return FALSE;
    if (!self->space) {
      self->space = TRUE;
      self->space_used = FALSE;
      if (!self->keyboard)
        limn_tool_hover (self->tool, NULL);
      limn_canvas_update_cursor (self);
    }
    return TRUE;
  case GDK_KEY_Escape:
    if (self->keyboard_down) {
      limn_tool_cancel (self->tool);
      self->keyboard_down = FALSE;
      limn_canvas_update_accessible (self);
      return TRUE;
    }
    return limn_canvas_cancel_drag (self);
  default: return FALSE;
  }
}

static void
on_key_released (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, LimnCanvas *self)
{
  if (keyval != GDK_KEY_space || !self->space)
    return;
  self->space = FALSE;
  limn_canvas_update_cursor (self);
  if (self->document && self->keyboard && !self->space_used && self->drag == LIMN_INTENT_NONE)
    toggle_down (self);
}

static void
on_focus_out (GtkEventControllerFocus *controller, LimnCanvas *self)
{
  self->space = FALSE;
  limn_canvas_update_cursor (self);
}

void
limn_canvas_snapshot_keyboard (LimnCanvas *self, GtkSnapshot *snapshot)
{
  double x, y;
  if (!self->keyboard)
    return;
  limn_view_from_document (&self->view, self->keyboard_x, self->keyboard_y, &x, &y);
  const GdkRGBA dark = { 0, 0, 0, 0.7f }, light = { 1, 1, 1, 1 };
  float cx = floorf ((float) x), cy = floorf ((float) y);
  gtk_snapshot_append_color (snapshot, &dark, &GRAPHENE_RECT_INIT (cx - CROSS - 1, cy - 1, 2 * CROSS + 3, 3));
  gtk_snapshot_append_color (snapshot, &dark, &GRAPHENE_RECT_INIT (cx - 1, cy - CROSS - 1, 3, 2 * CROSS + 3));
  gtk_snapshot_append_color (snapshot, &light, &GRAPHENE_RECT_INIT (cx - CROSS, cy, 2 * CROSS + 1, 1));
  gtk_snapshot_append_color (snapshot, &light, &GRAPHENE_RECT_INIT (cx, cy - CROSS, 1, 2 * CROSS + 1));
}

void
limn_canvas_init_keys (LimnCanvas *self)
{
  GtkEventController *controller = gtk_event_controller_key_new ();
  g_signal_connect (controller, "key-pressed", G_CALLBACK (on_key_pressed), self);
  g_signal_connect (controller, "key-released", G_CALLBACK (on_key_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  controller = gtk_event_controller_focus_new ();
  g_signal_connect (controller, "leave", G_CALLBACK (on_focus_out), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}
