/* What writing and reading OpenRaster files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-codec.h"
#include "limn-ora.h"

G_BEGIN_DECLS

#define LIMN_ORA_MIMETYPE "image/openraster"
#define LIMN_ORA_RECIPE "limn/recipe.json"
#define LIMN_ORA_POSITION "limn-position" /* PNG text of a cropped plane: "x y" of its upper left corner */
#define LIMN_ORA_THUMBNAIL 256            /* pixels on the longer side */

/* A layer of stack.xml. */
typedef struct {
  char *name, *source;
  int x, y;
  double opacity;
  gboolean visible;
} LimnOraLayer;

typedef struct {
  int width, height;
  GPtrArray *layers; /* of LimnOraLayer, lowest first */
} LimnOraStack;

/* Nested stacks are dissolved: their place, opacity and visibility go to the layers in them. */
gboolean limn_ora_stack_parse (LimnOraStack *self, const char *xml, gsize length, GError **error);
void limn_ora_stack_clear (LimnOraStack *self);

G_END_DECLS
