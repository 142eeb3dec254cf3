/* Guesses materials from plain paint: colour, place, shape and neighbours of each region of one colour.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_GUESS_H
#define LIMN_GUESS_H

#include "engine/base/error.h"
#include "engine/base/pool.h"
#include "engine/texture/lab.h"

/* Writes labels where none was chosen and paint is (LIMN_LABEL_PLAIN in out); where nothing is likely enough, out stays. out: of the
 * paint's size; chosen: NULL, or that size. */
LimnStatus
limn_guess_labels (uint8_t *out, const LimnPixels *paint, const LimnMask *chosen, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* -- Regions of one colour, in a small copy of the paint. Internal to guess*.c -- */

typedef struct {
  LimnLab colour;
  float share;                    /* of the picture's area */
  float left, right, top, bottom; /* fractions of its sides */
  float x, y;                     /* middle of its mass */
  float filled;                   /* share of its box that it covers */
  float round;                    /* 4 pi area / outline squared: 1 for a disc */
  uint8_t label;                  /* guessed, LIMN_LABEL_PLAIN before */
  float sure;                     /* how likely, 0 to 1 */
} LimnPaintRegion;

typedef struct {
  size_t width, height; /* cells */
  uint8_t *colours;     /* [h][w][3]: sRGB */
  uint32_t *region;     /* [h][w]: index of a region, or LIMN_NO_REGION: not painted, chosen by the person, or too small */
  uint8_t *chosen;      /* [h][w]: label chosen by the person */
  LimnPaintRegion *regions;
  size_t count;
} LimnRegions;

#define LIMN_NO_REGION UINT32_MAX

LimnStatus limn_regions_find (LimnRegions *regions, const LimnPixels *paint, const LimnMask *chosen, LimnError *error) LIMN_MUST_USE;
void limn_regions_clear (LimnRegions *regions);

/* Sets label and sure of all regions. */
LimnStatus limn_regions_classify (LimnRegions *regions, LimnError *error) LIMN_MUST_USE;

#endif
