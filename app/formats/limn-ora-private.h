/* What writing and reading OpenRaster files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/content/limn-layer.h"
#include "limn-ora.h"

G_BEGIN_DECLS

#define LIMN_ORA_MIMETYPE "image/openraster"
#define LIMN_ORA_RECIPE "limn/recipe.json"
#define LIMN_ORA_POSITION "limn-position" /* PNG text of a cropped plane: "x y" of its upper left corner */
#define LIMN_ORA_THUMBNAIL 256            /* pixels on the longer side */

/* A layer of stack.xml, or a group of layers that has to be one picture before it is composited over what is below. */
typedef struct {
  char *name, *source; /* source: NULL for a group */
  int x, y;            /* on the canvas */
  LimnLayerStyle style;
  GPtrArray *layers; /* of LimnOraLayer, lowest first; NULL for a layer */
  gboolean isolated; /* a group that asks for it */
} LimnOraLayer;

typedef struct {
  int width, height;
  GPtrArray *layers; /* of LimnOraLayer, lowest first */
  guint n_unknown;   /* layers and groups whose composite-op isn't known; they are normal */
  guint n_skipped;   /* layers of text, filters, and layers without a picture */
} LimnOraStack;

/* A nested stack is a group only where that makes a difference (an opacity over several layers, say). The others are dissolved: their attributes go to the layers in them. */
gboolean limn_ora_stack_parse (LimnOraStack *self, const char *xml, gsize length, GError **error);
void limn_ora_stack_clear (LimnOraStack *self);

G_END_DECLS
