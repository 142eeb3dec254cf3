/* The worker: one thread that runs what the queue's rules say, and one idle source that brings everything back to the main loop.
 *
 * The thread and the main loop share the part of the object that is marked so, under its mutex. It is a pthread mutex because
 * ThreadSanitizer can't see into GLib's. Nothing is called, cancelled or freed while it is held.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-worker.h"

#include <glib/gi18n.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "limn-work-queue.h"

enum {
  NICENESS = 5,                 /* of the engine's threads: the window's thread goes first when both want a core */
  LATENCIES = 15,               /* measured, for the median */
  REST_MIN = 100 * 1000,        /* microseconds from a request to its refinement, while the pen may go on */
  REST_MAX = 400 * 1000,
  ESTIMATE_AFTER = 300 * 1000,  /* microseconds of running before the time left is told */
};

/* What the thread sends to the main loop. */
typedef struct {
  LimnJob *job; /* committed, or NULL: a preview, described below */
  guint slot;
  guint64 serial;
  gint64 posted;
  gboolean quick, cold;
  LimnPreviewReady ready;
  gpointer user;
  LimnResult *result;
  GError *error;
} Delivery;

/* Main thread only. */
typedef struct {
  GObject *target;           /* weak: target_gone clears it */
  guint64 forgotten, shown;  /* serials up to these are not shown any more; forgotten includes its own refinement */
} Slot;

struct _LimnWorker {
  GObject parent;

  /* Set once */
  GMainContext *context;
  GThread *thread;
  LimnWorkerRun run; /* NULL = the engine */
  gpointer run_user;
  GDestroyNotify run_destroy;

  /* Main thread only */
  guint64 serial;
  Slot slots[LIMN_WORK_QUEUE_SLOTS];
  double latencies[LATENCIES];
  guint n_latencies;
  gboolean busy, busy_committed, ready; /* as last notified */
  double progress, seconds_left, latency;

  /* The thread only */
  LimnEngineHandle *engine;
  guint engine_configuration;

  /* Shared */
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  LimnWorkQueue queue;
  gboolean stopping, warm;
  char *models;
  int threads;
  guint configuration; /* counts limn_worker_configure */
  char *model_hash;    /* of this configuration, NULL until the engine is open */
  gint64 rest;         /* microseconds */
  GPtrArray *deliveries;
  GSource *source;     /* attached, not dispatched yet */
  gint64 started;      /* of the running committed job */
  double fraction;     /* of it */
  gboolean progressed; /* since the last dispatch */
};

G_DEFINE_FINAL_TYPE (LimnWorker, limn_worker, G_TYPE_OBJECT)

enum { PROP_0, PROP_BUSY, PROP_BUSY_COMMITTED, PROP_PROGRESS, PROP_SECONDS_LEFT, PROP_LATENCY, PROP_READY, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
delivery_free (Delivery *self)
{
  g_clear_pointer (&self->job, limn_job_free);
  g_clear_pointer (&self->result, limn_result_free);
  g_clear_error (&self->error);
  g_free (self);
}

static GPtrArray *
new_deliveries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) delivery_free);
}

/* -- Both threads -- */

static gboolean dispatch (gpointer data);

/* Call locked. Not g_main_context_invoke: it would run the callback here when nobody is iterating the context right now. */
static void
schedule_dispatch (LimnWorker *self)
{
  if (self->source != NULL)
    return;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->source, "limn-worker");
  g_source_set_callback (self->source, dispatch, self, NULL);
  g_source_attach (self->source, self->context);
}

/* Unlocks, and then frees what fell out of the queue. */
static void
unlock (LimnWorker *self)
{
  GPtrArray *dropped = limn_work_queue_take_dropped (&self->queue);

  pthread_mutex_unlock (&self->mutex);
  g_clear_pointer (&dropped, g_ptr_array_unref);
}

/* Call locked: unlocks, wakes the thread and cancels (takes cancellable over, may be NULL). */
static void
unlock_and_wake (LimnWorker *self, GCancellable *cancellable)
{
  pthread_cond_signal (&self->wake);
  unlock (self);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  g_clear_object (&cancellable);
}

static GError *
cancelled_error (void)
{
  return g_error_new_literal (LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, _("The edit was cancelled."));
}

/* -- The worker's thread -- */

/* On Linux a thread has a niceness of its own, and the engine's threads inherit it. Failing to lower it harms nothing. */
static void
lower_priority (void)
{
  (void) setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), NICENESS);
}

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
    schedule_dispatch (self);
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
  self->progressed = TRUE;
  schedule_dispatch (self);
  pthread_mutex_unlock (&self->mutex);
}

static LimnResult *
run_job (LimnWorker *self, LimnJob *job, gboolean *cold, GError **error)
{
  LimnProgress progress = job->kind == LIMN_JOB_COMMITTED ? on_progress : NULL;
  LimnResult *result = NULL;

  if (self->run == NULL && job->edit->task != LIMN_TASK_ZERO_SHOT && !open_engine (self, cold, error))
    return NULL; /* zero-shot edits bring their own network */
  if (g_cancellable_is_cancelled (job->cancellable))
    *error = cancelled_error ();
  else if (self->run != NULL)
    result = self->run (job->edit, progress, self, job->cancellable, self->run_user, error);
  else
    result = limn_edit_run (job->edit, self->engine, progress, self, job->cancellable, error);
  g_assert ((result == NULL) == (*error != NULL));
  return result;
}

/* Call locked. Takes result and error over. */
static void
end_job (LimnWorker *self, LimnJob *job, gboolean cold, LimnResult *result, GError *error)
{
  const gboolean committed = job->kind == LIMN_JOB_COMMITTED;
  Delivery *delivery = g_new0 (Delivery, 1);
  LimnJobEnd end = LIMN_JOB_OK;

  *delivery = (Delivery){
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
  if (limn_work_queue_end (&self->queue, end, job->posted + self->rest)) {
    g_ptr_array_add (self->deliveries, delivery);
  } else {
    unlock (self);
    delivery_free (delivery);
    pthread_mutex_lock (&self->mutex);
  }
  if (committed)
    self->progressed = FALSE;
  schedule_dispatch (self);
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

static gpointer
thread_main (gpointer data)
{
  LimnWorker *self = data;

  lower_priority ();
  pthread_mutex_lock (&self->mutex);
  while (!self->stopping) {
    gint64 wake;
    LimnJob *job = limn_work_queue_next (&self->queue, g_get_monotonic_time (), &wake);

    if (job != NULL) {
      gboolean cold = FALSE;
      GError *error = NULL;
      LimnResult *result;

      if (job->kind == LIMN_JOB_COMMITTED) {
        self->started = g_get_monotonic_time ();
        self->fraction = 0;
      }
      unlock (self);
      result = run_job (self, job, &cold, &error);
      pthread_mutex_lock (&self->mutex);
      end_job (self, job, cold, result, error);
    } else if (self->warm) {
      gboolean opened;

      self->warm = FALSE;
      unlock (self);
      open_engine (self, &opened, NULL); /* the first edit tells when it fails */
      pthread_mutex_lock (&self->mutex);
    } else {
      wait_until (self, wake);
    }
  }
  unlock (self);
  g_clear_object (&self->engine);
  return NULL;
}

/* -- The main thread: properties -- */

static double
median (const double *values, guint n)
{
  double sorted[LATENCIES];

  for (guint i = 0; i < n; i++) {
    guint j = i;
    for (; j > 0 && sorted[j - 1] > values[i]; j--)
      sorted[j] = sorted[j - 1];
    sorted[j] = values[i];
  }
  return n > 0 ? sorted[n / 2] : 0;
}

static void
update_boolean (LimnWorker *self, gboolean *property, gboolean value, int id)
{
  if (*property != value) {
    *property = value;
    g_object_notify_by_pspec (G_OBJECT (self), props[id]);
  }
}

static void
update_double (LimnWorker *self, double *property, double value, int id)
{
  if (*property != value) {
    *property = value;
    g_object_notify_by_pspec (G_OBJECT (self), props[id]);
  }
}

/* Makes "progress" and "seconds-left" what they are now. */
static void
update_progress (LimnWorker *self)
{
  double progress = 0, left = -1;

  pthread_mutex_lock (&self->mutex);
  if (self->queue.running != NULL && self->queue.running->kind == LIMN_JOB_COMMITTED) {
    const gint64 elapsed = g_get_monotonic_time () - self->started;

    progress = self->fraction;
    if (elapsed >= ESTIMATE_AFTER && self->fraction > 0)
      left = elapsed * 1e-6 * (1 - self->fraction) / self->fraction;
  }
  pthread_mutex_unlock (&self->mutex);
  update_double (self, &self->progress, progress, PROP_PROGRESS);
  update_double (self, &self->seconds_left, left, PROP_SECONDS_LEFT);
}

/* Makes every property what it is now. Handlers may call back. */
static void
update (LimnWorker *self)
{
  gboolean busy, committed, ready;

  pthread_mutex_lock (&self->mutex);
  busy = !limn_work_queue_is_empty (&self->queue) || self->deliveries->len > 0;
  committed = limn_work_queue_has_committed (&self->queue);
  for (guint i = 0; i < self->deliveries->len; i++)
    committed = committed || ((Delivery *) self->deliveries->pdata[i])->job != NULL;
  ready = self->run != NULL || self->model_hash != NULL;
  pthread_mutex_unlock (&self->mutex);

  g_object_freeze_notify (G_OBJECT (self));
  update_progress (self);
  update_boolean (self, &self->busy, busy, PROP_BUSY);
  update_boolean (self, &self->busy_committed, committed, PROP_BUSY_COMMITTED);
  update_boolean (self, &self->ready, ready, PROP_READY);
  update_double (self, &self->latency, median (self->latencies, MIN (self->n_latencies, LATENCIES)), PROP_LATENCY);
  g_object_thaw_notify (G_OBJECT (self));
}

/* -- The main thread: results -- */

static void
measure (LimnWorker *self, const Delivery *delivery)
{
  const gint64 latency = g_get_monotonic_time () - delivery->posted;

  if (!delivery->quick || delivery->cold || delivery->result == NULL)
    return;
  self->latencies[self->n_latencies++ % LATENCIES] = latency * 1e-3;
  pthread_mutex_lock (&self->mutex);
  self->rest = CLAMP (1.5e3 * median (self->latencies, MIN (self->n_latencies, LATENCIES)), REST_MIN, REST_MAX);
  pthread_mutex_unlock (&self->mutex);
}

static void
deliver_preview (LimnWorker *self, Delivery *delivery)
{
  Slot *slot = &self->slots[delivery->slot];
  g_autoptr (GObject) target = NULL;

  measure (self, delivery);
  if (slot->target == NULL || delivery->serial <= slot->forgotten || delivery->serial < slot->shown)
    return;
  slot->shown = delivery->serial;
  target = g_object_ref (slot->target);
  delivery->ready (target, delivery->serial, delivery->result, delivery->quick, delivery->error, delivery->user);
}

static void
deliver_committed (Delivery *delivery)
{
  LimnJob *job = delivery->job;

  g_cancellable_disconnect (job->cancellable, job->cancel_handler);
  if (delivery->result != NULL)
    g_task_return_pointer (job->task, g_steal_pointer (&delivery->result), (GDestroyNotify) limn_result_free);
  else
    g_task_return_error (job->task, g_steal_pointer (&delivery->error));
}

static gboolean
dispatch (gpointer data)
{
  g_autoptr (LimnWorker) self = g_object_ref (data);
  g_autoptr (GPtrArray) deliveries = NULL;
  LimnCommitProgress progress = NULL;
  gpointer progress_user = NULL;

  pthread_mutex_lock (&self->mutex);
  g_clear_pointer (&self->source, g_source_unref);
  deliveries = g_steal_pointer (&self->deliveries);
  self->deliveries = new_deliveries ();
  if (self->progressed) {
    progress = self->queue.running->progress;
    progress_user = self->queue.running->user;
    self->progressed = FALSE;
  }
  pthread_mutex_unlock (&self->mutex);

  if (progress != NULL) {
    update_progress (self);
    progress (self->progress, self->seconds_left, progress_user);
  }
  for (guint i = 0; i < deliveries->len; i++) {
    Delivery *delivery = deliveries->pdata[i];

    if (delivery->job != NULL)
      deliver_committed (delivery);
    else
      deliver_preview (self, delivery);
  }
  update (self);
  return G_SOURCE_REMOVE;
}

/* -- The main thread: requests -- */

static LimnWorker *
worker_new (const char *models, int threads, LimnWorkerRun run, gpointer user, GDestroyNotify destroy)
{
  LimnWorker *self = g_object_new (LIMN_TYPE_WORKER, NULL);

  self->models = g_strdup (models);
  self->threads = threads;
  self->run = run;
  self->run_user = user;
  self->run_destroy = destroy;
  self->ready = run != NULL;
  self->thread = g_thread_new ("limn-worker", thread_main, self);
  return self;
}

LimnWorker *
limn_worker_new (const char *models, int threads)
{
  return worker_new (models, threads, NULL, NULL, NULL);
}

LimnWorker *
limn_worker_new_with_runner (LimnWorkerRun run, gpointer user, GDestroyNotify destroy)
{
  g_return_val_if_fail (run != NULL, NULL);
  return worker_new (NULL, 0, run, user, destroy);
}

void
limn_worker_warm_up (LimnWorker *self)
{
  g_return_if_fail (LIMN_IS_WORKER (self));
  if (self->run != NULL)
    return;
  pthread_mutex_lock (&self->mutex);
  self->warm = TRUE;
  unlock_and_wake (self, NULL);
}

void
limn_worker_configure (LimnWorker *self, const char *models, int threads)
{
  g_return_if_fail (LIMN_IS_WORKER (self));
  pthread_mutex_lock (&self->mutex);
  g_free (self->models);
  self->models = g_strdup (models);
  self->threads = threads;
  self->configuration++;
  g_clear_pointer (&self->model_hash, g_free);
  pthread_mutex_unlock (&self->mutex);
  self->n_latencies = 0;
  update (self);
}

char *
limn_worker_dup_model_hash (LimnWorker *self)
{
  char *hash;

  g_return_val_if_fail (LIMN_IS_WORKER (self), NULL);
  pthread_mutex_lock (&self->mutex);
  hash = g_strdup (self->model_hash);
  pthread_mutex_unlock (&self->mutex);
  return hash;
}

/* Without telling the properties. */
static void
cancel_preview (LimnWorker *self, guint slot)
{
  self->slots[slot].forgotten = self->serial;
  pthread_mutex_lock (&self->mutex);
  unlock_and_wake (self, limn_work_queue_cancel_slot (&self->queue, slot));
}

static void
target_gone (gpointer data, GObject *gone)
{
  LimnWorker *self = data;

  for (guint slot = 0; slot < LIMN_WORK_QUEUE_SLOTS; slot++)
    if (self->slots[slot].target == gone) {
      self->slots[slot].target = NULL;
      cancel_preview (self, slot);
    }
  update (self);
}

/* A slot serves one target at a time: results for another are forgotten. */
static void
set_target (LimnWorker *self, guint slot, GObject *target)
{
  GObject *old = self->slots[slot].target;

  if (old == target)
    return;
  if (old != NULL) {
    g_object_weak_unref (old, target_gone, self);
    cancel_preview (self, slot);
  }
  self->slots[slot].target = target;
  if (target != NULL)
    g_object_weak_ref (target, target_gone, self);
}

guint64
limn_worker_preview (LimnWorker *self, guint slot, LimnEdit *edit, gboolean refine, GObject *target, LimnPreviewReady ready,
                     gpointer user)
{
  LimnJob *job;
  guint64 serial;

  g_return_val_if_fail (LIMN_IS_WORKER (self), 0);
  g_return_val_if_fail (slot < LIMN_WORK_QUEUE_SLOTS, 0);
  g_return_val_if_fail (edit != NULL && G_IS_OBJECT (target) && ready != NULL, 0);

  job = limn_job_new (LIMN_JOB_QUICK, edit, NULL);
  edit->quick = TRUE;
  serial = self->serial + 1;
  if (self->thread == NULL) {
    limn_job_free (job);
    return self->serial = serial;
  }
  set_target (self, slot, target);
  self->serial = serial;
  job->slot = slot;
  job->serial = serial;
  job->refine = refine;
  job->posted = g_get_monotonic_time ();
  job->ready = ready;
  job->user = user;
  pthread_mutex_lock (&self->mutex);
  unlock_and_wake (self, limn_work_queue_preview (&self->queue, job));
  update (self);
  return serial;
}

void
limn_worker_cancel_preview (LimnWorker *self, guint slot)
{
  g_return_if_fail (LIMN_IS_WORKER (self));
  g_return_if_fail (slot < LIMN_WORK_QUEUE_SLOTS);
  cancel_preview (self, slot);
  update (self);
}

gboolean
limn_worker_is_previewing (LimnWorker *self, guint slot)
{
  gboolean previewing;

  g_return_val_if_fail (LIMN_IS_WORKER (self), FALSE);
  g_return_val_if_fail (slot < LIMN_WORK_QUEUE_SLOTS, FALSE);
  pthread_mutex_lock (&self->mutex);
  previewing = limn_work_queue_has_slot (&self->queue, slot);
  for (guint i = 0; i < self->deliveries->len && !previewing; i++) {
    const Delivery *delivery = self->deliveries->pdata[i];
    previewing = delivery->job == NULL && delivery->slot == slot && delivery->serial > self->slots[slot].forgotten;
  }
  pthread_mutex_unlock (&self->mutex);
  return previewing;
}

/* An edit that waits ends at once, in whatever thread it is cancelled; the one that runs ends by itself. */
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  LimnJob *job = data;
  LimnWorker *self = g_task_get_source_object (job->task);

  pthread_mutex_lock (&self->mutex);
  if (limn_work_queue_withdraw (&self->queue, job)) {
    Delivery *delivery = g_new0 (Delivery, 1);

    delivery->job = job;
    delivery->error = cancelled_error ();
    g_ptr_array_add (self->deliveries, delivery);
    schedule_dispatch (self);
  }
  pthread_mutex_unlock (&self->mutex);
}

void
limn_worker_commit_async (LimnWorker *self, LimnEdit *edit, GCancellable *cancellable, LimnCommitProgress progress,
                          gpointer progress_user, GAsyncReadyCallback ready, gpointer user)
{
  LimnJob *job;

  g_return_if_fail (LIMN_IS_WORKER (self));
  g_return_if_fail (edit != NULL);

  job = limn_job_new (LIMN_JOB_COMMITTED, edit, cancellable);
  job->task = g_task_new (self, NULL, ready, user);
  g_task_set_source_tag (job->task, limn_worker_commit_async);
  job->progress = progress;
  job->user = progress_user;
  if (self->thread == NULL) {
    g_task_return_error (job->task, cancelled_error ());
    limn_job_free (job);
    return;
  }
  pthread_mutex_lock (&self->mutex);
  unlock_and_wake (self, limn_work_queue_commit (&self->queue, job));
  /* The job lives until it is dispatched, which is on this thread. */
  job->cancel_handler = g_cancellable_connect (job->cancellable, G_CALLBACK (on_cancelled), job, NULL);
  update (self);
}

LimnResult *
limn_worker_commit_finish (LimnWorker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
cancel_everything (LimnWorker *self)
{
  g_autoptr (GPtrArray) committed = g_ptr_array_new_with_free_func (g_object_unref);
  LimnJob *running;

  for (guint slot = 0; slot < LIMN_WORK_QUEUE_SLOTS; slot++)
    cancel_preview (self, slot);
  pthread_mutex_lock (&self->mutex);
  for (GList *l = self->queue.committed.head; l != NULL; l = l->next)
    g_ptr_array_add (committed, g_object_ref (((LimnJob *) l->data)->cancellable));
  running = self->queue.running; /* last, so that none of the others begins */
  if (running != NULL && running->kind == LIMN_JOB_COMMITTED)
    g_ptr_array_add (committed, g_object_ref (running->cancellable));
  pthread_mutex_unlock (&self->mutex);
  g_ptr_array_foreach (committed, (GFunc) (void (*) (void)) g_cancellable_cancel, NULL);
}

void
limn_worker_cancel_all (LimnWorker *self)
{
  g_return_if_fail (LIMN_IS_WORKER (self));
  cancel_everything (self);
  update (self);
}

void
limn_worker_shutdown (LimnWorker *self)
{
  g_autoptr (GPtrArray) deliveries = NULL;

  g_return_if_fail (LIMN_IS_WORKER (self));
  if (self->thread == NULL)
    return;
  pthread_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  unlock_and_wake (self, NULL);
  cancel_everything (self);
  g_thread_join (g_steal_pointer (&self->thread));

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  deliveries = g_steal_pointer (&self->deliveries);
  self->deliveries = new_deliveries ();
  for (guint i = 0; i < deliveries->len; i++) {
    Delivery *delivery = deliveries->pdata[i];

    if (delivery->job == NULL)
      continue;
    g_clear_pointer (&delivery->result, limn_result_free);
    if (delivery->error == NULL)
      delivery->error = cancelled_error ();
    deliver_committed (delivery);
  }
  update (self);
}

/* -- The object -- */

static void
limn_worker_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  LimnWorker *self = LIMN_WORKER (object);

  switch (id) {
  case PROP_BUSY: g_value_set_boolean (value, self->busy); break;
  case PROP_BUSY_COMMITTED: g_value_set_boolean (value, self->busy_committed); break;
  case PROP_PROGRESS: g_value_set_double (value, self->progress); break;
  case PROP_SECONDS_LEFT: g_value_set_double (value, self->seconds_left); break;
  case PROP_LATENCY: g_value_set_double (value, self->latency); break;
  case PROP_READY: g_value_set_boolean (value, self->ready); break;
  default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
}

static void
limn_worker_dispose (GObject *object)
{
  LimnWorker *self = LIMN_WORKER (object);

  limn_worker_shutdown (self);
  for (guint slot = 0; slot < LIMN_WORK_QUEUE_SLOTS; slot++)
    set_target (self, slot, NULL);
  G_OBJECT_CLASS (limn_worker_parent_class)->dispose (object);
}

static void
limn_worker_finalize (GObject *object)
{
  LimnWorker *self = LIMN_WORKER (object);

  if (self->run_destroy != NULL)
    self->run_destroy (self->run_user);
  limn_work_queue_clear (&self->queue);
  g_ptr_array_unref (self->deliveries);
  g_free (self->models);
  g_free (self->model_hash);
  pthread_cond_destroy (&self->wake);
  pthread_mutex_destroy (&self->mutex);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (limn_worker_parent_class)->finalize (object);
}

static void
limn_worker_class_init (LimnWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = limn_worker_get_property;
  object_class->dispose = limn_worker_dispose;
  object_class->finalize = limn_worker_finalize;
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  props[PROP_BUSY_COMMITTED] = g_param_spec_boolean ("busy-committed", NULL, NULL, FALSE, flags);
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  props[PROP_SECONDS_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  props[PROP_LATENCY] = g_param_spec_double ("latency", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  props[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
limn_worker_init (LimnWorker *self)
{
  pthread_condattr_t attributes;

  self->context = g_main_context_ref_thread_default ();
  self->deliveries = new_deliveries ();
  self->seconds_left = -1;
  self->rest = REST_MIN;
  limn_work_queue_init (&self->queue);
  pthread_mutex_init (&self->mutex, NULL);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&self->wake, &attributes);
  pthread_condattr_destroy (&attributes);
}
