/* What the canvas shows, and the ways out of the window, by keys, for tests that compare the two. The canvas is at 100 % and shows all of its
 * document. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"
#include "ui-test.h"

G_BEGIN_DECLS

/* The canvas's own pixels of the document (blue, green, red, any), once they rest: tiles are drawn on other threads. Free with g_free. */
guint8 *ui_test_grab (LimnWindow *window);
/* By pixel, 1 where something that isn't the picture lies over it now: the mask's edge, the tint inside it where there is no preview, dots.
 * Free with g_free. */
guint8 *ui_test_find_overlay (LimnDocument *document);
/* How many pixels differ from what was seen, by more than a display's rounding, where nothing lies over them. */
int ui_test_count_different (const guint8 *seen, LimnPicture *kept, const guint8 *overlay);
/* What is seen in the end. A tool's outline under the pointer goes when the pointer is known to be elsewhere, which takes as long as a
 * dialog takes to close: the pointer is moved until nothing differs from kept, or for long enough. */
guint8 *ui_test_grab_after (LimnWindow *window, LimnPicture *kept, const guint8 *overlay);

/* Fails the test where the file can't be read. Transfer full, as all that follow. */
LimnPicture *ui_test_load (const char *path);
LimnPicture *ui_test_load_texture (GdkTexture *texture);
/* The picture that Ctrl+C brings onto the clipboard. */
LimnPicture *ui_test_copy (LimnWindow *window);
/* Types a path into the chooser for files that comes, and Enter. */
void ui_test_answer_path (const char *path);
/* By the dialogs' keys, to a file of the test's folder of that name; each returns what is in it. */
LimnPicture *ui_test_export (LimnWindow *window, const char *name);
LimnPicture *ui_test_save_copy (LimnWindow *window, const char *name);

G_END_DECLS
