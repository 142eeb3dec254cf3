/* Events through the X server, for ui-test.c. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void ui_test_input_open (void);
void ui_test_input_close (void);
/* Waits until the server has handled everything that was sent, and this process's events lie in its queue. */
void ui_test_input_sync (void);
void ui_test_input_focus (GtkWindow *window);

G_END_DECLS
