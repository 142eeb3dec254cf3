/* Which pictures: chosen, dropped, found in folders, and those that come. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "limn-many-private.h"
#include "ui/dialogs/limn-dialogs.h"

/* -- Finding, on a thread -- */

typedef struct {
  GStrv paths;
  gboolean recursive;
  char *problem; /* the first, or NULL */
} Search;

static void
free_search (gpointer data)
{
  Search *search = data;

  g_strfreev (search->paths);
  g_free (search->problem);
  g_free (search);
}

static void
find_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Search *search = data;
  GPtrArray *files = NULL;

  for (char **path = search->paths; *path && !g_cancellable_is_cancelled (cancellable); path++) {
    g_autoptr (GError) error = NULL;
    GPtrArray *found = limn_batch_find (*path, search->recursive, &error);

    if (!found && !search->problem)
      search->problem = g_strdup (error->message);
    if (files && found)
      g_ptr_array_extend_and_steal (files, found);
    else if (found)
      files = found;
  }
  g_task_return_pointer (task, files, (GDestroyNotify) g_ptr_array_unref);
}

/* They join those that are worked on, or begin anew. */
static void
take_files (LimnMany *self)
{
  g_autoptr (GError) error = NULL;

  if (self->state != LIMN_MANY_WORKING)
    limn_many_prepare (self);
  else if (self->files && !limn_batch_add_files (self->batch, self->files, &error))
    limn_dialog_tell (GTK_WINDOW (self), _("Some Pictures Weren’t Added"), error->message);
}

static void
find_done (GObject *source, GAsyncResult *result, gpointer user)
{
  g_autoptr (LimnMany) self = user;
  Search *search = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) files = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->finding != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->finding);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  self->files = g_steal_pointer (&files);
  if (search->problem)
    limn_dialog_tell (GTK_WINDOW (self), _("Some Pictures Weren’t Added"), search->problem);
  take_files (self);
  limn_many_update (self);
}

static char *
dup_place (const char *source)
{
  return g_file_test (source, G_FILE_TEST_IS_DIR) ? g_strdup (source) : g_path_get_dirname (source);
}

static gboolean
has_folder (LimnMany *self)
{
  for (guint i = 0; i < self->sources->len; i++)
    if (g_file_test (self->sources->pdata[i], G_FILE_TEST_IS_DIR))
      return TRUE;
  return FALSE;
}

void
limn_many_find (LimnMany *self)
{
  g_autofree char *place = self->sources->len > 0 ? dup_place (self->sources->pdata[0]) : NULL;
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_autoptr (GTask) task = NULL;
  Search *search = g_new0 (Search, 1);

  if (self->finding)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  for (guint i = 0; i < self->sources->len; i++)
    g_strv_builder_add (paths, self->sources->pdata[i]);
  search->paths = g_strv_builder_end (paths);
  search->recursive = limn_many_settings_get_recursive (self->settings);
  limn_many_settings_set_place (self->settings, place);
  limn_many_settings_allow_watch (self->settings, has_folder (self));
  self->finding = g_cancellable_new ();
  task = g_task_new (NULL, self->finding, find_done, g_object_ref (self));
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, search, free_search);
  g_task_run_in_thread (task, find_thread);
  limn_many_update (self);
}

/* -- Choosing -- */

static gboolean
has_source (LimnMany *self, const char *path)
{
  return g_ptr_array_find_with_equal_func (self->sources, path, g_str_equal, NULL);
}

/* FALSE where it is no file of this computer. */
static gboolean
add (LimnMany *self, GFile *file)
{
  char *path = g_file_get_path (file);

  if (path && !has_source (self, path))
    g_ptr_array_add (self->sources, path);
  else
    g_free (path);
  return path != NULL;
}

void
limn_many_add (LimnMany *self, GFile *file)
{
  if (!add (self, file))
    limn_dialog_tell (GTK_WINDOW (self), _("Some Pictures Weren’t Added"),
                      _("Only files of this computer can be done in one go. Copy the pictures into a folder first."));
  else
    limn_many_find (self);
}

static void
chosen (GtkNativeDialog *dialog, int response, LimnMany *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

    for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      add (self, file);
    }
    limn_many_find (self);
  }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
limn_many_choose (LimnMany *self, GtkFileChooserAction action)
{
  const gboolean folder = action == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER;
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (folder ? _("Add a Folder") : _("Add Pictures"), GTK_WINDOW (self), action,
                                                              _("_Add"), NULL);

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
limn_many_clear (LimnMany *self)
{
  g_ptr_array_set_size (self->sources, 0);
  limn_many_find (self);
}

/* -- Dropping -- */

static GdkDragAction
drop_enter (GtkDropTarget *target, double x, double y, LimnMany *self)
{
  gtk_revealer_set_reveal_child (self->drop_hint, TRUE);
  return GDK_ACTION_COPY;
}

static void
drop_leave (GtkDropTarget *target, LimnMany *self)
{
  gtk_revealer_set_reveal_child (self->drop_hint, FALSE);
}

static gboolean
dropped (GtkDropTarget *target, const GValue *value, double x, double y, LimnMany *self)
{
  gtk_revealer_set_reveal_child (self->drop_hint, FALSE);
  for (const GSList *each = g_value_get_boxed (value); each; each = each->next)
    add (self, each->data);
  limn_many_find (self);
  return TRUE;
}

void
limn_many_add_drop_target (LimnMany *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "enter", G_CALLBACK (drop_enter), self);
  g_signal_connect (target, "leave", G_CALLBACK (drop_leave), self);
  g_signal_connect (target, "drop", G_CALLBACK (dropped), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* -- Watching -- */

void
limn_many_watch_folders (LimnMany *self)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < self->sources->len && !error; i++)
    if (g_file_test (self->sources->pdata[i], G_FILE_TEST_IS_DIR))
      limn_batch_watch (self->batch, self->sources->pdata[i], &error);
  if (error)
    limn_dialog_tell (GTK_WINDOW (self), _("The Folder Can’t Be Watched"), error->message);
  limn_many_find (self); /* what came before it was watched */
}
