/* Statuses with an error text, overflow-checked sizes, aligned memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Allocations of at least LARGE_PAGES bytes use large pages where the system has them. */
enum { LARGE_PAGE = 2 << 20, LARGE_PAGES = 8 << 20 };

LimnStatus
limn_fail (LimnError *error, LimnStatus status, const char *format, ...)
{
  if (error != NULL) {
    va_list arguments;

    va_start (arguments, format);
    vsnprintf (error->text, sizeof error->text, format, arguments);
    va_end (arguments);
  }
  return status;
}

LimnStatus
limn_fail_memory (LimnError *error, size_t bytes)
{
  return limn_fail (error, LIMN_NO_MEMORY,
                    "There is not enough memory (%zu MB more are needed). Close other programs or use a smaller picture.",
                    bytes / 1000000 + 1);
}

LimnStatus
limn_fail_cancelled (LimnError *error)
{
  return limn_fail (error, LIMN_CANCELLED, "Cancelled.");
}

bool
limn_size_mul (size_t a, size_t b, size_t c, size_t *out)
{
  size_t ab;

  return !__builtin_mul_overflow (a, b, &ab) && !__builtin_mul_overflow (ab, c, out);
}

void *
limn_alloc (size_t a, size_t b, size_t c, size_t size)
{
  size_t count, bytes, line = 64;
  void *memory;

  if (!limn_size_mul (a, b, c, &count) || !limn_size_mul (count, size, 1, &bytes) || bytes > SIZE_MAX - LARGE_PAGE)
    return NULL;
  if (bytes >= LARGE_PAGES)
    line = LARGE_PAGE;
  bytes = (bytes + line - 1) / line * line;
  memory = aligned_alloc (line, bytes > 0 ? bytes : line);
  if (memory != NULL && line == LARGE_PAGE)
    madvise (memory, bytes, MADV_HUGEPAGE); /* faster to allocate and free; if unavailable, small pages serve */
  return memory;
}
