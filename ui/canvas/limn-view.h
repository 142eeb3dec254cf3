/* Where the document is on the screen: one transform, shared by every pane of the canvas. Plain arithmetic, no widgets.
 *
 * Coordinates: "document" pixels; "view": the pane's own, device-independent, origin at its upper left corner; "device": pixels of the
 * screen, scale of them a view unit. The document's origin always lies on a whole device pixel, so that moving the picture never
 * resamples it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LIMN_VIEW_MIN_ZOOM 0.05
#define LIMN_VIEW_MAX_ZOOM 32.0

typedef struct {
  double width, height;            /* of the pane */
  double left, top, right, bottom; /* covered by panels */
  double bottom_inset;             /* covered for a while: a picture that fits stays above it, moved rather than made smaller */
  int document_width, document_height;
  int scale;
  double zoom;      /* view units a document pixel */
  double x, y;      /* of the document's origin in the pane */
  gboolean fit;     /* follow the pane's size */
  gboolean enlarge; /* fit may enlarge by any factor (a sketch); else only by whole ones */
} LimnView;

void limn_view_init (LimnView *self);
/* Each keeps the middle of what is seen, or fits again where fit is set. */
void limn_view_set_size (LimnView *self, double width, double height);
void limn_view_set_document (LimnView *self, int width, int height);

double limn_view_get_fit_zoom (const LimnView *self);
void limn_view_fit (LimnView *self);
/* The point (x, y) of the pane keeps showing the same spot of the document. */
void limn_view_zoom_to (LimnView *self, double zoom, double x, double y);
/* The next zoom of the ladder 5 %, 7 %, 10 %, 15 %, 20 %, 30 %, 50 %, 70 %, 100 %, 150 %, 200 %, 300 % ... 3200 %. */
double limn_view_next_zoom (const LimnView *self, int direction);
void limn_view_pan (LimnView *self, double dx, double dy);
/* The middle of what panels leave free. */
void limn_view_get_middle (const LimnView *self, double *x, double *y);

void limn_view_to_document (const LimnView *self, double x, double y, double *document_x, double *document_y);
void limn_view_from_document (const LimnView *self, double document_x, double document_y, double *x, double *y);

G_END_DECLS
