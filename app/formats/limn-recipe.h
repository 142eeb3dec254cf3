/* A document's recipe as JSON: what each layer was made of (task, seed, settings, mask, strokes, model hash) and what is painted now.
 * Pictures and planes go elsewhere, as blobs with names: files of an OpenRaster archive, or of the autosave folder. The format is
 * described in docs/recipe.md; its version is LIMN_RECIPE_VERSION, a newer one is refused with a sentence that says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/content/limn-snapshot.h"

G_BEGIN_DECLS

#define LIMN_RECIPE_VERSION 5

/* What to put: one of these, the other is NULL. */
typedef struct {
  LimnPicture *picture;
  LimnRaster *raster;
} LimnBlob;

/* Returns the blob's name (g_free), or NULL and error. kind: "photo", "layer", "mask", "paint", ...: a hint for the name;
 * what begins with "edit-" belongs to a layer's recipe, of which there may be any number.  */
typedef char *(*LimnBlobPut) (const char *kind, const LimnBlob *blob, gpointer user, GError **error);
/* What was put under name; transfer full. */
typedef LimnPicture *(*LimnBlobGetPicture) (const char *name, gpointer user, GError **error);
typedef LimnRaster *(*LimnBlobGetRaster) (const char *name, int channels, gsize width, gsize height, gpointer user, GError **error);

/* JSON text, UTF-8, 0-terminated; free with g_free. The snapshot's name and path are not in it. */
char *limn_recipe_write (LimnSnapshot *snapshot, LimnBlobPut put, gpointer user, GError **error);
/* text needs not end with a 0. Values are checked; what is out of range is an error. */
LimnSnapshot *limn_recipe_read (const char *text, gsize length, LimnBlobGetPicture get_picture, LimnBlobGetRaster get_raster, gpointer user,
                                GError **error);

/* An edit that is told by itself: the "recipe" of a layer, of numbers alone. Free with limn_edit_free. */
LimnEdit *limn_recipe_read_edit (const char *text, gsize length, GError **error);

G_END_DECLS
