/* The colours network against PyTorch, by the dumps of golden/make_colours_dumps.py; threads, cancelling, files that are refused. Needs
 * LIMN_DUMPS (a folder to write to) and LIMN_MODELS (the shipped networks).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/colorize/first-colours.h"
#include "engine/colorize/photo-planes.h"

static char *models;

static char *
model (const char *name)
{
  return g_build_filename (models, name, NULL);
}

static LimnColours *
open_shipped (LimnPool *pool)
{
  g_autofree char *path = model ("colours.safetensors");
  LimnColours *colours;
  LimnError error = { "" };

  if (limn_colours_open (&colours, path, pool, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return colours;
}

/* Lightness and features of a grid: read from values, or a pattern where they are NULL. */
static void
make_input (const LimnColours *colours, size_t width, size_t height, const float *values, LimnImage *lightness, LimnFeatures *features)
{
  g_assert_cmpint (limn_image_new (lightness, width, height, LIMN_COLOURS_CELLS, NULL), ==, LIMN_OK);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    g_assert_cmpint (limn_image_new (&features->maps[i], width >> i, height >> i, limn_colours_features (colours, i), NULL), ==, LIMN_OK);
  for (int i = -1; i < LIMN_FEATURE_MAPS; i++) {
    LimnImage *image = i < 0 ? lightness : &features->maps[i];
    const size_t count = image->width * image->height * image->channels;

    for (size_t k = 0; k < count; k++)
      image->data[k] = values ? *values++ : sinf ((float) (k % 1009) * 0.7f);
  }
}

static float *
read_dump (const char *name, const char *ending, size_t *count)
{
  g_autofree char *path = g_strdup_printf ("%s/%s%s", g_getenv ("LIMN_DUMPS"), name, ending);
  char *bytes;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  *count = length / sizeof (float);
  return (float *) (gpointer) bytes;
}

/* name: WIDTHxHEIGHT. */
static void
as_torch (gconstpointer name)
{
  static const float temperatures[] = { 1, 0.38f };
  size_t width, height, count, all;
  g_autofree float *in = read_dump (name, ".in.f32", &count), *wanted = read_dump (name, ".out.f32", &all);
  LimnColours *colours = open_shipped (NULL);
  LimnFeatures features;
  LimnImage lightness;
  double most = 0, range = 0;

  g_assert_cmpint (sscanf (name, "%zux%zu", &width, &height), ==, 2);
  g_assert_cmpuint (all, ==, 4 * width * height);
  make_input (colours, width, height, in, &lightness, &features);
  for (int t = 0; t < 2; t++) {
    const float *expected = wanted + (size_t) t * 2 * width * height;
    LimnImage ab;

    g_assert_cmpint (limn_colours_run (colours, NULL, &lightness, &features, temperatures[t], NULL, &ab, NULL, NULL), ==, LIMN_OK);
    for (size_t i = 0; i < 2 * width * height; i++) {
      g_assert_true (isfinite (ab.data[i]));
      most = fmax (most, fabs ((double) ab.data[i] - (double) expected[i]));
      range = fmax (range, fabs ((double) expected[i]));
    }
    limn_image_clear (&ab);
  }
  g_test_message ("largest difference %.2g of the range", most / range);
  g_assert_cmpfloat (most, <, 1e-3 * range);
  limn_image_clear (&lightness);
  limn_features_clear (&features);
  limn_colours_free (colours);
}

static void
same_on_any_threads (void)
{
  LimnImage lightness, ab[2];
  LimnFeatures features;

  for (int threads = 1; threads <= 2; threads++) {
    LimnPool *pool;
    g_assert_cmpint (limn_pool_new (&pool, threads, NULL), ==, LIMN_OK);
    LimnColours *colours = open_shipped (pool);

    make_input (colours, 24, 40, NULL, &lightness, &features);
    g_assert_cmpint (limn_colours_run (colours, pool, &lightness, &features, 0.38f, NULL, &ab[threads - 1], NULL, NULL), ==, LIMN_OK);
    limn_image_clear (&lightness);
    limn_features_clear (&features);
    limn_colours_free (colours);
    limn_pool_free (pool);
  }
  g_assert_cmpmem (ab[0].data, 24 * 40 * 2 * sizeof (float), ab[1].data, 24 * 40 * 2 * sizeof (float));
  limn_image_clear (&ab[0]);
  limn_image_clear (&ab[1]);
}

static void
cancelled (void)
{
  LimnColours *colours = open_shipped (NULL);
  atomic_int flag = 1;
  LimnImage lightness, ab;
  LimnFeatures features;

  make_input (colours, 8, 8, NULL, &lightness, &features);
  g_assert_cmpint (limn_colours_run (colours, NULL, &lightness, &features, 1, NULL, &ab, &(LimnControl){ .cancel = &flag }, NULL), ==,
                   LIMN_CANCELLED);
  g_assert_null (ab.data);
  limn_image_clear (&lightness);
  limn_features_clear (&features);
  limn_colours_free (colours);
}

/* The first colours of a gray picture have its luma, wherever none of them is at an end of the range. */
static void
luma_is_kept (void)
{
  g_autofree char *base = model ("base.safetensors"), *see = model ("see.safetensors"), *colours = model ("colours.safetensors");
  const LimnEngineOptions options = { .base_path = base, .see_path = see, .colours_path = colours, .threads = 2 };
  uint8_t pixels[60][80][4];
  const LimnPixels photo = { .data = pixels, .width = 80, .height = 60, .stride = sizeof *pixels, .depth = 8 };
  LimnImage planes, rgb;
  LimnEngine *engine;
  size_t inside = 0;

  for (size_t y = 0; y < 60; y++)
    for (size_t x = 0; x < 80; x++)
      memset (pixels[y][x], (int) (60 + 80 * (x / 20 % 2) + y), 4);
  g_assert_cmpint (limn_engine_new (&engine, &options, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_luma_planes (engine, &photo, 48, 32, &planes, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_first_colours (engine, &photo, &planes, &(LimnSampling){ .steps = 1 }, &rgb, NULL, NULL, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < 48 * 32; i++) {
    const float *p = rgb.data + 3 * i, luma = 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];

    if (fabsf (p[0]) < 1 && fabsf (p[1]) < 1 && fabsf (p[2]) < 1) {
      inside++;
      g_assert_cmpfloat_with_epsilon (luma, planes.data[i * LIMN_BASE_PLANES + LIMN_PLANE_LUMA], 1e-5);
    }
  }
  g_assert_cmpuint (inside, >, 48 * 32 / 2);
  limn_image_clear (&planes);
  limn_image_clear (&rgb);
  limn_engine_free (engine);
}

/* The shipped file with `from` in its header replaced by `to`, as long. */
static void
assert_refused (const char *from, const char *to, const char *why)
{
  g_autofree char *path = model ("colours.safetensors"), *changed = NULL, *bytes = NULL;
  LimnColours *colours;
  LimnError error = { "" };
  gsize length;
  const int file = g_file_open_tmp ("limn-colours-XXXXXX.safetensors", &changed, NULL);

  g_assert_cmpint (file, >=, 0);
  g_assert_true (g_close (file, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (strlen (from), ==, strlen (to));
  char *place = memmem (bytes, length, from, strlen (from));
  g_assert_nonnull (place);
  memcpy (place, to, strlen (to));
  g_assert_true (g_file_set_contents (changed, bytes, (gssize) length, NULL));
  g_assert_cmpint (limn_colours_open (&colours, changed, NULL, &error), ==, LIMN_BAD_MODEL);
  g_assert_null (colours);
  if (!strstr (error.text, why))
    g_error ("\"%s\" does not tell of %s", error.text, why);
  g_unlink (changed);
}

static void
refused (void)
{
  assert_refused ("\\\"role\\\": \\\"colours\\\"", "\\\"role\\\": \\\"colors!\\\"", "\"role\"");
  assert_refused ("\\\"width\\\": 192", "\\\"width\\\": 191", "\"width\"");
  assert_refused ("\\\"width\\\": 192", "\\\"width\\\": 194", "see.0.weight");
  assert_refused ("\\\"see\\\": \\\"efficient", "\\\"sea\\\": \\\"efficient", "\"see\"");
  assert_refused ("\"narrow.weight\"", "\"narrow.height\"", "narrow.weight");
  assert_refused ("\"palette\"", "\"pallete\"", "palette");
}

/* An engine refuses one of another recogniser than base's. */
static void
goes_with_base (void)
{
  g_autofree char *base = model ("base.safetensors"), *see = model ("see.safetensors"), *colours = model ("colours.safetensors");
  LimnEngine *engine;
  LimnError error = { "" };

  g_assert_cmpint (limn_engine_new (&engine, &(LimnEngineOptions){ .base_path = base, .see_path = see, .colours_path = colours }, NULL), ==,
                   LIMN_OK);
  limn_engine_free (engine);
  g_assert_cmpint (limn_engine_new (&engine, &(LimnEngineOptions){ .base_path = base, .see_path = see, .colours_path = see }, &error), ==,
                   LIMN_BAD_MODEL);
  g_assert_nonnull (strstr (error.text, "not a colours network"));
}

/* Writes the dumps; FALSE (and a TAP line) where PyTorch is not there. */
static gboolean
make_dumps (void)
{
  g_autofree char *messages = NULL, *path = model ("colours.safetensors");
  int status;

  if (g_spawn_sync (NULL, (char *[]){ "/usr/bin/python3", "golden/make_colours_dumps.py", (char *) g_getenv ("LIMN_DUMPS"), path, NULL },
                    NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &messages, &status, NULL) &&
      g_spawn_check_wait_status (status, NULL))
    return TRUE;
  if (!messages || !strstr (messages, "install python3-torch"))
    g_error ("make_colours_dumps.py: %s", messages ? messages : "can't be started");
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  models = g_strdup (g_getenv ("LIMN_MODELS"));
  if (make_dumps ())
    for (const char *const *size = (const char *const[]){ "32x32", "48x32", "8x16", NULL }; *size; size++) {
      g_autofree char *path = g_strdup_printf ("/colours/as-torch/%s", *size);
      g_test_add_data_func (path, *size, as_torch);
    }
  g_test_add_func ("/colours/threads", same_on_any_threads);
  g_test_add_func ("/colours/cancelled", cancelled);
  g_test_add_func ("/colours/luma", luma_is_kept);
  g_test_add_func ("/colours/refused", refused);
  g_test_add_func ("/colours/with-base", goes_with_base);
  return g_test_run ();
}
