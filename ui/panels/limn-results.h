/* What the edits made, newest on top: thumbnail, name, visibility, opacity, blending, order. The photo lies below.
 *
 * Actions of the group "layer" (for the row that is selected): edit, variation, rename, duplicate, raise, lower, delete.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-panel.h"

#include "app/content/limn-layer.h"
#include "ui/widgets/limn-name-label.h"

G_BEGIN_DECLS

#define LIMN_TYPE_RESULTS (limn_results_get_type ())
G_DECLARE_FINAL_TYPE (LimnResults, limn_results, LIMN, RESULTS, LimnPanel)

GtkWidget *limn_results_new (void);

/* One layer's row. */
#define LIMN_TYPE_RESULT_ROW (limn_result_row_get_type ())
G_DECLARE_FINAL_TYPE (LimnResultRow, limn_result_row, LIMN, RESULT_ROW, GtkListBoxRow)

GtkWidget *limn_result_row_new (LimnDocument *document, LimnLayer *layer);
GtkWidget *limn_result_row_get_picture (LimnResultRow *self);  /* its thumbnail, borrowed */
LimnLayer *limn_result_row_get_layer (LimnResultRow *self);    /* borrowed */
LimnNameLabel *limn_result_row_get_name (LimnResultRow *self); /* borrowed */

G_END_DECLS
