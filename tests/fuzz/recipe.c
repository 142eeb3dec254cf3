/* Recipes, with small pictures and planes in place of those that they name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/formats/limn-recipe.h"
#include "fuzz.h"

static LimnPicture *
get_picture (const char *name, gpointer user, GError **error)
{
  return limn_picture_new (20, 30, 8, error);
}

static LimnRaster *
get_raster (const char *name, int channels, gsize width, gsize height, gpointer user, GError **error)
{
  return limn_raster_new (MIN (width, 500), MIN (height, 500), channels);
}

static char *
put (const char *kind, const LimnBlob *blob, gpointer user, GError **error)
{
  return g_strdup (kind);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnSnapshot) snapshot = limn_recipe_read ((const char *) data, size, get_picture, get_raster, NULL, &error);

  g_assert ((snapshot == NULL) == (error != NULL));
  if (snapshot) {
    g_autofree char *text = limn_recipe_write (snapshot, put, NULL, NULL);

    g_assert (text != NULL);
  }
  return 0;
}
