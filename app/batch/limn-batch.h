/* One edit, or several one after the other, over many pictures: a list of LimnBatchItem (GListModel) and threads that work it off, each with
 * an engine of its own, opened once. What the log of the folder of results knows to be done isn't done again, one failure doesn't stop the
 * rest, and memory stays bounded. Main thread only; its main loop must run.
 *
 * Signals: "item-done" (LimnBatchItem *): it was done, skipped, or failed. "finished": nothing is waiting or running any more, or after
 * limn_batch_cancel its threads have ended; with watched folders it may begin again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"
#include "limn-batch-find.h"
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
 * name of another one or of a photo. Masks among the pictures of a folder are passed over, and what lies in the folder of the results. */
gboolean limn_batch_add (LimnBatch *self, const char *path, GError **error);
/* The same in two steps, of which the first, limn_batch_find, reads folders and may run on another thread. Those that it has stay as they
 * are. */
gboolean limn_batch_add_files (LimnBatch *self, GPtrArray *files, GError **error);
/* From now on each picture that comes into the folder, or is changed there, is added once it is whole, and its mask is there. */
gboolean limn_batch_watch (LimnBatch *self, const char *folder, GError **error);
/* No folder any more. */
void limn_batch_unwatch (LimnBatch *self);

/* Does what waits, and again what failed. Also after limn_batch_cancel, once "finished" came. FALSE and error when the folder of the results
 * can't be made or written to. */
gboolean limn_batch_start (LimnBatch *self, GError **error);
/* What runs ends; nothing new begins until it is resumed. */
void limn_batch_set_paused (LimnBatch *self, gboolean paused);
gboolean limn_batch_get_paused (LimnBatch *self);
/* Ends what runs, too, within a layer of the network; what isn't done waits for the next start. Returns at once. */
void limn_batch_cancel (LimnBatch *self);
/* Whether its threads are there, with their networks: from the start until "finished" after limn_batch_cancel. */
gboolean limn_batch_is_working (LimnBatch *self);

typedef struct {
  guint done, skipped, failed, running, waiting, expecting;
  double seconds; /* of work since the start, without pauses */
  double left;    /* seconds, estimated; -1 = not known yet */
} LimnBatchCount;
LimnBatchCount limn_batch_count (LimnBatch *self);
/* Why no picture can be done (no networks, no memory for them), or NULL. Borrowed. */
const GError *limn_batch_get_error (LimnBatch *self);

G_END_DECLS
