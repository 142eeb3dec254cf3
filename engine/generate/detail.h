/* The detail network as a function: a picture in, one four times as large out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DETAIL_H
#define LIMN_DETAIL_H

#include "engine.h"

enum { LIMN_DETAIL_SCALE = 4 };

/* Evaluates one tile. low: [h/4][w/4][3]; level: noise level of low (standard deviation in [0, 0.12] on the [-1, 1] scale, as in
 * training); exact [h][w][3] and known [h][w][1], or both NULL. h, w: multiples of 16. rgb: allocated, [h][w][3].
 * origin_x/y: the tile's place in the whole enlarged picture, which numbers the noise, so that overlapping tiles agree; may be negative.
 * Known pixels are not put back: the caller does. */
LimnStatus limn_detail_run (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known,
                            ptrdiff_t origin_x, ptrdiff_t origin_y, const LimnSampling *sampling, LimnImage *rgb, LimnStats *stats,
                            const LimnControl *control, LimnError *error) LIMN_MUST_USE;

/* Receives rows [count][4w][3] of a result from y on, valid only during the call; any status but LIMN_OK ends the work and is returned. */
typedef LimnStatus (*LimnTakeRows) (void *user, size_t y, const LimnImage *rows, LimnError *error);
/* Enlarges a picture of any size in tiles of up to 576 pixels (144 low pixels), blended over their overlap. low: [h][w][3] (mirrored to
 * what tiles need); exact, known: [4h][4w], or both NULL; wanted: [4h][4w][1], or NULL: tiles in which it is 0 everywhere are not
 * evaluated, and pixels in no tile get the anchor (bicubic, with the known pixels). origin_x/y: place of low, in low pixels, in a larger
 * picture that is enlarged part by part: it numbers the noise, so that overlapping parts agree (0, 0 for a whole picture; may be
 * negative). take gets the result in order, some hundred rows at a time, as soon as they are final. control's progress gets the share of
 * tiles that are done. */
LimnStatus limn_detail_rows (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known,
                             const LimnImage *wanted, ptrdiff_t origin_x, ptrdiff_t origin_y, const LimnSampling *sampling,
                             LimnTakeRows take, void *user, LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
