/* Drags between windows, by the pointer, for tests. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui-test.h"

G_BEGIN_DECLS

/* Where the other window is, on the screen. */
#define UI_TEST_OTHER_X 960
#define UI_TEST_OTHER_Y 640
#define UI_TEST_OTHER_SIZE 120

/* Opens a window there. */
GdkSurface *ui_test_open_other (GtkWidget *window);
/* Moves the pointer a little at a time, so that another window or process sees where it goes. */
void ui_test_carry (GtkWidget *window, double x0, double y0, double x1, double y1);
/* TRUE after a little time: for predicates of what another process does, which wakes nothing here. */
gboolean ui_test_wait_a_little (void);

/* What a drag has brought; both transfer full. */
typedef struct {
  GFile *file;
  GdkTexture *texture;
} UiTestTaken;

/* Drags the small picture in the window's header to another window that takes files (GDK_TYPE_FILE_LIST) or pictures
 * (GDK_TYPE_TEXTURE), and waits for it. */
void ui_test_drag_out (LimnWindow *window, GType type, UiTestTaken *taken);

/* In place of ui_test_init, for a test that uses ui_test_drop. */
void ui_test_init_drops (int *argc, char ***argv);
/* Drags a file from another program, as a file manager is one, onto the window's middle, until has is TRUE: the drop has come. The window is
 * of 900 x 600 at least and doesn't reach to the other one. */
void ui_test_drop (LimnWindow *window, const char *path, UiTestPredicate has, gpointer user);

G_END_DECLS
