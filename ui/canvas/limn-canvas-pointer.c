/* Mouse, pen and fingers on the canvas; limn-pointer-intent.c says who paints, erases and pans. Two fingers pan and zoom.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-canvas-private.h"

#include <math.h>

/* View units a click of the wheel moves the picture by, and what it zooms by. */
#define SCROLL_STEP 64.0
#define ZOOM_STEP 1.2
/* How near the divider's line, or its handle, must be to be taken. */
#define DIVIDER_GRAB 6.0
#define HANDLE_GRAB 24.0
/* View units that the picture moves each frame when something is dragged past the canvas's edge, for each unit past it. */
#define AUTOSCROLL 0.2

void
limn_canvas_make_point (LimnCanvas *self, double x, double y, LimnToolPoint *point)
{
  *point =
    (LimnToolPoint){ .pressure = self->pressure, .modifiers = self->modifiers, .zoom = self->view.zoom, .eraser = self->drag_eraser };
  limn_canvas_to_document (self, x, y, &point->x, &point->y);
}

static gboolean
over_divider (LimnCanvas *self, double x, double y)
{
  double divider, middle_x, middle_y;
  if (!limn_canvas_get_divider (self, &divider))
    return FALSE;
  limn_view_get_middle (&self->view, &middle_x, &middle_y);
  return fabs (x - divider) <= DIVIDER_GRAB || hypot (x - divider, y - middle_y) <= HANDLE_GRAB;
}

static void
move_divider (LimnCanvas *self, double x)
{
  double document_x, document_y;
  limn_canvas_to_document (self, x, 0, &document_x, &document_y);
  g_object_set (self->session, "compare-position", CLAMP (document_x / limn_document_get_width (self->document), 0, 1), NULL);
}

void
limn_canvas_update_cursor (LimnCanvas *self)
{
  const char *cursor = "default";
  if (self->drag == LIMN_INTENT_PAN)
    cursor = "grabbing";
  else if (self->space)
    cursor = "grab";
  else if (self->drag == LIMN_INTENT_DIVIDER || (self->drag == LIMN_INTENT_NONE && over_divider (self, self->pointer_x, self->pointer_y)))
    cursor = "ew-resize";
  else if (self->tool) {
    LimnToolPoint point;
    limn_canvas_make_point (self, self->pointer_x, self->pointer_y, &point);
    cursor = limn_tool_get_cursor (self->tool, &point);
  }
  if (g_strcmp0 (cursor, self->cursor) == 0)
    return;
  self->cursor = g_intern_string (cursor);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), cursor);
}

/* -- Dragging -- */

/* The picture is taken hold of at (x, y). */
static void
hold (LimnCanvas *self, double x, double y)
{
  limn_canvas_pane_at (self, x, y, &self->held_pane_x, &self->held_pane_y);
  limn_view_to_document (&self->view, x - self->held_pane_x, y - self->held_pane_y, &self->held_x, &self->held_y);
}

/* What is held is moved to (x, y): from where it is now, so that rounding to whole pixels doesn't add up. */
static void
pan_to (LimnCanvas *self, double x, double y)
{
  double now_x, now_y;
  limn_view_from_document (&self->view, self->held_x, self->held_y, &now_x, &now_y);
  limn_view_pan (&self->view, x - self->held_pane_x - now_x, y - self->held_pane_y - now_y);
  limn_canvas_view_changed (self);
}

static void
drag_to (LimnCanvas *self, double x, double y)
{
  LimnToolPoint point;
  switch (self->drag) {
  case LIMN_INTENT_TOOL:
    limn_canvas_make_point (self, x, y, &point);
    limn_tool_drag (self->tool, &point);
    break;
  case LIMN_INTENT_PAN: pan_to (self, x, y); break;
  case LIMN_INTENT_DIVIDER: move_divider (self, x); break;
  default: break;
  }
}

static double
past (double value, double size)
{
  return value < 0 ? value : value > size ? value - size : 0;
}

static gboolean
autoscroll (GtkWidget *widget, GdkFrameClock *clock, gpointer user)
{
  LimnCanvas *self = LIMN_CANVAS (widget);
  double dx = past (self->pointer_x, gtk_widget_get_width (widget)), dy = past (self->pointer_y, gtk_widget_get_height (widget));
  LimnView view = self->view;
  limn_view_pan (&view, -dx * AUTOSCROLL, -dy * AUTOSCROLL);
  /* At the picture's end there is nothing to do for a pen that rests, until it moves. */
  if (self->drag != LIMN_INTENT_TOOL || (view.x == self->view.x && view.y == self->view.y)) {
    self->autoscroll_tick = 0;
    return G_SOURCE_REMOVE;
  }
  self->view = view;
  limn_canvas_view_changed (self);
  drag_to (self, self->pointer_x, self->pointer_y);
  return G_SOURCE_CONTINUE;
}

static void
begin_drag (LimnCanvas *self, LimnPointerIntent drag, double x, double y)
{
  LimnToolPoint point;
  limn_canvas_end_keyboard (self);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  limn_canvas_note_pointer (self, FALSE);
  self->drag = drag;
  self->bottom_inset_held = TRUE;
  self->pointer_x = self->drag_x = x;
  self->pointer_y = self->drag_y = y;
  if (drag == LIMN_INTENT_TOOL) {
    int time;
    gint64 now = g_get_monotonic_time ();
    g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-double-click-time", &time, NULL);
    gboolean again = now - self->press_time <= (gint64) time * 1000 && hypot (x - self->press_x, y - self->press_y) <= 5;
    self->n_press = again ? self->n_press + 1 : 1;
    self->press_time = now;
    self->press_x = x;
    self->press_y = y;
    limn_canvas_make_point (self, x, y, &point);
    limn_tool_press (self->tool, &point, self->n_press);
  } else if (drag == LIMN_INTENT_PAN) {
    hold (self, x, y);
    self->space_used = TRUE;
  }
  limn_canvas_update_cursor (self);
}

static void
continue_drag (LimnCanvas *self, double x, double y)
{
  if (self->drag == LIMN_INTENT_NONE)
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  drag_to (self, x, y);
  if (self->drag == LIMN_INTENT_TOOL && !self->autoscroll_tick &&
      (past (x, gtk_widget_get_width (GTK_WIDGET (self))) != 0 || past (y, gtk_widget_get_height (GTK_WIDGET (self))) != 0))
    self->autoscroll_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), autoscroll, NULL, NULL);
}

static void
end_drag (LimnCanvas *self, double x, double y)
{
  LimnPointerIntent drag = self->drag;
  LimnToolPoint point;
  self->drag = LIMN_INTENT_NONE;
  if (drag == LIMN_INTENT_TOOL) {
    limn_canvas_make_point (self, x, y, &point);
    limn_tool_release (self->tool, &point);
  }
  self->drag_eraser = self->drag_is_touch = FALSE;
  self->pressure = 1;
  limn_canvas_update_cursor (self);
}

gboolean
limn_canvas_cancel_drag (LimnCanvas *self)
{
  if (self->drag == LIMN_INTENT_NONE)
    return FALSE;
  if (self->drag == LIMN_INTENT_TOOL)
    limn_tool_cancel (self->tool);
  self->drag = LIMN_INTENT_NONE;
  self->drag_eraser = self->drag_is_touch = FALSE;
  self->pressure = 1;
  limn_canvas_update_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

/* -- Samples between two frames -- */

/* From the window's surface to the canvas. */
static gboolean
from_surface (LimnCanvas *self, double surface_x, double surface_y, double *x, double *y)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  double offset_x, offset_y;
  if (!native)
    return FALSE;
  gtk_native_get_surface_transform (native, &offset_x, &offset_y);
  return gtk_widget_translate_coordinates (GTK_WIDGET (native), GTK_WIDGET (self), surface_x - offset_x, surface_y - offset_y, x, y);
}

/* The tool gets every sample, also those that the toolkit put together. */
static void
replay_history (LimnCanvas *self, GtkEventController *controller, gboolean pen)
{
  GdkEvent *event = gtk_event_controller_get_current_event (controller);
  guint n = 0;
  if (!event || gdk_event_get_event_type (event) != GDK_MOTION_NOTIFY || self->drag != LIMN_INTENT_TOOL)
    return;
  g_autofree GdkTimeCoord *history = gdk_event_get_history (event, &n);
  double pressure = self->pressure;
  for (guint i = 0; i < n; i++) {
    double x, y;
    if (!(history[i].flags & GDK_AXIS_FLAG_X) || !(history[i].flags & GDK_AXIS_FLAG_Y))
      continue;
    if (pen && history[i].flags & GDK_AXIS_FLAG_PRESSURE)
      self->pressure = CLAMP (history[i].axes[GDK_AXIS_PRESSURE], 0, 1);
    if (from_surface (self, history[i].axes[GDK_AXIS_X], history[i].axes[GDK_AXIS_Y], &x, &y))
      continue_drag (self, x, y);
  }
  self->pressure = pressure;
}

/* -- Mouse and finger -- */

static gboolean
is_pen (GdkEvent *event)
{
  GdkDeviceTool *tool = event ? gdk_event_get_device_tool (event) : NULL;
  return tool && gdk_device_tool_get_tool_type (tool) != GDK_DEVICE_TOOL_TYPE_MOUSE;
}

static gboolean
is_touch (GdkEvent *event)
{
  GdkEventType type = event ? gdk_event_get_event_type (event) : GDK_MOTION_NOTIFY;
  return type == GDK_TOUCH_BEGIN || type == GDK_TOUCH_UPDATE || type == GDK_TOUCH_END || type == GDK_TOUCH_CANCEL;
}

static LimnPointerIntent
get_drag (LimnCanvas *self, LimnPressKind kind, guint button, double x, double y)
{
  const LimnPointerPress press = {
    .kind = kind,
    .button = button,
    .space = self->space,
    .divider = over_divider (self, x, y),
    .finger_draws = self->settings && g_settings_get_boolean (self->settings, "draw-with-finger"),
  };
  return limn_pointer_press_get_intent (&press, &self->drag_eraser);
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, LimnCanvas *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  gboolean touch = is_touch (event);
  LimnPointerIntent drag = LIMN_INTENT_NONE;
  if (self->session && !is_pen (event) && self->drag == LIMN_INTENT_NONE) {
    self->modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
    drag = get_drag (self, touch ? LIMN_PRESS_FINGER : LIMN_PRESS_MOUSE,
                     gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)), x, y);
  }
  if (drag == LIMN_INTENT_NONE) {
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
    return;
  }
  if (!touch) /* a second finger must still be able to turn it into a pinch */
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  self->drag_is_touch = touch;
  begin_drag (self, drag, x, y);
}

static void
drag_point (GtkGestureDrag *gesture, double *x, double *y)
{
  double dx, dy;
  gtk_gesture_drag_get_start_point (gesture, x, y);
  if (gtk_gesture_drag_get_offset (gesture, &dx, &dy)) {
    *x += dx;
    *y += dy;
  }
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, LimnCanvas *self)
{
  double x, y;
  self->modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  replay_history (self, GTK_EVENT_CONTROLLER (gesture), FALSE);
  drag_point (gesture, &x, &y);
  continue_drag (self, x, y);
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, LimnCanvas *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  double x, y;
  if (self->drag == LIMN_INTENT_NONE)
    return;
  if (event && gdk_event_get_event_type (event) == GDK_TOUCH_BEGIN) { /* a second finger: what the first had begun was no stroke */
    limn_canvas_cancel_drag (self);
    return;
  }
  drag_point (gesture, &x, &y);
  end_drag (self, x, y);
}

static void
on_drag_cancel (GtkGesture *gesture, GdkEventSequence *sequence, LimnCanvas *self)
{
  limn_canvas_cancel_drag (self);
}

/* -- Pen -- */

static void
pen_state (GtkGestureStylus *gesture, LimnCanvas *self)
{
  double pressure = 1;
  GdkDeviceTool *tool = gtk_gesture_stylus_get_device_tool (gesture);
  if (!gtk_gesture_stylus_get_axis (gesture, GDK_AXIS_PRESSURE, &pressure))
    pressure = 1;
  self->pressure = CLAMP (pressure, 0, 1);
  self->drag_eraser = tool && gdk_device_tool_get_tool_type (tool) == GDK_DEVICE_TOOL_TYPE_ERASER;
  self->modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
}

static void
on_pen_down (GtkGestureStylus *gesture, double x, double y, LimnCanvas *self)
{
  if (!self->session || !is_pen (gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture))))
    return;
  limn_canvas_cancel_drag (self);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  pen_state (gesture, self);
  begin_drag (self, get_drag (self, self->drag_eraser ? LIMN_PRESS_PEN_ERASER : LIMN_PRESS_PEN, GDK_BUTTON_PRIMARY, x, y), x, y);
}

static void
on_pen_motion (GtkGestureStylus *gesture, double x, double y, LimnCanvas *self)
{
  if (self->drag == LIMN_INTENT_NONE)
    return;
  replay_history (self, GTK_EVENT_CONTROLLER (gesture), TRUE);
  pen_state (gesture, self);
  continue_drag (self, x, y);
}

static void
on_pen_up (GtkGestureStylus *gesture, double x, double y, LimnCanvas *self)
{
  if (self->drag != LIMN_INTENT_NONE)
    end_drag (self, x, y);
}

static void
hover (LimnCanvas *self, double x, double y, GdkModifierType modifiers)
{
  LimnToolPoint point;
  self->pointer_x = x;
  self->pointer_y = y;
  self->pointer_inside = TRUE;
  self->modifiers = modifiers;
  limn_canvas_note_pointer (self, self->drag == LIMN_INTENT_NONE);
  if (!self->tool || self->drag != LIMN_INTENT_NONE)
    return;
  limn_canvas_make_point (self, x, y, &point);
  limn_tool_hover (self->tool, self->space || over_divider (self, x, y) ? NULL : &point);
  limn_canvas_update_cursor (self);
}

void
limn_canvas_hover_again (LimnCanvas *self)
{
  if (self->pointer_inside && !self->keyboard)
    hover (self, self->pointer_x, self->pointer_y, self->modifiers);
}

static void
on_pen_proximity (GtkGestureStylus *gesture, double x, double y, LimnCanvas *self)
{
  if (self->drag == LIMN_INTENT_NONE)
    pen_state (gesture, self);
  hover (self, x, y, self->modifiers);
}

/* -- Hovering -- */

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, LimnCanvas *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));
  if (!is_touch (event) && self->drag == LIMN_INTENT_NONE) {
    limn_canvas_end_keyboard (self);
    hover (self, x, y, gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller)));
  }
}

static void
on_leave (GtkEventControllerMotion *controller, LimnCanvas *self)
{
  self->pointer_inside = FALSE;
  limn_canvas_note_pointer (self, FALSE);
  if (self->tool && self->drag == LIMN_INTENT_NONE)
    limn_tool_hover (self->tool, NULL);
}

/* -- Wheel, two fingers -- */

static void
zoom_by (LimnCanvas *self, double factor, double x, double y)
{
  double zoom = self->view.zoom * factor;
  if ((self->view.zoom < 1 && zoom > 1) || (self->view.zoom > 1 && zoom < 1)) /* 100 % isn't missed */
    zoom = 1;
  limn_canvas_zoom_to (self, zoom, x, y);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, LimnCanvas *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gboolean wheel = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL;
  if (!self->document)
    return FALSE;
  if (state & GDK_CONTROL_MASK) {
    zoom_by (self, pow (ZOOM_STEP, -(wheel ? dy : dy / SCROLL_STEP)), self->pointer_x, self->pointer_y);
    return TRUE;
  }
  if (state & GDK_SHIFT_MASK && dx == 0) {
    dx = dy;
    dy = 0;
  }
  double step = wheel ? SCROLL_STEP : 1;
  limn_view_pan (&self->view, -dx * step, -dy * step);
  limn_canvas_view_changed (self);
  if (self->drag == LIMN_INTENT_TOOL)
    drag_to (self, self->pointer_x, self->pointer_y);
  return TRUE;
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, LimnCanvas *self)
{
  double x, y;
  if (gtk_gesture_handles_sequence (gesture, NULL)) { /* a pen or the mouse is one of the two: the hand lies under it */
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
    return;
  }
  if (self->drag_is_touch)
    limn_canvas_cancel_drag (self);
  self->pinch_zoom = self->view.zoom;
  if (gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    hold (self, x, y);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, LimnCanvas *self)
{
  double x, y;
  if (!self->document || !gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;
  limn_canvas_zoom_to (self, self->pinch_zoom * scale, x, y);
  pan_to (self, x, y);
}

void
limn_canvas_init_pointer (LimnCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *gesture = gtk_gesture_zoom_new ();
  g_signal_connect (gesture, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (gesture, "scale-changed", G_CALLBACK (on_pinch), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));

  gesture = gtk_gesture_stylus_new ();
  g_signal_connect (gesture, "down", G_CALLBACK (on_pen_down), self);
  g_signal_connect (gesture, "motion", G_CALLBACK (on_pen_motion), self);
  g_signal_connect (gesture, "up", G_CALLBACK (on_pen_up), self);
  g_signal_connect (gesture, "proximity", G_CALLBACK (on_pen_proximity), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));

  gesture = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), 0);
  g_signal_connect (gesture, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (gesture, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (gesture, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (gesture, "cancel", G_CALLBACK (on_drag_cancel), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));

  GtkEventController *controller = gtk_event_controller_motion_new ();
  g_signal_connect (controller, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (controller, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (controller, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (widget, controller);

  controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect (controller, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (widget, controller);
}
