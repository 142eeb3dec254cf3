/* What follows from changes of the document. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include "app/document/limn-document-layers.h"

/* What the preview of an edit is made of. A drawing isn't drawn anew for what changes in the photo that it is drawn into. */
static LimnChange
get_inputs (const LimnEditKind *kind)
{
  const LimnTakes takes = kind->takes;
  return LIMN_CHANGE_SIZE | (takes & LIMN_TAKES_DRAWING ? LIMN_CHANGE_PAINT : LIMN_CHANGE_IMAGE) |
         (takes & LIMN_TAKES_MASK ? LIMN_CHANGE_MASK : 0) | (takes & LIMN_TAKES_MARKS ? LIMN_CHANGE_MARKS : 0) |
         (takes & (LIMN_TAKES_GUIDE | LIMN_TAKES_SOURCES) ? LIMN_CHANGE_GUIDE : 0) | (takes & LIMN_TAKES_DOTS ? LIMN_CHANGE_DOTS : 0);
}

/* Nothing that was for the canvas as it was is of use any more. */
static void
forget_canvas (LimnSession *self)
{
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;
  self->resized = limn_document_get_change (self->document);
  if (!self->own_change)
    limn_session_invalidate_commit (self);
  limn_session_drop_preview (self);
  limn_session_take_found (self, NULL);
  limn_variation_set_clear (self->variations);
  limn_session_restore_revision (self);
  limn_session_set_crop (self, &(LimnRect){ 0 });
  limn_lens_get (self->lens, &x, &y, &radius, &texture, &region);
  if (radius > 0)
    limn_session_set_lens (self, 0, 0, 0);
}

/* Undo and redo came to a sketch: right at the step that made its picture that shows it; without a picture the sketch is live. */
static gboolean
settle_again (LimnSession *self)
{
  gboolean *settled = &self->settled[self->task];
  if (limn_revision_get_layer (self->revision) && limn_revision_is_at_start (self->revision))
    *settled = TRUE;
  else if (*settled && !limn_session_find_newest_layer (self))
    *settled = FALSE;
  else
    return FALSE;
  self->drawn = !*settled;
  limn_session_invalidate_preview (self);
  return TRUE;
}

static void
on_changed (LimnSession *self, int x, int y, int width, int height, LimnChange what)
{
  if (what & LIMN_CHANGE_SIZE)
    forget_canvas (self);
  if (what & LIMN_CHANGE_MARKS)
    limn_session_mark_damage (self, &(LimnRect){ x, y, width, height });
  if (self->own_change)
    return;
  const LimnEditKind *kind = limn_session_get_kind (self);
  gboolean history_moved = self->history_moved, selects = kind->takes & LIMN_TAKES_MASK && !limn_edit_kind_uses_mask_up (kind);
  self->history_moved = FALSE;
  if (what & (LIMN_CHANGE_IMAGE | LIMN_CHANGE_SIZE))
    limn_revision_forget_base (self->revision);
  if (what & LIMN_CHANGE_MASK && selects && !limn_revision_is_asked (self->revision) && !history_moved)
    limn_session_set_revision (self, NULL, FALSE); /* another place is another layer */
  if (what & LIMN_CHANGE_PAINT)
    self->drawn = TRUE;
  if (history_moved && kind->takes & LIMN_TAKES_DRAWING && settle_again (self))
    return;
  if (!(what & get_inputs (kind))) {
    limn_session_update (self);
    return;
  }
  if (what & ~(LIMN_CHANGE_IMAGE | LIMN_CHANGE_SIZE) && limn_document_get_change (self->document) != self->resized)
    self->settled[self->task] = FALSE; /* on another canvas everything is where it was in the picture */
  limn_session_invalidate_preview (self);
}

static void
on_failed (LimnSession *self, const char *message)
{
  self->commit_when_done = FALSE;
  limn_session_message (self, message, FALSE);
}

static void
on_working (LimnSession *self)
{
  gboolean working = limn_document_is_working (self->document);
  if (!working && limn_crop_end (self->crop))
    limn_session_set_task (self, LIMN_TASK_FILL);
  limn_session_update (self);
  self->commit_when_done &= self->withdrawn ==
                            limn_document_get_cancel_count (self->document); /* what was undone is not filled after all */
  if (self->commit_when_done && !working)
    limn_session_commit (self);
}

static void
on_steps (LimnSession *self)
{
  if (!self->own_change)
    self->history_pushed = TRUE;
}

static void
on_position (LimnSession *self)
{
  if (self->own_change)
    return;
  self->history_moved = !self->history_pushed;
  self->history_pushed = FALSE;
  if (!self->history_moved)
    return;
  limn_session_abandon_commit (self);
  limn_session_drop_preview (self); /* nothing of what was undone comes back */
  limn_session_restore_revision (self);
}

static void
on_busy (LimnSession *self)
{
  limn_session_continue_keeping (self);
}

static void
on_layers (LimnSession *self)
{
  limn_session_layers_changed (self);
}

void
limn_session_watch_document (LimnSession *self)
{
  g_signal_connect (self, "notify::busy", G_CALLBACK (on_busy), NULL);
  self->document_signals = g_signal_group_new (LIMN_TYPE_DOCUMENT);
  g_signal_group_connect_swapped (self->document_signals, "changed", G_CALLBACK (on_changed), self);
  g_signal_group_connect_swapped (self->document_signals, "failed", G_CALLBACK (on_failed), self);
  g_signal_group_connect_swapped (self->document_signals, "notify::working", G_CALLBACK (on_working), self);
  g_signal_group_set_target (self->document_signals, self->document);
  self->history_signals = g_signal_group_new (LIMN_TYPE_HISTORY);
  g_signal_group_connect_swapped (self->history_signals, "items-changed", G_CALLBACK (on_steps), self);
  g_signal_group_connect_swapped (self->history_signals, "notify::position", G_CALLBACK (on_position), self);
  g_signal_group_set_target (self->history_signals, limn_document_get_history (self->document));
  self->layers_signals = g_signal_group_new (G_TYPE_LIST_STORE);
  g_signal_group_connect_swapped (self->layers_signals, "items-changed", G_CALLBACK (on_layers), self);
  g_signal_group_set_target (self->layers_signals, limn_document_get_layers (self->document));
}

void
limn_session_unwatch_document (LimnSession *self)
{
  g_clear_object (&self->document_signals);
  g_clear_object (&self->history_signals);
  g_clear_object (&self->layers_signals);
}
