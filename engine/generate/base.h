/* The base network as a function: conditioning planes in, a picture out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_BASE_H
#define LIMN_BASE_H

#include "engine.h"
#include "planes.h"

/* Pixels that both sides of base's pictures must be a multiple of (space-to-depth times the network's halvings); 1 without base. */
size_t limn_base_multiple (const LimnEngine *engine);

/* The anchor that goes with planes: known colours extended by pull-push; gray where only luma is known. anchor: allocated. */
LimnStatus limn_base_anchor (LimnImage *anchor, const LimnImage *planes, LimnError *error) LIMN_MUST_USE;

/* Whether base is told what a recogniser sees of a picture, LIMN_SHARP times as large as base's. */
enum { LIMN_SHARP = 4 };
bool limn_base_sees (const LimnEngine *engine);

/* rgb (allocated, planes' size) = base's picture. planes: [h][w][LIMN_BASE_PLANES], h and w about the size that base was trained at and
 * multiples of limn_base_multiple. sharp: [k h][k w][3 or more], k = 1, 2 or 4, the photo itself (RGB first), for what planes know of it,
 * colours or luma; NULL: base's own pixels do. It is only read where limn_base_sees. strength in (0, 1]: 1 starts at sigma_max, less keeps
 * closer to start (start NULL = the anchor; sigma = sigma_max * strength^4, at least 4 sigma_min). Exact pixels are not put back: the
 * caller does. */
LimnStatus
limn_base_run (LimnEngine *engine, const LimnImage *planes, const LimnImage *sharp, const LimnImage *start, float strength,
               const LimnSampling *sampling, LimnImage *rgb, LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
