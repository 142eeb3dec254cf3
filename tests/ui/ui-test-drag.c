/* Drags between windows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test-drag.h"

#include <gdk/x11/gdkx.h>

#include "ui/window/limn-thumbnail.h"

GdkSurface *
ui_test_open_other (GtkWidget *window)
{
  GdkSurface *surface;

  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), UI_TEST_OTHER_SIZE, UI_TEST_OTHER_SIZE);
  gtk_window_present (GTK_WINDOW (window));
  surface = gtk_native_get_surface (GTK_NATIVE (window));
  XMoveWindow (GDK_SURFACE_XDISPLAY (surface), GDK_SURFACE_XID (surface), UI_TEST_OTHER_X, UI_TEST_OTHER_Y);
  return surface;
}

void
ui_test_carry (GtkWidget *window, double x0, double y0, double x1, double y1)
{
  for (int i = 0; i <= 20; i++) {
    ui_test_move (window, x0 + (x1 - x0) * i / 20, y0 + (y1 - y0) * i / 20);
    g_usleep (20000);
  }
}

gboolean
ui_test_wait_a_little (void)
{
  g_usleep (20000);
  g_main_context_wakeup (NULL);
  return TRUE;
}

/* The leak sanitizer's, where it is there. */
void __lsan_disable (void) __attribute__ ((weak));
void __lsan_enable (void) __attribute__ ((weak));

static gboolean
take (GtkDropTarget *target, const GValue *value, double x, double y, UiTestTaken *taken)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST)) {
    const GSList *files = g_value_get_boxed (value);

    g_assert_cmpuint (g_slist_length ((GSList *) files), ==, 1);
    taken->file = g_object_ref (files->data);
  } else {
    taken->texture = g_value_dup_object (value);
  }
  return TRUE;
}

static gboolean
is_taken (gpointer user)
{
  const UiTestTaken *taken = user;

  return ui_test_wait_a_little () && (taken->file || taken->texture);
}

void
ui_test_drag_out (LimnWindow *window, GType type, UiTestTaken *taken)
{
  GtkWidget *other = gtk_window_new (), *thumbnail = ui_test_find_type (GTK_WIDGET (window), LIMN_TYPE_THUMBNAIL);
  GtkDropTarget *target = gtk_drop_target_new (type, GDK_ACTION_COPY);
  const double x = UI_TEST_OTHER_X + UI_TEST_OTHER_SIZE / 2, y = UI_TEST_OTHER_Y + UI_TEST_OTHER_SIZE / 2;
  graphene_point_t from;

  *taken = (UiTestTaken){ NULL, NULL };
  g_signal_connect (target, "drop", G_CALLBACK (take), taken);
  gtk_widget_add_controller (other, GTK_EVENT_CONTROLLER (target));
  ui_test_open_other (other);
  ui_test_focus (GTK_WINDOW (other));

  g_assert_true (gtk_widget_compute_point (thumbnail, GTK_WIDGET (window), &GRAPHENE_POINT_INIT (10, 10), &from));
  ui_test_move (GTK_WIDGET (window), from.x, from.y);
  ui_test_press (1);
  if (__lsan_disable) /* GDK loses an object when a drag stays inside a process */
    __lsan_disable ();
  ui_test_carry (GTK_WIDGET (window), from.x, from.y, x, y);
  ui_test_carry (GTK_WIDGET (window), x, y, x + 5, y + 5);
  if (__lsan_enable)
    __lsan_enable ();
  ui_test_release (1);
  ui_test_wait (is_taken, taken);
  gtk_window_destroy (GTK_WINDOW (other));
}
