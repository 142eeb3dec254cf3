/* From the document to an edit and back: its inputs, its result as a layer or a new photo, and recipes restored.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "app/picture/limn-picture-color.h"
#include "app/raster/limn-geometry.h"
#include "limn-document-edits.h"
#include "limn-document-strokes.h"

/* -- To an edit: only what it is made of is shared here, the thread that runs it puts it together -- */

/* NULL where nothing is painted. */
static LimnSource *
share_plane (LimnDocument *self, LimnDocumentPlane plane)
{
  return limn_raster_is_empty (self->content.planes[plane]) ? NULL : limn_source_new_raster (self->content.planes[plane]);
}

/* Kept until photo or layers change, so that all edits until then look at one picture. */
static LimnSource *
share_photo (LimnDocument *self)
{
  if (!self->flattened) {
    LimnStack stack = limn_content_make_stack (&self->content, G_MAXUINT, FALSE);
    self->flattened = limn_source_new_stack (&stack);
    g_free ((gpointer) stack.layers);
  }
  return limn_source_ref (self->flattened);
}

LimnSource *
limn_document_share_seen (LimnDocument *self)
{
  LimnStack stack = limn_content_make_stack (&self->content, G_MAXUINT, TRUE);
  LimnSource *source = limn_source_new_stack (&stack);
  g_free ((gpointer) stack.layers);
  return source;
}

/* Kept until they change. NULL if there are none. */
static LimnSource *
share_dots (LimnDocument *self)
{
  if (self->content.dots->len == 0)
    return NULL;
  if (!self->dots_source)
    self->dots_source = limn_source_new_dots (self->content.dots, limn_picture_get_width (self->content.photo),
                                              limn_picture_get_height (self->content.photo));
  return limn_source_ref (self->dots_source);
}

static gboolean
set_missing (GError **error, const char *sentence)
{
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, sentence);
  return FALSE;
}

/* Of a size of its own on an empty canvas; over a photo it is drawn into that. */
static void
add_drawing (LimnDocument *self, LimnEdit *edit)
{
  LimnRaster *paint = self->content.planes[LIMN_DOCUMENT_PAINT], *ink = self->content.planes[LIMN_DOCUMENT_LINES];
  edit->from.paint = share_plane (self, LIMN_DOCUMENT_PAINT);
  edit->from.materials = share_plane (self, LIMN_DOCUMENT_MATERIALS);
  edit->from.lines = share_plane (self, LIMN_DOCUMENT_LINES);
  if (!self->content.sketch) {
    edit->from.photo = share_photo (self);
    edit->from.mask = limn_source_new_drawn (paint, ink);
  }
  limn_edit_set (edit, "width", limn_document_get_width (self));
  limn_edit_set (edit, "height", limn_document_get_height (self));
  limn_scenery_apply (&self->content.scenery, edit);
}

static gboolean
add_inputs (LimnDocument *self, LimnEdit *edit, GError **error)
{
  const LimnEditKind *kind = limn_edit_get_kind (edit);
  if (kind->takes & LIMN_TAKES_DRAWING)
    add_drawing (self, edit);
  else
    edit->from.photo = share_photo (self);
  if (kind->takes & LIMN_TAKES_MASK)
    edit->from.mask = share_plane (self, LIMN_DOCUMENT_MASK);
  if (kind->takes & LIMN_TAKES_DOTS)
    edit->from.paint = share_dots (self);
  if (kind->takes & LIMN_TAKES_GUIDE) {
    edit->from.paint = share_plane (self, LIMN_DOCUMENT_GUIDE);
    edit->from.lines = share_plane (self, LIMN_DOCUMENT_GUIDE_LINES);
  }
  if (kind->takes & LIMN_TAKES_SOURCES)
    edit->from.sources = share_plane (self, LIMN_DOCUMENT_SOURCES);
  if (kind->takes & LIMN_TAKES_SURFACES)
    edit->from.surfaces = limn_surface_list_ref (self->content.surfaces);
  if (kind->takes & LIMN_TAKES_MARKS)
    edit->from.marks = share_plane (self, LIMN_DOCUMENT_MARKS);
  gboolean lacks = (kind->needs & LIMN_TAKES_MASK && !edit->from.mask) ||
                   (kind->needs & LIMN_TAKES_DRAWING && !edit->from.paint && !edit->from.lines);
  return !lacks || set_missing (error, _(kind->missing));
}

LimnEdit *
limn_document_make_edit (LimnDocument *self, LimnTask task, GError **error)
{
  g_autoptr (LimnEdit) edit = limn_edit_new (task);
  return add_inputs (self, edit, error) ? g_steal_pointer (&edit) : NULL;
}

LimnEdit *
limn_document_make_edit_for_layer (LimnDocument *self, LimnLayer *layer, GError **error)
{
  guint position;
  g_return_val_if_fail (limn_content_find_layer (&self->content, layer, &position), NULL);
  const LimnEdit *recipe = limn_layer_get_recipe (layer);
  if (!recipe) {
    set_missing (error, _("This layer was not made by Limn, so it can't be made again."));
    return NULL;
  }
  LimnEdit *edit = limn_edit_copy (recipe);
  LimnStack stack = limn_content_make_stack (&self->content, position, FALSE);
  edit->from.photo = limn_source_new_stack (&stack);
  g_free ((gpointer) stack.layers);
  return edit;
}

/* -- The live preview -- */

void
limn_document_set_preview (LimnDocument *self, const LimnResult *result, LimnLayer *replaces)
{
  if (!result && !self->content.preview.picture)
    return;
  gboolean changing = limn_content_is_damaged (&self->content); /* a change in progress emits "changed" when it ends, including this one */
  limn_content_set_preview (&self->content, result, replaces);
  if (!changing)
    limn_document_emit_changed (self);
}

/* -- Results -- */

/* A picture of its own becomes one of the document's size, depth and profile. */
static LimnPicture *
fit_result (LimnDocument *self, const LimnResult *result, GError **error)
{
  if (!result->whole)
    return g_object_ref (result->picture);
  gboolean same_size = limn_picture_get_width (result->picture) == limn_picture_get_width (self->content.photo) &&
                       limn_picture_get_height (result->picture) == limn_picture_get_height (self->content.photo);
  g_autoptr (LimnPicture) fitted = same_size ? g_object_ref (result->picture)
                                             : limn_stack_stretch (result->picture, self->content.photo, error);
  if (!fitted || !limn_picture_get_profile (self->content.photo) || limn_picture_get_profile (fitted))
    return g_steal_pointer (&fitted);
  return limn_picture_convert (fitted, self->content.photo, NULL, error);
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

/* What of a plane of one channel doesn't lie under used: what was painted after the edit began is still to be done. */
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

/* Takes away the mask of an edit that is of nothing else, the sources, and the guides but for those in what is left of the mask. */
static void
clear_used (LimnDocument *self, const LimnEdit *edit, LimnHistoryStep *step)
{
  static const LimnDocumentPlane guides[] = { LIMN_DOCUMENT_GUIDE, LIMN_DOCUMENT_GUIDE_LINES };
  LimnRect all = limn_content_get_extents (&self->content);
  gboolean uses = limn_edit_kind_uses_mask_up (limn_edit_get_kind (edit));
  g_autoptr (LimnRaster) used = uses && edit->from.mask ? limn_source_dup_raster (edit->from.mask) : NULL;
  if (!used || limn_raster_get_width (used) != all.width || limn_raster_get_height (used) != all.height)
    return;
  g_autoptr (LimnRaster) left = without_used (self->content.planes[LIMN_DOCUMENT_MASK], used);
  limn_content_set_plane (&self->content, LIMN_DOCUMENT_MASK, left, step);
  for (guint i = 0; i < G_N_ELEMENTS (guides); i++) {
    g_autoptr (LimnRaster) rest = within_mask (self->content.planes[guides[i]], left);
    limn_content_set_plane (&self->content, guides[i], rest, step);
  }
  g_autoptr (LimnRaster) told = edit->from.sources ? limn_source_dup_raster (edit->from.sources) : NULL;
  if (told) {
    g_autoptr (LimnRaster) rest = without_used (self->content.planes[LIMN_DOCUMENT_SOURCES], told);
    limn_content_set_plane (&self->content, LIMN_DOCUMENT_SOURCES, rest, step);
  }
}

static void
replace_photo (LimnDocument *self, LimnPicture *picture, const char *name)
{
  LimnHistoryStep *step = limn_document_begin_step (self, name, LIMN_CONTENT_CANVAS | LIMN_CONTENT_DOTS | LIMN_CONTENT_LAYERS);
  g_list_store_remove_all (self->content.layers);
  g_array_set_size (self->content.dots, 0);
  self->content.sketch = FALSE;
  self->content.scenery = (LimnScenery) LIMN_SCENERY_INIT;
  limn_operation_queue_clear (self->operations); /* they are about another canvas */
  limn_content_set_canvas (&self->content, picture, NULL);
  limn_document_push (self, step);
}

LimnLayer *
limn_document_add_result (LimnDocument *self, const LimnEdit *edit, const LimnResult *result, const char *name, const char *model_hash)
{
  limn_document_end_stroke (self);
  limn_content_set_preview (&self->content, NULL, NULL);
  if (limn_edit_get_kind (edit)->enlarges) {
    replace_photo (self, result->picture, name);
    return NULL;
  }
  g_autofree char *own_name = limn_content_make_layer_name (&self->content, name);
  g_autoptr (LimnLayer) layer = make_layer (self, edit, result, own_name, model_hash);
  if (!layer)
    return NULL;
  LimnHistoryStep *step = limn_document_begin_step (self, name, LIMN_CONTENT_LAYERS);
  clear_used (self, edit, step);
  g_list_store_append (self->content.layers, layer);
  limn_content_damage_layer (&self->content, layer);
  limn_document_push (self, step);
  return layer; /* the list keeps it */
}

LimnLayer *
limn_document_replace_result (LimnDocument *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result, const char *name,
                              const char *model_hash)
{
  guint position;
  g_return_val_if_fail (limn_content_find_layer (&self->content, layer, &position), NULL);
  limn_document_end_stroke (self);
  limn_content_set_preview (&self->content, NULL, NULL);
  g_autoptr (LimnLayer) other = make_layer (self, edit, result, limn_layer_get_name (layer), model_hash);
  if (!other)
    return NULL;
  LimnLayerStyle style = limn_layer_get_style (layer);
  style.visible = TRUE;
  limn_layer_set_style (other, &style);
  LimnHistoryStep *step = limn_document_begin_step (self, name ? name : _("Variation"), LIMN_CONTENT_LAYERS);
  if (name)
    clear_used (self, edit, step);
  limn_content_damage_layer (&self->content, layer);
  limn_content_damage_layer (&self->content, other);
  g_list_store_splice (self->content.layers, position, 1, (gpointer *) &other, 1);
  limn_document_push (self, step);
  return other; /* the list keeps it */
}

/* -- Recipes recalled -- */

/* What was painted, on the document's canvas: at once, for it shares tiles. */
static LimnRaster *
read_plane (LimnDocument *self, LimnSource *from, LimnDocumentPlane plane)
{
  LimnRect all = limn_content_get_extents (&self->content);
  g_autoptr (LimnRaster) raster = from ? limn_source_dup_raster (from) : NULL;
  if (!raster)
    return limn_raster_new ((gsize) all.width, (gsize) all.height, limn_document_plane_channels (plane));
  if (limn_raster_get_width (raster) == all.width && limn_raster_get_height (raster) == all.height)
    return g_steal_pointer (&raster);
  return limn_geometry_map_raster (&(LimnGeometry){ all, LIMN_ORIENT_NONE }, raster); /* a file may hold anything */
}

static void
restore_plane (LimnDocument *self, LimnSource *from, LimnDocumentPlane plane, LimnHistoryStep *step)
{
  g_autoptr (LimnRaster) raster = read_plane (self, from, plane);
  limn_content_set_plane (&self->content, plane, raster, step);
}

static void
restore_dots (LimnDocument *self, LimnSource *from)
{
  const GArray *dots = from ? limn_source_get_dots (from) : NULL;
  LimnRect all = limn_content_get_extents (&self->content);
  g_array_set_size (self->content.dots, 0);
  if (dots)
    g_array_append_vals (self->content.dots, dots->data, dots->len);
  limn_damage_add (&self->content.damage, &all, LIMN_CHANGE_DOTS);
}

/* Those that the edit was made with are there again, beside those that came later. */
static void
restore_surfaces (LimnDocument *self, const LimnSurfaceList *from)
{
  for (guint i = 0; i < limn_surface_list_get_count (from); i++) {
    g_autoptr (LimnSurfaceList) with = limn_surface_list_with (self->content.surfaces, limn_surface_list_get (from, i));
    limn_content_set_surfaces (&self->content, with);
  }
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
  LimnHistoryStep *step = limn_document_begin_step (
    self, _("Edit Again"),
    LIMN_CONTENT_DOTS | LIMN_CONTENT_SCENERY |
      LIMN_CONTENT_SURFACES); /* a step even where everything is there still: its undo ends the editing */
  restore_surfaces (self, recipe->from.surfaces);
  if (takes & LIMN_TAKES_MASK)
    restore_plane (self, recipe->from.mask, LIMN_DOCUMENT_MASK, step);
  if (takes & LIMN_TAKES_DOTS)
    restore_dots (self, recipe->from.paint);
  if (takes & (LIMN_TAKES_GUIDE | LIMN_TAKES_DRAWING)) {
    gboolean guide = takes & LIMN_TAKES_GUIDE;
    restore_plane (self, recipe->from.paint, guide ? LIMN_DOCUMENT_GUIDE : LIMN_DOCUMENT_PAINT, step);
    restore_plane (self, recipe->from.lines, guide ? LIMN_DOCUMENT_GUIDE_LINES : LIMN_DOCUMENT_LINES, step);
  }
  if (takes & LIMN_TAKES_SOURCES)
    restore_plane (self, recipe->from.sources, LIMN_DOCUMENT_SOURCES, step);
  if (takes & LIMN_TAKES_MARKS)
    restore_plane (self, recipe->from.marks, LIMN_DOCUMENT_MARKS, step);
  if (takes & LIMN_TAKES_DRAWING) {
    LimnScenery scenery = limn_scenery_of_edit (recipe);
    restore_plane (self, recipe->from.materials, LIMN_DOCUMENT_MATERIALS, step);
    limn_content_set_scenery (&self->content, &scenery);
  }
  limn_document_push (self, step);
}
