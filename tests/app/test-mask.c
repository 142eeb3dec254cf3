/* Shapes, similar area, and what moves or softens a mask's edge.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/raster/limn-mask.h"
#include "rect-test.h"

#include <math.h>

static int
at (LimnRaster *mask, int x, int y)
{
  guint8 value;
  limn_raster_read (mask, &(LimnRect){ x, y, 1, 1 }, &value, 1);
  return value;
}

static double
area (LimnRaster *mask)
{
  double sum = 0;
  for (int y = 0; y < limn_raster_get_height (mask); y++)
    for (int x = 0; x < limn_raster_get_width (mask); x++)
      sum += at (mask, x, y) / 255.0;
  return sum;
}

static void
test_rectangle (void)
{
  g_autoptr (LimnRaster) mask = limn_raster_new (200, 150, 1);
  assert_rect (limn_mask_rectangle (mask, 10, 20, 100, 90, LIMN_MASK_REPLACE), 10, 20, 100, 90);
  assert_rect (limn_raster_get_bounds (mask), 10, 20, 100, 90);
  g_assert_cmpfloat (area (mask), ==, 9000);
  /* half a pixel on each side */
  limn_mask_rectangle (mask, 10.5, 20.5, 99, 89, LIMN_MASK_REPLACE);
  g_assert_cmpint (at (mask, 10, 50), ==, 128);
  g_assert_cmpint (at (mask, 50, 20), ==, 128);
  g_assert_cmpint (at (mask, 10, 20), ==, 64);
  g_assert_cmpint (at (mask, 11, 21), ==, 255);
  g_assert_cmpint (at (mask, 9, 50), ==, 0);
  /* past the plane's edge */
  assert_rect (limn_mask_rectangle (mask, -50, 140, 500, 500, LIMN_MASK_ADD), 0, 140, 200, 10);
  g_assert_cmpint (at (mask, 199, 149), ==, 255);
  g_assert_cmpint (at (mask, 50, 50), ==, 255);
}

static void
test_modes (void)
{
  g_autoptr (LimnRaster) mask = limn_raster_new (200, 150, 1);
  limn_mask_rectangle (mask, 0, 0, 100, 100, LIMN_MASK_REPLACE);
  limn_mask_rectangle (mask, 50, 50, 100, 100, LIMN_MASK_SUBTRACT);
  g_assert_cmpfloat (area (mask), ==, 7500);
  limn_mask_rectangle (mask, 50, 50, 10, 10, LIMN_MASK_ADD);
  g_assert_cmpfloat (area (mask), ==, 7600);
  assert_rect (limn_mask_rectangle (mask, 20, 30, 500, 10, LIMN_MASK_INTERSECT), 0, 0, 200, 100);
  assert_rect (limn_raster_get_bounds (mask), 20, 30, 80, 10);
  g_assert_cmpfloat (area (mask), ==, 800);
  limn_mask_rectangle (mask, 150, 100, 10, 10, LIMN_MASK_INTERSECT);
  g_assert_true (limn_raster_is_empty (mask));
}

static void
test_polygon (void)
{
  g_autoptr (LimnRaster) mask = limn_raster_new (300, 300, 1);
  /* a lasso that crosses itself: a pentagram has no hole */
  LimnPoint star[5];
  for (int i = 0; i < 5; i++)
    star[i] = (LimnPoint){ 150 + 140 * sin (4 * G_PI / 5 * i), 150 - 140 * cos (4 * G_PI / 5 * i) };
  limn_mask_polygon (mask, star, 5, LIMN_MASK_REPLACE);
  g_assert_cmpint (at (mask, 150, 150), ==, 255);
  g_assert_cmpint (at (mask, 20, 20), ==, 0);
  /* a triangle has the area of the triangle */
  const LimnPoint triangle[] = { { 10.3, 20.7 }, { 280.1, 90.2 }, { 77.7, 260.4 } };
  limn_mask_polygon (mask, triangle, 3, LIMN_MASK_REPLACE);
  double exact = fabs ((280.1 - 10.3) * (260.4 - 20.7) - (77.7 - 10.3) * (90.2 - 20.7)) / 2;
  g_assert_cmpfloat_with_epsilon (area (mask), exact, exact * 0.001);
  /* nothing but a line: nothing is selected */
  limn_mask_polygon (mask, triangle, 2, LIMN_MASK_REPLACE);
  g_assert_true (limn_raster_is_empty (mask));
  limn_mask_ellipse (mask, 20, 40, 200, 100, LIMN_MASK_REPLACE);
  g_assert_cmpfloat_with_epsilon (area (mask), G_PI * 100 * 50, 10);
  g_assert_cmpint (at (mask, 120, 90), ==, 255);
  g_assert_cmpint (at (mask, 22, 42), ==, 0);
}

/* Tiles that no edge crosses are the full one or none, whatever the mode; horizontal edges cross tiles too. */
static void
test_even_tiles (void)
{
  g_autoptr (LimnRaster) mask = limn_raster_new (700, 500, 1), all = limn_raster_new (700, 500, 1);
  limn_mask_rectangle (mask, 10.5, 70.5, 600, 300.25, LIMN_MASK_REPLACE);
  static const struct {
    int y, value;
  } column[] = { { 0, 0 },     { 69, 0 },    { 70, 128 },  { 71, 255 },  { 127, 255 },
                 { 128, 255 }, { 300, 255 }, { 369, 255 }, { 370, 191 }, { 371, 0 } };
  for (int x = 11; x < 610; x += 23)
    for (gsize i = 0; i < G_N_ELEMENTS (column); i++)
      g_assert_cmpint (abs (at (mask, x, column[i].y) - column[i].value), <=, 1);
  g_assert_cmpint (at (mask, 650, 200), ==, 0);
  limn_mask_all (all);
  g_assert_true (limn_raster_peek_tile (mask, 3 * 11 + 3) == limn_raster_peek_tile (all, 0));
  limn_mask_rectangle (mask, 100, 100, 300, 200, LIMN_MASK_SUBTRACT);
  g_assert_null (limn_raster_peek_tile (mask, 3 * 11 + 3));
  g_assert_cmpfloat_with_epsilon (area (mask), 600 * 300.25 - 300 * 200, 300);
  limn_mask_rectangle (mask, 0, 0, 700, 200, LIMN_MASK_INTERSECT);
  g_assert_cmpfloat_with_epsilon (area (mask), 600 * 129.5 - 300 * 100, 300);
  limn_mask_rectangle (mask, 0, 0, 700, 500, LIMN_MASK_ADD);
  g_assert_cmpfloat (area (mask), ==, 700 * 500);
  limn_mask_ellipse (mask, -100, -100, 900, 700, LIMN_MASK_INTERSECT);
  limn_mask_invert (mask, NULL);
  limn_mask_ellipse (mask, -100, -100, 900, 700, LIMN_MASK_ADD);
  g_assert_cmpfloat_with_epsilon (area (mask), 700 * 500, 700);
}

enum { W = 130, H = 90 };

static void
read_rows (int y, int height, guint8 *out, gpointer pixels)
{
  memcpy (out, (const guint8 *) pixels + W * 4 * y, (gsize) (W * 4 * height));
}

static void
test_similar (void)
{
  g_autofree guint8 *pixels = g_malloc0 (W * H * 4);
  g_autoptr (LimnRaster) mask = limn_raster_new (W, H, 1);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++) {
      guint8 *p = pixels + 4 * (y * W + x);
      /* two red fields with a white wall between, one of them a shade darker in its lower half */
      gboolean wall = x >= 60 && x < 64;
      p[0] = wall ? 255 : y < 45 ? 200 : 190;
      p[1] = p[2] = wall ? 255 : 10;
      p[3] = 255;
    }
  limn_mask_similar (mask, read_rows, pixels, 5, 5, 9, TRUE, LIMN_MASK_REPLACE, NULL);
  assert_rect (limn_raster_get_bounds (mask), 0, 0, 60, 45);
  limn_mask_similar (mask, read_rows, pixels, 5, 5, 10, TRUE, LIMN_MASK_REPLACE, NULL);
  assert_rect (limn_raster_get_bounds (mask), 0, 0, 60, H);
  limn_mask_similar (mask, read_rows, pixels, 5, 5, 9, FALSE, LIMN_MASK_REPLACE, NULL);
  g_assert_cmpfloat (area (mask), ==, (W - 4) * 45);
  limn_mask_similar (mask, read_rows, pixels, 61, 80, 0, TRUE, LIMN_MASK_ADD, NULL);
  g_assert_cmpfloat (area (mask), ==, (W - 4) * 45 + 4 * H);
}

static void
test_whole (void)
{
  g_autoptr (LimnRaster) mask = limn_raster_new (100, 70, 1);
  limn_mask_rectangle (mask, 10, 10, 20, 20, LIMN_MASK_REPLACE);
  assert_rect (limn_mask_invert (mask, NULL), 0, 0, 100, 70);
  g_assert_cmpfloat (area (mask), ==, 100 * 70 - 400);
  limn_mask_invert (mask, NULL);
  assert_rect (limn_raster_get_bounds (mask), 10, 10, 20, 20);
  limn_mask_all (mask);
  limn_mask_invert (mask, NULL);
  g_assert_true (limn_raster_is_empty (mask));
  limn_mask_rectangle (mask, 10, 10, 20, 20, LIMN_MASK_REPLACE);
  assert_rect (limn_mask_clear (mask), 10, 10, 20, 20);
  g_assert_true (limn_raster_is_empty (mask));
}

static void
test_grow (void)
{
  g_autoptr (LimnRaster) mask = limn_raster_new (700, 600, 1);
  /* one pixel grown by r is a disc around it; past the first band's edge as well */
  limn_mask_rectangle (mask, 300, 260, 1, 1, LIMN_MASK_REPLACE);
  assert_rect (limn_mask_grow (mask, 20, NULL), 278, 238, 45, 45);
  for (int y = 230; y < 290; y++)
    for (int x = 270; x < 330; x++) {
      double d = hypot (x - 300, y - 260);
      g_assert_cmpint (abs (at (mask, x, y) - (int) lrint (255 * CLAMP (21 - d, 0, 1))), <=, 1);
    }
  /* there and back: a disc grows and shrinks to itself */
  limn_mask_ellipse (mask, 200, 100, 300, 300, LIMN_MASK_REPLACE);
  g_autoptr (LimnRaster) before = limn_raster_copy (mask);
  limn_mask_grow (mask, 15, NULL);
  g_assert_cmpfloat_with_epsilon (area (mask), G_PI * 165 * 165, 600);
  limn_mask_shrink (mask, 15, NULL);
  for (int y = 0; y < 600; y += 3)
    for (int x = 0; x < 700; x += 3)
      g_assert_cmpint (abs (at (mask, x, y) - at (before, x, y)), <=, 160); /* an edge pixel may be off by about half of itself */
  g_assert_cmpfloat_with_epsilon (area (mask), area (before), 500);
  /* the picture's border is no edge */
  limn_mask_rectangle (mask, 0, 0, 100, 600, LIMN_MASK_REPLACE);
  limn_mask_shrink (mask, 10, NULL);
  assert_rect (limn_raster_get_bounds (mask), 0, 0, 90, 600);
}

static void
test_grow_soft (void)
{
  /* a ramp of 51 pixels keeps its slope when it moves */
  g_autoptr (LimnRaster) mask = limn_raster_new (300, 100, 1);
  for (int x = 0; x < 152; x++) {
    guint8 value = x < 101 ? 255 : (guint8) (255 - 5 * (x - 101));
    limn_raster_fill (mask, &(LimnRect){ x, 0, 1, 100 }, &value);
  }
  g_autoptr (LimnRaster) before = limn_raster_copy (mask);
  limn_mask_grow (mask, 30, NULL);
  for (int x = 30; x < 300; x++)
    g_assert_cmpint (abs (at (mask, x, 50) - at (before, x - 30, 50)), <=, 16);
}

static void
test_feather (void)
{
  g_autoptr (LimnRaster) mask = limn_raster_new (600, 700, 1);
  limn_mask_rectangle (mask, 0, 0, 300, 700, LIMN_MASK_REPLACE);
  limn_mask_feather (mask, 12, NULL);
  for (int x = 250; x < 350; x++) { /* the integral of a Gaussian; left, top and bottom are the picture's border */
    double exact = 255 * 0.5 * erfc ((x + 0.5 - 300) / 12 / sqrt (2));
    g_assert_cmpfloat_with_epsilon (at (mask, x, 350), exact, 4);
    g_assert_cmpint (at (mask, x, 0), ==, at (mask, x, 350));
    g_assert_cmpint (at (mask, x, 256), ==, at (mask, x, 699)); /* no seam between bands */
  }
  g_assert_cmpint (at (mask, 0, 350), ==, 255);
}

/* Two rooms of 60 x 60 with a wall of 4 between them, which has an opening. */
static LimnRaster *
make_rooms (double opening)
{
  LimnRaster *mask = limn_raster_new (200, 150, 1);
  limn_mask_rectangle (mask, 10, 20, 60, 60, LIMN_MASK_REPLACE);
  limn_mask_rectangle (mask, 74, 20, 60, 60, LIMN_MASK_ADD);
  limn_mask_rectangle (mask, 70, 40, 4, opening, LIMN_MASK_ADD);
  return mask;
}

static void
test_gaps (void)
{
  for (int gap = 4; gap <= 8; gap += 4) {
    g_autoptr (LimnRaster) mask = make_rooms (6);
    limn_mask_close_gaps (mask, 20, 30, gap, NULL);
    g_assert_cmpint (at (mask, 10, 20), ==, 255); /* every corner of the room is there */
    g_assert_cmpint (at (mask, 69, 79), ==, 255);
    g_assert_cmpint (at (mask, 71, 42), ==, 255);
    g_assert_cmpint (at (mask, 80, 42), ==, gap < 6 ? 255 : 0);
    g_assert_cmpint (at (mask, 133, 79), ==, gap < 6 ? 255 : 0);
    g_assert_cmpfloat (area (mask), <=, gap < 6 ? 7224 : 3624);
  }
}

/* What is only a bay, what is narrow everywhere, and what was clicked at the gap itself. */
static void
test_gaps_of_one (void)
{
  g_autoptr (LimnRaster) bay = make_rooms (0), line = limn_raster_new (200, 150, 1), middle = make_rooms (6);
  limn_mask_rectangle (bay, 70, 20, 200, 200, LIMN_MASK_SUBTRACT);
  limn_mask_rectangle (bay, 70, 40, 4, 6, LIMN_MASK_ADD);
  limn_mask_rectangle (bay, 74, 38, 10, 10, LIMN_MASK_ADD);
  limn_mask_close_gaps (bay, 20, 30, 8, NULL);
  g_assert_cmpfloat (area (bay), ==, 3600 + 24 + 100);
  limn_mask_rectangle (line, 5, 5, 150, 3, LIMN_MASK_REPLACE);
  limn_mask_close_gaps (line, 20, 6, 8, NULL);
  g_assert_cmpfloat (area (line), ==, 450);
  limn_mask_close_gaps (line, 20, 60, 8, NULL); /* nothing is there */
  g_assert_cmpfloat (area (line), ==, 450);
  limn_mask_close_gaps (middle, 70, 42, 8, NULL);
  g_assert_cmpint (at (middle, 20, 30), ==, 255);
  g_assert_cmpint (at (middle, 100, 30), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mask/rectangle", test_rectangle);
  g_test_add_func ("/mask/modes", test_modes);
  g_test_add_func ("/mask/polygon", test_polygon);
  g_test_add_func ("/mask/even-tiles", test_even_tiles);
  g_test_add_func ("/mask/similar", test_similar);
  g_test_add_func ("/mask/gaps", test_gaps);
  g_test_add_func ("/mask/gaps-of-one", test_gaps_of_one);
  g_test_add_func ("/mask/whole", test_whole);
  g_test_add_func ("/mask/grow", test_grow);
  g_test_add_func ("/mask/grow-soft", test_grow_soft);
  g_test_add_func ("/mask/feather", test_feather);
  return g_test_run ();
}
