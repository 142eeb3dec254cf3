/* The colours that a gray photo begins with before base refines them: what the colours network expects at each place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FIRST_COLOURS_H
#define LIMN_FIRST_COLOURS_H

#include "engine/generate/engine.h"

/* rgb: allocated, of the size of planes [h][w][LIMN_BASE_PLANES] and with their luma, which is known everywhere; in [-1, 1]. Seed 0 has
 * what is likeliest, others lean to some of the colours. The engine has a colours network. */
LimnStatus limn_first_colours (LimnEngine *engine, const LimnPixels *photo, const LimnImage *planes, const LimnSampling *sampling,
                               LimnImage *rgb, LimnStats *stats, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
