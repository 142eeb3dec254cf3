/* Layers in the document.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

static void
touch_layer (LimnDocument *self, LimnLayer *layer)
{
  LimnRect rect = limn_document_layer_rect (layer);
  limn_document_touch (self, &rect, LIMN_CHANGE_IMAGE);
}

static LimnHistoryStep *
step_for (LimnDocument *self, const char *name)
{
  limn_document_end_stroke (self);
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_document_remember (self, step, LIMN_DOCUMENT_HAS_LAYERS);
  return step;
}

void
limn_document_remove_layer (LimnDocument *self, LimnLayer *layer)
{
  guint position;
  g_return_if_fail (g_list_store_find (self->layers, layer, &position));
  LimnHistoryStep *step = step_for (self, _("Delete Layer"));
  touch_layer (self, layer);
  g_list_store_remove (self->layers, position);
  limn_document_push (self, step);
}

void
limn_document_move_layer (LimnDocument *self, LimnLayer *layer, guint position)
{
  guint from, n = g_list_model_get_n_items (G_LIST_MODEL (self->layers));
  g_return_if_fail (g_list_store_find (self->layers, layer, &from));
  position = MIN (position, n - 1);
  if (position == from)
    return;
  LimnHistoryStep *step = step_for (self, _("Reorder Layers"));
  guint first = MIN (from, position), count = MAX (from, position) - first + 1;
  g_autoptr (GPtrArray) moved = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (moved, g_list_model_get_item (G_LIST_MODEL (self->layers), first + i));
  g_ptr_array_insert (moved, (int) (position - first), g_ptr_array_steal_index (moved, from - first));
  g_list_store_splice (self->layers, first, count, moved->pdata, count); /* it is never gone */
  touch_layer (self, layer);
  limn_document_push (self, step);
}

void
limn_document_set_layer_visible (LimnDocument *self, LimnLayer *layer, gboolean visible)
{
  g_return_if_fail (g_list_store_find (self->layers, layer, NULL));
  if (limn_layer_get_visible (layer) == visible)
    return;
  LimnHistoryStep *step = step_for (self, visible ? _("Show Layer") : _("Hide Layer"));
  limn_layer_set_visible (layer, visible);
  touch_layer (self, layer);
  limn_document_push (self, step);
}

void
limn_document_set_layer_opacity (LimnDocument *self, LimnLayer *layer, double opacity, guint group)
{
  g_return_if_fail (g_list_store_find (self->layers, layer, NULL));
  opacity = CLAMP (opacity, 0, 1);
  if (limn_layer_get_opacity (layer) == opacity)
    return;
  gboolean joins = limn_document_joins (self, group, layer);
  LimnHistoryStep *step = joins ? NULL : step_for (self, _("Layer Opacity"));
  limn_layer_set_opacity (layer, opacity);
  touch_layer (self, layer);
  if (joins)
    limn_document_tell (self);
  else
    limn_document_push_group (self, step, group, layer);
}
