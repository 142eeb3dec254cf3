/* The thread that keeps a document's folder up to date. The newest snapshot wins: what wasn't begun when a newer one comes is
 * skipped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-autosave-private.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-thread.h"
#include "app/document/limn-document-strokes.h"

#define RETRY_SECONDS 20

struct _LimnAutosave {
  GObject parent_instance;
  LimnDocument *document; /* weak; NULL once it is gone or this has ended */
  GMainContext *context;
  char *folder;

  /* What was handed over last. Main thread */
  guint64 change;
  gboolean modified;
  char *path;

  GThread *thread;
  gint cancelled; /* atomic */
  GMutex mutex;   /* guards what follows */
  GCond cond;
  LimnSnapshot *waiting; /* NULL = the document is saved */
  gboolean due;          /* waiting is to be written */
  gboolean writing, stop, keep;
  GError *failure; /* of the last write */
  guint64 bytes;
};

G_DEFINE_FINAL_TYPE (LimnAutosave, limn_autosave, G_TYPE_OBJECT)

static guint failed_signal;

/* -- On the thread -- */

typedef struct {
  GWeakRef autosave;
  char *message;
} Failure;

static void
failure_free (gpointer data)
{
  Failure *failure = data;
  g_weak_ref_clear (&failure->autosave);
  g_free (failure->message);
  g_free (failure);
}

static gboolean
tell_failure (gpointer data)
{
  Failure *failure = data;
  g_autoptr (LimnAutosave) self = g_weak_ref_get (&failure->autosave);
  if (self && self->document)
    g_signal_emit (self, failed_signal, 0, failure->message);
  return G_SOURCE_REMOVE;
}

static void
post_failure (LimnAutosave *self, const char *message)
{
  Failure *failure = g_new0 (Failure, 1);
  g_autoptr (GSource) source = g_idle_source_new ();
  g_weak_ref_init (&failure->autosave, self);
  failure->message = g_strdup (message);
  g_source_set_callback (source, tell_failure, failure, failure_free);
  g_source_attach (source, self->context);
}

/* TRUE when there is something to write, FALSE at the end. Under the mutex. */
static gboolean
wait_for_work (LimnAutosave *self)
{
  gint64 retry = g_get_monotonic_time () + RETRY_SECONDS * G_TIME_SPAN_SECOND;
  while (!self->due && !self->stop) {
    if (!self->failure)
      g_cond_wait (&self->cond, &self->mutex);
    else if (!g_cond_wait_until (&self->cond, &self->mutex, retry))
      self->due = TRUE;
  }
  return !self->stop;
}

/* Unlocks while it writes. */
static void
write_waiting (LimnAutosave *self, LimnAutosaveStore *store)
{
  LimnSnapshot *snapshot = g_steal_pointer (&self->waiting);
  GError *error = NULL;
  self->due = FALSE;
  self->writing = TRUE;
  g_mutex_unlock (&self->mutex);
  if (snapshot)
    limn_autosave_store_write (store, snapshot, &error);
  else
    limn_autosave_store_forget (store, &error);
  g_mutex_lock (&self->mutex);
  self->writing = FALSE;
  self->bytes = limn_autosave_store_get_bytes (store);
  if (error && !self->failure && !g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED))
    post_failure (self, error->message);
  if (error && !self->due)
    self->waiting = g_steal_pointer (&snapshot);
  g_clear_error (&self->failure);
  self->failure = error;
  g_cond_broadcast (&self->cond);
  if (snapshot) {
    g_mutex_unlock (&self->mutex); /* this may free a picture */
    limn_snapshot_unref (snapshot);
    g_mutex_lock (&self->mutex);
  }
}

static gpointer
run (gpointer data)
{
  LimnAutosave *self = data;
  LimnAutosaveStore *store = limn_autosave_store_new (self->folder, &self->cancelled);
  limn_thread_set_background ();
  g_mutex_lock (&self->mutex);
  while (wait_for_work (self))
    write_waiting (self, store);
  gboolean keep = self->keep;
  g_mutex_unlock (&self->mutex);
  limn_autosave_store_free (store, keep);
  return NULL;
}

/* -- On the main thread -- */

static void
hand_over (LimnAutosave *self)
{
  LimnDocument *document = self->document;
  if (limn_document_is_stroking (document)) /* a snapshot would share the tiles that the stroke is painting on */
    return;
  guint64 change = limn_document_get_change (document);
  gboolean modified = limn_document_get_modified (document);
  const char *path = limn_document_get_path (document);
  if (change == self->change && modified == self->modified && g_strcmp0 (path, self->path) == 0)
    return;
  LimnSnapshot *snapshot = modified ? limn_document_dup_snapshot (document) : NULL;
  gboolean needless = !modified && !self->modified; /* nothing is kept, and nothing has to be */
  self->change = change;
  self->modified = modified;
  g_free (self->path);
  self->path = g_strdup (path);
  if (needless)
    return;
  if (!self->thread)
    self->thread = g_thread_new ("limn-autosave", run, self);
  g_mutex_lock (&self->mutex);
  LimnSnapshot *old = self->waiting;
  self->waiting = snapshot;
  self->due = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&old, limn_snapshot_unref);
}

static void
end (LimnAutosave *self, gboolean keep)
{
  if (self->thread) {
    g_mutex_lock (&self->mutex);
    self->stop = TRUE;
    self->keep = keep;
    g_atomic_int_set (&self->cancelled, TRUE);
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
    g_thread_join (g_steal_pointer (&self->thread));
  }
  g_clear_pointer (&self->waiting, limn_snapshot_unref);
}

static void
on_document_gone (gpointer data, GObject *document)
{
  LimnAutosave *self = data;
  self->document = NULL;
  end (self, FALSE);
}

static void
leave_document (LimnAutosave *self)
{
  if (!self->document)
    return;
  g_signal_handlers_disconnect_by_data (self->document, self);
  g_object_weak_unref (G_OBJECT (self->document), on_document_gone, self);
  self->document = NULL;
}

static void
limn_autosave_dispose (GObject *object)
{
  LimnAutosave *self = LIMN_AUTOSAVE (object);
  leave_document (self);
  end (self, FALSE);
  G_OBJECT_CLASS (limn_autosave_parent_class)->dispose (object);
}

static void
limn_autosave_finalize (GObject *object)
{
  LimnAutosave *self = LIMN_AUTOSAVE (object);
  g_main_context_unref (self->context);
  g_free (self->folder);
  g_free (self->path);
  g_clear_error (&self->failure);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (limn_autosave_parent_class)->finalize (object);
}

static void
limn_autosave_class_init (LimnAutosaveClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_autosave_dispose;
  G_OBJECT_CLASS (klass)->finalize = limn_autosave_finalize;
  failed_signal = g_signal_new ("failed", LIMN_TYPE_AUTOSAVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
limn_autosave_init (LimnAutosave *self)
{
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
}

LimnAutosave *
limn_autosave_new (LimnDocument *document, const char *folder)
{
  LimnAutosave *self = g_object_new (LIMN_TYPE_AUTOSAVE, NULL);
  self->folder = folder ? g_strdup (folder) : g_build_filename (g_get_user_state_dir (), "limn", "autosave", NULL);
  self->document = document;
  g_object_weak_ref (G_OBJECT (document), on_document_gone, self);
  /* every step notifies, and so do saving and another name */
  g_signal_connect_swapped (document, "notify", G_CALLBACK (hand_over), self);
  hand_over (self);
  return self;
}

gboolean
limn_autosave_flush (LimnAutosave *self, GError **error)
{
  if (!self->thread)
    return TRUE;
  g_mutex_lock (&self->mutex);
  if (self->failure && !self->writing) /* what is waiting failed before */
    self->due = TRUE;
  g_cond_broadcast (&self->cond);
  while (self->due || self->writing)
    g_cond_wait (&self->cond, &self->mutex);
  GError *failure = self->failure ? g_error_copy (self->failure) : NULL;
  g_mutex_unlock (&self->mutex);
  if (failure)
    g_propagate_error (error, failure);
  return failure == NULL;
}

void
limn_autosave_keep (LimnAutosave *self)
{
  limn_autosave_flush (self, NULL);
  leave_document (self);
  end (self, TRUE);
}

guint64
limn_autosave_get_bytes (LimnAutosave *self)
{
  g_mutex_lock (&self->mutex);
  guint64 bytes = self->bytes;
  g_mutex_unlock (&self->mutex);
  return bytes;
}
