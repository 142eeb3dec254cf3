/* Who made Limn, and with what: AdwAboutDialog since libadwaita 1.5, before that AdwAboutWindow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Over parent (NULL: by itself). */
void limn_about_present (GtkWindow *parent);

G_END_DECLS
