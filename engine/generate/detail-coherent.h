/* A picture by the detail network with smooth edges.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DETAIL_COHERENT_H
#define LIMN_DETAIL_COHERENT_H

#include "detail.h"

/* Upscales input's low 4x with the detail network (limn_detail_rows), smooths the added detail along edges, scales it by gain
 * (limn_coherence_filter_rows), and passes the result to take in strips. */
LimnStatus limn_detail_coherent (LimnEngine *engine, const LimnDetailInput *input, float gain, LimnTakeRows take, void *user,
                                 LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
