/* A sketch's materials, small, to paint with: a button with the present one, which opens all with their names, and a row of all others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-panel.h"

G_BEGIN_DECLS

#define LIMN_TYPE_MATERIAL_ROW (limn_material_row_get_type ())
G_DECLARE_FINAL_TYPE (LimnMaterialRow, limn_material_row, LIMN, MATERIAL_ROW, LimnPanel)

GtkWidget *limn_material_row_new (void);
/* All with their names, to find one. */
void limn_material_row_open (LimnMaterialRow *self);

G_END_DECLS
