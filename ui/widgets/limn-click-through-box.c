/* Boxes that let the pointer through. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-float.h"

struct _LimnFloat {
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (LimnFloat, limn_float, GTK_TYPE_BOX)

gboolean
limn_float_contains (GtkWidget *widget, double x, double y)
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
limn_float_class_init (LimnFloatClass *klass)
{
  GTK_WIDGET_CLASS (klass)->contains = limn_float_contains;
}

static void
limn_float_init (LimnFloat *self)
{
}

GtkWidget *
limn_float_new (GtkOrientation orientation)
{
  return g_object_new (LIMN_TYPE_FLOAT, "orientation", orientation, NULL);
}
