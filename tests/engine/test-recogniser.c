/* The image recogniser against PyTorch, by the dumps of golden/make_see_dumps.py, for some sizes; and what is stored of them for machines
 * without PyTorch. Needs LIMN_DUMPS (a folder to write to) and LIMN_MODELS (the shipped networks).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/network/recogniser.h"

static const char *dumps, *see;

static float *
read_floats (const char *path, size_t *count)
{
  char *bytes;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  *count = length / sizeof (float);
  return (float *) (gpointer) bytes;
}

static float *
read_dump (const char *name, const char *ending, size_t *count)
{
  g_autofree char *path = g_strdup_printf ("%s/%s%s", dumps, name, ending);

  return read_floats (path, count);
}

static void
assert_near (const float *got, const float *wanted, size_t count)
{
  double most = 0.0, range = 0.0;

  for (size_t i = 0; i < count; i++) {
    g_assert_true (isfinite (got[i]));
    most = fmax (most, fabs ((double) got[i] - (double) wanted[i]));
    range = fmax (range, fabs ((double) wanted[i]));
  }
  g_test_message ("largest difference %.2g of the range", most / range);
  g_assert_cmpfloat (most, <, 1e-4 * range);
}

/* name: WIDTHxHEIGHT. */
static void
as_torch (gconstpointer name)
{
  size_t width, height, count, all, place = 0;
  g_autofree float *in = read_dump (name, ".in.f32", &count), *wanted = read_dump (name, ".out.f32", &all), *got = g_new (float, all);
  float *maps[LIMN_FEATURE_MAPS];
  LimnRecogniser *recogniser;
  LimnRecogniserRun *run;
  LimnError error = { "" };

  g_assert_cmpint (sscanf (name, "%zux%zu", &width, &height), ==, 2);
  g_assert_cmpuint (count, ==, width * height * 3);
  if (limn_recogniser_open (&recogniser, see, NULL, &error) != LIMN_OK)
    g_error ("%s", error.text);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    maps[i] = got + place;
    place += (width >> (3 + i)) * (height >> (3 + i)) * limn_recogniser_channels (recogniser, i);
  }
  g_assert_cmpuint (place, ==, all);
  g_assert_cmpint (limn_recogniser_run_new (&run, recogniser, width, height, &error), ==, LIMN_OK);
  g_assert_cmpint (limn_recogniser_forward (run, NULL, in, maps, NULL, &error), ==, LIMN_OK);
  assert_near (got, wanted, all);
  limn_recogniser_run_free (run);
  limn_recogniser_free (recogniser);
}

static void
stored (gconstpointer name)
{
  size_t count, there;
  g_autofree char *path = g_build_filename ("golden", "see", name, NULL);
  g_autofree float *now = read_dump (name, "", &count), *before = read_floats (path, &there);

  g_assert_cmpuint (there, ==, count);
  assert_near (before, now, count);
}

int
main (int argc, char **argv)
{
  g_autofree char *messages = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  dumps = g_getenv ("LIMN_DUMPS");
  see = g_build_filename (g_getenv ("LIMN_MODELS"), "see.safetensors", NULL);
  if (!g_spawn_sync (NULL, (char *[]){ "/usr/bin/python3", "golden/make_see_dumps.py", (char *) dumps, (char *) see, NULL }, NULL,
                     G_SPAWN_DEFAULT, NULL, NULL, NULL, &messages, &status, NULL) ||
      !g_spawn_check_wait_status (status, NULL)) {
    if (messages && strstr (messages, "install python3-torch")) {
      g_print ("1..0 # SKIP %s", messages);
      return 0;
    }
    g_error ("make_see_dumps.py: %s", messages ? messages : "can't be started");
  }
  for (const char *const *size = (const char *const[]){ "256x256", "160x96", "32x64", NULL }; *size; size++) {
    g_autofree char *path = g_strdup_printf ("/recogniser/as-torch/%s", *size);
    g_test_add_data_func (path, *size, as_torch);
  }
  g_test_add_data_func ("/recogniser/stored/recogniser", "thinned.f32", stored);
  g_test_add_data_func ("/recogniser/stored/base", "base.out.f32", stored);
  return g_test_run ();
}
