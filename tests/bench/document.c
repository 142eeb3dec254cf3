/* What a large document costs: limn-bench-document [MEGAPIXELS] [LAYERS]. Times in milliseconds, memory in megabytes (what is resident
 * and can't simply be dropped: anonymous pages).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/autosave/limn-autosave.h"
#include "app/document/limn-document-canvas.h"
#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double
now (void)
{
  return (double) g_get_monotonic_time () / 1000;
}

static double
memory (void)
{
  g_autofree char *text = NULL;
  const char *line;
  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || !(line = strstr (text, "RssAnon:")))
    return 0;
  return atof (line + 8) / 1024;
}

static void
report (const char *what, double milliseconds)
{
  printf ("%-44s %9.1f ms %8.0f MB\n", what, milliseconds, memory ());
}

/* Noise that no two places share. */
static LimnPicture *
make_picture (gsize width, gsize height, guint32 seed)
{
  LimnPicture *picture = limn_picture_new (width, height, 8, NULL);
  guint8 *data = limn_picture_get_data (picture);
  for (gsize i = 0; i < width * height; i++) {
    guint32 value = (seed = seed * 1664525u + 1013904223u) >> 8;
    memcpy (data + 4 * i, &value, 3);
    data[4 * i + 3] = 255;
  }
  return picture;
}

/* From corner to corner with a brush of 200 pixels; worst: of one point. */
static double
stroke (LimnDocument *document, int number, double *worst)
{
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 200;
  double begin = now (), width = limn_document_get_width (document), height = limn_document_get_height (document);
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK), &brush, FALSE, "Brush");
  for (int i = 0; i <= 100; i++) {
    double before = now ();
    limn_document_extend_stroke (document, width * fabs (i / 100.0 - number % 7 / 7.0), height * i / 100, 1);
    *worst = MAX (*worst, now () - before);
  }
  limn_document_end_stroke (document);
  return now () - begin;
}

static void
finish (LimnDocument *document)
{
  while (limn_document_is_working (document))
    g_main_context_iteration (NULL, TRUE);
}

/* The longest that the main thread is held, from asking to the end. */
static void
reshape (LimnDocument *document, const char *what, LimnOrient orient)
{
  double begin = now (), held;
  g_autofree char *held_what = g_strdup_printf ("%s, longest hold", what);
  int width = limn_document_get_width (document), height = limn_document_get_height (document);
  if (orient == LIMN_ORIENT_NONE)
    limn_document_crop (document, &(LimnRect){ width / 10, height / 10, width * 8 / 10, height * 8 / 10 }, NULL);
  else
    limn_document_orient (document, orient);
  held = now () - begin;
  while (limn_document_is_working (document)) {
    double before = now ();
    if (g_main_context_iteration (NULL, FALSE))
      held = MAX (held, now () - before);
    else
      g_usleep (1000);
  }
  report (what, now () - begin);
  report (held_what, held);
  begin = now ();
  limn_document_undo (document, NULL);
  report ("  undone", now () - begin);
}

static void
add_result (LimnDocument *document, guint32 seed)
{
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_COLORIZE);
  g_autoptr (LimnPicture)
    picture = make_picture ((gsize) limn_document_get_width (document), (gsize) limn_document_get_height (document), seed);
  LimnResult result = { .picture = picture };
  GListModel *layers = limn_document_get_layers (document);
  if (g_list_model_get_n_items (layers) > 0) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, 0);
    limn_document_replace_result (document, layer, edit, &result, NULL, NULL);
  } else
    limn_document_add_result (document, edit, &result, "Colorize", NULL);
}

int
main (int argc, char **argv)
{
  double megapixels = argc > 1 ? atof (argv[1]) : 50;
  int n_layers = argc > 2 ? atoi (argv[2]) : 6;
  gsize width = (gsize) sqrt (megapixels * 1.5e6), height = width * 2 / 3;
  g_autofree char *folder = g_dir_make_tmp ("limn-bench-XXXXXX", NULL);
  g_autoptr (LimnPicture) photo = make_picture (width, height, 1);
  g_autoptr (LimnDocument) document = limn_document_new (photo, NULL);
  double begin, worst = 0, total = 0;

  printf ("%zu x %zu pixels\n", width, height);
  report ("photo", 0);
  g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, folder);
  report ("stroke of 100 points, the first", stroke (document, 0, &worst));
  begin = now ();
  limn_autosave_flush (autosave, NULL);
  report ("until all is on disk", now () - begin);
  begin = now ();
  for (int i = 0; i < 10; i++) {
    stroke (document, 1 + i, &worst);
    double before = now ();
    limn_autosave_flush (autosave, NULL);
    total += now () - before;
  }
  report ("ten more, each", (now () - begin - total) / 10);
  report ("until each is on disk", total / 10);
  report ("worst point", worst);
  begin = now ();
  limn_document_add_dot (document, &(LimnDot){ 5, 5, 5, { 0 } });
  begin = now ();
  for (int i = 0; i < 20; i++) {
    g_autoptr (LimnSnapshot) one G_GNUC_UNUSED = limn_document_dup_snapshot (document);
    limn_document_set_dot (document, 0, &(LimnDot){ i, 5, 5, { 0 } }, 0);
  }
  report ("change and snapshot", (now () - begin) / 20);
  begin = now ();
  g_autoptr (LimnEdit) edit G_GNUC_UNUSED = limn_document_make_edit (document, LIMN_TASK_FILL, NULL);
  report ("inputs of a fill", now () - begin);
  for (int i = 0; i < 100; i++)
    stroke (document, i, &worst);
  report ("a hundred strokes", 0);
  begin = now ();
  limn_document_select_similar (document, 100, 100, 0, TRUE, LIMN_MASK_REPLACE);
  finish (document);
  report ("select a similar area", now () - begin);
  begin = now ();
  limn_document_select_ellipse (document, width / 4.0, height / 4.0, width / 2.0, height / 2.0, LIMN_MASK_REPLACE);
  report ("select an ellipse of half the size", now () - begin);
  begin = now ();
  limn_document_grow_mask (document, 8);
  finish (document);
  report ("grow it by 8", now () - begin);
  begin = now ();
  limn_document_feather_mask (document, 8);
  finish (document);
  report ("feather it by 8", now () - begin);
  begin = now ();
  limn_document_invert_mask (document);
  finish (document);
  report ("invert it", now () - begin);
  while (limn_document_undo (document, NULL))
    ;
  while (limn_document_redo (document, NULL))
    ;
  begin = now ();
  for (int i = 0; i < n_layers; i++)
    add_result (document, (guint32) i);
  report ("a whole layer, varied", (now () - begin) / n_layers);
  limn_autosave_flush (autosave, NULL);
  report ("all of it on disk", 0);
  begin = now ();
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
  g_autoptr (LimnPicture) flat = limn_snapshot_flatten (snapshot, G_MAXUINT, NULL);
  report ("flatten", now () - begin);
  g_clear_object (&flat);
  guint8 *tile = g_malloc (256 * 256 * 4);
  for (int level = 0; level < 5; level += 2) {
    begin = now ();
    for (int i = 0; i < 8; i++)
      limn_document_render (document, LIMN_SNAPSHOT_RESULT, level, &(LimnRect){ 16 * i, 16, 256, 256 }, tile, 1024);
    g_autofree char *what = g_strdup_printf ("256 x 256 of the screen at 1:%d", 1 << level);
    report (what, (now () - begin) / 8);
  }
  g_free (tile);
  reshape (document, "rotate right", LIMN_ORIENT_TURN_RIGHT);
  reshape (document, "flip horizontally", LIMN_ORIENT_FLIP_HORIZONTAL);
  reshape (document, "crop by a tenth on each side", LIMN_ORIENT_NONE);
  begin = now ();
  while (limn_document_undo (document, NULL))
    ;
  report ("everything undone", now () - begin);
  g_clear_object (&autosave);
  rmdir (folder);
  return 0;
}
