/* Parts of a picture that may be damage, at one scale: what is connected, thin, and lighter or darker than both its sides; and what each
 * is like, in numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DAMAGE_PARTS_H
#define LIMN_DAMAGE_PARTS_H

#include "ridge.h"

/* What a part is like. Lengths in pixels of its scale, lightness in [0, 1]; logarithms are to base 2. */
typedef enum {
  LIMN_PART_PIXELS,        /* log of how many */
  LIMN_PART_LENGTH,        /* log of its length along its own course */
  LIMN_PART_WIDTH,         /* pixels / length */
  LIMN_PART_EXTENT,        /* log of the length of the straight line with its variance */
  LIMN_PART_CURL,          /* that line's length / its own length: 1 = straight */
  LIMN_PART_THICKNESS,     /* log of that variance's smaller axis, as a length, / width: 0 = straight */
  LIMN_PART_CONTRAST,      /* mean response */
  LIMN_PART_HIGHEST,       /* largest response */
  LIMN_PART_RELIEF,        /* log of contrast / what is usual around */
  LIMN_PART_TILT,          /* mean difference of its two sides / contrast */
  LIMN_PART_EXTREME,       /* how far it is from white (dark ones: black), of the picture's range */
  LIMN_PART_UNEVEN,        /* standard deviation of its own lightness / contrast */
  LIMN_PART_GROUND,        /* the same of what it lies on: a scratch crosses things */
  LIMN_PART_CROWD,         /* part of the surroundings that others of its kind cover */
  LIMN_PART_OTHER_CROWD,   /* the same of dark ones for a light one, and the other way round */
  LIMN_PART_AIM,           /* how much its pixels agree in their direction, 0 to 1 */
  LIMN_PART_TEXTURE,       /* usual response around */
  LIMN_PART_DARK,          /* 1: darker than its sides, 0: lighter */
  LIMN_PART_SCALE,         /* 0: the picture as it is, 1: half as large, ... */
  LIMN_PART_SPOTS,         /* part of its pixels that are spots rather than ridges */
  LIMN_PART_PICTURE_CROWD, /* part of the whole picture that parts of both kinds cover */
  LIMN_PART_NOISE,         /* usual response of the picture's quietest tenth */
  LIMN_PART_BORDER,        /* part of its pixels that lie at the picture's border */
  LIMN_PART_LIGHTNESS,     /* of what it lies on, of the picture's range */
  LIMN_PART_STRICTNESS,    /* of the threshold: 0, 1, 2; 3: a long line */
  LIMN_PART_STEEPNESS,     /* response to sides two pixels away / contrast: 1 where its edges are sharp */
  LIMN_PART_RISE,          /* how far it differs from the mean of its surroundings, in their standard deviations */
  LIMN_PART_VARIETY,       /* standard deviation of its surroundings, of the picture's range */
  LIMN_PART_SUPPORT,       /* part of its straight continuation on both ends that other parts lie on */
  LIMN_PART_COURSE,        /* mean log of 1 + how much of a long line it lies on, see lines.h */
  LIMN_PART_SPAN,          /* length of that straight line / the picture's longer side */
  LIMN_PART_FEATURES
} LimnPartFeature;

typedef struct {
  float features[LIMN_PART_FEATURES];
  size_t pixels;
  float contrast;
} LimnPart;

/* label: [height][width]: 0, or 1 + index of the part that a pixel belongs to. parts: [count]. */
typedef struct {
  size_t width, height, count;
  bool dark;      /* they are darker than their sides */
  int strictness; /* which threshold they were found by, 0 to LIMN_PARTS_LINES */
  uint32_t *label;
  LimnPart *parts;
} LimnParts;

typedef struct {
  const LimnImage *luma; /* [h][w][1] in [0, 1] */
  const uint8_t *known;  /* NULL, or [h * w]: 0 where nothing is to be looked for */
  float black, white;    /* the picture's range */
  int scale;
} LimnPartsInput;

/* Finds parts and gives them to take, set by set: from LIMN_PARTS_LINES thresholds, the most generous first, and then, but for the finest
 * scale, long lines with their gaps; those that are lighter and those that are darker. A scratch that ends in grass is one with it by a
 * generous threshold, and alone by a strict one. parts goes when take returns; what it returns is returned at once unless it is LIMN_OK. */
enum { LIMN_PARTS_LINES = 3 /* strictness of long lines */ };
typedef LimnStatus (*LimnTakeParts) (void *user, const LimnParts *parts, LimnError *error);
LimnStatus limn_parts_each (const LimnPartsInput *input, LimnTakeParts take, void *user, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
