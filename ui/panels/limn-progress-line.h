/* How far an edit is, told in proportion to the time it takes: nothing for a moment, then a shimmer, then a thin line with the time
 * left. Lies at the upper edge of the canvas and never takes a click. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-panel.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PROGRESS_LINE (limn_progress_line_get_type ())
G_DECLARE_FINAL_TYPE (LimnProgressLine, limn_progress_line, LIMN, PROGRESS_LINE, LimnPanel)

GtkWidget *limn_progress_line_new (void);

G_END_DECLS
