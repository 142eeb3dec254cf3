/* What is to be done to many pictures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-many-settings.h"

#include <glib/gi18n.h>

#include "app/base/limn-app-error.h"
#include "app/batch/limn-batch-names.h"
#include "app/formats/limn-input.h"
#include "app/picture/limn-format.h"
#include "limn-many-parameters.h"

#define MASKS "{name}.mask.png"

struct _LimnManySettings {
  AdwBin parent;
  AdwPreferencesGroup *edit_group;
  AdwComboRow *edit_row, *format_row;
  AdwActionRow *recipe_row, *folder_row;
  GtkWidget *layers_row, *watch_row, *recipe_button, *folder_button;
  AdwEntryRow *masks_row, *name_row;
  GtkSwitch *layers_switch, *recursive_switch, *watch_switch;

  GSettings *settings;
  LimnManyParameters *parameters[LIMN_N_TASKS]; /* NULL: not for many */
  char *place, *chosen, *folder;                /* of the results: beside what, what was chosen or NULL, where it is now */
  char *recipe;                                 /* path, or NULL */
  GPtrArray *recipe_edits;                      /* of LimnEdit, once they are read */
  GError *recipe_error;
  GCancellable *reading;
  gboolean locked;
};

enum { CHANGED, WATCH, RECURSIVE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LimnManySettings, limn_many_settings, ADW_TYPE_BIN)

static void
changed (LimnManySettings *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* -- The edit -- */

/* The kind of the row that is chosen; LIMN_N_TASKS: a recipe. */
static LimnTask
get_task (LimnManySettings *self)
{
  guint row = adw_combo_row_get_selected (self->edit_row);

  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    if (self->parameters[task] && row-- == 0)
      return task;
  return LIMN_N_TASKS;
}

static void
select_task (LimnManySettings *self, LimnTask chosen)
{
  guint row = 0;

  for (LimnTask task = 0; task < chosen; task++)
    row += self->parameters[task] != NULL;
  adw_combo_row_set_selected (self->edit_row, row);
}

/* In the folder of the pictures, called as the edit. */
static void
update_folder (LimnManySettings *self)
{
  const LimnTask task = get_task (self);
  const char *name = task < LIMN_N_TASKS ? _(limn_task_get_kind (task)->label) : _("Edited");
  g_autofree char *shown = NULL;

  g_free (self->folder);
  self->folder = self->chosen ? g_strdup (self->chosen) : self->place ? g_build_filename (self->place, name, NULL) : NULL;
  shown = self->folder ? g_filename_display_name (self->folder) : g_strdup (_("Beside the pictures"));
  adw_action_row_set_subtitle (self->folder_row, shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->folder_row), self->folder ? shown : NULL);
}

/* A fill has a mask beside each picture; a recipe its own, unless others are named. */
static void
suggest_masks (LimnManySettings *self, gboolean beside)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->masks_row));

  if (g_str_equal (text, beside ? "" : MASKS))
    gtk_editable_set_text (GTK_EDITABLE (self->masks_row), beside ? MASKS : "");
}

static void
edit_changed (LimnManySettings *self)
{
  const LimnTask chosen = get_task (self);
  const gboolean recipe = chosen == LIMN_N_TASKS;

  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    if (self->parameters[task])
      limn_many_parameters_show (self->parameters[task], task == chosen);
  gtk_widget_set_visible (GTK_WIDGET (self->recipe_row), recipe);
  gtk_widget_set_visible (self->layers_row, recipe);
  gtk_widget_set_visible (GTK_WIDGET (self->masks_row), recipe || limn_task_get_kind (chosen)->needs & LIMN_TAKES_MASK);
  suggest_masks (self, !recipe);
  update_folder (self);
  changed (self);
}

/* -- Recipes -- */

typedef struct {
  char *path;
  gboolean last;
} Reading;

static void
free_reading (gpointer data)
{
  Reading *reading = data;

  g_free (reading->path);
  g_free (reading);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Reading *reading = data;
  GError *error = NULL;
  GPtrArray *edits = limn_input_load_edits (reading->path, reading->last, cancellable, &error);

  if (edits)
    g_task_return_pointer (task, edits, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
read_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnManySettings) self = user;
  g_autoptr (GError) error = NULL;
  GPtrArray *edits = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->reading != g_task_get_cancellable (G_TASK (result))) {
    g_clear_pointer (&edits, g_ptr_array_unref);
    return;
  }
  g_clear_object (&self->reading);
  self->recipe_edits = edits;
  self->recipe_error = g_steal_pointer (&error);
  changed (self);
}

static void
forget_recipe (LimnManySettings *self)
{
  if (self->reading)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->recipe_edits, g_ptr_array_unref);
  g_clear_error (&self->recipe_error);
}

static void
read_recipe (LimnManySettings *self)
{
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  forget_recipe (self);
  if (!self->recipe)
    return;
  reading = g_new (Reading, 1);
  *reading = (Reading){ g_strdup (self->recipe), !gtk_switch_get_active (self->layers_switch) };
  self->reading = g_cancellable_new ();
  task = g_task_new (NULL, self->reading, read_done, g_object_ref (self));
  g_task_set_task_data (task, reading, free_reading);
  g_task_run_in_thread (task, read_thread);
  changed (self);
}

void
limn_many_settings_set_recipe (LimnManySettings *self, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_free (self->recipe);
  self->recipe = g_strdup (path);
  adw_action_row_set_subtitle (self->recipe_row, name);
  adw_combo_row_set_selected (self->edit_row, g_list_model_get_n_items (adw_combo_row_get_model (self->edit_row)) - 1);
  read_recipe (self);
}

/* -- Choosing -- */

static void
recipe_chosen (GtkNativeDialog *dialog, int response, LimnManySettings *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    g_autofree char *path = file ? g_file_get_path (file) : NULL;

    if (path)
      limn_many_settings_set_recipe (self, path);
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
choose_recipe (LimnManySettings *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Choose a Recipe"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                              GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  g_autoptr (GtkFileFilter) recipes = gtk_file_filter_new ();

  gtk_file_filter_set_name (recipes, _("Documents and Recipes"));
  gtk_file_filter_add_suffix (recipes, "ora");
  gtk_file_filter_add_suffix (recipes, "json");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), recipes);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (recipe_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
limn_many_settings_choose (LimnManySettings *self, const char *folder)
{
  g_free (self->chosen);
  self->chosen = g_strdup (folder);
  update_folder (self);
  changed (self);
}

static void
folder_chosen (GtkNativeDialog *dialog, int response, LimnManySettings *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    g_autofree char *path = file ? g_file_get_path (file) : NULL;

    if (path)
      limn_many_settings_choose (self, path);
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
choose_folder (LimnManySettings *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Folder of the Results"),
                                                              GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (folder_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* -- Asking -- */

void
limn_many_settings_set_place (LimnManySettings *self, const char *place)
{
  if (g_strcmp0 (self->place, place) == 0)
    return;
  g_free (self->place);
  self->place = g_strdup (place);
  update_folder (self);
}

const char *
limn_many_settings_get_folder (LimnManySettings *self)
{
  return self->folder;
}

const char *
limn_many_settings_get_verb (LimnManySettings *self)
{
  const LimnTask task = get_task (self);

  return task < LIMN_N_TASKS ? _(limn_task_get_kind (task)->verb) : _("Start");
}

gboolean
limn_many_settings_get_recursive (LimnManySettings *self)
{
  return gtk_switch_get_active (self->recursive_switch);
}

gboolean
limn_many_settings_get_watch (LimnManySettings *self)
{
  return gtk_widget_get_sensitive (self->watch_row) && gtk_switch_get_active (self->watch_switch);
}

void
limn_many_settings_allow_watch (LimnManySettings *self, gboolean allow)
{
  gtk_widget_set_sensitive (self->watch_row, allow);
}

void
limn_many_settings_lock (LimnManySettings *self, gboolean lock)
{
  GtkWidget *const rows[] = { GTK_WIDGET (self->edit_group), GTK_WIDGET (self->folder_row), GTK_WIDGET (self->name_row),
                              GTK_WIDGET (self->format_row), GTK_WIDGET (self->recursive_switch) };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_widget_set_sensitive (rows[i], !lock);
}

/* Of LimnEdit; NULL and error where there is none yet. */
static GPtrArray *
dup_edits (LimnManySettings *self, GError **error)
{
  const LimnTask task = get_task (self);
  GPtrArray *edits;

  if (task < LIMN_N_TASKS) {
    edits = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_edit_free);
    g_ptr_array_add (edits, limn_edit_copy (limn_many_parameters_get_edit (self->parameters[task])));
    return edits;
  }
  if (self->recipe_edits)
    return g_ptr_array_ref (self->recipe_edits);
  if (self->recipe_error)
    g_propagate_error (error, g_error_copy (self->recipe_error));
  else
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                         self->reading ? _("Reading the recipe…")
                                       : _("Choose a recipe: a document whose layers tell how they were made."));
  return NULL;
}

/* The text of a row that is shown and filled in, or NULL. */
static const char *
text_of (AdwEntryRow *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  return gtk_widget_get_visible (GTK_WIDGET (row)) && *text ? text : NULL;
}

/* The formats' rows, after "as the photos", are those that are built in, in their order. */
static const char *
get_ending (LimnManySettings *self)
{
  guint row = adw_combo_row_get_selected (self->format_row);

  for (guint i = 0; row > 0 && i < LIMN_N_FORMATS; i++)
    if (limn_format_get_info ((LimnFormat) i) && --row == 0)
      return limn_format_get_info ((LimnFormat) i)->endings[0];
  return NULL;
}

LimnBatch *
limn_many_settings_make_batch (LimnManySettings *self, GError **error)
{
  g_autoptr (GPtrArray) edits = dup_edits (self, error);
  g_autofree char *models = g_settings_get_string (self->settings, "models-folder");

  if (!edits)
    return NULL;
  return limn_batch_new (&(LimnBatchOptions){ .edits = edits,
                                              .folder = self->folder ? self->folder : g_get_tmp_dir (),
                                              .name = text_of (self->name_row),
                                              .ending = get_ending (self),
                                              .masks = text_of (self->masks_row),
                                              .recursive = limn_many_settings_get_recursive (self),
                                              .jobs = g_settings_get_int (self->settings, "threads"),
                                              .models = *models ? models : NULL },
                         error);
}

/* -- Making it -- */

static void
fill_edits (LimnManySettings *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (LimnTask task = 0; task < LIMN_N_TASKS; task++) {
    if (limn_task_get_kind (task)->takes & LIMN_TAKES_DRAWING)
      continue;
    self->parameters[task] = limn_many_parameters_new (task, self->edit_group, self->settings);
    g_signal_connect_object (self->parameters[task], "changed", G_CALLBACK (changed), self, G_CONNECT_SWAPPED);
    gtk_string_list_append (names, _(limn_task_get_kind (task)->label));
  }
  gtk_string_list_append (names, _("Saved Recipe"));
  adw_combo_row_set_model (self->edit_row, G_LIST_MODEL (names));
}

static void
fill_formats (LimnManySettings *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _("As the Pictures"));
  for (guint i = 0; i < LIMN_N_FORMATS; i++)
    if (limn_format_get_info ((LimnFormat) i))
      gtk_string_list_append (names, limn_format_get_info ((LimnFormat) i)->name);
  adw_combo_row_set_model (self->format_row, G_LIST_MODEL (names));
}

/* The first that needs nothing but a photo. */
static LimnTask
find_first (LimnManySettings *self)
{
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    if (self->parameters[task] && !limn_task_get_kind (task)->needs)
      return task;
  return 0;
}

static void
watch_changed (LimnManySettings *self)
{
  g_signal_emit (self, signals[WATCH], 0);
}

static void
recursive_changed (LimnManySettings *self)
{
  g_signal_emit (self, signals[RECURSIVE], 0);
}

/* The list of a group without a title. */
static void
name_list (GtkWidget *root, const char *name)
{
  if (GTK_IS_LIST_BOX (root))
    gtk_accessible_update_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child && !GTK_IS_LIST_BOX (root); child = gtk_widget_get_next_sibling (child))
    name_list (child, name);
}

void
limn_many_settings_fill (LimnManySettings *self, GSettings *settings)
{
  self->settings = g_object_ref (settings);
  fill_edits (self);
  fill_formats (self);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), LIMN_BATCH_NAME);
  adw_action_row_set_subtitle (self->recipe_row, _("None chosen"));
  name_list (GTK_WIDGET (self->edit_group), _("Edit and Results"));
  select_task (self, find_first (self));
  edit_changed (self);
  g_signal_connect_swapped (self->edit_row, "notify::selected", G_CALLBACK (edit_changed), self);
  g_signal_connect_swapped (self->format_row, "notify::selected", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->masks_row, "changed", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->name_row, "changed", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->layers_switch, "notify::active", G_CALLBACK (read_recipe), self);
  g_signal_connect_swapped (self->recursive_switch, "notify::active", G_CALLBACK (recursive_changed), self);
  g_signal_connect_swapped (self->watch_switch, "notify::active", G_CALLBACK (watch_changed), self);
}

static void
limn_many_settings_dispose (GObject *object)
{
  LimnManySettings *self = LIMN_MANY_SETTINGS (object);

  forget_recipe (self);
  for (LimnTask task = 0; task < LIMN_N_TASKS; task++)
    g_clear_object (&self->parameters[task]);
  gtk_widget_dispose_template (GTK_WIDGET (self), LIMN_TYPE_MANY_SETTINGS);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (limn_many_settings_parent_class)->dispose (object);
}

static void
limn_many_settings_finalize (GObject *object)
{
  LimnManySettings *self = LIMN_MANY_SETTINGS (object);

  g_free (self->place);
  g_free (self->chosen);
  g_free (self->folder);
  g_free (self->recipe);
  G_OBJECT_CLASS (limn_many_settings_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LimnManySettings, name)

static void
limn_many_settings_class_init (LimnManySettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[N_SIGNALS] = { [CHANGED] = "changed", [WATCH] = "watch", [RECURSIVE] = "recursive" };

  G_OBJECT_CLASS (klass)->dispose = limn_many_settings_dispose;
  G_OBJECT_CLASS (klass)->finalize = limn_many_settings_finalize;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], LIMN_TYPE_MANY_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/limn/Limn/ui/limn-many-settings.ui");
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_many_settings_choose_recipe", G_CALLBACK (choose_recipe));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_many_settings_choose_folder", G_CALLBACK (choose_folder));
  BIND (edit_group);
  BIND (edit_row);
  BIND (recipe_row);
  BIND (recipe_button);
  BIND (layers_row);
  BIND (layers_switch);
  BIND (masks_row);
  BIND (folder_row);
  BIND (folder_button);
  BIND (name_row);
  BIND (format_row);
  BIND (recursive_switch);
  BIND (watch_row);
  BIND (watch_switch);
}

static void
limn_many_settings_init (LimnManySettings *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
