/* Live previews. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-preview.h"

/* Milliseconds without a change until a preview is made that is made at rest. */
#define REST_DELAY 350

struct _LimnPreview {
  GObject parent_instance;
  LimnWorker *worker;
  guint slot;
  const LimnPreviewFuncs *funcs;
  gpointer user;

  guint64 stamp;
  gboolean due; /* to be asked for */
  guint ask_source;
  guint64 asked_stamp, asked_serial; /* of the newest request */
  gint64 asked_at;
  gboolean quick_pending, full_pending;
  LimnResult *result;
  guint64 result_stamp;
  gboolean result_full;
  char *last_error;
};

G_DEFINE_FINAL_TYPE (LimnPreview, limn_preview, G_TYPE_OBJECT)

static gboolean ask (gpointer data);

LimnResult *
limn_result_copy (const LimnResult *self)
{
  LimnResult *copy = g_memdup2 (self, sizeof *self);
  g_object_ref (copy->picture);
  copy->found = limn_found_copy (&self->found);
  return copy;
}

/* -- What is there -- */

guint64
limn_preview_get_stamp (LimnPreview *self)
{
  return self->stamp;
}

gboolean
limn_preview_is_pending (LimnPreview *self)
{
  return self->quick_pending || self->full_pending;
}

gboolean
limn_preview_is_due (LimnPreview *self)
{
  return self->due;
}

const LimnResult *
limn_preview_peek_result (LimnPreview *self)
{
  return self->result;
}

const LimnResult *
limn_preview_peek_finished (LimnPreview *self)
{
  return self->result && self->result_full && self->result_stamp == self->stamp ? self->result : NULL;
}

GCancellable *
limn_preview_promote (LimnPreview *self, LimnCommitProgress progress, gpointer progress_user, GAsyncReadyCallback ready, gpointer user)
{
  if (!self->full_pending || self->due || self->asked_stamp != self->stamp)
    return NULL;
  GCancellable *cancellable = limn_worker_promote (self->worker, self->slot, self->asked_serial, progress, progress_user, ready, user);
  if (cancellable)
    self->quick_pending = self->full_pending = FALSE;
  return cancellable;
}

void
limn_preview_drop (LimnPreview *self)
{
  g_clear_handle_id (&self->ask_source, g_source_remove);
  if (limn_preview_is_pending (self))
    limn_worker_cancel_preview (self->worker, self->slot);
  self->due = self->quick_pending = self->full_pending = FALSE;
  if (!self->result)
    return;
  g_clear_pointer (&self->result, limn_result_free);
  self->funcs->show (self->user, NULL, self->stamp);
}

/* -- Asking -- */

static void
schedule (LimnPreview *self, gboolean at_rest)
{
  double latency;
  gint64 delay = 0;
  if (at_rest) {
    g_clear_handle_id (&self->ask_source, g_source_remove); /* the hand has not rested */
    delay = REST_DELAY;
  } else if (self->ask_source) {
    return;
  } else if (self->quick_pending) {
    g_object_get (self->worker, "latency", &latency, NULL);
    delay = (gint64) (latency > 0 ? latency : 1000) - (g_get_monotonic_time () - self->asked_at) / 1000;
  }
  self->ask_source = delay > 0 ? g_timeout_add ((guint) delay, ask, self) : g_idle_add_full (G_PRIORITY_DEFAULT, ask, self, NULL);
}

/* A failure is told once, not with every stroke. */
static void
tell_error (LimnPreview *self, const GError *error)
{
  if (g_strcmp0 (self->last_error, error->message) == 0)
    return;
  g_free (self->last_error);
  self->last_error = g_strdup (error->message);
  self->funcs->failed (self->user, error->message);
}

static void
take_result (LimnPreview *self, const LimnResult *result, gboolean full, guint64 stamp)
{
  g_clear_pointer (&self->result, limn_result_free);
  self->result = limn_result_copy (result);
  self->result_full = full;
  self->result_stamp = stamp;
  self->funcs->show (self->user, self->result, stamp);
}

static void
on_result (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  LimnPreview *self = LIMN_PREVIEW (target);
  LimnPreviewNeed need = self->funcs->get_need (self->user);
  gboolean newest = serial == self->asked_serial;
  if (newest && quick)
    self->quick_pending = FALSE;
  if (newest && (!quick || error))
    self->full_pending = FALSE;
  if (error) {
    self->quick_pending = FALSE;
    tell_error (self, error);
  } else {
    g_clear_pointer (&self->last_error, g_free);
    if (need.wanted && (!need.at_rest || (!quick && newest)))
      take_result (self, result, !quick && newest, GPOINTER_TO_SIZE (user));
  }
  if (self->due && !need.at_rest) {
    g_clear_handle_id (&self->ask_source, g_source_remove);
    schedule (self, FALSE);
  }
  self->funcs->changed (self->user);
}

static gboolean
ask (gpointer data)
{
  LimnPreview *self = data;
  LimnPreviewNeed need = self->funcs->get_need (self->user);
  g_autoptr (GError) error = NULL;
  self->ask_source = 0;
  if (!self->due || !need.wanted)
    return G_SOURCE_REMOVE;
  if (need.held) {
    schedule (self, need.at_rest);
    return G_SOURCE_REMOVE;
  }
  self->due = FALSE;
  g_autoptr (LimnEdit) edit = self->funcs->make_edit (self->user, self->stamp, &error);
  if (!edit) {
    tell_error (self, error);
    return G_SOURCE_REMOVE;
  }
  self->asked_stamp = self->stamp;
  self->asked_at = g_get_monotonic_time ();
  self->quick_pending = TRUE;
  self->full_pending = need.refined;
  self->asked_serial = limn_worker_preview (self->worker, self->slot, g_steal_pointer (&edit), need.refined, G_OBJECT (self), on_result,
                                            GSIZE_TO_POINTER (self->asked_stamp));
  self->funcs->changed (self->user);
  return G_SOURCE_REMOVE;
}

void
limn_preview_invalidate (LimnPreview *self)
{
  LimnPreviewNeed need = self->funcs->get_need (self->user);
  self->stamp++;
  if (need.wanted) {
    self->due = TRUE;
    schedule (self, need.at_rest);
  } else {
    limn_preview_drop (self);
  }
}

/* -- Its life -- */

static void
limn_preview_dispose (GObject *object)
{
  LimnPreview *self = LIMN_PREVIEW (object);
  g_clear_handle_id (&self->ask_source, g_source_remove);
  g_clear_pointer (&self->result, limn_result_free);
  g_clear_object (&self->worker);
  G_OBJECT_CLASS (limn_preview_parent_class)->dispose (object);
}

static void
limn_preview_finalize (GObject *object)
{
  g_free (LIMN_PREVIEW (object)->last_error);
  G_OBJECT_CLASS (limn_preview_parent_class)->finalize (object);
}

static void
limn_preview_class_init (LimnPreviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_preview_dispose;
  G_OBJECT_CLASS (klass)->finalize = limn_preview_finalize;
}

static void
limn_preview_init (LimnPreview *self)
{
}

LimnPreview *
limn_preview_new (LimnWorker *worker, guint slot, const LimnPreviewFuncs *funcs, gpointer user)
{
  LimnPreview *self = g_object_new (LIMN_TYPE_PREVIEW, NULL);
  self->worker = g_object_ref (worker);
  self->slot = slot;
  self->funcs = funcs;
  self->user = user;
  return self;
}
