/* Boxes that let the pointer through. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-click-through-box.h"

struct _LimnClickThroughBox {
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (LimnClickThroughBox, limn_click_through_box, GTK_TYPE_BOX)

gboolean
limn_click_through_box_contains (GtkWidget *widget, double x, double y)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
    double cx, cy;
    if (gtk_widget_get_can_target (child) && gtk_widget_translate_coordinates (widget, child, x, y, &cx, &cy) &&
        gtk_widget_contains (child, cx, cy))
      return TRUE;
  }
  return FALSE;
}

static void
limn_click_through_box_class_init (LimnClickThroughBoxClass *klass)
{
  GTK_WIDGET_CLASS (klass)->contains = limn_click_through_box_contains;
}

static void
limn_click_through_box_init (LimnClickThroughBox *self)
{
}

GtkWidget *
limn_click_through_box_new (GtkOrientation orientation)
{
  return g_object_new (LIMN_TYPE_CLICK_THROUGH_BOX, "orientation", orientation, NULL);
}
