/* Layers in the document, and a larger canvas for all of it.
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

/* -- The canvas -- */

static void
copy_text (gpointer key, gpointer value, gpointer user)
{
  g_hash_table_insert (user, g_strdup (key), g_strdup (value));
}

/* A larger photo with the old one at (left, top), transparent around it. */
static LimnPicture *
extend_photo (LimnPicture *photo, gsize width, gsize height, gsize left, gsize top, GError **error)
{
  LimnPicture *big = limn_picture_new (width, height, limn_picture_get_depth (photo), error);
  if (!big)
    return NULL;
  gsize pixel = 4 * (gsize) limn_picture_get_depth (photo) / 8, stride = limn_picture_get_stride (photo);
  for (gsize y = 0; y < limn_picture_get_height (photo); y++)
    memcpy (limn_picture_get_data (big) + (y + top) * limn_picture_get_stride (big) + left * pixel,
            limn_picture_get_data (photo) + y * stride, stride);
  limn_picture_set_profile (big, limn_picture_get_profile (photo));
  limn_picture_set_exif (big, limn_picture_get_exif (photo));
  limn_picture_set_resolution (big, limn_picture_get_resolution (photo));
  limn_picture_set_has_alpha (big, TRUE);
  g_hash_table_foreach (limn_picture_get_texts (photo), copy_text, limn_picture_get_texts (big));
  return big;
}

/* Planes of a recipe are of the document's size, so that it can be run again: they grow with it. They are in place of those of the
 * old size; NULL when memory ends. */
static LimnEdit *
extend_recipe (LimnDocument *self, const LimnEdit *recipe, gsize width, gsize height, int left, int top, GError **error)
{
  g_autoptr (LimnEdit) edit = limn_edit_copy (recipe);
  LimnPlane *planes[] = { &edit->mask, &edit->lines };
  for (guint i = 0; i < G_N_ELEMENTS (planes); i++) {
    if (!planes[i]->bytes)
      continue;
    g_autoptr (LimnRaster) old = limn_document_raster_from_plane (self, planes[i]);
    g_autoptr (LimnRaster) raster = limn_raster_extended (old, width, height, left, top);
    g_clear_pointer (&planes[i]->bytes, g_bytes_unref);
    if (!limn_raster_dup_plane (raster, planes[i], error))
      return NULL;
  }
  if (edit->paint) {
    g_autoptr (LimnRaster) old = limn_document_raster_from_picture (self, edit->paint);
    g_autoptr (LimnRaster) raster = limn_raster_extended (old, width, height, left, top);
    g_autoptr (GError) failure = NULL;
    g_clear_object (&edit->paint);
    edit->paint = limn_raster_dup_picture (raster, &failure);
    if (failure) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  }
  return g_steal_pointer (&edit);
}

static GPtrArray *
extend_layers (LimnDocument *self, gsize width, gsize height, int left, int top, GError **error)
{
  g_autoptr (GPtrArray) layers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->layers)); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (self->layers), i);
    const LimnEdit *recipe = limn_layer_get_recipe (layer);
    LimnEdit *extended = NULL;
    if (recipe && !(extended = extend_recipe (self, recipe, width, height, left, top, error)))
      return NULL;
    LimnLayer *moved = limn_layer_new (limn_layer_get_name (layer), limn_layer_get_picture (layer), limn_layer_get_x (layer) + left,
                                       limn_layer_get_y (layer) + top, extended, limn_layer_get_model_hash (layer));
    limn_layer_set_visible (moved, limn_layer_get_visible (layer));
    limn_layer_set_opacity (moved, limn_layer_get_opacity (layer));
    g_ptr_array_add (layers, moved);
  }
  return g_steal_pointer (&layers);
}

gboolean
limn_document_extend (LimnDocument *self, int left, int top, int right, int bottom, GError **error)
{
  g_return_val_if_fail (left >= 0 && top >= 0 && right >= 0 && bottom >= 0, FALSE);
  if (left + top + right + bottom == 0)
    return TRUE;
  limn_document_end_stroke (self);
  LimnRect old = limn_document_get_extents (self);
  gsize width = (gsize) old.width + (gsize) left + (gsize) right, height = (gsize) old.height + (gsize) top + (gsize) bottom;
  g_autoptr (LimnPicture) photo = extend_photo (self->photo, width, height, (gsize) left, (gsize) top, error);
  g_autoptr (GPtrArray) layers = photo ? extend_layers (self, width, height, left, top, error) : NULL;
  if (!layers)
    return FALSE;

  LimnHistoryStep *step = limn_history_step_new (_("Extend Canvas"));
  limn_document_remember (self, step, LIMN_DOCUMENT_HAS_CANVAS | LIMN_DOCUMENT_HAS_DOTS | LIMN_DOCUMENT_HAS_LAYERS);
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES];
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    planes[i] = limn_raster_extended (self->planes[i], width, height, left, top);
  limn_document_set_canvas (self, photo);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_object (&self->planes[i]);
    self->planes[i] = planes[i];
  }
  LimnRaster *mask = self->planes[LIMN_DOCUMENT_MASK];
  limn_mask_rectangle (mask, 0, 0, (double) width, top, LIMN_MASK_ADD);
  limn_mask_rectangle (mask, 0, top + old.height, (double) width, bottom, LIMN_MASK_ADD);
  limn_mask_rectangle (mask, 0, 0, left, (double) height, LIMN_MASK_ADD);
  limn_mask_rectangle (mask, left + old.width, 0, right, (double) height, LIMN_MASK_ADD);
  for (guint i = 0; i < self->dots->len; i++) {
    g_array_index (self->dots, LimnDot, i).x += left;
    g_array_index (self->dots, LimnDot, i).y += top;
  }
  g_list_store_splice (self->layers, 0, g_list_model_get_n_items (G_LIST_MODEL (self->layers)), layers->pdata, layers->len);
  limn_document_push (self, step);
  return TRUE;
}
