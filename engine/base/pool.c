/* The thread pool: a job is a function and a number of pieces; threads claim pieces with an atomic counter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "pool-internal.h"

enum { MAX_TURNS = 0xffff }; /* that a job's pieces are taken in */

/* True if cpu is the first hardware thread of its core, or if that is unknown. */
static bool
is_first_sibling (int cpu)
{
  char path[96];
  FILE *file;
  int first = cpu;

  snprintf (path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
  file = fopen (path, "re");
  if (file == NULL)
    return true;
  if (fscanf (file, "%d", &first) != 1)
    first = cpu;
  fclose (file);
  return first == cpu;
}

static int
usable_cores (const cpu_set_t *set)
{
  int cores = 0;

  for (int cpu = 0; cpu < CPU_SETSIZE && cores < LIMN_POOL_MAX_THREADS; cpu++)
    if (CPU_ISSET (cpu, set) && is_first_sibling (cpu))
      cores++;
  return cores > 0 ? cores : 1;
}

/* With as many threads as processors, keeps the workers off the caller's processor: if another process is running, a worker would
 * otherwise be woken there repeatedly and share it with the caller. */
static void
keep_apart (LimnPool *pool)
{
  const int cpu = sched_getcpu ();
  cpu_set_t others = pool->usable;

  if (cpu < 0 || cpu == pool->caller_cpu || cpu >= CPU_SETSIZE)
    return;
  pool->caller_cpu = cpu;
  CPU_CLR (cpu, &others);
  for (int i = 1; i <= pool->started && CPU_COUNT (&others) > 0; i++)
    pthread_setaffinity_np (pool->workers[i].thread, sizeof others, &others); /* failure costs only time */
}

/* Even workers (the caller is 0) take turns from the start, odd ones from the end, so that a core reads what it wrote itself in the
 * previous job of a similar shape. */
bool
limn_pool_run_turn (LimnPool *pool, const LimnPoolJob *job, unsigned serial, int worker)
{
  uint_fast64_t next = atomic_load_explicit (&pool->next, memory_order_relaxed);
  LimnClaims claims = { pool->units, &pool->left, serial };
  size_t first, last, piece, end;

  do {
    first = next & 0xffff;
    last = next >> 16 & 0xffff;
    if ((unsigned) (next >> 32) != serial || first + last >= job->turns)
      return false;
  } while (!atomic_compare_exchange_weak_explicit (&pool->next, &next, next + (worker % 2 ? 1 << 16 : 1), memory_order_relaxed,
                                                   memory_order_relaxed));
  piece = (worker % 2 ? job->turns - 1 - last : first) * job->grain;
  end = piece + job->grain < job->pieces ? piece + job->grain : job->pieces;
  for (; piece < end; piece++)
    if (job->claimed)
      job->claimed (job->user, piece, worker, job->size > 0 ? &claims : NULL);
    else
      job->work (job->user, piece, worker);
  return true;
}

static void *
worker_main (void *data)
{
  LimnPoolWorker *self = data;
  LimnPool *pool = self->pool;
  unsigned seen = 0;

  for (;;) {
    for (int64_t end = limn_pool_now_ns () + LIMN_POOL_SPIN_NS;
         atomic_load_explicit (&pool->serial, memory_order_relaxed) == seen && limn_pool_now_ns () < end;)
      for (int i = 0; i < LIMN_POOL_RELAXES && atomic_load_explicit (&pool->serial, memory_order_relaxed) == seen; i++)
        limn_pool_relax ();
    pthread_mutex_lock (&pool->mutex);
    while (!pool->stopping && atomic_load_explicit (&pool->serial, memory_order_relaxed) == seen)
      pthread_cond_wait (&pool->posted, &pool->mutex);
    if (pool->stopping) {
      pthread_mutex_unlock (&pool->mutex);
      return NULL;
    }
    seen = atomic_load_explicit (&pool->serial, memory_order_relaxed);
    if (!pool->open) { /* too late for this job; the next may follow at once */
      pthread_mutex_unlock (&pool->mutex);
      continue;
    }
    LimnPoolJob job = pool->job;
    if (job.size > 0)
      job.user = memcpy (self->user, job.user, job.size);
    atomic_fetch_add_explicit (&pool->joined, 1, memory_order_relaxed);
    pthread_mutex_unlock (&pool->mutex);

    while (limn_pool_run_turn (pool, &job, seen, self->number))
      ;

    pthread_mutex_lock (&pool->mutex);
    if (pool->over || atomic_load_explicit (&pool->serial, memory_order_relaxed) != seen)
      pool->stragglers--;
    else
      atomic_fetch_sub_explicit (&pool->joined, 1, memory_order_release);
    if (pool->stragglers == 0 || atomic_load_explicit (&pool->joined, memory_order_relaxed) == 0)
      pthread_cond_signal (&pool->finished);
    pthread_mutex_unlock (&pool->mutex);
  }
}

LimnStatus
limn_pool_new (LimnPool **out, int threads, LimnError *error)
{
  LimnPool *pool;

  *out = NULL;
  if (threads < 0 || threads > LIMN_POOL_MAX_THREADS)
    return limn_fail (error, LIMN_BAD_INPUT, "The number of threads must be from 1 to %d, or 0 for one a core.", LIMN_POOL_MAX_THREADS);
  pool = calloc (1, sizeof *pool);
  if (pool == NULL)
    return limn_fail_memory (error, sizeof *pool);
  if (sched_getaffinity (0, sizeof pool->usable, &pool->usable) != 0)
    CPU_ZERO (&pool->usable);
  pool->threads = threads > 0 ? threads : usable_cores (&pool->usable);
  pool->crowded = pool->threads >= CPU_COUNT (&pool->usable);
  pool->caller_cpu = -1;
  pthread_mutex_init (&pool->mutex, NULL);
  pthread_cond_init (&pool->posted, NULL);
  pthread_cond_init (&pool->finished, NULL);
  for (int i = 1; i < pool->threads; i++) {
    LimnPoolWorker *worker = &pool->workers[i];

    worker->pool = pool;
    worker->number = i;
    if (pthread_create (&worker->thread, NULL, worker_main, worker) != 0) {
      limn_pool_free (pool);
      return limn_fail (error, LIMN_NO_MEMORY, "A thread could not be started. Try again with fewer threads.");
    }
    pool->started++;
  }
  *out = pool;
  return LIMN_OK;
}

void
limn_pool_free (LimnPool *pool)
{
  if (pool == NULL)
    return;
  pthread_mutex_lock (&pool->mutex);
  pool->stopping = true;
  pthread_cond_broadcast (&pool->posted);
  pthread_mutex_unlock (&pool->mutex);
  for (int i = 1; i <= pool->started; i++)
    pthread_join (pool->workers[i].thread, NULL);
  pthread_cond_destroy (&pool->finished);
  pthread_cond_destroy (&pool->posted);
  pthread_mutex_destroy (&pool->mutex);
  free (pool);
}

int
limn_pool_threads (const LimnPool *pool)
{
  return pool != NULL ? pool->threads : 1;
}

unsigned
limn_pool_post (LimnPool *pool, LimnPoolJob *job, size_t units)
{
  job->grain = (job->pieces - 1) / MAX_TURNS + 1;
  job->turns = (job->pieces - 1) / job->grain + 1;
  if (pool->crowded)
    keep_apart (pool);
  pthread_mutex_lock (&pool->mutex);
  const unsigned serial = atomic_load_explicit (&pool->serial, memory_order_relaxed) + 1;
  for (size_t i = 0; i < units; i++)
    atomic_store_explicit (&pool->units[i], 2 * serial, memory_order_relaxed);
  atomic_store_explicit (&pool->left, units, memory_order_relaxed);
  pool->job = *job;
  pool->open = true;
  pool->over = false;
  atomic_store_explicit (&pool->next, (uint_fast64_t) serial << 32, memory_order_relaxed);
  atomic_store_explicit (&pool->serial, serial, memory_order_relaxed);
  pthread_cond_broadcast (&pool->posted);
  pthread_mutex_unlock (&pool->mutex);
  return serial;
}

void
limn_pool_wait_joined (LimnPool *pool)
{
  for (int64_t end = limn_pool_now_ns () + LIMN_POOL_SPIN_NS;
       atomic_load_explicit (&pool->joined, memory_order_acquire) > 0 && limn_pool_now_ns () < end;)
    for (int i = 0; i < LIMN_POOL_RELAXES && atomic_load_explicit (&pool->joined, memory_order_relaxed) > 0; i++)
      limn_pool_relax ();
  pthread_mutex_lock (&pool->mutex);
  pool->open = false;
  while (atomic_load_explicit (&pool->joined, memory_order_relaxed) > 0)
    pthread_cond_wait (&pool->finished, &pool->mutex);
  pool->over = true;
  pthread_mutex_unlock (&pool->mutex);
}

void
limn_pool_run_whole (LimnPool *pool, LimnPoolJob job)
{
  const unsigned serial = limn_pool_post (pool, &job, 0);

  while (limn_pool_run_turn (pool, &job, serial, 0))
    ;
  limn_pool_wait_joined (pool);
}

void
limn_pool_run (LimnPool *pool, size_t pieces, LimnWork work, void *user)
{
  if (pool != NULL && pool->threads > 1 && pieces > 1) {
    limn_pool_run_whole (pool, (LimnPoolJob){ .work = work, .user = user, .pieces = pieces });
    return;
  }
  for (size_t i = 0; i < pieces; i++)
    work (user, i, 0);
}

/* ---------------------------------------------------------------- work that may be cancelled */

typedef struct {
  const LimnPool *pool;
  LimnWork work;
  void *user;
} Trial;

static bool
is_cancelled (const LimnPool *pool)
{
  return pool != NULL && pool->cancel != NULL && atomic_load_explicit (pool->cancel, memory_order_relaxed) != 0;
}

static void
try_piece (void *user, size_t piece, int worker)
{
  const Trial *trial = user;

  if (!is_cancelled (trial->pool))
    trial->work (trial->user, piece, worker);
}

LimnStatus
limn_pool_try (LimnPool *pool, size_t pieces, LimnWork work, void *user, LimnError *error)
{
  Trial trial = { pool, work, user };

  limn_pool_run (pool, pieces, try_piece, &trial);
  return limn_pool_check (pool, error);
}

void
limn_pool_watch (LimnPool *pool, const atomic_int *cancel)
{
  pool->cancel = cancel;
}

LimnStatus
limn_pool_check (const LimnPool *pool, LimnError *error)
{
  return is_cancelled (pool) ? limn_fail_cancelled (error) : LIMN_OK;
}
