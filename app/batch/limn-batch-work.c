/* The threads of a batch: what they take from the queue, and what they tell. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-batch-private.h"

#include <malloc.h>

#include "app/base/limn-app-error.h"
#include "app/base/limn-thread.h"

#include <glib/gi18n.h>

enum { PICTURES_A_TRIM = 8 };

/* -- What threads tell -- */

/* What a thread tells the main loop: item runs, or ended so; item NULL: the thread ended, because of error where there is one. */
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

/* The time that is worked, which goes on or rests. */
static void
set_clock (LimnBatch *self, gboolean runs)
{
  if (self->since)
    self->worked += g_get_monotonic_time () - self->since;
  self->since = runs ? g_get_monotonic_time () : 0;
}

static void
finish (LimnBatch *self)
{
  set_clock (self, FALSE);
  g_signal_emit_by_name (self, "finished");
}

void
limn_batch_set_state (LimnBatch *self, LimnBatchItem *item, LimnBatchState state, double seconds, GError *error)
{
  self->counts[limn_batch_item_get_state (item)]--;
  self->counts[state]++;
  limn_batch_item_set_state (item, state, seconds, error);
}

void
limn_batch_enqueue (LimnBatch *self, LimnBatchItem *item)
{
  if (!self->since && !self->paused)
    set_clock (self, TRUE);
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->waiting, g_object_ref (item));
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
limn_batch_join (LimnBatch *self)
{
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_set_size (self->threads, 0);
  self->n_alive = 0;
}

/* A thread has ended. */
static void
take_end (LimnBatch *self, GError **error)
{
  if (self->threads->len == 0) /* it was given up */
    return;
  if (*error && !self->error) {
    self->error = g_steal_pointer (error);
    limn_batch_cancel (self);
  }
  if (--self->n_alive > 0)
    return;
  limn_batch_join (self);
  finish (self);
}

static gboolean
take_report (gpointer data)
{
  Report *report = data;
  LimnBatch *self = report->batch;
  LimnBatchItem *item = report->item;
  const gboolean ended = report->state != LIMN_BATCH_RUNNING && report->state != LIMN_BATCH_WAITING;

  if (!item) {
    take_end (self, &report->error);
    return G_SOURCE_REMOVE;
  }
  if (ended && g_hash_table_remove (self->again, item) && self->working) { /* what was made is old, or it was read too early */
    limn_batch_set_state (self, item, LIMN_BATCH_WAITING, 0, NULL);
    limn_batch_enqueue (self, item);
    return G_SOURCE_REMOVE;
  }
  limn_batch_set_state (self, item, report->state, report->seconds, g_steal_pointer (&report->error));
  if (!ended)
    return G_SOURCE_REMOVE;
  self->n_worked += report->state != LIMN_BATCH_SKIPPED;
  g_signal_emit_by_name (self, "item-done", item);
  if (self->working && self->counts[LIMN_BATCH_WAITING] == 0 && self->counts[LIMN_BATCH_RUNNING] == 0)
    finish (self);
  return G_SOURCE_REMOVE;
}

/* Takes error. Never calls take_report itself, as g_main_context_invoke would where no main loop runs. */
static void
tell (LimnBatch *self, LimnBatchItem *item, LimnBatchState state, double seconds, GError *error)
{
  Report *report = g_new0 (Report, 1);

  *report = (Report){ g_object_ref (self), item ? g_object_ref (item) : NULL, state, seconds, error };
  g_idle_add_full (G_PRIORITY_DEFAULT, take_report, report, free_report);
}

/* -- The threads -- */

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

/* Pictures of many sizes leave gaps in the heap that no later one fits into: their pages go back to the system now and then. (After each
 * picture that would take a twentieth of the time.) */
static void
trim_heap (LimnBatch *self)
{
  if (g_atomic_int_add (&self->n_since_trim, 1) % PICTURES_A_TRIM == PICTURES_A_TRIM - 1)
    malloc_trim (0);
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

  trim_heap (self);
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
    g_object_unref (item);
    if (!engine)
      break;
  }
  tell (self, NULL, LIMN_BATCH_WAITING, 0, error);
  return NULL;
}

/* -- Starting and ending -- */

static gboolean
open_log (LimnBatch *self, GError **error)
{
  if (g_mkdir_with_parents (self->names.folder, 0777) != 0) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("There is no folder %s to save into."), self->names.folder);
    return FALSE;
  }
  self->task.log = limn_batch_log_open (self->names.folder, error);
  return self->task.log != NULL;
}

/* What failed is tried again. */
static void
enqueue_all (LimnBatch *self)
{
  for (guint i = 0; i < self->items->len; i++) {
    LimnBatchItem *item = self->items->pdata[i];

    if (limn_batch_item_get_state (item) == LIMN_BATCH_FAILED)
      limn_batch_set_state (self, item, LIMN_BATCH_WAITING, 0, NULL);
    if (limn_batch_item_get_state (item) == LIMN_BATCH_WAITING)
      limn_batch_enqueue (self, item);
  }
}

gboolean
limn_batch_start (LimnBatch *self, GError **error)
{
  g_return_val_if_fail (LIMN_IS_BATCH (self) && self->n_alive == 0, FALSE);

  if (!self->task.log && !open_log (self, error))
    return FALSE;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_error (&self->error);
  self->stopping = self->paused = FALSE;
  self->working = TRUE;
  self->n_worked = 0;
  self->worked = self->since = 0;
  g_hash_table_remove_all (self->again);
  enqueue_all (self);
  for (; self->n_alive < self->n_jobs; self->n_alive++)
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
  set_clock (self, !paused && self->working);
}

gboolean
limn_batch_get_paused (LimnBatch *self)
{
  return self->paused;
}

void
limn_batch_stop (LimnBatch *self)
{
  self->working = FALSE;
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
limn_batch_cancel (LimnBatch *self)
{
  limn_batch_stop (self);
  if (self->n_alive == 0)
    finish (self);
}

gboolean
limn_batch_is_working (LimnBatch *self)
{
  return self->n_alive > 0;
}
