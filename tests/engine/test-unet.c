/* Whole networks against PyTorch, by the dumps of golden/make_dumps.py; and what a run promises of threads, memory and cancelling.
 * Needs LIMN_DUMPS (a folder to write to) and LIMN_MODELS (the shipped networks).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/network/unet.h"

typedef struct {
  char name[64];
  size_t width, height;
  float time;
  int label;
} Case;

static const char *dumps;

static float *
read_floats (const char *name, const char *ending, size_t count)
{
  g_autofree char *path = g_strdup_printf ("%s/%s%s", dumps, name, ending);
  char *bytes;
  size_t length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length, ==, count * sizeof (float));
  return (float *) bytes;
}

static LimnWeights *
open_weights (const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.safetensors", dumps, name);
  LimnWeights *weights;
  LimnError error;

  if (limn_weights_open (&weights, path, &error) != LIMN_OK)
    g_error ("%s", error.text);
  return weights;
}

/* What the network is told, where it is told anything: NAME.see.f32. */
static void
read_features (const Case *test, const LimnUnet *unet, LimnFeatures *features)
{
  size_t counts[LIMN_FEATURE_MAPS], all = 0;

  if (limn_unet_features (unet, 0) == 0)
    return;
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    g_assert_cmpint (limn_image_new (&features->maps[i], test->width >> i, test->height >> i, limn_unet_features (unet, i), NULL), ==,
                     LIMN_OK);
    counts[i] = (test->width >> i) * (test->height >> i) * limn_unet_features (unet, i);
    all += counts[i];
  }
  g_autofree float *values = read_floats (test->name, ".see.f32", all);
  const float *from = values;
  for (int i = 0; i < LIMN_FEATURE_MAPS; from += counts[i++])
    memcpy (features->maps[i].data, from, counts[i] * sizeof *from);
}

/* The network's output on threads threads into out. */
static void
evaluate (const Case *test, const LimnWeights *weights, int threads, const float *in, float *out)
{
  LimnFeatures features = { 0 };
  LimnPool *pool;
  LimnUnet *unet;
  LimnUnetRun *run;
  LimnError error = { "" };

  g_assert_cmpint (limn_pool_new (&pool, threads, NULL), ==, LIMN_OK);
  if (limn_unet_new (&unet, weights, pool, &error) != LIMN_OK)
    g_error ("%s: %s", test->name, error.text);
  g_assert_cmpint (limn_unet_run_new (&run, unet, test->width, test->height, &error), ==, LIMN_OK);
  g_assert_cmpuint (limn_unet_run_bytes (run), >, 0);
  g_assert_cmpfloat (limn_unet_run_gflop (run), >, 0.0);
  read_features (test, unet, &features);
  if (limn_unet_forward (run, pool, in, test->time, test->label, &features, out, NULL, &error) != LIMN_OK)
    g_error ("%s: %s", test->name, error.text);
  limn_features_clear (&features);
  limn_unet_run_free (run);
  limn_unet_free (unet);
  limn_pool_free (pool);
}

static void
as_torch (gconstpointer data)
{
  const Case *test = data;
  LimnWeights *weights = open_weights (test->name);
  const LimnUnetConfig *config = limn_weights_config (weights);
  const size_t pixels = test->width * test->height, results = pixels * (size_t) config->out_channels;
  g_autofree float *in = read_floats (test->name, ".in.f32", pixels * (size_t) config->in_channels);
  g_autofree float *wanted = read_floats (test->name, ".out.f32", results);
  g_autofree float *one = g_new (float, results), *two = g_new (float, results);
  double most = 0.0, range = 0.0;

  evaluate (test, weights, 1, in, one);
  evaluate (test, weights, 2, in, two);
  g_assert_cmpmem (two, results * sizeof *two, one, results * sizeof *one);
  for (size_t i = 0; i < results; i++) {
    g_assert_true (isfinite (one[i]));
    most = fmax (most, fabs ((double) one[i] - wanted[i]));
    range = fmax (range, fabs ((double) wanted[i]));
  }
  g_test_message ("%s: largest difference %.2g of the output's range", test->name, most / range);
  /* Both sum in f32 in orders of their own, and Winograd's transforms lose about a digit: 1e-4 is ten times what is seen. */
  g_assert_cmpfloat (most / range, <, 1e-4);
  limn_weights_free (weights);
}

static void
promises (gconstpointer data)
{
  const Case *test = data;
  LimnWeights *weights = open_weights (test->name);
  const LimnUnetConfig *config = limn_weights_config (weights);
  const size_t pixels = test->width * test->height;
  g_autofree float *in = g_new0 (float, pixels *(size_t) config->in_channels);
  g_autofree float *first = g_new (float, pixels *(size_t) config->out_channels);
  g_autofree float *again = g_new (float, pixels *(size_t) config->out_channels);
  const size_t bytes = pixels * (size_t) config->out_channels * sizeof (float);
  atomic_int stop = 1;
  LimnControl control = { .cancel = &stop };
  LimnPool *pool;
  LimnUnet *unet;
  LimnUnetRun *run;
  LimnError error;

  g_assert_cmpint (limn_unet_new (&unet, weights, NULL, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_unet_run_new (&run, unet, 0, 16, &error), ==, LIMN_BAD_INPUT);
  g_assert_cmpint (limn_unet_run_new (&run, unet, 17, 16, &error), ==, config->levels > 1 ? LIMN_BAD_INPUT : LIMN_OK);
  g_assert_cmpint (limn_unet_run_new (&run, unet, test->width, test->height, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_unet_forward (run, NULL, in, 1.0f, -1, NULL, first, &control, &error), ==, LIMN_CANCELLED);
  stop = 0;
  g_assert_cmpint (limn_unet_forward (run, NULL, in, 1.0f, 0, NULL, first, &control, &error), ==, LIMN_BAD_INPUT);
  g_assert_cmpint (limn_pool_new (&pool, 2, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_unet_forward (run, pool, in, 1.0f, -1, NULL, first, &control, &error), ==, LIMN_BAD_INPUT);
  limn_pool_free (pool);

  /* what an earlier run left behind is not seen by the next */
  g_assert_cmpint (limn_unet_forward (run, NULL, in, 1.0f, -1, NULL, first, NULL, &error), ==, LIMN_OK);
  in[0] = 1.0f;
  g_assert_cmpint (limn_unet_forward (run, NULL, in, 900.0f, -1, NULL, again, NULL, &error), ==, LIMN_OK);
  g_assert_cmpint (memcmp (again, first, bytes), !=, 0);
  in[0] = 0.0f;
  g_assert_cmpint (limn_unet_forward (run, NULL, in, 1.0f, -1, NULL, again, NULL, &error), ==, LIMN_OK);
  g_assert_cmpmem (again, bytes, first, bytes);
  limn_unet_run_free (run);
  limn_unet_free (unet);
  limn_weights_free (weights);
}

int
main (int argc, char **argv)
{
  const char *models = g_getenv ("LIMN_MODELS");
  g_autofree char *output = NULL, *problem = NULL, *list = NULL, *text = NULL;
  int status = 1;

  g_test_init (&argc, &argv, NULL);
  dumps = g_getenv ("LIMN_DUMPS");
  g_assert_nonnull (dumps);
  g_assert_nonnull (models);
  g_autofree char *base = g_build_filename (models, "base.safetensors", NULL),
                  *detail = g_build_filename (models, "detail.safetensors", NULL);
  char *command[] = { "/usr/bin/python3", "golden/make_dumps.py", (char *) dumps, base, detail, NULL };

  if (!g_spawn_sync (NULL, command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &problem, &status, NULL) || status != 0) {
    if (problem && strstr (problem, "install python3-torch")) {
      printf ("1..0 # SKIP PyTorch is not there: install python3-torch and python3-numpy\n");
      return 0;
    }
    g_error ("golden/make_dumps.py failed: %s", problem ? problem : "can't be started");
  }
  list = g_build_filename (dumps, "cases.txt", NULL);
  g_assert_true (g_file_get_contents (list, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line && **line; line++) {
    Case *test = g_new0 (Case, 1);
    g_autofree char *path = NULL;

    g_assert_cmpint (sscanf (*line, "%63s %zu %zu %f %d", test->name, &test->width, &test->height, &test->time, &test->label), ==, 5);
    path = g_strdup_printf ("/unet/as-torch/%s", test->name);
    g_test_add_data_func_full (path, test, (GTestDataFunc) as_torch, g_free);
  }
  g_test_add_data_func ("/unet/promises", &(Case){ "default-attention", 32, 24, 571.0f, -1 }, promises);
  return g_test_run ();
}
