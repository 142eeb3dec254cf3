/* One edit over many pictures: the list of what is to be done, and how it grows. Its threads: limn-batch-work.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-app-error.h"
#include "limn-batch-private.h"
#include "limn-batch-watch.h"

#include <glib/gi18n.h>
#include <string.h>

/* -- The list -- */

static GType
get_item_type (GListModel *list)
{
  (void) list;
  return LIMN_TYPE_BATCH_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return LIMN_BATCH (list)->items->len;
}

static gpointer
get_item (GListModel *list, guint i)
{
  GPtrArray *items = LIMN_BATCH (list)->items;

  return i < items->len ? g_object_ref (items->pdata[i]) : NULL;
}

static void
list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LimnBatch, limn_batch, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_init))

/* -- What is to be done -- */

/* A photo that has come, or is asked for once more. */
static void
do_again (LimnBatch *self, LimnBatchItem *item)
{
  const LimnBatchState state = limn_batch_item_get_state (item);

  if (state == LIMN_BATCH_RUNNING) {
    g_hash_table_add (self->again, item);
  } else if (state != LIMN_BATCH_WAITING) {
    limn_batch_set_state (self, item, LIMN_BATCH_WAITING, 0, NULL);
    if (self->working)
      limn_batch_enqueue (self, item);
  }
}

static void
add_new (LimnBatch *self, const char *path, const char *out, const char *mask, LimnBatchState state)
{
  LimnBatchItem *item = limn_batch_item_new (path, out, mask);

  g_ptr_array_add (self->items, item);
  g_hash_table_insert (self->outs, g_strdup (out), item);
  if (mask)
    g_hash_table_insert (self->masks, g_strdup (mask), item);
  self->counts[LIMN_BATCH_WAITING]++;
  if (state != LIMN_BATCH_WAITING)
    limn_batch_set_state (self, item, state, 0, NULL);
  else if (self->working)
    limn_batch_enqueue (self, item);
}

static void
mask_arrived (const char *root, const char *path, gpointer user)
{
  LimnBatch *self = user;
  LimnBatchItem *item = g_hash_table_lookup (self->masks, path);

  (void) root;
  if (item)
    do_again (self, item);
}

/* Where folders are watched a photo waits for its mask, wherever that comes. */
static gboolean
must_wait (LimnBatch *self, const char *mask)
{
  g_autofree char *folder = mask ? g_path_get_dirname (mask) : NULL;
  LimnBatchWatch *watch;

  if (!mask || self->watches->len == 0 || g_file_test (mask, G_FILE_TEST_EXISTS))
    return FALSE;
  if (g_hash_table_contains (self->mask_watches, folder))
    return TRUE;
  watch = limn_batch_watch_new (folder, FALSE, mask_arrived, self, NULL);
  if (watch)
    g_hash_table_insert (self->mask_watches, g_steal_pointer (&folder), watch);
  return watch != NULL;
}

/* again: one that is there already is done once more. Who calls tells the list's listeners. */
static gboolean
add_item (LimnBatch *self, const char *root, const char *path, gboolean again, GError **error)
{
  g_autofree char *out = limn_batch_names_dup_result (&self->names, root, path), *mask = limn_batch_names_dup_mask (&self->names, path);
  LimnBatchItem *other = g_hash_table_lookup (self->outs, out);

  if (other && !g_str_equal (limn_batch_item_get_path (other), path)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s and %s would both become %s. Give a pattern that tells them apart."),
                 limn_batch_item_get_path (other), path, out);
    return FALSE;
  }
  if (g_str_equal (out, path)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s would become itself. Choose another folder for the results."), path);
    return FALSE;
  }
  if (!other)
    add_new (self, path, out, mask, must_wait (self, mask) ? LIMN_BATCH_EXPECTING : LIMN_BATCH_WAITING);
  else if (again && limn_batch_item_get_state (other) != LIMN_BATCH_EXPECTING)
    do_again (self, other);
  return TRUE;
}

/* Whether path, found below root, is a photo, and one of this part of the batch. */
static gboolean
is_asked_for (LimnBatch *self, const char *root, const char *path)
{
  if (root && !limn_batch_names_is_photo (&self->names, root, path))
    return FALSE;
  return self->parts == 0 || self->n_added++ % self->parts == self->part - 1;
}

gboolean
limn_batch_add_files (LimnBatch *self, GPtrArray *files, GError **error)
{
  const guint before = self->items->len;
  gboolean added = TRUE;

  for (guint i = 0; added && i < files->len; i++) {
    const LimnBatchFile *file = files->pdata[i];

    added = !is_asked_for (self, file->root, file->path) || add_item (self, file->root, file->path, FALSE, error);
  }
  if (self->items->len > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->items->len - before);
  return added;
}

gboolean
limn_batch_add (LimnBatch *self, const char *path, GError **error)
{
  g_autoptr (GPtrArray) files = limn_batch_find (path, self->recursive, error);

  return files && limn_batch_add_files (self, files, error);
}

/* -- Watching -- */

static void
arrived (const char *root, const char *path, gpointer user)
{
  LimnBatch *self = user;
  const guint before = self->items->len;
  g_autoptr (GError) error = NULL;

  if (!limn_batch_is_picture (path))
    return;
  mask_arrived (root, path, self);
  if (is_asked_for (self, root, path) && !add_item (self, root, path, TRUE, &error))
    g_warning ("%s", error->message);
  if (self->items->len > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, 1);
}

gboolean
limn_batch_watch (LimnBatch *self, const char *folder, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  LimnBatchWatch *watch;

  if (g_str_equal (absolute, self->names.folder)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s would become itself. Choose another folder for the results."), folder);
    return FALSE;
  }
  if (!g_file_test (absolute, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s is no folder that could be watched."), folder);
    return FALSE;
  }
  watch = limn_batch_watch_new (absolute, self->recursive, arrived, self, error);
  if (watch)
    g_ptr_array_add (self->watches, watch);
  return watch != NULL;
}

void
limn_batch_unwatch (LimnBatch *self)
{
  g_ptr_array_set_size (self->watches, 0);
  g_hash_table_remove_all (self->mask_watches);
}

/* -- Asking -- */

LimnBatchCount
limn_batch_count (LimnBatch *self)
{
  const gint64 worked = self->worked + (self->since ? g_get_monotonic_time () - self->since : 0);
  LimnBatchCount count = { .done = self->counts[LIMN_BATCH_DONE],
                           .skipped = self->counts[LIMN_BATCH_SKIPPED],
                           .failed = self->counts[LIMN_BATCH_FAILED],
                           .running = self->counts[LIMN_BATCH_RUNNING],
                           .waiting = self->counts[LIMN_BATCH_WAITING],
                           .expecting = self->counts[LIMN_BATCH_EXPECTING],
                           .seconds = (double) worked / G_USEC_PER_SEC };

  count.left = self->n_worked > 0 ? count.seconds * (count.waiting + count.running) / self->n_worked : -1;
  return count;
}

const GError *
limn_batch_get_error (LimnBatch *self)
{
  return self->error;
}

/* -- Making and freeing -- */

static void
limn_batch_dispose (GObject *object)
{
  LimnBatch *self = LIMN_BATCH (object);

  limn_batch_unwatch (self);
  limn_batch_stop (self);
  limn_batch_join (self);
  G_OBJECT_CLASS (limn_batch_parent_class)->dispose (object);
}

static void
limn_batch_finalize (GObject *object)
{
  LimnBatch *self = LIMN_BATCH (object);

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->watches);
  g_hash_table_unref (self->mask_watches);
  g_ptr_array_unref (self->threads);
  g_hash_table_unref (self->outs);
  g_hash_table_unref (self->masks);
  g_hash_table_unref (self->again);
  g_clear_pointer (&self->task.edits, g_ptr_array_unref);
  limn_batch_log_free (self->task.log);
  g_free (self->task.asked);
  g_mutex_clear (&self->task.lock);
  g_mutex_clear (&self->task.gate.lock);
  g_cond_clear (&self->task.gate.changed);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  limn_batch_names_clear (&self->names);
  g_free (self->models);
  G_OBJECT_CLASS (limn_batch_parent_class)->finalize (object);
}

static void
limn_batch_class_init (LimnBatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = limn_batch_dispose;
  object_class->finalize = limn_batch_finalize;
  g_signal_new ("item-done", LIMN_TYPE_BATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, LIMN_TYPE_BATCH_ITEM);
  g_signal_new ("finished", LIMN_TYPE_BATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
free_watch (gpointer watch)
{
  limn_batch_watch_free (watch);
}

static void
limn_batch_init (LimnBatch *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->outs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->masks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->again = g_hash_table_new (NULL, NULL);
  self->watches = g_ptr_array_new_with_free_func (free_watch);
  self->mask_watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_watch);
  self->threads = g_ptr_array_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_mutex_init (&self->task.lock);
  g_mutex_init (&self->task.gate.lock);
  g_cond_init (&self->task.gate.changed);
  g_queue_init (&self->waiting);
}

static gboolean
check_options (const LimnBatchOptions *options, GError **error)
{
  for (guint i = 0; i < options->edits->len; i++) {
    const LimnEdit *edit = options->edits->pdata[i];

    if (limn_edit_get_kind (edit)->takes & LIMN_TAKES_DRAWING && !edit->from.mask) {
      g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                           _("A sketch is made from what was drawn, not from a photo: it can't be done to many pictures."));
      return FALSE;
    }
  }
  return (!options->name || limn_batch_pattern_check (options->name, error)) &&
         (!options->masks || limn_batch_pattern_check (options->masks, error));
}

LimnBatch *
limn_batch_new (const LimnBatchOptions *options, GError **error)
{
  g_autoptr (LimnBatch) self = NULL;

  if (!check_options (options, error))
    return NULL;
  self = g_object_new (LIMN_TYPE_BATCH, NULL);
  self->names = (LimnBatchNames){ .folder = g_canonicalize_filename (options->folder, NULL),
                                  .results = g_strdup (options->name ? options->name : LIMN_BATCH_NAME),
                                  .ending = g_strdup (options->ending),
                                  .masks = g_strdup (options->masks),
                                  .edit = limn_edit_get_kind (options->edits->pdata[0])->nick };
  self->models = g_strdup (options->models);
  self->recursive = options->recursive;
  self->n_jobs = options->jobs > 0 ? (guint) options->jobs : g_get_num_processors ();
  self->part = (guint) options->part;
  self->parts = (guint) options->parts;
  self->task.edits = g_ptr_array_ref (options->edits);
  self->task.folder = self->names.folder;
  self->task.quality = options->quality;
  self->task.replace = options->replace;
  self->task.gate.most = limn_batch_gate_measure ();
  return g_steal_pointer (&self);
}
