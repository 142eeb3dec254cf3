/* The 4-neighbourhood of a pixel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_NEIGHBOURS_H
#define LIMN_NEIGHBOURS_H

#include <stddef.h>

/* near: receives the indices of the pixels left, right, above and below of pixel at, in a plane of n pixels with rows of width; at
 * itself for those outside. */
static inline void
limn_neighbours4 (size_t near[4], size_t at, size_t width, size_t n)
{
  const size_t x = at % width;

  near[0] = x > 0 ? at - 1 : at;
  near[1] = x + 1 < width ? at + 1 : at;
  near[2] = at >= width ? at - width : at;
  near[3] = at + width < n ? at + width : at;
}

#endif
