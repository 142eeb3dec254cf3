/* The user's drawing: its planes for base at network size, and a classical completion that keeps stroke edges sharp.
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
  size_t width, height;         /* of the result */
  size_t own_width, own_height; /* of the drawing, at most the result's size */
  LimnImage ink;                /* [own_height][own_width][1], in [0, 1]; no data without lines */
  LimnImage extended;           /* paint extended over unpainted areas, at low resolution; no data if nothing is known */
  LimnImage completed;          /* at the result's size, set by limn_drawing_views; no data if it is large */
} LimnDrawing;

/* paint, ink: of one size, either may be NULL; paint must outlive the drawing. Clear with limn_drawing_clear, also after an error. */
LimnStatus limn_drawing_new (LimnDrawing *drawing, const LimnPixels *paint, const LimnMask *ink, const LimnSketchOptions *options,
                             LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_drawing_clear (LimnDrawing *drawing);

/* How far paint is extended into unpainted areas, as a share of the longer side; infinite where they are left to the network. */
float limn_paint_reach (float freedom);

/* base's planes for the drawing, [height][width][LIMN_BASE_PLANES], allocated. */
LimnStatus limn_drawing_planes (const LimnDrawing *drawing, size_t width, size_t height, LimnImage *planes, LimnError *error) LIMN_MUST_USE;

/* Rows [y, y + rows) of the completed drawing at width x height, about the result's size: paint smoothly extended (middle gray where
 * nothing is known), darkened by the lines. out: allocated. The whole is never in memory. */
LimnStatus limn_drawing_rows (const LimnDrawing *drawing, size_t width, size_t height, size_t y, size_t rows, LimnImage *out,
                              LimnError *error) LIMN_MUST_USE;
/* Downscaled copies of the completed drawing, count of them in one pass. views: width and height of each are given; pixels are
 * allocated, [h][w][3]. */
LimnStatus limn_drawing_views (LimnDrawing *drawing, LimnImage *views, size_t count, LimnError *error) LIMN_MUST_USE;

#endif
