/* Joins edges through a hole: two that an arc leads from one to the other, with the same colours on its sides.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "outline.h"

enum { SHORTEST = 16, BORDER = 6 /* pixels at an outline's ends that may lie in what is known */ };

static const float STEEPEST = 1.0f;   /* radians between the chord and an edge */
static const float UNEVEN = 2.0f;     /* cost of a squared radian by which the turns at both ends differ: no arc has them differ */
static const float TURNING = 0.5f;    /* of a squared radian by which the outline turns; less if the edges turn so ... */
static const float AS_BEFORE = 0.35f; /* ... by this factor */
static const float COLOURED = 1.5f; /* of a squared difference of colours like these colours' own squares, on the side that is more alike */
static const float UNLIKE = 0.08f;  /* most of that */
static const float CLEARER = 2.35f; /* most by which an edge is clearer than the other */
static const float ONE_HUE = 0.94f; /* cosine of colours */
static const float OTHER_SIDE = 0.03f; /* of one like the edges' squared contrasts, on the other: a thing's background may change */
static const float REMOTE = 0.15f;     /* of a length like that of the hole */
static const float DEAREST = 0.6f;     /* of two edges that are joined */
static const float IN_HOLE = 0.85f;    /* least part of an outline that lies in the hole */

typedef struct {
  size_t from, to; /* indices of edges */
  float cost;
} Pair;

/* Angle from a to b in (-pi, pi]. */
static float
angle_between (LimnVector a, LimnVector b)
{
  return atan2f (limn_vector_cross (a, b), limn_vector_dot (a, b));
}

static float
squared_difference (const float *a, const float *b)
{
  float sum = 0;

  for (int c = 0; c < 3; c++)
    sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

static float
size_of (const float *colour)
{
  return sqrtf (colour[0] * colour[0] + colour[1] * colour[1] + colour[2] * colour[2]);
}

/* Whether one side's colours at both ends are of one hue, as in light and in shade. */
static bool
is_one_hue (const float *a, const float *b)
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] >= ONE_HUE * size_of (a) * size_of (b);
}

/* What an outline from one edge to the other costs. */
static float
cost_of (const LimnPatchLevel *level, const LimnEdge *a, const LimnEdge *b)
{
  const LimnVector chord = limn_vector_between (a->point[0], b->point[0]), out = { -b->into.x, -b->into.y };
  const float length = sqrtf (limn_vector_dot (chord, chord)), size = hypotf ((float) level->region.width, (float) level->region.height);
  const float first = angle_between (a->into, chord), last = angle_between (chord, out), turn = first + last;

  if (length < SHORTEST || a->contrast > CLEARER * b->contrast || b->contrast > CLEARER * a->contrast || fabsf (first) > STEEPEST ||
      fabsf (last) > STEEPEST)
    return INFINITY;
  const bool turns_so = (a->curvature - b->curvature) * turn > 0;
  /* walking out along b, its right is on the left of who walks in */
  const float left = squared_difference (a->colour[0], b->colour[1]), right = squared_difference (a->colour[1], b->colour[0]);
  const float *own = left < right ? a->colour[0] : a->colour[1], *other = left < right ? b->colour[1] : b->colour[0];
  const float unlike = limn_min (left, right) / (size_of (own) * size_of (other) + 1);
  if (unlike > UNLIKE || !is_one_hue (a->colour[0], b->colour[1]) || !is_one_hue (a->colour[1], b->colour[0]))
    return INFINITY;
  const float differs = COLOURED * unlike + OTHER_SIDE * limn_max (left, right) / (a->contrast * b->contrast);
  return UNEVEN * (first - last) * (first - last) + TURNING * (turns_so ? AS_BEFORE : 1.0f) * turn * turn + differs +
         REMOTE * length / size;
}

/* The arc, or nearly one where the turns at the ends differ: a cubic Bezier curve, whose handles are an arc's of that turn. */
static void
draw (LimnOutline *outline)
{
  const LimnEdge *a = &outline->edge[0], *b = &outline->edge[1];
  const LimnVector p = a->point[0], q = b->point[0], chord = limn_vector_between (p, q);
  const float turn = fabsf (angle_between (a->into, chord) + angle_between (chord, (LimnVector){ -b->into.x, -b->into.y }));
  const float handle = sqrtf (limn_vector_dot (chord, chord)) *
                       (turn > 0.01f ? 2.0f / 3.0f * tanf (turn / 4) / sinf (turn / 2) : 1.0f / 3.0f);

  outline->length = 0;
  for (int k = 0; k < LIMN_OUTLINE_POINTS; k++) {
    const float t = (float) k / (LIMN_OUTLINE_POINTS - 1), s = 1 - t, c0 = s * s * s + 3 * s * s * t, c3 = t * t * t + 3 * s * t * t;
    LimnVector *to = &outline->point[k];
    to->x = c0 * p.x + 3 * s * s * t * handle * a->into.x + 3 * s * t * t * handle * b->into.x + c3 * q.x;
    to->y = c0 * p.y + 3 * s * s * t * handle * a->into.y + 3 * s * t * t * handle * b->into.y + c3 * q.y;
    if (k > 0) {
      const LimnVector step = limn_vector_between (to[-1], *to);
      outline->length += sqrtf (limn_vector_dot (step, step));
    }
  }
}

static bool
is_in_hole (const LimnPatchLevel *level, const LimnOutline *outline)
{
  int inside = 0, count = 0;

  for (int k = 0; k < LIMN_OUTLINE_POINTS; k++) {
    const float from_begin = outline->length * (float) k / (LIMN_OUTLINE_POINTS - 1);
    const size_t x = (size_t) (ptrdiff_t) (outline->point[k].x + 0.5f), y = (size_t) (ptrdiff_t) (outline->point[k].y + 0.5f);
    if (from_begin < BORDER || outline->length - from_begin < BORDER)
      continue;
    count++;
    inside += x < level->width && y < level->height && level->state[y * level->width + x] == LIMN_PIXEL_TARGET;
  }
  return (float) inside >= IN_HOLE * (float) count;
}

static bool
cross (const LimnOutline *a, const LimnOutline *b)
{
  for (int i = 0; i + 1 < LIMN_OUTLINE_POINTS; i++)
    for (int j = 0; j + 1 < LIMN_OUTLINE_POINTS; j++) {
      const LimnVector d = limn_vector_between (a->point[i], a->point[i + 1]), e = limn_vector_between (b->point[j], b->point[j + 1]);
      const LimnVector between = limn_vector_between (a->point[i], b->point[j]);
      const float area = limn_vector_cross (d, e);
      const float s = limn_vector_cross (between, e) / area, t = limn_vector_cross (between, d) / area;
      if (area != 0 && s >= 0 && s <= 1 && t >= 0 && t <= 1)
        return true;
    }
  return false;
}

static int
by_cost (const void *a, const void *b)
{
  const Pair *p = a, *q = b;

  if (p->cost != q->cost)
    return p->cost < q->cost ? -1 : 1;
  return p->from != q->from ? (p->from < q->from ? -1 : 1) : (p->to > q->to) - (p->to < q->to);
}

/* Takes pairs in order of cost, each edge once. */
static void
join (LimnOutlines *outlines, const LimnPatchLevel *level, const LimnEdge *edges, Pair *pairs, size_t count)
{
  bool used[LIMN_EDGES] = { false };

  if (count > 0)
    qsort (pairs, count, sizeof *pairs, by_cost);
  for (size_t k = 0; k < count && outlines->count < LIMN_OUTLINES; k++) {
    LimnOutline *outline = &outlines->outline[outlines->count];
    if (used[pairs[k].from] || used[pairs[k].to])
      continue;
    outline->edge[0] = edges[pairs[k].from];
    outline->edge[1] = edges[pairs[k].to];
    draw (outline);
    bool fits = is_in_hole (level, outline);
    for (size_t i = 0; fits && i < outlines->count; i++)
      fits = !cross (outline, &outlines->outline[i]);
    if (!fits)
      continue;
    used[pairs[k].from] = used[pairs[k].to] = true;
    outlines->count++;
  }
}

LimnStatus
limn_outlines_find (LimnOutlines *outlines, const LimnPatchLevel *level, LimnPool *pool, LimnError *error)
{
  LimnEdge *edges = limn_alloc (LIMN_EDGES, 1, 1, sizeof *edges);
  Pair *pairs = limn_alloc (LIMN_EDGES, LIMN_EDGES, 1, sizeof *pairs);
  size_t count = 0, paired = 0;
  LimnStatus status = LIMN_OK;

  *outlines = (LimnOutlines){ .outline = limn_alloc (LIMN_OUTLINES, 1, 1, sizeof *outlines->outline) };
  if (edges == NULL || pairs == NULL || outlines->outline == NULL)
    status = limn_fail_memory (error, LIMN_EDGES * sizeof *edges);
  if (status == LIMN_OK)
    status = limn_edges_find (edges, &count, level, pool, error);
  for (size_t i = 0; status == LIMN_OK && i < count; i++)
    for (size_t j = i + 1; j < count; j++) {
      const float cost = cost_of (level, &edges[i], &edges[j]);
      if (cost < DEAREST)
        pairs[paired++] = (Pair){ i, j, cost };
    }
  if (status == LIMN_OK)
    join (outlines, level, edges, pairs, paired);
  free (edges);
  free (pairs);
  return status;
}

void
limn_outlines_clear (LimnOutlines *outlines)
{
  free (outlines->outline);
  *outlines = (LimnOutlines){ 0 };
}

static void
scale_points (LimnVector *point, size_t count, float by)
{
  for (size_t k = 0; k < count; k++) /* pixels' centres have whole coordinates */
    point[k] = (LimnVector){ (point[k].x + 0.5f) * by - 0.5f, (point[k].y + 0.5f) * by - 0.5f };
}

void
limn_outlines_scale (LimnOutlines *outlines, float by)
{
  for (size_t k = 0; k < outlines->count; k++) {
    LimnOutline *outline = &outlines->outline[k];
    scale_points (outline->point, LIMN_OUTLINE_POINTS, by);
    outline->length *= by;
    for (int end = 0; end < 2; end++)
      scale_points (outline->edge[end].point, outline->edge[end].points, by);
  }
}
