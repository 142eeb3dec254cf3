/* Masks as pictures: saved, read again, refused. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "app/decode/limn-picture-load.h"
#include "app/document/limn-document-mask.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test.h"

enum { WIDTH = 700, HEIGHT = 500 };

static gboolean
exists (gpointer path)
{
  g_usleep (10000);
  g_main_context_wakeup (NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS) && !ui_test_find_chooser ();
}

static gboolean
has_mask (gpointer document)
{
  return limn_document_get_has_mask (document);
}

static LimnDocument *
make_document (void)
{
  g_autoptr (LimnPicture) photo = ui_test_picture (WIDTH, HEIGHT, FALSE);
  LimnDocument *document = limn_document_new (photo, NULL);

  return document;
}

/* GTK's dialog for files: types a path, and Enter. */
static void
choose (LimnWindow *window, const char *action, const char *path)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), action, NULL);
  ui_test_await_chooser ();
  if (g_str_equal (action, "save-mask"))
    ui_test_key ("<Control>a");
  ui_test_type (path);
  ui_test_key ("Return");
}

static void
test_round_trip (void)
{
  g_autoptr (LimnDocument) document = make_document (), other = make_document ();
  g_autofree char *path = g_build_filename (ui_test_folder (), "Saved.png", NULL);
  g_autofree guint8 *before = g_malloc (WIDTH * HEIGHT), *after = g_malloc (WIDTH * HEIGHT);
  const LimnRect all = { 0, 0, WIDTH, HEIGHT };
  LimnWindow *window = ui_test_window (document, 900, 600);
  GError *error = NULL;
  g_autoptr (LimnPicture) picture = NULL;

  g_object_set (limn_window_get_session (window), "live", FALSE, NULL);
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "save-mask"));
  limn_document_select_ellipse (document, 100.5, 50, 200, 120, LIMN_MASK_REPLACE); /* with a soft edge */
  choose (window, "save-mask", path);
  ui_test_wait (exists, path);
  ui_test_settle ();
  picture = limn_picture_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limn_picture_get_width (picture), ==, WIDTH);
  limn_raster_read (limn_document_get_plane (document, LIMN_DOCUMENT_MASK), &all, before, WIDTH);
  g_object_set (limn_window_get_session (window), "live", TRUE, NULL);
  ui_test_close (window);

  window = ui_test_window (other, 900, 600);
  choose (window, "open-mask", path);
  ui_test_wait (has_mask, other);
  limn_raster_read (limn_document_get_plane (other, LIMN_DOCUMENT_MASK), &all, after, WIDTH);
  g_assert_cmpmem (before, WIDTH * HEIGHT, after, WIDTH * HEIGHT);
  ui_test_focus (GTK_WINDOW (window));
  ui_test_key ("<Control>z");
  g_assert_false (limn_document_get_has_mask (other)); /* one step */
  ui_test_close (window);
}

/* A mask of another size is told of, and changes nothing. */
static void
test_wrong_size (void)
{
  g_autoptr (LimnDocument) document = make_document ();
  g_autofree char *path = ui_test_save_picture ("Wrong.png", 100, 80, TRUE);
  LimnWindow *window = ui_test_window (document, 900, 600);
  GtkWindow *dialog;

  choose (window, "open-mask", path);
  while (!ui_test_find_dialog (window) || ui_test_find_dialog (window) == ui_test_find_chooser ())
    g_main_context_iteration (NULL, TRUE);
  dialog = ui_test_await_dialog (window);
  g_assert_nonnull (
    ui_test_find_label (GTK_WIDGET (dialog), "The mask is 100 × 80 pixels and the picture 700 × 500: make them the same size."));
  ui_test_screenshot (GTK_WIDGET (dialog), "mask-size");
  ui_test_key ("Escape");
  ui_test_wait (ui_test_has_no_dialog, window);
  g_assert_false (limn_document_get_has_mask (document));
  ui_test_close (window);
}

/* __lsan_is_turned_off: GTK's dialog for files keeps some memory of its own. */
int __lsan_is_turned_off (void);
int
__lsan_is_turned_off (void)
{
  return 1;
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/mask/round-trip", test_round_trip);
  g_test_add_func ("/mask/wrong-size", test_wrong_size);
  return ui_test_run ();
}
