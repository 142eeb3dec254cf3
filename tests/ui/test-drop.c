/* Pictures from other programs: a drag by the pointer from another process, the clipboard, and back out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test-drag.h"

static gboolean
has_session (gpointer user)
{
  return ui_test_wait_a_little () && limn_window_get_session (user) != NULL;
}

/* A gray photo: opened, and offered to be colored. */
static void
test_drop_file (void)
{
  g_autofree char *path = ui_test_save_picture ("dropped.png", 700, 500, TRUE);
  LimnWindow *window = ui_test_window (NULL, 900, 600);

  ui_test_drop (window, path, has_session, window);
  g_assert_cmpint (limn_session_get_task (limn_window_get_session (window)), ==, LIMN_TASK_COLORIZE);
  g_assert_cmpstr (limn_document_get_path (limn_session_get_document (limn_window_get_session (window))), ==, path);
  ui_test_close (window);
}

static gboolean
has_mask (gpointer document)
{
  return ui_test_wait_a_little () && limn_document_get_has_mask (document);
}

/* A black and white picture of the photo's size: the mask, and no other window. */
static void
test_drop_mask (void)
{
  g_autoptr (LimnPicture) photo = ui_test_picture (700, 500, FALSE), picture = ui_test_picture (700, 500, TRUE);
  g_autoptr (LimnDocument) document = limn_document_new (photo, NULL);
  g_autofree char *path = g_build_filename (ui_test_folder (), "mask.png", NULL);
  LimnWindow *window = ui_test_window (document, 900, 600);
  LimnSaveOptions options;
  GError *error = NULL;
  LimnRect bounds;

  for (int y = 0; y < 500; y++)
    for (int x = 0; x < 700; x++)
      memset (limn_picture_get_data (picture) + (gsize) y * limn_picture_get_stride (picture) + 4 * x,
              x >= 100 && x < 180 && y >= 50 && y < 90 ? 255 : 0, 3);
  limn_save_options_init (&options, picture, LIMN_FORMAT_PNG);
  limn_picture_save (picture, path, &options, NULL, &error);
  g_assert_no_error (error);
  ui_test_drop (window, path, has_mask, document);
  bounds = limn_raster_get_bounds (limn_document_get_plane (document, LIMN_DOCUMENT_MASK));
  g_assert_cmpint (bounds.x, ==, 100);
  g_assert_cmpint (bounds.y, ==, 50);
  g_assert_cmpint (bounds.width, ==, 80);
  g_assert_cmpint (bounds.height, ==, 40);
  ui_test_close (window);
}

static gboolean
has_two_documents (gpointer user)
{
  guint n = 0;

  for (GList *each = gtk_application_get_windows (GTK_APPLICATION (ui_test_application ())); each; each = each->next)
    n += LIMN_IS_WINDOW (each->data) && limn_window_get_session (each->data);
  return n == 2;
}

/* Copy and paste: the picture that comes back in, in a window of its own, is the one that went out. */
static void
test_clipboard (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (700, 500, FALSE);
  g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
  LimnWindow *window = ui_test_window (document, 900, 600), *other = NULL;
  LimnPicture *pasted;

  ui_test_key ("<Control>c");
  ui_test_key ("<Control>v");
  ui_test_wait (has_two_documents, NULL);
  for (GList *each = gtk_application_get_windows (GTK_APPLICATION (ui_test_application ())); each; each = each->next) {
    if (each->data != window)
      other = each->data;
  }
  pasted = limn_document_get_photo (limn_session_get_document (limn_window_get_session (other)));
  g_assert_cmpint (limn_picture_get_width (pasted), ==, 700);
  g_assert_cmpmem (limn_picture_get_data (picture), 700 * 500 * 4, limn_picture_get_data (pasted), 700 * 500 * 4);
  ui_test_close (other);
  ui_test_close (window);
}

/* -- Dragging out -- */

/* The small picture in the header, dragged to a window that takes files, or pictures. */
static void
drag_out (GType type, UiTestTaken *taken)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (700, 500, FALSE);
  g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
  LimnWindow *window = ui_test_window (document, 900, 600);

  ui_test_drag_out (window, type, taken);
  ui_test_close (window);
}

static void
test_drag_file_out (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (700, 500, FALSE), arrived = NULL;
  UiTestTaken taken;
  g_autofree char *path = NULL, *name = NULL;
  GError *error = NULL;

  drag_out (GDK_TYPE_FILE_LIST, &taken);
  path = g_file_get_path (taken.file);
  name = g_file_get_basename (taken.file);
  g_assert_cmpstr (name, ==, "New Picture.png"); /* called as the document */
  arrived = limn_picture_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limn_picture_get_width (arrived), ==, 700);
  g_assert_cmpmem (limn_picture_get_data (arrived), 700 * 500 * 4, limn_picture_get_data (picture), 700 * 500 * 4);
  g_object_unref (taken.file);
}

static void
test_drag_picture_out (void)
{
  UiTestTaken taken;

  drag_out (GDK_TYPE_TEXTURE, &taken);
  g_assert_cmpint (gdk_texture_get_width (taken.texture), ==, 700);
  g_assert_cmpint (gdk_texture_get_height (taken.texture), ==, 500);
  g_object_unref (taken.texture);
}

int
main (int argc, char **argv)
{
  ui_test_init_drops (&argc, &argv);
  g_test_add_func ("/drop/file", test_drop_file);
  g_test_add_func ("/drop/mask", test_drop_mask);
  g_test_add_func ("/drop/clipboard", test_clipboard);
  g_test_add_func ("/drop/drag-file-out", test_drag_file_out);
  g_test_add_func ("/drop/drag-picture-out", test_drag_picture_out);
  return ui_test_run ();
}
