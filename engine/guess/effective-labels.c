/* Puts chosen and guessed labels together.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "effective-labels.h"

#include <string.h>

#include "guess.h"

static uint8_t
alpha_at (const LimnPixels *paint, size_t x, size_t y)
{
  const uint8_t *row = (const uint8_t *) paint->data + y * paint->stride;

  return paint->depth == 16 ? (uint8_t) (((const uint16_t *) (const void *) row)[4 * x + 3] >> 8) : row[4 * x + 3];
}

LimnStatus
limn_effective_labels (uint8_t *out, size_t width, size_t height, const LimnPixels *paint, const LimnMask *labels, bool guess,
                       LimnPool *pool, LimnError *error)
{
  bool unknown = false;

  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++) {
      const uint8_t chosen = labels ? labels->data[y * labels->stride + x] : LIMN_LABEL_NONE;
      const bool painted = paint && alpha_at (paint, x, y) > 127;

      unknown |= painted && chosen == LIMN_LABEL_NONE;
      out[y * width + x] = chosen != LIMN_LABEL_NONE ? chosen : painted ? LIMN_LABEL_PLAIN : LIMN_LABEL_NONE;
    }
  if (!guess || !unknown)
    return LIMN_OK;
  return limn_guess_labels (out, paint, labels, pool, error);
}
