/* Where a scene looks other than an earlier one did: a stroke changes little of a sketch, and the rest need not be painted again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SCENE_CHANGES_H
#define LIMN_SCENE_CHANGES_H

#include "scene.h"

/* Tiles are squares of LIMN_TONE_CELL units. */
typedef struct {
  size_t width, height;
  uint8_t *changed; /* [height][width] */
} LimnSceneChanges;

/* Finds the tiles in which a picture of now may differ from one of the same size of before, but for what is plain. whole: receives whether all of them are, as by another light or horizon; changes is empty then. before needn't have its surfaces
 * any more. Clear with limn_scene_changes_clear, also after an error. */
LimnStatus limn_scene_changes_find (LimnSceneChanges *changes, const LimnScene *before, const LimnScene *now, bool *whole, LimnError *error)
  LIMN_MUST_USE;
void limn_scene_changes_clear (LimnSceneChanges *changes);

/* Adds the water that mirrors changed tiles. */
LimnStatus limn_scene_changes_add_water (LimnSceneChanges *changes, const LimnScene *now, LimnError *error) LIMN_MUST_USE;
/* Adds what shows something plain, which is the network's and differs each time; water mirrors none of it. */
void limn_scene_changes_add_plain (LimnSceneChanges *changes, const LimnScene *now);

static inline bool
limn_scene_changes_at (const LimnSceneChanges *changes, float x, float y)
{
  const size_t i = (size_t) (x / LIMN_TONE_CELL), j = (size_t) (y / LIMN_TONE_CELL);

  return i >= changes->width || j >= changes->height || changes->changed[j * changes->width + i];
}

#endif
