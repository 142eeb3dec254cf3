/* Luma of gamma-encoded RGB (ITU-R BT.601).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_LUMA_H
#define LIMN_LUMA_H

#include <stdint.h>

#define LIMN_LUMA_RED 0.299f
#define LIMN_LUMA_GREEN 0.587f
#define LIMN_LUMA_BLUE 0.114f

static inline float
limn_luma (const float *rgb)
{
  return LIMN_LUMA_RED * rgb[0] + LIMN_LUMA_GREEN * rgb[1] + LIMN_LUMA_BLUE * rgb[2];
}

/* The same in integers, weights in 256ths, rounded down. */
static inline int
limn_luma_int (const int16_t *rgb)
{
  return (77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2]) >> 8;
}

#endif
