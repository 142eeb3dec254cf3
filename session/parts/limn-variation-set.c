/* Variations of the newest result. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-variation-set.h"

#include "app/document/limn-document-layers.h"
#include "limn-preview.h"
#include "limn-result-difference.h"
#include "limn-result-thumbnail.h"

/* TRIES: results that are made for a place, of which the one that differs most from those before it is shown, unless one differs clearly. */
enum { N_VARIATIONS = 4, TRIES = 3 };
#define CLEAR 4.0

typedef struct {
  LimnEdit *edit;
  LimnResult *result; /* NULL while there is none */
  gboolean full;      /* result isn't the quick one */
  GdkTexture *texture;
  guint n_tries;  /* results that came for this place ... */
  LimnEdit *best; /* ... and the one among them that differs most, with its result; NULL when there is no choice */
  LimnResult *best_result;
  double difference;
} Variation;

struct _LimnVariationSet {
  GObject parent_instance;
  LimnDocument *document;
  LimnWorker *worker;
  guint slot; /* variations; the next one: the mix */
  const LimnVariationFuncs *funcs;
  gpointer user;

  Variation variations[N_VARIATIONS];
  guint n, current, peeked, round;
  guint n_seeds;     /* from the first one's on, that were used */
  GPtrArray *layers; /* that are or were one of the variations ... */
  GArray *indices;   /* ... and which one (guint) */
  LimnEdit *mix_edit;
  LimnResult *mix_result;
  guint64 mix_serial;
};

G_DEFINE_FINAL_TYPE (LimnVariationSet, limn_variation_set, G_TYPE_OBJECT)

static void ask_next (LimnVariationSet *self);

static void
drop_best (Variation *variation)
{
  g_clear_pointer (&variation->best, limn_edit_free);
  g_clear_pointer (&variation->best_result, limn_result_free);
}

static void
variation_clear (Variation *variation)
{
  drop_best (variation);
  variation->n_tries = 0;
  g_clear_pointer (&variation->edit, limn_edit_free);
  g_clear_pointer (&variation->result, limn_result_free);
  g_clear_object (&variation->texture);
  variation->full = FALSE;
}

static void
clear_mix (LimnVariationSet *self)
{
  g_clear_pointer (&self->mix_edit, limn_edit_free);
  g_clear_pointer (&self->mix_result, limn_result_free);
}

void
limn_variation_set_clear (LimnVariationSet *self)
{
  gboolean any = self->n > 0;
  limn_variation_set_peek (self, G_MAXUINT);
  if (any && limn_worker_is_previewing (self->worker, self->slot))
    limn_worker_cancel_preview (self->worker, self->slot);
  for (guint i = 0; i < N_VARIATIONS; i++)
    variation_clear (&self->variations[i]);
  self->n = self->current = self->round = 0;
  clear_mix (self);
  g_ptr_array_set_size (self->layers, 0);
  g_array_set_size (self->indices, 0);
  if (any)
    self->funcs->changed (self->user);
}

/* -- Computing them -- */

static void
on_thumbnail (GObject *source, GAsyncResult *async, gpointer user)
{
  g_autoptr (LimnVariationSet) self = user;
  LimnPicture *picture;
  g_autoptr (GdkTexture) texture = limn_result_thumbnail_finish (async, &picture);
  for (guint i = 0; texture && self->document && i < self->n; i++)
    if (self->variations[i].result && self->variations[i].result->picture == picture) {
      g_set_object (&self->variations[i].texture, texture);
      self->funcs->changed (self->user);
    }
}

static void
take_result (LimnVariationSet *self, guint index, const LimnResult *result, gboolean full)
{
  Variation *variation = &self->variations[index];
  g_clear_pointer (&variation->result, limn_result_free);
  variation->result = limn_result_copy (result);
  variation->full = full;
  limn_result_thumbnail_async (variation->edit, variation->result, on_thumbnail, g_object_ref (self));
  if (self->peeked == index)
    self->funcs->show (self->user, variation->result);
}

static void ask (LimnVariationSet *self, guint index, gboolean full);

/* How far result is from those of the places before it. */
static double
get_least_difference (LimnVariationSet *self, guint index, const LimnResult *result)
{
  double least = G_MAXDOUBLE;
  for (guint i = 0; i < index; i++)
    if (self->variations[i].result)
      least = MIN (least, limn_result_get_difference (self->variations[i].result, result));
  return least;
}

/* A full result for a place: FALSE when another one is tried first. */
static gboolean
choose (LimnVariationSet *self, guint index, const LimnResult *result)
{
  Variation *variation = &self->variations[index];
  double difference = get_least_difference (self, index, result);
  if (!variation->best || difference > variation->difference) {
    drop_best (variation);
    variation->best = limn_edit_copy (variation->edit);
    variation->best_result = limn_result_copy (result);
    variation->difference = difference;
  }
  if (++variation->n_tries < TRIES && variation->difference < CLEAR) {
    variation->edit->set.seed = self->variations[0].edit->set.seed + self->n_seeds++;
    ask (self, index, TRUE);
    return FALSE;
  }
  limn_edit_free (variation->edit);
  variation->edit = g_steal_pointer (&variation->best);
  take_result (self, index, variation->best_result, TRUE);
  drop_best (variation);
  return TRUE;
}

static void
on_variation (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  LimnVariationSet *self = LIMN_VARIATION_SET (target);
  guint index = GPOINTER_TO_UINT (user);
  gboolean first = self->round < self->n; /* the round that makes thumbnails */
  if (index >= self->n)
    return;
  gboolean slow = limn_edit_get_kind (self->variations[0].edit)->slow;
  if (slow && result && !quick && !choose (self, index, result))
    return;
  if (result && !slow && !(quick && self->variations[index].full))
    take_result (self, index, result, !quick);
  self->funcs->changed (self->user);
  if (first || !quick || error)
    ask_next (self);
}

static void
ask (LimnVariationSet *self, guint index, gboolean full)
{
  limn_worker_preview (self->worker, self->slot, limn_edit_copy (self->variations[index].edit), full, G_OBJECT (self), on_variation,
                       GUINT_TO_POINTER (index));
}

/* Rounds 1 to n - 1 are quick, n to 2 n - 2 in full. */
static void
ask_next (LimnVariationSet *self)
{
  guint round = ++self->round, index = round < self->n ? round : round - self->n + 1;
  if (index >= self->n)
    return;
  ask (self, index, round >= self->n);
}

void
limn_variation_set_begin (LimnVariationSet *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result)
{
  limn_variation_set_clear (self);
  self->n = self->n_seeds = N_VARIATIONS;
  for (guint i = 0; i < self->n; i++) {
    self->variations[i].edit = limn_edit_copy (edit);
    if (i == 0)
      continue;
    self->variations[i].edit->set.seed += i;
    self->variations[i].edit->set.mix = 0;
  }
  take_result (self, 0, result, TRUE);
  limn_variation_set_note_layer (self, layer, 0);
  if (limn_edit_get_kind (edit)->slow)
    self->round = self->n - 1; /* no quick round */
  ask_next (self);
}

/* -- Which of them is in the document -- */

void
limn_variation_set_note_layer (LimnVariationSet *self, LimnLayer *layer, guint index)
{
  g_ptr_array_add (self->layers, g_object_ref (layer));
  g_array_append_val (self->indices, index);
  self->variations[index].n_tries = TRIES; /* it is chosen */
  drop_best (&self->variations[index]);
  self->current = index;
  self->funcs->changed (self->user);
}

/* The newest noted layer that is in the document, -1 = none. */
static int
find_layer (LimnVariationSet *self)
{
  int i = (int) self->layers->len - 1;
  while (i >= 0 && !limn_document_has_layer (self->document, self->layers->pdata[i]))
    i--;
  return i;
}

LimnLayer *
limn_variation_set_get_layer (LimnVariationSet *self)
{
  int i = find_layer (self);
  return i < 0 ? NULL : self->layers->pdata[i];
}

void
limn_variation_set_update (LimnVariationSet *self)
{
  int i = self->n ? find_layer (self) : -1;
  if (i < 0) {
    limn_variation_set_clear (self);
    return;
  }
  guint index = g_array_index (self->indices, guint, i);
  if (index == self->current)
    return;
  self->current = index;
  self->funcs->changed (self->user);
}

/* -- Looking at it -- */

guint
limn_variation_set_get_n (LimnVariationSet *self)
{
  return self->n;
}

guint
limn_variation_set_get_n_seeds (LimnVariationSet *self)
{
  return self->n_seeds;
}

LimnTask
limn_variation_set_get_task (LimnVariationSet *self)
{
  g_return_val_if_fail (self->n > 0, 0);
  return self->variations[0].edit->task;
}

guint
limn_variation_set_get_current (LimnVariationSet *self)
{
  return self->current;
}

GdkTexture *
limn_variation_set_get_texture (LimnVariationSet *self, guint index)
{
  g_return_val_if_fail (index < self->n, NULL);
  return self->variations[index].texture;
}

const LimnEdit *
limn_variation_set_get_edit (LimnVariationSet *self, guint index)
{
  g_return_val_if_fail (index < self->n, NULL);
  return self->variations[index].edit;
}

const LimnResult *
limn_variation_set_get_result (LimnVariationSet *self, guint index)
{
  g_return_val_if_fail (index < self->n, NULL);
  return self->variations[index].full ? self->variations[index].result : NULL;
}

/* -- Pointing at it -- */

gboolean
limn_variation_set_is_peeking (LimnVariationSet *self)
{
  return self->peeked != G_MAXUINT;
}

void
limn_variation_set_peek (LimnVariationSet *self, guint index)
{
  g_return_if_fail (index == G_MAXUINT || index < self->n);
  if (index == self->peeked)
    return;
  if (self->mix_edit) {
    limn_worker_cancel_preview (self->worker, self->slot + 1);
    g_clear_pointer (&self->mix_edit, limn_edit_free);
  }
  self->peeked = index;
  if (index == G_MAXUINT)
    self->funcs->show (self->user, NULL);
  else if (self->variations[index].result)
    self->funcs->show (self->user, self->variations[index].result);
}

static void
on_mix (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  LimnVariationSet *self = LIMN_VARIATION_SET (target);
  if (!result || !self->mix_edit)
    return;
  if (!quick && serial == self->mix_serial) {
    g_clear_pointer (&self->mix_result, limn_result_free);
    self->mix_result = limn_result_copy (result);
  }
  self->funcs->show (self->user, result);
}

static LimnEdit *
make_mix (LimnVariationSet *self, guint a, guint b, double mix)
{
  LimnEdit *edit = limn_edit_copy (self->variations[a].edit);
  edit->set.seed_b = self->variations[b].edit->set.seed;
  edit->set.mix = CLAMP (mix, 0, 1);
  return edit;
}

void
limn_variation_set_mix (LimnVariationSet *self, guint a, guint b, double mix)
{
  g_return_if_fail (a < self->n && b < self->n);
  LimnEdit *edit = make_mix (self, a, b, mix);
  clear_mix (self);
  self->mix_edit = limn_edit_copy (edit);
  self->peeked = mix < 0.5 ? a : b;
  self->mix_serial = limn_worker_preview (self->worker, self->slot + 1, edit, TRUE, G_OBJECT (self), on_mix, NULL);
}

LimnEdit *
limn_variation_set_take_mix (LimnVariationSet *self, guint a, guint b, double mix, LimnResult **result)
{
  g_return_val_if_fail (a < self->n && b < self->n, NULL);
  LimnEdit *edit = make_mix (self, a, b, mix), *shown = self->mix_edit;
  gboolean same = shown && shown->set.seed == edit->set.seed && shown->set.seed_b == edit->set.seed_b && shown->set.mix == edit->set.mix;
  *result = same ? g_steal_pointer (&self->mix_result) : NULL;
  limn_worker_cancel_preview (self->worker, self->slot + 1);
  g_clear_pointer (&self->mix_edit, limn_edit_free);
  self->peeked = G_MAXUINT;
  return edit;
}

/* -- Its life -- */

static void
limn_variation_set_dispose (GObject *object)
{
  LimnVariationSet *self = LIMN_VARIATION_SET (object);
  for (guint i = 0; i < N_VARIATIONS; i++)
    variation_clear (&self->variations[i]);
  clear_mix (self);
  self->n = 0;
  g_ptr_array_set_size (self->layers, 0);
  g_clear_object (&self->document);
  g_clear_object (&self->worker);
  G_OBJECT_CLASS (limn_variation_set_parent_class)->dispose (object);
}

static void
limn_variation_set_finalize (GObject *object)
{
  LimnVariationSet *self = LIMN_VARIATION_SET (object);
  g_ptr_array_unref (self->layers);
  g_array_unref (self->indices);
  G_OBJECT_CLASS (limn_variation_set_parent_class)->finalize (object);
}

static void
limn_variation_set_class_init (LimnVariationSetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_variation_set_dispose;
  G_OBJECT_CLASS (klass)->finalize = limn_variation_set_finalize;
}

static void
limn_variation_set_init (LimnVariationSet *self)
{
  self->peeked = G_MAXUINT;
  self->layers = g_ptr_array_new_with_free_func (g_object_unref);
  self->indices = g_array_new (FALSE, FALSE, sizeof (guint));
}

LimnVariationSet *
limn_variation_set_new (LimnDocument *document, LimnWorker *worker, guint slot, const LimnVariationFuncs *funcs, gpointer user)
{
  LimnVariationSet *self = g_object_new (LIMN_TYPE_VARIATION_SET, NULL);
  self->document = g_object_ref (document);
  self->worker = g_object_ref (worker);
  self->slot = slot;
  self->funcs = funcs;
  self->user = user;
  return self;
}
