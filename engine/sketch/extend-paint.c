/* Extends paint by shortest paths, and smooths the borders between paints.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "extend-paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/imaging/resample.h"

enum {
  SWEEPS = 4,  /* sweeps in each of the four directions */
  ROUNDS = 40, /* smoothing rounds */
};

static const float PAINTED = 0.3f;    /* share from which a pixel counts as painted */
static const float LINE_COST = 400.f; /* cost of a step across a full line */
static const float UNDER_LINE = 0.1f; /* paint under this much of a line is ignored: it may belong to either side */

typedef struct {
  LimnImage *colour;     /* [h][w][3] */
  const LimnImage *wall; /* [h][w][1]: cost of a step onto a pixel */
  float *way;            /* [h][w]: path length, 0 where painted */
} Spreading;

/* Takes the neighbour's colour if the path through it is shorter. */
static void
relax_path (Spreading *p, size_t x, size_t y, int dx, int dy)
{
  const size_t w = p->wall->width, u = x + (size_t) (ptrdiff_t) dx, v = y + (size_t) (ptrdiff_t) dy, at = y * w + x, from = v * w + u;

  if (u >= w || v >= p->wall->height)
    return;
  const float way = p->way[from] + p->wall->data[at] * (dx && dy ? 1.4142f : 1.0f);
  if (way < p->way[at]) {
    p->way[at] = way;
    memcpy (p->colour->data + 3 * at, p->colour->data + 3 * from, 3 * sizeof (float));
  }
}

/* Sweeps in all four directions, often enough for paths around lines (fast sweeping, Zhao 2005). */
static void
find_paths (Spreading *p)
{
  const size_t w = p->wall->width, h = p->wall->height;

  for (int sweep = 0; sweep < 4 * SWEEPS; sweep++) {
    const int dx = sweep & 1 ? 1 : -1, dy = sweep & 2 ? 1 : -1;
    for (size_t j = 0; j < h; j++)
      for (size_t i = 0; i < w; i++) {
        const size_t x = dx < 0 ? i : w - 1 - i, y = dy < 0 ? j : h - 1 - j;
        relax_path (p, x, y, dx, 0);
        relax_path (p, x, y, 0, dy);
        relax_path (p, x, y, dx, dy);
      }
  }
}

/* Smooths the borders between different paints, but not across lines. */
static void
smooth_borders (Spreading *p)
{
  const size_t w = p->wall->width, h = p->wall->height;

  for (int round = 0; round < ROUNDS; round++)
    for (size_t y = 0; y < h; y++)
      for (size_t x = 0; x < w; x++) {
        const size_t at = y * w + x;
        float sum[3] = { 0 }, total = 0.0f;
        if (p->way[at] <= 0.0f)
          continue;
        const size_t near[4] = { x > 0 ? at - 1 : at, x + 1 < w ? at + 1 : at, y > 0 ? at - w : at, y + 1 < h ? at + w : at };
        for (int k = 0; k < 4; k++) {
          const float weight = 1.0f / (p->wall->data[near[k]] * p->wall->data[at]);
          for (size_t c = 0; c < 3; c++)
            sum[c] += weight * p->colour->data[3 * near[k] + c];
          total += weight;
        }
        for (size_t c = 0; c < 3; c++)
          p->colour->data[3 * at + c] = sum[c] / total;
      }
}

LimnStatus
limn_extend_paint (LimnImage *out, const LimnImage *colour, const LimnImage *alpha, const LimnImage *ink, LimnPool *pool, LimnError *error)
{
  LimnImage wall = { 0 };
  Spreading p = { .colour = out, .wall = &wall };
  bool any = false;

  LIMN_TRY (limn_resample (&wall, ink, alpha->width, alpha->height, LIMN_FILTER_AREA, pool, error));
  p.way = limn_alloc (alpha->width, alpha->height, 1, sizeof *p.way);
  if (p.way == NULL) {
    limn_image_clear (&wall);
    return limn_fail_memory (error, alpha->width * alpha->height * sizeof *p.way);
  }
  for (size_t i = 0; i < wall.width * wall.height; i++) {
    const bool painted = alpha->data[i] > PAINTED && wall.data[i] < UNDER_LINE;
    any |= painted;
    p.way[i] = painted ? 0.0f : INFINITY;
    wall.data[i] = 1.0f + LINE_COST * wall.data[i];
    if (painted)
      memcpy (out->data + 3 * i, colour->data + 3 * i, 3 * sizeof (float));
  }
  if (any) {
    find_paths (&p);
    smooth_borders (&p);
  }
  free (p.way);
  limn_image_clear (&wall);
  return LIMN_OK;
}
