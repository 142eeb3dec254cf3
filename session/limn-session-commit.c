/* Edits that are kept: the task done, done again, replaced, cancelled.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

/* Milliseconds after which a result that came in the middle of a stroke is tried again. */
#define RETRY 30

static gboolean lay_down (gpointer data);

static void
commit_free (LimnCommit *self)
{
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->edit, limn_edit_free);
  g_clear_object (&self->replaces);
  g_clear_pointer (&self->result, limn_result_free);
  g_free (self->model_hash);
  g_free (self);
}

static const char *
task_name (LimnTask task)
{
  switch (task) {
  case LIMN_TASK_COLORIZE: return _("Colorize");
  case LIMN_TASK_SKETCH: return _("Sketch");
  case LIMN_TASK_UPSCALE: return _("Upscale");
  default: return _("Fill");
  }
}

static guint
get_position (LimnSession *self)
{
  return limn_history_get_position (limn_document_get_history (self->document));
}

static void
set_editing (LimnSession *self, LimnLayer *layer, gboolean asked, guint position)
{
  gboolean before = self->editing_asked;
  g_clear_pointer (&self->under, limn_source_unref);
  g_set_object (&self->editing, layer);
  self->editing_asked = asked && layer;
  self->editing_position = position;
  if (before || self->editing_asked)
    g_object_notify (G_OBJECT (self), "editing");
}

typedef struct {
  GWeakRef layer;
  gboolean asked;
  guint position;
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;
  g_weak_ref_clear (&note->layer);
  g_free (note);
}

void
limn_session_note_editing (LimnSession *self, LimnLayer *layer, gboolean asked)
{
  set_editing (self, layer, asked, get_position (self));
  if (!self->editing_notes)
    self->editing_notes = g_ptr_array_new_with_free_func (note_free);
  for (guint i = self->editing_notes->len; i-- > 0;) /* what was undone there doesn't come back */
    if (((Note *) self->editing_notes->pdata[i])->position >= self->editing_position)
      g_ptr_array_remove_index (self->editing_notes, i);
  Note *note = g_new0 (Note, 1);
  g_weak_ref_init (&note->layer, layer);
  note->asked = asked;
  note->position = self->editing_position;
  g_ptr_array_add (self->editing_notes, note);
}

void
limn_session_restore_editing (LimnSession *self)
{
  guint position = get_position (self), i = self->editing_notes ? self->editing_notes->len : 0;
  g_autoptr (LimnLayer) layer = NULL;
  const Note *note = NULL;
  while (i > 0 && ((Note *) self->editing_notes->pdata[i - 1])->position > position)
    i--;
  if (i > 0) {
    note = self->editing_notes->pdata[i - 1];
    layer = g_weak_ref_get ((GWeakRef *) &note->layer);
  }
  if (layer && (!limn_session_has_layer (self, layer) || limn_layer_get_task (layer) != self->task))
    g_clear_object (&layer);
  if (layer != self->editing || (layer && note->asked != self->editing_asked))
    set_editing (self, layer, layer && note->asked, layer ? note->position : position);
}

/* -- A result becomes a layer -- */

LimnLayer *
limn_session_replace (LimnSession *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result, int variation, const char *name,
                      const char *model_hash)
{
  g_autoptr (LimnLayer) old = g_object_ref (layer);
  self->own = TRUE;
  LimnLayer *other = limn_document_replace_result (self->document, layer, edit, result, name, model_hash);
  self->own = FALSE;
  if (other && variation >= 0)
    limn_session_note_variation (self, other, (guint) variation);
  if (other && (self->editing == old || edit->task == LIMN_TASK_COLORIZE || edit->task == LIMN_TASK_SKETCH))
    limn_session_note_editing (self, edit->task == LIMN_TASK_FILL ? NULL : other, FALSE);
  if (other && variation >= 0 && edit->task != LIMN_TASK_FILL)
    g_object_set (self, "seed", edit->seed, NULL); /* what follows builds on it */
  limn_session_layers_changed (self);
  return other;
}

static LimnLayer *
add_layer (LimnSession *self, LimnCommit *commit)
{
  self->own = TRUE;
  LimnLayer *layer = limn_document_add_result (self->document, commit->edit, commit->result, task_name (commit->edit->task),
                                               commit->model_hash);
  self->own = FALSE;
  if (layer && commit->edit->task != LIMN_TASK_FILL)
    limn_session_note_editing (self, layer, FALSE);
  return layer;
}

/* An old layer was brought back and only the settings were changed since: then it is one step together with what it became. */
static void
join_recall (LimnSession *self, LimnCommit *commit)
{
  g_autoptr (GError) error = NULL;
  if (!self->editing_asked || limn_document_is_working (self->document) || self->editing != commit->replaces ||
      self->editing_position != get_position (self))
    return;
  self->own = TRUE;
  if (!limn_document_undo (self->document, &error) && error)
    g_warning ("What was brought back stays a step of its own: %s", error->message);
  self->own = FALSE;
}

static void
finish (LimnSession *self, LimnCommit *commit)
{
  LimnLayer *layer = NULL;
  gboolean current = commit->stamp == self->stamp && commit->edit->task == self->task;
  limn_session_drop_preview (self);
  if (!commit->replaces) {
    layer = add_layer (self, commit);
  } else if (limn_session_has_layer (self, commit->replaces)) {
    if (commit->changed)
      join_recall (self, commit);
    layer = limn_session_replace (self, commit->replaces, commit->edit, commit->result, commit->variation,
                                  commit->changed ? task_name (commit->edit->task) : NULL, commit->model_hash);
  }
  if (current)
    self->settled[self->task] = commit->edit->task != LIMN_TASK_FILL;
  if (commit->edit->task == LIMN_TASK_UPSCALE) {
    g_autofree char *text = g_strdup_printf (_("Now %d × %d pixels"), limn_document_get_width (self->document),
                                             limn_document_get_height (self->document));
    limn_session_message (self, text, TRUE);
  } else if (layer && commit->variation < 0) {
    limn_session_begin_variations (self, layer, commit->edit, commit->result);
  }
}

/* TRUE: tries again after the stroke, which it must not break off. */
static gboolean
lay_down (gpointer data)
{
  LimnCommit *commit = data;
  LimnSession *self = commit->session;
  if (limn_document_is_stroking (self->document)) {
    if (!commit->retry)
      commit->retry = g_timeout_add (RETRY, lay_down, commit);
    return G_SOURCE_CONTINUE;
  }
  commit->retry = 0;
  g_object_ref (self);
  self->commit = NULL;
  limn_session_set_progress (self, 0, -1);
  finish (self, commit);
  commit_free (commit);
  limn_session_stale (self);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/* -- On its way -- */

static void
on_progress (double fraction, double seconds_left, gpointer user)
{
  LimnCommit *commit = user;
  if (commit->session)
    limn_session_set_progress (commit->session, fraction, seconds_left);
}

static void
on_committed (GObject *source, GAsyncResult *async, gpointer user)
{
  LimnCommit *commit = user;
  LimnSession *self = commit->session;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnResult) result = limn_worker_commit_finish (LIMN_WORKER (source), async, &error);
  if (!self) {
    commit_free (commit);
  } else if (!result) {
    self->commit = NULL;
    commit_free (commit);
    limn_session_set_progress (self, 0, -1);
    limn_session_update (self);
    if (!g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED))
      limn_session_message (self, error->message, FALSE);
  } else {
    commit->result = g_steal_pointer (&result);
    commit->model_hash = limn_worker_dup_model_hash (LIMN_WORKER (source));
    lay_down (commit);
  }
}

static LimnCommit *
commit_new (LimnSession *self, LimnEdit *edit, LimnLayer *replaces, int variation)
{
  LimnCommit *commit = g_new0 (LimnCommit, 1);
  *commit = (LimnCommit){ .session = self,
                          .edit = edit,
                          .replaces = replaces ? g_object_ref (replaces) : NULL,
                          .variation = variation,
                          .stamp = self->stamp,
                          .position = get_position (self),
                          .cancellable = g_cancellable_new () };
  commit->edit->quick = FALSE;
  self->commit = commit;
  return commit;
}

/* What is computed already as a preview is taken over. */
static gboolean
promote (LimnSession *self, LimnCommit *commit)
{
  guint64 serial = limn_session_get_finishing (self);
  GCancellable *cancellable = serial ? limn_worker_promote (self->worker, self->slot, serial, on_progress, commit, on_committed, commit)
                                     : NULL;
  if (!cancellable)
    return FALSE;
  g_object_unref (commit->cancellable);
  commit->cancellable = cancellable;
  limn_session_yield_finishing (self);
  limn_session_update (self);
  return TRUE;
}

static void
start (LimnSession *self, LimnCommit *commit)
{
  limn_worker_commit_async (self->worker, limn_edit_copy (commit->edit), commit->cancellable, on_progress, commit, on_committed, commit);
  limn_session_update (self);
}

void
limn_session_start_variation (LimnSession *self, LimnEdit *edit, LimnLayer *layer, int variation)
{
  start (self, commit_new (self, edit, layer, variation));
}

/* Nobody waits for it any more; it ends by itself and is dropped. */
void
limn_session_abandon_commit (LimnSession *self)
{
  LimnCommit *commit = g_steal_pointer (&self->commit);
  if (!commit)
    return;
  commit->session = NULL;
  if (commit->result) { /* it only waits for the end of a stroke */
    commit_free (commit);
    return;
  }
  g_cancellable_cancel (commit->cancellable);
}

/* -- What people ask for -- */

void
limn_session_commit (LimnSession *self)
{
  g_autoptr (GError) error = NULL;
  g_return_if_fail (LIMN_IS_SESSION (self));
  limn_document_end_stroke (self->document);
  if (limn_session_commit_crop (self))
    return;
  self->commit_waits = limn_document_is_working (self->document); /* it counts on what was asked for before */
  self->withdrawn = limn_document_get_withdrawn (self->document);
  if (self->commit_waits)
    return;
  limn_session_update (self);
  if (!self->can_commit) {
    if (self->commit_hint)
      limn_session_message (self, self->commit_hint, FALSE);
    return;
  }
  limn_session_peek_variation (self, G_MAXUINT);
  g_autoptr (LimnEdit) edit = limn_session_make_edit (self, &error);
  if (!edit) {
    limn_session_message (self, error->message, FALSE);
    return;
  }
  LimnLayer *replaces = limn_session_has_layer (self, self->editing) ? self->editing : NULL;
  const LimnResult *finished = self->task != LIMN_TASK_UPSCALE ? limn_session_peek_finished (self) : NULL;
  LimnCommit *commit = commit_new (self, g_steal_pointer (&edit), replaces, -1);
  commit->changed = replaces != NULL;
  if (!finished) {
    if (self->task == LIMN_TASK_UPSCALE || !promote (self, commit)) /* a lens shows but a part */
      start (self, commit);
    return;
  }
  commit->result = limn_result_copy (finished);
  commit->model_hash = limn_worker_dup_model_hash (self->worker);
  lay_down (commit);
}

LimnLayer *
limn_session_peek_newest_layer (LimnSession *self)
{
  GListModel *layers = limn_document_get_layers (self->document);
  for (guint i = g_list_model_get_n_items (layers); i-- > 0;) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, i);
    if (limn_layer_get_recipe (layer) && limn_layer_get_task (layer) == self->task)
      return layer; /* the list keeps it */
  }
  return NULL;
}

void
limn_session_roll (LimnSession *self)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  gboolean live = self->shown || self->quick_due || self->full_due || self->wanted;
  LimnLayer *layer = limn_session_peek_varied_layer (self);
  if (!layer || limn_layer_get_task (layer) != self->task)
    layer = limn_session_peek_newest_layer (self);
  if (!live && layer && !limn_document_get_has_mask (self->document))
    limn_session_rerun_layer (self, layer);
  else if (self->task != LIMN_TASK_UPSCALE)
    g_object_set (self, "seed", self->set.seed + 1, NULL);
}

void
limn_session_rerun_layer (LimnSession *self, LimnLayer *layer)
{
  g_autoptr (GError) error = NULL;
  g_return_if_fail (LIMN_IS_SESSION (self) && LIMN_IS_LAYER (layer));
  if (self->commit || !limn_session_has_layer (self, layer))
    return;
  g_autoptr (LimnEdit) edit = limn_document_make_edit_for_layer (self->document, layer, &error);
  if (!edit) {
    limn_session_message (self, error->message, FALSE);
    return;
  }
  edit->seed += layer == limn_session_peek_varied_layer (self) ? LIMN_SESSION_VARIATIONS : 1; /* past those of the strip */
  edit->mix = 0;
  limn_session_start_variation (self, g_steal_pointer (&edit), layer, -1);
}

void
limn_session_edit_layer (LimnSession *self, LimnLayer *layer)
{
  g_return_if_fail (LIMN_IS_SESSION (self) && LIMN_IS_LAYER (layer));
  const LimnEdit *recipe = limn_layer_get_recipe (layer);
  if (!limn_session_has_layer (self, layer))
    return;
  if (!recipe || (int) recipe->task >= LIMN_TASK_UPSCALE) {
    limn_session_message (self, _("This layer was not made by Limn, so it can't be made again."), FALSE);
    return;
  }
  limn_session_abandon_commit (self);
  limn_session_set_task (self, recipe->task);
  limn_document_recall_layer (self->document, layer);
  limn_session_note_editing (self, layer, TRUE);
  limn_session_take_settings (self, recipe);
  self->settled[self->task] = TRUE; /* the layer itself shows it, until something changes */
  limn_session_stale (self);
}

static void
cancel_commit (LimnSession *self)
{
  limn_session_abandon_commit (self);
  limn_session_set_progress (self, 0, -1);
  limn_session_update (self);
}

void
limn_session_lose_commit (LimnSession *self)
{
  if (!self->commit)
    return;
  cancel_commit (self);
  limn_session_message (self, _("The edit was stopped, because the canvas changed meanwhile."), FALSE);
}

gboolean
limn_session_withdraw (LimnSession *self)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), FALSE);
  if (!self->commit || self->commit->position != get_position (self) || limn_document_is_stroking (self->document) ||
      limn_document_is_working (self->document))
    return FALSE;
  cancel_commit (self);
  return TRUE;
}

gboolean
limn_session_cancel (LimnSession *self)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), FALSE);
  if (limn_document_is_stroking (self->document)) {
    limn_document_cancel_stroke (self->document);
    return TRUE;
  }
  self->commit_waits = FALSE;
  if (limn_document_cancel_operations (self->document))
    return TRUE;
  if (limn_session_get_crop (self, NULL)) {
    limn_session_set_crop (self, &(LimnRect){ 0 });
    return TRUE;
  }
  if (self->commit) {
    cancel_commit (self);
    return TRUE;
  }
  if (self->peeked != G_MAXUINT) {
    limn_session_peek_variation (self, G_MAXUINT);
    return TRUE;
  }
  if (self->shown || self->quick_due || self->full_due) {
    self->settled[self->task] = TRUE;
    limn_session_stale (self);
    return TRUE;
  }
  if (self->editing_asked) {
    if (self->editing_position != get_position (self) || !limn_document_undo (self->document, NULL)) /* what was painted stays */
      limn_session_note_editing (self, NULL, FALSE);
    limn_session_stale (self);
    return TRUE;
  }
  return FALSE;
}
