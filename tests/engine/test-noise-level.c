/* How well noise and JPEG's blocks are measured, on pictures whose noise is known.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "engine/measure/noise-level.h"

enum { SIDE = 160 };

typedef enum { FLAT, SHADED, TEXTURED } Ground;

static double
gauss (GRand *rand)
{
  return sqrt (-2 * log (g_rand_double_range (rand, 1e-12, 1))) * cos (2 * G_PI * g_rand_double (rand));
}

/* step: between blocks of 8 x 8, whose level is drawn; sigma: of noise in levels of 8 bits. Free data. */
static LimnPixels
picture (Ground ground, double sigma, double step, bool gray)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  LimnPixels p = { g_malloc (SIDE * SIDE * 4), SIDE, SIDE, SIDE * 4, 8 };
  double blocks[SIDE / 8 * SIDE / 8];

  for (size_t i = 0; i < G_N_ELEMENTS (blocks); i++)
    blocks[i] = step * g_rand_double_range (rand, -1, 1);
  for (size_t y = 0; y < SIDE; y++)
    for (size_t x = 0; x < SIDE; x++) {
      const double texture = 12 * gauss (rand), shared = sigma * gauss (rand);
      for (size_t k = 0; k < 4; k++) {
        double v = 128 + (ground == SHADED ? 40 * sin ((double) (x + 2 * y) * 0.03) : ground == TEXTURED ? texture : 0);
        v += blocks[y / 8 * (SIDE / 8) + x / 8] + (gray ? shared : sigma * gauss (rand));
        ((guint8 *) p.data)[(y * SIDE + x) * 4 + k] = k == 3 ? 255 : (guint8) CLAMP (v + 0.5, 0, 255);
      }
    }
  return p;
}

static LimnNoiseLevel
measure (const LimnPixels *p, int threads)
{
  LimnPool *pool;
  LimnNoiseLevel level;
  LimnError error;

  if (limn_pool_new (&pool, threads, &error) != LIMN_OK || limn_measure_noise (&level, p, pool, &error) != LIMN_OK)
    g_error ("%s", error.text);
  limn_pool_free (pool);
  level.noise *= 127.5f; /* to levels of 8 bits */
  level.grain *= 127.5f;
  level.blocks *= 127.5f;
  return level;
}

static LimnNoiseLevel
level_of (Ground ground, double sigma, double step, bool gray)
{
  LimnPixels p = picture (ground, sigma, step, gray);
  LimnNoiseLevel level = measure (&p, 2);

  g_free (p.data);
  return level;
}

static void
noise_is_measured (void)
{
  for (int gray = 0; gray < 2; gray++)
    for (int shaded = 0; shaded < 2; shaded++)
      for (double sigma = 3; sigma <= 24; sigma *= 2) {
        const LimnNoiseLevel level = level_of (shaded ? SHADED : FLAT, sigma, 0, gray);
        g_assert_cmpfloat_with_epsilon (level.noise, sigma, 0.12 * sigma);
        g_assert_cmpfloat_with_epsilon (level.grain, sigma, 0.12 * sigma);
        g_assert_cmpfloat (level.blocks, ==, 0);
      }
}

/* What the channels share may be fine texture. */
static void
texture_is_not_grain (void)
{
  const LimnNoiseLevel level = level_of (TEXTURED, 2, 0, false);

  g_assert_cmpfloat (level.noise, >, 10);
  g_assert_cmpfloat (level.grain, <, 3);
}

static void
blocks_are_found (void)
{
  const LimnNoiseLevel weak = level_of (SHADED, 0.5, 4, false), strong = level_of (SHADED, 0.5, 12, false);

  g_assert_cmpfloat (weak.blocks, >, 0.8);
  g_assert_cmpfloat (strong.blocks, >, 2 * weak.blocks);
  g_assert_cmpfloat (strong.noise, <, 2);
}

static void
clean_is_clean (void)
{
  LimnPixels p = picture (FLAT, 0, 0, false), clipped = picture (FLAT, 60, 0, false);
  LimnNoiseLevel level = measure (&p, 1);

  g_assert_cmpfloat (level.noise, ==, 0);
  g_assert_cmpfloat (level.grain, ==, 0);
  g_assert_cmpfloat (level.blocks, ==, 0);
  for (size_t i = 3; i < SIDE * SIDE * 4; i += 4)
    ((guint8 *) clipped.data)[i] = 0; /* all of it is transparent */
  level = measure (&clipped, 1);
  g_assert_cmpfloat (level.noise, ==, 0);
  clipped.width = 63; /* too small to say */
  level = measure (&clipped, 1);
  g_assert_cmpfloat (level.noise, ==, 0);
  g_free (p.data);
  g_free (clipped.data);
}

static void
threads_agree (void)
{
  LimnPixels p = picture (TEXTURED, 5, 3, false);
  const LimnNoiseLevel one = measure (&p, 1), three = measure (&p, 3);

  g_assert_cmpmem (&one, sizeof one, &three, sizeof three);
  g_free (p.data);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noise-level/measured", noise_is_measured);
  g_test_add_func ("/noise-level/texture", texture_is_not_grain);
  g_test_add_func ("/noise-level/blocks", blocks_are_found);
  g_test_add_func ("/noise-level/clean", clean_is_clean);
  g_test_add_func ("/noise-level/threads", threads_agree);
  return g_test_run ();
}
