/* The application: what all windows share, and the ways in. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>

#include "limn-picture-provider.h"
#include "limn-recovery.h"
#include "limn-resources.h"
#include "limn-window.h"
#include "ui/adwaita/limn-about.h"
#include "ui/dialogs/limn-preferences.h"
#include "ui/many/limn-many.h"
#include "ui/widgets/limn-paths.h"
#include "ui/widgets/limn-shortcuts.h"

struct _LimnApplication {
  AdwApplication parent;
  LimnWorker *worker;
  GSettings *settings;
  gboolean recovery_offered;
  const char *first_command; /* the action to begin with, or NULL */
};

G_DEFINE_FINAL_TYPE (LimnApplication, limn_application, ADW_TYPE_APPLICATION)

static GSettings *
open_settings (void)
{
  g_autofree char *folder = limn_path_build_schemas ();
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
  g_autofree char *folder = limn_path_catalogues ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder);
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

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), g_str_equal (scheme, "light")  ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                                        : g_str_equal (scheme, "dark") ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                                                       : ADW_COLOR_SCHEME_DEFAULT);
}

/* The window that a command of the application is about; a new one where there is none. */
static LimnWindow *
get_window (LimnApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  while (window && !LIMN_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);
  for (GList *each = gtk_application_get_windows (GTK_APPLICATION (self)); each && !window; each = each->next)
    window = LIMN_IS_WINDOW (each->data) ? each->data : NULL;
  if (!window)
    window = GTK_WINDOW (limn_window_new (self));
  gtk_window_present (window);
  return LIMN_WINDOW (window);
}

static void
new_window (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  gtk_window_present (GTK_WINDOW (limn_window_new (LIMN_APPLICATION (user))));
}

static void
new_sketch (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  limn_window_ask_sketch (get_window (LIMN_APPLICATION (user)));
}

/* The one that is there, or a new one. */
static LimnMany *
get_many (LimnApplication *self)
{
  LimnMany *many = NULL;

  for (GList *each = gtk_application_get_windows (GTK_APPLICATION (self)); each && !many; each = each->next)
    many = LIMN_IS_MANY (each->data) ? each->data : NULL;
  if (!many)
    many = limn_many_new (GTK_APPLICATION (self), self->settings);
  gtk_window_present (GTK_WINDOW (many));
  return many;
}

void
limn_application_open_many (LimnApplication *self, GFile *const *files, guint n_files)
{
  LimnMany *many = get_many (self);

  for (guint i = 0; i < n_files; i++)
    limn_many_add (many, files[i]);
}

static void
many_pictures (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  get_many (LIMN_APPLICATION (user));
}

static void
preferences (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnApplication *self = LIMN_APPLICATION (user);

  gtk_window_present (limn_preferences_new (GTK_WINDOW (get_window (self)), self->settings));
}

static void
shortcuts (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  GtkWindow *window = limn_shortcuts_new_window ();

  gtk_window_set_transient_for (window, GTK_WINDOW (get_window (LIMN_APPLICATION (user))));
  gtk_window_present (window);
}

static void
about (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  limn_about_present (GTK_WINDOW (get_window (LIMN_APPLICATION (user))));
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
    { "new-sketch", new_sketch, NULL, NULL, NULL, { 0 } },
    { "many-pictures", many_pictures, NULL, NULL, NULL, { 0 } },
    { "preferences", preferences, NULL, NULL, NULL, { 0 } },
    { "shortcuts", shortcuts, NULL, NULL, NULL, { 0 } },
    { "about", about, NULL, NULL, NULL, { 0 } },
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
  limn_shortcuts_add_accels (GTK_APPLICATION (self));
  limn_picture_provider_clean ();
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
offer_recovery (LimnApplication *self, LimnWindow *window)
{
  if (!self->recovery_offered)
    limn_recovery_offer (window);
  self->recovery_offered = TRUE;
}

static void
limn_application_activate (GApplication *application)
{
  LimnApplication *self = LIMN_APPLICATION (application);
  const char *command = g_steal_pointer (&self->first_command);

  offer_recovery (self, get_window (self));
  if (command && !g_str_equal (command, "new-window")) /* that one is there already */
    g_action_group_activate_action (G_ACTION_GROUP (self), command, NULL);
}

/* Each file in a window of its own; one that shows the start page takes the first. Folders are for many pictures. */
static void
limn_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++) {
    LimnWindow *window;

    if (g_file_query_file_type (files[i], G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY) {
      limn_application_open_many (LIMN_APPLICATION (application), &files[i], 1);
      continue;
    }
    window = get_window (LIMN_APPLICATION (application));

    limn_window_open (window, files[i]);
    offer_recovery (LIMN_APPLICATION (application), window);
  }
}

static int
limn_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  LimnApplication *self = LIMN_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version")) {
    g_print ("Limn %s\n", LIMN_VERSION);
    return 0;
  }
  self->first_command = g_variant_dict_contains (options, "sketch")       ? "new-sketch"
                        : g_variant_dict_contains (options, "new-window") ? "new-window"
                                                                          : NULL;
  if (!self->first_command)
    return -1;
  if (!g_application_register (application, NULL, &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  if (!g_application_get_is_remote (application))
    return -1;
  g_action_group_activate_action (G_ACTION_GROUP (application), self->first_command, NULL);
  g_dbus_connection_flush_sync (g_application_get_dbus_connection (application), NULL, NULL);
  return 0;
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
limn_application_class_init (LimnApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = limn_application_dispose;
  application_class->startup = limn_application_startup;
  application_class->shutdown = limn_application_shutdown;
  application_class->activate = limn_application_activate;
  application_class->open = limn_application_open;
  application_class->handle_local_options = limn_application_handle_local_options;
}

static void
limn_application_init (LimnApplication *self)
{
  static const GOptionEntry options[] = {
    { "new-window", 'w', 0, G_OPTION_ARG_NONE, NULL, N_("Open another window"), NULL },
    { "sketch", 's', 0, G_OPTION_ARG_NONE, NULL, N_("Begin with an empty canvas"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the version"), NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[PICTURE…]"));
  g_application_set_option_context_summary (G_APPLICATION (self), _("Fill, colorize, sketch and upscale pictures."));
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
