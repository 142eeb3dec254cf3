/* The plain frame of a photo: a letterbox's bars, a border around a print. Internal to fill/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_FILL_FRAME_H
#define LIMN_FILL_FRAME_H

#include "area.h"

enum { LIMN_FRAME_TOP, LIMN_FRAME_BOTTOM, LIMN_FRAME_LEFT, LIMN_FRAME_RIGHT, LIMN_FRAME_SIDES };

/* breadth: pixels of each bar, 0 where there is none; colour: in [-1, 1]. */
typedef struct {
  size_t width, height; /* of the photo */
  size_t breadth[LIMN_FRAME_SIDES];
  float colour[LIMN_FRAME_SIDES][3];
} LimnFrame;

/* A bar: lines along a side that have, as far as they are known, one and the same colour, up to a line that hasn't (but for a few that JPEG has blurred); at least a hundredth of
 * the photo and less than half of it. */
LimnFrame limn_frame_find (const LimnPixels *photo, const LimnFillArea *area);

/* The bar that pixel (x, y) is in, or LIMN_FRAME_SIDES. */
static inline int
limn_frame_at (const LimnFrame *frame, size_t x, size_t y)
{
  if (y < frame->breadth[LIMN_FRAME_TOP])
    return LIMN_FRAME_TOP;
  if (frame->height - 1 - y < frame->breadth[LIMN_FRAME_BOTTOM])
    return LIMN_FRAME_BOTTOM;
  if (x < frame->breadth[LIMN_FRAME_LEFT])
    return LIMN_FRAME_LEFT;
  return frame->width - 1 - x < frame->breadth[LIMN_FRAME_RIGHT] ? LIMN_FRAME_RIGHT : LIMN_FRAME_SIDES;
}

/* Continues the bars where the area covers them: writes their colours into overlay, of the area's region, and marks the pixels as thin, which are
 * completed. */
LimnStatus limn_frame_continue (const LimnFrame *frame, LimnFillArea *area, const LimnOverlay *overlay, LimnError *error) LIMN_MUST_USE;

#endif
