/* A small base network that is told what the recogniser sees, and pictures: made here, the same on every machine and in
 * golden/make_see_dumps.py. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Numbers in a fixed order, uniform in [-1, 1). */
void told_numbers (uint32_t *state, float *out, size_t count);

/* Patches and slopes in [-1, 1]: [height][width][3]. */
void told_picture (float *out, size_t width, size_t height);

/* Writes the network that golden/see/base.txt lists to path, with Limn's metadata limn (NULL: as listed). The state of the numbers after
 * its weights is returned. The tests' folder is the current one. */
uint32_t told_write_base (const char *path, const char *limn);
