/* Every shortcut, in one table: for the application's accelerators, for the single keys that work while no text is typed, and for the
 * window that lists them. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Keys with Ctrl, Alt or of the function row. */
void limn_shortcuts_add_accels (GtkApplication *application);
/* Single keys: reach the window only when what has the focus doesn't want them. */
void limn_shortcuts_add_keys (GtkWidget *window);
/* The first key of an action (detailed, "win.tool-key::b") as people read it; NULL when it has none. Free with g_free. */
char *limn_shortcuts_get_label (const char *action);
/* The window that lists them; to be shown by the caller. */
GtkWindow *limn_shortcuts_new_window (void);

G_END_DECLS
