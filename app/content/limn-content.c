/* What a document holds and shows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-content.h"

#include <math.h>
#include <string.h>

void
limn_content_init (LimnContent *self)
{
  *self = (LimnContent){ 0 };
  self->dots = g_array_new (FALSE, FALSE, sizeof (LimnDot));
  self->layers = g_list_store_new (LIMN_TYPE_LAYER);
  self->scenery = (LimnScenery) LIMN_SCENERY_INIT;
}

void
limn_content_clear (LimnContent *self)
{
  g_clear_object (&self->photo);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    g_clear_object (&self->planes[i]);
  g_clear_pointer (&self->dots, g_array_unref);
  g_clear_pointer (&self->surfaces, limn_surface_list_unref);
  g_clear_object (&self->layers);
  g_clear_object (&self->preview.picture);
  g_clear_object (&self->preview_for);
}

LimnRect
limn_content_get_extents (const LimnContent *self)
{
  return (LimnRect){ 0, 0, (int) limn_picture_get_width (self->photo), (int) limn_picture_get_height (self->photo) };
}

/* -- Damage -- */

gboolean
limn_content_is_damaged (const LimnContent *self)
{
  return self->resized || !limn_damage_is_empty (&self->damage, (1u << LIMN_N_CHANGES) - 1);
}

LimnChange
limn_plane_get_change (LimnDocumentPlane plane)
{
  switch (plane) {
  case LIMN_DOCUMENT_MASK: return LIMN_CHANGE_MASK;
  case LIMN_DOCUMENT_MARKS: return LIMN_CHANGE_MARKS;
  case LIMN_DOCUMENT_PAINT:
  case LIMN_DOCUMENT_MATERIALS:
  case LIMN_DOCUMENT_LINES: return LIMN_CHANGE_PAINT;
  default: return LIMN_CHANGE_GUIDE;
  }
}

void
limn_content_damage_plane (LimnContent *self, LimnDocumentPlane plane, const LimnRect *rect)
{
  limn_damage_add (&self->damage, rect, limn_plane_get_change (plane));
}

void
limn_content_damage_layer (LimnContent *self, LimnLayer *layer)
{
  LimnPicture *picture = limn_layer_get_picture (layer);
  LimnRect rect = { limn_layer_get_x (layer), limn_layer_get_y (layer), (int) limn_picture_get_width (picture),
                    (int) limn_picture_get_height (picture) };
  limn_damage_add (&self->damage, &rect, LIMN_CHANGE_IMAGE);
}

void
limn_content_damage_dot (LimnContent *self, const LimnDot *dot)
{
  int r = (int) ceil (dot->radius) + 2;
  LimnRect rect = { (int) floor (dot->x) - r, (int) floor (dot->y) - r, 2 * r + 1, 2 * r + 1 };
  limn_damage_add (&self->damage, &rect, LIMN_CHANGE_DOTS);
}

/* -- Canvas and planes -- */

void
limn_content_set_canvas (LimnContent *self, LimnPicture *photo, LimnRaster *const *planes)
{
  g_clear_object (&self->preview.picture);
  g_clear_object (&self->preview_for);
  g_set_object (&self->photo, photo);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_autoptr (LimnRaster)
      plane = planes ? g_object_ref (planes[i])
                     : limn_raster_new (limn_picture_get_width (photo), limn_picture_get_height (photo), limn_document_plane_channels (i));
    g_set_object (&self->planes[i], plane);
  }
  self->resized = TRUE;
  LimnRect all = limn_content_get_extents (self);
  limn_damage_add (&self->damage, &all, (1u << LIMN_N_CHANGES) - 1);
}

void
limn_content_set_plane (LimnContent *self, LimnDocumentPlane plane, LimnRaster *raster, LimnHistoryStep *step)
{
  g_autoptr (LimnRaster) before = limn_raster_copy (self->planes[plane]);
  LimnRect a = limn_raster_get_bounds (before), b = limn_raster_get_bounds (raster), both = limn_rect_union (&a, &b);
  for (guint i = 0; i < limn_raster_get_n_tiles (raster); i++) {
    LimnTile *tile = limn_raster_peek_tile (raster, i);
    limn_raster_set_tile (self->planes[plane], i, tile ? limn_tile_ref (tile) : NULL);
  }
  limn_history_step_add_tiles (step, (int) plane, before, self->planes[plane]);
  limn_content_damage_plane (self, plane, &both);
}

/* It concerns all that is drawn. */
void
limn_content_set_scenery (LimnContent *self, const LimnScenery *scenery)
{
  LimnRect all = limn_content_get_extents (self);
  if (memcmp (&self->scenery, scenery, sizeof *scenery) == 0)
    return;
  self->scenery = *scenery;
  limn_damage_add (&self->damage, &all, LIMN_CHANGE_PAINT);
}

void
limn_content_set_surfaces (LimnContent *self, LimnSurfaceList *surfaces)
{
  LimnRect all = limn_content_get_extents (self);
  if (self->surfaces == surfaces)
    return;
  limn_surface_list_ref (surfaces);
  limn_surface_list_unref (self->surfaces);
  self->surfaces = surfaces;
  limn_damage_add (&self->damage, &all, LIMN_CHANGE_PAINT);
}

/* -- Layers -- */

gboolean
limn_content_find_layer (LimnContent *self, LimnLayer *layer, guint *position)
{
  return g_list_store_find (self->layers, layer, position);
}

/* The length of name without a number at its end. */
static int
get_base_length (const char *name)
{
  const char *space = strrchr (name, ' ');
  return space && space[1] && strspn (space + 1, "0123456789") == strlen (space + 1) ? (int) (space - name) : (int) strlen (name);
}

char *
limn_content_make_layer_name (LimnContent *self, const char *name)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->layers)); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (self->layers), i);
    g_hash_table_add (taken, (gpointer) limn_layer_get_name (layer));
  }
  char *free_name = g_strdup (name);
  for (guint n = 2; g_hash_table_contains (taken, free_name); n++) {
    g_free (free_name);
    free_name = g_strdup_printf ("%.*s %u", get_base_length (name), name, n);
  }
  return free_name;
}

/* -- The live preview -- */

static void
damage_preview (LimnContent *self)
{
  const LimnStackLayer *preview = &self->preview;
  if (!preview->picture)
    return;
  LimnRect rect = { preview->x, preview->y, (int) limn_picture_get_width (preview->picture),
                    (int) limn_picture_get_height (preview->picture) };
  if (preview->stretch)
    rect = limn_content_get_extents (self);
  limn_damage_add (&self->damage, &rect, LIMN_CHANGE_IMAGE);
  if (self->preview_for)
    limn_content_damage_layer (self, self->preview_for);
}

void
limn_content_set_preview (LimnContent *self, const LimnResult *result, LimnLayer *replaces)
{
  damage_preview (self);
  g_clear_object (&self->preview.picture);
  g_clear_object (&self->preview_for);
  if (!result)
    return;
  g_set_object (&self->preview_for, replaces);
  gboolean fits = limn_picture_get_width (result->picture) == limn_picture_get_width (self->photo) &&
                  limn_picture_get_height (result->picture) == limn_picture_get_height (self->photo);
  self->preview = (LimnStackLayer){ .picture = g_object_ref (result->picture),
                                    .x = (int) result->x,
                                    .y = (int) result->y,
                                    .opacity = 1,
                                    .stretch = result->whole && !fits,
                                    .keep_alpha = result->keep_alpha };
  damage_preview (self);
}

/* -- What is seen -- */

LimnStack
limn_content_make_stack (LimnContent *self, guint n, gboolean with_preview)
{
  guint all = g_list_model_get_n_items (G_LIST_MODEL (self->layers));
  LimnStackLayer *layers = g_new0 (LimnStackLayer, all + 1);
  LimnStack stack = { self->photo, layers, 0 };
  gboolean preview = with_preview && self->preview.picture;
  for (guint i = 0; i < MIN (n, all); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (G_LIST_MODEL (self->layers), i);
    LimnLayerStyle style = limn_layer_get_style (layer);
    if (preview && layer == self->preview_for) {
      layers[stack.n_layers] = self->preview;
      layers[stack.n_layers].opacity = style.opacity;
      layers[stack.n_layers++].blend = style.blend;
      preview = FALSE;
    } else if (limn_layer_style_is_visible (&style))
      layers[stack.n_layers++] = (LimnStackLayer){
        .picture = limn_layer_get_picture (layer),
        .x = limn_layer_get_x (layer),
        .y = limn_layer_get_y (layer),
        .opacity = style.opacity,
        .blend = style.blend,
        .keep_alpha = limn_layer_get_recipe (layer) && limn_edit_get_kind (limn_layer_get_recipe (layer))->keeps_alpha,
      };
  }
  if (preview)
    layers[stack.n_layers++] = self->preview;
  return stack;
}
