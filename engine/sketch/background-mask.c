/* Finds a drawing's background: areas enclosed by lines, found by flood fill, and distances to paint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "background-mask.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/base/minmax.h"

/* Shares from which a pixel counts as painted, and as part of a line. */
static const float PAINTED = 0.3f, LINE = 0.25f;

enum {
  AREA_LINE,
  AREA_NEW,
  AREA_BACKGROUND,
  AREA_OPEN,
  AREA_CLOSED
}; /* kinds of areas: without paint; with paint and open to the border; with paint and enclosed by lines */

typedef struct {
  size_t width, height;
  uint8_t *area;
  uint32_t *stack;
  float *distance; /* distance to paint, in pixels */
} BackgroundMask;

/* Floods the area around pixel first and sets its kind. */
static void
flood_area (BackgroundMask *p, const LimnImage *alpha, size_t first)
{
  size_t count = 0, done = 0;
  bool paint = false, border = false;

  p->stack[count++] = (uint32_t) first;
  p->area[first] = AREA_BACKGROUND;
  while (done < count) { /* the stack keeps all pixels of the area */
    const size_t i = p->stack[done++], x = i % p->width, y = i / p->width;
    const size_t next[4] = { x > 0 ? i - 1 : i, x + 1 < p->width ? i + 1 : i, y > 0 ? i - p->width : i,
                             y + 1 < p->height ? i + p->width : i };

    paint |= alpha->data[i] > PAINTED;
    for (int k = 0; k < 4; k++) {
      border |= next[k] == i;
      if (p->area[next[k]] == AREA_NEW) {
        p->area[next[k]] = AREA_BACKGROUND;
        p->stack[count++] = (uint32_t) next[k];
      }
    }
  }
  for (size_t k = 0; paint && k < count; k++)
    p->area[p->stack[k]] = border ? AREA_OPEN : AREA_CLOSED;
}

static float
min_distance (float best, float neighbour, float step)
{
  return limn_min (best, neighbour + step);
}

/* Distance transform by two sweeps with steps of 1 and sqrt 2 (Borgefors 1986, "Distance transformations in digital images"). */
static void
measure_distances (BackgroundMask *p, const LimnImage *alpha)
{
  const size_t w = p->width, h = p->height;
  const float diagonal = sqrtf (2.0f);
  float *d = p->distance;

  for (size_t i = 0; i < w * h; i++)
    d[i] = alpha->data[i] > PAINTED ? 0.0f : INFINITY;
  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++) {
      float *at = d + y * w + x;
      if (x > 0)
        *at = min_distance (*at, at[-1], 1);
      if (y > 0) {
        *at = min_distance (*at, at[-(ptrdiff_t) w], 1);
        if (x > 0)
          *at = min_distance (*at, at[-(ptrdiff_t) w - 1], diagonal);
        if (x + 1 < w)
          *at = min_distance (*at, at[-(ptrdiff_t) w + 1], diagonal);
      }
    }
  for (size_t y = h; y-- > 0;)
    for (size_t x = w; x-- > 0;) {
      float *at = d + y * w + x;
      if (x + 1 < w)
        *at = min_distance (*at, at[1], 1);
      if (y + 1 < h) {
        *at = min_distance (*at, at[w], 1);
        if (x > 0)
          *at = min_distance (*at, at[w - 1], diagonal);
        if (x + 1 < w)
          *at = min_distance (*at, at[w + 1], diagonal);
      }
    }
}

LimnStatus
limn_paint_background (LimnImage *colour, LimnImage *alpha, const LimnImage *ink, float reach, LimnError *error)
{
  BackgroundMask p = { .width = alpha->width, .height = alpha->height };
  const size_t count = p.width * p.height;
  LimnStatus status = LIMN_OK;

  p.area = malloc (count);
  p.stack = malloc (count * sizeof *p.stack);
  p.distance = malloc (count * sizeof *p.distance);
  if (!p.area || !p.stack || !p.distance) {
    status = limn_fail_memory (error, count * (1 + sizeof *p.stack + sizeof *p.distance));
  } else {
    for (size_t i = 0; i < count; i++)
      p.area[i] = ink->data && ink->data[i] > LINE ? AREA_LINE : AREA_NEW;
    for (size_t i = 0; i < count; i++)
      if (p.area[i] == AREA_NEW)
        flood_area (&p, alpha, i);
    measure_distances (&p, alpha);
    for (size_t i = 0; i < count; i++)
      if (p.area[i] == AREA_BACKGROUND || (p.area[i] == AREA_OPEN && p.distance[i] > reach)) {
        alpha->data[i] = 1;
        for (size_t c = 0; c < 3; c++)
          colour->data[3 * i + c] = 1;
      }
  }
  free (p.area);
  free (p.stack);
  free (p.distance);
  return status;
}
