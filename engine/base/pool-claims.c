/* Speculative execution: the last pieces of a job are run again by the caller where a worker has lost its core; whoever is first to
 * claim a unit writes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "pool-internal.h"

enum { PATIENCE_NS = 30000 }; /* the least wait for other threads' last pieces before they are run again */

bool
limn_claims_open (const LimnClaims *claims, size_t unit)
{
  return !claims || atomic_load_explicit (&claims->units[unit], memory_order_relaxed) == 2 * claims->serial;
}

bool
limn_claims_take (LimnClaims *claims, size_t unit)
{
  unsigned free_unit;

  if (!claims)
    return true;
  free_unit = 2 * claims->serial;
  return atomic_compare_exchange_strong_explicit (&claims->units[unit], &free_unit, free_unit + 1, memory_order_acquire,
                                                  memory_order_relaxed);
}

void
limn_claims_done (LimnClaims *claims)
{
  if (claims)
    atomic_fetch_sub_explicit (claims->left, 1, memory_order_release);
}

/* Waits a little for all units to be done; false when some aren't. */
static bool
wait_for_units (LimnPool *pool, int64_t patience)
{
  for (int64_t end = limn_pool_now_ns () + patience; atomic_load_explicit (&pool->left, memory_order_acquire) > 0;) {
    if (limn_pool_now_ns () >= end)
      return false;
    for (int i = 0; i < LIMN_POOL_RELAXES && atomic_load_explicit (&pool->left, memory_order_relaxed) > 0; i++)
      limn_pool_relax ();
  }
  return true;
}

void
limn_pool_run_claimed (LimnPool *pool, size_t pieces, size_t units, LimnClaimedWork work, void *user, size_t size)
{
  LimnPoolJob job = { .claimed = work, .user = user, .size = size, .pieces = pieces };
  int64_t start, longest = PATIENCE_NS;
  bool done;

  if (pool == NULL || pool->threads == 1 || pieces <= 1) {
    for (size_t i = 0; i < pieces; i++)
      work (user, i, 0, NULL);
    return;
  }
  if (units > LIMN_POOL_MAX_UNITS || size > LIMN_POOL_MAX_USER) {
    job.size = 0;
    limn_pool_run_whole (pool, job);
    return;
  }
  LimnClaims claims = { pool->units, &pool->left, limn_pool_post (pool, &job, units) };
  for (start = limn_pool_now_ns (); limn_pool_run_turn (pool, &job, claims.serial, 0);) {
    const int64_t now = limn_pool_now_ns ();
    longest = now - start > longest ? now - start : longest;
    start = now;
  }
  done = wait_for_units (pool, longest);
  for (size_t i = pieces; !done && i-- > 0;) { /* a thread has lost its core: run its pieces again, the last ones first */
    work (user, i, 0, &claims);
    done = atomic_load_explicit (&pool->left, memory_order_acquire) == 0;
  }
  if (!done) { /* all are claimed, the last ones about to be done */
    limn_pool_wait_joined (pool);
    return;
  }
  pthread_mutex_lock (&pool->mutex);
  pool->open = false;
  pool->over = true;
  pool->stragglers += atomic_exchange_explicit (&pool->joined, 0, memory_order_relaxed);
  pthread_mutex_unlock (&pool->mutex);
}

void
limn_pool_wait_stragglers (LimnPool *pool)
{
  if (pool == NULL)
    return;
  pthread_mutex_lock (&pool->mutex);
  while (pool->stragglers > 0)
    pthread_cond_wait (&pool->finished, &pool->mutex);
  pthread_mutex_unlock (&pool->mutex);
}
