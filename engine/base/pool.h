/* A thread pool that divides work into small pieces: each thread takes the next piece when it has finished its last, so that a busy core
 * delays no other. The pieces, and so the arithmetic, are the same for any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_POOL_H
#define LIMN_POOL_H

#include "engine/limn-engine.h"
#include <stddef.h>

typedef struct LimnPool LimnPool;

/* threads: 1..64, including the caller's own; 0 = one per physical core that this process may use. */
LimnStatus limn_pool_new (LimnPool **pool, int threads, LimnError *error) LIMN_MUST_USE;
void limn_pool_free (LimnPool *pool);
int limn_pool_threads (const LimnPool *pool);

/* Runs work (user, piece, worker) for every piece in [0, pieces), in any order, and returns when all are done. worker, in
 * [0, threads), is the number of the thread (for per-thread scratch). pool may be NULL: everything runs on the caller's thread.
 * Must not be called from within a piece. */
typedef void (*LimnWork) (void *user, size_t piece, int worker);
void limn_pool_run (LimnPool *pool, size_t pieces, LimnWork work, void *user);

/* The same for work that can be cancelled: once the flag of limn_pool_watch is set, pieces that have not started are skipped, and
 * LIMN_CANCELLED is returned: the output is incomplete. */
LimnStatus limn_pool_try (LimnPool *pool, size_t pieces, LimnWork work, void *user, LimnError *error) LIMN_MUST_USE;
/* Sets the flag that limn_pool_try and limn_pool_check poll; NULL: none. Must not be called during a job. */
void limn_pool_watch (LimnPool *pool, const atomic_int *cancel);
/* LIMN_CANCELLED if that flag is set: for loops on the caller's thread. pool may be NULL. */
LimnStatus limn_pool_check (const LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Runs a job without waiting for a thread that has lost its core to another process (speculative execution): its pieces are run again
 * by the caller, and it drops its own results when it continues.
 *
 * Each piece computes one or more units of [0, units), in its worker's own memory, and only then claims the unit:
 *     if (limn_claims_open (claims, unit)) { ... compute ...; if (limn_claims_take (claims, unit)) { write; limn_claims_done (claims); } }
 * Every unit is written exactly once before this function returns; a piece may run more than once, and in a straggler even afterwards.
 * Therefore user, size bytes (at most 512), is copied for each worker, and everything it points to must stay valid until
 * limn_pool_wait_stragglers. Values in that memory may change meanwhile, but no address or size may depend on them. */
typedef struct LimnClaims LimnClaims;
typedef void (*LimnClaimedWork) (void *user, size_t piece, int worker, LimnClaims *claims);
void limn_pool_run_claimed (LimnPool *pool, size_t pieces, size_t units, LimnClaimedWork work, void *user, size_t size);
/* False if the unit has been claimed. */
bool limn_claims_open (const LimnClaims *claims, size_t unit);
/* Claims the unit. True for the first caller, who must then write it and call limn_claims_done. */
bool limn_claims_take (LimnClaims *claims, size_t unit) LIMN_MUST_USE;
void limn_claims_done (LimnClaims *claims);
/* Waits for all stragglers. */
void limn_pool_wait_stragglers (LimnPool *pool);

#endif
