/* Operations on whole planes that may take longer than a frame: selecting similar areas and things, the selection's edge, the sketch's bucket and the
 * material of an area. One captures its planes, runs on another thread on a copy, and is applied as one undo step; what was painted meanwhile is composited over
 * its result, as if it had been painted after.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-mask.h"
#include "limn-content.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_PLANE_SELECT_SIMILAR,
  LIMN_PLANE_SELECT_OBJECT,
  LIMN_PLANE_INVERT,
  LIMN_PLANE_GROW,
  LIMN_PLANE_FEATHER,
  LIMN_PLANE_FLOOD_FILL,
  LIMN_PLANE_SET_MATERIAL,
} LimnPlaneOperationKind;

typedef struct _LimnPlaneOperation LimnPlaneOperation;

/* stack: what is seen; taken. Position in pixels; tolerance: 0 to 255. */
LimnPlaneOperation *
limn_plane_operation_new_select_similar (LimnStack *stack, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode);
/* As limn_select_outline, on base (a reference is taken) instead of the mask. */
LimnPlaneOperation *
limn_plane_operation_new_select_object (LimnStack *stack, LimnRaster *hints, gboolean loop, LimnRaster *base, LimnMaskMode mode);
/* kind: LIMN_PLANE_INVERT, _GROW (pixels negative: shrink) or _FEATHER (pixels: sigma). */
LimnPlaneOperation *limn_plane_operation_new_mask (LimnPlaneOperationKind kind, double pixels);
/* Fills the area of like colours of the paint plane around (x, y), stopping at lines. rgba: 4 bytes, straight alpha; material: its label. */
LimnPlaneOperation *limn_plane_operation_new_flood_fill (int x, int y, int tolerance, const guint8 *rgba, guint8 material);
/* Gives such an area, as far as it is of the same material as (x, y), another one; the paint stays. */
LimnPlaneOperation *limn_plane_operation_new_set_material (int x, int y, int tolerance, guint8 material);
void limn_plane_operation_free (LimnPlaneOperation *self);

LimnPlaneOperationKind limn_plane_operation_get_kind (const LimnPlaneOperation *self);
/* Makes self, which hasn't captured anything yet, do what it does and then kind by pixels; FALSE when that isn't one operation. */
gboolean limn_plane_operation_join (LimnPlaneOperation *self, LimnPlaneOperationKind kind, double pixels);

/* Takes the planes that it needs, once; FALSE when there is now something to run. */
gboolean limn_plane_operation_capture (LimnPlaneOperation *self, LimnContent *content);
/* On any thread; without meaning once cancelled. name: of the undo step, translated. */
void limn_plane_operation_run (LimnPlaneOperation *self, const char *name, GCancellable *cancellable);
/* Changes content. Transfer full: the undo step. */
LimnHistoryStep *limn_plane_operation_apply (LimnPlaneOperation *self, LimnContent *content, const char *name);

G_END_DECLS
