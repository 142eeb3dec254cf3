/* Who paints, erases and pans: mouse, pen and fingers. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "canvas-test.h"
#include "ui-test-pen.h"
#include "ui/canvas/limn-pointer-intent.h"

static void
test_policy (void)
{
  static const struct {
    LimnPointerPress press;
    LimnPointerIntent drag;
    gboolean erase;
  } cases[] = {
    { { LIMN_PRESS_MOUSE, GDK_BUTTON_PRIMARY, FALSE, FALSE, FALSE }, LIMN_INTENT_TOOL, FALSE },
    { { LIMN_PRESS_MOUSE, GDK_BUTTON_SECONDARY, FALSE, FALSE, FALSE }, LIMN_INTENT_TOOL, TRUE },
    { { LIMN_PRESS_MOUSE, GDK_BUTTON_MIDDLE, FALSE, FALSE, FALSE }, LIMN_INTENT_PAN, FALSE },
    { { LIMN_PRESS_MOUSE, 8, FALSE, FALSE, TRUE }, LIMN_INTENT_NONE, FALSE },
    { { LIMN_PRESS_MOUSE, GDK_BUTTON_PRIMARY, TRUE, FALSE, FALSE }, LIMN_INTENT_PAN, FALSE },
    { { LIMN_PRESS_MOUSE, GDK_BUTTON_PRIMARY, TRUE, TRUE, FALSE }, LIMN_INTENT_PAN, FALSE },
    { { LIMN_PRESS_MOUSE, GDK_BUTTON_PRIMARY, FALSE, TRUE, FALSE }, LIMN_INTENT_DIVIDER, FALSE },
    { { LIMN_PRESS_MOUSE, GDK_BUTTON_SECONDARY, FALSE, TRUE, FALSE }, LIMN_INTENT_TOOL, TRUE },
    { { LIMN_PRESS_PEN, GDK_BUTTON_PRIMARY, FALSE, FALSE, FALSE }, LIMN_INTENT_TOOL, FALSE },
    { { LIMN_PRESS_PEN, GDK_BUTTON_PRIMARY, TRUE, FALSE, TRUE }, LIMN_INTENT_TOOL, FALSE }, /* a pen never pans */
    { { LIMN_PRESS_PEN, GDK_BUTTON_PRIMARY, FALSE, TRUE, FALSE }, LIMN_INTENT_DIVIDER, FALSE },
    { { LIMN_PRESS_PEN_ERASER, GDK_BUTTON_PRIMARY, FALSE, FALSE, FALSE }, LIMN_INTENT_TOOL, TRUE },
    { { LIMN_PRESS_PEN_ERASER, GDK_BUTTON_PRIMARY, TRUE, FALSE, FALSE }, LIMN_INTENT_TOOL, TRUE },
    { { LIMN_PRESS_FINGER, GDK_BUTTON_PRIMARY, FALSE, FALSE, FALSE }, LIMN_INTENT_PAN, FALSE },
    { { LIMN_PRESS_FINGER, GDK_BUTTON_PRIMARY, FALSE, FALSE, TRUE }, LIMN_INTENT_TOOL, FALSE },
    { { LIMN_PRESS_FINGER, GDK_BUTTON_PRIMARY, FALSE, TRUE, FALSE }, LIMN_INTENT_DIVIDER, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gboolean erase;

    g_test_message ("case %u", i);
    g_assert_cmpint (limn_pointer_press_get_intent (&cases[i].press, &erase), ==, cases[i].drag);
    g_assert_cmpint (erase, ==, cases[i].erase);
  }
}

/* A canvas at 100 % on a picture larger than it, with the brush. */
static CanvasTest *
open (void)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (1500, 1000), 640, 480);

  limn_session_set_tool (test->session, LIMN_TOOL_BRUSH);
  limn_session_set_brush_size (test->session, 20);
  limn_canvas_zoom_to (test->canvas, 1, NAN, NAN);
  ui_test_settle ();
  return test;
}

/* The mask where the canvas's (x, y) is. */
static guint8
mask (CanvasTest *test, double x, double y)
{
  double document_x, document_y;

  limn_canvas_to_document (test->canvas, x, y, &document_x, &document_y);
  return canvas_test_plane (test, LIMN_DOCUMENT_MASK, (int) document_x, (int) document_y);
}

/* How far the picture has moved since (x, y) were where its origin is. */
static void
assert_moved (CanvasTest *test, double x, double y, double dx, double dy)
{
  double now_x, now_y;

  canvas_test_at (test, 0, 0, &now_x, &now_y);
  g_assert_cmpfloat_with_epsilon (now_x - x, dx, 1);
  g_assert_cmpfloat_with_epsilon (now_y - y, dy, 1);
}

static void
finger_drag (CanvasTest *test, double x0, double y0, double x1, double y1)
{
  GtkWidget *widget = GTK_WIDGET (test->canvas);

  ui_test_finger_down (widget, 1, x0, y0);
  for (int i = 1; i <= 5; i++)
    ui_test_finger_move (widget, 1, x0 + (x1 - x0) * i / 5, y0 + (y1 - y0) * i / 5);
  ui_test_finger_up (widget, 1, x1, y1);
}

static void
test_finger_pans (void)
{
  CanvasTest *test = open ();
  double x, y;

  canvas_test_at (test, 0, 0, &x, &y);
  finger_drag (test, 300, 200, 360, 150);
  assert_moved (test, x, y, 60, -50);
  g_assert_false (limn_document_get_has_mask (test->document));
  g_assert_cmpuint (canvas_test_steps (test), ==, 0);
  canvas_test_close (test);
}

static void
test_finger_draws (void)
{
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  CanvasTest *test = open ();
  double x, y;

  g_settings_set_boolean (settings, "draw-with-finger", TRUE);
  canvas_test_at (test, 0, 0, &x, &y);
  finger_drag (test, 300, 200, 360, 150);
  assert_moved (test, x, y, 0, 0);
  g_assert_cmpint (mask (test, 300, 200), ==, 255);
  g_assert_cmpint (mask (test, 330, 175), ==, 255);
  g_assert_cmpint (mask (test, 359, 151), ==, 255);
  g_assert_cmpuint (canvas_test_steps (test), ==, 1);
  g_settings_reset (settings, "draw-with-finger");
  canvas_test_close (test);
}

/* Two fingers move and zoom, also where one draws; what the first had begun to draw is gone. */
static void
test_two_fingers (gconstpointer draws)
{
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  CanvasTest *test = open ();
  GtkWidget *widget = GTK_WIDGET (test->canvas);
  double x, y, middle_x, middle_y;

  g_settings_set_boolean (settings, "draw-with-finger", GPOINTER_TO_INT (draws));
  ui_test_finger_down (widget, 1, 250, 200);
  ui_test_finger_down (widget, 2, 350, 200);
  canvas_test_at (test, 0, 0, &x, &y);
  for (int i = 1; i <= 6; i++) { /* together, as far apart as before */
    ui_test_finger_move (widget, 1, 250 + 5 * i, 200 + 10 * i);
    ui_test_finger_move (widget, 2, 350 + 5 * i, 200 + 10 * i);
  }
  g_assert_cmpfloat_with_epsilon (limn_canvas_get_zoom (test->canvas), 1, 0.01);
  assert_moved (test, x, y, 30, 60);

  limn_canvas_to_document (test->canvas, 330, 260, &middle_x, &middle_y);
  for (int i = 1; i <= 10; i++) { /* apart, about the same spot */
    ui_test_finger_move (widget, 1, 280 - 5 * i, 260);
    ui_test_finger_move (widget, 2, 380 + 5 * i, 260);
  }
  g_assert_cmpfloat_with_epsilon (limn_canvas_get_zoom (test->canvas), 2, 0.05);
  limn_canvas_from_document (test->canvas, middle_x, middle_y, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 330, 3);
  g_assert_cmpfloat_with_epsilon (y, 260, 3);

  ui_test_finger_up (widget, 1, 230, 260);
  ui_test_finger_move (widget, 2, 400, 300); /* the one that is left */
  ui_test_finger_up (widget, 2, 400, 300);
  g_assert_false (limn_document_get_has_mask (test->document));
  g_assert_cmpuint (canvas_test_steps (test), ==, 0);
  g_settings_reset (settings, "draw-with-finger");
  canvas_test_close (test);
}

static void
test_pen (void)
{
  CanvasTest *test = open ();
  GtkWidget *widget = GTK_WIDGET (test->canvas);
  double x, y;

  canvas_test_at (test, 0, 0, &x, &y);
  ui_test_use (UI_TEST_PEN);
  ui_test_drag (widget, 300, 200, 380, 240, 8);
  g_assert_cmpint (mask (test, 300, 200), ==, 255);
  g_assert_cmpint (mask (test, 340, 220), ==, 255);
  ui_test_key_down (GDK_KEY_space); /* the hand of the mouse */
  ui_test_drag (widget, 300, 300, 380, 300, 8);
  ui_test_key_up (GDK_KEY_space);
  g_assert_cmpint (mask (test, 340, 300), ==, 255);
  assert_moved (test, x, y, 0, 0);
  g_assert_cmpuint (canvas_test_steps (test), ==, 2);

  ui_test_use (UI_TEST_ERASER);
  ui_test_drag (widget, 300, 200, 380, 240, 8);
  g_assert_cmpint (mask (test, 340, 220), ==, 0);
  g_assert_cmpint (mask (test, 340, 300), ==, 255);
  g_assert_cmpuint (canvas_test_steps (test), ==, 3);

  ui_test_use (UI_TEST_MOUSE);
  ui_test_drag (widget, 300, 200, 380, 240, 8);
  g_assert_cmpint (mask (test, 340, 220), ==, 255);
  canvas_test_close (test);
}

/* A finger, or the ball of the hand, while the pen is down changes nothing. */
static void
test_hand_under_pen (void)
{
  CanvasTest *test = open ();
  GtkWidget *widget = GTK_WIDGET (test->canvas);
  double x, y;

  canvas_test_at (test, 0, 0, &x, &y);
  ui_test_use (UI_TEST_PEN);
  ui_test_move (widget, 300, 200);
  ui_test_press (1);
  ui_test_move (widget, 320, 200);
  finger_drag (test, 500, 400, 520, 440);
  ui_test_move (widget, 380, 200);
  ui_test_release (1);
  ui_test_use (UI_TEST_MOUSE);
  assert_moved (test, x, y, 0, 0);
  g_assert_cmpint (mask (test, 310, 200), ==, 255);
  g_assert_cmpint (mask (test, 370, 200), ==, 255);
  g_assert_cmpint (mask (test, 510, 420), ==, 0);
  g_assert_cmpuint (canvas_test_steps (test), ==, 1);
  canvas_test_close (test);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/pointer/policy", test_policy);
  g_test_add_func ("/pointer/finger-pans", test_finger_pans);
  g_test_add_func ("/pointer/finger-draws", test_finger_draws);
  g_test_add_data_func ("/pointer/two-fingers", GINT_TO_POINTER (FALSE), test_two_fingers);
  g_test_add_data_func ("/pointer/two-fingers-where-one-draws", GINT_TO_POINTER (TRUE), test_two_fingers);
  g_test_add_func ("/pointer/pen", test_pen);
  g_test_add_func ("/pointer/hand-under-pen", test_hand_under_pen);
  return ui_test_run ();
}
