/* Straightens loops: corners by Douglas and Peucker (1973), lines between them by least squares, new corners where lines meet.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "outline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lines that are no steeper than this against an axis become parallel to it. */
static const float NEARLY = 0.11f;
/* Corners may move by this many tolerances. */
static const float MOST_MOVE = 2.0f;
/* A part bends if its points stay off its line by more than this share of the tolerance, on one side for long. */
static const float BENT = 0.10f;
/* Lines shorter than this many tolerances are corners that a hand has rounded: their neighbours are made to meet instead. */
static const float SHORT = 1.8f;
/* At a corner of a curve lines turn by no more than this; sine of the angle. */
static const float GENTLE = 0.6f;

LimnStatus
limn_loop_add (LimnLoop *loop, float x, float y, LimnError *error)
{
  if (loop->count == loop->room) {
    const size_t room = loop->room > 0 ? 2 * loop->room : 64;
    LimnPoint *points = realloc (loop->points, room * sizeof *points);

    if (!points)
      return limn_fail_memory (error, room * sizeof *points);
    loop->points = points;
    loop->room = room;
  }
  loop->points[loop->count++] = (LimnPoint){ x, y };
  return LIMN_OK;
}

void
limn_loop_clear (LimnLoop *loop)
{
  free (loop->points);
  memset (loop, 0, sizeof *loop);
}

/* ---------------------------------------------------------------- corners */

static float
squared_distance (LimnPoint a, LimnPoint b)
{
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/* Distance of p from the line through a and b. */
static float
off_line (LimnPoint p, LimnPoint a, LimnPoint b)
{
  const float dx = b.x - a.x, dy = b.y - a.y, length = sqrtf (dx * dx + dy * dy);

  return length > 0 ? fabsf (dx * (p.y - a.y) - dy * (p.x - a.x)) / length : sqrtf (squared_distance (p, a));
}

/* Marks corners between first and last (both marked already; indices may run past the end). */
static void
mark_corners (const LimnLoop *loop, size_t first, size_t last, float tolerance, bool *corner)
{
  const size_t n = loop->count;
  float most = tolerance;
  size_t at = 0;

  for (size_t i = first + 1; i < last; i++) {
    const float off = off_line (loop->points[i % n], loop->points[first % n], loop->points[last % n]);
    if (off > most) {
      most = off;
      at = i;
    }
  }
  if (at == 0)
    return;
  corner[at % n] = true;
  mark_corners (loop, first, at, tolerance, corner);
  mark_corners (loop, at, last, tolerance, corner);
}

/* The point that is farthest from point i. */
static size_t
farthest (const LimnLoop *loop, size_t i)
{
  size_t at = i;
  float most = 0;

  for (size_t k = 0; k < loop->count; k++)
    if (squared_distance (loop->points[k], loop->points[i]) > most) {
      most = squared_distance (loop->points[k], loop->points[i]);
      at = k;
    }
  return at;
}

/* ---------------------------------------------------------------- lines */

/* From corner first to corner last (indices may run past the end). */
typedef struct {
  size_t first, last;
  LimnPoint middle, along; /* along: of length one */
  bool bent;
} Line;

static void
fit_line (const LimnLoop *loop, Line *line)
{
  const size_t n = loop->count, count = line->last - line->first + 1;
  double x = 0, y = 0, xx = 0, xy = 0, yy = 0;

  for (size_t i = line->first; i <= line->last; i++) {
    x += (double) loop->points[i % n].x;
    y += (double) loop->points[i % n].y;
  }
  x /= (double) count;
  y /= (double) count;
  for (size_t i = line->first; i <= line->last; i++) {
    const double dx = (double) loop->points[i % n].x - x, dy = (double) loop->points[i % n].y - y;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  /* The principal axis of the points; its direction from the larger of two equivalent forms. */
  const double root = sqrt ((xx - yy) * (xx - yy) + 4 * xy * xy);
  double ax = xx >= yy ? xx - yy + root : 2 * xy, ay = xx >= yy ? 2 * xy : yy - xx + root;
  const double length = sqrt (ax * ax + ay * ay);
  line->middle = (LimnPoint){ (float) x, (float) y };
  line->along = length > 0 ? (LimnPoint){ (float) (ax / length), (float) (ay / length) } : (LimnPoint){ 1, 0 };
  if (fabsf (line->along.y) < NEARLY)
    line->along = (LimnPoint){ 1, 0 };
  else if (fabsf (line->along.x) < NEARLY)
    line->along = (LimnPoint){ 0, 1 };
}

/* The sine of the angle by which the outline turns from a line to the next; 1 where it turns back. */
static float
turn (const LimnLoop *loop, const Line *line, const Line *next)
{
  const size_t n = loop->count;
  const LimnPoint a = loop->points[line->first % n], b = loop->points[next->first % n], c = loop->points[next->last % n];
  const float ux = b.x - a.x, uy = b.y - a.y, vx = c.x - b.x, vy = c.y - b.y;
  const float length = sqrtf ((ux * ux + uy * uy) * (vx * vx + vy * vy));

  return length > 0 && ux * vx + uy * vy > 0 ? fabsf (ux * vy - uy * vx) / length : 1;
}

/* A part of a curve turns gently at one end at least, and changes sides seldom; a wobble changes them often. */
static bool
is_bent (const LimnLoop *loop, const Line *before, const Line *line, const Line *next, float tolerance)
{
  const size_t n = loop->count;
  double squares = 0;
  size_t changes = 0;
  float side = 0;

  if (turn (loop, before, line) > GENTLE && turn (loop, line, next) > GENTLE)
    return false;
  for (size_t i = line->first; i <= line->last; i++) {
    const LimnPoint p = loop->points[i % n];
    const float off = line->along.x * (p.y - line->middle.y) - line->along.y * (p.x - line->middle.x);

    squares += (double) off * (double) off;
    if (fabsf (off) > 0.25f * BENT * tolerance && off * side <= 0) {
      changes += side != 0;
      side = off;
    }
  }
  return sqrt (squares / (double) (line->last - line->first + 1)) > (double) (BENT * tolerance) && changes <= 2;
}

/* Where two lines meet; false where they are nearly parallel. */
static bool
meet (const Line *a, const Line *b, LimnPoint *out)
{
  const float cross = a->along.x * b->along.y - a->along.y * b->along.x;
  const float t = ((b->middle.x - a->middle.x) * b->along.y - (b->middle.y - a->middle.y) * b->along.x) / cross;

  if (fabsf (cross) < 0.2f)
    return false;
  *out = (LimnPoint){ a->middle.x + t * a->along.x, a->middle.y + t * a->along.y };
  return true;
}

static bool
is_straight (const LimnLoop *loop, const Line *line, float tolerance)
{
  for (size_t i = line->first; i <= line->last; i++) {
    const LimnPoint p = loop->points[i % loop->count];
    if (fabsf (line->along.x * (p.y - line->middle.y) - line->along.y * (p.x - line->middle.x)) > tolerance)
      return false;
  }
  return true;
}

/* Corners were found against lines from corner to corner, which wobble too: where one line fits two neighbours, they are one. */
static size_t
join_lines (const LimnLoop *loop, Line *lines, size_t count, float tolerance)
{
  size_t kept = 1;

  for (size_t i = 1; i < count; i++) {
    Line both = { .first = lines[kept - 1].first, .last = lines[i].last };

    fit_line (loop, &both);
    if (count - i + kept > 3 && is_straight (loop, &both, 0.7f * tolerance))
      lines[kept - 1] = both;
    else
      lines[kept++] = lines[i];
  }
  return kept;
}

/* Leaves short lines out, but keeps three; returns how many there are then. */
static size_t
drop_short (const LimnLoop *loop, Line *lines, size_t count, float tolerance)
{
  const size_t n = loop->count;
  size_t kept = 0, left = count;

  for (size_t i = 0; i < count; i++) {
    const float squared = squared_distance (loop->points[lines[i].first % n], loop->points[lines[i].last % n]);

    if (left > 3 && squared < SHORT * SHORT * tolerance * tolerance)
      left--;
    else
      lines[kept++] = lines[i];
  }
  return kept;
}

static LimnStatus
add_lines (const LimnLoop *loop, Line *lines, size_t count, float tolerance, LimnLoop *straight, LimnError *error)
{
  const size_t n = loop->count;

  for (size_t i = 0; i < count; i++)
    fit_line (loop, &lines[i]);
  for (size_t i = 0; i < count; i++)
    lines[i].bent = is_bent (loop, &lines[(i + count - 1) % count], &lines[i], &lines[(i + 1) % count], tolerance);
  for (size_t i = 0; i < count; i++) {
    const Line *before = &lines[(i + count - 1) % count], *line = &lines[i];
    const LimnPoint old = loop->points[line->first % n];
    const float most = MOST_MOVE * tolerance;
    LimnPoint corner = old;

    if (!before->bent && !line->bent && (!meet (before, line, &corner) || squared_distance (corner, old) > most * most))
      corner = old;
    LIMN_TRY (limn_loop_add (straight, corner.x, corner.y, error));
    for (size_t k = line->first + 1; line->bent && k < line->last; k++)
      LIMN_TRY (limn_loop_add (straight, loop->points[k % n].x, loop->points[k % n].y, error));
  }
  return LIMN_OK;
}

LimnStatus
limn_loop_straighten (const LimnLoop *loop, float tolerance, LimnLoop *straight, LimnError *error)
{
  const size_t n = loop->count;
  bool *corner = calloc (n + 1, sizeof *corner);
  Line *lines = calloc (n + 1, sizeof *lines);
  LimnStatus status = corner && lines ? LIMN_OK : limn_fail_memory (error, n * sizeof *lines);
  size_t count = 0;

  straight->count = 0;
  if (status == LIMN_OK) {
    const size_t a = farthest (loop, 0), b = farthest (loop, a), first = a < b ? a : b, second = a < b ? b : a;

    corner[first] = corner[second] = true;
    mark_corners (loop, first, second, tolerance, corner);
    mark_corners (loop, second, first + n, tolerance, corner);
    for (size_t i = first; i < first + n; i++)
      if (corner[i % n]) {
        if (count > 0)
          lines[count - 1].last = i;
        lines[count++].first = i;
      }
    lines[count - 1].last = first + n;
    count = join_lines (loop, lines, count, tolerance);
    count = drop_short (loop, lines, count, tolerance);
    status = add_lines (loop, lines, count, tolerance, straight, error);
  }
  free (corner);
  free (lines);
  return status;
}
