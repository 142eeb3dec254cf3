/* A thread pool that shares work in small pieces: each thread takes the next piece when it is done with its last, so that a
 * core that is busy elsewhere stalls nobody. The pieces, and so the arithmetic, are the same for any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_POOL_H
#define LIMN_POOL_H

#include <stddef.h>
#include "limn-engine.h"

typedef struct LimnPool LimnPool;

/* threads: 1..64, the caller's own thread included; 0 = physical cores that this process may use. */
LimnStatus limn_pool_new (LimnPool **pool, int threads, LimnError *error) LIMN_MUST_USE;
void limn_pool_free (LimnPool *pool);
int limn_pool_threads (const LimnPool *pool);

/* Runs work (user, piece, worker) for every piece in [0, pieces), in any order, and returns when all are done. worker in
 * [0, threads) tells which thread runs it (for per-thread scratch). pool may be NULL: runs on the caller alone.
 * Not to be called from within a piece. */
typedef void (*LimnWork) (void *user, size_t piece, int worker);
void limn_pool_run (LimnPool *pool, size_t pieces, LimnWork work, void *user);

#endif
