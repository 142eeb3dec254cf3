/* One level of the image pyramid of a patch completion. Internal to patch-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PATCH_LEVEL_H
#define LIMN_PATCH_LEVEL_H

#include "patch-match.h"

enum {
  LIMN_PATCH = 8,            /* side of a patch; a patch is named by its upper left pixel, its corner */
  LIMN_PATCH_BAND = 32,      /* rows that a sweep processes in sequence; rows of other bands are seen as they were before the sweep */
  LIMN_PATCH_CHANNELS = 4,   /* per pixel: red, green, blue in [0, 1020], and texture */
  LIMN_GUIDE_STRONG = 128,   /* from this weight on the guide is the user's intent, not base's guess ... */
  LIMN_GUIDE_TOLERANCE = 24, /* ... and colours this near satisfy it, so that regions aren't split over small differences */
  LIMN_CORNER_SOURCE = 1,    /* all of the patch is known */
  LIMN_CORNER_TARGET = 2,    /* some of the patch is a target */
};

/* A target corner's vote: the pixel at its source corner, and the vote's weight. */
typedef struct {
  uint32_t source;
  float weight;
} LimnPatchVote;

typedef struct {
  size_t width, height;
  int16_t *texel;          /* [height][width][4] */
  int16_t *guide;          /* NULL, or [height][width][4]: the guide's colours in [0, 1020], and their weight in [0, 256] */
  uint8_t *state;          /* [height][width] */
  uint8_t *corner;         /* [height][width]; 0 in the last 7 rows and columns */
  uint8_t *depth;          /* [height][width]: a target's chessboard distance from the nearest other pixel, at most 255; 0 elsewhere */
  LimnPlace *field;        /* [region]: the nearest-neighbour field: the source corner of each target corner */
  LimnPlace *before;       /* [bands][2][region.width]: the field's first and last row of each band before the current sweep */
  int32_t *cost;           /* [region]: squared difference to the patch at field */
  LimnPatchVote *vote;     /* [region]: scratch of limn_patch_vote, as is run */
  uint8_t *run;            /* [region] */
  size_t targets, sources; /* number of corners of each kind */
  size_t holes;            /* number of target pixels */
  LimnRegion region;       /* bounds of the target corners */
  size_t deepest;          /* largest depth */
} LimnPatchLevel;

/* Index of target corner (x, y) in the arrays of region. */
static inline size_t
limn_patch_target (const LimnPatchLevel *level, size_t x, size_t y)
{
  return (y - level->region.y) * level->region.width + x - level->region.x;
}

/* Converts a colour in [-1, 1]. */
static inline int16_t
limn_texel_of (float v)
{
  const float t = (v + 1.0f) * 510.0f;

  return (int16_t) (t <= 0.0f ? 0.0f : t >= 1020.0f ? 1020.0f : t + 0.5f);
}

/* Allocates texels, states, corners and depths. */
LimnStatus limn_patch_level_new (LimnPatchLevel *level, size_t width, size_t height, LimnError *error) LIMN_MUST_USE;
/* Makes the finest level, all but the arrays of region, which limn_patch_level_begin allocates. scale: input pixels along the side of
 * one of the level's. */
LimnStatus limn_patch_level_finest (LimnPatchLevel *level, const LimnPatchMatch *input, size_t scale, LimnError *error) LIMN_MUST_USE;
/* Makes the next coarser level, half as large. */
LimnStatus limn_patch_level_shrink (LimnPatchLevel *level, const LimnPatchLevel *fine, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
LimnStatus limn_patch_level_begin (LimnPatchLevel *level, LimnError *error) LIMN_MUST_USE;
/* From the states: corners and depths, their counts and bounds. */
LimnStatus limn_patch_level_measure (LimnPatchLevel *level, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* Resamples the input's guide to the level's size. */
LimnStatus limn_patch_level_guide (LimnPatchLevel *level, const LimnPatchMatch *input, LimnError *error) LIMN_MUST_USE;
/* Frees all but field and cost. */
void limn_patch_level_end (LimnPatchLevel *level);
void limn_patch_level_clear (LimnPatchLevel *level);

/* Initialises the coarsest level's targets from the border inwards ("onion peel"): each ring's pixels are copied from the best match of
 * the part of their patch that is known by then. Then makes a random first field. */
LimnStatus limn_patch_onion_init (LimnPatchLevel *level, uint64_t seed, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* Upsamples the field of the next coarser level. */
LimnStatus limn_patch_inherit (LimnPatchLevel *level, const LimnPatchLevel *coarse, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* Makes a field from labels. label: [height][width], of targets the index of their shift. */
LimnStatus limn_patch_from_labels (LimnPatchLevel *level, const int16_t *label, const LimnPlace *shift, LimnPool *pool, LimnError *error)
  LIMN_MUST_USE;

/* PatchMatch: passes sweeps of propagation from neighbours and random search within reach pixels (0: propagation only). */
LimnStatus
limn_patch_search (LimnPatchLevel *level, uint64_t seed, unsigned passes, size_t reach, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* Regularises the field: corners take a neighbour's shift where that costs little, so that pieces grow larger. rounds: sweeps. */
LimnStatus limn_patch_regularize (LimnPatchLevel *level, unsigned rounds, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* Recomputes all targets' colours: mean over the patches that cover them, weighted by fit and by nearness to the border. */
LimnStatus limn_patch_vote (LimnPatchLevel *level, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
