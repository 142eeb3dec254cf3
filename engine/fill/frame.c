/* Finding a photo's plain frame, and continuing it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame.h"

#include <math.h>
#include <stdlib.h>

#include "job.h"

enum {
  LEAST = 3,    /* pixels of a bar, and ... */
  PART = 100,   /* ... such a part of the photo */
  SHOWN = 8,    /* such a part of a line must be known */
  CONTRAST = 8, /* levels by which the first line inside differs from the bar, on average ... */
  RINGING = 4,  /* ... after at most so many that JPEG has blurred, which belong to the bar */
};

static const float PLAIN = 1.2f; /* levels by which a bar's pixels differ from its colour, on average */
static const float LEVEL = 2.0f / 255.0f;

/* The lines along a side, counted from it. */
typedef struct {
  const LimnPixels *photo;
  const LimnFillArea *area;
  int side;
  size_t lines, length;
} Side;

/* Pixel i of line k; false where it isn't known. */
static bool
read_known (const Side *s, size_t k, size_t i, float rgb[3])
{
  const bool level = s->side == LIMN_FRAME_TOP || s->side == LIMN_FRAME_BOTTOM;
  const size_t line = s->side == LIMN_FRAME_TOP || s->side == LIMN_FRAME_LEFT ? k : s->lines - 1 - k;
  const size_t x = level ? i : line, y = level ? line : i;

  return limn_fill_area_at (s->area, x, y) == 0 && limn_fill_pixel (s->photo, x, y, rgb) >= 1.0f;
}

/* Mean colour of what is known of a line; false if too little is. */
static bool
line_mean (const Side *s, size_t k, float mean[3])
{
  double sum[3] = { 0 };
  size_t count = 0;

  for (size_t i = 0; i < s->length; i++) {
    float rgb[3];
    if (!read_known (s, k, i, rgb))
      continue;
    count++;
    for (int c = 0; c < 3; c++)
      sum[c] += rgb[c];
  }
  for (int c = 0; c < 3; c++)
    mean[c] = count ? (float) (sum[c] / (double) count) : 0.0f;
  return count * SHOWN >= s->length;
}

/* Mean difference of what is known of a line from a colour; INFINITY if too little is known. */
static float
line_difference (const Side *s, size_t k, const float colour[3])
{
  double sum = 0;
  size_t count = 0;

  for (size_t i = 0; i < s->length; i++) {
    float rgb[3];
    if (!read_known (s, k, i, rgb))
      continue;
    count++;
    for (int c = 0; c < 3; c++)
      sum += fabsf (rgb[c] - colour[c]);
  }
  return count * SHOWN >= s->length ? (float) (sum / (3.0 * (double) count)) : INFINITY;
}

/* The breadth of the bar along a side, and its colour. */
static size_t
find_bar (const Side *s, float colour[3])
{
  const size_t least = s->lines / PART > LEAST ? s->lines / PART : LEAST;
  size_t breadth = 0, end;

  if (!line_mean (s, 0, colour))
    return 0;
  while (breadth < s->lines / 2 && line_difference (s, breadth, colour) <= PLAIN * LEVEL)
    breadth++;
  for (end = breadth; end < breadth + RINGING && end < s->lines / 2; end++) {
    const float difference = line_difference (s, end, colour);
    if (difference >= CONTRAST * LEVEL)
      return breadth >= least && isfinite (difference) ? end : 0;
  }
  return 0;
}

LimnFrame
limn_frame_find (const LimnPixels *photo, const LimnFillArea *area)
{
  LimnFrame frame = { .width = photo->width, .height = photo->height };

  for (int side = 0; side < LIMN_FRAME_SIDES; side++) {
    const bool level = side == LIMN_FRAME_TOP || side == LIMN_FRAME_BOTTOM;
    const Side s = { photo, area, side, level ? photo->height : photo->width, level ? photo->width : photo->height };
    frame.breadth[side] = find_bar (&s, frame.colour[side]);
  }
  return frame;
}

LimnStatus
limn_frame_continue (const LimnFrame *frame, LimnFillArea *area, const LimnOverlay *overlay, LimnError *error)
{
  const LimnRegion *region = &area->region;

  for (size_t y = 0; y < region->height; y++)
    for (size_t x = 0; x < region->width; x++) {
      const int side = limn_frame_at (frame, region->x + x, region->y + y);
      const size_t at = y * region->width + x;
      if (side == LIMN_FRAME_SIDES || area->alpha[at] == 0)
        continue;
      if (area->thin == NULL && (area->thin = calloc (region->width * region->height, 1)) == NULL)
        return limn_fail_memory (error, region->width * region->height);
      area->thin[at] = 1;
      limn_fill_write (overlay, x, y, frame->colour[side], area->alpha[at]);
    }
  return LIMN_OK;
}
