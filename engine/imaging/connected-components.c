/* Connected components by union-find.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "connected-components.h"

static uint32_t
find_root (uint32_t *parent, uint32_t i)
{
  while (parent[i] != i)
    i = parent[i] = parent[parent[i]];
  return i;
}

/* Unites two sets; the smaller root stays the root. */
static void
unite (uint32_t *parent, size_t a, size_t b)
{
  const uint32_t p = find_root (parent, (uint32_t) a), q = find_root (parent, (uint32_t) b);

  parent[p > q ? p : q] = p > q ? q : p;
}

void
limn_connected_components (uint32_t *group, const uint8_t *filled, size_t columns, size_t rows)
{
  for (size_t i = 0; i < columns * rows; i++)
    group[i] = (uint32_t) i;
  for (size_t y = 0; y < rows; y++)
    for (size_t x = 0; x < columns; x++) {
      const size_t i = y * columns + x;

      if (!filled[i])
        continue;
      if (x > 0 && filled[i - 1])
        unite (group, i, i - 1);
      for (size_t k = y > 0 && x > 0 ? x - 1 : x; y > 0 && k <= x + 1 && k < columns; k++)
        if (filled[i - x - columns + k])
          unite (group, i, i - x - columns + k);
    }
  for (size_t i = 0; i < columns * rows; i++)
    group[i] = find_root (group, (uint32_t) i);
}
