/* Upscale with the shipped detail network: the promises, not the taste.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/generate/coherence-filter.h"
#include "engine/imaging/resample.h"
#include "engine/limn-engine.h"

#define DETAIL "../resources/models/detail.safetensors"

static LimnEngine *
engine (const char *detail, int threads)
{
  LimnEngine *out;
  LimnError error;
  if (limn_engine_new (&out, &(LimnEngineOptions){ .detail_path = detail, .threads = threads }, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return out;
}

/* Smooth colours, stripes and a sharp edge. Free data. */
static LimnPixels
photo (size_t w, size_t h, int depth, bool gray)
{
  size_t bytes = (size_t) depth / 8;
  LimnPixels p = { g_malloc (w * h * 4 * bytes), w, h, w * 4 * bytes, depth };
  double top = depth == 16 ? 65535 : 255;

  for (size_t i = 0; i < w * h; i++)
    for (size_t k = 0; k < 4; k++) {
      double x = (double) (i % w), y = (double) (i / w);
      double v = 0.5 + 0.25 * sin (x * 0.2 + (gray ? 0 : (double) k)) + 0.15 * cos (y * 1.1) + (x > y ? 0.1 : -0.1);
      unsigned level = k == 3 ? (unsigned) top : (unsigned) (CLAMP (v, 0, 1) * top + 0.5);
      if (depth == 16)
        ((uint16_t *) p.data)[4 * i + k] = (uint16_t) level;
      else
        ((uint8_t *) p.data)[4 * i + k] = (uint8_t) level;
    }
  return p;
}

static double
at (const LimnPixels *p, size_t x, size_t y, size_t k)
{
  size_t i = (y * p->width + x) * 4 + k;
  return p->depth == 16 ? ((const uint16_t *) p->data)[i] : ((const uint8_t *) p->data)[i];
}

static LimnOverlay
upscale (LimnEngine *e, const LimnPixels *p, const LimnUpscaleOptions *options)
{
  LimnOverlay overlay;
  LimnError error;
  if (limn_upscale (e, p, options, NULL, &overlay, NULL, &error) != LIMN_OK)
    g_error ("%s", error.text);
  g_assert_cmpint (overlay.pixels.depth, ==, p->depth);
  return overlay;
}

static void
assert_faithful (const LimnPixels *large, const LimnPixels *small, size_t s)
{
  g_assert_cmpuint (large->width, ==, small->width * s);
  g_assert_cmpuint (large->height, ==, small->height * s);
  for (size_t y = 0; y < small->height; y++)
    for (size_t x = 0; x < small->width; x++)
      for (size_t k = 0; k < 4; k++) {
        double sum = 0;
        for (size_t v = 0; v < s; v++)
          for (size_t u = 0; u < s; u++)
            sum += at (large, x * s + u, y * s + v, k);
        g_assert_cmpfloat_with_epsilon (sum / (double) (s * s), at (small, x, y, k), 0.52);
      }
}

static void
faithful (gconstpointer data)
{
  int scale = GPOINTER_TO_INT (data) % 10, depth = GPOINTER_TO_INT (data) / 10;
  LimnEngine *e = engine (DETAIL, 2);
  LimnPixels p = photo (45, 37, depth, false);
  LimnOverlay overlay = upscale (e, &p, &(LimnUpscaleOptions){ .sampling = { .steps = 1 }, .scale = scale, .faithful = true });

  assert_faithful (&overlay.pixels, &p, (size_t) scale);
  limn_overlay_clear (&overlay);
  limn_engine_free (e);
  g_free (p.data);
}

static void
same_bytes_for_any_threads (void)
{
  LimnPixels p = photo (70, 50, 8, false);
  LimnOverlay overlays[3];
  for (int i = 0; i < 3; i++) {
    LimnEngine *e = engine (DETAIL, i == 1 ? 2 : 1);
    overlays[i] = upscale (e, &p, &(LimnUpscaleOptions){ .sampling = { .steps = 1, .seed = i == 2 ? 8 : 1 }, .scale = 4 });
    limn_engine_free (e);
  }
  g_assert_cmpmem (overlays[0].pixels.data, 280 * 200 * 4, overlays[1].pixels.data, 280 * 200 * 4);
  g_assert_cmpint (memcmp (overlays[0].pixels.data, overlays[2].pixels.data, 280 * 200 * 4), !=, 0);
  for (int i = 0; i < 3; i++)
    limn_overlay_clear (&overlays[i]);
  g_free (p.data);
}

/* A flat picture wider than a chunk: whatever texture is invented, the steps over the chunks' border are like all others. */
static void
chunks_do_not_show (void)
{
  enum { WIDTH = 240, HEIGHT = 40, BORDER = 224 * 4 };
  LimnEngine *e = engine (DETAIL, 2);
  LimnPixels p = photo (WIDTH, HEIGHT, 8, false);
  LimnOverlay overlay = upscale (e, &p, &(LimnUpscaleOptions){ .sampling = { .steps = 1 }, .scale = 4 });
  double border = 0, elsewhere = 0;

  for (size_t y = 0; y < HEIGHT * 4; y++) {
    border += fabs (at (&overlay.pixels, BORDER, y, 1) - at (&overlay.pixels, BORDER - 1, y, 1));
    for (size_t x = BORDER - 20; x < BORDER - 4; x += 4) /* at the same place in their blocks of four */
      elsewhere += fabs (at (&overlay.pixels, x, y, 1) - at (&overlay.pixels, x - 1, y, 1)) / 4;
  }
  g_assert_cmpfloat (border, <, 1.6 * elsewhere + HEIGHT * 4);
  limn_overlay_clear (&overlay);
  limn_engine_free (e);
  g_free (p.data);
}

/* A disc with a soft rim on nothing, under which colours of this level are hidden. */
static void
cut_out (LimnPixels *p, int hidden)
{
  for (size_t y = 0; y < p->height; y++)
    for (size_t x = 0; x < p->width; x++) {
      uint8_t *pixel = (uint8_t *) p->data + y * p->stride + 4 * x;
      const double dx = (double) x - (double) p->width / 2, dy = (double) y - (double) p->height / 2;
      const double alpha = (double) p->height / 3 - sqrt (dx * dx + dy * dy);
      pixel[3] = (uint8_t) (fmin (fmax (alpha / 3, 0), 1) * 255);
      for (int k = 0; pixel[3] == 0 && k < 3; k++)
        pixel[k] = (uint8_t) hidden;
    }
}

/* What is under alpha 0 makes no difference to what is seen, and alpha averages back. */
static void
transparency (void)
{
  LimnEngine *e = engine (DETAIL, 2);
  LimnPixels dark = photo (61, 47, 8, false), light = photo (61, 47, 8, false);

  cut_out (&dark, 0);
  cut_out (&light, 250);
  for (int s = 2; s <= 4; s++) {
    LimnUpscaleOptions options = { .sampling = { .seed = 3, .steps = 1 }, .scale = s, .denoise = LIMN_AUTOMATIC, .faithful = true };
    LimnOverlay a = upscale (e, &dark, &options), b = upscale (e, &light, &options);

    g_assert_cmpmem (a.pixels.data, a.pixels.stride * a.pixels.height, b.pixels.data, b.pixels.stride * b.pixels.height);
    for (size_t y = 0; y < dark.height; y++)
      for (size_t x = 0; x < dark.width; x++) {
        double sum = 0;
        for (size_t i = 0; i < (size_t) (s * s); i++)
          sum += at (&a.pixels, x * (size_t) s + i % (size_t) s, y * (size_t) s + i / (size_t) s, 3);
        g_assert_cmpfloat (fabs (sum / (s * s) - at (&dark, x, y, 3)), <=, 0.5);
      }
    limn_overlay_clear (&a);
    limn_overlay_clear (&b);
  }
  g_free ((void *) dark.data);
  g_free ((void *) light.data);
  limn_engine_free (e);
}

static void
gray_stays_gray (void)
{
  LimnEngine *e = engine (DETAIL, 2);
  LimnPixels p = photo (33, 20, 8, true);
  LimnOverlay overlay = upscale (e, &p, &(LimnUpscaleOptions){ .sampling = { .steps = 1 }, .scale = 4, .denoise = 0.5f });

  for (size_t y = 0; y < 80; y++)
    for (size_t x = 0; x < 132; x++) {
      g_assert_cmpfloat (at (&overlay.pixels, x, y, 0), ==, at (&overlay.pixels, x, y, 1));
      g_assert_cmpfloat (at (&overlay.pixels, x, y, 0), ==, at (&overlay.pixels, x, y, 2));
    }
  limn_overlay_clear (&overlay);
  limn_engine_free (e);
  g_free (p.data);
}

/* Gray 128 with noise of sigma levels. Free data. */
static LimnPixels
flat (double sigma)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  LimnPixels p = { g_malloc (96 * 96 * 4), 96, 96, 96 * 4, 8 };

  for (size_t i = 0; i < 96 * 96 * 4; i++) {
    const double z = sqrt (-2 * log (g_rand_double_range (rand, 1e-12, 1))) * cos (2 * G_PI * g_rand_double (rand));
    ((guint8 *) p.data)[i] = i % 4 == 3 ? 255 : (guint8) CLAMP (128.5 + sigma * z, 0, 255);
  }
  return p;
}

/* The spread of what becomes of it. */
static double
spread_of (LimnEngine *e, const LimnPixels *p, float denoise)
{
  const LimnUpscaleOptions options = { .sampling = { .steps = 1 }, .scale = 2, .denoise = denoise, .faithful = true };
  LimnOverlay overlay = upscale (e, p, &options);
  const size_t n = overlay.pixels.width * overlay.pixels.height * 4;
  double sum = 0, squares = 0;

  for (size_t i = 1; i < n; i += 4) {
    const double v = ((const guint8 *) overlay.pixels.data)[i];
    sum += v;
    squares += v * v;
  }
  limn_overlay_clear (&overlay);
  return sqrt (fmax (0, squares / (double) (n / 4) - (sum / (double) (n / 4)) * (sum / (double) (n / 4))));
}

static void
more_denoise_is_never_noisier (void)
{
  static const float strengths[] = { 0, 0.05f, 0.1f, 0.3f, 0.5f, 1 };
  LimnEngine *e = engine (DETAIL, 2);

  for (double sigma = 0; sigma <= 12; sigma += sigma < 4 ? 2 : 8) {
    LimnPixels p = flat (sigma);
    double last = spread_of (e, &p, strengths[0]);

    for (guint i = 1; i < G_N_ELEMENTS (strengths); i++) {
      const double spread = spread_of (e, &p, strengths[i]);
      g_test_message ("noise of %g at %g: %.2f", sigma, (double) strengths[i], spread);
      g_assert_cmpfloat (spread, <=, last + 0.01);
      last = spread;
    }
    g_assert_cmpfloat (last, <=, 0.3 * sigma);
    if (sigma == 0)
      g_assert_cmpfloat (spread_of (e, &p, LIMN_AUTOMATIC), ==, 0);
    if (sigma > 4)
      g_assert_cmpfloat (spread_of (e, &p, LIMN_AUTOMATIC), <, 0.5 * sigma);
    g_free (p.data);
  }
  limn_engine_free (e);
}

/* Clean photos are enlarged as faithfully as without: the same bytes. */
static void
auto_leaves_clean_photos_alone (void)
{
  LimnEngine *e = engine (DETAIL, 2);
  LimnPixels p = photo (100, 80, 8, false);
  LimnUpscaleOptions options = { .sampling = { .steps = 1 }, .scale = 2, .faithful = true };
  LimnOverlay plain = upscale (e, &p, &options), judged;

  options.denoise = LIMN_AUTOMATIC;
  judged = upscale (e, &p, &options);
  g_assert_cmpmem (judged.pixels.data, 200 * 160 * 4, plain.pixels.data, 200 * 160 * 4);
  limn_overlay_clear (&plain);
  limn_overlay_clear (&judged);
  limn_engine_free (e);
  g_free (p.data);
}

/* The plain preview needs no network; a region of it is the same as that part of the whole. */
static void
quick_region (void)
{
  LimnEngine *e = engine (NULL, 1);
  LimnPixels p = photo (60, 60, 8, false);
  LimnRegion region = { 20, 10, 17, 13 };
  LimnUpscaleOptions options = { .sampling = { .steps = 1, .quick = true }, .scale = 3 };
  LimnOverlay whole = upscale (e, &p, &options), part;

  options.region = &region;
  part = upscale (e, &p, &options);
  g_assert_cmpuint (part.pixels.width, ==, 51);
  g_assert_cmpuint (part.pixels.height, ==, 39);
  for (size_t y = 0; y < 39; y++)
    g_assert_cmpmem ((uint8_t *) part.pixels.data + y * part.pixels.stride, 51 * 4,
                     (uint8_t *) whole.pixels.data + (y + 30) * whole.pixels.stride + 60 * 4, 51 * 4);
  limn_overlay_clear (&whole);
  limn_overlay_clear (&part);
  limn_engine_free (e);
  g_free (p.data);
}

static void
refusals (void)
{
  LimnEngine *e = engine (NULL, 1), *real = engine (DETAIL, 1);
  LimnPixels p = photo (8, 8, 8, false);
  LimnRegion outside = { 5, 0, 4, 4 };
  LimnOverlay overlay;
  LimnError error;
  atomic_int cancel = 1;
  LimnUpscaleOptions options = { .sampling = { .steps = 1 }, .scale = 4 };

  g_assert_cmpint (limn_upscale (e, &p, &options, NULL, &overlay, NULL, &error), ==, LIMN_BAD_MODEL);
  options.scale = 5;
  g_assert_cmpint (limn_upscale (real, &p, &options, NULL, &overlay, NULL, &error), ==, LIMN_BAD_INPUT);
  g_assert_nonnull (strstr (error.text, "not 5"));
  options.scale = 2;
  options.region = &outside;
  g_assert_cmpint (limn_upscale (real, &p, &options, NULL, &overlay, NULL, &error), ==, LIMN_BAD_INPUT);
  options.region = NULL;
  options.denoise = 1.5f;
  g_assert_cmpint (limn_upscale (real, &p, &options, NULL, &overlay, NULL, &error), ==, LIMN_BAD_INPUT);
  options.denoise = 0;
  g_assert_cmpint (limn_upscale (real, &p, &options, &(LimnControl){ .cancel = &cancel }, &overlay, NULL, &error), ==, LIMN_CANCELLED);
  g_assert_null (overlay.pixels.data);
  limn_engine_free (e);
  limn_engine_free (real);
  g_free (p.data);
}

typedef struct {
  double last;
  guint reports;
} Heard;

static void
hear (void *user, double fraction)
{
  Heard *heard = user;

  g_assert_cmpfloat (fraction, >=, heard->last);
  g_assert_cmpfloat (fraction, <=, 1);
  heard->last = fraction;
  heard->reports++;
}

/* Progress never goes back, tells of the tiles of each chunk, and ends with all done. */
static void
progress (void)
{
  LimnEngine *e = engine (DETAIL, 2);
  LimnPixels p = photo (240, 40, 8, false); /* two chunks */
  LimnUpscaleOptions options = { .sampling = { .steps = 1 }, .scale = 8 };
  Heard heard = { 0 };
  LimnControl control = { .progress = hear, .user = &heard };
  LimnOverlay overlay;
  LimnStats stats;

  g_assert_cmpint (limn_upscale (e, &p, &options, &control, &overlay, &stats, NULL), ==, LIMN_OK);
  g_assert_cmpfloat (heard.last, ==, 1);
  g_assert_cmpuint (heard.reports, >=, stats.tiles);
  limn_overlay_clear (&overlay);
  limn_engine_free (e);
  g_free (p.data);
}

/* Along a slanting edge imagined jags go and the step stays; where the picture is flat nothing is added. */
static void
detail_follows_edges (void)
{
  enum { LOW = 32, LARGE = 4 * LOW };
  LimnImage low, plain, large, smooth;
  LimnCoherenceFilter along;
  double before = 0, after = 0;

  g_assert_cmpint (limn_image_new (&low, LOW, LOW, 3, NULL), ==, LIMN_OK);
  for (int k = 0; k < 2; k++) {
    const bool edge = k == 0;
    for (int i = 0; i < LOW * LOW * 3; i++) {
      const float across = (float) (i / 3 / LOW) - 16.f + 0.3f * ((float) (i / 3 % LOW) - 16.f);
      low.data[i] = edge ? 0.6f * tanhf (across) : 0.2f;
    }
    g_assert_cmpint (limn_resample (&plain, &low, LARGE, LARGE, LIMN_FILTER_BICUBIC, NULL, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_image_copy (&large, &plain, NULL), ==, LIMN_OK);
    for (int i = 0; i < LARGE * LARGE; i++)
      for (int c = 0; c < 3; c++)
        large.data[3 * i + c] += (i % LARGE / 2 + i / LARGE / 2) % 2 ? 0.1f : -0.1f;
    g_assert_cmpint (limn_coherence_filter_new (&along, &low, 1.2f, NULL, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_coherence_filter_rows (&along, &smooth, 0, LARGE, &large, 0, NULL, NULL), ==, LIMN_OK);
    for (int y = 24; y < LARGE - 24; y++)
      for (int x = 24; x < LARGE - 24; x++) {
        const float *p = smooth.data + 3 * (y * LARGE + x), *q = plain.data + 3 * (y * LARGE + x);
        const float across = (float) y / 4.f - 16.f + 0.3f * ((float) x / 4.f - 16.f);
        if (!edge)
          g_assert_cmpfloat_with_epsilon (p[0], q[0], 1e-6f);
        else if (fabsf (across) < 0.7f) {
          before += 0.1;
          after += fabsf (p[0] - q[0]);
        }
      }
    limn_coherence_filter_clear (&along);
    limn_image_clear (&smooth);
    limn_image_clear (&plain);
    limn_image_clear (&large);
  }
  g_assert_cmpfloat (after, <, 0.4 * before);
  limn_image_clear (&low);
}

/* Detail made row by row, from no more rows than are looked at, is the whole's bytes. */
static void
detail_by_rows (void)
{
  enum { WIDTH = 19, HEIGHT = 27, LARGE_ROW = 4 * WIDTH * 3 };
  LimnImage low, large, whole, out;
  LimnCoherenceFilter along;

  g_assert_cmpint (limn_image_new (&low, WIDTH, HEIGHT, 3, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_image_new (&large, 4 * WIDTH, 4 * HEIGHT, 3, NULL), ==, LIMN_OK);
  for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
    low.data[i] = sinf ((float) (i / 3 % WIDTH) * 0.7f + (float) (i / 3 / WIDTH) * 0.4f);
  for (int i = 0; i < 16 * WIDTH * HEIGHT * 3; i++)
    large.data[i] = (float) (i * 7919 % 1000) / 500.f - 1;
  g_assert_cmpint (limn_coherence_filter_new (&along, &low, 1.3f, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_coherence_filter_rows (&along, &whole, 0, 4 * HEIGHT, &large, 0, NULL, NULL), ==, LIMN_OK);
  for (size_t y = 0, rows; y < 4 * HEIGHT; y += rows) {
    rows = MIN (3 + y % 8, 4 * HEIGHT - y);
    const size_t top = y > LIMN_COHERENCE_REACH ? y - LIMN_COHERENCE_REACH : 0, end = MIN (y + rows + LIMN_COHERENCE_REACH, 4 * HEIGHT);
    g_autofree float *window = g_memdup2 (large.data + top * LARGE_ROW, (end - top) * LARGE_ROW * sizeof (float));
    const LimnImage view = { 4 * WIDTH, end - top, 3, window };
    g_assert_cmpint (limn_coherence_filter_rows (&along, &out, y, rows, &view, top, NULL, NULL), ==, LIMN_OK);
    g_assert_cmpmem (out.data, rows * LARGE_ROW * sizeof (float), whole.data + y * LARGE_ROW, rows * LARGE_ROW * sizeof (float));
    limn_image_clear (&out);
  }
  limn_coherence_filter_clear (&along);
  limn_image_clear (&whole);
  limn_image_clear (&large);
  limn_image_clear (&low);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/upscale/along-edges", detail_follows_edges);
  g_test_add_func ("/upscale/detail-by-rows", detail_by_rows);
  g_test_add_data_func ("/upscale/faithful/2", GINT_TO_POINTER (82), faithful);
  g_test_add_data_func ("/upscale/faithful/3", GINT_TO_POINTER (83), faithful);
  g_test_add_data_func ("/upscale/faithful/4", GINT_TO_POINTER (84), faithful);
  g_test_add_data_func ("/upscale/faithful/8", GINT_TO_POINTER (88), faithful);
  g_test_add_data_func ("/upscale/faithful/4-of-16-bit", GINT_TO_POINTER (164), faithful);
  g_test_add_func ("/upscale/threads", same_bytes_for_any_threads);
  g_test_add_func ("/upscale/chunks", chunks_do_not_show);
  g_test_add_func ("/upscale/transparency", transparency);
  g_test_add_func ("/upscale/gray", gray_stays_gray);
  g_test_add_func ("/upscale/denoise", more_denoise_is_never_noisier);
  g_test_add_func ("/upscale/denoise-auto", auto_leaves_clean_photos_alone);
  g_test_add_func ("/upscale/quick-region", quick_region);
  g_test_add_func ("/upscale/progress", progress);
  g_test_add_func ("/upscale/refusals", refusals);
  return g_test_run ();
}
