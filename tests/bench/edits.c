/* Whole edits, from pixels in memory to pixels in memory, and the way of a live preview through the worker.
 *
 *   limn-bench-edits TASK MEGAPIXELS THREADS [ROUNDS]   one edit of a made-up photo of that many megapixels (sketch, upscale: that
 *                                                       many come out); prints a line of JSON with the median time
 *   limn-bench-edits preview THREADS [ROUNDS]           a sketch of 1024 x 1024 changes, and the quick preview comes back
 *
 * fill replaces 512 x 512 pixels in the middle (a quarter of smaller photos). SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "limn-worker.h"

enum { HOLE = 512, SCALE = 4, PATTERN = 1024, ROUNDS = 5, SKETCH = 1024 };

static guint32
hash (guint32 x)
{
  x = (x ^ x >> 16) * 0x7feb352du;
  x = (x ^ x >> 15) * 0x846ca68bu;
  return x ^ x >> 16;
}

/* Noise of one scale, [0, 1), smooth between its points. */
static double
noise (guint x, guint y, guint step, guint32 seed)
{
  const guint i = x / step, j = y / step;
  const double u = (double) (x % step) / step, v = (double) (y % step) / step;
  double corners[4];

  for (guint k = 0; k < 4; k++)
    corners[k] = hash ((i + (k & 1)) * 7919u + (j + k / 2) * 104729u + seed) / 4294967296.0;
  return (corners[0] * (1 - u) + corners[1] * u) * (1 - v) + (corners[2] * (1 - u) + corners[3] * u) * v;
}

/* Clouds of every size down to two pixels, in colour: neither flat nor mere noise. */
static LimnPicture *
make_photo (gsize width, gsize height)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *picture = limn_picture_new (width, height, 8, &error);
  g_autofree guint8 *pattern = g_malloc (PATTERN * PATTERN * 4);

  if (!picture)
    g_error ("%s", error->message);
  for (guint y = 0; y < PATTERN; y++)
    for (guint x = 0; x < PATTERN; x++)
      for (guint c = 0; c < 4; c++) {
        double value = 0, weight = 0.5;
        for (guint step = 256; step >= 2; step /= 4, weight /= 2)
          value += weight * noise (x, y, step, step + 31 * c);
        pattern[(y * PATTERN + x) * 4 + c] = c == 3 ? 255 : (guint8) (255 * MIN (value, 1));
      }
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x += PATTERN)
      memcpy (limn_picture_get_data (picture) + y * limn_picture_get_stride (picture) + 4 * x, pattern + y % PATTERN * PATTERN * 4,
              4 * MIN (PATTERN, width - x));
  return picture;
}

static LimnPlane
make_plane (gsize width, gsize height, gsize x, gsize y, gsize columns, gsize rows)
{
  guint8 *data = g_malloc0 (width * height);

  for (gsize v = y; v < y + rows; v++)
    memset (data + v * width + x, 255, columns);
  return (LimnPlane) { g_bytes_new_take (data, width * height), width, height };
}

static LimnEdit *
make_edit (const char *name, double megapixels)
{
  static const char *const names[] = { "fill", "colorize", "sketch", "upscale" };
  const double area = megapixels * 1e6;
  gsize height = (gsize) round (sqrt (area * 3 / 4)), width = (gsize) round (area / (double) height);
  LimnEdit *edit = NULL;

  for (int task = 0; task < (int) G_N_ELEMENTS (names); task++)
    if (strcmp (name, names[task]) == 0)
      edit = limn_edit_new ((LimnTask) task);
  if (!edit)
    return NULL;
  edit->seed = 1;
  if (edit->task == LIMN_TASK_SKETCH) {
    edit->width = width;
    edit->height = height;
    edit->paint = make_photo (SKETCH, SKETCH);
    return edit;
  }
  if (edit->task == LIMN_TASK_UPSCALE) {
    edit->scale = SCALE;
    width = (width + SCALE - 1) / SCALE;
    height = (height + SCALE - 1) / SCALE;
  }
  edit->photo = make_photo (width, height);
  if (edit->task == LIMN_TASK_FILL) {
    const gsize columns = MIN (HOLE, width / 2), rows = MIN (HOLE, height / 2);
    edit->mask = make_plane (width, height, (width - columns) / 2, (height - rows) / 2, columns, rows);
  }
  return edit;
}

static double
peak_mb (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) || !(line = strstr (status, "VmHWM:")))
    return 0;
  return g_ascii_strtod (line + 6, NULL) / 1024;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (GArray *times)
{
  g_array_sort (times, compare);
  return g_array_index (times, double, times->len / 2);
}

static int
bench_edit (const char *task, double megapixels, int threads, int rounds)
{
  g_autoptr (GError) error = NULL;
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (LimnEngineHandle) engine = limn_engine_handle_new (NULL, threads, &error);
  const double open_ms = (double) (g_get_monotonic_time () - start) / 1e3;
  g_autoptr (LimnEdit) edit = megapixels > 0 ? make_edit (task, megapixels) : NULL;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double)), network = g_array_new (FALSE, FALSE, sizeof (double));
  guint evaluations = 0;

  if (!engine || !edit) {
    g_printerr ("%s\n", error ? error->message : "limn-bench-edits fill|colorize|sketch|upscale MEGAPIXELS THREADS [ROUNDS]");
    return 1;
  }
  for (int i = 0; i < rounds; i++) {
    const gint64 from = g_get_monotonic_time ();
    g_autoptr (LimnResult) result = limn_edit_run (edit, engine, NULL, NULL, NULL, &error);
    const double ms = (double) (g_get_monotonic_time () - from) / 1e3;

    if (!result) {
      g_printerr ("%s\n", error->message);
      return 1;
    }
    g_array_append_val (times, ms);
    g_array_append_val (network, result->network_ms);
    evaluations = result->evaluations;
  }
  printf ("{\"task\": \"%s\", \"megapixels\": %g, \"threads\": %d, \"ms\": %.1f, \"network_ms\": %.1f, \"evaluations\": %u, "
          "\"peak_mb\": %.0f, \"open_ms\": %.1f}\n",
          task, megapixels, threads, median (times), median (network), evaluations, peak_mb (), open_ms);
  return 0;
}

/* ---------------------------------------------------------------- previews */

typedef struct {
  LimnWorker *worker;
  LimnEdit *edit;
  GObject *target;
  GMainLoop *loop;
  GArray *times;
  gint64 sent;
  guint rounds;
  GError *error;
} Preview;

static void request (Preview *self);

static void
on_preview (GObject *target, guint64 serial, const LimnResult *result, gboolean quick, const GError *error, gpointer user)
{
  Preview *self = user;
  const double ms = (double) (g_get_monotonic_time () - self->sent) / 1e3;

  if (error)
    self->error = g_error_copy (error);
  else
    g_array_append_val (self->times, ms);
  if (error || self->times->len >= self->rounds)
    g_main_loop_quit (self->loop);
  else
    request (self);
}

/* A picture whose paint is another one than before: nothing can be reused. */
static void
request (Preview *self)
{
  LimnEdit *edit = limn_edit_copy (self->edit);

  edit->quick = TRUE;
  g_set_object (&edit->paint, limn_picture_dup (self->edit->paint, TRUE, NULL));
  g_object_unref (edit->paint);
  limn_picture_get_data (edit->paint)[0] = (guint8) self->times->len;
  self->sent = g_get_monotonic_time ();
  limn_worker_preview (self->worker, 0, edit, FALSE, self->target, on_preview, self);
}

static int
bench_preview (int threads, int rounds)
{
  g_autoptr (LimnWorker) worker = limn_worker_new (NULL, threads);
  g_autoptr (LimnEdit) edit = make_edit ("sketch", (double) SKETCH * SKETCH / 1e6);
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  Preview preview = { worker, edit, target, loop, times, 0, (guint) rounds, NULL };
  double first;

  edit->width = edit->height = SKETCH;
  limn_worker_take_slots (worker, 1, target); /* the first */
  request (&preview);
  g_main_loop_run (loop);
  limn_worker_shutdown (worker);
  if (preview.error) {
    g_printerr ("%s\n", preview.error->message);
    g_error_free (preview.error);
    return 1;
  }
  first = g_array_index (times, double, 0);
  printf ("{\"task\": \"preview\", \"threads\": %d, \"ms\": %.1f, \"first_ms\": %.1f, \"peak_mb\": %.0f}\n", threads, median (times), first,
          peak_mb ());
  return 0;
}

int
main (int argc, char **argv)
{
  const gboolean preview = argc > 1 && strcmp (argv[1], "preview") == 0;
  const int at = preview ? 2 : 3, threads = argc > at ? atoi (argv[at]) : 0, rounds = argc > at + 1 ? atoi (argv[at + 1]) : ROUNDS;

  if (argc <= at || argc > at + 2 || threads < 1 || rounds < 1) {
    g_printerr ("limn-bench-edits TASK MEGAPIXELS THREADS [ROUNDS], or limn-bench-edits preview THREADS [ROUNDS]\n");
    return 2;
  }
  return preview ? bench_preview (threads, rounds) : bench_edit (argv[1], g_ascii_strtod (argv[2], NULL), threads, rounds);
}
