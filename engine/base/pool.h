/* A thread pool that shares work in small pieces: each thread takes the next piece when it is done with its last, so that a
 * core that is busy elsewhere stalls nobody. The pieces, and so the arithmetic, are the same for any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_POOL_H
#define LIMN_POOL_H

#include "engine/limn-engine.h"
#include <stddef.h>

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

/* The same for work that a person may no longer want: pieces that have not begun when the flag of limn_pool_watch is set are left
 * out, and LIMN_CANCELLED says that what the work was to make is incomplete. */
LimnStatus limn_pool_try (LimnPool *pool, size_t pieces, LimnWork work, void *user, LimnError *error) LIMN_MUST_USE;
/* The flag that limn_pool_try and limn_pool_check look at, until the next call; NULL: none. Not to be called during a job. */
void limn_pool_watch (LimnPool *pool, const atomic_int *cancel);
/* LIMN_CANCELLED when that flag is set: for what the caller does alone. pool may be NULL. */
LimnStatus limn_pool_check (const LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* A job of units, that does not wait for a thread whose core does something else: what that thread was to make is made by
 * another, and it drops its own when it comes back.
 *
 * Each piece makes one or more units of [0, units). It computes a unit in memory of its worker's own, and only then claims it:
 *     if (limn_claims_open (claims, unit)) { ... compute ...; if (limn_claims_take (claims, unit)) { write; limn_claims_done (claims); } }
 * Every unit is written exactly once before this returns; a piece may be run more than once, and by a straggler even after it has
 * returned. So user, of size bytes (at most 512), is copied for each worker; all that it points to must stay valid until
 * limn_pool_wait_stragglers has returned, may meanwhile change its values, and must not decide what a straggler reads or writes. */
typedef struct LimnClaims LimnClaims;
typedef void (*LimnClaimedWork) (void *user, size_t piece, int worker, LimnClaims *claims);
void limn_pool_run_claimed (LimnPool *pool, size_t pieces, size_t units, LimnClaimedWork work, void *user, size_t size);
/* False when the unit is being written, or has been. */
bool limn_claims_open (const LimnClaims *claims, size_t unit);
/* True for the one who may write the unit, and has to. */
bool limn_claims_take (LimnClaims *claims, size_t unit) LIMN_MUST_USE;
void limn_claims_done (LimnClaims *claims);
/* Waits for all stragglers. */
void limn_pool_wait_stragglers (LimnPool *pool);

#endif
