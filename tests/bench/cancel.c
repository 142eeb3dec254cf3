/* How long an edit goes on after it was cancelled, at points spread evenly over its time.
 *
 *   limn-bench-cancel TASK MEGAPIXELS THREADS [POINTS [DEPTH [profile] [hole=SIDE] [painted]]]
 *       one line of JSON; the edit as in limn-bench-edits, of a photo with 8 or 16 bits, and a profile that isn't sRGB; a fill of
 *       SIDE x SIDE pixels (at most the photo), and of paint over half of them
 *
 * peak_mb, sum: the most memory of the whole edit, and a checksum of its result; POINTS 0 measures only these;
 * mean_ms, worst_ms: from the call that cancels to the return of limn_edit_run; at: the share of the edit's time at the worst;
 * finished: how often the edit was so near its end that it gave its result. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/base/limn-app-error.h"
#include "app/picture/limn-picture-color.h"
#include "made-up.h"
#include "tests/app/inputs.h"

enum { POINTS = 39 };

/* Adobe RGB (1998): white, red, green, blue. */
static const double adobe_xy[8] = { 0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06 };
static const double adobe_gamma = 256.0 / 563.0;

typedef struct {
  GCancellable *cancellable;
  gint64 when, cancelled; /* monotonic time */
} Canceller;

static gpointer
cancel_then (gpointer data)
{
  Canceller *self = data;
  const gint64 left = self->when - g_get_monotonic_time ();

  if (left > 0)
    g_usleep ((gulong) left);
  self->cancelled = g_get_monotonic_time ();
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

/* Milliseconds from cancelling to the return, or less than 0 when the edit was over by then. */
static double
measure (const LimnEdit *edit, LimnEngineHandle *engine, double after_ms, gboolean *finished)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Canceller canceller = { cancellable, g_get_monotonic_time () + (gint64) (1e3 * after_ms), 0 };
  GThread *thread = g_thread_new ("cancel", cancel_then, &canceller);
  g_autoptr (LimnResult) result = limn_edit_run (edit, 0, engine, NULL, NULL, cancellable, &error);
  const gint64 end = g_get_monotonic_time ();

  g_thread_join (thread);
  if (!result && !g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED))
    g_error ("%s", error->message);
  *finished = result != NULL;
  return (double) (end - canceller.cancelled) / 1e3;
}

/* Of the pixels. */
static char *
sum_of (LimnPicture *picture)
{
  const gsize row = limn_picture_get_width (picture) * 4 * (gsize) limn_picture_get_depth (picture) / 8;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize y = 0; y < limn_picture_get_height (picture); y++)
    g_checksum_update (sum, limn_picture_get_data (picture) + y * limn_picture_get_stride (picture), (gssize) row);
  return g_strndup (g_checksum_get_string (sum), 16);
}

/* sum: NULL, or receives the result's. */
static double
time_whole (const LimnEdit *edit, LimnEngineHandle *engine, char **sum)
{
  g_autoptr (GError) error = NULL;
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (LimnResult) result = limn_edit_run (edit, 0, engine, NULL, NULL, NULL, &error);

  const gint64 end = g_get_monotonic_time ();

  if (!result)
    g_error ("%s", error->message);
  if (sum)
    *sum = sum_of (result->picture);
  return (double) (end - start) / 1e3;
}

int
main (int argc, char **argv)
{
  const double megapixels = argc > 2 ? g_ascii_strtod (argv[2], NULL) : 0;
  const int threads = argc > 3 ? atoi (argv[3]) : 0, points = argc > 4 ? atoi (argv[4]) : POINTS, depth = argc > 5 ? atoi (argv[5]) : 8;
  gboolean profile = FALSE, painted = FALSE, known = TRUE;
  gsize hole = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnEngineHandle) engine = NULL;
  g_autoptr (LimnEdit) edit = megapixels > 0 && (depth == 8 || depth == 16) ? bench_make_edit (argv[1], megapixels, depth) : NULL;
  g_autofree char *checksum = NULL;
  double whole, peak, sum = 0, worst = 0, at = 0;
  int measured = 0, finished = 0;

  for (int i = 6; i < argc; i++)
    if (strcmp (argv[i], "profile") == 0)
      profile = TRUE;
    else if (strcmp (argv[i], "painted") == 0)
      painted = TRUE;
    else if (g_str_has_prefix (argv[i], "hole="))
      hole = (gsize) g_ascii_strtoull (argv[i] + strlen ("hole="), NULL, 10);
    else
      known = FALSE;
  if (!edit || threads < 1 || points < 0 || !known || ((painted || hole) && edit->task != LIMN_TASK_FILL) || (painted && !hole)) {
    g_printerr ("limn-bench-cancel fill|colorize|sketch|upscale MEGAPIXELS THREADS [POINTS [DEPTH [profile] [hole=SIDE] [painted]]]"
                "\n");
    return 2;
  }
  if (hole)
    bench_set_hole (edit, hole, hole, painted);
  g_autoptr (LimnPicture) photo = inputs_dup_picture (edit->from.photo);
  if (profile && photo)
    limn_picture_apply_gamma (photo, adobe_gamma, adobe_xy);
  engine = limn_engine_handle_new (NULL, threads, &error);
  if (!engine) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  whole = time_whole (edit, engine, &checksum);
  peak = bench_peak_mb ();
  if (points)
    whole = time_whole (edit, engine, NULL);
  for (int i = 0; i < points; i++) {
    gboolean done;
    const double ms = measure (edit, engine, whole * (i + 0.5) / points, &done);

    if (ms < 0)
      continue;
    measured++;
    finished += done;
    sum += ms;
    if (ms > worst) {
      worst = ms;
      at = (i + 0.5) / points;
    }
  }
  printf ("{\"task\": \"%s\", \"megapixels\": %g, \"threads\": %d, \"depth\": %d, \"profile\": %s, \"hole\": %zu, \"painted\": %s, "
          "\"whole_ms\": %.1f, \"peak_mb\": %.0f, \"sum\": \"%s\", \"points\": %d, \"mean_ms\": %.1f, \"worst_ms\": %.1f, \"at\": %.2f, "
          "\"finished\": %d}\n",
          argv[1], megapixels, threads, depth, profile ? "true" : "false", hole, painted ? "true" : "false", whole, peak, checksum,
          measured, measured ? sum / measured : 0, worst, at, finished);
  return 0;
}
