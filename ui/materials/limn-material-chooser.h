/* All materials by group, with their surfaces and names, and an entry that finds one by its name.
 *
 * Signal "chosen" (guint label): one was clicked, or Enter pressed on it or in the entry.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/edit/limn-surface-list.h"

G_BEGIN_DECLS

#define LIMN_TYPE_MATERIAL_CHOOSER (limn_material_chooser_get_type ())
G_DECLARE_FINAL_TYPE (LimnMaterialChooser, limn_material_chooser, LIMN, MATERIAL_CHOOSER, GtkBox)

GtkWidget *limn_material_chooser_new (void);
/* Begins anew: nothing is looked for, label is marked, and the entry has the focus. own: surfaces of one's own, in a group at the end. */
void limn_material_chooser_begin (LimnMaterialChooser *self, guint8 label, const LimnSurfaceList *own);

G_END_DECLS
