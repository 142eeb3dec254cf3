/* The window with the sample pictures, as README and software centres show it (tools/screenshots), and from right to left.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test.h"

enum { WIDTH = 1280, HEIGHT = 800 };

typedef struct {
  LimnWindow *window;
  LimnSession *session;
  LimnDocument *document;
  GtkWidget *canvas;
  gboolean mirrored;
} Screen;

static void
begin (Screen *self, const char *sample)
{
  g_autofree char *from = g_build_filename (g_getenv ("LIMN_MODELS"), "..", "samples", sample, NULL);
  g_autofree char *path = g_build_filename (ui_test_folder (), sample, NULL);
  g_autoptr (GFile) original = g_file_new_for_path (from), file = g_file_new_for_path (path);

  gtk_widget_set_default_direction (self->mirrored ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  g_assert_true (g_file_copy (original, file, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL));
  self->window = ui_test_window (NULL, WIDTH, HEIGHT);
  limn_window_open (self->window, file);
  ui_test_wait (ui_test_has_session, self->window);
  self->session = limn_window_get_session (self->window);
  self->document = limn_session_get_document (self->session);
  self->canvas = GTK_WIDGET (limn_window_get_canvas (self->window));
  ui_test_settle ();
}

static void
end (Screen *self)
{
  ui_test_close (self->window);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
shoot (Screen *self, const char *name)
{
  g_autofree char *whole = g_strconcat (self->mirrored ? "screen-rtl-" : "screen-", name, NULL);

  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (self->window), whole);
}

static void
draw (Screen *self, double x0, double y0, double x1, double y1)
{
  limn_canvas_from_document (LIMN_CANVAS (self->canvas), x0, y0, &x0, &y0);
  limn_canvas_from_document (LIMN_CANVAS (self->canvas), x1, y1, &x1, &y1);
  ui_test_drag (self->canvas, x0, y0, x1, y1, 8);
}

static void
rest_pointer (Screen *self)
{
  ui_test_move (GTK_WIDGET (self->window), WIDTH / 3, 75); /* beside the picture and every button */
}

static gboolean
is_resting (gpointer user)
{
  gboolean busy, previewing;

  g_object_get (((Screen *) user)->session, "busy", &busy, "previewing", &previewing, NULL);
  return !busy && !previewing;
}

static gboolean
has_preview (gpointer user)
{
  return limn_document_get_has_preview (((Screen *) user)->document) && is_resting (user);
}

static gboolean
has_strip (gpointer user)
{
  LimnSession *session = ((Screen *) user)->session;
  const guint n = limn_session_get_n_variations (session);
  guint there = 0;

  for (guint i = 0; i < n; i++)
    there += limn_session_get_variation (session, i) != NULL;
  return n > 0 && there == n;
}

static gboolean
has_lens (gpointer user)
{
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;

  return limn_session_get_lens (((Screen *) user)->session, &x, &y, &radius, &texture, &region) && texture && is_resting (user);
}

/* The first: no picture was opened before. */
static void
test_start (gconstpointer mirrored)
{
  Screen self = { .mirrored = mirrored != NULL };

  gtk_widget_set_default_direction (self.mirrored ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  self.window = ui_test_window (NULL, WIDTH, HEIGHT);
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (self.window), "Fill"));
  shoot (&self, "start");
  end (&self);
}

static void
test_fill (gconstpointer mirrored)
{
  Screen self = { .mirrored = mirrored != NULL };

  begin (&self, "moss.jpg");
  g_object_set (self.session, "live", FALSE, NULL);
  limn_session_set_brush_size (self.session, 110);
  draw (&self, 815, 380, 850, 410);
  shoot (&self, "mask");
  g_object_set (self.session, "live", TRUE, NULL);
  ui_test_key ("Return");
  ui_test_wait (has_strip, &self);
  rest_pointer (&self);
  shoot (&self, "fill");
  end (&self);
}

static void
test_colorize (gconstpointer mirrored)
{
  Screen self = { .mirrored = mirrored != NULL };
  static const struct {
    double x, y;
    GdkRGBA color;
  } dots[] = { { 320, 60, { 0.56f, 0.72f, 0.87f, 1 } }, { 80, 400, { 0.37f, 0.54f, 0.24f, 1 } }, { 205, 330, { 0.66f, 0.25f, 0.18f, 1 } } };

  begin (&self, "pavilion.jpg");
  for (guint i = 0; i < G_N_ELEMENTS (dots); i++) {
    double x, y;

    limn_session_set_color (self.session, &dots[i].color);
    limn_canvas_from_document (LIMN_CANVAS (self.canvas), dots[i].x, dots[i].y, &x, &y);
    ui_test_click (self.canvas, x, y);
  }
  rest_pointer (&self);
  ui_test_wait (has_preview, &self);
  g_assert_nonnull (ui_test_find_label (GTK_WIDGET (self.window), "A color runs over? Select its area"));
  shoot (&self, "colorize");
  end (&self);
}

static void
test_sketch (gconstpointer mirrored)
{
  Screen self = { .mirrored = mirrored != NULL };
  GtkWidget *card;

  gtk_widget_set_default_direction (self.mirrored ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  self.window = ui_test_window (NULL, WIDTH, HEIGHT);
  card = gtk_widget_get_ancestor (ui_test_find_label (GTK_WIDGET (self.window), "Sketch"), GTK_TYPE_FLOW_BOX_CHILD);
  ui_test_click_middle (ui_test_find_label (card, "Try with This Picture"));
  ui_test_wait (ui_test_has_session, self.window);
  self.session = limn_window_get_session (self.window);
  self.document = limn_session_get_document (self.session);
  ui_test_wait (has_preview, &self);
  rest_pointer (&self);
  shoot (&self, "sketch");
  end (&self);
}

static void
test_upscale (gconstpointer mirrored)
{
  Screen self = { .mirrored = mirrored != NULL };
  double x = 110, y = 70;

  begin (&self, "cat.png");
  limn_canvas_from_document (LIMN_CANVAS (self.canvas), x, y, &x, &y);
  ui_test_click (self.canvas, x, y);
  rest_pointer (&self);
  ui_test_wait (has_lens, &self);
  g_object_set (self.session, "compare", TRUE, NULL);
  shoot (&self, "upscale");
  end (&self);
}

static void
test_restore (gconstpointer mirrored)
{
  Screen self = { .mirrored = mirrored != NULL };

  begin (&self, "tripod.jpg");
  limn_session_set_task (self.session, LIMN_TASK_RESTORE);
  rest_pointer (&self);
  ui_test_wait (has_preview, &self);
  g_object_set (self.session, "compare", TRUE, NULL);
  shoot (&self, "restore");
  end (&self);
}

/* What stands at the start stands at the right, and the other way round. */
static void
test_mirrored (void)
{
  Screen self = { .mirrored = TRUE };
  graphene_rect_t tool, save, zoom;

  begin (&self, "moss.jpg");
  g_assert_true (gtk_widget_compute_bounds (ui_test_find_label (GTK_WIDGET (self.window), "Brush"), GTK_WIDGET (self.window), &tool));
  g_assert_true (
    gtk_widget_compute_bounds (ui_test_find_action (GTK_WIDGET (self.window), "win.save", NULL), GTK_WIDGET (self.window), &save));
  g_assert_true (
    gtk_widget_compute_bounds (ui_test_find_action (GTK_WIDGET (self.window), "win.zoom-in", NULL), GTK_WIDGET (self.window), &zoom));
  g_assert_cmpfloat (tool.origin.x, >, WIDTH - 100);
  g_assert_cmpfloat (save.origin.x, <, WIDTH / 3);
  g_assert_cmpfloat (zoom.origin.x, <, 100);
  limn_session_set_brush_size (self.session, 110); /* a stroke is where the pointer is */
  g_object_set (self.session, "live", FALSE, NULL);
  draw (&self, 300, 200, 300, 200);
  g_assert_cmpint (limn_raster_get_bounds (limn_document_get_plane (self.document, LIMN_DOCUMENT_MASK)).x, <, 300);
  g_assert_cmpint (limn_raster_get_bounds (limn_document_get_plane (self.document, LIMN_DOCUMENT_MASK)).x, >, 200);
  g_object_set (self.session, "live", TRUE, NULL);
  end (&self);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    GTestDataFunc test;
  } screens[] = { { "start", test_start },   { "fill", test_fill },       { "colorize", test_colorize },
                  { "sketch", test_sketch }, { "upscale", test_upscale }, { "restore", test_restore } };

  ui_test_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (screens); i++) {
    g_autofree char *name = g_strconcat ("/screens/", screens[i].name, NULL), *mirrored = g_strconcat (name, "/mirrored", NULL);

    g_test_add_data_func (name, NULL, screens[i].test);
    g_test_add_data_func (mirrored, "", screens[i].test);
  }
  g_test_add_func ("/screens/mirrored", test_mirrored);
  return ui_test_run ();
}
