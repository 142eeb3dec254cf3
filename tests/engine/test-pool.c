/* The thread pool, checked sizes and overlays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/pool.h"

typedef struct {
  atomic_int *runs;
  int threads;
} Count;

static void
count_piece (void *user, size_t piece, int worker)
{
  Count *count = user;

  g_assert_cmpint (worker, >=, 0);
  g_assert_cmpint (worker, <, count->threads);
  atomic_fetch_add (&count->runs[piece], 1);
}

static void
every_piece_once (gconstpointer data)
{
  const int threads = GPOINTER_TO_INT (data);
  LimnPool *pool;

  g_assert_cmpint (limn_pool_new (&pool, threads, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_pool_threads (pool), ==, threads);
  for (size_t pieces = 0; pieces < 400000; pieces = pieces < 400 ? pieces + 1 : pieces * 7) {
    atomic_int *runs = calloc (pieces + 1, sizeof *runs);
    Count count = { runs, threads };

    limn_pool_run (pool, pieces, count_piece, &count);
    for (size_t i = 0; i < pieces; i++)
      g_assert_cmpint (runs[i], ==, 1);
    g_assert_cmpint (runs[pieces], ==, 0);
    free (runs);
  }
  limn_pool_free (pool);
}

/* ---------------------------------------------------------------- claimed units */

enum { UNITS_A_PIECE = 3 };

typedef struct {
  atomic_int *writes;
  int threads;
} Units;

static void
claim_piece (void *user, size_t piece, int worker, LimnClaims *claims)
{
  Units *units = user;

  g_assert_cmpint (worker, <, units->threads);
  for (size_t unit = piece * UNITS_A_PIECE; unit < (piece + 1) * UNITS_A_PIECE; unit++)
    if (limn_claims_open (claims, unit) && limn_claims_take (claims, unit)) {
      atomic_fetch_add (&units->writes[unit], 1);
      limn_claims_done (claims);
    }
}

/* Also with more units than can be claimed one by one. */
static void
every_unit_once (gconstpointer data)
{
  const int threads = GPOINTER_TO_INT (data);
  LimnPool *pool;

  g_assert_cmpint (limn_pool_new (&pool, threads, NULL), ==, LIMN_OK);
  for (size_t pieces = 0; pieces < 2000; pieces = pieces < 40 ? pieces + 1 : pieces * 3 / 2) {
    const size_t count = pieces * UNITS_A_PIECE;
    atomic_int *writes = calloc (count + 1, sizeof *writes);
    Units units = { writes, threads };

    limn_pool_run_claimed (pool, pieces, count, claim_piece, &units, sizeof units);
    for (size_t i = 0; i < count; i++)
      g_assert_cmpint (writes[i], ==, 1);
    limn_pool_wait_stragglers (pool);
    free (writes);
  }
  limn_pool_free (pool);
}

/* A worker that gets stuck in a piece: the lock is its core, taken by someone else. */
typedef struct {
  GMutex *core;
  atomic_int *stuck, *lost, *writes;
} Stuck;

static void
stuck_piece (void *user, size_t piece, int worker, LimnClaims *claims)
{
  Stuck *s = user;

  if (!limn_claims_open (claims, piece))
    return;
  if (worker == 0)
    while (atomic_load (s->stuck) == 0) /* the caller does nothing before the worker has its piece */
      g_thread_yield ();
  else {
    atomic_store (s->stuck, 1);
    g_mutex_lock (s->core);
    g_mutex_unlock (s->core);
  }
  if (limn_claims_take (claims, piece)) {
    atomic_fetch_add (&s->writes[piece], 1);
    limn_claims_done (claims);
  } else {
    atomic_fetch_add (s->lost, 1);
  }
}

static void
nobody_waits_for_a_straggler (void)
{
  enum { PIECES = 8, LATER = 50 };
  atomic_int stuck = 0, lost = 0, writes[PIECES] = { 0 }, runs[PIECES];
  GMutex core;
  Stuck s = { &core, &stuck, &lost, writes };
  Count count = { runs, 2 };
  LimnPool *pool;

  g_mutex_init (&core);
  g_mutex_lock (&core);
  g_assert_cmpint (limn_pool_new (&pool, 2, NULL), ==, LIMN_OK);
  limn_pool_run_claimed (pool, PIECES, PIECES, stuck_piece, &s, sizeof s); /* returns: the worker's piece was made again */
  for (int i = 0; i < PIECES; i++)
    g_assert_cmpint (writes[i], ==, 1);
  g_assert_cmpint (lost, ==, 0);
  for (int i = 0; i < LATER; i++) { /* and later jobs are whole without the worker */
    memset (runs, 0, sizeof runs);
    limn_pool_run (pool, PIECES, count_piece, &count);
    for (int k = 0; k < PIECES; k++)
      g_assert_cmpint (runs[k], ==, 1);
  }
  g_mutex_unlock (&core);
  limn_pool_wait_stragglers (pool); /* now it has seen that its result isn't wanted */
  g_assert_cmpint (lost, ==, 1);
  for (int i = 0; i < PIECES; i++)
    g_assert_cmpint (writes[i], ==, 1);
  limn_pool_free (pool);
  g_mutex_clear (&core);
}

enum { TRIED = 40 };

typedef struct {
  atomic_int cancel, runs;
  size_t last; /* the piece that sets cancel */
} Trial;

static void
cancel_at_piece (void *user, size_t piece, int worker)
{
  Trial *trial = user;

  atomic_fetch_add (&trial->runs, 1);
  if (piece == trial->last)
    atomic_store (&trial->cancel, 1);
}

/* What has begun when the flag is set is finished, nothing else is begun, and the caller hears of it. */
static void
watched (gconstpointer data)
{
  const int threads = GPOINTER_TO_INT (data);
  LimnPool *pool;
  LimnError error = { 0 };
  Trial trial = { .last = 7 };

  g_assert_cmpint (limn_pool_new (&pool, threads, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_pool_try (pool, TRIED, cancel_at_piece, &trial, NULL), ==, LIMN_OK); /* nobody watches yet */
  g_assert_cmpint (trial.runs, ==, TRIED);
  limn_pool_watch (pool, &trial.cancel);
  g_assert_cmpint (limn_pool_check (pool, &error), ==, LIMN_CANCELLED);
  g_assert_cmpstr (error.text, ==, "Cancelled.");
  g_assert_cmpint (limn_pool_try (pool, TRIED, cancel_at_piece, &trial, NULL), ==, LIMN_CANCELLED);
  g_assert_cmpint (trial.runs, ==, TRIED);
  atomic_store (&trial.runs, 0);
  atomic_store (&trial.cancel, 0);
  g_assert_cmpint (limn_pool_check (pool, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_pool_try (pool, TRIED, cancel_at_piece, &trial, NULL), ==, LIMN_CANCELLED);
  if (threads == 1)
    g_assert_cmpint (trial.runs, ==, 8);
  limn_pool_run (pool, TRIED, cancel_at_piece, &trial); /* what must be whole goes on */
  g_assert_cmpint (trial.runs, >=, TRIED);
  limn_pool_watch (pool, NULL);
  g_assert_cmpint (limn_pool_check (pool, NULL), ==, LIMN_OK);
  limn_pool_free (pool);
}

static void
no_pool (void)
{
  atomic_int runs[3] = { 0 };
  Count count = { runs, 1 };

  limn_pool_run (NULL, 3, count_piece, &count);
  g_assert_cmpint (runs[0] + runs[1] + runs[2], ==, 3);
  g_assert_cmpint (limn_pool_try (NULL, 3, count_piece, &count, NULL), ==, LIMN_OK);
  g_assert_cmpint (runs[0] + runs[1] + runs[2], ==, 6);
  g_assert_cmpint (limn_pool_check (NULL, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_pool_threads (NULL), ==, 1);
}

static void
thread_counts (void)
{
  LimnPool *pool;
  LimnError error;

  g_assert_cmpint (limn_pool_new (&pool, 65, &error), ==, LIMN_BAD_INPUT);
  g_assert_null (pool);
  g_assert_nonnull (strstr (error.text, "64"));
  g_assert_cmpint (limn_pool_new (&pool, -1, NULL), ==, LIMN_BAD_INPUT);
  g_assert_cmpint (limn_pool_new (&pool, 0, NULL), ==, LIMN_OK);
  g_assert_cmpint (limn_pool_threads (pool), >=, 1);
  limn_pool_free (pool);
  limn_pool_free (NULL);
}

static void
sizes (void)
{
  size_t out;
  void *memory;

  g_assert_true (limn_size_mul (3, 5, 7, &out));
  g_assert_cmpuint (out, ==, 105);
  g_assert_false (limn_size_mul (SIZE_MAX / 2, 3, 1, &out));
  g_assert_false (limn_size_mul (SIZE_MAX / 2, 2, 2, &out));
  g_assert_true (limn_size_mul (SIZE_MAX, 1, 1, &out));
  g_assert_null (limn_alloc (SIZE_MAX / 8, 2, 4, 1));
  g_assert_null (limn_alloc (SIZE_MAX, 1, 1, 1));
  g_assert_null (limn_alloc (SIZE_MAX / 2, 1, 1, 4));
  memory = limn_alloc (3, 5, 7, sizeof (float));
  g_assert_nonnull (memory);
  g_assert_cmpuint ((uintptr_t) memory % 64, ==, 0);
  free (memory);
  memory = limn_alloc (0, 1, 1, 1);
  g_assert_nonnull (memory);
  free (memory);
}

static void
overlay_8 (void)
{
  uint8_t below[2 * 3 * 4], before[sizeof below];
  uint8_t *above = calloc (4, 4);
  LimnPixels picture = { below, 3, 2, 12, 8 };
  LimnOverlay overlay = { .x = 2, .y = 1, .pixels = { above, 2, 2, 8, 8 } }; /* reaches over the right and the lower edge */

  for (size_t i = 0; i < sizeof below; i++)
    below[i] = (uint8_t) (i * 7);
  memcpy (before, below, sizeof below);
  limn_overlay_apply (&overlay, &picture);
  g_assert_cmpmem (below, sizeof below, before, sizeof below);

  memcpy (above, (uint8_t[]){ 10, 200, 30, 128 }, 4);
  limn_overlay_apply (&overlay, &picture);
  g_assert_cmpmem (below, 20, before, 20);
  g_assert_cmpuint (below[20], ==, (before[20] * 127 + 10 * 128 + 127) / 255);
  g_assert_cmpuint (below[21], ==, (before[21] * 127 + 200 * 128 + 127) / 255);
  g_assert_cmpuint (below[23], ==, (before[23] * 127 + 255 * 128 + 127) / 255);

  above[3] = 255;
  limn_overlay_apply (&overlay, &picture);
  g_assert_cmpmem (below + 20, 4, ((uint8_t[]){ 10, 200, 30, 255 }), 4);

  below[23] = 77;
  overlay.keep_alpha = true;
  limn_overlay_apply (&overlay, &picture);
  g_assert_cmpmem (below + 20, 4, ((uint8_t[]){ 10, 200, 30, 77 }), 4);
  limn_overlay_clear (&overlay);
  g_assert_null (overlay.pixels.data);
  limn_overlay_clear (&overlay);
}

static void
overlay_16 (void)
{
  uint16_t below[4] = { 65535, 1, 40000, 65535 };
  uint16_t *above = malloc (8);
  LimnPixels picture = { below, 1, 1, 8, 16 };
  LimnOverlay overlay = { .pixels = { above, 1, 1, 8, 16 } };

  memcpy (above, (uint16_t[]){ 0, 65535, 40000, 32768 }, 8);
  limn_overlay_apply (&overlay, &picture);
  g_assert_cmpuint (below[0], ==, 32767);
  g_assert_cmpuint (below[1], ==, 32768);
  g_assert_cmpuint (below[2], ==, 40000);
  g_assert_cmpuint (below[3], ==, 65535);

  below[3] = 300;
  overlay.keep_alpha = true;
  limn_overlay_apply (&overlay, &picture);
  g_assert_cmpuint (below[3], ==, 300);
  limn_overlay_clear (&overlay);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/pool/one-thread", GINT_TO_POINTER (1), every_piece_once);
  g_test_add_data_func ("/pool/two-threads", GINT_TO_POINTER (2), every_piece_once);
  g_test_add_data_func ("/pool/seven-threads", GINT_TO_POINTER (7), every_piece_once);
  g_test_add_data_func ("/pool/claimed-one-thread", GINT_TO_POINTER (1), every_unit_once);
  g_test_add_data_func ("/pool/claimed-two-threads", GINT_TO_POINTER (2), every_unit_once);
  g_test_add_data_func ("/pool/claimed-seven-threads", GINT_TO_POINTER (7), every_unit_once);
  g_test_add_func ("/pool/straggler", nobody_waits_for_a_straggler);
  g_test_add_data_func ("/pool/watched-one-thread", GINT_TO_POINTER (1), watched);
  g_test_add_data_func ("/pool/watched-three-threads", GINT_TO_POINTER (3), watched);
  g_test_add_func ("/pool/none", no_pool);
  g_test_add_func ("/pool/thread-counts", thread_counts);
  g_test_add_func ("/error/sizes", sizes);
  g_test_add_func ("/overlay/8-bit", overlay_8);
  g_test_add_func ("/overlay/16-bit", overlay_16);
  return g_test_run ();
}
