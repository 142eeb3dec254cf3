/* What is usual around a place of a picture: how strong the responses of ridge filters are there, and how much is covered by candidates.
 * Kept in cells of 8 x 8 pixels, each told of the 5 x 5 cells around it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SURROUNDINGS_H
#define LIMN_SURROUNDINGS_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"

enum { LIMN_SURROUNDINGS_CELL = 8 };

/* quiet: the usual response in the quietest tenth of the picture; covered: the part of all that candidates cover. */
typedef struct {
  LimnImage texture; /* [cells][cells][1] */
  LimnImage light;   /* [cells][cells][2]: lightness and its square */
  LimnImage crowds;  /* [cells][cells][2]: light, dark */
  float quiet, covered;
} LimnSurroundings;

/* light, dark: responses to luma; all [h][w][1]. */
LimnStatus limn_surroundings_new (LimnSurroundings *self, const LimnImage *luma, const LimnImage *light, const LimnImage *dark,
                                  LimnPool *pool, LimnError *error) LIMN_MUST_USE;
/* light, dark: [h * w] of the same picture, not 0 where there is a candidate. What was set before goes. */
LimnStatus limn_surroundings_set_crowds (LimnSurroundings *self, const uint8_t *light, const uint8_t *dark, size_t width, size_t height,
                                         LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_surroundings_clear (LimnSurroundings *self); /* may be called twice */

static inline size_t
limn_surroundings_cell (const LimnSurroundings *self, size_t x, size_t y)
{
  return y / LIMN_SURROUNDINGS_CELL * self->texture.width + x / LIMN_SURROUNDINGS_CELL;
}

static inline float
limn_surroundings_texture (const LimnSurroundings *self, size_t x, size_t y)
{
  return self->texture.data[limn_surroundings_cell (self, x, y)];
}

#endif
