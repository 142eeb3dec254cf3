/* The surfaces of materials, read once for an engine. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-edit-private.h"

#include "app/decode/limn-picture-load.h"
#include "app/picture/limn-picture-file.h"
#include "limn-material.h"

/* Whether another material before index is laid from the same picture. */
static gboolean
is_there (gsize index)
{
  for (gsize i = 0; i < index; i++)
    if (g_strcmp0 (limn_material_at (i)->surface, limn_material_at (index)->surface) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
add (LimnSurfaces *self, const char *folder, const char *name, GError **error)
{
  g_autofree char *file = g_strconcat (name, ".webp", NULL), *path = g_build_filename (folder, file, NULL);
  g_autoptr (LimnPicture) picture = limn_picture_load (path, NULL, error);
  LimnError engine_error = { "" };
  LimnStatus status;

  if (!picture)
    return FALSE;
  const LimnRect all = limn_picture_get_rect (picture);
  const LimnPixels pixels = limn_pixels_of (picture, &all);
  status = limn_surfaces_add (self, name, &pixels, &engine_error);
  if (status != LIMN_OK)
    limn_set_engine_error (error, status, &engine_error);
  return status == LIMN_OK;
}

LimnSurfaces *
limn_load_surfaces (GError **error)
{
  g_autofree char *folder = limn_materials_folder ();
  LimnError engine_error = { "" };
  LimnSurfaces *self;
  const LimnStatus status = limn_surfaces_new (&self, &engine_error);

  if (status != LIMN_OK) {
    limn_set_engine_error (error, status, &engine_error);
    return NULL;
  }
  for (gsize i = 0; i < limn_material_count (); i++) {
    const char *name = limn_material_at (i)->surface;

    if (name && !is_there (i) && !add (self, folder, name, error)) {
      limn_surfaces_free (self);
      return NULL;
    }
  }
  return self;
}
