/* What a step keeps and where: tiles in memory or in the spill file. For limn-history*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-history.h"

#include <string.h>

/* The file without a name. Slots are of the size asked for; a freed one is used again. */
typedef struct _LimnSpill LimnSpill;
LimnSpill *limn_spill_new (const char *folder); /* nothing is made before the first write */
const char *limn_spill_get_folder (LimnSpill *self);
/* An empty file without a name in folder, which is made if need be; -1 when that fails. Any thread. */
int limn_spill_open (const char *folder);
void limn_spill_unref (LimnSpill *self);
guint64 limn_spill_get_used (LimnSpill *self);

/* A tile that steps keep: in memory (tile) or in the file (spill, slot). */
typedef struct {
  guint refs;
  gsize size;
  LimnTile *tile;
  LimnSpill *spill;
  goffset slot;
} LimnHeld;
LimnHeld *limn_held_new (LimnTile *tile, gsize size); /* takes a reference of its own */
LimnHeld *limn_held_ref (LimnHeld *self);
void limn_held_unref (LimnHeld *self);
gboolean limn_held_spill (LimnHeld *self, LimnSpill *spill); /* FALSE: it stays in memory */
gboolean limn_held_load (LimnHeld *self, GError **error);

void limn_history_step_set_done (LimnHistoryStep *self, gboolean done);
void limn_history_step_spill_states (LimnHistoryStep *self, LimnSpill *spill);
gboolean limn_history_step_spill_tiles (LimnHistoryStep *self, LimnSpill *spill); /* FALSE: the file can't be written */
gboolean limn_history_step_swap (LimnHistoryStep *self, gboolean undo, LimnRaster **rasters, gpointer user, LimnHistoryChanged changed,
                                 GError **error);
