/* Fingers and a pen for tests of the window; an X server without such devices is enough. Coordinates are a widget's own; each settles
 * before it returns. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* finger: any number that no other finger on the screen has. */
void ui_test_finger_down (GtkWidget *widget, guint finger, double x, double y);
void ui_test_finger_move (GtkWidget *widget, guint finger, double x, double y);
void ui_test_finger_up (GtkWidget *widget, guint finger, double x, double y);

/* From now on the pointer that ui_test_move and ui_test_press move is a pen, or its eraser, or the mouse again. */
typedef enum { UI_TEST_MOUSE, UI_TEST_PEN, UI_TEST_ERASER } UiTestPointer;
void ui_test_use (UiTestPointer pointer);

G_END_DECLS
