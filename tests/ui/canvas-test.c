/* A window with a canvas. SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-test.h"
#include "tests/app/inputs.h"

#include <math.h>
#include <string.h>

/* An engine that repeats pixels, for the lens; nothing else is asked for while previews are off. */
static LimnResult *
repeat_pixels (const LimnEdit *edit, LimnRunFlags flags, LimnProgress progress, gpointer progress_user, GCancellable *cancellable,
               gpointer user, GError **error)
{
  g_assert_cmpint (edit->task, ==, LIMN_TASK_UPSCALE);
  const LimnRect *region = &edit->from.region;
  g_assert_false (limn_rect_is_empty (region));
  g_autoptr (LimnPicture) photo = inputs_dup_picture (edit->from.photo);
  gsize scale = (gsize) limn_edit_get (edit, "scale"), width = (gsize) region->width * scale, height = (gsize) region->height * scale;
  LimnPicture *picture = limn_picture_new (width, height, 8, error);
  if (!picture)
    return NULL;
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++)
      memcpy (limn_picture_get_data (picture) + y * limn_picture_get_stride (picture) + 4 * x,
              limn_picture_get_data (photo) + ((gsize) region->y + y / scale) * limn_picture_get_stride (photo) +
                4 * ((gsize) region->x + x / scale),
              4);
  LimnResult *result = g_new0 (LimnResult, 1);
  result->picture = picture;
  result->whole = TRUE;
  return result;
}

LimnCanvas *
canvas_test_new_window (LimnSession *session)
{
  LimnCanvas *canvas = LIMN_CANVAS (limn_canvas_new ());
  GtkWidget *window = gtk_window_new ();
  gtk_widget_add_css_class (GTK_WIDGET (canvas), "canvas-area");
  limn_canvas_set_session (canvas, session);
  gtk_window_set_application (GTK_WINDOW (window), GTK_APPLICATION (ui_test_application ()));
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (canvas));
  return canvas;
}

CanvasTest *
canvas_test_open (LimnDocument *document, int width, int height)
{
  CanvasTest *self = g_new0 (CanvasTest, 1);
  self->document = document;
  self->worker = limn_worker_new_with_runner (repeat_pixels, NULL, NULL);
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  g_settings_set_boolean (settings, "live", FALSE);
  self->session = limn_session_new (document, self->worker, settings);
  limn_session_set_task (self->session, limn_document_is_sketch (document) ? LIMN_TASK_SKETCH : LIMN_TASK_FILL);
  self->canvas = canvas_test_new_window (self->session);
  self->window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self->canvas)));
  gtk_widget_set_size_request (GTK_WIDGET (self->canvas), width, height);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_focus (GTK_WINDOW (self->window));
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
  ui_test_settle ();
  return self;
}

void
canvas_test_close (CanvasTest *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  ui_test_settle ();
  g_object_unref (self->session);
  limn_worker_shutdown (self->worker);
  g_object_unref (self->worker);
  g_object_unref (self->document);
  g_settings_reset (limn_application_get_settings (ui_test_application ()), "live");
  g_free (self);
}

LimnDocument *
canvas_test_document (gsize width, gsize height)
{
  g_autoptr (LimnPicture) picture = ui_test_picture (width, height, FALSE);
  return limn_document_new (picture, NULL);
}

void
canvas_test_at (CanvasTest *self, double document_x, double document_y, double *x, double *y)
{
  limn_canvas_from_document (self->canvas, document_x, document_y, x, y);
}

void
canvas_test_drag (CanvasTest *self, double x0, double y0, double x1, double y1)
{
  canvas_test_at (self, x0, y0, &x0, &y0);
  canvas_test_at (self, x1, y1, &x1, &y1);
  ui_test_drag (GTK_WIDGET (self->canvas), x0, y0, x1, y1, 8);
}

void
canvas_test_click (CanvasTest *self, double x, double y)
{
  canvas_test_at (self, x, y, &x, &y);
  ui_test_click (GTK_WIDGET (self->canvas), x, y);
}

void
canvas_test_finish (CanvasTest *self)
{
  ui_test_finish (self->document);
}

guint
canvas_test_steps (CanvasTest *self)
{
  return limn_history_get_position (limn_document_get_history (self->document));
}

guint8
canvas_test_plane (CanvasTest *self, LimnDocumentPlane plane, int x, int y)
{
  guint8 pixel[4];
  limn_raster_read (limn_document_get_plane (self->document, plane), &(LimnRect){ x, y, 1, 1 }, pixel, 4);
  return pixel[limn_document_plane_channels (plane) - 1];
}

void
canvas_test_pixel (CanvasTest *self, double x, double y, guint8 rgb[3])
{
  GtkWidget *widget = GTK_WIDGET (self->canvas);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  g_autoptr (GdkTexture) texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                                                &GRAPHENE_RECT_INIT ((float) floor (x), (float) floor (y), 1, 1));
  guint32 pixel;
  gdk_texture_download (texture, (guchar *) &pixel, 4);
  rgb[0] = (guint8) (pixel >> 16);
  rgb[1] = (guint8) (pixel >> 8);
  rgb[2] = (guint8) pixel;
}
