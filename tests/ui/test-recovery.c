/* Limn is killed in the middle of work; the next start offers it. SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>

#include "app/autosave/limn-autosave.h"
#include "ui-test.h"

static gboolean
has_window (gpointer user)
{
  /* Another process wakes nothing here. */
  g_usleep (20000);
  g_main_context_wakeup (NULL);
  return ui_test_focus_process (GPOINTER_TO_INT (user));
}

static gboolean
has_manifest (gpointer user)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "limn", "autosave", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_usleep (20000);
  g_main_context_wakeup (NULL);
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *manifest = g_build_filename (folder, name, "manifest.json", NULL);

    if (g_file_test (manifest, G_FILE_TEST_EXISTS))
      return TRUE;
  }
  /* Keys that came before the window listened are lost. */
  ui_test_focus_process (GPOINTER_TO_INT (user));
  ui_test_send_key (GDK_KEY_Control_L, TRUE);
  ui_test_send_key (GDK_KEY_a, TRUE);
  ui_test_send_key (GDK_KEY_a, FALSE);
  ui_test_send_key (GDK_KEY_Control_L, FALSE);
  g_usleep (200000);
  return FALSE;
}

static gboolean
has_document (gpointer user)
{
  LimnWindow **found = user;

  for (GList *each = gtk_application_get_windows (GTK_APPLICATION (ui_test_application ())); each; each = each->next) {
    if (LIMN_IS_WINDOW (each->data) && limn_window_get_session (each->data))
      *found = each->data;
  }
  return *found != NULL;
}

static gboolean
has_offer (gpointer user)
{
  GtkWidget **found = user;
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *each = windows; each; each = each->next) {
    if (ADW_IS_MESSAGE_DIALOG (each->data) && gtk_widget_get_mapped (each->data))
      *found = each->data;
  }
  return *found != NULL;
}

static gboolean
nothing_left (gpointer user)
{
  g_autoptr (GPtrArray) left = limn_autosave_list (NULL);

  g_usleep (20000);
  g_main_context_wakeup (NULL);
  return left->len == 0;
}

static void
test_kill (void)
{
  g_autofree char *path = ui_test_save_picture ("killed.png", 900, 700, FALSE);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GPtrArray) left = NULL;
  GtkWidget *offer = NULL;
  LimnWindow *window = NULL;
  LimnDocument *document;
  GError *error = NULL;
  int pid;

  /* An instance of its own, not this one's messenger. */
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("LIMN_PROGRAM"), path, NULL);
  g_assert_no_error (error);
  pid = (int) g_ascii_strtoll (g_subprocess_get_identifier (process), NULL, 10);
  ui_test_wait (has_window, GINT_TO_POINTER (pid));
  ui_test_wait (has_manifest, GINT_TO_POINTER (pid));
  g_subprocess_send_signal (process, SIGKILL);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  left = limn_autosave_list (NULL);
  g_assert_cmpuint (left->len, ==, 1);
  g_clear_pointer (&left, g_ptr_array_unref); /* it holds the locks */

  g_application_activate (G_APPLICATION (ui_test_application ()));
  ui_test_wait (has_offer, &offer);
  ui_test_focus (GTK_WINDOW (offer));
  ui_test_screenshot (offer, "recovery");
  ui_test_click_middle (ui_test_find_label (offer, "Recover"));
  ui_test_wait (has_document, &window);
  document = limn_session_get_document (limn_window_get_session (window));
  g_assert_true (limn_document_get_modified (document));
  g_assert_true (limn_document_get_has_mask (document));
  g_assert_cmpint (limn_document_get_width (document), ==, 900);
  g_assert_cmpstr (limn_document_get_path (document), ==, path);
  ui_test_wait (nothing_left, NULL);
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/recovery/kill", test_kill);
  return ui_test_run ();
}
