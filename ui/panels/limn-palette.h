/* A row of colours that suit the picture, and a button for any other. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-panel.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PALETTE (limn_palette_get_type ())
G_DECLARE_FINAL_TYPE (LimnPalette, limn_palette, LIMN, PALETTE, LimnPanel)

GtkWidget *limn_palette_new (void);

/* A button that is the session's colour and opens the colour chooser; as a part of a panel whose session it follows. */
GtkWidget *limn_color_button_new (LimnPanel *panel);

G_END_DECLS
