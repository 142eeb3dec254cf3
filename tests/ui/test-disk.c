/* A document's file that others write to while it is open: nothing of theirs is lost without a word. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "app/base/limn-file.h"
#include "app/decode/limn-picture-load.h"
#include "app/document/limn-document-canvas.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test.h"

enum { WIDTH = 320, HEIGHT = 240, THEIR_WIDTH = 200, THEIR_HEIGHT = 100 };

/* As another program does. */
static void
write_theirs (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  g_free (ui_test_save_picture (name, THEIR_WIDTH, THEIR_HEIGHT, FALSE));
}

/* The file's width, which says whose picture it is. A turned picture is as wide as ours is high. */
static int
file_width (const char *path)
{
  GError *error = NULL;
  g_autoptr (LimnPicture) picture = limn_picture_load (path, NULL, &error);

  g_assert_no_error (error);
  return (int) limn_picture_get_width (picture);
}

static void
turn (LimnWindow *window)
{
  ui_test_focus (GTK_WINDOW (window));
  ui_test_key ("<Control>r");
  ui_test_finish (ui_test_get_document (window));
  g_assert_true (limn_document_get_modified (ui_test_get_document (window)));
}

static gboolean
has_bar (gpointer window)
{
  GtkWidget *button = ui_test_find_action (window, "win.reload", NULL);

  return button && gtk_revealer_get_reveal_child (GTK_REVEALER (gtk_widget_get_ancestor (button, GTK_TYPE_REVEALER)));
}

static gboolean
is_saved (gpointer window)
{
  return !limn_document_get_modified (ui_test_get_document (window));
}

static gboolean
is_theirs (gpointer window)
{
  return ui_test_has_session (window) && limn_document_get_width (ui_test_get_document (window)) == THEIR_WIDTH;
}

/* A bar says so; its button shows the new picture, and saves nothing. */
static void
test_bar (void)
{
  g_autofree char *path = ui_test_save_picture ("Bar.png", WIDTH, HEIGHT, FALSE);
  LimnWindow *window = ui_test_open (path);

  g_assert_false (has_bar (window));
  write_theirs (path);
  ui_test_wait (has_bar, window);
  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (window), "disk-bar");
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (window), "“Bar.png” has changed on disk."));
  ui_test_click_middle (ui_test_find_action (GTK_WIDGET (window), "win.reload", NULL));
  ui_test_wait (is_theirs, window);
  ui_test_settle ();
  g_assert_false (has_bar (window));
  g_assert_cmpint (file_width (path), ==, THEIR_WIDTH);
  ui_test_close (window);
}

/* What isn't saved is asked about before it is dropped. */
static void
test_reload_edited (void)
{
  g_autofree char *path = ui_test_save_picture ("Edited.png", WIDTH, HEIGHT, FALSE);
  LimnWindow *window = ui_test_open (path);

  turn (window);
  write_theirs (path);
  ui_test_wait (has_bar, window);
  ui_test_settle ();
  ui_test_click_middle (ui_test_find_action (GTK_WIDGET (window), "win.reload", NULL));
  ui_test_answer ("Cancel");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_cmpint (limn_document_get_width (ui_test_get_document (window)), ==, HEIGHT);
  ui_test_focus (GTK_WINDOW (window));
  ui_test_click_middle (ui_test_find_action (GTK_WIDGET (window), "win.reload", NULL));
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (ui_test_await_dialog (window)), "Reload"));
  ui_test_wait (is_theirs, window);
  ui_test_close (window);
}

static gboolean
has_overwrite (gpointer window)
{
  GtkWindow *dialog = ui_test_find_dialog (window);

  return dialog && ui_test_find_label (GTK_WIDGET (dialog), "Overwrite");
}

/* replace: the first time it is asked whether the photo may be replaced at all. */
static GtkWindow *
try_to_save (LimnWindow *window, gboolean replace, const char *screenshot)
{
  ui_test_focus (GTK_WINDOW (window));
  ui_test_key ("<Control>s");
  if (replace)
    ui_test_answer ("Replace");
  ui_test_wait (has_overwrite, window);
  ui_test_focus (ui_test_find_dialog (window));
  ui_test_screenshot (GTK_WIDGET (ui_test_find_dialog (window)), screenshot);
  return ui_test_find_dialog (window);
}

/* Saving asks, as often as it is tried; only Overwrite replaces what the other wrote, and then nothing is asked any more. */
static void
test_save (void)
{
  g_autofree char *path = ui_test_save_picture ("Save.png", WIDTH, HEIGHT, FALSE);
  LimnWindow *window = ui_test_open (path);

  turn (window);
  write_theirs (path);
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (try_to_save (window, TRUE, "disk-save")), "Cancel"));
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_cmpint (file_width (path), ==, THEIR_WIDTH);
  g_assert_true (limn_document_get_modified (ui_test_get_document (window)));
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (try_to_save (window, FALSE, "disk-save")), "Overwrite"));
  ui_test_wait (is_saved, window);
  g_assert_cmpint (file_width (path), ==, HEIGHT);
  turn (window);
  ui_test_key ("<Control>s");
  ui_test_wait (is_saved, window);
  g_assert_cmpint (file_width (path), ==, WIDTH);
  g_assert_null (ui_test_find_dialog (window));
  g_assert_false (has_bar (window));
  ui_test_close (window);
}

/* A file that was removed is written again without a question. */
static void
test_removed (void)
{
  g_autofree char *path = ui_test_save_picture ("Removed.png", WIDTH, HEIGHT, FALSE);
  LimnWindow *window = ui_test_open (path);

  turn (window);
  g_assert_cmpint (g_remove (path), ==, 0);
  ui_test_key ("<Control>s");
  ui_test_answer ("Replace");
  ui_test_wait (is_saved, window);
  g_assert_cmpint (file_width (path), ==, HEIGHT);
  ui_test_close (window);
}

/* Two windows of one file: the one that saves last is asked. */
static void
test_two_windows (void)
{
  g_autofree char *path = ui_test_save_picture ("Twice.png", WIDTH, HEIGHT, FALSE);
  LimnWindow *first = ui_test_open (path), *second = ui_test_open (path);

  turn (first);
  turn (second);
  turn (second); /* as wide as at first */
  ui_test_focus (GTK_WINDOW (first));
  ui_test_key ("<Control>s");
  ui_test_answer ("Replace");
  ui_test_wait (is_saved, first);
  ui_test_wait (has_bar, second);
  g_assert_false (has_bar (first));
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (try_to_save (second, TRUE, "disk-two")), "Cancel"));
  ui_test_wait (ui_test_has_no_dialog, second);
  g_assert_cmpint (file_width (path), ==, HEIGHT);
  ui_test_close (second);
  ui_test_close (first);
}

/* Another time of change is another state, and so is another size or file. */
static void
test_stamp (void)
{
  g_autofree char *path = ui_test_save_picture ("Stamp.png", WIDTH, HEIGHT, FALSE), *before = limn_file_dup_stamp (path);
  g_autofree char *same = limn_file_dup_stamp (path), *other = NULL;

  g_assert_cmpstr (before, ==, same);
  write_theirs (path);
  other = limn_file_dup_stamp (path);
  g_assert_cmpstr (before, !=, other);
  g_assert_null (limn_file_dup_stamp (ui_test_folder ())); /* no file */
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/disk/stamp", test_stamp);
  g_test_add_func ("/disk/bar", test_bar);
  g_test_add_func ("/disk/reload-edited", test_reload_edited);
  g_test_add_func ("/disk/save", test_save);
  g_test_add_func ("/disk/removed", test_removed);
  g_test_add_func ("/disk/two-windows", test_two_windows);
  return ui_test_run ();
}
