/* Every step by name, in the order they were done; a click goes there. For the header's popover, which it closes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "limn-panel.h"

G_BEGIN_DECLS

#define LIMN_TYPE_HISTORY_LIST (limn_history_list_get_type ())
G_DECLARE_FINAL_TYPE (LimnHistoryList, limn_history_list, LIMN, HISTORY_LIST, LimnPanel)

GtkWidget *limn_history_list_new (void);

G_END_DECLS
