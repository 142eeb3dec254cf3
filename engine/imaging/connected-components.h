/* Squares of a mask that touch each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CONNECTED_COMPONENTS_H
#define LIMN_CONNECTED_COMPONENTS_H

#include <stddef.h>
#include <stdint.h>

/* group: [rows][columns]: receives of each cell that is filled (not 0) the first of its group, the cells that touch it by sides or
 * corners and so on, and of others their own index. */
void limn_connected_components (uint32_t *group, const uint8_t *filled, size_t columns, size_t rows);

#endif
