/* How likely a part is damage. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DAMAGE_SCORE_H
#define LIMN_DAMAGE_SCORE_H

#include "parts.h"

/* 0 (a thing in the photo) to 1 (damage), by a perceptron of two hidden layers that training/train-restore fits to photos with damage
 * printed into them. */
float limn_damage_score (const LimnPart *part);

#endif
