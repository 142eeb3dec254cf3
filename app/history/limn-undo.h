/* A history with what a document needs beside it: which step is the saved state, and which step may still take further changes of one
 * gesture (a slider, a drag).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-history.h"

G_BEGIN_DECLS

typedef struct {
  LimnHistory *history;
  LimnHistoryStep *saved; /* the last step done when it was saved, NULL = before the first */
  gboolean never_saved;   /* no step is the saved state */
  guint group;            /* of the last step, 0 = none can be joined */
  gpointer group_target;
  LimnHistoryStep *group_step;
} LimnUndo;

/* budget: of memory, as limn_history_new has it. */
void limn_undo_init (LimnUndo *self, gsize budget);
void limn_undo_clear (LimnUndo *self);

/* Adds step (taken) and ends the group. */
void limn_undo_push (LimnUndo *self, LimnHistoryStep *step);
/* Lets step, the last one pushed, take further changes of group to target. group 0: none. */
void limn_undo_begin_group (LimnUndo *self, LimnHistoryStep *step, guint group, gpointer target);
/* TRUE when the last step takes this change as well. */
gboolean limn_undo_can_join (const LimnUndo *self, guint group, gpointer target);

/* saved: the present state is in a file; else no state is. */
void limn_undo_set_saved (LimnUndo *self, gboolean saved);
gboolean limn_undo_is_modified (const LimnUndo *self);

G_END_DECLS
