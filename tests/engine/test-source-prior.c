/* What holes are rather filled from: background like their ring, at their height where height tells colours.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdlib.h>

#include "engine/completion/source-prior.h"

enum { WIDTH = 96, HEIGHT = 72 };

static const LimnRegion HOLE = { 36, 26, 24, 20 };

/* A colour in [-1, 1]. */
typedef float (*Scene) (size_t x, size_t y, size_t c);

static float
grain (size_t x, size_t y)
{
  return (float) (((x * 7919u) ^ (y * 104729u)) % 97u) / 97.0f - 0.5f;
}

static float
meadow (size_t x, size_t y, size_t c)
{
  return (c == 1 ? 0.1f : -0.5f) + 0.8f * grain (x, y);
}

/* The meadow with a red thing far from the hole. */
static float
thing (size_t x, size_t y, size_t c)
{
  return x < 16 && y < 16 ? (c == 0 ? 0.8f : -0.8f) : meadow (x, y, c);
}

/* Sky, sea and sand. */
static float
layers (size_t x, size_t y, size_t c)
{
  static const float COLOURS[3][3] = { { 0.2f, 0.5f, 0.9f }, { -0.6f, -0.2f, 0.1f }, { 0.6f, 0.4f, 0.0f } };

  return COLOURS[3 * y / HEIGHT][c] + 0.1f * grain (x, y);
}

/* Gray that is in focus on the left alone. */
static float
focus (size_t x, size_t y, size_t c)
{
  return (x < 30 ? 0.9f : 0.05f) * grain (x, y);
}

static LimnSourcePrior
prior_of (LimnPatchLevel *level, Scene scene, uint64_t seed)
{
  LimnImage rgb;
  guint8 state[WIDTH * HEIGHT] = { 0 };
  LimnSourcePrior prior;

  g_assert_cmpint (limn_image_new (&rgb, WIDTH, HEIGHT, 3, NULL), ==, LIMN_OK);
  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH; x++) {
      if (x - HOLE.x < HOLE.width && y - HOLE.y < HOLE.height)
        state[y * WIDTH + x] = LIMN_PIXEL_TARGET;
      for (size_t c = 0; c < 3; c++)
        rgb.data[3 * (y * WIDTH + x) + c] = scene (x, y, c);
    }
  const LimnPatchMatch input = { .rgb = &rgb, .state = state, .hole = HOLE };
  g_assert_cmpint (limn_patch_level_finest (level, &input, 1, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_source_prior_new (&prior, level, seed, NULL, NULL), ==, LIMN_OK);
  limn_image_clear (&rgb);
  return prior;
}

static void
test_things_cost (void)
{
  LimnPatchLevel level;
  LimnSourcePrior prior = prior_of (&level, thing, 1);

  g_assert_cmpfloat (prior.price[8 * WIDTH + 8], >, 10.0f * prior.price[60 * WIDTH + 20]);
  g_assert_cmpfloat (limn_source_prior_cost (&prior, &level, 40, 30, (LimnPlace){ -32, -22 }), >=, prior.price[8 * WIDTH + 8]);
  limn_source_prior_clear (&prior);
  limn_patch_level_clear (&level);
}

/* Where height tells colours, going far up costs, and less far less; in a meadow it costs nothing. */
static void
test_height (void)
{
  LimnPatchLevel level;
  LimnSourcePrior layered = prior_of (&level, layers, 1);
  const float beside = limn_source_prior_cost (&layered, &level, 40, 40, (LimnPlace){ 30, 0 });
  const float near = limn_source_prior_cost (&layered, &level, 40, 40, (LimnPlace){ 30, 3 });
  const float above = limn_source_prior_cost (&layered, &level, 40, 40, (LimnPlace){ 0, -30 });

  g_assert_cmpfloat (layered.height, >, 0.0f);
  g_assert_cmpfloat (near, >, beside);
  g_assert_cmpfloat (above, >, near);
  limn_source_prior_clear (&layered);
  limn_patch_level_clear (&level);
  LimnSourcePrior even = prior_of (&level, meadow, 1);
  g_assert_cmpfloat (even.height, ==, 0.0f);
  limn_source_prior_clear (&even);
  limn_patch_level_clear (&level);
}

/* Around a hole that is out of focus, what is in focus costs; of one colour they are. */
static void
test_focus (void)
{
  LimnPatchLevel level;
  LimnSourcePrior prior = prior_of (&level, focus, 1);

  g_assert_cmpfloat (prior.price[36 * WIDTH + 12], >, 200.0f);
  g_assert_cmpfloat (prior.price[36 * WIDTH + 85], <, 20.0f);
  limn_source_prior_clear (&prior);
  limn_patch_level_clear (&level);
  prior = prior_of (&level, meadow, 1); /* all in focus */
  g_assert_cmpfloat (prior.price[36 * WIDTH + 12], <, 20.0f);
  limn_source_prior_clear (&prior);
  limn_patch_level_clear (&level);
}

/* The first seed looks anywhere, the next ones to either side. */
static void
test_direction (void)
{
  static const LimnPlace LEFT = { -30, 0 }, RIGHT = { 30, 0 };
  float cost[4][2];

  for (uint64_t seed = 1; seed < 5; seed++) {
    LimnPatchLevel level;
    LimnSourcePrior prior = prior_of (&level, meadow, seed);

    cost[seed - 1][0] = limn_source_prior_cost (&prior, &level, 48, 60, LEFT);
    cost[seed - 1][1] = limn_source_prior_cost (&prior, &level, 48, 60, RIGHT);
    limn_source_prior_clear (&prior);
    limn_patch_level_clear (&level);
  }
  g_assert_cmpfloat (ABS (cost[0][0] - cost[0][1]), <, 10.0f);
  g_assert_cmpfloat (cost[1][0] - cost[0][0], >, 200.0f);
  g_assert_cmpfloat (cost[1][1], ==, cost[0][1]);
  g_assert_cmpfloat (cost[2][0], ==, cost[0][0]);
  g_assert_cmpfloat (cost[2][1] - cost[0][1], >, 200.0f);
  g_assert_cmpfloat (ABS (cost[3][0] - cost[3][1]), <, 10.0f); /* below */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source-prior/things-cost", test_things_cost);
  g_test_add_func ("/source-prior/height", test_height);
  g_test_add_func ("/source-prior/focus", test_focus);
  g_test_add_func ("/source-prior/direction", test_direction);
  return g_test_run ();
}
