/* The menu of blend modes. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/compose/limn-blend.h"

G_BEGIN_DECLS

/* A menu button. Its items activate the action "look.blend", whose state and parameter are a mode's composite-op (limn_blend_get_op). */
GtkWidget *limn_blend_button_new (void);
/* Shows the mode's name; the mark in the menu follows the action's state. */
void limn_blend_button_show (GtkWidget *self, LimnBlend blend);

G_END_DECLS
