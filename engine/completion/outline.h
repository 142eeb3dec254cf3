/* Outlines that go on through a hole: edges that meet its border are traced, and joined in pairs by arcs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_OUTLINE_H
#define LIMN_OUTLINE_H

#include "patch-level.h"

enum {
  LIMN_EDGE_POINTS = 48,    /* most points of a traced edge, about a pixel apart */
  LIMN_EDGES = 64,          /* most edges of a hole */
  LIMN_OUTLINES = 8,        /* most outlines that go on through a hole */
  LIMN_OUTLINE_POINTS = 33, /* of an outline within the hole */
};

typedef struct {
  float x, y;
} LimnVector;

static inline LimnVector
limn_vector_right_of (LimnVector direction)
{
  return (LimnVector){ -direction.y, direction.x };
}

/* Point p moved by so many times direction. */
static inline LimnVector
limn_vector_along (LimnVector p, LimnVector direction, float by)
{
  return (LimnVector){ p.x + by * direction.x, p.y + by * direction.y };
}

static inline LimnVector
limn_vector_between (LimnVector from, LimnVector to)
{
  return (LimnVector){ to.x - from.x, to.y - from.y };
}

static inline float
limn_vector_dot (LimnVector a, LimnVector b)
{
  return a.x * b.x + a.y * b.y;
}

/* Positive where b is clockwise of a, as y points down. */
static inline float
limn_vector_cross (LimnVector a, LimnVector b)
{
  return a.x * b.y - a.y * b.x;
}

/* An edge that meets the hole, as seen when walking along it into the hole. Pixel centres have whole coordinates. */
typedef struct {
  LimnVector point[LIMN_EDGE_POINTS]; /* from the hole outwards */
  size_t points;
  LimnVector into;    /* unit vector: where it goes at its first point */
  float curvature;    /* there, 1 / pixels: positive if it turns clockwise */
  float colour[2][3]; /* mean texels on its left and on its right */
  float contrast;     /* their difference */
} LimnEdge;

/* Finds edges around the level's hole: clear and smooth ones, the clearest first. edges: [LIMN_EDGES], *count of them. */
LimnStatus limn_edges_find (LimnEdge *edges, size_t *count, const LimnPatchLevel *level, LimnPool *pool, LimnError *error) LIMN_MUST_USE;

/* An outline from an edge through the hole to another. */
typedef struct {
  LimnVector point[LIMN_OUTLINE_POINTS];
  float length;
  LimnEdge edge[2]; /* that it begins with, and that it ends in */
} LimnOutline;

typedef struct {
  LimnOutline *outline; /* [count], allocated */
  size_t count;
} LimnOutlines;

/* Joins edges where an arc leads from one to the other with the same colours on either side; no outline crosses another. Clear with
 * limn_outlines_clear, also after an error. */
LimnStatus limn_outlines_find (LimnOutlines *outlines, const LimnPatchLevel *level, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_outlines_clear (LimnOutlines *outlines);
/* From a level's pixels to those of one that is so many times as large. */
void limn_outlines_scale (LimnOutlines *outlines, float by);

#endif
