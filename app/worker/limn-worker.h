/* One engine thread for the whole application: live previews in slots where the newest wins, and a queue of edits that must be done.
 * docs/worker.md tells how it decides. All functions are called on the main thread (the one that made the worker) and return at once;
 * every callback runs there too, in the thread-default main context of limn_worker_new.
 *
 * Properties (read, notify): "busy" (boolean: an edit is running or waiting), "busy-committed" (boolean: one of the queue),
 * "progress" (double, 0 to 1, of the committed edit that runs), "seconds-left" (double, -1 = unknown), "latency" (double: typical
 * milliseconds from a quick preview's request to its result, 0 = not measured yet), "ready" (boolean: the engine is open).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

#define LIMN_TYPE_WORKER (limn_worker_get_type ())
G_DECLARE_FINAL_TYPE (LimnWorker, limn_worker, LIMN, WORKER, GObject)

/* models, threads: as limn_engine_handle_new; the engine is opened on the worker's thread, at the first edit or by
 * limn_worker_warm_up. When that fails every edit fails with its error, and the next edit tries again. */
LimnWorker *limn_worker_new (const char *models, int threads);

/* Runs an edit instead of the engine (tests). Called on the worker's thread, one at a time; must honour cancellable. */
typedef LimnResult *(*LimnWorkerRun) (const LimnEdit *edit, LimnRunFlags flags, LimnProgress progress, gpointer progress_user,
                                      GCancellable *cancellable, gpointer user, GError **error);
LimnWorker *limn_worker_new_with_runner (LimnWorkerRun run, gpointer user, GDestroyNotify destroy);

/* Opens the engine in the background, and reads what task needs beside the networks. */
void limn_worker_warm_up (LimnWorker *self, LimnTask task);
/* Another models folder or number of threads, from the next edit on. */
void limn_worker_configure (LimnWorker *self, const char *models, int threads);
/* Of the engine's networks, for recipes; NULL until "ready". Free with g_free. */
char *limn_worker_dup_model_hash (LimnWorker *self);

/* -- Previews -- */

/* result: NULL when it failed (error says why; cancelled previews are never reported). quick: the fast first picture; FALSE: the
 * refined one, which follows when nothing newer comes. serial: of the request. Both are borrowed for the call. */
typedef void (*LimnPreviewReady) (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error,
                                  gpointer user);

/* The first of n slots in a row that are owner's own until it is gone; as many as are wanted. Nothing keeps owner alive. */
guint limn_worker_take_slots (LimnWorker *self, guint n, GObject *owner);

/* Asks for a preview of edit (taken over) in slot, one of the caller's own. What waits in that slot is replaced;
 * a refinement that runs there is cancelled; a quick run that is already on its way finishes and is shown (so that a moving pen
 * sees something), unless a newer one was shown before. refine: run it in full once the quick one is there. Nothing keeps target
 * alive; when it is gone, so is the request. Returns the request's serial (> 0). */
guint64
limn_worker_preview (LimnWorker *self, guint slot, LimnEdit *edit, gboolean refine, GObject *target, LimnPreviewReady ready, gpointer user);
/* Drops what waits in slot, cancels what runs, and drops results that are on their way. */
void limn_worker_cancel_preview (LimnWorker *self, guint slot);
/* TRUE while slot waits or runs (for the busy mark). */
gboolean limn_worker_is_previewing (LimnWorker *self, guint slot);

/* -- Committed edits -- */

/* Queues edit (taken over); committed edits run in order and before any preview, a preview that runs is cancelled and comes back
 * after. cancellable: NULL, or one of its own. progress: NULL, or called on the main thread, at most once for each turn of the main
 * loop. ready always runs once, as GTask does. */
typedef void (*LimnCommitProgress) (double fraction, double seconds_left, gpointer user);
void limn_worker_commit_async (LimnWorker *self, LimnEdit *edit, GCancellable *cancellable, LimnCommitProgress progress,
                               gpointer progress_user, GAsyncReadyCallback ready, gpointer user);
/* The same for an edit that is being previewed: the refinement of request serial in slot, waiting or on its way, becomes a committed
 * edit and loses nothing of what is computed; it isn't reported as a preview any more. Returns what cancels it (transfer full), or
 * NULL when there is no such refinement (not asked for, not begun because the quick run is still on its way, done, or replaced): then
 * nothing happens. */
GCancellable *limn_worker_promote (LimnWorker *self, guint slot, guint64 serial, LimnCommitProgress progress, gpointer progress_user,
                                   GAsyncReadyCallback ready, gpointer user);
/* Transfer full (limn_result_free); NULL and error, LIMN_APP_ERROR_CANCELLED when it was cancelled. */
LimnResult *limn_worker_commit_finish (LimnWorker *self, GAsyncResult *result, GError **error);

/* Accepts no more requests, cancels everything, waits for the thread (a layer's time). Pending callbacks: committed edits end as cancelled,
 * previews are silent. Disposing does this too. */
void limn_worker_shutdown (LimnWorker *self);

G_END_DECLS
