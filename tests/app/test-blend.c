/* Blend modes, against values worked out by hand from W3C's "Compositing and Blending Level 1".
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/compose/limn-stack.h"

#include <math.h>
#include <string.h>

/* One channel's backdrop and source, opaque, and what comes of them. */
static const struct {
  LimnBlend blend;
  double below, above, result;
} channels[] = {
  { LIMN_BLEND_DARKEN, 0.25, 0.6, 0.25 },
  { LIMN_BLEND_DARKEN, 0.7, 0.6, 0.6 },
  { LIMN_BLEND_MULTIPLY, 0.25, 0.6, 0.15 },
  { LIMN_BLEND_MULTIPLY, 1, 0.6, 0.6 },
  { LIMN_BLEND_COLOR_BURN, 0.75, 0.6, 0.583333 },
  { LIMN_BLEND_COLOR_BURN, 0.25, 0.6, 0 },
  { LIMN_BLEND_COLOR_BURN, 1, 0, 1 },
  { LIMN_BLEND_COLOR_BURN, 0.9, 0, 0 },
  { LIMN_BLEND_LIGHTEN, 0.25, 0.6, 0.6 },
  { LIMN_BLEND_LIGHTEN, 0.7, 0.6, 0.7 },
  { LIMN_BLEND_SCREEN, 0.25, 0.6, 0.7 },
  { LIMN_BLEND_SCREEN, 1, 1, 1 },
  { LIMN_BLEND_COLOR_DODGE, 0.25, 0.6, 0.625 },
  { LIMN_BLEND_COLOR_DODGE, 0.75, 0.6, 1 },
  { LIMN_BLEND_COLOR_DODGE, 0, 1, 0 },
  { LIMN_BLEND_COLOR_DODGE, 0.1, 1, 1 },
  { LIMN_BLEND_ADD, 0.25, 0.6, 0.85 },
  { LIMN_BLEND_ADD, 0.75, 0.6, 1 },
  { LIMN_BLEND_OVERLAY, 0.25, 0.6, 0.3 },
  { LIMN_BLEND_OVERLAY, 0.75, 0.6, 0.8 },
  { LIMN_BLEND_SOFT_LIGHT, 0.25, 0.6, 0.3 },
  { LIMN_BLEND_SOFT_LIGHT, 0.64, 0.6, 0.672 },
  { LIMN_BLEND_SOFT_LIGHT, 0.64, 0.3, 0.54784 },
  { LIMN_BLEND_HARD_LIGHT, 0.25, 0.6, 0.4 },
  { LIMN_BLEND_HARD_LIGHT, 0.25, 0.3, 0.15 },
  { LIMN_BLEND_DIFFERENCE, 0.25, 0.6, 0.35 },
  { LIMN_BLEND_DIFFERENCE, 0.7, 0.6, 0.1 },
};

/* Colours as a whole. */
static const struct {
  LimnBlend blend;
  double below[3], above[3], result[3];
} colors[] = {
  { LIMN_BLEND_HUE, { 0.2, 0.5, 0.8 }, { 1, 0.4, 0.2 }, { 0.7745, 0.3245, 0.1745 } },
  { LIMN_BLEND_HUE, { 0.2, 0.5, 0.8 }, { 0.4, 0.4, 0.4 }, { 0.443, 0.443, 0.443 } },
  { LIMN_BLEND_SATURATION, { 0.2, 0.5, 0.8 }, { 1, 0.4, 0.2 }, { 0.119, 0.519, 0.919 } },
  { LIMN_BLEND_SATURATION, { 0.2, 0.5, 0.8 }, { 0.7, 0.7, 0.7 }, { 0.443, 0.443, 0.443 } },
  { LIMN_BLEND_COLOR, { 0.2, 0.5, 0.8 }, { 1, 0.4, 0.2 }, { 0.885, 0.285, 0.085 } },
  { LIMN_BLEND_COLOR, { 1, 1, 1 }, { 1, 0, 0 }, { 1, 1, 1 } },
  { LIMN_BLEND_COLOR, { 0, 0, 0 }, { 1, 0, 0 }, { 0, 0, 0 } },
  { LIMN_BLEND_COLOR, { 0.8, 0.8, 0.8 }, { 1, 0, 0 }, { 1, 0.714286, 0.714286 } },
  { LIMN_BLEND_LUMINOSITY, { 0.2, 0.5, 0.8 }, { 1, 0.4, 0.2 }, { 0.315, 0.615, 0.915 } },
};

static void
set_pixel (gpointer pixels, int depth, int index, const double value[4])
{
  for (int k = 0; k < 4; k++)
    if (depth == 8)
      ((guint8 *) pixels)[4 * index + k] = (guint8) lround (value[k] * 255);
    else
      ((guint16 *) pixels)[4 * index + k] = (guint16) lround (value[k] * 65535);
}

static void
assert_pixel (gconstpointer pixels, int depth, const double value[4])
{
  for (int k = 0; k < 4; k++)
    if (depth == 8) /* what goes in is rounded as well, and some modes are steep */
      g_assert_cmpfloat_with_epsilon (((const guint8 *) pixels)[k] / 255.0, value[k], 2.6 / 255);
    else
      g_assert_cmpfloat_with_epsilon (((const guint16 *) pixels)[k] / 65535.0, value[k], 2.6 / 65535);
}

static void
assert_blend (LimnBlend blend, double opacity, gboolean keep_alpha, const double below[4], const double above[4], const double result[4])
{
  for (int depth = 8; depth <= 16; depth += 8) {
    guint16 lower[4], upper[4];

    set_pixel (lower, depth, 0, below);
    set_pixel (upper, depth, 0, above);
    limn_blend_row (blend, depth, opacity, keep_alpha, lower, upper, 1);
    assert_pixel (lower, depth, result);
  }
}

static void
opaque (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++) {
    const double b = channels[i].below, s = channels[i].above, r = channels[i].result;

    assert_blend (channels[i].blend, 1, FALSE, (double[]){ b, b, b, 1 }, (double[]){ s, s, s, 1 }, (double[]){ r, r, r, 1 });
    assert_blend (channels[i].blend, 0.5, FALSE, (double[]){ b, b, b, 1 }, (double[]){ s, s, s, 1 },
                  channels[i].blend == LIMN_BLEND_ADD ? (double[]){ MIN (1, b + s / 2), MIN (1, b + s / 2), MIN (1, b + s / 2), 1 }
                                                      : (double[]){ (b + r) / 2, (b + r) / 2, (b + r) / 2, 1 });
  }
}

static void
whole_colors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++) {
    const double *b = colors[i].below, *s = colors[i].above, *r = colors[i].result;

    assert_blend (colors[i].blend, 1, FALSE, (double[]){ b[0], b[1], b[2], 1 }, (double[]){ s[0], s[1], s[2], 1 },
                  (double[]){ r[0], r[1], r[2], 1 });
  }
}

static void
transparent (void)
{
  const double below[4] = { 0.8, 0.8, 0.8, 0.5 }, above[4] = { 0.5, 0.5, 0.5, 0.5 }, nothing[4] = { 0.3, 0.2, 0.1, 0 };

  assert_blend (LIMN_BLEND_MULTIPLY, 1, FALSE, below, above, (double[]){ 0.566667, 0.566667, 0.566667, 0.75 });
  assert_blend (LIMN_BLEND_MULTIPLY, 1, TRUE, below, above, (double[]){ 0.625, 0.625, 0.625, 0.5 });
  assert_blend (LIMN_BLEND_ADD, 1, FALSE, below, above, (double[]){ 0.65, 0.65, 0.65, 1 });
  for (LimnBlend blend = LIMN_BLEND_DARKEN; blend < LIMN_BLEND_ATOP; blend++) {
    assert_blend (blend, 1, FALSE, nothing, above, above); /* nothing to blend with */
    assert_blend (blend, 1, FALSE, below, nothing, below);
    assert_blend (blend, 0, FALSE, below, above, below);
  }
}

static void
names (void)
{
  LimnBlend blend;

  for (LimnBlend i = LIMN_BLEND_NORMAL; i < LIMN_N_BLENDS; i++) {
    g_assert_true (limn_blend_from_op (limn_blend_get_op (i), &blend));
    g_assert_cmpint (blend, ==, i);
  }
  g_assert_false (limn_blend_from_op ("svg:xor", &blend));
  g_assert_cmpint (blend, ==, LIMN_BLEND_NORMAL);
}

static LimnPicture *
plain (int width, int height, int depth, const double value[4])
{
  LimnPicture *picture = limn_picture_new ((gsize) width, (gsize) height, depth, NULL);

  for (int i = 0; i < width * height; i++)
    set_pixel (limn_picture_get_data (picture), depth, i, value);
  limn_picture_set_has_alpha (picture, value[3] < 1);
  return picture;
}

/* A layer of another depth, partly outside: what it covers is blended, the rest keeps its bytes, and the screen shows what is saved. */
static void
in_a_stack (void)
{
  const double below[4] = { 0.2, 0.4, 0.8, 1 }, above[4] = { 0.6, 0.2, 1, 1 };

  for (int depth = 8; depth <= 16; depth += 8) {
    g_autoptr (LimnPicture) photo = plain (8, 6, depth, below), layer = plain (4, 4, 24 - depth, above), flat = NULL;
    const LimnStackLayer layers[] = { { .picture = layer, .x = 5, .y = -1, .opacity = 1, .blend = LIMN_BLEND_MULTIPLY } };
    const LimnStack stack = { photo, layers, 1 };
    const LimnRect all = { 0, 0, 8, 6 };
    guint8 seen[6][8 * 4];

    flat = limn_stack_flatten (&stack, NULL, NULL);
    limn_stack_render (&stack, 0, &all, seen[0], sizeof seen[0]);
    for (int y = 0; y < 6; y++)
      for (int x = 0; x < 8; x++) {
        const gboolean covered = x >= 5 && y < 3;
        const double result[4] = { 0.12, 0.08, 0.8, 1 };
        const guint8 *pixel = limn_picture_get_data (flat) + (gsize) y * limn_picture_get_stride (flat) + (gsize) x * depth / 2;

        assert_pixel (pixel, depth, covered ? result : below);
        assert_pixel (&seen[y][4 * x], 8, covered ? result : below);
        if (!covered)
          g_assert_cmpmem (pixel, depth / 2, limn_picture_get_data (photo), depth / 2);
      }
  }
}

/* No more opaque than what is below. */
static void
atop (void)
{
  const double below[4] = { 0.2, 0.4, 0.8, 0.5 }, above[4] = { 0.6, 0.2, 1, 1 };
  g_autoptr (LimnPicture) photo = plain (2, 2, 16, below), layer = plain (2, 2, 16, above), flat = NULL;
  const LimnStackLayer layers[] = { { .picture = layer, .opacity = 1, .blend = LIMN_BLEND_ATOP } };
  const LimnStack stack = { photo, layers, 1 };

  flat = limn_stack_flatten (&stack, NULL, NULL);
  assert_pixel (limn_picture_get_data (flat), 16, (double[]){ 0.6, 0.2, 1, 0.5 });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blend/opaque", opaque);
  g_test_add_func ("/blend/whole-colors", whole_colors);
  g_test_add_func ("/blend/transparent", transparent);
  g_test_add_func ("/blend/names", names);
  g_test_add_func ("/blend/in-a-stack", in_a_stack);
  g_test_add_func ("/blend/atop", atop);
  return g_test_run ();
}
