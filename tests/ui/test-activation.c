/* The program as other programs start it: by the session bus (org.freedesktop.Application). SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "ui-test.h"

#define NAME "org.limn.Limn"

static void
note_owner (GDBusConnection *bus, const char *name, const char *owner, gpointer user)
{
  *(gboolean *) user = TRUE;
}

static gboolean
is_set (gpointer user)
{
  return *(gboolean *) user;
}

typedef struct {
  int pid;
  const char *title;
} Wanted;

static gboolean
has_title (gpointer user)
{
  const Wanted *wanted = user;
  g_auto (GStrv) titles = NULL;

  /* Another process wakes nothing here. */
  g_usleep (20000);
  g_main_context_wakeup (NULL);
  titles = ui_test_dup_titles (wanted->pid);
  return g_strv_contains ((const char *const *) titles, wanted->title);
}

static void
call (GDBusConnection *bus, const char *method, GVariant *parameters)
{
  GError *error = NULL;
  g_autoptr (GVariant)
    reply G_GNUC_UNUSED = g_dbus_connection_call_sync (bus, NAME, "/org/limn/Limn", "org.freedesktop.Application", method, parameters, NULL,
                                                       G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, &error);

  g_assert_no_error (error);
}

static void
test_open (void)
{
  g_autofree char *path = ui_test_save_picture ("sent by bus.png", 320, 240, FALSE), *uri = g_filename_to_uri (path, NULL, NULL);
  const char *const uris[] = { uri, NULL };
  gboolean owned = FALSE;
  GError *error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_autoptr (GSubprocess) process = NULL;
  Wanted wanted;
  guint watch;

  g_assert_no_error (error);
  watch = g_bus_watch_name_on_connection (bus, NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, note_owner, NULL, &owned, NULL);
  process = ui_test_start_program ((const char *const[]){ "--gapplication-service", NULL });
  wanted.pid = (int) g_ascii_strtoll (g_subprocess_get_identifier (process), NULL, 10);
  ui_test_wait (is_set, &owned);
  g_bus_unwatch_name (watch);
  g_assert_false (ui_test_focus_process (wanted.pid)); /* a service shows nothing by itself */

  call (bus, "Open", g_variant_new ("(^as@a{sv})", uris, g_variant_new ("a{sv}", NULL)));
  wanted.title = "sent by bus.png";
  ui_test_wait (has_title, &wanted);
  g_assert_nonnull (g_subprocess_get_identifier (process));

  /* once more brings a window, not another process */
  call (bus, "ActivateAction", g_variant_new ("(s@av@a{sv})", "new-window", g_variant_new ("av", NULL), g_variant_new ("a{sv}", NULL)));
  wanted.title = "Limn";
  ui_test_wait (has_title, &wanted);
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  ui_test_init_outside (&argc, &argv);
  g_test_add_func ("/activation/open", test_open);
  return ui_test_run ();
}
