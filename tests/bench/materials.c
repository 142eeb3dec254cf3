/* What a sketch with materials costs, stage by stage:
 *
 *   limn-bench-materials SKETCH WIDTH THREADS [ROUNDS]   SKETCH: path of a paint, with its labels in NAME.labels.png beside it
 *
 * Prints a line of JSON: median milliseconds of guessing the materials, of making the scene, of painting it, and of painting it after
 * a stroke, when the picture before is known; and the most memory that the process has had.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/decode/limn-picture-load.h"
#include "app/edit/limn-edit-private.h"
#include "app/picture/limn-picture-file.h"
#include "engine/base/clock.h"
#include "engine/guess/effective-labels.h"
#include "engine/materials/memory.h"
#include "made-up.h"

enum { ROUNDS = 7, GUESS = 0, SCENE, PAINT, STROKE, STAGES };

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static LimnPicture *
load (const char *path, GError **error)
{
  return limn_picture_load (path, NULL, error);
}

/* The gray values of the picture of labels beside the paint. */
static guint8 *
load_labels (const char *paint, gsize width, gsize height, GError **error)
{
  g_autofree char *stem = g_strndup (paint, strlen (paint) - 4), *path = g_strconcat (stem, ".labels.png", NULL);
  g_autoptr (LimnPicture) picture = load (path, error);
  guint8 *labels = picture ? g_malloc (width * height) : NULL;

  for (gsize i = 0; labels && i < width * height; i++)
    labels[i] = limn_picture_get_data (picture)[i / width * limn_picture_get_stride (picture) + 4 * (i % width)];
  return labels;
}

/* A dab of what is at its middle's left neighbour, somewhere. */
static void
draw_stroke (guint8 *labels, gsize width, gsize height, int number)
{
  const gsize radius = width / 50, x = radius + (gsize) number * 7919 % (width - 2 * radius),
              y = radius + (gsize) number * 104729 % (height - 2 * radius);

  for (gsize v = y - radius; v < y + radius; v++)
    memset (labels + v * width + x - radius, labels[y * width + x - radius], 2 * radius);
}

/* Milliseconds of each stage of one rendering. */
static LimnStatus
render_once (const LimnSceneInput *input, LimnSketchMemory *memory, LimnPixels *out, uint8_t *scratch, double *ms, LimnError *error)
{
  const double start = limn_clock_ms ();
  LimnScene scene = { 0 };
  LimnStatus status = limn_effective_labels (scratch, input->labels->width, input->labels->height, input->paint, NULL, true, input->pool,
                                             error);
  const double guessed = limn_clock_ms ();

  if (status == LIMN_OK)
    status = limn_scene_new (&scene, input, error);
  const double made = limn_clock_ms ();
  if (status == LIMN_OK)
    status = limn_scene_render (&scene, NULL, 0, 0, out, error);
  ms[GUESS] = guessed - start;
  ms[SCENE] = made - guessed;
  const double painted = limn_clock_ms ();
  if (status == LIMN_OK)
    status = limn_scene_render_again (&scene, memory, out, error);
  ms[PAINT] = painted - made;
  ms[STROKE] = limn_clock_ms () - painted;
  limn_scene_clear (&scene);
  return status;
}

static LimnStatus
bench (LimnPicture *picture, uint8_t *labels, const LimnSurfaces *surfaces, gsize width, int threads, int rounds, LimnError *error)
{
  const LimnRect all = limn_picture_get_rect (picture);
  const LimnPixels paint = limn_pixels_of (picture, &all);
  const LimnMask mask = { labels, paint.width, paint.height, paint.width };
  const LimnSketchMaterials options = {
    .surfaces = surfaces, .horizon = LIMN_AUTOMATIC, .previous_horizon = LIMN_AUTOMATIC, .sun_x = LIMN_AUTOMATIC, .straighten = true
  };
  const gsize height = width * paint.height / paint.width;
  g_autofree double *times = g_new0 (double, STAGES *(gsize) rounds);
  g_autofree guint8 *scratch = g_malloc (paint.width * paint.height);
  LimnOverlay overlay;
  LimnSketchMemory *memory;
  LimnPool *pool;

  LIMN_TRY (limn_sketch_memory_new (&memory, error));
  LIMN_TRY (limn_pool_new (&pool, threads, error));
  LimnStatus status = limn_overlay_new (&overlay, 0, 0, width, height, 8, error);
  const LimnSceneInput input = {
    .pool = pool, .paint = &paint, .labels = &mask, .options = &options, .width = width, .height = height, .reach = 40
  };
  for (int i = 0; status == LIMN_OK && i < rounds; i++) {
    double ms[STAGES];

    draw_stroke (labels, paint.width, paint.height, i);
    status = render_once (&input, memory, &overlay.pixels, scratch, ms, error);
    for (int k = 0; k < STAGES; k++)
      times[k * rounds + i] = ms[k];
  }
  for (int k = 0; k < STAGES; k++)
    qsort (times + k * rounds, (gsize) rounds, sizeof *times, compare);
  if (status == LIMN_OK)
    printf (
      "{\"width\": %zu, \"height\": %zu, \"threads\": %d, \"guess_ms\": %.1f, \"scene_ms\": %.1f, \"paint_ms\": %.1f, \"stroke_ms\": %.1f, "
      "\"peak_mb\": %.0f}\n",
      width, height, threads, times[rounds / 2], times[SCENE * rounds + rounds / 2], times[PAINT * rounds + rounds / 2],
      times[STROKE * rounds + rounds / 2], bench_peak_mb ());
  limn_overlay_clear (&overlay);
  limn_pool_free (pool);
  limn_sketch_memory_free (memory);
  return status;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPicture) paint = argc > 3 ? load (argv[1], &error) : NULL;
  g_autofree guint8 *labels = paint ? load_labels (argv[1], limn_picture_get_width (paint), limn_picture_get_height (paint), &error) : NULL;
  g_autoptr (LimnEngineHandle) engine = labels ? limn_engine_handle_new (NULL, 1, &error) : NULL;
  const LimnSurfaces *surfaces = engine ? limn_engine_handle_get_surfaces (engine, &error) : NULL;
  LimnError problem = { "" };

  if (!surfaces) {
    g_printerr ("%s\n", error ? error->message : "limn-bench-materials SKETCH WIDTH THREADS [ROUNDS]");
    return 1;
  }
  if (bench (paint, labels, surfaces, (gsize) CLAMP (atoi (argv[2]), 16, 16384), atoi (argv[3]),
             argc > 4 ? MAX (atoi (argv[4]), 1) : ROUNDS, &problem) == LIMN_OK)
    return 0;
  g_printerr ("%s\n", problem.text);
  return 1;
}
