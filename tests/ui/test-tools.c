/* Each tool, by real events: what it does to the document. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "canvas-test.h"

#include "app/document/limn-document-strokes.h"
static CanvasTest *
open (LimnTask task, LimnToolKind tool)
{
  CanvasTest *test = canvas_test_open (canvas_test_document (400, 300), 640, 480);
  limn_session_set_task (test->session, task);
  limn_session_set_tool (test->session, tool);
  limn_session_set_brush_size (test->session, 20);
  g_object_set (test->session, "brush-hardness", 1.0, NULL);
  ui_test_settle ();
  return test;
}

static CanvasTest *
open_sketch (LimnToolKind tool)
{
  CanvasTest *test = canvas_test_open (limn_document_new_sketch (256, 256, NULL), 640, 480);
  g_assert_cmpint (limn_session_get_task (test->session), ==, LIMN_TASK_SKETCH);
  limn_session_set_tool (test->session, tool);
  limn_session_set_brush_size (test->session, 20);
  ui_test_settle ();
  return test;
}

static guint8
mask (CanvasTest *test, int x, int y)
{
  return canvas_test_plane (test, LIMN_DOCUMENT_MASK, x, y);
}

static void
test_brush (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_BRUSH);
  double x, y;
  canvas_test_drag (test, 100, 100, 250, 150);
  g_assert_cmpuint (canvas_test_steps (test), ==, 1);
  g_assert_cmpint (mask (test, 100, 100), ==, 255);
  g_assert_cmpint (mask (test, 175, 125), ==, 255);
  g_assert_cmpint (mask (test, 249, 149), ==, 255);
  g_assert_cmpint (mask (test, 175, 145), ==, 0);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-mask");

  /* the second button takes away */
  canvas_test_at (test, 175, 125, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y);
  ui_test_press (3);
  ui_test_release (3);
  g_assert_cmpint (mask (test, 175, 125), ==, 0);
  g_assert_cmpuint (canvas_test_steps (test), ==, 2);

  limn_session_set_tool (test->session, LIMN_TOOL_ERASER);
  limn_session_set_brush_size (test->session, 20);
  LimnBrush guide;
  limn_session_get_brush (test->session, &guide);
  guide.erase = FALSE;
  limn_document_begin_stroke (test->document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE), &guide, TRUE, "Guide");
  limn_document_extend_stroke (test->document, 100, 100, 1);
  limn_document_end_stroke (test->document);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_GUIDE, 100, 100), >, 0);
  canvas_test_drag (test, 90, 100, 120, 105);
  g_assert_cmpint (mask (test, 100, 100), ==, 0);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_GUIDE, 100, 100), ==, 0); /* with what was painted in it */
  canvas_test_close (test);
}

static void
test_cancel (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_BRUSH);
  double x, y;
  canvas_test_at (test, 100, 100, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y);
  ui_test_press (1);
  ui_test_move (GTK_WIDGET (test->canvas), x + 50, y);
  g_assert_cmpint (mask (test, 110, 100), ==, 255);
  ui_test_key ("Escape");
  g_assert_cmpint (mask (test, 110, 100), ==, 0);
  ui_test_move (GTK_WIDGET (test->canvas), x + 90, y); /* the button is still down: nothing more comes of it */
  ui_test_release (1);
  g_assert_false (limn_document_get_has_mask (test->document));
  g_assert_cmpuint (canvas_test_steps (test), ==, 0);
  canvas_test_close (test);
}

static void
test_size (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_BRUSH);
  double size, hardness;
  ui_test_key_down (GDK_KEY_Shift_L);
  canvas_test_drag (test, 100, 100, 130, 100);
  ui_test_key_up (GDK_KEY_Shift_L);
  g_object_get (test->session, "brush-size", &size, NULL);
  g_assert_cmpfloat (fabs (size - 80), <, 3);
  ui_test_key_down (GDK_KEY_Shift_L);
  canvas_test_drag (test, 100, 100, 100, 200);
  ui_test_key_up (GDK_KEY_Shift_L);
  g_object_get (test->session, "brush-size", &size, "brush-hardness", &hardness, NULL);
  g_assert_cmpfloat (fabs (size - 80), <, 3);
  g_assert_cmpfloat (fabs (hardness - 0.5), <, 0.05);
  g_assert_false (limn_document_get_has_mask (test->document));
  canvas_test_close (test);
}

static void
test_shapes (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_RECTANGLE);
  canvas_test_drag (test, 50, 40, 150, 120);
  g_assert_cmpint (mask (test, 50, 40), ==, 255);
  g_assert_cmpint (mask (test, 149, 119), ==, 255);
  g_assert_cmpint (mask (test, 49, 40), ==, 0);
  g_assert_cmpint (mask (test, 150, 119), ==, 0);

  limn_session_set_tool (test->session, LIMN_TOOL_ELLIPSE);
  ui_test_key_down (GDK_KEY_Shift_L);
  canvas_test_drag (test, 200, 40, 300, 120);
  ui_test_key_up (GDK_KEY_Shift_L);
  g_assert_cmpint (mask (test, 60, 60), ==, 255); /* added */
  g_assert_cmpint (mask (test, 250, 80), ==, 255);
  g_assert_cmpint (mask (test, 203, 43), ==, 0);

  limn_session_set_tool (test->session, LIMN_TOOL_RECTANGLE);
  ui_test_key_down (GDK_KEY_Control_L);
  canvas_test_drag (test, 230, 60, 270, 100);
  ui_test_key_up (GDK_KEY_Control_L);
  g_assert_cmpint (mask (test, 250, 80), ==, 0); /* taken away */
  g_assert_cmpint (mask (test, 215, 80), ==, 255);

  canvas_test_click (test, 350, 250);
  g_assert_false (limn_document_get_has_mask (test->document));
  canvas_test_close (test);
}

static void
test_lasso (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_LASSO);
  GtkWidget *widget = GTK_WIDGET (test->canvas);
  const double path[][2] = { { 100, 50 }, { 200, 50 }, { 200, 150 }, { 100, 150 } };
  double x, y;
  for (guint i = 0; i < G_N_ELEMENTS (path); i++) {
    canvas_test_at (test, path[i][0], path[i][1], &x, &y);
    ui_test_move (widget, x, y);
    if (i == 0)
      ui_test_press (1);
  }
  ui_test_release (1);
  g_assert_cmpint (mask (test, 150, 100), ==, 255);
  g_assert_cmpint (mask (test, 195, 145), ==, 255);
  g_assert_cmpint (mask (test, 205, 100), ==, 0);

  /* corner by corner: clicked, the last one on the first */
  for (guint i = 0; i <= G_N_ELEMENTS (path); i++) {
    canvas_test_click (test, path[i % 4][0] + 150, path[i % 4][1] + 100);
    if (i == 2)
      ui_test_screenshot (widget, "canvas-lasso");
  }
  g_assert_cmpint (mask (test, 150, 100), ==, 0);
  g_assert_cmpint (mask (test, 300, 200), ==, 255);
  g_assert_cmpuint (canvas_test_steps (test), ==, 2);

  /* Esc gives up, and is used up */
  canvas_test_click (test, 20, 20);
  canvas_test_click (test, 60, 20);
  ui_test_key ("Escape");
  g_assert_cmpuint (canvas_test_steps (test), ==, 2);
  canvas_test_close (test);
}

static void
test_similar (void)
{
  g_autoptr (LimnPicture) picture = limn_picture_new (200, 100, 8, NULL);
  for (int i = 0; i < 200 * 100; i++) {
    guint8 *p = limn_picture_get_data (picture) + 4 * i;
    p[0] = i % 200 < 100 ? 200 : 20;
    p[1] = p[2] = 90;
    p[3] = 255;
  }
  CanvasTest *test = canvas_test_open (limn_document_new (picture, NULL), 640, 480);
  limn_session_set_tool (test->session, LIMN_TOOL_SIMILAR);
  canvas_test_click (test, 30, 50);
  canvas_test_finish (test);
  g_assert_cmpint (mask (test, 95, 5), ==, 255);
  g_assert_cmpint (mask (test, 105, 5), ==, 0);
  canvas_test_close (test);
}

static void
press_at (CanvasTest *test, double x, double y)
{
  double at_x, at_y;
  canvas_test_at (test, x, y, &at_x, &at_y);
  ui_test_move (GTK_WIDGET (test->canvas), at_x, at_y);
  ui_test_press (1);
}

static void
move_to (CanvasTest *test, double x, double y)
{
  double at_x, at_y;
  canvas_test_at (test, x, y, &at_x, &at_y);
  ui_test_move (GTK_WIDGET (test->canvas), at_x, at_y);
}

static void
assert_frame (CanvasTest *test, int x, int y, int width, int height)
{
  LimnRect area;
  g_assert_true (limn_session_get_crop (test->session, &area));
  g_assert_cmpint (area.x, ==, x);
  g_assert_cmpint (area.y, ==, y);
  g_assert_cmpint (area.width, ==, width);
  g_assert_cmpint (area.height, ==, height);
}

/* Corners and edges inwards, one after the other, before anything happens to the picture. */
static void
test_crop (void)
{
  CanvasTest *test = open (LIMN_TASK_UPSCALE, LIMN_TOOL_CROP);
  g_autofree char *label = NULL;
  press_at (test, 1, 1);
  move_to (test, 40, 30);
  move_to (test, 101, 51);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-crop");
  ui_test_release (1);
  assert_frame (test, 100, 50, 300, 250);
  canvas_test_drag (test, 250, 299, 250, 249); /* the lower edge, from its middle */
  assert_frame (test, 100, 50, 300, 200);
  canvas_test_drag (test, 399, 150, 396, 150); /* hardly: it stays at the picture's own */
  assert_frame (test, 100, 50, 300, 200);
  g_assert_cmpint (limn_document_get_width (test->document), ==, 400);
  g_object_get (test->session, "commit-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Crop");
  /* inside it moves, but not out of the picture; held, Esc puts it back */
  canvas_test_drag (test, 250, 150, 200, 350);
  assert_frame (test, 50, 100, 300, 200);
  press_at (test, 200, 200);
  move_to (test, 150, 150);
  assert_frame (test, 0, 50, 300, 200);
  ui_test_key ("Escape");
  ui_test_release (1);
  assert_frame (test, 50, 100, 300, 200);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-crop-rest");
  /* a double click does it */
  canvas_test_click (test, 200, 200);
  canvas_test_click (test, 200, 200);
  canvas_test_finish (test);
  g_assert_cmpint (limn_document_get_width (test->document), ==, 300);
  g_assert_cmpint (limn_document_get_height (test->document), ==, 200);
  g_assert_false (limn_session_get_crop (test->session, NULL));
  g_assert_cmpuint (canvas_test_steps (test), ==, 1);
  g_assert_true (limn_document_undo (test->document, NULL));
  g_assert_cmpint (limn_document_get_width (test->document), ==, 400);
  canvas_test_close (test);
}

static void
test_crop_ways (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_CROP);
  /* a new frame where there is none, another one beside it */
  canvas_test_drag (test, 100, 100, 200, 150);
  assert_frame (test, 100, 100, 100, 50);
  canvas_test_drag (test, 250, 200, 350, 250);
  assert_frame (test, 250, 200, 100, 50);
  /* Control: the opposite edge as well; Shift: of the same proportions */
  ui_test_key_down (GDK_KEY_Control_L);
  canvas_test_drag (test, 250, 225, 230, 225);
  ui_test_key_up (GDK_KEY_Control_L);
  assert_frame (test, 230, 200, 140, 50);
  ui_test_key_down (GDK_KEY_Shift_L);
  canvas_test_drag (test, 230, 200, 160, 199);
  ui_test_key_up (GDK_KEY_Shift_L);
  assert_frame (test, 160, 175, 210, 75);
  /* Esc and another tool have none */
  g_assert_true (limn_session_cancel (test->session));
  g_assert_false (limn_session_get_crop (test->session, NULL));
  canvas_test_drag (test, 100, 100, 200, 150);
  limn_session_set_tool (test->session, LIMN_TOOL_BRUSH);
  g_assert_false (limn_session_get_crop (test->session, NULL));
  limn_session_set_tool (test->session, LIMN_TOOL_CROP);
  canvas_test_drag (test, 100, 100, 200, 150);
  limn_session_set_task (test->session, LIMN_TASK_COLORIZE);
  g_assert_false (limn_session_get_crop (test->session, NULL));
  /* asked for twice it is done once, and taken back before it is there */
  limn_session_set_tool (test->session, LIMN_TOOL_CROP);
  canvas_test_drag (test, 100, 100, 200, 150);
  limn_session_commit (test->session);
  limn_session_commit (test->session);
  g_assert_true (limn_document_undo (test->document, NULL));
  g_assert_false (limn_document_is_working (test->document));
  assert_frame (test, 100, 100, 100, 50);
  limn_session_commit (test->session);
  limn_session_commit (test->session);
  canvas_test_finish (test);
  g_assert_cmpint (limn_document_get_width (test->document), ==, 100);
  g_assert_cmpuint (canvas_test_steps (test), ==, 1);
  canvas_test_close (test);
}

static void
test_expand (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_CROP);
  g_autofree char *label = NULL, *both = NULL;
  double x, y;
  canvas_test_at (test, 400, 150, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y);
  ui_test_press (1);
  ui_test_move (GTK_WIDGET (test->canvas), x + 20, y);
  ui_test_move (GTK_WIDGET (test->canvas), x + 50, y);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-expand");
  ui_test_release (1);
  assert_frame (test, 0, 0, 450, 300);
  g_object_get (test->session, "commit-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Expand");
  canvas_test_drag (test, 0, 150, 20, 150);
  assert_frame (test, 20, 0, 430, 300);
  g_object_get (test->session, "commit-label", &both, NULL);
  g_assert_cmpstr (both, ==, "Crop and Expand");
  limn_session_commit (test->session);
  canvas_test_finish (test);
  g_assert_cmpint (limn_document_get_width (test->document), ==, 430);
  g_assert_cmpint (limn_document_get_height (test->document), ==, 300);
  g_assert_cmpint (mask (test, 400, 100), ==, 255);
  g_assert_cmpint (mask (test, 360, 100), ==, 0);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-expanded");
  canvas_test_close (test);
}

/* New room is to be filled, whatever was to be done before; a crop changes nothing of that. */
static void
test_expand_fills (void)
{
  CanvasTest *test = open (LIMN_TASK_COLORIZE, LIMN_TOOL_CROP);
  limn_session_set_crop (test->session, &(LimnRect){ 10, 0, 390, 300 });
  limn_session_commit (test->session);
  canvas_test_finish (test);
  g_assert_cmpint (limn_session_get_task (test->session), ==, LIMN_TASK_COLORIZE);
  limn_session_set_crop (test->session, &(LimnRect){ 0, 0, 400, 300 });
  limn_session_commit (test->session);
  g_assert_true (limn_document_undo (test->document, NULL)); /* before it is there */
  g_assert_cmpint (limn_session_get_task (test->session), ==, LIMN_TASK_COLORIZE);
  limn_session_commit (test->session);
  canvas_test_finish (test);
  g_assert_cmpint (limn_document_get_width (test->document), ==, 400);
  g_assert_cmpint (limn_session_get_task (test->session), ==, LIMN_TASK_FILL);
  g_assert_cmpint (mask (test, 395, 100), ==, 255);
  canvas_test_close (test);
}

static void
test_guides (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_RECTANGLE);
  canvas_test_drag (test, 100, 100, 200, 200);
  limn_session_set_color (test->session, &(GdkRGBA){ 1, 0, 0, 1 });
  limn_session_set_tool (test->session, LIMN_TOOL_GUIDE);
  limn_session_set_brush_size (test->session, 20);
  canvas_test_drag (test, 50, 150, 150, 150);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_GUIDE, 140, 150), ==, 255);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_GUIDE, 60, 150), ==, 0); /* not outside the mask */
  limn_session_set_tool (test->session, LIMN_TOOL_GUIDE_PENCIL);
  limn_session_set_brush_size (test->session, 6);
  canvas_test_drag (test, 120, 120, 180, 180);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_GUIDE_LINES, 150, 150), ==, 255);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-guides");
  canvas_test_close (test);
}

/* How many of the 49 pixels that are looked at around a point of the document show a colour like wanted. */
static guint
count_near (CanvasTest *test, double at_x, double at_y, const guint8 wanted[3])
{
  guint near = 0;
  double x, y;
  canvas_test_at (test, at_x, at_y, &x, &y);
  for (int j = -6; j <= 6; j += 2)
    for (int i = -6; i <= 6; i += 2) {
      guint8 rgb[3];
      int distance = 0;
      canvas_test_pixel (test, x + i, y + j, rgb);
      for (int k = 0; k < 3; k++)
        distance += ABS (rgb[k] - wanted[k]);
      near += distance < 120;
    }
  return near;
}

/* T and N: what to copy and what not, hatched in two ways; the second button and the eraser take it away. */
static void
test_sources (void)
{
  static const guint8 green[3] = { 0, 158, 115 }, vermilion[3] = { 213, 94, 0 };
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_TAKE_FROM);
  double x, y;
  limn_session_set_brush_size (test->session, 40);
  canvas_test_drag (test, 60, 60, 160, 60);
  limn_session_set_tool (test->session, LIMN_TOOL_NOT_FROM);
  limn_session_set_brush_size (test->session, 40);
  canvas_test_drag (test, 60, 160, 160, 160);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_SOURCES, 100, 60), ==, LIMN_LABEL_TAKE_FROM);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_SOURCES, 100, 160), ==, LIMN_LABEL_NOT_FROM);
  g_assert_cmpint (mask (test, 100, 60), ==, 0);
  canvas_test_at (test, 300, 250, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y);
  g_assert_cmpuint (count_near (test, 110, 60, green), >=, 5);
  g_assert_cmpuint (count_near (test, 110, 60, vermilion), ==, 0);
  g_assert_cmpuint (count_near (test, 110, 160, vermilion), >=, 8); /* crossed lines are more */
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-sources");

  canvas_test_at (test, 100, 160, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y);
  ui_test_press (3);
  ui_test_release (3);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_SOURCES, 100, 160), ==, 0);
  g_assert_cmpuint (canvas_test_steps (test), ==, 3);
  limn_session_set_tool (test->session, LIMN_TOOL_ERASER);
  limn_session_set_brush_size (test->session, 40);
  canvas_test_drag (test, 60, 60, 160, 60);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_SOURCES, 100, 60), ==, 0);
  canvas_test_close (test);
}

/* A white disc on the test's picture. */
static LimnDocument *
make_disc (void)
{
  g_autoptr (LimnPicture) picture = limn_picture_new (400, 300, 8, NULL);
  for (int y = 0; y < 300; y++)
    for (int x = 0; x < 400; x++) {
      guint8 *p = limn_picture_get_data (picture) + (gsize) y * limn_picture_get_stride (picture) + 4 * x;
      gboolean inside = hypot (x - 200, y - 150) < 50;
      p[0] = (guint8) ((inside ? 220 : 40) + (x * 7 + y * 3) % 20);
      p[1] = (guint8) ((inside ? 200 : 90) + (x * 3 + y * 7) % 20);
      p[2] = (guint8) (inside ? 190 : 60 + x / 10);
      p[3] = 255;
    }
  return limn_document_new (picture, NULL);
}

/* Q: a loop around a thing finds its outline; a stroke of the second button takes a part away, and undo brings it back. */
static void
test_object (void)
{
  CanvasTest *test = canvas_test_open (make_disc (), 640, 480);
  double x, y;
  limn_session_set_task (test->session, LIMN_TASK_FILL);
  limn_session_set_tool (test->session, LIMN_TOOL_OBJECT);
  canvas_test_at (test, 285, 150, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y);
  ui_test_press (1);
  for (int i = 1; i <= 24; i++) {
    canvas_test_at (test, 200 + 85 * cos (i * G_PI / 12), 150 + 80 * sin (i * G_PI / 12), &x, &y);
    ui_test_move (GTK_WIDGET (test->canvas), x, y);
  }
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-object-loop");
  ui_test_release (1);
  canvas_test_finish (test);
  g_assert_cmpuint (canvas_test_steps (test), ==, 1);
  g_assert_cmpint (mask (test, 200, 150), ==, 255);
  g_assert_cmpint (mask (test, 246, 150), ==, 255);
  g_assert_cmpint (mask (test, 254, 150), ==, 0);
  g_assert_cmpint (mask (test, 200, 205), ==, 0);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-object");

  canvas_test_at (test, 200, 120, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y);
  ui_test_press (3);
  canvas_test_at (test, 205, 125, &x, &y);
  ui_test_move (GTK_WIDGET (test->canvas), x, y);
  ui_test_release (3);
  canvas_test_finish (test);
  g_assert_cmpuint (canvas_test_steps (test), ==, 2);
  g_assert_cmpint (mask (test, 202, 122), ==, 0);
  g_assert_true (limn_document_undo (test->document, NULL));
  g_assert_cmpint (mask (test, 202, 122), ==, 255);

  /* with Shift another thing is added, from a stroke on it: here the ground, which leaves the disc selected */
  ui_test_key_down (GDK_KEY_Shift_L);
  canvas_test_drag (test, 40, 40, 60, 250);
  ui_test_key_up (GDK_KEY_Shift_L);
  canvas_test_finish (test);
  g_assert_cmpint (mask (test, 50, 150), ==, 255);
  g_assert_cmpint (mask (test, 200, 150), ==, 255);
  canvas_test_close (test);
}

static void
test_dots (void)
{
  CanvasTest *test = open (LIMN_TASK_COLORIZE, LIMN_TOOL_DOT);
  limn_session_set_color (test->session, &(GdkRGBA){ 0, 1, 0, 1 });
  canvas_test_click (test, 100, 100);
  g_assert_cmpuint (limn_document_get_n_dots (test->document), ==, 1);
  g_assert_cmpint (limn_document_get_dot (test->document, 0)->rgb[1], ==, 255);
  canvas_test_drag (test, 102, 100, 202, 140); /* taken beside its middle, it keeps that distance */
  g_assert_cmpuint (limn_document_get_n_dots (test->document), ==, 1);
  g_assert_cmpfloat (fabs (limn_document_get_dot (test->document, 0)->x - 200), <, 1.5);
  g_assert_cmpfloat (fabs (limn_document_get_dot (test->document, 0)->y - 140), <, 1.5);
  g_assert_cmpuint (canvas_test_steps (test), ==, 2);
  canvas_test_click (test, 300, 200);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-dots");
  ui_test_key ("Delete");
  g_assert_cmpuint (limn_document_get_n_dots (test->document), ==, 1);
  canvas_test_click (test, 200, 140);
  canvas_test_click (test, 200, 140);
  g_assert_cmpuint (limn_document_get_n_dots (test->document), ==, 0); /* a double click takes it away */
  canvas_test_close (test);
}

static void
test_picker (void)
{
  CanvasTest *test = open (LIMN_TASK_COLORIZE, LIMN_TOOL_PICKER);
  GdkRGBA color;
  guint8 is[4];
  limn_document_render (test->document, LIMN_SNAPSHOT_RESULT, 0, &(LimnRect){ 333, 44, 1, 1 }, is, 4);
  canvas_test_click (test, 333, 44);
  limn_session_get_color (test->session, &color);
  g_assert_cmpint ((int) lroundf (color.red * 255), ==, is[0]);
  g_assert_cmpint ((int) lroundf (color.green * 255), ==, is[1]);
  g_assert_cmpint ((int) lroundf (color.blue * 255), ==, is[2]);
  canvas_test_close (test);
}

static void
test_sketch (void)
{
  CanvasTest *test = open_sketch (LIMN_TOOL_PENCIL);
  limn_session_set_brush_size (test->session, 6);
  for (int side = 0; side < 4; side++) {
    const int corners[][2] = { { 60, 60 }, { 180, 60 }, { 180, 180 }, { 60, 180 } };
    canvas_test_drag (test, corners[side][0], corners[side][1], corners[(side + 1) % 4][0], corners[(side + 1) % 4][1]);
  }
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_LINES, 120, 60), ==, 255);
  limn_session_set_color (test->session, &(GdkRGBA){ 0.2f, 0.4f, 0.9f, 1 });
  limn_session_set_tool (test->session, LIMN_TOOL_BUCKET);
  canvas_test_click (test, 120, 120);
  canvas_test_finish (test);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_PAINT, 100, 150), ==, 255);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_PAINT, 30, 30), ==, 0);
  limn_session_set_tool (test->session, LIMN_TOOL_PAINT);
  limn_session_set_brush_size (test->session, 30);
  canvas_test_drag (test, 20, 220, 230, 220);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_PAINT, 120, 220), ==, 255);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-sketch");
  limn_session_set_tool (test->session, LIMN_TOOL_ERASER);
  limn_session_set_brush_size (test->session, 20);
  canvas_test_drag (test, 120, 50, 120, 100);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_LINES, 120, 60), ==, 0); /* paint and ink in one step */
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_PAINT, 120, 90), ==, 0);
  guint before = canvas_test_steps (test);
  g_assert_true (limn_document_undo (test->document, NULL));
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_LINES, 120, 60), ==, 255);
  g_assert_cmpint (canvas_test_plane (test, LIMN_DOCUMENT_PAINT, 120, 90), ==, 255);
  g_assert_cmpuint (canvas_test_steps (test), ==, before - 1);
  g_object_set (test->session, "sketch-view", LIMN_SKETCH_VIEW_BESIDE, NULL);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-beside");
  canvas_test_close (test);
}

static gboolean
lens_has_texture (gpointer user)
{
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;
  return limn_session_get_lens (user, &x, &y, &radius, &texture, &region) && texture && fabs (region.x + region.width / 2.0 - x) < 2;
}

static void
test_lens (void)
{
  CanvasTest *test = open (LIMN_TASK_UPSCALE, LIMN_TOOL_LENS);
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;
  g_assert_false (limn_session_get_lens (test->session, &x, &y, &radius, &texture, &region));
  canvas_test_click (test, 200, 150);
  g_assert_true (limn_session_get_lens (test->session, &x, &y, &radius, &texture, &region));
  g_assert_cmpfloat (fabs (x - 200), <, 1.5);
  canvas_test_drag (test, 210, 150, 310, 100);
  g_assert_true (limn_session_get_lens (test->session, &x, &y, &radius, &texture, &region));
  g_assert_cmpfloat (fabs (x - 300), <, 1.5);
  g_assert_cmpfloat (fabs (y - 100), <, 1.5);
  ui_test_wait (lens_has_texture, test->session);
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-lens");

  /* what is under a pointer that rests follows the view */
  g_assert_cmpstr (gdk_cursor_get_name (gtk_widget_get_cursor (GTK_WIDGET (test->canvas))), ==, "move");
  limn_canvas_zoom_to (test->canvas, 4, 0, 0);
  g_assert_cmpstr (gdk_cursor_get_name (gtk_widget_get_cursor (GTK_WIDGET (test->canvas))), ==, "crosshair");
  limn_canvas_zoom_fit (test->canvas);
  ui_test_key ("Escape");
  g_assert_false (limn_session_get_lens (test->session, &x, &y, &radius, &texture, &region));
  canvas_test_close (test);
}

/* Without a pointer: the cursor is moved by arrows, Space puts the brush down and lifts it. */
static void
test_keyboard (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_RECTANGLE);
  ui_test_move (GTK_WIDGET (test->canvas), 5, 5);
  canvas_test_click (test, 100, 100);
  ui_test_key ("Right"); /* 12 */
  ui_test_key ("space");
  for (int i = 0; i < 5; i++)
    ui_test_key ("Right");
  for (int i = 0; i < 3; i++)
    ui_test_key ("Down");
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-keyboard");
  g_assert_false (limn_document_get_has_mask (test->document));
  ui_test_key ("space");
  g_assert_cmpint (mask (test, 114, 102), ==, 255);
  g_assert_cmpint (mask (test, 170, 134), ==, 255);
  g_assert_cmpint (mask (test, 176, 134), ==, 0);

  limn_session_set_tool (test->session, LIMN_TOOL_LASSO);
  ui_test_key ("Left");
  const char *const corner[] = { "<Control>Left", "<Control>Up", "<Control>Right" };
  ui_test_key ("space");
  for (guint i = 0; i < G_N_ELEMENTS (corner); i++) {
    ui_test_key (corner[i]);
    ui_test_key ("space");
  }
  ui_test_key ("Return");
  g_assert_cmpuint (canvas_test_steps (test), ==, 2);
  g_assert_true (limn_document_get_has_mask (test->document));
  canvas_test_close (test);
}

static void
test_divider (void)
{
  CanvasTest *test = open (LIMN_TASK_FILL, LIMN_TOOL_BRUSH);
  double position, x, y;
  g_object_set (test->session, "compare", TRUE, "compare-position", 0.5, NULL);
  canvas_test_at (test, 200, 60, &x, &y);
  ui_test_drag (GTK_WIDGET (test->canvas), x + 2, y, x + 102, y, 4);
  g_object_get (test->session, "compare-position", &position, NULL);
  g_assert_cmpfloat (fabs (position - 0.75), <, 0.02);
  g_assert_false (limn_document_get_has_mask (test->document));
  ui_test_screenshot (GTK_WIDGET (test->canvas), "canvas-compare");

  /* which side is which is said beside the line, on a dark ground, while it is there */
  guint8 before[3], after[3], plain[2][3];
  double line, top;
  canvas_test_at (test, position * 400, 0, &line, &top);
  canvas_test_pixel (test, line - 16, top + 20, before);
  canvas_test_pixel (test, line + 16, top + 20, after);
  g_object_set (test->session, "compare", FALSE, NULL);
  ui_test_settle ();
  canvas_test_pixel (test, line - 16, top + 20, plain[0]);
  canvas_test_pixel (test, line + 16, top + 20, plain[1]);
  g_assert_cmpint (before[0] + before[1] + before[2], <, (plain[0][0] + plain[0][1] + plain[0][2]) * 2 / 3);
  g_assert_cmpint (after[0] + after[1] + after[2], <, (plain[1][0] + plain[1][1] + plain[1][2]) * 2 / 3);

  /* zoomed in so far that the line is out of sight, one side has no room at all: nothing is drawn there, and nothing leaks */
  limn_canvas_zoom_to (test->canvas, 8, NAN, NAN);
  for (position = 0; position <= 1; position++) {
    g_object_set (test->session, "compare", TRUE, "compare-position", position, NULL);
    ui_test_settle ();
    canvas_test_pixel (test, 300, 200, plain[0]);
    g_object_set (test->session, "compare", FALSE, NULL);
    ui_test_settle ();
    canvas_test_pixel (test, 300, 200, plain[1]);
    g_assert_cmpmem (plain[0], 3, plain[1], 3); /* the photo isn't edited, so both sides are alike */
  }
  canvas_test_close (test);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/tools/brush", test_brush);
  g_test_add_func ("/tools/cancel", test_cancel);
  g_test_add_func ("/tools/size", test_size);
  g_test_add_func ("/tools/shapes", test_shapes);
  g_test_add_func ("/tools/lasso", test_lasso);
  g_test_add_func ("/tools/similar", test_similar);
  g_test_add_func ("/tools/crop", test_crop);
  g_test_add_func ("/tools/crop/ways", test_crop_ways);
  g_test_add_func ("/tools/expand", test_expand);
  g_test_add_func ("/tools/expand/fills", test_expand_fills);
  g_test_add_func ("/tools/guides", test_guides);
  g_test_add_func ("/tools/object", test_object);
  g_test_add_func ("/tools/sources", test_sources);
  g_test_add_func ("/tools/dots", test_dots);
  g_test_add_func ("/tools/picker", test_picker);
  g_test_add_func ("/tools/sketch", test_sketch);
  g_test_add_func ("/tools/lens", test_lens);
  g_test_add_func ("/tools/keyboard", test_keyboard);
  g_test_add_func ("/tools/divider", test_divider);
  return ui_test_run ();
}
