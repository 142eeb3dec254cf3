/* Planes in tiles and the brush that paints on them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/raster/limn-brush.h"
#include "app/raster/limn-geometry.h"

static guint8
at (LimnRaster *raster, int x, int y)
{
  guint8 pixel[4] = { 0 };
  limn_raster_read (raster, &(LimnRect){ x, y, 1, 1 }, pixel, 4);
  return pixel[limn_raster_get_channels (raster) - 1];
}

static void
test_tiles (void)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (200, 130, 1);
  g_assert_true (limn_raster_is_empty (raster));
  g_assert_cmpuint (limn_raster_get_n_tiles (raster), ==, 12);
  guint8 full = 255, none = 0;
  limn_raster_fill (raster, &(LimnRect){ -5, 60, 75, 10 }, &full);
  LimnRect bounds = limn_raster_get_bounds (raster);
  g_assert_cmpint (bounds.x, ==, 0);
  g_assert_cmpint (bounds.y, ==, 60);
  g_assert_cmpint (bounds.width, ==, 70);
  g_assert_cmpint (bounds.height, ==, 10);

  /* a copy shares tiles until one of the two changes, then only that one changes */
  g_autoptr (LimnRaster) copy = limn_raster_copy (raster);
  g_assert_true (limn_raster_peek_tile (copy, 0) == limn_raster_peek_tile (raster, 0));
  limn_raster_fill (raster, &(LimnRect){ 3, 62, 1, 1 }, &none);
  g_assert_cmpuint (at (raster, 3, 62), ==, 0);
  g_assert_cmpuint (at (copy, 3, 62), ==, 255);
  g_assert_true (limn_raster_peek_tile (copy, 1) == limn_raster_peek_tile (raster, 1));

  /* a larger canvas keeps the pixels where they belong */
  const LimnGeometry larger = { { -17, -9, 300, 200 }, LIMN_ORIENT_NONE };
  g_autoptr (LimnRaster) wide = limn_geometry_map_raster (&larger, copy);
  bounds = limn_raster_get_bounds (wide);
  g_assert_cmpint (bounds.x, ==, 17);
  g_assert_cmpint (bounds.y, ==, 69);
  g_assert_cmpint (bounds.width, ==, 70);

  /* reading past the edge gives zero, writing past it is dropped; a tile that is all zero again is given back */
  guint8 block[20 * 20];
  limn_raster_read (copy, &(LimnRect){ -10, 55, 20, 20 }, block, 20);
  g_assert_cmpuint (block[6 * 20 + 9], ==, 0);
  g_assert_cmpuint (block[6 * 20 + 10], ==, 255);
  limn_raster_fill (copy, &(LimnRect){ 0, 0, 200, 130 }, &none);
  g_assert_true (limn_raster_is_empty (copy));
  g_assert_null (limn_raster_peek_tile (copy, 0));
}

static void
test_dab (void)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (128, 128, 1);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 20;
  brush.hardness = 1;
  g_autoptr (LimnStroke) stroke = limn_stroke_new (raster, &brush, NULL);
  limn_stroke_add (stroke, 64, 64, 1);
  limn_stroke_finish (stroke);
  double area = 0;
  for (int y = 0; y < 128; y++)
    for (int x = 0; x < 128; x++)
      area += at (raster, x, y) / 255.0;
  /* an antialiased disc has the area of the disc: pi r^2, within 1 % */
  g_assert_cmpfloat_with_epsilon (area, G_PI * 100, G_PI);
  g_assert_cmpuint (at (raster, 64, 64), ==, 255);
  g_assert_cmpuint (at (raster, 64, 75), ==, 0);
}

static void
test_stroke (void)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (300, 100, 1), limit = limn_raster_new (300, 100, 1);
  guint8 full = 255;
  limn_raster_fill (limit, &(LimnRect){ 0, 0, 150, 100 }, &full);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 10;
  brush.hardness = 1;
  brush.opacity = 0.5;
  g_autoptr (LimnStroke) stroke = limn_stroke_new (raster, &brush, limit);
  LimnRect dirty = limn_stroke_add (stroke, 20, 50, 1), more;
  for (int i = 0; i < 3; i++) { /* there and back: coverage does not pile up */
    more = limn_stroke_add (stroke, 280, 50, 1);
    dirty = limn_rect_union (&dirty, &more);
    more = limn_stroke_add (stroke, 20, 50, 1);
    dirty = limn_rect_union (&dirty, &more);
  }
  more = limn_stroke_finish (stroke);
  dirty = limn_rect_union (&dirty, &more);
  g_assert_cmpuint (at (raster, 100, 50), ==, 128);
  g_assert_cmpuint (at (raster, 149, 50), ==, 128);
  g_assert_cmpuint (at (raster, 150, 50), ==, 0);
  LimnRect bounds = limn_raster_get_bounds (raster), both = limn_rect_intersect (&bounds, &dirty);
  g_assert_cmpint (both.width, ==, bounds.width);
  g_assert_cmpint (both.height, ==, bounds.height);
  limn_stroke_revert (stroke);
  g_assert_true (limn_raster_is_empty (raster));
}

static void
test_colour (void)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (64, 64, 4);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 30;
  brush.hardness = 0;
  brush.rgba[0] = 200;
  brush.rgba[1] = 40;
  LimnStroke *stroke = limn_stroke_new (raster, &brush, NULL);
  limn_stroke_add (stroke, 32, 32, 1);
  limn_stroke_free (stroke);
  guint8 pixel[4];
  limn_raster_read (raster, &(LimnRect){ 40, 32, 1, 1 }, pixel, 4); /* half-way out: transparent, but no darker */
  g_assert_cmpuint (pixel[0], ==, 200);
  g_assert_cmpuint (pixel[1], ==, 40);
  g_assert_cmpuint (pixel[3], >, 40);
  g_assert_cmpuint (pixel[3], <, 215);
  brush.erase = TRUE;
  brush.hardness = 1;
  stroke = limn_stroke_new (raster, &brush, NULL);
  limn_stroke_add (stroke, 32, 32, 1);
  limn_stroke_free (stroke);
  g_assert_cmpuint (at (raster, 32, 32), ==, 0);
}

/* A plane of labels holds none that nobody chose: nothing is mixed at a soft edge. */
static void
test_labels (void)
{
  g_autoptr (LimnRaster) raster = limn_raster_new (128, 64, 1), paint = limn_raster_new (128, 64, 4);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 30;
  brush.hardness = 0;
  LimnStroke *stroke = limn_stroke_new (paint, &brush, NULL);
  limn_stroke_add (stroke, 32, 32, 1);
  limn_stroke_free (stroke);
  brush.labels = TRUE;
  brush.label = 9;
  stroke = limn_stroke_new (raster, &brush, NULL);
  limn_stroke_add (stroke, 32, 32, 1);
  limn_stroke_free (stroke);
  for (int y = 0; y < 64; y++)
    for (int x = 0; x < 128; x++)
      g_assert_cmpuint (at (raster, x, y), ==, at (paint, x, y) >= 64 ? 9 : 0);
  brush.label = 4;
  stroke = limn_stroke_new (raster, &brush, NULL);
  limn_stroke_add (stroke, 32, 32, 1);
  g_assert_cmpuint (at (raster, 32, 32), ==, 4);
  limn_stroke_revert (stroke);
  limn_stroke_free (stroke);
  g_assert_cmpuint (at (raster, 32, 32), ==, 9);
  brush.erase = TRUE;
  brush.size = 60;
  stroke = limn_stroke_new (raster, &brush, NULL);
  limn_stroke_add (stroke, 60, 32, 1);
  limn_stroke_finish (stroke);
  limn_stroke_free (stroke);
  g_assert_cmpuint (at (raster, 44, 32), ==, 0);
  g_assert_cmpuint (at (raster, 30, 32), ==, 9);
  g_assert_null (limn_raster_peek_tile (raster, 1)); /* nothing was there to be taken away */
}

/* Where the soft edges of two strokes meet, what both together paint has a label of one of them. */
static void
test_labels_meet (void)
{
  g_autoptr (LimnRaster) labels = limn_raster_new (128, 64, 1), paint = limn_raster_new (128, 64, 4);
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 30;
  brush.hardness = 0;
  int met = 0;
  for (int i = 0; i < 4; i++) {
    brush.labels = i % 2;
    brush.label = (guint8) (5 + i / 2);
    LimnStroke *stroke = limn_stroke_new (brush.labels ? labels : paint, &brush, NULL);
    limn_stroke_add (stroke, -20, i < 2 ? 20 : 38, 1);
    limn_stroke_add (stroke, 148, i < 2 ? 20 : 38, 1);
    limn_stroke_finish (stroke);
    limn_stroke_free (stroke);
  }
  for (int y = 20; y < 38; y++)
    for (int x = 0; x < 128; x++)
      if (at (paint, x, y) >= 128) {
        g_assert_cmpuint (at (labels, x, y), !=, 0);
        met++;
      }
  g_assert_cmpint (met, ==, 18 * 128);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/raster/tiles", test_tiles);
  g_test_add_func ("/brush/dab", test_dab);
  g_test_add_func ("/brush/stroke", test_stroke);
  g_test_add_func ("/brush/colour", test_colour);
  g_test_add_func ("/brush/labels", test_labels);
  g_test_add_func ("/brush/labels/meet", test_labels_meet);
  return g_test_run ();
}
