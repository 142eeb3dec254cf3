/* Another canvas: what a crop, more room, a turn or a flip does to everything in a document, compared with a plain reference.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/limn-document-canvas.h"
#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"

#include <glib/gstdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/autosave/limn-autosave.h"
#include "app/base/limn-app-error.h"
#include "app/formats/limn-ora.h"
#include "app/picture/codecs/limn-codec.h"
#include "app/picture/codecs/limn-exif.h"
#include "app/picture/limn-picture-file.h"
#include "inputs.h"
#include "snapshot-samples.h"

enum { WIDTH = 150, HEIGHT = 100 };

/* -- A document with something of everything -- */

static LimnSource *
random_source (int channels, guint32 seed)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (WIDTH, HEIGHT, channels);
  sample_scribble (raster, 30 + (int) seed, 20, 60, 50, seed);
  return limn_source_new_raster (raster);
}

static LimnSnapshot *
make_sample (int depth, gboolean sketch)
{
  static const LimnTask tasks[] = { LIMN_TASK_FILL, LIMN_TASK_COLORIZE, LIMN_TASK_SKETCH };
  g_autoptr (LimnPicture) photo = sample_picture (WIDTH, HEIGHT, depth, 1);
  LimnSnapshot *snapshot = limn_snapshot_new (photo);
  const LimnDot dots[] = { { 10.25, 20.5, 8, { 255, 0, 18 } }, { 99.5, 60, 0.5, { 0, 160, 7 } } };
  for (int i = 0; i < 4; i++) { /* the last one has no recipe; the first and the last lie partly outside */
    g_autoptr (LimnPicture) picture = sample_picture (40 + (gsize) i, 30, depth, 10 + (guint32) i);
    g_autoptr (LimnEdit) edit = i < 3 ? limn_edit_new (tasks[i]) : NULL;
    if (edit)
      edit->set.seed = 100 + (guint64) i;
    if (i == 0) {
      edit->from = (LimnEditInputs){ .mask = random_source (1, 1), .lines = random_source (1, 2), .paint = random_source (4, 3) };
    } else if (i == 1) {
      edit->from.mask = random_source (1, 4);
    } else if (i == 2) {
      edit->from.materials = random_source (1, 5);
      limn_edit_set (edit, "width", WIDTH);
      limn_edit_set (edit, "height", HEIGHT);
    }
    const LimnLayerStyle look = { i % 2 == 0, 0.25 + 0.1 * i, (LimnBlend) i };
    limn_snapshot_add_layer (snapshot, i == 3 ? "Imported" : "Layer", picture, 40 * i - 5, 30 * i - 10, &look, edit,
                             i == 0 ? "0123456789abcdef" : NULL);
  }
  g_array_append_vals (snapshot->dots, dots, G_N_ELEMENTS (dots));
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_MASK], 60, 50, 90, 50, 21);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_PAINT], 0, 0, 130, 80, 22);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_MATERIALS], 10, 5, 110, 60, 26);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_LINES], 20, 64, 100, 36, 23);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_GUIDE], 149, 0, 1, 100, 24);
  sample_scribble (snapshot->planes[LIMN_DOCUMENT_GUIDE_LINES], 149, 99, 1, 1, 25);
  snapshot->sketch = sketch;
  return snapshot;
}

static LimnDocument *
make_document (int depth, gboolean sketch)
{
  g_autoptr (LimnSnapshot) sample = make_sample (depth, sketch);
  return limn_document_new_from_snapshot (sample);
}

static void
finish (LimnDocument *document)
{
  while (limn_document_is_working (document))
    g_main_context_iteration (NULL, TRUE);
}

/* -- The reference: pixel by pixel, each by the words of what is asked for -- */

typedef struct {
  LimnRect area;
  LimnOrient orient;
} Step;

/* Where the new canvas's pixel (x, y) was. */
static void
was_at (const Step *step, int x, int y, int *old_x, int *old_y)
{
  int w = step->area.width, h = step->area.height;
  switch (step->orient) {
  case LIMN_ORIENT_FLIP_HORIZONTAL: x = w - 1 - x; break;
  case LIMN_ORIENT_FLIP_VERTICAL: y = h - 1 - y; break;
  case LIMN_ORIENT_HALF_TURN:
    x = w - 1 - x;
    y = h - 1 - y;
    break;
  case LIMN_ORIENT_TURN_RIGHT: { /* the left column becomes the first row, from its lower end */
    int keep = x;
    x = y;
    y = h - 1 - keep;
    break;
  }
  case LIMN_ORIENT_TURN_LEFT: {
    int keep = x;
    x = w - 1 - y;
    y = keep;
    break;
  }
  default: break;
  }
  *old_x = x + step->area.x;
  *old_y = y + step->area.y;
}

static gboolean
is_quarter (const Step *step)
{
  return step->orient == LIMN_ORIENT_TURN_RIGHT || step->orient == LIMN_ORIENT_TURN_LEFT;
}

/* A picture that lay at (*x, *y), by a copy of pixel after pixel. all: it covers the canvas, also the new one; NULL: nothing is left. */
static LimnPicture *
reference_picture (const Step *step, LimnPicture *from, int *x, int *y, gboolean all)
{
  int width = is_quarter (step) ? step->area.height : step->area.width, height = is_quarter (step) ? step->area.width : step->area.height;
  gsize pixel = 4 * (gsize) limn_picture_get_depth (from) / 8;
  int left = G_MAXINT, top = G_MAXINT, right = G_MININT, bottom = G_MININT, reach = step->orient == LIMN_ORIENT_NONE ? 0 : 200;
  for (int pass = 0;; pass++) { /* first where it lies, then its pixels */
    g_autoptr (LimnPicture) to = NULL;
    if (pass && left > right && !all)
      return NULL;
    if (pass && all) {
      left = top = 0;
      right = width - 1;
      bottom = height - 1;
    }
    if (pass)
      to = limn_picture_new ((gsize) (right - left + 1), (gsize) (bottom - top + 1), limn_picture_get_depth (from), NULL);
    for (int v = -reach; v < height + reach; v++)
      for (int u = -reach; u < width + reach; u++) {
        int at_x, at_y;
        was_at (step, u, v, &at_x, &at_y);
        at_x -= *x;
        at_y -= *y;
        if (at_x < 0 || at_y < 0 || at_x >= (int) limn_picture_get_width (from) || at_y >= (int) limn_picture_get_height (from))
          continue;
        if (pass)
          memcpy (limn_picture_get_data (to) + (gsize) (v - top) * limn_picture_get_stride (to) + (gsize) (u - left) * pixel,
                  limn_picture_get_data (from) + (gsize) at_y * limn_picture_get_stride (from) + (gsize) at_x * pixel, pixel);
        left = pass ? left : MIN (left, u);
        right = pass ? right : MAX (right, u);
        top = pass ? top : MIN (top, v);
        bottom = pass ? bottom : MAX (bottom, v);
      }
    if (pass) {
      *x = left;
      *y = top;
      return g_steal_pointer (&to);
    }
  }
}

static gboolean
was_outside (const Step *step, int width, int height, int x, int y)
{
  int old_x, old_y;
  was_at (step, x, y, &old_x, &old_y);
  return old_x < 0 || old_y < 0 || old_x >= width || old_y >= height;
}

static LimnRaster *
reference_raster (const Step *step, LimnRaster *from)
{
  int width = is_quarter (step) ? step->area.height : step->area.width, height = is_quarter (step) ? step->area.width : step->area.height;
  LimnRaster *to = limn_raster_new ((gsize) width, (gsize) height, limn_raster_get_channels (from));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      int old_x, old_y;
      guint8 pixel[4];
      was_at (step, x, y, &old_x, &old_y);
      limn_raster_read (from, &(LimnRect){ old_x, old_y, 1, 1 }, pixel, 4);
      limn_raster_write (to, &(LimnRect){ x, y, 1, 1 }, pixel, 4);
    }
  return to;
}

static void
reference_source (const Step *step, LimnSource **source)
{
  if (!*source)
    return;
  g_autoptr (LimnRaster) old = limn_source_dup_raster (*source), raster = reference_raster (step, old);
  limn_source_unref (*source);
  *source = limn_raster_is_empty (raster) ? NULL : limn_source_new_raster (raster);
}

static LimnEdit *
reference_recipe (const Step *step, const LimnEdit *recipe)
{
  g_autoptr (LimnEdit) edit = limn_edit_copy (recipe);
  reference_source (step, &edit->from.mask);
  reference_source (step, &edit->from.lines);
  reference_source (step, &edit->from.paint);
  reference_source (step, &edit->from.materials);
  if (edit->task == LIMN_TASK_SKETCH) {
    limn_edit_set (edit, "width", (gsize) (is_quarter (step) ? step->area.height : step->area.width));
    limn_edit_set (edit, "height", (gsize) (is_quarter (step) ? step->area.width : step->area.height));
  }
  return recipe->from.mask && !edit->from.mask ? NULL : g_steal_pointer (&edit);
}

static void
reference_room (const Step *step, LimnSnapshot *before, LimnSnapshot *after)
{
  int width = (int) limn_picture_get_width (after->photo), height = (int) limn_picture_get_height (after->photo);
  int old_width = (int) limn_picture_get_width (before->photo), old_height = (int) limn_picture_get_height (before->photo);
  gsize pixel = 4 * (gsize) limn_picture_get_depth (after->photo) / 8;
  const guint8 full = 255;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      if (!was_outside (step, old_width, old_height, x, y))
        continue;
      if (before->sketch)
        memset (limn_picture_get_data (after->photo) + (gsize) y * limn_picture_get_stride (after->photo) + (gsize) x * pixel, 255, pixel);
      else
        limn_raster_write (after->planes[LIMN_DOCUMENT_MASK], &(LimnRect){ x, y, 1, 1 }, &full, 1);
    }
}

static LimnSnapshot *
reference (LimnSnapshot *before, const Step *step)
{
  int zero_x = 0, zero_y = 0;
  g_autoptr (LimnPicture) photo = reference_picture (step, before->photo, &zero_x, &zero_y, TRUE);
  LimnSnapshot *after = limn_snapshot_new (photo);
  after->sketch = before->sketch;
  for (guint i = 0; i < before->layers->len; i++) {
    const LimnSnapshotLayer *layer = before->layers->pdata[i];
    int x = layer->x, y = layer->y;
    g_autoptr (LimnPicture) picture = reference_picture (step, layer->picture, &x, &y, FALSE);
    g_autoptr (LimnEdit) edit = layer->recipe ? reference_recipe (step, layer->recipe) : NULL;
    if (picture)
      limn_snapshot_add_layer (after, layer->name, picture, x, y, &layer->style, edit, layer->model_hash);
  }
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_object_unref (after->planes[i]);
    after->planes[i] = reference_raster (step, before->planes[i]);
  }
  reference_room (step, before, after);
  for (guint i = 0; i < before->dots->len; i++) {
    LimnDot dot = g_array_index (before->dots, LimnDot, i);
    double x = dot.x - step->area.x, y = dot.y - step->area.y, w = step->area.width, h = step->area.height;
    LimnOrient o = step->orient;
    if (o == LIMN_ORIENT_NONE && (x < 0 || y < 0 || x >= w || y >= h))
      continue;
    dot.x = o == LIMN_ORIENT_TURN_RIGHT                                      ? h - y
            : o == LIMN_ORIENT_TURN_LEFT                                     ? y
            : o == LIMN_ORIENT_FLIP_HORIZONTAL || o == LIMN_ORIENT_HALF_TURN ? w - x
                                                                             : x;
    dot.y = o == LIMN_ORIENT_TURN_RIGHT                                    ? x
            : o == LIMN_ORIENT_TURN_LEFT                                   ? w - x
            : o == LIMN_ORIENT_FLIP_VERTICAL || o == LIMN_ORIENT_HALF_TURN ? h - y
                                                                           : y;
    g_array_append_val (after->dots, dot);
  }
  return after;
}

/* -- Each way, against the reference -- */

static void
ask (LimnDocument *document, const Step *step)
{
  if (step->orient == LIMN_ORIENT_NONE)
    g_assert_true (limn_document_crop (document, &step->area, NULL));
  else
    limn_document_orient (document, step->orient);
}

static const LimnOrient orients[] = { LIMN_ORIENT_FLIP_HORIZONTAL, LIMN_ORIENT_HALF_TURN, LIMN_ORIENT_FLIP_VERTICAL, LIMN_ORIENT_TURN_RIGHT,
                                      LIMN_ORIENT_TURN_LEFT };

static void
check_step (const Step *step, int depth, gboolean sketch)
{
  g_autoptr (LimnDocument) document = make_document (depth, sketch);
  g_autoptr (LimnSnapshot) before = limn_document_dup_snapshot (document), expected = reference (before, step);
  ask (document, step);
  finish (document);
  g_autoptr (LimnSnapshot) after = limn_document_dup_snapshot (document);
  assert_same_snapshot (after, expected);
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (document)), ==, 1);
  g_assert_true (limn_document_undo (document, NULL));
  g_autoptr (LimnSnapshot) undone = limn_document_dup_snapshot (document);
  assert_same_snapshot (undone, before);
  g_assert_true (limn_document_redo (document, NULL));
  g_autoptr (LimnSnapshot) redone = limn_document_dup_snapshot (document);
  assert_same_snapshot (redone, expected);
}

static void
test_steps (void)
{
  static const LimnRect areas[] = {
    { 10, 20, 100, 60 }, { 63, 64, 1, 1 },       { 0, 0, 150, 40 },    { 64, 0, 86, 100 },  { -30, 0, 180, 100 },
    { 0, -7, 150, 140 }, { -70, -65, 300, 250 }, { 20, -20, 200, 60 }, { 140, 90, 30, 30 }, { 0, 95, 2, 5 },
  };
  for (int depth = 8; depth <= 16; depth += 8)
    for (int sketch = 0; sketch < 2; sketch++) {
      for (guint i = 0; i < G_N_ELEMENTS (orients); i++)
        check_step (&(Step){ { 0, 0, WIDTH, HEIGHT }, orients[i] }, depth, sketch);
      for (guint i = 0; i < G_N_ELEMENTS (areas); i++)
        check_step (&(Step){ areas[i], LIMN_ORIENT_NONE }, depth, sketch);
    }
}

/* Four turns, two flips, a turn there and back, and all of it as it was: every bit is back. */
static void
test_identity (void)
{
  static const LimnOrient ways[][5] = {
    { LIMN_ORIENT_TURN_RIGHT, LIMN_ORIENT_TURN_RIGHT, LIMN_ORIENT_TURN_RIGHT, LIMN_ORIENT_TURN_RIGHT },
    { LIMN_ORIENT_TURN_LEFT, LIMN_ORIENT_TURN_LEFT, LIMN_ORIENT_TURN_LEFT, LIMN_ORIENT_TURN_LEFT },
    { LIMN_ORIENT_FLIP_HORIZONTAL, LIMN_ORIENT_FLIP_HORIZONTAL },
    { LIMN_ORIENT_FLIP_VERTICAL, LIMN_ORIENT_FLIP_VERTICAL },
    { LIMN_ORIENT_HALF_TURN, LIMN_ORIENT_FLIP_VERTICAL, LIMN_ORIENT_FLIP_HORIZONTAL },
    { LIMN_ORIENT_TURN_LEFT, LIMN_ORIENT_FLIP_HORIZONTAL, LIMN_ORIENT_TURN_LEFT, LIMN_ORIENT_FLIP_HORIZONTAL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (LimnDocument) document = make_document (16, FALSE);
    g_autoptr (LimnSnapshot) before = limn_document_dup_snapshot (document);
    for (guint k = 0; ways[i][k]; k++)
      limn_document_orient (document, ways[i][k]); /* all at once: they wait for each other */
    finish (document);
    g_autoptr (LimnSnapshot) after = limn_document_dup_snapshot (document);
    assert_same_snapshot (after, before);
  }
  g_autoptr (LimnDocument) document = make_document (8, FALSE);
  g_assert_true (limn_document_crop (document, &(LimnRect){ 0, 0, WIDTH, HEIGHT }, NULL));
  g_assert_false (limn_document_is_working (document));
}

/* -- Any sequence, with undo and redo -- */

static void
change_layer (LimnDocument *document, LimnLayer *layer, GRand *rand)
{
  guint n = g_list_model_get_n_items (limn_document_get_layers (document));
  switch (g_rand_int_range (rand, 0, 7)) {
  case 0: limn_document_set_layer_visible (document, layer, !limn_layer_get_style (layer).visible); break;
  case 1: limn_document_set_layer_opacity (document, layer, g_rand_double (rand), 0); break;
  case 2: limn_document_set_layer_blend (document, layer, (LimnBlend) g_rand_int_range (rand, 0, LIMN_N_BLENDS)); break;
  case 3: {
    g_autofree char *name = g_strdup_printf ("Layer %d", g_rand_int_range (rand, 0, 9));
    limn_document_rename_layer (document, layer, name);
    break;
  }
  case 4:
    if (n < 8)
      limn_document_duplicate_layer (document, layer);
    break;
  case 5: limn_document_move_layer (document, layer, (guint) g_rand_int_range (rand, 0, (gint32) n)); break;
  default: limn_document_remove_layer (document, layer); break;
  }
}

static void
change_something (LimnDocument *document, GRand *rand)
{
  int width = limn_document_get_width (document), height = limn_document_get_height (document);
  GListModel *layers = limn_document_get_layers (document);
  switch (g_rand_int_range (rand, 0, 4)) {
  case 0:
    limn_document_select_rectangle (document, g_rand_int_range (rand, 0, width), g_rand_int_range (rand, 0, height), 17.5, 30,
                                    LIMN_MASK_REPLACE);
    break;
  case 1:
    limn_document_add_dot (document, &(LimnDot){ g_rand_int_range (rand, 0, width), g_rand_int_range (rand, 0, height), 3, { 1, 2, 3 } });
    break;
  case 2:
    if (g_list_model_get_n_items (layers)) {
      g_autoptr (LimnLayer)
        layer = g_list_model_get_item (layers, (guint) g_rand_int_range (rand, 0, (gint32) g_list_model_get_n_items (layers)));
      change_layer (document, layer, rand);
    }
    break;
  default: {
    LimnBrush brush;
    limn_brush_init (&brush);
    limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Brush");
    limn_document_extend_stroke (document, g_rand_int_range (rand, 0, width), g_rand_int_range (rand, 0, height), 1);
    limn_document_end_stroke (document);
    break;
  }
  }
}

static Step
random_step (LimnDocument *document, GRand *rand)
{
  int width = limn_document_get_width (document), height = limn_document_get_height (document);
  if (g_rand_boolean (rand))
    return (Step){ { 0, 0, width, height }, orients[g_rand_int_range (rand, 0, G_N_ELEMENTS (orients))] };
  int left = g_rand_int_range (rand, -40, MIN (40, width)), top = g_rand_int_range (rand, -40, MIN (40, height));
  int right = g_rand_int_range (rand, MAX (left, 0) + 1, MIN (width + 40, 400)),
      bottom = g_rand_int_range (rand, MAX (top, 0) + 1, MIN (height + 40, 400));
  return (Step){ { left, top, right - left, bottom - top }, LIMN_ORIENT_NONE };
}

static void
test_sequences (void)
{
  for (guint32 seed = 0; seed < 4; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    g_autoptr (LimnDocument) document = make_document (seed % 2 ? 16 : 8, seed == 3);
    g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_snapshot_unref);
    LimnHistory *history = limn_document_get_history (document);
    limn_history_set_budget (history, 1 << 16);
    g_ptr_array_add (states, limn_document_dup_snapshot (document));
    for (int i = 0; i < 60; i++) {
      guint position = limn_history_get_position (history);
      int what = g_rand_int_range (rand, 0, 6);
      if (what == 0 || what == 1) {
        g_assert_cmpint (what ? limn_document_redo (document, NULL) : limn_document_undo (document, NULL), ==,
                         what ? position + 1 < states->len : position > 0);
      } else {
        g_autoptr (LimnSnapshot) before = limn_document_dup_snapshot (document), expected = NULL;
        if (what == 2) {
          change_something (document, rand);
        } else {
          Step step = random_step (document, rand);
          expected = reference (before, &step);
          ask (document, &step);
          finish (document);
        }
        if (limn_history_get_position (history) != position) {
          g_ptr_array_set_size (states, (int) position + 1);
          g_ptr_array_add (states, limn_document_dup_snapshot (document));
        }
        if (expected)
          assert_same_snapshot (states->pdata[states->len - 1], expected);
      }
      g_autoptr (LimnSnapshot) now = limn_document_dup_snapshot (document);
      assert_same_snapshot (now, states->pdata[limn_history_get_position (history)]);
    }
  }
}

/* -- What happens meanwhile -- */

static guint8
mask_at (LimnDocument *document, int x, int y)
{
  guint8 value;
  limn_raster_read (limn_document_get_plane (document, LIMN_DOCUMENT_MASK), &(LimnRect){ x, y, 1, 1 }, &value, 1);
  return value;
}

static LimnDocument *
make_plain (int width, int height)
{
  g_autoptr (LimnPicture) photo = limn_picture_new ((gsize) width, (gsize) height, 8, NULL);
  guint8 *data = limn_picture_get_data (photo);
  for (int i = 0; i < width * height; i++)
    memcpy (data + 4 * i, (guint8[]){ (guint8) (i % width < 20 ? 200 : 10), 0, 0, 255 }, 4);
  return limn_document_new (photo, NULL);
}

static void
test_meanwhile (void)
{
  g_autoptr (LimnDocument) document = make_plain (300, 200);
  g_autofree char *name = NULL;
  LimnHistory *history = limn_document_get_history (document);
  limn_document_orient (document, LIMN_ORIENT_TURN_RIGHT);
  g_object_get (document, "undo-name", &name, NULL);
  g_assert_cmpstr (name, ==, "Rotate Right");
  g_assert_cmpint (limn_document_get_width (document), ==, 300); /* not before the main loop turns */
  /* painted, placed and selected where it was seen */
  limn_document_select_rectangle (document, 100, 10, 50, 20, LIMN_MASK_REPLACE);
  limn_document_add_dot (document, &(LimnDot){ 290, 0.5, 3, { 1, 2, 3 } });
  limn_document_select_similar (document, 5, 100, 10, TRUE, LIMN_MASK_ADD); /* the 20 columns at the left */
  finish (document);
  g_assert_cmpint (limn_document_get_width (document), ==, 200);
  g_assert_cmpint (mask_at (document, 185, 110), ==, 255); /* (110, 14) */
  g_assert_cmpint (mask_at (document, 185, 99), ==, 0);
  g_assert_cmpint (mask_at (document, 3, 19), ==, 255); /* (19, 196) */
  g_assert_cmpint (mask_at (document, 3, 20), ==, 0);
  g_assert_cmpfloat (limn_document_get_dot (document, 0)->x, ==, 199.5);
  g_assert_cmpfloat (limn_document_get_dot (document, 0)->y, ==, 290);
  g_assert_cmpuint (limn_history_get_position (history), ==, 4);

  /* one after the other; the crop is of what is seen when it is asked for */
  limn_document_orient (document, LIMN_ORIENT_TURN_LEFT);
  limn_document_orient (document, LIMN_ORIENT_FLIP_HORIZONTAL);
  g_assert_true (limn_document_crop (document, &(LimnRect){ 0, 50, 200, 100 }, NULL)); /* columns 50 to 149 of the photo */
  finish (document);
  g_assert_cmpint (limn_document_get_width (document), ==, 100);
  g_assert_cmpint (limn_document_get_height (document), ==, 200);
  g_assert_cmpint (mask_at (document, 0, 15), ==, 255); /* (149, 15) of the photo */
  g_assert_cmpint (mask_at (document, 49, 15), ==, 255);
  g_assert_cmpint (mask_at (document, 50, 15), ==, 0);
  g_assert_cmpuint (limn_document_get_n_dots (document), ==, 0);

  /* an undo takes it back before it is there; so does cancelling */
  limn_document_orient (document, LIMN_ORIENT_HALF_TURN);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_false (limn_document_is_working (document));
  limn_document_orient (document, LIMN_ORIENT_HALF_TURN);
  g_assert_true (limn_document_cancel_operations (document));
  g_assert_cmpuint (limn_history_get_position (history), ==, 7);
  /* a stroke that ends later is turned as well */
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 20;
  brush.hardness = 1;
  limn_document_orient (document, LIMN_ORIENT_HALF_TURN);
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK), &brush, FALSE, "Brush");
  limn_document_extend_stroke (document, 80, 100, 1);
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (limn_document_is_stroking (document));
  g_assert_true (limn_document_is_working (document));
  limn_document_end_stroke (document);
  finish (document);
  g_assert_cmpint (mask_at (document, 20, 100), ==, 255);
  g_assert_cmpint (mask_at (document, 80, 100), ==, 0);
  limn_document_orient (document, LIMN_ORIENT_TURN_LEFT); /* goes with the document */
}

static void
test_refused (void)
{
  g_autoptr (LimnDocument) document = make_plain (300, 200);
  static const LimnRect none[] = { { 300, 0, 10, 10 }, { 0, 0, 0, 10 }, { 0, -50, 300, 50 } };
  for (guint i = 0; i < G_N_ELEMENTS (none); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (limn_document_crop (document, &none[i], &error));
    g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE);
  }
  g_autoptr (GError) error = NULL;
  g_assert_false (limn_document_crop (document, &(LimnRect){ -60000, 0, 60300, 200 }, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT);
  g_assert_false (limn_document_is_working (document));
  /* also by what is left of the canvas when it comes to it */
  g_assert_true (limn_document_crop (document, &(LimnRect){ 0, 0, 50, 50 }, NULL));
  g_assert_false (limn_document_crop (document, &(LimnRect){ 100, 100, 50, 50 }, NULL));
  finish (document);
  g_assert_cmpint (limn_document_get_width (document), ==, 50);
}

static void
on_failed (LimnDocument *document, const char *message, guint *count)
{
  g_assert_nonnull (strstr (message, "memory"));
  ++*count;
}

/* Without memory nothing changes, and it is said. */
static void
test_no_memory (void)
{
  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
    return;
  }
  g_autoptr (LimnDocument) document = make_plain (8000, 6000); /* 192 MB */
  g_autofree char *statm = NULL;
  guint count = 0;
  g_signal_connect (document, "failed", G_CALLBACK (on_failed), &count);
  limn_document_select_rectangle (document, 10, 10, 20, 20, LIMN_MASK_REPLACE);
  limn_document_invert_mask (document); /* the threads are there */
  finish (document);
  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  rlim_t most = (g_ascii_strtoull (statm, NULL, 10) * (rlim_t) sysconf (_SC_PAGESIZE)) + (100 << 20);
  g_assert_cmpint (setrlimit (RLIMIT_AS, &(struct rlimit){ most, most }), ==, 0);
  limn_document_orient (document, LIMN_ORIENT_TURN_RIGHT);
  finish (document);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpint (limn_document_get_width (document), ==, 8000);
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (document)), ==, 2);
}

/* -- Kept -- */

static void
set_metadata (LimnPicture *picture)
{
  g_autoptr (GBytes) profile = g_bytes_new_static ("profile", 7), gray = g_bytes_new_static ("gray", 4),
                     exif = g_bytes_new_static ("exif", 4);
  limn_picture_set_profile (picture, profile);
  limn_picture_set_gray_profile (picture, gray);
  limn_picture_set_exif (picture, exif);
  limn_picture_set_resolution (picture, (LimnResolution){ 11811.5, 11811.5 });
  limn_picture_set_has_alpha (picture, FALSE);
  g_hash_table_insert (limn_picture_get_texts (picture), g_strdup ("Title"), g_strdup ("A bird"));
  *limn_picture_get_source (picture) = (LimnPictureSource){ TRUE, TRUE, 87, 2, 1, 0, 1 };
}

static void
test_metadata (void)
{
  static const Step steps[] = { { { 0, 0, 300, 200 }, LIMN_ORIENT_TURN_LEFT },
                                { { 10, 10, 50, 50 }, LIMN_ORIENT_NONE },
                                { { -10, 0, 310, 200 }, LIMN_ORIENT_NONE } };
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (LimnDocument) document = make_plain (300, 200);
    set_metadata (limn_document_get_photo (document));
    g_autoptr (LimnPicture) old = g_object_ref (limn_document_get_photo (document));
    ask (document, &steps[i]);
    finish (document);
    LimnPicture *now = limn_document_get_photo (document);
    g_assert_true (now != old);
    g_assert_true (limn_picture_get_profile (now) == limn_picture_get_profile (old));
    g_assert_true (limn_picture_get_gray_profile (now) == limn_picture_get_gray_profile (old));
    g_assert_true (limn_picture_get_exif (now) == limn_picture_get_exif (old));
    g_assert_cmpfloat (limn_picture_get_resolution (now).x, ==, 11811.5);
    g_assert_cmpstr (g_hash_table_lookup (limn_picture_get_texts (now), "Title"), ==, "A bird");
    g_assert_cmpint (limn_picture_get_source (now)->quality, ==, 87);
    g_assert_true (limn_picture_get_source (now)->gray);
    g_assert_cmpint (limn_picture_get_has_alpha (now), ==, i == 2); /* there is nothing yet in the new room */
  }
}

/* A photo that was stored on its side, turned here and exported: upright, and nothing says otherwise. */
static void
test_exif (void)
{
  /* TIFF, little endian: one entry, orientation 6; then the pixel dimensions' directory */
  static const guint8 stored[] = { 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0 };
  g_autoptr (LimnDocument) document = make_plain (300, 200);
  int orientation = 0;
  g_autoptr (GBytes) exif = limn_exif_sanitise (stored, sizeof stored, &orientation), written = NULL;
  g_assert_cmpint (orientation, ==, 6);
  limn_picture_set_exif (limn_document_get_photo (document), exif);
  limn_document_orient (document, LIMN_ORIENT_TURN_RIGHT);
  finish (document);
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
  g_autoptr (LimnPicture) flat = limn_snapshot_flatten (snapshot, G_MAXUINT, NULL), back = NULL;
  written = limn_picture_encode (flat, &(LimnSaveOptions){ .format = LIMN_FORMAT_JPEG, .quality = 90 }, NULL);
  back = limn_jpeg_decode (written, "a", FALSE, &orientation, NULL, NULL);
  g_assert_cmpint (orientation, ==, 1);
  g_assert_cmpuint (limn_picture_get_width (back), ==, 200);
}

static void
test_files (void)
{
  static const Step steps[] = { { { 0, 0, WIDTH, HEIGHT }, LIMN_ORIENT_TURN_LEFT },
                                { { 20, 30, 100, 60 }, LIMN_ORIENT_NONE },
                                { { -20, 0, 200, 60 }, LIMN_ORIENT_NONE },
                                { { 0, 0, WIDTH, HEIGHT }, LIMN_ORIENT_FLIP_HORIZONTAL } };
  g_autofree char *folder = g_dir_make_tmp ("limn-geometry-XXXXXX", NULL), *path = g_build_filename (folder, "a.ora", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (LimnDocument) document = make_document (i % 2 ? 16 : 8, FALSE);
    g_autofree char *parent = g_dir_make_tmp ("limn-geometry-XXXXXX", NULL);
    g_autoptr (LimnAutosave) autosave = limn_autosave_new (document, parent);
    ask (document, &steps[i]);
    finish (document);
    g_autoptr (LimnSnapshot) before = limn_document_dup_snapshot (document), after = NULL, recovered = NULL;
    g_assert_true (limn_ora_save (before, path, NULL, &error));
    after = limn_ora_load (path, NULL, &error);
    g_assert_no_error (error);
    assert_same_snapshot (after, before);
    /* the process ends here */
    limn_autosave_keep (autosave);
    g_clear_object (&autosave);
    g_autoptr (GPtrArray) found = limn_autosave_list (parent);
    g_assert_cmpuint (found->len, ==, 1);
    recovered = limn_autosave_recover (found->pdata[0], &error);
    g_assert_no_error (error);
    assert_same_snapshot (recovered, before);
    limn_autosave_discard (found->pdata[0]);
    g_rmdir (parent);
    g_unlink (path);
  }
  g_rmdir (folder);
}

/* -- Recipes -- */

static LimnLayer *
dup_layer (LimnDocument *document, guint index)
{
  return g_list_model_get_item (limn_document_get_layers (document), index);
}

/* A fill that is made again after a turn gives pixels where the hole is now. */
static void
test_again (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnEngineHandle) engine = limn_engine_handle_new ("../resources/models", 0, &error);
  g_assert_no_error (error);
  g_autoptr (LimnDocument) document = make_plain (300, 200);
  limn_document_select_rectangle (document, 220, 30, 40, 24, LIMN_MASK_REPLACE);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_FILL, NULL);
  limn_edit_set (edit, "grow", 0);
  limn_edit_set (edit, "feather", 0);
  g_autoptr (LimnResult) first = limn_edit_run (edit, 0, engine, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  limn_document_add_result (document, edit, first, "Fill", NULL);
  limn_document_orient (document, LIMN_ORIENT_TURN_RIGHT);
  finish (document);
  g_autoptr (LimnLayer) layer = dup_layer (document, 0);
  g_assert_cmpint (limn_layer_get_x (layer), ==, 200 - 30 - 24);
  g_assert_cmpint (limn_layer_get_y (layer), ==, 220);
  g_autoptr (LimnEdit) again = limn_document_make_edit_for_layer (document, layer, NULL);
  again->set.seed++;
  g_autoptr (LimnResult) second = limn_edit_run (again, 0, engine, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (second->x, ==, 146);
  g_assert_cmpuint (second->y, ==, 220);
  g_assert_cmpuint (limn_picture_get_width (second->picture), ==, 24);
  g_assert_cmpuint (limn_picture_get_height (second->picture), ==, 40);
  /* and when it is brought back its mask is there */
  limn_document_recall_layer (document, layer);
  g_assert_cmpint (mask_at (document, 146, 220), ==, 255);
  g_assert_cmpint (mask_at (document, 145, 220), ==, 0);
  g_assert_cmpint (mask_at (document, 169, 259), ==, 255);
  g_assert_cmpint (mask_at (document, 169, 260), ==, 0);
}

/* A crop through the hole leaves what can be made again; one beside it takes the layer away, until it is undone. */
static void
test_cut_recipe (void)
{
  g_autoptr (LimnDocument) document = make_plain (300, 200);
  g_autoptr (LimnPicture) pixels = limn_picture_new (60, 44, 8, NULL);
  limn_document_select_rectangle (document, 220, 30, 40, 24, LIMN_MASK_REPLACE);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_FILL, NULL);
  LimnResult result = { .picture = pixels, .x = 210, .y = 20 };
  limn_document_add_result (document, edit, &result, "Fill", NULL);
  g_assert_true (limn_document_crop (document, &(LimnRect){ 100, 0, 140, 200 }, NULL));
  finish (document);
  g_autoptr (LimnLayer) layer = dup_layer (document, 0);
  g_autoptr (LimnEdit) again = limn_document_make_edit_for_layer (document, layer, NULL);
  LimnPlane plane = inputs_dup_plane (again->from.mask);
  const guint8 *mask = g_bytes_get_data (plane.bytes, NULL);
  g_assert_cmpint (limn_layer_get_x (layer), ==, 110);
  g_assert_cmpuint (limn_picture_get_width (limn_layer_get_picture (layer)), ==, 30);
  g_assert_cmpuint (plane.width, ==, 140);
  g_assert_cmpint (mask[40 * 140 + 120], ==, 255);
  g_assert_cmpint (mask[40 * 140 + 119], ==, 0);
  g_bytes_unref (plane.bytes);
  /* only the seam is left: the pixels stay, but there is nothing to make again */
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_true (limn_document_crop (document, &(LimnRect){ 0, 0, 215, 200 }, NULL));
  finish (document);
  g_autoptr (LimnLayer) seam = dup_layer (document, 0);
  g_autoptr (GError) error = NULL;
  g_assert_null (limn_layer_get_recipe (seam));
  g_assert_null (limn_document_make_edit_for_layer (document, seam, &error));
  g_assert_nonnull (error);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_true (limn_document_crop (document, &(LimnRect){ 0, 0, 210, 200 }, NULL));
  finish (document);
  g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (document)), ==, 0);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (document)), ==, 1);
}

/* -- Memory -- */

/* What was turned away from goes to the disk, and comes back. */
static void
test_memory (void)
{
  g_autoptr (LimnDocument) document = make_plain (700, 500);
  LimnHistory *history = limn_document_get_history (document);
  g_autoptr (LimnSnapshot) first = limn_document_dup_snapshot (document);
  limn_history_set_budget (history, 0);
  for (int i = 0; i < 8; i++) {
    limn_document_orient (document, LIMN_ORIENT_TURN_RIGHT);
    finish (document);
  }
  g_assert_cmpuint (limn_history_get_memory (history), ==, 0);
  while (limn_document_undo (document, NULL))
    ;
  g_autoptr (LimnSnapshot) last = limn_document_dup_snapshot (document);
  assert_same_snapshot (first, last);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/geometry/steps", test_steps);
  g_test_add_func ("/geometry/identity", test_identity);
  g_test_add_func ("/geometry/sequences", test_sequences);
  g_test_add_func ("/geometry/meanwhile", test_meanwhile);
  g_test_add_func ("/geometry/refused", test_refused);
  g_test_add_func ("/geometry/no-memory", test_no_memory);
  g_test_add_func ("/geometry/metadata", test_metadata);
  g_test_add_func ("/geometry/exif", test_exif);
  g_test_add_func ("/geometry/files", test_files);
  g_test_add_func ("/geometry/again", test_again);
  g_test_add_func ("/geometry/cut-recipe", test_cut_recipe);
  g_test_add_func ("/geometry/memory", test_memory);
  return g_test_run ();
}
