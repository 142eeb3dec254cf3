/* The picture as a whole, from the window: turned, flipped, cropped, by keys, by the menu's actions, by numbers and by dragging.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test.h"

#include "app/document/limn-document-mask.h"
static LimnWindow *
open_window (int width, int height)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (400, 300, FALSE);
  LimnWindow *window = ui_test_window (limn_document_new (picture, NULL), width, height);

  g_object_set (limn_window_get_session (window), "live", FALSE, NULL);
  return window;
}

static void
assert_size (LimnWindow *window, int width, int height)
{
  ui_test_finish (ui_test_get_document (window));
  ui_test_settle ();
  g_assert_cmpint (limn_document_get_width (ui_test_get_document (window)), ==, width);
  g_assert_cmpint (limn_document_get_height (ui_test_get_document (window)), ==, height);
}

static gboolean
is_enabled (LimnWindow *window, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (window), action);
}

/* Red of what is seen. */
static guint8
seen (LimnWindow *window, int x, int y)
{
  guint8 pixel[4];

  limn_document_render (ui_test_get_document (window), LIMN_SNAPSHOT_RESULT, 0, &(LimnRect){ x, y, 1, 1 }, pixel, 4);
  return pixel[0];
}

static void
test_commands (void)
{
  static const char *const always[] = { "rotate-left", "rotate-right", "flip-horizontal", "flip-vertical", "canvas-size" };
  LimnWindow *start = ui_test_window (NULL, 900, 600), *window;
  guint8 corner;

  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    g_assert_false (is_enabled (start, always[i]));
  ui_test_close (start);
  window = open_window (900, 600);
  corner = seen (window, 0, 299);
  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    g_assert_true (is_enabled (window, always[i]));
  ui_test_key ("<Control>r");
  assert_size (window, 300, 400);
  g_assert_cmpint (seen (window, 0, 0), ==, corner); /* the lower left comes up */
  ui_test_key ("<Shift><Control>r");
  assert_size (window, 400, 300);
  ui_test_key ("<Control>h");
  assert_size (window, 400, 300);
  g_assert_cmpint (seen (window, 399, 299), ==, corner);
  ui_test_key ("<Shift><Control>h");
  assert_size (window, 400, 300);
  g_assert_cmpint (seen (window, 399, 0), ==, corner);
  for (int i = 0; i < 4; i++)
    ui_test_key ("<Control>z");
  assert_size (window, 400, 300);
  g_assert_cmpint (seen (window, 0, 299), ==, corner);
  g_assert_false (limn_document_get_modified (ui_test_get_document (window)));

  /* to the selection, where there is one */
  g_assert_false (is_enabled (window, "crop-selection"));
  limn_document_select_rectangle (ui_test_get_document (window), 50, 60, 200, 100, LIMN_MASK_REPLACE);
  g_assert_true (is_enabled (window, "crop-selection"));
  ui_test_key ("<Shift><Control>c");
  assert_size (window, 200, 100);
  ui_test_close (window);
}

static void
fill_in (GtkWindow *dialog, const char *title, const char *number)
{
  GtkWidget *label = ui_test_find_label (GTK_WIDGET (dialog), title), *row, *spin;

  g_assert_nonnull (label);
  row = gtk_widget_get_ancestor (label, ADW_TYPE_ACTION_ROW);
  spin = ui_test_find_type (row ? row : label, GTK_TYPE_SPIN_BUTTON);
  g_assert_nonnull (spin);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), g_ascii_strtod (number, NULL));
}

static void
test_numbers (void)
{
  LimnWindow *window = open_window (900, 600);
  GtkWindow *dialog;

  ui_test_key ("<Shift><Control>x");
  dialog = ui_test_await_dialog (window);
  fill_in (dialog, "Left", "-40");
  fill_in (dialog, "Bottom", "25");
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (dialog), "\u2066360 × 325\u2069"));
  ui_test_screenshot (GTK_WIDGET (dialog), "canvas-size");
  fill_in (dialog, "Right", "-399"); /* nothing would be left */
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "apply"));
  fill_in (dialog, "Right", "0");
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (dialog), "Apply"));
  ui_test_wait (ui_test_has_no_dialog, window);
  assert_size (window, 360, 325);
  ui_test_close (window);
}

/* The same by the keyboard alone. */
static void
test_numbers_by_keys (void)
{
  LimnWindow *window = open_window (900, 600);

  ui_test_key ("<Shift><Control>x");
  ui_test_await_dialog (window);
  ui_test_type ("60");
  ui_test_key ("Tab");
  ui_test_type ("30");
  ui_test_key ("Return");
  ui_test_wait (ui_test_has_no_dialog, window);
  assert_size (window, 460, 330);
  ui_test_close (window);
}

/* The tool by its key in every task; what is dragged is done by Return, and dropped by Esc. */
static void
test_tool (void)
{
  static const char *const names[] = { "picture-crop-fill", "picture-crop-colorize", "picture-crop-sketch", "picture-crop-upscale" };
  LimnWindow *window = open_window (1100, 720);
  LimnSession *session = limn_window_get_session (window);
  GtkWidget *canvas = ui_test_find_type (GTK_WIDGET (window), LIMN_TYPE_CANVAS);
  double x, y, to_x, to_y;

  for (int task = LIMN_TASK_FILL; task <= LIMN_TASK_UPSCALE; task++) {
    int width = limn_document_get_width (ui_test_get_document (window)), height = limn_document_get_height (ui_test_get_document (window));

    limn_session_set_task (session, (LimnTask) task);
    gtk_widget_grab_focus (canvas);
    ui_test_key ("x");
    g_assert_cmpint (limn_session_get_tool (session), ==, LIMN_TOOL_CROP);
    limn_canvas_from_document (LIMN_CANVAS (canvas), width, height, &x, &y);
    limn_canvas_from_document (LIMN_CANVAS (canvas), width - 40, height - 20, &to_x, &to_y);
    ui_test_drag (canvas, x - 1, y - 1, to_x - 1, to_y - 1, 8);
    g_assert_true (limn_session_get_crop (session, NULL));
    ui_test_screenshot (GTK_WIDGET (window), names[task]);
    ui_test_key ("Escape");
    g_assert_false (limn_session_get_crop (session, NULL));
    ui_test_drag (canvas, x - 1, y - 1, to_x - 1, to_y - 1, 8);
    ui_test_key ("Return");
    assert_size (window, width - 40, height - 20);
  }
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/picture/commands", test_commands);
  g_test_add_func ("/picture/numbers", test_numbers);
  g_test_add_func ("/picture/numbers-by-keys", test_numbers_by_keys);
  g_test_add_func ("/picture/tool", test_tool);
  return ui_test_run ();
}
