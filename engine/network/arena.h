/* One block of memory for many arrays, each of which lives from one step to another: those that never live at the same time
 * share bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ARENA_H
#define LIMN_ARENA_H

#include <stddef.h>

typedef struct {
  size_t bytes;       /* wanted; 0 takes no place */
  size_t first, last; /* the steps that write it first and read it last, both included */
  size_t offset;      /* found; a multiple of 64 */
} LimnLifetime;

/* Finds every array's offset and returns the bytes of the whole, or SIZE_MAX when that does not fit a size_t. */
size_t limn_arena_place (LimnLifetime *arrays, size_t count);

#endif
