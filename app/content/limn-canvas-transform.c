/* Another canvas for everything that a document holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-canvas-transform.h"

#include "app/base/limn-app-error.h"
#include "app/picture/limn-orientation.h"
#include "app/raster/limn-mask.h"

#include <string.h>

/* A layer and where it was, and what became of it. */
typedef struct {
  LimnLayer *layer, *moved; /* NULL once done: cropped altogether */
  int x, y;
  gboolean done;
} LayerTransform;

struct _LimnCanvasTransform {
  LimnGeometry geometry;
  LimnRect old; /* the canvas that it is about */
  gboolean sketch;
  LimnPicture *photo, *new_photo;
  GPtrArray *layers; /* of LayerTransform */
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES], *new_planes[LIMN_DOCUMENT_N_PLANES];
};

static void
layer_transform_free (gpointer data)
{
  LayerTransform *self = data;
  g_object_unref (self->layer);
  g_clear_object (&self->moved);
  g_free (self);
}

LimnCanvasTransform *
limn_canvas_transform_new (const LimnGeometry *geometry)
{
  LimnCanvasTransform *self = g_new0 (LimnCanvasTransform, 1);
  self->geometry = *geometry;
  self->layers = g_ptr_array_new_with_free_func (layer_transform_free);
  return self;
}

void
limn_canvas_transform_free (LimnCanvasTransform *self)
{
  if (!self)
    return;
  g_clear_object (&self->photo);
  g_clear_object (&self->new_photo);
  g_ptr_array_unref (self->layers);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_object (&self->planes[i]);
    g_clear_object (&self->new_planes[i]);
  }
  g_free (self);
}

static gboolean
is_crop (const LimnCanvasTransform *self)
{
  return self->geometry.orient == LIMN_ORIENT_NONE;
}

static gboolean
same_tiles (LimnRaster *a, LimnRaster *b)
{
  for (guint i = 0; i < limn_raster_get_n_tiles (a); i++)
    if (limn_raster_peek_tile (a, i) != limn_raster_peek_tile (b, i))
      return FALSE;
  return TRUE;
}

static LayerTransform *
find_layer (LimnCanvasTransform *self, LimnLayer *layer)
{
  for (guint i = 0; i < self->layers->len; i++) {
    LayerTransform *one = self->layers->pdata[i];
    if (one->layer == layer && one->x == limn_layer_get_x (layer) && one->y == limn_layer_get_y (layer))
      return one;
  }
  return NULL;
}

gboolean
limn_canvas_transform_capture (LimnCanvasTransform *self, LimnContent *content)
{
  gboolean current = self->photo != NULL;
  if (!current) {
    self->photo = g_object_ref (content->photo);
    self->old = limn_content_get_extents (content);
    self->sketch = content->sketch;
    if (!is_crop (self))
      self->geometry.area = self->old;
  }
  g_return_val_if_fail (self->photo == content->photo, FALSE); /* another photo clears the queue */
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (content->layers)); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (content->layers), i);
    if (find_layer (self, layer))
      continue;
    LayerTransform *one = g_new0 (LayerTransform, 1);
    *one = (LayerTransform){ .layer = g_object_ref (layer), .x = limn_layer_get_x (layer), .y = limn_layer_get_y (layer) };
    g_ptr_array_add (self->layers, one);
    current = FALSE;
  }
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    LimnRaster *plane = content->planes[i];
    if (self->planes[i] && same_tiles (plane, self->planes[i]))
      continue;
    g_clear_object (&self->planes[i]);
    g_clear_object (&self->new_planes[i]);
    self->planes[i] = limn_raster_copy (plane);
    current = FALSE;
  }
  return current;
}

/* -- On the other thread -- */

/* New area is white on a sketch; on a photo it is transparent, and selected. */
static void
fill_new_area (LimnCanvasTransform *self)
{
  LimnRect kept = limn_geometry_map_rect (&self->geometry, &self->old);
  int width = (int) limn_picture_get_width (self->new_photo), height = (int) limn_picture_get_height (self->new_photo);
  gsize pixel = 4 * (gsize) limn_picture_get_depth (self->new_photo) / 8, stride = limn_picture_get_stride (self->new_photo);
  for (int y = 0; y < height; y++) {
    guint8 *row = limn_picture_get_data (self->new_photo) + (gsize) y * stride;
    if (y < kept.y || y >= kept.y + kept.height) {
      memset (row, 255, stride);
      continue;
    }
    int left = CLAMP (kept.x, 0, width), right = CLAMP (kept.x + kept.width, 0, width);
    memset (row, 255, (gsize) left * pixel);
    memset (row + (gsize) right * pixel, 255, (gsize) (width - right) * pixel);
  }
  limn_picture_set_has_alpha (self->new_photo, limn_picture_get_has_alpha (self->photo));
}

static gboolean
transform_photo (LimnCanvasTransform *self, GError **error)
{
  g_autoptr (LimnPicture) cut = limn_picture_crop (self->photo, &self->geometry.area, error);
  self->new_photo = cut ? limn_picture_orient (cut, (int) self->geometry.orient, error) : NULL;
  if (self->new_photo && is_crop (self) && self->sketch)
    fill_new_area (self);
  return self->new_photo != NULL;
}

static void
select_new_area (LimnCanvasTransform *self, LimnRaster *mask)
{
  LimnRect kept = limn_geometry_map_rect (&self->geometry, &self->old);
  int width = limn_raster_get_width (mask), height = limn_raster_get_height (mask);
  limn_mask_rectangle (mask, 0, 0, width, kept.y, LIMN_MASK_ADD);
  limn_mask_rectangle (mask, 0, kept.y + kept.height, width, height - kept.y - kept.height, LIMN_MASK_ADD);
  limn_mask_rectangle (mask, 0, 0, kept.x, height, LIMN_MASK_ADD);
  limn_mask_rectangle (mask, kept.x + kept.width, 0, width - kept.x - kept.width, height, LIMN_MASK_ADD);
}

static LimnRaster *
map_raster (LimnRaster *raster, gpointer user)
{
  LimnCanvasTransform *self = user;
  g_autoptr (LimnRaster) old = limn_raster_get_width (raster) == self->old.width && limn_raster_get_height (raster) == self->old.height
                                 ? g_object_ref (raster) /* else a file holds something odd */
                                 : limn_geometry_map_raster (&(LimnGeometry){ self->old, LIMN_ORIENT_NONE }, raster);
  return limn_geometry_map_raster (&self->geometry, old);
}

/* FALSE: it is outside of what is cut out. */
static gboolean
map_dot (LimnDot *dot, gpointer user)
{
  LimnCanvasTransform *self = user;
  int width, height;
  limn_geometry_get_size (&self->geometry, &width, &height);
  limn_geometry_map_point (&self->geometry, &dot->x, &dot->y);
  return !is_crop (self) || (dot->x >= 0 && dot->y >= 0 && dot->x < width && dot->y < height);
}

/* Turned by a quarter the horizon is none, and the sun stands elsewhere. */
static LimnScenery
map_scenery (LimnCanvasTransform *self, const LimnScenery *scenery)
{
  LimnScenery moved = LIMN_SCENERY_INIT;
  double x = 0, horizon = scenery->horizon * self->old.height, sun_x = scenery->sun_x * self->old.width,
         sun_y = scenery->sun_y * self->old.height;
  int width, height;
  if (limn_orientation_get (self->geometry.orient).swap)
    return moved;
  limn_geometry_get_size (&self->geometry, &width, &height);
  limn_geometry_map_point (&self->geometry, &x, &horizon);
  limn_geometry_map_point (&self->geometry, &sun_x, &sun_y);
  if (scenery->horizon != LIMN_SCENERY_AUTOMATIC)
    moved.horizon = CLAMP (horizon / height, 0, 1);
  if (scenery->sun_x != LIMN_SCENERY_AUTOMATIC) {
    moved.sun_x = CLAMP (sun_x / width, -1 + 1e-6, 2);
    moved.sun_y = CLAMP (sun_y / height, -1, 1);
  }
  return moved;
}

/* NULL if nothing of it is left. */
static LimnSource *
transform_source (LimnCanvasTransform *self, LimnSource *source)
{
  g_autoptr (LimnSource) moved = limn_source_map (source, map_raster, map_dot, self);
  g_autoptr (LimnRaster) raster = limn_source_dup_raster (moved);
  return limn_raster_is_empty (raster) ? NULL : g_steal_pointer (&moved);
}

/* Transforms a recipe's inputs to the new canvas, so that it can be run again there. NULL if the crop removed all of its mask. */
static LimnEdit *
transform_recipe (LimnCanvasTransform *self, const LimnEdit *recipe)
{
  g_autoptr (LimnEdit) edit = limn_edit_copy (recipe);
  LimnSource **sources[] = { &edit->from.mask,  &edit->from.paint,   &edit->from.materials,
                             &edit->from.lines, &edit->from.sources, &edit->from.marks };
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autoptr (LimnSource) old = *sources[i];
    *sources[i] = old ? transform_source (self, old) : NULL;
  }
  if (limn_edit_get_kind (edit)->takes & LIMN_TAKES_DRAWING) { /* a picture of the canvas's own size */
    int width, height;
    limn_geometry_get_size (&self->geometry, &width, &height);
    limn_edit_set (edit, "width", width);
    limn_edit_set (edit, "height", height);
    LimnScenery old = limn_scenery_of_edit (edit), moved = map_scenery (self, &old);
    limn_scenery_apply (&moved, edit);
  }
  return recipe->from.mask && !edit->from.mask ? NULL : g_steal_pointer (&edit);
}

/* FALSE only with error. */
static gboolean
transform_layer (LimnCanvasTransform *self, LayerTransform *one, GError **error)
{
  const LimnEdit *recipe = limn_layer_get_recipe (one->layer);
  LimnPicture *picture = limn_layer_get_picture (one->layer);
  LimnRect rect = { one->x, one->y, (int) limn_picture_get_width (picture), (int) limn_picture_get_height (picture) }, part = rect;
  g_autoptr (LimnPicture) moved = NULL, cut = NULL;
  if (is_crop (self)) /* what reaches out of the canvas does so as well when it is turned */
    part = limn_rect_intersect (&rect, &self->geometry.area);
  if (limn_rect_is_empty (&part))
    return one->done = TRUE;
  cut = limn_picture_crop (picture, &(LimnRect){ part.x - rect.x, part.y - rect.y, part.width, part.height }, error);
  moved = cut ? limn_picture_orient (cut, (int) self->geometry.orient, error) : NULL;
  if (!moved)
    return FALSE;
  LimnEdit *edit = recipe ? transform_recipe (self, recipe) : NULL;
  part = limn_geometry_map_rect (&self->geometry, &part);
  one->moved = limn_layer_new ("", moved, part.x, part.y, edit, limn_layer_get_model_hash (one->layer)); /* named when applied */
  return one->done = TRUE;
}

gboolean
limn_canvas_transform_run (LimnCanvasTransform *self, GCancellable *cancellable, GError **error)
{
  if (!self->new_photo && !transform_photo (self, error))
    return FALSE;
  for (guint i = 0; i < self->layers->len; i++) {
    LayerTransform *one = self->layers->pdata[i];
    if (!one->done && (limn_set_error_if_cancelled (cancellable, error) || !transform_layer (self, one, error)))
      return FALSE;
  }
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    if (self->new_planes[i])
      continue;
    if (limn_set_error_if_cancelled (cancellable, error))
      return FALSE;
    self->new_planes[i] = limn_geometry_map_raster (&self->geometry, self->planes[i]);
    if (i == LIMN_DOCUMENT_MASK && !self->sketch)
      select_new_area (self, self->new_planes[i]);
  }
  return TRUE;
}

/* -- Applied -- */

static void
apply_layers (LimnCanvasTransform *self, LimnContent *content)
{
  g_autoptr (GPtrArray) layers = g_ptr_array_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (content->layers));
  for (guint i = 0; i < n; i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (content->layers), i);
    LimnLayer *moved = find_layer (self, layer)->moved;
    if (!moved)
      continue;
    LimnLayerStyle style = limn_layer_get_style (layer);
    limn_layer_set_name (moved, limn_layer_get_name (layer));
    limn_layer_set_style (moved, &style);
    g_ptr_array_add (layers, moved);
  }
  g_list_store_splice (content->layers, 0, n, layers->pdata, layers->len);
}

/* Those outside of what is cut out are gone. */
static void
apply_dots (LimnCanvasTransform *self, LimnContent *content)
{
  for (guint i = content->dots->len; i-- > 0;)
    if (!map_dot (&g_array_index (content->dots, LimnDot, i), self))
      g_array_remove_index (content->dots, i);
}

LimnRect
limn_canvas_transform_map_rect (const LimnCanvasTransform *self, const LimnRect *rect, LimnRect *canvas)
{
  LimnGeometry geometry = self->geometry;
  if (!is_crop (self))
    geometry.area = *canvas;
  *canvas = (LimnRect){ 0 };
  limn_geometry_get_size (&geometry, &canvas->width, &canvas->height);
  return limn_geometry_map_rect (&geometry, rect);
}

LimnHistoryStep *
limn_canvas_transform_apply (LimnCanvasTransform *self, LimnContent *content, const char *name)
{
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_content_capture (content, step, LIMN_CONTENT_CANVAS | LIMN_CONTENT_DOTS | LIMN_CONTENT_LAYERS);
  LimnScenery scenery = map_scenery (self, &content->scenery);
  limn_content_set_canvas (content, self->new_photo, self->new_planes);
  limn_content_set_scenery (content, &scenery);
  apply_dots (self, content);
  apply_layers (self, content);
  return step;
}
