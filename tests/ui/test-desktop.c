/* What the desktop decides: full screen, and reduced motion. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "ui-test.h"
#include "ui/adwaita/limn-flap.h"
#include "ui/widgets/limn-before-after.h"

/* -- Full screen -- */

static gboolean
is_fullscreen (gpointer user)
{
  return gtk_window_is_fullscreen (user);
}

static gboolean
is_window (gpointer user)
{
  return !gtk_window_is_fullscreen (user);
}

/* What is seen of the header: how far it reaches into the window. */
static int
get_header_height (LimnWindow *window)
{
  GtkWidget *header = ui_test_find_type (GTK_WIDGET (window), ADW_TYPE_HEADER_BAR);
  graphene_rect_t bounds;

  if (!header || !gtk_widget_get_child_visible (header))
    return 0;
  g_assert_true (gtk_widget_compute_bounds (header, GTK_WIDGET (window), &bounds));
  return (int) ceilf (bounds.origin.y + bounds.size.height);
}

/* Previews would draw frames, and Escape would end them first. */
static LimnWindow *
open_without_previews (LimnDocument *document)
{
  g_settings_set_boolean (limn_application_get_settings (ui_test_application ()), "live", FALSE);
  return ui_test_window (document, 900, 600);
}

static void
test_fullscreen (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (600, 400, FALSE);
  g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
  LimnWindow *window = open_without_previews (document);
  GtkWidget *canvas = ui_test_find_type (GTK_WIDGET (window), LIMN_TYPE_CANVAS);

  const int width = gtk_widget_get_width (GTK_WIDGET (window));

  ui_test_manage_fullscreen (GTK_WINDOW (window));
  g_assert_cmpint (get_header_height (window), >, 0);

  ui_test_move (canvas, 300, 200);
  ui_test_key ("F11");
  g_assert_true (ui_test_manage_fullscreen (GTK_WINDOW (window)));
  ui_test_wait (is_fullscreen, window);
  ui_test_settle ();
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), ==, 1280);
  g_assert_cmpint (get_header_height (window), <=, 0); /* nothing but the picture and its tools */
  ui_test_screenshot (GTK_WIDGET (window), "fullscreen");

  /* the header comes down over the picture to the pointer, and goes with it */
  const int height = gtk_widget_get_height (canvas);
  ui_test_move (GTK_WIDGET (window), 600, 1);
  ui_test_settle ();
  g_assert_cmpint (get_header_height (window), >, 0);
  g_assert_cmpint (gtk_widget_get_height (canvas), ==, height);
  ui_test_screenshot (GTK_WIDGET (window), "fullscreen-header");
  ui_test_move (GTK_WIDGET (window), 600, 400);
  ui_test_settle ();
  g_assert_cmpint (get_header_height (window), <=, 0);

  /* painting goes on there */
  ui_test_key ("1");
  ui_test_key ("b");
  ui_test_drag (canvas, 600, 400, 660, 420, 5);
  g_assert_true (limn_document_get_has_mask (document));

  ui_test_key ("F11");
  g_assert_true (ui_test_manage_fullscreen (GTK_WINDOW (window)));
  ui_test_wait (is_window, window);
  ui_test_settle ();
  g_assert_cmpint (get_header_height (window), >, 0);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), ==, width);

  /* Escape leaves it too */
  ui_test_key ("F11");
  g_assert_true (ui_test_manage_fullscreen (GTK_WINDOW (window)));
  ui_test_wait (is_fullscreen, window);
  ui_test_key ("Escape");
  g_assert_true (ui_test_manage_fullscreen (GTK_WINDOW (window)));
  ui_test_wait (is_window, window);
  ui_test_close (window);
}

/* -- Reduced motion -- */

static void
count_frame (GdkFrameClock *clock, guint *frames)
{
  ++*frames;
}

static gboolean
is_set (gpointer user)
{
  return *(gboolean *) user;
}

static gboolean
set (gpointer user)
{
  *(gboolean *) user = TRUE;
  return G_SOURCE_REMOVE;
}

/* Frames that the window draws in a second in which nothing is done. */
static guint
count_frames (LimnWindow *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  guint frames = 0;
  gboolean over = FALSE;
  gulong handler;

  ui_test_settle ();
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (count_frame), &frames);
  g_timeout_add (1000, set, &over);
  ui_test_wait (is_set, &over);
  g_signal_handler_disconnect (clock, handler);
  return frames;
}

static gboolean
are_some (gpointer user)
{
  return *(guint *) user >= 5;
}

/* Until it draws by itself, and not only once. */
static void
wait_frames (LimnWindow *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  guint frames = 0;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (count_frame), &frames);

  ui_test_wait (are_some, &frames);
  g_signal_handler_disconnect (clock, handler);
}

/* What a widget looks like. */
static GBytes *
look (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  guchar *pixels = g_malloc0 ((gsize) (4 * width * height));

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_download (texture, pixels, (gsize) (4 * width));
  return g_bytes_new_take (pixels, (gsize) (4 * width * height));
}

static void
set_motion (gboolean motion)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", motion, NULL);
}

/* The mask's outline moves, or stands still and costs nothing. */
static void
test_outline (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (600, 400, FALSE);
  g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
  LimnWindow *window = open_without_previews (document);
  GtkWidget *canvas = ui_test_find_type (GTK_WIDGET (window), LIMN_TYPE_CANVAS);

  ui_test_key ("1");
  ui_test_key ("b");
  ui_test_drag (canvas, 400, 280, 460, 300, 5);
  g_assert_true (limn_document_get_has_mask (document));
  ui_test_move (canvas, 300, 100);
  g_assert_cmpuint (count_frames (window), <=, 1);
  set_motion (TRUE);
  ui_test_drag (canvas, 400, 300, 460, 320, 5);
  wait_frames (window);
  set_motion (FALSE);
  count_frames (window); /* the last step of what moved */
  g_assert_cmpuint (count_frames (window), <=, 1);
  ui_test_close (window);
}

/* The start page's pictures follow the pointer, or don't. */
static void
test_start_page (void)
{
  LimnWindow *window = ui_test_window (NULL, 900, 700);
  GtkWidget *sample = ui_test_find_type (GTK_WIDGET (window), LIMN_TYPE_BEFORE_AFTER);
  const double y = gtk_widget_get_height (sample) / 2.0;
  g_autoptr (GBytes) before = NULL, still = NULL, moved = NULL;

  g_assert_nonnull (sample);
  ui_test_move (GTK_WIDGET (window), 450, 5);
  count_frames (window);
  before = look (sample);
  ui_test_move (sample, 10, y);
  g_assert_cmpuint (count_frames (window), <=, 1);
  still = look (sample);
  g_assert_true (g_bytes_equal (before, still));
  ui_test_move (GTK_WIDGET (window), 450, 5);
  set_motion (TRUE);
  ui_test_move (sample, 10, y);
  count_frames (window);
  moved = look (sample);
  g_assert_false (g_bytes_equal (before, moved));
  set_motion (FALSE);
  ui_test_close (window);
}

/* What opens is there with the next frame. */
static void
test_panels (void)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (600, 400, FALSE);
  g_autoptr (LimnDocument) document = limn_document_new (picture, NULL);
  LimnWindow *window = open_without_previews (document);
  GtkWidget *canvas = GTK_WIDGET (limn_window_get_canvas (window)), *flap = gtk_widget_get_ancestor (canvas, LIMN_TYPE_FLAP);
  int width;

  g_assert_nonnull (flap);
  limn_flap_set_open (LIMN_FLAP (flap), FALSE);
  ui_test_settle ();
  width = gtk_widget_get_width (canvas);
  ui_test_key ("F9");
  g_assert_true (limn_flap_get_open (LIMN_FLAP (flap)));
  ui_test_settle ();
  g_assert_cmpint (gtk_widget_get_width (canvas), <=, width - 240); /* the panel's own width */
  g_assert_cmpuint (count_frames (window), <=, 1);
  ui_test_close (window);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/desktop/fullscreen", test_fullscreen);
  g_test_add_func ("/desktop/reduced-motion/outline", test_outline);
  g_test_add_func ("/desktop/reduced-motion/start-page", test_start_page);
  g_test_add_func ("/desktop/reduced-motion/panels", test_panels);
  return ui_test_run ();
}
