/* For tests of the canvas: a window with nothing but a canvas, on a session without live previews.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui-test.h"

G_BEGIN_DECLS

typedef struct {
  GtkWidget *window;
  LimnCanvas *canvas;
  LimnSession *session;
  LimnDocument *document;
  LimnWorker *worker;
} CanvasTest;

/* A canvas in a window of the application, which isn't shown yet. */
LimnCanvas *canvas_test_new_window (LimnSession *session);
/* document: taken over. The canvas is width x height large. */
CanvasTest *canvas_test_open (LimnDocument *document, int width, int height);
void canvas_test_close (CanvasTest *self);

/* A document of ui_test_picture. */
LimnDocument *canvas_test_document (gsize width, gsize height);
/* A point of the document in the canvas. */
void canvas_test_at (CanvasTest *self, double document_x, double document_y, double *x, double *y);
void canvas_test_drag (CanvasTest *self, double x0, double y0, double x1, double y1); /* document pixels, in 8 steps */
void canvas_test_click (CanvasTest *self, double x, double y);                        /* document pixels */
/* Until everything that was asked of the document is there. */
void canvas_test_finish (CanvasTest *self);
guint canvas_test_steps (CanvasTest *self); /* of the history that are done */
/* The last byte (a mask's value, paint's alpha) at a pixel of a plane. */
guint8 canvas_test_plane (CanvasTest *self, LimnDocumentPlane plane, int x, int y);
/* What the canvas shows at a point of its own, drawn by GTK: red, green, blue. */
void canvas_test_pixel (CanvasTest *self, double x, double y, guint8 rgb[3]);

G_END_DECLS
