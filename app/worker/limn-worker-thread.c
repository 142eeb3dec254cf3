/* The worker's thread: opens the engine, runs the jobs that the queue hands out and sends back their results.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-worker-private.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-thread.h"

#include <glib/gi18n.h>

static void
delivery_free (LimnDelivery *self)
{
  g_clear_pointer (&self->job, limn_job_free);
  g_clear_pointer (&self->result, limn_result_free);
  g_clear_error (&self->error);
  g_free (self);
}

GPtrArray *
limn_worker_new_deliveries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) delivery_free);
}

/* Not g_main_context_invoke: it would run the callback here when nobody is iterating the context right now. */
void
limn_worker_schedule_dispatch (LimnWorker *self)
{
  if (self->source != NULL)
    return;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->source, "limn-worker");
  g_source_set_callback (self->source, limn_worker_dispatch, self, NULL);
  g_source_attach (self->source, self->context);
}

/* Unlocks, then frees dropped jobs. */
static void
unlock_and_free_dropped (LimnWorker *self)
{
  GPtrArray *dropped = limn_work_queue_take_dropped (&self->queue);

  pthread_mutex_unlock (&self->mutex);
  g_clear_pointer (&dropped, g_ptr_array_unref);
}

void
limn_worker_unlock_and_wake (LimnWorker *self, GCancellable *cancellable)
{
  pthread_cond_signal (&self->wake);
  unlock_and_free_dropped (self);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  g_clear_object (&cancellable);
}

GError *
limn_worker_cancelled_error (void)
{
  return g_error_new_literal (LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, _("The edit was cancelled."));
}

/* -- The worker's thread -- */

static gboolean
open_engine (LimnWorker *self, gboolean *opened, GError **error)
{
  g_autofree char *models = NULL;
  guint configuration;
  int threads;

  pthread_mutex_lock (&self->mutex);
  models = g_strdup (self->models);
  threads = self->threads;
  configuration = self->configuration;
  pthread_mutex_unlock (&self->mutex);
  if (self->engine != NULL && self->engine_configuration == configuration)
    return TRUE;

  g_clear_object (&self->engine);
  self->engine = limn_engine_handle_new (models, threads, error);
  if (self->engine == NULL)
    return FALSE;
  self->engine_configuration = configuration;
  *opened = TRUE;

  pthread_mutex_lock (&self->mutex);
  if (self->configuration == configuration) {
    g_free (self->model_hash);
    self->model_hash = g_strdup (limn_engine_handle_get_model_hash (self->engine));
    limn_worker_schedule_dispatch (self);
  }
  pthread_mutex_unlock (&self->mutex);
  return TRUE;
}

static void
on_progress (double fraction, gpointer user)
{
  LimnWorker *self = user;

  pthread_mutex_lock (&self->mutex);
  self->fraction = CLAMP (fraction, self->fraction, 1);
  if (self->queue.running->kind == LIMN_JOB_COMMITTED) { /* a preview's is kept for when it is promoted */
    self->progressed = TRUE;
    limn_worker_schedule_dispatch (self);
  }
  pthread_mutex_unlock (&self->mutex);
}

static LimnResult *
run_job (LimnWorker *self, LimnJob *job, gboolean *cold, GError **error)
{
  const LimnRunFlags flags = LIMN_RUN_KEEP | (job->kind == LIMN_JOB_QUICK ? LIMN_RUN_QUICK : 0);
  LimnResult *result = NULL;

  if (self->run == NULL && !open_engine (self, cold, error))
    return NULL;
  if (g_cancellable_is_cancelled (job->cancellable))
    *error = limn_worker_cancelled_error ();
  else if (self->run != NULL)
    result = self->run (job->edit, flags, on_progress, self, job->cancellable, self->run_user, error);
  else
    result = limn_edit_run (job->edit, flags, self->engine, on_progress, self, job->cancellable, error);
  g_assert ((result == NULL) == (*error != NULL));
  return result;
}

/* Call locked. Takes result and error over. */
static void
end_job (LimnWorker *self, LimnJob *job, gboolean cold, LimnResult *result, GError *error)
{
  const gboolean committed = job->kind == LIMN_JOB_COMMITTED;
  LimnDelivery *delivery = g_new0 (LimnDelivery, 1);
  LimnJobEnd end = LIMN_JOB_OK;

  *delivery = (LimnDelivery){
    .job = committed ? job : NULL,
    .slot = job->slot,
    .serial = job->serial,
    .posted = job->posted,
    .quick = job->kind == LIMN_JOB_QUICK,
    .cold = cold,
    .ready = job->ready,
    .user = job->user,
    .result = result,
    .error = error,
  };
  if (error != NULL)
    end = g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED) ? LIMN_JOB_CANCELLED : LIMN_JOB_FAILED;
  if (limn_work_queue_end (&self->queue, end, job->posted + self->debounce_delay)) {
    g_ptr_array_add (self->deliveries, delivery);
  } else {
    unlock_and_free_dropped (self);
    delivery_free (delivery);
    pthread_mutex_lock (&self->mutex);
  }
  if (committed)
    self->progressed = FALSE;
  limn_worker_schedule_dispatch (self);
}

static void
wait_until (LimnWorker *self, gint64 wake)
{
  struct timespec time = { wake / G_USEC_PER_SEC, wake % G_USEC_PER_SEC * 1000 };

  if (wake < 0)
    pthread_cond_wait (&self->wake, &self->mutex);
  else
    pthread_cond_timedwait (&self->wake, &self->mutex, &time);
}

gpointer
limn_worker_thread_main (gpointer data)
{
  LimnWorker *self = data;

  limn_thread_set_background (); /* and the engine's threads with it, which inherit this */
  pthread_mutex_lock (&self->mutex);
  while (!self->stopping) {
    gint64 wake;
    LimnJob *job = limn_work_queue_next (&self->queue, g_get_monotonic_time (), &wake);

    if (job != NULL) {
      gboolean cold = FALSE;
      GError *error = NULL;
      LimnResult *result;

      self->started = g_get_monotonic_time ();
      self->fraction = 0;
      unlock_and_free_dropped (self);
      result = run_job (self, job, &cold, &error);
      pthread_mutex_lock (&self->mutex);
      end_job (self, job, cold, result, error);
    } else if (self->warm) {
      const LimnTask task = self->warm_task;
      gboolean opened;

      self->warm = FALSE;
      unlock_and_free_dropped (self);
      if (open_engine (self, &opened, NULL)) /* the first edit reports a failure */
        limn_engine_handle_prepare (self->engine, task);
      pthread_mutex_lock (&self->mutex);
    } else {
      wait_until (self, wake);
    }
  }
  unlock_and_free_dropped (self);
  g_clear_object (&self->engine);
  return NULL;
}
