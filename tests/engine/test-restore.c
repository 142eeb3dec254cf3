/* Restore: what it promises of a photo whose damage is known. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/limn-engine.h"

enum { WIDTH = 320, HEIGHT = 240 };

static LimnEngine *
new_engine (int threads)
{
  LimnEngine *engine;
  LimnError error;
  const LimnEngineOptions options = { .base_path = "../resources/models/base.safetensors",
                                      .detail_path = "../resources/models/detail.safetensors",
                                      .see_path = "../resources/models/see.safetensors",
                                      .threads = threads };

  if (limn_engine_new (&engine, &options, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return engine;
}

/* A number that only depends on i, 0 to 1. */
static double
noise_at (size_t i)
{
  guint32 v = (guint32) i * 2654435761u;

  v ^= v >> 15;
  v *= 2246822519u;
  v ^= v >> 13;
  return (v & 0xffff) / 65535.0;
}

static void
set_gray (LimnPixels *p, size_t x, size_t y, double value)
{
  const size_t i = 4 * (y * p->width + x);
  const double tint[] = { 1, 0.96, 0.88, 1 };

  for (size_t c = 0; c < 4; c++) {
    const double v = c == 3 ? 1 : CLAMP (value, 0, 1) * tint[c];
    if (p->depth == 16)
      ((uint16_t *) p->data)[i + c] = (uint16_t) (v * 65535 + 0.5);
    else
      ((uint8_t *) p->data)[i + c] = (uint8_t) (v * 255 + 0.5);
  }
}

static gboolean
is_scratch (size_t x, size_t y)
{
  return x >= 20 && x < 300 && fabs ((double) y - 60 - 0.3 * (double) x) < 1.5;
}

static gboolean
is_dust (size_t x, size_t y)
{
  const double dx = (double) x - 240, dy = (double) y - 50;
  return dx * dx + dy * dy < 7;
}

/* A faded print in one tint: slow shades, a little grain; damaged: with a scratch and a speck. Free data. */
static LimnPixels
make_print (int depth, gboolean damaged)
{
  const size_t bytes = (size_t) depth / 8;
  LimnPixels p = { g_malloc (WIDTH * HEIGHT * 4 * bytes), WIDTH, HEIGHT, WIDTH * 4 * bytes, depth };

  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH; x++) {
      const double shade = 0.45 + 0.2 * sin ((double) x / 60) * cos ((double) y / 50) + 0.02 * (noise_at (y * WIDTH + x) - 0.5);
      set_gray (&p, x, y, damaged && (is_scratch (x, y) || is_dust (x, y)) ? 0.9 : shade);
    }
  return p;
}

static LimnOverlay
restore (LimnEngine *engine, const LimnPixels *photo, const LimnRestoreOptions *options)
{
  LimnOverlay overlay;
  LimnError error;

  if (limn_restore (engine, photo, options, NULL, &overlay, NULL, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return overlay;
}

static LimnPixels
copy_of (const LimnPixels *p)
{
  LimnPixels copy = *p;

  copy.data = g_memdup2 (p->data, p->stride * p->height);
  return copy;
}

static double
value_at (const LimnPixels *p, size_t x, size_t y, size_t c)
{
  const size_t i = 4 * (y * p->width + x) + c;

  return p->depth == 16 ? ((const uint16_t *) p->data)[i] / 65535.0 : ((const uint8_t *) p->data)[i] / 255.0;
}

/* The scratch and the speck are found, and hardly anything else; what is filled looks as if they had never been. */
static void
test_found (void)
{
  LimnEngine *engine = new_engine (2);
  LimnPixels photo = make_print (8, TRUE), clean = make_print (8, FALSE), out = copy_of (&photo);
  g_autofree uint8_t *mask = g_malloc (WIDTH * HEIGHT);
  LimnRestoreFound found = { .mask = mask };
  const LimnRestoreOptions options = { .scratches = 0.5f, .found = &found };
  LimnOverlay overlay = restore (engine, &photo, &options);
  size_t damaged = 0, hit = 0, extra = 0;
  double worst = 0;

  limn_overlay_apply (&overlay, &out);
  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH; x++) {
      const gboolean is = is_scratch (x, y) || is_dust (x, y), marked = mask[y * WIDTH + x] != 0;
      damaged += is;
      hit += is && marked;
      extra += !is && marked;
      if (is && marked)
        worst = MAX (worst, fabs (value_at (&out, x, y, 0) - value_at (&clean, x, y, 0)));
    }
  g_assert_cmpuint (hit, >, damaged * 95 / 100);
  g_assert_cmpuint (extra, <, 3 * damaged);
  g_assert_cmpfloat (worst, <, 0.1);
  g_assert_cmpuint (found.spots, >=, 2);
  g_assert_cmpfloat (found.damaged, >, 0);
  g_assert_cmpfloat (found.damaged, <, 0.05);
  limn_overlay_clear (&overlay);
  g_free (photo.data);
  g_free (clean.data);
  g_free (out.data);
  limn_engine_free (engine);
}

/* Outside the mask: with fading and grain at 0 nothing; with fading alone the same level always becomes the same level. */
static void
test_promise (gconstpointer data)
{
  const int depth = GPOINTER_TO_INT (data);
  LimnEngine *engine = new_engine (1);
  LimnPixels photo = make_print (depth, TRUE), mended = copy_of (&photo), evened = copy_of (&photo);
  g_autofree uint8_t *mask = g_malloc (WIDTH * HEIGHT);
  LimnRestoreFound found = { .mask = mask };
  LimnRestoreOptions options = { .scratches = 0.5f, .found = &found };
  LimnOverlay overlay = restore (engine, &photo, &options);
  const size_t pixel = 4 * (size_t) depth / 8;
  g_autofree int *becomes = g_new (int, 3 << depth);
  size_t changed = 0;

  limn_overlay_apply (&overlay, &mended);
  limn_overlay_clear (&overlay);
  for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
    const gboolean same = memcmp ((uint8_t *) photo.data + i * pixel, (uint8_t *) mended.data + i * pixel, pixel) == 0;
    g_assert_true (same || mask[i]);
    changed += !same;
  }
  g_assert_cmpuint (changed, >, 0);
  options.fading = 1;
  overlay = restore (engine, &photo, &options);
  limn_overlay_apply (&overlay, &evened);
  limn_overlay_clear (&overlay);
  memset (becomes, 0xff, (3 << depth) * sizeof *becomes);
  for (size_t i = 0; i < WIDTH * HEIGHT; i++)
    for (size_t c = 0; c < 3 && !mask[i]; c++) {
      const size_t at = 4 * i + c, from = depth == 16 ? ((uint16_t *) photo.data)[at] : ((uint8_t *) photo.data)[at];
      const int to = depth == 16 ? ((uint16_t *) evened.data)[at] : ((uint8_t *) evened.data)[at];
      int *known = &becomes[(c << depth) + from];
      g_assert_true (*known < 0 || *known == to);
      *known = to;
    }
  g_assert_cmpfloat (found.white - found.black, <, 0.6); /* faded ... */
  double least = 1, most = 0, tint = 0;
  for (size_t i = 0; i < WIDTH * HEIGHT; i++)
    if (!mask[i]) {
      const double r = value_at (&evened, i % WIDTH, i / WIDTH, 0), b = value_at (&evened, i % WIDTH, i / WIDTH, 2);
      least = MIN (least, r);
      most = MAX (most, r);
      tint += r - b;
    }
  g_assert_cmpfloat (most - least, >, 0.85); /* ... and fresh again, without its tint */
  g_assert_cmpfloat (fabs (tint) / (WIDTH * HEIGHT), <, 0.02);
  g_free (photo.data);
  g_free (mended.data);
  g_free (evened.data);
  limn_engine_free (engine);
}

/* Grain is calmed where it is even; an edge stays as steep as it is. */
static void
test_grain (void)
{
  LimnEngine *engine = new_engine (2);
  LimnPixels photo = make_print (8, FALSE);
  const LimnRestoreOptions options = { .grain = 0.6f };
  double before = 0, after = 0;

  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH; x++)
      set_gray (&photo, x, y, (x < WIDTH / 2 ? 0.3 : 0.7) + 0.12 * (noise_at (7 * (y * WIDTH + x)) - 0.5));
  LimnPixels out = copy_of (&photo);
  LimnOverlay overlay = restore (engine, &photo, &options);
  limn_overlay_apply (&overlay, &out);
  for (size_t y = 20; y < HEIGHT - 20; y++)
    for (size_t x = 20; x < WIDTH / 2 - 20; x++) {
      before += pow (value_at (&photo, x, y, 0) - 0.3, 2);
      after += pow (value_at (&out, x, y, 0) - 0.3, 2);
    }
  g_assert_cmpfloat (sqrt (after), <, 0.55 * sqrt (before));
  double step = 0;
  for (size_t y = 20; y < HEIGHT - 20; y++)
    step += value_at (&out, WIDTH / 2, y, 0) - value_at (&out, WIDTH / 2 - 1, y, 0);
  g_assert_cmpfloat (step / (HEIGHT - 40), >, 0.33);
  limn_overlay_clear (&overlay);
  g_free (photo.data);
  g_free (out.data);
  limn_engine_free (engine);
}

/* What a person marks holds: mended whatever is found, and spared. */
static void
test_marks (void)
{
  LimnEngine *engine = new_engine (1);
  LimnPixels photo = make_print (8, TRUE);
  g_autofree uint8_t *mask = g_malloc (WIDTH * HEIGHT), *marks = g_malloc0 (WIDTH * HEIGHT);
  LimnRestoreFound found = { .mask = mask };
  const LimnMask view = { marks, WIDTH, HEIGHT, WIDTH };
  const LimnRestoreOptions options = { .scratches = 0.5f, .marks = &view, .found = &found };

  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH; x++)
      marks[y * WIDTH + x] = x < WIDTH / 2 ? LIMN_MARKS_SPARE : x >= 280 && x < 290 && y >= 200 && y < 204 ? LIMN_MARKS_MEND : 0;
  LimnOverlay overlay = restore (engine, &photo, &options);
  for (size_t y = 0; y < HEIGHT; y++)
    for (size_t x = 0; x < WIDTH / 2 - 8; x++)
      g_assert_cmpint (mask[y * WIDTH + x], ==, 0);
  g_assert_cmpint (mask[202 * WIDTH + 285], ==, 255);
  g_assert_cmpint (mask[(size_t) (60 + 0.3 * 250) * WIDTH + 250], ==, 255);
  limn_overlay_clear (&overlay);
  g_free (photo.data);
  limn_engine_free (engine);
}

/* The same bytes on any number of threads; of a photo without damage, and nothing else asked, nothing. */
static void
test_same (void)
{
  LimnPixels photo = make_print (8, TRUE);
  LimnPixels results[2];
  const int threads[] = { 1, 3 };

  for (int k = 0; k < 2; k++) {
    LimnEngine *engine = new_engine (threads[k]);
    const LimnRestoreOptions options = { .scratches = 0.7f, .fading = 0.8f, .grain = 0.5f };
    LimnOverlay overlay = restore (engine, &photo, &options);
    results[k] = copy_of (&photo);
    limn_overlay_apply (&overlay, &results[k]);
    limn_overlay_clear (&overlay);
    limn_engine_free (engine);
  }
  g_assert_true (memcmp (results[0].data, results[1].data, photo.stride * HEIGHT) == 0);

  LimnEngine *engine = new_engine (1);
  LimnPixels clean = make_print (8, FALSE), out = copy_of (&clean);
  const LimnRestoreOptions options = { .scratches = 0.5f };
  LimnOverlay overlay = restore (engine, &clean, &options);
  limn_overlay_apply (&overlay, &out);
  g_assert_true (memcmp (out.data, clean.data, clean.stride * HEIGHT) == 0);
  limn_overlay_clear (&overlay);
  limn_engine_free (engine);
  g_free (photo.data);
  g_free (clean.data);
  g_free (out.data);
  for (int k = 0; k < 2; k++)
    g_free (results[k].data);
}

static void
test_refused (void)
{
  LimnEngine *engine = new_engine (1);
  LimnPixels photo = make_print (8, TRUE);
  atomic_int cancel = 1;
  const LimnControl control = { .cancel = &cancel };
  const LimnMask small = { photo.data, 8, 8, 8 };
  LimnOverlay overlay;
  LimnError error;

  g_assert_cmpint (limn_restore (engine, &photo, &(LimnRestoreOptions){ .grain = 1.5f }, NULL, &overlay, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_null (overlay.pixels.data);
  g_assert_cmpint (limn_restore (engine, &photo, &(LimnRestoreOptions){ .marks = &small }, NULL, &overlay, NULL, &error), ==,
                   LIMN_BAD_INPUT);
  g_assert_nonnull (strstr (error.text, "marks"));
  g_assert_cmpint (limn_restore (engine, &photo, &(LimnRestoreOptions){ .scratches = 0.5f }, &control, &overlay, NULL, &error), ==,
                   LIMN_CANCELLED);
  g_assert_null (overlay.pixels.data);
  g_free (photo.data);
  limn_engine_free (engine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/restore/found", test_found);
  g_test_add_data_func ("/restore/promise/8", GINT_TO_POINTER (8), test_promise);
  g_test_add_data_func ("/restore/promise/16", GINT_TO_POINTER (16), test_promise);
  g_test_add_func ("/restore/grain", test_grain);
  g_test_add_func ("/restore/marks", test_marks);
  g_test_add_func ("/restore/same", test_same);
  g_test_add_func ("/restore/refused", test_refused);
  return g_test_run ();
}
