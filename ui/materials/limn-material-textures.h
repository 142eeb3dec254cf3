/* What materials look like, as textures: loaded once for the whole program, on another thread. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/edit/limn-material.h"

G_BEGIN_DECLS

/* Signal "changed": another one has been loaded. The only one of its kind; loading begins with the first call. Borrowed. */
#define LIMN_TYPE_MATERIAL_TEXTURES (limn_material_textures_get_type ())
G_DECLARE_FINAL_TYPE (LimnMaterialTextures, limn_material_textures, LIMN, MATERIAL_TEXTURES, GObject)
LimnMaterialTextures *limn_material_textures_get (void);

/* A square for label; of one colour until it is loaded, and where it can't be. NULL where the label is no material. Borrowed. */
GdkTexture *limn_material_textures_peek (LimnMaterialTextures *self, guint8 label);

G_END_DECLS
