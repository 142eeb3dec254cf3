/* Layers in the document.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "limn-document-layers.h"

gboolean
limn_document_has_layer (LimnDocument *self, LimnLayer *layer)
{
  return layer && limn_content_find_layer (&self->content, layer, NULL);
}

void
limn_document_remove_layer (LimnDocument *self, LimnLayer *layer)
{
  guint position;
  g_return_if_fail (limn_content_find_layer (&self->content, layer, &position));
  LimnHistoryStep *step = limn_document_begin_step (self, _("Delete Layer"), LIMN_CONTENT_LAYERS);
  limn_content_damage_layer (&self->content, layer);
  g_list_store_remove (self->content.layers, position);
  limn_document_push (self, step);
}

void
limn_document_move_layer (LimnDocument *self, LimnLayer *layer, guint position)
{
  guint from, n = g_list_model_get_n_items (G_LIST_MODEL (self->content.layers));
  g_return_if_fail (limn_content_find_layer (&self->content, layer, &from));
  position = MIN (position, n - 1);
  if (position == from)
    return;
  LimnHistoryStep *step = limn_document_begin_step (self, _("Reorder Layers"), LIMN_CONTENT_LAYERS);
  guint first = MIN (from, position), count = MAX (from, position) - first + 1;
  g_autoptr (GPtrArray) moved = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (moved, g_list_model_get_item (G_LIST_MODEL (self->content.layers), first + i));
  g_ptr_array_insert (moved, (int) (position - first), g_ptr_array_steal_index (moved, from - first));
  g_list_store_splice (self->content.layers, first, count, moved->pdata, count); /* it is never gone */
  limn_content_damage_layer (&self->content, layer);
  limn_document_push (self, step);
}

LimnLayer *
limn_document_duplicate_layer (LimnDocument *self, LimnLayer *layer)
{
  guint position;
  g_return_val_if_fail (limn_content_find_layer (&self->content, layer, &position), NULL);
  LimnHistoryStep *step = limn_document_begin_step (self, _("Duplicate Layer"), LIMN_CONTENT_LAYERS);
  const LimnEdit *recipe = limn_layer_get_recipe (layer);
  LimnLayerStyle style = limn_layer_get_style (layer);
  g_autofree char *name = limn_content_make_layer_name (&self->content, limn_layer_get_name (layer));
  g_autoptr (LimnLayer) copy = limn_layer_new (name, limn_layer_get_picture (layer), limn_layer_get_x (layer), limn_layer_get_y (layer),
                                               recipe ? limn_edit_copy (recipe) : NULL, limn_layer_get_model_hash (layer));
  limn_layer_set_style (copy, &style);
  g_list_store_insert (self->content.layers, position + 1, copy);
  limn_content_damage_layer (&self->content, copy);
  limn_document_push (self, step);
  return copy; /* the list keeps it */
}

void
limn_document_rename_layer (LimnDocument *self, LimnLayer *layer, const char *name)
{
  g_return_if_fail (limn_content_find_layer (&self->content, layer, NULL));
  if (g_str_equal (limn_layer_get_name (layer), name))
    return;
  LimnHistoryStep *step = limn_document_begin_step (self, _("Rename Layer"), LIMN_CONTENT_LAYERS);
  limn_layer_set_name (layer, name);
  limn_document_push (self, step);
}

static void
set_style (LimnDocument *self, LimnLayer *layer, const LimnLayerStyle *style, const char *name)
{
  LimnHistoryStep *step = limn_document_begin_step (self, name, LIMN_CONTENT_LAYERS);
  limn_layer_set_style (layer, style);
  limn_content_damage_layer (&self->content, layer);
  limn_document_push (self, step);
}

void
limn_document_set_layer_visible (LimnDocument *self, LimnLayer *layer, gboolean visible)
{
  g_return_if_fail (limn_content_find_layer (&self->content, layer, NULL));
  LimnLayerStyle style = limn_layer_get_style (layer);
  if (style.visible == visible)
    return;
  style.visible = visible;
  set_style (self, layer, &style, visible ? _("Show Layer") : _("Hide Layer"));
}

void
limn_document_set_layer_blend (LimnDocument *self, LimnLayer *layer, LimnBlend blend)
{
  g_return_if_fail (limn_content_find_layer (&self->content, layer, NULL) && blend < LIMN_N_BLENDS);
  LimnLayerStyle style = limn_layer_get_style (layer);
  if (style.blend == blend)
    return;
  style.blend = blend;
  set_style (self, layer, &style, _("Layer Blending"));
}

void
limn_document_set_layer_opacity (LimnDocument *self, LimnLayer *layer, double opacity, guint group)
{
  g_return_if_fail (limn_content_find_layer (&self->content, layer, NULL));
  LimnLayerStyle style = limn_layer_get_style (layer);
  opacity = CLAMP (opacity, 0, 1);
  if (style.opacity == opacity)
    return;
  style.opacity = opacity;
  gboolean joins = limn_undo_can_join (&self->undo, group, layer);
  LimnHistoryStep *step = joins ? NULL : limn_document_begin_step (self, _("Layer Opacity"), LIMN_CONTENT_LAYERS);
  limn_layer_set_style (layer, &style);
  limn_content_damage_layer (&self->content, layer);
  limn_document_push_group (self, step, group, layer);
}
