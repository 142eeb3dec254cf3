/* Variations of the newest result. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-variation-set.h"

#include "app/document/limn-document-layers.h"
#include "limn-preview.h"
#include "limn-result-difference.h"
#include "limn-result-thumbnail.h"

/* CANDIDATES: results of a slow edit that come before a further place is given to one of them, and all that wait; more, up to MOST in all,
 * where none of these differs clearly (limn_result_get_difference) from those that have places. */
enum { N_VARIATIONS = 4, CANDIDATES = 2, MOST_CANDIDATES = 6 };
#define CLEAR 4.0

typedef struct {
  LimnEdit *edit;     /* NULL while it isn't chosen */
  LimnResult *result; /* NULL while there is none */
  gboolean full;      /* result isn't the quick one */
  GdkTexture *texture;
} Variation;

typedef struct {
  LimnEdit *edit;
  LimnResult *result;
} Candidate;

struct _LimnVariationSet {
  GObject parent_instance;
  LimnDocument *document;
  LimnWorker *worker;
  guint slot; /* variations; the next one: the mix */
  const LimnVariationFuncs *funcs;
  gpointer user;

  Variation variations[N_VARIATIONS];
  guint n, current, peeked, round;
  guint n_seeds;         /* from the first one's on, that were used */
  guint n_chosen;        /* of a slow edit: places that have a result ... */
  GPtrArray *candidates; /* ... and those that may get one of the others */
  GPtrArray *layers;     /* that are or were one of the variations ... */
  GArray *indices;       /* ... and which one (guint) */
  LimnEdit *mix_edit;
  LimnResult *mix_result;
  guint64 mix_serial;
};

G_DEFINE_FINAL_TYPE (LimnVariationSet, limn_variation_set, G_TYPE_OBJECT)

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;
  g_clear_pointer (&candidate->edit, limn_edit_free);
  limn_result_free (candidate->result);
  g_free (candidate);
}

static void
variation_clear (Variation *variation)
{
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
  g_ptr_array_set_size (self->candidates, 0);
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

/* -- Those of a slow edit: the most different of more -- */

static void ask_candidate (LimnVariationSet *self);

/* The candidate that is farthest from all that have a place, of which the nearest counts: one step of the greedy choice of Gonzalez,
 * Clustering to minimize the maximum intercluster distance, 1985. */
static guint
find_farthest (LimnVariationSet *self, double *distance)
{
  guint farthest = 0;
  *distance = -1;
  for (guint i = 0; i < self->candidates->len; i++) {
    const Candidate *candidate = self->candidates->pdata[i];
    double least = G_MAXDOUBLE;
    for (guint k = 0; k < self->n_chosen; k++)
      least = MIN (least, limn_result_get_difference (self->variations[k].result, candidate->result));
    if (least > *distance) {
      *distance = least;
      farthest = i;
    }
  }
  return farthest;
}

/* Gives places to candidates, as long as there are enough to choose from; else asks for one more. */
static void
choose (LimnVariationSet *self)
{
  while (self->n_chosen < self->n) {
    const guint n_made = self->n_seeds - 1;
    double distance;
    guint farthest = find_farthest (self, &distance);
    if (n_made < MOST_CANDIDATES && (n_made < CANDIDATES * self->n_chosen || distance < CLEAR)) {
      ask_candidate (self);
      return;
    }
    if (!self->candidates->len) /* they failed */
      return;
    Candidate *candidate = self->candidates->pdata[farthest];
    Variation *variation = &self->variations[self->n_chosen];
    variation->edit = g_steal_pointer (&candidate->edit);
    take_result (self, self->n_chosen++, candidate->result, TRUE);
    g_ptr_array_remove_index (self->candidates, farthest);
    self->funcs->changed (self->user);
  }
  g_ptr_array_set_size (self->candidates, 0);
}

static LimnEdit *
make_edit (LimnVariationSet *self, guint seeds)
{
  LimnEdit *edit = limn_edit_copy (self->variations[0].edit);
  edit->set.seed += seeds;
  edit->set.mix = 0;
  return edit;
}

static void
on_candidate (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer seeds)
{
  LimnVariationSet *self = LIMN_VARIATION_SET (target);
  if (!self->n || (quick && !error))
    return;
  if (result) {
    Candidate *candidate = g_new (Candidate, 1);
    *candidate = (Candidate){ make_edit (self, GPOINTER_TO_UINT (seeds)), limn_result_copy (result) };
    g_ptr_array_add (self->candidates, candidate);
  }
  choose (self);
}

static void
ask_candidate (LimnVariationSet *self)
{
  guint seeds = self->n_seeds++;
  limn_worker_preview (self->worker, self->slot, make_edit (self, seeds), TRUE, G_OBJECT (self), on_candidate, GUINT_TO_POINTER (seeds));
}

/* -- Those of a quick one: first all of them quickly -- */

static void ask_next (LimnVariationSet *self);

static void
on_variation (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  LimnVariationSet *self = LIMN_VARIATION_SET (target);
  guint index = GPOINTER_TO_UINT (user);
  gboolean first = self->round < self->n; /* the round that makes thumbnails */
  if (index >= self->n)
    return;
  if (result && !(quick && self->variations[index].full))
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
  self->n = N_VARIATIONS;
  self->n_chosen = self->n_seeds = 1;
  self->variations[0].edit = limn_edit_copy (edit);
  take_result (self, 0, result, TRUE);
  limn_variation_set_note_layer (self, layer, 0);
  if (limn_edit_get_kind (edit)->slow) {
    choose (self);
    return;
  }
  for (; self->n_seeds < self->n; self->n_seeds++)
    self->variations[self->n_seeds].edit = make_edit (self, self->n_seeds);
  ask_next (self);
}

/* -- Which of them is in the document -- */

void
limn_variation_set_note_layer (LimnVariationSet *self, LimnLayer *layer, guint index)
{
  g_ptr_array_add (self->layers, g_object_ref (layer));
  g_array_append_val (self->indices, index);
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
  g_ptr_array_set_size (self->candidates, 0);
  g_ptr_array_set_size (self->layers, 0);
  g_clear_object (&self->document);
  g_clear_object (&self->worker);
  G_OBJECT_CLASS (limn_variation_set_parent_class)->dispose (object);
}

static void
limn_variation_set_finalize (GObject *object)
{
  LimnVariationSet *self = LIMN_VARIATION_SET (object);
  g_ptr_array_unref (self->candidates);
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
  self->candidates = g_ptr_array_new_with_free_func (candidate_free);
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
