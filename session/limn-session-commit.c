/* What is kept: results put into the document, done again, replaced, cancelled. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-strokes.h"

/* -- A result becomes a layer -- */

void
limn_session_layers_changed (LimnSession *self)
{
  if (self->own_change)
    return;
  if (!limn_document_has_layer (self->document, limn_revision_get_layer (self->revision)))
    limn_session_restore_revision (self);
  limn_variation_set_update (self->variations);
}

/* Puts result in place of layer. name: of the undo step, NULL for another variation. */
static LimnLayer *
replace_layer (LimnSession *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result, int variation, const char *name,
               const char *model_hash)
{
  gboolean revised = layer == limn_revision_get_layer (self->revision), ends = limn_edit_kind_uses_mask_up (limn_edit_get_kind (edit));
  self->own_change = TRUE;
  LimnLayer *other = limn_document_replace_result (self->document, layer, edit, result, name, model_hash);
  self->own_change = FALSE;
  if (other && variation >= 0)
    limn_variation_set_note_layer (self->variations, other, (guint) variation);
  if (other && (revised || !ends))
    limn_session_set_revision (self, ends ? NULL : other, FALSE);
  if (other && variation >= 0 && !ends)
    g_object_set (self, "seed", edit->set.seed, NULL); /* what follows builds on it */
  limn_session_layers_changed (self);
  return other;
}

static LimnLayer *
add_layer (LimnSession *self, const LimnCommit *commit)
{
  const LimnEditKind *kind = limn_edit_get_kind (commit->edit);
  self->own_change = TRUE;
  LimnLayer *layer = limn_document_add_result (self->document, commit->edit, commit->result, _(kind->label), commit->model_hash);
  self->own_change = FALSE;
  if (layer && !limn_edit_kind_uses_mask_up (kind))
    limn_session_set_revision (self, layer, FALSE);
  return layer;
}

/* An old layer was brought back and only the settings were changed since: then it is one step together with what it became. */
static void
join_recall (LimnSession *self, const LimnCommit *commit)
{
  g_autoptr (GError) error = NULL;
  const LimnRevision *revision = self->revision;
  if (!limn_revision_is_asked (revision) || limn_document_is_working (self->document) ||
      limn_revision_get_layer (revision) != commit->replaces || !limn_revision_is_at_start (revision))
    return;
  self->own_change = TRUE;
  if (!limn_document_undo (self->document, &error) && error)
    g_warning ("What was brought back stays a step of its own: %s", error->message);
  self->own_change = FALSE;
}

/* What would be guided or told a source is there no more: the next hole is painted first. */
static void
leave_guide (LimnSession *self)
{
  LimnToolKind tool = limn_session_get_tool (self);
  if (tool == LIMN_TOOL_GUIDE || tool == LIMN_TOOL_GUIDE_PENCIL || tool == LIMN_TOOL_PICKER || tool == LIMN_TOOL_TAKE_FROM ||
      tool == LIMN_TOOL_NOT_FROM)
    limn_session_set_tool (self, limn_session_get_kind (self)->tools[0]);
}

static void
put_into_document (LimnSession *self, const LimnCommit *commit)
{
  const LimnEditKind *kind = limn_edit_get_kind (commit->edit);
  LimnTask task = commit->edit->task;
  LimnLayer *layer = NULL;
  gboolean current = commit->stamp == limn_preview_get_stamp (self->preview) && task == self->task;
  limn_session_drop_preview (self);
  if (!commit->replaces) {
    layer = add_layer (self, commit);
  } else if (limn_document_has_layer (self->document, commit->replaces)) {
    if (commit->changed)
      join_recall (self, commit);
    layer = replace_layer (self, commit->replaces, commit->edit, commit->result, commit->variation,
                           commit->changed ? _(kind->label) : NULL, commit->model_hash);
  }
  if (current && limn_edit_kind_uses_mask_up (kind) && kind->takes & LIMN_TAKES_GUIDE)
    leave_guide (self);
  if (current) {
    self->settled[task] = !limn_edit_kind_uses_mask_up (kind);
    self->drawn &= !(kind->takes & LIMN_TAKES_DRAWING);
  }
  if (kind->enlarges) {
    self->enlarged_to = limn_document_get_width (self->document);
    g_autofree char *text = g_strdup_printf (_("Now %d × %d pixels"), limn_document_get_width (self->document),
                                             limn_document_get_height (self->document));
    limn_session_message (self, text, TRUE);
  } else if (layer && commit->variation < 0 && !kind->single) {
    limn_variation_set_begin (self->variations, layer, commit->edit, commit->result);
  }
  if (current && kind->single)
    g_signal_emit_by_name (self, "variations-changed"); /* what one goes on to may be offered now */
}

/* -- On its way -- */

static void
on_progress (gpointer user, double fraction, double seconds_left)
{
  limn_session_set_progress (user, fraction, seconds_left);
}

static void
on_done (gpointer user, const LimnCommit *commit)
{
  g_autoptr (LimnSession) self = g_object_ref (user);
  self->commit = NULL;
  self->n_done++;
  limn_session_set_progress (self, 0, -1);
  put_into_document (self, commit);
  limn_session_invalidate_preview (self);
}

static void
on_failed (gpointer user, const char *message)
{
  LimnSession *self = user;
  self->commit = NULL;
  self->n_failed += message != NULL;
  limn_session_set_progress (self, 0, -1);
  limn_session_update (self);
  if (message)
    limn_session_message (self, message, FALSE);
}

/* Takes edit. */
static LimnCommit *
make_commit (LimnSession *self, LimnEdit *edit, LimnLayer *replaces, int variation)
{
  static const LimnCommitFuncs funcs = { on_progress, on_done, on_failed };
  self->commit = limn_commit_new (self->document, edit, replaces, variation, &funcs, self);
  self->commit->stamp = limn_preview_get_stamp (self->preview);
  return self->commit;
}

/* Another variation in place of layer; takes edit. */
static void
start_variation (LimnSession *self, LimnEdit *edit, LimnLayer *layer, int variation)
{
  limn_commit_start (make_commit (self, edit, layer, variation), self->worker);
  limn_session_update (self);
}

void
limn_session_abandon_commit (LimnSession *self)
{
  g_clear_pointer (&self->commit, limn_commit_abandon);
}

static void
cancel_commit (LimnSession *self)
{
  limn_session_abandon_commit (self);
  limn_session_set_progress (self, 0, -1);
  limn_session_update (self);
}

void
limn_session_invalidate_commit (LimnSession *self)
{
  if (!self->commit)
    return;
  cancel_commit (self);
  limn_session_message (self, _("The edit was stopped, because the canvas changed meanwhile."), FALSE);
}

/* -- What people ask for -- */

/* Does what the frame says; FALSE when there is none. */
static gboolean
commit_crop (LimnSession *self)
{
  g_autoptr (GError) error = NULL;
  /* a colour for what is selected, or a larger picture with a hole, is not what is wanted next */
  gboolean fill = !limn_session_get_kind (self)->needs && !limn_document_is_sketch (self->document);
  if (!limn_crop_get (self->crop, NULL))
    return FALSE;
  if (!limn_crop_begin (self->crop, fill, &error))
    limn_session_message (self, error->message, FALSE);
  return TRUE;
}

void
limn_session_commit_task (LimnSession *self)
{
  g_autoptr (GError) error = NULL;
  LimnEdit *edit = limn_session_make_edit (self, &error);
  if (!edit) {
    self->n_failed++;
    limn_session_message (self, error->message, FALSE);
    return;
  }
  LimnLayer *layer = limn_revision_get_layer (self->revision);
  LimnLayer *replaces = limn_document_has_layer (self->document, layer) ? layer : NULL;
  const LimnResult *finished = limn_preview_peek_finished (self->preview);
  LimnCommit *commit = make_commit (self, edit, replaces, -1);
  commit->changed = replaces != NULL;
  if (finished) {
    limn_commit_finish (commit, finished, self->worker);
    return;
  }
  if (!limn_commit_start_from_preview (commit, self->preview))
    limn_commit_start (commit, self->worker);
  limn_session_update (self);
}

void
limn_session_commit (LimnSession *self)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  limn_document_end_stroke (self->document);
  if (commit_crop (self))
    return;
  self->commit_when_done = limn_document_is_working (self->document); /* it counts on what was asked for before */
  self->withdrawn = limn_document_get_cancel_count (self->document);
  if (self->commit_when_done)
    return;
  limn_session_update (self);
  if (!self->state.can_commit) {
    if (self->state.commit_hint)
      limn_session_message (self, self->state.commit_hint, FALSE);
    return;
  }
  limn_session_peek_variation (self, G_MAXUINT);
  limn_session_commit_task (self);
}

LimnLayer *
limn_session_find_newest_layer (LimnSession *self)
{
  GListModel *layers = limn_document_get_layers (self->document);
  for (guint i = g_list_model_get_n_items (layers); i-- > 0;) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, i);
    if (limn_layer_get_recipe (layer) && limn_layer_get_task (layer) == self->task)
      return layer; /* the list keeps it */
  }
  return NULL;
}

static gboolean
is_live (LimnSession *self)
{
  return limn_preview_peek_result (self->preview) || limn_preview_is_pending (self->preview);
}

void
limn_session_roll (LimnSession *self)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  gboolean live = is_live (self) || limn_preview_is_due (self->preview);
  LimnLayer *layer = limn_variation_set_get_layer (self->variations);
  if (!layer || limn_layer_get_task (layer) != self->task)
    layer = limn_session_find_newest_layer (self);
  if (!live && layer && !limn_document_get_has_mask (self->document))
    limn_session_rerun_layer (self, layer);
  else if (!limn_session_get_kind (self)->enlarges)
    g_object_set (self, "seed", self->settings.seed + 1, NULL);
}

void
limn_session_rerun_layer (LimnSession *self, LimnLayer *layer)
{
  g_autoptr (GError) error = NULL;
  g_return_if_fail (LIMN_IS_SESSION (self) && LIMN_IS_LAYER (layer));
  if (self->commit || !limn_document_has_layer (self->document, layer))
    return;
  g_autoptr (LimnEdit) edit = limn_document_make_edit_for_layer (self->document, layer, &error);
  if (!edit) {
    limn_session_message (self, error->message, FALSE);
    return;
  }
  gboolean varied = layer == limn_variation_set_get_layer (self->variations);
  edit->set.seed += varied ? limn_variation_set_get_n_seeds (self->variations) : 1; /* past those of the strip */
  edit->set.mix = 0;
  start_variation (self, g_steal_pointer (&edit), layer, -1);
}

void
limn_session_edit_layer (LimnSession *self, LimnLayer *layer)
{
  g_return_if_fail (LIMN_IS_SESSION (self) && LIMN_IS_LAYER (layer));
  const LimnEdit *recipe = limn_layer_get_recipe (layer);
  if (!limn_document_has_layer (self->document, layer))
    return;
  if (!recipe || limn_edit_get_kind (recipe)->enlarges) {
    limn_session_message (self, _("This layer was not made by Limn, so it can't be made again."), FALSE);
    return;
  }
  limn_session_abandon_commit (self);
  limn_session_set_task (self, recipe->task);
  limn_document_recall_layer (self->document, layer);
  limn_session_set_revision (self, layer, TRUE);
  limn_session_settings_recall (G_OBJECT (self), recipe);
  self->settled[self->task] = TRUE; /* the layer itself shows it, until something changes */
  limn_session_invalidate_preview (self);
}

void
limn_session_guide_result (LimnSession *self)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  LimnLayer *layer = limn_variation_set_get_layer (self->variations);
  if (!layer || !(limn_session_get_kind (self)->takes & LIMN_TAKES_GUIDE))
    return;
  limn_session_edit_layer (self, layer);
  limn_session_set_tool (self, LIMN_TOOL_GUIDE);
}

/* Puts the variation into the document, once it is there in full. result: it is. Takes edit. */
static void
keep (LimnSession *self, LimnEdit *edit, const LimnResult *result, LimnLayer *layer, guint index)
{
  if (!result) {
    start_variation (self, edit, layer, (int) index);
    return;
  }
  g_autofree char *hash = limn_worker_dup_model_hash (self->worker);
  replace_layer (self, layer, edit, result, (int) index, NULL, hash);
  limn_edit_free (edit);
}

void
limn_session_keep_variation (LimnSession *self, guint index)
{
  LimnVariationSet *set = self->variations;
  LimnLayer *layer = limn_variation_set_get_layer (set);
  g_return_if_fail (index < limn_variation_set_get_n (set));
  limn_session_peek_variation (self, G_MAXUINT);
  const LimnEdit *edit = limn_variation_set_get_edit (set, index);
  if (!layer || !edit || self->commit || index == limn_variation_set_get_current (set))
    return;
  keep (self, limn_edit_copy (edit), limn_variation_set_get_result (set, index), layer, index);
}

void
limn_session_mix_variations (LimnSession *self, guint a, guint b, double mix, gboolean commit)
{
  LimnLayer *layer = limn_variation_set_get_layer (self->variations);
  g_autoptr (LimnResult) result = NULL;
  if (!layer || self->commit || !limn_variation_set_get_edit (self->variations, a) || !limn_variation_set_get_edit (self->variations, b))
    return;
  if (!commit) {
    limn_variation_set_mix (self->variations, a, b, mix);
    return;
  }
  LimnEdit *edit = limn_variation_set_take_mix (self->variations, a, b, mix, &result);
  keep (self, edit, result, layer, mix < 0.5 ? a : b);
}

/* -- What people take back -- */

gboolean
limn_session_withdraw (LimnSession *self)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), FALSE);
  guint position = limn_history_get_position (limn_document_get_history (self->document));
  if (!self->commit || self->commit->position != position || limn_document_is_stroking (self->document) ||
      limn_document_is_working (self->document))
    return FALSE;
  cancel_commit (self);
  return TRUE;
}

static void
cancel_revision (LimnSession *self)
{
  if (!limn_revision_is_at_start (self->revision) || !limn_document_undo (self->document, NULL)) /* what was painted stays */
    limn_session_set_revision (self, NULL, FALSE);
  limn_session_invalidate_preview (self);
}

gboolean
limn_session_cancel (LimnSession *self)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), FALSE);
  if (limn_document_is_stroking (self->document)) {
    limn_document_cancel_stroke (self->document);
    return TRUE;
  }
  self->commit_when_done = FALSE;
  if (limn_document_cancel_operations (self->document))
    return TRUE;
  if (limn_session_get_crop (self, NULL)) {
    limn_session_set_crop (self, &(LimnRect){ 0 });
  } else if (self->commit) {
    cancel_commit (self);
  } else if (limn_variation_set_is_peeking (self->variations)) {
    limn_session_peek_variation (self, G_MAXUINT);
  } else if (is_live (self)) {
    self->settled[self->task] = TRUE;
    limn_session_invalidate_preview (self);
  } else if (limn_revision_is_asked (self->revision)) {
    cancel_revision (self);
  } else {
    return FALSE;
  }
  return TRUE;
}
