/* What a piece of the screen looks like: the picture, resampled to the screen's own pixels, with checkerboard, paint, ink, mask and pixel
 * grid laid over. Only arithmetic on words of ARGB (premultiplied); no GTK.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-mips.h"
#include "limn-plane-mips.h"

G_BEGIN_DECLS

/* What is drawn, from below; borrowed; NULL planes are left out. */
typedef struct {
  LimnMips *image;
  LimnPlaneMips *paint[2];   /* words: the sketch's and the guides' colours */
  gboolean guide;            /* the first of them is a guide: striped, as it says what should come and is not it */
  LimnPlaneMips *ink[2];     /* bytes, drawn black */
  LimnPlaneMips *sources[2]; /* bytes: where a fill is to copy from, and where not; hatched */
  LimnPlaneMips *tint;       /* bytes: where the mask is tinted */
  LimnPlaneMips *outline;    /* bytes: whose edge is outlined */
  guint32 tint_color;        /* opaque ARGB */
  guint32 checks[2];         /* opaque ARGB: what shows through what is transparent */
  gboolean grid;             /* lines between pixels where they are large */
} LimnCanvasScene;

/* Pixels of the document that rect needs, in pixels of level. zoom: device pixels a document pixel; rect: in device pixels from the
 * document's origin. */
LimnRect limn_compose_source (double zoom, int level, const LimnRect *rect);

/* Draws rect into out (rows of stride words). edges: NULL, or one byte a pixel of rect (rows of stride): 1 on the mask's outline, else
 * 0; *has_edges says if any is. scale: device pixels a view unit (sizes of checks and lines). FALSE: parts of the picture aren't there
 * yet. */
gboolean limn_compose (const LimnCanvasScene *scene, double zoom, int scale, const LimnRect *rect, guint32 *out, guint8 *edges,
                       gsize stride, gboolean *has_edges);

G_END_DECLS
