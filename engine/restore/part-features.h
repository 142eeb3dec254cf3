/* What parts are like. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_PART_FEATURES_H
#define LIMN_PART_FEATURES_H

#include "parts.h"
#include "surroundings.h"

/* Allocates parts->parts and fills it in, for labels that are there. ridge: of the parts' kind. course: of that kind's lines; empty at a
 * scale where none are looked for. */
LimnStatus limn_parts_describe (LimnParts *parts, const LimnPartsInput *input, const LimnRidge *ridge, const LimnImage *course,
                                const LimnSurroundings *around, LimnError *error) LIMN_MUST_USE;

#endif
