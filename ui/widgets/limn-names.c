/* Names for screen readers where the toolkit leaves them out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-names.h"

static void
name_menu_button (GtkWidget *button)
{
  const char *tooltip = gtk_widget_get_tooltip_text (button);

  if (tooltip)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
}

void
limn_widget_complete_names (GtkWidget *root)
{
  if (GTK_IS_MENU_BUTTON (root))
    name_menu_button (root);
  else if (GTK_IS_BUTTON (root) && gtk_button_get_use_underline (GTK_BUTTON (root)) && gtk_button_get_label (GTK_BUTTON (root)))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    limn_widget_complete_names (child);
}
