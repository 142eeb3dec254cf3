/* What limn-batch.c and limn-batch-work.c share. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-batch-names.h"
#include "limn-batch-picture.h"
#include "limn-batch.h"

G_BEGIN_DECLS

struct _LimnBatch {
  GObject parent;

  /* Set once */
  LimnBatchNames names;
  char *models;
  gboolean recursive;
  guint n_jobs, part, parts;
  LimnBatchTask task;
  GCancellable *cancellable;

  /* Main thread only */
  GPtrArray *items;         /* of LimnBatchItem */
  GHashTable *outs, *masks; /* path of a result, of a mask -> its item; borrowed */
  GHashTable *again;        /* items that run and have changed since; borrowed */
  GPtrArray *watches;       /* of LimnBatchWatch */
  GHashTable *mask_watches; /* path of a folder that masks come into -> LimnBatchWatch */
  GPtrArray *threads;       /* of GThread */
  guint n_alive;            /* threads that haven't told that they ended */
  guint n_added;            /* counts for part and parts */
  guint counts[LIMN_BATCH_N_STATES];
  guint n_worked;       /* done or failed since the last start */
  int n_since_trim;     /* pictures that ended; atomic */
  gint64 worked, since; /* microseconds of work before, and when it went on, 0 = it rests */
  gboolean working;     /* started, and not cancelled since */
  GError *error;

  /* Shared */
  GMutex lock;
  GCond changed;
  GQueue waiting; /* of LimnBatchItem, each a reference */
  gboolean paused, stopping;
};

/* Main thread. error: taken. */
void limn_batch_set_state (LimnBatch *self, LimnBatchItem *item, LimnBatchState state, double seconds, GError *error);
/* For the threads; they must be there. */
void limn_batch_enqueue (LimnBatch *self, LimnBatchItem *item);
/* The threads end, without being waited for. */
void limn_batch_stop (LimnBatch *self);
/* Waits for them. */
void limn_batch_join (LimnBatch *self);

G_END_DECLS
