/* Outlines of things that are told roughly, beside the things that were drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/limn-engine.h"
#include "engine/select/color-mixture.h"
#include "engine/select/cut-labels.h"

enum { WIDTH = 420, HEIGHT = 300 };

typedef struct {
  guint8 rgba[WIDTH * HEIGHT * 4], hints[WIDTH * HEIGHT], mask[WIDTH * HEIGHT];
  gboolean thing[WIDTH * HEIGHT];
} Case;

static int
grain (int x, int y)
{
  return (int) (((guint) x * 7919u ^ (guint) y * 104729u) * 2654435761u >> 24) % 40;
}

/* A starfish of orange and brown on pebbles of gray, blue and brown. */
static Case *
case_new (void)
{
  static const guint8 STONES[][3] = { { 110, 112, 118 }, { 70, 90, 130 }, { 150, 150, 150 }, { 96, 84, 70 } };
  Case *self = g_new0 (Case, 1);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      const double dx = x - 210.3, dy = y - 149.1, radius = 62 + 28 * cos (5 * atan2 (dy, dx));
      const guint8 *stone = STONES[(x / 17 * 5 + y / 13 * 3) % 4];
      guint8 *p = self->rgba + 4 * (y * WIDTH + x);

      self->thing[y * WIDTH + x] = dx * dx + dy * dy < radius * radius;
      for (int c = 0; c < 3; c++)
        p[c] = (guint8) ((self->thing[y * WIDTH + x] ? (const guint8[]){ 200, 110, 40 }[c] : stone[c]) + grain (x + 77 * c, y));
      p[3] = 255;
    }
  return self;
}

static void
add_disc (Case *self, double x0, double y0, double radius, guint8 hint)
{
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if ((x - x0) * (x - x0) + (y - y0) * (y - y0) < radius * radius)
        self->hints[y * WIDTH + x] = hint;
}

static LimnStatus
run (Case *self, int threads, const LimnControl *control, LimnError *error)
{
  const LimnPixels photo = { self->rgba, WIDTH, HEIGHT, WIDTH * 4, 8 };
  const LimnMask hints = { self->hints, WIDTH, HEIGHT, WIDTH };

  return limn_select (&photo, &hints, threads, control, self->mask, error);
}

/* Intersection over union of the mask and the thing. */
static double
overlap (const Case *self)
{
  gsize both = 0, any = 0;

  for (gsize i = 0; i < WIDTH * HEIGHT; i++) {
    both += self->mask[i] >= 128 && self->thing[i];
    any += self->mask[i] >= 128 || self->thing[i];
  }
  return (double) both / (double) any;
}

static void
test_loop (void)
{
  g_autofree Case *self = case_new ();
  gsize soft = 0;

  add_disc (self, 205, 152, 118, LIMN_HINT_MAYBE);
  g_assert_cmpint (run (self, 2, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (overlap (self), >, 0.97);
  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    soft += self->mask[i] > 0 && self->mask[i] < 255;
  g_assert_cmpuint (soft, >, 400); /* a border one pixel soft, and no more */
  g_assert_cmpuint (soft, <, 2500);
}

static void
test_strokes (void)
{
  g_autofree Case *self = case_new ();

  add_disc (self, 215, 149, 30, LIMN_HINT_INSIDE);
  g_assert_cmpint (run (self, 1, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (overlap (self), >, 0.95);
  add_disc (self, 285, 149, 12, LIMN_HINT_OUTSIDE); /* an arm that isn't to go */
  g_assert_cmpint (run (self, 1, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (self->mask[149 * WIDTH + 285], ==, 0);
  g_assert_cmpint (self->mask[149 * WIDTH + 215], ==, 255);
}

static void
test_threads_and_depth (void)
{
  g_autofree Case *self = case_new ();
  g_autofree guint8 *first = NULL;
  guint16 *deep = g_new (guint16, WIDTH * HEIGHT * 4);

  add_disc (self, 205, 152, 118, LIMN_HINT_MAYBE);
  g_assert_cmpint (run (self, 1, NULL, NULL), ==, LIMN_OK);
  first = g_memdup2 (self->mask, sizeof self->mask);
  g_assert_cmpint (run (self, 3, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpmem (first, sizeof self->mask, self->mask, sizeof self->mask);
  for (gsize i = 0; i < WIDTH * HEIGHT * 4; i++)
    deep[i] = (guint16) (self->rgba[i] * 257);
  const LimnPixels photo = { deep, WIDTH, HEIGHT, WIDTH * 8, 16 };
  const LimnMask hints = { self->hints, WIDTH, HEIGHT, WIDTH };
  memset (self->mask, 7, sizeof self->mask);
  g_assert_cmpint (limn_select (&photo, &hints, 2, NULL, self->mask, NULL), ==, LIMN_OK);
  g_assert_cmpmem (first, sizeof self->mask, self->mask, sizeof self->mask);
  g_free (deep);
}

/* Where nothing can be told apart, the loop is what was meant. */
static void
test_alike (void)
{
  g_autofree Case *self = case_new ();

  memset (self->rgba, 128, sizeof self->rgba);
  add_disc (self, 205, 152, 80, LIMN_HINT_MAYBE);
  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    self->thing[i] = self->hints[i] != 0;
  g_assert_cmpint (run (self, 1, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (overlap (self), >, 0.8);
}

static void
test_errors (void)
{
  g_autofree Case *self = case_new ();
  atomic_int cancel = 1;
  const LimnControl control = { .cancel = &cancel };
  LimnError error;

  g_assert_cmpint (run (self, 1, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_nonnull (strstr (error.text, "Nothing is said to be inside"));
  add_disc (self, 205, 152, 80, LIMN_HINT_OUTSIDE);
  g_assert_cmpint (run (self, 1, NULL, NULL), ==, LIMN_BAD_INPUT);
  add_disc (self, 205, 152, 80, LIMN_HINT_MAYBE);
  g_assert_cmpint (run (self, 2, &control, NULL), ==, LIMN_CANCELLED);
}

/* A mixture of one component beside the plain formula. */
static void
test_mixture (void)
{
  guint8 rgb[3 * 64], label[64], part[64];
  double mean[3] = { 0 }, variance[3] = { 0 };
  LimnColorMixture mixture;

  for (int i = 0; i < 64; i++) { /* independent channels */
    rgb[3 * i] = (guint8) (100 + (i & 3));
    rgb[3 * i + 1] = (guint8) (50 + 2 * (i >> 2 & 3));
    rgb[3 * i + 2] = (guint8) (200 + (i >> 4));
    label[i] = 1;
    for (int c = 0; c < 3; c++) {
      mean[c] += rgb[3 * i + c] / 64.0;
      variance[c] += rgb[3 * i + c] * rgb[3 * i + c] / 64.0;
    }
  }
  limn_color_mixture_learn (&mixture, rgb, label, 1, 64, 2, part);
  g_assert_cmpuint (mixture.count, ==, 1); /* too narrow to be split */
  double cost = 0;
  const guint8 at[3] = { 107, 48, 199 };
  for (int c = 0; c < 3; c++) {
    const double v = variance[c] - mean[c] * mean[c] + 6.0, d = at[c] - mean[c];
    cost += 0.5 * (log (v) + d * d / v);
  }
  g_assert_cmpfloat_with_epsilon (limn_color_mixture_cost (&mixture, at), cost, 1e-3 * cost);
}

/* The cut beside the best of all labellings of a few pixels. */
static void
test_least_cost (void)
{
  enum { SIDE = 4, N = SIDE * SIDE };
  guint8 rgb[3 * N], hint[N], label[N];
  LimnSelectLevel level = { SIDE, SIDE, rgb, hint, label };
  LimnCutLabels cut = { 0 };
  double least = INFINITY, sharp, sum = 0;
  guint best = 0, found = 0, pairs = 0;

  for (int i = 0; i < 3 * N; i++)
    rgb[i] = (guint8) (90 + 60 * (i / 3 % SIDE + i / 3 / SIDE > 3) + grain (i, 3));
  for (int i = 0; i < N; i++)
    label[i] = i % SIDE + i / SIDE > 3;
  guint8 part[N];
  limn_color_mixture_learn (&cut.inside, rgb, label, LIMN_SELECT_INSIDE, N, 1, part);
  limn_color_mixture_learn (&cut.outside, rgb, label, LIMN_SELECT_OUTSIDE, N, 1, part);
  g_assert_cmpint (limn_cut_labels_begin (&cut, N, NULL), ==, LIMN_OK);
  for (gsize i = 0; i < N; i++)
    g_assert_cmpint (limn_cut_labels_add (&cut, i, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_cut_labels_run (&cut, &level, NULL), ==, LIMN_OK);
  double apart[2][N] = { { 0 } };
  for (int direction = 0; direction < 2; direction++)
    for (int i = 0; i < N; i++) {
      const int to = direction ? i + SIDE : i + 1;
      if (direction ? to >= N : i % SIDE == SIDE - 1)
        continue;
      for (int c = 0; c < 3; c++)
        apart[direction][i] += (rgb[3 * i + c] - rgb[3 * to + c]) * (rgb[3 * i + c] - rgb[3 * to + c]);
      sum += apart[direction][i];
      pairs++;
    }
  sharp = pairs / (2 * (sum + pairs));
  for (guint bits = 0; bits < 1u << N; bits++) {
    double cost = 0;
    for (int i = 0; i < N; i++) {
      const float in = limn_color_mixture_cost (&cut.inside, rgb + 3 * i), out = limn_color_mixture_cost (&cut.outside, rgb + 3 * i);
      cost += bits >> i & 1 ? CLAMP (in - out, -25, 25) : 0;
      if (i % SIDE < SIDE - 1 && (bits >> i & 1) != (bits >> (i + 1) & 1))
        cost += 50 * exp (-sharp * apart[0][i]);
      if (i + SIDE < N && (bits >> i & 1) != (bits >> (i + SIDE) & 1))
        cost += 50 * exp (-sharp * apart[1][i]);
    }
    if (cost < least) {
      least = cost;
      best = bits;
    }
  }
  for (guint i = 0; i < N; i++)
    found |= (guint) (label[i] == LIMN_SELECT_INSIDE) << i;
  g_assert_cmphex (found, ==, best);
  g_assert_cmpuint (best, !=, 0);
  limn_cut_labels_clear (&cut);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/select/loop", test_loop);
  g_test_add_func ("/select/strokes", test_strokes);
  g_test_add_func ("/select/threads-and-depth", test_threads_and_depth);
  g_test_add_func ("/select/alike", test_alike);
  g_test_add_func ("/select/errors", test_errors);
  g_test_add_func ("/select/mixture", test_mixture);
  g_test_add_func ("/select/least-cost", test_least_cost);
  return g_test_run ();
}
