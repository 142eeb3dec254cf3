/* Committed edits on their way. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-commit.h"

#include "app/document/limn-document-strokes.h"
/* Milliseconds after which a result that came in the middle of a stroke is tried again. */
#define RETRY_DELAY 30

struct LimnCommitPrivate {
  LimnDocument *document;
  const LimnCommitFuncs *funcs; /* NULL once it is abandoned */
  gpointer user;
  GCancellable *cancellable;
  guint retry_source; /* while a stroke is in progress */
};

static void
commit_free (LimnCommit *self)
{
  g_clear_handle_id (&self->private->retry_source, g_source_remove);
  g_clear_object (&self->private->cancellable);
  g_object_unref (self->private->document);
  g_free (self->private);
  g_clear_pointer (&self->edit, limn_edit_free);
  g_clear_object (&self->replaces);
  g_clear_pointer (&self->result, limn_result_free);
  g_free (self->model_hash);
  g_free (self);
}

/* TRUE: tries again after the stroke, which it must not break off. */
static gboolean
deliver (gpointer data)
{
  LimnCommit *self = data;
  struct LimnCommitPrivate *private = self->private;
  if (limn_document_is_stroking (private->document)) {
    if (!private->retry_source)
    private->retry_source = g_timeout_add (RETRY_DELAY, deliver, self);
    return G_SOURCE_CONTINUE;
  }
  private->retry_source = 0;
  private->funcs->done (private->user, self);
  commit_free (self);
  return G_SOURCE_REMOVE;
}

void
limn_commit_finish (LimnCommit *self, const LimnResult *result, LimnWorker *worker)
{
  self->result = limn_result_copy (result);
  self->model_hash = limn_worker_dup_model_hash (worker);
  deliver (self);
}

static void
on_progress (double fraction, double seconds_left, gpointer user)
{
  struct LimnCommitPrivate *private = ((LimnCommit *) user)->private;
  if (private->funcs)
  private->funcs->progress (private->user, fraction, seconds_left);
}

static void
on_ready (GObject *source, GAsyncResult *async, gpointer user)
{
  LimnCommit *self = user;
  struct LimnCommitPrivate *private = self->private;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnResult) result = limn_worker_commit_finish (LIMN_WORKER (source), async, &error);
  if (private->funcs && result) {
    limn_commit_finish (self, result, LIMN_WORKER (source));
    return;
  }
  if (private->funcs) {
    gboolean cancelled = g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED);
    private->funcs->failed (private->user, cancelled ? NULL : error->message);
  }
  commit_free (self);
}

LimnCommit *
limn_commit_new (LimnDocument *document, LimnEdit *edit, LimnLayer *replaces, int variation, const LimnCommitFuncs *funcs, gpointer user)
{
  LimnCommit *self = g_new0 (LimnCommit, 1);
  self->edit = edit;
  self->replaces = replaces ? g_object_ref (replaces) : NULL;
  self->variation = variation;
  self->position = limn_history_get_position (limn_document_get_history (document));
  self->private = g_new0 (struct LimnCommitPrivate, 1);
  self->private->document = g_object_ref (document);
  self->private->funcs = funcs;
  self->private->user = user;
  return self;
}

void
limn_commit_start (LimnCommit *self, LimnWorker *worker)
{
  self->private->cancellable = g_cancellable_new ();
  limn_worker_commit_async (worker, limn_edit_copy (self->edit), self->private->cancellable, on_progress, self, on_ready, self);
}

gboolean
limn_commit_start_from_preview (LimnCommit *self, LimnPreview *preview)
{
  self->private->cancellable = limn_preview_promote (preview, on_progress, self, on_ready, self);
  return self->private->cancellable != NULL;
}

void
limn_commit_abandon (LimnCommit *self)
{
  self->private->funcs = NULL;
  if (self->result) /* it waits for the end of a stroke, and the worker is done with it */
    commit_free (self);
  else
    g_cancellable_cancel (self->private->cancellable);
}
