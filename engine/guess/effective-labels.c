/* Puts chosen and guessed labels together.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "effective-labels.h"

#include <stdatomic.h>
#include <string.h>

#include "guess.h"

/* A row of the paint's places: 255 where more than half of a pixel is painted, else 0. */
static void
read_painted (const LimnPixels *paint, size_t y, uint8_t *painted)
{
  const uint8_t *row = (const uint8_t *) paint->data + y * paint->stride;

  if (paint->depth == 16)
    for (size_t x = 0; x < paint->width; x++)
      painted[x] = ((const uint16_t *) (const void *) row)[4 * x + 3] >= 1 << 15 ? 255 : 0;
  else
    for (size_t x = 0; x < paint->width; x++)
      painted[x] = row[4 * x + 3] >= 1 << 7 ? 255 : 0;
}

typedef struct {
  uint8_t *out; /* starts as what is painted */
  size_t width;
  const LimnPixels *paint; /* or NULL */
  const LimnMask *labels;  /* or NULL */
  atomic_bool unknown;     /* whether anything is painted that no label was chosen for */
} Joining;

static void
join_row (void *user, size_t y, int worker)
{
  Joining *j = user;
  uint8_t *out = j->out + y * j->width, unknown = 0;
  const uint8_t *chosen = j->labels ? j->labels->data + y * j->labels->stride : NULL;

  memset (out, LIMN_LABEL_NONE, j->width);
  if (j->paint)
    read_painted (j->paint, y, out);
  for (size_t x = 0; x < j->width; x++) {
    const uint8_t label = chosen ? chosen[x] : LIMN_LABEL_NONE;
    unknown |= label == LIMN_LABEL_NONE ? out[x] : 0;
    out[x] = label != LIMN_LABEL_NONE ? label : out[x] ? LIMN_LABEL_PLAIN : LIMN_LABEL_NONE;
  }
  if (unknown)
    atomic_store (&j->unknown, true);
}

LimnStatus
limn_effective_labels (uint8_t *out, size_t width, size_t height, const LimnPixels *paint, const LimnMask *labels, bool guess,
                       LimnPool *pool, LimnError *error)
{
  Joining joining = { .out = out, .width = width, .paint = paint, .labels = labels };

  LIMN_TRY (limn_pool_try (pool, height, join_row, &joining, error));
  if (!guess || !joining.unknown)
    return LIMN_OK;
  return limn_guess_labels (out, paint, labels, pool, error);
}
