/* Undo and redo: a list of steps with names, each of which can be swapped with the document's present state. Steps hold only what
 * changed (tiles of 64 x 64, the order of layers, ...). Past a memory budget the tiles and pictures of the oldest steps go to files that
 * have no name (they are gone with the process, however that ends) and are read back when they are needed; no step is dropped. They are
 * written on another thread.
 *
 * A GListModel of LimnHistoryStep, oldest first; "position" says how many of them are done.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-raster.h"

G_BEGIN_DECLS

/* Properties: "name" (string, as shown), "done" (boolean: FALSE once undone; notify). */
#define LIMN_TYPE_HISTORY_STEP (limn_history_step_get_type ())
G_DECLARE_FINAL_TYPE (LimnHistoryStep, limn_history_step, LIMN, HISTORY_STEP, GObject)

const char *limn_history_step_get_name (LimnHistoryStep *self);
gboolean limn_history_step_get_done (LimnHistoryStep *self);
gsize limn_history_step_get_memory (LimnHistoryStep *self); /* bytes in memory, without what was spilled */

/* Properties: "position" (uint, notify), "memory" (uint64). */
#define LIMN_TYPE_HISTORY (limn_history_get_type ())
G_DECLARE_FINAL_TYPE (LimnHistory, limn_history, LIMN, HISTORY, GObject)

/* budget: bytes of tiles and pictures kept in memory. folder: where the spill file is made (NULL = the user's cache folder). */
LimnHistory *limn_history_new (gsize budget, const char *folder);
void limn_history_set_budget (LimnHistory *self, gsize budget);
guint limn_history_get_position (LimnHistory *self);
gsize limn_history_get_memory (LimnHistory *self);    /* bytes of tiles and pictures in memory; some may be on their way to the file */
guint64 limn_history_get_spilled (LimnHistory *self); /* bytes of tiles in the file or on their way there */
/* The step that undo or redo would take next; borrowed, NULL if none. */
LimnHistoryStep *limn_history_peek_undo (LimnHistory *self);
LimnHistoryStep *limn_history_peek_redo (LimnHistory *self);

/* -- For LimnDocument: building and swapping steps. -- */

/* Something that a step holds and that is not tiles. */
typedef struct {
  /* Exchanges it with the document's present state; returns FALSE with error and changes nothing on failure. */
  gboolean (*swap) (gpointer state, gpointer user, GError **error);
  void (*destroy) (gpointer state);
  /* Bytes in memory that only the history keeps; NULL = none worth counting. */
  gsize (*measure) (gpointer state);
  /* Moves them to files without a name in folder; may go on after it returns, and what can't be moved stays. NULL where measure is. */
  void (*spill) (gpointer state, const char *folder);
} LimnHistoryStateClass;

LimnHistoryStep *limn_history_step_new (const char *name);
/* The tiles in which before differs from after (two rasters of one size); plane: the caller's number for the raster. */
void limn_history_step_add_tiles (LimnHistoryStep *self, int plane, LimnRaster *before, LimnRaster *after);
/* Something else that can be swapped. */
void limn_history_step_add_state (LimnHistoryStep *self, gpointer state, const LimnHistoryStateClass *klass);
gboolean limn_history_step_is_empty (LimnHistoryStep *self);

/* Takes step; what could be redone is dropped. */
void limn_history_push (LimnHistory *self, LimnHistoryStep *step);

/* rasters: by plane number, as given to add_tiles; user: for the swap functions. changed: called for each tile that changed. Return
 * FALSE when there is nothing (no error) or the spill file can't be read (error; the document is as it was). */
typedef void (*LimnHistoryChanged) (int plane, const LimnRect *rect, gpointer user);
gboolean limn_history_undo (LimnHistory *self, LimnRaster **rasters, gpointer user, LimnHistoryChanged changed, GError **error);
gboolean limn_history_redo (LimnHistory *self, LimnRaster **rasters, gpointer user, LimnHistoryChanged changed, GError **error);

/* An empty file without a name in folder, which is made if need be; -1 when that fails. Any thread. */
int limn_spill_open (const char *folder);

G_END_DECLS
