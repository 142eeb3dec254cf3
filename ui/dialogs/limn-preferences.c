/* The preferences window. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-preferences.h"

#include <glib/gi18n.h>

struct _LimnPreferences {
  AdwPreferencesWindow parent;
  GSettings *settings;
  AdwComboRow *color_scheme, *preview_quality;
  GtkSwitch *brush_pressure, *draw_with_finger, *second_pass;
  GtkAdjustment *threads, *memory;
  AdwActionRow *models_row;
  GtkWidget *models_reset;
};

G_DEFINE_FINAL_TYPE (LimnPreferences, limn_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* A setting of a few words to a row of a list and back; user: the words, in the row's order. */
static gboolean
word_to_row (GValue *value, GVariant *variant, gpointer user)
{
  const char *const *words = user;

  for (guint i = 0; words[i]; i++) {
    if (g_str_equal (words[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);
  }
  return TRUE;
}

static GVariant *
row_to_word (const GValue *value, const GVariantType *type, gpointer user)
{
  const char *const *words = user;

  return g_value_get_uint (value) < g_strv_length ((char **) words) ? g_variant_new_string (words[g_value_get_uint (value)]) : NULL;
}

static gboolean
steps_to_switch (GValue *value, GVariant *variant, gpointer user)
{
  g_value_set_boolean (value, g_variant_get_int32 (variant) > 1);
  return TRUE;
}

static GVariant *
switch_to_steps (const GValue *value, const GVariantType *type, gpointer user)
{
  return g_variant_new_int32 (g_value_get_boolean (value) ? 2 : 1);
}

static void
update_models (LimnPreferences *self)
{
  g_autofree char *folder = g_settings_get_string (self->settings, "models-folder");
  g_autofree char *shown = *folder ? g_filename_display_name (folder) : NULL;

  adw_action_row_set_subtitle (self->models_row, shown ? shown : _("Those that came with Limn"));
  gtk_widget_set_visible (self->models_reset, shown != NULL);
}

static void
reset_models (LimnPreferences *self)
{
  g_settings_reset (self->settings, "models-folder");
}

static gboolean
has_networks (const char *folder)
{
  static const char *const names[] = { "base.safetensors", "detail.safetensors", "see.safetensors" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
      return FALSE;
  }
  return TRUE;
}

static void
models_chosen (GtkNativeDialog *dialog, int response, LimnPreferences *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    g_autofree char *path = file ? g_file_get_path (file) : NULL;

    if (path && has_networks (path))
      g_settings_set_string (self->settings, "models-folder", path);
    else
      adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self),
                                        adw_toast_new (_("Choose a folder with base, detail and see.safetensors.")));
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
choose_models (LimnPreferences *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Folder of Networks"), GTK_WINDOW (self),
                                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (models_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
limn_preferences_dispose (GObject *object)
{
  LimnPreferences *self = LIMN_PREFERENCES (object);

  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  gtk_widget_dispose_template (GTK_WIDGET (self), LIMN_TYPE_PREFERENCES);
  G_OBJECT_CLASS (limn_preferences_parent_class)->dispose (object);
}

static void
limn_preferences_class_init (LimnPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = limn_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/limn/Limn/ui/limn-preferences.ui");
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_preferences_reset_models", G_CALLBACK (reset_models));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_preferences_choose_models", G_CALLBACK (choose_models));
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, color_scheme);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, preview_quality);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, brush_pressure);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, draw_with_finger);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, second_pass);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, threads);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, memory);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, models_row);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, models_reset);
}

static void
limn_preferences_init (LimnPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
limn_preferences_new (GtkWindow *parent, GSettings *settings)
{
  static const char *const schemes[] = { "system", "light", "dark", NULL }, *const qualities[] = { "quick", "full", NULL };
  LimnPreferences *self = g_object_new (LIMN_TYPE_PREFERENCES, "transient-for", parent, NULL);
  const GSettingsBindFlags flags = G_SETTINGS_BIND_DEFAULT;

  self->settings = g_object_ref (settings);
  g_settings_bind_with_mapping (settings, "color-scheme", self->color_scheme, "selected", flags, word_to_row, row_to_word,
                                (gpointer) schemes, NULL);
  g_settings_bind_with_mapping (settings, "preview-quality", self->preview_quality, "selected", flags, word_to_row, row_to_word,
                                (gpointer) qualities, NULL);
  g_settings_bind (settings, "brush-pressure", self->brush_pressure, "active", flags);
  g_settings_bind (settings, "draw-with-finger", self->draw_with_finger, "active", flags);
  g_settings_bind_with_mapping (settings, "steps", self->second_pass, "active", flags, steps_to_switch, switch_to_steps, NULL, NULL);
  g_settings_bind (settings, "threads", self->threads, "value", flags);
  g_settings_bind (settings, "history-memory", self->memory, "value", flags);
  g_signal_connect_swapped (settings, "changed::models-folder", G_CALLBACK (update_models), self);
  update_models (self);
  return GTK_WINDOW (self);
}
