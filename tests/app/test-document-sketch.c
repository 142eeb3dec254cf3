/* Sketches in the document: paint and lines, the bucket, labels of materials, horizon and sun, and drawing into a photo.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "document-test.h"

static void
test_sketch (void)
{
  g_autoptr (LimnDocument) document = limn_document_new_sketch (64, 48, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (limn_document_make_edit (document, LIMN_TASK_SKETCH, &error));
  g_assert_nonnull (error);
  paint (document, LIMN_DOCUMENT_LINES, 32, 0, 32, 48); /* a line from top to bottom */
  const guint8 red[] = { 255, 0, 0, 255 };
  limn_document_flood_paint (document, 5, 5, 10, red, 7);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 5, 40), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 27, 20), ==, 255); /* the line's soft edge is painted under */
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 60, 20), ==, 0);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_SKETCH, NULL);
  g_assert_cmpuint (limn_edit_get (edit, "width"), ==, 64);
  g_assert_cmpuint (limn_edit_get (edit, "height"), ==, 48);
  LimnResult result = make_result (0, 0, 32, 24, 77, 255);
  result.whole = TRUE;
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Sketch", NULL);
  g_assert_cmpuint (limn_picture_get_width (limn_layer_get_picture (layer)), ==, 64);
  g_assert_cmpint (seen (document, 63, 47), ==, 77);
  limn_document_clear_planes (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_LINES) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), "Clear Sketch");
  g_assert_cmpint (at (document, LIMN_DOCUMENT_LINES, 32, 20), ==, 0);
  g_assert_true (limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_PAINT)));
  g_assert_true (limn_document_undo (document, NULL)); /* one step */
  g_assert_cmpint (at (document, LIMN_DOCUMENT_LINES, 32, 20), >, 0);
  g_assert_false (limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_PAINT)));
  g_object_unref (result.picture);
}

/* A drawn circle that doesn't quite close holds what is poured into it. */
static void
test_bucket_gap (void)
{
  g_autoptr (LimnDocument) document = limn_document_new_sketch (600, 400, NULL);
  const guint8 red[] = { 255, 0, 0, 255 };
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 4;
  brush.hardness = 1;
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_LINES), &brush, FALSE, "Draw");
  for (double angle = 0.1; angle < 2 * G_PI; angle += 0.02) /* a gap of 10 pixels less the line's ends */
    limn_document_extend_stroke (document, 300 + 100 * cos (angle), 200 + 100 * sin (angle), 1);
  limn_document_end_stroke (document);
  limn_document_flood_paint (document, 300, 200, 24, red, 0);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 300, 110), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 393, 200), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 430, 200), ==, 0);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 20, 20), ==, 0);
}

/* What is painted is of a material: with the paint in one stroke, bucket or eraser, and one undo step. */
static void
test_materials (void)
{
  enum { MEADOW = 3, SKY = 5 };
  g_autoptr (LimnDocument) document = limn_document_new_sketch (200, 100, NULL);
  const guint8 green[] = { 40, 160, 60, 255 };
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.label = SKY;
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Paint");
  limn_document_extend_stroke (document, 20, 20, 1);
  limn_document_extend_stroke (document, 180, 20, 1);
  limn_document_end_stroke (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 100, 20), ==, 255);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 20), ==, SKY);
  limn_document_flood_paint (document, 100, 80, 10, green, MEADOW);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 80), ==, MEADOW);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 20), ==, SKY);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 100, 80), ==, 0);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 80), ==, 0);
  g_assert_true (limn_document_redo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 80), ==, MEADOW);

  /* of a colour that tells nothing over it: to be guessed */
  brush.label = LIMN_MATERIAL_GUESS;
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Paint");
  limn_document_extend_stroke (document, 100, 80, 1);
  limn_document_end_stroke (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 80), ==, LIMN_MATERIAL_GUESS);
  g_assert_true (limn_document_undo (document, NULL));

  /* another material for an area: the colour stays, and what is next to it */
  limn_document_set_material (document, 100, 80, 10, SKY);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 3, 97), ==, SKY);
  limn_document_set_material (document, 100, 20, 10, LIMN_MATERIAL_PLAIN);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 20), ==, LIMN_MATERIAL_PLAIN);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 80), ==, SKY);
  g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 100, 20), ==, SKY);

  /* painted while the bucket still pours: over what it pours */
  limn_document_flood_paint (document, 100, 80, 10, green, MEADOW);
  brush.label = 6;
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), &brush, FALSE, "Paint");
  limn_document_extend_stroke (document, 60, 80, 1);
  limn_document_end_stroke (document);
  finish (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 60, 80), ==, 6);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 120, 80), ==, MEADOW);

  /* with the edit, and again from its layer */
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_SKETCH, NULL);
  LimnPlane materials = inputs_dup_plane (edit->from.materials);
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (materials.bytes, NULL))[80 * 200 + 60], ==, 6);
  g_bytes_unref (materials.bytes);
  LimnResult result = make_result (0, 0, 200, 100, 77, 255);
  result.whole = TRUE;
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Sketch", NULL);
  limn_document_clear_planes (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), "Clear Sketch");
  g_assert_true (limn_raster_is_empty (limn_document_get_plane (document, LIMN_DOCUMENT_MATERIALS)));
  limn_document_recall_layer (document, layer);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 60, 80), ==, 6);
  brush.erase = TRUE;
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_LINES), &brush, FALSE,
                              "Erase");
  limn_document_extend_stroke (document, 60, 80, 1);
  limn_document_end_stroke (document);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_MATERIALS, 60, 80), ==, 0);
  g_object_unref (result.picture);
}

/* Horizon and sun: a drag is one step; they go with the edit, and where the canvas goes. */
static void
test_scenery (void)
{
  g_autoptr (LimnDocument) document = limn_document_new_sketch (200, 100, NULL);
  const LimnScenery automatic = *limn_document_get_scenery (document), low = { 0.5, 0.25, 0.1 }, high = { 0.75, 0.25, 0.1 };
  Changes changes = { .n = 0 };
  g_assert_cmpfloat (automatic.horizon, ==, LIMN_SCENERY_AUTOMATIC);
  g_signal_connect (document, "changed", G_CALLBACK (on_changed), &changes);
  limn_document_set_scenery (document, &low, 1, "Move Horizon");
  limn_document_set_scenery (document, &high, 1, "Move Horizon");
  assert_rect (told (&changes, LIMN_CHANGE_PAINT), 0, 0, 200, 100);
  g_assert_cmpfloat (limn_document_get_scenery (document)->horizon, ==, 0.75);
  paint (document, LIMN_DOCUMENT_PAINT, 10, 50, 190, 50);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_SKETCH, NULL);
  g_assert_cmpfloat (limn_edit_get (edit, "horizon"), ==, 0.75);
  g_assert_cmpfloat (limn_edit_get (edit, "sun-x"), ==, 0.25);

  g_assert_true (limn_document_crop (document, &(LimnRect){ 20, 50, 100, 50 }, NULL));
  finish (document);
  g_assert_cmpfloat_with_epsilon (limn_document_get_scenery (document)->horizon, 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (limn_document_get_scenery (document)->sun_x, 0.3, 1e-9);
  g_assert_cmpfloat_with_epsilon (limn_document_get_scenery (document)->sun_y, -0.8, 1e-9);
  limn_document_orient (document, LIMN_ORIENT_FLIP_HORIZONTAL);
  finish (document);
  g_assert_cmpfloat_with_epsilon (limn_document_get_scenery (document)->sun_x, 0.7, 1e-9);
  g_assert_cmpfloat_with_epsilon (limn_document_get_scenery (document)->horizon, 0.5, 1e-9);
  limn_document_orient (document, LIMN_ORIENT_TURN_LEFT);
  finish (document);
  g_assert_cmpfloat (limn_document_get_scenery (document)->horizon, ==, LIMN_SCENERY_AUTOMATIC);
  for (int i = 0; i < 3; i++)
    g_assert_true (limn_document_undo (document, NULL));
  g_assert_cmpfloat (limn_document_get_scenery (document)->horizon, ==, 0.75);
  g_assert_true (limn_document_undo (document, NULL)); /* the stroke */
  g_assert_true (limn_document_undo (document, NULL)); /* the drag */
  g_assert_cmpfloat (limn_document_get_scenery (document)->horizon, ==, LIMN_SCENERY_AUTOMATIC);
}

/* What is drawn on a photo changes the photo there only. */
static void
test_sketch_on_photo (void)
{
  g_autoptr (LimnDocument) document = make_document (200, 100);
  paint (document, LIMN_DOCUMENT_PAINT, 20, 30, 60, 30);
  paint (document, LIMN_DOCUMENT_LINES, 150, 10, 150, 90);
  g_autoptr (LimnEdit) edit = limn_document_make_edit (document, LIMN_TASK_SKETCH, NULL);
  g_assert_nonnull (edit->from.photo);
  assert_mask (edit, 30 * 200 + 40, 255);
  assert_mask (edit, 50 * 200 + 150, 255);
  assert_mask (edit, 80 * 200 + 40, 0);
  LimnResult result = make_result (15, 20, 60, 20, 77, 255);
  LimnLayer *layer = limn_document_add_result (document, edit, &result, "Sketch", NULL);
  g_object_unref (result.picture);
  g_assert_cmpint (limn_layer_get_x (layer), ==, 15);
  limn_document_clear_planes (document, LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT), "Clear");
  limn_document_recall_layer (document, layer);
  g_assert_cmpint (at (document, LIMN_DOCUMENT_PAINT, 40, 30), ==, 255);
  g_assert_false (limn_document_get_has_mask (document)); /* it was drawn, not selected */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/sketch", test_sketch);
  g_test_add_func ("/document/bucket-gap", test_bucket_gap);
  g_test_add_func ("/document/materials", test_materials);
  g_test_add_func ("/document/scenery", test_scenery);
  g_test_add_func ("/document/sketch-on-photo", test_sketch_on_photo);
  return g_test_run ();
}
