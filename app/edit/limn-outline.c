/* Outlines, by the engine. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-outline.h"

#include "limn-engine-call.h"

G_STATIC_ASSERT ((int) LIMN_OUTLINE_NONE == (int) LIMN_HINT_NONE && (int) LIMN_OUTLINE_OUTSIDE == (int) LIMN_HINT_OUTSIDE &&
                 (int) LIMN_OUTLINE_MAYBE == (int) LIMN_HINT_MAYBE && (int) LIMN_OUTLINE_INSIDE == (int) LIMN_HINT_INSIDE);

/* Around a loop: of its longer side, and at least. Around strokes: of their longer side, and of the picture's. */
#define LOOP_PART 4
#define LOOP_LEAST 16
#define STROKE_PART 1
#define PICTURE_PART 8

LimnRect
limn_outline_get_area (const LimnRect *told, gboolean loop, const LimnRect *all)
{
  int side = MAX (told->width, told->height), whole = MAX (all->width, all->height);
  int margin = loop ? MAX (side / LOOP_PART, LOOP_LEAST) : MAX (side / STROKE_PART, whole / PICTURE_PART);
  LimnRect grown = { told->x - margin, told->y - margin, told->width + 2 * margin, told->height + 2 * margin };

  return limn_rect_intersect (&grown, all);
}

gboolean
limn_outline_find (LimnPicture *picture, const LimnRect *part, const guint8 *hints, guint8 *mask, GCancellable *cancellable, GError **error)
{
  LimnPixels pixels = limn_pixels_of (picture, part);
  LimnMask told = { hints, pixels.width, pixels.height, pixels.width };
  LimnEngineCall call;
  LimnStatus status;

  limn_engine_call_begin (&call, NULL, NULL, cancellable);
  status = limn_select (&pixels, &told, 0, &call.control, mask, &call.error);
  return limn_engine_call_end (&call, status, error);
}
