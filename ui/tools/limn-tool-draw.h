/* Lines, handles and words that tools and the canvas draw over a picture of any colour.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-mask.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Of the loupe, in view units. */
#define LIMN_LENS_RADIUS 96.0

/* A line of one pixel that is seen on any ground: light, dashed with dark. Points in the canvas's coordinates. */
void limn_tool_append_path (GtkSnapshot *snapshot, const LimnPoint *points, gsize n, gboolean closed);
/* A circle of such a line, cheap at any size. */
void limn_tool_append_circle (GtkSnapshot *snapshot, double x, double y, double radius);
/* A small square to take hold of. */
void limn_tool_append_handle (GtkSnapshot *snapshot, double x, double y);
/* Small bold words in the context's font, for limn_tool_append_words; width, height: theirs, in pixels. Free with g_object_unref. */
PangoLayout *limn_tool_make_words (PangoContext *context, const char *text, int *width, int *height);
/* How far the pill reaches beyond its words, in pixels. */
#define LIMN_PILL_SIDE 10
#define LIMN_PILL_EDGE 4
/* Words of limn_tool_make_words on a dark pill. (left, top): the words' corner. */
void limn_tool_append_words (GtkSnapshot *snapshot, PangoLayout *words, float left, float top);
/* From the pointer down to the middle of words about what it is on. */
#define LIMN_WORDS_BELOW 30
/* Words in the desktop's font on such a pill around (x, y). */
void limn_tool_append_label (GtkSnapshot *snapshot, const char *text, double x, double y);

G_END_DECLS
