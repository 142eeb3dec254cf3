/* The planes that condition base, in the order in which it was trained.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PLANES_H
#define LIMN_PLANES_H

/* Channels of a conditioning image, [height][width][LIMN_BASE_PLANES]; masks are in [0, 1], the rest in [-1, 1]. */
enum {
  LIMN_PLANE_RED, /* the colour where exact or rough is not 0, else 0 */
  LIMN_PLANE_GREEN,
  LIMN_PLANE_BLUE,
  LIMN_PLANE_EXACT,      /* mask: the colour is the photo's own and is to be kept */
  LIMN_PLANE_ROUGH,      /* mask: the colour is the user's paint, to be followed roughly */
  LIMN_PLANE_LUMA,       /* the luma to be kept where luma known is not 0, else 0 */
  LIMN_PLANE_LUMA_KNOWN, /* mask */
  LIMN_PLANE_INK,        /* lines: 1 = line, in [0, 1] */
  LIMN_PLANE_INK_KNOWN,  /* mask: 1 everywhere if there are lines at all */
  LIMN_BASE_PLANES
};

#endif
