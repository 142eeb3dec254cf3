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

/* Whether base takes the features that a recogniser finds in a picture LIMN_SHARP times as large as base's. */
enum { LIMN_SHARP = 4 };
bool limn_base_sees (const LimnEngine *engine);

typedef struct {
  const LimnImage *planes; /* [h][w][LIMN_BASE_PLANES]; h and w about base's training size and multiples of limn_base_multiple */
  const LimnImage *sharp;  /* [k h][k w][3 or more], k = 1, 2 or 4: the photo itself (RGB first), where planes know it; NULL: planes are
                            * enlarged instead. Only read if limn_base_sees */
  const LimnImage *start;  /* [h][w][3]: what noise is added to; NULL: the anchor */
  float near;     /* how much what the recogniser would see may differ from what it saw before, whose features will do then: mean of
                            * absolute differences, of a range of 2; 0: not at all */
  float strength; /* in (0, 1]: 1 starts from pure noise, less stays nearer the start: sigma = sigma_max strength^4 */
  const LimnSampling *sampling;
  LimnImage *likeness; /* out, or NULL: how alike places are (recogniser.h), at half the planes' size; empty where that isn't known */
} LimnBaseInput;

/* Evaluates base. rgb: allocated, [h][w][3]. Exact pixels are not put back: the caller does. */
LimnStatus limn_base_run (LimnEngine *engine, const LimnBaseInput *input, LimnImage *rgb, LimnStats *stats, const LimnControl *control,
                          LimnError *error) LIMN_MUST_USE;

#endif
