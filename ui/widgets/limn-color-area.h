/* Chooses one colour: a field of saturation and brightness, a bar of hues, and its value in figures. Property "color" (GdkRGBA, rw).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LIMN_TYPE_COLOR_AREA (limn_color_area_get_type ())
G_DECLARE_FINAL_TYPE (LimnColorArea, limn_color_area, LIMN, COLOR_AREA, GtkBox)

GtkWidget *limn_color_area_new (void);

G_END_DECLS
