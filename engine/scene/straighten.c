/* Straightens built areas of a scene: a person's hand wobbles, walls don't. Each connected part's outlines become straight where they
 * nearly are; larger parts first, so that a door is laid over its wall.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/connected-components.h"
#include "engine/texture/label-distance.h"
#include "engine/texture/outline.h"
#include "scene.h"

/* How much a line may wobble, units and as a share of its part's smaller side; smallest part that is straightened, units a side. */
static const float WOBBLE = 4.5f, SHARE = 0.09f, LEAST = 6;

/* A connected part of a built area, cells. */
typedef struct {
  uint32_t group; /* index of its first cell */
  uint8_t area;
  size_t cells, left, right, top, bottom;
  LimnLoop *loops; /* outer and inner outlines, straightened */
  size_t loop_count;
} Part;

typedef struct {
  LimnScene *scene;
  uint32_t *group; /* of each cell, for built ones */
  uint8_t *built;
  uint8_t *used; /* bits: sides of a cell whose edge has been followed */
  Part *parts;
  size_t count;
} Straightening;

/* ---------------------------------------------------------------- parts */

static void
find_groups (Straightening *s)
{
  const LimnScene *scene = s->scene;
  const size_t count = scene->grid_width * scene->grid_height;
  uint32_t *group = s->group + count; /* of one area */

  for (size_t k = 0; k < scene->count; k++) {
    if (!limn_light_is_built (limn_area_light (&scene->areas[k])))
      continue;
    for (size_t i = 0; i < count; i++)
      s->built[i] = scene->area[i] == k;
    limn_connected_components (group, s->built, scene->grid_width, scene->grid_height);
    for (size_t i = 0; i < count; i++)
      if (s->built[i])
        s->group[i] = group[i];
  }
  for (size_t i = 0; i < count; i++)
    s->built[i] = limn_light_is_built (limn_area_light (&scene->areas[scene->area[i]]));
}

static LimnStatus
list_parts (Straightening *s, LimnError *error)
{
  const size_t w = s->scene->grid_width, count = w * s->scene->grid_height;
  uint32_t *index = s->group + count; /* of a part, at its first cell */

  for (size_t i = 0; i < count; i++)
    if (s->built[i] && s->group[i] == i)
      index[i] = (uint32_t) s->count++;
  s->parts = calloc (s->count + 1, sizeof *s->parts);
  if (!s->parts)
    return limn_fail_memory (error, s->count * sizeof *s->parts);
  for (size_t i = 0; i < count; i++) {
    const size_t x = i % w, y = i / w;

    if (!s->built[i])
      continue;
    Part *p = &s->parts[index[s->group[i]]];
    p->left = p->cells > 0 ? limn_size_min (p->left, x) : x;
    p->right = p->cells > 0 && p->right > x ? p->right : x;
    p->top = p->cells > 0 ? p->top : y;
    p->bottom = y;
    p->cells++;
    p->area = s->scene->area[i];
    p->group = s->group[i];
  }
  return LIMN_OK;
}

/* ---------------------------------------------------------------- outlines */

/* Sides of a cell in the order in which its outline is followed, the cell to the right: top, right, bottom, left; and the corner where
 * each begins. */
static const int side_x[4] = { 0, 1, 0, -1 }, side_y[4] = { -1, 0, 1, 0 }, corner_x[4] = { 0, 1, 1, 0 }, corner_y[4] = { 0, 0, 1, 1 };

static bool
is_in (const Straightening *s, uint32_t group, ptrdiff_t x, ptrdiff_t y)
{
  const ptrdiff_t w = (ptrdiff_t) s->scene->grid_width, h = (ptrdiff_t) s->scene->grid_height;

  return x >= 0 && y >= 0 && x < w && y < h && s->built[y * w + x] && s->group[y * w + x] == group;
}

/* Follows the outline from a side of cell (x, y) around once. */
static LimnStatus
follow (Straightening *s, uint32_t group, ptrdiff_t x, ptrdiff_t y, int side, LimnLoop *loop, LimnError *error)
{
  const ptrdiff_t w = (ptrdiff_t) s->scene->grid_width;

  while (!(s->used[y * w + x] & 1 << side)) {
    const int ahead = (side + 1) % 4; /* along the side, the next cell lies in this direction */
    const ptrdiff_t ax = x + side_x[ahead], ay = y + side_y[ahead], ox = ax + side_x[side], oy = ay + side_y[side];

    s->used[y * w + x] |= (uint8_t) (1 << side);
    LIMN_TRY (limn_loop_add (loop, (float) (x + corner_x[side]), (float) (y + corner_y[side]), error));
    if (is_in (s, group, ox, oy)) {
      x = ox;
      y = oy;
      side = (side + 3) % 4;
    } else if (is_in (s, group, ax, ay)) {
      x = ax;
      y = ay;
    } else {
      side = ahead;
    }
  }
  return LIMN_OK;
}

static float
smaller_side (const LimnLoop *loop)
{
  float left = 1e9f, right = -1e9f, top = 1e9f, bottom = -1e9f;

  for (size_t i = 0; i < loop->count; i++) {
    left = limn_min (left, loop->points[i].x);
    right = limn_max (right, loop->points[i].x);
    top = limn_min (top, loop->points[i].y);
    bottom = limn_max (bottom, loop->points[i].y);
  }
  return limn_min (right - left, bottom - top);
}

/* Adds a loop to a part, straightened if it is large enough. */
static LimnStatus
add_outline (const Straightening *s, Part *part, LimnLoop *loop, LimnError *error)
{
  const float side = smaller_side (loop) * s->scene->cell;
  LimnLoop *loops = realloc (part->loops, (part->loop_count + 1) * sizeof *loops);

  if (!loops)
    return limn_fail_memory (error, sizeof *loops);
  part->loops = loops;
  loops[part->loop_count] = (LimnLoop){ 0 };
  if (side >= LEAST)
    return limn_loop_straighten (loop, limn_max (limn_min (WOBBLE, SHARE * side + 0.4f) / s->scene->cell, 0.8f), &loops[part->loop_count++],
                                 error);
  loops[part->loop_count++] = *loop;
  *loop = (LimnLoop){ 0 };
  return LIMN_OK;
}

static LimnStatus
trace_part (Straightening *s, Part *part, LimnError *error)
{
  LimnLoop loop = { 0 };
  LimnStatus status = LIMN_OK;

  for (size_t y = part->top; status == LIMN_OK && y <= part->bottom; y++)
    for (size_t x = part->left; status == LIMN_OK && x <= part->right; x++)
      for (int side = 0; status == LIMN_OK && side < 4; side++) {
        if (!is_in (s, part->group, (ptrdiff_t) x, (ptrdiff_t) y) ||
            is_in (s, part->group, (ptrdiff_t) x + side_x[side], (ptrdiff_t) y + side_y[side]) ||
            s->used[y * s->scene->grid_width + x] & 1 << side)
          continue;
        loop.count = 0;
        status = follow (s, part->group, (ptrdiff_t) x, (ptrdiff_t) y, side, &loop, error);
        if (status == LIMN_OK)
          status = add_outline (s, part, &loop, error);
      }
  limn_loop_clear (&loop);
  return status;
}

/* ---------------------------------------------------------------- filling */

/* Whether the middle of cell (x, y) is inside an odd number of the part's loops: edges to its right are counted. */
static void
mark_row (const Part *part, size_t y, uint8_t *inside, size_t width)
{
  const float at = (float) y + 0.5f;

  memset (inside, 0, width);
  for (size_t l = 0; l < part->loop_count; l++)
    for (size_t i = 0; i < part->loops[l].count; i++) {
      const LimnPoint a = part->loops[l].points[i], b = part->loops[l].points[(i + 1) % part->loops[l].count];

      if ((a.y <= at) == (b.y <= at))
        continue;
      const float cross = a.x + (at - a.y) / (b.y - a.y) * (b.x - a.x);
      for (float x = limn_max (ceilf (cross - 0.5f), 0); x < (float) width; x++)
        inside[(size_t) x] ^= 1;
    }
}

/* Cells that come to lie inside the part's lines are its own; those that were and no longer do get what lies behind. */
static void
fill_part (Straightening *s, const Part *part, uint8_t *inside)
{
  LimnScene *scene = s->scene;
  const size_t w = scene->grid_width, margin = (size_t) (3 * WOBBLE / scene->cell) + 2;
  const size_t top = part->top > margin ? part->top - margin : 0, bottom = limn_size_min (part->bottom + margin, scene->grid_height - 1);

  for (size_t y = top; y <= bottom; y++) {
    mark_row (part, y, inside, w);
    for (size_t x = 0; x < w; x++) {
      const size_t i = y * w + x;
      const bool was = s->built[i] && s->group[i] == part->group;

      if (inside[x])
        scene->area[i] = part->area;
      else if (was && scene->area[i] == part->area)
        scene->area[i] = scene->behind[i];
    }
  }
}

static int
compare_parts (const void *a, const void *b)
{
  const Part *p = a, *q = b;

  return p->cells != q->cells ? (p->cells < q->cells ? 1 : -1) : (p->group > q->group) - (p->group < q->group);
}

static LimnStatus
straighten (Straightening *s, LimnError *error)
{
  LimnScene *scene = s->scene;
  const size_t count = scene->grid_width * scene->grid_height;
  uint8_t *inside;

  find_groups (s);
  LIMN_TRY (list_parts (s, error));
  if (s->count == 0)
    return LIMN_OK;
  for (size_t i = 0; i < s->count; i++)
    LIMN_TRY (trace_part (s, &s->parts[i], error));
  LIMN_TRY (limn_label_distance (scene->distance, scene->behind, scene->area, scene->grid_width, scene->grid_height, scene->pool, error));
  qsort (s->parts, s->count, sizeof *s->parts, compare_parts);
  inside = malloc (count);
  if (!inside)
    return limn_fail_memory (error, count);
  for (size_t i = 0; i < s->count; i++)
    fill_part (s, &s->parts[i], inside);
  free (inside);
  return LIMN_OK;
}

LimnStatus
limn_scene_straighten (LimnScene *scene, LimnError *error)
{
  const size_t count = scene->grid_width * scene->grid_height;
  Straightening s = { .scene = scene };
  LimnStatus status;

  s.group = limn_alloc (count, 2, 1, sizeof *s.group);
  s.built = malloc (count);
  s.used = calloc (count, 1);
  status = s.group && s.built && s.used ? straighten (&s, error) : limn_fail_memory (error, 10 * count);
  for (size_t i = 0; s.parts && i < s.count; i++) {
    for (size_t l = 0; l < s.parts[i].loop_count; l++)
      limn_loop_clear (&s.parts[i].loops[l]);
    free (s.parts[i].loops);
  }
  free (s.parts);
  free (s.group);
  free (s.built);
  free (s.used);
  return status;
}
