/* Finds trees that were painted one by one: each of the narrow parts of an area of firs is one tree, not a wood.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "engine/imaging/connected-components.h"
#include "scene.h"

/* A lone tree is at least so many times as high as wide, at most so wide, and at least so high; units. */
static const float SLENDER = 1.15f, WIDEST = 220, LEAST = 26;

typedef struct {
  size_t count, left, right, top, bottom;
} Extent;

static void
add_cell (Extent *e, size_t x, size_t y)
{
  e->left = e->count > 0 ? limn_size_min (e->left, x) : x;
  e->right = e->count > 0 && e->right > x ? e->right : x;
  e->top = e->count > 0 ? e->top : y;
  e->bottom = y;
  e->count++;
}

/* Whether that part is one tree, which is then added. size: units a cell. */
static bool
add_if_lone (LimnArea *area, const Extent *e, float size)
{
  const float wide = size * (float) (e->right - e->left + 1), high = size * (float) (e->bottom - e->top + 1);

  if (high < SLENDER * wide || wide > WIDEST || high < LEAST || area->lone_count == LIMN_LONE_MOST)
    return false;
  area->lone[area->lone_count++] = (LimnLone){
    .x = 0.5f * size * (float) (e->left + e->right + 1), .foot = size * (float) (e->bottom + 1), .high = high, .half = 0.54f * wide
  };
  return true;
}

static int
compare_lone (const void *a, const void *b)
{
  const LimnLone *p = a, *q = b;

  return p->foot != q->foot ? (p->foot < q->foot ? 1 : -1) : (p->x > q->x) - (p->x < q->x);
}

LimnStatus
limn_scene_find_lone (LimnArea *area, uint8_t *inside, size_t width, size_t height, float size, LimnError *error)
{
  const size_t count = width * height;
  uint32_t *group = limn_alloc (count, 1, 1, sizeof *group);
  Extent *extents = calloc (count, sizeof *extents);
  LimnStatus status = LIMN_OK;

  if (!group || !extents) {
    status = limn_fail_memory (error, count * sizeof *extents);
  } else {
    limn_connected_components (group, inside, width, height);
    for (size_t i = 0; i < count; i++)
      if (inside[i])
        add_cell (&extents[group[i]], i % width, i / width);
    for (size_t i = 0; i < count; i++)
      if (extents[i].count > 0 && !add_if_lone (area, &extents[i], size))
        extents[i].count = 0;
    for (size_t i = 0; i < count; i++)
      if (inside[i] && extents[group[i]].count > 0)
        inside[i] = 0;
    qsort (area->lone, area->lone_count, sizeof *area->lone, compare_lone);
  }
  free (group);
  free (extents);
  return status;
}
