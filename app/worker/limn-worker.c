/* The worker: one thread that runs what the queue's rules say, and one idle source that brings everything back to the main loop.
 *
 * Here is the main thread's half: properties, requests and the delivery of results. The other is limn-worker-thread.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-worker-private.h"

enum {
  DEBOUNCE_MIN = 100 * 1000, /* microseconds: a refinement starts so long after its request, unless another follows (debounce) */
  DEBOUNCE_MAX = 400 * 1000,
  ESTIMATE_AFTER = 300 * 1000, /* microseconds of running before the time left is estimated */
};

G_DEFINE_FINAL_TYPE (LimnWorker, limn_worker, G_TYPE_OBJECT)

enum { PROP_0, PROP_BUSY, PROP_BUSY_COMMITTED, PROP_PROGRESS, PROP_SECONDS_LEFT, PROP_LATENCY, PROP_READY, N_PROPS };
static GParamSpec *props[N_PROPS];

/* -- The main thread: properties -- */

static double
get_median (const double *values, guint n)
{
  double sorted[LIMN_WORKER_LATENCIES];

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

/* Updates "progress" and "seconds-left". */
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

/* Updates and notifies every property. Handlers may call back. */
static void
notify_properties (LimnWorker *self)
{
  gboolean busy, committed, ready;

  pthread_mutex_lock (&self->mutex);
  busy = !limn_work_queue_is_empty (&self->queue) || self->deliveries->len > 0;
  committed = limn_work_queue_has_committed (&self->queue);
  for (guint i = 0; i < self->deliveries->len; i++)
    committed = committed || ((LimnDelivery *) self->deliveries->pdata[i])->job != NULL;
  ready = self->run != NULL || self->model_hash != NULL;
  pthread_mutex_unlock (&self->mutex);

  g_object_freeze_notify (G_OBJECT (self));
  update_progress (self);
  update_boolean (self, &self->busy, busy, PROP_BUSY);
  update_boolean (self, &self->busy_committed, committed, PROP_BUSY_COMMITTED);
  update_boolean (self, &self->ready, ready, PROP_READY);
  update_double (self, &self->latency, get_median (self->latencies, MIN (self->n_latencies, LIMN_WORKER_LATENCIES)), PROP_LATENCY);
  g_object_thaw_notify (G_OBJECT (self));
}

/* -- The main thread: results -- */

static void
record_latency (LimnWorker *self, const LimnDelivery *delivery)
{
  const gint64 latency = g_get_monotonic_time () - delivery->posted;

  if (!delivery->quick || delivery->cold || delivery->result == NULL)
    return;
  self->latencies[self->n_latencies++ % LIMN_WORKER_LATENCIES] = latency * 1e-3;
  pthread_mutex_lock (&self->mutex);
  self->debounce_delay = CLAMP (1.5e3 * get_median (self->latencies, MIN (self->n_latencies, LIMN_WORKER_LATENCIES)), DEBOUNCE_MIN,
                                DEBOUNCE_MAX);
  pthread_mutex_unlock (&self->mutex);
}

/* Until the next slots are taken. */
static LimnWorkerSlot *
get_slot (LimnWorker *self, guint slot)
{
  return &g_array_index (self->slots, LimnWorkerSlot, slot);
}

static void
deliver_preview (LimnWorker *self, LimnDelivery *delivery)
{
  LimnWorkerSlot *slot = get_slot (self, delivery->slot);
  g_autoptr (GObject) target = NULL;

  record_latency (self, delivery);
  if (slot->target == NULL || delivery->serial <= slot->cancelled_serial || delivery->serial < slot->shown_serial)
    return;
  slot->shown_serial = delivery->serial;
  target = g_object_ref (slot->target);
  delivery->ready (target, delivery->serial, delivery->result, delivery->quick, delivery->error, delivery->user);
}

static void
deliver_committed (LimnDelivery *delivery)
{
  LimnJob *job = delivery->job;

  g_cancellable_disconnect (job->cancellable, job->cancel_handler);
  if (delivery->result != NULL)
    g_task_return_pointer (job->task, g_steal_pointer (&delivery->result), (GDestroyNotify) limn_result_free);
  else
    g_task_return_error (job->task, g_steal_pointer (&delivery->error));
}

gboolean
limn_worker_dispatch (gpointer data)
{
  g_autoptr (LimnWorker) self = g_object_ref (data);
  g_autoptr (GPtrArray) deliveries = NULL;
  LimnCommitProgress progress = NULL;
  gpointer progress_user = NULL;

  pthread_mutex_lock (&self->mutex);
  g_clear_pointer (&self->source, g_source_unref);
  deliveries = g_steal_pointer (&self->deliveries);
  self->deliveries = limn_worker_new_deliveries ();
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
    LimnDelivery *delivery = deliveries->pdata[i];

    if (delivery->job != NULL)
      deliver_committed (delivery);
    else
      deliver_preview (self, delivery);
  }
  notify_properties (self);
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
  self->thread = g_thread_new ("limn-worker", limn_worker_thread_main, self);
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
limn_worker_warm_up (LimnWorker *self, LimnTask task)
{
  g_return_if_fail (LIMN_IS_WORKER (self));
  if (self->run != NULL)
    return;
  pthread_mutex_lock (&self->mutex);
  self->warm = TRUE;
  self->warm_task = task;
  limn_worker_unlock_and_wake (self, NULL);
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
  notify_properties (self);
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

/* Doesn't notify properties. */
static void
cancel_preview (LimnWorker *self, guint slot)
{
  get_slot (self, slot)->cancelled_serial = self->serial;
  pthread_mutex_lock (&self->mutex);
  limn_worker_unlock_and_wake (self, limn_work_queue_cancel_slot (&self->queue, slot));
}

static void
target_gone (gpointer data, GObject *gone)
{
  LimnWorker *self = data;

  for (guint slot = 0; slot < self->slots->len; slot++)
    if (get_slot (self, slot)->target == gone) {
      get_slot (self, slot)->target = NULL;
      cancel_preview (self, slot);
    }
  notify_properties (self);
}

/* A slot serves one target at a time: results for another are dropped. */
static void
set_slot_target (LimnWorker *self, guint slot, GObject *target)
{
  GObject *old = get_slot (self, slot)->target;

  if (old == target)
    return;
  if (old != NULL) {
    g_object_weak_unref (old, target_gone, self);
    cancel_preview (self, slot);
  }
  get_slot (self, slot)->target = target;
  if (target != NULL)
    g_object_weak_ref (target, target_gone, self);
}

static void
owner_gone (gpointer data, GObject *gone)
{
  LimnWorker *self = data;

  for (guint slot = 0; slot < self->slots->len; slot++)
    if (get_slot (self, slot)->owner == gone) {
      get_slot (self, slot)->owner = NULL;
      if (get_slot (self, slot)->target != gone) /* else target_gone is called too */
        set_slot_target (self, slot, NULL);
    }
  notify_properties (self);
}

guint
limn_worker_take_slots (LimnWorker *self, guint n, GObject *owner)
{
  guint first = 0;

  g_return_val_if_fail (LIMN_IS_WORKER (self), 0);
  g_return_val_if_fail (n > 0 && G_IS_OBJECT (owner), 0);

  for (guint slot = 0; slot < self->slots->len && slot < first + n; slot++)
    if (get_slot (self, slot)->owner != NULL)
      first = slot + 1;
  if (self->slots->len < first + n)
    g_array_set_size (self->slots, first + n);
  for (guint slot = first; slot < first + n; slot++) {
    get_slot (self, slot)->owner = owner;
    g_object_weak_ref (owner, owner_gone, self);
  }
  return first;
}

guint64
limn_worker_preview (LimnWorker *self, guint slot, LimnEdit *edit, gboolean refine, GObject *target, LimnPreviewReady ready, gpointer user)
{
  LimnJob *job;
  guint64 serial;

  g_return_val_if_fail (LIMN_IS_WORKER (self), 0);
  g_return_val_if_fail (slot < self->slots->len, 0);
  g_return_val_if_fail (edit != NULL && G_IS_OBJECT (target) && ready != NULL, 0);

  job = limn_job_new (LIMN_JOB_QUICK, edit, NULL);
  serial = self->serial + 1;
  if (self->thread == NULL) {
    limn_job_free (job);
    return self->serial = serial;
  }
  set_slot_target (self, slot, target);
  self->serial = serial;
  job->slot = slot;
  job->serial = serial;
  job->refine = refine;
  job->posted = g_get_monotonic_time ();
  job->ready = ready;
  job->user = user;
  pthread_mutex_lock (&self->mutex);
  limn_worker_unlock_and_wake (self, limn_work_queue_preview (&self->queue, job));
  notify_properties (self);
  return serial;
}

void
limn_worker_cancel_preview (LimnWorker *self, guint slot)
{
  g_return_if_fail (LIMN_IS_WORKER (self));
  g_return_if_fail (slot < self->slots->len);
  cancel_preview (self, slot);
  notify_properties (self);
}

gboolean
limn_worker_is_previewing (LimnWorker *self, guint slot)
{
  gboolean previewing;

  g_return_val_if_fail (LIMN_IS_WORKER (self), FALSE);
  g_return_val_if_fail (slot < self->slots->len, FALSE);
  pthread_mutex_lock (&self->mutex);
  previewing = limn_work_queue_has_slot (&self->queue, slot);
  for (guint i = 0; i < self->deliveries->len && !previewing; i++) {
    const LimnDelivery *delivery = self->deliveries->pdata[i];
    previewing = delivery->job == NULL && delivery->slot == slot && delivery->serial > get_slot (self, slot)->cancelled_serial;
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
  if (limn_work_queue_remove (&self->queue, job)) {
    LimnDelivery *delivery = g_new0 (LimnDelivery, 1);

    delivery->job = job;
    delivery->error = limn_worker_cancelled_error ();
    g_ptr_array_add (self->deliveries, delivery);
    limn_worker_schedule_dispatch (self);
  }
  pthread_mutex_unlock (&self->mutex);
}

void
limn_worker_commit_async (LimnWorker *self, LimnEdit *edit, GCancellable *cancellable, LimnCommitProgress progress, gpointer progress_user,
                          GAsyncReadyCallback ready, gpointer user)
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
    g_task_return_error (job->task, limn_worker_cancelled_error ());
    limn_job_free (job);
    return;
  }
  pthread_mutex_lock (&self->mutex);
  limn_worker_unlock_and_wake (self, limn_work_queue_commit (&self->queue, job));
  /* The job lives until it is dispatched, which is on this thread. */
  job->cancel_handler = g_cancellable_connect (job->cancellable, G_CALLBACK (on_cancelled), job, NULL);
  notify_properties (self);
}

GCancellable *
limn_worker_promote (LimnWorker *self, guint slot, guint64 serial, LimnCommitProgress progress, gpointer progress_user,
                     GAsyncReadyCallback ready, gpointer user)
{
  LimnJob *job;

  g_return_val_if_fail (LIMN_IS_WORKER (self), NULL);
  g_return_val_if_fail (slot < self->slots->len, NULL);
  if (self->thread == NULL)
    return NULL;
  pthread_mutex_lock (&self->mutex);
  job = limn_work_queue_promote (&self->queue, slot, serial);
  if (job != NULL) { /* before the thread can end it */
    job->task = g_task_new (self, NULL, ready, user);
    g_task_set_source_tag (job->task, limn_worker_promote);
    job->progress = progress;
    job->user = progress_user;
  }
  limn_worker_unlock_and_wake (self, NULL);
  if (job == NULL)
    return NULL;
  job->cancel_handler = g_cancellable_connect (job->cancellable, G_CALLBACK (on_cancelled), job, NULL);
  notify_properties (self);
  return g_object_ref (job->cancellable);
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

  for (guint slot = 0; slot < self->slots->len; slot++)
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
limn_worker_shutdown (LimnWorker *self)
{
  g_autoptr (GPtrArray) deliveries = NULL;

  g_return_if_fail (LIMN_IS_WORKER (self));
  if (self->thread == NULL)
    return;
  pthread_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  limn_worker_unlock_and_wake (self, NULL);
  cancel_everything (self);
  g_thread_join (g_steal_pointer (&self->thread));

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  deliveries = g_steal_pointer (&self->deliveries);
  self->deliveries = limn_worker_new_deliveries ();
  for (guint i = 0; i < deliveries->len; i++) {
    LimnDelivery *delivery = deliveries->pdata[i];

    if (delivery->job == NULL)
      continue;
    g_clear_pointer (&delivery->result, limn_result_free);
    if (delivery->error == NULL)
      delivery->error = limn_worker_cancelled_error ();
    deliver_committed (delivery);
  }
  notify_properties (self);
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
forget_owners (LimnWorker *self)
{
  for (guint slot = 0; slot < self->slots->len; slot++) {
    GObject *owner = get_slot (self, slot)->owner;

    get_slot (self, slot)->owner = NULL;
    if (owner != NULL)
      g_object_weak_unref (owner, owner_gone, self);
  }
}

static void
limn_worker_dispose (GObject *object)
{
  LimnWorker *self = LIMN_WORKER (object);

  limn_worker_shutdown (self);
  for (guint slot = 0; slot < self->slots->len; slot++)
    set_slot_target (self, slot, NULL);
  forget_owners (self);
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
  g_array_unref (self->slots);
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
  self->deliveries = limn_worker_new_deliveries ();
  self->slots = g_array_new (FALSE, TRUE, sizeof (LimnWorkerSlot));
  self->seconds_left = -1;
  self->debounce_delay = DEBOUNCE_MIN;
  limn_work_queue_init (&self->queue);
  pthread_mutex_init (&self->mutex, NULL);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&self->wake, &attributes);
  pthread_condattr_destroy (&attributes);
}
