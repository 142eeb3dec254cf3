/* What is shown without being kept: the live preview, the lens, and the variation under the pointer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-strokes.h"
enum { SLOT_PREVIEW, SLOT_LENS, SLOT_VARIATIONS, SLOT_MIX, N_SLOTS };

/* -- What is previewed -- */

static gboolean
is_refined (LimnSession *self)
{
  g_autofree char *quality = g_settings_get_string (self->preferences, "preview-quality");
  return !g_str_equal (quality, "quick");
}

/* An edit that enlarges is seen through the lens; a slow one isn't asked for where only quick pictures are wanted. */
static gboolean
is_wanted (LimnSession *self)
{
  const LimnEditKind *kind = limn_session_get_kind (self);
  return self->settings.live && !self->settled[self->task] && !kind->enlarges && limn_session_has_needs (self) &&
         (!kind->slow || is_refined (self));
}

static LimnPreviewNeed
get_need (gpointer user)
{
  LimnSession *self = user;
  gboolean at_rest = limn_session_get_kind (self)->slow;
  return (LimnPreviewNeed){ .wanted = is_wanted (self),
                            .refined = is_refined (self),
                            .at_rest = at_rest,
                            .held = at_rest && limn_document_is_stroking (self->document) };
}

LimnEdit *
limn_session_make_edit (LimnSession *self, GError **error)
{
  LimnEdit *edit = limn_document_make_edit (self->document, self->task, error);
  LimnSource *base = edit && edit->from.photo ? limn_revision_get_base (self->revision) : NULL;
  if (!edit)
    return NULL;
  if (base) { /* what lies under the layer that it is to replace */
    limn_source_unref (edit->from.photo);
    edit->from.photo = limn_source_ref (base);
  }
  limn_session_settings_apply (&self->settings, edit);
  if (limn_edit_get_kind (edit)->takes & LIMN_TAKES_DRAWING)
    limn_edit_set (edit, "previous-horizon", self->found.horizon);
  return edit;
}

static LimnEdit *
make_preview_edit (gpointer user, guint64 stamp, GError **error)
{
  return limn_session_make_edit (user, error);
}

static LimnEdit *
make_lens_edit (gpointer user, GError **error)
{
  return limn_session_make_edit (user, error);
}

/* -- Showing it -- */

static void
set_document_preview (LimnSession *self, const LimnResult *result, LimnLayer *replaces)
{
  gboolean own_change = self->own_change;
  self->own_change = TRUE;
  limn_document_set_preview (self->document, result, replaces);
  self->own_change = own_change;
}

static void
show_preview (gpointer user, const LimnResult *result, guint64 stamp)
{
  LimnSession *self = user;
  if (!result)
    set_document_preview (self, NULL, NULL);
  else if (!limn_variation_set_is_peeking (self->variations))
    set_document_preview (self, result, limn_revision_get_layer (self->revision));
  limn_session_take_damage (self, result ? &result->found.damage.mask : NULL);
  if (result && result->found.materials.bytes)
    limn_session_take_found (self, &result->found);
}

static void
show_variation (gpointer user, const LimnResult *result)
{
  LimnSession *self = user;
  if (result)
    set_document_preview (self, result, limn_variation_set_get_layer (self->variations));
  else
    set_document_preview (self, limn_preview_peek_result (self->preview), limn_revision_get_layer (self->revision));
}

static void
variations_changed (gpointer user)
{
  g_signal_emit_by_name (user, "variations-changed");
}

static void
lens_moved (gpointer user)
{
  g_signal_emit_by_name (user, "lens-changed");
}

static void
pending_changed (gpointer user)
{
  limn_session_update (user);
}

static void
tell_failure (gpointer user, const char *message)
{
  limn_session_message (user, message, FALSE);
}

void
limn_session_create_previews (LimnSession *self)
{
  static const LimnPreviewFuncs preview_funcs = { get_need, make_preview_edit, show_preview, pending_changed, tell_failure };
  static const LimnLensFuncs lens_funcs = { make_lens_edit, lens_moved, pending_changed, tell_failure };
  static const LimnVariationFuncs variation_funcs = { variations_changed, show_variation };
  guint slot = limn_worker_take_slots (self->worker, N_SLOTS, G_OBJECT (self));
  self->preview = limn_preview_new (self->worker, slot + SLOT_PREVIEW, &preview_funcs, self);
  self->lens = limn_lens_new (self->document, self->worker, slot + SLOT_LENS, &lens_funcs, self);
  self->variations = limn_variation_set_new (self->document, self->worker, slot + SLOT_VARIATIONS, &variation_funcs, self);
}

/* -- What makes it invalid -- */

void
limn_session_invalidate_preview (LimnSession *self)
{
  if (limn_variation_set_get_n (self->variations))
    variations_changed (self); /* the strip makes room for what comes next */
  limn_preview_invalidate (self->preview);
  limn_lens_invalidate (self->lens, is_refined (self));
  limn_session_update (self);
}

void
limn_session_drop_preview (LimnSession *self)
{
  limn_preview_drop (self->preview);
  limn_lens_drop (self->lens);
}

void
limn_session_set_revision (LimnSession *self, LimnLayer *layer, gboolean asked)
{
  if (limn_revision_set (self->revision, layer, asked))
    g_object_notify (G_OBJECT (self), "editing");
}

void
limn_session_restore_revision (LimnSession *self)
{
  if (limn_revision_restore (self->revision, self->task))
    g_object_notify (G_OBJECT (self), "editing");
}

/* -- For the strip of variations and the lens -- */

static gboolean
is_strip_shown (LimnSession *self)
{
  if (!limn_variation_set_get_n (self->variations) || self->task != limn_variation_set_get_task (self->variations))
    return FALSE;
  /* not once the next one has begun */
  return limn_edit_kind_uses_mask_up (limn_session_get_kind (self)) ? !limn_document_get_has_mask (self->document)
                                                                    : self->settled[self->task];
}

guint
limn_session_get_n_variations (LimnSession *self)
{
  return is_strip_shown (self) ? limn_variation_set_get_n (self->variations) : 0;
}

GdkTexture *
limn_session_get_variation (LimnSession *self, guint index)
{
  return limn_variation_set_get_texture (self->variations, index);
}

guint
limn_session_get_current_variation (LimnSession *self)
{
  return limn_variation_set_get_current (self->variations);
}

void
limn_session_peek_variation (LimnSession *self, guint index)
{
  limn_variation_set_peek (self->variations, index);
}

void
limn_session_set_lens (LimnSession *self, double x, double y, double radius)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  if (limn_lens_set (self->lens, x, y, radius) && limn_session_get_kind (self)->enlarges)
    limn_session_invalidate_preview (self);
}

gboolean
limn_session_get_lens (LimnSession *self, double *x, double *y, double *radius, GdkTexture **texture, LimnRect *region)
{
  return limn_lens_get (self->lens, x, y, radius, texture, region);
}

double
limn_session_get_scale (LimnSession *self)
{
  const LimnEditKind *kind = limn_session_get_kind (self);
  g_return_val_if_fail (kind->enlarges, 1);
  return self->settings.values[self->task][limn_edit_kind_find (kind, "scale")];
}
