/* The thread pool: a job is a function and a number of pieces; threads claim pieces with an atomic counter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "error.h"

enum {
  MAX_THREADS = 64,
  SPINS = 200, /* pauses before sleeping, a few microseconds: layers follow each other closely */
};

typedef struct {
  LimnPool *pool;
  int number;
  pthread_t thread;
} Worker;

/* A worker joins a job under the mutex, and only while it is open, so that one that wakes late touches nothing of the next job.
 * The caller closes the job when no piece is left to claim, then waits for those who joined. */
struct LimnPool {
  int threads, started;
  pthread_mutex_t mutex;
  pthread_cond_t posted, finished;
  bool open, stopping;
  LimnWork work;
  void *user;
  size_t pieces;
  atomic_uint serial; /* of the job last posted; changes under the mutex */
  atomic_size_t next;
  atomic_int busy; /* workers inside the job; changes under the mutex, read without it while spinning */
  Worker workers[MAX_THREADS];
};

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile ("yield");
#endif
}

/* True for the first of the hardware threads of its core, or where that can't be told. */
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
usable_cores (void)
{
  cpu_set_t set;
  int cores = 0;

  if (sched_getaffinity (0, sizeof set, &set) != 0)
    return 1;
  for (int cpu = 0; cpu < CPU_SETSIZE && cores < MAX_THREADS; cpu++)
    if (CPU_ISSET (cpu, &set) && is_first_sibling (cpu))
      cores++;
  return cores > 0 ? cores : 1;
}

static void
claim_pieces (LimnPool *pool, LimnWork work, void *user, size_t pieces, int worker)
{
  size_t piece;

  while ((piece = atomic_fetch_add_explicit (&pool->next, 1, memory_order_relaxed)) < pieces)
    work (user, piece, worker);
}

static void *
worker_main (void *data)
{
  Worker *self = data;
  LimnPool *pool = self->pool;
  unsigned seen = 0;

  for (;;) {
    for (int i = 0; i < SPINS && atomic_load_explicit (&pool->serial, memory_order_relaxed) == seen; i++)
      relax ();
    pthread_mutex_lock (&pool->mutex);
    while (!pool->stopping && (!pool->open || atomic_load_explicit (&pool->serial, memory_order_relaxed) == seen))
      pthread_cond_wait (&pool->posted, &pool->mutex);
    if (pool->stopping) {
      pthread_mutex_unlock (&pool->mutex);
      return NULL;
    }
    seen = atomic_load_explicit (&pool->serial, memory_order_relaxed);
    LimnWork work = pool->work;
    void *user = pool->user;
    size_t pieces = pool->pieces;
    atomic_fetch_add_explicit (&pool->busy, 1, memory_order_relaxed);
    pthread_mutex_unlock (&pool->mutex);

    claim_pieces (pool, work, user, pieces, self->number);

    pthread_mutex_lock (&pool->mutex);
    if (atomic_fetch_sub_explicit (&pool->busy, 1, memory_order_release) == 1)
      pthread_cond_signal (&pool->finished);
    pthread_mutex_unlock (&pool->mutex);
  }
}

LimnStatus
limn_pool_new (LimnPool **out, int threads, LimnError *error)
{
  LimnPool *pool;

  *out = NULL;
  if (threads < 0 || threads > MAX_THREADS)
    return limn_fail (error, LIMN_BAD_INPUT, "The number of threads must be from 1 to %d, or 0 for one a core.", MAX_THREADS);
  pool = calloc (1, sizeof *pool);
  if (pool == NULL)
    return limn_fail_memory (error, sizeof *pool);
  pool->threads = threads > 0 ? threads : usable_cores ();
  pthread_mutex_init (&pool->mutex, NULL);
  pthread_cond_init (&pool->posted, NULL);
  pthread_cond_init (&pool->finished, NULL);
  for (int i = 1; i < pool->threads; i++) {
    Worker *worker = &pool->workers[i];

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

void
limn_pool_run (LimnPool *pool, size_t pieces, LimnWork work, void *user)
{
  if (pool == NULL || pool->threads == 1 || pieces <= 1) {
    for (size_t i = 0; i < pieces; i++)
      work (user, i, 0);
    return;
  }

  pthread_mutex_lock (&pool->mutex);
  pool->work = work;
  pool->user = user;
  pool->pieces = pieces;
  pool->open = true;
  atomic_store_explicit (&pool->next, 0, memory_order_relaxed);
  atomic_fetch_add_explicit (&pool->serial, 1, memory_order_relaxed);
  pthread_cond_broadcast (&pool->posted);
  pthread_mutex_unlock (&pool->mutex);

  claim_pieces (pool, work, user, pieces, 0);

  for (int i = 0; i < SPINS && atomic_load_explicit (&pool->busy, memory_order_acquire) > 0; i++)
    relax ();
  pthread_mutex_lock (&pool->mutex);
  pool->open = false;
  while (atomic_load_explicit (&pool->busy, memory_order_relaxed) > 0)
    pthread_cond_wait (&pool->finished, &pool->mutex);
  pthread_mutex_unlock (&pool->mutex);
}
