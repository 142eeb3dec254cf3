/* The outline of a thing that is told roughly, found by the engine. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"
#include "app/raster/limn-raster.h"

G_BEGIN_DECLS

/* Hints, a byte a pixel. Where there is any LIMN_OUTLINE_MAYBE, a loop drawn around the thing, all else is outside. */
typedef enum {
  LIMN_OUTLINE_NONE = 0,
  LIMN_OUTLINE_OUTSIDE = 1,
  LIMN_OUTLINE_MAYBE = 128,
  LIMN_OUTLINE_INSIDE = 255,
} LimnOutlineHint;

/* The part of a picture of extents all that is looked at for hints within told: with enough around them to learn what is outside; without a
 * loop the thing may be larger than what was said of it. */
LimnRect limn_outline_get_area (const LimnRect *told, gboolean loop, const LimnRect *all);

/* Looks at that part of picture; hints and mask: the part's width * height bytes. mask: 255 = inside, soft by a pixel along the border. Any thread. FALSE and
 * error where no hint says what is inside, when memory ends, or cancellable is set. */
gboolean limn_outline_find (LimnPicture *picture, const LimnRect *part, const guint8 *hints, guint8 *mask, GCancellable *cancellable,
                            GError **error);

G_END_DECLS
