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

/* -- Drags into a window, from another program: this one with a file as its argument -- */

static GdkContentProvider *
prepare (GtkDragSource *source, double x, double y, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return gdk_content_provider_new_typed (G_TYPE_FILE, file);
}

/* Says that the window can be seen, and that a press on it arrives. */
static void
say_ready (GdkFrameClock *clock, gpointer user)
{
  g_signal_handlers_disconnect_by_func (clock, say_ready, user);
  g_print ("ready\n");
}

G_GNUC_NORETURN static void
run_other (const char *path)
{
  GtkWidget *window, *label;
  GtkDragSource *source;
  GdkSurface *surface;

  gtk_init ();
  window = gtk_window_new ();
  label = gtk_label_new ("drag");
  source = gtk_drag_source_new ();
  g_signal_connect (source, "prepare", G_CALLBACK (prepare), (gpointer) path);
  gtk_widget_add_controller (label, GTK_EVENT_CONTROLLER (source));
  gtk_window_set_child (GTK_WINDOW (window), label);
  surface = ui_test_open_other (window);
  g_signal_connect (gdk_surface_get_frame_clock (surface), "after-paint", G_CALLBACK (say_ready), NULL);
  while (TRUE)
    g_main_context_iteration (NULL, TRUE);
}

void
ui_test_init_drops (int *argc, char ***argv)
{
  if (*argc == 2 && g_path_is_absolute ((*argv)[1]))
    run_other ((*argv)[1]);
  ui_test_init (argc, argv);
}

/* Until the other program is ready: a press on a window that isn't laid out yet would be nobody's. */
static void
wait_ready (GSubprocess *other)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (other));
  g_autofree char *line = NULL;

  do {
    g_free (line);
    line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
    g_assert_nonnull (line); /* it ended */
  } while (!g_str_equal (line, "ready"));
}

static gboolean
has_window (gpointer user)
{
  return ui_test_wait_a_little () && ui_test_focus_process (GPOINTER_TO_INT (user));
}

static gboolean
is_offered (gpointer user)
{
  return ui_test_wait_a_little () && ui_test_find_label (user, "Drop to Open") != NULL;
}

void
ui_test_drop (LimnWindow *window, const char *path, UiTestPredicate has, gpointer user)
{
  const double x = UI_TEST_OTHER_X + UI_TEST_OTHER_SIZE / 2, y = UI_TEST_OTHER_Y + UI_TEST_OTHER_SIZE / 2;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GSubprocess) other = NULL;
  GError *error = NULL;

  other = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, path, NULL);
  g_assert_no_error (error);
  wait_ready (other);
  ui_test_wait (has_window, GINT_TO_POINTER ((int) g_ascii_strtoll (g_subprocess_get_identifier (other), NULL, 10)));
  ui_test_move (GTK_WIDGET (window), x, y);
  g_usleep (300000);
  ui_test_press (1);
  ui_test_carry (GTK_WIDGET (window), x, y, 450, 300);
  ui_test_wait (is_offered, window);
  /* The answer goes back to the other process before the button is let go. */
  ui_test_carry (GTK_WIDGET (window), 450, 300, 460, 310);
  ui_test_screenshot (GTK_WIDGET (window), "drop");
  ui_test_release (1);
  ui_test_wait (has, user);
  g_subprocess_force_exit (other);
  g_subprocess_wait (other, NULL, NULL);
}
