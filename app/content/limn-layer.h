/* A result layer: the pixels that one edit made, composited over the photo, and the recipe that makes them again. Pixels and recipe never
 * change; its name and how it shows are changed through LimnDocument, which makes the change undoable, and are notified here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/compose/limn-blend.h"
#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

/* How a layer is composited. */
typedef struct {
  gboolean visible;
  double opacity; /* 0 to 1 */
  LimnBlend blend;
} LimnLayerStyle;
#define LIMN_LAYER_STYLE_INIT  \
  {                            \
    TRUE, 1, LIMN_BLEND_NORMAL \
  }

/* Visible, and not wholly transparent. */
static inline gboolean
limn_layer_style_is_visible (const LimnLayerStyle *self)
{
  return self->visible && self->opacity > 0;
}

/* Properties (all readable; all but task notify): "name" (string), "task" (int, LimnTask), "visible" (boolean), "opacity" (double, 0 to 1),
 * "blend" (int, LimnBlend), "x", "y" (int, of the upper left corner in the document). */
#define LIMN_TYPE_LAYER (limn_layer_get_type ())
G_DECLARE_FINAL_TYPE (LimnLayer, limn_layer, LIMN, LAYER, GObject)

/* picture: the pixels, alpha is coverage. recipe: how they were made, or NULL (an imported layer); taken over. Its photo is dropped:
 * when the layer is run again, the photo is what lies under it then. model_hash: of the networks, or NULL. */
LimnLayer *limn_layer_new (const char *name, LimnPicture *picture, int x, int y, LimnEdit *recipe, const char *model_hash);

const char *limn_layer_get_name (LimnLayer *self);
LimnTask limn_layer_get_task (LimnLayer *self);
LimnPicture *limn_layer_get_picture (LimnLayer *self);   /* borrowed */
const LimnEdit *limn_layer_get_recipe (LimnLayer *self); /* borrowed, NULL if none */
const char *limn_layer_get_model_hash (LimnLayer *self); /* NULL if unknown */
LimnLayerStyle limn_layer_get_style (LimnLayer *self);
int limn_layer_get_x (LimnLayer *self);
int limn_layer_get_y (LimnLayer *self);

/* RGBA of 8 bits, sRGB, straight alpha, at most size pixels on its longer side, cropped to what isn't transparent; area-averaged. Made
 * on another thread and kept while the size asked for stays the same. ready's source is the picture. All borrowed; peek: NULL while it isn't made; finish: NULL when
 * memory ends. */
LimnPicture *limn_layer_peek_thumbnail (LimnLayer *self, int size);
void limn_layer_make_thumbnail_async (LimnLayer *self, int size, GAsyncReadyCallback ready, gpointer user);
LimnPicture *limn_layer_make_thumbnail_finish (LimnLayer *self, GAsyncResult *result, GError **error);

/* For LimnDocument only: sets and notifies. */
void limn_layer_set_name (LimnLayer *self, const char *name);
void limn_layer_set_style (LimnLayer *self, const LimnLayerStyle *style);
void limn_layer_set_position (LimnLayer *self, int x, int y);

G_END_DECLS
