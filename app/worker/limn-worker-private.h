/* Inside the worker: what its thread and the main loop share. For limn-worker*.c.
 *
 * They share the part of the object that is marked so, under its mutex. It is a pthread mutex because ThreadSanitizer can't see into
 * GLib's. Nothing is called, cancelled or freed while it is held.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pthread.h>

#include "limn-work-queue.h"
#include "limn-worker.h"

G_BEGIN_DECLS

#define LIMN_WORKER_LATENCIES 15 /* measured, for the median */

/* What the thread sends to the main loop. */
typedef struct {
  LimnJob *job; /* committed, or NULL: a preview, described below */
  guint slot;
  guint64 serial;
  gint64 posted;
  gboolean quick, cold;
  LimnPreviewReady ready;
  gpointer user;
  LimnResult *result;
  GError *error;
} LimnDelivery;

/* Main thread only. */
typedef struct {
  GObject *owner;                         /* weak: owner_gone clears it; NULL = free */
  GObject *target;                        /* weak: target_gone clears it */
  guint64 cancelled_serial, shown_serial; /* results up to these are not shown any more; cancelled_serial includes its own refinement */
} LimnWorkerSlot;

struct _LimnWorker {
  GObject parent;

  /* Set once */
  GMainContext *context;
  GThread *thread;
  LimnWorkerRun run; /* NULL = the engine */
  gpointer run_user;
  GDestroyNotify run_destroy;

  /* Main thread only */
  guint64 serial;
  GArray *slots; /* of LimnWorkerSlot */
  double latencies[LIMN_WORKER_LATENCIES];
  guint n_latencies;
  gboolean busy, busy_committed, ready; /* as last notified */
  double progress, seconds_left, latency;

  /* The thread only */
  LimnEngineHandle *engine;
  guint engine_configuration;

  /* Shared */
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  LimnWorkQueue queue;
  gboolean stopping, warm;
  LimnTask warm_task;
  char *models;
  int threads;
  guint configuration;   /* counts limn_worker_configure */
  char *model_hash;      /* of this configuration, NULL until the engine is open */
  gint64 debounce_delay; /* microseconds */
  GPtrArray *deliveries;
  GSource *source;     /* attached, not dispatched yet */
  gint64 started;      /* of the running job */
  double fraction;     /* of it */
  gboolean progressed; /* since the last dispatch */
};

/* -- limn-worker-thread.c -- */

/* The thread's function, for g_thread_new: runs until self->stopping. */
gpointer limn_worker_thread_main (gpointer self);

/* Any thread. Call locked: has limn_worker_dispatch called once by the main loop. */
void limn_worker_schedule_dispatch (LimnWorker *self);
/* Any thread. Call locked: unlocks, wakes the thread, frees dropped jobs and cancels (takes cancellable over, may be
 * NULL). */
void limn_worker_unlock_and_wake (LimnWorker *self, GCancellable *cancellable);

GPtrArray *limn_worker_new_deliveries (void); /* of LimnDelivery, owned */
GError *limn_worker_cancelled_error (void);

/* -- limn-worker.c -- */

/* An idle source's callback: passes results and progress to those who asked for them. */
gboolean limn_worker_dispatch (gpointer self);

G_END_DECLS
