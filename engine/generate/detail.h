/* The detail network as a function: a picture in, one four times as large out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DETAIL_H
#define LIMN_DETAIL_H

#include "engine.h"

enum { LIMN_DETAIL_SCALE = 4 };

/* What detail is given. For one tile, low is [h][w][3] with h and w multiples of 4 (as small as the network allows); for a whole picture
 * they are any size, and low is mirrored to what tiles need. */
typedef struct {
  const LimnImage *low;
  float level;                    /* noise level of low: standard deviation in [0, 0.12] on the [-1, 1] scale, as in training */
  const LimnImage *exact, *known; /* [4h][4w][3] and [4h][4w][1]: pixels of the result that are known; or both NULL */
  const LimnImage *wanted;        /* [4h][4w][1]: pixels that are needed (not 0); NULL: all. Only read by limn_detail_rows */
  ptrdiff_t origin_x, origin_y;   /* low's place, in low pixels, in a larger picture that is enlarged part by part; may be negative */
  const LimnSampling *sampling;
} LimnDetailInput;

/* Evaluates one tile. rgb: allocated, [4h][4w][3]. The origin numbers the noise, so that overlapping tiles agree. Known pixels are not
 * put back: the caller does. */
LimnStatus limn_detail_run (LimnEngine *engine, const LimnDetailInput *input, LimnImage *rgb, LimnStats *stats, const LimnControl *control,
                            LimnError *error) LIMN_MUST_USE;

/* Receives rows [count][4w][3] of a result from y on, valid only during the call; any status but LIMN_OK ends the work and is returned. */
typedef LimnStatus (*LimnTakeRows) (void *user, size_t y, const LimnImage *rows, LimnError *error);
/* Enlarges a picture in tiles of up to 576 pixels (144 low pixels), blended over their overlap. Tiles without wanted pixels are not
 * evaluated; pixels in no tile get the anchor (bicubic, with the known pixels). take gets the result in order, some hundred rows at a
 * time, as soon as they are final. control's progress gets the share of tiles that are done. */
LimnStatus limn_detail_rows (LimnEngine *engine, const LimnDetailInput *input, LimnTakeRows take, void *user, LimnStats *stats,
                             const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
