/* The steps of a sketch from coarse to fine. Each makes its picture row by row and hands the rows on, so that the last and largest one
 * is never whole but as the overlay's own pixels. Internal to sketch*.c.
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
  const LimnControl *control; /* its progress gets this step's share */
  size_t width, height;       /* that are made */
  const LimnImage *view;      /* the drawing at that size, or NULL: as many rows of it as are needed are made */
  LimnImage *image;           /* where rows go, allocated; or NULL: into overlay, cut to its size */
  LimnOverlay *overlay;
} LimnEnlargement;

/* x, at most as large as what is made, by a plain filter and with the drawing's finer edges: the difference to the drawing (view: at x's
 * size) is what is enlarged. x is used up. */
LimnStatus limn_enlarge_plain (const LimnEnlargement *to, LimnImage *x, const LimnImage *view, LimnError *error) LIMN_MUST_USE;
/* x four times as large, by detail, and what of the drawing is finer than x. */
LimnStatus limn_enlarge_detail (const LimnEnlargement *to, const LimnImage *x, LimnError *error) LIMN_MUST_USE;

#endif
