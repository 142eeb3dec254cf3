/* Two children side by side where there is room, one above the other where there is not. Beside the first the second keeps its natural
 * size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LIMN_TYPE_WRAP_BOX (limn_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (LimnWrapBox, limn_wrap_box, LIMN, WRAP_BOX, GtkWidget)

GtkWidget *limn_wrap_box_new (GtkWidget *first, GtkWidget *second);

G_END_DECLS
