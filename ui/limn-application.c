/* The application: what all windows share, and the ways in. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>

#include "limn-resources.h"
#include "limn-window.h"

struct _LimnApplication {
  AdwApplication parent;
  LimnWorker *worker;
  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (LimnApplication, limn_application, ADW_TYPE_APPLICATION)

/* <folder of the program>/../name: there when Limn runs from its build folder, else NULL. */
static char *
build_folder (const char *name, const char *witness)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname (program) : NULL;
  g_autofree char *found = folder ? g_build_filename (folder, "..", name, NULL) : NULL;
  g_autofree char *file = found ? g_build_filename (found, witness, NULL) : NULL;

  return file && g_file_test (file, G_FILE_TEST_EXISTS) ? g_steal_pointer (&found) : NULL;
}

static GSettings *
open_settings (void)
{
  g_autofree char *folder = build_folder ("data", "gschemas.compiled");
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  if (folder)
    source = g_settings_schema_source_new_from_directory (folder, g_settings_schema_source_get_default (), FALSE, NULL);
  schema = source ? g_settings_schema_source_lookup (source, "org.limn.Limn", FALSE) : NULL;
  return schema ? g_settings_new_full (schema, NULL, NULL) : g_settings_new ("org.limn.Limn");
}

static void
open_catalogue (void)
{
  g_autofree char *folder = build_folder ("po", "de/LC_MESSAGES/limn.mo");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder ? folder : LIMN_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
configure_worker (LimnApplication *self)
{
  g_autofree char *models = g_settings_get_string (self->settings, "models-folder");

  limn_worker_configure (self->worker, *models ? models : NULL, g_settings_get_int (self->settings, "threads"));
}

static void
apply_color_scheme (LimnApplication *self)
{
  g_autofree char *scheme = g_settings_get_string (self->settings, "color-scheme");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      g_str_equal (scheme, "light")  ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                      : g_str_equal (scheme, "dark") ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                     : ADW_COLOR_SCHEME_DEFAULT);
}

static void
new_window (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  gtk_window_present (GTK_WINDOW (limn_window_new (LIMN_APPLICATION (user))));
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user)));

  /* Each window asks for its own unsaved work; the last one to go ends the application. */
  for (GList *each = windows; each; each = each->next)
    gtk_window_close (each->data);
}

static void
limn_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { "new-window", new_window, NULL, NULL, NULL, { 0 } },
    { "quit", quit, NULL, NULL, NULL, { 0 } },
  };
  LimnApplication *self = LIMN_APPLICATION (application);
  g_autofree char *models = NULL;

  G_APPLICATION_CLASS (limn_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name ("org.limn.Limn");
  self->settings = open_settings ();
  models = g_settings_get_string (self->settings, "models-folder");
  self->worker = limn_worker_new (*models ? models : NULL, g_settings_get_int (self->settings, "threads"));
  g_signal_connect_swapped (self->settings, "changed::threads", G_CALLBACK (configure_worker), self);
  g_signal_connect_swapped (self->settings, "changed::models-folder", G_CALLBACK (configure_worker), self);
  g_signal_connect_swapped (self->settings, "changed::color-scheme", G_CALLBACK (apply_color_scheme), self);
  apply_color_scheme (self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

static void
limn_application_shutdown (GApplication *application)
{
  LimnApplication *self = LIMN_APPLICATION (application);

  if (self->worker)
    limn_worker_shutdown (self->worker);
  G_APPLICATION_CLASS (limn_application_parent_class)->shutdown (application);
}

static void
limn_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  gtk_window_present (window ? window : GTK_WINDOW (limn_window_new (LIMN_APPLICATION (application))));
}

/* Each file in a window of its own. */
static void
limn_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++) {
    LimnWindow *window = limn_window_new (LIMN_APPLICATION (application));

    gtk_window_present (GTK_WINDOW (window));
    limn_window_open (window, files[i]);
  }
}

static void
limn_application_dispose (GObject *object)
{
  LimnApplication *self = LIMN_APPLICATION (object);

  g_clear_object (&self->worker);
  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (limn_application_parent_class)->dispose (object);
}

static void
limn_application_class_init (LimnApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_application_dispose;
  application_class->startup = limn_application_startup;
  application_class->shutdown = limn_application_shutdown;
  application_class->activate = limn_application_activate;
  application_class->open = limn_application_open;
}

static void
limn_application_init (LimnApplication *self)
{
}

LimnApplication *
limn_application_new (void)
{
  open_catalogue ();
  limn_register_resource ();
  return g_object_new (LIMN_TYPE_APPLICATION, "application-id", "org.limn.Limn", "flags", G_APPLICATION_HANDLES_OPEN, NULL);
}

LimnWorker *
limn_application_get_worker (LimnApplication *self)
{
  g_return_val_if_fail (LIMN_IS_APPLICATION (self), NULL);
  return self->worker;
}

GSettings *
limn_application_get_settings (LimnApplication *self)
{
  g_return_val_if_fail (LIMN_IS_APPLICATION (self), NULL);
  return self->settings;
}
