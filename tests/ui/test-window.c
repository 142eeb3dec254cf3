/* The window by itself: ways in and out, title, keys. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-file.h"
#include "ui-test.h"

static gboolean
has_document (gpointer user)
{
  g_autofree char *title = NULL;

  g_object_get (user, "title", &title, NULL);
  return g_str_equal (title, "a photo.png");
}

static void
test_open (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (320, 200, FALSE);
  g_autofree char *path = g_build_filename (ui_test_folder (), "a photo.png", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  LimnWindow *window = ui_test_window (NULL, 900, 600);
  LimnSaveOptions options;
  GError *error = NULL;

  limn_save_options_init (&options, picture, LIMN_FORMAT_PNG);
  g_assert_true (limn_picture_save (picture, path, &options, NULL, &error));
  g_assert_no_error (error);
  ui_test_screenshot (GTK_WIDGET (window), "start");
  limn_window_open (window, file);
  ui_test_wait (has_document, window);
  ui_test_screenshot (GTK_WIDGET (window), "opened");
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/window/open", test_open);
  return ui_test_run ();
}
