/* The canvas: what it shows, how it moves and zooms, that only what changed is drawn. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "canvas-test.h"

#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
#include "ui/canvas/limn-canvas-private.h"

static void
assert_shows (CanvasTest *test, int x, int y)
{
  guint8 seen[3], is[4];
  double at_x, at_y;
  canvas_test_at (test, x + 0.5, y + 0.5, &at_x, &at_y);
  canvas_test_pixel (test, at_x, at_y, seen);
  limn_document_render (test->document, LIMN_SNAPSHOT_RESULT, 0, &(LimnRect){ x, y, 1, 1 }, is, 4);
  for (int k = 0; k < 3; k++)
    g_assert_cmpint (seen[k], ==, is[k]);
}

static void
test_shows (void)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (300, 200), 640, 480);
  g_assert_cmpfloat (limn_canvas_get_zoom (test->canvas), ==, 1);
  assert_shows (test, 0, 0);
  assert_shows (test, 299, 199);
  assert_shows (test, 150, 77);
  limn_canvas_zoom_to (test->canvas, 4, NAN, NAN);
  ui_test_settle ();
  assert_shows (test, 150, 100);
  assert_shows (test, 120, 90);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-400");
  canvas_test_close (test);
}

/* The spot under the pointer stays where it is. */
static void
test_zoom (void)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (1500, 1000), 640, 480);
  GtkWidget *widget = GTK_WIDGET (test->canvas);
  double x0, y0, x1, y1;
  g_assert_cmpfloat (limn_canvas_get_zoom (test->canvas), <, 0.5);
  for (int clicks = -4; clicks <= 4; clicks += 8) {
    double zoom = limn_canvas_get_zoom (test->canvas);
    limn_canvas_to_document (test->canvas, 400, 200, &x0, &y0);
    ui_test_key_down (GDK_KEY_Control_L);
    ui_test_scroll (widget, 400, 200, clicks);
    ui_test_key_up (GDK_KEY_Control_L);
    limn_canvas_to_document (test->canvas, 400, 200, &x1, &y1);
    if (clicks < 0)
      g_assert_cmpfloat (limn_canvas_get_zoom (test->canvas), >, zoom * 1.5);
    else
      g_assert_cmpfloat (limn_canvas_get_zoom (test->canvas), <, zoom / 1.5);
    g_assert_cmpfloat (fabs (x1 - x0) * limn_canvas_get_zoom (test->canvas), <=, 1);
    g_assert_cmpfloat (fabs (y1 - y0) * limn_canvas_get_zoom (test->canvas), <=, 1);
  }
  limn_canvas_zoom_to (test->canvas, 1000, NAN, NAN);
  g_assert_cmpfloat (limn_canvas_get_zoom (test->canvas), ==, 32);
  limn_canvas_zoom_to (test->canvas, 0, NAN, NAN);
  g_assert_cmpfloat (limn_canvas_get_zoom (test->canvas), ==, 0.05);
  limn_canvas_zoom_step (test->canvas, 1);
  g_assert_cmpfloat (limn_canvas_get_zoom (test->canvas), ==, 0.07);
  limn_canvas_zoom_fit (test->canvas);
  gboolean fit;
  g_object_get (test->canvas, "fit", &fit, NULL);
  g_assert_true (fit);
  canvas_test_close (test);
}

static void
assert_moved (CanvasTest *test, double *x, double *y, double dx, double dy)
{
  double now_x, now_y;
  canvas_test_at (test, 0, 0, &now_x, &now_y);
  g_assert_cmpfloat (fabs (now_x - *x - dx), <, 1);
  g_assert_cmpfloat (fabs (now_y - *y - dy), <, 1);
  *x = now_x;
  *y = now_y;
}

static void
test_pan (void)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (1500, 1000), 640, 480);
  GtkWidget *widget = GTK_WIDGET (test->canvas);
  double x, y;
  limn_canvas_zoom_to (test->canvas, 1, NAN, NAN);
  canvas_test_at (test, 0, 0, &x, &y);
  ui_test_move (widget, 300, 200);
  ui_test_press (2);
  ui_test_move (widget, 340, 230);
  ui_test_release (2);
  assert_moved (test, &x, &y, 40, 30);

  ui_test_key_down (GDK_KEY_space);
  ui_test_drag (widget, 300, 200, 290, 180, 4);
  ui_test_key_up (GDK_KEY_space);
  assert_moved (test, &x, &y, -10, -20);
  g_assert_false (limn_document_get_has_mask (test->document)); /* nothing was painted */

  ui_test_scroll (widget, 300, 200, 1);
  assert_moved (test, &x, &y, 0, -64);
  ui_test_key_down (GDK_KEY_Shift_L);
  ui_test_scroll (widget, 300, 200, -1);
  ui_test_key_up (GDK_KEY_Shift_L);
  assert_moved (test, &x, &y, 64, 0);
  canvas_test_close (test);
}

static gboolean
has_scrolled (gpointer user)
{
  CanvasTest *test = user;
  double x, y;
  canvas_test_at (test, 0, 0, &x, &y);
  return x < -480;
}

static gboolean
rests (gpointer user)
{
  return ((CanvasTest *) user)->canvas->autoscroll_tick == 0;
}

/* Dragged past the edge, the picture comes along, and the stroke goes on. At the picture's end nothing is drawn any more. */
static void
test_autoscroll (void)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (1500, 1000), 640, 480);
  GtkWidget *widget = GTK_WIDGET (test->canvas);
  limn_canvas_zoom_to (test->canvas, 1, NAN, NAN);
  ui_test_settle ();
  double x, y;
  canvas_test_at (test, 0, 0, &x, &y);
  g_assert_cmpfloat (x, >, -440);
  ui_test_move (widget, 500, 240);
  ui_test_press (1);
  ui_test_move (widget, 630, 240);
  ui_test_move (widget, 655, 240); /* no window manager: the window is at the screen's left */
  ui_test_wait (has_scrolled, test);
  ui_test_wait (rests, test);
  ui_test_release (1);
  double document_x, document_y;
  limn_canvas_to_document (test->canvas, 639, 240, &document_x, &document_y);
  g_assert_cmpfloat (document_x, >, 1500);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_MASK, 1499, (int) document_y), ==, 255);
  canvas_test_close (test);
}

/* Textures made so far, once the window has its size and all that it shows. */
static guint64
count_uploads (CanvasTest *test)
{
  guint64 before, now = limn_canvas_get_uploads (test->canvas);
  do {
    before = now;
    ui_test_settle ();
    now = limn_canvas_get_uploads (test->canvas);
  } while (now != before);
  return now;
}

/* A dab of the brush makes one or a few textures anew, not the screen's. */
static void
test_only_what_changed (void)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (2000, 1500), 1000, 700);
  guint64 before, uploads;
  double x, y;
  limn_canvas_zoom_to (test->canvas, 1, NAN, NAN);
  ui_test_settle ();
  before = count_uploads (test);
  g_assert_cmpuint (before, >=, 12);
  gtk_widget_queue_draw (GTK_WIDGET (test->canvas));
  ui_test_settle ();
  g_assert_cmpuint (limn_canvas_get_uploads (test->canvas), ==, before);
  canvas_test_at (test, 1000, 750, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y); /* hovering makes none */
  g_assert_cmpuint (limn_canvas_get_uploads (test->canvas), ==, before);
  ui_test_press (1);
  uploads = limn_canvas_get_uploads (test->canvas) - before;
  g_assert_cmpuint (uploads, >=, 1);
  g_assert_cmpuint (uploads, <=, 4);
  ui_test_release (1);
  g_assert_true (limn_document_get_has_mask (test->document));
  canvas_test_close (test);
}

static void
seen_at (CanvasTest *test, int x, int y, guint8 seen[3])
{
  double at_x, at_y;
  canvas_test_at (test, x + 0.5, y + 0.5, &at_x, &at_y);
  canvas_test_pixel (test, at_x, at_y, seen);
}

static void
show_preview (CanvasTest *test, int x, int y, gsize width, gsize height)
{
  g_autoptr (LimnPicture) red = limn_picture_new (width, height, 8, NULL);
  for (gsize i = 0; i < width * height; i++) {
    guint8 *p = limn_picture_get_data (red) + 4 * i;
    p[0] = p[3] = 255;
  }
  LimnResult result = { .picture = red, .x = (gsize) x, .y = (gsize) y };
  limn_document_set_preview (test->document, &result, NULL);
  ui_test_settle ();
}

/* The mask is tinted until a picture shows what is to come there; strokes that it doesn't know yet are. */
static void
test_tint (void)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (400, 300), 640, 480);
  guint8 plain[3], tinted[3], seen[3];
  seen_at (test, 150, 150, plain);
  limn_document_select_rectangle (test->document, 100, 100, 100, 100, LIMN_MASK_REPLACE);
  ui_test_settle ();
  seen_at (test, 150, 150, tinted);
  g_assert_cmpint (abs (tinted[0] - plain[0]) + abs (tinted[1] - plain[1]) + abs (tinted[2] - plain[2]), >, 40);
  show_preview (test, 100, 100, 100, 100);
  seen_at (test, 150, 150, seen);
  g_assert_cmpint (seen[0], ==, 255);
  g_assert_cmpint (seen[1], ==, 0);
  limn_document_select_rectangle (test->document, 150, 150, 40, 100, LIMN_MASK_ADD);
  ui_test_settle ();
  seen_at (test, 120, 120, seen);
  g_assert_cmpint (seen[1], ==, 0);
  seen_at (test, 170, 230, seen);
  g_assert_cmpint (abs (seen[0] - tinted[0]), <, 30); /* a tint of about the same place */
  g_assert_cmpint (seen[2], >, 130);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-tint");
  /* the original is seen without anything over it */
  g_object_set (test->session, "show-original", TRUE, NULL);
  ui_test_settle ();
  seen_at (test, 150, 150, seen);
  for (int k = 0; k < 3; k++)
    g_assert_cmpint (seen[k], ==, plain[k]);
  canvas_test_close (test);
}

static void
paint (CanvasTest *test, double y)
{
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.rgba[1] = 200;
  limn_document_begin_stroke (test->document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Paint");
  limn_document_extend_stroke (test->document, 40, y, 1);
  limn_document_extend_stroke (test->document, 200, y, 1);
  limn_document_end_stroke (test->document);
  ui_test_settle ();
}

/* A sketch is seen until there is a picture of it; then what was drawn since the one before was shown. */
static void
test_over (void)
{
  CanvasTest *test = canvas_test_open (limn_document_new_sketch (256, 256, NULL), 640, 480);
  guint8 seen[3];
  paint (test, 60);
  seen_at (test, 100, 60, seen);
  g_assert_cmpint (seen[1], ==, 200);
  show_preview (test, 0, 0, 256, 256);
  paint (test, 120); /* while the next one is computed, which doesn't know it */
  show_preview (test, 0, 0, 256, 256);
  seen_at (test, 100, 60, seen);
  g_assert_cmpint (seen[0], ==, 255);
  seen_at (test, 100, 120, seen);
  g_assert_cmpint (seen[1], ==, 200);
  show_preview (test, 0, 0, 256, 256);
  seen_at (test, 100, 120, seen);
  g_assert_cmpint (seen[0], ==, 255);
  g_object_set (test->session, "sketch-view", LIMN_SKETCH_VIEW_SKETCH_ONLY, NULL);
  ui_test_settle ();
  seen_at (test, 100, 120, seen);
  g_assert_cmpint (seen[1], ==, 200);
  canvas_test_close (test);
}

/* One above the other, sketch and picture are equally large and both above the panels at the lower edge. */
static void
test_stacked (void)
{
  CanvasTest *test = canvas_test_open (limn_document_new_sketch (256, 256, NULL), 640, 700);
  double x, y;
  limn_session_set_task (test->session, LIMN_TASK_SKETCH);
  g_object_set (test->session, "sketch-view", LIMN_SKETCH_VIEW_BESIDE, NULL);
  limn_canvas_set_bottom_inset (test->canvas, 200);
  ui_test_settle ();
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (test->canvas)), ==, 700);
  limn_canvas_from_document (test->canvas, 0, 256, &x, &y);
  g_assert_cmpfloat (y, <=, 250); /* of the first; the other ends 250 below */
  g_assert_cmpfloat (256 * limn_canvas_get_zoom (test->canvas), >=, 192);
  limn_canvas_set_bottom_inset (test->canvas, 60);
  ui_test_settle ();
  g_assert_cmpfloat (256 * limn_canvas_get_zoom (test->canvas), >=, 256);
  canvas_test_close (test);
}

static void
test_large (void)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (9000, 6000), 900, 600);
  guint8 seen[3], is[4];
  gboolean shown = FALSE;
  int x = (int) (4000 / 32) * 32, y = (int) (3000 / 32) * 32;
  double at_x, at_y;
  canvas_test_at (test, x, y, &at_x, &at_y);
  for (int i = 0; i < 500 && !shown; i++) { /* rendered on another thread */
    ui_test_settle ();
    canvas_test_pixel (test, at_x, at_y, seen);
    limn_document_render (test->document, LIMN_SNAPSHOT_RESULT, 3, &(LimnRect){ x / 8, y / 8, 1, 1 }, is, 4);
    shown = abs (seen[0] - is[0]) <= 3 && abs (seen[1] - is[1]) <= 3 && abs (seen[2] - is[2]) <= 3;
    g_usleep (10000);
  }
  g_assert_true (shown);
  limn_canvas_zoom_to (test->canvas, 1, NAN, NAN);
  ui_test_settle ();
  assert_shows (test, 4500, 3000);
  canvas_test_close (test);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/canvas/shows", test_shows);
  g_test_add_func ("/canvas/zoom", test_zoom);
  g_test_add_func ("/canvas/pan", test_pan);
  g_test_add_func ("/canvas/autoscroll", test_autoscroll);
  g_test_add_func ("/canvas/only-what-changed", test_only_what_changed);
  g_test_add_func ("/canvas/tint", test_tint);
  g_test_add_func ("/canvas/over", test_over);
  g_test_add_func ("/canvas/stacked", test_stacked);
  g_test_add_func ("/canvas/large", test_large);
  return ui_test_run ();
}
