/* Surfaces that a person took from photos. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-surface-list.h"

#include <glib/gi18n.h>

#include "app/picture/limn-picture-color.h"
#include "app/picture/limn-picture-scale.h"
#include "app/raster/limn-geometry.h"
#include "limn-edit-private.h"

struct _LimnSurfaceList {
  gatomicrefcount refs;
  GArray *items; /* of LimnOwnSurface, name and picture owned */
  GMutex lock;
  LimnSurfaces *surfaces; /* made on first use; under lock */
};

/* -- A list -- */

static void
clear_item (gpointer data)
{
  LimnOwnSurface *item = data;
  g_free ((char *) item->name);
  g_clear_object (&item->picture);
}

static void
add (LimnSurfaceList *self, const LimnOwnSurface *surface)
{
  LimnOwnSurface copy = { surface->label, surface->like, g_strdup (surface->name), g_object_ref (surface->picture) };
  g_array_append_val (self->items, copy);
}

static LimnSurfaceList *
new_palette (void)
{
  LimnSurfaceList *self = g_new0 (LimnSurfaceList, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->items = g_array_new (FALSE, FALSE, sizeof (LimnOwnSurface));
  g_array_set_clear_func (self->items, clear_item);
  return self;
}

LimnSurfaceList *
limn_surface_list_ref (LimnSurfaceList *self)
{
  if (self)
    g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
limn_surface_list_unref (LimnSurfaceList *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->items);
  limn_surfaces_free (self->surfaces);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
limn_surface_list_get_count (const LimnSurfaceList *self)
{
  return self ? self->items->len : 0;
}

const LimnOwnSurface *
limn_surface_list_get (const LimnSurfaceList *self, guint index)
{
  g_return_val_if_fail (index < limn_surface_list_get_count (self), NULL);
  return &g_array_index (self->items, LimnOwnSurface, index);
}

const LimnOwnSurface *
limn_surface_list_find (const LimnSurfaceList *self, guint8 label)
{
  for (guint i = 0; i < limn_surface_list_get_count (self); i++)
    if (limn_surface_list_get (self, i)->label == label)
      return limn_surface_list_get (self, i);
  return NULL;
}

/* Behind all others as long as there is room, so that the label of one that was removed means nothing else. */
guint8
limn_surface_list_get_free_label (const LimnSurfaceList *self)
{
  guint next = LIMN_OWN_FIRST;
  for (guint i = 0; i < limn_surface_list_get_count (self); i++)
    next = MAX (next, limn_surface_list_get (self, i)->label + 1u);
  if (next <= LIMN_OWN_LAST)
    return (guint8) next;
  for (guint label = LIMN_OWN_FIRST; label <= LIMN_OWN_LAST; label++)
    if (!limn_surface_list_find (self, (guint8) label))
      return (guint8) label;
  return 0;
}

LimnSurfaceList *
limn_surface_list_with (const LimnSurfaceList *self, const LimnOwnSurface *surface)
{
  LimnSurfaceList *other = new_palette ();
  gboolean replaced = FALSE;
  for (guint i = 0; i < limn_surface_list_get_count (self); i++) {
    const LimnOwnSurface *item = limn_surface_list_get (self, i);
    gboolean is = item->label == surface->label;
    add (other, is ? surface : item);
    replaced |= is;
  }
  if (!replaced)
    add (other, surface);
  return other;
}

LimnSurfaceList *
limn_surface_list_without (const LimnSurfaceList *self, guint8 label)
{
  LimnSurfaceList *other = new_palette ();
  for (guint i = 0; i < limn_surface_list_get_count (self); i++)
    if (limn_surface_list_get (self, i)->label != label)
      add (other, limn_surface_list_get (self, i));
  return other;
}

/* -- For the engine -- */

static LimnSurfaces *
make_surfaces (const LimnSurfaceList *self, GError **error)
{
  LimnError engine_error = { "" };
  LimnSurfaces *surfaces = NULL;
  LimnStatus status = limn_surfaces_new (&surfaces, &engine_error);
  for (guint i = 0; status == LIMN_OK && i < limn_surface_list_get_count (self); i++) {
    const LimnOwnSurface *item = limn_surface_list_get (self, i);
    const LimnMaterial *like = limn_material_of_label (item->like);
    LimnRect all = limn_picture_get_rect (item->picture);
    LimnPixels pixels = limn_pixels_of (item->picture, &all);
    if (like)
      status = limn_surfaces_add_own (surfaces, item->label, like, &pixels, &engine_error);
  }
  if (status == LIMN_OK)
    return surfaces;
  limn_surfaces_free (surfaces);
  limn_set_engine_error (error, status, &engine_error);
  return NULL;
}

const LimnSurfaces *
limn_surface_list_get_converted (LimnSurfaceList *self, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  if (!self->surfaces)
    self->surfaces = make_surfaces (self, error);
  return self->surfaces;
}

/* -- From a photo -- */

/* The part, sRGB, no larger than a surface is. */
static LimnPicture *
cut (LimnPicture *picture, const LimnRect *part, GCancellable *cancellable, GError **error)
{
  g_autoptr (LimnPicture) piece = limn_picture_crop (picture, part, error);
  g_autoptr (LimnPicture) srgb = piece ? limn_picture_to_srgb (piece, error) : NULL;
  double scale = (double) LIMN_OWN_SIDE / MAX (part->width, part->height);
  if (!srgb || scale >= 1)
    return g_steal_pointer (&srgb);
  return limn_picture_scale_down (srgb, (gsize) MAX (LIMN_OWN_LEAST_SIDE, scale * part->width),
                                  (gsize) MAX (LIMN_OWN_LEAST_SIDE, scale * part->height), cancellable, error);
}

LimnPicture *
limn_surface_take (LimnPicture *picture, const LimnRect *part, GCancellable *cancellable, GError **error)
{
  LimnRect all = limn_picture_get_rect (picture), inside = limn_rect_intersect (part, &all);
  LimnEngineCall call;
  if (inside.width < LIMN_OWN_LEAST_SIDE || inside.height < LIMN_OWN_LEAST_SIDE) {
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, _("A surface is at least %d pixels wide and high: choose a larger part."),
                 LIMN_OWN_LEAST_SIDE);
    return NULL;
  }
  g_autoptr (LimnPicture) small = cut (picture, &inside, cancellable, error);
  if (!small)
    return NULL;
  all = limn_picture_get_rect (small);
  LimnPixels pixels = limn_pixels_of (small, &all);
  limn_engine_call_begin (&call, NULL, NULL, cancellable);
  if (!limn_engine_call_end (&call, limn_make_tileable (&pixels, &call.overlay, &call.error), error))
    return NULL;
  g_autoptr (LimnResult) result = limn_engine_call_take_result (&call, NULL, FALSE, TRUE, error);
  return result ? g_object_ref (result->picture) : NULL;
}

gboolean
limn_surface_is_usable (LimnPicture *picture)
{
  gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  return limn_picture_get_depth (picture) == 8 && MIN (width, height) >= LIMN_OWN_LEAST_SIDE && MAX (width, height) <= LIMN_OWN_SIDE;
}

void
limn_surface_get_colour (LimnPicture *surface, guint8 rgb[3])
{
  gsize width = limn_picture_get_width (surface), height = limn_picture_get_height (surface);
  guint64 sum[3] = { 0 };
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++)
      for (int c = 0; c < 3; c++)
        sum[c] += limn_picture_get_data (surface)[y * limn_picture_get_stride (surface) + 4 * x + (gsize) c];
  for (int c = 0; c < 3; c++)
    rgb[c] = (guint8) ((sum[c] + width * height / 2) / (width * height));
}
