/* What this machine can do at all: single-precision products by OpenBLAS's sgemm, and copying from memory to memory.
 * Usage: limn-bench-limits THREADS. Prints the medians.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "engine/base/clock.h"
#include "engine/base/pool.h"

enum { SIDE = 1536, ROUNDS = 9, COPY_BYTES = 96 << 20, PIECES = 16 };

extern void openblas_set_num_threads (int threads);

typedef struct {
  char *from, *to;
} Copy;

static void
copy_piece (void *user, size_t piece, int worker)
{
  const Copy *copy = user;
  const size_t size = COPY_BYTES / PIECES;

  memcpy (copy->to + piece * size, copy->from + piece * size, size);
}

int
main (int argc, char **argv)
{
  const int threads = argc == 2 ? atoi (argv[1]) : 0;
  const size_t floats = (size_t) SIDE * SIDE;
  float *a = malloc (floats * sizeof *a), *b = malloc (floats * sizeof *b), *c = malloc (floats * sizeof *c);
  Copy copy = { malloc (COPY_BYTES), malloc (COPY_BYTES) };
  double times[ROUNDS];
  LimnPool *pool = NULL;
  int failed = threads < 1 || !a || !b || !c || !copy.from || !copy.to || limn_pool_new (&pool, threads, NULL) != LIMN_OK;

  if (!failed) {
    openblas_set_num_threads (threads);
    for (size_t i = 0; i < floats; i++)
      a[i] = b[i] = (float) (i % 251) / 251.0f - 0.5f;
    memset (c, 0, floats * sizeof *c);
    memset (copy.from, 1, COPY_BYTES);
    memset (copy.to, 2, COPY_BYTES);
    for (int i = 0; i < ROUNDS; i++) {
      const double from = limn_clock_ms ();
      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1.0f, a, SIDE, b, SIDE, 0.0f, c, SIDE);
      times[i] = limn_clock_ms () - from;
    }
    printf ("sgemm_gflops %.1f\n", 2.0 * SIDE * SIDE * SIDE / bench_median (times, ROUNDS) / 1e6);
    for (int i = 0; i < ROUNDS; i++) {
      const double from = limn_clock_ms ();
      limn_pool_run (pool, PIECES, copy_piece, &copy);
      times[i] = limn_clock_ms () - from;
    }
    printf ("copy_gb_per_s %.1f\n", 2.0 * COPY_BYTES / bench_median (times, ROUNDS) / 1e6);
  } else {
    fprintf (stderr, "limn-bench-limits THREADS\n");
  }
  limn_pool_free (pool);
  free (a);
  free (b);
  free (c);
  free (copy.from);
  free (copy.to);
  return failed;
}
