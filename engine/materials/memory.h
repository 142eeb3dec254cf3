/* Renders scenes as limn_scene_render does, with the same pixels, but paints only what has changed since an earlier one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_MEMORY_H
#define LIMN_MEMORY_H

#include "render.h"

/* memory: NULL, or keeps the picture, and the scene, which is empty then, for the next one of this size. */
LimnStatus limn_scene_render_again (LimnScene *scene, LimnSketchMemory *memory, LimnPixels *out, LimnError *error) LIMN_MUST_USE;

#endif
