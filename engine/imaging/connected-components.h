/* Neighbours, and connected components, of a grid of cells.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CONNECTED_COMPONENTS_H
#define LIMN_CONNECTED_COMPONENTS_H

#include <stddef.h>
#include <stdint.h>

/* group: [rows][columns] out: for each filled cell (not 0) the index of the first cell of its component (8-connected), for others their
 * own index. */
void limn_connected_components (uint32_t *group, const uint8_t *filled, size_t columns, size_t rows);

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
