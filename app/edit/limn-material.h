/* Materials: what a sketch's paint is of. A plane of labels says it, one byte a pixel of the paint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Labels that are no material. Where nothing was chosen the engine guesses by colour, place and shape; what is plain is rendered without a
 * surface, as it was painted. */
enum { LIMN_MATERIAL_GUESS = 0, LIMN_MATERIAL_PLAIN = 255 };
