/* The two networks as the edits see them: conditioning planes in, a picture out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_EDIT_NETWORKS_H
#define LIMN_EDIT_NETWORKS_H

#include "engine/network/model.h"

/* What an engine is made of; limn-engine.h's LimnEngine. lock is held from limn_engine_begin to limn_engine_end. */
struct LimnEngine {
  LimnPool *pool;
  LimnModel *base, *detail; /* either may be NULL */
  void *lock;               /* pthread_mutex_t */
};

/* Every public edit runs between these two: one at a time, and what it tries on the pool ends when control's cancel is set. */
void limn_engine_begin (LimnEngine *engine, const LimnControl *control);
void limn_engine_end (LimnEngine *engine);

/* base's conditioning: nine planes a pixel, [h][w][9], in the trained order (RGB, exact, rough, luma, luma known, ink,
 * ink known); h, w: about the network's picture side, each a multiple of limn_base_multiple. */
enum { LIMN_BASE_PLANES = 9 };

/* Smooth extension of known pixels: pull-push pyramid as the trainer's. x: [h][w][c], m: [h][w][1] in [0, 1]. out allocated. */
LimnStatus limn_pull_push (LimnImage *out, const LimnImage *x, const LimnImage *m, LimnError *error) LIMN_MUST_USE;

/* Pixels that both sides of base's pictures must be a multiple of (space-to-depth times the network's halvings). */
size_t limn_base_multiple (const LimnEngine *engine);

/* The anchor that goes with planes (allocated). */
LimnStatus limn_base_anchor (LimnImage *anchor, const LimnImage *planes, LimnError *error) LIMN_MUST_USE;

/* rgb (allocated, planes' size) = base's picture. strength in (0, 1]: 1 starts at sigma_max, less keeps closer to start
 * (start NULL = the anchor; sigma = sigma_max * strength^4, at least 4 sigma_min). Exact pixels are NOT put back: the caller does. */
LimnStatus limn_base_run (LimnEngine *engine, const LimnImage *planes, const LimnImage *start, float strength, const LimnSampling *sampling,
                          LimnImage *rgb, LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

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
