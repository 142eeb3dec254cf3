/* A clock for measuring durations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CLOCK_H
#define LIMN_CLOCK_H

#include <time.h>

/* Milliseconds since an arbitrary moment; monotonic. */
static inline double
limn_clock_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec * 1e-6;
}

#endif
