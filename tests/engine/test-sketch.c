/* Sketch: paint stays inside its lines, the result follows the paint, and one thread makes what three make.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/limn-engine.h"
#include "engine/sketch/extend-paint.h"

#define BASE "../resources/models/base.safetensors"
#define SEE "../resources/models/see.safetensors"
#define DETAIL "../resources/models/detail.safetensors"

/* A disc with a line around it, painted red but for its middle; below a painted strip of blue. Red fills the disc and blue all
 * the rest. */
static void
test_lines_stop_paint (void)
{
  enum { SIDE = 96 };
  LimnImage colour, alpha, ink, out;

  g_assert_cmpint (limn_image_new (&colour, SIDE, SIDE, 3, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_image_new (&alpha, SIDE, SIDE, 1, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_image_new (&ink, 2 * SIDE, 2 * SIDE, 1, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_image_new (&out, SIDE, SIDE, 3, NULL), ==, LIMN_OK);
  for (int i = 0; i < SIDE * SIDE; i++) {
    const double r = hypot (i % SIDE - 48, i / SIDE - 40);
    alpha.data[i] = (r < 30 && r > 12) || i / SIDE >= 88;
    colour.data[3 * i] = r < 30 ? 0.8f : -0.8f;
    colour.data[3 * i + 2] = -colour.data[3 * i];
  }
  for (int i = 0; i < 4 * SIDE * SIDE; i++)
    ink.data[i] = fabs (hypot (i % (2 * SIDE) - 96, i / (2 * SIDE) - 80) - 60) < 3;
  g_assert_cmpint (limn_extend_paint (&out, &colour, &alpha, &ink, NULL, NULL), ==, LIMN_OK);
  for (int i = 0; i < SIDE * SIDE; i++) {
    const double r = hypot (i % SIDE - 48, i / SIDE - 40);
    if (r < 27)
      g_assert_cmpfloat (out.data[3 * i], >, 0.6f);
    else if (r > 34)
      g_assert_cmpfloat (out.data[3 * i], <, -0.6f);
  }
  limn_image_clear (&colour);
  limn_image_clear (&alpha);
  limn_image_clear (&ink);
  limn_image_clear (&out);
}

static LimnOverlay
sketch (int threads, float freedom, const LimnPixels *paint, const LimnMask *ink)
{
  const LimnEngineOptions engine_options = { .base_path = BASE, .see_path = SEE, .detail_path = DETAIL, .threads = threads };
  const LimnSketchOptions options = { .sampling = { .seed = 9, .steps = 1 }, .width = 256, .height = 192, .freedom = freedom };
  LimnEngine *engine;
  LimnOverlay overlay;
  LimnError error;

  g_assert_cmpint (limn_engine_new (&engine, &engine_options, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_sketch (engine, paint, ink, &options, NULL, &overlay, NULL, &error), ==, LIMN_OK);
  limn_engine_free (engine);
  return overlay;
}

static void
test_follows_paint (void)
{
  enum { WIDTH = 256, HEIGHT = 192 };
  g_autofree guint8 *paint = g_malloc (WIDTH * HEIGHT * 4), *ink = g_malloc0 (WIDTH * HEIGHT);
  const LimnPixels pixels = { paint, WIDTH, HEIGHT, WIDTH * 4, 8 };
  const LimnMask mask = { ink, WIDTH, HEIGHT, WIDTH };

  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH; x++) {
      const guint8 sky[4] = { 120, 170, 220, 255 }, ground[4] = { 90, 140, 60, 255 };
      memcpy (paint + 4 * (y * WIDTH + x), y < 100 ? sky : ground, 4);
      ink[y * WIDTH + x] = y / 3 == 33 ? 255 : 0;
    }
  for (int k = 0; k < 2; k++) {
    LimnOverlay one = sketch (1, k ? 0.9f : 0.1f, &pixels, &mask), three = sketch (3, k ? 0.9f : 0.1f, &pixels, &mask);
    double difference = 0.0;

    g_assert_cmpmem (one.pixels.data, one.pixels.height * one.pixels.stride, three.pixels.data, three.pixels.height * three.pixels.stride);
    for (size_t y = 0; y < HEIGHT; y++)
      for (size_t x = 0; x < WIDTH; x++)
        for (size_t c = 0; c < 3; c++)
          difference += abs (((guint8 *) one.pixels.data)[y * one.pixels.stride + 4 * x + c] - paint[4 * (y * WIDTH + x) + c]);
    g_assert_cmpfloat (difference / (3.0 * WIDTH * HEIGHT), <, k ? 24.0 : 12.0);
    limn_overlay_clear (&one);
    limn_overlay_clear (&three);
  }
}

static int
red_at (const LimnOverlay *overlay, size_t x, size_t y)
{
  return ((guint8 *) overlay->pixels.data)[y * overlay->pixels.stride + 4 * x];
}

/* One blue stroke on an empty canvas colours its surroundings only, unless a line closes around it; a line alone stays a line. */
static void
test_paper_stays_blank (void)
{
  enum { WIDTH = 256, HEIGHT = 192 };
  g_autofree guint8 *paint = g_malloc0 (WIDTH * HEIGHT * 4), *ink = g_malloc0 (WIDTH * HEIGHT);
  const LimnPixels pixels = { paint, WIDTH, HEIGHT, WIDTH * 4, 8 };
  const LimnMask mask = { ink, WIDTH, HEIGHT, WIDTH };

  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH; x++) {
      const guint8 blue[4] = { 20, 40, 160, 255 };
      if (x > 100 && x < 150 && y > 85 && y < 105)
        memcpy (paint + 4 * (y * WIDTH + x), blue, 4);
      ink[y * WIDTH + x] = fabs (hypot ((double) x - 125, (double) y - 95) - 70) < 2 ? 255 : 0;
    }
  LimnOverlay stroke = sketch (1, 0.5f, &pixels, NULL);
  g_assert_cmpint (red_at (&stroke, 125, 95), <, 90);
  g_assert_cmpint (red_at (&stroke, 125, 145), >, 215); /* within the circle */
  g_assert_cmpint (red_at (&stroke, 20, 20), >, 225);
  limn_overlay_clear (&stroke);
  LimnOverlay closed = sketch (1, 0.5f, &pixels, &mask);
  g_assert_cmpint (red_at (&closed, 125, 145), <, 110);
  g_assert_cmpint (red_at (&closed, 20, 20), >, 215);
  limn_overlay_clear (&closed);
  LimnOverlay line = sketch (1, 0.5f, NULL, &mask);
  g_assert_cmpint (red_at (&line, 125, 95), >, 215);
  g_assert_cmpint (red_at (&line, 195, 95), <, 180);
  limn_overlay_clear (&line);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sketch/lines-stop-paint", test_lines_stop_paint);
  g_test_add_func ("/sketch/follows-paint", test_follows_paint);
  g_test_add_func ("/sketch/paper-stays-blank", test_paper_stays_blank);
  return g_test_run ();
}
