/* What the canvas shows, and the ways out of the window. SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test-out.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "app/decode/limn-picture-load.h"
#include "app/document/limn-document-strokes.h"
#include "ui-test-drag.h"

enum { TOLERANCE = 2, DOT = 18 };

/* -- What is seen -- */

static guint8 *
grab_now (LimnWindow *window)
{
  GtkWidget *widget = GTK_WIDGET (limn_window_get_canvas (window));
  LimnDocument *document = ui_test_get_document (window);
  const int width = limn_document_get_width (document), height = limn_document_get_height (document);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  guint8 *pixels = g_malloc ((gsize) (width * height * 4));
  double x, y;

  ui_test_settle ();
  g_assert_cmpfloat (limn_canvas_get_zoom (LIMN_CANVAS (widget)), ==, 1);
  limn_canvas_from_document (LIMN_CANVAS (widget), 0, 0, &x, &y);
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  g_autoptr (GdkTexture)
    texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                           &GRAPHENE_RECT_INIT ((float) floor (x), (float) floor (y), (float) width, (float) height));
  gdk_texture_download (texture, pixels, (gsize) (width * 4));
  return pixels;
}

guint8 *
ui_test_grab (LimnWindow *window)
{
  enum { ALIKE = 5 }; /* in a row, a twentieth of a second apart, which a busy machine may leave between two tiles */
  LimnDocument *document = ui_test_get_document (window);
  const gsize size = (gsize) (limn_document_get_width (document) * limn_document_get_height (document) * 4);
  guint8 *pixels = grab_now (window);

  for (int alike = 0; alike < ALIKE;) {
    const gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC / 20;
    while (g_get_monotonic_time () < until)
      g_main_context_iteration (NULL, FALSE);
    guint8 *again = grab_now (window);

    alike = memcmp (pixels, again, size) == 0 ? alike + 1 : 0;
    g_free (pixels);
    pixels = again;
  }
  return pixels;
}

guint8 *
ui_test_find_overlay (LimnDocument *document)
{
  const int width = limn_document_get_width (document), height = limn_document_get_height (document);
  const gboolean tinted = !limn_document_get_has_preview (document);
  const LimnRect around = limn_raster_get_bounds (limn_document_get_plane (document, LIMN_DOCUMENT_MASK));
  guint8 *overlay = g_malloc0 ((gsize) (width * height));

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const gboolean in = x >= around.x - 3 && y >= around.y - 3 && x < around.x + around.width + 3 && y < around.y + around.height + 3;
      const gboolean deep = x >= around.x + around.width / 3 && x < around.x + around.width * 2 / 3 && y >= around.y + around.height / 3 &&
                            y < around.y + around.height * 2 / 3;

      if ((!limn_rect_is_empty (&around) && in && (tinted || !deep)) || limn_document_find_dot (document, x, y, DOT) >= 0)
        overlay[y * width + x] = 1;
    }
  return overlay;
}

int
ui_test_count_different (const guint8 *seen, LimnPicture *kept, const guint8 *overlay)
{
  const gsize width = limn_picture_get_width (kept), height = limn_picture_get_height (kept);
  int different = 0;

  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      const guint8 *a = seen + 4 * (y * width + x); /* blue, green, red */
      const guint8 *b = limn_picture_get_data (kept) + y * limn_picture_get_stride (kept) + 4 * x;
      const int distance = MAX (ABS (a[2] - b[0]), MAX (ABS (a[1] - b[1]), ABS (a[0] - b[2])));

      different += distance > TOLERANCE && !overlay[y * width + x];
    }
  return different;
}

guint8 *
ui_test_grab_after (LimnWindow *window, LimnPicture *kept, const guint8 *overlay)
{
  enum { MOST_TRIES = 10 };

  for (int tries = 1;; tries++) {
    ui_test_move (GTK_WIDGET (window), 300 + tries, 20);
    guint8 *seen = ui_test_grab (window);
    if (tries == MOST_TRIES || ui_test_count_different (seen, kept, overlay) == 0)
      return seen;
    g_free (seen);
  }
}

/* -- The ways out -- */

LimnPicture *
ui_test_load (const char *path)
{
  GError *error = NULL;
  LimnPicture *picture = limn_picture_load (path, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

LimnPicture *
ui_test_load_texture (GdkTexture *texture)
{
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (texture);
  g_autofree char *path = g_build_filename (ui_test_folder (), "Taken.png", NULL);
  GError *error = NULL;

  g_file_set_contents (path, g_bytes_get_data (png, NULL), (gssize) g_bytes_get_size (png), &error);
  g_assert_no_error (error);
  return ui_test_load (path);
}

static void
on_texture (GObject *source, GAsyncResult *result, gpointer user)
{
  GError *error = NULL;

  *(GdkTexture **) user = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer user)
{
  return *(gpointer *) user != NULL;
}

typedef struct {
  GdkClipboard *clipboard;
  GdkContentProvider *before;
} Clipboard;

static gboolean
has_another (gpointer user)
{
  const Clipboard *self = user;
  GdkContentProvider *now = gdk_clipboard_get_content (self->clipboard);

  return now && now != self->before;
}

LimnPicture *
ui_test_copy (LimnWindow *window)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));
  g_autoptr (GdkContentProvider) before = gdk_clipboard_get_content (clipboard);
  g_autoptr (GdkTexture) texture = NULL;

  if (before)
    g_object_ref (before);
  ui_test_key ("<Control>c");
  ui_test_wait (has_another, &(Clipboard){ clipboard, before });
  gdk_clipboard_read_texture_async (clipboard, NULL, on_texture, &texture);
  ui_test_wait (is_set, &texture);
  return ui_test_load_texture (texture);
}

static gboolean
exists (gpointer path)
{
  return ui_test_wait_a_little () && g_file_test (path, G_FILE_TEST_EXISTS);
}

void
ui_test_answer_path (const char *path)
{
  GtkWidget *chooser = GTK_WIDGET (ui_test_await_chooser ()), *entry;

  do { /* the folder that it shows may come while one types, and take the focus */
    ui_test_key ("<Control>a");
    ui_test_type (path);
    entry = ui_test_find_type (chooser, GTK_TYPE_ENTRY);
  } while (!entry || !g_str_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), path));
  ui_test_key ("Return");
}

LimnPicture *
ui_test_export (LimnWindow *window, const char *name)
{
  g_autofree char *path = g_build_filename (ui_test_folder (), name, NULL);

  g_remove (path);
  ui_test_key ("<Shift><Control>e");
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (ui_test_await_dialog (window)), "Export…"));
  ui_test_answer_path (path);
  ui_test_wait (exists, path);
  ui_test_wait (ui_test_has_no_dialog, window);
  ui_test_focus (GTK_WINDOW (window));
  return ui_test_load (path);
}

static gboolean
is_unmodified (gpointer window)
{
  gboolean busy;

  g_object_get (limn_window_get_session (window), "busy", &busy, NULL);
  return !busy && !limn_document_get_modified (ui_test_get_document (window)) &&
         !limn_document_get_has_preview (ui_test_get_document (window));
}

LimnPicture *
ui_test_save_copy (LimnWindow *window, const char *name)
{
  g_autofree char *path = g_build_filename (ui_test_folder (), name, NULL);

  g_remove (path);
  ui_test_key ("<Shift><Control>s");
  ui_test_answer_path (path);
  ui_test_wait (exists, path);
  ui_test_wait (is_unmodified, window);
  ui_test_focus (GTK_WINDOW (window));
  return ui_test_load (path);
}
