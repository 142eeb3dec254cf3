/* The document: every change can be undone, and tells what is to be drawn again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "document-test.h"

static void
test_properties (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_assert_cmpstr (limn_document_get_title (document), ==, "cat.png");
  g_assert_cmpint (limn_document_get_width (document), ==, 300);
  g_assert_cmpint (limn_document_get_height (document), ==, 200);
  g_assert_false (limn_document_get_modified (document));
  g_assert_false (limn_document_is_sketch (document));
  g_autoptr (LimnDocument) sketch = limn_document_new_sketch (64, 48, NULL);
  g_assert_true (limn_document_is_sketch (sketch));
  g_assert_cmpint (seen (sketch, 5, 5), ==, 255);
  g_autoptr (GError) error = NULL;
  g_assert_null (limn_document_new_sketch (100000, 100000, &error));
  g_assert_nonnull (error);
}

static void
test_stroke (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  Changes changes = { .n = 0 };
  g_signal_connect (document, "changed", G_CALLBACK (on_changed), &changes);
  paint (document, LIMN_DOCUMENT_MASK, 20, 30, 120, 30);
  LimnRect rect = told (&changes, LIMN_CHANGE_MASK);
  g_assert_cmpint (rect.x, <=, 15);
  g_assert_cmpint (rect.x + rect.width, >=, 125);
  g_assert_true (limn_document_get_has_mask (document));
  g_assert_true (limn_document_get_modified (document));
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (document)), ==, 1);
  g_autofree char *name = NULL;
  g_object_get (document, "undo-name", &name, NULL);
  g_assert_cmpstr (name, ==, "Brush");
  guint64 change = limn_document_get_change (document);

  g_assert_true (limn_document_undo (document, NULL));
  assert_rect (told (&changes, LIMN_CHANGE_MASK), 0, 0, 128, 64);
  g_assert_false (limn_document_get_has_mask (document));
  g_assert_false (limn_document_get_modified (document));
  g_assert_cmpuint (limn_document_get_change (document), >, change);
  g_assert_false (limn_document_undo (document, NULL));
  g_assert_true (limn_document_redo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 60, 30), ==, 255);

  /* Esc in the middle of a stroke */
  LimnBrush brush;
  limn_brush_init (&brush);
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK), &brush, FALSE, "Brush");
  limn_document_extend_stroke (document, 200, 150, 1);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 200, 150), ==, 255);
  limn_document_cancel_stroke (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 200, 150), ==, 0);
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (document)), ==, 1);

  /* undo in the middle of a stroke takes that stroke back */
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK), &brush, FALSE, "Brush");
  limn_document_extend_stroke (document, 200, 150, 1);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_false (limn_document_is_stroking (document));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 200, 150), ==, 0);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 60, 30), ==, 255);

  /* guides stay in the hole */
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE), &brush, TRUE, "Guide");
  limn_document_extend_stroke (document, 60, 40, 1);
  limn_document_end_stroke (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 60, 30), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 60, 45), ==, 0);
}

static void
test_mask (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  limn_document_select_none (document); /* nothing to do: no step */
  g_assert_null (limn_history_peek_undo (limn_document_get_history (document)));
  limn_document_select_rectangle (document, 10, 10, 50, 50, LIMN_MASK_REPLACE);
  limn_document_select_ellipse (document, 100, 100, 50, 50, LIMN_MASK_ADD);
  limn_document_invert_mask (document);
  limn_document_grow_mask (document, 3);
  limn_document_grow_mask (document, -3);
  limn_document_feather_mask (document, 2);
  finish (document);
  limn_document_select_all (document);
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (document)), ==, 7);
  g_assert_true (limn_document_go_to (document, 2, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 30, 30), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 125, 125), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 80, 80), ==, 0);
  g_assert_true (limn_document_go_to (document, 7, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 80, 80), ==, 255);
  g_assert_true (limn_document_go_to (document, 0, NULL));
  g_assert_false (limn_document_get_has_mask (document));
  /* green is the column: a band of eleven columns is alike within 5 */
  limn_document_select_similar (document, 100, 100, 5, FALSE, LIMN_MASK_REPLACE);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 95, 95), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 94, 100), ==, 0);
}

static guint
n_steps (LimnDocument *document)
{
  return limn_history_get_position (limn_document_get_history (document));
}

static const char *
undo_name (LimnDocument *document, char **name)
{
  g_free (*name);
  g_object_get (document, "undo-name", name, NULL);
  return *name;
}

/* What takes long is asked for and comes later; nothing else waits for it. */
static void
test_operations (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autofree char *name = NULL;
  limn_document_select_rectangle (document, 100, 50, 50, 50, LIMN_MASK_REPLACE);
  g_assert_false (limn_document_is_working (document));
  limn_document_invert_mask (document);
  g_assert_true (limn_document_is_working (document));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 120, 70), ==, 255); /* not before the main loop turns */
  g_assert_cmpstr (undo_name (document, &name), ==, "Invert Selection");
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 120, 70), ==, 0);
  g_assert_cmpuint (n_steps (document), ==, 2);

  /* what runs is a step; what waits behind it and is of one kind is one more */
  limn_document_invert_mask (document);
  for (int i = 0; i < 5; i++)
    limn_document_grow_mask (document, 4);
  limn_document_grow_mask (document, -4);
  finish (document);
  g_assert_cmpuint (n_steps (document), ==, 5);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 86, 70), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 82, 70), ==, 0);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 82, 70), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 78, 70), ==, 0);
  /* two inversions that both wait are none */
  limn_document_feather_mask (document, 0);
  limn_document_invert_mask (document);
  limn_document_invert_mask (document);
  finish (document);
  g_assert_cmpuint (n_steps (document), ==, 4);
}

static void
test_operations_undo (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autofree char *name = NULL;
  gboolean can_redo;
  limn_document_select_rectangle (document, 100, 50, 50, 50, LIMN_MASK_REPLACE);
  limn_document_select_all (document);
  g_assert_true (limn_document_undo (document, NULL));
  /* an undo takes back what was asked for last, and what could be redone can be redone again */
  limn_document_invert_mask (document);
  limn_document_grow_mask (document, 4);
  g_object_get (document, "can-redo", &can_redo, NULL);
  g_assert_false (can_redo);
  g_assert_false (limn_document_redo (document, NULL));
  g_assert_cmpstr (undo_name (document, &name), ==, "Grow Selection");
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpstr (undo_name (document, &name), ==, "Invert Selection");
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_false (limn_document_is_working (document));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_steps (document), ==, 1);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 120, 70), ==, 255);
  g_assert_true (limn_document_redo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 5, 5), ==, 255);
  /* and so does cancelling, of everything; a selection that replaces the other one; another canvas */
  limn_document_invert_mask (document);
  limn_document_feather_mask (document, 4);
  g_assert_true (limn_document_cancel_operations (document));
  g_assert_false (limn_document_cancel_operations (document));
  limn_document_invert_mask (document);
  limn_document_select_rectangle (document, 10, 10, 20, 20, LIMN_MASK_REPLACE);
  g_assert_false (limn_document_is_working (document));
  g_assert_cmpuint (n_steps (document), ==, 3);
  limn_document_invert_mask (document);
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_UPSCALE);
  LimnResult result = make_result (0, 0, 600, 400, 200, 255);
  result.whole = TRUE;
  limn_document_add_result (document, edit, &result, "Upscale", NULL);
  g_object_unref (result.picture);
  g_assert_false (limn_document_is_working (document));
  g_assert_cmpuint (n_steps (document), ==, 4);
  limn_document_invert_mask (document); /* goes with the document */
}

/* Strokes made meanwhile are at once there, and lie over what comes. */
static void
test_operations_paint (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 10;
  brush.hardness = 1;
  limn_document_select_rectangle (document, 100, 50, 50, 50, LIMN_MASK_REPLACE);
  limn_document_grow_mask (document, 10);
  paint (document, LIMN_DOCUMENT_MASK, 20, 20, 40, 20);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 30, 20), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 94, 70), ==, 0);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 30, 20), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 30, 32), ==, 0); /* the stroke didn't grow */
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 94, 70), ==, 255);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 30, 20), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 94, 70), ==, 0);
  /* the eraser as well; a result that comes during a stroke waits for its end */
  limn_document_grow_mask (document, 10);
  brush.erase = TRUE;
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK), &brush, FALSE, "Erase");
  limn_document_extend_stroke (document, 120, 70, 1);
  g_usleep (200000);
  for (int i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (limn_document_is_working (document));
  limn_document_extend_stroke (document, 130, 70, 1);
  limn_document_end_stroke (document);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 125, 70), ==, 0);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 94, 70), ==, 255);
  /* paint: over the bucket's */
  const guint8 red[] = { 255, 0, 0, 255 };
  limn_document_flood_paint (document, 5, 5, 10, red, 7);
  paint (document, LIMN_DOCUMENT_PAINT, 50, 50, 80, 50);
  g_autofree guint8 *before = g_malloc (300 * 200 * 4), *after = g_malloc (300 * 200 * 4);
  LimnRect all = { 0, 0, 300, 200 };
  limn_raster_read (limn_document_get_plane (document, LIMN_DOCUMENT_PAINT), &all, before, 1200);
  finish (document);
  limn_raster_read (limn_document_get_plane (document, LIMN_DOCUMENT_PAINT), &all, after, 1200);
  for (gsize i = 0; i < 300 * 200 * 4; i += 4) {
    g_assert_cmpint (after[i + 3], ==, 255);
    if (before[i + 3] == 255)
      g_assert_cmpmem (before + i, 4, after + i, 4);
    else if (before[i + 3] == 0)
      g_assert_cmpmem (red, 4, after + i, 4);
  }
}

/* Surfaces of one's own: steps of the history, in snapshots and edits, and there again when an edit is made again. */
static void
test_surfaces (void)
{
  g_autoptr (LimnDocument) document = limn_document_new_sketch (200, 100, NULL);
  g_autoptr (LimnPicture) photo = limn_picture_new (90, 60, 8, NULL);
  for (gsize i = 0; i < 90 * 60 * 4; i++)
    limn_picture_get_data (photo)[i] = (guint8) (i % 4 == 3 ? 255 : i / 4 % 10 * 20);
  g_assert_null (limn_surface_take (photo, &(LimnRect){ 80, 0, 40, 40 }, NULL, NULL));
  g_autoptr (LimnPicture) picture = limn_surface_take (photo, &(LimnRect){ 5, 3, 80, 50 }, NULL, NULL);
  g_assert_true (limn_surface_is_usable (picture));
  g_assert_cmpuint (limn_picture_get_width (picture) % 10, ==, 0); /* it goes on where it repeats */
  g_autoptr (LimnSurfaceList) one = limn_surface_list_with (NULL, &(LimnOwnSurface){ 128, 5, "Stripes", picture });
  g_assert_cmpuint (limn_surface_list_get_free_label (one), ==, 129);
  limn_document_set_surfaces (document, one, "Take a Surface");
  paint (document, LIMN_DOCUMENT_PAINT, 10, 50, 190, 50);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_SKETCH, NULL);
  g_assert_true (edit->from.surfaces == one);
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
  g_assert_true (snapshot->surfaces == one);
  LimnResult result = { .picture = limn_picture_new (200, 100, 8, NULL), .whole = TRUE };
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Sketch", NULL);
  limn_document_set_surfaces (document, NULL, "Remove Surface");
  g_assert_null (limn_document_get_surfaces (document));
  limn_document_recall_layer (document, layer);
  g_assert_cmpstr (limn_surface_list_find (limn_document_get_surfaces (document), 128)->name, ==, "Stripes");
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_null (limn_document_get_surfaces (document));
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_true (limn_document_get_surfaces (document) == one);
  g_object_unref (result.picture);
}

/* Whether a file lies under the picture's pixels. */
static gboolean
has_file (LimnPicture *picture)
{
  g_autofree char *maps = NULL;
  guint64 address = (guint64) (gsize) limn_picture_get_data (picture), from, to;
  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (maps, "\n", -1);
  for (char **line = lines; *line; line++) {
    char *end;
    from = g_ascii_strtoull (*line, &end, 16);
    to = *end == '-' ? g_ascii_strtoull (end + 1, &end, 16) : 0;
    if (address >= from && address < to)
      return strchr (end, '/') != NULL;
  }
  g_assert_not_reached ();
}

/* Pictures that only the history keeps go to disk, and come back by themselves. */
static void
test_pages (void)
{
  g_autoptr (LimnPicture) picture = limn_picture_new (700, 500, 8, NULL), small = limn_picture_new (100, 100, 8, NULL);
  gsize size = limn_picture_get_stride (picture) * 500;
  guint8 *data = limn_picture_get_data (picture);
  for (gsize i = 200000; i < size; i++) /* the first of it stays a hole */
    data[i] = (guint8) (i * i >> 7);
  g_autofree guint8 *before = g_memdup2 (data, size);
  g_assert_false (limn_picture_can_page_out (small));
  g_assert_false (limn_picture_claim_page_out (small));
  g_assert_true (limn_picture_claim_page_out (picture));
  g_assert_false (limn_picture_claim_page_out (picture));
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("limn-page-XXXXXX", &path, NULL);
  unlink (path);
  g_assert_false (has_file (picture));
  g_assert_true (limn_picture_page_out (picture, fd));
  close (fd);
  g_assert_true (has_file (picture));
  g_assert_true (limn_picture_get_data (picture) == data);
  g_assert_cmpmem (data, size, before, size);

  g_autoptr (LimnDocument) document = make_document (700, 500);
  limn_history_set_budget (limn_document_get_history (document), 0);
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_COLORIZE);
  LimnResult result = make_result (0, 0, 700, 500, 60, 255);
  LimnPicture *first = result.picture;
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Colorize", NULL);
  g_assert_true (limn_picture_can_page_out (first)); /* what is shown stays in memory */
  result = make_result (0, 0, 700, 500, 90, 255);
  limn_document_replace_result (document, layer, edit, &result, NULL, NULL);
  g_assert_false (limn_picture_can_page_out (first));
  g_assert_true (limn_picture_can_page_out (result.picture));
  g_assert_cmpuint (limn_history_get_memory (limn_document_get_history (document)), ==, 0);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (seen (document, 350, 250), ==, 60);
  g_assert_true (limn_document_redo (document, NULL));
  g_assert_cmpint (seen (document, 350, 250), ==, 90);
  g_object_unref (first);
  g_object_unref (result.picture);
}

/* An eraser takes away from two planes at once; that is one step, and Esc puts both back. */
static void
test_two_planes (void)
{
  g_autoptr (LimnDocument) document = limn_document_new_sketch (200, 100, NULL);
  LimnBrush brush;
  Changes changes = { .n = 0 };
  paint (document, LIMN_DOCUMENT_PAINT, 20, 50, 180, 50);
  paint (document, LIMN_DOCUMENT_LINES, 20, 50, 180, 50);
  g_signal_connect (document, "changed", G_CALLBACK (on_changed), &changes);
  limn_brush_init (&brush);
  brush.hardness = 1;
  brush.erase = TRUE;
  for (int i = 0; i < 2; i++) {
    limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_LINES), &brush, FALSE,
                                "Erase");
    limn_document_extend_stroke (document, 100, 50, 1);
    g_assert_true (limn_document_is_stroking (document));
    g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 100, 50), ==, 0);
    g_assert_cmpint (at (document, LIMN_DOCUMENT_LINES, 100, 50), ==, 0);
    assert_rect (told (&changes, LIMN_CHANGE_PAINT), 79, 29, 43, 43);
    if (i == 0)
      limn_document_cancel_stroke (document);
    else
      limn_document_end_stroke (document);
    g_assert_false (limn_document_is_stroking (document));
    g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 100, 50), ==, i == 0 ? 255 : 0);
    g_assert_cmpint (at (document, LIMN_DOCUMENT_LINES, 100, 50), ==, i == 0 ? 255 : 0);
  }
  g_assert_cmpuint (limn_history_get_position (limn_document_get_history (document)), ==, 3);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 100, 50), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_LINES, 100, 50), ==, 255);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/properties", test_properties);
  g_test_add_func ("/document/stroke", test_stroke);
  g_test_add_func ("/document/two-planes", test_two_planes);
  g_test_add_func ("/document/mask", test_mask);
  g_test_add_func ("/document/operations", test_operations);
  g_test_add_func ("/document/operations/undo", test_operations_undo);
  g_test_add_func ("/document/operations/paint", test_operations_paint);
  g_test_add_func ("/document/surfaces", test_surfaces);
  g_test_add_func ("/document/pages", test_pages);
  return g_test_run ();
}
