/* Restore by pointer and keys, with the shipped networks: a worn photo opens in it, damage is shown, marked and spared by brushes, sliders
 * change the preview, Esc stops it, undo and redo; what is saved is what is seen; one click goes on to the next.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "app/document/limn-document-layers.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test-out.h"

/* The file chooser leaks in many places, so under the sanitizer no leaks are looked for here. */
int __lsan_is_turned_off (void);
int
__lsan_is_turned_off (void)
{
  return 1;
}

enum { WIDTH = 400, HEIGHT = 300 };

#define OFFER "This photo is worn: Enter mends it."

/* -- A print -- */

static gboolean
is_scratch (double x, double y)
{
  return x >= 30 && x < 370 && fabs (y - 60 - 0.35 * x) < 1.6;
}

/* Ten short ones, in two rows. */
static gboolean
is_short_scratch (double x, double y)
{
  for (int k = 0; k < 10; k++) {
    const double left = 20 + k % 5 * 75, top = 20 + k / 5 * 240;
    if (x >= left && x < left + 45 && fabs (y - top - 0.4 * (x - left)) < 1.6)
      return TRUE;
  }
  return FALSE;
}

/* A faded print in one tint, of soft shades; worn: with scratches. A file of the test's folder; free with g_free. */
static char *
save_print (const char *name, gboolean worn)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (WIDTH, HEIGHT, TRUE);
  char *path = g_build_filename (ui_test_folder (), name, NULL);
  LimnSaveOptions options;
  GError *error = NULL;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      guint8 *pixel = limn_picture_get_data (picture) + (gsize) y * limn_picture_get_stride (picture) + 4 * (gsize) x;
      const double shade = 120 + 50 * sin (x / 60.0) * cos (y / 50.0) + (x * 7 + y * 13 + x * y % 11) % 4;
      const double value = worn && (is_scratch (x, y) || is_short_scratch (x, y)) ? 230 : shade;

      pixel[0] = (guint8) value;
      pixel[1] = (guint8) (0.94 * value);
      pixel[2] = (guint8) (0.84 * value);
    }
  limn_save_options_init (&options, picture, LIMN_FORMAT_PNG);
  limn_picture_save (picture, path, &options, NULL, &error);
  g_assert_no_error (error);
  return path;
}

/* -- The window -- */

static LimnWindow *
open_print (gboolean worn)
{
  g_autofree char *path = save_print ("Grandmother.png", worn);
  LimnWindow *window = ui_test_open (path);

  ui_test_key ("<Control>1");
  return window;
}

static LimnTask
get_task (LimnWindow *window)
{
  return limn_session_get_task (limn_window_get_session (window));
}

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

static guint
count_layers (gpointer window)
{
  return g_list_model_get_n_items (limn_document_get_layers (ui_test_get_document (window)));
}

static gboolean
is_applied (gpointer window)
{
  return count_layers (window) == 1 && !limn_document_get_has_preview (ui_test_get_document (window)) && is_idle (window);
}

static gboolean
is_without_layers (gpointer window)
{
  return count_layers (window) == 0;
}

/* What is shown as damaged at a place, 0 or 255. */
static guint8
damage_at (LimnWindow *window, int x, int y)
{
  LimnRaster *damage = limn_session_get_damage (limn_window_get_session (window));
  guint8 value;

  g_assert_nonnull (damage);
  limn_raster_read (damage, &(LimnRect){ x, y, 1, 1 }, &value, 1);
  return value;
}

static void
draw (LimnWindow *window, double x0, double y0, double x1, double y1)
{
  LimnCanvas *canvas = limn_window_get_canvas (window);

  limn_canvas_from_document (canvas, x0, y0, &x0, &y0);
  limn_canvas_from_document (canvas, x1, y1, &x1, &y1);
  ui_test_drag (GTK_WIDGET (canvas), x0, y0, x1, y1, 6);
}

/* What is seen once the pointer is away from the picture and the preview is there. */
static guint8 *
see (LimnWindow *window)
{
  ui_test_wait (is_previewed, window);
  ui_test_move (GTK_WIDGET (window), 300, 20);
  return ui_test_grab (window);
}

static guint
count_changes (const guint8 *a, const guint8 *b)
{
  guint changes = 0;

  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    changes += memcmp (a + 4 * i, b + 4 * i, 3) != 0;
  return changes;
}

/* -- Tests -- */

static gboolean
is_offered (gpointer window)
{
  return ui_test_find_label (window, OFFER) != NULL;
}

/* A worn print opens in Restore, which is said; the same print without damage in Colorize, as any that is gray. */
static void
test_offer (void)
{
  g_autofree char *path = save_print ("Worn.png", TRUE);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  LimnWindow *window = ui_test_window (NULL, 900, 600);

  limn_window_open (window, file);
  ui_test_wait (is_offered, window);
  g_assert_cmpint (get_task (window), ==, LIMN_TASK_RESTORE);
  ui_test_wait (is_previewed, window);
  ui_test_screenshot (GTK_WIDGET (window), "restore-offer");
  ui_test_close (window);
  window = open_print (FALSE);
  g_assert_cmpint (get_task (window), ==, LIMN_TASK_COLORIZE);
  ui_test_close (window);
}

/* What is found is shown; a brush marks more, another spares, and the preview follows both. */
static void
test_marks (void)
{
  LimnWindow *window = open_print (TRUE);
  g_autofree guint8 *first = see (window), *marked = NULL, *spared = NULL;

  g_assert_cmpint (damage_at (window, 200, 130), ==, 255);
  g_assert_cmpint (damage_at (window, 100, 95), ==, 255);
  g_assert_cmpint (damage_at (window, 300, 200), ==, 0);
  ui_test_screenshot (GTK_WIDGET (window), "restore-found");
  ui_test_key ("b");
  draw (window, 280, 200, 320, 205);
  g_assert_cmpint (damage_at (window, 300, 202), ==, 255);
  marked = see (window);
  g_assert_cmpuint (count_changes (first, marked), >, 20);
  ui_test_key ("e");
  draw (window, 80, 88, 120, 102);
  g_assert_cmpint (damage_at (window, 100, 95), ==, 0);
  spared = see (window);
  g_assert_cmpuint (count_changes (marked, spared), >, 20);
  ui_test_key ("<Control>z");
  ui_test_wait (is_previewed, window);
  g_assert_cmpint (damage_at (window, 100, 95), ==, 255);
  ui_test_screenshot (GTK_WIDGET (window), "restore-marks");
  ui_test_close (window);
}

/* Each slider changes what is seen, by the keyboard as a person moves it. */
static void
test_sliders (void)
{
  static const char *const labels[] = { "Scratches", "Fading", "Grain" };
  LimnWindow *window = open_print (TRUE);
  g_autofree guint8 *before = see (window);

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++) {
    GtkWidget *label = ui_test_find_label (GTK_WIDGET (window), labels[i]);
    g_assert_nonnull (label);
    GtkWidget *scale = ui_test_find_type (gtk_widget_get_parent (label), GTK_TYPE_SCALE);
    g_assert_nonnull (scale);
    gtk_widget_grab_focus (scale);
    ui_test_key ("Home");
    g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, 0);
    g_autofree guint8 *after = see (window);
    g_assert_cmpuint (count_changes (before, after), >, 20);
    g_free (before);
    before = g_steal_pointer (&after);
  }
  ui_test_close (window);
}

/* Enter, undo, redo; what is saved is what is seen. */
static void
test_kept (void)
{
  LimnWindow *window = open_print (TRUE);
  g_autofree guint8 *seen = see (window), *overlay = ui_test_find_overlay (ui_test_get_document (window));
  g_autoptr (LimnPicture) copy = NULL;

  ui_test_key ("Return");
  ui_test_wait (is_applied, window);
  ui_test_key ("<Control>z");
  ui_test_wait (is_without_layers, window);
  ui_test_key ("<Control><Shift>z");
  ui_test_wait (is_applied, window);
  copy = ui_test_save_copy (window, "Mended.png");
  g_assert_cmpint (ui_test_count_different (seen, copy, overlay), ==, 0);
  g_autofree guint8 *after = ui_test_grab_after (window, copy, overlay);
  g_assert_cmpint (ui_test_count_different (after, copy, overlay), ==, 0);
  ui_test_close (window);
}

/* Esc while it is at work: nothing was done, and it can be asked for again. */
static void
test_cancel (void)
{
  LimnWindow *window = open_print (TRUE);

  ui_test_key ("Return");
  ui_test_key ("Escape");
  ui_test_wait (is_idle, window);
  if (count_layers (window) > 0) /* it was quicker than the key */
    ui_test_key ("<Control>z");
  ui_test_wait (is_without_layers, window);
  ui_test_key ("Return");
  ui_test_wait (is_applied, window);
  ui_test_close (window);
}

/* Once it is done, a click goes on to colours, or to a larger picture. */
static void
test_next (gconstpointer label)
{
  LimnWindow *window = open_print (TRUE);

  ui_test_wait (is_previewed, window);
  ui_test_key ("Return");
  ui_test_wait (is_applied, window);
  ui_test_screenshot (GTK_WIDGET (window), "restore-next");
  GtkWidget *button = ui_test_find_label (GTK_WIDGET (window), label);
  g_assert_nonnull (button);
  ui_test_click_middle (button);
  g_assert_cmpint (get_task (window), ==, g_str_equal (label, "Colorize It") ? LIMN_TASK_COLORIZE : LIMN_TASK_UPSCALE);
  if (get_task (window) == LIMN_TASK_COLORIZE)
    ui_test_wait (is_previewed, window);
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/restore/offer", test_offer);
  g_test_add_func ("/restore/marks", test_marks);
  g_test_add_func ("/restore/sliders", test_sliders);
  g_test_add_func ("/restore/kept", test_kept);
  g_test_add_func ("/restore/cancel", test_cancel);
  g_test_add_data_func ("/restore/next/colorize", "Colorize It", test_next);
  g_test_add_data_func ("/restore/next/upscale", "Make It Larger", test_next);
  return ui_test_run ();
}
