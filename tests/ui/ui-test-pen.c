/* Tests of the window: fingers and a pen. XTest knows neither. A finger's events are put into the queue that GDK reads, as if the server
 * had sent them; the pen is XTest's own pointer, which is told to be one by the properties that the drivers of tablets set.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test-pen.h"

#include <X11/Xatom.h>
#include <X11/extensions/XInput2.h>
#include <gdk/x11/gdkx.h>
#include <math.h>
#include <string.h>

#include "ui-test.h"

static Display *
get_display (void)
{
  return gdk_x11_display_get_xdisplay (gdk_display_get_default ());
}

/* The slave pointer that XTest moves; 0 if there is none. */
static int
find_test_pointer (void)
{
  int n, found = 0;
  XIDeviceInfo *devices = XIQueryDevice (get_display (), XIAllDevices, &n);

  for (int i = 0; i < n; i++)
    if (devices[i].use == XISlavePointer && strstr (devices[i].name, "XTEST"))
      found = devices[i].deviceid;
  XIFreeDeviceInfo (devices);
  return found;
}

/* -- Fingers -- */

static void
send_touch (GtkWidget *widget, int type, guint finger, double x, double y)
{
  static unsigned int cookie = 1u << 30;
  Display *display = get_display ();
  GtkNative *native = gtk_widget_get_native (widget);
  GdkSurface *surface = gtk_native_get_surface (native);
  const int scale = gdk_surface_get_scale_factor (surface);
  GdkSeat *seat = gdk_display_get_default_seat (gdk_display_get_default ());
  XIDeviceEvent touch = { .type = GenericEvent, .display = display, .evtype = type, .detail = (int) finger };
  XEvent event = { 0 };
  graphene_point_t point;
  double dx, dy;
  int ignored, root_x, root_y;
  Window child;

  g_assert_true (XQueryExtension (display, "XInputExtension", &touch.extension, &ignored, &ignored));
  g_assert_true (gtk_widget_compute_point (widget, GTK_WIDGET (native), &GRAPHENE_POINT_INIT ((float) x, (float) y), &point));
  gtk_native_get_surface_transform (native, &dx, &dy);
  touch.time = (Time) (g_get_monotonic_time () / 1000);
  touch.deviceid = gdk_x11_device_get_id (gdk_seat_get_pointer (seat));
  touch.sourceid = find_test_pointer ();
  touch.root = DefaultRootWindow (display);
  touch.event = GDK_SURFACE_XID (surface);
  touch.event_x = (point.x + dx) * scale;
  touch.event_y = (point.y + dy) * scale;
  XTranslateCoordinates (display, touch.event, touch.root, (int) lround (touch.event_x), (int) lround (touch.event_y), &root_x, &root_y,
                         &child);
  touch.root_x = root_x;
  touch.root_y = root_y;
  event.xcookie = (XGenericEventCookie){
    .type = GenericEvent, .display = display, .extension = touch.extension, .evtype = type, .cookie = cookie++, .data = &touch
  };
  XPutBackEvent (display, &event); /* copies the data */
  ui_test_settle ();
}

void
ui_test_finger_down (GtkWidget *widget, guint finger, double x, double y)
{
  send_touch (widget, XI_TouchBegin, finger, x, y);
}

void
ui_test_finger_move (GtkWidget *widget, guint finger, double x, double y)
{
  send_touch (widget, XI_TouchUpdate, finger, x, y);
}

void
ui_test_finger_up (GtkWidget *widget, guint finger, double x, double y)
{
  send_touch (widget, XI_TouchEnd, finger, x, y);
}

/* -- Pen -- */

void
ui_test_use (UiTestPointer pointer)
{
  Display *display = get_display ();
  const int device = find_test_pointer ();
  /* Serial number and kind of the tablet, of the last tool, of the present tool: xf86-input-wacom's wacom-properties.h. */
  guint32 serials[5] = { 1, 0, 0, pointer == UI_TEST_MOUSE ? 0 : (guint32) pointer, 0x802 };
  const guint32 type = (guint32) XInternAtom (display, pointer == UI_TEST_ERASER ? "ERASER" : "STYLUS", False);

  g_assert_cmpint (device, !=, 0);
  XIChangeProperty (display, device, XInternAtom (display, "Wacom Tool Type", False), XA_ATOM, 32, PropModeReplace, (guchar *) &type, 1);
  XIChangeProperty (display, device, XInternAtom (display, "Wacom Serial IDs", False), XA_INTEGER, 32, PropModeReplace, (guchar *) serials,
                    G_N_ELEMENTS (serials));
  XSync (display, False);
  ui_test_settle ();
}
