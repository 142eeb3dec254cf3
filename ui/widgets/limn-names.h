/* Names for screen readers where the toolkit leaves them out. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Below root: a menu button (which names the button inside it) is called by its tooltip; a button whose label marks a key with an
 * underline is called by its label alone, and not by the text with the underline before it. */
void limn_widget_complete_names (GtkWidget *root);

G_END_DECLS
