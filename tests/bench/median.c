/* The middle of several numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <stdlib.h>

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
bench_median (double *numbers, size_t count)
{
  qsort (numbers, count, sizeof *numbers, compare);
  return count % 2 ? numbers[count / 2] : (numbers[count / 2 - 1] + numbers[count / 2]) / 2.0;
}
