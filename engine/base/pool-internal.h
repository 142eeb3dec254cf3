/* What a pool is made of. Internal to pool*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_POOL_INTERNAL_H
#define LIMN_POOL_INTERNAL_H

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <time.h>

#include "pool.h"

enum {
  LIMN_POOL_MAX_THREADS = 64,
  LIMN_POOL_MAX_UNITS = 4096, /* of a job that leaves stragglers behind */
  LIMN_POOL_MAX_USER = 512,   /* bytes of the arguments of such a job */
  LIMN_POOL_SPIN_NS = 60000,  /* waiting before sleeping: the layers of a network follow each other closely */
  LIMN_POOL_RELAXES = 16,     /* pauses between two looks at the clock */
};

typedef struct {
  LimnPool *pool;
  int number;
  pthread_t thread;
  _Alignas(64) unsigned char user[LIMN_POOL_MAX_USER]; /* its own copy of the arguments, which a straggler may still read */
} LimnPoolWorker;

struct LimnClaims {
  atomic_uint *units; /* 2 * serial: free; 2 * serial + 1: claimed; anything else: of another job */
  atomic_size_t *left;
  unsigned serial;
};

/* Either plain pieces (work) or pieces of claimed units (claimed). */
typedef struct {
  LimnWork work;
  LimnClaimedWork claimed;
  void *user;
  size_t size;                 /* of user, where workers take a copy; else 0 */
  size_t pieces, turns, grain; /* grain: pieces a turn, 1 but for very many */
} LimnPoolJob;

/* A worker joins a job under the mutex, and only while it is open, so that one that wakes late can't touch the next job.
 * The caller closes the job when no piece is left to claim, then waits for those who joined. Of a job of claimed units it does
 * not wait for them once all units are done: they become stragglers, and leave when they find their units claimed. */
struct LimnPool {
  int threads, started, caller_cpu;
  bool crowded;             /* as many threads as processors, or more */
  const atomic_int *cancel; /* or NULL */
  cpu_set_t usable;
  pthread_mutex_t mutex;
  pthread_cond_t posted, finished;
  bool open, stopping;
  LimnPoolJob job;
  atomic_uint serial;        /* of the job last posted; changes under the mutex */
  atomic_uint_fast64_t next; /* serial << 32 | turns taken from the end << 16 | from the start: a straggler takes none of a later job */
  atomic_int joined;         /* workers inside the job; changes under the mutex, read without it while spinning */
  int stragglers;            /* workers inside a job that is over */
  bool over;                 /* the job last posted is over; those who leave it now are stragglers */
  atomic_size_t left;        /* units of the job that are not done */
  atomic_uint units[LIMN_POOL_MAX_UNITS];
  LimnPoolWorker workers[LIMN_POOL_MAX_THREADS];
};

static inline void
limn_pool_relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static inline int64_t
limn_pool_now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Cuts a job into turns and opens it to all workers; returns its serial. units: that are to be claimed, 0 for plain pieces. */
unsigned limn_pool_post (LimnPool *pool, LimnPoolJob *job, size_t units);
/* Runs one turn of the job posted as serial; false when none is left. */
bool limn_pool_run_turn (LimnPool *pool, const LimnPoolJob *job, unsigned serial, int worker);
/* Closes the job and waits for the workers that joined it. */
void limn_pool_wait_joined (LimnPool *pool);
/* Runs a job whose workers are all waited for. */
void limn_pool_run_whole (LimnPool *pool, LimnPoolJob job);

#endif
