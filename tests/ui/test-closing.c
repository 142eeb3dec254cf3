/* Windows that go: they ask about work, and leave nothing behind. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/limn-document-mask.h"
#include "ui-test.h"

static gboolean
is_gone (gpointer user)
{
  return *(gpointer *) user == NULL;
}

static void
test_close (void)
{
  g_autofree char *path = ui_test_save_picture ("close.png", 600, 500, FALSE);
  gpointer window = ui_test_open (path);
  GtkWindow *dialog;

  limn_document_select_all (ui_test_get_document (window));
  g_object_add_weak_pointer (window, &window);
  ui_test_key ("<Control>w");
  dialog = ui_test_await_dialog (window);
  ui_test_screenshot (GTK_WIDGET (dialog), "close-unsaved");
  ui_test_key ("Escape");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_true (limn_document_get_modified (ui_test_get_document (window)));
  ui_test_focus (window);
  ui_test_key ("<Control>w");
  ui_test_answer ("Discard");
  ui_test_wait (is_gone, &window);
}

/* What a selection takes of time to be there isn't lost when the window is closed meanwhile. */
static void
test_close_working (void)
{
  g_autofree char *path = ui_test_save_picture ("working.png", 600, 500, FALSE);
  gpointer window = ui_test_open (path);
  GtkWindow *dialog;

  g_object_add_weak_pointer (window, &window);
  limn_document_select_similar (ui_test_get_document (window), 300, 250, 255, TRUE, LIMN_MASK_REPLACE);
  g_assert_false (limn_document_get_modified (ui_test_get_document (window)));
  gtk_window_close (window);
  gtk_window_close (window); /* again is once */
  g_assert_nonnull (window);
  dialog = ui_test_await_dialog (window);
  g_assert_true (limn_document_get_has_mask (ui_test_get_document (window)));
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (dialog), "Discard"));
  ui_test_wait (is_gone, &window);
}

/* -- What is left behind -- */

static void
gather (GtkWidget *widget, GPtrArray *widgets)
{
  g_ptr_array_add (widgets, widget);
  for (GtkWidget *each = gtk_widget_get_first_child (widget); each; each = gtk_widget_get_next_sibling (each))
    gather (each, widgets);
}

/* Destroys the window and looks whether the main loop would still call it or a part of it, which aren't there any more then. */
static void
destroy_and_look (LimnWindow *window)
{
  g_autoptr (GPtrArray) widgets = g_ptr_array_new ();
  gather (GTK_WIDGET (window), widgets);
  gtk_window_destroy (GTK_WINDOW (window));
  for (guint i = 0; i < widgets->len; i++)
    g_assert_null (g_main_context_find_source_by_user_data (NULL, widgets->pdata[i]));
  ui_test_settle ();
}

static void
test_resting (void)
{
  g_autofree char *path = ui_test_save_picture ("rests.png", 600, 500, FALSE);
  destroy_and_look (ui_test_open (path));
}

/* Zoomed, with an outline that moves, its tool's options shown, and a message. */
static void
test_in_use (void)
{
  g_autofree char *path = ui_test_save_picture ("used.png", 600, 500, FALSE);
  LimnWindow *window = ui_test_open (path);
  limn_document_select_ellipse (ui_test_get_document (window), 100, 100, 300, 200, LIMN_MASK_REPLACE);
  ui_test_key ("bracketright");
  ui_test_key ("<Control>plus");
  limn_window_message (window, "A message", TRUE);
  limn_canvas_zoom_to (limn_window_get_canvas (window), 0.5, 300, 200);
  destroy_and_look (window);
}

static gboolean
is_busy (gpointer window)
{
  gboolean busy;
  g_object_get (limn_window_get_session (window), "busy", &busy, NULL);
  return busy;
}

/* While it enlarges. */
static void
test_busy (void)
{
  g_autofree char *path = ui_test_save_picture ("busy.png", 600, 500, FALSE);
  LimnWindow *window = ui_test_open (path);
  ui_test_key ("4");
  limn_session_commit (limn_window_get_session (window));
  ui_test_wait (is_busy, window);
  destroy_and_look (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/closing/unsaved", test_close);
  g_test_add_func ("/closing/working", test_close_working);
  g_test_add_func ("/closing/resting", test_resting);
  g_test_add_func ("/closing/in-use", test_in_use);
  g_test_add_func ("/closing/busy", test_busy);
  return ui_test_run ();
}
