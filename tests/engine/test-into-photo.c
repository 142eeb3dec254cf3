/* Materials painted into a photo: there and nowhere else, in its light, with its grain.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/limn-engine.h"

enum { W = 240, H = 160, LEFT = 40, TOP = 60, RIGHT = 200, BOTTOM = 130, PLASTER = 25 };

typedef struct {
  uint16_t photo[4 * W * H];
  uint8_t mask[W * H], labels[W * H], paint[4 * W * H];
  LimnPixels photo_view, paint_view;
  LimnMask mask_view, label_view;
} Case;

/* A photo that is dark to the left and bright to the right, with noise; a rectangle in it is to be of plaster. */
static Case *
new_case (int depth, int noise)
{
  Case *c = g_new0 (Case, 1);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (int i = 0; i < W * H; i++) {
    const int light = 60 + 120 * (i % W) / W + (noise ? g_rand_int_range (random, -noise, noise + 1) : 0);
    const gboolean inside = i % W >= LEFT && i % W < RIGHT && i / W >= TOP && i / W < BOTTOM;

    for (int k = 0; k < 4; k++)
      if (depth == 16)
        c->photo[4 * i + k] = (uint16_t) (257 * (k < 3 ? light : 255));
      else
        ((uint8_t *) c->photo)[4 * i + k] = (uint8_t) (k < 3 ? light : 255);
    c->mask[i] = inside ? 255 : 0;
    c->labels[i] = PLASTER; /* also where nothing is to be changed */
    memcpy (c->paint + 4 * i, (const uint8_t[]){ 180, 170, 150, 255 }, 4);
  }
  c->photo_view = (LimnPixels){ c->photo, W, H, (gsize) W * 4 * (gsize) depth / 8, depth };
  c->paint_view = (LimnPixels){ c->paint, W, H, 4 * W, 8 };
  c->mask_view = (LimnMask){ c->mask, W, H, W };
  c->label_view = (LimnMask){ c->labels, W, H, W };
  return c;
}

static LimnOverlay
paint (const Case *c, int threads, LimnOverlay overlay)
{
  const LimnEngineOptions options = { .threads = threads };
  const LimnSketchMaterials materials = {
    .labels = &c->label_view, .horizon = LIMN_AUTOMATIC, .previous_horizon = LIMN_AUTOMATIC, .sun_x = LIMN_AUTOMATIC
  };
  LimnSketchFound found = { .horizon = -1 };
  LimnEngine *engine;
  LimnError error = { "" };

  g_assert_cmpint (limn_engine_new (&engine, &options, &error), ==, LIMN_OK);
  g_assert_cmpint (
    limn_paint_materials (engine, &c->photo_view, &c->mask_view, &c->paint_view, NULL, &materials, NULL, &overlay, &found, &error), ==,
    LIMN_OK);
  g_assert_cmpfloat (found.horizon, >, 0);
  limn_engine_free (engine);
  return overlay;
}

static double
at (const LimnOverlay *o, int x, int y, int k)
{
  const uint8_t *row = (const uint8_t *) o->pixels.data + (gsize) (y - (int) o->y) * o->pixels.stride;
  const int i = 4 * (x - (int) o->x) + k;

  return o->pixels.depth == 16 ? ((const uint16_t *) (const void *) row)[i] / 257.0 : row[i];
}

static double
mean_of (const LimnOverlay *o, int left, int right)
{
  double sum = 0;

  for (int y = TOP + 10; y < BOTTOM - 10; y++)
    for (int x = left; x < right; x++)
      sum += at (o, x, y, 1);
  return sum / ((BOTTOM - TOP - 20) * (right - left));
}

/* The overlay is of the mask, in the photo's depth, opaque inside; brighter where the photo is. */
static void
test_light (void)
{
  for (int depth = 8; depth <= 16; depth += 8) {
    g_autofree Case *c = new_case (depth, 0);
    LimnOverlay o = paint (c, 2, (LimnOverlay){ 0 });

    g_assert_cmpint (o.pixels.depth, ==, depth);
    g_assert_cmpuint (o.x, ==, LEFT);
    g_assert_cmpuint (o.y, ==, TOP);
    g_assert_cmpuint (o.pixels.width, ==, RIGHT - LEFT);
    g_assert_cmpuint (o.pixels.height, ==, BOTTOM - TOP);
    for (int y = TOP; y < BOTTOM; y++)
      for (int x = LEFT; x < RIGHT; x++)
        g_assert_cmpfloat (at (&o, x, y, 3), ==, 255);
    g_assert_cmpfloat (mean_of (&o, RIGHT - 40, RIGHT - 10), >, 1.15 * mean_of (&o, LEFT + 10, LEFT + 40));
    limn_overlay_clear (&o);
  }
}

/* The mean step between neighbours. */
static double
roughness_of (const LimnOverlay *o)
{
  double sum = 0;

  for (int y = TOP + 10; y < BOTTOM - 10; y++)
    for (int x = LEFT + 10; x < RIGHT - 10; x++)
      sum += fabs (at (o, x, y, 1) - at (o, x + 1, y, 1));
  return sum / ((BOTTOM - TOP - 20) * (RIGHT - LEFT - 20));
}

static void
test_grain (void)
{
  g_autofree Case *clean = new_case (8, 0), *noisy = new_case (8, 12);
  LimnOverlay a = paint (clean, 2, (LimnOverlay){ 0 }), b = paint (noisy, 2, (LimnOverlay){ 0 });

  g_assert_cmpfloat (roughness_of (&b), >, roughness_of (&a) + 4);
  limn_overlay_clear (&a);
  limn_overlay_clear (&b);
}

/* What lies over the photo already stays where nothing is painted, and is covered where something is. */
static void
test_over_another (void)
{
  g_autofree Case *c = new_case (8, 0);
  LimnOverlay before = { .x = 10, .y = 20, .pixels = { .depth = 8 } };
  uint8_t *pixels = calloc (1, 4 * 60 * 60); /* owned by the overlay, as the engine's are */

  memset (pixels, 255, 4 * 60 * 60);
  before.pixels = (LimnPixels){ pixels, 60, 60, 4 * 60, 8 };
  LimnOverlay o = paint (c, 2, before);
  g_assert_cmpuint (o.x, ==, 10);
  g_assert_cmpuint (o.y, ==, 20);
  g_assert_cmpfloat (at (&o, 20, 30, 0), ==, 255);
  g_assert_cmpfloat (at (&o, 20, 30, 3), ==, 255);
  g_assert_cmpfloat (at (&o, 100, 30, 3), ==, 0);
  g_assert_cmpfloat (at (&o, LEFT + 10, TOP + 10, 0), <, 250);
  limn_overlay_clear (&o);
}

static void
test_threads (void)
{
  g_autofree Case *c = new_case (8, 12);
  LimnOverlay a = paint (c, 1, (LimnOverlay){ 0 }), b = paint (c, 3, (LimnOverlay){ 0 });

  g_assert_cmpmem (a.pixels.data, a.pixels.stride * a.pixels.height, b.pixels.data, b.pixels.stride * b.pixels.height);
  limn_overlay_clear (&a);
  limn_overlay_clear (&b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/into-photo/light", test_light);
  g_test_add_func ("/into-photo/grain", test_grain);
  g_test_add_func ("/into-photo/over-another", test_over_another);
  g_test_add_func ("/into-photo/threads", test_threads);
  return g_test_run ();
}
