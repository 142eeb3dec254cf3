/* Edits and the document: results become layers, layers are styled and moved, and are drawn; undo of all of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "document-test.h"

static void
assert_photo (const LimnEdit *edit, LimnPicture *expected)
{
  g_autoptr (LimnPicture) photo = inputs_dup_picture (edit->from.photo);
  g_assert_true (photo == expected);
}

static void
test_result (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (GError) error = NULL;
  g_assert_null (limn_document_make_edit (document, LIMN_TASK_FILL, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE);
  limn_document_select_rectangle (document, 50, 60, 40, 30, LIMN_MASK_REPLACE);
  paint (document, LIMN_DOCUMENT_GUIDE, 60, 70, 70, 70);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_FILL, NULL);
  g_assert_nonnull (edit);
  assert_photo (edit, limn_document_get_photo (document));
  assert_mask (edit, 65 * 300 + 55, 255);
  g_assert_nonnull (edit->from.paint);
  g_assert_null (edit->from.lines);

  Changes changes = { .n = 0 };
  g_signal_connect (document, "changed", G_CALLBACK (on_changed), &changes);
  LimnResult result = make_result (50, 60, 40, 30, 200, 255);
  limn_document_set_preview (document, &result, NULL);
  assert_rect (told (&changes, LIMN_CHANGE_IMAGE), 50, 60, 40, 30);
  g_assert_cmpint (seen (document, 55, 65), ==, 200);
  guint64 change = limn_document_get_change (document);
  limn_document_set_preview (document, NULL, NULL);
  assert_rect (told (&changes, LIMN_CHANGE_IMAGE), 50, 60, 40, 30);
  g_assert_cmpint (seen (document, 55, 65), ==, 100);
  g_assert_cmpuint (limn_document_get_change (document), ==, change);

  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Fill", "0123456789abcdef");
  assert_rect (told (&changes, LIMN_CHANGE_IMAGE), 50, 60, 40, 30);
  g_assert_nonnull (layer);
  g_assert_null (limn_layer_get_recipe (layer)->from.photo);
  g_assert_cmpint (seen (document, 55, 65), ==, 200);
  g_assert_cmpint (seen (document, 49, 65), ==, 100);
  g_assert_false (limn_document_get_has_mask (document));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 65, 70), ==, 0);

  /* guides that lie in nothing any more go with the mask */
  limn_document_select_rectangle (document, 50, 60, 40, 30, LIMN_MASK_REPLACE);
  paint (document, LIMN_DOCUMENT_GUIDE, 60, 70, 70, 70);
  limn_document_select_none (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 65, 70), ==, 0);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 65, 70), ==, 255);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_true (limn_document_undo (document, NULL));

  /* run again with another seed: what lies under it is the photo */
  g_autoptr (LimnEdit) again = limn_document_make_edit_for_layer (document, layer, NULL);
  assert_photo (again, limn_document_get_photo (document));
  LimnResult other = make_result (50, 60, 40, 30, 150, 255), smaller = make_result (70, 60, 20, 30, 150, 255);
  limn_document_set_preview (document, &smaller, layer); /* in its place */
  assert_rect (told (&changes, LIMN_CHANGE_IMAGE), 50, 60, 40, 30);
  g_assert_cmpint (seen (document, 55, 65), ==, 100);
  g_assert_cmpint (seen (document, 75, 65), ==, 150);
  limn_document_set_preview (document, NULL, NULL);
  assert_rect (told (&changes, LIMN_CHANGE_IMAGE), 50, 60, 40, 30);
  g_assert_cmpint (seen (document, 55, 65), ==, 200);
  layer = limn_document_replace_result (document, layer, again, &other, NULL, NULL);
  g_assert_cmpint (seen (document, 55, 65), ==, 150);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (seen (document, 55, 65), ==, 200);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (seen (document, 55, 65), ==, 100);
  g_assert_true (limn_document_get_has_mask (document));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 65, 70), ==, 255);
  g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (document)), ==, 0);
  g_assert_true (limn_document_redo (document, NULL));
  g_assert_true (limn_document_redo (document, NULL));
  g_assert_cmpint (seen (document, 55, 65), ==, 150);

  /* its mask and guides come back to be changed */
  layer = g_list_model_get_item (limn_document_get_layers (document), 0);
  limn_document_recall_layer (document, layer);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MASK, 55, 65), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 65, 70), ==, 255);
  limn_document_select_rectangle (document, 50, 60, 12, 30, LIMN_MASK_SUBTRACT);
  g_autoptr (LimnEdit) changed = limn_document_make_edit (document, LIMN_TASK_FILL, NULL);
  limn_document_replace_result (document, layer, changed, &smaller, "Fill", NULL); /* one step uses them up */
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 61, 70), ==, 0);             /* nor is what was outside left */
  g_assert_cmpstr (limn_history_step_get_name (limn_history_peek_undo (limn_document_get_history (document))), ==, "Fill");
  g_assert_false (limn_document_get_has_mask (document));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_GUIDE, 65, 70), ==, 0);
  g_assert_cmpint (seen (document, 55, 65), ==, 100);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_true (limn_document_get_has_mask (document));
  g_assert_cmpint (seen (document, 55, 65), ==, 150);
  g_object_unref (layer);
  g_object_unref (result.picture);
  g_object_unref (other.picture);
  g_object_unref (smaller.picture);
}

static void
assert_red (LimnPicture *picture)
{
  const guint8 *data = limn_picture_get_data (picture);

  for (gsize i = 0; i < limn_picture_get_width (picture) * limn_picture_get_height (picture); i++)
    if (data[4 * i + 3] > 0)
      g_assert_true (data[4 * i] == 255 && data[4 * i + 1] == 0 && data[4 * i + 2] == 0);
}

/* Edits as the window makes them: a colour of Display P3 that sRGB hasn't stays, filled, composed and enlarged. */
static void
test_wide_gamut (void)
{
  static const double p3[8] = { 0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060 };
  g_autoptr (LimnEngineHandle) engine = limn_engine_handle_new ("../resources/models", 1, NULL);
  g_autoptr (LimnPicture) photo = limn_picture_new (120, 90, 8, NULL);
  GError *error = NULL;

  for (gsize i = 0; i < 120 * 90; i++)
    memcpy (limn_picture_get_data (photo) + 4 * i, (const guint8[]){ 255, 0, 0, 255 }, 4);
  limn_picture_apply_gamma (photo, 1 / 2.2, p3);
  g_assert_nonnull (limn_picture_get_profile (photo));
  g_autoptr (LimnDocument) document = limn_document_new (photo, NULL);
  limn_document_select_rectangle (document, 50, 40, 20, 20, LIMN_MASK_REPLACE);
  for (LimnTask task = LIMN_TASK_FILL; task <= LIMN_TASK_UPSCALE; task += LIMN_TASK_UPSCALE - LIMN_TASK_FILL) {
    g_autoptr (LimnEdit) edit = limn_document_make_edit (document, task, NULL);
    g_autoptr (LimnResult) result = limn_edit_run (edit, 0, engine, NULL, NULL, NULL, &error);

    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (limn_picture_get_profile (result->picture), limn_picture_get_profile (photo)));
    assert_red (result->picture);
    if (task == LIMN_TASK_FILL)
      limn_document_add_result (document, edit, result, "Fill", NULL);
  }
}

static void
test_layers (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_COLORIZE);
  LimnLayer *layers[3];
  for (int i = 0; i < 3; i++) {
    LimnResult result = make_result (10 * i, 10 * i, 100, 100, (guint8) (10 * (i + 1)), 255);
    layers[i] = limn_document_add_result (document, edit, &result, "Colorize", NULL);
    g_object_unref (result.picture);
  }
  g_assert_cmpint (seen (document, 50, 50), ==, 30);
  Changes changes = { .n = 0 };
  g_signal_connect (document, "changed", G_CALLBACK (on_changed), &changes);
  limn_document_set_layer_visible (document, layers[2], FALSE);
  assert_rect (told (&changes, LIMN_CHANGE_IMAGE), 20, 20, 100, 100);
  g_assert_cmpint (seen (document, 50, 50), ==, 20);
  limn_document_move_layer (document, layers[0], 2);
  g_assert_cmpint (seen (document, 50, 50), ==, 10);
  limn_document_set_layer_opacity (document, layers[0], 0.5, 0);
  g_assert_cmpint (seen (document, 50, 50), ==, 15);
  g_object_ref (layers[0]);
  limn_document_remove_layer (document, layers[0]);
  g_assert_cmpint (seen (document, 50, 50), ==, 20);
  g_assert_cmpint (seen (document, 5, 5), ==, 100);
  static const int expected[] = { 15, 10, 20, 30, 20, 10, 100 };
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_true (limn_document_undo (document, NULL));
    g_assert_cmpint (seen (document, 50, 50), ==, expected[i]);
  }
  g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (document)), ==, 0);
  while (limn_document_redo (document, NULL))
    ;
  g_assert_cmpint (seen (document, 50, 50), ==, 20);
  g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (document)), ==, 2);
  g_object_unref (layers[0]);
}

static void
test_looks (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_FILL);
  GListModel *layers = limn_document_get_layers (document);
  LimnLayer *made[3];
  for (int i = 0; i < 2; i++) {
    LimnResult result = make_result (20, 20, 100, 100, 51, 255);
    made[i] = limn_document_add_result (document, edit, &result, "Fill", NULL);
    g_object_unref (result.picture);
  }
  g_assert_cmpstr (limn_layer_get_name (made[0]), ==, "Fill");
  g_assert_cmpstr (limn_layer_get_name (made[1]), ==, "Fill 2");

  Changes changes = { .n = 0 };
  g_signal_connect (document, "changed", G_CALLBACK (on_changed), &changes);
  limn_document_set_layer_visible (document, made[0], FALSE);
  limn_document_set_layer_blend (document, made[1], LIMN_BLEND_MULTIPLY);
  assert_rect (told (&changes, LIMN_CHANGE_IMAGE), 20, 20, 100, 100);
  g_assert_cmpint (seen (document, 50, 50), ==, 20); /* 100 x 51 / 255 */
  g_assert_cmpint (seen (document, 5, 5), ==, 100);

  limn_document_rename_layer (document, made[1], "Shade 7");
  g_assert_cmpuint (changes.n, ==, 0); /* nothing to draw */
  g_assert_cmpstr (limn_layer_get_name (made[1]), ==, "Shade 7");
  made[2] = limn_document_duplicate_layer (document, made[1]);
  assert_rect (told (&changes, LIMN_CHANGE_IMAGE), 20, 20, 100, 100);
  g_assert_cmpstr (limn_layer_get_name (made[2]), ==, "Shade 2"); /* the next that is free */
  g_assert_true (limn_layer_get_picture (made[2]) == limn_layer_get_picture (made[1]));
  g_assert_cmpint (limn_layer_get_style (made[2]).blend, ==, LIMN_BLEND_MULTIPLY);
  g_assert_cmpint (seen (document, 50, 50), ==, 4);
  g_autoptr (LimnLayer) top = g_list_model_get_item (layers, 2);
  g_assert_true (top == made[2]);

  /* what is made in its place keeps name and look, but shows */
  limn_document_set_layer_visible (document, made[2], FALSE);
  LimnResult other = make_result (20, 20, 100, 100, 255, 255);
  LimnLayer *replaced = limn_document_replace_result (document, made[2], edit, &other, NULL, NULL);
  g_object_unref (other.picture);
  g_assert_cmpstr (limn_layer_get_name (replaced), ==, "Shade 2");
  g_assert_true (limn_layer_get_style (replaced).visible);
  g_assert_cmpint (limn_layer_get_style (replaced).blend, ==, LIMN_BLEND_MULTIPLY);
  g_assert_cmpint (seen (document, 50, 50), ==, 20);

  static const int expected[] = { 20, 4, 20, 20, 51 };
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_true (limn_document_undo (document, NULL));
    g_assert_cmpint (seen (document, 50, 50), ==, expected[i]);
  }
  g_assert_cmpstr (limn_layer_get_name (made[1]), ==, "Fill 2");
  g_assert_true (limn_document_redo (document, NULL));
  g_assert_true (limn_document_redo (document, NULL));
  g_assert_cmpstr (limn_layer_get_name (made[1]), ==, "Shade 7");
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
  const LimnSnapshotLayer *saved = snapshot->layers->pdata[1];
  g_assert_cmpstr (saved->name, ==, "Shade 7");
  g_assert_cmpint (saved->style.blend, ==, LIMN_BLEND_MULTIPLY);
}

static void
test_groups (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_COLORIZE);
  LimnResult result = make_result (0, 0, 300, 200, 200, 255);
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Colorize", NULL);
  g_object_unref (result.picture);
  LimnHistory *history = limn_document_get_history (document);
  for (int i = 9; i >= 5; i--)
    limn_document_set_layer_opacity (document, layer, i / 10.0, 7);
  g_assert_cmpuint (limn_history_get_position (history), ==, 2);
  limn_document_set_layer_opacity (document, layer, 0.4, 8);
  g_assert_cmpuint (limn_history_get_position (history), ==, 3);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpfloat (limn_layer_get_style (layer).opacity, ==, 0.5);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpfloat (limn_layer_get_style (layer).opacity, ==, 1);

  /* a drag of a dot is one step, unless the document was saved in the middle of it */
  LimnDot dot = { 50, 50, 8, { 255, 0, 0 } };
  guint index = limn_document_add_dot (document, &dot);
  for (dot.x = 60; dot.x < 100; dot.x += 10)
    limn_document_set_dot (document, index, &dot, 9);
  g_assert_cmpuint (limn_history_get_position (history), ==, 3);
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);
  limn_document_set_saved (document, snapshot, "/tmp/a.ora");
  g_assert_false (limn_document_get_modified (document));
  g_assert_cmpstr (limn_document_get_title (document), ==, "a.ora");
  dot.x = 120;
  limn_document_set_dot (document, index, &dot, 9);
  g_assert_true (limn_document_get_modified (document));
  g_assert_cmpuint (limn_history_get_position (history), ==, 4);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_false (limn_document_get_modified (document));
  g_assert_cmpfloat (limn_document_get_dot (document, 0)->x, ==, 90);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_true (limn_document_get_modified (document));
  g_assert_cmpfloat (limn_document_get_dot (document, 0)->x, ==, 50);
  /* saved is what the snapshot was, not what came after it */
  limn_document_set_saved (document, snapshot, "/tmp/a.ora");
  g_assert_true (limn_document_get_modified (document));
}

static void
test_dots (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  const LimnDot dots[] = { { 50, 60, 10, { 255, 0, 0 } }, { 200, 100, 6, { 0, 0, 255 } }, { 199.5, 20.5, 0.2, { 9, 9, 9 } } };
  for (guint i = 0; i < G_N_ELEMENTS (dots); i++)
    limn_document_add_dot (document, &dots[i]);
  g_assert_cmpint (limn_document_find_dot (document, 52, 60, 5), ==, 0);
  g_assert_cmpint (limn_document_find_dot (document, 120, 60, 5), ==, -1);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_COLORIZE, NULL);
  g_assert_null (edit->from.mask);
  g_autoptr (LimnPicture) paint = inputs_dup_picture (edit->from.paint), photo = inputs_dup_picture (edit->from.photo);
  const guint8 *p = limn_picture_get_data (paint) + 60 * limn_picture_get_stride (paint) + 50 * 4;
  g_assert_cmpint (p[0], ==, 255);
  g_assert_cmpint (p[3], ==, 255);
  /* drawn once for as long as they are the same */
  g_autoptr (LimnEdit) again = limn_document_make_edit (document, LIMN_TASK_COLORIZE, NULL);
  g_autoptr (LimnPicture) paint_again = inputs_dup_picture (again->from.paint), photo_again = inputs_dup_picture (again->from.photo);
  g_assert_true (paint_again == paint && photo_again == photo);
  limn_document_set_dot (document, 0, &(LimnDot){ 51, 60, 10, { 255, 0, 0 } }, 0);
  g_autoptr (LimnEdit) moved = limn_document_make_edit (document, LIMN_TASK_COLORIZE, NULL);
  g_autoptr (LimnPicture) paint_moved = inputs_dup_picture (moved->from.paint);
  g_assert_cmpint (limn_picture_get_data (paint_moved)[60 * limn_picture_get_stride (paint_moved) + 60 * 4 + 3], ==, 255);
  g_assert_true (limn_document_undo (document, NULL));
  g_autoptr (LimnEdit) back = limn_document_make_edit (document, LIMN_TASK_COLORIZE, NULL);
  g_autoptr (LimnPicture) paint_back = inputs_dup_picture (back->from.paint);
  g_assert_cmpint (limn_picture_get_data (paint_back)[60 * limn_picture_get_stride (paint_back) + 60 * 4 + 3], ==, 0);
  LimnResult result = make_result (0, 0, 300, 200, 1, 255);
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Colorize", NULL);
  g_object_unref (result.picture);
  limn_document_clear_dots (document);
  g_assert_cmpuint (limn_document_get_n_dots (document), ==, 0);
  limn_document_recall_layer (document, layer);
  g_assert_cmpuint (limn_document_get_n_dots (document), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpmem (limn_document_get_dot (document, i), sizeof (LimnDot), &dots[i], sizeof (LimnDot));
  /* from a file there are discs alone: the dots are found, in the order of their rows */
  g_autoptr (LimnRaster) discs = limn_source_dup_raster (edit->from.paint);
  g_autoptr (LimnSource) found = limn_source_new_discs (discs);
  static const guint order[] = { 2, 0, 1 };
  g_assert_cmpuint (limn_source_get_dots (found)->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const LimnDot *is = &g_array_index (limn_source_get_dots (found), LimnDot, i), *was = &dots[order[i]];
    g_assert_cmpfloat_with_epsilon (is->x, was->x, 0.51);
    g_assert_cmpfloat_with_epsilon (is->y, was->y, 0.51);
    g_assert_cmpfloat_with_epsilon (is->radius, MAX (was->radius, 0.5), 0.51);
    g_assert_cmpmem (is->rgb, 3, was->rgb, 3);
  }
  limn_document_remove_dot (document, 0);
  g_assert_cmpuint (limn_document_get_n_dots (document), ==, 2);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpuint (limn_document_get_n_dots (document), ==, 3);
}

static void
test_upscale (void)
{
  g_autoptr (LimnDocument) document = make_document (30, 20);
  paint (document, LIMN_DOCUMENT_MASK, 5, 5, 20, 10);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_UPSCALE, NULL);
  LimnResult result = make_result (0, 0, 120, 80, 200, 255);
  result.whole = TRUE;
  limn_document_set_preview (document, &result, NULL); /* shown over the picture as it is */
  g_assert_cmpint (seen (document, 29, 19), ==, 200);
  g_assert_null (limn_document_add_result (document, edit, &result, "Upscale", NULL));
  g_assert_true (limn_document_get_photo (document) == result.picture);
  g_assert_cmpint (limn_document_get_width (document), ==, 120);
  g_assert_false (limn_document_get_has_mask (document));
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (limn_document_get_width (document), ==, 30);
  g_assert_true (limn_document_get_has_mask (document));
  g_assert_cmpint (seen (document, 29, 19), ==, 100);
  g_object_unref (result.picture);
}

static void
test_snapshot (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  paint (document, LIMN_DOCUMENT_MASK, 20, 30, 120, 30);
  limn_document_add_dot (document, &(LimnDot){ 10, 10, 5, { 1, 2, 3 } });
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_COLORIZE);
  LimnResult result = make_result (10, 10, 100, 100, 50, 128);
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Colorize", "ff");
  limn_document_set_layer_opacity (document, layer, 0.5, 0);
  g_object_unref (result.picture);
  g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document), same = limn_document_dup_snapshot (document);
  g_assert_true (snapshot == same);
  /* what comes after is not in it */
  paint (document, LIMN_DOCUMENT_MASK, 20, 100, 120, 100);
  limn_document_remove_layer (document, layer);
  g_autoptr (LimnDocument) copy = limn_document_new_from_snapshot (snapshot);
  g_assert_cmpint (at (copy, LIMN_DOCUMENT_MASK, 60, 30), ==, 255);
  g_assert_cmpint (at (copy, LIMN_DOCUMENT_MASK, 60, 100), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (limn_document_get_layers (copy)), ==, 1);
  g_assert_cmpuint (limn_document_get_n_dots (copy), ==, 1);
  g_assert_cmpstr (limn_document_get_title (copy), ==, "cat.png");
  g_assert_true (limn_document_get_modified (copy));
  g_assert_cmpint (seen (copy, 20, 20), ==, 87); /* 100 to 50 by 128/255 * 0.5 */
}

static void
test_render (void)
{
  /* reduced by 2^n: the mean of each block, past the edge transparent, at the edge what is there */
  g_autoptr (LimnPicture) photo = limn_picture_new (10, 6, 8, NULL);
  guint8 *data = limn_picture_get_data (photo);
  for (int i = 0; i < 60; i++) {
    data[4 * i] = (guint8) (4 * i);
    data[4 * i + 1] = 200;
    data[4 * i + 3] = i % 10 < 8 ? 255 : 0;
  }
  g_autoptr (LimnDocument) document = limn_document_new (photo, NULL);
  guint8 out[4 * 4 * 4];
  limn_document_render (document, LIMN_SNAPSHOT_RESULT, 2, &(LimnRect){ -1, 0, 4, 4 }, out, 16);
  g_assert_cmpint (out[3], ==, 0);
  int mean = 0;
  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 4; x++)
      mean += 4 * (10 * y + x);
  g_assert_cmpint (out[4], ==, (mean + 8) / 16);
  g_assert_cmpint (out[5], ==, 200);
  g_assert_cmpint (out[7], ==, 255);
  g_assert_cmpint (out[4 * 3 + 3], ==, 0);             /* the two transparent columns */
  g_assert_cmpint (out[16 + 4], ==, 4 * (45 + 1) + 2); /* two rows are left: their mean is 186 */
  g_assert_cmpint (out[16 + 7], ==, 255);
  g_assert_cmpint (out[32 + 7], ==, 0);

  /* 16 bits: shown rounded, flattened without loss where nothing lies over it */
  g_autoptr (LimnPicture) deep = make_picture (40, 30, 16, 100, 255);
  g_autoptr (LimnDocument) other = limn_document_new (deep, NULL);
  g_assert_cmpint (seen (other, 3, 3), ==, 100);
  g_autoptr (LimnEdit) edit = limn_edit_new (LIMN_TASK_COLORIZE);
  LimnResult result = make_result (10, 10, 8, 8, 50, 255);
  limn_document_add_result (other, edit, &result, "Colorize", NULL);
  g_object_unref (result.picture);
  g_autoptr (LimnEdit) one = limn_document_make_edit (other, LIMN_TASK_UPSCALE, NULL);
  g_autoptr (LimnEdit) two = limn_document_make_edit (other, LIMN_TASK_UPSCALE, NULL);
  g_autoptr (LimnPicture) flat = inputs_dup_picture (one->from.photo);
  assert_photo (two, flat);
  g_assert_cmpint (limn_picture_get_depth (flat), ==, 16);
  const guint16 *p = (const guint16 *) (gconstpointer) limn_picture_get_data (flat);
  const guint16 *q = (const guint16 *) (gconstpointer) limn_picture_get_data (deep);
  for (int i = 0; i < 40 * 30; i++) {
    gboolean inside = i % 40 >= 10 && i % 40 < 18 && i / 40 >= 10 && i / 40 < 18;
    g_assert_cmpint (p[4 * i], ==, inside ? 50 * 257 : q[4 * i]);
    g_assert_cmpint (p[4 * i + 3], ==, q[4 * i + 3]);
  }
}

static void
test_stack (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  LimnResult result = make_result (10, 10, 100, 100, 50, 255);
  g_assert_false (limn_document_get_has_preview (document));
  limn_document_set_preview (document, &result, NULL);
  g_object_unref (result.picture);
  g_assert_true (limn_document_get_has_preview (document));
  g_autoptr (LimnStack) shown = limn_document_dup_stack (document, LIMN_SNAPSHOT_RESULT);
  g_autoptr (LimnStack) original = limn_document_dup_stack (document, LIMN_SNAPSHOT_ORIGINAL);
  limn_document_set_preview (document, NULL, NULL); /* a stack keeps what it was */
  guint8 pixel[4];
  limn_stack_render (shown, 0, &(LimnRect){ 20, 20, 1, 1 }, pixel, 4);
  g_assert_cmpint (pixel[0], ==, 50);
  limn_stack_render (original, 0, &(LimnRect){ 20, 20, 1, 1 }, pixel, 4);
  g_assert_cmpint (pixel[0], ==, 100);
}

/* Where a fill copies from is painted as a label, goes to the edit, is used up with the mask, and comes back with the recipe. */
static void
test_sources (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 20;
  limn_document_select_rectangle (document, 50, 60, 40, 30, LIMN_MASK_REPLACE);
  for (int i = 0; i < 2; i++) {
    brush.label = i == 0 ? LIMN_LABEL_TAKE_FROM : LIMN_LABEL_NOT_FROM;
    limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_SOURCES), &brush, FALSE, "Sources");
    limn_document_extend_stroke (document, 150 + 10 * i, 100, 1);
    limn_document_end_stroke (document);
  }
  g_assert_cmpint (at (document, LIMN_DOCUMENT_SOURCES, 145, 100), ==, LIMN_LABEL_TAKE_FROM);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_SOURCES, 155, 100), ==, LIMN_LABEL_NOT_FROM); /* the last one counts, and nothing is mixed */
  g_assert_cmpint (at (document, LIMN_DOCUMENT_SOURCES, 165, 100), ==, LIMN_LABEL_NOT_FROM);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_SOURCES, 155, 100), ==, LIMN_LABEL_TAKE_FROM);
  g_assert_true (limn_document_redo (document, NULL));

  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_FILL, NULL), other = NULL;
  g_assert_nonnull (edit->from.sources);
  other = limn_document_make_edit (document, LIMN_TASK_COLORIZE, NULL);
  g_assert_null (other->from.sources);
  brush.label = LIMN_LABEL_TAKE_FROM; /* painted while it runs: for what is to be filled next */
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_SOURCES), &brush, FALSE, "Sources");
  limn_document_extend_stroke (document, 250, 100, 1);
  limn_document_end_stroke (document);
  LimnResult result = make_result (50, 60, 40, 30, 200, 255);
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Fill", NULL);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_SOURCES, 155, 100), ==, 0);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_SOURCES, 250, 100), ==, LIMN_LABEL_TAKE_FROM);
  limn_document_recall_layer (document, layer);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_SOURCES, 155, 100), ==, LIMN_LABEL_NOT_FROM);
  limn_document_select_none (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_SOURCES, 155, 100), ==, 0);
}

/* What is damaged and what isn't is painted as a label, goes to the edit that takes it, stays there, and comes back with the recipe. */
static void
test_marks (void)
{
  g_autoptr (LimnDocument) document = make_document (300, 200);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 20;
  for (int i = 0; i < 2; i++) {
    brush.label = i == 0 ? LIMN_LABEL_MEND : LIMN_LABEL_SPARE;
    limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MARKS), &brush, FALSE, "Marks");
    limn_document_extend_stroke (document, 150 + 10 * i, 100, 1);
    limn_document_end_stroke (document);
  }
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MARKS, 145, 100), ==, LIMN_LABEL_MEND);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MARKS, 155, 100), ==, LIMN_LABEL_SPARE);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MARKS, 155, 100), ==, LIMN_LABEL_MEND);
  g_assert_true (limn_document_redo (document, NULL));
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_RESTORE, NULL), other = NULL;
  g_assert_nonnull (edit->from.marks);
  other = limn_document_make_edit (document, LIMN_TASK_FILL, NULL);
  g_assert_true (!other || !other->from.marks);
  LimnResult result = make_result (50, 60, 40, 30, 200, 255);
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Restore", NULL);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MARKS, 155, 100), ==, LIMN_LABEL_SPARE);
  limn_document_clear_planes (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MARKS), "Clear");
  limn_document_recall_layer (document, layer);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MARKS, 155, 100), ==, LIMN_LABEL_SPARE);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MARKS, 145, 100), ==, LIMN_LABEL_MEND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/stack", test_stack);
  g_test_add_func ("/document/result", test_result);
  g_test_add_func ("/document/wide-gamut", test_wide_gamut);
  g_test_add_func ("/document/sources", test_sources);
  g_test_add_func ("/document/marks", test_marks);
  g_test_add_func ("/document/layers", test_layers);
  g_test_add_func ("/document/looks", test_looks);
  g_test_add_func ("/document/groups", test_groups);
  g_test_add_func ("/document/dots", test_dots);
  g_test_add_func ("/document/upscale", test_upscale);
  g_test_add_func ("/document/snapshot", test_snapshot);
  g_test_add_func ("/document/render", test_render);
  return g_test_run ();
}
