/* Enlarges a sketch step by step. Each step works in strips and passes them on, so that the last and largest picture exists only as the
 * overlay's pixels. Internal to sketch/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ENLARGE_H
#define LIMN_ENLARGE_H

#include "drawing.h"
#include "engine/generate/engine.h"

typedef struct {
  LimnEngine *engine;
  const LimnDrawing *drawing;
  const LimnSampling *sampling;
  LimnStats *stats;
  const LimnControl *control; /* its progress gets this step's part */
  size_t width, height;       /* of the output */
  const LimnImage *view;      /* the drawing at that size, or NULL: its rows are computed as needed */
  LimnImage *image;           /* output, allocated; or NULL: output goes to overlay, scaled to its size */
  LimnOverlay *overlay;
} LimnEnlargement;

/* Enlarges x by interpolation: upsamples x - view and adds the drawing at full size. view: the drawing at x's size. Frees x. */
LimnStatus limn_enlarge_plain (const LimnEnlargement *to, LimnImage *x, const LimnImage *view, LimnError *error) LIMN_MUST_USE;
/* Enlarges x 4x with the detail network and adds the drawing's edges that are finer than x. */
LimnStatus limn_enlarge_detail (const LimnEnlargement *to, const LimnImage *x, LimnError *error) LIMN_MUST_USE;

#endif
