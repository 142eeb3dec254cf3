/* One picture of a batch in a list: thumbnail, name, how far it is, and what it became. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/batch/limn-batch-item.h"

G_BEGIN_DECLS

#define LIMN_TYPE_MANY_ROW (limn_many_row_get_type ())
G_DECLARE_FINAL_TYPE (LimnManyRow, limn_many_row, LIMN, MANY_ROW, GtkWidget)

/* A factory of such rows for a list of LimnBatchItem; transfer full. */
GtkListItemFactory *limn_many_row_factory_new (void);

G_END_DECLS
