/* What a sketch's paint is of: chosen to paint with, told of an area, corrected. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include <math.h>
#include <string.h>

#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
#include "app/edit/limn-material.h"
#include "app/edit/limn-surface-shelf.h"

/* How much like the colour at a point all of an area is. */
#define AREA_TOLERANCE 24
/* Of a document that is opened every so many pixels are looked at, and so many colours are known. */
#define RECALL_STEP 4
#define MOST_RECALLED 64

typedef struct {
  guint8 rgb[3], label;
} Told;

GArray *
limn_session_new_told (void)
{
  return g_array_new (FALSE, FALSE, sizeof (Told));
}

static Told *find_told (LimnSession *self, const guint8 *rgb);

/* Pixels of a tile that have a material tell of their colour. */
static void
recall_tile (LimnSession *self, const guint8 *paint, const guint8 *labels)
{
  for (gsize y = 0; y < LIMN_TILE_SIZE; y += RECALL_STEP)
    for (gsize x = 0; x < LIMN_TILE_SIZE; x += RECALL_STEP) {
      const guint8 *pixel = paint + 4 * (y * LIMN_TILE_SIZE + x);
      Told told = { { pixel[0], pixel[1], pixel[2] }, labels[y * LIMN_TILE_SIZE + x] };
      if (told.label != LIMN_MATERIAL_GUESS && pixel[3] == 255 && self->told->len < MOST_RECALLED && !find_told (self, pixel))
        g_array_append_val (self->told, told);
    }
}

void
limn_session_recall_told (LimnSession *self)
{
  LimnRaster *paint = limn_document_get_plane (self->document, LIMN_DOCUMENT_PAINT);
  LimnRaster *labels = limn_document_get_plane (self->document, LIMN_DOCUMENT_MATERIALS);
  for (guint i = 0; i < limn_raster_get_n_tiles (labels); i++)
    if (limn_raster_peek_tile (labels, i) && limn_raster_peek_tile (paint, i))
      recall_tile (self, limn_tile_get_pixels (limn_raster_peek_tile (paint, i)), limn_tile_get_pixels (limn_raster_peek_tile (labels, i)));
}

gboolean
limn_session_has_materials (LimnSession *self)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), FALSE);
  return limn_session_get_kind (self)->takes & LIMN_TAKES_DRAWING;
}

/* -- To paint with -- */

const char *
limn_session_get_material_name (LimnSession *self, guint8 label)
{
  const LimnOwnSurface *own = limn_surface_list_find (limn_document_get_surfaces (self->document), label);
  return own ? own->name : limn_material_get_name (label);
}

LimnSurfaceList *
limn_session_list_surfaces (LimnSession *self)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), NULL);
  limn_surface_list_unref (self->surfaces);
  return self->surfaces = limn_surface_shelf_list (limn_document_get_surfaces (self->document));
}

/* One that is kept for all is the document's from now on. */
static void
adopt (LimnSession *self, guint8 label)
{
  LimnSurfaceList *own = limn_document_get_surfaces (self->document);
  const LimnOwnSurface *kept = limn_surface_list_find (self->surfaces, label);
  if (!kept || limn_surface_list_find (own, label))
    return;
  g_autoptr (LimnSurfaceList) with = limn_surface_list_with (own, kept);
  limn_document_set_surfaces (self->document, with, _("Add Surface"));
}

void
limn_session_ask_surface (LimnSession *self, const LimnRect *part)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  g_signal_emit_by_name (self, "surface-asked", part);
}

void
limn_session_add_surface (LimnSession *self, const LimnOwnSurface *surface)
{
  LimnOwnSurface added = *surface;
  g_return_if_fail (LIMN_IS_SESSION (self));
  added.label = limn_surface_list_get_free_label (limn_document_get_surfaces (self->document));
  if (added.label == 0) {
    g_signal_emit_by_name (self, "message", _("There are too many surfaces in this picture."), FALSE);
    return;
  }
  g_autoptr (LimnSurfaceList) with = limn_surface_list_with (limn_document_get_surfaces (self->document), &added);
  limn_document_set_surfaces (self->document, with, _("Take a Surface"));
  if (limn_session_has_materials (self)) {
    limn_session_choose_material (self, added.label);
    limn_session_set_tool (self, LIMN_TOOL_PAINT);
  }
}

void
limn_session_choose_material (LimnSession *self, guint8 label)
{
  LimnMaterialInfo info;
  g_return_if_fail (LIMN_IS_SESSION (self));
  adopt (self, label);
  const LimnOwnSurface *own = limn_surface_list_find (limn_document_get_surfaces (self->document), label);
  if (own)
    limn_surface_get_colour (own->picture, info.rgb);
  g_object_set (self, "material", (int) label, NULL);
  if (own || limn_material_find (label, &info))
    limn_session_set_color (self, &(GdkRGBA){ info.rgb[0] / 255.0f, info.rgb[1] / 255.0f, info.rgb[2] / 255.0f, 1 });
}

static Told *
find_told (LimnSession *self, const guint8 *rgb)
{
  for (guint i = 0; i < self->told->len; i++)
    if (memcmp (g_array_index (self->told, Told, i).rgb, rgb, 3) == 0)
      return &g_array_index (self->told, Told, i);
  return NULL;
}

guint8
limn_session_get_label (LimnSession *self, const guint8 *rgb)
{
  const Told *told = self->settings.material == LIMN_MATERIAL_GUESS ? find_told (self, rgb) : NULL;
  return told ? told->label : (guint8) self->settings.material;
}

/* -- Of an area -- */

static gboolean
read_paint (LimnSession *self, double x, double y, int *column, int *row, guint8 rgba[4])
{
  *column = (int) floor (CLAMP (x, -1, G_MAXINT / 2));
  *row = (int) floor (CLAMP (y, -1, G_MAXINT / 2));
  limn_raster_read (limn_document_get_plane (self->document, LIMN_DOCUMENT_PAINT), &(LimnRect){ *column, *row, 1, 1 }, rgba, 4);
  return rgba[3] > 0;
}

gboolean
limn_session_get_material_at (LimnSession *self, double x, double y, guint8 *label, gboolean *guessed)
{
  const LimnPlane *found = &self->found.materials;
  guint8 rgba[4];
  int column, row;
  g_return_val_if_fail (LIMN_IS_SESSION (self), FALSE);
  if (!limn_session_has_materials (self) || !read_paint (self, x, y, &column, &row, rgba))
    return FALSE;
  limn_raster_read (limn_document_get_plane (self->document, LIMN_DOCUMENT_MATERIALS), &(LimnRect){ column, row, 1, 1 }, label, 1);
  *guessed = *label == LIMN_MATERIAL_GUESS;
  if (*guessed && found->bytes && found->width == (gsize) limn_document_get_width (self->document) &&
      found->height == (gsize) limn_document_get_height (self->document))
    *label = ((const guint8 *) g_bytes_get_data (found->bytes, NULL))[(gsize) row * found->width + (gsize) column];
  return TRUE;
}

char *
limn_session_name_material_at (LimnSession *self, double x, double y)
{
  guint8 label;
  gboolean guessed;
  if (!limn_session_get_material_at (self, x, y, &label, &guessed))
    return NULL;
  const char *name = limn_session_get_material_name (self, label);
  gboolean sure = !guessed || label == LIMN_MATERIAL_PLAIN || label == LIMN_MATERIAL_GUESS;
  /* Translators: a material that was guessed and not chosen, "Meadow?" */
  return sure ? g_strdup (name) : g_strdup_printf (_("%s?"), name);
}

void
limn_session_set_material_at (LimnSession *self, double x, double y, guint8 label)
{
  guint8 rgba[4];
  int column, row;
  g_return_if_fail (LIMN_IS_SESSION (self));
  if (!read_paint (self, x, y, &column, &row, rgba))
    return;
  adopt (self, label);
  Told *known = find_told (self, rgba), told = { { rgba[0], rgba[1], rgba[2] }, label };
  if (known)
    known->label = label;
  else
    g_array_append_val (self->told, told);
  limn_document_set_material (self->document, column, row, AREA_TOLERANCE, label);
}

void
limn_session_ask_material (LimnSession *self, double x, double y)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  g_signal_emit_by_name (self, "material-asked", x, y);
}

/* -- What a rendering found -- */

void
limn_session_take_found (LimnSession *self, const LimnFound *found)
{
  g_clear_pointer (&self->found.materials.bytes, g_bytes_unref);
  self->found = (LimnFound){ .horizon = LIMN_SCENERY_AUTOMATIC, .sun_x = LIMN_SCENERY_AUTOMATIC, .sun_y = LIMN_SCENERY_AUTOMATIC };
  if (!found || !found->materials.bytes)
    return;
  self->found = *found;
  g_bytes_ref (self->found.materials.bytes);
}

LimnScenery
limn_session_get_scenery (LimnSession *self)
{
  LimnScenery scenery = *limn_document_get_scenery (self->document);
  if (scenery.horizon == LIMN_SCENERY_AUTOMATIC)
    scenery.horizon = self->found.horizon;
  if (scenery.sun_x == LIMN_SCENERY_AUTOMATIC) {
    scenery.sun_x = self->found.sun_x;
    scenery.sun_y = self->found.sun_y;
  }
  return scenery;
}
