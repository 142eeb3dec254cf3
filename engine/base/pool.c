/* The thread pool: a job is a function and a number of pieces; threads claim pieces with an atomic counter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "error.h"

enum {
  MAX_THREADS = 64,
  MAX_UNITS = 4096,    /* of a job whose stragglers are left behind */
  MAX_USER = 512,      /* bytes of what such a job works on */
  MAX_TURNS = 0xffff,  /* that a job's pieces are taken in */
  SPIN_NS = 60000,     /* waiting before sleeping: layers follow each other closely */
  PATIENCE_NS = 30000, /* the least wait for others' last pieces before making them again */
  RELAXES = 16,        /* pauses between two looks at the clock */
};

typedef struct {
  LimnPool *pool;
  int number;
  pthread_t thread;
  _Alignas(64) unsigned char user[MAX_USER]; /* its own copy of what a job left behind works on */
} Worker;

struct LimnClaims {
  atomic_uint *units; /* 2 * serial: free; 2 * serial + 1: claimed; anything else: of another job */
  atomic_size_t *left;
  unsigned serial;
};

/* What is to be done: plain pieces, or pieces of claimed units. */
typedef struct {
  LimnWork work;
  LimnClaimedWork claimed;
  void *user;
  size_t size;                 /* of user, where workers take a copy; else 0 */
  size_t pieces, turns, grain; /* grain: pieces a turn, 1 but for very many */
} Job;

/* A worker joins a job under the mutex, and only while it is open, so that one that wakes late touches nothing of the next job.
 * The caller closes the job when no piece is left to claim, then waits for those who joined. Of a job of claimed units it does
 * not wait for them once all units are done: they become strays, and leave when they find that nothing of theirs is wanted. */
struct LimnPool {
  int threads, started, caller_cpu;
  bool crowded;             /* as many threads as processors, or more */
  const atomic_int *cancel; /* or NULL */
  cpu_set_t usable;
  pthread_mutex_t mutex;
  pthread_cond_t posted, finished;
  bool open, stopping;
  Job job;
  atomic_uint serial;        /* of the job last posted; changes under the mutex */
  atomic_uint_fast64_t next; /* serial << 32 | turns taken from the end << 16 | from the start: a stray takes none of a later job */
  atomic_int joined;         /* workers inside the job; changes under the mutex, read without it while spinning */
  int strays;                /* workers inside a job that is over */
  bool over;                 /* the job last posted is over; those who leave it now are strays */
  atomic_size_t left;
  atomic_uint units[MAX_UNITS];
  Worker workers[MAX_THREADS];
};

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
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
usable_cores (const cpu_set_t *set)
{
  int cores = 0;

  for (int cpu = 0; cpu < CPU_SETSIZE && cores < MAX_THREADS; cpu++)
    if (CPU_ISSET (cpu, set) && is_first_sibling (cpu))
      cores++;
  return cores > 0 ? cores : 1;
}

/* With as many threads as processors, keeps the workers off the caller's: where another process runs too, a worker would
 * otherwise be woken on the caller's processor again and again, and both would take turns there. */
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
    pthread_setaffinity_np (pool->workers[i].thread, sizeof others, &others); /* where it fails nothing is lost but time */
}

static int64_t
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---------------------------------------------------------------- claims */

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

/* ---------------------------------------------------------------- working */

/* One turn of the job posted as serial; returns false when none was left. The caller and every other worker take theirs from the
 * start, the others from the end, so that what a core wrote is read by the same core in the next job of a like shape. */
static bool
run_next (LimnPool *pool, const Job *job, unsigned serial, int worker)
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
  Worker *self = data;
  LimnPool *pool = self->pool;
  unsigned seen = 0;

  for (;;) {
    for (int64_t end = now_ns () + SPIN_NS; atomic_load_explicit (&pool->serial, memory_order_relaxed) == seen && now_ns () < end;)
      for (int i = 0; i < RELAXES && atomic_load_explicit (&pool->serial, memory_order_relaxed) == seen; i++)
        relax ();
    pthread_mutex_lock (&pool->mutex);
    while (!pool->stopping && atomic_load_explicit (&pool->serial, memory_order_relaxed) == seen)
      pthread_cond_wait (&pool->posted, &pool->mutex);
    if (pool->stopping) {
      pthread_mutex_unlock (&pool->mutex);
      return NULL;
    }
    seen = atomic_load_explicit (&pool->serial, memory_order_relaxed);
    if (!pool->open) { /* too late for a short job: the next one may follow at once */
      pthread_mutex_unlock (&pool->mutex);
      continue;
    }
    Job job = pool->job;
    if (job.size > 0)
      job.user = memcpy (self->user, job.user, job.size);
    atomic_fetch_add_explicit (&pool->joined, 1, memory_order_relaxed);
    pthread_mutex_unlock (&pool->mutex);

    while (run_next (pool, &job, seen, self->number))
      ;

    pthread_mutex_lock (&pool->mutex);
    if (pool->over || atomic_load_explicit (&pool->serial, memory_order_relaxed) != seen)
      pool->strays--;
    else
      atomic_fetch_sub_explicit (&pool->joined, 1, memory_order_release);
    if (pool->strays == 0 || atomic_load_explicit (&pool->joined, memory_order_relaxed) == 0)
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
  if (sched_getaffinity (0, sizeof pool->usable, &pool->usable) != 0)
    CPU_ZERO (&pool->usable);
  pool->threads = threads > 0 ? threads : usable_cores (&pool->usable);
  pool->crowded = pool->threads >= CPU_COUNT (&pool->usable);
  pool->caller_cpu = -1;
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

/* Cuts a job into turns and opens it to all workers; returns its serial. */
static unsigned
post (LimnPool *pool, Job *job, size_t units)
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

/* Closes the job and waits for those who joined it. */
static void
wait_for_joined (LimnPool *pool)
{
  for (int64_t end = now_ns () + SPIN_NS; atomic_load_explicit (&pool->joined, memory_order_acquire) > 0 && now_ns () < end;)
    for (int i = 0; i < RELAXES && atomic_load_explicit (&pool->joined, memory_order_relaxed) > 0; i++)
      relax ();
  pthread_mutex_lock (&pool->mutex);
  pool->open = false;
  while (atomic_load_explicit (&pool->joined, memory_order_relaxed) > 0)
    pthread_cond_wait (&pool->finished, &pool->mutex);
  pool->over = true;
  pthread_mutex_unlock (&pool->mutex);
}

/* Runs a job whose workers are all waited for. */
static void
run_whole (LimnPool *pool, Job job)
{
  const unsigned serial = post (pool, &job, 0);

  while (run_next (pool, &job, serial, 0))
    ;
  wait_for_joined (pool);
}

void
limn_pool_run (LimnPool *pool, size_t pieces, LimnWork work, void *user)
{
  if (pool != NULL && pool->threads > 1 && pieces > 1) {
    run_whole (pool, (Job){ .work = work, .user = user, .pieces = pieces });
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
  return is_cancelled (pool) ? limn_fail (error, LIMN_CANCELLED, "Cancelled.") : LIMN_OK;
}

/* ---------------------------------------------------------------- units */

/* Waits a little for all units to be done; false when some aren't. */
static bool
wait_for_units (LimnPool *pool, int64_t patience)
{
  for (int64_t end = now_ns () + patience; atomic_load_explicit (&pool->left, memory_order_acquire) > 0;) {
    if (now_ns () >= end)
      return false;
    for (int i = 0; i < RELAXES && atomic_load_explicit (&pool->left, memory_order_relaxed) > 0; i++)
      relax ();
  }
  return true;
}

void
limn_pool_run_claimed (LimnPool *pool, size_t pieces, size_t units, LimnClaimedWork work, void *user, size_t size)
{
  Job job = { .claimed = work, .user = user, .size = size, .pieces = pieces };
  int64_t start, longest = PATIENCE_NS;
  bool done;

  if (pool == NULL || pool->threads == 1 || pieces <= 1) {
    for (size_t i = 0; i < pieces; i++)
      work (user, i, 0, NULL);
    return;
  }
  if (units > MAX_UNITS || size > MAX_USER) {
    job.size = 0;
    run_whole (pool, job);
    return;
  }
  LimnClaims claims = { pool->units, &pool->left, post (pool, &job, units) };
  for (start = now_ns (); run_next (pool, &job, claims.serial, 0);) {
    const int64_t now = now_ns ();
    longest = now - start > longest ? now - start : longest;
    start = now;
  }
  done = wait_for_units (pool, longest);
  for (size_t i = pieces; !done && i-- > 0;) { /* someone has lost its core: its pieces again, the last ones first */
    work (user, i, 0, &claims);
    done = atomic_load_explicit (&pool->left, memory_order_acquire) == 0;
  }
  if (!done) { /* claimed, but not yet done: as good as done */
    wait_for_joined (pool);
    return;
  }
  pthread_mutex_lock (&pool->mutex);
  pool->open = false;
  pool->over = true;
  pool->strays += atomic_exchange_explicit (&pool->joined, 0, memory_order_relaxed);
  pthread_mutex_unlock (&pool->mutex);
}

void
limn_pool_wait_stragglers (LimnPool *pool)
{
  if (pool == NULL)
    return;
  pthread_mutex_lock (&pool->mutex);
  while (pool->strays > 0)
    pthread_cond_wait (&pool->finished, &pool->mutex);
  pthread_mutex_unlock (&pool->mutex);
}
