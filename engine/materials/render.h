/* Renders scenes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_RENDER_H
#define LIMN_RENDER_H

#include "engine/scene/scene-changes.h"

/* A picture that was made of a scene before, of that scene's size: what has not changed is taken from it. */
typedef struct {
  const LimnScene *scene;
  const uint8_t *pixels;     /* RGBA, rows without gaps */
  LimnSceneChanges *changes; /* what is plain, and water that mirrors changes, are added */
} LimnEarlier;

/* Paints all places that have a material over out, 8 bits: the part of the picture that the scene was made for from (left, top) on; what is
 * plain stays. earlier: NULL, or what is known from before, of the whole picture. */
LimnStatus
limn_scene_render (LimnScene *scene, const LimnEarlier *earlier, size_t left, size_t top, LimnPixels *out, LimnError *error) LIMN_MUST_USE;

#endif
