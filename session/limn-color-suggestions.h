/* Colours that a picture suggests. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/document/limn-document.h"

G_BEGIN_DECLS

/* Up to n colours in *colors; returns how many. What stands out in the picture comes first, then what people place most. sketch: of the
 * paint instead, and then a box of paints. */
guint limn_suggest_colors (LimnDocument *document, gboolean sketch, GdkRGBA *colors, guint n);

G_END_DECLS
