/* One network by itself: evaluations on demand, and a profile by layers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/network/unet-plan.h"

enum { ROUNDS = 15 };

static const float BENCH_TIME = 230.0f; /* a time input near the highest noise level's */

typedef struct {
  LimnPool *pool;
  LimnWeights *weights;
  LimnUnet *unet;
  LimnUnetRun *run;
  size_t in_count, out_count;
  float *in, *out;
} Network;

static int
network_open (Network *n, const char *path, int threads)
{
  LimnError error = { "" };
  LimnStatus status;
  size_t side, cells;

  memset (n, 0, sizeof *n);
  status = limn_pool_new (&n->pool, threads, &error);
  if (status == LIMN_OK)
    status = limn_weights_open (&n->weights, path, &error);
  if (status == LIMN_OK)
    status = limn_unet_new (&n->unet, n->weights, n->pool, &error);
  if (status == LIMN_OK) {
    const LimnModelMeta *meta = limn_weights_meta (n->weights);
    const LimnUnetConfig *config = limn_weights_config (n->weights);

    side = meta->size / (size_t) meta->space_to_depth;
    cells = side * side;
    n->in_count = cells * (size_t) config->in_channels;
    n->out_count = cells * (size_t) config->out_channels;
    n->in = calloc (n->in_count, sizeof *n->in);
    n->out = calloc (n->out_count, sizeof *n->out);
    status = n->in && n->out ? limn_unet_run_new (&n->run, n->unet, side, side, &error) : LIMN_NO_MEMORY;
  }
  if (status != LIMN_OK)
    fprintf (stderr, "%s: %s\n", path, error.text);
  return status == LIMN_OK ? 0 : 1;
}

static void
network_close (Network *n)
{
  limn_unet_run_free (n->run);
  limn_unet_free (n->unet);
  limn_weights_free (n->weights);
  limn_pool_free (n->pool);
  free (n->in);
  free (n->out);
}

static int
evaluate (Network *n)
{
  LimnError error = { "" };

  if (limn_unet_forward (n->run, n->pool, n->in, BENCH_TIME, -1, n->out, NULL, &error) == LIMN_OK)
    return 0;
  fprintf (stderr, "%s\n", error.text);
  return 1;
}

/* Whole files of floats; channels last. */
static int
read_floats (const char *path, float *to, size_t count)
{
  FILE *file = fopen (path, "rb");
  size_t got = file ? fread (to, sizeof *to, count, file) : 0;

  if (file)
    fclose (file);
  if (got == count)
    return 0;
  fprintf (stderr, "%s: %zu numbers are needed, %zu are there\n", path, count, got);
  return 1;
}

static int
write_floats (const char *path, const float *from, size_t count)
{
  FILE *file = fopen (path, "wb");
  size_t put = file ? fwrite (from, sizeof *from, count, file) : 0;

  if (file && fclose (file) == 0 && put == count)
    return 0;
  fprintf (stderr, "%s can't be written\n", path);
  return 1;
}

int
bench_serve (int argc, char **argv)
{
  const double start = limn_clock_ms ();
  double ready;
  Network n;
  char line[64];
  int failed;

  if (argc != 2 && argc != 4) {
    fprintf (stderr, "serve MODEL THREADS [INPUT OUTPUT]\n");
    return 2;
  }
  failed = network_open (&n, argv[0], atoi (argv[1]));
  ready = limn_clock_ms () - start;
  if (!failed && argc == 4)
    failed = read_floats (argv[2], n.in, n.in_count);
  if (!failed)
    failed = evaluate (&n);
  if (!failed && argc == 4)
    failed = write_floats (argv[3], n.out, n.out_count);
  if (!failed) {
    printf ("ready %.2f %.3f\n", ready, limn_unet_run_gflop (n.run));
    fflush (stdout);
  }
  while (!failed && fgets (line, sizeof line, stdin)) {
    const double from = limn_clock_ms ();

    failed = evaluate (&n);
    printf ("%.4f\n", limn_clock_ms () - from);
    fflush (stdout);
  }
  network_close (&n);
  return failed;
}

/* What a step is, in a few words; its FLOP if it is a convolution. */
static double
describe (const LimnUnetRun *run, const UnetStep *step, char *text, size_t size)
{
  static const char *const kinds[] = { [LIMN_CONV_1X1] = "1x1",
                                       [LIMN_CONV_3X3] = "3x3 as it stands",
                                       [LIMN_CONV_3X3_HALF] = "3x3 stride 2",
                                       [LIMN_CONV_WINOGRAD] = "3x3 Winograd" };
  const UnetGrid *from = &run->grids[step->in[0]];
  const double pixels = (double) (step->width * step->height);

  switch (step->kind) {
  case STEP_CONV:
    snprintf (text, size, "%zux%zu %s %zu -> %zu%s%s%s", step->width, step->height, kinds[limn_conv_kind (step->conv)],
              limn_conv_in (step->conv), limn_conv_out (step->conv), step->norm ? " norm" : "", step->residual != NO_GRID ? " +" : "",
              step->enlarge ? " enlarged" : "");
    return limn_conv_flop (step->conv, step->width, step->height);
  case STEP_RESIZE: snprintf (text, size, "%zux%zu resize %zu", step->width, step->height, from->channels); return 0.0;
  case STEP_ATTENTION:
    snprintf (text, size, "%zux%zu attention %zu, %zu heads", step->width, step->height, from->channels / 3, step->heads);
    return 4.0 * pixels * pixels * (double) (from->channels / 3);
  }
  return 0.0;
}

int
bench_layers (int argc, char **argv)
{
  double *times, all = 0.0, sum = 0.0;
  int failed;
  Network n;

  if (argc != 2) {
    fprintf (stderr, "layers MODEL THREADS\n");
    return 2;
  }
  failed = network_open (&n, argv[0], atoi (argv[1]));
  times = failed ? NULL : calloc (n.run->step_count * ROUNDS, sizeof *times);
  if (!times || evaluate (&n)) {
    free (times);
    network_close (&n);
    return 1;
  }
  for (int round = 0; round < ROUNDS; round++)
    for (size_t i = 0; i < n.run->step_count; i++) {
      const double from = limn_clock_ms ();

      limn_unet_run_step (n.run, &n.run->steps[i], n.out, n.pool);
      times[i * ROUNDS + (size_t) round] = limn_clock_ms () - from;
    }
  limn_pool_wait_stragglers (n.pool);
  for (size_t i = 0; i < n.run->step_count; i++) {
    const double ms = bench_median (times + i * ROUNDS, ROUNDS);
    char text[120];
    const double flop = describe (n.run, &n.run->steps[i], text, sizeof text);

    all += flop;
    sum += ms;
    printf ("%8.3f ms  %6.0f GFLOP/s  %s\n", ms, flop / ms / 1e6, text);
  }
  printf ("%8.3f ms  %6.0f GFLOP/s  all %zu steps\n", sum, all / sum / 1e6, n.run->step_count);
  free (times);
  network_close (&n);
  return 0;
}
