/* Colours that a picture suggests. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/document/limn-document.h"

G_BEGIN_DECLS

/* Up to n colours in *colors; returns how many. For an edit that takes
 * - dots: what stands out in the picture comes first, then what people place most;
 * - a drawing: the same of its paint, then a box of paints;
 * - guides: the picture's own colours, grays among them, and nothing else. */
guint limn_suggest_colors (LimnDocument *document, LimnTakes takes, GdkRGBA *colors, guint n);

G_END_DECLS
