/* Another canvas: cropped, with more room, turned or mirrored. Photo, layers with their recipes, and planes are moved on another thread
 * (limn-document-operation.c runs it); dots, and how layers show, are taken when it is laid down. Whatever was painted or changed
 * meanwhile is moved again before that, so that nothing is lost and nothing waits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "app/base/limn-app-error.h"
#include "app/picture/limn-orientation.h"

/* A layer and where it was, and what became of it. */
typedef struct {
  LimnLayer *layer, *moved; /* moved NULL once done: nothing of it is left */
  int x, y;
  gboolean done;
} Moved;

struct _LimnReshape {
  LimnGeometry geometry;
  LimnRect old; /* the canvas that it is about */
  gboolean sketch;
  LimnPicture *photo, *new_photo;
  GPtrArray *layers; /* of Moved */
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES], *new_planes[LIMN_DOCUMENT_N_PLANES];
};

static void
moved_free (gpointer data)
{
  Moved *self = data;
  g_object_unref (self->layer);
  g_clear_object (&self->moved);
  g_free (self);
}

LimnReshape *
limn_reshape_new (const LimnGeometry *geometry)
{
  LimnReshape *self = g_new0 (LimnReshape, 1);
  self->geometry = *geometry;
  self->layers = g_ptr_array_new_with_free_func (moved_free);
  return self;
}

void
limn_reshape_free (LimnReshape *self)
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
is_crop (const LimnReshape *self)
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

static Moved *
find_moved (LimnReshape *self, LimnLayer *layer)
{
  for (guint i = 0; i < self->layers->len; i++) {
    Moved *one = self->layers->pdata[i];
    if (one->layer == layer && one->x == limn_layer_get_x (layer) && one->y == limn_layer_get_y (layer))
      return one;
  }
  return NULL;
}

gboolean
limn_reshape_take (LimnReshape *self, LimnDocument *document)
{
  gboolean fits = self->photo != NULL;
  if (!fits) {
    self->photo = g_object_ref (document->photo);
    self->old = limn_document_get_extents (document);
    self->sketch = document->sketch;
    if (!is_crop (self))
      self->geometry.area = self->old;
  }
  g_return_val_if_fail (self->photo == document->photo, FALSE); /* another one ends what is under way */
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (document->layers)); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (document->layers), i);
    if (find_moved (self, layer))
      continue;
    Moved *one = g_new0 (Moved, 1);
    *one = (Moved){ .layer = g_object_ref (layer), .x = limn_layer_get_x (layer), .y = limn_layer_get_y (layer) };
    g_ptr_array_add (self->layers, one);
    fits = FALSE;
  }
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    LimnRaster *plane = document->planes[i];
    if (self->planes[i] && same_tiles (plane, self->planes[i]))
      continue;
    g_clear_object (&self->planes[i]);
    g_clear_object (&self->new_planes[i]);
    self->planes[i] = limn_raster_copy (plane);
    fits = FALSE;
  }
  return fits;
}

/* -- On the other thread -- */

/* New room on a sketch is paper; on a photo it is transparent, and selected. */
static void
whiten (LimnReshape *self)
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
move_photo (LimnReshape *self, GError **error)
{
  g_autoptr (LimnPicture) cut = limn_picture_crop (self->photo, &self->geometry.area, error);
  self->new_photo = cut ? limn_picture_orient (cut, (int) self->geometry.orient, error) : NULL;
  if (self->new_photo && is_crop (self) && self->sketch)
    whiten (self);
  return self->new_photo != NULL;
}

static void
select_rest (LimnReshape *self, LimnRaster *mask)
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
  LimnReshape *self = user;
  g_autoptr (LimnRaster) old = limn_raster_get_width (raster) == self->old.width && limn_raster_get_height (raster) == self->old.height
                                 ? g_object_ref (raster) /* else a file holds something odd */
                                 : limn_geometry_map_raster (&(LimnGeometry){ self->old, LIMN_ORIENT_NONE }, raster);
  return limn_geometry_map_raster (&self->geometry, old);
}

/* FALSE: it is outside of what is cut out. */
static gboolean
map_dot (LimnDot *dot, gpointer user)
{
  LimnReshape *self = user;
  int width, height;
  limn_geometry_get_size (&self->geometry, &width, &height);
  limn_geometry_map_point (&self->geometry, &dot->x, &dot->y);
  return !is_crop (self) || (dot->x >= 0 && dot->y >= 0 && dot->x < width && dot->y < height);
}

/* NULL where nothing of it is left. */
static LimnSource *
move_source (LimnReshape *self, LimnSource *source)
{
  g_autoptr (LimnSource) moved = limn_source_map (source, map_raster, map_dot, self);
  g_autoptr (LimnRaster) raster = limn_source_dup_raster (moved);
  return limn_raster_is_empty (raster) ? NULL : g_steal_pointer (&moved);
}

/* What a recipe is made of is of the canvas's size, so that it can be run again where it was. NULL: the crop left nothing of what it was
 * about, so it can't. */
static LimnEdit *
move_recipe (LimnReshape *self, const LimnEdit *recipe)
{
  g_autoptr (LimnEdit) edit = limn_edit_copy (recipe);
  LimnSource **sources[] = { &edit->from.mask, &edit->from.paint, &edit->from.lines };
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autoptr (LimnSource) old = *sources[i];
    *sources[i] = old ? move_source (self, old) : NULL;
  }
  if (limn_edit_get_kind (edit)->takes & LIMN_TAKES_DRAWING) { /* a picture of the canvas's own size */
    int width, height;
    limn_geometry_get_size (&self->geometry, &width, &height);
    limn_edit_set (edit, "width", width);
    limn_edit_set (edit, "height", height);
  }
  return recipe->from.mask && !edit->from.mask ? NULL : g_steal_pointer (&edit);
}

/* FALSE only with error. */
static gboolean
move_layer (LimnReshape *self, Moved *one, GError **error)
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
  LimnEdit *edit = recipe ? move_recipe (self, recipe) : NULL;
  part = limn_geometry_map_rect (&self->geometry, &part);
  one->moved = limn_layer_new ("", moved, part.x, part.y, edit, limn_layer_get_model_hash (one->layer)); /* named when laid down */
  return one->done = TRUE;
}

gboolean
limn_reshape_run (LimnReshape *self, GCancellable *cancellable, GError **error)
{
  if (!self->new_photo && !move_photo (self, error))
    return FALSE;
  for (guint i = 0; i < self->layers->len; i++) {
    Moved *one = self->layers->pdata[i];
    if (!one->done && (limn_set_error_if_cancelled (cancellable, error) || !move_layer (self, one, error)))
      return FALSE;
  }
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    if (self->new_planes[i])
      continue;
    if (limn_set_error_if_cancelled (cancellable, error))
      return FALSE;
    self->new_planes[i] = limn_geometry_map_raster (&self->geometry, self->planes[i]);
    if (i == LIMN_DOCUMENT_MASK && !self->sketch)
      select_rest (self, self->new_planes[i]);
  }
  return TRUE;
}

/* -- Laid down -- */

static void
lay_layers (LimnReshape *self, LimnDocument *document)
{
  g_autoptr (GPtrArray) layers = g_ptr_array_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (document->layers));
  for (guint i = 0; i < n; i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (document->layers), i);
    LimnLayer *moved = find_moved (self, layer)->moved;
    if (!moved)
      continue;
    LimnLayerStyle style = limn_layer_get_style (layer);
    limn_layer_set_name (moved, limn_layer_get_name (layer));
    limn_layer_set_style (moved, &style);
    g_ptr_array_add (layers, moved);
  }
  g_list_store_splice (document->layers, 0, n, layers->pdata, layers->len);
}

/* Those outside of what is cut out are gone. */
static void
lay_dots (LimnReshape *self, LimnDocument *document)
{
  for (guint i = document->dots->len; i-- > 0;)
    if (!map_dot (&g_array_index (document->dots, LimnDot, i), self))
      g_array_remove_index (document->dots, i);
}

LimnRect
limn_reshape_map_rect (LimnReshape *self, const LimnRect *rect, LimnRect *canvas)
{
  LimnGeometry geometry = self->geometry;
  if (!is_crop (self))
    geometry.area = *canvas;
  *canvas = (LimnRect){ 0 };
  limn_geometry_get_size (&geometry, &canvas->width, &canvas->height);
  return limn_geometry_map_rect (&geometry, rect);
}

void
limn_reshape_lay_down (LimnReshape *self, LimnDocument *document, const char *name)
{
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_document_remember (document, step, LIMN_DOCUMENT_HAS_CANVAS | LIMN_DOCUMENT_HAS_DOTS | LIMN_DOCUMENT_HAS_LAYERS);
  limn_document_swap_canvas (document, self->new_photo, self->new_planes);
  lay_dots (self, document);
  lay_layers (self, document);
  limn_document_push (document, step);
}

/* -- What people ask for -- */

const char *
limn_document_name_crop (const LimnRect *canvas, const LimnRect *area)
{
  LimnRect both = limn_rect_union (area, canvas);
  if (memcmp (&both, canvas, sizeof both) == 0)
    return _("Crop");
  return memcmp (&both, area, sizeof both) == 0 ? _("Expand") : _("Crop and Expand");
}

gboolean
limn_document_crop (LimnDocument *self, const LimnRect *area, GError **error)
{
  LimnGeometry geometry = { *area, LIMN_ORIENT_NONE };
  LimnRect all = limn_document_map_pending (self, &geometry.area), kept = limn_rect_intersect (&geometry.area, &all);
  if (memcmp (&geometry.area, &all, sizeof all) == 0)
    return TRUE;
  if (limn_rect_is_empty (&kept)) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("Nothing of the picture would be left."));
    return FALSE;
  }
  if (!limn_picture_check_size (_("The picture"), (guint64) geometry.area.width, (guint64) geometry.area.height, error))
    return FALSE;
  limn_document_ask_reshape (self, limn_reshape_new (&geometry), limn_document_name_crop (&all, &geometry.area));
  return TRUE;
}

void
limn_document_orient (LimnDocument *self, LimnOrient orient)
{
  static const char *const names[] = {
    [LIMN_ORIENT_FLIP_HORIZONTAL] = N_("Flip Horizontally"),
    [LIMN_ORIENT_HALF_TURN] = N_("Rotate by Half a Turn"),
    [LIMN_ORIENT_FLIP_VERTICAL] = N_("Flip Vertically"),
    [LIMN_ORIENT_TURN_RIGHT] = N_("Rotate Right"),
    [LIMN_ORIENT_TURN_LEFT] = N_("Rotate Left"),
  };
  g_return_if_fail (orient < G_N_ELEMENTS (names) && names[orient]);
  LimnGeometry geometry = { .orient = orient }; /* of all that is there then */
  limn_document_ask_reshape (self, limn_reshape_new (&geometry), _(names[orient]));
}
