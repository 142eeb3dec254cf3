/* The three main uses from the start page to the picture that is taken away, by pointer and keys alone, with the shipped networks: paint
 * over something, Fill, save a copy; sketch, export; drop a gray photo, add a dot of color, copy. What is taken away while the preview is
 * made, when it is there, and when it was applied, is what the screen shows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-strokes.h"
#include "ui-test-drag.h"
#include "ui-test-out.h"
#include "ui/panels/limn-palette.h"
#include "ui/widgets/limn-swatch.h"

/* The file chooser leaks in many places, so under the sanitizer no leaks are looked for here. */
int __lsan_is_turned_off (void);
int
__lsan_is_turned_off (void)
{
  return 1;
}

enum { WIDTH = 320, HEIGHT = 240 };

typedef enum { RUNNING, RESTING, APPLIED } State;

static gboolean
is_idle (gpointer window)
{
  gboolean busy, previewing;

  g_object_get (limn_window_get_session (window), "busy", &busy, "previewing", &previewing, NULL);
  return !busy && !previewing;
}

static gboolean
is_previewed (gpointer window)
{
  return limn_document_get_has_preview (ui_test_get_document (window)) && is_idle (window);
}

static gboolean
is_applied (gpointer window)
{
  return g_list_model_get_n_items (limn_document_get_layers (ui_test_get_document (window))) == 1 &&
         !limn_document_get_has_preview (ui_test_get_document (window)) && is_idle (window);
}

/* A drag between two points of the document; a click where they are the same. */
static void
draw (LimnWindow *window, double x0, double y0, double x1, double y1)
{
  LimnCanvas *canvas = limn_window_get_canvas (window);

  limn_canvas_from_document (canvas, x0, y0, &x0, &y0);
  limn_canvas_from_document (canvas, x1, y1, &x1, &y1);
  ui_test_drag (GTK_WIDGET (canvas), x0, y0, x1, y1, x0 == x1 && y0 == y1 ? 1 : 6);
}

/* Until the preview is as the state says; what is seen then, NULL where it changes still. */
static guint8 *
reach (LimnWindow *window, State state)
{
  ui_test_move (GTK_WIDGET (window), 300, 20); /* away from the picture, where a tool shows what it would do */
  if (state == RUNNING)
    return NULL;
  ui_test_wait (is_previewed, window);
  if (state == APPLIED) {
    ui_test_key ("Return");
    ui_test_wait (is_applied, window);
  }
  return ui_test_grab (window);
}

/* taken: what came out. before: what was seen before, or NULL. */
static void
compare (LimnWindow *window, LimnPicture *taken, const guint8 *before, const guint8 *overlay)
{
  g_autofree guint8 *after = NULL;

  ui_test_wait (is_applied, window); /* whatever was seen belongs to the document now */
  after = ui_test_grab_after (window, taken, overlay);
  g_assert_cmpint (limn_picture_get_width (taken), ==, limn_document_get_width (ui_test_get_document (window)));
  g_assert_cmpint (limn_picture_get_height (taken), ==, limn_document_get_height (ui_test_get_document (window)));
  if (before)
    g_assert_cmpint (ui_test_count_different (before, taken, overlay), ==, 0);
  g_assert_cmpint (ui_test_count_different (after, taken, overlay), ==, 0);
}

/* How many pixels of two pictures of one size differ. */
static guint
count_changes (LimnPicture *a, LimnPicture *b)
{
  guint changes = 0;

  for (gsize i = 0; i < limn_picture_get_width (a) * limn_picture_get_height (a); i++)
    changes += memcmp (limn_picture_get_data (a) + 4 * i, limn_picture_get_data (b) + 4 * i, 3) != 0;
  return changes;
}

/* The button of the kind's swatches at index. */
static GtkWidget *
find_swatch (LimnWindow *window, int index)
{
  GtkWidget *swatch = ui_test_find_type (ui_test_find_type (GTK_WIDGET (window), LIMN_TYPE_PALETTE), LIMN_TYPE_SWATCH);

  for (; index > 0; index--)
    swatch = gtk_widget_get_next_sibling (swatch);
  return swatch;
}

/* Open, paint over, Fill, Save As. */
static void
test_fill (gconstpointer state)
{
  g_autofree char *path = ui_test_save_picture ("Beach.png", WIDTH, HEIGHT, FALSE);
  LimnWindow *window = ui_test_window (NULL, 900, 600);
  g_autoptr (LimnPicture) photo = ui_test_load (path), copy = NULL, original = NULL;
  g_autofree guint8 *before = NULL, *overlay = NULL;

  ui_test_key ("<Control>o");
  ui_test_answer_path (path);
  ui_test_wait (ui_test_has_session, window);
  ui_test_focus (GTK_WINDOW (window));
  ui_test_key ("1");
  ui_test_key ("<Control>1");
  draw (window, 130, 110, 190, 125);
  g_assert_true (limn_document_get_has_mask (ui_test_get_document (window)));
  overlay = ui_test_find_overlay (ui_test_get_document (window));
  before = reach (window, (State) GPOINTER_TO_INT (state));
  copy = ui_test_save_copy (window, "Beach-edited.png");
  compare (window, copy, before, overlay);
  original = ui_test_load (path);
  g_assert_cmpuint (count_changes (original, photo), ==, 0);
  g_assert_cmpuint (count_changes (copy, photo), >, 500);
  ui_test_close (window);
}

/* New sketch, two materials, a pencil, Export. */
static void
test_sketch (gconstpointer state)
{
  LimnWindow *window = ui_test_window (NULL, 1000, 780);
  g_autoptr (LimnPicture) exported = NULL;
  g_autofree guint8 *before = NULL, *overlay = NULL;

  ui_test_key ("<Control>n");
  ui_test_await_dialog (window);
  ui_test_key ("Return"); /* a square */
  ui_test_wait (ui_test_has_session, window);
  ui_test_focus (GTK_WINDOW (window));
  ui_test_key ("<Control>1");
  ui_test_key ("b");
  for (int i = 0; i < 8; i++)
    ui_test_key ("bracketright");
  draw (window, 60, 90, 450, 100);
  ui_test_click_middle (find_swatch (window, 3));
  draw (window, 60, 380, 450, 400);
  ui_test_key ("p");
  draw (window, 100, 250, 400, 260);
  overlay = ui_test_find_overlay (ui_test_get_document (window));
  before = reach (window, (State) GPOINTER_TO_INT (state));
  exported = ui_test_export (window, "Sketch.png");
  compare (window, exported, before, overlay);
  ui_test_close (window);
}

static gboolean
has_session (gpointer window)
{
  return ui_test_wait_a_little () && ui_test_has_session (window);
}

/* Drop, a dot, copy. */
static void
test_colorize (gconstpointer state)
{
  g_autofree char *path = ui_test_save_picture ("Grandmother.png", WIDTH, HEIGHT, TRUE);
  LimnWindow *window = ui_test_window (NULL, 900, 600);
  g_autoptr (LimnPicture) photo = ui_test_load (path), copied = NULL;
  g_autofree guint8 *before = NULL, *overlay = NULL;

  ui_test_drop (window, path, has_session, window);
  ui_test_focus (GTK_WINDOW (window));
  g_assert_cmpint (limn_session_get_task (limn_window_get_session (window)), ==, LIMN_TASK_COLORIZE);
  ui_test_key ("<Control>1");
  ui_test_key ("d");
  ui_test_click_middle (find_swatch (window, 2));
  draw (window, 90, 80, 90, 80);
  g_assert_cmpuint (limn_document_get_n_dots (ui_test_get_document (window)), ==, 1);
  overlay = ui_test_find_overlay (ui_test_get_document (window));
  before = reach (window, (State) GPOINTER_TO_INT (state));
  copied = ui_test_copy (window);
  compare (window, copied, before, overlay);
  g_assert_cmpuint (count_changes (copied, photo), >, WIDTH * HEIGHT / 10);
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  static const char *const states[] = { "running", "resting", "applied" };

  ui_test_init_drops (&argc, &argv);
  for (int state = RUNNING; state <= APPLIED; state++) {
    g_autofree char *fill = g_strconcat ("/journeys/fill/", states[state], NULL);
    g_autofree char *sketch = g_strconcat ("/journeys/sketch/", states[state], NULL);
    g_autofree char *colorize = g_strconcat ("/journeys/colorize/", states[state], NULL);

    g_test_add_data_func (fill, GINT_TO_POINTER (state), test_fill);
    g_test_add_data_func (sketch, GINT_TO_POINTER (state), test_sketch);
    g_test_add_data_func (colorize, GINT_TO_POINTER (state), test_colorize);
  }
  return ui_test_run ();
}
