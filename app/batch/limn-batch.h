/* One edit, or several one after the other, over many pictures: a list of LimnBatchItem (GListModel) and threads that work it off, each with
 * an engine of its own, opened once. What the log of the folder of results knows to be done isn't done again, one failure doesn't stop the
 * rest, and memory stays bounded. Main thread only; its main loop must run.
 *
 * Signals: "item-done" (LimnBatchItem *): it was done, skipped, or failed. "finished": nothing is waiting or running any more, because all
 * is done or limn_batch_cancel; with watched folders it may begin again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"
#include "limn-batch-item.h"

G_BEGIN_DECLS

/* Strings are copied. */
typedef struct {
  GPtrArray *edits;   /* of LimnEdit, at least one, none of which makes a picture of its own; a reference is taken */
  const char *folder; /* of the results; it is made where it isn't there */
  const char *name;   /* pattern of their names (limn-batch-names.h); NULL: LIMN_BATCH_NAME */
  const char *ending; /* "png": what they are written as; NULL: as the photos, or png */
  const char *masks;  /* pattern of the masks' names, from the photo's folder; NULL: no masks but those of the edits */
  int quality;        /* of a JPEG or lossy WebP; 0 = as the photo's, or 92 */
  gboolean replace;   /* files that no batch made may be replaced */
  gboolean recursive; /* folders in folders too; results lie in such folders as well */
  int jobs;           /* pictures at once; 0 = one a processor core */
  const char *models; /* NULL = the installed ones */
  int part, parts;    /* only each parts-th of the pictures that are added, from the part-th (1 .. parts) on; 0, 0: all */
} LimnBatchOptions;

#define LIMN_TYPE_BATCH (limn_batch_get_type ())
G_DECLARE_FINAL_TYPE (LimnBatch, limn_batch, LIMN, BATCH, GObject)

LimnBatch *limn_batch_new (const LimnBatchOptions *options, GError **error);

/* A picture, or the pictures of a folder; before or after the start. FALSE and error when it isn't there, or when a result would have the
 * name of another one or of a photo. */
gboolean limn_batch_add (LimnBatch *self, const char *path, GError **error);
/* From now on each picture that comes into the folder, or is changed there, is added once it is whole. */
gboolean limn_batch_watch (LimnBatch *self, const char *folder, GError **error);

/* Once. FALSE and error when the folder of the results can't be made or written to. */
gboolean limn_batch_start (LimnBatch *self, GError **error);
/* What runs ends; nothing new begins until it is resumed. */
void limn_batch_set_paused (LimnBatch *self, gboolean paused);
gboolean limn_batch_get_paused (LimnBatch *self);
/* Ends what runs, too, within a layer of the network, and drops what waits. */
void limn_batch_cancel (LimnBatch *self);

typedef struct {
  guint done, skipped, failed, running, waiting;
  double seconds; /* since the start */
  double left;    /* seconds, estimated; -1 = not known yet */
} LimnBatchCount;
LimnBatchCount limn_batch_count (LimnBatch *self);
/* Why no picture can be done (no networks, no memory for them), or NULL. Borrowed. */
const GError *limn_batch_get_error (LimnBatch *self);

G_END_DECLS
