/* How long Select Object takes: a stroke on a thing in a made-up photo, from pixels and hints to a mask.
 *
 * limn-bench-select [MEGAPIXELS [THREADS [ROUNDS]]]: medians of the time passed and of the processor's time, in milliseconds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/limn-engine.h"

enum { MOST_ROUNDS = 99 };

static double
milliseconds (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return 1e3 * (double) t.tv_sec + 1e-6 * (double) t.tv_nsec;
}

static int
by_value (const void *a, const void *b)
{
  const double p = *(const double *) a, q = *(const double *) b;

  return (p > q) - (p < q);
}

/* A reddish thing on a bluish ground, both uneven; a stroke lies on the thing. */
static void
paint (uint8_t *rgba, uint8_t *hints, size_t width, size_t height)
{
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++) {
      const double u = (double) x / (double) width - 0.5, v = (double) y / (double) height - 0.5;
      const int thing = hypot (u, v) < 0.2 + 0.03 * sin (9 * atan2 (v, u));
      const int grain = (int) ((x * 7919u ^ y * 104729u) % 41u) + (int) (20 * sin (40 * u) * cos (30 * v));
      const int colour[] = { (thing ? 150 : 70) + grain, 80 + grain, (thing ? 60 : 130) + grain, 255 };
      for (size_t c = 0; c < 4; c++)
        rgba[4 * (y * width + x) + c] = (uint8_t) colour[c];
      hints[y * width + x] = fabs (v) < 0.01 && fabs (u) < 0.1 ? LIMN_HINT_INSIDE : LIMN_HINT_NONE;
    }
}

int
main (int argc, char **argv)
{
  const double megapixels = argc > 1 ? atof (argv[1]) : 12;
  const int threads = argc > 2 ? atoi (argv[2]) : 0, asked = argc > 3 ? atoi (argv[3]) : 9;
  const int rounds = asked < 1 ? 1 : asked > MOST_ROUNDS ? MOST_ROUNDS : asked;
  const size_t width = (size_t) sqrt (megapixels * 1e6 * 4 / 3), height = width * 3 / 4;
  uint8_t *rgba = malloc (4 * width * height), *hints = malloc (width * height), *mask = malloc (width * height);
  double passed[MOST_ROUNDS], used[MOST_ROUNDS];

  if (rgba == NULL || hints == NULL || mask == NULL || width < 16)
    return 1;
  paint (rgba, hints, width, height);
  for (int k = 0; k < rounds; k++) {
    const LimnPixels photo = { rgba, width, height, 4 * width, 8 };
    const double begin = milliseconds (CLOCK_MONOTONIC), cpu = milliseconds (CLOCK_PROCESS_CPUTIME_ID);
    LimnError error;
    if (limn_select (&photo, &(LimnMask){ hints, width, height, width }, threads, NULL, mask, &error) != LIMN_OK) {
      fprintf (stderr, "limn-bench-select: %s\n", error.text);
      return 1;
    }
    passed[k] = milliseconds (CLOCK_MONOTONIC) - begin;
    used[k] = milliseconds (CLOCK_PROCESS_CPUTIME_ID) - cpu;
  }
  qsort (passed, (size_t) rounds, sizeof *passed, by_value);
  qsort (used, (size_t) rounds, sizeof *used, by_value);
  printf ("{\"megapixels\": %.1f, \"ms\": %.1f, \"cpu_ms\": %.1f}\n", (double) (width * height) / 1e6, passed[rounds / 2],
          used[rounds / 2]);
  free (rgba);
  free (hints);
  free (mask);
  return 0;
}
