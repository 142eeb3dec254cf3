/* The canvas: shows a session's document and turns pointer, pen, touch and keys into the present tool's gestures.
 *
 * Pixels belong to the document. The canvas keeps tiles of them as textures, at the mip level that the zoom asks for, uploads only
 * tiles that changed, and draws them transformed; overlays (mask, paint, dots, guides, brush outline, divider, lens, grid) lie above.
 *
 * Properties: "session" (LimnSession or NULL, rw), "zoom" (double, device-independent pixels of the screen for one of the document, 0.05 to 32,
 * rw, notify), "fit" (boolean, read: the whole picture is shown and follows the window's size).
 * Signal "zoom-changed" is notify::zoom. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/limn-session.h"

G_BEGIN_DECLS

#define LIMN_TYPE_CANVAS (limn_canvas_get_type ())
G_DECLARE_FINAL_TYPE (LimnCanvas, limn_canvas, LIMN, CANVAS, GtkWidget)

GtkWidget *limn_canvas_new (void);
void limn_canvas_set_session (LimnCanvas *self, LimnSession *session);

double limn_canvas_get_zoom (LimnCanvas *self);
/* About the point (x, y) of the widget, which keeps showing the same spot; NAN = the middle. */
void limn_canvas_zoom_to (LimnCanvas *self, double zoom, double x, double y);
/* One step of the ladder 5 %, 7 %, 10 %, ... 3200 %: direction > 0 in, < 0 out. */
void limn_canvas_zoom_step (LimnCanvas *self, int direction);
void limn_canvas_zoom_fit (LimnCanvas *self);
/* Room at the widget's edges that floating panels cover, which "fit" leaves free. */
void limn_canvas_set_insets (LimnCanvas *self, int left, int top, int right, int bottom);
/* Height at the lower edge that is covered now, for a while. "Fit" leaves it free, but gives a picture that was drawn on no more room
 * until the task or the size changes: nothing moves away under a pen. */
void limn_canvas_set_bottom_inset (LimnCanvas *self, int height);

void limn_canvas_to_document (LimnCanvas *self, double x, double y, double *document_x, double *document_y);
void limn_canvas_from_document (LimnCanvas *self, double document_x, double document_y, double *x, double *y);

/* Textures made so far (for tests: only what changed is uploaded). */
guint64 limn_canvas_get_uploads (LimnCanvas *self);

G_END_DECLS
