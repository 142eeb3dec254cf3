/* A picture by detail whose imagined edges are smooth.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DETAIL_COHERENT_H
#define LIMN_DETAIL_COHERENT_H

#include "detail.h"

/* low (of noise level) four times as large by detail (limn_detail_rows), what detail adds smoothed along edges and times gain
 * (limn_coherence_filter_rows); take gets it some rows at a time. origin_x/y: as in limn_detail_rows. */
LimnStatus limn_detail_coherent (LimnEngine *engine, const LimnImage *low, float level, float gain, ptrdiff_t origin_x, ptrdiff_t origin_y,
                                 const LimnSampling *sampling, LimnTakeRows take, void *user, LimnStats *stats, const LimnControl *control,
                                 LimnError *error) LIMN_MUST_USE;

#endif
