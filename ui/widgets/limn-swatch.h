/* A button that is one colour. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LIMN_TYPE_SWATCH (limn_swatch_get_type ())
G_DECLARE_FINAL_TYPE (LimnSwatch, limn_swatch, LIMN, SWATCH, GtkButton)

GtkWidget *limn_swatch_new (void);
void limn_swatch_set_color (LimnSwatch *self, const GdkRGBA *color);
const GdkRGBA *limn_swatch_get_color (LimnSwatch *self);
/* Marks it as the one that is used now. */
void limn_swatch_set_chosen (LimnSwatch *self, gboolean chosen);

/* A word or two for a colour, translated ("dark blue"). */
char *limn_color_name (const GdkRGBA *color);

G_END_DECLS
