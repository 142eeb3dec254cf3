/* Live previews. While a pen moves, one preview is on its way and the newest state is asked for when its result comes or a typical
 * latency has passed (docs/worker.md). A fill is asked for when the hand rests, because only its full picture tells something.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

/* Milliseconds without a change until a fill is computed in advance. */
#define FILL_REST 350

static gboolean ask (gpointer data);

/* What the present task's preview is made of. */
static LimnChange
inputs (LimnSession *self)
{
  switch (self->task) {
  case LIMN_TASK_FILL: return LIMN_CHANGE_IMAGE | LIMN_CHANGE_MASK | LIMN_CHANGE_GUIDE | LIMN_CHANGE_SIZE;
  case LIMN_TASK_COLORIZE: return LIMN_CHANGE_IMAGE | LIMN_CHANGE_MASK | LIMN_CHANGE_DOTS | LIMN_CHANGE_SIZE;
  case LIMN_TASK_SKETCH: return LIMN_CHANGE_PAINT | LIMN_CHANGE_SIZE;
  default: return LIMN_CHANGE_IMAGE | LIMN_CHANGE_SIZE;
  }
}

static gboolean
refines (LimnSession *self)
{
  g_autofree char *quality = g_settings_get_string (self->settings, "preview-quality");
  return !g_str_equal (quality, "quick");
}

static gboolean
wants_preview (LimnSession *self)
{
  LimnDocument *document = self->document;
  if (self->task == LIMN_TASK_UPSCALE)
    return self->lens_radius > 0;
  if (!self->set.live || self->settled[self->task])
    return FALSE;
  if (self->task == LIMN_TASK_FILL)
    return limn_document_get_has_mask (document) && refines (self);
  if (self->task == LIMN_TASK_SKETCH)
    return !limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_PAINT)) ||
           !limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_INK));
  return TRUE;
}

/* -- Showing -- */

static void
set_document_preview (LimnSession *self, const LimnResult *result, LimnLayer *replaces)
{
  gboolean own = self->own;
  self->own = TRUE;
  limn_document_set_preview (self->document, result, replaces);
  self->own = own;
}

void
limn_session_show (LimnSession *self, const LimnResult *result)
{
  if (result)
    set_document_preview (self, result, limn_session_peek_varied_layer (self));
  else
    set_document_preview (self, self->shown, self->editing);
}

void
limn_session_drop_preview (LimnSession *self)
{
  g_clear_handle_id (&self->ask_source, g_source_remove);
  if (self->quick_due || self->full_due)
    limn_worker_cancel_preview (self->worker, self->slot);
  self->wanted = self->quick_due = self->full_due = FALSE;
  if (self->shown) {
    g_clear_pointer (&self->shown, limn_result_free);
    set_document_preview (self, NULL, NULL);
  }
  if (self->lens_texture) {
    g_clear_object (&self->lens_texture);
    limn_session_lens_changed (self);
  }
}

const LimnResult *
limn_session_peek_finished (LimnSession *self)
{
  return self->shown && self->shown_full && self->shown_stamp == self->stamp ? self->shown : NULL;
}

guint64
limn_session_get_finishing (LimnSession *self)
{
  return self->full_due && !self->wanted && self->asked_stamp == self->stamp ? self->asked_serial : 0;
}

void
limn_session_yield_finishing (LimnSession *self)
{
  self->quick_due = self->full_due = FALSE;
}

/* -- Asking -- */

static void
schedule (LimnSession *self)
{
  double latency;
  gint64 delay = 0;
  if (self->task == LIMN_TASK_FILL) {
    g_clear_handle_id (&self->ask_source, g_source_remove); /* the hand has not rested */
    delay = FILL_REST;
  } else if (self->ask_source) {
    return;
  } else if (self->quick_due) {
    g_object_get (self->worker, "latency", &latency, NULL);
    delay = (gint64) (latency > 0 ? latency : 1000) - (g_get_monotonic_time () - self->asked_at) / 1000;
  }
  self->ask_source = delay > 0 ? g_timeout_add ((guint) delay, ask, self) : g_idle_add_full (G_PRIORITY_DEFAULT, ask, self, NULL);
}

/* A failure is told once, not with every stroke. */
static void
tell_error (LimnSession *self, const GError *error)
{
  if (g_strcmp0 (self->last_error, error->message) == 0)
    return;
  g_free (self->last_error);
  self->last_error = g_strdup (error->message);
  limn_session_message (self, error->message, FALSE);
}

static void
on_preview (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  LimnSession *self = LIMN_SESSION (target);
  gboolean newest = serial == self->asked_serial, show = self->task != LIMN_TASK_FILL || (!quick && newest);
  if (newest && quick)
    self->quick_due = FALSE;
  if (newest && (!quick || error))
    self->full_due = FALSE;
  if (error) {
    self->quick_due = FALSE;
    tell_error (self, error);
  } else if (self->task == LIMN_TASK_UPSCALE) {
    limn_session_lens_take (self, serial, result);
  } else if (show && wants_preview (self)) {
    g_clear_pointer (&self->shown, limn_result_free);
    self->shown = limn_result_copy (result);
    self->shown_full = !quick && newest;
    self->shown_stamp = GPOINTER_TO_SIZE (user);
    if (self->peeked == G_MAXUINT)
      set_document_preview (self, self->shown, self->editing);
  }
  if (!error)
    g_clear_pointer (&self->last_error, g_free);
  if (self->wanted && self->task != LIMN_TASK_FILL) {
    g_clear_handle_id (&self->ask_source, g_source_remove);
    schedule (self);
  }
  limn_session_update (self);
}

static gboolean
ask (gpointer data)
{
  LimnSession *self = data;
  g_autoptr (GError) error = NULL;
  gboolean refine = refines (self);
  self->ask_source = 0;
  if (!self->wanted || !wants_preview (self))
    return G_SOURCE_REMOVE;
  if (self->task == LIMN_TASK_FILL && limn_document_is_stroking (self->document)) {
    schedule (self);
    return G_SOURCE_REMOVE;
  }
  self->wanted = FALSE;
  g_autoptr (LimnEdit) edit = limn_session_make_edit (self, &error);
  if (!edit) {
    tell_error (self, error);
    return G_SOURCE_REMOVE;
  }
  if (self->task == LIMN_TASK_UPSCALE)
    limn_session_lens_aim (self, edit);
  self->asked_stamp = self->stamp;
  self->asked_at = g_get_monotonic_time ();
  self->quick_due = TRUE;
  self->full_due = refine;
  self->asked_serial = limn_worker_preview (self->worker, self->slot, g_steal_pointer (&edit), refine, G_OBJECT (self), on_preview,
                                            GSIZE_TO_POINTER (self->asked_stamp));
  if (self->task == LIMN_TASK_UPSCALE)
    limn_session_lens_note (self, self->asked_serial);
  limn_session_update (self);
  return G_SOURCE_REMOVE;
}

/* -- What makes it stale -- */

void
limn_session_stale (LimnSession *self)
{
  self->stamp++;
  if (self->n_variations)
    limn_session_variations_changed (self); /* the strip makes room for what comes next */
  if (wants_preview (self)) {
    self->wanted = TRUE;
    schedule (self);
  } else {
    limn_session_drop_preview (self);
  }
  limn_session_update (self);
}

static void
forget_canvas (LimnSession *self)
{
  if (!self->own)
    limn_session_lose_commit (self);
  limn_session_drop_preview (self);
  limn_session_clear_variations (self);
  limn_session_restore_editing (self);
  self->gray_photo = NULL;
  limn_session_set_crop (self, &(LimnRect){ 0 });
  if (self->lens_radius > 0)
    limn_session_set_lens (self, 0, 0, 0);
}

/* Undo and redo came to a sketch: right at the step that made its picture that shows it; without a picture the sketch is live. */
static gboolean
settle_again (LimnSession *self)
{
  guint position = limn_history_get_position (limn_document_get_history (self->document));
  gboolean *settled = &self->settled[LIMN_TASK_SKETCH];
  if (self->editing && self->editing_position == position)
    *settled = TRUE;
  else if (*settled && !limn_session_peek_newest_layer (self))
    *settled = FALSE;
  else
    return FALSE;
  limn_session_stale (self);
  return TRUE;
}

void
limn_session_document_changed (LimnSession *self, LimnChange what)
{
  if (what & LIMN_CHANGE_SIZE) {
    self->resized = limn_document_get_change (self->document);
    forget_canvas (self);
  }
  if (self->own)
    return;
  gboolean history_went = self->history_went;
  self->history_went = FALSE;
  if (what & (LIMN_CHANGE_IMAGE | LIMN_CHANGE_SIZE))
    g_clear_pointer (&self->under, limn_source_unref);
  if (what & LIMN_CHANGE_MASK) {
    if (self->task == LIMN_TASK_COLORIZE && !self->editing_asked && !history_went)
      limn_session_note_editing (self, NULL, FALSE); /* another place is another layer */
  }
  if (history_went && self->task == LIMN_TASK_SKETCH && settle_again (self))
    return;
  if (!(what & inputs (self))) {
    limn_session_update (self);
    return;
  }
  if (what & ~(LIMN_CHANGE_IMAGE | LIMN_CHANGE_SIZE) && limn_document_get_change (self->document) != self->resized)
    self->settled[self->task] = FALSE; /* on another canvas everything is where it was in the picture */
  limn_session_stale (self);
}

void
limn_session_history_moved (LimnSession *self)
{
  limn_session_abandon_commit (self);
  limn_session_drop_preview (self); /* nothing of what was undone comes back */
  self->history_went = TRUE;
  limn_session_restore_editing (self);
}
