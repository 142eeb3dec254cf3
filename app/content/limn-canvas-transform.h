/* Another canvas for everything that a document holds: cropped, extended, turned or mirrored. Photo, layers with their recipes, and planes
 * are transformed on another thread; dots, and the style of layers, when it is applied. What was painted or changed meanwhile is captured
 * and transformed again before that, so that nothing is lost and nothing waits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-geometry.h"
#include "limn-content.h"

G_BEGIN_DECLS

typedef struct _LimnCanvasTransform LimnCanvasTransform;

/* geometry: its area is used only with LIMN_ORIENT_NONE; else the whole canvas is turned. */
LimnCanvasTransform *limn_canvas_transform_new (const LimnGeometry *geometry);
void limn_canvas_transform_free (LimnCanvasTransform *self);

/* Captures content as it is now; FALSE when that differs from what was transformed, which is to be run (again) then. */
gboolean limn_canvas_transform_capture (LimnCanvasTransform *self, LimnContent *content);
/* On any thread; transforms what wasn't yet. */
gboolean limn_canvas_transform_run (LimnCanvasTransform *self, GCancellable *cancellable, GError **error);
/* Once all that was captured is transformed: changes content. Transfer full: the undo step. */
LimnHistoryStep *limn_canvas_transform_apply (LimnCanvasTransform *self, LimnContent *content, const char *name);
/* rect on another canvas of *canvas's size, which becomes the new one's. */
LimnRect limn_canvas_transform_map_rect (const LimnCanvasTransform *self, const LimnRect *rect, LimnRect *canvas);

G_END_DECLS
