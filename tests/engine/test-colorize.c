/* Colorize with the shipped base network: the promises, not the taste.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/limn-engine.h"

#define BASE "../resources/models/base.safetensors"
#define SEE "../resources/models/see.safetensors"

enum { W = 150, H = 110 };

static LimnEngine *
engine (int threads)
{
  LimnEngine *out;
  LimnError error;
  if (limn_engine_new (&out, &(LimnEngineOptions){ .base_path = BASE, .see_path = SEE, .threads = threads }, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return out;
}

/* A gray photo of soft shapes, an edge and fine noise; alpha varies when asked. Free data. */
static LimnPixels
gray_photo (int depth, bool with_alpha)
{
  size_t bytes = (size_t) depth / 8;
  LimnPixels p = { g_malloc (W * H * 4 * bytes), W, H, W * 4 * bytes, depth };
  unsigned top = depth == 16 ? 65535 : 255, state = 7;

  for (size_t i = 0; i < W * H; i++) {
    double x = (double) (i % W) / W, y = (double) (i / W) / H;
    state = state * 1664525u + 1013904223u;
    double v = 0.5 + 0.3 * sin (5 * x) * cos (7 * y) + (x + y > 1 ? 0.15 : -0.1) + 0.03 * (state >> 24) / 255.;
    unsigned level = (unsigned) (CLAMP (v, 0, 1) * top + 0.5), alpha = with_alpha ? (unsigned) (i * 7919 % (top + 1)) : top;
    for (size_t k = 0; k < 4; k++)
      if (depth == 16)
        ((uint16_t *) p.data)[4 * i + k] = (uint16_t) (k < 3 ? level : alpha);
      else
        ((uint8_t *) p.data)[4 * i + k] = (uint8_t) (k < 3 ? level : alpha);
  }
  return p;
}

static double
at (const LimnPixels *p, size_t i, size_t k)
{
  return p->depth == 16 ? ((const uint16_t *) p->data)[4 * i + k] : ((const uint8_t *) p->data)[4 * i + k];
}

static double
luma (const LimnPixels *p, size_t i)
{
  return 0.299 * at (p, i, 0) + 0.587 * at (p, i, 1) + 0.114 * at (p, i, 2);
}

static LimnOverlay
colorize (LimnEngine *e, const LimnPixels *photo, const LimnMask *mask, const LimnColorizeOptions *options, float saturation)
{
  LimnColors *colors;
  LimnOverlay overlay;
  LimnError error;
  if (limn_colors_new (&colors, e, photo, options, NULL, NULL, &error) != LIMN_OK ||
      limn_colors_paint (colors, e, photo, mask, saturation, NULL, &overlay, &error) != LIMN_OK)
    g_error ("%s", error.text);
  limn_colors_free (colors);
  return overlay;
}

static void
luma_and_alpha_are_kept (gconstpointer data)
{
  LimnEngine *e = engine (2);
  LimnPixels photo = gray_photo (GPOINTER_TO_INT (data), true), before = photo;
  before.data = g_memdup2 (photo.data, photo.stride * H);
  LimnOverlay overlay = colorize (e, &photo, NULL, &(LimnColorizeOptions){ .sampling = { .steps = 1, .seed = 3 } }, 1);

  g_assert_cmpmem (photo.data, photo.stride * H, before.data, photo.stride * H);
  limn_overlay_apply (&overlay, &photo);
  size_t coloured = 0;
  for (size_t i = 0; i < W * H; i++) {
    g_assert_cmpfloat_with_epsilon (luma (&photo, i), luma (&before, i), 0.51);
    g_assert_cmpfloat (at (&photo, i, 3), ==, at (&before, i, 3));
    coloured += at (&photo, i, 0) != at (&photo, i, 2);
  }
  g_assert_cmpuint (coloured, >, W * H / 10);
  limn_overlay_clear (&overlay);
  limn_engine_free (e);
  g_free (photo.data);
  g_free (before.data);
}

static void
mask_limits (void)
{
  LimnEngine *e = engine (1);
  LimnPixels photo = gray_photo (8, false), before = photo;
  before.data = g_memdup2 (photo.data, photo.stride * H);
  uint8_t *m = g_malloc0 (W * H);
  for (size_t y = 20; y < 70; y++)
    for (size_t x = 30; x < 90; x++)
      m[y * W + x] = x < 60 ? 255 : 100;
  LimnMask mask = { m, W, H, W };
  LimnOverlay overlay = colorize (e, &photo, &mask, &(LimnColorizeOptions){ .sampling = { .steps = 1 } }, 2);

  limn_overlay_apply (&overlay, &photo);
  size_t changed = 0;
  for (size_t i = 0; i < W * H; i++)
    if (m[i] == 0)
      g_assert_cmpmem ((uint8_t *) photo.data + 4 * i, 4, (uint8_t *) before.data + 4 * i, 4);
    else
      changed += memcmp ((uint8_t *) photo.data + 4 * i, (uint8_t *) before.data + 4 * i, 4) != 0;
  g_assert_cmpuint (changed, >, 100);
  limn_overlay_clear (&overlay);
  limn_engine_free (e);
  g_free (photo.data);
  g_free (before.data);
  g_free (m);
}

static void
threads_and_seeds (void)
{
  LimnPixels photo = gray_photo (16, false);
  LimnOverlay overlays[3];

  for (int i = 0; i < 3; i++) {
    LimnEngine *e = engine (i == 1 ? 2 : 1);
    overlays[i] = colorize (e, &photo, NULL, &(LimnColorizeOptions){ .sampling = { .steps = 2, .seed = i == 2 ? 9 : 5 } }, 1);
    limn_engine_free (e);
  }
  g_assert_cmpmem (overlays[0].pixels.data, W * H * 8, overlays[1].pixels.data, W * H * 8);
  g_assert_cmpint (memcmp (overlays[0].pixels.data, overlays[2].pixels.data, W * H * 8), !=, 0);
  for (int i = 0; i < 3; i++)
    limn_overlay_clear (&overlays[i]);
  g_free (photo.data);
}

/* How far a pixel's colour is from gray. */
static double
colour_at (const LimnPixels *p, size_t i)
{
  return fabs (at (p, i, 0) - luma (p, i)) + fabs (at (p, i, 2) - luma (p, i));
}

/* A red and a blue dot on either side of the photo's edge. Saturation is of what the network found; the dots stay as they are. */
static void
dots_and_saturation (void)
{
  LimnEngine *e = engine (2);
  LimnPixels photo = gray_photo (8, false), hints = photo;
  uint8_t *h = hints.data = g_malloc0 (W * H * 4);
  const size_t red = 30 * W + 30, blue = 90 * W + 125;
  for (ptrdiff_t y = -2; y <= 2; y++)
    for (ptrdiff_t x = -2; x <= 2; x++) {
      memcpy (h + 4 * ((ptrdiff_t) red + y * W + x), (uint8_t[]){ 220, 30, 30, 255 }, 4);
      memcpy (h + 4 * ((ptrdiff_t) blue + y * W + x), (uint8_t[]){ 40, 60, 230, 255 }, 4);
    }
  LimnColorizeOptions options = { .sampling = { .steps = 1 }, .hints = &hints };
  LimnOverlay overlay = colorize (e, &photo, NULL, &options, 1);
  const LimnPixels *p = &overlay.pixels;
  g_assert_cmpfloat (at (p, red, 0), >, at (p, red, 2) + 40);
  g_assert_cmpfloat (at (p, blue, 2), >, at (p, blue, 0) + 40);
  g_assert_cmpfloat (at (p, red + 8 * W, 0), >, at (p, red + 8 * W, 2) + 20); /* and around it */
  const double reds = colour_at (p, red), blues = colour_at (p, blue);
  limn_overlay_clear (&overlay);

  for (float saturation = 0; saturation <= 2; saturation += 0.5f) {
    overlay = colorize (e, &photo, NULL, &options, saturation);
    g_assert_cmpfloat_with_epsilon (colour_at (&overlay.pixels, red), reds, 6);
    g_assert_cmpfloat_with_epsilon (colour_at (&overlay.pixels, blue), blues, 6);
    limn_overlay_clear (&overlay);
  }
  options.hints = NULL;
  overlay = colorize (e, &photo, NULL, &options, 0);
  for (size_t i = 0; i < W * H; i++)
    g_assert_cmpmem ((uint8_t *) overlay.pixels.data + 4 * i, 3, (uint8_t *) photo.data + 4 * i, 3);
  limn_overlay_clear (&overlay);
  limn_engine_free (e);
  g_free (photo.data);
  g_free (h);
}

/* Found once, painted with other saturations and masks: the bytes of colorizing each time. */
static void
found_once (gconstpointer data)
{
  LimnEngine *e = engine (2);
  LimnPixels photo = gray_photo (GPOINTER_TO_INT (data), true);
  uint8_t *m = g_malloc (W * H);
  for (size_t i = 0; i < W * H; i++)
    m[i] = (uint8_t) (i * 31 % 256);
  const LimnMask mask = { m, W, H, W };
  const atomic_int cancel = 1;
  LimnColors *colors;
  LimnStats stats;
  LimnError error;
  LimnOverlay painted;

  for (int quick = 0; quick < 2; quick++) {
    LimnColorizeOptions options = { .sampling = { .steps = 2, .seed = 5, .quick = quick }, .hints = &photo };
    g_assert_cmpint (limn_colors_new (&colors, e, &photo, &options, NULL, &stats, &error), ==, LIMN_OK);
    g_assert_cmpuint (stats.evaluations, ==, 2);
    g_assert_cmpint (limn_colors_paint (colors, e, &photo, NULL, 1, &(LimnControl){ .cancel = &cancel }, &painted, &error), ==,
                     LIMN_CANCELLED);
    g_assert_null (painted.pixels.data);
    for (int i = 0; i < 4; i++) {
      const LimnMask *where = i % 2 ? &mask : NULL;
      const float saturation = 0.4f * (float) i;
      LimnOverlay whole = colorize (e, &photo, where, &options, saturation);
      g_assert_cmpint (limn_colors_paint (colors, e, &photo, where, saturation, NULL, &painted, &error), ==, LIMN_OK);
      g_assert_true (painted.keep_alpha);
      g_assert_cmpmem (painted.pixels.data, painted.pixels.stride * H, whole.pixels.data, whole.pixels.stride * H);
      limn_overlay_clear (&whole);
      limn_overlay_clear (&painted);
    }
    g_assert_cmpint (limn_colors_paint (colors, e, &photo, NULL, NAN, NULL, &painted, &error), ==, LIMN_BAD_INPUT);
    limn_colors_free (colors);
  }
  limn_engine_free (e);
  g_free (photo.data);
  g_free (m);
}

static void
odd_shapes (void)
{
  LimnEngine *e = engine (2);
  const size_t sizes[][2] = { { 1, 1 }, { 1, 300 }, { 700, 2 }, { 37, 41 } };
  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++) {
    size_t n = sizes[i][0] * sizes[i][1];
    LimnPixels photo = { g_malloc (n * 4), sizes[i][0], sizes[i][1], sizes[i][0] * 4, 8 };
    memset (photo.data, 128, n * 4);
    LimnOverlay overlay = colorize (e, &photo, NULL, &(LimnColorizeOptions){ .sampling = { .steps = 1 } }, 1);
    g_assert_cmpuint (overlay.pixels.width, ==, sizes[i][0]);
    g_assert_cmpuint (overlay.pixels.height, ==, sizes[i][1]);
    g_assert_cmpfloat_with_epsilon (luma (&overlay.pixels, n / 2), 128, 0.51);
    limn_overlay_clear (&overlay);
    g_free (photo.data);
  }
  limn_engine_free (e);
}

static void
refusals (void)
{
  LimnEngine *e = engine (1), *empty;
  LimnPixels photo = gray_photo (8, false), other = photo;
  LimnMask mask = { photo.data, W - 1, H, W };
  LimnOverlay overlay;
  LimnError error;
  atomic_int cancel = 1;
  LimnColorizeOptions options = { .sampling = { .steps = 1 } };
  LimnColors *colors;

  g_assert_cmpint (limn_colors_new (&colors, e, &photo, &options, NULL, NULL, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_colors_paint (colors, e, &photo, &mask, 1, NULL, &overlay, &error), ==, LIMN_BAD_INPUT);
  g_assert_nonnull (strstr (error.text, "149 x 110"));
  g_assert_null (overlay.pixels.data);
  limn_colors_free (colors);
  other.height--;
  options.hints = &other;
  g_assert_cmpint (limn_colors_new (&colors, e, &photo, &options, NULL, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_null (colors);
  options.hints = NULL;
  g_assert_cmpint (limn_colors_new (&colors, e, &photo, &options, &(LimnControl){ .cancel = &cancel }, NULL, &error), ==, LIMN_CANCELLED);
  g_assert_null (colors);
  g_assert_cmpint (limn_engine_new (&empty, &(LimnEngineOptions){ .threads = 1 }, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_colors_new (&colors, empty, &photo, &options, NULL, NULL, &error), ==, LIMN_BAD_MODEL);
  g_assert_nonnull (strstr (error.text, "base"));
  limn_engine_free (empty);
  limn_engine_free (e);
  g_free (photo.data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/colorize/kept/8-bit", GINT_TO_POINTER (8), luma_and_alpha_are_kept);
  g_test_add_data_func ("/colorize/kept/16-bit", GINT_TO_POINTER (16), luma_and_alpha_are_kept);
  g_test_add_func ("/colorize/mask", mask_limits);
  g_test_add_func ("/colorize/threads-and-seeds", threads_and_seeds);
  g_test_add_func ("/colorize/dots-and-saturation", dots_and_saturation);
  g_test_add_data_func ("/colorize/found-once/8-bit", GINT_TO_POINTER (8), found_once);
  g_test_add_data_func ("/colorize/found-once/16-bit", GINT_TO_POINTER (16), found_once);
  g_test_add_func ("/colorize/odd-shapes", odd_shapes);
  g_test_add_func ("/colorize/refusals", refusals);
  return g_test_run ();
}
