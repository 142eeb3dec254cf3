/* What the worker does next: a queue of committed edits and slots of previews in which the newest wins. Only the rules, without
 * threads, locks or clocks (times are handed in), so that each of them can be tested by itself. docs/worker.md gives the reasons.
 *
 * Nothing here calls back. Jobs that were removed or replaced are collected in "dropped", and running jobs to be cancelled are handed to the caller,
 * who frees and cancels them after unlocking.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-worker.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_JOB_COMMITTED,
  LIMN_JOB_QUICK, /* a preview's first run */
  LIMN_JOB_FULL,  /* its refinement */
} LimnJobKind;

typedef struct {
  LimnJobKind kind;
  LimnEdit *edit;
  GCancellable *cancellable;
  guint64 serial;

  /* Previews */
  guint slot;
  gboolean refine;
  gint64 posted;               /* microseconds; when it was asked for */
  gint64 queued_since;         /* when its slot began to wait: a slot that is posted to all the time keeps its turn */
  gint64 due;                  /* full: starts no earlier than this */
  gboolean dropped, preempted; /* why it was cancelled while it ran */
  LimnPreviewReady ready;

  /* Committed */
  GTask *task;
  gulong cancel_handler;
  LimnCommitProgress progress;

  gpointer user; /* of ready or progress */
} LimnJob;

/* Takes edit over. cancellable: a reference is taken, NULL = a new one. */
LimnJob *limn_job_new (LimnJobKind kind, LimnEdit *edit, GCancellable *cancellable);
void limn_job_free (LimnJob *self);

typedef struct {
  GQueue committed;             /* of LimnJob, the next first */
  guint n_slots;                /* grows with the highest that is asked for */
  LimnJob **waiting;            /* by slot */
  LimnJob **pending_refinement; /* by slot: quick is done, full is to follow */
  LimnJob *running;
  GPtrArray *dropped; /* of LimnJob, for the caller to free */
} LimnWorkQueue;

void limn_work_queue_init (LimnWorkQueue *self);
void limn_work_queue_clear (LimnWorkQueue *self);

/* Each takes job over, and returns what is to be cancelled (transfer full), or NULL. */
GCancellable *limn_work_queue_commit (LimnWorkQueue *self, LimnJob *job);
GCancellable *limn_work_queue_preview (LimnWorkQueue *self, LimnJob *job);
/* Drops what slot holds; the result of what runs there is never reported. */
GCancellable *limn_work_queue_cancel_slot (LimnWorkQueue *self, guint slot);

/* Turns the pending or running refinement of request serial into a committed job (the queue's, as after limn_work_queue_commit) without
 * restarting it. NULL if there is none, or if it is about to be cancelled. */
LimnJob *limn_work_queue_promote (LimnWorkQueue *self, guint slot, guint64 serial);

/* Removes a committed job that waits: TRUE and it is the caller's; FALSE if it runs or is gone. */
gboolean limn_work_queue_remove (LimnWorkQueue *self, LimnJob *job);

/* The job to run now (owned by the queue until limn_work_queue_end), or NULL. wake: when to ask again, -1 = after a change. */
LimnJob *limn_work_queue_next (LimnWorkQueue *self, gint64 now, gint64 *wake);

typedef enum { LIMN_JOB_OK, LIMN_JOB_FAILED, LIMN_JOB_CANCELLED } LimnJobEnd;
/* Says how the running job ended. due: when a quick preview that goes well may be refined. TRUE when the outcome is to be reported.
 * A committed job is the caller's again; a preview stays the queue's, or is dropped. */
gboolean limn_work_queue_end (LimnWorkQueue *self, LimnJobEnd end, gint64 due);

gboolean limn_work_queue_has_slot (LimnWorkQueue *self, guint slot);
gboolean limn_work_queue_has_committed (LimnWorkQueue *self);
gboolean limn_work_queue_is_empty (LimnWorkQueue *self);
/* The jobs in dropped since the last call (transfer full; unref to free them), or NULL. */
GPtrArray *limn_work_queue_take_dropped (LimnWorkQueue *self);

G_END_DECLS
