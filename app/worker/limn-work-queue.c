/* The worker's rules.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-work-queue.h"

LimnJob *
limn_job_new (LimnJobKind kind, LimnEdit *edit, GCancellable *cancellable)
{
  LimnJob *self = g_new0 (LimnJob, 1);

  self->kind = kind;
  self->edit = edit;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  return self;
}

void
limn_job_free (LimnJob *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->edit, limn_edit_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->task);
  g_free (self);
}

static GPtrArray *
new_dropped (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) limn_job_free);
}

void
limn_work_queue_init (LimnWorkQueue *self)
{
  *self = (LimnWorkQueue){ .committed = G_QUEUE_INIT, .dropped = new_dropped () };
}

/* Moves the job at place, if any, to the dropped ones. */
static void
drop_job (LimnWorkQueue *self, LimnJob **place)
{
  if (*place != NULL)
    g_ptr_array_add (self->dropped, g_steal_pointer (place));
}

void
limn_work_queue_clear (LimnWorkQueue *self)
{
  for (guint slot = 0; slot < self->n_slots; slot++) {
    drop_job (self, &self->waiting[slot]);
    drop_job (self, &self->pending_refinement[slot]);
  }
  g_clear_pointer (&self->waiting, g_free);
  g_clear_pointer (&self->pending_refinement, g_free);
  self->n_slots = 0;
  drop_job (self, &self->running);
  g_queue_clear_full (&self->committed, (GDestroyNotify) limn_job_free);
  g_clear_pointer (&self->dropped, g_ptr_array_unref);
}

static gboolean
is_previewing (LimnWorkQueue *self)
{
  return self->running != NULL && self->running->kind != LIMN_JOB_COMMITTED;
}

GCancellable *
limn_work_queue_commit (LimnWorkQueue *self, LimnJob *job)
{
  g_queue_push_tail (&self->committed, job);
  if (!is_previewing (self))
    return NULL;
  self->running->preempted = TRUE;
  return g_object_ref (self->running->cancellable);
}

static void
grow_slots (LimnWorkQueue *self, guint n)
{
  if (n <= self->n_slots)
    return;
  self->waiting = g_renew (LimnJob *, self->waiting, n);
  self->pending_refinement = g_renew (LimnJob *, self->pending_refinement, n);
  for (guint slot = self->n_slots; slot < n; slot++)
    self->waiting[slot] = self->pending_refinement[slot] = NULL;
  self->n_slots = n;
}

GCancellable *
limn_work_queue_preview (LimnWorkQueue *self, LimnJob *job)
{
  LimnJob *old;

  grow_slots (self, job->slot + 1);
  old = self->waiting[job->slot];
  job->queued_since = old != NULL ? old->queued_since : job->posted;
  drop_job (self, &self->waiting[job->slot]);
  drop_job (self, &self->pending_refinement[job->slot]);
  self->waiting[job->slot] = job;

  /* A refinement in any slot is preempted by a new request. A quick run may finish, so that a moving pen sees something. */
  if (self->running == NULL || self->running->kind != LIMN_JOB_FULL)
    return NULL;
  if (self->running->slot == job->slot)
    self->running->dropped = TRUE;
  else
    self->running->preempted = TRUE;
  return g_object_ref (self->running->cancellable);
}

GCancellable *
limn_work_queue_cancel_slot (LimnWorkQueue *self, guint slot)
{
  if (slot >= self->n_slots)
    return NULL;
  drop_job (self, &self->waiting[slot]);
  drop_job (self, &self->pending_refinement[slot]);
  if (!is_previewing (self) || self->running->slot != slot)
    return NULL;
  self->running->dropped = TRUE;
  return g_object_ref (self->running->cancellable);
}

LimnJob *
limn_work_queue_promote (LimnWorkQueue *self, guint slot, guint64 serial)
{
  LimnJob *job = self->running;

  if (slot < self->n_slots && self->pending_refinement[slot] != NULL && self->pending_refinement[slot]->serial == serial) {
    job = g_steal_pointer (&self->pending_refinement[slot]);
    g_queue_push_tail (&self->committed, job);
  } else if (job == NULL || job->kind != LIMN_JOB_FULL || job->slot != slot || job->serial != serial || job->dropped || job->preempted) {
    return NULL;
  }
  job->kind = LIMN_JOB_COMMITTED;
  return job;
}

gboolean
limn_work_queue_remove (LimnWorkQueue *self, LimnJob *job)
{
  return g_queue_remove (&self->committed, job);
}

LimnJob *
limn_work_queue_next (LimnWorkQueue *self, gint64 now, gint64 *wake)
{
  LimnJob **best = NULL;

  g_assert (self->running == NULL);
  *wake = -1;
  self->running = g_queue_pop_head (&self->committed);
  if (self->running != NULL)
    return self->running;

  for (guint slot = 0; slot < self->n_slots; slot++)
    if (self->waiting[slot] != NULL && (best == NULL || self->waiting[slot]->queued_since < (*best)->queued_since))
      best = &self->waiting[slot];
  if (best == NULL) {
    for (guint slot = 0; slot < self->n_slots; slot++)
      if (self->pending_refinement[slot] != NULL && (best == NULL || self->pending_refinement[slot]->due < (*best)->due))
        best = &self->pending_refinement[slot];
    if (best != NULL && (*best)->due > now) {
      *wake = (*best)->due;
      return NULL;
    }
  }
  if (best != NULL)
    self->running = g_steal_pointer (best);
  return self->running;
}

/* Requeues a preempted run, unless something newer is in its place. */
static void
put_back (LimnWorkQueue *self, LimnJob *job)
{
  LimnJob **place = job->kind == LIMN_JOB_QUICK ? &self->waiting[job->slot] : &self->pending_refinement[job->slot];

  if (self->waiting[job->slot] != NULL) {
    g_ptr_array_add (self->dropped, job);
    return;
  }
  g_object_unref (job->cancellable);
  job->cancellable = g_cancellable_new ();
  job->preempted = FALSE;
  *place = job;
}

gboolean
limn_work_queue_end (LimnWorkQueue *self, LimnJobEnd end, gint64 due)
{
  LimnJob *job = g_steal_pointer (&self->running);

  if (job->kind == LIMN_JOB_COMMITTED)
    return TRUE;
  if (end == LIMN_JOB_CANCELLED && job->preempted && !job->dropped) {
    put_back (self, job);
    return FALSE;
  }
  if (end == LIMN_JOB_OK && job->kind == LIMN_JOB_QUICK && job->refine && !job->dropped && self->waiting[job->slot] == NULL) {
    job->kind = LIMN_JOB_FULL;
    job->due = due;
    put_back (self, job);
    return TRUE;
  }
  gboolean report = end != LIMN_JOB_CANCELLED && !job->dropped;
  g_ptr_array_add (self->dropped, job);
  return report;
}

gboolean
limn_work_queue_has_slot (LimnWorkQueue *self, guint slot)
{
  return slot < self->n_slots && (self->waiting[slot] != NULL || self->pending_refinement[slot] != NULL ||
                                  (is_previewing (self) && self->running->slot == slot && !self->running->dropped));
}

gboolean
limn_work_queue_has_committed (LimnWorkQueue *self)
{
  return !g_queue_is_empty (&self->committed) || (self->running != NULL && self->running->kind == LIMN_JOB_COMMITTED);
}

gboolean
limn_work_queue_is_empty (LimnWorkQueue *self)
{
  for (guint slot = 0; slot < self->n_slots; slot++)
    if (limn_work_queue_has_slot (self, slot))
      return FALSE;
  return !limn_work_queue_has_committed (self);
}

GPtrArray *
limn_work_queue_take_dropped (LimnWorkQueue *self)
{
  GPtrArray *dropped;

  if (self->dropped->len == 0)
    return NULL;
  dropped = self->dropped;
  self->dropped = new_dropped ();
  return dropped;
}
