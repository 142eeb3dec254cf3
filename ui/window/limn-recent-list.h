/* The pictures opened last (GtkRecentManager, those that Limn itself has opened), newest first; a click opens one ("win.open-recent").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LIMN_TYPE_RECENT_LIST (limn_recent_list_get_type ())
G_DECLARE_FINAL_TYPE (LimnRecentList, limn_recent_list, LIMN, RECENT_LIST, GtkWidget)

/* Says that path (absolute) was opened or saved. */
void limn_recent_add (const char *path);
/* How many there are. */
guint limn_recent_list_get_n_items (LimnRecentList *self);

G_END_DECLS
