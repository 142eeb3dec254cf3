/* Renders scenes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_RENDER_H
#define LIMN_RENDER_H

#include "engine/scene/scene.h"

/* Paints all places that have a material over out, a picture of 8 bits of the size that the scene was made for; what is plain stays. */
LimnStatus limn_scene_render (LimnScene *scene, LimnPixels *out, LimnError *error) LIMN_MUST_USE;

#endif
