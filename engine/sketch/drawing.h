/* What a person drew, paint and lines, as a sketch's steps need it: seen by base, and as a plain program would complete it, in which
 * the edges are as fine as they were drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_DRAWING_H
#define LIMN_DRAWING_H

#include "engine/base/pool.h"
#include "engine/generate/planes.h"
#include "engine/imaging/image.h"

typedef struct {
  LimnPool *pool;
  const LimnPixels *paint; /* or NULL */
  float freedom;
  size_t width, height;         /* of the sketch's result */
  size_t own_width, own_height; /* of the drawing, at most the result's */
  LimnImage ink;                /* [own_height][own_width][1], lines in [0, 1]; no data without lines */
  LimnImage extended;           /* the paint extended over what is not painted, of little size; no data where nothing is known */
  LimnImage completed;          /* at the result's size, from limn_drawing_views on; no data of a large one */
} LimnDrawing;

/* paint, ink: of one size, either may be NULL; paint must outlive the drawing. Cleared by limn_drawing_clear, also after an error. */
LimnStatus limn_drawing_new (LimnDrawing *drawing, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options,
                             LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_drawing_clear (LimnDrawing *drawing);

/* base's planes of it, [height][width][LIMN_BASE_PLANES], allocated. */
LimnStatus limn_drawing_planes (const LimnDrawing *drawing, size_t width, size_t height, LimnImage *planes, LimnError *error) LIMN_MUST_USE;

/* The drawing completed: paint smoothly extended (middle gray where nothing is known), darkened by the lines. It is as large as the
 * result, and never whole: out (allocated) has rows [y, y + rows) of it at width x height, about the result's size. */
LimnStatus limn_drawing_rows (const LimnDrawing *drawing, size_t width, size_t height, size_t y, size_t rows, LimnImage *out,
                              LimnError *error) LIMN_MUST_USE;
/* The same made small, at count sizes in one go. views: width and height of each are given, pixels are allocated ([h][w][3]). */
LimnStatus limn_drawing_views (LimnDrawing *drawing, LimnImage *views, size_t count, LimnError *error) LIMN_MUST_USE;

#endif
