/* The worker with a pretended engine. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/edit/limn-color-cache.h"
#include "tests/app/inputs.h"
#include "tests/engine/pretend.h"

enum { FAILS = 1000 }; /* the seed of an edit that fails */

/* What runs now; written by the worker's thread before it stops at the gate, read after that. */
typedef struct {
  Gate gate;
  guint64 seed;
  gboolean quick;
  gboolean destroyed;
  int instantly; /* doesn't stop at the gate */
} Fake;

typedef struct {
  guint64 serial, seed;
  gboolean quick;
} Seen;

typedef struct {
  Fake fake;
  LimnWorker *worker;
  GObject *target;
  GArray *previews;  /* of Seen, as they were delivered */
  GArray *committed; /* of guint64: seeds, or 0 for a cancelled one */
  GError *error;     /* the last one */
  guint n_progress;
  double fraction;
} Fixture;

static LimnResult *
fake_run (const LimnEdit *edit, LimnRunFlags flags, LimnProgress progress, gpointer progress_user, GCancellable *cancellable, gpointer user,
          GError **error)
{
  Fake *fake = user;
  LimnResult *result;

  if (progress != NULL)
    for (int i = 1; i <= 5; i++)
      progress (i / 10.0, progress_user);
  if (!fake->instantly) {
    fake->seed = edit->set.seed;
    fake->quick = (flags & LIMN_RUN_QUICK) != 0;
    gate_stop (&fake->gate, cancellable);
  }
  if (pretend_failure (cancellable, edit->set.seed == FAILS, error))
    return NULL;
  result = g_new0 (LimnResult, 1);
  result->evaluations = edit->set.seed;
  return result;
}

static void
fake_destroy (gpointer user)
{
  ((Fake *) user)->destroyed = TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  *self = (Fixture){ 0 };
  gate_init (&self->fake.gate);
  self->worker = limn_worker_new_with_runner (fake_run, &self->fake, fake_destroy);
  self->target = g_object_new (G_TYPE_OBJECT, NULL);
  g_assert_cmpuint (limn_worker_take_slots (self->worker, 16, self->target), ==, 0);
  self->previews = g_array_new (FALSE, FALSE, sizeof (Seen));
  self->committed = g_array_new (FALSE, FALSE, sizeof (guint64));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->worker != NULL)
    g_assert_finalize_object (self->worker);
  g_assert_true (self->fake.destroyed);
  g_clear_object (&self->target);
  g_array_unref (self->previews);
  g_array_unref (self->committed);
  g_clear_error (&self->error);
  gate_clear (&self->fake.gate);
}

static void
on_preview (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  Fixture *self = user;
  Seen seen = { serial, result != NULL ? result->evaluations : 0, quick };

  g_assert_true (target == self->target);
  g_assert_true ((result == NULL) == (error != NULL));
  g_array_append_val (self->previews, seen);
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
}

static guint64
preview (Fixture *self, guint slot, guint64 seed, gboolean refine)
{
  LimnEdit *edit = limn_edit_new (LIMN_TASK_SKETCH);

  edit->set.seed = seed;
  return limn_worker_preview (self->worker, slot, edit, refine, self->target, on_preview, self);
}

static void
on_progress (double fraction, double seconds_left, gpointer user)
{
  Fixture *self = user;
  double progress;

  self->n_progress++;
  self->fraction = fraction;
  g_object_get (self->worker, "progress", &progress, NULL);
  g_assert_cmpfloat (progress, ==, fraction);
}

static void
on_committed (GObject *source, GAsyncResult *result, gpointer user)
{
  Fixture *self = user;
  g_autoptr (LimnResult) edited = NULL;
  guint64 seed = 0;

  g_clear_error (&self->error);
  edited = limn_worker_commit_finish (LIMN_WORKER (source), result, &self->error);
  g_assert_true ((edited == NULL) == (self->error != NULL));
  if (edited != NULL)
    seed = edited->evaluations;
  g_array_append_val (self->committed, seed);
}

static void
commit (Fixture *self, guint64 seed, GCancellable *cancellable)
{
  LimnEdit *edit = limn_edit_new (LIMN_TASK_FILL);

  edit->set.seed = seed;
  limn_worker_commit_async (self->worker, edit, cancellable, on_progress, self, on_committed, self);
}

/* Waits until the edit with seed runs. */
static void
wait_started (Fixture *self, guint64 seed, gboolean quick)
{
  gate_await (&self->fake.gate);
  g_assert_cmpuint (self->fake.seed, ==, seed);
  g_assert_cmpint (self->fake.quick, ==, quick);
}

static void
go (Fixture *self)
{
  gate_open (&self->fake.gate);
}

static void
wait_previews (Fixture *self, guint n)
{
  while (self->previews->len < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->previews->len, ==, n);
}

static void
wait_committed (Fixture *self, guint n)
{
  while (self->committed->len < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->committed->len, ==, n);
}

static void
assert_seen (Fixture *self, guint i, guint64 serial, guint64 seed, gboolean quick)
{
  const Seen *seen = &g_array_index (self->previews, Seen, i);

  g_assert_cmpuint (seen->serial, ==, serial);
  g_assert_cmpuint (seen->seed, ==, seed);
  g_assert_cmpint (seen->quick, ==, quick);
}

#define assert_committed(self, i, seed) g_assert_cmpuint (g_array_index ((self)->committed, guint64, i), ==, seed)

static gboolean
get (Fixture *self, const char *property)
{
  gboolean value;

  g_object_get (self->worker, property, &value, NULL);
  return value;
}

static void
count_notify (GObject *object, GParamSpec *spec, gpointer user)
{
  ++*(guint *) user;
}

static void
quick_then_full (Fixture *self, gconstpointer data)
{
  guint64 serial;
  guint n_busy = 0;
  double latency;

  g_signal_connect (self->worker, "notify::busy", G_CALLBACK (count_notify), &n_busy);
  g_assert_false (get (self, "busy"));
  g_assert_true (get (self, "ready"));
  serial = preview (self, 0, 7, TRUE);
  g_assert_cmpuint (serial, >, 0);
  g_assert_true (get (self, "busy"));
  g_assert_false (get (self, "busy-committed"));
  wait_started (self, 7, TRUE);
  go (self);
  wait_previews (self, 1);
  assert_seen (self, 0, serial, 7, TRUE);
  g_assert_true (limn_worker_is_previewing (self->worker, 0));
  wait_started (self, 7, FALSE);
  go (self);
  wait_previews (self, 2);
  assert_seen (self, 1, serial, 7, FALSE);
  while (get (self, "busy"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (limn_worker_is_previewing (self->worker, 0));
  g_assert_cmpuint (n_busy, ==, 2);
  g_object_get (self->worker, "latency", &latency, NULL);
  g_assert_cmpfloat (latency, >, 0);
}

static void
newest_wins (Fixture *self, gconstpointer data)
{
  guint64 a, c;

  a = preview (self, 4, 1, FALSE);
  wait_started (self, 1, TRUE);
  preview (self, 4, 2, FALSE);
  c = preview (self, 4, 3, FALSE);
  go (self);
  wait_started (self, 3, TRUE);
  go (self);
  wait_previews (self, 2);
  assert_seen (self, 0, a, 1, TRUE);
  assert_seen (self, 1, c, 3, TRUE);
}

static void
newer_ends_refinement (Fixture *self, gconstpointer data)
{
  guint64 serial;

  preview (self, 0, 1, TRUE);
  wait_started (self, 1, TRUE);
  go (self);
  wait_started (self, 1, FALSE);
  serial = preview (self, 0, 2, FALSE); /* cancels */
  wait_started (self, 2, TRUE);
  go (self);
  wait_previews (self, 2);
  assert_seen (self, 1, serial, 2, TRUE);
}

static void
cancelled_while_running (Fixture *self, gconstpointer data)
{
  preview (self, 0, 1, TRUE);
  wait_started (self, 1, TRUE);
  limn_worker_cancel_preview (self->worker, 0);
  g_assert_false (limn_worker_is_previewing (self->worker, 0));
  preview (self, 1, 2, FALSE);
  wait_started (self, 2, TRUE);
  go (self);
  wait_previews (self, 1);
  g_assert_cmpuint (g_array_index (self->previews, Seen, 0).seed, ==, 2);
}

/* The result was there, but not yet on the main loop. */
static void
cancelled_on_its_way (Fixture *self, gconstpointer data)
{
  preview (self, 0, 1, FALSE);
  wait_started (self, 1, TRUE);
  preview (self, 1, 2, FALSE);
  go (self);
  wait_started (self, 2, TRUE);
  g_assert_true (limn_worker_is_previewing (self->worker, 0));
  limn_worker_cancel_preview (self->worker, 0);
  g_assert_false (limn_worker_is_previewing (self->worker, 0));
  go (self);
  wait_previews (self, 1);
  g_assert_cmpuint (g_array_index (self->previews, Seen, 0).seed, ==, 2);
}

static void
target_gone (Fixture *self, gconstpointer data)
{
  preview (self, 1, 1, TRUE);
  wait_started (self, 1, TRUE);
  preview (self, 1, 2, TRUE);
  preview (self, 0, 3, TRUE);
  g_assert_finalize_object (self->target); /* nothing kept it */
  self->target = g_object_new (G_TYPE_OBJECT, NULL);
  g_assert_false (get (self, "busy"));
  preview (self, 1, 4, FALSE);
  wait_started (self, 4, TRUE);
  go (self);
  wait_previews (self, 1);
  g_assert_cmpuint (g_array_index (self->previews, Seen, 0).seed, ==, 4);
}

/* A slot that another target takes over forgets what the first one asked for. */
static void
target_changed (Fixture *self, gconstpointer data)
{
  g_autoptr (GObject) first G_GNUC_UNUSED = self->target;

  preview (self, 0, 1, TRUE);
  wait_started (self, 1, TRUE);
  self->target = g_object_new (G_TYPE_OBJECT, NULL);
  preview (self, 0, 2, FALSE);
  wait_started (self, 2, TRUE);
  go (self);
  wait_previews (self, 1);
  g_assert_cmpuint (g_array_index (self->previews, Seen, 0).seed, ==, 2);
}

/* Slots are one owner's until it is gone, however many there are. */
static void
slots_taken (Fixture *self, gconstpointer data)
{
  GObject *owners[20];
  GObject *other;

  for (guint i = 0; i < G_N_ELEMENTS (owners); i++) {
    owners[i] = g_object_new (G_TYPE_OBJECT, NULL);
    g_assert_cmpuint (limn_worker_take_slots (self->worker, 3, owners[i]), ==, 16 + 3 * i);
  }
  preview (self, 16 + 3 * 19 + 2, 1, TRUE); /* the last one works as the first does */
  wait_started (self, 1, TRUE);
  preview (self, 16 + 3 * 7, 2, FALSE);
  go (self);
  wait_started (self, 2, TRUE);
  g_assert_true (limn_worker_is_previewing (self->worker, 16 + 3 * 7));

  /* what is asked for in slots whose owner goes is forgotten, and they are given to the next who fits */
  g_assert_finalize_object (owners[7]);
  g_assert_false (limn_worker_is_previewing (self->worker, 16 + 3 * 7));
  other = g_object_new (G_TYPE_OBJECT, NULL);
  g_assert_cmpuint (limn_worker_take_slots (self->worker, 4, other), ==, 16 + 3 * 20);
  owners[7] = g_object_new (G_TYPE_OBJECT, NULL);
  g_assert_cmpuint (limn_worker_take_slots (self->worker, 3, owners[7]), ==, 16 + 3 * 7);
  for (guint i = 0; i < G_N_ELEMENTS (owners); i++)
    g_assert_finalize_object (owners[i]);
  g_clear_object (&self->worker); /* before the owner of some */
  g_assert_finalize_object (other);
}

static void
committed_in_order (Fixture *self, gconstpointer data)
{
  commit (self, 1, NULL);
  commit (self, FAILS, NULL);
  commit (self, 3, NULL);
  g_assert_true (get (self, "busy-committed"));
  wait_started (self, 1, FALSE);
  go (self);
  wait_started (self, FAILS, FALSE);
  wait_committed (self, 1);
  assert_committed (self, 0, 1);
  go (self);
  wait_started (self, 3, FALSE);
  wait_committed (self, 2);
  assert_committed (self, 1, 0);
  g_assert_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  g_assert_true (get (self, "busy-committed"));
  go (self);
  wait_committed (self, 3);
  assert_committed (self, 2, 3);
  while (get (self, "busy-committed"))
    g_main_context_iteration (NULL, TRUE);
}

/* Five steps of progress between two turns of the main loop are one. */
static void
progress_coalesced (Fixture *self, gconstpointer data)
{
  double left, progress;

  commit (self, 1, NULL);
  wait_started (self, 1, FALSE);
  g_assert_cmpuint (self->n_progress, ==, 0);
  while (self->n_progress == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->n_progress, ==, 1);
  g_assert_cmpfloat (self->fraction, ==, 0.5);
  g_object_get (self->worker, "seconds-left", &left, NULL);
  g_assert_true (left == -1 || left > 0);
  go (self);
  wait_committed (self, 1);
  g_assert_cmpuint (self->n_progress, ==, 1);
  g_object_get (self->worker, "progress", &progress, "seconds-left", &left, NULL);
  g_assert_cmpfloat (progress, ==, 0);
  g_assert_cmpfloat (left, ==, -1);
}

static void
commit_preempts_preview (Fixture *self, gconstpointer data)
{
  guint64 serial = preview (self, 0, 1, FALSE);

  wait_started (self, 1, TRUE);
  commit (self, 2, NULL); /* cancels the preview */
  wait_started (self, 2, FALSE);
  go (self);
  wait_started (self, 1, TRUE); /* again */
  wait_committed (self, 1);
  g_assert_cmpuint (self->previews->len, ==, 0);
  go (self);
  wait_previews (self, 1);
  assert_seen (self, 0, serial, 1, TRUE);
}

static GCancellable *
promote (Fixture *self, guint slot, guint64 serial)
{
  return limn_worker_promote (self->worker, slot, serial, on_progress, self, on_committed, self);
}

static void
promoted (Fixture *self, gconstpointer data)
{
  guint64 serial = preview (self, 0, 1, TRUE);
  g_autoptr (GCancellable) first = NULL, second = NULL;

  wait_started (self, 1, TRUE);
  g_assert_null (promote (self, 0, serial)); /* the quick run */
  go (self);
  wait_previews (self, 1);
  wait_started (self, 1, FALSE);
  g_assert_null (promote (self, 1, serial));
  first = promote (self, 0, serial);
  g_assert_nonnull (first);
  g_assert_true (get (self, "busy-committed"));
  g_assert_false (limn_worker_is_previewing (self->worker, 0));
  serial = preview (self, 0, 2, TRUE); /* doesn't end it */
  go (self);
  wait_committed (self, 1);
  assert_committed (self, 0, 1); /* by the run that was on its way */

  wait_started (self, 2, TRUE);
  go (self);
  wait_previews (self, 2); /* the promoted one wasn't reported there */
  assert_seen (self, 1, serial, 2, TRUE);
  wait_started (self, 2, FALSE);
  second = promote (self, 0, serial);
  g_assert_nonnull (second);
  g_cancellable_cancel (second);
  wait_committed (self, 2);
  g_assert_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  g_assert_null (promote (self, 0, serial)); /* gone */
  g_assert_cmpuint (self->previews->len, ==, 2);
}

static void
cancelled_while_waiting (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  commit (self, 1, NULL);
  commit (self, 2, cancellable);
  commit (self, 3, NULL);
  wait_started (self, 1, FALSE);
  g_cancellable_cancel (cancellable);
  wait_committed (self, 1); /* although the first one still runs */
  g_assert_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  go (self);
  wait_started (self, 3, FALSE);
  go (self);
  wait_committed (self, 3);
  assert_committed (self, 0, 0);
  assert_committed (self, 1, 1);
  assert_committed (self, 2, 3);

  commit (self, 4, cancellable); /* cancelled from the start */
  wait_committed (self, 4);
  g_assert_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
}

static gpointer
cancel_in_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
cancelled_from_another_thread (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) running = g_cancellable_new ();
  g_autoptr (GCancellable) waiting = g_cancellable_new ();
  GThread *threads[2];

  commit (self, 1, running);
  commit (self, 2, waiting);
  wait_started (self, 1, FALSE);
  threads[0] = g_thread_new ("cancel", cancel_in_thread, waiting);
  threads[1] = g_thread_new ("cancel", cancel_in_thread, running);
  wait_committed (self, 2);
  g_thread_join (threads[0]);
  g_thread_join (threads[1]);
  assert_committed (self, 0, 0);
  assert_committed (self, 1, 0);
  g_assert_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
}

static void
shutdown_in_the_middle (Fixture *self, gconstpointer data)
{
  commit (self, 1, NULL);
  commit (self, 2, NULL);
  preview (self, 0, 3, TRUE);
  wait_started (self, 1, FALSE);
  limn_worker_shutdown (self->worker);
  limn_worker_shutdown (self->worker);
  wait_committed (self, 2);
  assert_committed (self, 0, 0);
  assert_committed (self, 1, 0);
  commit (self, 4, NULL);
  g_assert_cmpuint (preview (self, 0, 5, TRUE), >, 0);
  limn_worker_cancel_preview (self->worker, 0);
  wait_committed (self, 3);
  assert_committed (self, 2, 0);
  g_assert_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  g_assert_cmpuint (self->previews->len, ==, 0);
  g_assert_false (get (self, "busy"));
}

/* The result is there and undelivered: it ends as cancelled all the same, and nothing leaks. */
static void
shutdown_before_delivery (Fixture *self, gconstpointer data)
{
  commit (self, 1, NULL);
  wait_started (self, 1, FALSE);
  preview (self, 0, 2, FALSE);
  go (self);
  wait_started (self, 2, TRUE);
  limn_worker_shutdown (self->worker);
  wait_committed (self, 1);
  g_assert_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
  g_assert_cmpuint (self->previews->len, ==, 0);
}

static void
disposed_while_running (Fixture *self, gconstpointer data)
{
  preview (self, 0, 1, TRUE);
  wait_started (self, 1, TRUE);
  g_assert_finalize_object (g_steal_pointer (&self->worker));
  g_assert_cmpuint (self->previews->len, ==, 0);
}

static void
drop_worker (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  g_clear_object (&((Fixture *) user)->worker);
}

static void
disposed_in_callback (Fixture *self, gconstpointer data)
{
  LimnEdit *edit = limn_edit_new (LIMN_TASK_SKETCH);

  g_object_add_weak_pointer (G_OBJECT (self->worker), (gpointer *) &self->worker);
  limn_worker_preview (self->worker, 0, edit, TRUE, self->target, drop_worker, self);
  wait_started (self, 0, TRUE);
  go (self);
  while (!self->fake.destroyed)
    g_main_context_iteration (NULL, TRUE);
}

static void
failures (Fixture *self, gconstpointer data)
{
  guint64 serial = preview (self, 0, FAILS, TRUE);

  wait_started (self, FAILS, TRUE);
  go (self);
  wait_previews (self, 1);
  assert_seen (self, 0, serial, 0, TRUE);
  g_assert_error (self->error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  g_assert_false (limn_worker_is_previewing (self->worker, 0)); /* no refinement of what failed */
}

/* Everything at once and nothing stops: every committed edit ends once and in order, the last picture of each slot is the full one
 * of the last request. */
static void
storm (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  guint64 last[16] = { 0 };
  guint n_committed = 0;
  guint64 next = 0;

  self->fake.instantly = TRUE;
  for (guint64 i = 1; i <= 3000; i++) {
    const guint slot = g_rand_int_range (rand, 0, 16);

    switch (g_rand_int_range (rand, 0, 12)) {
    case 0: commit (self, ++n_committed, NULL); break;
    case 1:
      limn_worker_cancel_preview (self->worker, slot);
      last[slot] = 0;
      break;
    case 2: g_main_context_iteration (NULL, FALSE); break;
    default: last[slot] = preview (self, slot, 100000 * slot + i, TRUE);
    }
  }
  while (get (self, "busy"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->committed->len, ==, n_committed);
  for (guint i = 0; i < n_committed; i++)
    assert_committed (self, i, ++next);
  for (guint slot = 0; slot < 16; slot++) {
    const Seen *shown = NULL;

    for (guint i = 0; i < self->previews->len; i++) {
      const Seen *seen = &g_array_index (self->previews, Seen, i);

      if (seen->seed / 100000 != slot)
        continue;
      g_assert_true (shown == NULL || seen->serial > shown->serial || (seen->serial == shown->serial && shown->quick && !seen->quick));
      shown = seen;
    }
    if (last[slot] > 0) {
      g_assert_cmpuint (shown->serial, ==, last[slot]);
      g_assert_false (shown->quick);
    }
  }
}

/* -- With the engine -- */

static LimnPicture *
make_picture (int factor)
{
  LimnPicture *picture = limn_picture_new (180, 120, 8, NULL);
  guint8 *data = limn_picture_get_data (picture);

  for (int i = 0; i < 180 * 120; i++)
    for (int k = 0; k < 4; k++)
      data[4 * i + k] = k < 3 ? (guint8) (i % 180 * factor / 2 + i / 180) : 255;
  return picture;
}

static void
take_result (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  LimnResult *copy = g_memdup2 (result, sizeof *result);

  g_assert_no_error (error);
  g_object_ref (copy->picture);
  *(LimnResult **) user = copy;
}

static void
take_committed (GObject *source, GAsyncResult *result, gpointer user)
{
  *(LimnResult **) user = limn_worker_commit_finish (LIMN_WORKER (source), result, NULL);
}

/* A quick preview of edit, or the edit itself, has the same bytes as without a worker, and needs so many evaluations. */
static void
assert_evaluations (LimnWorker *worker, GObject *target, LimnEngineHandle *engine, LimnEdit *edit, gboolean quick, guint evaluations)
{
  g_autoptr (LimnResult) seen = NULL, expected = NULL;

  expected = limn_edit_run (edit, quick ? LIMN_RUN_QUICK : 0, engine, NULL, NULL, NULL, NULL);
  if (quick)
    limn_worker_preview (worker, 0, limn_edit_copy (edit), FALSE, target, take_result, &seen);
  else
    limn_worker_commit_async (worker, limn_edit_copy (edit), NULL, NULL, NULL, take_committed, &seen);
  while (seen == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (expected->evaluations, ==, 1);
  g_assert_cmpuint (seen->evaluations, ==, evaluations);
  g_assert_true ((seen->network_ms > 0) == (evaluations > 0));
  g_assert_cmpmem (limn_picture_get_data (seen->picture), 180 * 120 * 4, limn_picture_get_data (expected->picture), 180 * 120 * 4);
}

/* A colorize that differs from the last one in its saturation or mask only doesn't evaluate the network again. */
static void
colours_kept (void)
{
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (LimnWorker) worker = limn_worker_new ("../resources/models", 1);
  g_autoptr (LimnEngineHandle) engine = limn_engine_handle_new ("../resources/models", 1, NULL);
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_COLORIZE);

  limn_worker_take_slots (worker, 1, target);
  edit->from.photo = inputs_take_picture (make_picture (1));
  assert_evaluations (worker, target, engine, edit, TRUE, 1);
  limn_edit_set (edit, "saturation", 0.5);
  assert_evaluations (worker, target, engine, edit, TRUE, 0);
  assert_evaluations (worker, target, engine, edit, FALSE, 1);
  limn_edit_set (edit, "saturation", 1.5);
  edit->from.mask = inputs_take_plane ((LimnPlane){ g_bytes_new_take (g_malloc0 (180 * 120), 180 * 120), 180, 120 });
  assert_evaluations (worker, target, engine, edit, FALSE, 0);
  assert_evaluations (worker, target, engine, edit, TRUE, 0);
  edit->set.seed = 7;
  assert_evaluations (worker, target, engine, edit, TRUE, 1);
  edit->from.paint = inputs_take_picture (make_picture (2));
  assert_evaluations (worker, target, engine, edit, TRUE, 1);
  assert_evaluations (worker, target, engine, edit, TRUE, 0);
  g_clear_pointer (&edit->from.paint, limn_source_unref);
  assert_evaluations (worker, target, engine, edit, TRUE, 1);
  edit->set.seed_b = 9;
  edit->set.mix = 0.5;
  assert_evaluations (worker, target, engine, edit, TRUE, 1);
  limn_worker_configure (worker, "../resources/models", 2); /* other networks, for all that is known */
  assert_evaluations (worker, target, engine, edit, TRUE, 1);
  limn_source_unref (edit->from.photo);
  edit->from.photo = inputs_take_picture (make_picture (3));
  assert_evaluations (worker, target, engine, edit, TRUE, 1);
}

/* Colours are cached for the last photos only, and results don't depend on it. */
static void
colours_forgotten (void)
{
  enum { N = LIMN_COLOR_CACHE_SIZE + 1 };
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (LimnWorker) worker = limn_worker_new ("../resources/models", 1);
  g_autoptr (LimnEngineHandle) engine = limn_engine_handle_new ("../resources/models", 1, NULL);
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_COLORIZE);
  LimnSource *photos[N];

  limn_worker_take_slots (worker, 1, target);
  for (int i = 0; i < N; i++) {
    photos[i] = edit->from.photo = inputs_take_picture (make_picture (i));
    assert_evaluations (worker, target, engine, edit, TRUE, 1);
  }
  limn_edit_set (edit, "saturation", 0.5);
  for (int i = N - 1; i >= 0; i--) {
    edit->from.photo = photos[i];
    assert_evaluations (worker, target, engine, edit, TRUE, i > 0 ? 0 : 1);
  }
  edit->from.photo = NULL;
  for (int i = 0; i < N; i++)
    limn_source_unref (photos[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/worker/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("quick-then-full", quick_then_full);
  ADD ("newest-wins", newest_wins);
  ADD ("newer-ends-refinement", newer_ends_refinement);
  ADD ("cancelled-while-running", cancelled_while_running);
  ADD ("cancelled-on-its-way", cancelled_on_its_way);
  ADD ("target-gone", target_gone);
  ADD ("target-changed", target_changed);
  ADD ("slots-taken", slots_taken);
  ADD ("committed-in-order", committed_in_order);
  ADD ("progress-coalesced", progress_coalesced);
  ADD ("commit-preempts-preview", commit_preempts_preview);
  ADD ("promoted", promoted);
  ADD ("cancelled-while-waiting", cancelled_while_waiting);
  ADD ("cancelled-from-another-thread", cancelled_from_another_thread);
  ADD ("shutdown-in-the-middle", shutdown_in_the_middle);
  ADD ("shutdown-before-delivery", shutdown_before_delivery);
  ADD ("disposed-while-running", disposed_while_running);
  ADD ("disposed-in-callback", disposed_in_callback);
  ADD ("failures", failures);
  ADD ("storm", storm);
  g_test_add_func ("/worker/colours-kept", colours_kept);
  g_test_add_func ("/worker/colours-forgotten", colours_forgotten);
  return g_test_run ();
}
