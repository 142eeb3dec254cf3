/* The tools of the present task, one above the other at the canvas's edge; what belongs to the tool in hand (size, hardness,
 * tolerance, how shapes combine) opens beside it while it is used. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-panel.h"

G_BEGIN_DECLS

#define LIMN_TYPE_TOOL_PILL (limn_tool_pill_get_type ())
G_DECLARE_FINAL_TYPE (LimnToolPill, limn_tool_pill, LIMN, TOOL_PILL, LimnPanel)

GtkWidget *limn_tool_pill_new (void);

/* In a small window many tools stand in two columns. */
void limn_tool_pill_set_small (LimnToolPill *self, gboolean small);

/* The card beside the pill. Reveals itself when the tool's settings change, and goes a while after. */
#define LIMN_TYPE_TOOL_OPTIONS (limn_tool_options_get_type ())
G_DECLARE_FINAL_TYPE (LimnToolOptions, limn_tool_options, LIMN, TOOL_OPTIONS, LimnPanel)

GtkWidget *limn_tool_options_new (void);
/* Shows it now; hold: until the next call with FALSE (the pointer is over the pill). */
void limn_tool_options_reveal (LimnToolOptions *self, gboolean hold);

G_END_DECLS
