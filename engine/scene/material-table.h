/* What each material looks like: one row for each, which together with its surface is all that rendering knows of it.
 *
 * Lengths are in units: 768 of them are the picture's longer side, so that a picture looks the same at any size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_MATERIAL_TABLE_H
#define LIMN_MATERIAL_TABLE_H

#include "engine/limn-engine.h"

#define LIMN_UNITS 768.0f

/* How an area is shaped and lit; each has a file of its own or is a few lines of one. */
typedef enum {
  LIMN_LIGHT_PLAIN,    /* no material */
  LIMN_LIGHT_SOFT,     /* gently rounded */
  LIMN_LIGHT_SKY,      /* a gradient, with the sun's glare */
  LIMN_LIGHT_CLOUD,    /* soft heaps over the sky */
  LIMN_LIGHT_SUN,      /* its disc is a part of the sky */
  LIMN_LIGHT_GROUND,   /* seen in perspective, with broad patches */
  LIMN_LIGHT_MOUNTAIN, /* folded into ridges, hazy towards its foot */
  LIMN_LIGHT_WATER,    /* mirrors what lies behind it */
  LIMN_LIGHT_CROWN,    /* heaps of leaves */
  LIMN_LIGHT_WOOD,     /* many small crowns */
  LIMN_LIGHT_FIRS,     /* many cones */
  LIMN_LIGHT_ROCK,     /* a boulder */
  LIMN_LIGHT_TRUNK,    /* round */
  LIMN_LIGHT_WALL,     /* built: straight lines, shadows of what stands out of it */
  LIMN_LIGHT_ROOF,     /* built, lighter at the ridge, its eaves throw a shadow on walls */
  LIMN_LIGHT_GLASS,    /* built, mirrors the sky */
} LimnLight;

typedef struct {
  LimnMaterial is;
  LimnLight light;
  float span;          /* units that the width of its surface covers */
  float cell;          /* side of a hexagon of the tiling, units; 0: the surface is repeated as it is */
  float contrast;      /* factor on the surface's differences in lightness */
  float colourfulness; /* and on those in colour */
  float keep;          /* share of the paint in the mean chroma, the rest is the surface's own */
  float recede;        /* power of the distance along the ground; 0: not foreshortened */
  float border;        /* amplitude of its border, units; 0: as it is painted */
  float grain;         /* scale of the border's noise, units */
  float softness;      /* width of its border, units */
} LimnLook;

/* NULL if no material has that label. */
const LimnLook *limn_look_of_label (uint8_t label);

static inline bool
limn_light_is_built (LimnLight light)
{
  return light == LIMN_LIGHT_WALL || light == LIMN_LIGHT_ROOF || light == LIMN_LIGHT_GLASS;
}

static inline bool
limn_light_is_sky (LimnLight light)
{
  return light == LIMN_LIGHT_SKY || light == LIMN_LIGHT_CLOUD || light == LIMN_LIGHT_SUN;
}

#endif
