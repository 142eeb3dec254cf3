/* The layer that the next commit replaces. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-revision.h"

#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-layers.h"
typedef struct {
  GWeakRef layer;
  gboolean asked;
  guint position; /* of the history when it began */
} Note;

struct _LimnRevision {
  LimnDocument *document;
  LimnLayer *layer;
  gboolean asked;
  guint position;
  LimnSource *base;
  GPtrArray *notes; /* of all that were set and weren't undone, by position */
};

static void
note_free (gpointer data)
{
  Note *note = data;
  g_weak_ref_clear (&note->layer);
  g_free (note);
}

LimnRevision *
limn_revision_new (LimnDocument *document)
{
  LimnRevision *self = g_new0 (LimnRevision, 1);
  self->document = g_object_ref (document);
  self->notes = g_ptr_array_new_with_free_func (note_free);
  return self;
}

void
limn_revision_free (LimnRevision *self)
{
  g_clear_object (&self->layer);
  g_clear_pointer (&self->base, limn_source_unref);
  g_ptr_array_unref (self->notes);
  g_object_unref (self->document);
  g_free (self);
}

static guint
get_position (const LimnRevision *self)
{
  return limn_history_get_position (limn_document_get_history (self->document));
}

LimnLayer *
limn_revision_get_layer (const LimnRevision *self)
{
  return self->layer;
}

gboolean
limn_revision_is_asked (const LimnRevision *self)
{
  return self->asked;
}

gboolean
limn_revision_is_at_start (const LimnRevision *self)
{
  return self->position == get_position (self);
}

LimnSource *
limn_revision_get_base (LimnRevision *self)
{
  if (!self->base && self->layer && limn_layer_get_recipe (self->layer)) {
    g_autoptr (LimnEdit) again = limn_document_make_edit_for_layer (self->document, self->layer, NULL);
    self->base = g_steal_pointer (&again->from.photo);
  }
  return self->base;
}

void
limn_revision_forget_base (LimnRevision *self)
{
  g_clear_pointer (&self->base, limn_source_unref);
}

static gboolean
set_layer (LimnRevision *self, LimnLayer *layer, gboolean asked, guint position)
{
  gboolean before = self->asked;
  limn_revision_forget_base (self);
  g_set_object (&self->layer, layer);
  self->asked = asked && layer;
  self->position = position;
  return before || self->asked;
}

gboolean
limn_revision_set (LimnRevision *self, LimnLayer *layer, gboolean asked)
{
  gboolean told = set_layer (self, layer, asked, get_position (self));
  for (guint i = self->notes->len; i-- > 0;) /* what was undone there doesn't come back */
    if (((Note *) self->notes->pdata[i])->position >= self->position)
      g_ptr_array_remove_index (self->notes, i);
  Note *note = g_new0 (Note, 1);
  g_weak_ref_init (&note->layer, layer);
  note->asked = asked;
  note->position = self->position;
  g_ptr_array_add (self->notes, note);
  return told;
}

gboolean
limn_revision_restore (LimnRevision *self, LimnTask task)
{
  guint position = get_position (self), i = self->notes->len;
  g_autoptr (LimnLayer) layer = NULL;
  Note *note = NULL;
  while (i > 0 && ((Note *) self->notes->pdata[i - 1])->position > position)
    i--;
  if (i > 0) {
    note = self->notes->pdata[i - 1];
    layer = g_weak_ref_get (&note->layer);
  }
  if (layer && (!limn_document_has_layer (self->document, layer) || limn_layer_get_task (layer) != task))
    g_clear_object (&layer);
  if (layer == self->layer && !(layer && note->asked != self->asked))
    return FALSE;
  return set_layer (self, layer, layer && note->asked, layer ? note->position : position);
}
