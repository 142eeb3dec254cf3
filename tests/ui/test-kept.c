/* What is seen is what is kept: for each task, with its live preview on its way, shown or absent, each way out of the window (save,
 * export, copy, drag) brings the picture that the canvas shows. By pointer and keys, with the shipped networks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "app/decode/limn-picture-load.h"
#include "app/document/limn-document-layers.h"
#include "app/picture/limn-picture-file.h"
#include "ui-test-drag.h"

/* The file chooser leaks in many places, so under the sanitizer no leaks are looked for here. */
int __lsan_is_turned_off (void);
int
__lsan_is_turned_off (void)
{
  return 1;
}

enum { WIDTH = 320, HEIGHT = 240, TOLERANCE = 2, LENS = 40, LENS_SHOWN = 100 };

typedef enum { RUNNING, RESTING, ABSENT } State;
typedef enum { SAVE, SAVE_COPY, EXPORT, COPY, DRAG } Way;

typedef struct {
  LimnTask task;
  State state;
  Way way;
} Case;

typedef struct {
  const Case *as;
  LimnWindow *window;
  LimnSession *session;
  LimnDocument *document;
  LimnCanvas *canvas;
  char *path;      /* of the document */
  guint8 *overlay; /* by pixel: something that isn't the picture lies over it (outline, tint, lens) */
} Kept;

/* -- What is seen -- */

/* The canvas's own pixels of the document as it is drawn now, at 100 %. */
static guint8 *
grab_now (Kept *self)
{
  GtkWidget *widget = GTK_WIDGET (self->canvas);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  guint8 *pixels = g_malloc (WIDTH * HEIGHT * 4);
  double x, y;

  ui_test_settle ();
  g_assert_cmpfloat (limn_canvas_get_zoom (self->canvas), ==, 1);
  limn_canvas_from_document (self->canvas, 0, 0, &x, &y);
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  g_autoptr (GdkTexture) texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                                                &GRAPHENE_RECT_INIT ((float) floor (x), (float) floor (y), WIDTH, HEIGHT));
  gdk_texture_download (texture, pixels, WIDTH * 4);
  return pixels;
}

/* The same once it rests: tiles are drawn on other threads, which a busy machine may leave behind what is waited for. */
static guint8 *
grab (Kept *self)
{
  enum { ALIKE = 5 }; /* in a row, a twentieth of a second apart */
  guint8 *pixels = grab_now (self);

  for (int alike = 0; alike < ALIKE;) {
    const gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC / 20;
    while (g_get_monotonic_time () < until)
      g_main_context_iteration (NULL, FALSE);
    guint8 *again = grab_now (self);

    alike = memcmp (pixels, again, WIDTH * HEIGHT * 4) == 0 ? alike + 1 : 0;
    g_free (pixels);
    pixels = again;
  }
  return pixels;
}

/* The mask's edge and the tint around it, and the lens, are no part of the picture. */
static void
note_overlay (Kept *self)
{
  LimnRaster *mask = limn_document_get_plane (self->document, LIMN_DOCUMENT_MASK);
  const gboolean tinted = !limn_document_get_has_preview (self->document);
  LimnRect around = limn_raster_get_bounds (mask);

  self->overlay = g_malloc0 (WIDTH * HEIGHT);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      const gboolean in = x >= around.x - 3 && y >= around.y - 3 && x < around.x + around.width + 3 && y < around.y + around.height + 3;
      const gboolean deep = x >= around.x + around.width / 3 && x < around.x + around.width * 2 / 3 && y >= around.y + around.height / 3 &&
                            y < around.y + around.height * 2 / 3;

      if (!limn_rect_is_empty (&around) && in && (tinted || !deep))
        self->overlay[y * WIDTH + x] = 1;
      if (self->as->task == LIMN_TASK_UPSCALE && self->as->state != ABSENT && hypot (x - WIDTH / 2, y - HEIGHT / 2) < LENS_SHOWN)
        self->overlay[y * WIDTH + x] = 1;
    }
}

static int
count_different (Kept *self, const guint8 *seen, LimnPicture *kept)
{
  int different = 0;

  g_assert_cmpuint (limn_picture_get_width (kept), ==, WIDTH);
  g_assert_cmpuint (limn_picture_get_height (kept), ==, HEIGHT);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      const guint8 *a = seen + 4 * (y * WIDTH + x); /* blue, green, red */
      const guint8 *b = limn_picture_get_data (kept) + (gsize) y * limn_picture_get_stride (kept) + 4 * x;
      const int distance = MAX (ABS (a[2] - b[0]), MAX (ABS (a[1] - b[1]), ABS (a[0] - b[2])));

      different += distance > TOLERANCE && !self->overlay[y * WIDTH + x];
    }
  return different;
}

static void
assert_same (Kept *self, const guint8 *seen, LimnPicture *kept, gboolean after)
{
  const int different = count_different (self, seen, kept);

  if (different > 0)
    g_test_message ("%d pixels differ from what is seen %s", different, after ? "after" : "before");
  g_assert_cmpint (different, ==, 0);
}

/* -- Waiting -- */

static gboolean
is_resting (gpointer user)
{
  Kept *self = user;
  gboolean busy, previewing, shown;

  g_object_get (self->session, "busy", &busy, "previewing", &previewing, "preview-shown", &shown, NULL);
  if (self->as->task == LIMN_TASK_UPSCALE) {
    double x, y, radius;
    GdkTexture *texture;
    LimnRect region;

    return limn_session_get_lens (self->session, &x, &y, &radius, &texture, &region) && texture && !previewing;
  }
  return shown && !busy && !previewing;
}

static gboolean
is_done (gpointer user)
{
  Kept *self = user;
  gboolean busy;

  g_object_get (self->session, "busy", &busy, NULL);
  return !busy && !limn_document_get_has_preview (self->document);
}

static gboolean
is_saved (gpointer user)
{
  return !limn_document_get_modified (((Kept *) user)->document) && is_done (user);
}

static gboolean
is_closed (gpointer user)
{
  return !((Kept *) user)->window;
}

static gboolean
exists (gpointer path)
{
  return ui_test_wait_a_little () && g_file_test (path, G_FILE_TEST_EXISTS);
}

/* -- The ways out; each returns the picture that came -- */

static LimnPicture *
load (const char *path)
{
  GError *error = NULL;
  LimnPicture *picture = limn_picture_load (path, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

static gboolean
can_save (gpointer window)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (window), "save");
}

static LimnPicture *
save (Kept *self)
{
  const gboolean changes = self->as->state != ABSENT && self->as->task != LIMN_TASK_UPSCALE; /* whose lens changes nothing */

  if (changes)
    ui_test_wait (can_save, self->window);
  else if (!can_save (self->window)) /* the file has what is seen */
    return load (self->path);
  ui_test_key ("<Control>s");
  ui_test_answer ("Replace");
  ui_test_wait (is_saved, self);
  return load (self->path);
}

static LimnPicture *export(Kept *self)
{
  g_autofree char *path = g_build_filename (ui_test_folder (), "Exported.png", NULL);
  GtkWindow *dialog;

  g_remove (path);
  ui_test_key ("<Shift><Control>e");
  dialog = ui_test_await_dialog (self->window);
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (dialog), "Export…"));
  ui_test_await_chooser ();
  ui_test_key ("<Control>a");
  ui_test_type (path);
  ui_test_key ("Return");
  ui_test_wait (exists, path);
  ui_test_wait (ui_test_has_no_dialog, self->window);
  ui_test_focus (GTK_WINDOW (self->window));
  return load (path);
}

/* Beside the original, as the dialog suggests, in a format that keeps every pixel. */
static LimnPicture *
save_copy (Kept *self)
{
  g_autofree char *path = g_build_filename (ui_test_folder (), "Copied.png", NULL);

  g_remove (path);
  ui_test_key ("<Shift><Control>s");
  ui_test_await_chooser ();
  ui_test_key ("<Control>a");
  ui_test_type (path);
  ui_test_key ("Return");
  ui_test_wait (exists, path);
  ui_test_wait (is_saved, self);
  ui_test_focus (GTK_WINDOW (self->window));
  return load (path);
}

static LimnPicture *
from_texture (GdkTexture *texture)
{
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (texture);
  g_autofree char *path = g_build_filename (ui_test_folder (), "Taken.png", NULL);
  GError *error = NULL;

  g_file_set_contents (path, g_bytes_get_data (png, NULL), (gssize) g_bytes_get_size (png), &error);
  g_assert_no_error (error);
  return load (path);
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

static LimnPicture *
copy (Kept *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self->window));
  g_autoptr (GdkContentProvider) before = gdk_clipboard_get_content (clipboard);
  g_autoptr (GdkTexture) texture = NULL;

  if (before)
    g_object_ref (before);
  ui_test_key ("<Control>c");
  ui_test_wait (has_another, &(Clipboard){ clipboard, before });
  gdk_clipboard_read_texture_async (clipboard, NULL, on_texture, &texture);
  ui_test_wait (is_set, &texture);
  return from_texture (texture);
}

static LimnPicture *
drag (Kept *self)
{
  UiTestTaken taken;
  g_autoptr (GdkTexture) texture = NULL;

  ui_test_drag_out (self->window, GDK_TYPE_TEXTURE, &taken);
  texture = taken.texture;
  ui_test_focus (GTK_WINDOW (self->window));
  return from_texture (texture);
}

static LimnPicture *
take_out (Kept *self)
{
  switch (self->as->way) {
  case SAVE: return save (self);
  case SAVE_COPY: return save_copy (self);
  case EXPORT: return export(self);
  case COPY: return copy (self);
  default: return drag (self);
  }
}

/* What is seen in the end. A tool's outline under the pointer goes when the pointer is known to be elsewhere, which takes as long as a
 * dialog takes to close: the pointer is moved until nothing lies over the picture, or for long enough. */
static guint8 *
grab_after (Kept *self, LimnPicture *kept)
{
  enum { MOST_TRIES = 10 };

  for (int tries = 1;; tries++) {
    ui_test_move (GTK_WIDGET (self->window), 300 + tries, 20);
    guint8 *seen = grab (self);
    if (tries == MOST_TRIES || count_different (self, seen, kept) == 0)
      return seen;
    g_free (seen);
  }
}

/* -- The tests -- */

static void
draw (Kept *self, double x0, double y0, double x1, double y1)
{
  limn_canvas_from_document (self->canvas, x0, y0, &x0, &y0);
  limn_canvas_from_document (self->canvas, x1, y1, &x1, &y1);
  ui_test_drag (GTK_WIDGET (self->canvas), x0, y0, x1, y1, 6);
}

static LimnDocument *
make_document (Kept *self)
{
  GError *error = NULL;
  LimnDocument *document;

  self->path = ui_test_save_picture ("Kept.png", WIDTH, HEIGHT, self->as->task == LIMN_TASK_COLORIZE);
  if (self->as->task != LIMN_TASK_SKETCH) {
    g_autoptr (LimnPicture) photo = load (self->path);
    return limn_document_new (photo, self->path);
  }
  document = limn_document_new_sketch (WIDTH, HEIGHT, &error);
  g_assert_no_error (error);
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
  limn_document_set_saved (document, snapshot, self->path); /* so that Save doesn't ask where */
  return document;
}

/* By hand: what makes the task's preview. */
static void
work (Kept *self)
{
  static const GdkRGBA blue = { 0.2f, 0.4f, 0.8f, 1 };

  switch (self->as->task) {
  case LIMN_TASK_FILL:
    limn_session_set_brush_size (self->session, 40);
    draw (self, 150, 120, 170, 125);
    break;
  case LIMN_TASK_SKETCH:
    limn_session_set_tool (self->session, LIMN_TOOL_PAINT);
    limn_session_set_color (self->session, &blue);
    limn_session_set_brush_size (self->session, 60);
    draw (self, 60, 60, 260, 80);
    ui_test_key ("p");
    draw (self, 60, 180, 260, 160);
    break;
  case LIMN_TASK_UPSCALE:
    if (self->as->state != ABSENT)
      limn_session_set_lens (self->session, WIDTH / 2, HEIGHT / 2, LENS);
    break;
  default: break; /* a gray photo is colored by itself */
  }
}

/* Whether the header says so beside the picture's size. */
static gboolean
says_edited (Kept *self)
{
  g_autofree char *size = g_strdup_printf ("\u2066%d × %d\u2069", WIDTH, HEIGHT), *edited = g_strconcat (size, " · Edited", NULL);
  gboolean is_edited;

  ui_test_settle ();
  is_edited = ui_test_find_label (GTK_WIDGET (self->window), edited) != NULL;
  g_assert_true (is_edited || ui_test_find_label (GTK_WIDGET (self->window), size));
  return is_edited;
}

static void
test_kept (gconstpointer data)
{
  Kept self = { .as = data };
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  g_autoptr (LimnPicture) kept = NULL;
  g_autofree guint8 *before = NULL, *after = NULL;

  g_settings_set_boolean (settings, "live", self.as->state != ABSENT);
  g_settings_set_string (settings, "last-export-format", "png");
  self.document = make_document (&self);
  self.window = ui_test_window (self.document, 900, 600);
  self.session = limn_window_get_session (self.window);
  self.canvas = limn_window_get_canvas (self.window);
  limn_session_set_task (self.session, self.as->task);
  limn_canvas_zoom_to (self.canvas, 1, NAN, NAN);
  work (&self);
  ui_test_move (GTK_WIDGET (self.window), 300, 20); /* away from the picture, where a tool shows what it would do */
  if (self.as->state == RESTING) {
    ui_test_wait (is_resting, &self);
    before = grab (&self);
  }
  note_overlay (&self);
  kept = take_out (&self);
  ui_test_wait (is_done, &self);
  if (self.as->task == LIMN_TASK_UPSCALE && self.as->state != ABSENT)
    ui_test_wait (is_resting, &self); /* a mark lies over the picture while its lens is still made */
  after = grab_after (&self, kept);
  if (before)
    assert_same (&self, before, kept, FALSE);
  assert_same (&self, after, kept, TRUE);
  if (self.as->way == SAVE)
    g_assert_false (says_edited (&self));
  if (self.as->task != LIMN_TASK_UPSCALE) /* what was asked for is in what was taken out */
    g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (self.document)), ==, self.as->state == ABSENT ? 0 : 1);
  ui_test_close (self.window);
  g_object_unref (self.document);
  g_settings_reset (settings, "live");
  g_free (self.path);
  g_free (self.overlay);
}

/* One step, which Undo takes back, and the picture is as it was. */
static void
test_undo (void)
{
  static const Case as = { LIMN_TASK_COLORIZE, RESTING, COPY };
  Kept self = { .as = &as };
  g_autoptr (LimnPicture) copied = NULL;

  self.document = make_document (&self);
  self.window = ui_test_window (self.document, 900, 600);
  self.session = limn_window_get_session (self.window);
  self.canvas = limn_window_get_canvas (self.window);
  ui_test_wait (is_resting, &self);
  g_assert_true (says_edited (&self)); /* colors are seen that the file doesn't have */
  copied = copy (&self);
  ui_test_wait (is_done, &self);
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (self.document)), ==, 1);
  ui_test_settle ();
  ui_test_screenshot (GTK_WIDGET (self.window), "kept-copy");
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (self.window), "Undo"));
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (self.document)), ==, 0);
  ui_test_close (self.window);
  g_object_unref (self.document);
  g_free (self.path);
}

/* Closing asks about what is seen, and saves it. */
static void
test_close (void)
{
  static const Case as = { LIMN_TASK_COLORIZE, RESTING, SAVE };
  Kept self = { .as = &as };
  g_autoptr (LimnPicture) saved = NULL;
  g_autofree guint8 *seen = NULL;
  GtkWindow *dialog;

  self.document = make_document (&self);
  self.window = ui_test_window (self.document, 900, 600);
  self.session = limn_window_get_session (self.window);
  self.canvas = limn_window_get_canvas (self.window);
  limn_canvas_zoom_to (self.canvas, 1, NAN, NAN);
  ui_test_move (GTK_WIDGET (self.window), 300, 20);
  ui_test_wait (is_resting, &self);
  seen = grab (&self);
  note_overlay (&self);
  g_object_add_weak_pointer (G_OBJECT (self.window), (gpointer *) &self.window);
  gtk_window_close (GTK_WINDOW (self.window));
  dialog = ui_test_await_dialog (self.window);
  ui_test_screenshot (GTK_WIDGET (dialog), "kept-close");
  ui_test_click_middle (ui_test_find_label (GTK_WIDGET (dialog), "Save"));
  ui_test_answer ("Replace");
  ui_test_wait (is_closed, &self);
  saved = load (self.path);
  assert_same (&self, seen, saved, FALSE);
  g_object_unref (self.document);
  g_free (self.path);
  g_free (self.overlay);
}

int
main (int argc, char **argv)
{
  static const char *const tasks[] = { "fill", "colorize", "sketch", "upscale" }, *const states[] = { "running", "resting", "absent" },
                           *const ways[] = { "save", "save-copy", "export", "copy", "drag" };
  static Case cases[4][3][G_N_ELEMENTS (ways)];

  ui_test_init (&argc, &argv);
  for (int task = 0; task < 4; task++)
    for (int state = 0; state < 3; state++)
      for (int way = 0; way < (int) G_N_ELEMENTS (ways); way++) {
        g_autofree char *path = g_strdup_printf ("/kept/%s/%s/%s", tasks[task], states[state], ways[way]);

        cases[task][state][way] = (Case){ (LimnTask) task, (State) state, (Way) way };
        g_test_add_data_func (path, &cases[task][state][way], test_kept);
      }
  g_test_add_func ("/kept/undo", test_undo);
  g_test_add_func ("/kept/close", test_close);
  return ui_test_run ();
}
