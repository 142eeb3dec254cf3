/* The consistency functions against PyTorch, by the dumps of golden/make_model_dumps.py; sampling, shuffles and the converter.
 * Needs LIMN_DUMPS (a folder to write to), LIMN_MODELS (the shipped networks) and LIMN_CONVERTER.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/generate/base.h"
#include "engine/generate/detail.h"
#include "engine/network/noise.h"

/* The formulas are the same but for the order of additions: f32 networks of some dozen layers agree far better than this share of
 * the output's range. */
static const double TOLERANCE = 1e-3;

static const char *dumps;

static LimnImage
read_image (const char *name, size_t width, size_t height, size_t channels)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.f32", dumps, name);
  g_autofree char *bytes = NULL;
  gsize length;
  LimnImage image;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length, ==, width * height * channels * sizeof (float));
  g_assert_cmpint (limn_image_new (&image, width, height, channels, NULL), ==, LIMN_OK);
  memcpy (image.data, bytes, length);
  return image;
}

/* The largest difference as a share of wanted's range. */
static void
check_same (const LimnImage *got, const LimnImage *wanted, double tolerance)
{
  double low = INFINITY, high = -INFINITY, most = 0;

  g_assert_cmpuint (got->width, ==, wanted->width);
  g_assert_cmpuint (got->height, ==, wanted->height);
  g_assert_cmpuint (got->channels, ==, wanted->channels);
  for (size_t i = 0; i < got->width * got->height * got->channels; i++) {
    low = fmin (low, (double) wanted->data[i]);
    high = fmax (high, (double) wanted->data[i]);
    most = fmax (most, fabs ((double) (got->data[i] - wanted->data[i])));
    g_assert_false (isnan (got->data[i]));
  }
  g_test_message ("largest difference %.3g of a range of %.3g", most, high - low);
  g_assert_cmpfloat (most, <=, tolerance * (high - low));
}

static LimnEngine *
open_engine (int threads)
{
  const char *models = g_getenv ("LIMN_MODELS");
  g_autofree char *base = g_build_filename (models, "base.safetensors", NULL);
  g_autofree char *detail = g_build_filename (models, "detail.safetensors", NULL);
  g_autofree char *see = g_build_filename (models, "see.safetensors", NULL);
  const LimnEngineOptions options = { .base_path = base, .detail_path = detail, .see_path = see, .threads = threads };
  LimnEngine *engine;
  LimnError error = { "" };

  if (limn_engine_new (&engine, &options, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return engine;
}

static void
check_function (LimnModel *model, LimnPool *pool, const char *name, size_t width, size_t height, const float *levels, size_t count,
                const LimnImage *anchor, const LimnImage *condition, int label, const LimnFeatures *features)
{
  for (size_t i = 0; i < count; i++) {
    g_autofree char *in = g_strdup_printf ("%s.x%zu", name, i), *out = g_strdup_printf ("%s.y%zu", name, i);
    LimnImage x = read_image (in, width, height, 3), y = read_image (out, width, height, 3);
    LimnStats stats = { 0 };
    LimnError error = { "" };

    if (limn_model_evaluate (model, pool, &x, levels[i], anchor, condition, label, features, &x, &stats, NULL, &error) != LIMN_OK)
      g_error ("%s", error.text);
    check_same (&x, &y, TOLERANCE);
    g_assert_cmpuint (stats.evaluations, ==, 1);
    limn_image_clear (&x);
    limn_image_clear (&y);
  }
}

/* What base is told of the dumped photo, which PyTorch shows the recogniser as we do; NULL: it is told nothing. */
static const LimnFeatures *
look (LimnEngine *engine, const LimnImage *planes, const LimnImage *anchor)
{
  const LimnFeatures *features = NULL;
  LimnImage sharp, wanted, shown;
  LimnError error = { "" };

  if (!limn_base_sees (engine))
    return NULL;
  sharp = read_image ("base.sharp", LIMN_SHARP * planes->width, LIMN_SHARP * planes->height, 3);
  wanted = read_image ("base.shown", sharp.width, sharp.height, 3);
  g_assert_cmpint (limn_sight_view (&shown, planes, anchor, &sharp, NULL, NULL), ==, LIMN_OK);
  check_same (&shown, &wanted, 1e-5);
  if (limn_sight_look (engine->sight, engine->pool, planes, anchor, &sharp, 0, &features, NULL, NULL, &error) != LIMN_OK)
    g_error ("%s", error.text);
  limn_image_clear (&sharp);
  limn_image_clear (&wanted);
  limn_image_clear (&shown);
  return features;
}

static void
base_function (void)
{
  static const float levels[] = { 40, 0.5f, 0.002f };
  LimnEngine *engine = open_engine (2);
  LimnImage planes = read_image ("base.planes", 64, 48, LIMN_BASE_PLANES), wanted = read_image ("base.anchor", 64, 48, 3);
  LimnImage anchor, condition;

  g_assert_cmpint (limn_base_anchor (&anchor, &planes, NULL), ==, LIMN_OK);
  check_same (&anchor, &wanted, 1e-5);
  g_assert_cmpint (limn_pixel_unshuffle (&condition, &planes, 2, NULL), ==, LIMN_OK);
  check_function (engine->base, engine->pool, "base", 64, 48, levels, G_N_ELEMENTS (levels), &wanted, &condition, -1,
                  look (engine, &planes, &wanted));
  limn_image_clear (&planes);
  limn_image_clear (&wanted);
  limn_image_clear (&anchor);
  limn_image_clear (&condition);
  limn_engine_free (engine);
}

static void
detail_function (void)
{
  static const float levels[] = { 10, 0.15f };
  LimnEngine *engine = open_engine (1);
  LimnImage anchor = read_image ("detail.anchor", 96, 64, 3), condition = read_image ("detail.condition", 24, 16, 68);

  check_function (engine->detail, engine->pool, "detail", 96, 64, levels, G_N_ELEMENTS (levels), &anchor, &condition, -1, NULL);
  limn_image_clear (&anchor);
  limn_image_clear (&condition);
  limn_engine_free (engine);
}

/* One detail tile builds the anchor and the conditioning that PyTorch built. */
static void
detail_tile (void)
{
  LimnEngine *engine = open_engine (1);
  LimnImage anchor = read_image ("detail.anchor", 96, 64, 3), condition = read_image ("detail.condition", 24, 16, 68);
  LimnImage low = read_image ("detail.low", 24, 16, 3), exact = read_image ("detail.exact", 96, 64, 3);
  LimnImage known = read_image ("detail.known", 96, 64, 1), tile, wanted;
  const LimnSampling sampling = { .seed = 3, .steps = 1 };
  LimnSampleInput input = { .anchor = &anchor, .condition = &condition, .sampling = &sampling, .origin_x = -8, .origin_y = 100 };
  const LimnDetailInput tile_input = {
    .low = &low, .level = 0.05f, .exact = &exact, .known = &known, .origin_x = -2, .origin_y = 25, .sampling = &sampling
  };

  g_assert_cmpint (limn_detail_run (engine, &tile_input, &tile, NULL, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_model_sample (engine->detail, engine->pool, &input, &wanted, NULL, NULL, NULL), ==, LIMN_OK);
  check_same (&tile, &wanted, TOLERANCE);
  limn_image_clear (&anchor);
  limn_image_clear (&condition);
  limn_image_clear (&low);
  limn_image_clear (&exact);
  limn_image_clear (&known);
  limn_image_clear (&tile);
  limn_image_clear (&wanted);
  limn_engine_free (engine);
}

/* Checkpoints of OpenAI's layout, through tools/convert-openai. */
static void
converted (gconstpointer data)
{
  static const float levels[] = { 80, 1.5f };
  const char *name = data;
  gboolean classes = strcmp (name, "classes") == 0;
  size_t size = classes ? 32 : 16;
  g_autofree char *path = g_build_filename (dumps, name, NULL);
  LimnPool *pool;
  LimnModel *model;
  LimnError error = { "" };

  g_assert_cmpint (limn_pool_new (&pool, 1, NULL), ==, LIMN_OK);
  if (limn_model_open (&model, path, NULL, pool, &error) != LIMN_OK)
    g_error ("%s", error.text);
  g_assert_cmpint (limn_model_meta (model)->parametrisation, ==, LIMN_CONSISTENCY);
  g_assert_cmpuint (limn_model_meta (model)->size, ==, size);
  check_function (model, pool, name, size, size, levels, G_N_ELEMENTS (levels), NULL, NULL, classes ? 2 : -1, NULL);
  limn_model_free (model);
  limn_pool_free (pool);
}

/* Sampling is f (start + sigma z, sigma), z from the endless plane; two steps put known pixels back and go on from there. */
static void
sampling (void)
{
  LimnEngine *engine = open_engine (2);
  LimnImage planes = read_image ("base.planes", 64, 48, LIMN_BASE_PLANES), anchor = read_image ("base.anchor", 64, 48, 3);
  LimnImage condition, one, two, again, x, known;
  LimnSampling how = { .seed = 11, .steps = 1 };
  LimnSampleInput input = { .anchor = &anchor, .condition = &condition, .sampling = &how, .sigma = 7 };
  g_autofree float *noise = g_new (float, 64 * 48 * 3);
  LimnStats stats = { 0 };

  input.features = look (engine, &planes, &anchor);
  g_assert_cmpint (limn_pixel_unshuffle (&condition, &planes, 2, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_model_sample (engine->base, engine->pool, &input, &one, NULL, NULL, NULL), ==, LIMN_OK);
  input.origin_x = 16;
  input.origin_y = -3;
  g_assert_cmpint (limn_model_sample (engine->base, engine->pool, &input, &again, NULL, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (memcmp (one.data, again.data, 64 * 48 * 3 * sizeof (float)), !=, 0);
  limn_image_clear (&again);
  input.origin_x = input.origin_y = 0;

  g_assert_cmpint (limn_image_copy (&x, &anchor, NULL), ==, LIMN_OK);
  for (size_t y = 0; y < 48; y++)
    limn_noise (noise + y * 192, 192, 11, 0, 3 * ((UINT64_C (8388608) + y) * 16777216 + 8388608));
  for (size_t i = 0; i < 64 * 48 * 3; i++)
    x.data[i] += 7 * noise[i];
  g_assert_cmpint (limn_model_evaluate (engine->base, engine->pool, &x, 7, &anchor, &condition, -1, input.features, &x, NULL, NULL, NULL),
                   ==, LIMN_OK);
  check_same (&one, &x, 1e-6);
  limn_image_clear (&x);

  g_assert_cmpint (limn_image_new (&known, 64, 48, 1, NULL), ==, LIMN_OK);
  for (size_t i = 0; i < 64 * 48; i++)
    known.data[i] = planes.data[i * LIMN_BASE_PLANES + LIMN_PLANE_EXACT];
  how.steps = 2;
  input.exact = &anchor;
  input.known = &known;
  g_assert_cmpint (limn_model_sample (engine->base, engine->pool, &input, &two, &stats, NULL, NULL), ==, LIMN_OK);
  g_assert_cmpuint (stats.evaluations, ==, 2);
  for (size_t i = 0; i < 64 * 48 * 3; i++)
    one.data[i] += known.data[i / 3] * (anchor.data[i] - one.data[i]);
  for (size_t y = 0; y < 48; y++)
    limn_noise (noise + y * 192, 192, 11, 1, 3 * ((UINT64_C (8388608) + y) * 16777216 + 8388608));
  for (size_t i = 0; i < 64 * 48 * 3; i++)
    one.data[i] += 0.5f * noise[i];
  g_assert_cmpint (
    limn_model_evaluate (engine->base, engine->pool, &one, 0.5f, &anchor, &condition, -1, input.features, &one, NULL, NULL, NULL), ==,
    LIMN_OK);
  check_same (&two, &one, 1e-6);
  limn_image_clear (&planes);
  limn_image_clear (&anchor);
  limn_image_clear (&condition);
  limn_image_clear (&one);
  limn_image_clear (&two);
  limn_image_clear (&known);
  limn_engine_free (engine);
}

int
main (int argc, char **argv)
{
  const char *models = g_getenv ("LIMN_MODELS"), *converter = g_getenv ("LIMN_CONVERTER");
  g_autofree char *messages = NULL;
  int status;

  dumps = g_getenv ("LIMN_DUMPS");
  g_test_init (&argc, &argv, NULL);
  if (!models || !dumps || !converter)
    g_error ("LIMN_MODELS, LIMN_DUMPS and LIMN_CONVERTER must be set");
  if (!g_spawn_sync (
        NULL, (char *[]){ "/usr/bin/python3", "golden/make_model_dumps.py", (char *) dumps, (char *) models, (char *) converter, NULL },
        NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &messages, &status, NULL) ||
      !g_spawn_check_wait_status (status, NULL)) {
    if (messages && strstr (messages, "install python3-torch")) {
      g_print ("1..0 # SKIP %s", messages);
      return 0;
    }
    g_error ("make_model_dumps.py: %s", messages ? messages : "can't be started");
  }
  g_test_add_func ("/model/base", base_function);
  g_test_add_func ("/model/detail", detail_function);
  g_test_add_func ("/model/detail-tile", detail_tile);
  g_test_add_data_func ("/model/converted/classes", "classes", converted);
  g_test_add_data_func ("/model/converted/plain", "plain", converted);
  g_test_add_func ("/model/sampling", sampling);
  return g_test_run ();
}
