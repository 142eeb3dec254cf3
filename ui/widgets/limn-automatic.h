/* Numbers that may be judged from the picture. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The number below all others, LIMN_PARAMETER_AUTOMATIC, is shown and typed as "Auto". */
void limn_spin_button_take_automatic (GtkSpinButton *spin);

G_END_DECLS
