/* Operations that may take longer than a frame, one after the other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-operation-queue.h"

struct _LimnOperationQueue {
  const LimnOperationHost *callbacks;
  gpointer host;
  GQueue operations; /* of Operation, the one that runs first */
  gboolean paused;
  guint cancel_count;
};

typedef struct {
  LimnOperationQueue *queue; /* NULL: cancelled */
  gpointer data;
  const LimnOperationClass *klass;
  const char *name;
  int tag;
  gboolean started, running;
  GCancellable *cancellable;
  GError *error;
} Operation;

static void
operation_free (Operation *self)
{
  self->klass->free (self->data);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self);
}

/* One that runs is freed when its thread ends. */
static void
operation_cancel (gpointer data)
{
  Operation *self = data;
  self->queue = NULL;
  if (self->running)
    g_cancellable_cancel (self->cancellable);
  else
    operation_free (self);
}

LimnOperationQueue *
limn_operation_queue_new (const LimnOperationHost *callbacks, gpointer host)
{
  LimnOperationQueue *self = g_new0 (LimnOperationQueue, 1);
  self->callbacks = callbacks;
  self->host = host;
  g_queue_init (&self->operations);
  return self;
}

void
limn_operation_queue_free (LimnOperationQueue *self)
{
  limn_operation_queue_clear (self);
  g_free (self);
}

/* -- Running them -- */

static void
run_operation (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Operation *self = data;
  self->klass->run (self->data, self->name, cancellable, &self->error);
  g_task_return_boolean (task, TRUE);
}

static void
on_operation_done (GObject *source, GAsyncResult *result, gpointer user)
{
  Operation *self = user;
  self->running = FALSE;
  if (self->queue)
    limn_operation_queue_advance (self->queue);
  else
    operation_free (self);
}

static void
operation_start (Operation *self)
{
  self->started = self->running = TRUE;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, on_operation_done, self);
  g_task_set_task_data (task, self, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_operation);
}

void
limn_operation_queue_advance (LimnOperationQueue *self)
{
  Operation *first = g_queue_peek_head (&self->operations);
  if (!first || first->running || self->paused)
    return;
  if (!first->error && !first->klass->capture (first->data, self->host)) {
    operation_start (first);
    return;
  }
  g_autoptr (GObject) host = g_object_ref (self->host);
  g_queue_pop_head (&self->operations);
  if (first->error)
    self->callbacks->failed (host, first->error);
  else
    first->klass->apply (first->data, host, first->name);
  operation_free (first);
  if (g_queue_is_empty (&self->operations))
    self->callbacks->changed (host);
  limn_operation_queue_advance (self);
}

void
limn_operation_queue_set_paused (LimnOperationQueue *self, gboolean paused)
{
  self->paused = paused;
}

/* -- What is in it -- */

void
limn_operation_queue_add (LimnOperationQueue *self, gpointer operation, const LimnOperationClass *klass, const char *name, int tag,
                          const LimnOperationClass *before)
{
  Operation *one = g_new0 (Operation, 1);
  GList *next = before ? self->operations.head : NULL;
  *one = (Operation){ .queue = self, .data = operation, .klass = klass, .name = name, .tag = tag };
  while (next && ((Operation *) next->data)->klass != before)
    next = next->next;
  g_queue_insert_before (&self->operations, next, one); /* NULL: as the last one */
  self->callbacks->changed (self->host);
  limn_operation_queue_advance (self);
}

gboolean
limn_operation_queue_is_empty (LimnOperationQueue *self)
{
  return g_queue_is_empty (&self->operations);
}

const char *
limn_operation_queue_peek_last_name (LimnOperationQueue *self)
{
  const Operation *last = g_queue_peek_tail (&self->operations);
  return last ? last->name : NULL;
}

gpointer
limn_operation_queue_peek_waiting (LimnOperationQueue *self, const LimnOperationClass *klass)
{
  const Operation *last = g_queue_peek_tail (&self->operations);
  return last && last->klass == klass && !last->started ? last->data : NULL;
}

void
limn_operation_queue_foreach (LimnOperationQueue *self, const LimnOperationClass *klass, void (*func) (gpointer operation, gpointer user),
                              gpointer user)
{
  for (GList *l = self->operations.head; l; l = l->next)
    if (((Operation *) l->data)->klass == klass)
      func (((Operation *) l->data)->data, user);
}

/* -- Cancelling -- */

void
limn_operation_queue_clear (LimnOperationQueue *self)
{
  g_queue_clear_full (&self->operations, operation_cancel);
}

gboolean
limn_operation_queue_cancel_all (LimnOperationQueue *self)
{
  if (g_queue_is_empty (&self->operations))
    return FALSE;
  limn_operation_queue_clear (self);
  self->cancel_count++;
  self->callbacks->changed (self->host);
  return TRUE;
}

gboolean
limn_operation_queue_cancel_last (LimnOperationQueue *self)
{
  Operation *last = g_queue_pop_tail (&self->operations);
  if (!last)
    return FALSE;
  operation_cancel (last);
  self->cancel_count++;
  self->callbacks->changed (self->host);
  return TRUE;
}

guint
limn_operation_queue_get_cancel_count (LimnOperationQueue *self)
{
  return self->cancel_count;
}

void
limn_operation_queue_cancel_tagged (LimnOperationQueue *self, int tag)
{
  gboolean any = FALSE;
  for (GList *l = self->operations.head, *next; l; l = next) {
    Operation *one = l->data;
    next = l->next;
    if (one->tag != tag)
      continue;
    g_queue_delete_link (&self->operations, l);
    operation_cancel (one);
    any = TRUE;
  }
  if (any)
    self->callbacks->changed (self->host);
  limn_operation_queue_advance (self);
}
