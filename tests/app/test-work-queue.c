/* The worker's rules, one by one, with times handed in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "app/worker/limn-work-queue.h"

static LimnJob *
commit (LimnWorkQueue *queue, guint64 serial, GCancellable **cancel)
{
  LimnJob *job = limn_job_new (LIMN_JOB_COMMITTED, limn_edit_new (LIMN_TASK_FILL), NULL);

  job->serial = serial;
  *cancel = limn_work_queue_commit (queue, job);
  return job;
}

static GCancellable *
preview (LimnWorkQueue *queue, guint slot, guint64 serial, gint64 posted)
{
  LimnJob *job = limn_job_new (LIMN_JOB_QUICK, limn_edit_new (LIMN_TASK_SKETCH), NULL);

  job->slot = slot;
  job->serial = serial;
  job->posted = posted;
  job->refine = TRUE;
  return limn_work_queue_preview (queue, job);
}

static void
assert_next (LimnWorkQueue *queue, gint64 now, LimnJobKind kind, guint64 serial)
{
  gint64 wake;
  LimnJob *job = limn_work_queue_next (queue, now, &wake);

  g_assert_nonnull (job);
  g_assert_true (job == queue->running);
  g_assert_cmpint (job->kind, ==, kind);
  g_assert_cmpuint (job->serial, ==, serial);
  g_assert_false (g_cancellable_is_cancelled (job->cancellable));
  g_assert_false (job->preempted || job->dropped);
}

static void
assert_idle (LimnWorkQueue *queue, gint64 now, gint64 expected)
{
  gint64 wake;

  g_assert_null (limn_work_queue_next (queue, now, &wake));
  g_assert_cmpint (wake, ==, expected);
}

static guint
count_dropped (LimnWorkQueue *queue)
{
  g_autoptr (GPtrArray) dropped = limn_work_queue_take_dropped (queue);

  return dropped != NULL ? dropped->len : 0;
}

static void
newest_wins (void)
{
  LimnWorkQueue queue;

  limn_work_queue_init (&queue);
  assert_idle (&queue, 0, -1);
  g_assert_true (limn_work_queue_is_empty (&queue));
  g_assert_null (preview (&queue, 3, 1, 0));
  g_assert_null (preview (&queue, 3, 2, 1));
  g_assert_cmpuint (count_dropped (&queue), ==, 1);
  g_assert_true (limn_work_queue_has_slot (&queue, 3));
  g_assert_false (limn_work_queue_has_slot (&queue, 2));

  assert_next (&queue, 2, LIMN_JOB_QUICK, 2);
  g_assert_null (preview (&queue, 3, 3, 2));                    /* a quick run is let finish */
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 0)); /* and shown */
  g_assert_cmpuint (count_dropped (&queue), ==, 1);             /* but not refined */
  assert_next (&queue, 3, LIMN_JOB_QUICK, 3);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 100));
  g_assert_false (limn_work_queue_is_empty (&queue));
  limn_work_queue_clear (&queue);
}

static void
refines_when_the_pen_rests (void)
{
  LimnWorkQueue queue;
  g_autoptr (GCancellable) running = NULL, cancel = NULL;

  limn_work_queue_init (&queue);
  preview (&queue, 0, 1, 0);
  assert_next (&queue, 0, LIMN_JOB_QUICK, 1);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 100));
  assert_idle (&queue, 60, 100);
  assert_next (&queue, 100, LIMN_JOB_FULL, 1);

  running = g_object_ref (queue.running->cancellable);
  cancel = preview (&queue, 0, 2, 110);
  g_assert_true (cancel == running);
  g_assert_false (limn_work_queue_end (&queue, LIMN_JOB_CANCELLED, 0));
  g_assert_cmpuint (count_dropped (&queue), ==, 1);
  assert_next (&queue, 115, LIMN_JOB_QUICK, 2);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 120));
  assert_next (&queue, 200, LIMN_JOB_FULL, 2);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 0));
  g_assert_true (limn_work_queue_is_empty (&queue));
  limn_work_queue_clear (&queue);
}

/* The refinement was done when the newer request came: still not shown, for the newer one would be older than it. */
static void
late_refinement (void)
{
  LimnWorkQueue queue;

  limn_work_queue_init (&queue);
  preview (&queue, 0, 1, 0);
  assert_next (&queue, 0, LIMN_JOB_QUICK, 1);
  limn_work_queue_end (&queue, LIMN_JOB_OK, 0);
  assert_next (&queue, 0, LIMN_JOB_FULL, 1);
  g_object_unref (preview (&queue, 0, 2, 1));
  g_assert_false (limn_work_queue_end (&queue, LIMN_JOB_OK, 0));
  assert_next (&queue, 1, LIMN_JOB_QUICK, 2);
  limn_work_queue_clear (&queue);
}

static void
other_slots_refinement_makes_way (void)
{
  LimnWorkQueue queue;

  limn_work_queue_init (&queue);
  preview (&queue, 0, 1, 0);
  assert_next (&queue, 0, LIMN_JOB_QUICK, 1);
  limn_work_queue_end (&queue, LIMN_JOB_OK, 10);
  assert_next (&queue, 10, LIMN_JOB_FULL, 1);
  g_object_unref (preview (&queue, 1, 2, 11));
  g_assert_false (limn_work_queue_end (&queue, LIMN_JOB_CANCELLED, 0));
  assert_next (&queue, 11, LIMN_JOB_QUICK, 2);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 30));
  assert_next (&queue, 12, LIMN_JOB_FULL, 1); /* it is due, slot 1's isn't */
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 0));
  assert_idle (&queue, 12, 30);
  limn_work_queue_clear (&queue);
}

/* A slot that is posted to all the time takes turns with one that is posted to less often, and neither starves. */
static void
slots_take_turns (void)
{
  LimnWorkQueue queue;
  gint64 now = 0;
  guint64 serial = 0;
  guint runs[2] = { 0 };

  limn_work_queue_init (&queue);
  for (int i = 0; i < 40; i++) {
    gint64 wake;
    LimnJob *job;

    preview (&queue, 1, ++serial, now++);
    for (int j = 0; j < 5; j++)
      preview (&queue, 0, ++serial, now++);
    job = limn_work_queue_next (&queue, now, &wake);
    runs[job->slot]++;
    limn_work_queue_end (&queue, LIMN_JOB_OK, G_MAXINT64);
  }
  g_assert_cmpuint (runs[0], ==, 20);
  g_assert_cmpuint (runs[1], ==, 20);
  limn_work_queue_clear (&queue);
}

static void
committed_first_and_in_order (void)
{
  LimnWorkQueue queue;
  g_autoptr (GCancellable) cancel = NULL;
  GCancellable *none;
  LimnJob *first, *second;

  limn_work_queue_init (&queue);
  preview (&queue, 0, 1, 0);
  preview (&queue, 1, 2, 0);
  assert_next (&queue, 0, LIMN_JOB_QUICK, 1);
  first = commit (&queue, 3, &cancel);
  g_assert_true (cancel == queue.running->cancellable);
  second = commit (&queue, 4, &none);
  g_clear_object (&none);
  g_assert_true (limn_work_queue_has_committed (&queue));

  g_assert_false (limn_work_queue_end (&queue, LIMN_JOB_CANCELLED, 0));
  assert_next (&queue, 1, LIMN_JOB_COMMITTED, 3);
  g_assert_null (preview (&queue, 2, 5, 2)); /* nothing stops a committed edit */
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 0));
  assert_next (&queue, 1, LIMN_JOB_COMMITTED, 4);
  g_assert_true (limn_work_queue_has_committed (&queue));
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_FAILED, 0));
  g_assert_false (limn_work_queue_has_committed (&queue));
  limn_job_free (first);
  limn_job_free (second);

  assert_next (&queue, 2, LIMN_JOB_QUICK, 1); /* comes back */
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, G_MAXINT64));
  assert_next (&queue, 2, LIMN_JOB_QUICK, 2);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, G_MAXINT64));
  assert_next (&queue, 2, LIMN_JOB_QUICK, 5);
  limn_work_queue_clear (&queue);
}

/* It does not come back when something newer took its place meanwhile. */
static void
preempted_and_replaced (void)
{
  LimnWorkQueue queue;
  g_autoptr (GCancellable) cancel = NULL;
  LimnJob *job;

  limn_work_queue_init (&queue);
  preview (&queue, 0, 1, 0);
  assert_next (&queue, 0, LIMN_JOB_QUICK, 1);
  job = commit (&queue, 2, &cancel);
  g_assert_null (preview (&queue, 0, 3, 1));
  g_assert_false (limn_work_queue_end (&queue, LIMN_JOB_CANCELLED, 0));
  g_assert_cmpuint (count_dropped (&queue), ==, 1);
  assert_next (&queue, 1, LIMN_JOB_COMMITTED, 2);
  limn_work_queue_end (&queue, LIMN_JOB_OK, 0);
  limn_job_free (job);
  assert_next (&queue, 1, LIMN_JOB_QUICK, 3);
  limn_work_queue_clear (&queue);
}

static void
cancelled_slot (void)
{
  LimnWorkQueue queue;
  g_autoptr (GCancellable) cancel = NULL;

  limn_work_queue_init (&queue);
  preview (&queue, 0, 1, 0);
  assert_next (&queue, 0, LIMN_JOB_QUICK, 1);
  preview (&queue, 0, 2, 0);
  preview (&queue, 1, 3, 0);
  cancel = limn_work_queue_cancel_slot (&queue, 0);
  g_assert_true (cancel == queue.running->cancellable);
  g_assert_false (limn_work_queue_has_slot (&queue, 0));
  g_assert_cmpuint (count_dropped (&queue), ==, 1);
  g_assert_false (limn_work_queue_end (&queue, LIMN_JOB_OK, 0)); /* too late to be stopped, not reported */
  assert_next (&queue, 0, LIMN_JOB_QUICK, 3);
  limn_work_queue_end (&queue, LIMN_JOB_OK, 5);
  g_assert_null (limn_work_queue_cancel_slot (&queue, 1)); /* what rests is forgotten too */
  g_assert_true (limn_work_queue_is_empty (&queue));
  assert_idle (&queue, 10, -1);
  limn_work_queue_clear (&queue);
}

static void
failures (void)
{
  LimnWorkQueue queue;

  limn_work_queue_init (&queue);
  preview (&queue, 0, 1, 0);
  assert_next (&queue, 0, LIMN_JOB_QUICK, 1);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_FAILED, 0)); /* told once, not refined */
  g_assert_true (limn_work_queue_is_empty (&queue));
  preview (&queue, 0, 2, 0);
  assert_next (&queue, 0, LIMN_JOB_QUICK, 2);
  g_assert_false (limn_work_queue_end (&queue, LIMN_JOB_CANCELLED, 0)); /* by itself: silent, not again */
  g_assert_true (limn_work_queue_is_empty (&queue));
  limn_work_queue_clear (&queue);
}

static void
removed (void)
{
  LimnWorkQueue queue;
  GCancellable *none;
  LimnJob *first, *second;

  limn_work_queue_init (&queue);
  first = commit (&queue, 1, &none);
  second = commit (&queue, 2, &none);
  assert_next (&queue, 0, LIMN_JOB_COMMITTED, 1);
  g_assert_false (limn_work_queue_remove (&queue, first));
  g_assert_true (limn_work_queue_remove (&queue, second));
  g_assert_false (limn_work_queue_remove (&queue, second));
  limn_work_queue_end (&queue, LIMN_JOB_OK, 0);
  limn_job_free (first);
  limn_job_free (second);
  g_assert_true (limn_work_queue_is_empty (&queue));
  limn_work_queue_clear (&queue);
}

static void
promoted (void)
{
  LimnWorkQueue queue;
  LimnJob *job, *other;
  g_autoptr (GCancellable) cancel = NULL;

  limn_work_queue_init (&queue);
  preview (&queue, 1, 1, 0);
  g_assert_null (limn_work_queue_promote (&queue, 1, 1)); /* its quick run is still to come */
  assert_next (&queue, 0, LIMN_JOB_QUICK, 1);
  g_assert_null (limn_work_queue_promote (&queue, 1, 1));
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 100));
  g_assert_null (limn_work_queue_promote (&queue, 1, 2));
  g_assert_null (limn_work_queue_promote (&queue, 0, 1));
  job = limn_work_queue_promote (&queue, 1, 1);
  g_assert_nonnull (job);
  g_assert_false (limn_work_queue_has_slot (&queue, 1));
  assert_next (&queue, 1, LIMN_JOB_COMMITTED, 1); /* without a rest */
  g_assert_true (queue.running == job);
  g_assert_null (preview (&queue, 1, 2, 2)); /* nothing stops it */
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 0));
  limn_job_free (job);

  assert_next (&queue, 2, LIMN_JOB_QUICK, 2);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 10));
  assert_next (&queue, 10, LIMN_JOB_FULL, 2);
  job = limn_work_queue_promote (&queue, 1, 2); /* while it runs */
  g_assert_true (queue.running == job);
  g_assert_cmpint (job->kind, ==, LIMN_JOB_COMMITTED);
  g_assert_null (limn_work_queue_promote (&queue, 1, 2));
  g_assert_null (limn_work_queue_cancel_slot (&queue, 1));
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 0));
  limn_job_free (job);

  /* What makes way for another begins anew. */
  preview (&queue, 1, 3, 20);
  assert_next (&queue, 20, LIMN_JOB_QUICK, 3);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 30));
  assert_next (&queue, 30, LIMN_JOB_FULL, 3);
  other = commit (&queue, 4, &cancel);
  g_assert_nonnull (cancel);
  g_assert_null (limn_work_queue_promote (&queue, 1, 3));
  g_assert_false (limn_work_queue_end (&queue, LIMN_JOB_CANCELLED, 0));
  job = limn_work_queue_promote (&queue, 1, 3);
  g_assert_nonnull (job);
  assert_next (&queue, 40, LIMN_JOB_COMMITTED, 4);
  g_assert_true (limn_work_queue_end (&queue, LIMN_JOB_OK, 0));
  limn_job_free (other);
  assert_next (&queue, 40, LIMN_JOB_COMMITTED, 3);
  limn_work_queue_clear (&queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/work-queue/newest-wins", newest_wins);
  g_test_add_func ("/work-queue/refines-when-the-pen-rests", refines_when_the_pen_rests);
  g_test_add_func ("/work-queue/late-refinement", late_refinement);
  g_test_add_func ("/work-queue/other-slots-refinement-makes-way", other_slots_refinement_makes_way);
  g_test_add_func ("/work-queue/slots-take-turns", slots_take_turns);
  g_test_add_func ("/work-queue/committed-first-and-in-order", committed_first_and_in_order);
  g_test_add_func ("/work-queue/preempted-and-replaced", preempted_and_replaced);
  g_test_add_func ("/work-queue/cancelled-slot", cancelled_slot);
  g_test_add_func ("/work-queue/failures", failures);
  g_test_add_func ("/work-queue/removed", removed);
  g_test_add_func ("/work-queue/promoted", promoted);
  return g_test_run ();
}
