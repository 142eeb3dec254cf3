/* What colorize and upscale are built from: likeness, propagation, guided filter, reduction, projection.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/colorize/chroma-denoise.h"
#include "engine/colorize/hint-regression.h"
#include "engine/colorize/propagate.h"
#include "engine/imaging/area-average.h"
#include "engine/imaging/guided-filter.h"
#include "engine/imaging/resample.h"
#include "engine/upscale/back-project.h"

static uint32_t state = 1;

static float
random_unit (void)
{
  state = state * 1664525u + 1013904223u;
  return (float) (state >> 8) / (float) (1 << 24);
}

static LimnImage
image (size_t w, size_t h, size_t c)
{
  LimnImage out;
  g_assert_cmpint (limn_image_new (&out, w, h, c, NULL), ==, LIMN_OK);
  return out;
}

static LimnImage
noise (size_t w, size_t h, size_t c)
{
  LimnImage out = image (w, h, c);
  for (size_t i = 0; i < w * h * c; i++)
    out.data[i] = 2 * random_unit () - 1;
  return out;
}

/* Squares of three kinds on a plain ground, a dot on one square of the first kind and one on the ground. */
enum { LIKE_W = 96, LIKE_H = 64, LIKE_SIDE = 12 };

typedef struct {
  LimnImage photo, luma, dots, dot_chroma, prior, trust;
} Likeness;

static size_t
square (size_t column, size_t row)
{
  return (8 + row * 28 + LIKE_SIDE / 2) * LIKE_W + 8 + column * 28 + LIKE_SIDE / 2;
}

static Likeness
likeness (void)
{
  Likeness l = { image (LIKE_W, LIKE_H, 4), image (LIKE_W, LIKE_H, 1), image (LIKE_W, LIKE_H, 4),
                 image (LIKE_W, LIKE_H, 2), image (LIKE_W, LIKE_H, 3), image (LIKE_W, LIKE_H, 1) };
  static const float levels[3][2] = { { 0.6f, 0.6f }, { -0.9f, 0.6f }, { 0.6f, -0.9f } }; /* of [column][row] */

  for (size_t i = 0; i < LIKE_W * LIKE_H; i++) {
    const size_t x = i % LIKE_W, y = i / LIKE_W, column = (x - 8) / 28, row = (y - 8) / 28;
    const bool inside = x >= 8 && y >= 8 && (x - 8) % 28 < LIKE_SIDE && (y - 8) % 28 < LIKE_SIDE && column < 3 && row < 2;
    l.luma.data[i] = inside ? levels[column][row] : 0;
    for (size_t k = 0; k < 4; k++)
      l.photo.data[4 * i + k] = k < 3 ? l.luma.data[i] : 1;
    l.trust.data[i] = 0.0005f;
  }
  l.dots.data[4 * square (0, 0) + 3] = l.dots.data[4 * 3 + 3] = 1;
  l.dot_chroma.data[2 * square (0, 0)] = 0.5f;
  l.dot_chroma.data[2 * 3 + 1] = 0.5f;
  return l;
}

static void
likeness_clear (Likeness *l)
{
  limn_image_clear (&l->photo);
  limn_image_clear (&l->luma);
  limn_image_clear (&l->dots);
  limn_image_clear (&l->dot_chroma);
  limn_image_clear (&l->prior);
  limn_image_clear (&l->trust);
}

/* What looks like a dot's place gets its colour, over other things between; what looks like none keeps its prior; dots stay. */
static void
likeness_reaches_over (void)
{
  Likeness l = likeness ();
  const size_t same = square (0, 1), other = square (1, 0), dot = square (0, 0);

  g_assert_cmpint (limn_hint_regression (&l.prior, &l.trust, &l.photo, &l.luma, &l.dots, &l.dot_chroma, NULL, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (l.prior.data[3 * same], >, 0.4f);
  g_assert_cmpfloat (l.prior.data[3 * same + 1], <, 0.1f);
  g_assert_cmpfloat (l.trust.data[same], >, 0.005f);
  g_assert_cmpfloat (l.trust.data[other], <, 0.1f * l.trust.data[same]);
  g_assert_cmpfloat (l.prior.data[3 * (5 * LIKE_W + 40) + 1], >, 0.4f); /* the ground, past two squares */
  g_assert_cmpfloat (l.prior.data[3 * dot], ==, 0);
  g_assert_cmpfloat (l.trust.data[dot], ==, 0.0005f);
  g_assert_cmpfloat (l.prior.data[3 * same + 2], >, 0.9f); /* the dots' share */
  g_assert_cmpfloat (l.prior.data[3 * other + 2], <, 0.95f * l.prior.data[3 * same + 2]);
  likeness_clear (&l);
}

/* What looks the same but is told to be something else keeps its prior. */
static void
likeness_is_told (void)
{
  Likeness l = likeness ();
  LimnImage told = image (LIKE_W / 2, LIKE_H / 2, 2);
  const size_t same = square (0, 1);

  for (size_t i = 0; i < told.width * told.height; i++)
    told.data[2 * i] = i / told.width >= 16 ? 8 : 0; /* the lower half */
  g_assert_cmpint (limn_hint_regression (&l.prior, &l.trust, &l.photo, &l.luma, &l.dots, &l.dot_chroma, &told, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (l.trust.data[same], <, 0.002f);
  g_assert_cmpfloat (l.prior.data[3 * same + 2], <, 0.75f);
  limn_image_clear (&told);
  likeness_clear (&l);
}

/* The same bytes for any number of threads; cancelled when asked. */
static void
likeness_is_deterministic (void)
{
  Likeness one = likeness (), three = likeness ();
  LimnPool *pool;
  atomic_int cancel = 1;

  g_assert_cmpint (limn_pool_new (&pool, 3, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_hint_regression (&one.prior, &one.trust, &one.photo, &one.luma, &one.dots, &one.dot_chroma, NULL, NULL, NULL), ==,
                   LIMN_OK);
  g_assert_cmpint (
    limn_hint_regression (&three.prior, &three.trust, &three.photo, &three.luma, &three.dots, &three.dot_chroma, NULL, pool, NULL), ==,
    LIMN_OK);
  g_assert_cmpmem (one.prior.data, LIKE_W * LIKE_H * 12, three.prior.data, LIKE_W * LIKE_H * 12);
  g_assert_cmpmem (one.trust.data, LIKE_W * LIKE_H * 4, three.trust.data, LIKE_W * LIKE_H * 4);
  limn_pool_watch (pool, &cancel);
  g_assert_cmpint (limn_hint_regression (&one.prior, &one.trust, &one.photo, &one.luma, &one.dots, &one.dot_chroma, NULL, pool, NULL), ==,
                   LIMN_CANCELLED);
  limn_pool_free (pool);
  likeness_clear (&one);
  likeness_clear (&three);
}

/* A dot on each side of a sharp edge colours its own side, far away too, and not the other. */
static void
propagation_stops_at_edges (void)
{
  enum { W = 90, H = 70 };
  LimnImage luma = image (W, H, 1), chroma = image (W, H, 2), trust = image (W, H, 1), out;

  for (size_t y = 0; y < H; y++)
    for (size_t x = 0; x < W; x++)
      luma.data[y * W + x] = (x + y / 2 < 60 ? -0.5f : 0.4f) + 0.01f * random_unit ();
  const size_t left = 10 * W + 5, right = 60 * W + 85;
  trust.data[left] = trust.data[right] = 20;
  chroma.data[2 * left] = 0.5f, chroma.data[2 * left + 1] = -0.2f;
  chroma.data[2 * right] = -0.3f, chroma.data[2 * right + 1] = 0.4f;
  g_assert_cmpint (limn_propagate (&out, &luma, &chroma, &trust, NULL, NULL), ==, LIMN_OK);
  for (size_t y = 0; y < H; y++)
    for (size_t x = 0; x < W; x++) {
      size_t edge = 60 - y / 2, side = x < edge;
      if (x + 3 > edge && x < edge + 3)
        continue;
      g_assert_cmpfloat_with_epsilon (out.data[2 * (y * W + x)], side ? 0.5f : -0.3f, 0.08f);
      g_assert_cmpfloat_with_epsilon (out.data[2 * (y * W + x) + 1], side ? -0.2f : 0.4f, 0.08f);
    }
  limn_image_clear (&luma);
  limn_image_clear (&chroma);
  limn_image_clear (&trust);
  limn_image_clear (&out);
}

/* The same bytes for any number of threads; cancelled when asked. */
static void
propagation_is_deterministic (void)
{
  LimnImage luma = noise (61, 83, 1), chroma = noise (61, 83, 2), trust = image (61, 83, 1), one, three;
  LimnPool *pool;
  atomic_int cancel = 1;

  for (size_t i = 0; i < 61 * 83; i++)
    trust.data[i] = random_unit ();
  g_assert_cmpint (limn_pool_new (&pool, 3, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_propagate (&one, &luma, &chroma, &trust, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_propagate (&three, &luma, &chroma, &trust, pool, NULL), ==, LIMN_OK);
  g_assert_cmpmem (one.data, 61 * 83 * 8, three.data, 61 * 83 * 8);
  limn_image_clear (&three);
  limn_pool_watch (pool, &cancel);
  g_assert_cmpint (limn_propagate (&three, &luma, &chroma, &trust, pool, NULL), ==, LIMN_CANCELLED);
  g_assert_null (three.data);
  limn_pool_free (pool);
  limn_image_clear (&luma);
  limn_image_clear (&chroma);
  limn_image_clear (&trust);
  limn_image_clear (&one);
}

/* An input that is a linear function of the guide comes out as it went in, wherever the guide isn't flat. */
static void
guided_filter_keeps_linear_functions (void)
{
  LimnImage guide = noise (37, 29, 1), input = image (37, 29, 2), c;

  for (size_t i = 0; i < 37 * 29; i++) {
    input.data[2 * i] = 0.7f * guide.data[i] - 0.1f;
    input.data[2 * i + 1] = 0.25f;
  }
  g_assert_cmpint (limn_guided_coefficients (&c, &guide, &input, 2, 1e-5f, NULL, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < 37 * 29; i++) {
    const float *k = c.data + 4 * i;
    g_assert_cmpfloat_with_epsilon (k[0] * guide.data[i] + k[1], input.data[2 * i], 1e-3f);
    g_assert_cmpfloat_with_epsilon (k[2] * guide.data[i] + k[3], 0.25f, 1e-4f);
  }
  limn_image_clear (&c);

  LimnImage rgb = noise (40, 40, 3), before;
  g_assert_cmpint (limn_image_copy (&before, &rgb, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_guided_smooth (&rgb, 3, 10.f, NULL, NULL), ==, LIMN_OK); /* all is flat to this epsilon: nearly the mean */
  double rough = 0, smooth = 0;
  for (size_t i = 0; i + 3 < 40 * 40 * 3; i++) {
    rough += fabsf (before.data[i + 3] - before.data[i]);
    smooth += fabsf (rgb.data[i + 3] - rgb.data[i]);
  }
  g_assert_cmpfloat (smooth, <, 0.2 * rough);
  limn_image_clear (&before);
  limn_image_clear (&rgb);
  limn_image_clear (&guide);
  limn_image_clear (&input);
}

/* Reduction straight from pixels against the plain way through floats, at odd ratios, both depths. */
static void
reduction_equals_resampling (void)
{
  enum { W = 53, H = 41 };
  uint8_t *eight = malloc (W * H * 4);
  uint16_t *sixteen = malloc (W * H * 8);

  for (size_t i = 0; i < W * H * 4; i++) {
    eight[i] = i % 4 == 3 ? 255 : (uint8_t) (255 * random_unit ());
    sixteen[i] = (uint16_t) (eight[i] * 257);
  }
  const LimnPixels views[2] = { { eight, W, H, W * 4, 8 }, { sixteen, W, H, W * 8, 16 } };
  for (int i = 0; i < 2; i++) {
    LimnImage small, rgb, plain;
    g_assert_cmpint (limn_area_average (&small, &views[i], 17, 11, false, NULL, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_image_from_pixels (&rgb, NULL, &views[i], 0, 0, W, H, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_resample (&plain, &rgb, 17, 11, LIMN_FILTER_AREA, NULL, NULL), ==, LIMN_OK);
    for (size_t p = 0; p < 17 * 11; p++) {
      for (size_t k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon (small.data[4 * p + k], plain.data[3 * p + k], 2e-3f);
      g_assert_cmpfloat_with_epsilon (small.data[4 * p + 3], 1, 1e-4f);
    }
    limn_image_clear (&small);
    limn_image_clear (&rgb);
    limn_image_clear (&plain);
  }

  /* one opaque pixel among transparent ones gives its own colour, and the share it covers */
  memset (eight, 0, W * H * 4);
  memcpy (eight + (20 * W + 30) * 4, (uint8_t[]){ 255, 0, 255, 255 }, 4);
  LimnImage dot;
  g_assert_cmpint (limn_area_average (&dot, &views[0], 1, 1, true, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat_with_epsilon (dot.data[0], 1, 1e-5f);
  g_assert_cmpfloat_with_epsilon (dot.data[1], -1, 1e-5f);
  g_assert_cmpfloat_with_epsilon (dot.data[3], 1.f / (W * H), 1e-6f);
  limn_image_clear (&dot);
  free (eight);
  free (sixteen);
}

/* Block means of a projected picture are the small picture's pixels, as they are read back from rounded levels. */
static void
projection_is_faithful (void)
{
  enum { W = 13, H = 9 };
  const size_t scales[] = { 2, 3, 4, 8 };

  for (size_t i = 0; i < G_N_ELEMENTS (scales); i++)
    for (int depth = 8; depth <= 16; depth += 8) {
      size_t s = scales[i];
      float top = depth == 16 ? 65535.f : 255.f;
      LimnImage small = noise (W, H, 3), large = noise (W * s, H * s, 3);
      for (size_t p = 0; p < W * H * 3; p++) /* whole levels, with black and white among them */
        small.data[p] = p % 7 == 0 ? (p % 2 ? 1.f : -1.f) : roundf ((small.data[p] + 1) * top / 2) * 2 / top - 1;
      for (size_t p = 0; p < W * s * H * s * 3; p++)
        large.data[p] *= 1.3f;
      g_assert_cmpint (limn_back_project (&large, &small, s, depth, NULL, NULL), ==, LIMN_OK);
      for (size_t y = 0; y < H; y++)
        for (size_t x = 0; x < W; x++)
          for (size_t k = 0; k < 3; k++) {
            double sum = 0;
            for (size_t v = 0; v < s; v++)
              for (size_t u = 0; u < s; u++) {
                float level = (large.data[((y * s + v) * W * s + x * s + u) * 3 + k] + 1) * top / 2;
                g_assert_cmpfloat_with_epsilon (level, roundf (level), 0.02f);
                g_assert_cmpfloat (level, >=, -0.02f);
                g_assert_cmpfloat (level, <=, top + 0.02f);
                sum += roundf (level);
              }
            double want = (small.data[(y * W + x) * 3 + k] + 1) * top / 2;
            g_assert_cmpfloat_with_epsilon (sum / (double) (s * s), want, 0.51);
          }
      limn_image_clear (&small);
      limn_image_clear (&large);
    }
}

/* Colours on which a region agrees stay as they are, beside a region of another luma too; a quarrel of opposite colours fades. */
static void
calm_keeps_what_agrees (void)
{
  enum { SIDE = 64 };
  LimnImage luma, chroma;

  g_assert_cmpint (limn_image_new (&luma, SIDE, SIDE, 1, NULL), ==, LIMN_OK);
  for (int quarrel = 0; quarrel < 2; quarrel++) {
    g_assert_cmpint (limn_image_new (&chroma, SIDE, SIDE, 2, NULL), ==, LIMN_OK);
    for (int i = 0; i < SIDE * SIDE; i++) {
      const bool right = i % SIDE >= SIDE / 2;
      const float sign = quarrel && (i / SIDE / 3 + i % SIDE / 3) % 2 ? -1.0f : 1.0f;
      luma.data[i] = right ? 0.8f : -0.8f;
      chroma.data[2 * i] = sign * (right ? 0.3f : -0.1f);
      chroma.data[2 * i + 1] = sign * (right ? -0.2f : 0.4f);
    }
    g_assert_cmpint (limn_chroma_denoise (&chroma, &luma, 1.0f, NULL, NULL), ==, LIMN_OK);
    for (int i = 0; i < SIDE * SIDE; i++) {
      const bool right = i % SIDE >= SIDE / 2;
      if (quarrel)
        g_assert_cmpfloat (hypotf (chroma.data[2 * i], chroma.data[2 * i + 1]), <, 0.06f);
      else {
        g_assert_cmpfloat_with_epsilon (chroma.data[2 * i], right ? 0.3f : -0.1f, 0.001f);
        g_assert_cmpfloat_with_epsilon (chroma.data[2 * i + 1], right ? -0.2f : 0.4f, 0.001f);
      }
    }
    limn_image_clear (&chroma);
  }
  limn_image_clear (&luma);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/likeness/reaches-over", likeness_reaches_over);
  g_test_add_func ("/likeness/told", likeness_is_told);
  g_test_add_func ("/likeness/deterministic", likeness_is_deterministic);
  g_test_add_func ("/propagate/edges", propagation_stops_at_edges);
  g_test_add_func ("/propagate/deterministic", propagation_is_deterministic);
  g_test_add_func ("/guided-filter", guided_filter_keeps_linear_functions);
  g_test_add_func ("/calm", calm_keeps_what_agrees);
  g_test_add_func ("/reduce", reduction_equals_resampling);
  g_test_add_func ("/project", projection_is_faithful);
  return g_test_run ();
}
