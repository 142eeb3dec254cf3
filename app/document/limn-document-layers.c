/* Layers in the document.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

static LimnHistoryStep *
step_for (LimnDocument *self, const char *name)
{
  limn_document_end_stroke (self);
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_document_remember (self, step, LIMN_DOCUMENT_HAS_LAYERS);
  return step;
}

gboolean
limn_document_has_layer (LimnDocument *self, LimnLayer *layer)
{
  return layer && g_list_store_find (self->layers, layer, NULL);
}

void
limn_document_remove_layer (LimnDocument *self, LimnLayer *layer)
{
  guint position;
  g_return_if_fail (g_list_store_find (self->layers, layer, &position));
  LimnHistoryStep *step = step_for (self, _("Delete Layer"));
  limn_document_touch_layer (self, layer);
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
  limn_document_touch_layer (self, layer);
  limn_document_push (self, step);
}

/* The length of name without a number at its end. */
static int
base_length (const char *name)
{
  const char *space = strrchr (name, ' ');
  return space && space[1] && strspn (space + 1, "0123456789") == strlen (space + 1) ? (int) (space - name) : (int) strlen (name);
}

char *
limn_document_make_layer_name (LimnDocument *self, const char *name)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->layers)); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (self->layers), i);
    g_hash_table_add (taken, (gpointer) limn_layer_get_name (layer));
  }
  char *free_name = g_strdup (name);
  for (guint n = 2; g_hash_table_contains (taken, free_name); n++) {
    g_free (free_name);
    free_name = g_strdup_printf ("%.*s %u", base_length (name), name, n);
  }
  return free_name;
}

LimnLayer *
limn_document_duplicate_layer (LimnDocument *self, LimnLayer *layer)
{
  guint position;
  g_return_val_if_fail (g_list_store_find (self->layers, layer, &position), NULL);
  LimnHistoryStep *step = step_for (self, _("Duplicate Layer"));
  const LimnEdit *recipe = limn_layer_get_recipe (layer);
  LimnLayerStyle style = limn_layer_get_style (layer);
  g_autofree char *name = limn_document_make_layer_name (self, limn_layer_get_name (layer));
  g_autoptr (LimnLayer) copy = limn_layer_new (name, limn_layer_get_picture (layer), limn_layer_get_x (layer), limn_layer_get_y (layer),
                                               recipe ? limn_edit_copy (recipe) : NULL, limn_layer_get_model_hash (layer));
  limn_layer_set_style (copy, &style);
  g_list_store_insert (self->layers, position + 1, copy);
  limn_document_touch_layer (self, copy);
  limn_document_push (self, step);
  return copy; /* the list keeps it */
}

void
limn_document_rename_layer (LimnDocument *self, LimnLayer *layer, const char *name)
{
  g_return_if_fail (g_list_store_find (self->layers, layer, NULL));
  if (g_str_equal (limn_layer_get_name (layer), name))
    return;
  LimnHistoryStep *step = step_for (self, _("Rename Layer"));
  limn_layer_set_name (layer, name);
  limn_document_push (self, step);
}

static void
set_style (LimnDocument *self, LimnLayer *layer, const LimnLayerStyle *style, const char *name)
{
  LimnHistoryStep *step = step_for (self, name);
  limn_layer_set_style (layer, style);
  limn_document_touch_layer (self, layer);
  limn_document_push (self, step);
}

void
limn_document_set_layer_visible (LimnDocument *self, LimnLayer *layer, gboolean visible)
{
  g_return_if_fail (g_list_store_find (self->layers, layer, NULL));
  LimnLayerStyle style = limn_layer_get_style (layer);
  if (style.visible == visible)
    return;
  style.visible = visible;
  set_style (self, layer, &style, visible ? _("Show Layer") : _("Hide Layer"));
}

void
limn_document_set_layer_blend (LimnDocument *self, LimnLayer *layer, LimnBlend blend)
{
  g_return_if_fail (g_list_store_find (self->layers, layer, NULL) && blend < LIMN_N_BLENDS);
  LimnLayerStyle style = limn_layer_get_style (layer);
  if (style.blend == blend)
    return;
  style.blend = blend;
  set_style (self, layer, &style, _("Layer Blending"));
}

void
limn_document_set_layer_opacity (LimnDocument *self, LimnLayer *layer, double opacity, guint group)
{
  g_return_if_fail (g_list_store_find (self->layers, layer, NULL));
  LimnLayerStyle style = limn_layer_get_style (layer);
  opacity = CLAMP (opacity, 0, 1);
  if (style.opacity == opacity)
    return;
  style.opacity = opacity;
  gboolean joins = limn_document_joins (self, group, layer);
  LimnHistoryStep *step = joins ? NULL : step_for (self, _("Layer Opacity"));
  limn_layer_set_style (layer, &style);
  limn_document_touch_layer (self, layer);
  if (joins)
    limn_document_tell (self);
  else
    limn_document_push_group (self, step, group, layer);
}
