/* Statuses with an error text, overflow-checked sizes, aligned memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ERROR_H
#define LIMN_ERROR_H

#include "engine/limn-engine.h"

/* Writes the sentence into error (NULL allowed) and returns status: `return limn_fail (error, LIMN_BAD_MODEL, "...", ...);` */
LimnStatus limn_fail (LimnError *error, LimnStatus status, const char *format, ...) LIMN_PRINTF (3, 4);

/* The sentences for a failed allocation of bytes (returns LIMN_NO_MEMORY) and for a cancelled edit (returns LIMN_CANCELLED). */
LimnStatus limn_fail_memory (LimnError *error, size_t bytes);
LimnStatus limn_fail_cancelled (LimnError *error);

/* out = a * b * c; false on overflow. */
bool limn_size_mul (size_t a, size_t b, size_t c, size_t *out) LIMN_MUST_USE;

static inline size_t
limn_size_min (size_t a, size_t b)
{
  return a < b ? a : b;
}

/* a * b * c * size bytes, 64-byte aligned, not cleared; NULL when out of memory or too large. Free with free(). */
void *limn_alloc (size_t a, size_t b, size_t c, size_t size) LIMN_MUST_USE;

/* Propagates: `LIMN_TRY (f (...));` returns f's status from the caller unless it is LIMN_OK. */
#define LIMN_TRY(call)                    \
  do {                                    \
    LimnStatus limn_try_status_ = (call); \
    if (limn_try_status_ != LIMN_OK)      \
      return limn_try_status_;            \
  } while (0)

#endif
