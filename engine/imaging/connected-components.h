/* Connected components of a grid of cells.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CONNECTED_COMPONENTS_H
#define LIMN_CONNECTED_COMPONENTS_H

#include <stddef.h>
#include <stdint.h>

/* group: [rows][columns] out: for each filled cell (not 0) the index of the first cell of its component (8-connected), for others their
 * own index. */
void limn_connected_components (uint32_t *group, const uint8_t *filled, size_t columns, size_t rows);

#endif
