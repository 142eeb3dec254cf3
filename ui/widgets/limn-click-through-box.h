/* A box that floats over the canvas: where it is empty, the canvas under it gets the pointer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LIMN_TYPE_CLICK_THROUGH_BOX (limn_click_through_box_get_type ())
G_DECLARE_FINAL_TYPE (LimnClickThroughBox, limn_click_through_box, LIMN, CLICK_THROUGH_BOX, GtkBox)

GtkWidget *limn_click_through_box_new (GtkOrientation orientation);

/* For the class's contains: TRUE where a child that may be pointed at contains the point. */
gboolean limn_click_through_box_contains (GtkWidget *widget, double x, double y);

G_END_DECLS
