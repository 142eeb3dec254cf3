/* Puts together what is seen at one place of a scene.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_COMPOSE_H
#define LIMN_COMPOSE_H

#include "shade.h"

/* plain: share of the place that is left to the network; sky: share that is sky. The colour is of the rest. */
typedef struct {
  LimnLab lab;
  float plain, sky;
} LimnSeen;

/* plain_lab: the network's colour there. */
LimnSeen limn_see (const LimnSpot *spot, LimnLab plain_lab);

/* Whether nothing but the network's picture is at a place and around it. */
bool limn_is_plain (const LimnSpot *spot);

#endif
