/* Pixels to floats and back, at both depths, over the borders, and refusals.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "engine/imaging/image.h"

static void
test_round_trip (void)
{
  for (int depth = 8; depth <= 16; depth += 8) {
    const unsigned max = depth == 8 ? 255 : 65535;
    const size_t count = max + 1;
    g_autofree guint8 *data = g_malloc0 (count * 4 * (size_t) (depth / 8));
    for (size_t i = 0; i < count * 4; i++)
      if (depth == 8)
        data[i] = (guint8) (i / 4 * (i % 4 + 1) | (i % 4 == 3)); /* never transparent */
      else
        ((guint16 *) (void *) data)[i] = (guint16) (i / 4 * (i % 4 + 1) | (i % 4 == 3));
    LimnPixels pixels = { .data = data, .width = count, .height = 1, .stride = count * 4 * (size_t) (depth / 8), .depth = depth };
    LimnImage rgb, alpha;
    LimnOverlay overlay;
    g_assert_cmpint (limn_image_from_pixels (&rgb, &alpha, &pixels, 0, 0, count, 1, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_overlay_from_image (&overlay, &rgb, &alpha, 3, 4, depth, NULL), ==, LIMN_OK);
    g_assert_cmpuint (overlay.x, ==, 3);
    g_assert_cmpuint (overlay.y, ==, 4);
    g_assert_cmpint (overlay.pixels.depth, ==, depth);
    g_assert_cmpmem (overlay.pixels.data, overlay.pixels.stride, data, pixels.stride);
    limn_overlay_clear (&overlay);
    limn_image_clear (&rgb);
    limn_image_clear (&alpha);
  }
}

static void
test_mirror (void)
{
  guint8 data[3 * 4];
  const int want[] = { 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1 };
  for (int i = 0; i < 12; i++)
    data[i] = (guint8) (i % 4 == 3 ? 255 : i / 4 * 100);
  LimnPixels pixels = { .data = data, .width = 3, .height = 1, .stride = 12, .depth = 8 };
  LimnImage rgb;
  g_assert_cmpint (limn_image_from_pixels (&rgb, NULL, &pixels, -5, -2, G_N_ELEMENTS (want), 4, NULL), ==, LIMN_OK);
  for (size_t y = 0; y < 4; y++)
    for (size_t x = 0; x < G_N_ELEMENTS (want); x++)
      g_assert_cmpfloat_with_epsilon (rgb.data[(y * rgb.width + x) * 3], (float) want[x] * 200.0f / 255.0f - 1.0f, 1e-6);
  limn_image_clear (&rgb);
}

static void
test_mask_outside (void)
{
  const guint8 data[] = { 255, 51, 0, 255 };
  LimnMask mask = { .data = data, .width = 2, .height = 2, .stride = 2 };
  LimnImage out;
  g_assert_cmpint (limn_image_from_mask (&out, &mask, -1, -1, 4, 4, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < 16; i++)
    g_assert_cmpfloat_with_epsilon (out.data[i], i == 5 || i == 10 ? 1.0f : i == 6 ? 0.2f : 0.0f, 1e-6);
  limn_image_clear (&out);
}

static void
test_refusals (void)
{
  LimnImage rgb;
  LimnError error;
  guint8 data[8] = { 0 };
  LimnPixels pixels = { .data = data, .width = 1, .height = 1, .stride = 4, .depth = 10 };
  g_assert_cmpint (limn_image_from_pixels (&rgb, NULL, &pixels, 0, 0, 1, 1, &error), ==, LIMN_BAD_INPUT);
  g_assert_nonnull (strstr (error.text, "10 bits"));
  pixels = (LimnPixels){ .data = data, .width = 2, .height = 1, .stride = 7, .depth = 8 };
  g_assert_cmpint (limn_image_from_pixels (&rgb, NULL, &pixels, 0, 0, 1, 1, &error), ==, LIMN_BAD_INPUT);
  pixels = (LimnPixels){ .data = data, .width = 0, .height = 1, .stride = 8, .depth = 8 };
  g_assert_cmpint (limn_image_from_pixels (&rgb, NULL, &pixels, 0, 0, 1, 1, &error), ==, LIMN_BAD_INPUT);
  g_assert_cmpint (limn_image_new (&rgb, 0, 5, 3, &error), ==, LIMN_BAD_INPUT);
  g_assert_cmpint (limn_image_new (&rgb, SIZE_MAX / 2, 3, 3, &error), ==, LIMN_NO_MEMORY);
  g_assert_null (rgb.data);
  limn_image_clear (&rgb);
}

/* What is hidden under alpha 0 is read as nothing in particular. */
static void
test_hidden (void)
{
  const guint8 small[2][4] = { { 10, 200, 90, 0 }, { 10, 200, 90, 1 } };
  const guint16 large[2][4] = { { 10, 60000, 90, 0 }, { 10, 60000, 90, 1 } };
  const LimnPixels pixels[] = { { .data = (gpointer) small, .width = 2, .height = 1, .stride = 8, .depth = 8 },
                                { .data = (gpointer) large, .width = 2, .height = 1, .stride = 16, .depth = 16 } };

  for (guint i = 0; i < G_N_ELEMENTS (pixels); i++) {
    float rgb[2][3];

    limn_pixels_get_row (&pixels[i], 0, 0, 2, rgb[0], NULL);
    for (guint k = 0; k < 3; k++)
      g_assert_cmpfloat (rgb[0][k], ==, 0);
    g_assert_cmpfloat (rgb[1][1], >, 0.5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/hidden", test_hidden);
  g_test_add_func ("/image/round-trip", test_round_trip);
  g_test_add_func ("/image/mirror", test_mirror);
  g_test_add_func ("/image/mask-outside", test_mask_outside);
  g_test_add_func ("/image/refusals", test_refusals);
  return g_test_run ();
}
