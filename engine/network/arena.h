/* A memory plan: one block for many arrays with known lifetimes, in which arrays that are never alive together share bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ARENA_H
#define LIMN_ARENA_H

#include <stddef.h>

typedef struct {
  size_t bytes;       /* size; arrays of 0 bytes are not placed */
  size_t first, last; /* the steps that first write it and last read it, both included */
  size_t offset;      /* result; a multiple of 64 */
} LimnLifetime;

/* Finds every array's offset and returns the size of the block, or SIZE_MAX if it exceeds a size_t. */
size_t limn_arena_place (LimnLifetime *arrays, size_t count);

#endif
