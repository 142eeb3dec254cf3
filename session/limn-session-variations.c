/* The strip of variations: the same edit with other seeds, computed while nobody asks for anything else. First all of them quickly,
 * which is enough for thumbnails, then in full, so that keeping one takes no time. Those of a fill are shown in full only: a quick
 * one is a soft spot.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

static void ask_next (LimnSession *self);

static gboolean
is_shown (LimnSession *self)
{
  if (!self->n_variations || self->task != self->variation_task)
    return FALSE;
  /* not once the next one has begun */
  return self->task == LIMN_TASK_FILL ? !limn_document_get_has_mask (self->document) : self->settled[self->task];
}

void
limn_session_clear_variations (LimnSession *self)
{
  gboolean any = self->n_variations > 0;
  limn_session_peek_variation (self, G_MAXUINT);
  if (any && limn_worker_is_previewing (self->worker, self->slot + 1))
    limn_worker_cancel_preview (self->worker, self->slot + 1);
  for (guint i = 0; i < LIMN_SESSION_VARIATIONS; i++) {
    LimnVariation *variation = &self->variations[i];
    g_clear_pointer (&variation->edit, limn_edit_free);
    g_clear_pointer (&variation->result, limn_result_free);
    g_clear_object (&variation->texture);
    variation->full = FALSE;
  }
  self->n_variations = self->current_variation = self->variation_asked = 0;
  g_clear_pointer (&self->mix_edit, limn_edit_free);
  g_clear_pointer (&self->mix_result, limn_result_free);
  g_ptr_array_set_size (self->variation_layers, 0);
  g_array_set_size (self->variation_indices, 0);
  if (any)
    limn_session_variations_changed (self);
}

/* -- Computing them -- */

static void
take_result (LimnSession *self, guint index, const LimnResult *result, gboolean full)
{
  LimnVariation *variation = &self->variations[index];
  g_clear_pointer (&variation->result, limn_result_free);
  variation->result = limn_result_copy (result);
  variation->full = full;
  limn_session_make_thumbnail (self, index);
  if (self->peeked == index)
    limn_session_show (self, variation->result);
}

void
limn_session_take_thumbnail (LimnSession *self, guint index, LimnPicture *picture, GdkTexture *texture)
{
  LimnVariation *variation = &self->variations[index];
  if (index >= self->n_variations || !variation->result || variation->result->picture != picture)
    return;
  g_set_object (&variation->texture, texture);
  limn_session_variations_changed (self);
}

static void
on_variation (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  LimnSession *self = LIMN_SESSION (target);
  guint index = GPOINTER_TO_UINT (user), n = self->n_variations;
  gboolean first = self->variation_asked < n; /* the round that makes thumbnails */
  if (!n || index >= n)
    return;
  if (result && !(quick && (self->variations[index].full || self->variation_task == LIMN_TASK_FILL)))
    take_result (self, index, result, !quick);
  limn_session_variations_changed (self);
  if (first || !quick || error)
    ask_next (self);
}

/* Rounds 1 to n - 1 are quick, n to 2 n - 2 in full. */
static void
ask_next (LimnSession *self)
{
  guint n = self->n_variations, round = ++self->variation_asked, index = round < n ? round : round - n + 1;
  if (index >= n)
    return;
  limn_worker_preview (self->worker, self->slot + 1, limn_edit_copy (self->variations[index].edit), round >= n, G_OBJECT (self),
                       on_variation, GUINT_TO_POINTER (index));
}

void
limn_session_begin_variations (LimnSession *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result)
{
  limn_session_clear_variations (self);
  self->n_variations = LIMN_SESSION_VARIATIONS;
  self->variation_task = edit->task;
  for (guint i = 0; i < self->n_variations; i++) {
    self->variations[i].edit = limn_edit_copy (edit);
    if (i == 0)
      continue;
    self->variations[i].edit->seed += i;
    self->variations[i].edit->mix = 0;
  }
  take_result (self, 0, result, TRUE);
  limn_session_note_variation (self, layer, 0);
  if (edit->task == LIMN_TASK_FILL)
    self->variation_asked = self->n_variations - 1; /* no quick round */
  ask_next (self);
}

/* -- Which of them is in the document -- */

void
limn_session_note_variation (LimnSession *self, LimnLayer *layer, guint index)
{
  g_ptr_array_add (self->variation_layers, g_object_ref (layer));
  g_array_append_val (self->variation_indices, index);
  self->current_variation = index;
  limn_session_variations_changed (self);
}

LimnLayer *
limn_session_peek_varied_layer (LimnSession *self)
{
  for (guint i = self->variation_layers->len; i-- > 0;)
    if (limn_session_has_layer (self, self->variation_layers->pdata[i]))
      return self->variation_layers->pdata[i];
  return NULL;
}

void
limn_session_layers_changed (LimnSession *self)
{
  if (self->own)
    return;
  if (!limn_session_has_layer (self, self->editing))
    limn_session_restore_editing (self);
  if (!self->n_variations)
    return;
  for (guint i = self->variation_layers->len; i-- > 0;) {
    if (!limn_session_has_layer (self, self->variation_layers->pdata[i]))
      continue;
    guint index = g_array_index (self->variation_indices, guint, i);
    if (index != self->current_variation) {
      self->current_variation = index;
      limn_session_variations_changed (self);
    }
    return;
  }
  limn_session_clear_variations (self);
}

/* -- For the strip -- */

guint
limn_session_get_n_variations (LimnSession *self)
{
  return is_shown (self) ? self->n_variations : 0;
}

GdkTexture *
limn_session_get_variation (LimnSession *self, guint index)
{
  g_return_val_if_fail (index < self->n_variations, NULL);
  return self->variations[index].texture;
}

guint
limn_session_get_current_variation (LimnSession *self)
{
  return self->current_variation;
}

void
limn_session_peek_variation (LimnSession *self, guint index)
{
  g_return_if_fail (index == G_MAXUINT || index < self->n_variations);
  if (index == self->peeked)
    return;
  if (self->mix_edit) {
    limn_worker_cancel_preview (self->worker, self->slot + 2);
    g_clear_pointer (&self->mix_edit, limn_edit_free);
  }
  self->peeked = index;
  if (index == G_MAXUINT)
    limn_session_show (self, NULL);
  else if (self->variations[index].result)
    limn_session_show (self, self->variations[index].result);
}

void
limn_session_keep_variation (LimnSession *self, guint index)
{
  LimnLayer *layer = limn_session_peek_varied_layer (self);
  g_return_if_fail (index < self->n_variations);
  limn_session_peek_variation (self, G_MAXUINT);
  if (!layer || self->commit || index == self->current_variation)
    return;
  LimnVariation *variation = &self->variations[index];
  if (variation->full) {
    g_autofree char *hash = limn_worker_dup_model_hash (self->worker);
    limn_session_replace (self, layer, variation->edit, variation->result, (int) index, NULL, hash);
  } else {
    limn_session_start_variation (self, limn_edit_copy (variation->edit), layer, (int) index);
  }
}

/* -- Between two -- */

static void
on_mix (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  LimnSession *self = LIMN_SESSION (target);
  if (!result || !self->mix_edit)
    return;
  if (!quick && serial == self->mix_serial) {
    g_clear_pointer (&self->mix_result, limn_result_free);
    self->mix_result = limn_result_copy (result);
  }
  limn_session_show (self, result);
}

static LimnEdit *
make_mix (LimnSession *self, guint a, guint b, double mix)
{
  LimnEdit *edit = limn_edit_copy (self->variations[a].edit);
  edit->seed_b = self->variations[b].edit->seed;
  edit->mix = CLAMP (mix, 0, 1);
  return edit;
}

static void
keep_mix (LimnSession *self, LimnLayer *layer, guint index, LimnEdit *edit)
{
  g_autoptr (LimnEdit) mixed = edit;
  gboolean same = self->mix_edit && self->mix_result && self->mix_edit->seed == mixed->seed && self->mix_edit->seed_b == mixed->seed_b &&
                  self->mix_edit->mix == mixed->mix;
  g_autoptr (LimnResult) result = same ? g_steal_pointer (&self->mix_result) : NULL;
  limn_worker_cancel_preview (self->worker, self->slot + 2);
  g_clear_pointer (&self->mix_edit, limn_edit_free);
  self->peeked = G_MAXUINT;
  if (result) {
    g_autofree char *hash = limn_worker_dup_model_hash (self->worker);
    limn_session_replace (self, layer, mixed, result, (int) index, NULL, hash);
  } else {
    limn_session_start_variation (self, g_steal_pointer (&mixed), layer, (int) index);
  }
}

void
limn_session_mix_variations (LimnSession *self, guint a, guint b, double mix, gboolean commit)
{
  LimnLayer *layer = limn_session_peek_varied_layer (self);
  g_return_if_fail (a < self->n_variations && b < self->n_variations);
  if (!layer || self->commit)
    return;
  LimnEdit *edit = make_mix (self, a, b, mix);
  if (commit) {
    keep_mix (self, layer, mix < 0.5 ? a : b, edit);
    return;
  }
  g_clear_pointer (&self->mix_edit, limn_edit_free);
  g_clear_pointer (&self->mix_result, limn_result_free);
  self->mix_edit = limn_edit_copy (edit);
  self->peeked = mix < 0.5 ? a : b;
  self->mix_serial = limn_worker_preview (self->worker, self->slot + 2, edit, TRUE, G_OBJECT (self), on_mix, NULL);
}
