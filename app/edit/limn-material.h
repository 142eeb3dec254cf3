/* Materials: what a sketch's paint is of. A plane of labels says it, one byte a pixel of the paint. Which there are, and how each is
 * rendered, is the engine's; here are their names for people, and what they look like.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

/* Labels that are no material. Where nothing was chosen the engine guesses by colour, place and shape; what is plain is rendered without a
 * surface, as it was painted. */
enum { LIMN_MATERIAL_GUESS = 0, LIMN_MATERIAL_PLAIN = 255 };

typedef struct {
  guint8 label;      /* in planes of labels */
  guint8 rgb[3];     /* what it is typically painted with, sRGB */
  guint group;       /* of limn_material_group_get_name */
  gboolean textured; /* laid from a picture, so that one's own may be laid as it is */
  const char *id;    /* never translated: "meadow" */
  const char *name;  /* translated: "Meadow" */
} LimnMaterialInfo;

/* In the order in which they are offered, those of a group together. index: below the count. */
guint limn_material_get_count (void);
LimnMaterialInfo limn_material_get (guint index);
/* FALSE where label is no material. */
gboolean limn_material_find (guint8 label, LimnMaterialInfo *info);
/* How a label is called, also one that is no material; translated. */
const char *limn_material_get_name (guint8 label);

guint limn_material_get_n_groups (void);
const char *limn_material_group_get_name (guint group); /* translated */

/* The folder with the pictures of surfaces: $LIMN_MATERIALS, the build's or the installation's; free with g_free. */
char *limn_materials_folder (void);
/* What the material looks like: a square of its surface in the colour that it is typically painted with, size pixels a side, 8 bits, opaque.
 * Any thread. NULL and error when its picture can't be read. */
LimnPicture *limn_material_make_swatch (guint index, int size, GError **error);

G_END_DECLS
