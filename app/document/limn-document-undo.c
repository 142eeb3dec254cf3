/* Undo: how steps of the document are begun, undone and redone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "limn-document-strokes.h"

LimnHistoryStep *
limn_document_begin_step (LimnDocument *self, const char *name, LimnContentParts parts)
{
  limn_document_end_stroke (self);
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_content_capture (&self->content, step, parts);
  return step;
}

static void
on_tile_changed (int plane, const LimnRect *rect, gpointer content)
{
  limn_content_damage_plane (content, (LimnDocumentPlane) plane, rect);
}

/* One step back or on. */
static gboolean
move_history (LimnDocument *self, gboolean undo, GError **error)
{
  LimnContent *content = &self->content;
  return undo ? limn_history_undo (self->undo.history, content->planes, content, on_tile_changed, error)
              : limn_history_redo (self->undo.history, content->planes, content, on_tile_changed, error);
}

static gboolean
undo_or_redo (LimnDocument *self, gboolean undo, GError **error)
{
  limn_document_end_stroke (self);
  if (limn_document_is_working (self))
    return undo && limn_operation_queue_cancel_last (self->operations);
  gboolean moved = move_history (self, undo, error);
  if (moved)
    limn_document_notify_changed (self);
  return moved;
}

gboolean
limn_document_undo (LimnDocument *self, GError **error)
{
  return undo_or_redo (self, TRUE, error);
}

gboolean
limn_document_redo (LimnDocument *self, GError **error)
{
  return undo_or_redo (self, FALSE, error);
}

gboolean
limn_document_go_to (LimnDocument *self, guint position, GError **error)
{
  LimnHistory *history = self->undo.history;
  limn_document_end_stroke (self);
  limn_operation_queue_cancel_all (self->operations);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (history));
  g_return_val_if_fail (position <= n, FALSE);
  if (position == limn_history_get_position (history))
    return FALSE;
  gboolean ok = TRUE, moved = FALSE;
  while (ok && limn_history_get_position (history) != position) {
    ok = move_history (self, position < limn_history_get_position (history), error);
    moved |= ok;
  }
  if (moved)
    limn_document_notify_changed (self);
  return ok;
}
