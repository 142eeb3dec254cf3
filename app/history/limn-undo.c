/* A history with its saved step and its groups.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-undo.h"

void
limn_undo_init (LimnUndo *self, gsize budget)
{
  *self = (LimnUndo){ .history = limn_history_new (budget, NULL) };
}

void
limn_undo_clear (LimnUndo *self)
{
  g_clear_object (&self->history);
  g_clear_object (&self->saved);
  g_clear_object (&self->group_step);
}

void
limn_undo_push (LimnUndo *self, LimnHistoryStep *step)
{
  self->group = 0;
  g_clear_object (&self->group_step);
  limn_history_push (self->history, step);
}

void
limn_undo_begin_group (LimnUndo *self, LimnHistoryStep *step, guint group, gpointer target)
{
  self->group = group;
  self->group_target = target;
  g_set_object (&self->group_step, step);
}

gboolean
limn_undo_can_join (const LimnUndo *self, guint group, gpointer target)
{
  return group != 0 && group == self->group && target == self->group_target && self->group_step == limn_history_peek_undo (self->history) &&
         self->group_step != self->saved && !limn_history_peek_redo (self->history);
}

void
limn_undo_set_saved (LimnUndo *self, gboolean saved)
{
  self->never_saved = !saved;
  LimnHistoryStep *last = saved ? limn_history_peek_undo (self->history) : NULL;
  g_set_object (&self->saved, last);
}

gboolean
limn_undo_is_modified (const LimnUndo *self)
{
  return self->never_saved || self->saved != limn_history_peek_undo (self->history);
}
