/* Resampling and blurring against the plain double loop, and the properties that the edits rely on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/imaging/resample.h"

static void
fill_random (LimnImage *image, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  for (size_t i = 0; i < image->width * image->height * image->channels; i++)
    image->data[i] = (float) g_rand_double_range (rand, -1.0, 1.0);
}

static double
reference_kernel (LimnFilter filter, double x, bool shrinking)
{
  double a = shrinking ? -0.5 : -0.75;
  x = fabs (x);
  switch (filter) {
  case LIMN_FILTER_LINEAR: return x < 1 ? 1 - x : 0;
  case LIMN_FILTER_BICUBIC: return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  case LIMN_FILTER_LANCZOS3: return x == 0 ? 1 : x < 3 ? 3 * sin (M_PI * x) * sin (M_PI * x / 3) / (M_PI * M_PI * x * x) : 0;
  default: g_assert_not_reached ();
  }
}

/* The weight of input j in output i on one axis, borders clamped: every far sample that clamps to j counts. */
static double
reference_weight (size_t in, size_t out, size_t i, size_t j, LimnFilter filter)
{
  const double scale = (double) in / (double) out, wide = fmax (1.0, scale), centre = (i + 0.5) * scale;
  double sum = 0, mine = 0;
  for (ptrdiff_t k = -(ptrdiff_t) (4 * wide + 4); k < (ptrdiff_t) (in + 4 * wide + 4); k++) {
    double w;
    if (filter == LIMN_FILTER_AREA && scale <= 1)
      w = k == (ptrdiff_t) centre;
    else if (filter == LIMN_FILTER_AREA)
      w = fmax (0, fmin (k + 1, centre + scale / 2) - fmax (k, centre - scale / 2));
    else
      w = reference_kernel (filter, (k + 0.5 - centre) / wide, scale > 1);
    sum += w;
    if (CLAMP (k, 0, (ptrdiff_t) in - 1) == (ptrdiff_t) j)
      mine += w;
  }
  return mine / sum;
}

static void
test_reference (void)
{
  static const size_t sizes[][4] = { { 7, 5, 7, 11 }, { 13, 9, 5, 4 },   { 16, 16, 64, 64 }, { 64, 40, 16, 10 },
                                     { 1, 1, 3, 2 },  { 33, 17, 8, 30 }, { 3, 50, 1, 1 } };
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (int filter = LIMN_FILTER_AREA; filter <= LIMN_FILTER_LANCZOS3; filter++)
      for (size_t channels = 1; channels <= 5; channels++) {
        const size_t *z = sizes[s];
        LimnImage in, out;
        g_assert_cmpint (limn_image_new (&in, z[0], z[1], channels, NULL), ==, LIMN_OK);
        fill_random (&in, (guint32) (s * 100 + channels));
        g_assert_cmpint (limn_resample (&out, &in, z[2], z[3], filter, NULL, NULL), ==, LIMN_OK);
        g_autofree double *wx = g_new (double, z[2] * z[0]), *wy = g_new (double, z[3] * z[1]);
        for (size_t i = 0; i < z[2]; i++)
          for (size_t j = 0; j < z[0]; j++)
            wx[i * z[0] + j] = reference_weight (z[0], z[2], i, j, filter);
        for (size_t i = 0; i < z[3]; i++)
          for (size_t j = 0; j < z[1]; j++)
            wy[i * z[1] + j] = reference_weight (z[1], z[3], i, j, filter);
        for (size_t y = 0; y < z[3]; y++)
          for (size_t x = 0; x < z[2]; x++)
            for (size_t c = 0; c < channels; c++) {
              double sum = 0;
              for (size_t v = 0; v < z[1]; v++)
                for (size_t u = 0; u < z[0]; u++)
                  sum += wy[y * z[1] + v] * wx[x * z[0] + u] * (double) in.data[(v * z[0] + u) * channels + c];
              /* single precision over up to 50 x 33 taps */
              g_assert_cmpfloat_with_epsilon ((double) out.data[(y * z[2] + x) * channels + c], sum, 2e-6);
            }
        limn_image_clear (&in);
        limn_image_clear (&out);
      }
}

static void
test_weighted (void)
{
  LimnImage in, weight, out, out_weight;
  g_assert_cmpint (limn_image_new (&in, 8, 8, 3, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_image_new (&weight, 8, 8, 1, NULL), ==, LIMN_OK);
  /* Left half is known and 0.5, the unknown right half shouts, but must not bleed. */
  for (size_t i = 0; i < 64; i++) {
    gboolean known = i % 8 < 3;
    weight.data[i] = known ? 1.0f : 0.0f;
    for (size_t c = 0; c < 3; c++)
      in.data[3 * i + c] = known ? 0.5f : 1000.0f;
  }
  g_assert_cmpint (limn_resample_weighted (&out, &out_weight, &in, &weight, 4, 4, LIMN_FILTER_AREA, NULL, NULL), ==, LIMN_OK);
  for (size_t y = 0; y < 4; y++)
    for (size_t x = 0; x < 4; x++) {
      const float want = x == 0 ? 1.0f : x == 1 ? 0.5f : 0.0f;
      g_assert_cmpfloat_with_epsilon (out_weight.data[y * 4 + x], want, 1e-6);
      g_assert_cmpfloat_with_epsilon (out.data[(y * 4 + x) * 3 + 1], x < 2 ? 0.5f : 0.0f, 1e-6);
    }
  limn_image_clear (&in);
  limn_image_clear (&weight);
  limn_image_clear (&out);
  limn_image_clear (&out_weight);
}

static void
test_blur (void)
{
  static const float sigmas[] = { 0.4f, 1.0f, 2.7f, 9.0f };
  LimnImage in, out;
  g_assert_cmpint (limn_image_new (&in, 11, 6, 2, NULL), ==, LIMN_OK);
  fill_random (&in, 4);
  for (size_t s = 0; s < G_N_ELEMENTS (sigmas); s++) {
    const int r = (int) ceilf (3 * sigmas[s]);
    g_assert_cmpint (limn_blur (&out, &in, sigmas[s], NULL, NULL), ==, LIMN_OK);
    for (int y = 0; y < 6; y++)
      for (int x = 0; x < 11; x++) {
        double sum = 0, weights = 0;
        for (int v = -r; v <= r; v++)
          for (int u = -r; u <= r; u++) {
            int px = ((x + u) % 22 + 22) % 22, py = ((y + v) % 12 + 12) % 12;
            double w = exp (-(u * u + v * v) / (2.0 * (double) sigmas[s] * (double) sigmas[s]));
            px = px < 11 ? px : 21 - px;
            py = py < 6 ? py : 11 - py;
            sum += w * (double) in.data[(py * 11 + px) * 2 + 1];
            weights += w;
          }
        g_assert_cmpfloat_with_epsilon ((double) out.data[(y * 11 + x) * 2 + 1], sum / weights, 2e-6);
      }
    limn_image_clear (&out);
  }
  limn_image_clear (&in);
}

static void
test_box_mean (void)
{
  static const size_t radii[] = { 0, 1, 3, 8, 1000 };
  LimnImage in, out;
  g_assert_cmpint (limn_image_new (&in, 300, 9, 3, NULL), ==, LIMN_OK);
  fill_random (&in, 9);
  for (size_t s = 0; s < G_N_ELEMENTS (radii); s++) {
    const ptrdiff_t r = (ptrdiff_t) radii[s];
    g_assert_cmpint (limn_box_mean (&out, &in, radii[s], NULL, NULL), ==, LIMN_OK);
    for (ptrdiff_t y = 0; y < 9; y++)
      for (ptrdiff_t x = 0; x < 300; x += 7) {
        double sum = 0, count = 0;
        for (ptrdiff_t v = MAX (0, y - r); v <= MIN (8, y + r); v++)
          for (ptrdiff_t u = MAX (0, x - r); u <= MIN (299, x + r); u++, count++)
            sum += (double) in.data[(v * 300 + u) * 3 + 2];
        g_assert_cmpfloat_with_epsilon ((double) out.data[(y * 300 + x) * 3 + 2], sum / count, 1e-6);
      }
    limn_image_clear (&out);
  }
  limn_image_clear (&in);
}

static void
test_threads (void)
{
  LimnImage in, one, two;
  LimnPool *pool;
  g_assert_cmpint (limn_pool_new (&pool, 3, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_image_new (&in, 203, 157, 3, NULL), ==, LIMN_OK);
  fill_random (&in, 5);
  for (int pass = 0; pass < 3; pass++) {
    LimnPool *pools[] = { NULL, pool };
    LimnImage *outs[] = { &one, &two };
    for (int i = 0; i < 2; i++) {
      LimnStatus status = pass == 0   ? limn_resample (outs[i], &in, 411, 61, LIMN_FILTER_LANCZOS3, pools[i], NULL)
                          : pass == 1 ? limn_blur (outs[i], &in, 2.0f, pools[i], NULL)
                                      : limn_box_mean (outs[i], &in, 6, pools[i], NULL);
      g_assert_cmpint (status, ==, LIMN_OK);
    }
    g_assert_cmpmem (one.data, one.width * one.height * 12, two.data, two.width * two.height * 12);
    limn_image_clear (&one);
    limn_image_clear (&two);
  }
  limn_image_clear (&in);
  limn_pool_free (pool);
}

/* Rows made a few at a time, of no more rows than they reach for, are the whole's bytes. */
static void
test_rows (void)
{
  static const size_t sizes[][4] = { { 33, 41, 33, 41 }, { 33, 41, 33, 97 }, { 33, 41, 70, 41 },
                                     { 90, 77, 31, 19 }, { 5, 3, 64, 64 },   { 40, 41, 41, 42 } };
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (int filter = LIMN_FILTER_AREA; filter <= LIMN_FILTER_LANCZOS3; filter++) {
      const size_t width = sizes[s][2], height = sizes[s][3], row = sizes[s][0] * 3;
      LimnImage in, whole;

      g_assert_cmpint (limn_image_new (&in, sizes[s][0], sizes[s][1], 3, NULL), ==, LIMN_OK);
      fill_random (&in, (guint32) s);
      g_assert_cmpint (limn_resample (&whole, &in, width, height, filter, NULL, NULL), ==, LIMN_OK);
      for (size_t y = 0, rows; y < height; y += rows) {
        size_t first, end;
        LimnImage out, part;

        rows = MIN (5 + y % 4, height - y);
        limn_resample_reach (in.height, height, filter, y, rows, &first, &end);
        g_assert_cmpuint (end, <=, in.height);
        g_assert_cmpint (limn_image_new (&part, in.width, end - first, 3, NULL), ==, LIMN_OK);
        memcpy (part.data, in.data + first * row, (end - first) * row * sizeof (float));
        g_assert_cmpint (limn_resample_rows (&out, y, rows, &part, first, in.height, width, height, filter, NULL, NULL), ==, LIMN_OK);
        g_assert_cmpmem (out.data, rows * width * 12, whole.data + y * width * 3, rows * width * 12);
        limn_image_clear (&out);
        limn_image_clear (&part);
      }
      limn_image_clear (&in);
      limn_image_clear (&whole);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resample/reference", test_reference);
  g_test_add_func ("/resample/rows", test_rows);
  g_test_add_func ("/resample/weighted", test_weighted);
  g_test_add_func ("/resample/blur", test_blur);
  g_test_add_func ("/resample/box-mean", test_box_mean);
  g_test_add_func ("/resample/threads", test_threads);
  return g_test_run ();
}
