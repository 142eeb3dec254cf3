/* Fill: least cuts against all cuts, structures and plain gradients that go on across a hole, and what is promised of the rest.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fill/job.h"
#include "engine/imaging/max-flow.h"
#include "engine/limn-engine.h"

#define BASE "../resources/models/base.safetensors"
#define SEE "../resources/models/see.safetensors"
#define DETAIL "../resources/models/detail.safetensors"

/* What a division of the nodes costs: bit i of side set = node i with the sink. */
static gint64
cost_of_cut (const LimnMaxFlow *flow, const gint32 *terminal, const gint32 *capacity, guint side)
{
  gint64 cost = 0;

  for (gint32 i = 0; i < flow->count; i++) {
    const gboolean with_sink = side >> i & 1;
    cost += with_sink ? MAX (terminal[i], 0) : MAX (-terminal[i], 0);
    for (int k = 0; k < 4; k++) {
      const gint32 other = flow->neighbour[4 * i + k];
      if (other >= 0 && !with_sink && (side >> other & 1))
        cost += capacity[4 * i + k];
    }
  }
  return cost;
}

static void
test_least_cut (void)
{
  enum { SIDE = 4, NODES = SIDE * SIDE };
  LimnMaxFlow flow;

  g_assert_cmpint (limn_max_flow_new (&flow, NODES, NULL), ==, LIMN_OK);
  for (int round = 0; round < 30; round++) {
    gint32 terminal[NODES], capacity[4 * NODES];
    gint64 least = G_MAXINT64;
    guint side = 0;

    limn_max_flow_begin (&flow, NODES);
    for (gint32 i = 0; i < NODES; i++) {
      flow.terminal[i] = g_test_rand_int_range (-20, 21);
      if (i % SIDE + 1 < SIDE)
        limn_max_flow_link (&flow, i, i + 1, 1, g_test_rand_int_range (0, 12), g_test_rand_int_range (0, 12));
      if (i + SIDE < NODES)
        limn_max_flow_link (&flow, i, i + SIDE, 3, g_test_rand_int_range (0, 12), g_test_rand_int_range (0, 12));
    }
    memcpy (terminal, flow.terminal, sizeof terminal);
    memcpy (capacity, flow.capacity, sizeof capacity);
    g_assert_cmpint (limn_max_flow_cut (&flow, NULL, NULL), ==, LIMN_OK);
    for (gint32 i = 0; i < NODES; i++)
      side |= (guint) (flow.tree[i] == LIMN_CUT_SINK) << i;
    for (guint tried = 0; tried < 1u << NODES; tried++)
      least = MIN (least, cost_of_cut (&flow, terminal, capacity, tried));
    g_assert_cmpint (cost_of_cut (&flow, terminal, capacity, side), ==, least);
  }
  limn_max_flow_clear (&flow);
}

/* A cut with many paths ends early when the work is no longer wanted. */
static void
test_cancel_cut (void)
{
  enum { SIDE = 60, NODES = SIDE * SIDE };
  atomic_int cancel = 0;
  LimnMaxFlow flow;
  LimnPool *pool;

  g_assert_cmpint (limn_pool_new (&pool, 1, NULL), ==, LIMN_OK);
  limn_pool_watch (pool, &cancel);
  g_assert_cmpint (limn_max_flow_new (&flow, NODES, NULL), ==, LIMN_OK);
  for (int round = 0; round < 2; round++) {
    LimnError error;

    limn_max_flow_begin (&flow, NODES);
    for (gint32 i = 0; i < NODES; i++) {
      flow.terminal[i] = i % 2 ? 20 : -20;
      if (i % SIDE + 1 < SIDE)
        limn_max_flow_link (&flow, i, i + 1, 1, 12, 12);
    }
    cancel = round;
    g_assert_cmpint (limn_max_flow_cut (&flow, pool, &error), ==, round ? LIMN_CANCELLED : LIMN_OK);
  }
  limn_max_flow_clear (&flow);
  limn_pool_free (pool);
}

/* ---------------------------------------------------------------- whole fills, without networks */

typedef struct {
  LimnPixels photo;
  LimnMask mask;
} Scene;

typedef double (*Shade) (size_t x, size_t y, int c);

static double
noise (size_t x, size_t y, int c)
{
  guint64 z = (x * 73856093u) ^ (y * 19349663u) ^ ((guint64) c * 83492791u);

  z = (z ^ (z >> 13)) * 0xbf58476d1ce4e5b9u;
  z ^= z >> 31;
  return (double) (z & 0xffff) / 65535.0 - 0.5;
}

static double
stripes (size_t x, size_t y, int c)
{
  const double along = (double) y + 0.4 * (double) x;

  return 0.5 + 0.3 * tanh (4.0 * sin (along * 2.0 * G_PI / 26.0)) + 0.02 * noise (x, y, c);
}

static double
sky (size_t x, size_t y, int c)
{
  return 0.35 + 0.1 * c + 0.0012 * (double) y + 0.0005 * (double) x + 0.02 * noise (x, y, c);
}

static Scene
scene_new (size_t width, size_t height, int depth, Shade shade, LimnRegion hole)
{
  const size_t bytes = (size_t) depth / 8;
  Scene s = { .photo = { g_malloc (width * height * 4 * bytes), width, height, width * 4 * bytes, depth } };
  guint8 *mask = g_malloc0 (width * height);

  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++) {
      const gboolean inside = x - hole.x < hole.width && y - hole.y < hole.height;
      mask[y * width + x] = inside ? 255 : 0;
      for (int c = 0; c < 4; c++) {
        const double v = c == 3 ? 1.0 : inside ? (double) (c == 0) : CLAMP (shade (x, y, c), 0.0, 1.0);
        if (depth == 16)
          ((guint16 *) s.photo.data)[4 * (y * width + x) + (size_t) c] = (guint16) (v * 65535.0 + 0.5);
        else
          ((guint8 *) s.photo.data)[4 * (y * width + x) + (size_t) c] = (guint8) (v * 255.0 + 0.5);
      }
    }
  s.mask = (LimnMask){ mask, width, height, width };
  return s;
}

static void
scene_clear (Scene *s)
{
  g_free (s->photo.data);
  g_free ((void *) s->mask.data);
}

static LimnOverlay
fill_painted (const Scene *s, int threads, float grow, float feather, const LimnPixels *paint)
{
  const LimnEngineOptions engine_options = { .threads = threads };
  const LimnFillOptions options = { .sampling = { .seed = 4, .steps = 1 }, .grow = grow, .feather = feather, .paint = paint };
  LimnEngine *engine;
  LimnOverlay overlay;
  LimnError error;

  g_assert_cmpint (limn_engine_new (&engine, &engine_options, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_fill (engine, &s->photo, &s->mask, &options, NULL, &overlay, NULL, &error), ==, LIMN_OK);
  limn_engine_free (engine);
  return overlay;
}

static LimnOverlay
fill (const Scene *s, int threads, float grow, float feather)
{
  return fill_painted (s, threads, grow, feather, NULL);
}

static double
level_at (const LimnPixels *p, size_t x, size_t y, int c)
{
  return ((const guint8 *) p->data)[y * p->stride + 4 * x + (size_t) c] / 255.0;
}

static void
assert_stripes_go_on (const Scene *s, LimnRegion hole)
{
  size_t wrong = 0;

  for (size_t y = hole.y; y < hole.y + hole.height; y++)
    for (size_t x = hole.x; x < hole.x + hole.width; x++)
      wrong += fabs (level_at (&s->photo, x, y, 1) - stripes (x, y, 1)) > 0.2;
  g_assert_cmpuint (wrong, <, hole.width * hole.height / 12);
}

/* Slanting stripes join across the hole: they are where they would be, but for a little near their edges. */
static void
test_stripes (void)
{
  static const LimnRegion HOLES[] = { { 90, 80, 90, 70 }, { 0, 100, 70, 60 }, { 190, 150, 70, 60 } };

  for (size_t k = 0; k < G_N_ELEMENTS (HOLES); k++) {
    const LimnRegion hole = HOLES[k];
    Scene s = scene_new (260, 210, 8, stripes, hole);
    LimnOverlay overlay = fill (&s, 2, 0.0f, 0.0f);

    limn_overlay_apply (&overlay, &s.photo);
    assert_stripes_go_on (&s, hole);
    limn_overlay_clear (&overlay);
    scene_clear (&s);
  }
}

/* A plate on a table, both with grain. */
static double
plate (size_t x, size_t y, int c)
{
  const double t = CLAMP (110.5 - hypot ((double) x - 130.0, (double) y - 105.0), 0.0, 1.0);

  return t * (c == 0 ? 0.75 : 0.2) + (1 - t) * (c == 2 ? 0.35 : 0.7) + 0.1 * noise (x, y, c);
}

/* A rim goes on through the hole as the circle that it is: hardly a pixel is on the wrong side of it. */
static void
test_outline (void)
{
  static const LimnRegion HOLES[] = { { 14, 65, 60, 60 }, { 180, 20, 60, 60 } };

  for (size_t k = 0; k < G_N_ELEMENTS (HOLES); k++) {
    const LimnRegion hole = HOLES[k];
    Scene s = scene_new (260, 210, 8, plate, hole);
    LimnOverlay overlay = fill (&s, 2, 0.0f, 0.0f);
    size_t wrong = 0;

    limn_overlay_apply (&overlay, &s.photo);
    for (size_t y = hole.y; y < hole.y + hole.height; y++)
      for (size_t x = hole.x; x < hole.x + hole.width; x++)
        wrong += fabs (level_at (&s.photo, x, y, 1) - plate (x, y, 1)) > 0.25;
    g_assert_cmpuint (wrong, <, hole.width * hole.height / 50);
    limn_overlay_clear (&overlay);
    scene_clear (&s);
  }
}

/* Cells of 3 pixels, each of its own gray (a finaliser of MurmurHash3). */
static double
pebbles (size_t x, size_t y, int c)
{
  guint32 h = (guint32) (x / 3 * 7919u + y / 3 * 104729u);

  h = (h ^ h >> 16) * 0x85ebca6bu;
  h = (h ^ h >> 13) * 0xc2b2ae35u;
  return 0.1 + 0.8 * (double) (h >> 24) / 255.0;
}

/* Mean step over the left and right edges of a hole. */
static double
step_across (const LimnPixels *pixels, LimnRegion hole)
{
  double sum = 0;

  for (size_t y = hole.y; y < hole.y + hole.height; y++)
    sum += fabs (level_at (pixels, hole.x - 1, y, 1) - level_at (pixels, hole.x, y, 1)) +
           fabs (level_at (pixels, hole.x + hole.width, y, 1) - level_at (pixels, hole.x + hole.width - 1, y, 1));
  return sum / (double) (2 * hole.height);
}

/* In a coarse texture, which never matches wholly, the steps at a hole's edge are softened (they were 1.8 times the texture's own). */
static void
test_seam (void)
{
  const LimnRegion hole = { 88, 60, 80, 80 };
  Scene s = scene_new (260, 210, 8, pebbles, hole), truth = scene_new (260, 210, 8, pebbles, hole);
  LimnOverlay overlay = fill (&s, 2, 0.0f, 0.0f);
  double own = 0;

  limn_overlay_apply (&overlay, &s.photo);
  for (size_t x = 24; x < 80; x += 8)
    own += step_across (&truth.photo, (LimnRegion){ x, 10, 4, 180 }) / 7;
  g_assert_cmpfloat (step_across (&s.photo, hole), <, 1.6 * own);
  limn_overlay_clear (&overlay);
  scene_clear (&s);
  scene_clear (&truth);
}

/* Stripes between black bars. */
static double
letterbox (size_t x, size_t y, int c)
{
  return y < 30 || y >= 180 ? 0.06 : stripes (x, y, c);
}

/* A hole over a bar's edge: the bar goes on, black to the line, and nothing black gets into the picture. */
static void
test_frame (void)
{
  const LimnRegion hole = { 90, 10, 80, 70 };
  Scene s = scene_new (260, 210, 8, letterbox, hole);
  LimnOverlay overlay = fill (&s, 2, 0.0f, 0.0f);
  size_t dark = 0;

  limn_overlay_apply (&overlay, &s.photo);
  for (size_t y = hole.y; y < hole.y + hole.height; y++)
    for (size_t x = hole.x; x < hole.x + hole.width; x++) {
      const double level = level_at (&s.photo, x, y, 1), least = MIN (level_at (&s.photo, x, y, 0), level_at (&s.photo, x, y, 2));
      if (y < 30)
        g_assert_cmpfloat (fabs (level - 0.06), <, 0.01);
      else
        dark += MAX (level, least) < 0.09;
    }
  g_assert_cmpuint (dark, ==, 0);
  limn_overlay_clear (&overlay);
  scene_clear (&s);
}

/* A sky's gradient goes on without blotches, and with its grain. */
static void
test_sky (void)
{
  const LimnRegion hole = { 140, 110, 120, 100 };
  Scene s = scene_new (400, 320, 8, sky, hole);
  LimnOverlay overlay = fill (&s, 2, 0.0f, 0.0f);
  double grain = 0.0, grain_around = 0.0;

  limn_overlay_apply (&overlay, &s.photo);
  for (size_t y = hole.y; y < hole.y + hole.height; y += 20)
    for (size_t x = hole.x; x < hole.x + hole.width; x += 20)
      for (int c = 0; c < 3; c++) {
        double sum = 0.0;
        for (size_t j = y; j < y + 20; j++)
          for (size_t i = x; i < x + 20; i++)
            sum += level_at (&s.photo, i, j, c) - sky (i, j, c);
        g_assert_cmpfloat (fabs (sum / 400.0), <, 0.012);
      }
  for (size_t y = hole.y + 1; y + 1 < hole.y + hole.height; y++)
    for (size_t x = hole.x + 1; x + 1 < hole.x + hole.width; x++) {
      grain += fabs (level_at (&s.photo, x + 1, y, 1) - level_at (&s.photo, x, y, 1));
      grain_around += fabs (level_at (&s.photo, x + 1, y - 100, 1) - level_at (&s.photo, x, y - 100, 1));
    }
  g_assert_cmpfloat (grain, >, 0.8 * grain_around);
  g_assert_cmpfloat (grain, <, 1.2 * grain_around);
  limn_overlay_clear (&overlay);
  scene_clear (&s);
}

static double
disc_on_ground (size_t x, size_t y, int c)
{
  const gboolean inside = hypot ((double) x - 60.0, (double) y - 90.0) < 45.0;

  return inside ? (c == 0 ? 0.8 : 0.15) : 0.6 + 0.03 * noise (x, y, c);
}

/* A hole in a plain ground, open to the photo's edge, gets no copy of the one thing that is there. */
static void
test_ground (void)
{
  const LimnRegion hole = { 190, 0, 80, 130 };
  Scene s = scene_new (320, 260, 8, disc_on_ground, hole);
  LimnOverlay overlay = fill (&s, 2, 2.0f, 0.0f);

  limn_overlay_apply (&overlay, &s.photo);
  for (size_t y = hole.y; y < hole.y + hole.height; y++)
    for (size_t x = hole.x; x < hole.x + hole.width; x++)
      g_assert_cmpfloat (level_at (&s.photo, x, y, 0) - level_at (&s.photo, x, y, 1), <, 0.1);
  limn_overlay_clear (&overlay);
  scene_clear (&s);
}

/* What is painted keeps its colour although nothing in the photo has it, and has the photo's grain. */
static void
test_paint (void)
{
  const LimnRegion hole = { 140, 110, 120, 100 };
  Scene s = scene_new (400, 320, 8, sky, hole);
  g_autofree guint8 *data = g_malloc0 (400 * 320 * 4);
  const LimnPixels paint = { data, 400, 320, 400 * 4, 8 };
  const guint8 red[4] = { 200, 60, 40, 255 };
  double sum[3] = { 0 }, grain = 0.0;
  LimnOverlay overlay;

  for (size_t y = 130; y < 190; y++)
    for (size_t x = 160; x < 240; x++)
      memcpy (data + 4 * (y * 400 + x), red, 4);
  overlay = fill_painted (&s, 2, 0.0f, 0.0f, &paint);
  limn_overlay_apply (&overlay, &s.photo);
  for (size_t y = 150; y < 170; y++)
    for (size_t x = 180; x < 220; x++) {
      for (int c = 0; c < 3; c++)
        sum[c] += level_at (&s.photo, x, y, c) / 800.0;
      grain += fabs (level_at (&s.photo, x + 1, y, 1) - level_at (&s.photo, x, y, 1)) / 800.0;
    }
  for (int c = 0; c < 3; c++)
    g_assert_cmpfloat (fabs (sum[c] - red[c] / 255.0), <, 0.06);
  g_assert_cmpfloat (grain, >, 0.003);
  limn_overlay_clear (&overlay);
  scene_clear (&s);
}

/* A smooth blue above, a rough green below. */
static double
land (size_t x, size_t y, int c)
{
  static const double BLUE[] = { 0.45, 0.6, 0.85 }, GREEN[] = { 0.3, 0.5, 0.15 };

  return y < 150 ? BLUE[c] + 0.01 * noise (x, y, c) : GREEN[c] * (1.0 + 0.9 * noise (x / 2, y / 2, 0));
}

/* Paint brings the surface that the photo has of its colour: rough land where land is painted into the sky, and smooth sky where sky
 * is painted into the land; each of the colour painted. */
static void
test_painted_surface (void)
{
  static const guint8 PAINT[2][4] = { { 80, 140, 40, 255 }, { 120, 155, 215, 255 } };
  static const size_t TOP[2] = { 50, 190 };
  double rough[2] = { 0 };

  for (int k = 0; k < 2; k++) {
    const LimnRegion hole = { 150, TOP[k], 70, 60 };
    Scene s = scene_new (370, 300, 8, land, hole);
    g_autofree guint8 *data = g_malloc0 (370 * 300 * 4);
    const LimnPixels paint = { data, 370, 300, 370 * 4, 8 };
    double sum[3] = { 0 };
    LimnOverlay overlay;

    for (size_t y = hole.y; y < hole.y + hole.height; y++)
      for (size_t x = hole.x; x < hole.x + hole.width; x++)
        memcpy (data + 4 * (y * 370 + x), PAINT[k], 4);
    overlay = fill_painted (&s, 2, 0.0f, 0.0f, &paint);
    limn_overlay_apply (&overlay, &s.photo);
    for (size_t y = hole.y + 15; y < hole.y + 45; y++)
      for (size_t x = hole.x + 15; x < hole.x + 55; x++) {
        for (int c = 0; c < 3; c++)
          sum[c] += level_at (&s.photo, x, y, c) / 1200.0;
        rough[k] += fabs (level_at (&s.photo, x + 2, y, 1) - level_at (&s.photo, x, y, 1)) / 1200.0;
      }
    for (int c = 0; c < 3; c++)
      g_assert_cmpfloat (fabs (sum[c] - PAINT[k][c] / 255.0), <, 0.06);
    limn_overlay_clear (&overlay);
    scene_clear (&s);
  }
  g_assert_cmpfloat (rough[0], >, 0.08);
  g_assert_cmpfloat (rough[1], <, 0.01);
}

/* Whatever is farther from the mask than grow and feather stays bit for bit, transparency too, at both depths; and one thread
 * writes what three write. */
static void
test_promises (void)
{
  for (int depth = 8; depth <= 16; depth += 8) {
    const LimnRegion hole = { 60, 50, 50, 40 };
    const size_t bytes = (size_t) depth / 8;
    Scene s = scene_new (200, 170, depth, stripes, hole);
    LimnOverlay one, three;

    for (size_t i = 0; i < 40; i++) /* a transparent corner */
      memset ((guint8 *) s.photo.data + i * s.photo.stride, 0, 30 * 4 * bytes);
    g_autofree guint8 *before = g_memdup2 (s.photo.data, s.photo.height * s.photo.stride);
    one = fill (&s, 1, 3.0f, 4.0f);
    three = fill (&s, 3, 3.0f, 4.0f);
    g_assert_cmpmem (one.pixels.data, one.pixels.height * one.pixels.stride, three.pixels.data, three.pixels.height * three.pixels.stride);
    limn_overlay_apply (&one, &s.photo);
    for (size_t y = 0; y < s.photo.height; y++)
      for (size_t x = 0; x < s.photo.width; x++)
        if (x + 8 < hole.x || x >= hole.x + hole.width + 8 || y + 8 < hole.y || y >= hole.y + hole.height + 8)
          g_assert_cmpmem ((guint8 *) s.photo.data + y * s.photo.stride + x * 4 * bytes, 4 * bytes,
                           before + y * s.photo.stride + x * 4 * bytes, 4 * bytes);
    limn_overlay_clear (&one);
    limn_overlay_clear (&three);
    scene_clear (&s);
  }
}

static void
test_cancel (void)
{
  const LimnEngineOptions engine_options = { .threads = 2 };
  atomic_int cancel = 1;
  const LimnControl control = { .cancel = &cancel };
  const LimnFillOptions options = { .sampling = { .steps = 1 } };
  Scene s = scene_new (200, 170, 8, stripes, (LimnRegion){ 60, 50, 50, 40 });
  LimnEngine *engine;
  LimnOverlay overlay;
  LimnError error;

  g_assert_cmpint (limn_engine_new (&engine, &engine_options, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_fill (engine, &s.photo, &s.mask, &options, &control, &overlay, NULL, &error), ==, LIMN_CANCELLED);
  g_assert_null (overlay.pixels.data);
  limn_engine_free (engine);
  scene_clear (&s);
}

/* ---------------------------------------------------------------- with the shipped networks */

static LimnOverlay
fill_with_networks (const Scene *s, int threads, bool quick, const LimnPixels *paint, const LimnMask *ink, LimnStats *stats)
{
  const LimnEngineOptions engine_options = { .base_path = BASE, .see_path = SEE, .detail_path = DETAIL, .threads = threads };
  const LimnFillOptions options = { .sampling = { .seed = 4, .steps = 1, .quick = quick }, .paint = paint, .ink = ink };
  LimnEngine *engine;
  LimnOverlay overlay;
  LimnError error;

  g_assert_cmpint (limn_engine_new (&engine, &engine_options, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_fill (engine, &s->photo, &s->mask, &options, NULL, &overlay, stats, &error), ==, LIMN_OK);
  limn_engine_free (engine);
  return overlay;
}

/* A picture of width x height that is painted on from (x, y) on, of the size given: left of the middle red, right of it green. */
static LimnPixels
two_colours (size_t width, size_t height, LimnRegion where)
{
  static const guint8 COLOURS[2][4] = { { 190, 50, 40, 255 }, { 60, 150, 50, 255 } };
  guint8 *data = g_malloc0 (width * height * 4);

  for (size_t y = where.y; y < where.y + where.height; y++)
    for (size_t x = where.x; x < where.x + where.width; x++)
      memcpy (data + 4 * (y * width + x), COLOURS[x >= where.x + where.width / 2], 4);
  return (LimnPixels){ data, width, height, width * 4, 8 };
}

/* The steepest step of red between columns near x, mean of many rows. */
static double
steepest (const LimnPixels *p, size_t x, size_t y0, size_t y1)
{
  double most = 0.0;

  for (size_t i = x - 8; i < x + 8; i++) {
    double sum = 0.0;
    for (size_t y = y0; y < y1; y++)
      sum += level_at (p, i, y, 0) - level_at (p, i + 1, y, 0);
    most = MAX (most, sum / (double) (y1 - y0));
  }
  return most;
}

/* Where nothing can be copied detail makes the picture: sharp, of the painted colours, the same for any number of threads; and a quick
 * preview does without it. */
static void
test_nothing_to_copy (void)
{
  enum { W = 260, H = 220, RIM = 6 };
  const LimnRegion hole = { RIM, RIM, W - 2 * RIM, H - 2 * RIM };
  Scene s = scene_new (W, H, 8, sky, hole);
  const LimnPixels paint = two_colours (W, H, hole);
  LimnStats stats, quick_stats;
  LimnOverlay one = fill_with_networks (&s, 1, false, &paint, NULL, &stats), three = fill_with_networks (&s, 3, false, &paint, NULL, NULL);
  LimnOverlay quick = fill_with_networks (&s, 2, true, &paint, NULL, &quick_stats);

  g_assert_cmpuint (stats.tiles, >, 0);
  g_assert_cmpuint (stats.evaluations, >, stats.tiles);
  g_assert_cmpuint (quick_stats.tiles, ==, 0);
  g_assert_cmpmem (one.pixels.data, one.pixels.height * one.pixels.stride, three.pixels.data, three.pixels.height * three.pixels.stride);
  g_assert_cmpfloat (steepest (&one.pixels, hole.width / 2, 60, 150), >, 0.3);
  g_assert_cmpfloat (steepest (&one.pixels, hole.width / 2, 60, 150), >, 2.0 * steepest (&quick.pixels, hole.width / 2, 60, 150));
  for (int c = 0; c < 3; c++) {
    double sum[2] = { 0 };
    for (size_t y = 60; y < 150; y++)
      for (size_t x = 30; x < 80; x++) {
        sum[0] += level_at (&one.pixels, x, y, c) / 4500.0;
        sum[1] += level_at (&one.pixels, hole.width - 1 - x, y, c) / 4500.0;
      }
    for (int side = 0; side < 2; side++) {
      const guint8 *painted = (guint8 *) paint.data + 100 * paint.stride + (side ? 200 : 50) * 4;
      g_assert_cmpfloat (fabs (sum[side] - painted[c] / 255.0), <, 0.05);
    }
  }
  limn_overlay_clear (&one);
  limn_overlay_clear (&three);
  limn_overlay_clear (&quick);
  g_free (paint.data);
  scene_clear (&s);
}

/* Texture that the photo has is copied: detail isn't even asked. */
static void
test_texture_is_copied (void)
{
  const LimnRegion hole = { 90, 80, 90, 70 };
  Scene s = scene_new (260, 210, 8, stripes, hole);
  LimnStats stats;
  LimnOverlay overlay = fill_with_networks (&s, 2, false, NULL, NULL, &stats);

  g_assert_cmpuint (stats.evaluations, ==, 1);
  g_assert_cmpuint (stats.tiles, ==, 0);
  limn_overlay_apply (&overlay, &s.photo);
  assert_stripes_go_on (&s, hole);
  limn_overlay_clear (&overlay);
  scene_clear (&s);
}

/* Paint in colours that a photo of stripes doesn't have: no stripes go through it, its edges are sharp, it does not spread, one
 * thread makes what three make, and no network is needed beyond base. */
static void
test_foreign_paint (void)
{
  const LimnRegion hole = { 70, 60, 140, 110 }, where = { 100, 80, 80, 70 };
  Scene s = scene_new (280, 230, 8, stripes, hole);
  const LimnPixels paint = two_colours (280, 230, where);
  LimnStats stats;
  LimnOverlay one = fill_with_networks (&s, 1, false, &paint, NULL, &stats), three = fill_with_networks (&s, 3, false, &paint, NULL, NULL);

  g_assert_cmpuint (stats.tiles, ==, 0);
  g_assert_cmpmem (one.pixels.data, one.pixels.height * one.pixels.stride, three.pixels.data, three.pixels.height * three.pixels.stride);
  limn_overlay_apply (&one, &s.photo);
  for (size_t y = where.y + 6; y < where.y + where.height - 6; y += 4)
    for (int side = 0; side < 2; side++) {
      const size_t x = where.x + (side ? 50 : 10);
      const guint8 *painted = (guint8 *) paint.data + y * paint.stride + x * 4;
      for (int c = 0; c < 3; c++) {
        double sum = 0.0;
        for (size_t i = x; i < x + 20; i++)
          sum += level_at (&s.photo, i, y, c) / 20.0;
        g_assert_cmpfloat (fabs (sum - painted[c] / 255.0), <, 0.12);
      }
    }
  g_assert_cmpfloat (steepest (&s.photo, where.x + where.width / 2, where.y + 10, where.y + 60), >, 0.25);
  for (size_t y = hole.y; y < hole.y + hole.height; y++) /* gray stripes left and right of it */
    for (size_t x = hole.x; x < where.x - 2; x++)
      g_assert_cmpfloat (level_at (&s.photo, x, y, 0) - level_at (&s.photo, x, y, 1), <, 0.1);
  limn_overlay_clear (&one);
  limn_overlay_clear (&three);
  g_free (paint.data);
  scene_clear (&s);
}

/* A line drawn across a hole in a plain sky is there afterwards, at its width, and the sky beside it is as it was. */
static void
test_line (void)
{
  const LimnRegion hole = { 140, 110, 120, 100 };
  Scene s = scene_new (400, 320, 8, sky, hole);
  g_autofree guint8 *line = g_malloc0 (400 * 320);
  const LimnMask ink = { line, 400, 320, 400 };
  double on = 0.0, beside = 0.0;
  LimnStats stats;
  LimnOverlay overlay;

  for (size_t x = 150; x < 250; x++)
    line[158 * 400 + x] = line[159 * 400 + x] = line[160 * 400 + x] = 255;
  overlay = fill_with_networks (&s, 2, false, NULL, &ink, &stats);
  g_assert_cmpuint (stats.tiles, >, 0);
  limn_overlay_apply (&overlay, &s.photo);
  for (size_t x = 160; x < 240; x++) {
    on += (sky (x, 159, 1) - level_at (&s.photo, x, 159, 1)) / 80.0;
    beside += fabs (sky (x, 175, 1) - level_at (&s.photo, x, 175, 1)) / 80.0;
  }
  g_assert_cmpfloat (on, >, 0.1);
  g_assert_cmpfloat (beside, <, 0.04);
  limn_overlay_clear (&overlay);
  scene_clear (&s);
}

/* Detail stops when it is told to. */
static void
test_cancel_cascade (void)
{
  const LimnEngineOptions engine_options = { .base_path = BASE, .see_path = SEE, .detail_path = DETAIL, .threads = 2 };
  const LimnFillOptions options = { .sampling = { .steps = 1 } };
  Scene s = scene_new (200, 170, 8, stripes, (LimnRegion){ 60, 50, 50, 40 });
  atomic_int cancel = 0;
  const LimnControl control = { .cancel = &cancel };
  LimnEngine *engine;
  LimnFillArea area;
  LimnFillGuide guide;
  LimnImage out;
  LimnError error;

  g_assert_cmpint (limn_engine_new (&engine, &engine_options, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_fill_area_new (&area, &s.photo, &s.mask, 0.0f, 0.0f, engine->pool, &error), ==, LIMN_OK);
  LimnFillJob job = { .engine = engine, .photo = &s.photo, .area = &area, .options = &options, .control = &control, .hole = area.region };
  g_assert_cmpint (limn_fill_job_begin (&job, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_fill_guide_new (&guide, &job, NULL, &error), ==, LIMN_OK);
  const LimnRegion where = limn_fill_composite_region (&job);
  cancel = 1;
  g_assert_cmpint (limn_fill_cascade (&out, &job, &guide, &where, NULL, &error), ==, LIMN_CANCELLED);
  g_assert_null (out.data);
  cancel = 0;
  g_assert_cmpint (limn_fill_cascade (&out, &job, &guide, &where, NULL, &error), ==, LIMN_OK);
  g_assert_cmpuint (out.width, ==, where.width);
  limn_image_clear (&out);
  limn_fill_guide_clear (&guide);
  limn_fill_job_clear (&job);
  limn_fill_area_clear (&area);
  limn_engine_free (engine);
  scene_clear (&s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/max-flow/least-cut", test_least_cut);
  g_test_add_func ("/max-flow/cancel", test_cancel_cut);
  g_test_add_func ("/fill/stripes", test_stripes);
  g_test_add_func ("/fill/outline", test_outline);
  g_test_add_func ("/fill/frame", test_frame);
  g_test_add_func ("/fill/seam", test_seam);
  g_test_add_func ("/fill/sky", test_sky);
  g_test_add_func ("/fill/ground", test_ground);
  g_test_add_func ("/fill/paint", test_paint);
  g_test_add_func ("/fill/painted-surface", test_painted_surface);
  g_test_add_func ("/fill/promises", test_promises);
  g_test_add_func ("/fill/cancel", test_cancel);
  g_test_add_func ("/fill/nothing-to-copy", test_nothing_to_copy);
  g_test_add_func ("/fill/texture-is-copied", test_texture_is_copied);
  g_test_add_func ("/fill/foreign-paint", test_foreign_paint);
  g_test_add_func ("/fill/line", test_line);
  g_test_add_func ("/fill/cancel-cascade", test_cancel_cascade);
  return g_test_run ();
}
