/* Where things stand that come in numbers: heaps of leaves in a crown, trees of a wood, firs. They stand on a jittered lattice, so that each
 * place has them where it had them before, whatever else was painted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_STANDS_H
#define LIMN_STANDS_H

#include "scene.h"

/* foot (or middle, of a heap of leaves) at (x, y); size: its height (or radius); of a fir: half its width, and how many tiers of branches
 * it has. */
typedef struct {
  float x, y, size, half, tiers;
  uint32_t hash;
  bool stands; /* nothing is there else */
} LimnStand;

/* A row of the lattice: columns are apart units; items[0] is column first. */
typedef struct {
  float apart;
  int32_t first, count;
  LimnStand *items;
} LimnStandRow;

struct LimnStands {
  int32_t first, count; /* rows */
  float above, below;   /* how far, in sizes, what stands reaches above and below its foot */
  float spacing, rate;  /* of rows on an even scale; growth of sizes, a unit below the horizon */
  LimnStandRow *rows;
  LimnStand *items;
};

/* Makes the lattices of all areas that stand out. */
LimnStatus limn_scene_place_stands (LimnScene *scene, LimnError *error) LIMN_MUST_USE;
void limn_stands_free (LimnStands *stands);

/* The rows that can reach height y: the front one, and how many there are to the back. */
int32_t limn_stands_rows_at (const LimnScene *scene, const LimnArea *area, float y, int32_t *front);
/* How far beyond its border an area's things reach at height y, units. */
float limn_stands_reach (const LimnScene *scene, const LimnArea *area, float y);

#endif
