/* One picture of a batch: from which file to which, and how far it is. Changes on the main thread only; "state" and "message" notify.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_BATCH_WAITING,
  LIMN_BATCH_RUNNING,
  LIMN_BATCH_DONE,
  LIMN_BATCH_SKIPPED, /* the log says that it was done before */
  LIMN_BATCH_FAILED,
  LIMN_BATCH_EXPECTING, /* of a watched folder: its mask isn't there yet */
  LIMN_BATCH_N_STATES,
} LimnBatchState;

#define LIMN_TYPE_BATCH_ITEM (limn_batch_item_get_type ())
G_DECLARE_FINAL_TYPE (LimnBatchItem, limn_batch_item, LIMN, BATCH_ITEM, GObject)

/* path, out: absolute. mask: or NULL. */
LimnBatchItem *limn_batch_item_new (const char *path, const char *out, const char *mask);

/* Borrowed; they never change, so any thread may ask. */
const char *limn_batch_item_get_path (LimnBatchItem *self);
const char *limn_batch_item_get_out (LimnBatchItem *self);
const char *limn_batch_item_get_mask (LimnBatchItem *self); /* or NULL */

LimnBatchState limn_batch_item_get_state (LimnBatchItem *self);
const GError *limn_batch_item_get_error (LimnBatchItem *self); /* why it failed, else NULL */
double limn_batch_item_get_seconds (LimnBatchItem *self);      /* that it took; 0 before */
/* What of it was found to be damaged, but for the mask; NULL where no edit of the batch looks for that, or it isn't done. */
const LimnDamageFound *limn_batch_item_get_found (LimnBatchItem *self);

/* On the thread that edits it, before its state is told. */
void limn_batch_item_set_found (LimnBatchItem *self, const LimnDamageFound *found);
/* error: taken over, or NULL. */
void limn_batch_item_set_state (LimnBatchItem *self, LimnBatchState state, double seconds, GError *error);

G_END_DECLS
