/* Tests of the window: pointer and keys, sent through a second connection to the X server. SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test-input.h"

#include <X11/XKBlib.h>
#include <X11/Xatom.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <gdk/x11/gdkx.h>
#include <math.h>

#include "ui-test.h"

static Display *sender;

void
ui_test_input_open (void)
{
  int ignored;

  g_assert_true (GDK_IS_X11_DISPLAY (gdk_display_get_default ()));
  sender = XOpenDisplay (NULL);
  g_assert_nonnull (sender);
  g_assert_true (XTestQueryExtension (sender, &ignored, &ignored, &ignored, &ignored));
}

void
ui_test_input_close (void)
{
  XCloseDisplay (sender);
  sender = NULL;
}

void
ui_test_input_sync (void)
{
  XSync (sender, False);
  gdk_display_sync (gdk_display_get_default ());
}

void
ui_test_input_focus (GtkWindow *window)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  XSetInputFocus (sender, GDK_SURFACE_XID (surface), RevertToParent, CurrentTime);
  ui_test_input_sync ();
}

gboolean
ui_test_manage_fullscreen (GtkWindow *window)
{
  static XWindowAttributes before;
  const Window xid = GDK_SURFACE_XID (gtk_native_get_surface (GTK_NATIVE (window))), root = DefaultRootWindow (sender);
  const Atom state = XInternAtom (sender, "_NET_WM_STATE", False), fullscreen = XInternAtom (sender, "_NET_WM_STATE_FULLSCREEN", False);
  gboolean asked = FALSE;
  XEvent event;

  XSelectInput (sender, root, SubstructureNotifyMask);
  ui_test_input_sync ();
  XSync (sender, False);
  while (XCheckTypedEvent (sender, ClientMessage, &event)) {
    const gboolean on = event.xclient.data.l[0] == 1; /* _NET_WM_STATE_ADD */

    if (event.xclient.window != xid || event.xclient.message_type != state || (Atom) event.xclient.data.l[1] != fullscreen)
      continue;
    if (on) {
      XGetWindowAttributes (sender, xid, &before);
      XMoveResizeWindow (sender, xid, 0, 0, (unsigned) DisplayWidth (sender, 0), (unsigned) DisplayHeight (sender, 0));
    } else {
      XMoveResizeWindow (sender, xid, before.x, before.y, (unsigned) before.width, (unsigned) before.height);
    }
    XChangeProperty (sender, xid, state, XA_ATOM, 32, PropModeReplace, (const guchar *) &fullscreen, on ? 1 : 0);
    asked = TRUE;
  }
  return asked;
}

static int
get_pid (Window window)
{
  Atom type;
  int format;
  unsigned long n_items, rest;
  unsigned char *data = NULL;
  int pid = 0;

  if (XGetWindowProperty (sender, window, XInternAtom (sender, "_NET_WM_PID", False), 0, 1, False, XA_CARDINAL, &type, &format, &n_items,
                          &rest, &data) == Success &&
      data) {
    if (type == XA_CARDINAL && format == 32 && n_items == 1)
      pid = (int) *(unsigned long *) (gpointer) data;
    XFree (data);
  }
  return pid;
}

gboolean
ui_test_focus_process (int pid)
{
  Window root, parent, *children = NULL;
  unsigned int n_children = 0;
  gboolean found = FALSE;

  XQueryTree (sender, DefaultRootWindow (sender), &root, &parent, &children, &n_children);
  for (unsigned int i = 0; i < n_children && !found; i++) {
    XWindowAttributes attributes;

    if (get_pid (children[i]) != pid || !XGetWindowAttributes (sender, children[i], &attributes) || attributes.map_state != IsViewable)
      continue;
    XSetInputFocus (sender, children[i], RevertToParent, CurrentTime);
    XSync (sender, False);
    found = TRUE;
  }
  if (children)
    XFree (children);
  return found;
}

char **
ui_test_dup_titles (int pid)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  Window root, parent, *children = NULL;
  unsigned int n_children = 0;

  XQueryTree (sender, DefaultRootWindow (sender), &root, &parent, &children, &n_children);
  for (unsigned int i = 0; i < n_children; i++) {
    XWindowAttributes attributes;
    char *title = NULL;

    if (get_pid (children[i]) != pid || !XGetWindowAttributes (sender, children[i], &attributes) || attributes.map_state != IsViewable ||
        !XFetchName (sender, children[i], &title))
      continue;
    g_strv_builder_add (builder, title);
    XFree (title);
  }
  if (children)
    XFree (children);
  return g_strv_builder_end (builder);
}

void
ui_test_send_motion (GtkWidget *widget, double x, double y)
{
  GtkNative *native = gtk_widget_get_native (widget);
  GdkSurface *surface = gtk_native_get_surface (native);
  const int scale = gdk_surface_get_scale_factor (surface);
  graphene_point_t point;
  double dx, dy;
  int root_x, root_y;
  Window child;

  g_assert_true (gtk_widget_compute_point (widget, GTK_WIDGET (native), &GRAPHENE_POINT_INIT ((float) x, (float) y), &point));
  gtk_native_get_surface_transform (native, &dx, &dy);
  XTranslateCoordinates (sender, GDK_SURFACE_XID (surface), DefaultRootWindow (sender), (int) lround ((point.x + dx) * scale),
                         (int) lround ((point.y + dy) * scale), &root_x, &root_y, &child);
  XTestFakeMotionEvent (sender, -1, root_x, root_y, CurrentTime);
  XFlush (sender);
}

void
ui_test_send_button (guint button, gboolean pressed)
{
  XTestFakeButtonEvent (sender, button, pressed, CurrentTime);
  XFlush (sender);
}

void
ui_test_send_key (guint keyval, gboolean pressed)
{
  /* GDK's key values are X's key symbols. */
  const KeyCode code = XKeysymToKeycode (sender, keyval);

  g_assert_cmpint (code, !=, 0);
  XTestFakeKeyEvent (sender, code, pressed, CurrentTime);
  XFlush (sender);
}

void
ui_test_move (GtkWidget *widget, double x, double y)
{
  ui_test_send_motion (widget, x, y);
  ui_test_settle ();
}

void
ui_test_press (guint button)
{
  ui_test_send_button (button, TRUE);
  ui_test_settle ();
}

void
ui_test_release (guint button)
{
  ui_test_send_button (button, FALSE);
  ui_test_settle ();
}

void
ui_test_click (GtkWidget *widget, double x, double y)
{
  ui_test_move (widget, x, y);
  ui_test_press (1);
  ui_test_release (1);
}

void
ui_test_click_middle (GtkWidget *widget)
{
  ui_test_click (widget, gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0);
}

void
ui_test_drag (GtkWidget *widget, double x0, double y0, double x1, double y1, guint steps)
{
  ui_test_move (widget, x0, y0);
  ui_test_press (1);
  for (guint i = 1; i <= steps; i++)
    ui_test_move (widget, x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps);
  ui_test_release (1);
}

void
ui_test_scroll (GtkWidget *widget, double x, double y, int clicks)
{
  ui_test_move (widget, x, y);
  for (int i = 0; i < ABS (clicks); i++) {
    ui_test_send_button (clicks > 0 ? 5 : 4, TRUE);
    ui_test_send_button (clicks > 0 ? 5 : 4, FALSE);
  }
  ui_test_settle ();
}

void
ui_test_key_down (guint keyval)
{
  ui_test_send_key (keyval, TRUE);
  ui_test_settle ();
}

void
ui_test_key_up (guint keyval)
{
  ui_test_send_key (keyval, FALSE);
  ui_test_settle ();
}

void
ui_test_key (const char *accelerator)
{
  static const struct {
    GdkModifierType modifier;
    guint keyval;
  } modifiers[] = { { GDK_CONTROL_MASK, GDK_KEY_Control_L }, { GDK_SHIFT_MASK, GDK_KEY_Shift_L }, { GDK_ALT_MASK, GDK_KEY_Alt_L } };
  GdkModifierType state;
  guint keyval;

  g_assert_true (gtk_accelerator_parse (accelerator, &keyval, &state));
  for (guint i = 0; i < G_N_ELEMENTS (modifiers); i++) {
    if (state & modifiers[i].modifier)
      ui_test_send_key (modifiers[i].keyval, TRUE);
  }
  ui_test_send_key (keyval, TRUE);
  ui_test_send_key (keyval, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (modifiers); i++) {
    if (state & modifiers[i].modifier)
      ui_test_send_key (modifiers[i].keyval, FALSE);
  }
  ui_test_settle ();
}

void
ui_test_type (const char *text)
{
  for (const char *c = text; *c; c = g_utf8_next_char (c)) {
    const guint keyval = gdk_unicode_to_keyval (g_utf8_get_char (c));
    const KeyCode code = XKeysymToKeycode (sender, keyval);
    const gboolean shift = XkbKeycodeToKeysym (sender, code, 0, 0) != keyval;

    if (shift)
      ui_test_send_key (GDK_KEY_Shift_L, TRUE);
    ui_test_send_key (keyval, TRUE);
    ui_test_send_key (keyval, FALSE);
    if (shift)
      ui_test_send_key (GDK_KEY_Shift_L, FALSE);
  }
  ui_test_settle ();
}
