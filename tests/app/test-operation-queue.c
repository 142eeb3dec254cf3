/* The queue of operations on other threads, with operations that do nothing but count.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/content/limn-operation-queue.h"

typedef struct {
  GString *applied; /* the names, in order */
  guint n_changed, n_failed, n_freed;
  guint version; /* of what operations capture */
} Host;

typedef struct {
  Host *host;
  guint captured; /* 0 = nothing yet, else the version + 1 */
  guint n_runs;
  gboolean fails;
} Operation;

/* The queue keeps its host, a GObject, while it applies an operation; what it counts hangs on it. */
static Host *
get_host (gpointer object)
{
  return g_object_get_data (object, "host");
}

static gboolean
capture (gpointer operation, gpointer object)
{
  Operation *self = operation;
  guint now = get_host (object)->version + 1;

  if (self->captured == now)
    return TRUE;
  self->captured = now;
  return FALSE;
}

static void
run (gpointer operation, const char *name, GCancellable *cancellable, GError **error)
{
  Operation *self = operation;

  self->n_runs++;
  if (self->fails)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "It failed.");
}

static void
apply (gpointer operation, gpointer object, const char *name)
{
  g_string_append_printf (get_host (object)->applied, "%s%u", name, ((Operation *) operation)->n_runs);
}

static void
free_operation (gpointer operation)
{
  ((Operation *) operation)->host->n_freed++;
  g_free (operation);
}

static void
changed (gpointer object)
{
  get_host (object)->n_changed++;
}

static void
failed (gpointer object, const GError *error)
{
  get_host (object)->n_failed++;
}

static const LimnOperationClass plain = { capture, run, apply, free_operation }, canvas = { capture, run, apply, free_operation };
static const LimnOperationHost callbacks = { changed, failed };

typedef struct {
  GObject *object;
  Host host;
  LimnOperationQueue *queue;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->object = g_object_new (G_TYPE_OBJECT, NULL);
  self->host.applied = g_string_new (NULL);
  g_object_set_data (self->object, "host", &self->host);
  self->queue = limn_operation_queue_new (&callbacks, self->object);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  limn_operation_queue_free (self->queue);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_string_free (self->host.applied, TRUE);
  g_object_unref (self->object);
}

static Operation *
add (Fixture *self, const LimnOperationClass *klass, const char *name, int tag, const LimnOperationClass *before)
{
  Operation *operation = g_new0 (Operation, 1);

  operation->host = &self->host;
  limn_operation_queue_add (self->queue, operation, klass, name, tag, before);
  return operation;
}

static void
finish (Fixture *self, const char *applied)
{
  while (!limn_operation_queue_is_empty (self->queue))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (self->host.applied->str, ==, applied);
}

/* In the order in which they were added, but before the first of a class where that is asked for. */
static void
test_order (Fixture *self, gconstpointer data)
{
  limn_operation_queue_set_paused (self->queue, TRUE);
  add (self, &plain, "a", 0, NULL);
  add (self, &canvas, "b", 0, NULL);
  add (self, &plain, "c", 0, NULL);
  add (self, &plain, "d", 0, &canvas);
  g_assert_cmpstr (limn_operation_queue_peek_last_name (self->queue), ==, "c");
  g_assert_cmpuint (self->host.n_changed, ==, 4);
  limn_operation_queue_set_paused (self->queue, FALSE);
  limn_operation_queue_advance (self->queue);
  finish (self, "a1d1b1c1");
  g_assert_cmpuint (self->host.n_changed, ==, 5); /* and when the last is gone */
  g_assert_cmpuint (self->host.n_freed, ==, 4);
}

/* What was captured is out of date when it was run: it runs again. */
static void
test_stale (Fixture *self, gconstpointer data)
{
  add (self, &plain, "a", 0, NULL);
  self->host.version++;
  finish (self, "a2");
}

static void
test_failed (Fixture *self, gconstpointer data)
{
  limn_operation_queue_set_paused (self->queue, TRUE);
  add (self, &plain, "a", 0, NULL)->fails = TRUE;
  add (self, &plain, "b", 0, NULL);
  limn_operation_queue_set_paused (self->queue, FALSE);
  limn_operation_queue_advance (self->queue);
  finish (self, "b1");
  g_assert_cmpuint (self->host.n_failed, ==, 1);
}

/* The last one, those with a tag, all: none of them is applied, and only people's cancelling is counted. */
static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_assert_false (limn_operation_queue_cancel_last (self->queue));
  g_assert_false (limn_operation_queue_cancel_all (self->queue));
  add (self, &plain, "a", 1, NULL);
  add (self, &plain, "b", 2, NULL);
  add (self, &plain, "c", 1, NULL);
  add (self, &plain, "d", 2, NULL);
  g_assert_true (limn_operation_queue_cancel_last (self->queue));
  limn_operation_queue_cancel_tagged (self->queue, 1); /* a is running */
  finish (self, "b1");
  add (self, &plain, "e", 1, NULL);
  g_assert_true (limn_operation_queue_cancel_all (self->queue));
  finish (self, "b1");
  g_assert_cmpuint (limn_operation_queue_get_cancel_count (self->queue), ==, 2);
}

/* Only the last one that hasn't begun can be joined. */
static void
test_waiting (Fixture *self, gconstpointer data)
{
  Operation *second;

  add (self, &plain, "a", 0, NULL);
  g_assert_null (limn_operation_queue_peek_waiting (self->queue, &plain));
  second = add (self, &plain, "b", 0, NULL);
  g_assert_true (limn_operation_queue_peek_waiting (self->queue, &plain) == second);
  g_assert_null (limn_operation_queue_peek_waiting (self->queue, &canvas));
  finish (self, "a1b1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/operation-queue/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("order", test_order);
  ADD ("stale", test_stale);
  ADD ("failed", test_failed);
  ADD ("cancelled", test_cancelled);
  ADD ("waiting", test_waiting);
  return g_test_run ();
}
