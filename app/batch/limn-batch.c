/* One edit over many pictures: the list, and the threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-batch.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-thread.h"
#include "limn-batch-names.h"
#include "limn-batch-picture.h"

#include <glib/gi18n.h>
#include <string.h>

struct _LimnBatch {
  GObject parent;

  /* Set once */
  char *folder, *name, *ending, *masks, *models;
  gboolean recursive;
  guint n_jobs, part, parts;
  LimnBatchTask task;
  GCancellable *cancellable;

  /* Main thread only */
  GPtrArray *items;    /* of LimnBatchItem */
  GHashTable *outs;    /* path of a result -> its item; borrowed */
  GPtrArray *monitors; /* of GFileMonitor */
  GPtrArray *threads;  /* of GThread */
  guint n_added;       /* counts for part and parts */
  LimnBatchCount count;
  GError *error;
  gint64 started;

  /* Shared */
  GMutex lock;
  GCond changed;
  GQueue waiting; /* of LimnBatchItem, each a reference */
  gboolean paused, stopping;
};

enum { SIGNAL_ITEM_DONE, SIGNAL_FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

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

/* -- The threads -- */

/* What a thread tells the main loop: item runs, or ended so; item NULL: no engine, because of error. */
typedef struct {
  LimnBatch *batch;
  LimnBatchItem *item;
  LimnBatchState state;
  double seconds;
  GError *error;
} Report;

static void
free_report (gpointer data)
{
  Report *report = data;

  g_clear_object (&report->item);
  g_clear_error (&report->error);
  g_object_unref (report->batch);
  g_free (report);
}

static void
maybe_finish (LimnBatch *self)
{
  if (self->count.waiting == 0 && self->count.running == 0)
    g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

static gboolean
take_report (gpointer data)
{
  Report *report = data;
  LimnBatch *self = report->batch;
  LimnBatchCount *count = &self->count;

  if (!report->item) {
    if (!self->error)
      self->error = g_steal_pointer (&report->error);
    limn_batch_cancel (self);
    return G_SOURCE_REMOVE;
  }
  limn_batch_item_set_state (report->item, report->state, report->seconds, g_steal_pointer (&report->error));
  if (report->state == LIMN_BATCH_RUNNING) {
    count->waiting--;
    count->running++;
    return G_SOURCE_REMOVE;
  }
  count->running--;
  if (report->state == LIMN_BATCH_WAITING) { /* cancelled */
    maybe_finish (self);
    return G_SOURCE_REMOVE;
  }
  *(report->state == LIMN_BATCH_DONE ? &count->done : report->state == LIMN_BATCH_SKIPPED ? &count->skipped : &count->failed) += 1;
  g_signal_emit (self, signals[SIGNAL_ITEM_DONE], 0, report->item);
  maybe_finish (self);
  return G_SOURCE_REMOVE;
}

/* Takes error. */
static void
tell (LimnBatch *self, LimnBatchItem *item, LimnBatchState state, double seconds, GError *error)
{
  Report *report = g_new0 (Report, 1);

  *report = (Report){ g_object_ref (self), item ? g_object_ref (item) : NULL, state, seconds, error };
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, take_report, report, free_report);
}

/* The next picture, or NULL when the thread is to end. */
static LimnBatchItem *
wait_for_item (LimnBatch *self)
{
  LimnBatchItem *item;

  g_mutex_lock (&self->lock);
  while (!self->stopping && (self->paused || g_queue_is_empty (&self->waiting)))
    g_cond_wait (&self->changed, &self->lock);
  item = self->stopping ? NULL : g_queue_pop_head (&self->waiting);
  g_mutex_unlock (&self->lock);
  return item;
}

static void
do_item (LimnBatch *self, LimnBatchItem *item, LimnEngineHandle *engine)
{
  const gint64 start = g_get_monotonic_time ();
  GError *error = NULL;
  gboolean skipped;

  tell (self, item, LIMN_BATCH_RUNNING, 0, NULL);
  gboolean done = limn_batch_do_picture (&self->task, item, engine, &skipped, self->cancellable, &error);
  const double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;

  if (g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED)) {
    g_clear_error (&error);
    tell (self, item, LIMN_BATCH_WAITING, 0, NULL);
  } else {
    tell (self, item, !done ? LIMN_BATCH_FAILED : skipped ? LIMN_BATCH_SKIPPED : LIMN_BATCH_DONE, seconds, error);
  }
}

static gpointer
work (gpointer data)
{
  LimnBatch *self = data;
  const int threads = MAX (1, (int) (g_get_num_processors () / self->n_jobs));
  g_autoptr (LimnEngineHandle) engine = NULL;
  LimnBatchItem *item;
  GError *error = NULL;

  limn_thread_set_background ();
  while ((item = wait_for_item (self)) != NULL) {
    if (!engine)
      engine = limn_engine_handle_new (self->models, threads, &error);
    if (engine)
      do_item (self, item, engine);
    else
      tell (self, NULL, LIMN_BATCH_FAILED, 0, error);
    g_object_unref (item);
    if (!engine)
      break;
  }
  return NULL;
}

/* Ends the threads; waits for what they run. */
static void
join (LimnBatch *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_set_size (self->threads, 0);
}

gboolean
limn_batch_start (LimnBatch *self, GError **error)
{
  g_return_val_if_fail (LIMN_IS_BATCH (self) && !self->task.log, FALSE);

  if (g_mkdir_with_parents (self->folder, 0777) != 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no folder %s to save into."), self->folder);
    return FALSE;
  }
  self->task.log = limn_batch_log_open (self->folder, error);
  if (!self->task.log)
    return FALSE;
  self->started = g_get_monotonic_time ();
  for (guint i = 0; i < self->n_jobs; i++)
    g_ptr_array_add (self->threads, g_thread_new ("batch", work, self));
  return TRUE;
}

void
limn_batch_set_paused (LimnBatch *self, gboolean paused)
{
  g_mutex_lock (&self->lock);
  self->paused = paused;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
limn_batch_get_paused (LimnBatch *self)
{
  return self->paused;
}

void
limn_batch_cancel (LimnBatch *self)
{
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_mutex_unlock (&self->lock);
  self->count.waiting = 0;
  join (self);
  maybe_finish (self);
}

/* -- What is to be done -- */

/* The result's path from the folder: in the folders that the photo lies in below root (NULL: it was named by itself). */
static char *
place_result (LimnBatch *self, const char *root, const char *path)
{
  g_autofree char *ending = self->ending ? g_strdup (self->ending) : limn_batch_dup_out_ending (path);
  g_autofree char *name = limn_batch_pattern_expand (self->name, path, ending, limn_edit_get_kind (self->task.edits->pdata[0])->nick);
  g_autofree char *folder = g_path_get_dirname (path);
  const char *below = root && g_str_has_prefix (folder, root) ? folder + strlen (root) : "";

  return g_build_filename (self->folder, below, name, NULL);
}

/* The path of the mask that belongs to the photo at path; NULL without a pattern. Free with g_free. */
static char *
dup_mask (LimnBatch *self, const char *path)
{
  g_autofree char *name = self->masks ? limn_batch_pattern_expand (self->masks, path, "png", "") : NULL;
  g_autofree char *folder = g_path_get_dirname (path);

  return !name ? NULL : g_path_is_absolute (name) ? g_steal_pointer (&name) : g_build_filename (folder, name, NULL);
}

static gboolean
add_item (LimnBatch *self, const char *root, const char *path, GError **error)
{
  g_autofree char *out = place_result (self, root, path);
  g_autofree char *mask = dup_mask (self, path);
  LimnBatchItem *item, *other = g_hash_table_lookup (self->outs, out);

  if (self->parts > 0 && self->n_added++ % self->parts != self->part - 1)
    return TRUE;
  if (other && !g_str_equal (limn_batch_item_get_path (other), path)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s and %s would both become %s. Give a pattern that tells them apart."),
                 limn_batch_item_get_path (other), path, out);
    return FALSE;
  }
  if (g_str_equal (out, path)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s would become itself. Choose another folder for the results."), path);
    return FALSE;
  }
  if (other && limn_batch_item_get_state (other) == LIMN_BATCH_WAITING)
    return TRUE;
  item = limn_batch_item_new (path, out, mask);
  g_ptr_array_add (self->items, item);
  g_hash_table_insert (self->outs, g_strdup (out), item);
  g_list_model_items_changed (G_LIST_MODEL (self), self->items->len - 1, 0, 1);
  self->count.waiting++;
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->waiting, g_object_ref (item));
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* Whether path is named as a mask, not as a photo. */
static gboolean
is_mask (LimnBatch *self, const char *path)
{
  g_autofree char *name = self->masks ? limn_batch_pattern_expand (self->masks, "*", "png", "") : NULL;
  g_autofree char *glob = name && !g_path_is_absolute (name) ? g_strconcat ("*/", name, NULL) : g_strdup (name);

  return glob && g_pattern_match_simple (glob, path);
}

gboolean
limn_batch_add (LimnBatch *self, const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (GPtrArray) found = NULL;

  if (!g_file_test (absolute, G_FILE_TEST_IS_DIR)) {
    if (g_file_test (absolute, G_FILE_TEST_EXISTS))
      return add_item (self, NULL, absolute, error);
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no file %s."), path);
    return FALSE;
  }
  found = limn_batch_list_folder (absolute, self->folder, self->recursive, error);
  if (!found)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    if (!is_mask (self, found->pdata[i]) && !add_item (self, absolute, found->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* -- Watching -- */

/* What has come to the folder; it waits until its mask comes, too. */
static void
add_whole (LimnBatch *self, const char *folder, const char *path)
{
  g_autofree char *mask = dup_mask (self, path);
  g_autoptr (GError) error = NULL;

  if ((!mask || g_file_test (mask, G_FILE_TEST_EXISTS)) && !add_item (self, folder, path, &error))
    g_warning ("%s", error->message);
}

/* The photos in the folder whose mask has come. */
static void
add_masked (LimnBatch *self, const char *folder, const char *path)
{
  g_autoptr (GPtrArray) found = limn_batch_list_folder (folder, self->folder, FALSE, NULL);

  for (guint i = 0; found && i < found->len; i++) {
    g_autofree char *mask = dup_mask (self, found->pdata[i]);

    if (g_str_equal (mask, path))
      add_whole (self, folder, found->pdata[i]);
  }
}

static void
see_file (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, LimnBatch *self)
{
  GFile *came = event == G_FILE_MONITOR_EVENT_RENAMED ? other : file;
  g_autofree char *path = came ? g_file_get_path (came) : NULL, *name = path ? g_path_get_basename (path) : NULL;
  g_autofree char *folder = path ? g_path_get_dirname (path) : NULL;

  (void) monitor;
  if (event != G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT && event != G_FILE_MONITOR_EVENT_MOVED_IN && event != G_FILE_MONITOR_EVENT_RENAMED)
    return;
  if (!path || name[0] == '.' || !limn_batch_is_picture (path) || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return;
  if (is_mask (self, path))
    add_masked (self, folder, path);
  else
    add_whole (self, folder, path);
}

gboolean
limn_batch_watch (LimnBatch *self, const char *folder, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (absolute);
  GFileMonitor *monitor;

  if (!g_file_test (absolute, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s is no folder that could be watched."), folder);
    return FALSE;
  }
  if (g_str_equal (absolute, self->folder)) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("%s would become itself. Choose another folder for the results."), folder);
    return FALSE;
  }
  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, error);
  if (!monitor)
    return FALSE;
  g_signal_connect (monitor, "changed", G_CALLBACK (see_file), self);
  g_ptr_array_add (self->monitors, monitor);
  return TRUE;
}

/* -- Asking -- */

LimnBatchCount
limn_batch_count (LimnBatch *self)
{
  LimnBatchCount count = self->count;

  count.seconds = self->started ? (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC : 0;
  count.left = count.done + count.failed > 0 ? count.seconds * (count.waiting + count.running) / (count.done + count.failed) : -1;
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

  g_cancellable_cancel (self->cancellable);
  join (self);
  g_ptr_array_set_size (self->monitors, 0);
  G_OBJECT_CLASS (limn_batch_parent_class)->dispose (object);
}

static void
limn_batch_finalize (GObject *object)
{
  LimnBatch *self = LIMN_BATCH (object);

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->monitors);
  g_ptr_array_unref (self->threads);
  g_hash_table_unref (self->outs);
  g_clear_pointer (&self->task.edits, g_ptr_array_unref);
  limn_batch_log_free (self->task.log);
  g_free (self->task.asked);
  g_mutex_clear (&self->task.lock);
  g_mutex_clear (&self->task.gate.lock);
  g_cond_clear (&self->task.gate.changed);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_object_unref (self->cancellable);
  g_clear_error (&self->error);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->ending);
  g_free (self->masks);
  g_free (self->models);
  G_OBJECT_CLASS (limn_batch_parent_class)->finalize (object);
}

static void
limn_batch_class_init (LimnBatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = limn_batch_dispose;
  object_class->finalize = limn_batch_finalize;
  signals[SIGNAL_ITEM_DONE] = g_signal_new ("item-done", LIMN_TYPE_BATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                            LIMN_TYPE_BATCH_ITEM);
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", LIMN_TYPE_BATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
limn_batch_init (LimnBatch *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->outs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
  self->threads = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
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
  self->folder = g_canonicalize_filename (options->folder, NULL);
  self->name = g_strdup (options->name ? options->name : LIMN_BATCH_NAME);
  self->ending = g_strdup (options->ending);
  self->masks = g_strdup (options->masks);
  self->models = g_strdup (options->models);
  self->recursive = options->recursive;
  self->n_jobs = options->jobs > 0 ? (guint) options->jobs : g_get_num_processors ();
  self->part = (guint) options->part;
  self->parts = (guint) options->parts;
  self->task.edits = g_ptr_array_ref (options->edits);
  self->task.folder = self->folder;
  self->task.quality = options->quality;
  self->task.replace = options->replace;
  self->task.gate.most = limn_batch_gate_measure ();
  return g_steal_pointer (&self);
}
