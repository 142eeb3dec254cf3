/* What a material looks like: a disc or a rounded square of its surface. A picture, no button.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

#define LIMN_TYPE_MATERIAL_FACE (limn_material_face_get_type ())
G_DECLARE_FINAL_TYPE (LimnMaterialFace, limn_material_face, LIMN, MATERIAL_FACE, GtkWidget)

/* label: as in limn-material.h, also of no material. size: pixels a side. radius: of the corners. */
GtkWidget *limn_material_face_new (guint8 label, int size, float radius);
/* surface: of one's own with this label, or NULL. */
void limn_material_face_set_label (LimnMaterialFace *self, guint8 label, LimnPicture *surface);

G_END_DECLS
