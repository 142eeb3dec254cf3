/* Snapshots: what a document is at one moment.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-snapshot.h"

#include "app/compose/limn-stack.h"

int
limn_document_plane_channels (LimnDocumentPlane plane)
{
  return plane == LIMN_DOCUMENT_PAINT || plane == LIMN_DOCUMENT_GUIDE ? 4 : 1;
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
  g_free (self->path);
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

void
limn_snapshot_render (LimnSnapshot *self, LimnSnapshotSource source, guint n_layers, int level, const LimnRect *rect, guint8 *out,
                      gsize stride)
{
  LimnStack stack = make_stack (self, source == LIMN_SNAPSHOT_ORIGINAL ? 0 : n_layers);
  limn_stack_render (&stack, level, rect, out, stride);
  g_free ((gpointer) stack.layers);
}

LimnPicture *
limn_snapshot_flatten (LimnSnapshot *self, guint n_layers, GError **error)
{
  LimnStack stack = make_stack (self, n_layers);
  LimnPicture *flat = limn_stack_flatten (&stack, NULL, error);
  g_free ((gpointer) stack.layers);
  return flat;
}
