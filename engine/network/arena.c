/* Places arrays in an arena: the largest first, each at the lowest offset that is free during its lifetime.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { LINE = 64 };

static bool
together (const LimnLifetime *a, const LimnLifetime *b)
{
  return a->first <= b->last && b->first <= a->last;
}

/* The next array to place: the largest unplaced one, the first of equals. Unplaced ones have offset SIZE_MAX. */
static LimnLifetime *
largest (LimnLifetime *arrays, size_t count)
{
  LimnLifetime *found = NULL;

  for (size_t i = 0; i < count; i++)
    if (arrays[i].offset == SIZE_MAX && (!found || arrays[i].bytes > found->bytes))
      found = &arrays[i];
  return found;
}

size_t
limn_arena_place (LimnLifetime *arrays, size_t count)
{
  size_t whole = 0;
  LimnLifetime *next;

  for (size_t i = 0; i < count; i++)
    arrays[i].offset = arrays[i].bytes > 0 ? SIZE_MAX : 0;
  while ((next = largest (arrays, count))) {
    size_t at = 0, end;
    bool moved = true;

    while (moved) {
      moved = false;
      if (__builtin_add_overflow (at, next->bytes, &end) || end > SIZE_MAX - LINE)
        return SIZE_MAX;
      for (size_t i = 0; i < count; i++) {
        const LimnLifetime *other = &arrays[i];

        if (other->bytes > 0 && other->offset != SIZE_MAX && together (next, other) && at < other->offset + other->bytes &&
            other->offset < end) {
          at = (other->offset + other->bytes + LINE - 1) / LINE * LINE;
          moved = true;
          break;
        }
      }
    }
    next->offset = at;
    whole = end > whole ? end : whole;
  }
  return whole;
}
