/* The session: that what is shown becomes part of the document before the picture leaves it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "session-test.h"

#include "app/document/limn-document-mask.h"

typedef struct {
  int calls;
  gboolean kept, committed;
} Answer;

static void
on_kept (gboolean kept, gboolean committed, gpointer user)
{
  Answer *answer = user;
  answer->calls++;
  answer->kept = kept;
  answer->committed = committed;
}

/* A fill that is shown: kept at once, in one step, with a message that offers to undo it. */
static void
test_shown (Fixture *self, gconstpointer data)
{
  Answer answer = { 0 };
  open_photo (self, 900, 700, FALSE);
  select_box (self, 20, 20);
  WAIT (get (self, "preview-shown") && !get (self, "previewing"));
  int runs = g_atomic_int_get (&self->fake.full_runs);
  guint steps = n_steps (self);
  limn_session_keep (self->session, on_kept, &answer);
  g_assert_cmpint (answer.calls, ==, 1);
  g_assert_true (answer.kept && answer.committed);
  g_assert_cmpuint (n_layers (self), ==, 1);
  g_assert_cmpuint (n_steps (self), ==, steps + 1);
  g_assert_cmpint (g_atomic_int_get (&self->fake.full_runs), ==, runs);
  g_assert_nonnull (self->message);
  g_assert_true (self->message_undo);
  g_assert_false (get (self, "preview-shown"));
  g_assert_cmpint (blue (self, 30, 30), ==, BLUE_FULL);
}

/* One that is computed, or would be in a moment, is waited for. */
static void
test_computing (Fixture *self, gconstpointer data)
{
  Answer due = { 0 }, running = { 0 };
  open_photo (self, 900, 700, FALSE);
  select_box (self, 20, 20);
  limn_session_keep (self->session, on_kept, &due);
  g_assert_cmpint (due.calls, ==, 0);
  g_assert_true (get (self, "busy"));
  WAIT (due.calls == 1);
  g_assert_true (due.kept && due.committed);
  g_assert_cmpuint (n_layers (self), ==, 1);

  select_box (self, 120, 20);
  hold (self);
  wait_started (self);
  WAIT (get (self, "previewing"));
  limn_session_keep (self->session, on_kept, &running);
  g_assert_cmpint (running.calls, ==, 0);
  release (self);
  WAIT (running.calls == 1);
  g_assert_true (running.kept && running.committed);
  g_assert_cmpuint (n_layers (self), ==, 2);
}

/* Nothing is shown that isn't in the document: answered at once, without a step or a word. */
static void
test_nothing (Fixture *self, gconstpointer data)
{
  Answer answer = { 0 };
  open_photo (self, 900, 700, FALSE);
  g_object_set (self->session, "live", FALSE, NULL);
  select_box (self, 20, 20);
  guint steps = n_steps (self);
  limn_session_keep (self->session, on_kept, &answer);
  g_assert_cmpint (answer.calls, ==, 1);
  g_assert_true (answer.kept);
  g_assert_false (answer.committed);
  g_assert_cmpuint (n_steps (self), ==, steps);
  g_assert_null (self->message);
}

static gboolean
is_working (Fixture *self)
{
  gboolean busy;
  g_object_get (self->worker, "busy", &busy, NULL);
  return busy;
}

/* Esc ends the waiting, and nothing is kept; so does the session's end. */
static void
test_cancelled (Fixture *self, gconstpointer data)
{
  Answer answer = { 0 }, late = { 0 };
  open_photo (self, 900, 700, FALSE);
  hold (self);
  select_box (self, 20, 20);
  limn_session_keep (self->session, on_kept, &answer);
  wait_started (self);
  g_assert_true (limn_session_cancel (self->session));
  g_assert_cmpint (answer.calls, ==, 1);
  g_assert_false (answer.kept);
  g_assert_cmpuint (n_layers (self), ==, 0);

  limn_session_commit (self->session);
  limn_session_keep (self->session, on_kept, &late);
  g_assert_cmpint (late.calls, ==, 0);
  release (self);
  g_clear_object (&self->session);
  g_assert_cmpint (late.calls, ==, 1);
  g_assert_false (late.kept);
  WAIT (!is_working (self)); /* the worker ends what nobody waits for */
}

/* An edit that can't be done isn't shown either: what is seen is the picture without it. */
static void
test_failing (Fixture *self, gconstpointer data)
{
  Answer answer = { 0 };
  open_photo (self, 900, 700, FALSE);
  g_object_set (self->session, "seed", (guint64) FAILS, NULL);
  select_box (self, 20, 20);
  limn_session_keep (self->session, on_kept, &answer);
  WAIT (answer.calls == 1);
  g_assert_true (answer.kept);
  g_assert_false (answer.committed);
  g_assert_cmpuint (n_layers (self), ==, 0);
  g_assert_nonnull (self->message);
}

/* An edit on its way is waited for, and a selection that is being changed. */
static void
test_busy (Fixture *self, gconstpointer data)
{
  Answer answer = { 0 }, grown = { 0 };
  commit_held (self);
  limn_session_keep (self->session, on_kept, &answer);
  g_assert_cmpint (answer.calls, ==, 0);
  release (self);
  WAIT (answer.calls == 1);
  g_assert_true (answer.kept);
  g_assert_false (answer.committed);
  g_assert_cmpuint (n_layers (self), ==, 1);

  g_object_set (self->session, "live", TRUE, NULL);
  select_box (self, 200, 200);
  limn_document_grow_mask (self->document, 5);
  limn_session_keep (self->session, on_kept, &grown);
  WAIT (grown.calls == 1);
  g_assert_true (grown.kept && grown.committed);
  g_assert_cmpuint (n_layers (self), ==, 2);
  g_assert_cmpint (blue (self, 203, 240), ==, BLUE_FULL);
}

static int
flat_green (Fixture *self)
{
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (self->document);
  g_autoptr (LimnPicture) flat = limn_snapshot_flatten (snapshot, G_MAXUINT, NULL);
  return limn_picture_get_data (flat)[limn_picture_get_stride (flat) * 64 + 4 * 64 + 1];
}

/* A sketch without live previews is seen, and kept, as it was drawn; with a picture of it, newer strokes go into that. */
static void
test_sketch (Fixture *self, gconstpointer data)
{
  Answer answer = { 0 }, again = { 0 };
  open_document (self, limn_document_new_sketch (128, 128, NULL));
  g_object_set (self->session, "live", FALSE, NULL);
  begin_paint (self, 77);
  limn_session_keep (self->session, on_kept, &answer);
  g_assert_true (answer.kept && !answer.committed);
  g_assert_cmpuint (n_layers (self), ==, 0);
  g_assert_cmpint (flat_green (self), ==, 77);

  limn_session_commit (self->session);
  WAIT (n_layers (self) == 1 && !get (self, "busy"));
  limn_session_keep (self->session, on_kept, &again);
  g_assert_true (again.kept && !again.committed);
  begin_paint (self, 99);
  again = (Answer){ 0 };
  limn_session_keep (self->session, on_kept, &again);
  WAIT (again.calls == 1);
  g_assert_true (again.kept && again.committed);
  g_assert_cmpint (flat_green (self), ==, 99);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/keep/shown", test_shown);
  ADD ("/keep/computing", test_computing);
  ADD ("/keep/nothing", test_nothing);
  ADD ("/keep/cancelled", test_cancelled);
  ADD ("/keep/failing", test_failing);
  ADD ("/keep/busy", test_busy);
  ADD ("/keep/sketch", test_sketch);
  return g_test_run ();
}
