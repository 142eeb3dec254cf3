/* Patch completion: patterns go on, sources are known pixels only, threads don't matter, and the seam solver against its equation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/completion/patch-match.h"
#include "engine/imaging/poisson.h"

static float
brick (size_t x, size_t y)
{
  const size_t row = y / 12;

  return y % 12 < 2 || (x + row % 2 * 12) % 24 < 2 ? 0.6f : -0.4f;
}

static void
make_wall (LimnImage *rgb, guint8 **state, size_t width, size_t height, size_t x0, size_t y0, size_t side)
{
  g_assert_cmpint (limn_image_new (rgb, width, height, 3, NULL), ==, LIMN_OK);
  *state = g_malloc (width * height);
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++) {
      const gboolean hole = x - x0 < side && y - y0 < side;
      (*state)[y * width + x] = hole ? LIMN_PIXEL_TARGET : LIMN_PIXEL_KNOWN;
      for (size_t c = 0; c < 3; c++)
        rgb->data[3 * (y * width + x) + c] = hole ? 1.0f : brick (x, y);
    }
}

/* Targets that don't have the pattern of their place. All must come from known pixels, and all others from themselves. */
static size_t
count_wrong (const LimnPlace *places, const guint8 *state, size_t width, size_t height)
{
  size_t wrong = 0;

  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++) {
      const LimnPlace from = places[y * width + x];
      if (state[y * width + x] != LIMN_PIXEL_TARGET) {
        g_assert_cmpint (from.x, ==, x);
        g_assert_cmpint (from.y, ==, y);
        continue;
      }
      g_assert_true (from.x >= 0 && from.y >= 0 && from.x < (gint32) width && from.y < (gint32) height);
      g_assert_cmpint (state[(size_t) from.y * width + (size_t) from.x], ==, LIMN_PIXEL_KNOWN);
      wrong += brick ((size_t) from.x, (size_t) from.y) != brick (x, y);
    }
  return wrong;
}

static void
test_pattern (void)
{
  static const size_t AT[][2] = { { 60, 40 }, { 0, 50 }, { 130, 100 } };

  for (size_t k = 0; k < G_N_ELEMENTS (AT); k++) {
    const size_t width = 170, height = 140, side = 40;
    LimnImage rgb, patch_error;
    LimnPlace *places;
    guint8 *state;

    make_wall (&rgb, &state, width, height, AT[k][0], AT[k][1], side);
    const LimnPatchMatch input = { .rgb = &rgb, .state = state, .hole = { 0, 0, width, height }, .seed = 3 };
    g_assert_cmpint (limn_patch_match (&input, &places, &patch_error, NULL), ==, LIMN_OK);
    g_assert_nonnull (places);
    g_assert_cmpuint (count_wrong (places, state, width, height), <=, side * side / 50);
    free (places);
    limn_image_clear (&patch_error);
    limn_image_clear (&rgb);
    g_free (state);
  }
}

/* A hole so large that its pixels are found in squares: still only known pixels are copied, and the pattern goes on as far as
 * it can from so far (copied at random a third would be wrong). */
static void
test_squares (void)
{
  const size_t width = 1951, height = 1901, side = 1740;
  LimnImage rgb;
  LimnPlace *places;
  LimnPool *pool;
  guint8 *state;

  make_wall (&rgb, &state, width, height, 121, 99, side);
  g_assert_cmpint (limn_pool_new (&pool, 2, NULL), ==, LIMN_OK);
  const LimnPatchMatch input = { .rgb = &rgb, .state = state, .hole = { 0, 0, width, height }, .seed = 3, .pool = pool };
  g_assert_cmpint (limn_patch_match (&input, &places, NULL, NULL), ==, LIMN_OK);
  g_assert_nonnull (places);
  g_assert_cmpuint (count_wrong (places, state, width, height), <=, side * side / 4);
  limn_pool_free (pool);
  limn_image_clear (&rgb);
  g_free (state);
  free (places);
}

static void
test_threads (void)
{
  LimnImage rgb;
  LimnPlace *places[2];
  guint8 *state;

  make_wall (&rgb, &state, 200, 150, 70, 50, 55);
  for (size_t i = 0; i < 3 * 200 * 150; i++)
    rgb.data[i] += (float) ((i * 2654435761u >> 8) % 100) / 500.0f - 0.1f;
  for (int t = 0; t < 2; t++) {
    LimnPool *pool;
    g_assert_cmpint (limn_pool_new (&pool, t ? 3 : 1, NULL), ==, LIMN_OK);
    const LimnPatchMatch input = { .rgb = &rgb, .state = state, .hole = { 70, 50, 55, 55 }, .seed = 5, .pool = pool };
    g_assert_cmpint (limn_patch_match (&input, &places[t], NULL, NULL), ==, LIMN_OK);
    limn_pool_free (pool);
  }
  g_assert_cmpmem (places[0], 55 * 55 * sizeof (LimnPlace), places[1], 55 * 55 * sizeof (LimnPlace));
  free (places[0]);
  free (places[1]);
  limn_image_clear (&rgb);
  g_free (state);
}

/* Of a picture whose left half is dark and right half light, a guide tells which half fills the hole between. */
static void
test_guide (void)
{
  for (int light = 0; light < 2; light++) {
    LimnImage rgb, guide, follow;
    LimnPlace *places;
    guint8 *state = g_malloc0 (120 * 60);
    size_t followed = 0, targets = 0;

    g_assert_cmpint (limn_image_new (&rgb, 120, 60, 3, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_image_new (&guide, 12, 6, 3, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_image_new (&follow, 12, 6, 1, NULL), ==, LIMN_OK);
    for (size_t i = 0; i < 120 * 60 * 3; i++)
      rgb.data[i] = (i / 3 % 120 < 60 ? -0.5f : 0.5f) + (float) ((i / 3 * 2654435761u >> 9) % 100) / 1000.0f;
    for (size_t y = 0; y < 6; y++)
      for (size_t x = 0; x < 12; x++) {
        const gboolean inside = x >= 4 && x < 8 && y >= 1 && y < 5;
        follow.data[y * 12 + x] = 1.0f;
        for (size_t c = 0; c < 3; c++)
          guide.data[3 * (y * 12 + x) + c] = inside ? (light ? 0.5f : -0.5f) : x < 6 ? -0.5f : 0.5f;
      }
    for (size_t y = 10; y < 50; y++)
      memset (state + y * 120 + 40, LIMN_PIXEL_TARGET, 40);
    const LimnPatchMatch input = {
      .rgb = &rgb, .state = state, .hole = { 40, 10, 40, 40 }, .guide = &guide, .guide_weight = &follow, .guide_cell = 10, .seed = 1
    };
    g_assert_cmpint (limn_patch_match (&input, &places, NULL, NULL), ==, LIMN_OK);
    for (size_t y = 18; y < 42; y++)
      for (size_t x = 48; x < 72; x++) {
        targets++;
        followed += (places[(y - 10) * 40 + x - 40].x >= 60) == light;
      }
    g_assert_cmpuint (followed, >, targets * 3 / 4);
    free (places);
    limn_image_clear (&rgb);
    limn_image_clear (&guide);
    limn_image_clear (&follow);
    g_free (state);
  }
}

/* Where no whole patch is known there is nothing to copy. */
static void
test_nothing (void)
{
  static const size_t SIZES[][2] = { { 1, 1 }, { 7, 300 }, { 300, 7 }, { 40, 40 } };

  for (size_t k = 0; k < G_N_ELEMENTS (SIZES); k++) {
    LimnImage rgb;
    LimnPlace *places;
    guint8 *state;

    make_wall (&rgb, &state, SIZES[k][0], SIZES[k][1], 0, 0, 34);
    const LimnPatchMatch input = { .rgb = &rgb, .state = state, .hole = { 0, 0, SIZES[k][0], SIZES[k][1] } };
    g_assert_cmpint (limn_patch_match (&input, &places, NULL, NULL), ==, LIMN_OK);
    g_assert_null (places);
    limn_image_clear (&rgb);
    g_free (state);
  }
}

static void
test_cancel (void)
{
  LimnImage rgb;
  LimnPlace *places;
  guint8 *state;
  LimnError error;
  atomic_int cancel = 1;
  LimnPool *pool;

  make_wall (&rgb, &state, 170, 140, 60, 40, 40);
  g_assert_cmpint (limn_pool_new (&pool, 2, NULL), ==, LIMN_OK);
  limn_pool_watch (pool, &cancel);
  const LimnPatchMatch input = { .rgb = &rgb, .state = state, .hole = { 60, 40, 40, 40 }, .pool = pool };
  g_assert_cmpint (limn_patch_match (&input, &places, NULL, &error), ==, LIMN_CANCELLED);
  g_assert_null (places);
  limn_pool_free (pool);
  limn_image_clear (&rgb);
  g_free (state);
}

/* How far e is from the equation, at worst; and that it is 0 elsewhere. */
static float
residual_of (const LimnPoisson *poisson)
{
  const size_t width = poisson->width, height = poisson->height;
  float worst = 0.0f;

  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++)
      for (size_t c = 0; c < 3; c++) {
        const float own = poisson->e[limn_poisson_index (poisson, x, y) + c];
        float sum = 0.0f;
        if (!limn_poisson_is_target (poisson, x, y)) {
          g_assert_cmpfloat (own, ==, 0.0f);
          continue;
        }
        if (x > 0)
          sum += own - poisson->e[limn_poisson_index (poisson, x - 1, y) + c];
        if (x + 1 < width)
          sum += own - poisson->e[limn_poisson_index (poisson, x + 1, y) + c];
        if (y > 0)
          sum += own - poisson->e[limn_poisson_index (poisson, x, y - 1) + c];
        if (y + 1 < height)
          sum += own - poisson->e[limn_poisson_index (poisson, x, y + 1) + c];
        worst = fmaxf (worst, fabsf (sum + poisson->screening * own - poisson->rhs[limn_poisson_index (poisson, x, y) + c]));
      }
  return worst;
}

/* Something to be wanted of every pixel. */
static void
want_pattern (LimnPoisson *poisson)
{
  for (size_t y = 0; y < poisson->height; y++)
    for (size_t x = 0; x < poisson->width; x++)
      for (size_t c = 0; c < 3; c++)
        poisson->rhs[limn_poisson_index (poisson, x, y) + c] = (float) ((x * 31 + y * 17 + c * 7) % 23) / 230.0f - 0.04f;
}

/* The residual of the solver's equation, and its exact answer for a constant right side without an edge (wanted / hold). */
static void
test_seam (void)
{
  static const size_t SIZES[][2] = { { 143, 97 }, { 142, 98 } };

  for (size_t k = 0; k < G_N_ELEMENTS (SIZES); k++) {
    const size_t width = SIZES[k][0], height = SIZES[k][1];
    LimnPoisson poisson;

    g_assert_cmpint (limn_poisson_new (&poisson, width, height, 0.001f, NULL), ==, LIMN_OK);
    for (size_t y = 0; y < height; y++)
      for (size_t x = 0; x < width; x++) {
        const float dx = (float) x - 80.0f, dy = (float) y - 40.0f;
        limn_poisson_set_target (&poisson, x, y, dx * dx / 3600.0f + dy * dy / 1600.0f < 1.0f);
      }
    want_pattern (&poisson);
    g_assert_cmpint (limn_poisson_solve (&poisson, NULL, NULL), ==, LIMN_OK);
    g_assert_cmpfloat (residual_of (&poisson), <, 0.002f);

    for (size_t y = 0; y < height; y++)
      for (size_t x = 0; x < width; x++) {
        limn_poisson_set_target (&poisson, x, y, true);
        for (size_t c = 0; c < 3; c++)
          poisson.rhs[limn_poisson_index (&poisson, x, y) + c] = 0.0005f;
      }
    g_assert_cmpint (limn_poisson_solve (&poisson, NULL, NULL), ==, LIMN_OK);
    for (size_t y = 0; y < height; y++)
      for (size_t x = 0; x < width; x++)
        for (size_t c = 0; c < 3; c++)
          g_assert_cmpfloat_with_epsilon (poisson.e[limn_poisson_index (&poisson, x, y) + c], 0.5f, 0.02f);
    limn_poisson_clear (&poisson);
  }
}

static void
make_islands (LimnPoisson *poisson)
{
  static const size_t AT[][2] = { { 0, 0 }, { 60, 12 }, { 130, 40 }, { 20, 90 }, { 895, 0 }, { 897, 690 }, { 0, 695 }, { 300, 20 } };

  g_assert_cmpint (limn_poisson_new (poisson, 900, 700, 0.001f, NULL), ==, LIMN_OK);
  for (size_t y = 0; y < poisson->height; y++)
    for (size_t x = 0; x < poisson->width; x++) {
      bool target = false;
      for (size_t k = 0; k < G_N_ELEMENTS (AT); k++)
        target |= x - AT[k][0] < 9 && y - AT[k][1] < 7;
      target |= (y - 100 < 6 && x - 260 < 120) || (x - 260 < 6 && y - 100 < 120); /* its bounds hold the next */
      target |= x - 330 < 20 && y - 170 < 20;
      target |= x - 500 < 290 && y - 300 < 270;
      limn_poisson_set_target (poisson, x, y, target);
    }
  want_pattern (poisson);
}

/* Specks, at the picture's corners too, a hook around one of them, and one too large for a thread alone: each its own equation, and
 * the same for any number of threads. */
static void
test_islands (void)
{
  LimnPoisson alone, shared;
  LimnPool *pool;

  g_assert_cmpint (limn_pool_new (&pool, 3, NULL), ==, LIMN_OK);
  make_islands (&alone);
  make_islands (&shared);
  g_assert_cmpint (limn_poisson_solve (&alone, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (residual_of (&alone), <, 0.002f);
  g_assert_cmpint (limn_poisson_solve (&shared, pool, NULL), ==, LIMN_OK);
  for (size_t y = 0; y < alone.height; y++)
    for (size_t x = 0; x < alone.width; x++)
      g_assert_cmpmem (alone.e + limn_poisson_index (&alone, x, y), 3 * sizeof (float), shared.e + limn_poisson_index (&shared, x, y),
                       3 * sizeof (float));
  limn_poisson_clear (&alone);
  limn_poisson_clear (&shared);
  limn_pool_free (pool);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/patch-match/pattern", test_pattern);
  g_test_add_func ("/patch-match/squares", test_squares);
  g_test_add_func ("/patch-match/threads", test_threads);
  g_test_add_func ("/patch-match/guide", test_guide);
  g_test_add_func ("/patch-match/nothing", test_nothing);
  g_test_add_func ("/patch-match/cancel", test_cancel);
  g_test_add_func ("/seam/equation", test_seam);
  g_test_add_func ("/seam/islands", test_islands);
  return g_test_run ();
}
