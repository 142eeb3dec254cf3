/* How soon the screen follows the pen, on an X server without a screen (tests/ui/run-ui). A thread moves the pointer by real events, as a
 * pen of SAMPLES_A_SECOND does.
 *
 *   ui-latency paint [MEGAPIXELS]   paints on the mask of a picture: how long a frame takes, and the longest time between two
 *   ui-latency move [MEGAPIXELS]    zooms in and out again and moves a picture about: the same
 *   ui-latency select [MEGAPIXELS [live]]  selects in a picture and changes the selection, without live previews or with them: until it
 *                                   is there, and the longest that the main loop was held until a second after
 *   ui-latency edits [MEGAPIXELS]   makes edits of the whole picture (a fill with large layers and much paint, a sketch), undoes, redoes
 *                                   and changes them: the same; the networks are pretended (ui-edits.c)
 *   ui-latency sketch [SECONDS]     draws on a sketch with live previews by the installed networks: from a sample to the first frame
 *                                   whose preview has it (found out from the lines that the network was given), and the same frame times
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <X11/extensions/XTest.h>
#include <gdk/x11/gdkx.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/app/inputs.h"
#include "tests/ui/canvas-test.h"

#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
#include "app/edit/limn-material.h"
#include "ui-latency.h"

#define SAMPLES_A_SECOND 120
#define MARGIN 24 /* document pixels between the strokes and the edges */
#define BRUSH 8

typedef struct {
  GtkWidget *window;
  LimnCanvas *canvas;
  LimnSession *session;
  LimnDocument *document;
  LimnWorker *worker;

  /* The pen: strokes from left to right, a row below the other; written by its thread before each event. */
  double origin_x, origin_y, zoom; /* of the document on the screen */
  int rows, columns;
  double row_height, step;
  guint n_samples;
  gint64 *sent; /* by sample; 0 = not yet */
  int finished;

  /* What the networks were given, by the worker's thread */
  GMutex mutex;
  int newest_run; /* the newest sample in the last edit that ended */
  LimnEngineHandle *engine;

  gint64 frame_began, last_frame;
  GArray *frames, *intervals, *latencies; /* of double, milliseconds */
  GArray *drawing;                        /* the same, of the canvas's own part of a frame; NULL: isn't measured */
  void (*snapshot) (GtkWidget *canvas, GtkSnapshot *snapshot);
  gboolean preview_changed;
  int shown; /* the newest sample that a preview has shown */
} Bench;

static double
milliseconds (gint64 microseconds)
{
  return (double) microseconds / 1000;
}

/* -- The pen -- */

static void
position (Bench *self, guint sample, double *x, double *y)
{
  *x = MARGIN + sample % (guint) self->columns * self->step;
  *y = MARGIN + sample / (guint) self->columns * self->row_height;
}

static gpointer
move_pen (gpointer user)
{
  Bench *self = user;
  Display *display = XOpenDisplay (NULL);
  gint64 next = g_get_monotonic_time ();
  for (guint i = 0; i < self->n_samples; i++) {
    double x, y;
    position (self, i, &x, &y);
    if (i > 0 && i % (guint) self->columns == 0)
      XTestFakeButtonEvent (display, 1, False, CurrentTime);
    self->sent[i] = g_get_monotonic_time ();
    XTestFakeMotionEvent (display, -1, (int) lround (self->origin_x + x * self->zoom), (int) lround (self->origin_y + y * self->zoom),
                          CurrentTime);
    if (i % (guint) self->columns == 0)
      XTestFakeButtonEvent (display, 1, True, CurrentTime);
    XFlush (display);
    next += G_USEC_PER_SEC / SAMPLES_A_SECOND;
    gint64 now = g_get_monotonic_time ();
    if (next > now)
      g_usleep ((gulong) (next - now));
  }
  XTestFakeButtonEvent (display, 1, False, CurrentTime);
  XSync (display, False);
  XCloseDisplay (display);
  g_atomic_int_set (&self->finished, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* -- The engine -- */

/* The newest sample whose dab the lines have: strokes end at the middle between the last two samples. */
static int
newest_sample (Bench *self, const LimnPlane *lines)
{
  const guint8 *data = lines->bytes ? g_bytes_get_data (lines->bytes, NULL) : NULL;
  for (int row = self->rows; data && row-- > 0;) {
    const guint8 *line = data + (gsize) (MARGIN + row * self->row_height) * lines->width;
    for (gsize x = lines->width; x-- > 0;)
      if (line[x] >= 128) {
        int column = (int) floor (((double) x - BRUSH / 2.0 + 1 - MARGIN) / self->step);
        return row * self->columns + CLAMP (column, 0, self->columns - 1);
      }
  }
  return -1;
}

static LimnResult *
run_edit (const LimnEdit *edit, LimnRunFlags flags, LimnProgress progress, gpointer progress_user, GCancellable *cancellable, gpointer user,
          GError **error)
{
  Bench *self = user;
  if (!self->engine && !(self->engine = limn_engine_handle_new (NULL, 0, error)))
    return NULL;
  LimnResult *result = limn_edit_run (edit, flags, self->engine, progress, progress_user, cancellable, error);
  if (result) {
    LimnPlane lines = inputs_dup_plane (edit->from.lines);
    g_mutex_lock (&self->mutex);
    self->newest_run = newest_sample (self, &lines);
    g_mutex_unlock (&self->mutex);
    g_clear_pointer (&lines.bytes, g_bytes_unref);
  }
  return result;
}

/* -- Frames -- */

static void
on_changed (LimnDocument *document, int x, int y, int width, int height, LimnChange what, Bench *self)
{
  if (what & LIMN_CHANGE_IMAGE && limn_document_get_has_preview (document))
    self->preview_changed = TRUE;
}

static void
before_paint (GdkFrameClock *clock, Bench *self)
{
  self->frame_began = g_get_monotonic_time ();
}

static void
after_paint (GdkFrameClock *clock, Bench *self)
{
  gint64 now = g_get_monotonic_time ();
  double took = milliseconds (now - self->frame_began), since = milliseconds (now - self->last_frame);
  g_array_append_val (self->frames, took);
  if (self->last_frame)
    g_array_append_val (self->intervals, since);
  self->last_frame = now;
  if (!self->preview_changed)
    return;
  self->preview_changed = FALSE;
  g_mutex_lock (&self->mutex);
  int newest = self->newest_run;
  g_mutex_unlock (&self->mutex);
  for (; self->shown < newest; self->shown++) {
    double latency = milliseconds (now - self->sent[self->shown + 1]);
    g_array_append_val (self->latencies, latency);
  }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
print (const char *name, GArray *values)
{
  if (values->len == 0) {
    g_print ("%-44s none\n", name);
    return;
  }
  g_array_sort (values, compare);
#define AT(share) g_array_index (values, double, (guint) ((values->len - 1) * (share)))
  g_print ("%-44s median %6.1f   95 %% %6.1f   longest %6.1f   (%u)\n", name, AT (0.5), AT (0.95), AT (1), values->len);
#undef AT
}

static gboolean
is_finished (gpointer user)
{
  return g_atomic_int_get (&((Bench *) user)->finished);
}

static gboolean
is_previewed (gpointer user)
{
  return limn_document_get_has_preview (((Bench *) user)->document);
}

/* -- The window -- */

static void
open_window (Bench *self)
{
  self->canvas = canvas_test_new_window (self->session);
  self->window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self->canvas)));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1280, 760);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_focus (GTK_WINDOW (self->window));
}

static void
prepare_pen (Bench *self, int rows, double brush)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self->window));
  Display *display = gdk_x11_display_get_xdisplay (gdk_display_get_default ());
  graphene_point_t point;
  double x, y, dx, dy;
  int root_x, root_y;
  Window child;
  limn_session_set_brush_size (self->session, brush);
  limn_canvas_from_document (self->canvas, 0, 0, &x, &y);
  g_assert_true (gtk_widget_compute_point (GTK_WIDGET (self->canvas), self->window, &GRAPHENE_POINT_INIT ((float) x, (float) y), &point));
  gtk_native_get_surface_transform (GTK_NATIVE (self->window), &dx, &dy);
  XTranslateCoordinates (display, GDK_SURFACE_XID (surface), DefaultRootWindow (display), (int) (point.x + dx), (int) (point.y + dy),
                         &root_x, &root_y, &child);
  self->origin_x = root_x;
  self->origin_y = root_y;
  self->zoom = limn_canvas_get_zoom (self->canvas);
  self->rows = rows;
  self->step = 4 / self->zoom; /* pixels of the screen a sample: an arm's width in a few seconds */
  self->columns = (int) ((limn_document_get_width (self->document) - 2 * MARGIN) / self->step);
  self->row_height = floor ((limn_document_get_height (self->document) - 2.0 * MARGIN) / rows);
  self->n_samples = (guint) (rows * self->columns);
  self->sent = g_new0 (gint64, self->n_samples);
}

static void
run_with (Bench *self, GThreadFunc hand)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->window);
  self->frames = g_array_new (FALSE, FALSE, sizeof (double));
  self->intervals = g_array_new (FALSE, FALSE, sizeof (double));
  self->latencies = g_array_new (FALSE, FALSE, sizeof (double));
  self->shown = self->newest_run = -1;
  gulong before = g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint), self);
  gulong after = g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint), self);
  gulong changed = g_signal_connect (self->document, "changed", G_CALLBACK (on_changed), self);
  GThread *thread = g_thread_new ("pen", hand, self);
  ui_test_wait (is_finished, self);
  g_thread_join (thread);
  g_signal_handler_disconnect (clock, before);
  g_signal_handler_disconnect (clock, after);
  ui_test_settle ();
  g_signal_handler_disconnect (self->document, changed);
  print ("frame, from its beginning to its end, ms", self->frames);
  print ("between two frames, ms", self->intervals);
}

static void
run (Bench *self)
{
  run_with (self, move_pen);
}

static void
close_window (Bench *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  ui_test_settle ();
  g_object_unref (self->session);
  limn_worker_shutdown (self->worker);
  g_object_unref (self->worker);
  g_object_unref (self->document);
  g_clear_object (&self->engine);
  g_free (self->sent);
  g_array_unref (self->frames);
  g_array_unref (self->intervals);
  g_array_unref (self->latencies);
}

/* A picture of that size in a window, without previews. */
static void
open_picture (Bench *self, double megapixels)
{
  gsize width = (gsize) (sqrt (megapixels * 1e6 * 1.5)), height = width * 2 / 3;
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  g_settings_set_boolean (settings, "live", FALSE);
  g_autoptr (LimnPicture) picture = ui_test_picture (width, height, FALSE);
  self->document = limn_document_new (picture, NULL);
  self->worker = limn_worker_new_with_runner (run_edit, self, NULL);
  self->session = limn_session_new (self->document, self->worker, settings);
  limn_session_set_task (self->session, LIMN_TASK_FILL);
  limn_session_set_tool (self->session, LIMN_TOOL_BRUSH);
  open_window (self);
  ui_test_settle ();
  g_usleep (500000);
  ui_test_settle ();
}

static Bench *drawn;

static void
measure_snapshot (GtkWidget *canvas, GtkSnapshot *snapshot)
{
  gint64 began = g_get_monotonic_time ();
  drawn->snapshot (canvas, snapshot);
  double took = milliseconds (g_get_monotonic_time () - began);
  g_array_append_val (drawn->drawing, took);
}

/* From now on how long the canvas itself draws is measured. */
static void
watch_drawing (Bench *self)
{
  GtkWidgetClass *klass = GTK_WIDGET_GET_CLASS (self->canvas);
  drawn = self;
  self->drawing = g_array_new (FALSE, FALSE, sizeof (double));
  self->snapshot = klass->snapshot;
  klass->snapshot = measure_snapshot;
}

static void
print_drawing (Bench *self)
{
  GTK_WIDGET_GET_CLASS (self->canvas)->snapshot = self->snapshot;
  print ("of this the canvas's own, ms", self->drawing);
  g_array_unref (self->drawing);
}

static void
paint (double megapixels)
{
  Bench self = { 0 };
  open_picture (&self, megapixels);
  prepare_pen (&self, 4, 60 / limn_canvas_get_zoom (self.canvas));
  g_print ("Painting a mask on %d x %d pixels, brush of 60 pixels of the screen:\n", limn_document_get_width (self.document),
           limn_document_get_height (self.document));
  watch_drawing (&self);
  run (&self);
  print_drawing (&self);
  close_window (&self);
}

/* The wheel turned at 60 clicks a second: zooming with Control in and out, then moving. */
static gpointer
turn_wheel (gpointer user)
{
  Bench *self = user;
  Display *display = XOpenDisplay (NULL);
  KeyCode control = XKeysymToKeycode (display, GDK_KEY_Control_L);
  XTestFakeMotionEvent (display, -1, 640, 400, CurrentTime);
  for (int phase = 0; phase < 4; phase++) {
    if (phase % 2 == 0)
      XTestFakeKeyEvent (display, control, True, CurrentTime);
    for (int i = 0; i < 100; i++) {
      guint button = phase == 0 || (phase == 3 && i < 50) ? 4 : 5; /* in, down, out, up and down */
      XTestFakeButtonEvent (display, button, True, CurrentTime);
      XTestFakeButtonEvent (display, button, False, CurrentTime);
      XFlush (display);
      g_usleep (G_USEC_PER_SEC / 60);
    }
    if (phase % 2 == 0)
      XTestFakeKeyEvent (display, control, False, CurrentTime);
  }
  XSync (display, False);
  XCloseDisplay (display);
  g_atomic_int_set (&self->finished, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
move (double megapixels)
{
  Bench self = { 0 };
  open_picture (&self, megapixels);
  g_print ("Zooming and moving %d x %d pixels:\n", limn_document_get_width (self.document), limn_document_get_height (self.document));
  watch_drawing (&self);
  run_with (&self, turn_wheel);
  print_drawing (&self);
  close_window (&self);
}

/* -- Selections -- */

typedef struct {
  LimnDocument *document;
  guint n; /* of the history before */
} Steps;

static gboolean
is_done (gpointer user)
{
  Steps *self = user;
  return g_list_model_get_n_items (G_LIST_MODEL (limn_document_get_history (self->document))) > self->n;
}

#define OPERATION(name, call)                             \
  static void name (LimnDocument *document, int w, int h) \
  {                                                       \
    limn_document_##call;                                 \
  }
OPERATION (select_area, select_similar (document, w / 2, h / 2, 40, TRUE, LIMN_MASK_REPLACE))
OPERATION (select_everywhere, select_similar (document, w / 2, h / 2, 4, FALSE, LIMN_MASK_REPLACE))
OPERATION (select_ellipse, select_ellipse (document, 0, 0, w, h, LIMN_MASK_REPLACE))
OPERATION (grow, grow_mask (document, 8))
OPERATION (shrink, grow_mask (document, -8))
OPERATION (feather, feather_mask (document, 8))
OPERATION (invert, invert_mask (document))
OPERATION (everything, select_all (document))
OPERATION (nothing, select_none (document))
OPERATION (pour, flood_paint (document, w / 2, h / 2, 24, (const guint8[]){ 200, 40, 40, 255 }, 0))
#undef OPERATION

static void
select_things (double megapixels, gboolean live)
{
  static const struct {
    const char *name;
    void (*run) (LimnDocument *document, int width, int height);
  } all[] = {
    { "similar area", select_area },
    { "grow", grow },
    { "shrink", shrink },
    { "feather", feather },
    { "invert", invert },
    { "similar everywhere", select_everywhere },
    { "grow", grow },
    { "feather", feather },
    { "invert", invert },
    { "ellipse", select_ellipse },
    { "grow", grow },
    { "shrink", shrink },
    { "feather", feather },
    { "invert", invert },
    { "select all", everything },
    { "select none", nothing },
    { "bucket", pour },
  };
  Bench self = { 0 };
  open_picture (&self, megapixels);
  g_object_set (self.session, "live", live, NULL);
  int width = limn_document_get_width (self.document), height = limn_document_get_height (self.document);
  g_print ("Selecting in %d x %d pixels, ms:%20s%20s\n", width, height, "until it is shown", "longest turn");
  Steps steps = { .document = self.document };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    steps.n = g_list_model_get_n_items (G_LIST_MODEL (limn_document_get_history (self.document)));
    Watch *watch = watch_begin ();
    all[i].run (self.document, width, height);
    ui_test_wait (is_done, &steps);
    watch_end (watch, all[i].name);
  }
  self.frames = g_array_new (FALSE, FALSE, sizeof (double));
  self.intervals = g_array_new (FALSE, FALSE, sizeof (double));
  self.latencies = g_array_new (FALSE, FALSE, sizeof (double));
  close_window (&self);
}

/* A band of a material; plain: of its colour alone. */
static void
paint_band (Bench *self, double y, guint material, gboolean plain)
{
  LimnMaterialInfo info = limn_material_get (material);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 140;
  brush.label = plain ? LIMN_MATERIAL_PLAIN : info.label;
  memcpy (brush.rgba, info.rgb, 3);
  limn_document_begin_stroke (self->document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Paint");
  limn_document_extend_stroke (self->document, -80, y, 1);
  limn_document_extend_stroke (self->document, 600, y, 1);
  limn_document_end_stroke (self->document);
}

static void
sketch (double seconds, gboolean plain)
{
  Bench self = { 0 };
  GError *error = NULL;
  GSettings *settings = limn_application_get_settings (ui_test_application ());
  g_settings_set_boolean (settings, "live", TRUE);
  self.document = limn_document_new_sketch (512, 512, &error);
  g_assert_no_error (error);
  self.worker = limn_worker_new_with_runner (run_edit, &self, NULL);
  self.session = limn_session_new (self.document, self.worker, settings);
  limn_session_set_tool (self.session, LIMN_TOOL_PENCIL);
  open_window (&self);
  prepare_pen (&self, 1, BRUSH);
  int rows = MAX (1, (int) (seconds * SAMPLES_A_SECOND / self.columns));
  g_free (self.sent);
  prepare_pen (&self, rows, BRUSH);
  /* the networks are opened, and surfaces read, before */
  for (guint i = 0; i < 4; i++)
    paint_band (&self, 64 + 128 * i, i * limn_material_get_count () / 4, plain);
  ui_test_wait (is_previewed, &self);
  g_print ("Drawing on a sketch of 512 x 512 pixels, %d strokes, %u samples, %d a second:\n", rows, self.n_samples, SAMPLES_A_SECOND);
  run (&self);
  print ("from a sample to the preview that has it, ms", self.latencies);
  close_window (&self);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  const char *what = argc > 1 ? argv[1] : "";
  double number = argc > 2 ? g_ascii_strtod (argv[2], NULL) : 0;
  if (g_str_equal (what, "paint"))
    paint (number > 0 ? number : 12);
  else if (g_str_equal (what, "move"))
    move (number > 0 ? number : 12);
  else if (g_str_equal (what, "select"))
    select_things (number > 0 ? number : 100, argc > 3 && g_str_equal (argv[3], "live"));
  else if (g_str_equal (what, "edits"))
    ui_edits (number > 0 ? number : 100);
  else if (g_str_equal (what, "sketch"))
    sketch (number > 0 ? number : 10, argc > 3 && g_str_equal (argv[3], "plain"));
  else
    g_printerr ("Usage: ui-latency paint [MEGAPIXELS] | move [MEGAPIXELS] | select [MEGAPIXELS [live]] | edits [MEGAPIXELS] | "
                "sketch [SECONDS [plain]]\n");
  return ui_test_run ();
}
