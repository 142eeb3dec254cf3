/* What a batch does with one picture: on the thread of its engine, from file to file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"
#include "limn-batch-item.h"
#include "limn-batch-log.h"

G_BEGIN_DECLS

/* Keeps the pixels that are worked on at once within what memory holds: who comes with more waits. A picture that is larger than all of it
 * is worked on alone. */
typedef struct {
  GMutex lock;
  GCond changed;
  guint64 pixels, most;
} LimnBatchGate;

/* What all pictures of a batch have in common. */
typedef struct {
  GPtrArray *edits; /* of LimnEdit: one after the other over each photo; what they are made with is scaled to it */
  char *folder;     /* of the results */
  int quality;      /* of a JPEG or lossy WebP; 0 = as the photo's, or 92 */
  gboolean replace; /* files in the folder that no batch made */
  LimnBatchLog *log;
  LimnBatchGate gate;
  GMutex lock;
  char *asked; /* under lock: a word for the edits, made once */
} LimnBatchTask;

/* Does what the log doesn't say is done. *skipped: it says so. Atomic: the result is as it was, or whole. */
gboolean limn_batch_do_picture (LimnBatchTask *task, LimnBatchItem *item, LimnEngineHandle *engine, gboolean *skipped,
                                GCancellable *cancellable, GError **error);

/* Pixels that may be worked on at once, of the memory that is free now. */
guint64 limn_batch_gate_measure (void);

G_END_DECLS
