/* The dialogs that ask for files, by the keyboard: without a portal they are GTK's own. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test.h"

/* The dialog itself leaks in many places, so under the sanitizer no leaks are looked for here. */
int __lsan_is_turned_off (void);
int
__lsan_is_turned_off (void)
{
  return 1;
}

static gboolean
has_none (gpointer user)
{
  return !ui_test_find_chooser ();
}

static void
wait_chooser (const char *screenshot)
{
  ui_test_screenshot (GTK_WIDGET (ui_test_await_chooser ()), screenshot);
}

static void
test_open (void)
{
  g_autofree char *path = ui_test_save_picture ("Chosen.png", 320, 240, FALSE);
  LimnWindow *window = ui_test_window (NULL, 900, 600);

  ui_test_key ("<Control>o");
  wait_chooser ("chooser-open");
  ui_test_key ("Escape");
  ui_test_wait (has_none, NULL);
  g_assert_null (limn_window_get_session (window));

  ui_test_focus (GTK_WINDOW (window));
  ui_test_key ("<Control>o");
  wait_chooser ("chooser-open");
  ui_test_key ("<Control>l");
  ui_test_key ("<Control>a");
  ui_test_type (path);
  ui_test_key ("Return");
  ui_test_wait (ui_test_has_session, window);
  ui_test_wait (has_none, NULL);
  g_assert_cmpstr (limn_document_get_path (ui_test_get_document (window)), ==, path);
  g_assert_cmpint (limn_document_get_width (ui_test_get_document (window)), ==, 320);
  ui_test_close (window);
}

typedef struct {
  LimnDocument *document;
  const char *path;
} Saved;

static gboolean
is_saved (gpointer user)
{
  const Saved *saved = user;

  return !limn_document_get_modified (saved->document) && g_strcmp0 (limn_document_get_path (saved->document), saved->path) == 0;
}

/* A name without an ending is a picture as the original is; one with an ending is what that says. A copy's name is suggested. */
static void
test_save_as (gconstpointer ending)
{
  g_autofree char *photo = ui_test_save_picture ("Before.png", 320, 240, FALSE);
  g_autofree char *named = g_strconcat ("After", (const char *) ending, NULL), *typed = g_build_filename (ui_test_folder (), named, NULL);
  g_autofree char *path = *(const char *) ending ? g_strdup (typed) : g_strconcat (typed, ".png", NULL);
  g_autofree char *suggested = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (photo);
  LimnWindow *window = ui_test_window (NULL, 900, 600);
  GtkWindow *chooser;
  GError *error = NULL;

  limn_window_open (window, file);
  ui_test_wait (ui_test_has_session, window);
  g_object_set (limn_window_get_session (window), "live", FALSE, NULL);
  ui_test_settle ();
  ui_test_key ("<Control>a"); /* a mask */
  g_assert_true (limn_document_get_modified (ui_test_get_document (window)));
  ui_test_key ("<Control><Shift>s");
  wait_chooser ("chooser-save");
  chooser = ui_test_await_chooser ();
  suggested = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  g_assert_cmpstr (suggested, ==, "Before-edited.png");
  ui_test_key ("<Control>a"); /* the name has the focus */
  ui_test_type (typed);
  ui_test_key ("Return");
  ui_test_wait (is_saved, &(Saved){ ui_test_get_document (window), path });
  ui_test_wait (has_none, NULL);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  if (g_str_has_suffix (path, ".png")) {
    g_autoptr (LimnPicture) saved = limn_picture_load (path, NULL, &error), before = limn_picture_load (photo, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpmem (limn_picture_get_data (saved), 320 * 240 * 4, limn_picture_get_data (before), 320 * 240 * 4);
  }
  g_remove (path);
  ui_test_close (window);
}

/* A copy of a JPEG beside it, without a word about formats: the original stays, and Export offers JPEG from then on. */
static void
test_save_copy (void)
{
  g_autofree char *photo = ui_test_save_picture ("Cat.jpg", 320, 240, FALSE),
                  *copy = g_build_filename (ui_test_folder (), "Cat-edited.jpg", NULL);
  g_autofree char *before = NULL, *after = NULL, *format = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (photo);
  LimnWindow *window = ui_test_window (NULL, 900, 600);
  gsize n_before, n_after;
  GtkWidget *dialog;

  g_assert_true (g_file_get_contents (photo, &before, &n_before, NULL));
  limn_window_open (window, file);
  ui_test_wait (ui_test_has_session, window);
  g_object_set (limn_window_get_session (window), "live", FALSE, NULL);
  ui_test_settle ();
  ui_test_key ("<Control>a");
  ui_test_key ("<Control>s");
  dialog = GTK_WIDGET (ui_test_await_dialog (window));
  ui_test_screenshot (dialog, "save-photo");
  ui_test_key ("Return"); /* what is suggested */
  wait_chooser ("chooser-copy");
  ui_test_key ("Return");
  ui_test_wait (is_saved, &(Saved){ ui_test_get_document (window), copy });
  g_assert_true (g_file_get_contents (photo, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
  format = g_settings_get_string (limn_application_get_settings (ui_test_application ()), "last-export-format");
  g_assert_cmpstr (format, ==, "jpeg");
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/choosers/open", test_open);
  g_test_add_data_func ("/choosers/save-as-photo", "", test_save_as);
  g_test_add_data_func ("/choosers/save-as-document", ".ora", test_save_as);
  g_test_add_data_func ("/choosers/save-as-picture", ".png", test_save_as);
  g_test_add_func ("/choosers/save-copy", test_save_copy);
  return ui_test_run ();
}
