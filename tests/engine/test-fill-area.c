/* The fill's mask: exact growing, soft edges, refusals, and which holes go together.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fill/area.h"

typedef struct {
  guint8 *pixels, *values;
  LimnPixels photo;
  LimnMask mask;
} Scene;

static Scene
scene_new (size_t width, size_t height)
{
  Scene s = { g_malloc (width * height * 4), g_malloc0 (width * height), { 0 }, { 0 } };

  memset (s.pixels, 255, width * height * 4);
  s.photo = (LimnPixels){ .data = s.pixels, .width = width, .height = height, .stride = width * 4, .depth = 8 };
  s.mask = (LimnMask){ .data = s.values, .width = width, .height = height, .stride = width };
  return s;
}

static void
scene_free (Scene *s)
{
  g_free (s->pixels);
  g_free (s->values);
}

/* Against the definition, pixel by pixel, for one and three threads. */
static void
test_distance (void)
{
  static const float CASES[][2] = { { 0, 0 }, { 3, 0 }, { 0, 5 }, { 2.5f, 4 }, { 40, 7.5f } };
  const size_t width = 61, height = 47;
  LimnPool *pool;
  Scene s = scene_new (width, height);

  g_assert_cmpint (limn_pool_new (&pool, 3, NULL), ==, LIMN_OK);
  for (int i = 0; i < 9; i++)
    s.values[(size_t) g_random_int_range (0, (gint32) (width * height))] = 255;
  s.values[20 * width + 30] = 255;
  for (size_t k = 0; k < G_N_ELEMENTS (CASES); k++) {
    const float grow = CASES[k][0], feather = CASES[k][1];
    LimnFillArea area;
    g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, grow, feather, k & 1 ? pool : NULL, NULL), ==, LIMN_OK);
    for (size_t y = 0; y < height; y++)
      for (size_t x = 0; x < width; x++) {
        float d = INFINITY, t;
        for (size_t j = 0; j < height; j++)
          for (size_t i = 0; i < width; i++)
            if (s.values[j * width + i])
              d = fminf (d, hypotf ((float) x - (float) i, (float) y - (float) j));
        t = d <= grow ? 1.0f : feather > 0 ? fmaxf (0.0f, 1.0f - (d - grow) / (feather + 1.0f)) : 0.0f;
        g_assert_cmpfloat_with_epsilon (limn_fill_area_at (&area, x, y) / 65535.0f, t * t * (3 - 2 * t), 1e-4);
      }
    limn_fill_area_clear (&area);
  }
  limn_pool_free (pool);
  scene_free (&s);
}

static void
test_soft_and_transparent (void)
{
  Scene s = scene_new (8, 1);
  LimnFillArea area;

  memcpy (s.values, (guint8[]){ 0, 51, 102, 255, 255, 204, 51, 0 }, 8);
  s.pixels[4 * 5 + 3] = s.pixels[4 * 6 + 3] = 0;
  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, 0, 0, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpuint (area.region.x, ==, 1);
  g_assert_cmpuint (area.region.width, ==, 5);
  const guint16 want[] = { 0, 51 * 257, 102 * 257, 65535, 65535, 65535, 0, 0 };
  for (size_t x = 0; x < 8; x++)
    g_assert_cmpuint (limn_fill_area_at (&area, x, 0), ==, want[x]);
  limn_fill_area_clear (&area);
  scene_free (&s);
}

static void
test_refusals (void)
{
  Scene s = scene_new (8, 8);
  LimnFillArea area;
  LimnError error;

  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, 3, 3, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_cmpstr (error.text, ==, "The mask is empty: paint over what should go.");
  g_assert_null (area.alpha);
  s.values[9] = 255;
  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, NAN, 3, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, 3, -2, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, -0.5f, 3, NULL, &error), ==, LIMN_BAD_INPUT);
  s.mask.width = 7;
  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, 3, 3, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_nonnull (strstr (error.text, "7 x 8"));
  scene_free (&s);
}

static void
test_split (void)
{
  Scene s = scene_new (900, 700);
  LimnFillArea area;
  LimnRegion *holes;
  size_t count, covered = 0;

  /* two squares close together, a far one, and a frame whose inside holds another */
  for (size_t y = 0; y < 700; y++)
    for (size_t x = 0; x < 900; x++) {
      const gboolean close = y >= 20 && y < 60 && ((x >= 20 && x < 60) || (x >= 75 && x < 90));
      const gboolean far = y >= 30 && y < 50 && x >= 700 && x < 720;
      const gboolean frame = x >= 300 && x < 600 && y >= 300 && y < 600 && (x < 310 || x >= 590 || y < 310 || y >= 590);
      const gboolean inner = x >= 440 && x < 450 && y >= 440 && y < 450;
      s.values[y * 900 + x] = close || far || frame || inner ? 255 : 0;
    }
  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, 0, 0, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_fill_area_split (&area, &holes, &count, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpuint (count, ==, 3);
  g_assert_cmpmem (&holes[0], sizeof *holes, (&(LimnRegion){ 20, 20, 70, 40 }), sizeof *holes);
  g_assert_cmpmem (&holes[1], sizeof *holes, (&(LimnRegion){ 700, 30, 20, 20 }), sizeof *holes);
  g_assert_cmpmem (&holes[2], sizeof *holes, (&(LimnRegion){ 300, 300, 300, 300 }), sizeof *holes);
  for (size_t k = 0; k < count; k++)
    covered += holes[k].width * holes[k].height;
  g_assert_cmpuint (covered, ==, 70 * 40 + 20 * 20 + 300 * 300);
  free (holes);
  limn_fill_area_clear (&area);
  scene_free (&s);
}

/* Hundreds of specks: every one lies in a hole, in order, and no two holes are near each other (so they are disjoint, too). */
static void
test_specks (void)
{
  const size_t width = 2200, height = 1500;
  Scene s = scene_new (width, height);
  LimnFillArea area;
  LimnRegion *holes;
  size_t count;

  for (size_t k = 0; k < 330; k++) {
    const size_t x = (k * 7919u) % (width - 9), y = (k * 104729u) % (height - 9), side = 2 + k % 7;
    for (size_t j = 0; j < side; j++)
      memset (s.values + (y + j) * width + x, 255, side);
  }
  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, 0, 0, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_fill_area_split (&area, &holes, &count, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpuint (count, >, 20);
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++) {
      bool held = !s.values[y * width + x];
      for (size_t k = 0; !held && k < count; k++)
        held = x - holes[k].x < holes[k].width && y - holes[k].y < holes[k].height;
      g_assert_true (held);
    }
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < count; i++) {
      const size_t gap = MAX (32, MAX (holes[k].width, holes[k].height) / 4);
      g_assert_true (i == k || holes[i].x >= holes[k].x + holes[k].width + gap || holes[k].x >= holes[i].x + holes[i].width + gap ||
                     holes[i].y >= holes[k].y + holes[k].height + gap || holes[k].y >= holes[i].y + holes[i].height + gap);
      g_assert_true (i <= k || holes[i].y >= holes[k].y);
    }
  free (holes);
  limn_fill_area_clear (&area);
  scene_free (&s);
}

static void
paint_mask (Scene *s, size_t x0, size_t y0, size_t width, size_t height)
{
  for (size_t y = y0; y < y0 + height; y++)
    memset (s->values + y * s->mask.width + x0, 255, width);
}

static LimnFillArea
automatic_area (const Scene *s, LimnPool *pool)
{
  LimnFillArea area;

  g_assert_cmpint (limn_fill_area_new (&area, &s->photo, &s->mask, LIMN_AUTOMATIC, LIMN_AUTOMATIC, pool, NULL), ==, LIMN_OK);
  return area;
}

/* A line stays as it is, a large square grows and becomes soft by 4 pixels, a middling one by 2. */
static void
test_thickness (void)
{
  static const struct {
    size_t x, side, reach;
  } SQUARES[] = { { 20, 9, 0 }, { 60, 26, 2 }, { 120, 60, 4 } };
  Scene s = scene_new (260, 120);
  LimnFillArea area;

  paint_mask (&s, 200, 10, 3, 100);
  for (size_t k = 0; k < G_N_ELEMENTS (SQUARES); k++)
    paint_mask (&s, SQUARES[k].x, 30, SQUARES[k].side, SQUARES[k].side);
  area = automatic_area (&s, NULL);
  g_assert_cmpuint (limn_fill_area_at (&area, 199, 60), ==, 0);
  g_assert_cmpuint (limn_fill_area_at (&area, 203, 60), ==, 0);
  for (size_t k = 0; k < G_N_ELEMENTS (SQUARES); k++) {
    const size_t y = 30 + SQUARES[k].side / 2, edge = SQUARES[k].x + SQUARES[k].side - 1, reach = SQUARES[k].reach;
    g_assert_cmpuint (limn_fill_area_at (&area, edge + reach, y), ==, 65535);
    for (size_t x = edge + reach; x < edge + 2 * reach; x++)
      g_assert_cmpuint (limn_fill_area_at (&area, x, y), >, limn_fill_area_at (&area, x + 1, y));
    g_assert_cmpuint (limn_fill_area_at (&area, edge + 2 * reach + 1, y), ==, 0);
  }
  limn_fill_area_clear (&area);
  scene_free (&s);
}

/* Two bright lines on a dark ground, the second blurred over two pixels on either side: only there does the area grow. */
static void
test_fringe (void)
{
  static const guint8 LEVELS[] = { 110, 190, 255, 255, 255, 190, 110 };
  Scene s = scene_new (300, 160);
  LimnFillArea area;

  for (size_t i = 0; i < 300 * 160; i++)
    memset (s.pixels + 4 * i, 60 + (int) (i * 7919u % 13), 3);
  for (size_t y = 0; y < 160; y++)
    for (size_t k = 0; k < G_N_ELEMENTS (LEVELS); k++) {
      if (k >= 2 && k < 5)
        memset (s.pixels + 4 * (y * 300 + 40 + k), 255, 3);
      memset (s.pixels + 4 * (y * 300 + 240 + k), LEVELS[k], 3);
    }
  paint_mask (&s, 42, 0, 3, 160);
  paint_mask (&s, 242, 0, 3, 160);
  area = automatic_area (&s, NULL);
  g_assert_cmpuint (limn_fill_area_at (&area, 41, 80), ==, 0);
  g_assert_cmpuint (limn_fill_area_at (&area, 45, 80), ==, 0);
  g_assert_cmpuint (limn_fill_area_at (&area, 240, 80), ==, 65535);
  g_assert_cmpuint (limn_fill_area_at (&area, 246, 80), ==, 65535);
  g_assert_cmpuint (limn_fill_area_at (&area, 239, 80), ==, 0);
  g_assert_cmpuint (limn_fill_area_at (&area, 247, 80), ==, 0);
  limn_fill_area_clear (&area);
  scene_free (&s);
}

/* A wire is thin but for the part that touches a person; only that and the person are holes. On any number of threads. */
static void
test_thin (void)
{
  Scene s = scene_new (400, 200);
  LimnFillArea one, three;
  LimnPool *pool;
  LimnRegion *holes;
  size_t count;

  paint_mask (&s, 300, 50, 50, 100);
  paint_mask (&s, 10, 98, 290, 4);
  g_assert_cmpint (limn_pool_new (&pool, 3, NULL), ==, LIMN_OK);
  one = automatic_area (&s, NULL);
  three = automatic_area (&s, pool);
  g_assert_cmpint (limn_fill_area_find_thin (&one, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_fill_area_find_thin (&three, pool, NULL), ==, LIMN_OK);
  const size_t pixels = one.region.width * one.region.height;
  g_assert_cmpmem (one.alpha, pixels * sizeof *one.alpha, three.alpha, three.region.width * three.region.height * sizeof *three.alpha);
  g_assert_cmpmem (one.thin, pixels, three.thin, pixels);
  for (size_t y = 0; y < one.region.height; y++)
    for (size_t x = 0; x < one.region.width; x++) {
      const size_t at = y * one.region.width + x, photo_x = one.region.x + x;
      g_assert_true (!one.thin[at] || one.alpha[at]);
      if (one.alpha[at] && photo_x < 270)
        g_assert_true (one.thin[at]);
      if (one.alpha[at] && photo_x >= 296)
        g_assert_false (one.thin[at]);
    }
  g_assert_cmpint (limn_fill_area_split (&one, &holes, &count, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpuint (holes[0].x, >, 250);
  free (holes);
  limn_fill_area_clear (&one);
  limn_fill_area_clear (&three);
  limn_pool_free (pool);
  scene_free (&s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fill-area/distance", test_distance);
  g_test_add_func ("/fill-area/soft-and-transparent", test_soft_and_transparent);
  g_test_add_func ("/fill-area/refusals", test_refusals);
  g_test_add_func ("/fill-area/split", test_split);
  g_test_add_func ("/fill-area/specks", test_specks);
  g_test_add_func ("/fill-area/thickness", test_thickness);
  g_test_add_func ("/fill-area/fringe", test_fringe);
  g_test_add_func ("/fill-area/thin", test_thin);
  return g_test_run ();
}
