/* One scale of a patch completion. Internal to patch-*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PATCH_LEVEL_H
#define LIMN_PATCH_LEVEL_H

#include "patch-match.h"

enum {
  LIMN_PATCH = 8,            /* side of a patch; one is named by its upper left pixel, its corner */
  LIMN_PATCH_BAND = 32,      /* rows that a sweep takes one after another; other bands are seen as they were before it */
  LIMN_PATCH_CHANNELS = 4,   /* values a pixel: red, green, blue in [0, 1020], and how textured it is */
  LIMN_GUIDE_STRONG = 128,   /* a guide that counts so much is meant, not guessed ... */
  LIMN_GUIDE_TOLERANCE = 24, /* ... and met by what is this near, so that pieces needn't break for a shade */
  LIMN_CORNER_SOURCE = 1,    /* all of the patch is known */
  LIMN_CORNER_TARGET = 2,    /* some of it is to be found */
};

/* What a target corner votes for: the pixel at the source corner of its patch, and how much that counts. */
typedef struct {
  uint32_t source;
  float weight;
} LimnPatchVote;

typedef struct {
  size_t width, height;
  int16_t *texel;          /* [height][width][4] */
  int16_t *guide;          /* NULL, or [height][width][4]: low colours in [0, 1020], and how much they count in [0, 256] */
  uint8_t *state;          /* [height][width] */
  uint8_t *corner;         /* [height][width]; 0 in the last 7 rows and columns */
  uint8_t *depth;          /* [height][width]: steps (king's moves) of a target from the nearest other pixel, at most 255; 0 elsewhere */
  LimnPlace *field;        /* [region]: the source corner of each target corner */
  LimnPlace *before;       /* [bands][2][region.width]: the field's rows at the borders of bands as the pass began */
  int32_t *cost;           /* [region]: squared difference of the patch at field */
  LimnPatchVote *vote;     /* [region]: scratch of limn_patch_vote, as is run */
  uint8_t *run;            /* [region] */
  size_t targets, sources; /* how many corners there are of each */
  size_t holes;            /* how many target pixels */
  LimnRegion region;       /* bounds of the target corners */
  size_t deepest;          /* largest depth */
} LimnPatchLevel;

/* Where target corner (x, y) is in the arrays of region. */
static inline size_t
limn_patch_target (const LimnPatchLevel *level, size_t x, size_t y)
{
  return (y - level->region.y) * level->region.width + x - level->region.x;
}

/* A value of a colour in [-1, 1]. */
static inline int16_t
limn_texel_of (float v)
{
  const float t = (v + 1.0f) * 510.0f;

  return (int16_t) (t <= 0.0f ? 0.0f : t >= 1020.0f ? 1020.0f : t + 0.5f);
}

/* Room for texels, states, corners and depths. */
LimnStatus limn_patch_level_new (LimnPatchLevel *level, size_t width, size_t height, LimnError *error) LIMN_MUST_USE;
/* Everything but the arrays of region, which limn_patch_level_begin allocates. A pixel is scale of the input's wide. */
LimnStatus limn_patch_level_finest (LimnPatchLevel *level, const LimnPatchMatch *input, size_t scale, LimnError *error) LIMN_MUST_USE;
/* The same at half the size. */
LimnStatus limn_patch_level_shrink (LimnPatchLevel *level, const LimnPatchLevel *fine, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
LimnStatus limn_patch_level_begin (LimnPatchLevel *level, LimnError *error) LIMN_MUST_USE;
/* Finds the level's corners and depths, their numbers and bounds, from its states. */
LimnStatus limn_patch_level_measure (LimnPatchLevel *level, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* The input's guide at the level's size. */
LimnStatus limn_patch_level_guide (LimnPatchLevel *level, const LimnPatchMatch *input, LimnError *error) LIMN_MUST_USE;
/* Frees all but field and cost. */
void limn_patch_level_end (LimnPatchLevel *level);
void limn_patch_level_clear (LimnPatchLevel *level);

/* First colours for the coarsest level: from the edge inwards, each target pixel from the patch that best fits what is known by
 * then; and a first field. */
LimnStatus limn_patch_onion_init (LimnPatchLevel *level, uint64_t seed, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* The field of level from that of the next coarser one. */
LimnStatus limn_patch_inherit (LimnPatchLevel *level, const LimnPatchLevel *coarse, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* A field from labels: [height][width], of targets the index of their shift. */
LimnStatus limn_patch_from_labels (LimnPatchLevel *level, const int16_t *label, const LimnPlace *shift, LimnPool *pool, LimnError *error)
  LIMN_MUST_USE;

/* Improves the field: passes sweeps of good matches spreading to neighbours and of random tries within reach pixels (0 = none). */
LimnStatus
limn_patch_search (LimnPatchLevel *level, uint64_t seed, unsigned passes, size_t reach, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* Makes the field of one piece wherever that costs little (rounds sweeps). */
LimnStatus limn_patch_regularize (LimnPatchLevel *level, unsigned rounds, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* New colours of all targets from the patches that cover them, each weighted by how well it fits and how near the edge it is. */
LimnStatus limn_patch_vote (LimnPatchLevel *level, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

#endif
