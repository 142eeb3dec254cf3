/* The document's insides, for limn-document*.c. Every change takes the same way: remember what is there (a copy of a plane, or a
 * LimnDocumentState), change it, limn_document_touch what is to be drawn again, limn_document_push the step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-document.h"

#include "app/compose/limn-stack.h"

#include <glib/gi18n.h>

/* One that runs or waits to: limn-document-operation.c. */
typedef struct _LimnOperation LimnOperation;
/* What an operation on the canvas as a whole knows: limn-document-geometry.c. */
typedef struct _LimnReshape LimnReshape;

struct _LimnDocument {
  GObject parent_instance;
  LimnPicture *photo;
  gboolean sketch;
  char *path, *name;
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES];
  GArray *dots; /* of LimnDot */
  GListStore *layers;

  LimnHistory *history;
  guint64 change;
  gboolean never_saved;   /* no step of the history is the saved state */
  LimnHistoryStep *saved; /* the last step done when it was saved, NULL = before the first */
  gboolean modified, has_mask;

  guint group; /* of the last step, 0 = none can be joined */
  gpointer group_target;
  LimnHistoryStep *group_step;

  LimnStroke *strokes[LIMN_DOCUMENT_N_PLANES]; /* in progress, on these planes */
  LimnRaster *stroke_before[LIMN_DOCUMENT_N_PLANES];
  char *stroke_name;
  GQueue operations; /* of LimnOperation, the one that runs first */
  guint withdrawn;   /* how often any were taken back */
  gboolean working;  /* as last notified */

  LimnStackLayer preview; /* picture NULL = none */
  LimnLayer *preview_for; /* in whose place it is shown, or NULL: over everything */

  LimnSnapshot *snapshot; /* until anything changes */
  LimnSource *flat;       /* photo and layers in one, until they change; NULL before it is asked for */
  LimnSource *discs;      /* the dots, until they change; the same */
  LimnRect touched[6];    /* by the number of the LimnChange's bit, until it is told */
  gboolean resized;
};

/* Parts of the document that a step swaps as a whole. */
typedef enum {
  LIMN_DOCUMENT_HAS_CANVAS = 1 << 0, /* photo, sketch, all planes */
  LIMN_DOCUMENT_HAS_DOTS = 1 << 1,
  LIMN_DOCUMENT_HAS_LAYERS = 1 << 2,
} LimnDocumentParts;

/* Adds the present state of parts to step: what an undo brings back. */
void limn_document_remember (LimnDocument *self, LimnHistoryStep *step, LimnDocumentParts parts);
/* Another photo, with empty planes of its size; layers and dots are the caller's. */
void limn_document_set_canvas (LimnDocument *self, LimnPicture *photo);
/* The same with planes (references are taken), and with what is under way. */
void limn_document_swap_canvas (LimnDocument *self, LimnPicture *photo, LimnRaster *const planes[LIMN_DOCUMENT_N_PLANES]);

LimnRect limn_document_get_extents (LimnDocument *self);
LimnRect limn_document_layer_rect (LimnLayer *layer);
void limn_document_touch_layer (LimnDocument *self, LimnLayer *layer); /* where it lies now */
/* name, or where a layer is called so already, the same with the next free number: "Fill 2". Free with g_free. */
char *limn_document_make_layer_name (LimnDocument *self, const char *name);
LimnChange limn_document_plane_change (LimnDocumentPlane plane);

/* Notes that pixels changed; told by limn_document_tell, after the document is whole again. */
void limn_document_touch (LimnDocument *self, const LimnRect *rect, LimnChange what);
/* Drops what is cached, counts the change and tells what was touched. */
void limn_document_tell (LimnDocument *self);
/* Only "changed" for what was touched: the live preview, which is no change of the document. */
void limn_document_emit (LimnDocument *self);
/* "failed". */
void limn_document_tell_failure (LimnDocument *self, const GError *error);
/* Takes step; when it is empty nothing happened. Then limn_document_tell. */
void limn_document_push (LimnDocument *self, LimnHistoryStep *step);
/* TRUE when the last step was made with the same group and target and can take this change as well; then only tell. Else the next
 * push is remembered for group. group 0: never. */
gboolean limn_document_joins (LimnDocument *self, guint group, gpointer target);
void limn_document_push_group (LimnDocument *self, LimnHistoryStep *step, guint group, gpointer target);

/* The visible ones of the lowest n layers, and the preview where with_preview. Free layers with g_free. */
LimnStack limn_document_make_stack (LimnDocument *self, guint n, gboolean with_preview);

const char *limn_document_select_name (LimnMaskMode mode);

/* Lays down what is ready and starts what waits, unless a stroke is in progress. */
void limn_document_operations_go_on (LimnDocument *self);
/* The name of the one asked for last, or NULL. */
const char *limn_document_peek_operation_name (LimnDocument *self);
gboolean limn_document_cancel_last_operation (LimnDocument *self); /* FALSE: there is none */
void limn_document_cancel_operations_on (LimnDocument *self, LimnDocumentPlane plane);
/* Without telling; the caller changes the document and tells then. */
void limn_document_clear_operations (LimnDocument *self);
/* Notifies what depends on them: "working", and what an undo would do. */
void limn_document_tell_operations (LimnDocument *self);
/* Takes reshape. */
void limn_document_ask_reshape (LimnDocument *self, LimnReshape *reshape, const char *name);
/* area, of the present canvas, becomes what it is when everything that was asked for is there. Returns the canvas of then. */
LimnRect limn_document_map_pending (LimnDocument *self, LimnRect *area);

/* geometry: with the area only for LIMN_ORIENT_NONE; else it is of the whole canvas. */
LimnReshape *limn_reshape_new (const LimnGeometry *geometry);
void limn_reshape_free (LimnReshape *self); /* NULL allowed */
/* Takes what the document is now; FALSE when that is more than what was run, which is to be done (again) then. */
gboolean limn_reshape_take (LimnReshape *self, LimnDocument *document);
/* On any thread; does what wasn't done yet. */
gboolean limn_reshape_run (LimnReshape *self, GCancellable *cancellable, GError **error);
/* When all that was taken is done: one undo step. */
void limn_reshape_lay_down (LimnReshape *self, LimnDocument *document, const char *name);
/* rect on another canvas of *canvas's size, which becomes the new one's. */
LimnRect limn_reshape_map_rect (LimnReshape *self, const LimnRect *rect, LimnRect *canvas);
