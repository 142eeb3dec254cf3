/* What the session tells of itself: its read-only properties and its messages. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include "app/document/limn-document-canvas.h"
void
limn_session_message (LimnSession *self, const char *text, gboolean undo)
{
  g_signal_emit_by_name (self, "message", text, undo);
}

/* -- In words -- */

gboolean
limn_session_has_needs (LimnSession *self)
{
  LimnDocument *document = self->document;
  LimnTakes needs = limn_session_get_kind (self)->needs;
  if (needs & LIMN_TAKES_MASK && !limn_document_get_has_mask (document))
    return FALSE;
  return !(needs & LIMN_TAKES_DRAWING) || !limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_PAINT)) ||
         !limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_LINES));
}

/* How the present tool gives what the task needs. */
static const char *
get_hint (LimnSession *self)
{
  const LimnEditKind *kind = limn_session_get_kind (self);
  switch (kind->needs & LIMN_TAKES_MASK ? limn_session_get_tool (self) : LIMN_N_TOOLS) {
  case LIMN_TOOL_LASSO:
  case LIMN_TOOL_RECTANGLE:
  case LIMN_TOOL_ELLIPSE: return _("Draw around what should go");
  case LIMN_TOOL_OBJECT: return _("Draw around what should go, or a stroke on it");
  case LIMN_TOOL_SIMILAR: return _("Click what should go");
  case LIMN_TOOL_CROP: return _("Drag an edge or a corner");
  default: return _(kind->missing);
  }
}

/* Whether the task can be done, in which words (transfer full), and if not why (transfer full, or NULL). */
static gboolean
describe (LimnSession *self, char **label, char **hint)
{
  LimnDocument *document = self->document;
  LimnRect frame, canvas = { 0, 0, limn_document_get_width (document), limn_document_get_height (document) };
  if (limn_crop_get (self->crop, &frame)) {
    *label = g_strdup (limn_document_name_crop (&canvas, &frame));
    return TRUE;
  }
  const LimnEditKind *kind = limn_session_get_kind (self);
  if (kind->enlarges && self->enlarged_to == canvas.width) {
    *label = g_strdup (_(kind->verb));
    *hint = g_strdup (_("It is enlarged. Choose a size to enlarge it again"));
    return FALSE;
  }
  if (kind->describe)
    return kind->describe (self->settings.values[self->task], canvas.width, canvas.height, label, hint);
  *label = g_strdup (kind->verb_again && limn_revision_is_asked (self->revision) ? _(kind->verb_again) : _(kind->verb));
  if (limn_session_has_needs (self))
    return TRUE;
  *hint = g_strdup (get_hint (self));
  return FALSE;
}

/* -- Properties -- */

static void
set_boolean (LimnSession *self, gboolean *field, gboolean value, const char *property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify (G_OBJECT (self), property);
}

static void
take_string (LimnSession *self, char **field, char *value, const char *property)
{
  if (g_strcmp0 (*field, value) == 0) {
    g_free (value);
    return;
  }
  g_free (*field);
  *field = value;
  g_object_notify (G_OBJECT (self), property);
}

void
limn_session_update (LimnSession *self)
{
  LimnSessionState *state = &self->state;
  char *label = NULL, *hint = NULL;
  gboolean able = describe (self, &label, &hint), committing = self->commit != NULL;
  g_object_freeze_notify (G_OBJECT (self));
  take_string (self, &state->commit_label, label, "commit-label");
  take_string (self, &state->commit_hint, hint, "commit-hint");
  set_boolean (self, &state->can_commit, able && !committing, "can-commit");
  set_boolean (self, &state->previewing, limn_preview_is_pending (self->preview) || limn_lens_is_pending (self->lens), "previewing");
  set_boolean (self, &state->preview_shown, limn_preview_peek_result (self->preview) != NULL, "preview-shown");
  set_boolean (self, &state->busy, committing || limn_document_is_working (self->document), "busy");
  g_object_thaw_notify (G_OBJECT (self));
}

void
limn_session_set_progress (LimnSession *self, double fraction, double seconds_left)
{
  LimnSessionState *state = &self->state;
  g_object_freeze_notify (G_OBJECT (self));
  if (state->progress != fraction) {
    state->progress = fraction;
    g_object_notify (G_OBJECT (self), "progress");
  }
  if (state->seconds_left != seconds_left) {
    state->seconds_left = seconds_left;
    g_object_notify (G_OBJECT (self), "seconds-left");
  }
  g_object_thaw_notify (G_OBJECT (self));
}

void
limn_session_clear_state (LimnSession *self)
{
  g_clear_pointer (&self->state.commit_label, g_free);
  g_clear_pointer (&self->state.commit_hint, g_free);
}
