/* What LimnSurfaces is made of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SURFACE_SET_H
#define LIMN_SURFACE_SET_H

#include "surface.h"

typedef struct {
  char name[32]; /* "" for one's own */
  uint8_t label; /* of one's own, else 0: LIMN_LABEL_OWN..254, or like, which it takes the place of */
  uint8_t like;  /* the label of the material that one's own is laid as */
  LimnSurface surface;
} LimnNamedSurface;

struct LimnSurfaces {
  LimnNamedSurface *items;
  size_t count, room;
};

/* The surface of a name, or of a label of one's own; NULL if it hasn't been added. surfaces may be NULL. */
const LimnSurface *limn_surfaces_find (const LimnSurfaces *surfaces, const char *name);
const LimnNamedSurface *limn_surfaces_find_own (const LimnSurfaces *surfaces, uint8_t label);

#endif
