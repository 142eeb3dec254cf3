/* Wear is told by specks: pixels that are lighter or darker than all places around them, in blocks that are even otherwise.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture.h"

#include <math.h>
#include <stdlib.h>

/* The picture is looked at in blocks of this side, at most MOST x MOST of them, spread evenly. */
#define BLOCK 64
#define MOST 24
#define MARGIN 4 /* where specks aren't looked for */

/* Levels of 255: what a speck differs by from all around it, in units of its block's usual steps and at least. */
#define LEAST_SPECK 26
#define USUAL_STEPS 9
/* A block is even where its usual step is below this. Blocks with specks among even ones, of 1, from which on a photo is worn. */
#define EVEN_STEP 5.0
#define WORN_PART 0.12
#define FEWEST_BLOCKS 6
/* Lightest less darkest of a faded photo, at most. */
#define FADED_RANGE 185

typedef struct {
  guint8 luma[BLOCK][BLOCK];
} Block;

static guint8
luma_at (LimnPicture *self, gsize x, gsize y)
{
  const guint8 *row = limn_picture_get_data (self) + y * limn_picture_get_stride (self);

  if (limn_picture_get_depth (self) == 8) {
    const guint8 *p = row + 4 * x;
    return (guint8) ((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000);
  }
  const guint16 *p = (const guint16 *) (gconstpointer) row + 4 * x;
  return (guint8) ((299u * p[0] + 587u * p[1] + 114u * p[2]) / 257000u);
}

static void
read_block (LimnPicture *self, gsize left, gsize top, Block *block)
{
  for (gsize y = 0; y < BLOCK; y++)
    for (gsize x = 0; x < BLOCK; x++)
      block->luma[y][x] = luma_at (self, left + x, top + y);
}

/* Mean step between pixels two apart. */
static double
usual_step (const Block *block)
{
  guint sum = 0;

  for (int y = 0; y < BLOCK; y++)
    for (int x = 2; x < BLOCK; x++)
      sum += (guint) abs (block->luma[y][x] - block->luma[y][x - 2]);
  return (double) sum / (BLOCK * (BLOCK - 2));
}

/* Whether a pixel differs from all of eight places around it, one way, by more than least. */
static gboolean
is_speck (const Block *block, int x, int y, int least)
{
  static const gint8 ring[8][2] = { { 4, 0 }, { 3, 3 }, { 0, 4 }, { -3, 3 }, { -4, 0 }, { -3, -3 }, { 0, -4 }, { 3, -3 } };
  const int at = block->luma[y][x], first = at - block->luma[y][x + 4];

  for (int k = 0; k < 8; k++) {
    const int step = at - block->luma[y + ring[k][1]][x + ring[k][0]];
    if (abs (step) < least || (step > 0) != (first > 0))
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_speck (const Block *block, double step)
{
  const int least = MAX (LEAST_SPECK, (int) (USUAL_STEPS * step));

  for (int y = MARGIN; y < BLOCK - MARGIN; y++)
    for (int x = MARGIN; x < BLOCK - MARGIN; x++)
      if (is_speck (block, x, y, least))
        return TRUE;
  return FALSE;
}

static gboolean
is_faded (const guint *bins, guint n)
{
  guint below = 0, low = 0, high = 255;

  for (guint k = 0; k < 256; k++) {
    below += bins[k];
    if (below < n / 200)
      low = k;
    if (below < n - n / 200)
      high = k;
  }
  return high - low <= FADED_RANGE;
}

gboolean
limn_picture_is_worn (LimnPicture *self)
{
  const gsize width = limn_picture_get_width (self), height = limn_picture_get_height (self);
  const gsize columns = MIN (width / BLOCK, MOST), rows = MIN (height / BLOCK, MOST);
  guint even = 0, specked = 0, n = 0, bins[256] = { 0 };
  Block block;

  for (gsize k = 0; k < columns * rows; k++) {
    read_block (self, k % columns * width / columns, k / columns * height / rows, &block);
    const double step = usual_step (&block);
    const gboolean is_even = step < EVEN_STEP;
    even += is_even;
    specked += is_even && has_speck (&block, step);
    for (guint i = 0; i < BLOCK * BLOCK; i += 7, n++)
      bins[block.luma[i / BLOCK][i % BLOCK]]++;
  }
  return even >= FEWEST_BLOCKS && specked > WORN_PART * even && (limn_picture_is_gray (self) || is_faded (bins, n));
}
