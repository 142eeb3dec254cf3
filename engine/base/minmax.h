/* Minimum and maximum in one instruction: fminf and fmaxf are function calls, because of NaN and signed zeros. If either is NaN, the
 * second is returned.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_MINMAX_H
#define LIMN_MINMAX_H

static inline float
limn_min (float a, float b)
{
  return a < b ? a : b;
}

static inline float
limn_max (float a, float b)
{
  return a > b ? a : b;
}

#endif
