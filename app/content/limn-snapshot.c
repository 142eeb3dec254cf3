/* Snapshots: what a document is at one moment.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-snapshot.h"

#include "app/compose/limn-stack.h"

int
limn_document_plane_channels (LimnDocumentPlane plane)
{
  return plane == LIMN_DOCUMENT_PAINT || plane == LIMN_DOCUMENT_GUIDE ? 4 : 1;
}

gboolean
limn_document_plane_has_labels (LimnDocumentPlane plane)
{
  return plane == LIMN_DOCUMENT_MATERIALS || plane == LIMN_DOCUMENT_SOURCES || plane == LIMN_DOCUMENT_MARKS;
}

void
limn_scenery_apply (const LimnScenery *self, LimnEdit *edit)
{
  limn_edit_set (edit, "horizon", self->horizon);
  limn_edit_set (edit, "sun-x", self->sun_x);
  limn_edit_set (edit, "sun-y", self->sun_y);
}

LimnScenery
limn_scenery_of_edit (const LimnEdit *edit)
{
  return (LimnScenery){ limn_edit_get (edit, "horizon"), limn_edit_get (edit, "sun-x"), limn_edit_get (edit, "sun-y") };
}

static void
layer_free (gpointer data)
{
  LimnSnapshotLayer *layer = data;
  g_free (layer->name);
  g_clear_object (&layer->picture);
  g_clear_pointer (&layer->recipe, limn_edit_free);
  g_free (layer->model_hash);
  g_free (layer);
}

LimnSnapshot *
limn_snapshot_new (LimnPicture *photo)
{
  LimnSnapshot *self = g_new0 (LimnSnapshot, 1);
  g_atomic_ref_count_init (&self->refs);
  self->photo = g_object_ref (photo);
  self->layers = g_ptr_array_new_with_free_func (layer_free);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    self->planes[i] = limn_raster_new (limn_picture_get_width (photo), limn_picture_get_height (photo), limn_document_plane_channels (i));
  self->dots = g_array_new (FALSE, FALSE, sizeof (LimnDot));
  self->scenery = (LimnScenery) LIMN_SCENERY_INIT;
  return self;
}

void
limn_snapshot_add_layer (LimnSnapshot *self, const char *name, LimnPicture *picture, int x, int y, const LimnLayerStyle *style,
                         const LimnEdit *recipe, const char *model_hash)
{
  LimnSnapshotLayer *layer = g_new0 (LimnSnapshotLayer, 1);
  *layer = (LimnSnapshotLayer){ .name = g_strdup (name),
                                .picture = g_object_ref (picture),
                                .x = x,
                                .y = y,
                                .style = *style,
                                .recipe = recipe ? limn_edit_copy (recipe) : NULL,
                                .model_hash = g_strdup (model_hash) };
  g_ptr_array_add (self->layers, layer);
}

LimnSnapshot *
limn_snapshot_ref (LimnSnapshot *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
limn_snapshot_unref (LimnSnapshot *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_object (&self->photo);
  g_ptr_array_unref (self->layers);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    g_clear_object (&self->planes[i]);
  g_array_unref (self->dots);
  limn_surface_list_unref (self->surfaces);
  g_free (self->path);
  g_free (self->stamp);
  g_free (self->name);
  g_free (self);
}

/* The visible ones of the lowest n_layers. Free layers with g_free. */
static LimnStack
make_stack (LimnSnapshot *self, guint n_layers)
{
  guint n = MIN (n_layers, self->layers->len);
  LimnStackLayer *layers = g_new (LimnStackLayer, n);
  LimnStack stack = { self->photo, layers, 0 };
  for (guint i = 0; i < n; i++) {
    const LimnSnapshotLayer *layer = self->layers->pdata[i];
    if (limn_layer_style_is_visible (&layer->style))
      layers[stack.n_layers++] = (LimnStackLayer){
        .picture = layer->picture,
        .x = layer->x,
        .y = layer->y,
        .opacity = layer->style.opacity,
        .blend = layer->style.blend,
        .keep_alpha = layer->recipe && limn_edit_get_kind (layer->recipe)->keeps_alpha,
      };
  }
  return stack;
}

/* A sketch in which no layer shows is seen as it was drawn. */
static gboolean
is_drawn (LimnSnapshot *self, const LimnStack *stack)
{
  return self->sketch && stack->n_layers == 0 &&
         !(limn_raster_is_empty (self->planes[LIMN_DOCUMENT_PAINT]) && limn_raster_is_empty (self->planes[LIMN_DOCUMENT_LINES]));
}

/* Black ink of that coverage over a pixel of paint, straight alpha. */
static void
draw_ink (guint8 *pixel, guint8 ink)
{
  guint below = (guint) pixel[3] * (255 - ink), alpha = 255 * (guint) ink + below; /* of 255 * 255 */
  for (int k = 0; k < 3 && alpha > 0; k++)
    pixel[k] = (guint8) ((pixel[k] * below + alpha / 2) / alpha);
  pixel[3] = (guint8) ((alpha + 127) / 255);
}

/* The sketch's paint with its lines over it. */
static LimnPicture *
make_drawing (LimnSnapshot *self, GError **error)
{
  LimnPicture *drawing = limn_raster_dup_picture (self->planes[LIMN_DOCUMENT_PAINT], NULL, error);
  int width = limn_raster_get_width (self->planes[LIMN_DOCUMENT_LINES]),
      height = limn_raster_get_height (self->planes[LIMN_DOCUMENT_LINES]);
  g_autofree guint8 *ink = g_malloc ((gsize) width);
  for (int y = 0; drawing && y < height; y++) {
    guint8 *row = limn_picture_get_data (drawing) + (gsize) y * limn_picture_get_stride (drawing);
    limn_raster_read (self->planes[LIMN_DOCUMENT_LINES], &(LimnRect){ 0, y, width, 1 }, ink, (gsize) width);
    for (int x = 0; x < width; x++)
      if (ink[x])
        draw_ink (row + 4 * x, ink[x]);
  }
  return drawing;
}

/* make_stack, with what was drawn where that is what is seen; *drawing: to be unreffed with the stack. FALSE and error when memory
 * ends. */
static gboolean
make_seen_stack (LimnSnapshot *self, guint n_layers, LimnStack *stack, LimnPicture **drawing, GError **error)
{
  *stack = make_stack (self, n_layers);
  *drawing = NULL;
  if (n_layers < self->layers->len || !is_drawn (self, stack))
    return TRUE;
  *drawing = make_drawing (self, error);
  if (!*drawing)
    return FALSE;
  LimnStackLayer *layers = g_renew (LimnStackLayer, (gpointer) stack->layers, 1);
  layers[0] = (LimnStackLayer){ .picture = *drawing, .opacity = 1 };
  stack->layers = layers;
  stack->n_layers = 1;
  return TRUE;
}

void
limn_snapshot_render (LimnSnapshot *self, LimnSnapshotSource source, guint n_layers, int level, const LimnRect *rect, guint8 *out,
                      gsize stride)
{
  LimnStack stack;
  g_autoptr (LimnPicture) drawing = NULL;
  if (source == LIMN_SNAPSHOT_ORIGINAL)
    stack = make_stack (self, 0);
  else
    make_seen_stack (self, n_layers, &stack, &drawing, NULL);
  limn_stack_render (&stack, level, rect, out, stride);
  g_free ((gpointer) stack.layers);
}

LimnPicture *
limn_snapshot_flatten (LimnSnapshot *self, guint n_layers, GError **error)
{
  LimnStack stack;
  g_autoptr (LimnPicture) drawing = NULL;
  LimnPicture *flat = make_seen_stack (self, n_layers, &stack, &drawing, error) ? limn_stack_flatten (&stack, NULL, error) : NULL;
  g_free ((gpointer) stack.layers);
  return flat;
}
