/* The detail network as a function: a picture in, one four times as large out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DETAIL_H
#define LIMN_DETAIL_H

#include "engine.h"

enum { LIMN_DETAIL_SCALE = 4 };

/* One detail tile: low: [h/4][w/4][3]; level: noise level of low (the trainer's units: standard deviation in [0, 0.12] on the
 * [-1, 1] scale); exact [h][w][3] and known [h][w][1] or both NULL (nothing known). h, w: multiples of 16. rgb allocated [h][w][3].
 * origin_x/y: the tile's place in the whole, enlarged pixels (noise is the same where tiles overlap; negative in a margin).
 * Known pixels are not put back: the caller does. */
LimnStatus limn_detail_run (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known,
                            ptrdiff_t origin_x, ptrdiff_t origin_y, const LimnSampling *sampling, LimnImage *rgb, LimnStats *stats,
                            const LimnControl *control, LimnError *error) LIMN_MUST_USE;

/* Takes rows [count][4w][3] of a result from y on, its own only until it returns; what it returns ends all unless it is LIMN_OK. */
typedef LimnStatus (*LimnTakeRows) (void *user, size_t y, const LimnImage *rows, LimnError *error);
/* A whole picture by detail: overlapping tiles of up to 576 (144 low pixels), blended over their overlap, no border shows. low:
 * [h][w][3] any size >= 1 (mirrored to what tiles need); exact/known: [4h][4w] or both NULL; wanted: [4h][4w][1] or NULL: tiles in
 * which it is 0 everywhere are not evaluated, and what no tile covers is the anchor (bicubic, with the known pixels). origin_x/y:
 * low's place, in its own pixels, in a larger whole that is enlarged part by part: the noise is numbered by the whole, so that parts
 * agree where they overlap (0, 0 for a picture of its own; negative in a margin). take gets the result row after row, some hundred at
 * a time, as soon as no later tile reaches into them. control's progress gets the share of tiles that are done. */
LimnStatus limn_detail_rows (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known,
                             const LimnImage *wanted, ptrdiff_t origin_x, ptrdiff_t origin_y, const LimnSampling *sampling,
                             LimnTakeRows take, void *user, LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
