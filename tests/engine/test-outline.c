/* Outlines through a hole: found where an edge goes on behind it, with the right curve, and not found in texture or where other things
 * meet the hole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "engine/completion/outline.h"

enum { WIDTH = 160, HEIGHT = 140 };

static const LimnRegion HOLE = { 50, 45, 55, 50 };

/* A colour in [-1, 1]. */
typedef float (*Scene) (float x, float y, int c);

static float
grain (float x, float y)
{
  return (float) (((guint) x * 7919u ^ (guint) y * 104729u) % 97u) / 97.0f - 0.5f;
}

/* Shares of a pixel on either side of an edge at distance 0. */
static float
blend (float distance, float inside, float outside)
{
  const float t = CLAMP (0.5f - distance, 0.0f, 1.0f);

  return t * inside + (1 - t) * outside;
}

static float
horizon (float x, float y, int c)
{
  return blend (y - 70.0f - 0.2f * (x - 80.0f), c == 2 ? 0.8f : 0.1f, c == 1 ? 0.0f : -0.6f) + 0.05f * grain (x, y);
}

/* A plate with its centre below the picture. */
static float
plate (float x, float y, int c)
{
  return blend (hypotf (x - 75.0f, y - 160.0f) - 90.0f, c == 0 ? 0.5f : -0.7f, c == 2 ? -0.3f : 0.4f) + 0.1f * grain (x, y);
}

static float
noise (float x, float y, int c)
{
  return 1.6f * grain (floorf (x / 3), floorf (y / 3));
}

/* On the left a red thing on gray, on the right a blue one. */
static float
others (float x, float y, int c)
{
  const float thing = x < 75 ? (c == 0 ? 0.7f : -0.6f) : (c == 2 ? 0.7f : -0.6f);

  return blend (y - 70.0f, thing, x < 75 ? 0.2f : -0.9f);
}

static LimnOutlines
outlines_in (Scene scene)
{
  LimnOutlines outlines;
  LimnPatchLevel level;
  LimnImage rgb;
  guint8 state[WIDTH * HEIGHT] = { 0 };

  g_assert_cmpint (limn_image_new (&rgb, WIDTH, HEIGHT, 3, NULL), ==, LIMN_OK);
  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH; x++) {
      if (x - HOLE.x < HOLE.width && y - HOLE.y < HOLE.height)
        state[y * WIDTH + x] = LIMN_PIXEL_TARGET;
      for (int c = 0; c < 3; c++)
        rgb.data[3 * (y * WIDTH + x) + (size_t) c] = scene ((float) x, (float) y, c);
    }
  const LimnPatchMatch input = { .rgb = &rgb, .state = state, .hole = HOLE };
  g_assert_cmpint (limn_patch_level_finest (&level, &input, 1, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_outlines_find (&outlines, &level, NULL, NULL), ==, LIMN_OK);
  limn_patch_level_clear (&level);
  limn_image_clear (&rgb);
  return outlines;
}

static void
test_line (void)
{
  LimnOutlines outlines = outlines_in (horizon);

  g_assert_cmpuint (outlines.count, ==, 1);
  for (int k = 0; k < LIMN_OUTLINE_POINTS; k++) {
    const LimnVector p = outlines.outline[0].point[k];
    g_assert_cmpfloat (fabsf (p.y - 70.0f - 0.2f * (p.x - 80.0f)), <, 2.0f);
  }
  limn_outlines_clear (&outlines);
}

static void
test_arc (void)
{
  LimnOutlines outlines = outlines_in (plate);

  g_assert_cmpuint (outlines.count, ==, 1);
  for (int k = 0; k < LIMN_OUTLINE_POINTS; k++) {
    const LimnVector p = outlines.outline[0].point[k];
    g_assert_cmpfloat (fabsf (hypotf (p.x - 75.0f, p.y - 160.0f) - 90.0f), <, 2.0f);
  }
  limn_outlines_clear (&outlines);
}

static void
test_scaled (void)
{
  LimnOutlines outlines = outlines_in (horizon);
  const LimnVector before = outlines.outline[0].point[7];
  const float length = outlines.outline[0].length;

  limn_outlines_scale (&outlines, 2.0f);
  g_assert_cmpfloat_with_epsilon (outlines.outline[0].point[7].x, 2 * before.x + 0.5f, 1e-4);
  g_assert_cmpfloat_with_epsilon (outlines.outline[0].length, 2 * length, 1e-3);
  limn_outlines_clear (&outlines);
}

static void
test_none (void)
{
  for (int k = 0; k < 2; k++) {
    LimnOutlines outlines = outlines_in (k ? noise : others);
    g_assert_cmpuint (outlines.count, ==, 0);
    limn_outlines_clear (&outlines);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outline/line", test_line);
  g_test_add_func ("/outline/arc", test_arc);
  g_test_add_func ("/outline/scaled", test_scaled);
  g_test_add_func ("/outline/none", test_none);
  return g_test_run ();
}
