/* For tests of the window: an application in this process, windows on a real X server, and pointer and keys that reach them through
 * the server (XTest) as a person's do. Run by tests/ui/run-ui. Coordinates are a widget's own. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/limn-window.h"

G_BEGIN_DECLS

/* First in main: as g_test_init, and gives the test folders of its own (data, state, cache, settings), which ui_test_run removes. */
void ui_test_init (int *argc, char ***argv);
/* The same for tests that look at the program from outside: no application is here, and the bus belongs to the program. */
void ui_test_init_outside (int *argc, char ***argv);
/* Starts the program (arguments: NULL-ended) on this display and bus, with its accessibility; transfer full. */
GSubprocess *ui_test_start_program (const char *const *arguments);
/* Until it shows a window, which gets the focus. */
void ui_test_wait_for_program (GSubprocess *process);
/* Last in main: g_test_run, then the application's orderly end. */
int ui_test_run (void);

LimnApplication *ui_test_application (void); /* borrowed */
const char *ui_test_folder (void);           /* for files of the test; borrowed */

/* A picture of 8 bits: a smooth gradient with some texture, opaque; gray: without colour. */
LimnPicture *ui_test_picture (gsize width, gsize height, gboolean gray);
/* The same as a file of the test's folder, of the format that its name ends in; returns the path, free with g_free. */
char *ui_test_save_picture (const char *name, gsize width, gsize height, gboolean gray);

/* A window of that size on the screen with the keyboard's focus; document: NULL = the start page. Close it with ui_test_close. */
LimnWindow *ui_test_window (LimnDocument *document, int width, int height);
/* One of 900 x 600 that has opened the file. */
LimnWindow *ui_test_open (const char *path);
/* The same for a window (a dialog) that is there already: waits until it is shown, and gives it the focus. */
void ui_test_focus (GtkWindow *window);
/* Does to the window's full screen what a window manager does, as there is none: what was asked of it since the call before, which is
 * to be made once before. TRUE if anything was. */
gboolean ui_test_manage_fullscreen (GtkWindow *window);
/* A window of another process of this display: FALSE while it has none. */
gboolean ui_test_focus_process (int pid);
/* The titles of the windows that it shows; g_strfreev. */
char **ui_test_dup_titles (int pid);
/* Without asking about unsaved work. */
void ui_test_close (LimnWindow *window);
gboolean ui_test_has_session (gpointer window);          /* for ui_test_wait: whether a picture is open */
LimnDocument *ui_test_get_document (LimnWindow *window); /* of a window with a session; borrowed */

/* A dialog of the window that is shown; NULL if none. */
GtkWindow *ui_test_find_dialog (LimnWindow *window);
gboolean ui_test_has_no_dialog (gpointer window); /* for ui_test_wait */
/* Waits for such a dialog, and gives it the focus. */
GtkWindow *ui_test_await_dialog (LimnWindow *window);
/* Waits for a button of that label in any window, and clicks it. */
void ui_test_answer (const char *label);
/* GTK's own dialog for files; NULL if none is shown. */
GtkWindow *ui_test_find_chooser (void);
/* Waits for it, and gives it the focus. */
GtkWindow *ui_test_await_chooser (void);

/* Turns the main loop until predicate is TRUE; fails the test after a minute. */
typedef gboolean (*UiTestPredicate) (gpointer user);
void ui_test_wait (UiTestPredicate predicate, gpointer user);
/* Until everything that was asked of the document is there. */
void ui_test_finish (LimnDocument *document);
/* Turns the main loop until every event that was sent has come and the window has drawn what came of it. */
void ui_test_settle (void);

/* Pointer and keys. Each settles before it returns. button: 1 left, 2 middle, 3 right. Held modifiers: ui_test_key_down. */
void ui_test_move (GtkWidget *widget, double x, double y);
void ui_test_press (guint button);
void ui_test_release (guint button);
void ui_test_click (GtkWidget *widget, double x, double y);
void ui_test_click_middle (GtkWidget *widget); /* left button, on the middle of the widget */
void ui_test_drag (GtkWidget *widget, double x0, double y0, double x1, double y1, guint steps);
void ui_test_scroll (GtkWidget *widget, double x, double y, int clicks); /* > 0 down */
/* accelerator: as gtk_accelerator_parse, "<Control>z", "Return", "bracketleft". */
void ui_test_key (const char *accelerator);
void ui_test_type (const char *text); /* of the keyboard's own letters */
void ui_test_key_down (guint keyval);
void ui_test_key_up (guint keyval);
/* The same without settling, for many events in a row. */
void ui_test_send_motion (GtkWidget *widget, double x, double y);
void ui_test_send_button (guint button, gboolean pressed);
void ui_test_send_key (guint keyval, gboolean pressed);

/* The first shown widget below root (itself included) of the type, with the action, or with the accessible label; NULL if none. */
GtkWidget *ui_test_find_type (GtkWidget *root, GType type);
GtkWidget *ui_test_find_action (GtkWidget *root, const char *action_name, const char *target); /* target: a string or NULL */
GtkWidget *ui_test_find_label (GtkWidget *root, const char *label); /* button label or tooltip too, without its key */

/* Draws the window as it is into $LIMN_SCREENSHOTS/NAME.png; nothing where that isn't set. */
void ui_test_screenshot (GtkWidget *widget, const char *name);

G_END_DECLS
