/* The window for many pictures: its states. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-many.h"

#include <glib/gi18n.h>

#include "limn-many-private.h"
#include "limn-many-row.h"
#include "ui/dialogs/limn-dialogs.h"
#include "ui/widgets/limn-names.h"

enum { PREPARE_MS = 120, TICK_MS = 300 }; /* typing isn't followed letter by letter, nor work picture by picture */

G_DEFINE_FINAL_TYPE (LimnMany, limn_many, ADW_TYPE_APPLICATION_WINDOW)

/* -- What is told -- */

static char *
describe_left (double seconds)
{
  const int minutes = (int) (seconds / 60 + 0.5);

  if (minutes < 1)
    return g_strdup (_("less than a minute left"));
  if (minutes < 90)
    return g_strdup_printf (ngettext ("%d minute left", "%d minutes left", (gulong) minutes), minutes);
  return g_strdup_printf (_("%d h %d min left"), minutes / 60, minutes % 60);
}

static char *
describe_work (LimnMany *self, const LimnBatchCount *count)
{
  const guint over = count->done + count->skipped + count->failed, all = over + count->running + count->waiting;
  GString *text = g_string_new (NULL);

  if (over == all && limn_many_settings_get_watch (self->settings))
    g_string_append (text, _("Waiting for new pictures"));
  else if (self->state == LIMN_MANY_STOPPED || self->state == LIMN_MANY_STOPPING)
    g_string_append_printf (text, _("Stopped after %u of %u"), over, all);
  else if (limn_batch_get_paused (self->batch))
    g_string_append_printf (text, _("Paused after %u of %u"), over, all);
  else
    g_string_append_printf (text, _("%u of %u"), over, all);
  if (count->failed > 0) {
    g_string_append (text, " · ");
    g_string_append_printf (text, _("%u failed"), count->failed);
  }
  if (self->state == LIMN_MANY_WORKING && over < all && count->left >= 0 && !limn_batch_get_paused (self->batch)) {
    g_autofree char *left = describe_left (count->left);

    g_string_append_printf (text, " · %s", left);
  }
  return g_string_free (text, FALSE);
}

static char *
describe_end (const LimnBatchCount *count)
{
  const guint done = count->done + count->skipped;
  g_autofree char *text = g_strdup_printf (ngettext ("%u picture is done", "%u pictures are done", done), done);

  return count->failed > 0 ? g_strdup_printf (_("%s · %u failed"), text, count->failed) : g_steal_pointer (&text);
}

static char *
describe (LimnMany *self, const LimnBatchCount *count)
{
  const guint n = self->batch ? g_list_model_get_n_items (G_LIST_MODEL (self->batch)) : 0;

  if (self->problem && self->files)
    return g_strdup (self->problem);
  if (self->finding && self->state != LIMN_MANY_WORKING)
    return g_strdup (_("Looking for pictures…"));
  if (self->state == LIMN_MANY_READY)
    return n > 0 ? g_strdup_printf (ngettext ("%u picture", "%u pictures", n), n)
                 : g_strdup (_("There are no pictures in this folder yet"));
  return self->state == LIMN_MANY_OVER ? describe_end (count) : describe_work (self, count);
}

static void
show_go (LimnMany *self, const LimnBatchCount *count)
{
  const char *label = self->state == LIMN_MANY_WORKING   ? limn_batch_get_paused (self->batch) ? _("_Resume") : _("_Pause")
                        : self->state == LIMN_MANY_READY ? limn_many_settings_get_verb (self->settings)
                      : self->state == LIMN_MANY_STOPPED ? _("_Resume")
                                                         : _("_Try Again");
  const gboolean work = self->state == LIMN_MANY_WORKING && !limn_batch_get_paused (self->batch);

  if (g_strcmp0 (gtk_button_get_label (self->go_button), label) != 0) {
    gtk_button_set_label (self->go_button, label);
    limn_widget_complete_names (GTK_WIDGET (self->go_button));
  }
  (work ? gtk_widget_remove_css_class : gtk_widget_add_css_class) (GTK_WIDGET (self->go_button), "suggested-action");
  gtk_widget_set_visible (GTK_WIDGET (self->go_button), self->state != LIMN_MANY_OVER || count->failed > 0);
}

static void
enable (LimnMany *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), enabled);
}

static gboolean
can_go (LimnMany *self)
{
  const guint n = self->batch ? g_list_model_get_n_items (G_LIST_MODEL (self->batch)) : 0;

  if (self->state == LIMN_MANY_WORKING)
    return TRUE;
  return self->state != LIMN_MANY_STOPPING && self->batch && !self->problem && !self->finding &&
         (n > 0 || limn_many_settings_get_watch (self->settings));
}

void
limn_many_update (LimnMany *self)
{
  const gboolean some = self->sources->len > 0, work = self->state == LIMN_MANY_WORKING || self->state == LIMN_MANY_STOPPING;
  const LimnBatchCount count = self->batch ? limn_batch_count (self->batch) : (LimnBatchCount){ 0 };
  const guint over = count.done + count.skipped + count.failed, all = over + count.running + count.waiting;
  g_autofree char *text = describe (self, &count);

  gtk_stack_set_visible_child_name (self->pages, some ? "list" : "empty");
  gtk_widget_set_visible (self->foot, some);
  gtk_label_set_text (self->status, text);
  (self->problem ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (GTK_WIDGET (self->status), "error");
  gtk_widget_set_visible (GTK_WIDGET (self->progress), self->state != LIMN_MANY_READY);
  gtk_progress_bar_set_fraction (self->progress, all > 0 ? (double) over / all : 0);
  gtk_widget_set_visible (self->cancel_button, work);
  show_go (self, &count);
  limn_many_settings_lock (self->settings, work);
  enable (self, "go", can_go (self));
  enable (self, "cancel", self->state == LIMN_MANY_WORKING);
  enable (self, "clear", some && !work);
  enable (self, "show-results", self->state != LIMN_MANY_READY);
}

static gboolean
tick (gpointer data)
{
  LimnMany *self = data;

  if (self->resort)
    gtk_sorter_changed (self->failed_first, GTK_SORTER_CHANGE_DIFFERENT);
  self->resort = FALSE;
  limn_many_update (self);
  return G_SOURCE_CONTINUE;
}

/* -- The batch -- */

static void
set_state (LimnMany *self, LimnManyState state)
{
  self->state = state;
  g_clear_handle_id (&self->tick, g_source_remove);
  if (state == LIMN_MANY_WORKING || state == LIMN_MANY_STOPPING)
    self->tick = g_timeout_add (TICK_MS, tick, self);
  tick (self);
}

static void
item_done (LimnMany *self, LimnBatchItem *item)
{
  self->resort = self->resort || limn_batch_item_get_state (item) == LIMN_BATCH_FAILED;
}

/* Its threads end with their networks, unless more may come. */
static void
finished (LimnMany *self)
{
  const LimnBatchCount count = limn_batch_count (self->batch);

  if (limn_batch_is_working (self->batch)) {
    if (self->state == LIMN_MANY_WORKING && !limn_many_settings_get_watch (self->settings))
      limn_batch_cancel (self->batch);
    return;
  }
  limn_batch_unwatch (self->batch);
  set_state (self, count.waiting > 0 ? LIMN_MANY_STOPPED : LIMN_MANY_OVER);
  if (limn_batch_get_error (self->batch))
    limn_dialog_tell (GTK_WINDOW (self), _("The Pictures Can’t Be Done"), limn_batch_get_error (self->batch)->message);
}

static void
drop_batch (LimnMany *self)
{
  if (self->batch)
    g_signal_handlers_disconnect_by_data (self->batch, self);
  g_clear_object (&self->batch);
}

static void
take_batch (LimnMany *self, LimnBatch *batch)
{
  drop_batch (self);
  self->batch = batch;
  g_signal_connect_swapped (batch, "item-done", G_CALLBACK (item_done), self);
  g_signal_connect_swapped (batch, "finished", G_CALLBACK (finished), self);
  gtk_sort_list_model_set_model (self->sorted, G_LIST_MODEL (batch));
}

static gboolean
prepare_now (gpointer data)
{
  LimnMany *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnBatch) batch = limn_many_settings_make_batch (self->settings, &error);

  self->prepare_source = 0;
  g_clear_pointer (&self->problem, g_free);
  if (batch && (!self->files || limn_batch_add_files (batch, self->files, &error))) {
    take_batch (self, g_steal_pointer (&batch));
    self->state = LIMN_MANY_READY;
  } else {
    self->problem = g_strdup (error->message);
  }
  limn_many_update (self);
  return G_SOURCE_REMOVE;
}

void
limn_many_prepare (LimnMany *self)
{
  if (self->state != LIMN_MANY_WORKING && self->state != LIMN_MANY_STOPPING && !self->prepare_source)
    self->prepare_source = g_timeout_add (PREPARE_MS, prepare_now, self);
}

static void
start (LimnMany *self)
{
  g_autoptr (GError) error = NULL;

  if (!limn_batch_start (self->batch, &error)) {
    limn_dialog_tell (GTK_WINDOW (self), _("The Pictures Can’t Be Done"), error->message);
    return;
  }
  self->resort = TRUE; /* what failed is tried again */
  set_state (self, LIMN_MANY_WORKING);
  if (limn_flap_get_over (self->flap))
    limn_flap_set_open (self->flap, FALSE);
  if (limn_many_settings_get_watch (self->settings))
    limn_many_watch_folders (self);
}

static void
watch_changed (LimnMany *self)
{
  const LimnBatchCount count = self->batch ? limn_batch_count (self->batch) : (LimnBatchCount){ 0 };

  if (self->state == LIMN_MANY_WORKING && limn_many_settings_get_watch (self->settings)) {
    limn_many_watch_folders (self);
  } else if (self->state == LIMN_MANY_WORKING) {
    limn_batch_unwatch (self->batch);
    if (count.waiting + count.running == 0)
      limn_batch_cancel (self->batch);
  }
  limn_many_update (self);
}

/* -- Commands -- */

static void
go (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnMany *self = user;

  if (self->prepare_source) {
    g_clear_handle_id (&self->prepare_source, g_source_remove);
    prepare_now (self);
  }
  if (!can_go (self))
    return;
  if (self->state == LIMN_MANY_WORKING)
    limn_batch_set_paused (self->batch, !limn_batch_get_paused (self->batch));
  else
    start (self);
  limn_many_update (self);
}

static void
cancel (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnMany *self = user;

  set_state (self, LIMN_MANY_STOPPING);
  limn_batch_cancel (self->batch);
}

static void
add_pictures (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  limn_many_choose (user, GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
add_folder (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  limn_many_choose (user, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static void
clear (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  limn_many_clear (user);
}

static void
close_window (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  gtk_window_close (user);
}

static void
shown (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnMany) self = user;
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    limn_dialog_tell (GTK_WINDOW (self), _("The Folder Can’t Be Shown"), error->message);
}

static void
show_results (GSimpleAction *action, GVariant *parameter, gpointer user)
{
  LimnMany *self = user;
  g_autofree char *uri = g_filename_to_uri (limn_many_settings_get_folder (self->settings), NULL, NULL);

  g_app_info_launch_default_for_uri_async (uri, NULL, NULL, shown, g_object_ref (self));
}

/* What became of it, or what it was. */
static void
open_row (LimnMany *self, guint position)
{
  g_autoptr (LimnBatchItem) item = g_list_model_get_item (G_LIST_MODEL (self->sorted), position);
  const LimnBatchState state = limn_batch_item_get_state (item);
  const gboolean done = state == LIMN_BATCH_DONE || state == LIMN_BATCH_SKIPPED;
  g_autoptr (GFile) file = g_file_new_for_path (done ? limn_batch_item_get_out (item) : limn_batch_item_get_path (item));

  g_application_open (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), &file, 1, "");
}

/* -- Closing -- */

static gboolean
close_now (gpointer self)
{
  gtk_window_close (self);
  return G_SOURCE_REMOVE;
}

static void
answered (AdwMessageDialog *dialog, const char *response, LimnMany *self)
{
  if (!g_str_equal (response, "stop"))
    return;
  self->closing = TRUE;
  /* Once the dialog is gone: it must not outlive its parent. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_now, g_object_ref (self), g_object_unref);
}

static void
ask_stop (LimnMany *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
    GTK_WINDOW (self), _("Stop the Work?"), _("What is done stays. The same pictures chosen again go on where they were.")));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Keep Working"), "stop", _("_Stop and Close"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
limn_many_close_request (GtkWindow *window)
{
  LimnMany *self = LIMN_MANY (window);

  if (self->state == LIMN_MANY_WORKING && !self->closing) {
    ask_stop (self);
    return TRUE;
  }
  if (self->batch)
    limn_batch_cancel (self->batch);
  return GTK_WINDOW_CLASS (limn_many_parent_class)->close_request (window);
}

/* -- Making it -- */

static void
update_layout (LimnMany *self)
{
  const gboolean narrow = limn_adaptive_get_layout (self->adaptive) == LIMN_LAYOUT_NARROW;

  if (limn_flap_get_over (self->flap) != narrow)
    limn_flap_set_open (self->flap, !narrow);
  limn_flap_set_over (self->flap, narrow);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->bar), narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static int
compare_failed (gconstpointer a, gconstpointer b, gpointer user)
{
  const gboolean first = limn_batch_item_get_state ((LimnBatchItem *) a) == LIMN_BATCH_FAILED;
  const gboolean second = limn_batch_item_get_state ((LimnBatchItem *) b) == LIMN_BATCH_FAILED;

  return second - first; /* the others stay in their order */
}

static void
limn_many_dispose (GObject *object)
{
  LimnMany *self = LIMN_MANY (object);

  if (self->finding)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_handle_id (&self->prepare_source, g_source_remove);
  g_clear_handle_id (&self->tick, g_source_remove);
  drop_batch (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LIMN_TYPE_MANY);
  g_clear_object (&self->sorted);
  g_clear_object (&self->failed_first);
  G_OBJECT_CLASS (limn_many_parent_class)->dispose (object);
}

static void
limn_many_finalize (GObject *object)
{
  LimnMany *self = LIMN_MANY (object);

  g_ptr_array_unref (self->sources);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self->problem);
  G_OBJECT_CLASS (limn_many_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LimnMany, name)

static void
limn_many_class_init (LimnManyClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (LIMN_TYPE_ADAPTIVE);
  g_type_ensure (LIMN_TYPE_FLAP);
  g_type_ensure (LIMN_TYPE_MANY_SETTINGS);
  G_OBJECT_CLASS (klass)->dispose = limn_many_dispose;
  G_OBJECT_CLASS (klass)->finalize = limn_many_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = limn_many_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/limn/Limn/ui/limn-many.ui");
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_many_update_layout", G_CALLBACK (update_layout));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_many_settings_changed", G_CALLBACK (limn_many_prepare));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_many_watch_changed", G_CALLBACK (watch_changed));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_many_find", G_CALLBACK (limn_many_find));
  gtk_widget_class_bind_template_callback_full (widget_class, "limn_many_open_row", G_CALLBACK (open_row));
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.cancel", NULL);
  BIND (adaptive);
  BIND (flap);
  BIND (add_button);
  BIND (settings_button);
  BIND (cancel_button);
  BIND (folder_button);
  BIND (foot);
  BIND (pages);
  BIND (list);
  BIND (settings);
  BIND (drop_hint);
  BIND (progress);
  BIND (bar);
  BIND (status);
  BIND (go_button);
}

static void
limn_many_init (LimnMany *self)
{
  static const GActionEntry entries[] = {
    { "open", add_pictures, NULL, NULL, NULL, { 0 } },  { "add-folder", add_folder, NULL, NULL, NULL, { 0 } },
    { "clear", clear, NULL, NULL, NULL, { 0 } },        { "go", go, NULL, NULL, NULL, { 0 } },
    { "cancel", cancel, NULL, NULL, NULL, { 0 } },      { "show-results", show_results, NULL, NULL, NULL, { 0 } },
    { "close", close_window, NULL, NULL, NULL, { 0 } },
  };
  g_autoptr (GtkListItemFactory) factory = limn_many_row_factory_new ();
  GtkSelectionModel *selection;

  self->sources = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  self->failed_first = GTK_SORTER (gtk_custom_sorter_new (compare_failed, NULL, NULL));
  self->sorted = gtk_sort_list_model_new (NULL, g_object_ref (self->failed_first));
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->sorted))));
  gtk_list_view_set_model (self->list, selection);
  g_object_unref (selection);
  gtk_list_view_set_factory (self->list, factory);
  limn_many_add_drop_target (self);
  limn_widget_complete_names (GTK_WIDGET (self));
}

LimnMany *
limn_many_new (GtkApplication *application, GSettings *settings)
{
  LimnMany *self = g_object_new (LIMN_TYPE_MANY, "application", application, NULL);

  limn_many_settings_fill (self->settings, settings);
  limn_many_settings_allow_watch (self->settings, FALSE);
  update_layout (self);
  limn_many_update (self);
  return self;
}
