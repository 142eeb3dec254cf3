/* Whole edits, from pixels in memory to pixels in memory, and the way of a live preview through the worker.
 *
 *   limn-bench-edits TASK MEGAPIXELS THREADS [ROUNDS]   one edit of a made-up photo of that many megapixels (sketch, upscale: that
 *                                                       many come out); prints a line of JSON with the median time
 *   limn-bench-edits preview THREADS [ROUNDS]           a sketch of 1024 x 1024 changes, and the quick preview comes back
 *
 * fill replaces 512 x 512 pixels in the middle (a quarter of smaller photos). SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/worker/limn-worker.h"
#include "made-up.h"
#include "tests/app/inputs.h"

enum { ROUNDS = 5 };

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
  g_autoptr (LimnEdit) edit = megapixels > 0 ? bench_make_edit (task, megapixels, 8) : NULL;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double)), network = g_array_new (FALSE, FALSE, sizeof (double));
  guint evaluations = 0;

  if (!engine || !edit) {
    g_printerr ("%s\n", error ? error->message : "limn-bench-edits fill|colorize|sketch|upscale MEGAPIXELS THREADS [ROUNDS]");
    return 1;
  }
  for (int i = 0; i < rounds; i++) {
    const gint64 from = g_get_monotonic_time ();
    g_autoptr (LimnResult) result = limn_edit_run (edit, 0, engine, NULL, NULL, NULL, &error);
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
          task, megapixels, threads, median (times), median (network), evaluations, bench_peak_mb (), open_ms);
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
  g_autoptr (LimnPicture) before = inputs_dup_picture (edit->from.paint);
  LimnPicture *paint = limn_picture_dup (before, TRUE, NULL);

  limn_picture_get_data (paint)[0] = (guint8) self->times->len;
  limn_source_unref (edit->from.paint);
  edit->from.paint = inputs_take_picture (paint);
  self->sent = g_get_monotonic_time ();
  limn_worker_preview (self->worker, 0, edit, FALSE, self->target, on_preview, self);
}

static int
bench_preview (int threads, int rounds)
{
  g_autoptr (LimnWorker) worker = limn_worker_new (NULL, threads);
  g_autoptr (LimnEdit) edit = bench_make_edit ("sketch", (double) BENCH_SKETCH * BENCH_SKETCH / 1e6, 8);
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  Preview preview = { worker, edit, target, loop, times, 0, (guint) rounds, NULL };
  double first;

  limn_edit_set (edit, "width", BENCH_SKETCH);
  limn_edit_set (edit, "height", BENCH_SKETCH);
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
          bench_peak_mb ());
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
