/* What a step keeps and where: tiles in memory or in the spill file. For limn-history*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-history.h"

#include <string.h>

/* The file without a name. Slots are of the size asked for; a freed one is used again. */
typedef struct _LimnSpill LimnSpill;
LimnSpill *limn_spill_new (const char *folder); /* nothing is made before the first write */
const char *limn_spill_get_folder (LimnSpill *self);
void limn_spill_unref (LimnSpill *self);
guint64 limn_spill_get_used (LimnSpill *self);

/* A tile that steps keep: in memory (tile), on its way to the file (tile, claimed, slot), or there (spill, slot). */
typedef struct {
  guint refs;
  gsize size;
  LimnTile *tile;
  gboolean claimed;
  LimnSpill *spill;
  goffset slot;
} LimnHeld;
LimnHeld *limn_held_new (LimnTile *tile, gsize size); /* takes a reference of its own */
LimnHeld *limn_held_ref (LimnHeld *self);
void limn_held_unref (LimnHeld *self);
/* Finds it a place in the file; it is written by the next limn_spill_write_async. FALSE: there is no file, it stays in memory. */
gboolean limn_held_claim (LimnHeld *self, LimnSpill *spill);
/* Writes claimed tiles (held: of LimnHeld, each with a reference of its own; taken over) on another thread. Until finish they can be used
 * as if nothing happened; then they are in the file, or as they were (FALSE: not all could be written). */
void limn_spill_write_async (LimnSpill *self, GPtrArray *held, GAsyncReadyCallback ready, gpointer user);
gboolean limn_spill_write_finish (GAsyncResult *result);
/* What is in the file: a new tile, NULL and error when that can't be read (any thread); and that it is in memory now. */
LimnTile *limn_held_read (LimnHeld *self, GError **error);
void limn_held_take (LimnHeld *self, LimnTile *tile);

void limn_history_step_set_done (LimnHistoryStep *self, gboolean done);
void limn_history_step_spill_states (LimnHistoryStep *self, LimnSpill *spill);
/* Claims every tile and adds it to held (of LimnHeld, with a reference). FALSE: there is no file. */
gboolean limn_history_step_spill_tiles (LimnHistoryStep *self, LimnSpill *spill, GPtrArray *held);
gsize limn_history_step_get_claimed (LimnHistoryStep *self); /* bytes of limn_history_step_get_memory that are on their way */
void limn_history_step_recount (LimnHistoryStep *self);      /* after any were written */
gboolean limn_history_step_swap (LimnHistoryStep *self, gboolean undo, LimnRaster **rasters, gpointer user, LimnHistoryChanged changed,
                                 GError **error);
