/* A photo that is cut short opens as far as it goes; a bar says so and offers the rest as a hole to fill. The damaged file isn't replaced
 * without a word. By pointer and keys, with the shipped networks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/limn-document-canvas.h"
#include "app/document/limn-document-layers.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test.h"

enum { WIDTH = 320, HEIGHT = 240 };

/* The file's path; free with g_free. */
static char *
save_cut (const char *name, double part)
{
  char *path = ui_test_save_picture (name, WIDTH, HEIGHT, FALSE), *data;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  g_assert_true (g_file_set_contents (path, data, (gssize) (part * (double) size), NULL));
  g_free (data);
  return path;
}

static gboolean
is_shown (GtkWidget *widget)
{
  return widget && gtk_revealer_get_reveal_child (GTK_REVEALER (gtk_widget_get_ancestor (widget, GTK_TYPE_REVEALER)));
}

static GtkWidget *
find_button (LimnWindow *window)
{
  return ui_test_find_action (GTK_WIDGET (window), "win.fill-missing", NULL);
}

static gboolean
has_result (gpointer window)
{
  return g_list_model_get_n_items (limn_document_get_layers (ui_test_get_document (window))) == 1;
}

/* Whether no pixel of what would be saved is transparent. */
static gboolean
is_whole (LimnDocument *document)
{
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
  g_autoptr (LimnPicture) picture = limn_snapshot_flatten (snapshot, G_MAXUINT, NULL);

  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    if (limn_picture_get_data (picture)[4 * i + 3] < 255)
      return FALSE;
  return TRUE;
}

/* The button selects what is missing, in Fill, and Enter fills it; Save then tells why a copy is better. */
static void
test_fill (void)
{
  g_autofree char *path = save_cut ("Damaged.jpg", 0.7), *before = NULL, *after = NULL;
  LimnWindow *window = ui_test_open (path);
  LimnDocument *document = ui_test_get_document (window);
  const LimnPictureLoss *loss = limn_picture_get_loss (limn_document_get_photo (document));
  LimnRect mask;

  g_assert_cmpuint (loss->height, >, 10);
  g_assert_cmpuint (loss->height, <, HEIGHT / 2);
  g_assert_true (is_shown (find_button (window)));
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (window), "“Damaged.jpg” is damaged: a part of the picture is missing."));
  g_assert_false (limn_document_get_modified (document));
  g_assert_false (is_whole (document));
  ui_test_screenshot (GTK_WIDGET (window), "damaged");
  limn_session_set_task (limn_window_get_session (window), LIMN_TASK_COLORIZE);
  ui_test_click_middle (find_button (window));
  g_assert_cmpint (limn_session_get_task (limn_window_get_session (window)), ==, LIMN_TASK_FILL);
  mask = limn_raster_get_bounds (limn_document_get_plane (document, LIMN_DOCUMENT_MASK));
  g_assert_cmpint (mask.x, ==, 0);
  g_assert_cmpint (mask.y, ==, (int) loss->y);
  g_assert_cmpint (mask.width, ==, WIDTH);
  g_assert_cmpint (mask.height, ==, (int) loss->height);
  ui_test_settle ();
  g_assert_false (is_shown (find_button (window)));
  ui_test_screenshot (GTK_WIDGET (window), "damaged-selected");
  ui_test_key ("Return");
  ui_test_wait (has_result, window);
  ui_test_settle ();
  g_assert_true (is_whole (document));
  ui_test_screenshot (GTK_WIDGET (window), "damaged-filled");
  g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
  ui_test_key ("<Control>s");
  g_assert_nonnull (
    ui_test_find_label (GTK_WIDGET (ui_test_await_dialog (window)),
                        "The file is damaged, and another program may still get more out of it. A copy leaves it as it is."));
  ui_test_screenshot (GTK_WIDGET (ui_test_find_dialog (window)), "damaged-save");
  ui_test_answer ("Cancel");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
  ui_test_close (window);
}

/* The missing part of a picture that was turned is where it is seen; that of one that was cropped isn't known. */
static void
test_changed (void)
{
  g_autofree char *path = save_cut ("Turned.png", 0.5);
  LimnWindow *window = ui_test_open (path);
  LimnDocument *document = ui_test_get_document (window);
  LimnRect mask;

  ui_test_key ("<Control>r"); /* what is below comes to the left */
  ui_test_finish (document);
  ui_test_settle ();
  g_assert_true (is_shown (find_button (window)));
  g_assert_true (limn_document_crop (document, &(LimnRect){ 0, 0, HEIGHT / 2, HEIGHT }, NULL));
  ui_test_finish (document);
  ui_test_settle ();
  g_assert_false (is_shown (find_button (window)));
  g_assert_true (limn_document_undo (document, NULL));
  ui_test_settle ();
  g_action_group_activate_action (G_ACTION_GROUP (window), "fill-missing", NULL);
  mask = limn_raster_get_bounds (limn_document_get_plane (document, LIMN_DOCUMENT_MASK));
  g_assert_cmpint (mask.x, ==, 0);
  g_assert_cmpint (mask.y, ==, 0);
  g_assert_cmpint (mask.width, <, HEIGHT);
  g_assert_cmpint (mask.height, ==, WIDTH);
  ui_test_close (window);
}

/* Nothing is said of a whole file, nor of one that lacks nothing that is seen; one without pixels is an error. */
static void
test_others (void)
{
  g_autofree char *whole = save_cut ("Whole.jpg", 1), *no_end = ui_test_save_picture ("NoEnd.png", WIDTH, HEIGHT, FALSE);
  g_autofree char *none = save_cut ("None.webp", 0.02), *data = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (none);
  gsize size;
  LimnWindow *window = ui_test_open (whole);

  g_assert_false (is_shown (find_button (window)));
  ui_test_close (window);
  g_assert_true (g_file_get_contents (no_end, &data, &size, NULL));
  g_assert_true (g_file_set_contents (no_end, data, (gssize) size - 12, NULL)); /* IEND */
  window = ui_test_open (no_end);
  g_assert_false (is_shown (find_button (window)));
  ui_test_close (window);
  window = ui_test_window (NULL, 900, 600);
  limn_window_open (window, file);
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (ui_test_await_dialog (window)), "Close"));
  g_assert_false (ui_test_has_session (window));
  ui_test_answer ("Close");
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/damaged/fill", test_fill);
  g_test_add_func ("/damaged/changed", test_changed);
  g_test_add_func ("/damaged/others", test_others);
  return ui_test_run ();
}
