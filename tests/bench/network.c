/* One network by itself: evaluations on demand, and a profile by layers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/network/recogniser-internal.h"
#include "engine/network/unet-plan.h"

enum { ROUNDS = 15 };

static const float BENCH_TIME = 230.0f; /* a time input near the highest noise level's */

enum { SEE_SIDE = 256 }; /* of the picture that the recogniser is shown */

/* A U-Net, or a recogniser: one of the two is there. */
typedef struct {
  LimnPool *pool;
  LimnWeights *weights; /* of the U-Net */
  LimnUnet *unet;
  LimnUnetRun *run;
  LimnRecogniser *recogniser;
  LimnRecogniserRun *look;
  LimnFeatures features; /* ones that a U-Net is told, or what a recogniser makes: its out, map after map */
  size_t in_count, out_count;
  float *in, *out;
} Network;

static LimnStatus
open_unet (Network *n, const char *path, LimnError *error)
{
  LimnStatus status = limn_weights_open (&n->weights, path, error);
  size_t side = 0;

  if (status == LIMN_OK)
    status = limn_unet_new (&n->unet, n->weights, n->pool, error);
  if (status == LIMN_OK) {
    const LimnModelMeta *meta = limn_weights_meta (n->weights);
    const LimnUnetConfig *config = limn_weights_config (n->weights);

    side = meta->size / (size_t) meta->space_to_depth;
    n->in_count = side * side * (size_t) config->in_channels;
    n->out_count = side * side * (size_t) config->out_channels;
    status = limn_unet_run_new (&n->run, n->unet, side, side, error);
  }
  for (int i = 0; i < LIMN_FEATURE_MAPS && status == LIMN_OK && limn_unet_features (n->unet, i) > 0; i++) {
    LimnImage *map = &n->features.maps[i];

    status = limn_image_new (map, side >> i, side >> i, limn_unet_features (n->unet, i), error);
    for (size_t k = 0; status == LIMN_OK && k < map->width * map->height * map->channels; k++)
      map->data[k] = 1.0f;
  }
  return status;
}

static LimnStatus
open_recogniser (Network *n, const char *path, LimnError *error)
{
  LimnStatus status = limn_recogniser_open (&n->recogniser, path, n->pool, error);

  if (status != LIMN_OK)
    return status;
  n->in_count = SEE_SIDE * SEE_SIDE * 3;
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    const size_t side = SEE_SIDE >> (3 + i);
    n->out_count += side * side * limn_recogniser_channels (n->recogniser, i);
  }
  return limn_recogniser_run_new (&n->look, n->recogniser, SEE_SIDE, SEE_SIDE, error);
}

static int
network_open (Network *n, const char *path, int threads)
{
  LimnError error = { "" };
  LimnStatus status;
  bool recogniser;

  memset (n, 0, sizeof *n);
  status = limn_pool_new (&n->pool, threads, &error);
  if (status == LIMN_OK)
    status = limn_weights_have_role (path, "see", &recogniser, &error);
  if (status == LIMN_OK)
    status = recogniser ? open_recogniser (n, path, &error) : open_unet (n, path, &error);
  if (status == LIMN_OK) {
    n->in = calloc (n->in_count, sizeof *n->in);
    n->out = calloc (n->out_count, sizeof *n->out);
    if (!n->in || !n->out)
      status = LIMN_NO_MEMORY;
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
  limn_recogniser_run_free (n->look);
  limn_recogniser_free (n->recogniser);
  limn_features_clear (&n->features);
  limn_pool_free (n->pool);
  free (n->in);
  free (n->out);
}

static LimnStatus
look (Network *n, LimnError *error)
{
  float *maps[LIMN_FEATURE_MAPS], *to = n->out;

  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    const size_t side = SEE_SIDE >> (3 + i);
    maps[i] = to;
    to += side * side * limn_recogniser_channels (n->recogniser, i);
  }
  return limn_recogniser_forward (n->look, n->pool, n->in, maps, NULL, error);
}

static int
evaluate (Network *n)
{
  LimnError error = { "" };
  const LimnStatus status = n->recogniser ? look (n, &error)
                                          : limn_unet_forward (n->run, n->pool, n->in, BENCH_TIME, -1, &n->features, n->out, NULL, &error);

  if (status == LIMN_OK)
    return 0;
  fprintf (stderr, "%s\n", error.text);
  return 1;
}

static double
gflop (const Network *n)
{
  return n->recogniser ? limn_recogniser_run_gflop (n->look) : limn_unet_run_gflop (n->run);
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
    printf ("ready %.2f %.3f\n", ready, gflop (&n));
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

/* ---------------------------------------------------------------- layer by layer */

/* What a step of a U-Net is, in a few words; its FLOP if it is a convolution. */
static double
describe_step (const LimnUnetRun *run, const UnetStep *step, char *text, size_t size)
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

/* The same of the recogniser's. */
static double
describe_look (const LimnRecogniserRun *run, size_t step, char *text, size_t size)
{
  const LimnRecogniser *recogniser = run->recogniser;
  const RecogniserBlock *block = &recogniser->blocks[(step - 1) / 2];
  const RecogniserGrid *from = step > 0 ? &run->grids[step - 1] : NULL;

  if (step == 0) {
    snprintf (text, size, "%zux%zu stem 3 -> %zu", run->width, run->height, recogniser->stem_channels);
    return limn_conv_flop (recogniser->stem, run->width, run->height);
  }
  if (step % 2 == 0) {
    snprintf (text, size, "%zux%zu 1x1 %zu -> %zu%s", from->width, from->height, block->expand * block->in, block->out,
              block->residual ? " +" : "");
    return limn_conv_flop (block->project, from->width, from->height);
  }
  snprintf (text, size, "%zux%zu 1x1 %zu -> %zu, each %zux%zu stride %zu", from->width, from->height, block->in, block->expand * block->in,
            block->kernel, block->kernel, block->stride);
  return limn_depthwise_flop (block->middle, from->width, from->height);
}

static void
run_step (Network *n, size_t step)
{
  if (n->recogniser)
    limn_recogniser_run_step (n->look, step, n->pool);
  else
    limn_unet_run_step (n->run, &n->run->steps[step], n->out, n->pool);
}

static double
describe (const Network *n, size_t step, char *text, size_t size)
{
  return n->recogniser ? describe_look (n->look, step, text, size) : describe_step (n->run, &n->run->steps[step], text, size);
}

int
bench_layers (int argc, char **argv)
{
  double *times, all = 0.0, sum = 0.0;
  size_t steps;
  Network n;

  if (argc != 2) {
    fprintf (stderr, "layers MODEL THREADS\n");
    return 2;
  }
  if (network_open (&n, argv[0], atoi (argv[1])) || evaluate (&n)) {
    network_close (&n);
    return 1;
  }
  steps = n.recogniser ? n.look->steps : n.run->step_count;
  times = calloc (steps * ROUNDS, sizeof *times);
  for (int round = 0; times && round < ROUNDS; round++)
    for (size_t i = 0; i < steps; i++) {
      const double from = limn_clock_ms ();

      run_step (&n, i);
      times[i * ROUNDS + (size_t) round] = limn_clock_ms () - from;
    }
  limn_pool_wait_stragglers (n.pool);
  for (size_t i = 0; times && i < steps; i++) {
    const double ms = bench_median (times + i * ROUNDS, ROUNDS);
    char text[120];
    const double flop = describe (&n, i, text, sizeof text);

    all += flop;
    sum += ms;
    printf ("%8.3f ms  %6.0f GFLOP/s  %s\n", ms, flop / ms / 1e6, text);
  }
  printf ("%8.3f ms  %6.0f GFLOP/s  all %zu steps\n", sum, all / sum / 1e6, steps);
  free (times);
  network_close (&n);
  return times ? 0 : 1;
}
