/* The colours of a scene at one place: a function of the scene and the place alone. Each group of materials has its file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SHADE_H
#define LIMN_SHADE_H

#include "engine/scene/scene.h"

/* How the ground of an area lies in one row of a picture: places on it are (x - middle) * across, along. */
typedef struct {
  float across, along, step; /* step: along the ground for one pixel down; units */
  float level;               /* of the surface's pyramid */
  float near;                /* 1 at the eye to 0 at the horizon */
} LimnGroundRow;

/* A picture of a scene at some size. */
typedef struct {
  const LimnScene *scene;
  size_t width, height;
  float pixel; /* units a pixel */
  bool dry;    /* water is but its colour: for the picture that water mirrors */
} LimnView;

typedef struct {
  const LimnView *view;
  const LimnGroundRow *ground; /* of each area, in this row */
  float x, y;                  /* units */
} LimnSpot;

/* height: of the surface's relief there, about -1 to 1. */
typedef struct {
  LimnLab lab;
  float height;
} LimnShade;

/* How the area's ground lies at height y. */
LimnGroundRow limn_ground_row (const LimnView *view, const LimnArea *area, float y);

/* The area's surface at a place as differences in Lab, its contrast applied. */
LimnLab limn_laid_at (const LimnSpot *spot, size_t area);
/* The colour there that is neither paint nor surface, but between (Reinhard et al. 2001, "Color transfer between images": means of one,
 * deviations of the other). */
LimnLab limn_tone_at (const LimnSpot *spot, const LimnArea *area);
/* Both together; height: NULL, or receives the relief. */
LimnLab limn_coloured_at (const LimnSpot *spot, size_t area, float *height);

/* An area's colour, without what stands before it. depth: distance from its border, units. */
LimnShade limn_shade_area (const LimnSpot *spot, size_t area, float depth);

/* Of single kinds. */
LimnLab limn_shade_sky (const LimnSpot *spot, const LimnArea *area);
LimnLab limn_shade_ground (const LimnSpot *spot, size_t area, float *height);
LimnLab limn_shade_mountain (const LimnSpot *spot, size_t area, float *height);
LimnLab limn_shade_water (const LimnSpot *spot, const LimnArea *area, float depth);

/* What lies over areas: colour and how much of it covers what is there, 0 to 1. */
typedef struct {
  LimnLab lab;
  float cover;
} LimnOver;

LimnOver limn_clouds_at (const LimnSpot *spot);
/* Crowns, woods and firs. */
LimnOver limn_standing_at (const LimnSpot *spot, size_t area);

/* Colour of the sky at the horizon, that far things fade into. */
LimnLab limn_haze (const LimnScene *scene);

/* The sun's or moon's light on the picture at a place, to be laid over linear light: rgb gets nearer to the light's colour. sky: how much
 * of the place is sky, 0 to 1. */
void limn_add_glare (const LimnSpot *spot, float sky, float *rgb);

#endif
