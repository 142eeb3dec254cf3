/* Numbers that may be judged from the picture. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-automatic.h"

#include <glib/gi18n.h>

#include "app/edit/limn-edit-kind.h"

static gboolean
show_automatic (GtkSpinButton *spin)
{
  if (gtk_spin_button_get_value (spin) != LIMN_PARAMETER_AUTOMATIC)
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (spin), _("Auto"));
  return TRUE;
}

static int
read_automatic (GtkSpinButton *spin, double *value)
{
  if (g_utf8_collate (gtk_editable_get_text (GTK_EDITABLE (spin)), _("Auto")) != 0)
    return FALSE;
  *value = LIMN_PARAMETER_AUTOMATIC;
  return TRUE;
}

void
limn_spin_button_take_automatic (GtkSpinButton *spin)
{
  g_signal_connect (spin, "output", G_CALLBACK (show_automatic), NULL);
  g_signal_connect (spin, "input", G_CALLBACK (read_automatic), NULL);
}
