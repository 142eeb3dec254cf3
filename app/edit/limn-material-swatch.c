/* What materials look like, and where their surfaces are. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-material.h"

#include "app/base/limn-data-folder.h"
#include "app/picture/limn-picture-file.h"
#include "app/picture/limn-picture-scale.h"
#include "app/raster/limn-geometry.h"
#include "engine/limn-engine.h"

/* The part of a surface's width that a swatch shows. */
#define SHOWN 0.5
/* What isn't laid from a picture gets a little lighter downwards, as a sky or water does. */
#define LIGHTER 40

char *
limn_materials_folder (void)
{
  return limn_data_folder ("LIMN_MATERIALS", "materials", "grass.webp");
}

static LimnPicture *
load_surface (const char *name, GError **error)
{
  g_autofree char *folder = limn_materials_folder (), *file = g_strconcat (name, ".webp", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  return limn_picture_load (path, NULL, error);
}

/* The middle of a surface, size pixels a side. */
static LimnPicture *
cut (const char *surface, int size, GError **error)
{
  g_autoptr (LimnPicture) picture = load_surface (surface, error);
  if (!picture)
    return NULL;
  int width = (int) limn_picture_get_width (picture), height = (int) limn_picture_get_height (picture);
  int side = MIN (MAX (size, (int) (SHOWN * width)), MIN (width, height));
  LimnRect middle = { (width - side) / 2, (height - side) / 2, side, side };
  g_autoptr (LimnPicture) part = limn_picture_crop (picture, &middle, error);
  return part ? limn_picture_scale_down (part, (gsize) MIN (size, side), (gsize) MIN (size, side), NULL, error) : NULL;
}

/* Moves the mean colour of picture (8 bits) to rgb. */
static LimnPicture *
recolor (LimnPicture *picture, const guint8 rgb[3], GError **error)
{
  LimnPicture *colored = limn_picture_dup (picture, TRUE, error);
  gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  double sum[3] = { 0 };
  for (gsize y = 0; colored && y < height; y++)
    for (gsize x = 0; x < width; x++)
      for (int k = 0; k < 3; k++)
        sum[k] += limn_picture_get_data (colored)[y * limn_picture_get_stride (colored) + 4 * x + (gsize) k];
  for (gsize y = 0; colored && y < height; y++)
    for (gsize x = 0; x < width; x++)
      for (int k = 0; k < 3; k++) {
        guint8 *value = limn_picture_get_data (colored) + y * limn_picture_get_stride (colored) + 4 * x + (gsize) k;
        *value = (guint8) CLAMP (*value + rgb[k] - sum[k] / (double) (width * height), 0, 255);
      }
  return colored;
}

/* What isn't laid from a picture: the colour, lighter downwards. */
static LimnPicture *
shade (const guint8 rgb[3], int size, GError **error)
{
  LimnPicture *picture = limn_picture_new ((gsize) size, (gsize) size, 8, error);
  for (int y = 0; picture && y < size; y++) {
    guint8 *row = limn_picture_get_data (picture) + (gsize) y * limn_picture_get_stride (picture);
    for (int x = 0; x < size; x++) {
      for (int k = 0; k < 3; k++)
        row[4 * x + k] = (guint8) CLAMP (rgb[k] + LIGHTER * (2 * y - size) / (2 * size), 0, 255);
      row[4 * x + 3] = 255;
    }
  }
  return picture;
}

LimnPicture *
limn_material_make_swatch (guint index, int size, GError **error)
{
  const LimnMaterial *material = limn_material_at (index);
  g_return_val_if_fail (material != NULL && size > 0, NULL);
  if (!material->surface)
    return shade (material->colour, size, error);
  g_autoptr (LimnPicture) part = cut (material->surface, size, error);
  return part ? recolor (part, material->colour, error) : NULL;
}
