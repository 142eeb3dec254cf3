/* Operations that may take longer than a frame, one after the other in the order in which they were asked for. Each captures what it needs
 * of its host on the main thread, runs on another thread, and is applied on the main thread; where the host changed meanwhile so that
 * the operation is out of date, it captures and runs again. Knows neither what they do nor whom they change. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  /* FALSE: something was captured that has to be run. */
  gboolean (*capture) (gpointer operation, gpointer host);
  void (*run) (gpointer operation, const char *name, GCancellable *cancellable, GError **error); /* on another thread */
  void (*apply) (gpointer operation, gpointer host, const char *name);
  void (*free) (gpointer operation);
} LimnOperationClass;

typedef struct {
  void (*changed) (gpointer host);                     /* operations came or went */
  void (*failed) (gpointer host, const GError *error); /* one could not be run, and is dropped */
} LimnOperationHost;

typedef struct _LimnOperationQueue LimnOperationQueue;

/* callbacks and host must live longer than the queue; host is a GObject that is kept while an operation is applied. */
LimnOperationQueue *limn_operation_queue_new (const LimnOperationHost *callbacks, gpointer host);
void limn_operation_queue_free (LimnOperationQueue *self);

/* Adds operation (taken), called name (translated, static), to the end; or before the first one of class before, if there is one. tag: the
 * caller's number for limn_operation_queue_cancel_tagged. Calls changed. */
void limn_operation_queue_add (LimnOperationQueue *self, gpointer operation, const LimnOperationClass *klass, const char *name, int tag,
                               const LimnOperationClass *before);
/* Applies what is ready and starts what waits; nothing while paused. */
void limn_operation_queue_advance (LimnOperationQueue *self);
/* While paused nothing is started or applied; what runs goes on. */
void limn_operation_queue_set_paused (LimnOperationQueue *self, gboolean paused);

gboolean limn_operation_queue_is_empty (LimnOperationQueue *self);
/* The name of the last one, or NULL. */
const char *limn_operation_queue_peek_last_name (LimnOperationQueue *self);
/* The last one if it is of klass and hasn't captured anything yet, or NULL. Borrowed. */
gpointer limn_operation_queue_peek_waiting (LimnOperationQueue *self, const LimnOperationClass *klass);
/* Calls func for all operations of klass, first to last. */
void limn_operation_queue_foreach (LimnOperationQueue *self, const LimnOperationClass *klass,
                                   void (*func) (gpointer operation, gpointer user), gpointer user);

/* Drop the last one or all of them and call changed; FALSE if there is none. Counted. */
gboolean limn_operation_queue_cancel_last (LimnOperationQueue *self);
gboolean limn_operation_queue_cancel_all (LimnOperationQueue *self);
/* How often either of them dropped anything. */
guint limn_operation_queue_get_cancel_count (LimnOperationQueue *self);
/* Drops those with this tag, without counting; calls changed if there were any, and advances. */
void limn_operation_queue_cancel_tagged (LimnOperationQueue *self, int tag);
/* Drops all without counting or calling changed: the host is changing as a whole. */
void limn_operation_queue_clear (LimnOperationQueue *self);

G_END_DECLS
