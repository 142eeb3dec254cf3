/* The two networks as the edits see them: conditioning planes in, a picture out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_EDIT_NETWORKS_H
#define LIMN_EDIT_NETWORKS_H

#include "model.h"

/* What an engine is made of; limn-engine.h's LimnEngine. lock is held by a public edit while it runs. */
struct LimnEngine {
  LimnPool *pool;
  LimnModel *base, *detail; /* either may be NULL */
  void *lock;               /* pthread_mutex_t */
};

/* base's conditioning: nine planes a pixel, [size][size][9], in networks.md's order (RGB, exact, rough, luma, luma known, ink,
 * ink known); size = the network's picture side or a multiple that its grid allows. */
enum { LIMN_BASE_PLANES = 9 };

/* Smooth extension of known pixels: pull-push pyramid as the trainer's. x: [h][w][c], m: [h][w][1] in [0, 1]. out allocated. */
LimnStatus limn_pull_push (LimnImage *out, const LimnImage *x, const LimnImage *m, LimnError *error) LIMN_MUST_USE;

/* The anchor that goes with planes (allocated). */
LimnStatus limn_base_anchor (LimnImage *anchor, const LimnImage *planes, LimnError *error) LIMN_MUST_USE;

/* rgb (allocated, planes' size) = base's picture. strength in (0, 1]: 1 starts at sigma_max, less keeps closer to start
 * (start NULL = the anchor; sigma = sigma_max * strength^4, at least 4 sigma_min). Exact pixels are NOT put back: the caller does. */
LimnStatus limn_base_run (LimnEngine *engine, const LimnImage *planes, const LimnImage *start, float strength,
                          const LimnSampling *sampling, LimnImage *rgb, LimnStats *stats, const LimnControl *control,
                          LimnError *error) LIMN_MUST_USE;

/* One detail tile: low: [h/4][w/4][3]; level: noise level of low (the trainer's units: standard deviation in [0, 0.12] on the
 * [-1, 1] scale); known/exact: [h][w][1] and [h][w][3] or NULL (nothing known). h, w: multiples of 16. rgb allocated [h][w][3].
 * origin_x/y, plane_width: the tile's place in the whole (noise is the same where tiles overlap). */
LimnStatus limn_detail_run (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact, const LimnImage *known,
                            size_t origin_x, size_t origin_y, size_t plane_width, const LimnSampling *sampling, LimnImage *rgb,
                            LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

/* A whole picture by detail: overlapping tiles of 256 (64 low pixels), blended over their overlap, no border shows. low: [h][w][3]
 * any size >= 1 (mirrored to what tiles need); exact/known: [4h][4w] or NULL; wanted: [4h][4w][1] or NULL: tiles in which it is 0
 * everywhere are not evaluated and keep the bicubic enlargement. origin_x/y: low's place, in its own pixels, in a larger whole that is
 * enlarged part by part: the noise is numbered by the whole, so that parts agree where they overlap (0, 0 for a picture of its own;
 * negative in a margin). rgb allocated [4h][4w][3]. */
LimnStatus limn_detail_picture (LimnEngine *engine, const LimnImage *low, float level, const LimnImage *exact,
                                const LimnImage *known, const LimnImage *wanted, ptrdiff_t origin_x, ptrdiff_t origin_y,
                                const LimnSampling *sampling, LimnImage *rgb, LimnStats *stats, const LimnControl *control,
                                LimnError *error) LIMN_MUST_USE;

#endif
