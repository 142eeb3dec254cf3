/* A fill that isn't right: what belongs there is painted roughly, with colours of the photo. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-picture-load.h"
#include "app/document/limn-document-layers.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test.h"
#include "ui/panels/limn-palette.h"
#include "ui/widgets/limn-swatch.h"

typedef struct {
  LimnWindow *window;
  LimnSession *session;
  LimnDocument *document;
  GtkWidget *canvas;
} Guide;

static void
begin (Guide *self)
{
  g_autofree char *path = g_build_filename (g_getenv ("LIMN_MODELS"), "..", "samples", "moss.jpg", NULL);
  GError *error = NULL;
  g_autoptr (LimnPicture) photo = limn_picture_load (path, NULL, &error);

  g_assert_no_error (error);
  self->document = limn_document_new (photo, NULL);
  self->window = ui_test_window (self->document, 1200, 780);
  self->session = limn_window_get_session (self->window);
  self->canvas = GTK_WIDGET (limn_window_get_canvas (self->window));
}

static void
end (Guide *self)
{
  ui_test_close (self->window);
  g_object_unref (self->document);
}

static void
to_canvas (Guide *self, double *x, double *y)
{
  limn_canvas_from_document (LIMN_CANVAS (self->canvas), *x, *y, x, y);
}

static void
draw (Guide *self, double x0, double y0, double x1, double y1)
{
  to_canvas (self, &x0, &y0);
  to_canvas (self, &x1, &y1);
  ui_test_drag (self->canvas, x0, y0, x1, y1, 8);
}

static gboolean
has_strip (gpointer user)
{
  LimnSession *session = ((Guide *) user)->session;

  if (limn_session_get_n_variations (session) == 0)
    return FALSE;
  for (guint i = 0; i < limn_session_get_n_variations (session); i++)
    if (!limn_session_get_variation (session, i))
      return FALSE;
  return TRUE;
}

static gboolean
has_preview (gpointer user)
{
  return limn_document_get_has_preview (((Guide *) user)->document);
}

static gboolean
is_done (gpointer user)
{
  Guide *self = user;

  return !limn_document_get_has_mask (self->document) && !has_preview (self);
}

static GtkWidget *
find (Guide *self, const char *label)
{
  return ui_test_find_label (GTK_WIDGET (self->window), label);
}

static LimnLayer *
get_layer (Guide *self)
{
  GListModel *layers = limn_document_get_layers (self->document);

  g_assert_cmpuint (g_list_model_get_n_items (layers), ==, 1);
  return g_list_model_get_item (layers, 0);
}

/* How near the middle of what was filled is to a colour. */
static double
get_distance (Guide *self, const GdkRGBA *color)
{
  const LimnRect middle = { 830, 400, 10, 10 };
  guint8 pixels[10 * 10 * 4];
  double sum = 0;

  limn_document_render (self->document, LIMN_SNAPSHOT_RESULT, 0, &middle, pixels, 40);
  for (int i = 0; i < 100; i++)
    sum += ABS (pixels[4 * i] / 255.0 - color->red) + ABS (pixels[4 * i + 1] / 255.0 - color->green) +
           ABS (pixels[4 * i + 2] / 255.0 - color->blue);
  return sum / 300;
}

/* Fill; what came is offered to be guided; a colour is picked from the photo, which leaves the guide's brush in hand; Enter makes the
 * same layer anew. */
static void
test_not_right (void)
{
  Guide self = { 0 };
  g_autoptr (LimnLayer) first = NULL, second = NULL;
  GdkRGBA color;
  double x = 300, y = 120, before;
  guint8 pixel[4];

  begin (&self);
  limn_session_set_brush_size (self.session, 120);
  draw (&self, 820, 370, 850, 440);
  g_assert_null (ui_test_find_type (GTK_WIDGET (self.window), LIMN_TYPE_PALETTE)); /* a selection has no colour */
  ui_test_key ("Return");
  ui_test_wait (has_strip, &self);
  first = get_layer (&self);
  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (self.window), "guide-offer");
  ui_test_click_middle (find (&self, "Not right? Paint what belongs there"));
  g_assert_true (limn_document_get_has_mask (self.document));
  g_assert_cmpint (limn_session_get_tool (self.session), ==, LIMN_TOOL_GUIDE);
  g_assert_nonnull (ui_test_find_type (GTK_WIDGET (self.window), LIMN_TYPE_PALETTE));
  g_assert_nonnull (find (&self, "Paint roughly what belongs there"));
  ui_test_screenshot (GTK_WIDGET (self.window), "guide-colors");

  ui_test_key ("i");
  g_assert_cmpint (limn_session_get_tool (self.session), ==, LIMN_TOOL_PICKER);
  limn_document_render (self.document, LIMN_SNAPSHOT_RESULT, 0, &(LimnRect){ 300, 120, 1, 1 }, pixel, 4);
  to_canvas (&self, &x, &y);
  ui_test_click (self.canvas, x, y);
  limn_session_get_color (self.session, &color);
  for (int k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon ((&color.red)[k] * 255, pixel[k], 40); /* a pixel beside it perhaps */
  g_assert_cmpint (limn_session_get_tool (self.session), ==, LIMN_TOOL_GUIDE);

  color = (GdkRGBA){ 0.75f, 0.1f, 0.1f, 1 };
  limn_session_set_color (self.session, &color);
  before = get_distance (&self, &color);
  limn_session_set_brush_size (self.session, 90);
  g_object_set (self.session, "live", FALSE, NULL); /* so that the guide itself is looked at */
  draw (&self, 820, 380, 850, 430);
  g_assert_false (limn_raster_is_empty (limn_document_get_plane (self.document, LIMN_DOCUMENT_GUIDE)));
  ui_test_screenshot (GTK_WIDGET (self.window), "guide-painted");
  g_object_set (self.session, "live", TRUE, NULL);
  ui_test_wait (has_preview, &self);
  ui_test_key ("Return");
  ui_test_wait (is_done, &self);
  second = get_layer (&self);
  g_assert_true (first != second);
  g_assert_cmpfloat (get_distance (&self, &color), <, before / 2);
  g_assert_cmpint (limn_session_get_tool (self.session), ==, LIMN_TOOL_BRUSH); /* there is nothing to guide any more */
  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (self.window), "guide-done");
  end (&self);
}

/* The swatches are the photo's own colours: each of them occurs in it. */
static void
test_swatches (void)
{
  Guide self = { 0 };
  GdkRGBA colors[10];
  guint n;
  guint8 *pixels;

  begin (&self);
  n = limn_session_suggest_colors (self.session, colors, G_N_ELEMENTS (colors));
  g_assert_cmpuint (n, >=, 5);
  pixels = g_malloc (1280 * 800 * 4);
  limn_document_render (self.document, LIMN_SNAPSHOT_RESULT, 0, &(LimnRect){ 0, 0, 1280, 800 }, pixels, 1280 * 4);
  for (guint c = 0; c < n; c++) {
    int best = 1000;

    for (int i = 0; i < 1280 * 800; i++)
      best = MIN (best, ABS (pixels[4 * i] - (int) (colors[c].red * 255)) + ABS (pixels[4 * i + 1] - (int) (colors[c].green * 255)) +
                          ABS (pixels[4 * i + 2] - (int) (colors[c].blue * 255)));
    g_assert_cmpint (best, <, 20);
  }
  g_free (pixels);
  end (&self);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/guide/not-right", test_not_right);
  g_test_add_func ("/guide/swatches", test_swatches);
  return ui_test_run ();
}
