/* The model of thin holes: waves go on through what isn't known.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "engine/completion/frequency-model.h"

enum { SIDE = LIMN_FREQUENCY_SIDE };

typedef double (*Scene) (int x, int y, int c);

/* Slanting stripes whose period doesn't fit into the window. */
static double
stripes (int x, int y, int c)
{
  return 0.1 * (c - 1) + 0.6 * sin (0.9 * x + 0.4 * y);
}

static double
edge (int x, int y, int c)
{
  return tanh (1.5 * (x - 0.7 * y - 5)) * 0.7;
}

static double
plain (int x, int y, int c)
{
  return 0.25 * c - 0.3;
}

/* Root mean square error in a slanting line of that width, which is unknown. */
static double
error_of (LimnFrequencyModel *model, Scene scene, int width)
{
  float rgb[SIDE][SIDE][3];
  guint8 known[SIDE][SIDE];
  double sum = 0;
  int count = 0;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      known[y][x] = abs (x - (y + SIDE) / 3) >= (width + 1) / 2;
      for (int c = 0; c < 3; c++)
        rgb[y][x][c] = known[y][x] ? (float) scene (x, y, c) : NAN;
    }
  g_assert_true (limn_frequency_model_fit (model, (const float *) rgb, (const guint8 *) known));
  for (int y = SIDE / 2 - 4; y < SIDE / 2 + 4; y++)
    for (int x = 0; x < SIDE; x++) {
      float found[3];
      if (known[y][x])
        continue;
      limn_frequency_model_evaluate (model, (gsize) x, (gsize) y, found);
      for (int c = 0; c < 3; c++, count++)
        sum += pow ((double) found[c] - scene (x, y, c), 2);
    }
  return sqrt (sum / count);
}

static void
test_goes_on (void)
{
  LimnFrequencyModel *model;

  g_assert_cmpint (limn_frequency_model_new (&model, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (error_of (model, plain, 5), <, 0.001);
  g_assert_cmpfloat (error_of (model, stripes, 3), <, 0.05);
  g_assert_cmpfloat (error_of (model, stripes, 6), <, 0.2);
  g_assert_cmpfloat (error_of (model, edge, 3), <, 0.2);
  g_assert_cmpfloat (error_of (model, plain, 5), <, 0.001); /* nothing is left of what was fitted before */
  limn_frequency_model_free (model);
}

static void
test_nothing_known (void)
{
  static const float rgb[SIDE * SIDE * 3];
  static const guint8 known[SIDE * SIDE];
  LimnFrequencyModel *model;

  g_assert_cmpint (limn_frequency_model_new (&model, NULL), ==, LIMN_OK);
  g_assert_false (limn_frequency_model_fit (model, rgb, known));
  limn_frequency_model_free (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frequency-model/goes-on", test_goes_on);
  g_test_add_func ("/frequency-model/nothing-known", test_nothing_known);
  return g_test_run ();
}
