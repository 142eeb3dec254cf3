/* From the document to an edit and back: what a task needs, its result as a layer or a new photo, and recipes recalled.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "app/picture/limn-picture-color.h"

/* -- To an edit: only what it is made of is shared here, the thread that runs it puts it together -- */

/* NULL where nothing is painted. */
static LimnSource *
share (LimnDocument *self, LimnDocumentPlane plane)
{
  return limn_raster_is_empty (self->planes[plane]) ? NULL : limn_source_new_raster (self->planes[plane]);
}

/* Kept until photo or layers change, so that all edits until then look at one picture. */
static LimnSource *
share_photo (LimnDocument *self)
{
  if (!self->flat) {
    LimnStack stack = limn_document_make_stack (self, G_MAXUINT, FALSE);
    self->flat = limn_source_new_stack (&stack);
    g_free ((gpointer) stack.layers);
  }
  return limn_source_ref (self->flat);
}

/* Kept until they change. NULL if there are none. */
static LimnSource *
share_dots (LimnDocument *self)
{
  if (self->dots->len == 0)
    return NULL;
  if (!self->discs)
    self->discs = limn_source_new_dots (self->dots, limn_picture_get_width (self->photo), limn_picture_get_height (self->photo));
  return limn_source_ref (self->discs);
}

static gboolean
missing (GError **error, const char *sentence)
{
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, sentence);
  return FALSE;
}

/* Of a size of its own on an empty canvas; over a photo it is drawn into that. */
static void
gather_drawing (LimnDocument *self, LimnEdit *edit)
{
  LimnRaster *paint = self->planes[LIMN_DOCUMENT_PAINT], *ink = self->planes[LIMN_DOCUMENT_INK];
  edit->from.paint = share (self, LIMN_DOCUMENT_PAINT);
  edit->from.lines = share (self, LIMN_DOCUMENT_INK);
  if (!self->sketch) {
    edit->from.photo = share_photo (self);
    edit->from.mask = limn_source_new_drawn (paint, ink);
  }
  limn_edit_set (edit, "width", limn_document_get_width (self));
  limn_edit_set (edit, "height", limn_document_get_height (self));
}

static gboolean
gather (LimnDocument *self, LimnEdit *edit, GError **error)
{
  const LimnEditKind *kind = limn_edit_get_kind (edit);
  if (kind->takes & LIMN_TAKES_DRAWING)
    gather_drawing (self, edit);
  else
    edit->from.photo = share_photo (self);
  if (kind->takes & LIMN_TAKES_MASK)
    edit->from.mask = share (self, LIMN_DOCUMENT_MASK);
  if (kind->takes & LIMN_TAKES_DOTS)
    edit->from.paint = share_dots (self);
  if (kind->takes & LIMN_TAKES_GUIDE) {
    edit->from.paint = share (self, LIMN_DOCUMENT_GUIDE);
    edit->from.lines = share (self, LIMN_DOCUMENT_GUIDE_INK);
  }
  gboolean lacks = (kind->needs & LIMN_TAKES_MASK && !edit->from.mask) ||
                   (kind->needs & LIMN_TAKES_DRAWING && !edit->from.paint && !edit->from.lines);
  return !lacks || missing (error, _(kind->missing));
}

LimnEdit *
limn_document_make_edit (LimnDocument *self, LimnTask task, GError **error)
{
  g_autoptr (LimnEdit) edit = limn_edit_new (task);
  return gather (self, edit, error) ? g_steal_pointer (&edit) : NULL;
}

static gboolean
find_layer (LimnDocument *self, LimnLayer *layer, guint *position)
{
  return g_list_store_find (self->layers, layer, position);
}

LimnEdit *
limn_document_make_edit_for_layer (LimnDocument *self, LimnLayer *layer, GError **error)
{
  guint position;
  g_return_val_if_fail (find_layer (self, layer, &position), NULL);
  const LimnEdit *recipe = limn_layer_get_recipe (layer);
  if (!recipe) {
    missing (error, _("This layer was not made by Limn, so it can't be made again."));
    return NULL;
  }
  LimnEdit *edit = limn_edit_copy (recipe);
  LimnStack stack = limn_document_make_stack (self, position, FALSE);
  edit->from.photo = limn_source_new_stack (&stack);
  g_free ((gpointer) stack.layers);
  return edit;
}

/* -- The live preview -- */

static void
touch_preview (LimnDocument *self)
{
  const LimnStackLayer *preview = &self->preview;
  if (!preview->picture)
    return;
  LimnRect rect = { preview->x, preview->y, (int) limn_picture_get_width (preview->picture),
                    (int) limn_picture_get_height (preview->picture) };
  if (preview->stretch)
    rect = limn_document_get_extents (self);
  limn_document_touch (self, &rect, LIMN_CHANGE_IMAGE);
  if (self->preview_for) {
    rect = limn_document_layer_rect (self->preview_for);
    limn_document_touch (self, &rect, LIMN_CHANGE_IMAGE);
  }
}

/* To be told by the caller. */
static void
clear_preview (LimnDocument *self)
{
  touch_preview (self);
  g_clear_object (&self->preview.picture);
  g_clear_object (&self->preview_for);
}

void
limn_document_set_preview (LimnDocument *self, const LimnResult *result, LimnLayer *replaces)
{
  if (!result && !self->preview.picture)
    return;
  gboolean changing = self->resized; /* what is changed right now is told once it is whole, and this with it */
  for (guint i = 0; i < G_N_ELEMENTS (self->touched); i++)
    changing |= !limn_rect_is_empty (&self->touched[i]);
  clear_preview (self);
  if (result) {
    g_set_object (&self->preview_for, replaces);
    gboolean fits = limn_picture_get_width (result->picture) == limn_picture_get_width (self->photo) &&
                    limn_picture_get_height (result->picture) == limn_picture_get_height (self->photo);
    self->preview = (LimnStackLayer){ .picture = g_object_ref (result->picture),
                                      .x = (int) result->x,
                                      .y = (int) result->y,
                                      .opacity = 1,
                                      .stretch = result->whole && !fits,
                                      .keep_alpha = result->keep_alpha };
  }
  touch_preview (self);
  if (!changing)
    limn_document_emit (self);
}

/* -- Results -- */

/* A picture of its own becomes one of the document's size, depth and profile. */
static LimnPicture *
fit_result (LimnDocument *self, const LimnResult *result, GError **error)
{
  if (!result->whole)
    return g_object_ref (result->picture);
  gboolean same_size = limn_picture_get_width (result->picture) == limn_picture_get_width (self->photo) &&
                       limn_picture_get_height (result->picture) == limn_picture_get_height (self->photo);
  g_autoptr (LimnPicture) fitted = same_size ? g_object_ref (result->picture) : limn_stack_stretch (result->picture, self->photo, error);
  if (!fitted || !limn_picture_get_profile (self->photo) || limn_picture_get_profile (fitted))
    return g_steal_pointer (&fitted);
  return limn_picture_from_srgb (self->photo, fitted, NULL, error);
}

static LimnLayer *
make_layer (LimnDocument *self, const LimnEdit *edit, const LimnResult *result, const char *name, const char *model_hash)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPicture) picture = fit_result (self, result, &error);
  if (!picture) {
    g_warning ("A result could not be fitted to the picture: %s", error->message);
    return NULL;
  }
  return limn_layer_new (name, picture, result->whole ? 0 : (int) result->x, result->whole ? 0 : (int) result->y, limn_edit_copy (edit),
                         model_hash);
}

/* What of a mask doesn't lie under used: what was painted after the edit began is still to be done. */
static LimnRaster *
without_used (LimnRaster *mask, LimnRaster *used)
{
  LimnRaster *rest = limn_raster_copy (mask);
  gsize size = limn_raster_get_tile_size (mask);
  g_autofree guint8 *pixels = g_malloc (size);
  for (guint i = 0; i < limn_raster_get_n_tiles (mask); i++) {
    LimnTile *is = limn_raster_peek_tile (mask, i), *was = limn_raster_peek_tile (used, i);
    if (is && is == was)
      limn_raster_set_tile (rest, i, NULL);
    if (!is || !was || is == was)
      continue;
    const guint8 *under = limn_tile_get_pixels (was);
    LimnRect rect = limn_raster_get_tile_rect (mask, i);
    memcpy (pixels, limn_tile_get_pixels (is), size);
    for (gsize j = 0; j < size; j++)
      if (under[j])
        pixels[j] = 0;
    limn_raster_write (rest, &rect, pixels, LIMN_TILE_SIZE);
  }
  return rest;
}

/* plane (a guide's) where mask is: elsewhere it says nothing. */
static LimnRaster *
within_mask (LimnRaster *plane, LimnRaster *mask)
{
  LimnRaster *rest = limn_raster_copy (plane);
  gsize channels = (gsize) limn_raster_get_channels (plane);
  g_autofree guint8 *pixels = g_malloc (limn_raster_get_tile_size (plane)), *inside = g_malloc (limn_raster_get_tile_size (mask));
  for (guint i = 0; i < limn_raster_get_n_tiles (plane); i++) {
    LimnRect rect = limn_raster_get_tile_rect (plane, i);
    gsize n = (gsize) rect.width * (gsize) rect.height;
    if (!limn_raster_peek_tile (plane, i))
      continue;
    if (!limn_raster_peek_tile (mask, i)) {
      limn_raster_set_tile (rest, i, NULL);
      continue;
    }
    limn_raster_read (plane, &rect, pixels, (gsize) rect.width * channels);
    limn_raster_read (mask, &rect, inside, (gsize) rect.width);
    for (gsize j = 0; j < n; j++)
      if (!inside[j])
        memset (pixels + j * channels, 0, channels);
    limn_raster_write (rest, &rect, pixels, (gsize) rect.width * channels);
  }
  return rest;
}

/* Replaces a plane's pixels by those of raster (same size) within step. */
static void
set_plane (LimnDocument *self, LimnDocumentPlane plane, LimnRaster *raster, LimnHistoryStep *step)
{
  g_autoptr (LimnRaster) before = limn_raster_copy (self->planes[plane]);
  LimnRect a = limn_raster_get_bounds (before), b = limn_raster_get_bounds (raster), both = limn_rect_union (&a, &b);
  for (guint i = 0; i < limn_raster_get_n_tiles (raster); i++) {
    LimnTile *tile = limn_raster_peek_tile (raster, i);
    limn_raster_set_tile (self->planes[plane], i, tile ? limn_tile_ref (tile) : NULL);
  }
  limn_history_step_add_tiles (step, (int) plane, before, self->planes[plane]);
  limn_document_touch (self, &both, limn_document_plane_change (plane));
}

/* Takes away the mask of an edit that is of nothing else, and the guides but for those in what is left of the mask. */
static void
clear_used (LimnDocument *self, const LimnEdit *edit, LimnHistoryStep *step)
{
  static const LimnDocumentPlane guides[] = { LIMN_DOCUMENT_GUIDE, LIMN_DOCUMENT_GUIDE_INK };
  LimnRect all = limn_document_get_extents (self);
  gboolean uses = limn_edit_get_kind (edit)->needs & LIMN_TAKES_MASK;
  g_autoptr (LimnRaster) used = uses && edit->from.mask ? limn_source_dup_raster (edit->from.mask) : NULL;
  if (!used || limn_raster_get_width (used) != all.width || limn_raster_get_height (used) != all.height)
    return;
  g_autoptr (LimnRaster) left = without_used (self->planes[LIMN_DOCUMENT_MASK], used);
  set_plane (self, LIMN_DOCUMENT_MASK, left, step);
  for (guint i = 0; i < G_N_ELEMENTS (guides); i++) {
    g_autoptr (LimnRaster) rest = within_mask (self->planes[guides[i]], left);
    set_plane (self, guides[i], rest, step);
  }
}

static void
replace_photo (LimnDocument *self, LimnPicture *picture, const char *name)
{
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_document_remember (self, step, LIMN_DOCUMENT_HAS_CANVAS | LIMN_DOCUMENT_HAS_DOTS | LIMN_DOCUMENT_HAS_LAYERS);
  g_list_store_remove_all (self->layers);
  g_array_set_size (self->dots, 0);
  self->sketch = FALSE;
  limn_document_set_canvas (self, picture);
  limn_document_push (self, step);
}

LimnLayer *
limn_document_add_result (LimnDocument *self, const LimnEdit *edit, const LimnResult *result, const char *name, const char *model_hash)
{
  limn_document_end_stroke (self);
  clear_preview (self);
  if (limn_edit_get_kind (edit)->enlarges) {
    replace_photo (self, result->picture, name);
    return NULL;
  }
  g_autofree char *own_name = limn_document_make_layer_name (self, name);
  g_autoptr (LimnLayer) layer = make_layer (self, edit, result, own_name, model_hash);
  if (!layer)
    return NULL;
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_document_remember (self, step, LIMN_DOCUMENT_HAS_LAYERS);
  clear_used (self, edit, step);
  g_list_store_append (self->layers, layer);
  limn_document_touch_layer (self, layer);
  limn_document_push (self, step);
  return layer; /* the list keeps it */
}

LimnLayer *
limn_document_replace_result (LimnDocument *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result, const char *name,
                              const char *model_hash)
{
  guint position;
  g_return_val_if_fail (find_layer (self, layer, &position), NULL);
  limn_document_end_stroke (self);
  clear_preview (self);
  g_autoptr (LimnLayer) other = make_layer (self, edit, result, limn_layer_get_name (layer), model_hash);
  if (!other)
    return NULL;
  LimnLayerStyle style = limn_layer_get_style (layer);
  style.visible = TRUE;
  limn_layer_set_style (other, &style);
  LimnHistoryStep *step = limn_history_step_new (name ? name : _("Variation"));
  limn_document_remember (self, step, LIMN_DOCUMENT_HAS_LAYERS);
  if (name)
    clear_used (self, edit, step);
  limn_document_touch_layer (self, layer);
  limn_document_touch_layer (self, other);
  g_list_store_splice (self->layers, position, 1, (gpointer *) &other, 1);
  limn_document_push (self, step);
  return other; /* the list keeps it */
}

/* -- Recipes recalled -- */

/* What was painted, on the document's canvas: at once, for it shares tiles. */
static LimnRaster *
recall (LimnDocument *self, LimnSource *from, LimnDocumentPlane plane)
{
  LimnRect all = limn_document_get_extents (self);
  g_autoptr (LimnRaster) raster = from ? limn_source_dup_raster (from) : NULL;
  if (!raster)
    return limn_raster_new ((gsize) all.width, (gsize) all.height, limn_document_plane_channels (plane));
  if (limn_raster_get_width (raster) == all.width && limn_raster_get_height (raster) == all.height)
    return g_steal_pointer (&raster);
  return limn_geometry_map_raster (&(LimnGeometry){ all, LIMN_ORIENT_NONE }, raster); /* a file may hold anything */
}

static void
recall_plane (LimnDocument *self, LimnSource *from, LimnDocumentPlane plane, LimnHistoryStep *step)
{
  g_autoptr (LimnRaster) raster = recall (self, from, plane);
  set_plane (self, plane, raster, step);
}

static void
recall_dots (LimnDocument *self, LimnSource *from)
{
  const GArray *dots = from ? limn_source_get_dots (from) : NULL;
  LimnRect all = limn_document_get_extents (self);
  g_array_set_size (self->dots, 0);
  if (dots)
    g_array_append_vals (self->dots, dots->data, dots->len);
  limn_document_touch (self, &all, LIMN_CHANGE_DOTS);
}

void
limn_document_recall_layer (LimnDocument *self, LimnLayer *layer)
{
  const LimnEdit *recipe = limn_layer_get_recipe (layer);
  if (!recipe)
    return;
  LimnTakes takes = limn_edit_get_kind (recipe)->takes;
  limn_document_end_stroke (self);
  limn_document_cancel_operations (self);
  LimnHistoryStep *step = limn_history_step_new (_("Edit Again"));
  limn_document_remember (self, step, LIMN_DOCUMENT_HAS_DOTS); /* a step even where everything is there still: its undo ends the editing */
  if (takes & LIMN_TAKES_MASK)
    recall_plane (self, recipe->from.mask, LIMN_DOCUMENT_MASK, step);
  if (takes & LIMN_TAKES_DOTS)
    recall_dots (self, recipe->from.paint);
  if (takes & (LIMN_TAKES_GUIDE | LIMN_TAKES_DRAWING)) {
    gboolean guide = takes & LIMN_TAKES_GUIDE;
    recall_plane (self, recipe->from.paint, guide ? LIMN_DOCUMENT_GUIDE : LIMN_DOCUMENT_PAINT, step);
    recall_plane (self, recipe->from.lines, guide ? LIMN_DOCUMENT_GUIDE_INK : LIMN_DOCUMENT_INK, step);
  }
  limn_document_push (self, step);
}
