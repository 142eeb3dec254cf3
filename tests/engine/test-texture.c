/* What materials are laid with, beside plain references: distances, surfaces in hexagons, outlines, arithmetic.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/texture/lab.h"
#include "engine/texture/label-distance.h"
#include "engine/texture/lattice-noise.h"
#include "engine/texture/outline.h"
#include "engine/texture/surface.h"

/* ---------------------------------------------------------------- arithmetic */

static void
test_arithmetic (void)
{
  for (float x = 0.001f; x < 50; x *= 1.07f) {
    g_assert_cmpfloat_with_epsilon (limn_log2 (x), log2f (x), 3e-6);
    g_assert_cmpfloat_with_epsilon (limn_exp2 (x - 25) / exp2f (x - 25), 1, 1e-5);
    g_assert_cmpfloat_with_epsilon (limn_power (x, 1 / 2.4f) / powf (x, 1 / 2.4f), 1, 1e-5);
    g_assert_cmpfloat_with_epsilon (limn_sine (x - 20), sin (2 * G_PI * (double) (x - 20)), 0.003);
  }
  g_assert_cmpfloat (limn_power (0, 0.5f), ==, 0);
}

/* Every sRGB colour comes back from Lab; white has no chroma. */
static void
test_lab (void)
{
  const LimnLab white = limn_lab_of_srgb ((const uint8_t[]){ 255, 255, 255 });

  g_assert_cmpfloat_with_epsilon (white[0], 100, 0.01);
  g_assert_cmpfloat_with_epsilon (hypotf (white[1], white[2]), 0, 0.02);
  for (int i = 0; i < 4096; i++) {
    const uint8_t rgb[3] = { (uint8_t) (17 * (i & 15)), (uint8_t) (17 * (i >> 4 & 15)), (uint8_t) (17 * (i >> 8)) };
    float linear[3];

    limn_lab_to_linear (limn_lab_of_srgb (rgb), linear);
    for (int c = 0; c < 3; c++)
      g_assert_cmpfloat_with_epsilon (255 * limn_linear_to_srgb (linear[c]), rgb[c], 0.3);
  }
}

/* The derivatives of noise are its slopes. */
static void
test_noise_slopes (void)
{
  for (float x = -3.1f; x < 3; x += 0.37f) {
    const LimnNoise n = limn_noise_at (x, 2.3f * x, 5);
    const float right = limn_noise_at (x + 1e-3f, 2.3f * x, 5).value, below = limn_noise_at (x, 2.3f * x + 1e-3f, 5).value;

    g_assert_cmpfloat_with_epsilon (n.dx, (right - n.value) * 1000, 0.03);
    g_assert_cmpfloat_with_epsilon (n.dy, (below - n.value) * 1000, 0.03);
  }
}

/* ---------------------------------------------------------------- distances */

enum { W = 61, H = 43 };

static void
make_labels (uint8_t *label, GRand *random)
{
  memset (label, 1, W * H);
  for (int k = 0; k < 6; k++) {
    const double x = g_rand_double_range (random, 0, W), y = g_rand_double_range (random, 0, H), r = g_rand_double_range (random, 2, 14);
    for (int i = 0; i < W * H; i++)
      if (hypot (i % W - x, i / W - y) < r)
        label[i] = (uint8_t) (2 + k % 4);
  }
}

static void
test_nearest_seed (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  uint8_t seed[W * H];
  uint32_t nearest[W * H];
  float squared[W * H];

  for (int round = 0; round < 8; round++) {
    for (int i = 0; i < W * H; i++)
      seed[i] = g_rand_double (random) < 0.002 * (round + 1) || i == 77;
    g_assert_cmpint (limn_nearest_seed (nearest, squared, seed, W, H, NULL, NULL), ==, LIMN_OK);
    for (int i = 0; i < W * H; i++) {
      int least = G_MAXINT;

      for (int j = 0; j < W * H; j++)
        if (seed[j])
          least = MIN (least, (i % W - j % W) * (i % W - j % W) + (i / W - j / W) * (i / W - j / W));
      const int dx = i % W - (int) nearest[i] % W, dy = i / W - (int) nearest[i] / W;
      g_assert_true (seed[nearest[i]]);
      g_assert_cmpint (dx * dx + dy * dy, ==, least);
      g_assert_cmpfloat (squared[i], ==, least);
    }
  }
  memset (seed, 0, sizeof seed);
  g_assert_cmpint (limn_nearest_seed (nearest, squared, seed, W, H, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpuint (nearest[123], ==, 123);
}

/* A place is as far from its border as from the nearest place of another label, within a pixel, and that label is what lies behind. */
static void
test_label_distance (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  uint8_t label[W * H], other[W * H];
  float distance[W * H];

  for (int round = 0; round < 10; round++) {
    make_labels (label, random);
    g_assert_cmpint (limn_label_distance (distance, other, label, W, H, NULL, NULL), ==, LIMN_OK);
    for (int i = 0; i < W * H; i++) {
      double least = 1e9, least_behind = 1e9;

      for (int j = 0; j < W * H; j++) {
        const double d = hypot (i % W - j % W, i / W - j / W);
        if (label[j] != label[i])
          least = MIN (least, d);
        if (label[j] == other[i])
          least_behind = MIN (least_behind, d);
      }
      if (least > 1e8)
        continue;
      g_assert_cmpuint (other[i], !=, label[i]);
      g_assert_cmpfloat_with_epsilon ((double) distance[i], least - 0.5, 0.8);
      g_assert_cmpfloat (least_behind, <, least + 1.6);
    }
  }
  memset (label, 3, sizeof label);
  g_assert_cmpint (limn_label_distance (distance, other, label, W, H, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (distance[99], >, 1e5);
  g_assert_cmpuint (other[99], ==, 3);
}

/* ---------------------------------------------------------------- surfaces */

static LimnSurface
make_surface (void)
{
  enum { SIDE = 128 };
  uint8_t pixels[SIDE * SIDE * 4];
  LimnSurface surface;

  for (int i = 0; i < SIDE * SIDE; i++) { /* grains of some pixels, so that reading between pixels loses nothing */
    const uint8_t v = (uint8_t) (130 + 40 * limn_noise_at ((float) (i % SIDE) / 6, (float) (i / SIDE) / 6, 9).value);
    memcpy (pixels + 4 * i, (const uint8_t[]){ v, v, (uint8_t) (v - 30), 255 }, 4);
  }
  const LimnPixels view = { pixels, SIDE, SIDE, 4 * SIDE, 8 };
  g_assert_cmpint (limn_surface_of_pixels (&surface, &view, NULL), ==, LIMN_OK);
  return surface;
}

/* Laid in hexagons, a surface has its own contrast everywhere and no mean. */
static void
test_hexagons_keep_contrast (void)
{
  LimnSurface surface = make_surface ();
  double own[2] = { 0 }, laid[2] = { 0 };
  const int count = 90000;

  for (int i = 0; i < count; i++) {
    const double a = (double) limn_surface_at (&surface, (float) (i % 300) + 0.5f, (float) (i / 300) + 0.5f, 0)[0];
    const double b = (double) limn_surface_laid_at (&surface, (float) (i % 300) + 0.5f, (float) (i / 300) + 0.5f, 0, 30, 1)[0];

    own[0] += a;
    own[1] += a * a;
    laid[0] += b;
    laid[1] += b * b;
  }
  g_assert_cmpfloat_with_epsilon (own[0] / count, 0, 0.3);
  g_assert_cmpfloat_with_epsilon (laid[0] / count, 0, 0.5);
  g_assert_cmpfloat_with_epsilon (sqrt (laid[1] / own[1]), 1, 0.08);
  limn_surface_clear (&surface);
}

/* The pyramid's levels are means of the level below. */
static void
test_pyramid (void)
{
  LimnSurface surface = make_surface ();

  for (size_t y = 0; y < 64; y += 7)
    for (size_t x = 0; x < 64; x += 5) {
      int sum = 0;

      for (int k = 0; k < 4; k++)
        sum += surface.data[0][4 * ((2 * y + (size_t) k / 2) * 128 + 2 * x + (size_t) k % 2)];
      g_assert_cmpint (abs (sum - 4 * surface.data[1][4 * (y * 64 + x)]), <=, 5);
    }
  limn_surface_clear (&surface);
}

static void
test_bad_surfaces (void)
{
  uint8_t pixels[8 * 8 * 4] = { 0 };
  const LimnPixels small = { pixels, 8, 8, 32, 8 };
  LimnSurfaces *surfaces;
  LimnError error = { "" };

  g_assert_cmpint (limn_surfaces_new (&surfaces, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_surfaces_add (surfaces, "small", &small, &error), ==, LIMN_BAD_INPUT);
  g_assert_nonnull (strstr (error.text, "16 to 4096"));
  g_assert_cmpint (limn_surfaces_add_own (surfaces, 5, limn_material_of_label (5), &small, &error), ==, LIMN_BAD_INPUT);
  limn_surfaces_free (surfaces);
}

/* A wall of bricks, lit from the left, cut at any place: the tile goes on over its border as it does within. */
static void
test_tileable (void)
{
  enum { SIDE = 150 };
  static uint8_t pixels[SIDE * SIDE * 4];
  const LimnPixels view = { pixels, SIDE, SIDE, 4 * SIDE, 8 };
  LimnOverlay tile;
  double inside = 0, across[2] = { 0 };

  for (int i = 0; i < SIDE * SIDE; i++) {
    const int y = (i / SIDE + 5) % 20, x = (i % SIDE + 7 + (i / SIDE + 5) / 20 % 2 * 16) % 32;
    memset (pixels + 4 * i, (x < 3 || y < 3 ? 90 : 170) - i % SIDE / 5 + (int) (limn_hash (i, 0, 3) % 12), 4);
  }
  g_assert_cmpint (limn_make_tileable (&view, &tile, NULL), ==, LIMN_OK);
  const size_t w = tile.pixels.width, h = tile.pixels.height;
  const uint8_t *data = tile.pixels.data;
  g_assert_cmpuint (w % 32, ==, 0);
  g_assert_cmpuint (h % 40, ==, 0);
  for (size_t i = 0; i < h; i++)
    across[0] += fabs ((double) data[4 * i * w] - data[4 * (i * w + w - 1)]) / (double) h;
  for (size_t i = 0; i < w; i++)
    across[1] += fabs ((double) data[4 * i] - data[4 * ((h - 1) * w + i)]) / (double) w;
  for (size_t i = 0; i + 1 < w * h; i++)
    inside += fabs ((double) data[4 * i] - data[4 * (i + 1)]) / (double) (w * h);
  g_assert_cmpfloat (across[0], <, 2 * inside);
  g_assert_cmpfloat (across[1], <, 2 * inside);
  limn_overlay_clear (&tile);
  g_assert_cmpint (limn_make_tileable (&(LimnPixels){ pixels, 12, 90, 4 * SIDE, 8 }, &tile, NULL), ==, LIMN_BAD_INPUT);
}

/* ---------------------------------------------------------------- outlines */

/* A rectangle that wobbles by some pixels becomes four level and upright lines; a circle stays one. */
static void
test_straighten (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  LimnLoop wobbly = { 0 }, circle = { 0 }, out = { 0 };

  for (int side = 0; side < 4; side++)
    for (int i = 0; i < 60; i++) {
      static const float x[5] = { 0, 240, 240, 0, 0 }, y[5] = { 0, 0, 180, 180, 0 };
      const float t = (float) i / 60, wobble = 2.4f * (float) sin (i * 0.7 + side) + (float) g_rand_double_range (random, -0.5, 0.5);
      g_assert_cmpint (limn_loop_add (&wobbly, x[side] + t * (x[side + 1] - x[side]) + (side % 2 ? wobble : 0),
                                      y[side] + t * (y[side + 1] - y[side]) + (side % 2 ? 0 : wobble), NULL),
                       ==, LIMN_OK);
    }
  g_assert_cmpint (limn_loop_straighten (&wobbly, 4.5f, &out, NULL), ==, LIMN_OK);
  g_assert_cmpuint (out.count, ==, 4);
  for (size_t i = 0; i < 4; i++) {
    const LimnPoint a = out.points[i], b = out.points[(i + 1) % 4];
    g_assert_cmpfloat (MIN (fabsf (a.x - b.x), fabsf (a.y - b.y)), <, 0.01f);
  }
  for (int i = 0; i < 400; i++)
    g_assert_cmpint (limn_loop_add (&circle, 90 * (float) cos (i * G_PI / 200), 90 * (float) sin (i * G_PI / 200), NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_loop_straighten (&circle, 4.5f, &out, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < out.count; i++)
    g_assert_cmpfloat_with_epsilon (hypotf (out.points[i].x, out.points[i].y), 90, 1.5);
  g_assert_cmpuint (out.count, >, 100);
  limn_loop_clear (&wobbly);
  limn_loop_clear (&circle);
  limn_loop_clear (&out);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/texture/arithmetic", test_arithmetic);
  g_test_add_func ("/texture/lab", test_lab);
  g_test_add_func ("/texture/noise-slopes", test_noise_slopes);
  g_test_add_func ("/texture/nearest-seed", test_nearest_seed);
  g_test_add_func ("/texture/label-distance", test_label_distance);
  g_test_add_func ("/texture/hexagons-keep-contrast", test_hexagons_keep_contrast);
  g_test_add_func ("/texture/pyramid", test_pyramid);
  g_test_add_func ("/texture/bad-surfaces", test_bad_surfaces);
  g_test_add_func ("/texture/tileable", test_tileable);
  g_test_add_func ("/texture/straighten", test_straighten);
  return g_test_run ();
}
